"""Chatting in the terminal, from the first byte to the last: what `hubbub join` runs where there is a terminal."""

import asyncio

from textual.driver import Driver

from hubbub.client.model.desk import Desk
from hubbub.client.signals import on_signals
from hubbub.client.way import Outcome, Way
from hubbub.tui.app import Hubbub
from hubbub.tui.links import Links
from hubbub.tui.networks import connect_all
from hubbub.tui.settings.kept import Kept


async def chat(way: Way, driver: type[Driver] | None = None) -> Outcome:
    """Chat until the person leaves. `driver` is another place to draw on than the terminal we were started in."""
    desk = Desk()
    async with asyncio.TaskGroup() as tasks:
        links = Links(desk, tasks)
        kept = Kept()
        links.open(way)
        connect_all(links, kept.now.networks, way.identity.nick)
        app = Hubbub(desk, links, driver, kept)
        with on_signals(app.exit):
            outcome = await app.run_async()
        await links.leave(links.farewell)
    return outcome or Outcome()
