"""What a listener is told when it is opened: where it stands, who answers there, and on what terms."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hubbub.config.endpoint import Endpoint
from hubbub.net.ports import Accept, Refuse
from hubbub.net.tls import Certificates

if TYPE_CHECKING:
    from hubbub.net.site import Site


@dataclass(frozen=True, slots=True)
class Door:
    """One listener. `certificates` are wanted where the endpoint is secure.

    With `proxy`, every connection has to begin with a PROXY header, and only trusted proxies may connect.
    `site` is what an http:// or https:// endpoint serves.
    """

    endpoint: Endpoint
    accept: Accept
    refuse: Refuse
    certificates: Certificates | None = None
    proxy: bool = False
    site: Site | None = None


@dataclass(frozen=True, slots=True)
class Terms:
    """What holds for every connection; sessions learn of `overdue` and `idle` from these."""

    sendq_bytes: int = 1_048_576
    registration_seconds: float = 30.0
    idle_seconds: float = 90.0
    linger_seconds: float = 5.0
    """What a closed connection has to take its last words in."""
    origins: tuple[str, ...] = ()
    """The sites whose pages may connect by WebSocket; none: those of the listener's own host."""
    names: frozenset[str] = frozenset()
    """What browsers may call that host, beside what `hosts` takes for ours anyway."""
    max_message_bytes: int = 16_384
    """What a WebSocket message may hold."""
