"""One conversation with one server, over as many connections as it takes, without IO: bytes in, bytes and events out.

Four verbs: `receive` bytes, speak with the methods named after what people do, send what `data_to_send` gives, read
`events`. A shell says when a connection is there and when it is gone; rooms, messages without an answer and what was
already shown outlive it.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Final

from hubbub.client.events import Event
from hubbub.client.hearing import hear_all
from hubbub.client.mirror import Mirror
from hubbub.client.paging import by_time
from hubbub.client.parts import Parts
from hubbub.client.posting import REPLY
from hubbub.client.registration import SEARCH, Identity, Step
from hubbub.client.requests import Answer
from hubbub.client.searching import Found, found, question
from hubbub.client.transcripts import Cursor
from hubbub.wire.framing import LineReader, TooLong
from hubbub.wire.line import BadLine, Line, encode, parse

# https://ircv3.net/specs/client-tags/react and https://ircv3.net/specs/client-tags/typing
REACT: Final = "+draft/react"
UNREACT: Final = "+draft/unreact"
TYPING: Final = "+typing"


class NotOnline(RuntimeError):
    """Something was asked for that needs a server, while there is none."""


def utc_now() -> datetime:
    """Now, aware."""
    return datetime.now(UTC)


class Protocol:
    """A client's side of IRC. Nothing here waits; every method returns at once."""

    def __init__(self, identity: Identity, *, backlog: int = 0, clock: Callable[[], datetime] = utc_now) -> None:
        """`backlog`: how many earlier lines to show of a room when we come in, where the server keeps them."""
        self._parts = Parts(identity, clock, backlog)
        self._reader = LineReader()

    # The connection, as its shell sees it.

    def connection_made(self) -> None:
        """A connection is there: registration begins."""
        self._reader = LineReader()
        self._parts.connect()

    def connection_lost(self, reason: str = "the connection was closed") -> None:
        """It is gone: the next one takes up where this one ended. A farewell of the server is the better reason."""
        self._parts.disconnect(reason)

    def receive(self, data: bytes) -> None:
        """Bytes came. Lines that are none are passed over: what a server says badly it did not say."""
        self._parts.heard()
        for raw in self._reader.feed(data):
            if not isinstance(raw, TooLong):
                self._receive_line(raw)

    def silence(self) -> None:
        """Nothing came for some seconds while registering: perhaps the server waits for us."""
        self._parts.registration.silence()

    def ping(self) -> None:
        """Have the server say something, whatever it is: then it is still there."""
        self._parts.output.fence(_nothing)

    def data_to_send(self) -> bytes:
        """The bytes to send now; they count as sent."""
        return self._parts.output.take()

    def events(self) -> list[Event]:
        """What happened since the last call, in order."""
        events = self._parts.events[:]
        self._parts.events.clear()
        return events

    # What is known.

    @property
    def mirror(self) -> Mirror:
        """Rooms, people, and who we are, to be read only."""
        return self._parts.mirror

    @property
    def online(self) -> bool:
        """Whether we are registered and the server's greeting is over."""
        return self._parts.online

    @property
    def farewell(self) -> str:
        """Why the server said it would close this connection (or the last one), or ""."""
        return self._parts.ending

    @property
    def rooms(self) -> tuple[str, ...]:
        """The rooms we are in or want to be in."""
        return self._parts.visits.rooms

    @property
    def unconfirmed(self) -> int:
        """How many messages of ours have no answer yet."""
        return len(self._parts.posting)

    @property
    def settled(self) -> bool:
        """Whether we are in all rooms that we want to be in, and nothing that was missed is still being fetched."""
        return self.online and self._parts.visits.settled and self._parts.catchup.idle

    # What people do. Rooms and messages may be asked for at any time; the rest needs a server.

    def join(self, room: str, key: str = "") -> None:
        """Go into a room, now and after every reconnect; raises BadLine for what can be no room's name."""
        encode(Line("JOIN", (room, key)))
        self._parts.visits.want(room, key)
        if self.online:
            self._parts.visits.ask([room])

    def part(self, room: str, reason: str = "") -> None:
        """Leave a room."""
        self._parts.visits.forget(room)
        self._parts.turned_away(room)
        if self.online:
            self.raw("PART", room, *([reason] if reason else []))

    def say(self, target: str, text: str, reply: str = "") -> list[str]:
        """Say something, in answer to a msgid if there is one; returns one label for each message it takes.

        Each is Written now and will be Sent or Failed.
        """
        return self._parts.posting.write("message", target, text, reply)

    def act(self, target: str, text: str) -> list[str]:
        """Say what we do: "waves"."""
        return self._parts.posting.write("action", target, text)

    def notice(self, target: str, text: str) -> list[str]:
        """Say something that no program may answer."""
        return self._parts.posting.write("notice", target, text)

    def again(self, label: str) -> None:
        """Send a message that Failed once more; it can be stored only once where the server keeps nonces."""
        self._parts.posting.again(label)

    def edit(self, target: str, msgid: str, text: str) -> None:
        """Give a message of ours other words, where the server can: see `can`."""
        self.raw("EDIT", target, msgid, text)

    def redact(self, target: str, msgid: str, reason: str = "") -> None:
        """Take a message back, where the server can."""
        self.raw("REDACT", target, msgid, *([reason] if reason else []))

    def react(self, target: str, msgid: str, emoji: str, taken_back: bool = False) -> None:
        """React to a message, or take that back."""
        self._tag(target, {REPLY: msgid, UNREACT if taken_back else REACT: emoji})

    def typing(self, target: str, state: str) -> None:
        """Tell that we are typing: "active", "paused" or "done". Nothing is said to a server that cannot pass it on."""
        if self.online and self.can("message-tags") and self.mirror.features.passes_tag("typing"):
            self._tag(target, {TYPING: state})

    def mark_read(self, conversation: str, at: datetime) -> None:
        """Have our other devices know up to where we have read."""
        if self.online and self.can("draft/read-marker"):
            self.raw("MARKREAD", conversation, by_time(at))

    def ask_marker(self, conversation: str) -> None:
        """Ask up to where we have read: it comes as Marked."""
        if self.online and self.can("draft/read-marker"):
            self.raw("MARKREAD", conversation)

    def watch(self, nicks: Sequence[str]) -> None:
        """Be told who of these is online, and when that changes: Seen. Forgotten when the connection ends."""
        if self.online and nicks and "MONITOR" in self.mirror.features:
            self.raw("MONITOR", "+", ",".join(nicks))

    def people(self, since: datetime) -> None:
        """Ask with whom we had private conversations since then: they come as People, where history is kept."""
        self._parts.catchup.people(since)

    def nick(self, nick: str) -> None:
        """Ask for another nick."""
        self._needs_server("changing the nick")
        self._parts.registration.rename(nick)
        self._parts.posting.renaming()

    def topic(self, room: str, topic: str | None = None) -> None:
        """Ask for the topic of a room, or set it."""
        self.raw("TOPIC", room, *([] if topic is None else [topic]))

    def names(self, room: str) -> None:
        """Ask who is in a room."""
        self.raw("NAMES", room)

    def away(self, reason: str = "") -> None:
        """Be away, or back (no reason)."""
        self.raw("AWAY", *([reason] if reason else []))

    def history(self, conversation: str, count: int, before: Cursor | None = None) -> None:
        """Ask for the last `count` lines of a conversation (before some line): they come as one Page.

        Raises BadLine for names that no line can carry.
        """
        self._needs_server("history")
        encode(Line("CHATHISTORY", ("BEFORE", conversation, "*", str(count))))
        self._parts.catchup.page(conversation, count, before)

    def search(self, words: str, place: str, tell: Callable[[Found], object]) -> None:
        """Ask what was said with these words, in a room, with a person, or everywhere (""), where the server can."""
        self._needs_server("a search")
        if not self.can(SEARCH):
            raise NotOnline("this server cannot search")
        self._parts.searches.ask(question(words, place), lambda answer: tell(self._found(answer)))

    def around(self, conversation: str, msgid: str, count: int, tell: Callable[[Found], object]) -> None:
        """Ask what was said before and after a message."""
        self._needs_server("history")
        params = ("AROUND", conversation, f"msgid={msgid}", str(min(count, self.mirror.features.page)))
        encode(Line("CHATHISTORY", params))
        self._parts.requests.ask(params, lambda answer: tell(self._found(answer, conversation)))

    def quit(self, reason: str = "") -> None:
        """Take leave; the server will close the connection."""
        if self._parts.registration.step is not Step.IDLE:
            self._parts.output.send("QUIT", *([reason] if reason else []))

    def raw(self, command: str, *params: str) -> None:
        """Say any line; raises BadLine for one that cannot be spoken."""
        self._needs_server(command)
        self._parts.output.send(command, *params)

    def can(self, capability: str) -> bool:
        """Whether the server does something for us that it need not do."""
        return capability in self._parts.registration.caps

    def _found(self, answer: Answer, page: str = "") -> Found:
        return found(answer, self.mirror, self._parts.clock(), page)

    def _tag(self, target: str, tags: dict[str, str]) -> None:
        self._needs_server("this")
        self._parts.output.send("TAGMSG", target, tags=tags)

    def _needs_server(self, what: str) -> None:
        if not self.online:
            raise NotOnline(f"{what} needs a connection, and there is none right now; try again in a moment")

    def _receive_line(self, raw: bytes) -> None:
        try:
            line = parse(_decode(raw))
        except BadLine:
            return
        item = self._parts.batches.take(line)
        if item is not None:
            hear_all(self._parts, item)


def _decode(raw: bytes) -> str:
    """UTF-8, or what people wrote before it."""
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")


def _nothing() -> None:
    """What happens when a PONG comes that was only asked for to hear something."""
