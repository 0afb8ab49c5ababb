"""Where there is no server: a message of ours is on its way until it is told for whom it waits, and then waits.

What tells it is described in docs/direct.md.
"""

from typing import Final

from hubbub.client.events import Tagged
from hubbub.client.model.buffer import Buffer
from hubbub.client.model.entry import SPOKEN, Entry, State
from hubbub.client.model.network import Network
from hubbub.client.waits import MEANT, TOKEN, WAITS_FOR

# What is older has arrived, or was told of by name.
_LOOKED_AT: Final = 500


def hold(network: Network, entry: Entry) -> None:
    """One of ours was stored at our end."""
    if TOKEN in network.client.mirror.features:
        entry.state = State.SENDING


def tells(event: Tagged) -> bool:
    """Whether this is a word on what waits."""
    return event.own and WAITS_FOR in event.tags


def told(network: Network, event: Tagged) -> None:
    """It holds for that message and those before it: who is not named has all of them."""
    buffer = network.find(event.conversation)
    if buffer is None:
        return
    meant = buffer.find(event.tags.get(MEANT, ""))
    if meant is None:
        buffer.put_off(event.tags.get(MEANT, ""), event)
        return
    names = names_of(event)
    for entry in _ours_up_to(buffer, meant):
        left = names if entry.state is State.SENDING or entry is meant else keep(entry.detail.waits, names)
        if left != entry.detail.waits or entry.state is State.SENDING:
            wait(entry, left)
            buffer.touch(entry)


def wait(entry: Entry, names: tuple[str, ...]) -> None:
    """From now on it waits for these, or for nobody."""
    entry.state = State.THERE
    if names or entry.detail.waits:
        entry.own_detail().waits = names


def names_of(event: Tagged) -> tuple[str, ...]:
    return tuple(filter(None, event.tags[WAITS_FOR].split(",")))


def keep(waits: tuple[str, ...], names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name in waits if name in names)


def _ours_up_to(buffer: Buffer, meant: Entry) -> list[Entry]:
    latest = buffer.entries[-_LOOKED_AT:]
    end = latest.index(meant) + 1 if meant in latest else 0
    return [entry for entry in latest[:end] if entry.own and entry.kind in SPOKEN] or [meant]
