"""The local network: letting it know that we are here, and asking who else is, by mDNS.

What is heard is hearsay: anybody on the network may say anything. https://www.rfc-editor.org/rfc/rfc6762 and
https://www.rfc-editor.org/rfc/rfc6763
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any, Final

from zeroconf import Error, InterfaceChoice, IPVersion, ServiceStateChange, Zeroconf
from zeroconf.asyncio import AsyncServiceBrowser, AsyncServiceInfo, AsyncZeroconf

from hubbub.net.addresses import known

SERVERS: Final = "_hubbub._tcp.local."
"""Servers; the port is that of an ircs:// listener."""

_LABEL_MAX: Final = 63
"""Bytes in one label of a domain name: RFC 1035, 2.3.4."""

_NUMBER_MAX: Final = 5
"""Bytes that zeroconf may put behind a label which is taken all the same: "-1000"."""

_HEARD_MAX: Final = 32
"""Neighbours that are listened to: somebody may announce thousands, and nobody chooses among so many."""

_TELLS_MS: Final = 1000
"""In which one that was heard of has to say where it is."""


class NoNetwork(OSError):
    """There is no network on which somebody could be told or asked; says why."""


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Who announces itself: what it calls itself, its addresses, its port, and what else it says."""

    name: str
    addresses: tuple[str, ...]
    port: int
    about: Mapping[str, str] = field(default_factory=dict)


class Announcement:
    """Lasts until it is closed."""

    def __init__(self, responder: AsyncZeroconf, info: AsyncServiceInfo) -> None:
        self._responder = responder
        self._task = asyncio.get_running_loop().create_task(self._say(info))

    async def close(self) -> None:
        """Take leave: nobody finds us any more."""
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        await self._responder.async_unregister_all_services()
        await self._responder.async_close()

    async def _say(self, info: AsyncServiceInfo) -> None:
        """For a second it is asked whether somebody else is called so; who comes second gets a number."""
        await (await self._responder.async_register_service(info, allow_name_change=True))


def announce(kind: str, neighbour: Neighbour, interface: str = "") -> Announcement:
    """Let the network know of us, from now on and within a running event loop. Raises `NoNetwork`."""
    info = AsyncServiceInfo(
        kind,
        f"{_label(neighbour.name)}.{kind}",
        neighbour.port,
        properties={"name": neighbour.name[:_LABEL_MAX], **neighbour.about},
        server=f"hubbub-{secrets.token_hex(8)}.local.",
        parsed_addresses=list(neighbour.addresses),
    )
    return Announcement(_responder(interface), info)


async def neighbours(kind: str, seconds: float, interface: str = "") -> list[Neighbour]:
    """All that were heard within so many seconds; none where there is no network."""
    async with aclosing(heard(kind, seconds, interface)) as found:
        return [neighbour async for neighbour in found]


async def heard(kind: str, seconds: float, interface: str = "") -> AsyncGenerator[Neighbour, None]:
    """Each as soon as it is heard. `kind` is a service as `SERVERS`, `interface` an address of ours, "" for all."""
    loop = asyncio.get_running_loop()
    give_up = loop.time() + seconds
    try:
        responder = _responder(interface)
    except NoNetwork:
        return
    ear = _Ear(responder.zeroconf, kind)
    try:
        while (left := give_up - loop.time()) > 0:
            yield await asyncio.wait_for(ear.found.get(), left)
    except TimeoutError:
        return
    finally:
        await ear.close()
        await responder.async_close()


class _Ear:
    """Hears of services, and asks each where it is."""

    def __init__(self, zeroconf: Zeroconf, kind: str) -> None:
        self.found: asyncio.Queue[Neighbour] = asyncio.Queue()
        self._asked: dict[str, asyncio.Task[None]] = {}
        self._browser = AsyncServiceBrowser(zeroconf, kind, handlers=[self._hear])

    async def close(self) -> None:
        for task in self._asked.values():
            task.cancel()
        if self._asked:
            await asyncio.wait(self._asked.values())
        await self._browser.async_cancel()

    def _hear(self, zeroconf: Zeroconf, service_type: str, name: str, state_change: ServiceStateChange) -> None:
        is_new = state_change is not ServiceStateChange.Removed and name not in self._asked
        if is_new and len(self._asked) < _HEARD_MAX:
            asking = self._ask(zeroconf, AsyncServiceInfo(service_type, name))
            self._asked[name] = asyncio.get_running_loop().create_task(asking)

    async def _ask(self, zeroconf: Zeroconf, info: AsyncServiceInfo) -> None:
        if await info.async_request(zeroconf, _TELLS_MS) and info.port:
            self.found.put_nowait(_neighbour(info))


def _neighbour(info: AsyncServiceInfo) -> Neighbour:
    about = {_text(key): _text(value) for key, value in info.properties.items()}
    addresses = info.parsed_scoped_addresses(IPVersion.V4Only) + info.parsed_scoped_addresses(IPVersion.V6Only)
    label = info.name.removesuffix(f".{info.type}")
    return Neighbour(about.pop("name", "") or label, tuple(addresses), info.port or 0, about)


def _text(value: bytes | None) -> str:
    return (value or b"").decode(errors="replace")


def _responder(interface: str) -> AsyncZeroconf:
    if interface and interface not in known():
        raise NoNetwork(f"{interface} is no address of this computer")
    chosen: Any = [interface] if interface else InterfaceChoice.All
    try:
        return AsyncZeroconf(interfaces=chosen, ip_version=IPVersion.V4Only)
    except (OSError, RuntimeError, Error) as error:
        raise NoNetwork(f"the local network cannot be asked ({error})") from error


def _label(name: str) -> str:
    """What may stand as one label: no dots, nothing invisible, not too long, and nobody else's.

    Two of one name that begin in the same moment ask side by side whether it is free, and both are told that it is.
    """
    plain = "".join(" " if c == "." or not c.isprintable() else c for c in name).strip()
    mark = f" {secrets.token_hex(3)}"
    return (plain.encode()[: _LABEL_MAX - len(mark) - _NUMBER_MAX].decode(errors="ignore") or "hubbub") + mark
