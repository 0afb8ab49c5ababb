"""Chatting in the terminal, from the first byte to the last: what `hubbub join` runs where there is a terminal."""

import asyncio

from textual.driver import Driver

from hubbub.client.model.desk import Desk
from hubbub.client.signals import on_signals
from hubbub.client.way import Outcome, Way
from hubbub.tui.app import Hubbub
from hubbub.tui.links import Links


async def chat(way: Way, driver: type[Driver] | None = None) -> Outcome:
    """Chat until the person leaves. `driver` is another place to draw on than the terminal we were started in."""
    desk = Desk()
    async with asyncio.TaskGroup() as tasks:
        links = Links(desk, tasks)
        links.open(way)
        app = Hubbub(desk, links, driver)
        with on_signals(app.exit):
            outcome = await app.run_async()
        await links.leave(links.farewell)
    return outcome or Outcome()
