"""Who is on the local network, as people choose among them, and which of them knows an invite."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import Final

from hubbub.client.invited import Found, NotInvited, come
from hubbub.client.url import Address, BadAddress, parse_fingerprint
from hubbub.net.lan import SERVERS, Neighbour, heard, neighbours
from hubbub.wire.clean import clean

SECONDS: Final = 2.0
"""In which who is there answers: mDNS takes a tenth of that where nothing is lost."""

_ADDRESSES_MAX: Final = 4
_NAME_MAX: Final = 40


@dataclass(frozen=True, slots=True)
class Nearby:
    """A server that says it is there. `fingerprint` is what it says of its certificate, "" where it says nothing."""

    name: str
    address: Address
    fingerprint: str


class Unknown(Exception):
    """No server here knows that invite; says how many were asked."""

    def __init__(self, code: str, asked: int) -> None:
        who = "no chat here knows" if asked != 1 else "the one chat on this network does not know"
        words = f"{who} the invite {code}" if asked else "no chat was found on this network"
        super().__init__(
            f"{words}: look at the code again, or ask for its link, or where that server is, since not all let "
            f"themselves be found: hubbub join HOST:PORT --invite {code}"
        )


async def servers(interface: str = "", seconds: float = SECONDS) -> list[Nearby]:
    """All that say they are there, by name."""
    found = [_nearby(neighbour) for neighbour in await neighbours(SERVERS, seconds, interface)]
    return sorted((each for each in found if each.address.host), key=lambda each: (each.name, str(each.address)))


async def by_invite(code: str, key: str, interface: str = "", seconds: float = SECONDS) -> tuple[Nearby, Found]:
    """The server that shows it knows a code, and where that leads. Raises Unknown, or NotInvited in its words."""
    search = _Search(code, key)
    listening = asyncio.ensure_future(search.listen(interface, seconds))
    try:
        return await search.answer
    finally:
        listening.cancel()
        await search.end()


class _Search:
    """All are asked as they are heard, side by side: one that never answers holds nobody up."""

    def __init__(self, code: str, key: str) -> None:
        self.answer: asyncio.Future[tuple[Nearby, Found]] = asyncio.get_running_loop().create_future()
        self._code, self._key = code, key
        self._asking: list[asyncio.Task[None]] = []

    async def listen(self, interface: str, seconds: float) -> None:
        """Until all that were heard have answered. Whatever goes wrong here is for whoever waits for the answer."""
        try:
            await self._ask_all(interface, seconds)
        except Exception as fault:
            self._give_up(fault)
        else:
            self._give_up(Unknown(self._code, len(self._asking)))

    async def _ask_all(self, interface: str, seconds: float) -> None:
        async with aclosing(heard(SERVERS, seconds, interface)) as found:
            async for neighbour in found:
                self._asking.append(asyncio.ensure_future(self._ask(neighbour)))
        await asyncio.gather(*self._asking, return_exceptions=True)

    async def end(self) -> None:
        for task in self._asking:
            task.cancel()
        await asyncio.gather(*self._asking, return_exceptions=True)

    async def _ask(self, neighbour: Neighbour) -> None:
        nearby = _nearby(neighbour)
        for host in neighbour.addresses[:_ADDRESSES_MAX]:
            address = replace(nearby.address, host=host)
            try:
                found = await come(address, self._code, self._key)
            except OSError:
                continue
            except NotInvited as no:
                self._give_up(no)
                return
            if found is not None and not self.answer.done():
                self.answer.set_result((replace(nearby, address=address), found))
                return

    def _give_up(self, why: Exception) -> None:
        if not self.answer.done():
            self.answer.set_exception(why)


def _nearby(neighbour: Neighbour) -> Nearby:
    """What it says, as far as it can be true and be shown."""
    host = neighbour.addresses[0] if neighbour.addresses else ""
    try:
        fingerprint = parse_fingerprint(neighbour.about.get("fp", ""))
    except BadAddress:
        fingerprint = ""
    name = clean(neighbour.name)[:_NAME_MAX].strip() or host
    return Nearby(name, Address(host=host, port=neighbour.port, tls=True), fingerprint)
