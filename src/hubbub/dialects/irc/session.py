"""An IRC session: bytes become lines, lines find their row in the table, and the row is run.

https://modern.ircdocs.horse/#connection-registration
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from hubbub.dialects.irc import commands  # noqa: F401 - imported for the rows that its modules add to the tables
from hubbub.dialects.irc.commands.metadata import NO_PROFILE
from hubbub.dialects.irc.commands.monitor import EXTENDED_MONITOR
from hubbub.dialects.irc.commands.talk import say_plainly
from hubbub.dialects.irc.fit import BODY_MAX, fitting
from hubbub.dialects.irc.look import look_for
from hubbub.dialects.irc.registry import COMMANDS, NO_CAPS, Command, Kind, Who, Work
from hubbub.dialects.irc.request import LABELED_RESPONSE, Labelled, Request
from hubbub.dialects.irc.services import listed
from hubbub.hub.cloak import plain_host
from hubbub.hub.events import Entry
from hubbub.hub.refusals import Refused, Why
from hubbub.server import Link, Session
from hubbub.wire import numerics as n
from hubbub.wire.framing import LineReader, TooLong
from hubbub.wire.line import CLIENT_TAGS_MAX, BadLine, Line, encode, parse

if TYPE_CHECKING:
    from hubbub.dialects.irc.commands.multiline import OpenBatch
    from hubbub.dialects.irc.commands.sasl import Exchange
    from hubbub.dialects.irc.dialect import Irc
    from hubbub.hub.invites import Invite

_HTTP_VERBS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "CONNECT", "TRACE", "PRI"})

_USER: Final = Who.USER  # a member that is looked up in its enum costs as much as a line's request
_NEWCOMER: Final = Who.NEWCOMER
_READ: Final = Kind.READ

# The services are imported for the words they add to their tables.
assert listed.ALL  # noqa: S101 - so that nobody takes the import away


class IrcSession(Session[bytes | TooLong]):
    """`nick`, `username`, `realname`, `away` and `profile`, its metadata, are what the client asked for until it is
    registered.

    `plain` is its look in lines as they are, for what is yet to be tagged or put into a batch.
    `gateway` names the one that speaks for it, if it did not come by itself; `invites` are those that it came by, and
    `proving` says that it tries a code.
    `modern_caps` says that it knows version 302 of capability negotiation; `sasl` is the exchange that it is in,
    `batch` the one that it has opened.
    """

    __slots__ = (
        "_reader",
        "away",
        "batch",
        "caps",
        "gateway",
        "invites",
        "irc",
        "modern_caps",
        "negotiating",
        "nick",
        "password",
        "plain",
        "profile",
        "proving",
        "realname",
        "sasl",
        "username",
    )

    def __init__(self, irc: Irc, link: Link) -> None:
        super().__init__(irc.server, link, look_for(NO_CAPS, link.framing))
        self.plain = look_for(NO_CAPS)
        self.irc = irc
        self.caps: frozenset[str] = NO_CAPS
        self.negotiating = False
        self.modern_caps = False
        self.nick = ""
        self.username = ""
        self.realname = ""
        self.password = ""
        self.away = ""
        self.profile: Mapping[str, str] = NO_PROFILE
        self.gateway = ""
        self.invites: tuple[Invite, ...] = ()
        self.proving = False
        self.sasl: Exchange | None = None
        self.batch: OpenBatch | None = None
        self._reader = LineReader()

    @property
    def shown_nick(self) -> str:
        return self.user.nick if self.user is not None else self.nick or "*"

    @property
    def address(self) -> str:
        """Where it connects from, as a word on a line."""
        return plain_host(self.link.address)

    def receive(self, data: bytes) -> None:
        """Bytes came in."""
        self.pinged = False
        self.feed(self._reader.feed(data))

    def overdue(self) -> None:
        """The time to register is up."""
        if self.user is None:
            self.close("Registration timed out: send NICK and USER")

    def idle(self, seconds: float) -> None:
        """Nothing came for so long: ask, and end it if even that is not answered."""
        settings = self.irc.settings
        if not self.pinged and seconds >= settings.ping_seconds:
            self.pinged = True
            self.server.tell(self, encode(Line("PING", (self.irc.name,))))
        elif self.pinged and seconds >= settings.ping_seconds + settings.timeout_seconds:
            self.close(f"Ping timeout: {seconds:.0f} seconds")

    def farewell(self, reason: str) -> bytes:
        return fitting(Line("ERROR", (reason,)))

    def unframed(self, entry: Entry, data: bytes) -> bytes:
        """An entry that this session's look wrote as `data`, in lines as they are."""
        return data if self.plain is self.look else self.plain.render(entry)

    def look_again(self) -> None:
        """The capabilities have changed."""
        look = look_for(self.caps, self.link.framing)
        self.server.hub.watch.closely(self, EXTENDED_MONITOR in self.caps)
        if look is not self.look:
            self.look, self.plain = look, look_for(self.caps)
            if self.user is not None:
                self.server.hub.refresh(self.user)

    def handle(self, raw: bytes | TooLong) -> Work | None:
        if not isinstance(raw, TooLong) and raw[:9] == b"PRIVMSG #" and say_plainly(self, raw):
            return None
        line = self._read(raw)
        if line is None or (self.batch is not None and self.batch.takes(line)):
            return None
        request = self._request(line) if line.tags else Request(self, line.command)
        row = self._row(request, line)
        if row is None:
            request.end()
            return None
        if row.kind is _READ and self.server.behind:
            return self._run_later(row, request, line)
        return _run(row, request, line)

    async def _run_later(self, row: Command, request: Request, line: Line) -> None:
        await self.server.caught_up()
        rest = _run(row, request, line)
        if rest is not None:
            await rest

    def _request(self, line: Line) -> Request:
        label = line.tags.get("label") if LABELED_RESPONSE in self.caps else None
        return Labelled(self, line.command, label) if label else Request(self, line.command)

    def _read(self, raw: bytes | TooLong) -> Line | None:
        """The line that was meant; whoever sent something else is told what was wrong with it."""
        if isinstance(raw, TooLong) or (len(raw) > BODY_MAX and _too_long(raw)):
            Request(self, "*").refuse(Refused(Why.TOO_LONG))
            return None
        try:
            return parse(raw.decode())
        except UnicodeDecodeError:
            self._misspelt(raw)
        except BadLine as bad:
            Request(self, "*").fail("BAD_LINE", str(bad))
        return None

    def _misspelt(self, raw: bytes) -> None:
        """Not UTF-8: what can be read of it says which command and label the answer is for.

        https://ircv3.net/specs/extensions/utf8-only
        """
        try:
            line = parse(raw.decode(errors="replace"))
        except BadLine:
            line = Line("*")
        request = self._request(line)
        request.fail("INVALID_UTF8", "Expected UTF-8, got other bytes; set your client to UTF-8 and send it again")
        request.end()

    def _row(self, request: Request, line: Line) -> Command | None:
        """The row of the line's command, if its sender may use it now and gave it enough."""
        row = COMMANDS.get(line.command)
        if row is None:
            self._unknown(request, line.command)
        elif row.who is _USER and self.user is None:
            request.error(n.ERR_NOTREGISTERED)
        elif row.who is _NEWCOMER and self.user is not None:
            request.error(n.ERR_ALREADYREGISTERED)
        elif len(line.params) < row.arity:
            request.error(n.ERR_NEEDMOREPARAMS, row.name)
        else:
            return row
        return None

    def _unknown(self, request: Request, name: str) -> None:
        if self.user is None and name in _HTTP_VERBS:
            # A browser that was made to talk to us would smuggle lines in after its headers.
            self.close("This is an IRC port, not a web server")
        elif self.user is None:
            request.error(n.ERR_NOTREGISTERED)
        else:
            request.error(n.ERR_UNKNOWNCOMMAND, name)


def _run(row: Command, request: Request, line: Line) -> Work | None:
    try:
        rest = row.run(request, line)
    except Refused as refused:
        request.refuse(refused)
        rest = None
    if rest is not None:
        return _finish(request, rest)
    request.end()
    return None


async def _finish(request: Request, rest: Work) -> None:
    try:
        await rest
    except Refused as refused:
        request.refuse(refused)
    request.end()


def _too_long(raw: bytes) -> bool:
    """Whether the tags or what follows them are longer than a client may send."""
    if raw[:1] != b"@":
        return True
    space = raw.find(b" ")
    return space - 1 > CLIENT_TAGS_MAX or len(raw) - space - 1 > BODY_MAX
