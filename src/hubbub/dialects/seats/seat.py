"""A seat: one connection whose other end types words and no protocol. What its doors have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from msgspec.structs import replace

from hubbub.dialects.seats.form import Form, to_room
from hubbub.dialects.seats.pieces import joints
from hubbub.dialects.seats.strays import stray_bytes
from hubbub.dialects.seats.words import TurnedAway, words
from hubbub.hub.channel import Channel
from hubbub.hub.events import Detail, Entry, Event, Joined, Parted, Said
from hubbub.hub.invites import Invite
from hubbub.hub.ports import Link
from hubbub.hub.refusals import Refused, Why
from hubbub.hub.user import User
from hubbub.server import Session
from hubbub.server.entrance import enter
from hubbub.wire.framing import TooLong

if TYPE_CHECKING:
    from hubbub.dialects.seats.doorkeeper import Doorkeeper

LEFT = "left"
"""The parting of those who said that they go: they are told nothing more."""


class Seat(Session[str | TooLong]):
    """`room` is where its door leads, `called` the name that they came in under, "" for those who have not.

    `invites` are those that they came by. It is the origin of what it does, too: one object to a connection.
    """

    door: ClassVar[str]
    """The scheme of its listeners."""
    username: ClassVar[str]
    """Stands between a nick and a host, and says which way they came."""
    untold: ClassVar[tuple[type[Event], ...]] = (Said, Joined, Parted)
    """What they do and do not hear of, since they see it while they type."""
    look: Form

    __slots__ = ("called", "invites", "keeper", "knows_password", "room")

    def __init__(self, keeper: Doorkeeper, room: str, link: Link, form: Form) -> None:
        super().__init__(keeper.server, link, form)
        self.keeper = keeper
        self.room = room
        self.called = ""
        self.knows_password = False
        self.invites: tuple[Invite, ...] = ()

    @property
    def me(self) -> User:
        """Whoever sits here."""
        if self.user is None:
            raise RuntimeError("nobody sits here yet")
        return self.user

    @property
    def invited(self) -> bool:
        """Whether an invite has opened the house to them."""
        return any(invite.house for invite in self.invites)

    # What net tells

    def receive(self, data: bytes) -> None:
        """Bytes came in."""
        stray = stray_bytes(data) if self.user is None else ""
        if stray:
            self.close(stray)
        else:
            self.take_in(data)

    def take_in(self, data: bytes) -> None:
        """Cut bytes into texts and `feed` them."""
        raise NotImplementedError

    def overdue(self) -> None:
        """The time to say a name is up."""
        if self.user is None:
            self.close("No name came; connect again, and say what you are called")

    def idle(self, seconds: float) -> None:
        """Nobody here answers pings. Who is silent may be listening, and the kernel finds out who is gone."""

    def lost(self, reason: str) -> None:
        super().lost(reason)
        if self.called:
            self.keeper.left(self)

    # What comes in

    async def handle(self, item: str | TooLong) -> None:
        try:
            if isinstance(item, TooLong):
                raise Refused(Why.TOO_LONG)
            await self.hear(item)
        except Refused as refused:
            self.failed(refused)
        except TurnedAway as away:
            self.close(str(away))

    async def hear(self, text: str) -> None:
        """Do what one text asks. Raises `Refused` and `TurnedAway`."""
        raise NotImplementedError

    async def enter(self, room: str, key: str = "") -> Channel:
        """Be in a room, whatever it is called by now. Raises `Refused`."""
        server, hub = self.server, self.server.hub
        if len(room.encode()) > hub.rules.channel_length:
            raise Refused(Why.CHANNEL_ILLEGAL, room)
        name = hub.forwards.get(hub.fold(room), room)
        await server.settled(hub.fold(name))
        event = hub.join(self.me, name, key)
        if event is not None:
            await enter(server, self.me, event, self)
        return hub.channel_of(self.me, name)

    async def rename(self, nick: str) -> None:
        """Be called otherwise. Raises `Refused`."""
        hub = self.server.hub
        hub.check_legal(nick)
        await self.keeper.logins.check_nick(nick, self.me.account)
        event = hub.rename(self.me, nick)
        if event is not None:
            await self.server.commit(event, self)

    async def say(self, target: str, text: str) -> None:
        """Say it to a room or to somebody, and go on: it is on its way. Raises `Refused`."""
        server, hub = self.server, self.server.hub
        if not target:
            raise Refused(Why.NO_SUCH_NICK, "nothing")
        if server.settling:
            await server.settled(hub.fold(target))
        said = hub.say(self.me, "PRIVMSG", target, text)
        cuts = joints(said)
        server.submit(replace(said, detail=Detail(joints=cuts)) if cuts else said, self)
        self.me.last_spoke = server.clock.now()
        if not to_room(said):
            self._meet(hub.users.get(hub.fold(target)))

    def _meet(self, other: User | None) -> None:
        """Whoever is asked may answer, and who asks is told if they are away."""
        if other is not None and "R" in self.me.modes:
            self.server.hub.accept(self.me, other)
        if other is not None and other.away:
            self.tell(f"{other.nick} is away: {other.away}")

    # What goes out

    def tell(self, *lines: str) -> None:
        """Say something to this seat alone, behind all that was decided."""
        self.server.tell(self, self.look.write(lines))

    def farewell(self, reason: str) -> bytes:
        return b"" if reason == LEFT else self.look.write([reason])

    # Origin: what becomes of what it did

    @property
    def session(self) -> Seat:
        return self

    def heard(self, entry: Entry, data: bytes) -> bytes:
        event = entry.event
        if isinstance(event, Said) and self.user is not None and event.target == self.user.nick:
            return data  # to themselves
        return b"" if isinstance(event, self.untold) else data

    def failed(self, refused: Refused) -> None:
        self.tell(words(refused))
