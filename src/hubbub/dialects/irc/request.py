"""A request: one line of a session, and the ways to answer it; with a label, all answers become one.

https://ircv3.net/specs/extensions/labeled-response
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from msgspec import Struct, field

from hubbub.dialects.irc import replies
from hubbub.dialects.irc.fit import fitting, packed
from hubbub.dialects.irc.letter import NO_FIGURES, Numerics
from hubbub.dialects.irc.registry import capability
from hubbub.hub.events import Entry, Said, WentAway
from hubbub.hub.hub import Hub
from hubbub.hub.refusals import Refused
from hubbub.hub.user import User
from hubbub.server import Server
from hubbub.wire.line import LINE_MAX, Line, encode, escape_tag

if TYPE_CHECKING:
    from hubbub.dialects.irc.dialect import Irc
    from hubbub.dialects.irc.session import IrcSession

BATCH: Final = capability("batch", "https://ircv3.net/specs/extensions/batch")
LABELED_RESPONSE: Final = capability("labeled-response", "https://ircv3.net/specs/extensions/labeled-response")
ECHO_MESSAGE: Final = capability("echo-message", "https://ircv3.net/specs/extensions/echo-message")
STANDARD_REPLIES: Final = capability("standard-replies", "https://ircv3.net/specs/extensions/standard-replies")


BATCH_TAG: Final = len("@batch=01234567;")
"""Bytes that a line has more inside a batch that `Request.batch` has named."""


def tagged(line: bytes, tag: str) -> bytes:
    """A written line with one more tag."""
    return b"@%b;%b" % (tag.encode(), line[1:]) if line[:1] == b"@" else b"@%b %b" % (tag.encode(), line)


def units(data: bytes) -> list[list[bytes]]:
    """A written entry as answers: its one line, the batch that it is, or each of its lines."""
    if data.count(b"\n") == 1:
        return [[data]]
    lines = data.splitlines(keepends=True)
    return [lines] if lines[-1].startswith(b"BATCH -") else [[line] for line in lines]


class Request(Struct, eq=False):
    """A line without a label: what it is answered is told at once, in its place behind all that was decided."""

    session: IrcSession
    command: str
    label: str = ""

    @property
    def irc(self) -> Irc:
        return self.session.irc

    @property
    def server(self) -> Server:
        return self.session.server

    @property
    def hub(self) -> Hub:
        return self.session.server.hub

    @property
    def user(self) -> User:
        """Whoever asks; only for commands of registered users."""
        user = self.session.user
        if user is None:
            raise RuntimeError(f"{self.command} was run for somebody who is not registered")
        return user

    def siblings(self) -> list[Request]:
        """The same to the user's other devices, those that speak IRC: what changes for one is told to all."""
        return [device for device in self.devices(self.user) if device.session is not self.session]

    def devices(self, user: User) -> list[Request]:
        """The same to all devices of somebody, those that speak IRC."""
        devices = (session for session in user.sessions if isinstance(session, type(self.session)))
        return [Request(session, self.command) for session in devices]

    # Answers

    def reply(self, numeric: str, *params: str) -> None:
        """A numeric with these parameters, the last of them in any form."""
        self.send(replies.numeric(self.irc.name, self.session.shown_nick, numeric, params))

    def listing(self, numeric: str, *params: str, words: Iterable[str]) -> None:
        """A numeric whose last parameter is a list: as many lines as the words need, none for no words.

        What the lines have in common is written once: the names of a large room are dozens of them for each who joins.
        """
        frame = encode(replies.numeric(self.irc.name, self.session.shown_nick, numeric, (*params, "")))
        front = frame.removesuffix(b"\r\n")
        self.several(b"".join(b"%b%b\r\n" % (front, text.encode()) for text in packed(words, LINE_MAX - len(frame))))

    def letter(self, numerics: Numerics, figures: Mapping[bytes, int] = NO_FIGURES, tag: str = "") -> None:
        """Numerics that are the same for everybody, but for the nick, figures, and a tag of the first line."""
        lines = self.irc.letter(numerics).to(self.session.shown_nick, figures)
        self.several(tagged(lines, tag) if tag else lines)

    def several(self, lines: bytes) -> None:
        """Lines that are written already, each an answer of its own."""
        self.server.tell(self.session, lines)

    def error(self, numeric: str, *params: str) -> None:
        """A numeric whose sentence stands in the table."""
        self.reply(numeric, *params, replies.SENTENCES[numeric])

    def fail(self, code: str, *about: str) -> None:
        """FAIL, with the last of `about` its sentence. https://ircv3.net/specs/extensions/standard-replies"""
        command, *words = map(replies.middle, (self.command, *about[:-1]))
        self.send(Line("FAIL", (command, code, *words, about[-1]), self.irc.name))

    def notice(self, text: str, room: str = "") -> None:
        """Words of the server for whoever asked, in a room where one is named."""
        self.send(Line("NOTICE", (room or self.session.shown_nick, text), self.irc.name))

    def refuse(self, refused: Refused) -> None:
        """The hub's no, in this dialect's words."""
        self.send(replies.refusal(self.irc.name, self.session.shown_nick, self.command, refused))

    def send(self, line: Line) -> None:
        self.unit([fitting(line)])

    def batch(self, kind: str, params: Sequence[str], lines: Iterable[bytes]) -> None:
        """Written lines and entries that belong together; as they are, for those who know no batches."""
        parts = [part for data in lines for part in units(data)]
        if BATCH not in self.session.caps:
            for part in parts:
                self.unit(part)
            return
        name = secrets.token_hex(4)
        start = encode(Line("BATCH", (f"+{name}", kind, *map(replies.middle, params)), self.irc.name))
        end = encode(Line("BATCH", (f"-{name}",), self.irc.name))
        self.unit([start, *(_within(part, f"batch={name}") for part in parts), end])

    def unit(self, lines: list[bytes]) -> None:
        """Send lines that are one answer: a single line, or a whole batch."""
        self.server.tell(self.session, b"".join(lines))

    def end(self) -> None:
        """The command has done its work."""

    # Origin: what becomes of the events this request decided

    def promised(self) -> None:
        """Talk of this request is on its way, or has only begun."""

    def released(self) -> None:
        """What was promised came to nothing, or its answers have been given otherwise."""

    def heard(self, entry: Entry, data: bytes) -> bytes:
        event, session = entry.event, self.session
        if isinstance(event, Said) and event.target[0] == "#":  # asked of each message of a room: in one step
            return data if ECHO_MESSAGE in session.caps else b""
        echo = data if self._echoes(entry) else b""
        return self._delivered(entry, data) + echo

    def failed(self, refused: Refused) -> None:
        self.refuse(refused)

    def _echoes(self, entry: Entry) -> bool:
        """Whether the one who did it is told so: of talk only with echo-message, of being away by a numeric."""
        if isinstance(entry.event, Said):
            return ECHO_MESSAGE in self.session.caps
        return not isinstance(entry.event, WentAway)

    def _delivered(self, entry: Entry, data: bytes) -> bytes:
        """What they hear as the one it was said to: those who talk to themselves are both."""
        event, user = entry.event, self.session.user
        return data if isinstance(event, Said) and user is not None and event.target == user.nick else b""


class Labelled(Request):
    """A line with a label: its answers wait until it is done, echoes of its talk among them, and leave as one."""

    _units: list[list[bytes]] = field(default_factory=list)
    _outstanding: int = 0
    _done: bool = False

    def unit(self, lines: list[bytes]) -> None:
        self._units.append(lines)

    def several(self, lines: bytes) -> None:
        self._units += [[line] for line in lines.splitlines(keepends=True)]

    def end(self) -> None:
        self._done = True
        if not self._outstanding:
            self.server.tell(self.session, self._answer())

    def promised(self) -> None:
        self._outstanding += 1

    def released(self) -> None:
        self._outstanding -= 1
        if self._done and not self._outstanding:
            self.server.tell(self.session, self._answer())

    def heard(self, entry: Entry, data: bytes) -> bytes:
        if data and self._echoes(entry):
            self._units += units(self.session.unframed(entry, data))
        if not isinstance(entry.event, Said):
            return b""
        self._outstanding -= 1
        answer = self._answer() if self._done and not self._outstanding else b""
        return self._delivered(entry, data) + self.session.framed(answer)

    def failed(self, refused: Refused) -> None:
        self.refuse(refused)
        self.released()

    def _answer(self) -> bytes:
        """Nothing to say is an ACK, one answer carries the label, more are a batch that does."""
        label = f"label={escape_tag(self.label)}"
        units = self._units
        if not units:
            return tagged(encode(Line("ACK", (), self.irc.name)), label)
        if len(units) == 1:
            return b"".join(_opened(units[0], label))
        name = secrets.token_hex(4)
        start = encode(Line("BATCH", (f"+{name}", "labeled-response"), self.irc.name))
        end = encode(Line("BATCH", (f"-{name}",), self.irc.name))
        inside = (_within(unit, f"batch={name}") for unit in units)
        return b"".join((tagged(start, label), *inside, end))


def _within(lines: list[bytes], tag: str) -> bytes:
    """A unit inside a batch: of a batch within, start and end "both MUST have batch tag", and no line between them."""
    *front, last = lines
    return b"".join((*_opened(front, tag), tagged(last, tag)))


def _opened(lines: list[bytes], tag: str) -> list[bytes]:
    return [tagged(lines[0], tag), *lines[1:]] if lines else []
