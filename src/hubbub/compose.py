"""Composition: the only place that names concrete adapters, and puts a house together from them."""

from __future__ import annotations

import asyncio
import socket
import sys
import time
from collections.abc import Callable, Coroutine
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeAlias, TypeVar, cast

from msgspec.structs import replace

from hubbub import __version__, logs
from hubbub.config import Config, ConfigError, Endpoint, Listen, doorplate, reload
from hubbub.config.names import names_of
from hubbub.dialects.irc.dialect import Gateway, Irc, OperatorLogin, Settings, Sts
from hubbub.dialects.irc.replies import words
from hubbub.dialects.irc.session import IrcSession
from hubbub.dialects.seats.doorkeeper import Doorkeeper
from hubbub.dialects.seats.doorkeeper import Terms as SeatTerms
from hubbub.hub import invites
from hubbub.hub.account import AppPassword, app_secret, check_label
from hubbub.hub.cloak import Cloak, plain_host
from hubbub.hub.hub import Hub
from hubbub.hub.ports import Account, Link, StoreFailed, Switchboard
from hubbub.hub.promise import Promise, drive
from hubbub.hub.refusals import Refused, Why
from hubbub.hub.rights import ROLES
from hubbub.hub.rules import Rules
from hubbub.hub.user import User
from hubbub.mail import Mailer, MailServer
from hubbub.net.fanout import Way
from hubbub.net.inheritance import Inheritance
from hubbub.net.limits import Gate, Trusted
from hubbub.net.listeners import Door, Listeners, Terms
from hubbub.net.ports import Accept, Refuse
from hubbub.net.sockets import CannotListen, try_out
from hubbub.net.tls import BadCertificate, Certificates
from hubbub.passwords import Checker, encode, invent
from hubbub.pulse import Pulse
from hubbub.server import Server, Session
from hubbub.server.errands import Errands
from hubbub.server.logins import ROLE, AccountRules, Logins
from hubbub.server.reception import new_code
from hubbub.server.registrar import Registrar
from hubbub.server.retention import Retention
from hubbub.server.revocation import Revocation
from hubbub.server.sharing import Sharers
from hubbub.stores.crew import Soon
from hubbub.stores.memory import MemoryStore
from hubbub.stores.memory_accounts import MemoryAccounts
from hubbub.stores.sqlite import CannotOpen, SqliteAccounts, SqliteStore, Visit, open_reader
from hubbub.stores.sqlite_errands import SqliteErrands
from hubbub.stores.sqlite_file import schema
from hubbub.stores.sqlite_reader import Reader
from hubbub.vitals import Vitals
from hubbub.wire.casemap import fold
from hubbub.wire.masks import matches, normalise

if TYPE_CHECKING:
    from hubbub.net.classic import Classics
    from hubbub.net.files import Allowance, Files, Stored
    from hubbub.net.issuer import Issuer
    from hubbub.net.lan import Announcement
    from hubbub.net.push import Pusher
    from hubbub.net.renewal import Renewal
    from hubbub.net.screens import Order, Screens
    from hubbub.net.site import Asker, Site
    from hubbub.net.ssh import Process, Show, Ssh, Visitor

__all__ = [
    "ROLE",
    "ROLES",
    "Archive",
    "Board",
    "CannotStart",
    "House",
    "StoreFailed",
    "check",
    "encode",
    "fold",
    "invent",
    "new_code",
    "pair_of",
]


AccountBook: TypeAlias = SqliteAccounts
"""The accounts of a data directory, and its invitations."""

Board: TypeAlias = SqliteErrands
"""What a server is asked to do from beside it, and the invites that there are."""

Archive: TypeAlias = Reader
"""The logs of a data directory, for reading."""

AnyStore: TypeAlias = SqliteStore | MemoryStore

T = TypeVar("T")

_LOG: Final = logs.logger("server")
_DOORS: Final = logs.logger("doors")

_GIVEN_UP: Final = {
    "normal": "a power failure may take back the latest messages, which people have seen",
    "memory": "nothing is kept: what is said, and accounts, are gone when the server ends",
}
"""What a durability less than full gives up, said at each start."""

_GONE: Final = {Why.INVITE_OVER: 410, Why.LOGIN_LATER: 429}
"""The HTTP status of an invite that does not hold; others are 404."""

_NO_HTTP: Final = "{}: an http:// listener has to answer for it, at port 80 as the authority sees it; add one"
_NO_ACME: Final = "{}: to have a certificate issued needs acme; pip install 'hubbub[acme]' brings it"

_FORBIDDEN: Final = {Why.LOGIN_FAILED: 401, Why.LOGIN_LATER: 429, Why.NOT_STORED: 503}
"""The HTTP status of what is refused to who asks for files; all else is 403."""

_DRAIN_SECONDS: Final = 2.0
"""How long a stop waits for what was decided to be stored and told, and then for readers to take it in: SIGTERM
promises an end within five seconds."""


class CannotStart(Exception):
    """Why there can be no server; one sentence with what to do."""


class SystemClock:
    """The machine's clocks."""

    def now(self) -> int:
        return time.time_ns() // 1_000_000

    def monotonic(self) -> float:
        return time.monotonic()


def rules(config: Config, cloak: bytes = b"") -> Rules:
    """`cloak` is the secret that hosts are made with, where addresses are not shown."""
    limits = config.limits
    return Rules(
        fold=fold,
        matches=matches,
        normalise=normalise,
        host_of=Cloak(cloak) if config.cloak.enabled else plain_host,
        server_name=config.server_name,
        network=config.name,
        nick_length=limits.nick_length,
        channel_length=limits.channel_length,
        topic_length=limits.topic_length,
        away_length=limits.away_length,
        kick_length=limits.kick_length,
        channels_per_user=limits.channels_per_user,
        list_entries=limits.list_entries,
        targets=limits.targets,
        whowas=limits.whowas,
        rooms_per_account=limits.rooms_per_account,
        watched=limits.watched,
        members_invite=config.invites.members,
        members_share=config.files.members,
        makers_own=config.channels.claim == "made",
    )


def settings(config: Config) -> Settings:
    return Settings(
        description=config.description,
        motd=config.motd_lines,
        password=config.password.reveal(),
        page=config.history.page,
        page_bytes=config.limits.sendq_bytes // 2,
        backlog=config.history.backlog,
        multiline_bytes=config.limits.multiline_bytes,
        multiline_lines=config.limits.multiline_lines,
        ping_seconds=config.limits.ping_seconds,
        timeout_seconds=config.limits.timeout_seconds,
        admin=config.admin,
        icon_url=config.icon_url,
        operators={o.name: OperatorLogin(o.password.reveal(), o.role, o.reads_rooms) for o in config.operator},
        gateways=tuple(Gateway(gate.password.reveal(), gate.addresses) for gate in config.webirc),
        sts=Sts(config.sts.port, config.sts.duration, config.sts.preload) if config.sts.port else None,
    )


def _seat_terms(config: Config) -> SeatTerms:
    return SeatTerms(config.password.reveal(), config.history.backlog)


def account_rules(config: Config) -> AccountRules:
    accounts = config.accounts
    return AccountRules(
        registration=accounts.registration,
        before_connect=accounts.before_connect,
        email_required=accounts.email_required,
        guests=accounts.guests,
        reserve_nicks=accounts.nick_reservation == "strict",
        always_on=accounts.always_on,
        attempts=accounts.login_attempts if config.limits.flood else 0,
        window=accounts.login_window_seconds,
    )


def new_account(name: str, password: str, created: int | None = None) -> Account:
    keys = encode(password)
    return Account(name, keys.secret, SystemClock().now() if created is None else created, keys.scram)


def app_password(label: str, password: str) -> AppPassword:
    """What is kept of a device's password. Raises `Refused` where the device cannot be called so."""
    check_label(label)
    return AppPassword(label, app_secret(password), SystemClock().now())


def with_role(account: Account, role: str) -> Account:
    """The account with another role on the server, "" for none; it counts from the next login on."""
    return replace(account, options={**account.options, ROLE: role})


def visit_accounts(config: Config, *, make: bool) -> AccountBook:
    """The accounts of a data directory, whether a server runs on it or not. Raises `CannotStart`.

    Where there is no directory yet, it is made if `make` says so.
    """
    try:
        if not make:
            open_reader(Path(config.data)).close()
        return SqliteAccounts(Visit(Path(config.data)))
    except CannotOpen as error:
        raise CannotStart(str(error)) from None


def visit_board(config: Config, *, make: bool) -> Board:
    """Where a running server, or the next one, is left errands; made if `make` says so. Raises `CannotStart`."""
    try:
        if not make:
            open_reader(Path(config.data)).close()
        return SqliteErrands(Visit(Path(config.data)))
    except CannotOpen as error:
        raise CannotStart(str(error)) from None


def visit_files(config: Config) -> Files:
    """The files that were shared, whether a server runs on them or not. Raises `CannotStart`."""
    import apsw

    from hubbub.net.files import Files

    directory = Path(config.data) / "files"
    try:
        if not (directory / "index.db").exists():
            raise CannotStart(f"{directory}: nothing was shared there")
        return Files(directory, b"", _allowance(config), time.time, visitor=True)
    except (OSError, apsw.Error) as error:
        raise CannotStart(f"{directory}: cannot be read ({error})") from None


def open_archive(config: Config) -> Archive:
    """Raises `CannotStart` where there is nothing to read."""
    try:
        return open_reader(Path(config.data))
    except CannotOpen as error:
        raise CannotStart(str(error)) from None


class House:
    """A server: made and opened within an event loop, closed once. Raises `CannotStart`.

    It listens by the sockets that it `inherited`, where they fit.
    """

    def __init__(self, config: Config, inherited: Inheritance | None = None) -> None:
        loop = asyncio.get_running_loop()
        clock = SystemClock()
        self.config = config
        self.ended = asyncio.Event()
        """Set when it cannot go on: the disk has failed."""
        logs.configure(config.log.level, config.log.format, config.log.file)
        try:
            self._store, accounts = self._kept(config, clock, loop.call_soon_threadsafe)
        except CannotOpen as error:
            raise CannotStart(str(error)) from None
        self._checker = Checker(loop.call_soon_threadsafe, self._store.secret("passwords"))
        self._cloak = self._store.secret("cloak")
        hub = Hub(rules(config, self._cloak))
        self.server = Server(hub, self._store, accounts, clock, loop.call_soon, loop.call_later, _report, Way)
        self.server.budget = _budget(config)
        self._logins = Logins(self.server, self._checker, account_rules(config))
        mailer = _mailer(config, loop.call_soon_threadsafe)
        self._pusher = _pusher(config, self._store, loop)
        registrar = Registrar(self._logins, accounts, mailer)
        self._keeper = Doorkeeper(self.server, registrar, _seat_terms(config), _DOORS.info)
        self._irc = Irc(self.server, settings(config), registrar, __version__, self._pusher)
        self._retention = Retention(self.server, config.history.retention_days)
        self._site: Site | None = None
        self._ssh: Ssh | None = None
        self._classics: Classics | None = None
        self._screens: Screens | None = None
        self._inherited = inherited or Inheritance()
        self._listeners = Listeners(_terms(config), _gate(config), inherited=self._inherited)
        self._certificates: list[tuple[Listen, Certificates]] = []
        self._renewal: Renewal | None = None
        self.doorplate = doorplate.Doorplate(config.name, ())
        """Where it is found, once it is open."""
        self._announcement: Announcement | None = None
        self._pulse: Pulse | None = None

    async def open(self) -> list[str]:
        """Be as before the last stop, and listen; the URLs, with the ports that the system chose."""
        facts, known = self._store.facts(), asyncio.Event()
        facts.then(known.set)
        await known.wait()
        self.server.hub.remember(facts.result(), self.server.clock.now())
        self.server.keep_time()
        try:
            self._site = _site(self.config, self._store.secret("files"), Sharers(self._logins))
            renewal = self._renewal_of(self.config)
            found = [endpoint for listen in self.config.listen for endpoint in await self._open(listen)]
        except (CannotListen, CannotStart, BadCertificate) as error:
            await self.close("could not start")
            raise CannotStart(str(error)) from None
        for place in self._inherited.forsake():
            _LOG.warning("we were handed a socket that no listener wants, and closed it", address=place)
        Revocation(self._logins).watch()
        self._retention.watch()
        self._share_files(found)
        self._pulse = self._irc.overseer = Pulse(self.server, self._store, Path(self.config.data), self._site)
        self._pulse.watch()
        self._irc.page = _page(self.config, found)
        self._irc.certificates = self._shown()
        self._show_the_way(found)
        self._renew_by(renewal)
        self.doorplate = doorplate.Doorplate(
            self.config.name, tuple(endpoint.url for endpoint in found), self._irc.page, self.fingerprint
        )
        if isinstance(self._store, SqliteStore):
            Errands(self.server, SqliteErrands(self._store)).watch()
            self.doorplate.write(Path(self.config.data))
        self._announcement = _announced(self.config, self.doorplate)
        return [endpoint.url for endpoint in found]

    @property
    def fingerprint(self) -> str:
        """Of the certificate that we signed ourselves, which people are told of; "" where no listener shows it."""
        ours = (found for listen, found in self._certificates if not (listen.tls_cert or self._vouched))
        return next((found.fingerprint for found in ours), "")

    @property
    def _vouched(self) -> bool:
        """Whether somebody else vouches for the certificates of all listeners, or soon will."""
        return bool(self.config.tls.cert or self.config.tls.domain)

    async def invite(self, room: str, lasts: int) -> str:
        """The code of a new invite into a room, for so many ms."""
        now = self.server.clock.now()
        terms = invites.Terms(now, now + lasts)
        code, done = self._irc.reception.new_code(terms), asyncio.Event()
        self.server.commit(self.server.hub.make_house_invite(code, room, terms), None).then(done.set)
        await done.wait()
        return code

    def others(self, account: str) -> int:
        """How many people are connected beside whoever has that account."""
        return sum(bool(user.sessions) for user in self.server.hub.users.values() if user.identity != fold(account))

    async def give_room(self, room: str, account: str) -> None:
        """A room that nobody owns belongs to that account from now on, and lasts."""
        event, done = self.server.hub.give_house_room(room, account), asyncio.Event()
        if event is not None:
            self.server.commit(event, None).then(done.set)
            await done.wait()

    def _shown(self) -> tuple[str, ...]:
        """The fingerprints of all certificates, each once."""
        return tuple(dict.fromkeys(found.fingerprint for _, found in self._certificates))

    @property
    def doorkeeper(self) -> Doorkeeper:
        return self._keeper

    def tell(self, user: User, text: str, room: str) -> None:
        """Words of the server to all devices of somebody, in a room."""
        self._irc.tell(user, text, room)

    def switch_by(self, board: Switchboard) -> None:
        """This is an end of direct conversations; to be said before it is opened."""
        self._irc.switchboard = board

    def reads_by(self, reread: Callable[[], Config]) -> None:
        """From now on operators may have the configuration read again, by REHASH."""
        self._irc.rehash = partial(self.rehash, reread)

    def rehash(self, reread: Callable[[], Config]) -> str:
        """Read the configuration again, and have the log file opened anew. Why nothing was changed, or ""."""
        try:
            logs.reopen()
            self.reload(reread())
        except (ConfigError, BadCertificate, OSError) as error:
            _LOG.error("configuration not reloaded, nothing was changed", reason=str(error))
            return str(error)
        return ""

    def reload(self, config: Config) -> None:
        """Take in what may change while people talk. Raises `BadCertificate` or `OSError`, and then changed nothing."""
        config, waiting = reload(self.config, config)
        for listen in config.listen:
            if listen.endpoint.secure:
                Certificates(*self._pair(config, listen), config.tls.client_ca)
        renewal = self._renewal_of(config)
        logs.configure(config.log.level, config.log.format, config.log.file)
        self.config = config
        self._take_certificates()
        self._renew_by(renewal)
        self._listeners.adopt(_terms(config), _gate(config))
        if self._site is not None:
            self._site.watchers = Trusted(config.metrics.allow)
        self.server.hub.rules = rules(self.config, self._cloak)
        self.server.budget = _budget(self.config)
        self._logins.rules = account_rules(self.config)
        self._irc.adopt(settings(self.config))
        self._keeper.terms = _seat_terms(self.config)
        self._retention.days = self.config.history.retention_days
        for key in waiting:
            _LOG.warning("a change waits for a restart", setting=key)
        _LOG.info("configuration reloaded")

    def try_out(self, config: Config) -> None:
        """See whether a successor could listen where we do not. Raises `CannotListen`."""
        for listen in config.listen:
            if listen.endpoint not in (known.endpoint for known in self.config.listen):
                try_out(listen.endpoint)

    def heirlooms(self) -> list[socket.socket]:
        """The listening sockets, for a successor; to be asked for before `close`, which leaves them open."""
        listening = (self._listeners, self._ssh, self._classics)
        return [heirloom for one in listening if one is not None for heirloom in one.heirlooms()]

    async def close(self, reason: str) -> None:
        """Accept nobody more, store and tell what was decided, tell everybody why, and end."""
        self._listeners.shut()
        self._renew_by(None)
        if self._pulse is not None:
            self._pulse.close()
        doorplate.take_down(Path(self.config.data))
        if self._announcement is not None:
            await self._announcement.close()
        if self._ssh is not None:
            self._ssh.shut()
        if self._classics is not None:
            await self._classics.shut()
        self.server.stop(reason)
        await self._drain()
        if self._ssh is not None:
            await self._ssh.close(_DRAIN_SECONDS)
        if self._classics is not None:
            await self._classics.close(_DRAIN_SECONDS)
        if self._screens is not None:
            await self._screens.close()
        await self._listeners.close(reason, _DRAIN_SECONDS)
        if self._site is not None:
            await self._site.close()
        self._checker.close()
        if self._pusher is not None:
            self._pusher.close()
        await self._drain()
        self.server.end()
        self._store.close()

    async def _drain(self) -> None:
        """Until all that was decided is stored and told: also what commands that were under way decided meanwhile."""
        with suppress(TimeoutError):
            async with asyncio.timeout(_DRAIN_SECONDS):
                while self.server.behind:
                    caught_up = asyncio.Event()
                    self.server.caught_up().then(caught_up.set)
                    await caught_up.wait()

    async def _open(self, listen: Listen) -> list[Any]:
        if listen.endpoint.scheme == "ssh":
            return await self._open_ssh(listen.endpoint)
        if listen.endpoint.scheme == "classic":
            return await self._open_classic(listen.endpoint)
        certificates = self._certificate(listen) if listen.endpoint.secure else None
        accept, refuse = self._behind(listen.endpoint)
        return await self._listeners.open(Door(listen.endpoint, accept, refuse, certificates, listen.proxy, self._site))

    async def _open_ssh(self, endpoint: Endpoint) -> list[Endpoint]:
        """The library is loaded where it is wanted, and need not be there where it is not."""
        try:
            from hubbub.net.ssh import Ssh
        except ImportError:
            raise CannotStart(f"{endpoint.url}: ssh needs asyncssh; pip install 'hubbub[ssh]' brings it") from None

        key, crowd = Path(self.config.data) / "ssh" / "host_key", self._listeners.crowd
        if self._ssh is None:
            try:
                self._ssh = Ssh(self._keeper, crowd, key, self._inherited)
            except (OSError, ValueError) as error:
                raise CannotStart(f"{key}: no host key for ssh ({error}); remove the file to have one made") from None
        return await self._ssh.open(endpoint, self._shows(endpoint))

    def _shows(self, endpoint: Endpoint) -> Show:
        """The screen where there is a terminal for it, and lines where there is none, or somebody has to be asked."""
        from hubbub.dialects.plain.session import SshSeat
        from hubbub.net.screens import Screens
        from hubbub.net.ssh import plain

        crowd = self._listeners.crowd
        screens = self._screens = self._screens or Screens(crowd, lambda: self.config.limits.screens)
        lines = plain(
            lambda link, who: SshSeat(self._keeper, endpoint.room, link, who.name, who.login, who.code), crowd
        )

        async def show(process: Process, who: Visitor) -> None:
            if not self._is_in(who) or not await screens.show(process, who, self._order(endpoint, who)):
                await lines(process, who)

        return lines if endpoint.face == "plain" else show

    def _is_in(self, who: Visitor) -> bool:
        """Whether nothing is left to be asked, neither for the password of the house nor for another name."""
        knows = who.login is not None or who.code or not self.config.password.reveal()
        return bool(knows) and self.server.hub.rules.legal_nick(who.name)

    def _order(self, endpoint: Endpoint, who: Visitor) -> Order:
        """The terminal client, with the session that it speaks to: whose that is was shown when they came in."""
        from hubbub.net.screens import Order

        def accept(link: Link) -> IrcSession:
            link.fingerprint = who.fingerprint
            session = self._irc.accept(link)
            session.password = who.code  # as PASS would give it
            if who.login is not None:
                self._logins.admit(session, who.login)
            return session

        invite = self.server.hub.invites.find(invites.read_code(who.code))
        room = (invite.room if invite is not None else "") or endpoint.room
        words = (sys.executable, "-s", "-P", "-m", "hubbub.cli.screen", who.name, room)
        code = str(Path(__file__).parents[1])
        return Order(words, {"PYTHONPATH": code, "LANG": "C.UTF-8"}, Door(endpoint, accept, self._irc.refuse))

    async def _open_classic(self, endpoint: Endpoint) -> list[Endpoint]:
        from hubbub.net.classic import Classics

        if self._classics is None:
            self._classics = Classics(self._listeners.crowd, self.config.name, self._inherited)
        return await self._classics.open(endpoint, self._behind(endpoint)[0])

    def _behind(self, endpoint: Endpoint) -> tuple[Accept, Refuse]:
        """Who answers at a listener. The doors that lead into a room are loaded where there is one."""
        if not endpoint.leads_to_a_room:
            return self._irc.accept, self._irc.refuse
        from hubbub.dialects.doors import SEATS

        return partial(SEATS[endpoint.scheme], self._keeper, endpoint.room), lambda reason: f"{reason}\n".encode()

    def _share_files(self, found: list[Endpoint]) -> None:
        """Say where: an operator knows best, else it is the first of our own listeners."""
        own = next((endpoint for endpoint in found if endpoint.shares_files), None)
        url = self.config.files.url or (_public(self.config, own) if own is not None else "")
        if self._site is not None:
            self._site.url = url
            self._site.watch()
            self._site.watchers = Trusted(self.config.metrics.allow)
            shown = lambda: (found for _, found in self._certificates)  # noqa: E731
            data = Path(self.config.data)
            self._site.vitals = Vitals(self.server, self._listeners.crowd, self._store, data, shown, self._site)
        if url:
            self._irc.share_files_at(url)

    def _show_the_way(self, found: list[Endpoint]) -> None:
        """To who comes by an invite's link."""
        if self._site is None:
            return
        from hubbub.net.landing import Landing

        port = next((endpoint.port for endpoint in found if endpoint.scheme == "ircs"), 0)
        self._site.landing = Landing(self.config.name, self._irc.page, port, self.fingerprint, self._look_invite_up)

    def _look_invite_up(self, code: str, address: str) -> str:
        """The room that it leads to. Raises `NotInvited`."""
        from hubbub.net.landing import NotInvited

        try:
            return self._irc.reception.look(code, address).room
        except Refused as refused:
            raise NotInvited(_GONE.get(refused.why, 404), words(refused)) from None

    def _certificate(self, listen: Listen) -> Certificates:
        certificates = Certificates(*self._pair(self.config, listen), self.config.tls.client_ca)
        self._certificates.append((listen, certificates))
        return certificates

    @staticmethod
    def _pair(config: Config, listen: Listen) -> tuple[str, str]:
        """As `pair_of`; there, since we sign some ourselves at first start."""
        cert, key = pair_of(config, listen)
        return (cert, key) if cert != _ours(config)[0] else _self_signed(config)

    def _take_certificates(self) -> None:
        """Those that lie there now, for who comes from here on. Raises `BadCertificate`."""
        for listen, certificates in self._certificates:
            certificates.replace(*self._pair(self.config, listen), self.config.tls.client_ca)
        self._irc.certificates = self._shown()

    def _renewal_of(self, config: Config) -> Renewal | None:
        """Raises `BadCertificate`."""
        if not config.tls.domain:
            return None
        issuer_of = _issuer(config)
        from hubbub.net.renewal import Renewal

        issue = partial(issuer_of(cast("Site", self._site).challenges).issue, config.tls.domain)
        return Renewal(_issued(config), issue, self._take_certificates)

    def _renew_by(self, renewal: Renewal | None) -> None:
        if self._renewal is not None:
            self._renewal.stop()
        self._renewal = renewal
        if renewal is not None:
            renewal.watch()

    def _kept(self, config: Config, clock: SystemClock, soon: Soon) -> tuple[AnyStore, SqliteAccounts | MemoryAccounts]:
        durability = config.store.durability
        if lost := _GIVEN_UP.get(durability):
            _LOG.warning(lost, durability=durability)
        if durability == "memory":
            return MemoryStore(clock), MemoryAccounts()
        data, cache = Path(config.data), config.store.cache_mib
        store = SqliteStore(data, clock, soon, self._disk_failed, durability, cache)
        return store, SqliteAccounts(store)

    def _disk_failed(self) -> None:
        """What the disk has of the last writes is unknown now: only a new start can find out."""
        _LOG.error("the disk failed; ending, so that a restart can recover", data=str(self.config.data))
        self.ended.set()


def check(config: Config) -> None:
    """Look at everything that would be needed, and change nothing. Raises `CannotStart`."""
    for listen in config.listen:
        cert, key = listen.tls_cert or config.tls.cert, listen.tls_key or config.tls.key
        if listen.endpoint.secure and cert:
            try:
                Certificates(cert, key, config.tls.client_ca)
            except BadCertificate as error:
                raise CannotStart(str(error)) from None
    if config.tls.domain:
        _check_issuing(config)
    if (Path(config.data) / "hubbub.db").exists():
        try:
            schema(Path(config.data))
        except CannotOpen as error:
            raise CannotStart(str(error)) from None


def _check_issuing(config: Config) -> None:
    """Raises `CannotStart`."""
    try:
        _issuer(config)
    except BadCertificate as error:
        raise CannotStart(str(error)) from None


def _issuer(config: Config) -> Callable[[dict[str, str]], Issuer]:
    """By what it may show. Raises `BadCertificate` where the library is not there, or nobody to show it."""
    if not any(listen.endpoint.scheme == "http" for listen in config.listen):
        raise BadCertificate(_NO_HTTP.format(config.tls.domain))
    try:
        from hubbub.net.issuer import Issuer
    except ImportError:
        raise BadCertificate(_NO_ACME.format(config.tls.domain)) from None
    return partial(Issuer, config.tls.authority, config.tls.email, _issued(config).with_name("account.key"))


def pair_of(config: Config, listen: Listen) -> tuple[str, str]:
    """The files with a listener's certificate and key: its own, or those for all, or what was issued, or our own."""
    cert, key = listen.tls_cert or config.tls.cert, listen.tls_key or config.tls.key
    if cert:
        return cert, key
    issued = _issued(config)
    return (str(issued), str(issued)) if config.tls.domain and issued.exists() else _ours(config)


def _ours(config: Config) -> tuple[str, str]:
    directory = Path(config.data) / "tls"
    return str(directory / "cert.pem"), str(directory / "key.pem")


def _issued(config: Config) -> Path:
    return Path(config.data) / "tls" / "acme" / f"{config.tls.domain}.pem"


def _self_signed(config: Config) -> tuple[str, str]:
    cert, key = map(Path, _ours(config))
    directory = cert.parent
    if not cert.exists():
        from hubbub.net.self_signed import make_self_signed

        try:
            cert, key = make_self_signed(directory, [config.server_name, "localhost", "127.0.0.1", "::1"])
        except OSError as error:
            raise BadCertificate(f"{directory}: cannot write a certificate ({error.strerror})") from None
        _LOG.info("made a certificate; clients must be told to trust it", file=str(cert))
    return str(cert), str(key)


def _pusher(config: Config, store: AnyStore, loop: asyncio.AbstractEventLoop) -> Pusher | None:
    if not config.push.subject:
        return None
    from hubbub.net.https import Https
    from hubbub.net.push import Pusher
    from hubbub.net.webpush import Vapid

    def failed(host: str, reason: str) -> None:
        _LOG.warning("could not push", host=host, reason=reason)

    vapid = Vapid(store.secret("push"), config.push.subject, time.time)
    return Pusher(vapid, Https(), loop.call_soon_threadsafe, failed, time.monotonic)


class _FileKeeper:
    """What `Sharers` say, in the words of HTTP."""

    def __init__(self, sharers: Sharers) -> None:
        self._sharers = sharers

    async def share(self, asker: Asker, room: str) -> tuple[str, str]:
        sharer = await _answered(self._sharers.share(*asker, room))
        return sharer.account, sharer.room

    async def read(self, asker: Asker, stored: Stored) -> None:
        await _answered(self._sharers.read(*asker, stored.account, stored.room))

    async def remove(self, asker: Asker, stored: Stored) -> None:
        await _answered(self._sharers.remove(asker, stored.name or stored.link, stored.account, stored.room))


def _answered(asking: Coroutine[Promise[Any], None, T]) -> asyncio.Future[T]:
    """Fails with `NotLetIn` where it is refused."""
    from hubbub.net.site import NotLetIn

    told: asyncio.Future[T] = asyncio.get_running_loop().create_future()

    def done(answer: T | None, error: BaseException | None) -> None:
        if isinstance(error, Refused):
            sentence = error.about[-1] if error.about else "The name or the password is wrong"
            error = NotLetIn(_FORBIDDEN.get(error.why, 403), sentence)
        if told.done():
            return
        told.set_exception(error) if error is not None else told.set_result(cast(T, answer))

    drive(asking, done)
    return told


def _site(config: Config, secret: bytes, sharers: Sharers) -> Site | None:
    """The parser of HTTP is loaded where it is wanted."""
    if not any(listen.endpoint.shares_files for listen in config.listen):
        return None
    import apsw

    from hubbub.net.files import Files
    from hubbub.net.pages import Pages
    from hubbub.net.site import Site

    files, directory = config.files, Path(config.data) / "files"
    try:
        shelf = Files(directory, secret, _allowance(config), time.time)
    except (OSError, apsw.Error) as error:
        raise CannotStart(f"{directory}: cannot keep files there ({error})") from None
    pages = partial(Pages, Path(__file__).parent / "web", config.name)
    return Site(shelf, _FileKeeper(sharers), pages, for_members=files.readers == "members")


def _allowance(config: Config) -> Allowance:
    from hubbub.net.files import Allowance

    files = config.files
    return Allowance(files.max_bytes, files.quota_bytes, files.room_bytes, files.total_bytes, files.days)


def _announced(config: Config, plate: doorplate.Doorplate) -> Announcement | None:
    """Say on the local network that we are there. No server is stopped for want of a network."""
    door = plate.endpoint("ircs")
    if not config.lan.announce or door is None:
        return None
    from hubbub.net.addresses import own_addresses
    from hubbub.net.lan import SERVERS, Neighbour, NoNetwork, announce

    everywhere = door.host in {"0.0.0.0", "::"}  # noqa: S104  # compared, not bound
    addresses = own_addresses(config.lan.interface) if everywhere else (door.host,)
    try:
        about = {"fp": plate.fingerprint, "page": plate.page}
        return announce(SERVERS, Neighbour(plate.name, addresses, door.port, about), config.lan.interface)
    except NoNetwork as none:
        _LOG.warning("nobody near finds us", reason=str(none))
        return None


def _page(config: Config, found: list[Endpoint]) -> str:
    """Where browsers find us: an operator knows best, else it is the first listener of ours."""
    own = next((endpoint for endpoint in found if endpoint.scheme in {"http", "https"}), None)
    return (config.invites.url or (_public(config, own) if own is not None else "")).rstrip("/")


def _public(config: Config, endpoint: Endpoint) -> str:
    """A listener's URL as others can use it: "every address" is none, and NAME.local leads nowhere without mDNS."""
    from hubbub.net.addresses import to_tell

    name = config.tls.domain or config.server_name
    if endpoint.host == "::" or (endpoint.host == "0.0.0.0" and not name.endswith(".local")):  # noqa: S104
        return Endpoint(endpoint.scheme, name, endpoint.port).url
    return Endpoint(endpoint.scheme, to_tell(endpoint.host), endpoint.port).url


def _mailer(config: Config, soon: Callable[..., Any]) -> Mailer | None:
    mail = config.mail
    if not mail.server:
        return None
    server = MailServer(mail.server, mail.port, mail.security, mail.user, mail.password.reveal(), mail.sender)
    return Mailer(server, config.name, soon, lambda problem: _LOG.error("could not send mail", reason=str(problem)))


def _terms(config: Config) -> Terms:
    limits = config.limits
    return Terms(
        limits.sendq_bytes,
        limits.registration_seconds,
        min(limits.ping_seconds, limits.timeout_seconds),
        origins=config.web.origins,
        names=names_of(config),
        max_message_bytes=config.web.max_message_bytes,
    )


def _gate(config: Config) -> Gate:
    limits, trusted = config.limits, Trusted(config.proxy.trusted)
    if not limits.flood:
        return Gate(limits.connections, 0, 0, trusted)
    return Gate(limits.connections, limits.connections_per_address, limits.connects_per_10s, trusted)


def _budget(config: Config) -> tuple[float, float] | None:
    limits = config.limits
    return (limits.line_burst, limits.line_rate) if limits.flood else None


def _report(fault: Exception, session: Session[Any] | None) -> None:
    """Faults are told once, here, with what they befell."""
    if isinstance(fault, StoreFailed):
        _LOG.error("could not store", reason=str(fault))
        return
    who = session.user.nick if session is not None and session.user is not None else ""
    try:
        raise fault
    except Exception:
        _LOG.exception("fault", address=session.link.address if session else "", nick=who)
