"""A pupil: a program after a tutorial, which knows one room, no commands and no line ends."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import partial
from typing import ClassVar, Final

from hubbub.dialects.seats import form
from hubbub.dialects.seats.doorkeeper import Doorkeeper
from hubbub.dialects.seats.form import Form, Tell, to_room
from hubbub.dialects.seats.seat import LEFT, Seat
from hubbub.dialects.seats.strays import stray_words
from hubbub.dialects.seats.words import TurnedAway, words
from hubbub.hub.events import (
    Edited,
    Entry,
    Event,
    Joined,
    Kicked,
    Parted,
    Quit,
    Redacted,
    Renamed,
    RoomRenamed,
    Said,
    TopicChanged,
)
from hubbub.hub.ports import Link
from hubbub.hub.refusals import Refused
from hubbub.wire.chunks import ChunkReader

_PATIENCE: Final = 0.25
"""Seconds to wait for the rest of a character; what never comes does not hold up what came."""

_PRIVATE: Final = re.compile(r"@([^\s:]+):(?=\S)")
"""`@bob:text` is for bob alone; `@bob: text`, as people write to somebody in front of all, is not."""


class PupilForm(Form):
    """Talk as `name: text`; who comes and goes as the tutorials say it."""

    told: Mapping[type[Event], Tell] = {
        Joined: lambda event: f"{event.who.nick} joined!",
        Parted: lambda event: f"{event.who.nick} left!",
        Quit: lambda event: f"{event.who.nick} left!",
        Kicked: form.kicked,
        Renamed: lambda event: f"{event.who.nick} is now called {event.nick}",
        TopicChanged: form.topic_changed,
        RoomRenamed: form.room_renamed,
        Redacted: form.redacted,
        Edited: form.edited,
    }


UTF8: Final = PupilForm()
ASCII: Final = PupilForm(only_ascii=True)
"""For the clients of tutorials that decode ASCII, and end at anything else."""


class Pupil(Seat):
    """`asked` is what the program calls itself.

    Programs that were taught ASCII are told nothing else, until they write something else themselves.
    """

    greeting: ClassVar[bytes] = b""
    """What the tutorial's server says first: a word alone, without a line end, that programs compare with."""
    form: ClassVar[Form] = UTF8
    confirms: ClassVar[bool] = True
    """Whether they read once more what they said to one person, and so see that nobody else does."""

    __slots__ = ("_reader", "_spoke", "asked")

    def __init__(self, keeper: Doorkeeper, room: str, link: Link) -> None:
        super().__init__(keeper, room, link, self.form)
        self.asked = ""
        self._reader = ChunkReader()
        self._spoke = False
        if self.greeting:
            self.server.tell(self, self.greeting)

    def take_in(self, data: bytes) -> None:
        self.feed(self._reader.feed(data, self.server.clock.monotonic()))
        if self._reader.held:
            self.server.later(_PATIENCE, self._take_rest)

    def _take_rest(self) -> None:
        self.feed(self._reader.rest())

    def lost(self, reason: str) -> None:
        self._take_rest()
        super().lost(reason)

    async def hear(self, text: str) -> None:
        stray = "" if self._spoke else stray_words(text)
        if stray:
            raise TurnedAway(stray)
        if not text.isascii() and self.look is not UTF8:
            self._read_utf8()
        if self.user is None:
            await self.introduce(text)
        else:
            self._spoke = True
            await self.listen(text)

    async def introduce(self, text: str) -> None:
        """The first that they say: who they are."""
        raise NotImplementedError

    async def listen(self, text: str) -> None:
        """Anything that they say later."""
        await self.speak(text)

    async def come_in(self, wanted: str) -> None:
        """Sit down under a name as near as can be had, and go into the room. Raises `TurnedAway`."""
        self.asked = wanted
        self.tell_name(wanted, await self.keeper.as_near(wanted, partial(self.keeper.admit, self)))
        try:
            await self.enter(self.room)
        except Refused as refused:
            raise TurnedAway(f"You are not let in: {words(refused)}") from None

    def tell_name(self, wanted: str, nick: str) -> None:
        if nick != wanted:
            self.tell(f"The name {wanted[:60]} cannot be had; you are {nick} here")

    async def speak(self, text: str) -> None:
        """To one person, where the text is addressed to one, else to the room."""
        private = _PRIVATE.match(text)
        if private is not None:
            await self.say(private[1], text[private.end() :])
        elif text.strip():
            await self.say(self._here(), text)

    def go(self) -> None:
        """They say that they leave."""
        self.close(LEFT)

    def heard(self, entry: Entry, data: bytes) -> bytes:
        event = entry.event
        private = isinstance(event, Said) and not to_room(event)
        return data if private and self.confirms else super().heard(entry, data)

    def _here(self) -> str:
        """The room they are in: it may have another name by now, and they may have been put out."""
        room = next(iter(self.me.memberships.values()), None)
        if room is None:
            raise TurnedAway(f"You are not in {self.room} any more; connect again to come back")
        return room.channel.name

    def _read_utf8(self) -> None:
        self.look = UTF8
        if self.user is not None:
            self.server.hub.refresh(self.user)
