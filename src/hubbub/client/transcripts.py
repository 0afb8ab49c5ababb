"""What has been shown of each conversation, so that the rest can be asked for and nothing is shown twice."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import msgspec

from hubbub.client.events import Happening, Quit, Renamed, Said
from hubbub.client.mirror import Mirror
from hubbub.client.reading import Scene, read, time_of
from hubbub.wire.line import Line

# Lines that are remembered by name. Only lines that can come twice matter: those about a cut and around a page.
_SEEN_MAX: Final = 5000

_CONTEXT: Final = "draft/chathistory-context"


class Cursor(msgspec.Struct, frozen=True, gc=False):
    """The last line of a conversation that was shown; `msgid` is "" where the server gave none."""

    at: datetime
    msgid: str = ""


@dataclass(slots=True)
class Transcript:
    """One conversation: how far it was shown, and what waits behind a hole.

    `floor` is when we came in. `since` is set while there is a hole: nothing is sure from there on. `held` is None
    unless the hole is being filled. `kept` says that something was said here which a server with history keeps.
    """

    name: str
    cursor: Cursor | None = None
    floor: Cursor | None = None
    since: datetime | None = None
    held: dict[object, Happening] | None = None
    kept: bool = False


class Transcripts:
    """All conversations, by folded name."""

    def __init__(self, mirror: Mirror, emit: Callable[[Happening], None]) -> None:
        self._mirror, self._emit = mirror, emit
        self._talks: dict[str, Transcript] = {}
        self._seen: dict[object, None] = {}

    def get(self, name: str) -> Transcript:
        """The transcript of a conversation, begun if need be."""
        return self._talks.setdefault(self._mirror.features.fold(name), Transcript(name))

    def forget(self, name: str) -> None:
        """We left: what is said there now is not missed. What waited is shown."""
        talk = self._talks.pop(self._mirror.features.fold(name), None)
        if talk is not None:
            self.release(talk)

    def all(self) -> list[Transcript]:
        """Every conversation there was since the start."""
        return list(self._talks.values())

    def find(self, name: str) -> Transcript | None:
        """The transcript of a conversation, if it has begun."""
        return self._talks.get(self._mirror.features.fold(name))

    def hold(self, talk: Transcript) -> None:
        """From now on live lines of this conversation wait."""
        talk.held = {} if talk.held is None else talk.held

    def offer(self, event: Happening) -> Transcript | None:
        """Something was heard live: show it, or hold it back behind what is missing before it, and say where."""
        talk = self._holding(event)
        if talk is None or talk.held is None:
            self.show(event)
            return None
        talk.held.setdefault(event.msgid or _looks(event), event)
        return talk

    def show(self, event: Happening) -> bool:
        """Give an event out unless it was given out before; says whether it was new."""
        if not self._is_new(event):
            return False
        if event.history:
            self._read_back(self.get(event.conversation), event)
        elif isinstance(event, Said):
            # Of live lines only messages move the cursor: a server need not keep the others.
            talk = self.get(event.conversation)
            talk.cursor = Cursor(event.at, event.msgid)
            talk.kept = talk.kept or event.kind in {"message", "action"}
        self._emit(event)
        return True

    def show_page(self, talk: Transcript, lines: Iterable[Line], now: datetime) -> int:
        """Give out a page of history; returns how many of its lines were new, those included that we cannot read."""
        fresh = 0
        for line in lines:
            event = read(line, Scene(self._mirror, now, page=talk.name))
            if event is not None:
                fresh += self.show(event)
            elif "msgid" in line.tags and line.tags["msgid"] not in self._seen:
                fresh += 1
                self._remember(line.tags["msgid"])
                talk.cursor = Cursor(time_of(line, now), line.tags["msgid"])
        return fresh

    def unseen(self, lines: tuple[Line, ...]) -> tuple[Line, ...]:
        """Those of a page that were not given out by their msgid."""
        return tuple(line for line in lines if line.tags.get("msgid") not in self._seen)

    def release(self, talk: Transcript) -> None:
        """The hole is filled: what waited behind it is shown."""
        held, talk.held = talk.held or {}, None
        for event in held.values():
            self.show(event)

    def release_before(self, talk: Transcript, at: datetime) -> None:
        """Show what waits from before that time: more was said while a page was fetched than the page holds."""
        for key, event in list((talk.held or {}).items()):
            if talk.held and event.at < at:
                del talk.held[key]
                self.show(event)

    def _holding(self, event: Happening) -> Transcript | None:
        rooms = event.rooms if isinstance(event, Quit | Renamed) else (event.conversation,)
        for room in rooms:
            talk = self.find(room)
            if talk is not None and talk.held is not None:
                return talk
        return None

    def _read_back(self, talk: Transcript, event: Happening) -> None:
        """The cursor follows the pages, and what a page holds need not wait behind it any more."""
        if talk.held is not None:
            talk.held.pop(event.msgid, None)
            talk.held.pop(_looks(event), None)
        if _CONTEXT not in event.tags:  # such a line is out of turn: it follows the one it belongs to
            talk.cursor = Cursor(event.at, event.msgid)

    def _is_new(self, event: Happening) -> bool:
        """A msgid names a line for good. Where live lines have none, a page may still hold what was heard."""
        if event.msgid and event.msgid in self._seen:
            return False
        looks = _looks(event)
        repeated = event.history or (isinstance(event, Said) and event.label)  # echoes of what was sent once more
        if repeated and looks in self._seen:
            return False
        self._remember(event.msgid or looks)
        # Such a line is heard once, with one room's msgid; each room's page has its own.
        if isinstance(event, Quit | Renamed) and not event.history:
            self._remember(looks)
        return True

    def _remember(self, key: object) -> None:
        self._seen[key] = None
        if len(self._seen) > _SEEN_MAX:
            del self._seen[next(iter(self._seen))]


def _looks(event: Happening) -> tuple[object, ...]:
    """What tells a line from others when it has no msgid."""
    place = "" if isinstance(event, Quit | Renamed) else event.conversation
    return type(event), event.at, event.nick, place, event.text if isinstance(event, Said) else ""
