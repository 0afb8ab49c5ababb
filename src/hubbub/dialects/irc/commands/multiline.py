"""BATCH from clients, for messages of several lines.

https://ircv3.net/specs/extensions/multiline and https://ircv3.net/specs/extensions/client-batch
"""

from __future__ import annotations

import re
from typing import Final

from hubbub.dialects.irc.commands.talk import client_tags, overflows, say
from hubbub.dialects.irc.lines import CONCAT, MULTILINE, pieces
from hubbub.dialects.irc.registry import Kind, command
from hubbub.dialects.irc.request import Request
from hubbub.hub.events import TALK, Detail, Said
from hubbub.hub.refusals import Refused
from hubbub.wire.line import Line

PATIENCE_SECONDS: Final = 120.0
"""How long a batch may stay open: the line budget lets the longest one through in a few seconds."""

_REFERENCE: Final = re.compile(r"[A-Za-z0-9-]{1,64}")
_PASSING: Final = frozenset({"BATCH", "PING", "PONG", "QUIT"})
"""What may stand between the lines of a batch: its end, and what the connection itself asks for."""


class _Bad(Exception):
    """The code of a FAIL BATCH, with what it is about and its sentence."""


def _expect(fine: bool, *otherwise: str) -> None:
    if not fine:
        raise _Bad(*otherwise)


class OpenBatch:
    """What a client has opened and not closed. `dead` says that it was refused: what is still to come of it is nothing.

    `request` is its opening line, whose label all answers carry.
    """

    __slots__ = (
        "_joints",
        "_opened",
        "_parts",
        "_size",
        "dead",
        "lines",
        "reference",
        "request",
        "tags",
        "target",
        "verb",
    )

    def __init__(self, request: Request, reference: str, target: str, tags: dict[str, str] | None) -> None:
        self.request = request
        self.reference = reference
        self.target = target
        self.tags = tags
        self.verb = ""
        self.lines = 0
        self.dead = False
        self._parts: list[str] = []
        self._joints: list[int] = []
        self._size = 0
        self._opened = request.server.clock.monotonic()
        request.promised()

    def takes(self, line: Line) -> bool:
        """Whether a line was for this batch, and is dealt with; a client that says something else has given it up."""
        if line.command in _PASSING:
            return False
        try:
            _expect("batch" in line.tags, "MULTILINE_INVALID", "Expected a line of the open batch, got something else")
            if not self.dead:
                self._check(line)
                self._add(line.params[1], goes_on=CONCAT in line.tags)
        except _Bad as bad:
            self.fail(*bad.args)
        return "batch" in line.tags

    def whole(self) -> Said:
        """What it comes to, where that can be said."""
        self._check_time()
        detail = Detail(joints=tuple(self._joints)) if self._joints else None
        said = Said(self.request.user.who, (), self.verb, self.target, "".join(self._parts), self.tags, "", detail)
        found = [text for text, _ in pieces(said)]
        _expect(any(found), "MULTILINE_INVALID", "Expected at least one line that is not blank")
        _expect(
            len(found) == 1 or not any(text[:1] == "\x01" for text in found),
            "MULTILINE_INVALID",
            "CTCP is one line; send it by itself",
        )
        _expect(not overflows(said), "MULTILINE_INVALID", "A line is too long to be passed on; split it")
        return said

    def fail(self, *answer: str) -> None:
        """Refuse it, once."""
        if not self.dead:
            self.dead = True
            self.request.fail(*answer)
            self.request.released()

    def _check(self, line: Line) -> None:
        limits, fold = self.request.irc.settings, self.request.hub.fold
        self._check_time()
        _expect(line.tags["batch"] == self.reference, "MULTILINE_INVALID", "Expected the batch that is open")
        told = line.command in TALK and len(line.params) >= 2 and self.verb in ("", line.command)
        _expect(told, "MULTILINE_INVALID", "Expected PRIVMSG with a text in all lines, or NOTICE in all")
        target, text = line.params[:2]
        fits = fold(target) == fold(self.target)
        _expect(fits, "MULTILINE_INVALID_TARGET", self.target, target, "Expected the target of the batch")
        self.verb = line.command
        _expect(bool(text) or CONCAT not in line.tags, "MULTILINE_INVALID", "A blank line has nothing to go on with")
        most = limits.multiline_lines
        _expect(self.lines < most, "MULTILINE_MAX_LINES", str(most), f"Expected up to {most} lines; send it in parts")

    def _add(self, text: str, *, goes_on: bool) -> None:
        if self.lines and goes_on:
            self._joints.append(sum(map(len, self._parts)))
        elif self.lines:
            self._parts.append("\n")
            self._size += 1
        self.lines += 1
        self._parts.append(text)
        self._size += len(text.encode())
        most = self.request.irc.settings.multiline_bytes
        _expect(self._size <= most, "MULTILINE_MAX_BYTES", str(most), f"Expected up to {most} bytes; send it in parts")

    def _check_time(self) -> None:
        in_time = self.request.server.clock.monotonic() - self._opened <= PATIENCE_SECONDS
        _expect(in_time, "TIMEOUT", self.reference, "The batch was open for too long; send it again")


@command(
    "BATCH",
    1,
    kind=Kind.TALK,
    usage="+<reference> draft/multiline <target> | -<reference>",
    help="Open or close a message of several lines.",
)
async def batch(request: Request, line: Line) -> None:
    sign, reference = line.params[0][:1], line.params[0][1:]
    try:
        named = sign in ("+", "-") and _REFERENCE.fullmatch(reference) is not None
        _expect(named, "INVALID_REFTAG", line.params[0], "Expected + or - and letters, digits or dashes")
        _expect("batch" not in line.tags, "MULTILINE_INVALID", "A batch cannot stand in another")
        if sign == "+":
            _open(request, line, reference)
        else:
            await _close(request, reference)
    except _Bad as bad:
        request.fail(*bad.args)


def _open(request: Request, line: Line, reference: str) -> None:
    """Where it is refused, its lines are to be ignored: a dead batch stands for it."""
    former, kind, target = request.session.batch, "".join(line.params[1:2]), "".join(line.params[2:3])
    opened = request.session.batch = OpenBatch(request, reference, target, client_tags(line, request))
    if former is not None and not former.dead:
        former.fail("MULTILINE_INVALID", "Another batch was opened before this one was closed")
        opened.fail("MULTILINE_INVALID", "A batch was open; send this one again")
    elif kind != MULTILINE or MULTILINE not in request.session.caps:
        opened.fail("UNKNOWN_TYPE", reference, kind, f"Expected {MULTILINE}, which is to be negotiated first")
    elif not target:
        opened.fail("MULTILINE_INVALID", "Expected a channel or a nick as the target")


async def _close(request: Request, reference: str) -> None:
    found, request.session.batch = request.session.batch, None
    if found is None:
        raise _Bad("MULTILINE_INVALID", "No batch is open")
    try:
        _expect(found.reference == reference, "MULTILINE_INVALID", "Expected the end of the batch that is open")
        if not found.dead:
            await _say(found.request, found.whole())
    except _Bad as bad:
        found.fail(*bad.args)


async def _say(request: Request, said: Said) -> None:
    try:
        if said.verb == "PRIVMSG":
            request.user.last_spoke = request.server.clock.now()
        await say(request, said.verb, said.target, said.text, said.tags, said.detail)
    except Refused as refused:
        if said.verb != "NOTICE":
            request.refuse(refused)
    request.released()
