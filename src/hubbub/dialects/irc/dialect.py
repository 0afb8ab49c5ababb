"""What all IRC sessions of a house share: its name, its words, and the table they are served from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from hubbub.dialects.irc.session import IrcSession
from hubbub.hub.promise import Promise
from hubbub.server import Link, Server

Verify: TypeAlias = Callable[[str | None, str], Promise[bool]]
"""Whether a password fits a secret; for no secret it is no, after as much time."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What an operator can say of the house. `password` is what PASS must give, "" for an open house."""

    description: str = "hubbub"
    motd: Sequence[str] = ()
    password: str = ""
    page: int = 1000
    """The most rows that one CHATHISTORY may ask for."""
    ping_seconds: float = 90.0
    timeout_seconds: float = 60.0


class Irc:
    """The dialect. `version` is hubbub's; `verify` runs where its cost disturbs nobody."""

    def __init__(self, server: Server, settings: Settings, verify: Verify, version: str) -> None:
        self.server: Final = server
        self.settings = settings
        self.verify: Final = verify
        self.version: Final = version

    @property
    def name(self) -> str:
        return self.server.hub.rules.server_name

    @property
    def network(self) -> str:
        return self.server.hub.rules.network

    def accept(self, link: Link) -> IrcSession:
        """A new connection."""
        return IrcSession(self, link)

    def refuse(self, reason: str) -> bytes:
        """What a connection is told that is not let in."""
        return f"ERROR :{reason}\r\n".encode()
