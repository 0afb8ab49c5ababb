"""What all IRC sessions of a house share: its name, its words, and the table they are served from."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from hubbub.dialects.irc import isupport
from hubbub.dialects.irc.commands.backlog import Backlogs
from hubbub.dialects.irc.commands.support import send_tokens
from hubbub.dialects.irc.letter import Letter, Numerics
from hubbub.dialects.irc.pushing import Notifier
from hubbub.dialects.irc.request import Request
from hubbub.dialects.irc.session import IrcSession
from hubbub.hub.oversight import Overseer
from hubbub.hub.ports import Pusher, Switchboard
from hubbub.hub.user import User
from hubbub.server import Link, Server
from hubbub.server.logins import Logins
from hubbub.server.reception import Reception
from hubbub.server.registrar import Registrar


@dataclass(frozen=True, slots=True)
class OperatorLogin:
    """What makes somebody an operator of the server: a password, plain or hashed, and what it makes of them."""

    secret: str
    role: str
    reads: bool = False


@dataclass(frozen=True, slots=True)
class Gateway:
    """Who may say by WEBIRC for whom they speak: with this password, from these networks, or from "unix"."""

    secret: str
    addresses: Sequence[str]


@dataclass(frozen=True, slots=True)
class Sts:
    """Where TLS is, and for how many seconds clients are to insist on it."""

    port: int
    duration: int
    preload: bool = False


@dataclass(frozen=True, slots=True)
class Settings:
    """What an operator can say of the house. `password` is what PASS must give, "" for an open house.

    `operators` are by their login, `admin` is up to three lines; without `sts` nobody is told of it.
    """

    description: str = "hubbub"
    admin: Sequence[str] = ()
    icon_url: str = ""
    operators: Mapping[str, OperatorLogin] = field(default_factory=dict)
    gateways: Sequence[Gateway] = ()
    sts: Sts | None = None
    motd: Sequence[str] = ()
    password: str = ""
    page: int = 1000
    """The most rows that one CHATHISTORY may ask for."""
    page_bytes: int = 512 * 1024
    """What one answer may take up of the send queue."""
    backlog: int = 20
    """Messages that clients are shown of a room they enter who cannot ask for them; 0 for none."""
    multiline_bytes: int = 16_384
    multiline_lines: int = 64
    """What one message may be made of."""
    ping_seconds: float = 90.0
    timeout_seconds: float = 60.0


class Irc:
    """The dialect. `version` is hubbub's; without a pusher nothing is pushed."""

    def __init__(
        self, server: Server, settings: Settings, registrar: Registrar, version: str, pusher: Pusher | None = None
    ) -> None:
        self.server: Final = server
        self.settings = settings
        self.registrar: Final = registrar
        self.version: Final = version
        self.pusher: Final = pusher
        if pusher is not None:
            server.overhear = Notifier(server, pusher).overhear
        self.rehash: Callable[[], str] = lambda: "nobody told this server how to read its configuration"
        """Reads the configuration again; "", or why nothing was changed."""
        self.switchboard: Switchboard | None = None
        """Set where this is an end of direct conversations, and no server."""
        self.overseer: Overseer | None = None
        """Tells operators how the server is."""
        self.filehost = ""
        """The URL where files are shared, or ""."""
        self.reception: Final = Reception(registrar.logins)
        self.certificates: Sequence[str] = ()
        """Fingerprints of those that our listeners show, in hex."""
        self.page = ""
        """The URL where browsers find this server, or ""."""
        self.backlogs: Final = Backlogs()
        self._supported = isupport.tokens(self)
        self._letters: dict[Numerics, Letter] = {}

    @property
    def logins(self) -> Logins:
        return self.registrar.logins

    def link_of(self, code: str) -> str:
        """Where a browser comes in by an invite; "" where there is no page."""
        return f"{self.page}/j/{code}" if self.page else ""

    @property
    def name(self) -> str:
        return self.server.hub.rules.server_name

    @property
    def network(self) -> str:
        return self.server.hub.rules.network

    def adopt(self, settings: Settings) -> None:
        """Take other settings: who was an operator by what they no longer say is none any more."""
        before, self.settings = self.settings, settings
        self._letters.clear()
        for user in tuple(self.server.hub.operators):
            if settings.operators.get(user.login) != before.operators.get(user.login):
                self.server.submit(self.server.hub.promote(user, "", ""), None)
        self._tell_support()

    def share_files_at(self, url: str) -> None:
        """From now on clients are told that files are shared there."""
        self.filehost = url
        self._letters.clear()
        self._tell_support()

    def _tell_support(self) -> None:
        """ "If the value of a parameter changes, the server SHOULD re-advertise the parameter"; a minus takes it back.

        https://modern.ircdocs.horse/#feature-advertisement
        """
        before, self._supported = self._supported, isupport.tokens(self)
        keys = {token.partition("=")[0] for token in self._supported}
        gone = [f"-{key}" for key in dict.fromkeys(t.partition("=")[0] for t in before) if key not in keys]
        changed = [token for token in self._supported if token not in before] + gone
        for session in tuple(self.server.sessions) if changed else ():
            if isinstance(session, IrcSession) and session.user is not None:
                send_tokens(Request(session, "ISUPPORT"), changed)

    def letter(self, numerics: Numerics) -> Letter:
        """What these numerics say, written at the first call after the settings have changed."""
        letter = self._letters.get(numerics)
        if letter is None:
            letter = self._letters[numerics] = Letter(self, numerics)
        return letter

    def tell(self, user: User, text: str, room: str) -> None:
        """Words of the server to all devices of somebody, in a room."""
        for session in user.sessions:
            if isinstance(session, IrcSession):
                Request(session, "NOTICE").notice(text, room)

    def accept(self, link: Link) -> IrcSession:
        """A new connection."""
        return IrcSession(self, link)

    def refuse(self, reason: str) -> bytes:
        """What a connection is told that is not let in."""
        return f"ERROR :{reason}\r\n".encode()
