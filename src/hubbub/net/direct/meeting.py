"""How two ends meet: the main listener only greets, the rest happens on ports of their own, one for each direction.

The way this is done is the first tutorial's: take a caller, open a port for it, tell it, be free for the next; the
caller comes there and names a port of its own; it is connected back to there; a word on both says that they stand.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Final, TypeAlias

from hubbub import logs
from hubbub.config.endpoint import Endpoint
from hubbub.net.direct.doors import OPEN_S, Door, reach
from hubbub.net.direct.greeter import Greeter
from hubbub.net.direct.handshake import AnotherKey, Me, Met, identify, introduce
from hubbub.net.direct.keys import fingerprint_of
from hubbub.net.direct.stream import NoContact, Stream
from hubbub.net.direct.words import VERSION, Back, Greeting, Here, No, OneWay, Proof, Stands
from hubbub.net.sockets import open_sockets

_LOG: Final = logs.logger("direct")

REACH_S: Final = 4.0
"""After which a port counts as unreachable: two lost SYNs are sent again within it."""

CALLERS_PER_ADDRESS: Final = 4
"""Of those who are being greeted, from one address: nobody keeps the others out."""

Objection: TypeAlias = Callable[[Met], str]
"""Why we do not want to be in contact with somebody, or ""."""

Welcome: TypeAlias = Callable[[Met], Awaitable[None]]


class MainListener:
    """Greets. `objection` is asked once it is known who calls, `welcome` is told when contact stands."""

    def __init__(self, me: Me, objection: Objection, welcome: Welcome) -> None:
        """Open the socket; asking for port 0 takes any. Raises `CannotListen`."""
        self._objection, self._welcome = objection, welcome
        listener = open_sockets(Endpoint("direct", me.host, me.port))[0]
        greeter = Greeter(listener, self._take, lambda stream, why: stream.say(No(why)), CALLERS_PER_ADDRESS)
        self.me = replace(me, port=greeter.port)
        self.open, self.close = greeter.open, greeter.close

    async def _take(self, stream: Stream) -> None:
        """One call from greeting to contact."""
        met = None
        try:
            met = await self._meet(stream)
        finally:
            if met is None or stream not in met.ways:
                stream.close()
        await self._welcome(met)

    async def _meet(self, stream: Stream) -> Met:
        async with Door(self.me.host, stream.address, self.me.keys.server) as door:
            stream.say(Greeting(VERSION, door.port))
            own = await self._first(door, stream)
        try:
            met, proof = await identify(own, self.me)
            objection = self._objection(met)
            if objection:
                raise NoContact(objection)
        except NoContact as error:
            own.say(No(str(error)))
            own.close()
            raise
        return await self._connect_back(own, met, proof)

    async def _first(self, door: Door, stream: Stream) -> Stream:
        """The caller comes to its port, or says that it cannot, and then stays where it is."""
        here = asyncio.ensure_future(stream.hear(Here, OPEN_S))
        came = asyncio.ensure_future(door.visitor())
        try:
            await asyncio.wait((here, came), return_when=asyncio.FIRST_COMPLETED)
            if came.done() or here.exception() is not None:  # whoever came has no more to say here, and may hang up
                return await came
        finally:
            for task in (here, came):
                task.cancel()
            await asyncio.gather(here, came, return_exceptions=True)
        stream.say(Here())
        await _into_tls(stream, self.me)
        return stream

    async def _connect_back(self, own: Stream, met: Met, proof: Proof) -> Met:
        """The way on which we speak; where there is none, the caller's has to do for both."""
        try:
            back = await self._reach_back(own.address, met, proof)
        except NoContact as error:
            own.say(OneWay(str(error)))
            return replace(met, ways=[own], oneway=str(error))
        own.say(Stands())
        return replace(met, ways=[back, own])

    async def _reach_back(self, address: str, met: Met, proof: Proof) -> Stream:
        if not 0 < proof.back < 65536:
            raise NoContact(f"{met.name} named no port to connect back to")
        back = await reach(address, proof.back, self.me.keys.client, self.me.source, REACH_S)
        try:
            if fingerprint_of(back.certificate()) != met.fingerprint:
                raise NoContact(f"somebody else than {met.name} answers at the port that {met.name} named")
            back.say(Back(proof.token))
            await back.hear(Stands)
        except NoContact:
            back.abort()
            raise
        return back


async def call(host: str, port: int, me: Me, pinned: str = "") -> Met:
    """Call somebody's main listener. Raises `NoContact`, `AnotherKey`; `pinned` as `introduce` says."""
    main = await reach(host, port, None, me.source, 2 * REACH_S)
    try:
        greeting = await main.hear(Greeting)
        if greeting.v != VERSION:
            raise NoContact(f"{main.name} speaks version {greeting.v} of the protocol, and we version {VERSION}")
        met = await _go_on(main, greeting.port, me, pinned)
    except BaseException:
        main.abort()
        raise
    if main not in met.ways:
        main.close()
    return replace(met, port=port)


async def _go_on(main: Stream, port: int, me: Me, pinned: str) -> Met:
    """Come to the port that was opened for us, or stay where we are if that cannot be reached."""
    try:
        own = await reach(main.address, port, me.keys.client, me.source, REACH_S)
        own.name = main.name
    except NoContact as error:
        _LOG.info("going on over the main port", address=main.address, why=str(error))
        own = main
        main.say(Here())
        await main.hear(Here)
        await _into_tls(main, me, calling=True)
    try:
        return await _stand(own, me, pinned)
    except BaseException:
        own.abort()
        raise


async def _stand(own: Stream, me: Me, pinned: str) -> Met:
    """Say who we are, and wait at a port of our own to be connected back to."""
    token = secrets.token_hex(16)
    async with Door(me.host, own.address, me.keys.server) as door:
        met = await introduce(own, me, pinned, door.port, token)
        waiting = asyncio.ensure_future(_answer_back(door, token))
        try:
            word = await own.hear_any(3 * REACH_S)
            if isinstance(word, No):
                raise NoContact(f"{met.name} says no: {word.why[:300]}")
            if isinstance(word, OneWay):
                return replace(met, ways=[own], oneway=word.why[:300])
            back = await waiting
        finally:
            waiting.cancel()
            await asyncio.gather(waiting, return_exceptions=True)
    return replace(met, ways=[own, back])


async def _answer_back(door: Door, token: str) -> Stream:
    back = await door.visitor()
    word = await back.hear(Back)
    if not secrets.compare_digest(word.token, token):
        back.abort()
        raise NoContact(f"{back.name} does not know why it came")
    back.say(Stands())
    return back


async def _into_tls(stream: Stream, me: Me, *, calling: bool = False) -> None:
    """Encrypt a connection that stands. Raises `NoContact`."""
    context = me.keys.client if calling else me.keys.server
    try:
        async with asyncio.timeout(OPEN_S):
            await stream.writer.start_tls(context, server_hostname="" if calling else None)
    except (OSError, TimeoutError) as error:
        raise NoContact(f"{stream.name} does not begin TLS ({error})") from None


__all__ = ["AnotherKey", "MainListener", "call"]
