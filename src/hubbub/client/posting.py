"""Sending our messages and telling what became of each: Sent or Failed, once, never a guess.

A label ties an answer to its message (https://ircv3.net/specs/extensions/labeled-response), an echo does where there
are no labels (https://ircv3.net/specs/extensions/echo-message), and a PONG from behind the message where there are
neither.
"""

import secrets
from collections.abc import Callable, Set
from functools import partial
from typing import Final

from hubbub.client.events import Event, Failed, Kind, Said, Sent, Written
from hubbub.client.mirror import Mirror
from hubbub.client.multiline import CONCAT, MULTILINE, Limits, limits, messages, pieces_of
from hubbub.client.outbox import Outbox, Pending, Stage
from hubbub.client.output import Output
from hubbub.client.splitting import room_for_text, split
from hubbub.wire.line import Line, encode
from hubbub.wire.numerics import ERR_INPUTTOOLONG, ERR_NORECIPIENT, ERR_NOTEXTTOSEND

# Messages on their way at once: as many as the flood protection of common servers forgives, and each answer lets the
# next one go, so that a pasted page is as fast as the server wants it.
_WINDOW: Final = 5

# A server that says SAFERATE delays a flood instead of cutting it off: then only memory bounds the window.
_SAFE_WINDOW: Final = 100

# Errors that name neither target nor command.
_ABOUT_MESSAGES: Final = frozenset({ERR_NORECIPIENT, ERR_NOTEXTTOSEND, ERR_INPUTTOOLONG})
_COMMANDS: Final = frozenset({"PRIVMSG", "NOTICE", "BATCH"})

# What makes a message an answer to another one: https://ircv3.net/specs/client-tags/reply
REPLY: Final = "+draft/reply"

# We have one batch open at a time, from its first line to its last.
_BATCH: Final = "lines"

# Failed messages that can be sent once more.
_FAILED_MAX: Final = 100

_ACTION: Final = len("\x01ACTION \x01")

_ONE_LINE: Final = "this server takes no messages of several lines (any more)"
_UNKNOWN: Final = "the connection broke before the server confirmed it: it may have arrived, or not"


class Posting:
    """Our messages and their fate."""

    def __init__(
        self,
        mirror: Mirror,
        output: Output,
        emit: Callable[[Event], None],
        show: Callable[[Pending], None],
        ready: Callable[[str], bool],
    ) -> None:
        """`show(message)` shows one that arrived without an echo; `ready(target)` says whether one may go now."""
        self._mirror, self._output, self._emit = mirror, output, emit
        self._show, self._ready = show, ready
        self._outbox = Outbox(mirror.features)
        self._caps: Set[str] = frozenset()
        self._most: Limits | None = None  # how much a message of several lines may hold, None where there are none
        self._failed: dict[str, Pending] = {}
        self._renames = 0  # how many NICKs have no answer yet
        # No two clients may ever use the same label: to a server that keeps nonces that would be one message.
        self._nonce, self._count = secrets.token_hex(8), 0

    def __len__(self) -> int:
        return len(self._outbox)

    def write(self, kind: Kind, target: str, text: str, reply: str = "") -> list[str]:
        """Send a text, in as many messages as it takes; returns their labels. The first answers the msgid `reply`.

        Raises BadLine for a target that no line can carry.
        """
        written = [Pending(self._label(), kind, target, piece) for piece in self._pieces(kind, target, text)]
        for message in written:
            encode(Line(message.command, (target, "")))
        if reply and written and "message-tags" in self._caps:
            written[0].tags[REPLY] = reply
        for message in written:
            self._put(message)
        self.flush()
        return [message.label for message in written]

    def again(self, label: str) -> None:
        """Send a message that Failed once more, under the label it had: should it be there, it stays one message.

        Under another name than before it may become two; the person was told that it may be there, and wants it so.
        """
        message = self._failed.pop(label, None)
        if message is not None:
            message.stage, message.sender = Stage.WRITTEN, self._sender()
            self._put(message)
            self.flush()

    def flush(self) -> None:
        """Give the server what may go now."""
        window = _SAFE_WINDOW if "SAFERATE" in self._mirror.features else _WINDOW
        sender, estranged = self._sender(), list[Pending]()
        for message in self._outbox.launch(self._ready, window):
            if self._outbox.estranged(message, sender):  # renamed while it waited for its room
                estranged.append(message)
            else:
                self._send(message)
        for message in estranged:
            self._decide(message)

    def echoed(self, said: Said) -> None:
        """A message from ourselves was heard, here or from another device of ours."""
        message = self._outbox.get(said.label)
        if message is None and "echo-message" in self._caps:
            # A server may change the text (colours taken out, too long): then the oldest is meant.
            message = self._outbox.flying(said.target, said.text) or self._outbox.flying(said.target)
        if message is not None:
            self._confirm(message, said.msgid)

    def answered(self, label: str) -> None:
        """All that answers a label is here. A message that was neither echoed nor refused has arrived."""
        message = self._outbox.get(label)
        if message is not None:
            self._show(message)
            self._confirm(message)

    def refused(self, code: str, reason: str, label: str, context: list[str]) -> bool:
        """An error names a label, targets or commands; says whether it was about a message of ours."""
        message = self._outbox.get(label) or self._meant(code, context)
        if message is not None and message.doubted:
            self._fail(message, "", f"{_UNKNOWN}; sent again, it was refused: {reason}")
        elif message is not None:
            self._fail(message, code, reason)
        return message is not None

    def witness(self, said: Said) -> None:
        """A line of history: it may be a message of ours that arrived although nobody could tell us."""
        message = self._outbox.doubtful(said)
        if message is not None and message.stage is Stage.DOUBTFUL:
            self._confirm(message, said.msgid)
        elif message is not None:
            message.seen = said.msgid  # the server's answer to the nonce is surer, if it may still be asked

    def renaming(self) -> None:
        """A NICK is on its way: until it is answered, nobody knows under which name the server takes what we say."""
        self._renames += 1
        self._output.fence(self._renamed)

    def lost(self) -> None:
        """The connection is gone."""
        self._renames = 0
        self._outbox.lost()

    def resumed(self, caps: Set[str], multiline: str) -> None:
        """We are registered with these capabilities. What may safely be said twice is said again.

        A server that keeps nonces keeps them by sender: under another name it would be another message, and under one
        that we were not sure of it might be.
        `multiline` is the value of that capability.
        """
        self._caps = caps
        self._most = limits(multiline) if {MULTILINE, "batch"} <= caps else None
        if self._mirror.features.keeps_nonces and "labeled-response" in caps:
            self._outbox.resend(self._sender())

    def settle(self) -> None:
        """Something is complete: messages still in doubt there are given back to the person, others may go."""
        for message in self._outbox:
            if message.stage is Stage.DOUBTFUL and self._ready(message.target):
                self._decide(message)
        self.flush()

    def _decide(self, message: Pending) -> None:
        """It is in doubt, and nothing more will be heard of it."""
        if message.seen is None:
            self._fail(message, "", _UNKNOWN)
        else:
            self._confirm(message, message.seen)

    def _meant(self, code: str, context: list[str]) -> Pending | None:
        for target in context:
            message = self._outbox.flying(target)
            if message is not None:
                return message
        about_messages = code in _ABOUT_MESSAGES or not _COMMANDS.isdisjoint(context)
        return self._outbox.flying() if about_messages else None

    def _pieces(self, kind: Kind, target: str, text: str) -> list[str]:
        limit = self._room(kind, target)
        if self._most is None or kind == "action":
            return list(split(text, limit - _ACTION if kind == "action" else limit))
        return list(messages(text, limit, self._most))

    def _room(self, kind: Kind, target: str) -> int:
        return room_for_text(self._mirror, "NOTICE" if kind == "notice" else "PRIVMSG", target)

    def _send(self, message: Pending) -> None:
        message.sender, message.nick = self._sender(), self._mirror.nick
        message.labelled = "labeled-response" in self._caps
        tags = {**message.tags, **({"label": message.label} if message.labelled else {})}
        lines = [] if message.kind == "action" else pieces_of(message.text, self._room(message.kind, message.target))
        if len(lines) <= 1 or (self._most is None and "\n" not in message.text):
            self._output.send(message.command, message.target, message.payload, tags=tags)
        elif self._most is None:
            self._fail(message, "", _ONE_LINE)
            return
        else:
            self._send_lines(message, lines, tags)
        if not message.labelled:
            self._output.fence(partial(self._passed, message))

    def _send_lines(self, message: Pending, lines: list[tuple[str, bool]], tags: dict[str, str]) -> None:
        batch = {"batch": _BATCH}
        self._output.send("BATCH", f"+{_BATCH}", MULTILINE, message.target, tags=tags)
        for text, goes_on in lines:
            self._output.send(message.command, message.target, text, tags=batch | ({CONCAT: ""} if goes_on else {}))
        self._output.send("BATCH", f"-{_BATCH}")

    def _passed(self, message: Pending) -> None:
        """The server is past a message without a label, and has not refused it."""
        if self._outbox.get(message.label) is None:
            return
        if "echo-message" in self._caps:
            self._fail(message, "", "the server neither echoed nor refused it")
        else:
            self._show(message)
            self._confirm(message)

    def _confirm(self, message: Pending, msgid: str = "") -> None:
        self._outbox.take(message.label)
        self._emit(Sent(message.label, message.target, message.text, msgid))
        self.flush()

    def _put(self, message: Pending) -> None:
        self._outbox.put(message)
        place = self._mirror.features.room_of(message.target)
        self._emit(Written(message.label, place, message.target, message.text, message.kind, message.tags))

    def _fail(self, message: Pending, code: str, reason: str) -> None:
        self._outbox.take(message.label)
        self._failed[message.label] = message
        if len(self._failed) > _FAILED_MAX:
            del self._failed[next(iter(self._failed))]
        self._emit(Failed(message.label, message.target, message.text, code, reason))
        self.flush()

    def _renamed(self) -> None:
        self._renames -= 1

    def _sender(self) -> str:
        return self._mirror.account or ("" if self._renames else self._mirror.nick)

    def _label(self) -> str:
        self._count += 1
        return f"{self._nonce}-{self._count}"
