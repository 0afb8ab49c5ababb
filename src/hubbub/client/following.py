"""One conversation printed as it goes on: for people as lines, for programs as one JSON object per line."""

import json
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

import msgspec

from hubbub.client.events import (
    Edited,
    Event,
    Gap,
    Happening,
    Invited,
    Joined,
    JoinRefused,
    Kicked,
    ModeSet,
    Offline,
    Online,
    Page,
    Parted,
    Quit,
    Redacted,
    Refused,
    Renamed,
    Said,
    Tagged,
    TopicSet,
    Waiting,
)
from hubbub.client.protocol import Protocol
from hubbub.client.render import Lines

# For each kind of event: what a program calls it, and which field holds its text.
_KINDS: Final[dict[type[msgspec.Struct], tuple[str, str]]] = {
    Joined: ("join", "realname"),
    Parted: ("part", "reason"),
    Kicked: ("kick", "reason"),
    Quit: ("quit", "reason"),
    Renamed: ("nick", "new"),
    TopicSet: ("topic", "topic"),
    ModeSet: ("mode", "modes"),
    Invited: ("invite", "who"),
    Tagged: ("tags", ""),
    Edited: ("edit", "text"),
    Redacted: ("redact", "reason"),
}


class Follower:
    """Prints what happens in one conversation on standard output, and what happens to the connection on the other."""

    def __init__(self, client: Protocol, target: str, count: int, as_json: bool) -> None:
        """`count`: how many earlier private lines to ask for; a room shows its own."""
        self._client, self._target, self._count = client, target, count
        self._json = as_json
        self._lines = Lines(lambda: datetime.now().astimezone())
        self._lines.room = target

    def hear(self, event: Event) -> str:
        """Print what belongs here; returns why there will be nothing more to follow, or ""."""
        if isinstance(event, Online) and not event.resumed and self._count:
            self._client.history(self._target, self._count)
        elif isinstance(event, Page):
            for line in event.lines:
                self._print(line)
        elif isinstance(event, Happening):
            self._happened(event)
        elif isinstance(event, Gap):
            self._gap(event)
        elif isinstance(event, Offline | Waiting) or (isinstance(event, Online) and event.resumed):
            self._show(event, sys.stderr.write)
        return self._end(event)

    def _happened(self, event: Happening) -> None:
        entered = isinstance(event, Joined) and event.own and not event.history
        if self._is_here(event) and not entered:
            self._print(event)

    def _end(self, event: Event) -> str:
        if isinstance(event, Refused | JoinRefused):
            return event.reason
        if isinstance(event, Kicked) and event.own and not event.history:
            return f"{event.by} put you out of {event.conversation}: {event.reason}"
        return ""

    def _is_here(self, event: Happening) -> bool:
        same = self._client.mirror.features.same
        rooms = event.rooms if isinstance(event, Quit | Renamed) else (event.conversation,)
        return any(same(room, self._target) for room in rooms)

    def _gap(self, gap: Gap) -> None:
        if gap.conversation and not self._client.mirror.features.same(gap.conversation, self._target):
            return
        if self._json:
            self._write(_gap_record(gap, self._target))
        else:
            self._show(gap, sys.stdout.write)

    def _print(self, event: Happening) -> None:
        if self._json:
            self._write(record(event, self._target))
        else:
            self._show(event, sys.stdout.write)

    def _show(self, event: Event, write: Callable[[str], object]) -> None:
        for line in self._lines.render(event):
            write(f"{line}\n")
        sys.stdout.flush()

    @staticmethod
    def _write(fields: dict[str, object]) -> None:
        # Everything outside of ASCII is escaped: the text is there to the last character, and steers no terminal.
        sys.stdout.write(f"{json.dumps(fields, ensure_ascii=True)}\n")
        sys.stdout.flush()


def record(event: Happening, followed: str) -> dict[str, object]:
    """What a program reads of an event: ts, from, target, kind, text, msgid, tags; text is as it was received.

    The target of what concerns several rooms is the one that is followed. "of" is the message that was edited or taken
    back.
    """
    kind, text = (event.kind, event.text) if isinstance(event, Said) else _named(event)
    target = event.target if isinstance(event, Said) else event.conversation or followed
    fields: dict[str, object] = {
        "ts": _timestamp(event.at),
        "from": event.nick,
        "target": target,
        "kind": kind,
        "text": text,
        "msgid": event.msgid,
        "tags": event.tags,
    }
    meant = event.edited if isinstance(event, Edited) else event.redacted if isinstance(event, Redacted) else ""
    return {**fields, "of": meant} if meant else fields


def _named(event: Happening) -> tuple[str, str]:
    kind, field = _KINDS[type(event)]
    return kind, getattr(event, field) if field else ""


def _gap_record(gap: Gap, target: str) -> dict[str, object]:
    """Lines may be missing between "since" and "ts"."""
    return {
        "ts": _timestamp(gap.until),
        "from": "",
        "target": target,
        "kind": "gap",
        "text": gap.reason,
        "msgid": "",
        "tags": {},
        "since": _timestamp(gap.since),
    }


def _timestamp(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
