"""One server as a person sees it: its buffers, how the connection is, and what can be done in a buffer."""

from collections.abc import Callable
from datetime import datetime, timedelta
from enum import Enum
from typing import Final

from hubbub.client.catchup import NO_HISTORY
from hubbub.client.events import Page
from hubbub.client.model.buffer import Buffer, Place
from hubbub.client.model.entry import HAPPENED, Entry, State
from hubbub.client.model.invites import Invites
from hubbub.client.model.listing import Listing
from hubbub.client.model.typing import OwnTyping, Typists
from hubbub.client.model.wishes import Wishes
from hubbub.client.protocol import NotOnline, Protocol, utc_now
from hubbub.client.transcripts import Cursor
from hubbub.wire.line import BadLine, Line, encode

# Lines of a page of history: more than a screen, so that a scroll upwards finds them there.
PAGE: Final = 100

# How far back private conversations are opened again, and how many: older ones are a /query away.
_LOOK_BACK: Final = timedelta(days=30)
PEOPLE_MAX: Final = 20

# A hostile server can invite us into conversations without end; a person who has so many opens no more by hand.
_BUFFERS_MAX: Final = 1000


class Condition(Enum):
    """How a connection is."""

    CONNECTING = "connecting"
    ONLINE = "connected"
    OFFLINE = "offline"
    REFUSED = "not let in"


class Standing(Enum):
    """Whether someone is there."""

    HERE = "here"
    AWAY = "away"
    GONE = "gone"
    UNKNOWN = "unknown"


class Network:
    """Buffers and verbs of one server. Only `taking` lets its events in; `client` says what the verbs want said."""

    def __init__(self, client: Protocol, title: str, clock: Callable[[], datetime] = utc_now) -> None:
        """`title` is what to call the server until it says so itself; `clock` tells now, aware."""
        self.client = client
        self.clock = clock
        self.title = title
        self.condition = Condition.CONNECTING
        self.trouble = ""
        self.retry_at: datetime | None = None
        self.away = False
        self.status = Buffer(title, Place.STATUS, whole=True)
        self.buffers: list[Buffer] = []
        self.front = self.status
        self.typists: dict[Buffer, Typists] = {}
        self.seen: dict[str, bool] = {}
        self.wishes = Wishes()
        self.invites = Invites()
        self.listing = Listing()
        self._own_typing = OwnTyping()
        self._opened: set[str] = set()

    @property
    def nick(self) -> str:
        """Who we are here."""
        return self.client.mirror.nick

    # Buffers.

    def find(self, name: str) -> Buffer | None:
        """The buffer of a room or a person."""
        key = self._key(name)
        return next((buffer for buffer in self.buffers if self._key(buffer.name) == key), None)

    def open(self, name: str) -> Buffer:
        """The buffer of a room or a person, made if need be.

        The status stands in for a name that cannot be spoken to, and for what would be too many.
        """
        buffer = self.find(name)
        if buffer is None and (len(self.buffers) >= _BUFFERS_MAX or not _is_speakable(name)):
            return self.status
        return buffer or self._made(name)

    def close(self, buffer: Buffer) -> None:
        """A person wants to see a conversation no more; a room is left."""
        if buffer not in self.buffers:
            return
        self.buffers.remove(buffer)
        self.typists.pop(buffer, None)
        self._opened.discard(self._key(buffer.name))
        if buffer.place is Place.ROOM and self._wants(buffer.name):
            self.client.part(buffer.name)

    def ignores(self, nick: str) -> bool:
        """Whether the person does not want to hear somebody."""
        return any(self._key(nick) == self._key(name) for name in self.wishes.ignore)

    def typing_in(self, buffer: Buffer) -> Typists:
        """Who types there."""
        return self.typists.setdefault(buffer, Typists())

    def standing(self, nick: str) -> Standing:
        """Whether someone is there, as far as the server tells."""
        user = self.client.mirror.user(nick)
        online = self.seen.get(self._key(nick))
        if self.condition is not Condition.ONLINE or (user is None and online is None):
            return Standing.UNKNOWN
        if user is not None and user.away is not None:
            return Standing.AWAY
        return Standing.HERE if user is not None or online else Standing.GONE

    # What people do in a buffer.

    def say(self, buffer: Buffer, text: str, reply: Entry | None = None) -> None:
        """Say something, in answer to an entry if there is one."""
        self._own_typing.sent()
        self.client.say(buffer.name, text, reply.msgid if reply else "")

    def again(self, buffer: Buffer, entry: Entry) -> None:
        """Send what failed once more; under its own name, so that it is said once whatever became of it."""
        if entry.state is State.FAILED:
            self.client.again(entry.detail.label)
            buffer.touch(entry)

    def discard(self, buffer: Buffer, entry: Entry) -> None:
        """Give up what failed."""
        if entry.state is State.FAILED and entry in buffer.waiting:
            buffer.settle(entry)

    def edit(self, buffer: Buffer, entry: Entry, text: str) -> None:
        """Give a message of ours other words. Raises NotOnline where the server cannot."""
        self._needs("hubbub.chat/edit", "edit messages")
        self.client.edit(buffer.name, entry.msgid, text)

    def redact(self, buffer: Buffer, entry: Entry) -> None:
        """Take a message back."""
        self._needs("draft/message-redaction", "take messages back")
        self.client.redact(buffer.name, entry.msgid)

    def react(self, buffer: Buffer, entry: Entry, emoji: str) -> None:
        """React to a message, or take that back where we did."""
        self._needs("message-tags", "pass on reactions")
        mine = any(self.client.mirror.is_me(nick) for nick in entry.detail.reactions.get(emoji, ()))
        self.client.react(buffer.name, entry.msgid, emoji, taken_back=mine)

    def drafting(self, buffer: Buffer, text: str) -> None:
        """What is being typed was changed."""
        buffer.draft = text
        if buffer.place is Place.STATUS:
            return
        state = self._own_typing.changed(text, self.clock())
        if state:
            self.client.typing(buffer.name, state)

    def earlier(self, buffer: Buffer) -> None:
        """Ask for a page of what was before the first entry, unless one is on its way."""
        if buffer.whole or buffer.paging or buffer.place is Place.STATUS or not self.client.online:
            return
        buffer.paging = True
        first = next((entry for entry in buffer.entries if entry.kind in HAPPENED), None)
        msgid = first.msgid if first and not buffer.by_time else ""
        self.client.history(buffer.name, PAGE, Cursor(first.at, msgid) if first else None)

    def tell_markers(self) -> None:
        """Have our other devices know what was read since this was called last."""
        for buffer in self.buffers:
            if buffer.marker is not None and buffer.marker != buffer.marked and not buffer.unread:
                buffer.marked = buffer.marker
                self.client.mark_read(buffer.name, buffer.marker)

    # What comes: called by `taking`.

    def note(self, buffer: Buffer, text: str, *, refused: bool = False) -> None:
        """Tell the person something in a buffer."""
        buffer.add(Entry("refused" if refused else "told", self.clock(), "", text))

    def began(self) -> None:
        """We are online: what was open before is asked for again."""
        people = [buffer for buffer in self.buffers if buffer.place is Place.PERSON]
        self.client.watch([buffer.name for buffer in people])
        for buffer in people:
            self.opened(buffer)
        self.client.people(self.clock() - _LOOK_BACK)

    def opened(self, buffer: Buffer) -> None:
        """A buffer is complete from here on: show what was before, once."""
        key = self._key(buffer.name)
        if key in self._opened:
            return
        self._opened.add(key)
        if buffer.place is Place.PERSON:
            self.client.ask_marker(buffer.name)
        self.earlier(buffer)

    def came_back(self, buffer: Buffer) -> None:
        """We are in a room again that we had left."""
        buffer.clear()
        self._opened.discard(self._key(buffer.name))

    def page(self, page: Page, entries: list[Entry]) -> int:
        """A page of history is here; returns how many entries of it were new."""
        buffer = self.find(page.conversation)
        if buffer is None:
            return 0
        buffer.paging = False
        if page.problem:
            self._no_page(buffer, page.problem)
            return 0
        added = buffer.add_earlier(entries)
        buffer.whole = buffer.begins = not added
        buffer.change.rest = buffer.change.rest or buffer.begins
        buffer.recount()
        return added

    def _no_page(self, buffer: Buffer, problem: str) -> None:
        """Where there is no history there is nothing before; a msgid may be forgotten where the time is not."""
        if problem == NO_HISTORY or (buffer.by_time and self.client.online):
            buffer.whole = True
        elif self.client.online:
            buffer.by_time = True
            self.earlier(buffer)
        else:
            self._opened.discard(self._key(buffer.name))

    def _made(self, name: str) -> Buffer:
        place = Place.ROOM if self.client.mirror.features.is_room(name) else Place.PERSON
        buffer = Buffer(name, place)
        self.buffers.append(buffer)
        if place is Place.PERSON and self.client.online:
            self.client.watch([name])
            self.opened(buffer)
        return buffer

    def _wants(self, room: str) -> bool:
        return any(self._key(wanted) == self._key(room) for wanted in self.client.rooms)

    def _needs(self, capability: str, what: str) -> None:
        if self.client.online and not self.client.can(capability):
            raise NotOnline(f"this server cannot {what}")

    def _key(self, name: str) -> str:
        return self.client.mirror.features.fold(name)


def _is_speakable(name: str) -> bool:
    """Whether a name can be a target; a server may make up any."""
    try:
        encode(Line("PRIVMSG", (name, "")))
    except BadLine:
        return False
    return "," not in name
