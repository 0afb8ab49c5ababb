"""One browser and one server for the tests of a module, and a fresh visitor for each who needs one.

Not for all modules: while the browser's driver lives, its event loop counts as running, and others could run none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.system.running import Running
from tests.web.visitor import CONFIG, SWITCHES, Visitor

Visit = Callable[..., Visitor]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as play:
        started = play.chromium.launch(executable_path="/usr/bin/chromium", args=SWITCHES)
        yield started
        started.close()


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A server for tests that leave it as it was; each talks in a room of its own."""
    running = Running(tmp_path_factory.mktemp("web"), ("irc://127.0.0.1:0", "http://127.0.0.1:0"), CONFIG)
    yield running
    running.close()


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Running]:
    """A server for one test alone, which may kill it."""
    running = Running(tmp_path, ("irc://127.0.0.1:0", "http://127.0.0.1:0"), CONFIG)
    yield running
    running.close()


@pytest.fixture
def visit(browser: Browser, shared: Running) -> Iterator[Visit]:
    """Somebody opens the page, on a device of their own; none of its scripts may complain, then or later."""
    visitors: list[Visitor] = []

    def come(nick: str, room: str = "", server: Running = shared, **device: object) -> Visitor:
        visitors.append(Visitor(browser, server, **device))
        if nick:
            visitors[-1].enter(nick, room)
        return visitors[-1]

    yield come
    for visitor in visitors:
        visitor.leave()
    assert [complaint for visitor in visitors for complaint in visitor.complaints] == []
