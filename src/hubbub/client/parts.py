"""What a conversation with a server is made of, and how its parts hear of one another."""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from hubbub.client.batches import Batches
from hubbub.client.catchup import CatchUp
from hubbub.client.events import Event, Happening, Offline, Online, Said
from hubbub.client.mirror import Mirror
from hubbub.client.multiline import MULTILINE
from hubbub.client.outbox import Pending
from hubbub.client.output import Output
from hubbub.client.posting import Posting
from hubbub.client.reading import time_of
from hubbub.client.registration import Identity, Registration
from hubbub.client.requests import Requests
from hubbub.client.visits import Visits
from hubbub.wire.line import Line

# Without these, pages of history cannot be told apart, put in order, or asked for from a point on.
_FOR_HISTORY: Final = frozenset({"batch", "draft/chathistory", "message-tags", "server-time"})


class Parts:
    """The parts, each of which owns its state.

    `online` is true from the end of the server's greeting to the cut; `ending` is why the server says it hangs up.
    """

    def __init__(self, identity: Identity, clock: Callable[[], datetime], backlog: int) -> None:
        self.clock, self.online, self.ending = clock, False, ""
        self.events: list[Event] = []
        self.mirror = Mirror(identity.nick)
        self.output = Output()
        self.batches = Batches()
        self.registration = Registration(identity, self.output.send)
        self.visits = Visits(self.mirror, self.output, self.emit, self.turned_away)
        self.requests = Requests("CHATHISTORY", self.output.send, self.output.fence)
        self.searches = Requests("SEARCH", self.output.send, self.output.fence)
        self.posting = Posting(self.mirror, self.output, self.emit, self._show, self.is_ready)
        self.catchup = CatchUp(self.mirror, self.requests, self.emit, self.posting.settle, clock, backlog)
        self._greeted = False
        self._heard = self._connected = clock()

    def emit(self, event: Event) -> None:
        """Give an event out. A line of history may be the answer to a message of ours that got none."""
        self.events.append(event)
        if isinstance(event, Said) and event.history:
            self.posting.witness(event)

    def heard(self) -> None:
        """The server is there."""
        self._heard = self.clock()

    def is_ready(self, target: str) -> bool:
        """Whether a message to a target may go now, rather than wait for a room or for what was said there before."""
        return self.online and self.visits.is_settled(target) and not self.catchup.is_filling(target)

    def connect(self) -> None:
        """A connection is there: begin."""
        self.ending, self._connected = "", self.clock()
        self.mirror.reset()
        self.registration.start()

    def welcome(self, line: Line) -> None:
        """We are taken in, at a time which the server may tell: nothing before it was meant for us."""
        self.registration.welcome()
        self.catchup.welcome(time_of(line, self._connected))

    def greeted(self) -> None:
        """The server's greeting is over: take up what we did before the cut."""
        if self.online:
            return
        self.online, resumed, self._greeted = True, self._greeted, True
        self.emit(Online(self.mirror.nick, self.mirror.network, resumed))
        self.posting.resumed(self.registration.caps, self.registration.offered.get(MULTILINE, ""))
        self.catchup.begin(usable=self.registration.caps >= _FOR_HISTORY)
        self.visits.ask(self.visits.rooms)
        self.posting.settle()

    def disconnect(self, reason: str) -> None:
        """The connection is gone."""
        self.online = False
        self.registration.stop()
        self.output.reset()
        self.batches.reset()
        self.mirror.rooms.clear()
        self.posting.lost()
        self.catchup.lost(self._heard)
        self.requests.lost()
        self.searches.lost()
        self.emit(Offline(self.ending or reason))

    def asked_in(self, room: str) -> None:
        """An invite opens a room: go there, unless we are there or on our way."""
        if self.visits.is_settled(room) and self.mirror.room(room) is None:
            self.visits.want(room)
            if self.online:
                self.visits.ask([room])

    def entered(self, event: Happening) -> None:
        """We are in a room."""
        self.visits.entered(event.conversation)
        self.catchup.entered(event)

    def left(self, room: str) -> None:
        """We are in a room no more."""
        self.visits.forget(room)
        self.turned_away(room)

    def turned_away(self, room: str) -> None:
        """We want to be in a room no more: nothing is fetched there, and what is to be said there waits no longer."""
        self.catchup.left(room)
        self.posting.settle()

    def _show(self, message: Pending) -> None:
        """A message of ours that arrived without an echo, as the others see it. One to ourselves comes anyway."""
        if self.mirror.is_me(message.target):
            return
        said = Said(
            at=self.clock(),
            nick=self.mirror.nick,
            own=True,
            conversation=self.mirror.features.room_of(message.target),
            target=message.target,
            text=message.text,
            kind=message.kind,
            label=message.label,
            tags=message.tags,
        )
        self.catchup.offer(said)
