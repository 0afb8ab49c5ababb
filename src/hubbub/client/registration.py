"""From the first byte to RPL_WELCOME: capabilities, a password, a nick.

https://ircv3.net/specs/extensions/capability-negotiation and https://ircv3.net/specs/extensions/sasl-3.1
"""

import base64
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import Enum, auto
from functools import partial
from typing import Final

from hubbub.client.events import Refused
from hubbub.wire.line import Line
from hubbub.wire.numerics import (
    ERR_ERRONEUSNICKNAME,
    ERR_NICKCOLLISION,
    ERR_NICKLOCKED,
    ERR_NICKNAMEINUSE,
    ERR_NOTREGISTERED,
    ERR_PASSWDMISMATCH,
    ERR_SASLABORTED,
    ERR_SASLALREADY,
    ERR_SASLFAIL,
    ERR_SASLTOOLONG,
    ERR_UNKNOWNCOMMAND,
    ERR_YOUREBANNEDCREEP,
    RPL_SASLSUCCESS,
)

INVITES: Final = "hubbub.chat/invite"

SEARCH: Final = "soju.im/search"

WANTED: Final[tuple[str, ...]] = (
    "account-notify",
    "account-tag",
    "away-notify",
    "batch",
    "cap-notify",
    "chghost",
    "draft/chathistory",
    "draft/event-playback",
    "draft/message-redaction",
    "draft/multiline",
    "draft/read-marker",
    "echo-message",
    "extended-join",
    "extended-monitor",
    "hubbub.chat/edit",
    INVITES,
    "invite-notify",
    "labeled-response",
    "message-tags",
    "multi-prefix",
    "server-time",
    "setname",
    SEARCH,
    "standard-replies",
    "userhost-in-names",
)

# "the nick is unavailable for now": IRCnet's word, not in every list of numerics.
_ERR_UNAVAILRESOURCE: Final = "437"

_TAKEN: Final = frozenset({ERR_NICKNAMEINUSE, ERR_NICKCOLLISION, _ERR_UNAVAILRESOURCE})
_SASL_FAILED: Final = frozenset({ERR_NICKLOCKED, ERR_SASLFAIL, ERR_SASLTOOLONG, ERR_SASLABORTED})
_KEPT_OUT: Final = frozenset({ERR_PASSWDMISMATCH, ERR_YOUREBANNEDCREEP})

# "If the response is exactly 400 bytes, it is followed by an empty one": sasl-3.1.
_SASL_CHUNK: Final = 400


@dataclass(frozen=True, slots=True)
class Identity:
    """Who we want to be. With a password we log in as `account` (the nick, where that is "") or give it as PASS.

    `invite` is the code of one, and `key` what it is used with: by the same one, we are counted once.
    """

    nick: str
    user: str = ""
    realname: str = ""
    account: str = ""
    password: str = field(default="", repr=False)
    invite: str = field(default="", repr=False)
    key: str = field(default_factory=partial(secrets.token_urlsafe, 16), repr=False)


class Step(Enum):
    """How far registration has come."""

    IDLE = auto()
    ASKED = auto()  # CAP LS is out
    CHOSEN = auto()  # CAP REQ is out
    LOGGING_IN = auto()  # AUTHENTICATE is out
    ENDED = auto()  # everything is said, RPL_WELCOME comes next
    WELCOME = auto()


class Registration:
    """What is said until the server takes us in, and capabilities that come and go afterwards."""

    def __init__(self, identity: Identity, send: Callable[..., None]) -> None:
        """`send(command, *params)` puts a line into the output."""
        self.identity = identity
        self.wanted = identity.nick  # the nick to ask for, on this connection and the next
        self.caps: set[str] = set()
        self.step = Step.IDLE
        self._send = send
        self._nick = identity.nick  # the one we try
        self._asked = ""
        self.offered: dict[str, str] = {}
        self._requests = 0
        self._introduced = self._was_in = False
        self._nicks: Iterator[str] = iter(())

    def start(self) -> None:
        """Begin on a fresh connection.

        Without a password everything is said at once, so that a server without CAP, which may answer nothing, has what
        it needs. With one we wait for the offer: PASS and SASL exclude each other.
        """
        self.caps, self.offered, self._requests = set(), {}, 0
        self._introduced, self._nick, self._nicks = False, self.wanted, _others(self.wanted)
        self.step = Step.ASKED
        self._send("CAP", "LS", "302")
        if not self.identity.password:
            self._introduce()

    def stop(self) -> None:
        """The connection is gone."""
        self.step = Step.IDLE

    def silence(self) -> None:
        """Nothing came for a while: a server that does not know CAP waits for us, so introduce ourselves."""
        if self.step is Step.ASKED:
            self._introduce()

    def welcome(self) -> None:
        """RPL_WELCOME is here."""
        self._was_in = True
        self.step = Step.WELCOME

    def rename(self, nick: str) -> None:
        """Ask for another nick; once we have it, it is the one we want on the next connection, too."""
        self._asked = nick
        self._send("NICK", nick)

    def renamed(self, nick: str) -> None:
        """We have another nick, by our own will or not."""
        if nick == self._asked:
            self.wanted = nick

    def take(self, line: Line) -> Refused | None:
        """Deal with a line before the welcome, or with CAP at any time; says so when we are not let in."""
        if line.command == "CAP":
            self._cap(line)
        elif self.step is not Step.WELCOME:
            return self._answer(line)
        return None

    def _answer(self, line: Line) -> Refused | None:
        if line.command == "AUTHENTICATE":
            self._authenticate()
        elif line.command in {RPL_SASLSUCCESS, ERR_SASLALREADY}:
            self._end()
        elif line.command in _TAKEN | {ERR_ERRONEUSNICKNAME}:
            return self._other_nick(line)
        elif line.command in _SASL_FAILED | _KEPT_OUT:
            return Refused(line.command, _text(line, "the server does not let us in"))
        elif line.command == "FAIL":
            return self._failed(line)
        elif _knows_no_cap(line):
            self._introduce()
        return None

    def _failed(self, line: Line) -> Refused | None:
        """An invite that was good for coming in need not be so for coming again: then the server says what it wants."""
        command, code = (*line.params, "", "")[:2]
        if code == "ACCOUNT_REQUIRED" or (command == "INVITATION" and not self._was_in):
            return Refused(code, _text(line, "the server does not let us in"))
        return None

    def _cap(self, line: Line) -> None:
        if len(line.params) < 3:
            return
        verb, names = line.params[1].upper(), line.params[-1].split()
        if verb == "LS":
            self._offer(names, more=line.params[2] == "*")
        elif verb == "NEW":
            self.offered.update(_values(names))
            self._request([name for name in WANTED if name in _values(names)])
        elif verb == "DEL":
            self.caps.difference_update(names)
        elif verb in {"ACK", "NAK"}:
            self._replied(verb, names)

    def _offer(self, names: list[str], more: bool) -> None:
        self.offered.update(_values(names))
        if more or self.step is not Step.ASKED:
            return
        self.step = Step.CHOSEN
        wanted = [name for name in WANTED if name in self.offered]
        if self.identity.password and self._has_sasl():
            wanted.append("sasl")
        self._request(wanted)
        if not self._requests:
            self._end()

    def _has_sasl(self) -> bool:
        mechanisms = self.offered.get("sasl")
        return mechanisms is not None and (not mechanisms or "PLAIN" in mechanisms.upper().split(","))

    def _request(self, names: list[str]) -> None:
        """All that we want fits into one line of 512 bytes."""
        if names:
            self._requests += 1
            self._send("CAP", "REQ", " ".join(names))

    def _replied(self, verb: str, names: list[str]) -> None:
        self._requests -= 1
        if verb == "ACK":
            self.caps.difference_update(name[1:] for name in names if name.startswith("-"))
            self.caps.update(name for name in names if not name.startswith("-"))
        elif len(names) > 1:
            for name in names:  # one of them spoilt the others
                self._request([name])
        if self._requests == 0 and self.step is Step.CHOSEN:
            self._log_in()

    def _log_in(self) -> None:
        if "sasl" in self.caps and self.identity.password:
            self.step = Step.LOGGING_IN
            self._send("AUTHENTICATE", "PLAIN")
        else:
            self._end()

    def _authenticate(self) -> None:
        account = self.identity.account or self.identity.nick
        secret = base64.b64encode(f"\0{account}\0{self.identity.password}".encode()).decode()
        for start in range(0, len(secret), _SASL_CHUNK):
            self._send("AUTHENTICATE", secret[start : start + _SASL_CHUNK])
        if len(secret) % _SASL_CHUNK == 0:
            self._send("AUTHENTICATE", "+")

    def _end(self) -> None:
        """Say what is left to say. NICK and USER come first where they were held back: CAP END completes."""
        self._introduce()
        self.step = Step.ENDED
        if self.identity.invite and INVITES in self.caps:
            self._send("INVITATION", "USE", self.identity.invite, self.identity.key)
        self._send("CAP", "END")

    def _introduce(self) -> None:
        if self._introduced:
            return
        self._introduced = True
        if self.identity.password and "sasl" not in self.caps:
            self._send("PASS", self.identity.password)
        self._send("NICK", self._nick)
        self._send("USER", self.identity.user or "hubbub", "0", "*", self.identity.realname or self.identity.nick)

    def _other_nick(self, line: Line) -> Refused | None:
        """Ask for the next nick. One that is no nick at all is the person's to change, unless it was our invention."""
        invented = self._nick != self.wanted
        nick = next(self._nicks, None) if invented or line.command in _TAKEN else None
        if nick is None:
            return Refused(line.command, f"{self.wanted}: {_text(line, 'this nick cannot be had')}")
        self._nick = nick
        self._send("NICK", nick)
        return None


def _others(nick: str) -> Iterator[str]:
    """Nicks to try when one is taken; the later ones have at most nine characters, which every server takes."""
    yield f"{nick}_"
    yield f"{nick}__"
    for ending in ("_", "__", "1", "2", "3"):
        yield nick[: 9 - len(ending)] + ending


def _knows_no_cap(line: Line) -> bool:
    """421 for CAP, or 451 from servers that want NICK and USER before anything else."""
    if line.command == ERR_UNKNOWNCOMMAND:
        return line.params[1:2] == ("CAP",)
    return line.command == ERR_NOTREGISTERED


def _values(names: list[str]) -> dict[str, str]:
    return {name: value for name, _, value in (entry.partition("=") for entry in names)}


def _text(line: Line, otherwise: str) -> str:
    return line.params[-1] if line.params else otherwise
