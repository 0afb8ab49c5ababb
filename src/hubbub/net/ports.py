"""What net and the sessions it carries ask of each other, as two small protocols."""

from collections.abc import Callable
from typing import Protocol

Framing = Callable[[bytes], bytes]
"""Wraps whole lines as they are sent on some connections: the same bytes for all of them."""


class Link(Protocol):
    """One connection, as net offers it to a session."""

    address: str
    """The remote host, after PROXY: "127.0.0.1", "::1", or "unix"."""
    port: int
    """The remote port; 0 on unix sockets."""
    secure: bool
    """Whether TLS lies between the client and us, or the proxy that speaks for it."""
    fingerprint: str
    """SHA-256 of the client's certificate in hex; "" without one."""
    framing: Framing | None
    """What `write` expects lines to be wrapped in; None where they are sent as they are."""

    def write(self, data: bytes) -> None:
        """Send, in order. A link whose reader lets more than its send queue pile up is ended instead."""

    def close(self, reason: str) -> None:
        """Send what is written, then end; `Peer.lost` follows once. Nothing is received or written after."""

    def stand_for(self, address: str, secure: bool, fingerprint: str) -> str:
        """A gateway says whose connection this is. Why that address may not come in, or ""."""

    def pause(self) -> None:
        """Read nothing until `resume`. A paused link is never called idle."""

    def resume(self) -> None:
        """Read on."""


class Peer(Protocol):
    """A session, as it shows itself to net."""

    def receive(self, data: bytes) -> None:
        """Some bytes, cut anywhere."""

    def lost(self, reason: str) -> None:
        """The connection has ended; called once, and nothing is called after it."""

    def overdue(self) -> None:
        """The deadline for registration has come, however much was said until then; called once."""

    def idle(self, seconds: float) -> None:
        """Nothing was heard for so long; called about once a second from `Terms.idle_seconds` on."""


Accept = Callable[[Link], Peer]
"""Makes the session of a new connection. It may write at once."""

Refuse = Callable[[str], bytes]
"""Puts a reason into the words of the dialect, for a connection that gets no session or loses it."""
