"""Everything one person has open: several networks, the buffers of all in one order, and the one in front."""

from collections.abc import Iterable

from hubbub.client.model.buffer import Buffer, Place
from hubbub.client.model.network import Network


class Desk:
    """Networks in the order of connecting. Buffers are counted through, from 1: rooms first, then people."""

    def __init__(self) -> None:
        self.networks: list[Network] = []

        self._front: tuple[Network, Buffer] | None = None

    def add(self, network: Network) -> None:
        """One more network."""
        self.networks.append(network)
        if self._front is None:
            self._front = network, network.status

    def remove(self, network: Network) -> None:
        """A network is left."""
        self.networks.remove(network)
        if self.network is network and self.networks:
            self.show(next(iter(self.buffers), self.networks[0].status))

    @property
    def network(self) -> Network:
        """The network in front."""
        return self._in_front[0]

    @property
    def front(self) -> Buffer:
        """The buffer in front."""
        return self._in_front[1]

    @property
    def buffers(self) -> list[Buffer]:
        """Rooms and people, network by network: what has a number."""
        return [buffer for network in self.networks for buffer in ordered(network)]

    def network_of(self, buffer: Buffer) -> Network:
        """Where a buffer belongs; the network in front for one that was closed."""
        for network in self.networks:
            if buffer is network.status or buffer in network.buffers:
                return network
        return self.network

    def show(self, buffer: Buffer) -> None:
        """Have a buffer in front."""
        network = self.network_of(buffer)
        self.front.leave()
        self._front = network, buffer
        network.front = buffer

    def close(self, buffer: Buffer) -> None:
        """Have a conversation open no more; the one that was beside it comes to the front."""
        buffers, network = self.buffers, self.network_of(buffer)
        place = buffers.index(buffer) if buffer in buffers else 0
        network.close(buffer)
        if buffer is self.front:
            rest = self.buffers
            self.show(rest[min(place, len(rest) - 1)] if rest else network.status)

    def numbered(self, number: int) -> Buffer | None:
        """The buffer of that number, from 1."""
        buffers = self.buffers
        return buffers[number - 1] if 0 < number <= len(buffers) else None

    def beside(self, step: int) -> Buffer:
        """The buffer before (-1) or after (1) the one in front, round the ends; each network's own is among them."""
        every = [buffer for network in self.networks for buffer in (network.status, *ordered(network))]
        place = every.index(self.front) if self.front in every else 0
        return every[(place + step) % len(every)]

    def next_active(self) -> Buffer | None:
        """The next one that calls for us: first those where we are mentioned, then those with something unread."""
        others = _from(self.buffers, self.front)
        calling = [buffer for buffer in others if buffer.mentions] or [buffer for buffer in others if buffer.unread]
        return calling[0] if calling else None

    def jump(self, text: str) -> list[tuple[Network, Buffer]]:
        """Buffers whose names have the letters of a text in them in order; the best fit, then the most urgent first."""
        everything = [(network, buffer) for network in self.networks for buffer in (*ordered(network), network.status)]
        fitting = [(rank(text, buffer.name), pair) for pair in everything for buffer in pair[1:]]
        known = [(score, pair) for score, pair in fitting if score is not None]
        known.sort(key=lambda one: (one[0], -one[1][1].mentions, -one[1][1].unread))
        return [pair for _, pair in known]

    @property
    def _in_front(self) -> tuple[Network, Buffer]:
        if self._front is None:
            raise LookupError("a desk has a network before it is looked at")
        return self._front


def ordered(network: Network) -> Iterable[Buffer]:
    """The buffers of a network: rooms, then people, each in the order of opening."""
    for place in (Place.ROOM, Place.PERSON):
        yield from (buffer for buffer in network.buffers if buffer.place is place)


def rank(letters: str, name: str) -> tuple[int, int] | None:
    """How well a name fits what was typed, less is better: the width of the match and its place. None: not at all."""
    name, letters = name.lower(), letters.lower().replace(" ", "")
    best: tuple[int, int] | None = None
    for start in (place for place, char in enumerate(name) if not letters or char == letters[0]):
        end = _match(letters, name, start)
        if end is not None and (best is None or (end - start, start) < best):
            best = end - start, start
    return best if letters else (0, 0)


def _match(letters: str, name: str, start: int) -> int | None:
    place = start
    for letter in letters:
        place = name.find(letter, place) + 1
        if not place:
            return None
    return place


def _from(buffers: list[Buffer], front: Buffer) -> list[Buffer]:
    """All but the one in front, those after it first."""
    place = buffers.index(front) if front in buffers else -1
    return buffers[place + 1 :] + buffers[: max(place, 0)]
