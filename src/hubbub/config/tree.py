"""The tree of settings: every key, its default, and why that is the default.

Units stand in the names. `hubbub.example.toml` is this tree for readers; a test holds the two together.
"""

from typing import Annotated, Literal

from msgspec import Meta, Struct
from msgspec.structs import force_setattr

from hubbub.config import checks, places
from hubbub.config.endpoint import Endpoint, parse
from hubbub.config.problems import Wrong
from hubbub.config.values import File, Secret

Count = Annotated[int, Meta(ge=1)]
CountOrNone = Annotated[int, Meta(ge=0)]  # 0: no limit


class Section(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A table whose keys are all known."""


class Listen(Section, frozen=True, kw_only=True):
    """One door. Certificate and key of its own, or those of `[tls]`."""

    url: str
    tls_cert: File = File("")
    tls_key: File = File("")
    proxy: bool = False

    def __post_init__(self) -> None:
        secure = self.endpoint.secure
        if (self.tls_cert or self.tls_key) and not secure:
            raise Wrong(
                "tls_cert", f"only ircs://, wss:// and https:// listeners have a certificate, and url is '{self.url}'"
            )
        checks.both_or_none("tls_cert", self.tls_cert, "tls_key", self.tls_key)
        if self.proxy and self.endpoint.scheme in {"ssh", "classic"}:
            raise Wrong("proxy", f"no {self.endpoint.scheme}:// listener takes a PROXY header, and url is '{self.url}'")

    @property
    def endpoint(self) -> Endpoint:
        try:
            return parse(self.url)
        except ValueError as problem:
            raise Wrong("url", str(problem)) from None


class Tls(Section, frozen=True, kw_only=True):
    """Certificate and key for every listener with TLS; empty: a self-signed pair in the data directory.

    With `domain` an authority vouches for one, by ACME: it asks at port 80, where an http:// listener has to answer.
    """

    cert: File = File("")
    key: File = File("")
    domain: str = ""
    email: str = ""  # where an authority may write to; most write no more
    # It costs nothing and is trusted everywhere; who runs an authority of their own names it.
    authority: str = "https://acme-v02.api.letsencrypt.org/directory"
    client_ca: File = File("")  # a client's certificate is asked for, and counts, only if this file vouches for it

    def __post_init__(self) -> None:
        checks.both_or_none("cert", self.cert, "key", self.key)
        checks.web_url("authority", self.authority)
        if self.domain and self.cert:
            raise Wrong("domain", "expected cert and key, or a domain to have them issued for, got both")
        if self.domain and not places.is_host_name(self.domain):
            raise Wrong("domain", f"expected a host name as chat.example.org, got '{self.domain}'")
        if self.email and "@" not in self.email:
            raise Wrong("email", f"expected an address as maya@example.org, got '{self.email}'")


class Proxy(Section, frozen=True, kw_only=True):
    """Who may say for whom it speaks: on listeners with `proxy = true`, and on those for files by X-Forwarded-For."""

    trusted: tuple[str, ...] = ("127.0.0.1/32", "::1/128")

    def __post_init__(self) -> None:
        for number, network in enumerate(self.trusted):
            checks.network(f"trusted[{number}]", network)


class Limits(Section, frozen=True, kw_only=True):
    """What one client may do or take up."""

    # A message and its reader's `:nick!user@host` share 512 bytes: longer names leave less room to speak.
    nick_length: Annotated[int, Meta(ge=1, le=64)] = 32
    channel_length: Annotated[int, Meta(ge=2, le=200)] = 64
    # A topic is told in one line (332) with server, nick and channel before it: 390 always fits, whatever they are.
    topic_length: Annotated[int, Meta(ge=1, le=390)] = 390
    away_length: Annotated[int, Meta(ge=1, le=390)] = 200
    kick_length: Annotated[int, Meta(ge=1, le=390)] = 390
    # More than people join by hand, little enough that one client cannot make channels without end.
    channels_per_user: Count = 100
    list_entries: Count = 100  # every join is matched against all of a channel's masks
    targets: Count = 4  # one line makes at most so many deliveries of its own
    whowas: Count = 100
    rooms_per_account: Count = 20  # what is kept of owned channels is read at each start
    watched: Count = 100  # nicks that one client may MONITOR
    # What a stalled reader may hold in memory; a busy channel's minute fits.
    sendq_bytes: Annotated[int, Meta(ge=4096)] = 1_048_576
    # Clients that join many channels, or paste, send so much at once; nobody types more than 10 lines a second.
    line_burst: Count = 30
    line_rate: Count = 10
    # Slow clients on bad networks register within it; one that says nothing holds a place no longer.
    registration_seconds: Count = 30
    # Home routers forget a silent connection after 2 to 5 minutes: ping before that, and notice a dead one after it.
    ping_seconds: Count = 90
    timeout_seconds: Count = 60
    # A school or an office behind one address fits; a single machine cannot fill the server.
    connections_per_address: CountOrNone = 64
    # A whole office that reconnects at once takes two tries; who hammers is held to about three a second.
    connects_per_10s: CountOrNone = 32
    # About 2 KiB each (35 KiB with TLS). The system's limit of open files may end it sooner.
    connections: CountOrNone = 100_000
    # Each that ssh:// shows is a process of about 30 MB; who comes when all are taken has lines.
    screens: Annotated[int, Meta(ge=0)] = 16
    # A page of prose or a function of code in one message; old clients get it line by line.
    multiline_bytes: Annotated[int, Meta(ge=512, le=65_536)] = 16_384
    multiline_lines: Annotated[int, Meta(ge=2, le=512)] = 64
    # False switches the line budget and the limits per address off: for tests and measurements.
    flood: bool = True


class Store(Section, frozen=True, kw_only=True):
    """How surely the logs are kept, and how much of them in memory as well."""

    # An echo is a promise. "normal" may break it when the power fails, "memory" whenever the server ends: for trials,
    # and to measure what the promise costs.
    durability: Literal["full", "normal", "memory"] = "full"
    # Ten million messages are written as fast as the first; a small machine does with less.
    cache_mib: Annotated[int, Meta(ge=1, le=65_536)] = 64


class History(Section, frozen=True, kw_only=True):
    """What may be asked of the logs."""

    page: Annotated[int, Meta(ge=1, le=10_000)] = 1000  # a reply waits in the send queue: 1,000 lines fill half of it
    # About a screen for clients that cannot ask for more; nobody reads further back before saying hello.
    backlog: Annotated[int, Meta(ge=0, le=200)] = 20
    retention_days: Annotated[int, Meta(ge=0, le=36_500)] = 0  # who says nothing about it loses nothing


class Operator(Section, frozen=True, kw_only=True):
    """Who may become an operator by OPER; the password as an argon2 hash, or plain.

    Moderators disconnect and ban; admins rule rooms and the server, too; nobody of lower role can put an owner out.
    """

    name: Annotated[str, Meta(min_length=1)]
    password: Secret
    role: Literal["moderator", "admin", "owner"] = "admin"
    # What is said in a room is its members' own. Who has to look into all says so here, where others can see it.
    reads_rooms: bool = False

    def __post_init__(self) -> None:
        checks.one_word("name", self.name)
        if not self.password:
            raise Wrong("password", "expected a password or its argon2 hash, got an empty one")
        if self.reads_rooms and self.role != "owner":
            raise Wrong("reads_rooms", f'expected role = "owner" beside it, got "{self.role}"')


class Cloak(Section, frozen=True, kw_only=True):
    """What others see as somebody's host: a name made of the address, which nobody can turn back into it."""

    enabled: bool = True  # where people live and who else is behind their router is nobody's business


class Webirc(Section, frozen=True, kw_only=True):
    """A gateway that says by WEBIRC for whom it speaks; from there, whoever knows the password can be anybody."""

    password: Secret
    addresses: tuple[str, ...] = ("127.0.0.1/32", "::1/128")

    def __post_init__(self) -> None:
        if not self.password:
            raise Wrong("password", "expected a password or its argon2 hash, got an empty one")
        for number, network in enumerate(self.addresses):
            if network != "unix":
                checks.network(f"addresses[{number}]", network)


class Sts(Section, frozen=True, kw_only=True):
    """Strict transport security: clients are sent to `port`, and insist on TLS for `duration` seconds from then on."""

    port: Annotated[int, Meta(ge=0, le=65535)] = 0  # nobody is told of it
    # Until it has passed, clients that know it cannot be brought back to a server without TLS: it starts at nothing.
    duration: CountOrNone = 0
    preload: bool = False

    def __post_init__(self) -> None:
        if self.preload and not self.duration:
            raise Wrong("preload", "expected a duration beside it, got 0: a list of hosts is for those that stay")


class Accounts(Section, frozen=True, kw_only=True):
    """Who may have an account, and what it is good for."""

    # Whoever comes may stay under their name; "invite" asks for a code from an operator, who alone makes accounts
    # where it is "closed".
    registration: Literal["open", "invite", "closed"] = "open"
    before_connect: bool = True  # so that clients can offer it where an account is needed to come in
    email_required: bool = False  # most houses have no need to know, and no way to send mail
    guests: bool = True  # a house is entered in a moment, an account is made when one wants to stay
    # The name of an account is its owner's nick; "off" lets whoever comes first wear it.
    nick_reservation: Literal["strict", "off"] = "strict"
    # Whoever asks for it stays present while none of their devices is connected; "opt-out": whoever does not refuse.
    always_on: Literal["opt-in", "opt-out", "off"] = "opt-in"
    # People mistype and devices keep old passwords; a guesser has 1,440 tries a day.
    login_attempts: CountOrNone = 10
    login_window_seconds: Count = 600

    def __post_init__(self) -> None:
        if self.email_required and self.registration == "invite":
            raise Wrong("email_required", 'expected a code by mail or by registration = "invite", got both')


class Invites(Section, frozen=True, kw_only=True):
    """Codes that bring guests in."""

    # Whoever runs a room invites into it, whoever runs the server anywhere; a house of friends may let all its members.
    members: bool = False
    url: str = ""  # behind a proxy only its operator knows it; empty: that of the first http:// or https:// listener

    def __post_init__(self) -> None:
        checks.web_url("url", self.url)


class Channels(Section, frozen=True, kw_only=True):
    """What holds for rooms."""

    # On IRC a channel is nobody's until somebody asks for it (CS REGISTER); "made": it is its maker's from the start.
    claim: Literal["asked", "made"] = "asked"


class Lan(Section, frozen=True, kw_only=True):
    """Being found by who is near."""

    announce: bool = False  # who runs a server on the internet has no need to tell the office; `hubbub` alone does it
    interface: str = ""  # one of this machine's addresses; empty: on every network it is on

    def __post_init__(self) -> None:
        if self.interface:
            checks.address("interface", self.interface)


class Mail(Section, frozen=True, kw_only=True):
    """Where mail is handed in; without a server none is sent."""

    server: str = ""
    port: Annotated[int, Meta(ge=1, le=65535)] = 587
    security: Literal["starttls", "tls", "none"] = "starttls"  # "none" is for a mail server on this machine
    user: str = ""
    password: Secret = Secret()
    sender: str = ""

    def __post_init__(self) -> None:
        checks.one_line("sender", self.sender)
        if self.server and "@" not in self.sender:
            raise Wrong("sender", f"expected an address as chat@example.org, since server is set, got '{self.sender}'")


class Web(Section, frozen=True, kw_only=True):
    """What holds on ws:// and wss:// listeners; whose pages may call http:// and https:// ones, too."""

    # Any site can make its visitors' browsers connect, to a server in their home, too. Empty: none but our own host's.
    origins: tuple[str, ...] = ()
    # Who owns a name can have it lead to us, and have their pages taken for ours: without TLS, a name has to be known.
    hosts: tuple[str, ...] = ()
    # The longest line with tags is half of that; what is longer than a line, and not than this, is answered with 417.
    max_message_bytes: Annotated[int, Meta(ge=8703, le=1_048_576)] = 16_384

    def __post_init__(self) -> None:
        for number, text in enumerate(self.origins):
            checks.origin(f"origins[{number}]", text)
        for number, text in enumerate(self.hosts):
            if not places.is_host_name(text):
                raise Wrong(f"hosts[{number}]", f"expected a host name as chat.example.org, got '{text}'")


class Push(Section, frozen=True, kw_only=True):
    """Telling devices that are not connected, by way of push services; without a subject nobody is told."""

    # Push services are other people's machines, who learn when somebody here is written to: an operator decides that.
    subject: str = ""

    def __post_init__(self) -> None:
        checks.contact("subject", self.subject)


class Files(Section, frozen=True, kw_only=True):
    """Sharing files by HTTP; without a URL and an http:// or https:// listener nobody is told of it."""

    url: str = ""  # behind a proxy only its operator knows the URL; empty: that of the listener
    # A photograph of a phone fits twice; films are for places made for them.
    max_bytes: Annotated[int, Meta(ge=1, le=1_099_511_627_776)] = 10_485_760
    # Anybody may have an account: what one can fill is a small part of a small disk.
    quota_bytes: CountOrNone = 104_857_600
    # A room is many people, the server many rooms; together they leave a disk of 20 GB its half for what is said.
    room_bytes: CountOrNone = 1_073_741_824
    total_bytes: CountOrNone = 10_737_418_240
    # Whoever has an account may share; else only operators: a house may not want to keep what it has not seen.
    members: bool = True
    # IRC clients give links to browsers, which have no password to show: who was told a link may read it. "members"
    # asks each reader for their account, and whether they may read the room.
    readers: Literal["link", "members"] = "link"
    # A full quota empties itself; whoever wants a file for longer keeps it elsewhere.
    days: Annotated[int, Meta(ge=0, le=36_500)] = 90

    def __post_init__(self) -> None:
        checks.web_url("url", self.url)
        if "?" in self.url or "#" in self.url:
            raise Wrong("url", f"expected a URL without a query or a fragment, got '{self.url}'")


class Metrics(Section, frozen=True, kw_only=True):
    """Who may read numbers about the server, at `/metrics` of http:// and https:// listeners."""

    # How many are here, and when, is nobody else's business; whoever watches over the machine is on it.
    allow: tuple[str, ...] = ("127.0.0.1/32", "::1/128")

    def __post_init__(self) -> None:
        for number, network in enumerate(self.allow):
            checks.network(f"allow[{number}]", network)


class Log(Section, frozen=True, kw_only=True):
    """What is logged, how it looks, and where it goes; an empty file name means standard error."""

    level: Literal["debug", "info", "warning", "error"] = "info"
    format: Literal["auto", "human", "json"] = "auto"
    file: File = File("")


class Config(Section, frozen=True, kw_only=True):
    """The whole tree. Empty `server_name` and `data` become this machine's own; `motd` becomes lines."""

    name: Annotated[str, Meta(min_length=1)] = "hubbub"
    server_name: str = ""
    description: str = "One room, every door"
    icon_url: str = ""
    admin: tuple[str, ...] = ()
    motd: str | tuple[str, ...] = ""
    motd_file: File = File("")
    password: Secret = Secret()
    data: File = File("")
    listen: tuple[Listen, ...] = (Listen(url="irc://127.0.0.1:6667"),)
    tls: Tls = Tls()
    proxy: Proxy = Proxy()
    limits: Limits = Limits()
    store: Store = Store()
    history: History = History()
    accounts: Accounts = Accounts()
    invites: Invites = Invites()
    channels: Channels = Channels()
    lan: Lan = Lan()
    mail: Mail = Mail()
    operator: tuple[Operator, ...] = ()
    cloak: Cloak = Cloak()
    webirc: tuple[Webirc, ...] = ()
    sts: Sts = Sts()
    web: Web = Web()
    push: Push = Push()
    files: Files = Files()
    metrics: Metrics = Metrics()
    log: Log = Log()

    def __post_init__(self) -> None:
        force_setattr(self, "server_name", self.server_name or places.server_name())
        force_setattr(self, "data", self.data or File(places.data_directory()))
        checks.one_line("name", self.name)
        checks.one_line("description", self.description)
        checks.web_url("icon_url", self.icon_url)
        if len(self.admin) > 3:
            raise Wrong("admin", f"expected up to 3 lines, got {len(self.admin)}")
        for number, text in enumerate(self.admin):
            checks.one_line(f"admin[{number}]", text)
        if len({operator.name for operator in self.operator}) < len(self.operator):
            raise Wrong("operator", "expected a name of its own for each [[operator]], got one twice")
        if not places.is_host_name(self.server_name):
            raise Wrong("server_name", f"expected a host name with a dot as chat.example.org, got '{self.server_name}'")
        if not self.listen:
            raise Wrong("listen", "expected at least one listener; leave the key out for irc://127.0.0.1:6667")
        if self.motd and self.motd_file:
            raise Wrong("motd_file", "expected motd or motd_file, got both")

    @property
    def motd_lines(self) -> tuple[str, ...]:
        return checks.lines(self.motd)
