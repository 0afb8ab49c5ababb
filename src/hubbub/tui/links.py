"""The connections behind a desk, one to a network: what they tell is taken in, and the view hears of it."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from hubbub.client.connection import CannotConnect, Link, Patience
from hubbub.client.events import Event
from hubbub.client.model.desk import Desk
from hubbub.client.model.network import Condition, Network
from hubbub.client.model.taking import take
from hubbub.client.model.wishes import Wishes
from hubbub.client.protocol import Protocol, utc_now
from hubbub.client.way import NO_WAY, REFUSED, Outcome, Way

if TYPE_CHECKING:
    from hubbub.client.exchange import Progress


# Events that are taken in before a key that was pressed meanwhile gets its turn: a few milliseconds.
_AT_ONCE: Final = 50


class Links:
    """Opens and closes connections. `news` is called after events were taken in, `ended` when nothing is left to do.

    `heard` is told of each event when it has been taken in.
    """

    def __init__(
        self,
        desk: Desk,
        tasks: asyncio.TaskGroup,
        patience: Patience | None = None,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        """`clock` tells now, aware."""
        self.desk = desk
        self._patience, self._clock = patience or Patience(), clock
        self.news: Callable[[], None] = _nothing
        self.farewell = ""
        self.ended: Callable[[Outcome], None] = _ignored
        self.heard: Callable[[Network, Event], None] = _unheard
        self.others: Callable[[], int] = _alone
        """How many else it ends for when the person goes: those whom a server in this window serves."""
        self._wishes = Wishes()
        self._tasks = tasks
        self._links: dict[Network, Link] = {}
        self._ways: dict[Network, Way] = {}

    def open(self, way: Way) -> Network:
        """Connect to one more network, and go into the rooms of its address."""
        client = Protocol(way.identity, clock=self._clock)
        for room in way.address.rooms:
            client.join(room, way.address.key)
        network = Network(client, str(way.address), self._clock)
        network.wishes = self._wishes
        self.desk.add(network)
        rooms = [network.open(room) for room in way.address.rooms]
        self.desk.show(rooms[0] if rooms else network.status)
        self._ways[network] = way
        link = self._links[network] = Link(way.address, client, way.trust, self._patience)
        link.start(self._tasks)
        self._tasks.create_task(self._read(network, link))
        return network

    def way(self, network: Network) -> Way:
        """By which it was connected to."""
        return self._ways[network]

    def wish(self, wishes: Wishes) -> None:
        """From now on, on every network."""
        self._wishes = wishes
        for network in self.desk.networks:
            network.wishes = wishes

    def flush(self) -> None:
        """Send what was said on any network."""
        for link in self._links.values():
            link.flush()

    async def share(self, network: Network, path: Path, target: str, progress: "Progress") -> str:
        """The link to a file that is shared on a network. Raises `CannotShare`."""
        from hubbub.client.upload import upload  # as in `Seat.share`

        return await upload(self._ways[network], network.client.mirror.features, path, target, progress)

    async def fetch(self, network: Network, url: str, progress: "Progress") -> bytes:
        """What a link leads to that was said on a network. Raises `CannotFetch`."""
        from hubbub.client.download import download  # as in `Seat.share`

        return await download(self._ways[network], network.client.mirror.features, url, progress)

    async def leave(self, reason: str = "") -> None:
        """Say goodbye everywhere, and wait for the answers a moment."""
        links = list(self._links.values())
        for link in links:
            link.stop(reason)
        await asyncio.gather(*(link.leave(reason) for link in links))

    def drop(self, network: Network, reason: str = "") -> None:
        """Leave one network; the last one stays."""
        if len(self._links) > 1:
            self._links.pop(network).stop(reason)
            del self._ways[network]
            self.desk.remove(network)

    async def _read(self, network: Network, link: Link) -> None:
        try:
            taken = 0
            async for event in link:
                take(network, event)
                self.heard(network, event)
                link.flush()
                self.news()
                taken += 1
                if taken % _AT_ONCE == 0:
                    await asyncio.sleep(0)  # what waits in a queue is had without waiting: keys would be kept from it
        except CannotConnect as error:
            network.condition, network.trouble = Condition.REFUSED, str(error)
            self._over(Outcome(NO_WAY, str(error)))
        else:
            if network.condition is Condition.REFUSED:
                self._over(Outcome(REFUSED, network.trouble))
        self.news()

    def _over(self, outcome: Outcome) -> None:
        """A network cannot be had: if it was the only one, there is nothing to look at."""
        if len(self._links) == 1:
            self.ended(outcome)


def _nothing() -> None:
    """What news is to nobody."""


def _unheard(_network: Network, _event: Event) -> None:
    """Nobody listens."""


def _ignored(_outcome: Outcome) -> None:
    """What an end is to nobody."""


def _alone() -> int:
    return 0
