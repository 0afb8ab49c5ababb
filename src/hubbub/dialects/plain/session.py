"""Somebody at plain:// or ssh://: says a name, then lines, and commands behind a slash."""

from __future__ import annotations

from typing import Final

from hubbub.dialects.plain import commands
from hubbub.dialects.plain.commands import BadCommand
from hubbub.dialects.plain.form import PlainForm, form_for
from hubbub.dialects.seats.doorkeeper import Doorkeeper
from hubbub.dialects.seats.seat import Seat
from hubbub.dialects.seats.strays import stray_words
from hubbub.dialects.seats.words import TurnedAway, words
from hubbub.hub.account import Login
from hubbub.hub.channel import Channel
from hubbub.hub.events import Joined, Parted
from hubbub.hub.invites import read_code
from hubbub.hub.ports import Link
from hubbub.hub.refusals import Refused, Why
from hubbub.server.arrival import settle_in
from hubbub.wire.chunks import TEXT_MAX
from hubbub.wire.clean import typed
from hubbub.wire.framing import LineReader, TooLong
from hubbub.wire.telnet import Telnet

_FOR_THE_INVITED: Final = {Why.INVITE_ONLY, Why.ACCOUNT_NEEDED}

_MEMBERS_ONLY: Final = "Only people with an account or an invite are let in: type /login NAME PASSWORD, or /invite CODE"


class PlainSeat(Seat):
    """What is typed without a command is said in the room in front.

    Where `name` is given, the door has asked for it already; `login` or the `code` of an invite is what came with it.
    """

    door = username = "plain"
    look: PlainForm

    __slots__ = ("_front", "_reader", "_telnet", "_wanted")

    def __init__(
        self, keeper: Doorkeeper, room: str, link: Link, name: str = "", login: Login | None = None, code: str = ""
    ) -> None:
        super().__init__(keeper, room, link, form_for(""))
        self._front: Channel | None = None
        self._reader = LineReader(TEXT_MAX + len("\r\n"))
        self._telnet = Telnet()
        if login is not None:
            keeper.logins.admit(self, login)
        self._wanted = name  # until the house is open to them
        if code:
            self.feed([f"/invite {code}"])
        elif name and not self._asks_for_password():
            self.feed([name])
        else:
            self._ask()

    def take_in(self, data: bytes) -> None:
        said, answer = self._telnet.feed(data)
        if answer:
            self.server.tell(self, answer)
        lines = self._reader.feed(said)
        self.feed(line if isinstance(line, TooLong) else typed(line.decode(errors="replace")) for line in lines)

    def lost(self, reason: str) -> None:
        """What was typed last may have no line end; half a name is none."""
        if self.user is not None:
            self.take_in(b"\n")
        super().lost(reason)

    async def hear(self, text: str) -> None:
        try:
            if text[:1] == "/" and text[:2] != "//":
                await self._obey(text[1:])
            elif self.user is None:
                await self._introduce(text.strip())
            elif text.strip():
                await self.say(self.here, text.removeprefix("/") if text[:2] == "//" else text)
        except BadCommand as bad:
            self.tell(f"!! {bad}")

    def failed(self, refused: Refused) -> None:
        hint = "; if you have an invite's code, type /invite CODE" if refused.why in _FOR_THE_INVITED else ""
        self.tell(f"!! {words(refused)}{hint}")

    # Coming in

    def _ask(self) -> None:
        if self._asks_for_password():
            self.tell(f"This is {self.server.hub.rules.network}. What is the password of this house?")
        else:
            self.tell(f"This is {self.server.hub.rules.network}. What is your name?")

    def _asks_for_password(self) -> bool:
        shown = self.knows_password or self.invited or self.login is not None
        return bool(self.keeper.terms.password) and not shown

    async def _introduce(self, text: str) -> None:
        stray = stray_words(text)
        if stray:
            raise TurnedAway(stray)
        if self._asks_for_password() and self.server.hub.invites.find(read_code(text)) is not None:
            await self.come_by(text)
        elif self._asks_for_password():
            await self.keeper.check_password(self, text)
            self.knows_password = True
            await self._carry_on()
        elif self.login is None and not self.invited and not self.keeper.logins.rules.guests:
            self._wanted = text
            raise BadCommand(_MEMBERS_ONLY)
        elif text:
            await self.come_in(text)

    async def _carry_on(self) -> None:
        """They have shown something: they may be in now, if it is known how they would like to be called."""
        if self._wanted and not self._asks_for_password():
            await self._introduce(self._wanted)
        else:
            self._ask()

    async def come_by(self, code: str) -> None:
        """An invite opens the house to them, and leads them into its room. Raises `Refused`."""
        invite = await self.keeper.come_by(self, code)
        self.tell(f"-- that invite leads to {invite.room or self.server.hub.rules.network}")
        if self.user is None:
            self.room = invite.room or self.room
            await self._carry_on()
        elif invite.room:
            await self.go_to(invite.room)

    async def come_in(self, name: str) -> None:
        """Raises `Refused` where they cannot be called so: they may try another name."""
        try:
            await self.keeper.admit(self, name)
        except Refused as refused:
            if refused.why is not Why.NICK_OWNED:
                raise
            raise BadCommand(f"{name} belongs to an account: type /login {name} PASSWORD, or another name") from None
        self.tell(f"-- you are {self.me.nick} here; times are UTC; /help shows what you can type")
        if not self.me.account and self.link.fingerprint:
            self.tell("-- to keep that name for whoever has your key, type /register")
        rooms = [member.channel.name for member in self.me.memberships.values()]
        await self.go_to(self.room if self.room in rooms or not rooms else rooms[0])

    async def log_in(self, login: Login) -> None:
        """They have shown whose account it is. Raises `Refused` where other devices of theirs stand in the way."""
        event = self.server.hub.log_in(self.me, login.account) if self.user is not None else None
        self.keeper.logins.admit(self, login)
        if event is not None:
            await self.server.commit(event, self)
            self.keeper.check_ban(self, self.me.nick)
            await settle_in(self.keeper.logins, self, self)
            self.tell(f"-- you are logged in as {login.account}")

    # Rooms

    async def go_to(self, room: str, key: str = "") -> None:
        """Have a room in front, and go into it if they are not in it."""
        channel = await self.enter(room, key)
        self._show(channel)
        self.tell(f"-> you are in {channel.name}")
        if channel.topic is not None:
            commands.tell_topic(self, channel)
        commands.tell_names(self, channel)
        if self.keeper.terms.backlog:
            await commands.tell_history(self, channel.name, self.keeper.terms.backlog)

    @property
    def here(self) -> str:
        """The room in front, as it is called now. Raises `BadCommand` where they are not in it any more: what was typed
        for one room is not said in another."""
        room = self._front
        if room is None:
            raise BadCommand("You are in no room; go into one first: /join #general")
        if self.me not in room.members:
            self.step_back()
            raise BadCommand(f"You are not in {room.name} any more, so that was not done")
        if room.name != self.look.front:
            self._show(room)
        return room.name

    def step_back(self) -> None:
        """Another of their rooms comes to the front, if they are in one."""
        room = next((member.channel for member in self.me.memberships.values()), None)
        self._show(room)
        if room is not None:
            self.tell(f"-- {room.name} is in front of you now")

    def _show(self, room: Channel | None) -> None:
        self._front, self.look = room, form_for(room.name if room is not None else "")
        self.server.hub.refresh(self.me)

    async def _obey(self, text: str) -> None:
        name, _, rest = text.partition(" ")
        command = commands.look_up(name)
        if self.user is None and not command.anyone:
            raise BadCommand("Say your name first")
        await command.run(self, rest.strip())


class SshSeat(PlainSeat):
    """Here what was typed is taken off the screen when it is sent: they read it once more when it is stored."""

    door = username = "ssh"
    untold = (Joined, Parted)
