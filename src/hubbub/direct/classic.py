"""An end that speaks as the first tutorial does, for those who write their own: unencrypted, and nobody confirms."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Sequence
from typing import Any

from hubbub import compose, logs
from hubbub.config.endpoint import Endpoint
from hubbub.dialects.direct.seating import seat_owner
from hubbub.dialects.seats.doorkeeper import Terms
from hubbub.dialects.tutorials.classic import Classic
from hubbub.direct.home import ROOM, account_of, config_of, view_password
from hubbub.direct.node import Setup
from hubbub.direct.places import BadPlace, parse_place
from hubbub.direct.waited import waited
from hubbub.hub.events import Event
from hubbub.hub.user import User
from hubbub.net.direct.classic import FRIENDS_MAX, Place, TwoPlain, answer, call, turn_away
from hubbub.net.direct.greeter import Greeter
from hubbub.net.direct.stream import NoContact, Stream
from hubbub.net.sockets import CannotListen, open_sockets
from hubbub.wire.clean import clean

_LOG = logs.logger("direct")


class ClassicNode:
    """Made, opened and closed once, within an event loop. Raises `CannotStart`."""

    tells_arrival = False
    room = ROOM

    def __init__(self, setup: Setup) -> None:
        self.name = setup.name
        setup.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        config = config_of(setup.data, password=compose.invent(), accounts={"registration": "closed"})
        self.house = compose.House(config)
        self.house.switch_by(self)
        self.house.doorkeeper.terms = Terms()  # the password is for the view: these ends are let in by being connected
        self.place = Place(setup.host, setup.port)
        self.password = ""
        self._me: User | None = None
        self._main: Greeter | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def open(self) -> str:
        """Listen; the URL of the door for ourselves."""
        urls = await self.house.open()
        account = await account_of(self.house, self.name)
        self._me = await waited(seat_owner(self.house.server, self.name, account, ROOM))
        self.password = await view_password(self.house, self.name)
        try:
            listener = open_sockets(Endpoint("direct", self.place.host, self.place.port))[0]
        except CannotListen as error:
            await self.house.close("could not start")
            raise compose.CannotStart(str(error)) from None
        self._main = Greeter(listener, self._take, turn_away)
        self.place = Place(self.place.host, self._main.port)
        await self._main.open()
        return urls[0]

    async def close(self) -> None:
        if self._main is not None:
            await self._main.close()
        await self.house.close(f"{self.name} has left")
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    # What devices ask

    async def expect(self) -> None:
        """Nothing of what was said here waits for anybody."""

    def waiting(self) -> list[Event]:
        return []

    def news(self) -> list[str]:
        return ["Nothing here is encrypted, nobody shows who they are, and nobody confirms what they got"]

    async def ask(self, words: Sequence[str]) -> list[str]:
        if not words:
            return [f"waiting for callers at {self.place.host}:{self.place.port}; /direct HOST:PORT calls"]
        return self.call(" ".join(words))

    def call(self, text: str) -> list[str]:
        """Call somebody; what to say at once."""
        try:
            place = parse_place(text)
        except ValueError as bad:
            return [f"!! {bad}"]
        if not place.host or place.pinned:
            return [f"!! {BadPlace(f'{text}: expected HOST:PORT; there are no names and no codes in this mode')}"]
        self._spawn(self._dial(place.host, place.port))
        return [f"calling {text} ..."]

    def say(self, sentence: str) -> None:
        sentence = clean(sentence)
        _LOG.info("told", words=sentence)
        if self._me is not None:
            self.house.tell(self._me, sentence, ROOM)

    # Contacts

    async def _dial(self, host: str, port: int) -> None:
        try:
            self._welcome(await call(host, port, self.place))
        except (NoContact, CannotListen) as error:
            self.say(f"no contact with {host}:{port}: {error}")

    async def _take(self, caller: Stream) -> None:
        self._welcome(await answer(caller, self.place))

    def _welcome(self, two: TwoPlain) -> None:
        if len(self._tasks) >= FRIENDS_MAX:
            two.close("full")
            return
        two.confirm(self.name)
        if two.oneway:
            self.say(f"only one direction to {two.address} can be reached ({two.oneway}); going on over that one")
        self._spawn(two.run(Classic(self.house.doorkeeper, ROOM, two)))

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
