"""Chatting in the terminal, from the first byte to the last: what `hubbub join` runs where there is a terminal."""

import asyncio
from collections.abc import Callable
from typing import Final

from textual.driver import Driver

from hubbub.client.model.desk import Desk
from hubbub.client.signals import on_hang_up, on_signals
from hubbub.client.way import REFUSED, Outcome, Way
from hubbub.tui import faults
from hubbub.tui.app import Hubbub
from hubbub.tui.links import Links
from hubbub.tui.memory import Memory
from hubbub.tui.networks import connect_all
from hubbub.tui.settings.kept import Kept, Lent

# A fault that comes back at once is not mended by beginning anew.
_VIEWS_MAX: Final = 3

_KEPT_S: Final = 5.0

_BROKE: Final = "the screen broke, which is our fault, and was begun anew; nothing is lost{}"
_BREAKS: Final = "the screen breaks again and again, which is our fault{}; hubbub join --plain chats without it"
_ENDED: Final = "hubbub broke, which is our fault{}"


async def chat(way: Way, *, lent: bool = False, others: Callable[[], int] | None = None) -> Outcome:
    """Chat until the person leaves; `lent` to somebody who is not at this computer.

    `others` tells how many a server in this window serves beside the person, who is asked before it ends for them.
    """
    kept = Lent() if lent else Kept()
    try:
        return await _chat(way, kept, others)
    except Exception as fault:
        return Outcome(REFUSED, _ENDED.format(_where(fault, kept)))


async def look(desk: Desk, links: Links, driver: type[Driver] | None = None, kept: Kept | None = None) -> Outcome:
    """Draw a desk until the person leaves it. A view that breaks is begun anew: all that matters is on the desk."""
    kept, where = kept or Kept(), ""
    for _ in range(_VIEWS_MAX):
        app = Hubbub(desk, links, driver, kept)
        with on_signals(app.exit), on_hang_up(app.exit):
            outcome = await app.run_async()
        if app.fault is None:
            return outcome or Outcome()
        where = _where(app.fault, kept)
        desk.network.note(desk.front, _BROKE.format(where), refused=True)
    return Outcome(REFUSED, _BREAKS.format(where))


async def _chat(way: Way, kept: Kept, others: Callable[[], int] | None) -> Outcome:
    desk = Desk()
    async with asyncio.TaskGroup() as tasks:
        links = Links(desk, tasks)
        links.others = others or links.others
        links.open(way)
        connect_all(links, kept.now.networks, way.identity.nick)
        keeping = None if kept.lent else tasks.create_task(_remember(Memory(), links))
        outcome = await look(desk, links, kept=kept)
        if keeping is not None:
            keeping.cancel()
            await asyncio.wait([keeping])
        await links.leave(links.farewell)
    return outcome


async def _remember(memory: Memory, links: Links) -> None:
    """Open what was open, and keep what is, until the end: a program that is killed forgets a few seconds."""
    for network in links.desk.networks:
        memory.restore(network, links.way(network))
    try:
        while True:
            await asyncio.sleep(_KEPT_S)
            memory.keep(links)
    finally:
        memory.keep(links)


def _where(fault: Exception, kept: Kept) -> str:
    """Where to read of a fault; who is at another computer cannot, and need not know what is where on this one."""
    told = faults.keep(fault)
    return "" if kept.lent else f" ({told})"
