"""What things are called wherever they are shown."""

from typing import Final

from hubbub.client.model.buffer import Buffer, Place
from hubbub.client.model.network import Condition, Network, Standing
from hubbub.tui.ink import drawable

STANDING: Final[dict[Standing, str]] = {
    Standing.HERE: "●",
    Standing.AWAY: "◐",
    Standing.GONE: "○",
    Standing.UNKNOWN: "·",
}

# How ranks are called, by their mode: https://modern.ircdocs.horse/#channel-membership-prefixes
RANKS: Final[dict[str, str]] = {"q": "owner", "a": "admin", "o": "op", "h": "helper", "v": "voice"}


def title(network: Network, buffer: Buffer) -> str:
    """The name of a conversation; of the network for its own buffer."""
    return drawable(network.title if buffer.place is Place.STATUS else buffer.name)


def network_title(network: Network) -> str:
    """A network's name, with its condition where it is not as it should be."""
    return drawable(network.title) + short_condition(network)


def short_condition(network: Network) -> str:
    """What stands behind its name where it is not as it should be."""
    short = {Condition.CONNECTING: " …", Condition.OFFLINE: " (off)", Condition.REFUSED: " (no)", Condition.ONLINE: ""}
    return short[network.condition]


def rank(modes: str) -> str:
    """The highest rank of a member in a word, or ""."""
    return next((RANKS[mode] for mode in modes if mode in RANKS), "")
