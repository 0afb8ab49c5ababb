"""An end of direct conversations: a house for one person, a main listener, the local network, and who is in contact."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, Final

from hubbub import compose, logs
from hubbub.dialects.direct.circle import Circle
from hubbub.dialects.direct.frames import With
from hubbub.dialects.direct.friends import Friend
from hubbub.direct.board import Board
from hubbub.direct.contacts import Contacts
from hubbub.direct.home import ROOM, account_of, config_of, view_password
from hubbub.direct.places import KEY, KIND, PORT, Directory, Found, Place
from hubbub.direct.promote import PROMOTED
from hubbub.direct.waited import kept, waited
from hubbub.direct.words import Words
from hubbub.hub.events import Event
from hubbub.net.addresses import own_addresses
from hubbub.net.direct.code import code_of
from hubbub.net.direct.handshake import Me
from hubbub.net.direct.keys import BadKey, Keys
from hubbub.net.direct.meeting import MainListener
from hubbub.net.lan import Announcement, Neighbour, NoNetwork, announce, heard
from hubbub.net.sockets import CannotListen
from hubbub.wire.clean import clean

_LOG: Final = logs.logger("direct")

LISTEN_S: Final = 60.0
"""How long the network is listened to before it is asked anew."""

SILENT_S: Final = 8.0
"""After which a network on which nobody was heard is said to be silent: mDNS answers within two."""

_LOOPBACK: Final = "127.0.0.1"
"""All of 127.0.0.0/8 is there, and this is the one that the system lists."""

_TOLD_MAX: Final = 100
"""Sentences that wait for somebody to sit down at this end."""


@dataclass(frozen=True, slots=True)
class Setup:
    """`host` is the address to listen on; `port` 0 asks for any. `name` is who sits at this end."""

    data: Path
    name: str
    host: str = "0.0.0.0"  # noqa: S104 - others are to reach it
    port: int = PORT


class Node:
    """Made, opened and closed once, within an event loop. Raises `CannotStart`."""

    tells_arrival = True
    room = ROOM

    def __init__(self, setup: Setup) -> None:
        self.usual_port = PORT
        self._setup = setup
        setup.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        if (setup.data / PROMOTED).exists():
            raise compose.CannotStart(
                f"{setup.data} is a server now: hubbub serve --data {setup.data}; --data DIR begins another end"
            )
        try:
            self._keys = Keys(setup.data / "direct")
        except BadKey as error:
            raise compose.CannotStart(str(error)) from None
        self.me = Me(setup.name, self._keys, setup.host, setup.port)
        self.house = compose.House(config_of(setup.data))
        self.circle = Circle(self.house.server, ROOM, self)
        self.words = Words(self)
        self.directory = Directory(self._keys.fingerprint)
        self.contacts = Contacts(self, self.say, self._spawn)
        self.board = Board(self, self._spawn)
        self.house.switch_by(self)
        self._tasks: set[asyncio.Task[None]] = set()
        self._untold: list[str] = []
        self._introduced: set[str] = set()
        self._announcement: Announcement | None = None
        self._announced: tuple[str, ...] = ()
        self._main: MainListener | None = None
        self.password = ""

    async def open(self) -> str:
        """Be as before the last stop, and listen; the URL of the door for ourselves."""
        urls = await self.house.open()
        try:
            await self._settle_in()
            self._main = self._listen()
        except (CannotListen, compose.CannotStart) as error:
            await self.house.close("could not start")
            raise compose.CannotStart(str(error)) from None
        self.me = self._main.me
        await self._main.open()
        for friend in self.circle.friends.values():
            self.contacts.keep(friend)
        self._spawn(self._look_around())
        return urls[0]

    async def close(self) -> None:
        if self._main is not None:
            await self._main.close()
        await self.house.close(f"{self.me.name} has left")
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._announcement is not None:
            await self._announcement.close()

    # What others in this room ask

    @property
    def shown_address(self) -> str:
        """Where others on this network reach us."""
        return next(iter(self._addresses()), "THIS-COMPUTER")

    def free_nick(self, name: str) -> str:
        """What somebody is called here who calls themselves so."""
        hub = self.house.server.hub
        base = name if hub.rules.legal_nick(name) and hub.fold(name) not in hub.rules.services else "friend"
        names = (base, *(f"{base[: hub.rules.nick_length - 3]}{number}" for number in range(2, 1000)))
        return next(nick for nick in names if hub.fold(nick) not in hub.users)

    def places_of(self, friend: Friend) -> Iterator[Place]:
        """Where a friend may be: where the network says, and where they were."""
        found = self.directory.by_key(friend.fingerprint)
        places = [(found.host, found.port)] if found and found.port else []
        if friend.kept.port:
            places.append((friend.kept.host, friend.kept.port))
        for host, port in dict.fromkeys(places):
            yield Place(host, port, friend.fingerprint, friend.nick)

    def say(self, sentence: str) -> None:
        """Tell the person at this end, or keep it until somebody sits down there."""
        sentence = clean(sentence)  # what others call themselves, and why they say no, is in it
        _LOG.info("told", words=sentence)
        if self.circle.seated and self.circle.me.sessions:
            self.house.tell(self.circle.me, sentence, ROOM)
        elif len(self._untold) < _TOLD_MAX:
            self._untold.append(sentence)

    # What the circle tells

    def arrived(self, friend: Friend) -> None:
        self.say(f"{friend.nick} is here")

    def parted(self, friend: Friend, reason: str) -> None:
        self.say(f"{friend.nick} is not here any more ({reason}); what you say waits for them")
        self.contacts.nudge(friend.fingerprint)

    def declined(self, friend: Friend, why: str) -> None:
        self.say(f"!! {friend.nick}'s end did not take what you said: {why}")

    def introduced(self, friend: Friend, other: With) -> None:
        """Somebody who hears a friend, and not us: the friend's word for where they are."""
        if other.fingerprint in self._introduced or other.fingerprint in self.circle.friends or not other.port:
            return
        self._introduced.add(other.fingerprint)
        self.directory.add(Found(other.name, other.fingerprint[:20], other.host, other.port, by=friend.nick))
        self.say(
            f"{other.name} is in the room with {friend.nick}, and does not hear you: /direct {other.name} calls "
            f"(code {code_of(other.fingerprint)})"
        )

    # What devices ask

    async def expect(self) -> None:
        await self.circle.waiting.recall()

    def waiting(self) -> list[Event]:
        return self.circle.waiting.words()

    def news(self) -> list[str]:
        told, self._untold = self._untold, []
        return told

    async def ask(self, words: Sequence[str]) -> list[str]:
        return await self.board.ask(words)

    # Inside

    @property
    def _interface(self) -> str:
        """The one to be found on, "" for all."""
        if self.me.source is None:
            return ""
        return _LOOPBACK if self.me.host.startswith("127.") else self.me.host

    def _addresses(self) -> tuple[str, ...]:
        return own_addresses("" if self.me.source is None else self.me.host)

    def _listen(self) -> MainListener:
        """On the usual port, or any where that is taken."""
        make = partial(MainListener, objection=self.contacts.objection, welcome=self.contacts.welcome)
        try:
            return make(self.me)
        except CannotListen:
            if self._setup.port != PORT:
                raise
            return make(replace(self.me, port=0))

    async def _settle_in(self) -> None:
        """Somebody sits down at this end, whose view has a password for this time alone."""
        house, name = self.house, self._setup.name
        facts = await kept(house.server.store.facts())
        await waited(self.circle.open(name, await account_of(house, name), facts))
        self.password = await view_password(house, name)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (fault := task.exception()) is not None:
            _LOG.error("fault", why=repr(fault))

    async def _look_around(self) -> None:
        """Let the network know of us, and hear who else is there, for as long as we are."""
        silence = asyncio.get_running_loop().call_later(SILENT_S, self._silent)
        while True:
            await self._announce()
            async with aclosing(heard(KIND, LISTEN_S, self._interface)) as found:
                async for neighbour in found:
                    silence.cancel()
                    self._heard(neighbour)

    async def _announce(self) -> None:
        """Anew whenever our addresses have changed: people carry their machines about."""
        addresses = self._addresses()
        if self._announcement is not None and addresses == self._announced:
            return
        if self._announcement is not None:
            await self._announcement.close()
        about = {KEY: self._keys.fingerprint[:20]}
        try:
            neighbour = Neighbour(self.me.name, addresses, self.me.port, about)
            self._announcement, self._announced = announce(KIND, neighbour, self._interface), addresses
        except NoNetwork as error:
            self._announcement = None
            self.say(f"nobody can be found on this network ({error}); {self.words.how_to_call()}")
            await asyncio.sleep(LISTEN_S)

    def _silent(self) -> None:
        if not any(friend.present for friend in self.circle.friends.values()) and not self.contacts.calls:
            self.say(f"nobody was heard on this network yet, or it does not let us hear; {self.words.how_to_call()}")

    def _heard(self, neighbour: Neighbour) -> None:
        found = self.directory.hear(neighbour)
        if found is None:
            return
        for friend in self.circle.friends.values():
            if friend.fingerprint.startswith(found.prefix):
                self.contacts.nudge(friend.fingerprint)
                return
        if not self.board.sought(found):
            self.say(f"{found.name} is on this network (code {found.code}): /direct {found.name} calls")

    def call(self, text: str) -> list[str]:
        """Have contact with whoever that is; what to say at once."""
        return self.board.call(text)
