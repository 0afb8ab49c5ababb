"""`python -m bench.page`: what the page costs in a browser: bytes, the first message, an append, a key.

It drives Chromium against a server of its own. `--write-docs` puts the table into the docs.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from socket import create_connection
from tempfile import TemporaryDirectory
from typing import Final, Literal
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, Request, sync_playwright

from bench.docs import replace
from bench.figure import Figure, table
from bench.run import DOCS

LOADED: Final = 10_000
SLOWER: Final = 4
_TIMES: Final = 100
_PATIENCE_MS: Final = 120_000
_ROOM: Final = "#bench"
_TEXT: Final = "line {} and the rest of what people say in a sentence, as long as it often is"
_CONFIG: Final = 'server_name = "bench.example"\ndata = "{data}"\n[limits]\nflood = false\n'
_SWITCHES: Final = ["--no-sandbox", "--headless", "--disable-gpu", "--no-first-run", "--disable-background-networking"]

_WATCH: Final = """
    globalThis.seen = {};
    new MutationObserver(() => {
        seen.field ??= document.querySelector("input[name=nick]") && performance.now();
        seen.row ??= document.querySelector("article.row") && performance.now();
    }).observe(document, { childList: true, subtree: true });
"""
"""Notes when, in ms since the page was asked for, one could write one's name, and read the first message."""


@dataclass(frozen=True, slots=True)
class House:
    """A server, and somebody in the room who says what is to be shown."""

    url: str
    voice: Voice


class Voice:
    """leo, who talks, in a socket of his own."""

    def __init__(self, host: str, port: int) -> None:
        self._wire = create_connection((host, port), timeout=60)
        self._lines = self._wire.makefile("rb")
        self._tell(f"NICK leo\r\nUSER leo 0 * :Leo\r\nJOIN {_ROOM}\r\nPING in\r\n")
        self._until(b"PONG")

    def say(self, *texts: str) -> None:
        """It is stored and told to all before this returns."""
        said = "".join(f"PRIVMSG {_ROOM} :{text}\r\n" for text in texts)
        self._tell(f"{said}PING said\r\n")
        self._until(b"PONG")

    def _tell(self, lines: str) -> None:
        self._wire.sendall(lines.encode())

    def _until(self, wanted: bytes) -> None:
        while wanted not in self._lines.readline():
            pass


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.page", description=__doc__)
    parser.add_argument("--starts", type=int, default=5, help="how often the page is opened; the median counts")
    parser.add_argument("--write-docs", action="store_true", help="put the table into docs/performance.md")
    given = parser.parse_args()
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        print("The page is not measured: there is no Chromium here (on Debian: apt-get install chromium).")
        return
    with _house() as house, sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium, args=_SWITCHES)
        figures = [*_opened(browser, house, given.starts), *_full(browser, house)]
        browser.close()
    print(table(figures))
    if given.write_docs:
        replace(DOCS, {"page": table(figures)})


# How soon it is there.


def _opened(browser: Browser, house: House, times: int) -> list[Figure]:
    house.voice.say(*(_TEXT.format(number) for number in range(60)))
    sizes, entrances, firsts, backs = zip(*(_visit(browser, house) for _ in range(times)), strict=True)
    first, heads, emoji = sizes[0]
    return [
        Figure("first load, packed", first / 1000, "KB", 60),
        Figure("the heads of its answers", heads / 1000, "KB"),
        Figure("the same, and emoji to choose from", emoji / 1000, "KB", 150),
        Figure(f"first visit, CPU {SLOWER} times slower: one can write one's name", statistics.median(entrances), "ms"),
        Figure("the same: from there to the first message", statistics.median(firsts), "ms"),
        Figure("coming back, as slow: the first message", statistics.median(backs), "ms"),
    ]


def _visit(browser: Browser, house: House) -> tuple[tuple[int, int, int], float, float, float]:
    """Bytes, of heads, and with emoji; ms to the entrance, to the first message, and to it on coming back."""
    context = browser.new_context(service_workers="block")
    page = context.new_page()
    page.add_init_script(_WATCH)
    page.set_default_timeout(_PATIENCE_MS)
    _slow(context, page)
    came: list[Request] = []
    page.on("requestfinished", lambda request: came.append(request))  # noqa: PLW0108  # Playwright writes on what it is given
    page.goto(f"{house.url}/{_ROOM}")
    entrance = _seen(page, "field")
    page.wait_for_load_state("networkidle")
    size, heads = _sum(came, "responseBodySize"), _sum(came, "responseHeadersSize")
    page.get_by_label("Your name").fill("maya")
    began = page.evaluate("performance.now()")
    page.get_by_role("button", name="Join", exact=True).click()
    first = _seen(page, "row") - began
    page.get_by_role("button", name="Emoji").click()
    page.get_by_role("button", name="grinning face", exact=True).wait_for()
    emoji = _sum(came, "responseBodySize")
    page.reload()
    back = _seen(page, "row")
    context.close()
    return (size, heads, emoji), entrance, first, back


def _slow(context: BrowserContext, page: Page) -> None:
    context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})


def _sum(came: list[Request], size: Literal["responseBodySize", "responseHeadersSize"]) -> int:
    return sum(request.sizes()[size] for request in came)


def _seen(page: Page, what: str) -> float:
    page.wait_for_function(f"() => globalThis.seen?.{what}")
    return float(page.evaluate(f"seen.{what}"))


# What it costs when it is full.


def _full(browser: Browser, house: House) -> list[Figure]:
    context = browser.new_context(service_workers="block")
    page = context.new_page()
    page.set_default_timeout(_PATIENCE_MS)
    chrome = context.new_cdp_session(page)
    chrome.send("Performance.enable", {"timeDomain": "threadTicks"})  # CPU, whatever else the machine does
    page.goto(f"{house.url}/{_ROOM}")
    page.get_by_label("Your name").fill("sam")
    page.get_by_role("button", name="Join", exact=True).click()
    page.locator("article.row").first.wait_for()
    before = _busy(chrome)
    for number in range(0, LOADED, 500):
        house.voice.say(*(_TEXT.format(number + each) for each in range(500)))
    _settle(page, house)
    taken = _busy(chrome) - before
    append, key = _appended(page, chrome, house), _typed(page, chrome)
    memory = _heap(chrome)
    context.close()
    return [
        Figure(f"{LOADED:,} messages are taken in: CPU", taken, "s"),
        Figure(f"a message comes, {LOADED:,} loaded: CPU", append * 1000, "ms", 8),
        Figure("a key is pressed: CPU", key * 1000, "ms", 8),
        Figure("memory of scripts then", memory / 1e6, "MB"),
    ]


def _appended(page: Page, chrome: CDPSession, house: House) -> float:
    """Seconds of the page's thread for one message; each is drawn by itself."""
    before = _busy(chrome)
    for number in range(_TIMES):
        house.voice.say(_TEXT.format(f"appended {number}"))
        time.sleep(0.04)  # more than a frame, so that the next is not drawn with it
    _settle(page, house)
    return (_busy(chrome) - before) / _TIMES


def _typed(page: Page, chrome: CDPSession) -> float:
    page.locator("textarea").focus()
    before = _busy(chrome)
    for _ in range(_TIMES):
        chrome.send("Input.dispatchKeyEvent", {"type": "char", "text": "x"})
    return (_busy(chrome) - before) / _TIMES


def _settle(page: Page, house: House) -> None:
    house.voice.say(f"settled at {time.monotonic()}")
    page.locator("article.row").filter(has_text="settled at").last.wait_for()


def _busy(chrome: CDPSession) -> float:
    """Seconds that the page's thread has worked: scripts, style, layout, painting."""
    return _metric(chrome, "TaskDuration")


def _heap(chrome: CDPSession) -> float:
    chrome.send("HeapProfiler.collectGarbage")
    return _metric(chrome, "JSHeapUsedSize")


def _metric(chrome: CDPSession, name: str) -> float:
    told = chrome.send("Performance.getMetrics")["metrics"]
    return float(next(metric["value"] for metric in told if metric["name"] == name))


@contextmanager
def _house() -> Iterator[House]:
    with TemporaryDirectory(prefix="hubbub-bench-") as place:
        config = Path(place) / "hubbub.toml"
        config.write_text(_CONFIG.format(data=Path(place) / "data"), encoding="utf-8")
        listen = ["--listen", "irc://127.0.0.1:0", "--listen", "http://127.0.0.1:0"]
        command = [sys.executable, "-m", "hubbub", "serve", "--config", str(config), *listen]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
            told = server.stdout or sys.stdin
            irc, http = (told.readline().split()[-1] for _ in range(2))
            try:
                yield House(http.rstrip("/"), Voice("127.0.0.1", urlsplit(irc).port or 0))
            finally:
                server.terminate()


if __name__ == "__main__":
    main()
