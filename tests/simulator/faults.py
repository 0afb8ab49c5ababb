"""Faults that are planted, to see that the stories find them: each is what somebody could break in the server, a store
or the client, put in from outside for as long as a `with` lasts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Any, Final
from unittest.mock import patch

from hubbub.client.catchup import CatchUp
from hubbub.client.transcripts import Cursor, Transcript
from hubbub.hub.channel import Audience, grown
from hubbub.hub.events import Entry, Event, Kicked, ModesChanged, Place, Said
from hubbub.hub.hub import Hub
from hubbub.hub.promise import Promise
from hubbub.server import Server, Session
from hubbub.server.origin import Origin
from hubbub.stores import memory
from tests.simulator.disk import Drive, record

Fault = Callable[[], AbstractContextManager[None]]


@contextmanager
def deliver_before_commit() -> Iterator[None]:
    """A group counts as stored while it is still on its way to the disk; a crash takes it back."""
    crash = Drive.crash

    def append(drive: Drive, events: Sequence[Event]) -> Promise[list[list[Place]]]:
        answer: Promise[list[list[Place]]] = drive.inner.append(events)
        record(drive.disk.tape, events, answer)
        places = [place for group in answer.result() for place in group if not place.repeated]
        unsynced = drive.__dict__.setdefault("unsynced", [])
        unsynced.append(places)
        drive.disk.loop.arrive(drive.disk.wait() + 0.05, lambda: unsynced.remove(places))
        return answer

    def forget(drive: Drive) -> None:
        crash(drive)
        for place in (place for places in drive.__dict__.get("unsynced", ()) for place in places):
            entries = drive.inner._logs[place.log]._entries
            entries[:] = [pair for pair in entries if pair[1].place.seq < place.seq]

    with patch.object(Drive, "append", append), patch.object(Drive, "crash", forget):
        yield


@contextmanager
def forget_nonces() -> Iterator[None]:
    """A message that is sent again is another message."""
    with patch.object(memory, "nonce_of", lambda event: None):
        yield


@contextmanager
def apply_twice() -> Iterator[None]:
    """Now and then the server takes an entry in, and tells it, two times."""
    once = Server._deliver

    def twice(server: Server, entry: Entry, origin: Origin | None) -> None:
        once(server, entry, origin)
        if entry.place.seq % 10 == 7:
            once(server, entry, None)

    with patch.object(Server, "_deliver", twice):
        yield


@contextmanager
def answer_at_once() -> Iterator[None]:
    """A reply does not wait for what was decided before it, nor does who asks for one."""

    def tell(server: Server, session: Session[Any], data: bytes) -> None:
        server._delivery.tell(session, session.framed(data))
        if not server._turn_planned:
            server._plan_turn()

    with patch.object(Server, "tell", tell), patch.object(Server, "behind", property(lambda server: False)):
        yield


@contextmanager
def leak() -> Iterator[None]:
    """Now and then somebody hears what was said in a room that they are not in."""
    apply = Hub.apply

    def tell_more(hub: Hub, entry: Entry) -> Audience:
        audience = apply(hub, entry)
        outside = [user for user in hub.users.values() if entry.place.log not in user.memberships]
        if isinstance(entry.event, Said) and entry.place.seq % 10 == 7 and entry.place.log.startswith("#"):
            return grown(audience, (session for user in outside for session in user.sessions))
        return audience

    with patch.object(Hub, "apply", tell_more):
        yield


@contextmanager
def lose_cursors() -> Iterator[None]:
    """The client asks for what it missed from the moment on at which it comes back."""

    def here(catchup: CatchUp, talk: Transcript) -> Cursor:
        return talk.cursor if talk.since is None and talk.cursor is not None else Cursor(catchup._clock())

    with patch.object(CatchUp, "_cursor", here):
        yield


@contextmanager
def decide_too_early() -> Iterator[None]:
    """Others decide while somebody's rights are being taken away."""
    nothing = property(lambda event: "")
    with patch.object(Kicked, "settles", nothing), patch.object(ModesChanged, "settles", nothing):
        yield


ALL: Final[tuple[Fault, ...]] = (
    deliver_before_commit,
    forget_nonces,
    apply_twice,
    answer_at_once,
    leak,
    lose_cursors,
    decide_too_early,
)
