"""Where to, as whom, and how it ended: what every face of a chat is given, and what it gives back."""

import getpass
import re
from dataclasses import dataclass
from typing import Final

from hubbub.client.registration import Identity
from hubbub.client.trust import Trust
from hubbub.client.url import Address

OK: Final = 0
REFUSED: Final = 1
NO_WAY: Final = 3


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an errand ended: an exit status, and in words why it is not 0."""

    status: int = OK
    words: str = ""


@dataclass(frozen=True, slots=True)
class Way:
    """Where to, as whom, and whom to believe there."""

    address: Address
    identity: Identity
    trust: Trust


def identity(address: Address, name: str, account: str, password: str) -> Identity:
    """Who we are: as told, as the address says, or as this computer calls us."""
    nick = name or address.nick or own_name()
    return Identity(nick, user=own_name(), account=account, password=password or address.password)


def own_name() -> str:
    """The login name, as far as it can be a nick."""
    try:
        name = getpass.getuser()
    except (OSError, KeyError, ImportError):
        name = ""
    return re.sub(r"[^A-Za-z0-9_-]|^[0-9-]+", "", name)[:16] or "guest"
