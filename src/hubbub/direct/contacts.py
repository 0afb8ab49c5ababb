"""Contacts: who is let in, whose call waits for an answer, and who is called again and again until they are there."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any, Final

from hubbub import logs
from hubbub.dialects.direct.frames import Bye, encode
from hubbub.dialects.direct.friends import Friend
from hubbub.direct.home import nobodys_account
from hubbub.direct.places import Place
from hubbub.direct.waited import waited
from hubbub.net.direct.handshake import Met
from hubbub.net.direct.meeting import AnotherKey, call
from hubbub.net.direct.pair import Pair
from hubbub.net.direct.stream import NoContact

if TYPE_CHECKING:
    from hubbub.direct.node import Node

_LOG: Final = logs.logger("direct")

CALLS_MAX: Final = 8
"""Strangers whose call may wait for an answer: each holds two connections."""

CALLS_PER_ADDRESS: Final = 2
"""Of them, from one address: a single machine does not fill the screen with its calls."""

ANSWER_S: Final = 600.0
"""How long a call waits for somebody to answer it: people fetch coffee."""

FIRST_S: Final = 1.0
MOST_S: Final = 60.0
"""Between two tries to reach a friend: soon after a slip of the network, and seldom when they are away."""

JUST_NOW_S: Final = 5.0
"""A contact younger than this is not replaced by another: both ends have called at the same moment."""


class Contacts:
    """`say` tells the person at this end; `spawn` runs something beside."""

    def __init__(
        self, node: Node, say: Callable[[str], None], spawn: Callable[[Coroutine[Any, Any, None]], Any]
    ) -> None:
        self._node, self._say, self._spawn = node, say, spawn
        self.calls: dict[str, Pair] = {}
        """Strangers who called, by fingerprint, until they get an answer."""
        self._refused: set[str] = set()
        self._stopped: set[str] = set()
        self._letting_in = asyncio.Lock()
        self._pairs: dict[str, tuple[Pair, float]] = {}
        self._dialling: set[str] = set()
        self._nudges: dict[str, asyncio.Event] = {}

    # Being called

    def objection(self, met: Met) -> str:
        """Why we do not want to be in contact with whoever has just shown their key, or ""."""
        own = self._node.me.keys.fingerprint
        if met.fingerprint == own:
            return "that is this end itself"
        if met.fingerprint not in self._node.circle.friends:
            return self._strange(met)
        crossed = met.fingerprint in self._dialling and own < met.fingerprint
        return "both ends called at the same moment; the other call goes on" if crossed or self._fresh(met) else ""

    def _strange(self, met: Met) -> str:
        known = self._node.circle.called(met.name)
        if known is not None:
            if met.fingerprint not in self._stopped:  # who tries again and again is told of once
                self._stopped.add(met.fingerprint)
                self._say(self._node.words.changed_key(known, met))
            return f"{met.name} is known here by another key; ask them to look at their screen"
        if met.fingerprint in self._refused:
            return "they do not want to talk just now"
        if len(self.calls) >= CALLS_MAX or self._calling_from(met.host) >= CALLS_PER_ADDRESS:
            return "too many calls wait for an answer there; try again later"
        return ""

    def _calling_from(self, host: str) -> int:
        return sum(pair.address == host for pair in self.calls.values())

    def _fresh(self, met: Met) -> bool:
        pair, since = self._pairs.get(met.fingerprint, (None, 0.0))
        return pair is not None and pair.stands and asyncio.get_running_loop().time() - since < JUST_NOW_S

    async def welcome(self, met: Met) -> None:
        """Somebody has called, and contact stands."""
        friend = self._node.circle.friends.get(met.fingerprint)
        if friend is not None:
            self._attach(friend, met)
            return
        pair = Pair(met)
        old = self.calls.pop(met.fingerprint, None)
        if old is not None:
            old.close("called again")
        self.calls[met.fingerprint] = pair
        self._spawn(self._ring(pair))
        self._say(self._node.words.calls(met))

    async def _ring(self, pair: Pair) -> None:
        """Until the call is answered or the caller gives up; a call that was taken runs on."""
        late = asyncio.get_running_loop().call_later(ANSWER_S, self._unanswered, pair)
        try:
            await pair.run()
        finally:
            late.cancel()
        if self.calls.get(pair.fingerprint) is pair:
            del self.calls[pair.fingerprint]
            self._say(f"{pair.met.name} has given up calling")

    def _unanswered(self, pair: Pair) -> None:
        if self.calls.get(pair.fingerprint) is pair:
            pair.close("nobody answered")

    # Calling

    async def dial(self, place: Place, name: str) -> None:
        """Somebody at this end wants contact with whoever is there; says what came of it."""
        try:
            met = await self._call(place)
        except AnotherKey as other:
            self._say(self._node.words.wrong_key(name, other))
            return
        except NoContact as error:
            self._say(f"no contact with {name}: {error}")
            return
        friend = self._node.circle.friends.get(met.fingerprint)
        known = self._node.circle.called(met.name)
        if met.fingerprint == self._node.me.keys.fingerprint:
            self._drop(met, "That is this end itself: call the other machine")
        elif friend is None and known is not None:
            self._drop(met, self._node.words.changed_key(known, met))
        elif friend is not None:
            self._attach(friend, met)
        else:
            await self._want(met, compared=bool(place.pinned) and not place.name)

    async def _want(self, met: Met, *, compared: bool) -> None:
        """Somebody new was reached. If they have called, too, both ends keep the same one of the two calls."""
        waiting = self.calls.pop(met.fingerprint, None)
        if waiting is not None and met.fingerprint < self._node.me.keys.fingerprint:
            for way in met.ways:
                way.abort()
            await self._befriend(waiting.met, compared=compared, pair=waiting)
            return
        if waiting is not None:
            waiting.close("the other call goes on")
        await self._befriend(met, compared=compared)

    def answer(self, fingerprint: str) -> None:
        """The call is taken: from now on they are a friend."""
        pair = self.calls.pop(fingerprint)
        self._spawn(self._befriend(pair.met, pair=pair))

    def refuse(self, fingerprint: str) -> None:
        """They are not let in for as long as this end is there."""
        self._refused.add(fingerprint)
        pair = self.calls.pop(fingerprint)
        pair.write(encode(Bye("they do not want to talk just now")))
        pair.close("refused")

    async def _call(self, place: Place) -> Met:
        """Raises `NoContact`, `AnotherKey`."""
        if place.pinned and place.pinned in self._dialling:
            raise NoContact("they are being called already")
        self._dialling.add(place.pinned)
        try:
            return await call(place.host, place.port, self._node.me, place.pinned)
        finally:
            self._dialling.discard(place.pinned)

    async def _befriend(self, met: Met, *, compared: bool = False, pair: Pair | None = None) -> None:
        """They are let in; if that happened meanwhile, this is one more way to them."""
        node = self._node
        async with self._letting_in:
            friend = node.circle.friends.get(met.fingerprint)
            if friend is None:
                nick = node.free_nick(met.name)
                account = nobodys_account(node.house, nick)
                friend = await waited(node.circle.befriend(met.fingerprint, nick, met.host, met.port, account))
                node.circle.note(friend, compared=compared)
                self._say(node.words.met(friend, met))
                self.keep(friend)
            self._attach(friend, met, pair)

    def _attach(self, friend: Friend, met: Met, pair: Pair | None = None) -> None:
        if met.port:
            self._node.circle.note(friend, host=met.host, port=met.port)
        now = asyncio.get_running_loop().time()
        if pair is None:
            pair = Pair(met)
            self._spawn(pair.run())
        pair.changed = self._say
        self._pairs[friend.fingerprint] = (pair, now)
        pair.begin(self._node.circle.accept(friend, pair))
        _LOG.info("contact", with_=friend.nick, address=met.host, oneway=met.oneway)
        if met.oneway:
            self._say(self._node.words.one_way(friend, met))

    def _drop(self, met: Met, words: str) -> None:
        for way in met.ways:
            way.abort()
        self._say(words)

    # Staying in contact

    def keep(self, friend: Friend) -> None:
        """From now on call this friend whenever they are not there."""
        self._nudges[friend.fingerprint] = asyncio.Event()
        self._spawn(self._keep(friend, self._nudges[friend.fingerprint]))

    def nudge(self, fingerprint: str) -> None:
        """There is reason to try at once."""
        if fingerprint in self._nudges:
            self._nudges[fingerprint].set()

    async def _keep(self, friend: Friend, nudge: asyncio.Event) -> None:
        seconds = FIRST_S
        while friend.fingerprint in self._node.circle.friends:
            nudge.clear()
            here = friend.session is not None or await self._try(friend)
            seconds = MOST_S if here else min(2 * seconds, MOST_S)
            try:
                async with asyncio.timeout(seconds * random.uniform(0.7, 1.0)):  # noqa: S311 - both ends try: not in step
                    await nudge.wait()
                seconds = FIRST_S
            except TimeoutError:
                seconds = FIRST_S if here else seconds

    async def _try(self, friend: Friend) -> bool:
        for place in self._node.places_of(friend):
            try:
                met = await self._call(place)
            except NoContact as error:
                _LOG.debug("not reached", friend=friend.nick, why=str(error))
                continue
            if friend.session is None:
                self._attach(friend, met)
            else:
                for way in met.ways:
                    way.abort()
            return True
        return False
