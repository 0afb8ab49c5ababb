"""A peer session: the other end of a direct conversation, in contact."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from hubbub.dialects.direct.frames import (
    CONVERSATIONS,
    ROOM,
    BadFrame,
    Bye,
    Declined,
    Have,
    Said,
    To,
    With,
    decode,
    encode,
)
from hubbub.dialects.direct.friends import Friend
from hubbub.dialects.direct.sending import Sender
from hubbub.hub.events import Detail, Entry, PeerNoted
from hubbub.hub.events import Said as Talk
from hubbub.hub.promise import Promise
from hubbub.hub.refusals import Refused
from hubbub.server import Link, Session
from hubbub.server.session import Budget

if TYPE_CHECKING:
    from hubbub.dialects.direct.circle import Circle

SAID: Final = "+hubbub.chat/said"
"""The tag of a message that arrived late: when it was said."""

_LATE_MS: Final = 60_000
"""Less than that a clock may be wrong."""

_BURST: Final = 2_000
_RATE: Final = 500.0
"""Frames at once and per second: catching up is quick, and a mad end cannot keep ours busy."""

_AGAIN_S: Final = 5.0
"""After which we ask anew for what could not be stored: a full disk is not filled by asking."""

_LINE_BYTES: Final = 380
"""Of a line that fits into the 512 of IRC behind any name that we give: longer ones are told in pieces."""


class Mute:
    """The look of sessions that are told from the log, and not from what happens."""

    def render(self, entry: Entry) -> bytes:
        return b""


_MUTE: Final = Mute()


class PeerSession(Session[bytes]):
    """`heard` says that the other end has told how far it is: from then on it counts as here."""

    __slots__ = ("_senders", "_untold", "circle", "friend", "heard", "left")

    def __init__(self, circle: Circle, friend: Friend, link: Link) -> None:
        super().__init__(circle.server, link, _MUTE)
        self.circle, self.friend = circle, friend
        self.heard = False
        self.left = ""
        self.budget = Budget(_BURST, _RATE, circle.server.clock.monotonic())
        self._senders: dict[To, Sender] = {}
        self._untold: set[To] = set()

    def greet(self) -> None:
        """Tell how far we are."""
        for to in CONVERSATIONS:
            self._tell_have(to)

    def introduce(self, other: Friend) -> None:
        """Tell of somebody else who is in our room."""
        self.link.write(encode(With(other.nick, other.fingerprint, other.kept.host, other.kept.port)))

    def wake(self, to: To) -> None:
        """Something was said at our end."""
        if to in self._senders:
            self._senders[to].wake()

    # What the link tells

    def receive(self, data: bytes) -> None:
        self.feed([data])

    def shaken(self) -> None:
        """One of two ways broke: say again what may have been on it."""
        self.greet()
        for to, sender in self._senders.items():
            sender.rewind(self.friend.has[to])

    def lost(self, reason: str) -> None:
        super().lost(reason)
        self.circle.parted(self, self.left or reason)

    def farewell(self, reason: str) -> bytes:
        return encode(Bye(reason))

    # What the other end says

    async def handle(self, item: bytes) -> None:
        try:
            frame = decode(item)
        except BadFrame as bad:
            self.close(f"what your end says is not understood here: {bad}")
            return
        match frame:
            case Said():
                await self._said(frame)
            case Have():
                self._have(frame)
            case Declined():
                self._have(Have(frame.to, frame.at))
                self.circle.declined(self.friend, frame)
            case With():
                self.circle.introduced(self.friend, frame)
            case Bye():
                self.left = frame.why[:300] or "they left"
                self.link.close(self.left)

    async def _said(self, said: Said) -> None:
        """Take the next message, and no other: what came twice is here, and what is missing is asked for."""
        friend, to = self.friend, said.to
        if said.at <= friend.taken[to] or said.after > friend.taken[to]:
            self._tell_have(to, again=said.after > friend.taken[to])
            return
        if self.server.settling:
            await self.server.settled(self.circle.log(friend, to))
        try:
            talk = self._talk(said)
        except Refused as refused:
            self._decline(said, refused)
            return
        self.server.submit(talk, None)
        self._take(said)

    def _talk(self, said: Said) -> Talk:
        """The message as our log keeps it. Raises `Refused`."""
        target = self.circle.room if said.to == ROOM else self.circle.me.nick
        text = "".join(c for c in said.text if c not in "\0\r") or " "
        now = self.server.clock.now()
        tags = {SAID: _iso(said.at)} if now - said.at > _LATE_MS else None
        talk = self.server.hub.say(self.circle.user(self.friend), said.verb, target, text, tags)
        joints = _joints(text)
        return replace(talk, detail=Detail(joints=joints)) if joints else talk

    def _decline(self, said: Said, refused: Refused) -> None:
        why = str(refused.about[-1]) if refused.about else refused.why.name
        self.link.write(encode(Declined(said.to, said.at, why)))
        self._take(said)

    def _take(self, said: Said) -> None:
        """It is ours with the next commit, which also moves the cursor: both or neither."""
        self.friend.taken[said.to] = said.at
        fact = self.friend.cursor("got", said.to, said.at)
        stored = self.server.commit(PeerNoted(self.circle.me.who, (), facts=(fact,)), None)
        stored.then(partial(self._stored, said, stored))

    def _stored(self, said: Said, stored: Promise[Entry]) -> None:
        friend, to = self.friend, said.to
        try:
            stored.result()
        except Refused:
            friend.taken[to] = friend.got[to]
            self.server.later(_AGAIN_S, partial(self._tell_have, to, again=True))
            return
        friend.got[to] = max(friend.got[to], said.at)
        if to not in self._untold:
            self._untold.add(to)
            self.server.soon(partial(self._tell_stored, to))

    def _tell_stored(self, to: To) -> None:
        """Once for all that was stored with it."""
        self._untold.discard(to)
        self._tell_have(to)

    def _tell_have(self, to: To, *, again: bool = False) -> None:
        if not self.closed:
            self.link.write(encode(Have(to, self.friend.got[to], again)))

    def _have(self, have: Have) -> None:
        """How far they are; the first word on it is believed even where it is less than we knew."""
        friend, to = self.friend, have.to
        before = friend.has[to]
        sender = self._senders.get(to)
        friend.has[to] = have.at if sender is None else max(before, have.at)
        if sender is None:
            self._senders[to] = sender = Sender(self, to, self.circle.log(friend, to), have.at)
            sender.wake()
        elif have.again:
            sender.rewind(have.at)
        else:
            sender.confirmed(have.at)
        if not self.heard:
            self.heard = True
            self.circle.arrived(self)
        if friend.has[to] != before:
            self.circle.moved(friend, to)


def _iso(ms: int) -> str:
    return f"{datetime.fromtimestamp(ms // 1000, UTC):%Y-%m-%dT%H:%M:%S}.{ms % 1000:03}Z"


def _joints(text: str) -> tuple[int, ...]:
    """Where lines that are too long for IRC are to be cut, in characters."""
    joints, size = [], 0
    for place, character in enumerate(text):
        size = 0 if character == "\n" else size + len(character.encode())
        if size > _LINE_BYTES:
            joints.append(place)
            size = len(character.encode())
    return tuple(joints)
