"""`python -m bench.page`: what the page costs in a browser: bytes, the first message, an append, a key.

It drives Chromium against a server of its own. `--write-docs` puts the table into the docs.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import time
from dataclasses import dataclass
from socket import create_connection
from typing import Final, Literal

from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, Request, sync_playwright

from bench.docs import replace
from bench.figure import Figure, table
from bench.house import house
from bench.run import DOCS

LOADED: Final = 10_000
SLOWER: Final = 4
APPEND_MS: Final = 2
_TIMES: Final = 100
_PATIENCE_MS: Final = 120_000
_ROOM: Final = "#bench"
_TEXT: Final = "line {} and the rest of what people say in a sentence, as long as it often is"
_SWITCHES: Final = ["--no-sandbox", "--headless", "--disable-gpu", "--no-first-run", "--disable-background-networking"]

_WATCH: Final = """
    globalThis.seen = {};
    new MutationObserver(() => {
        seen.field ??= document.querySelector("input[name=nick]") && performance.now();
        seen.row ??= document.querySelector("article.row") && performance.now();
    }).observe(document, { childList: true, subtree: true });
"""
"""Notes when, in ms since the page was asked for, one could write one's name, and read the first message."""


_BLANK: Final = """
    new Promise((done) => {
        let number = 0;
        const timer = setInterval(() => {
            document.body.append(`line ${number}`, document.createElement("br"));
            scrollTo(0, document.body.scrollHeight);
            number += 1;
            if (number < %d) return;
            clearInterval(timer);
            requestAnimationFrame(() => setTimeout(done));
        }, 40);
    })
"""
"""A line of text comes to a page without anything else, as often as messages do, and stays in sight."""


@dataclass(frozen=True, slots=True)
class Place:
    """The page of a server, and somebody in the room who says what is to be shown."""

    url: str
    voice: Voice


@dataclass(frozen=True, slots=True)
class Work:
    """Seconds of CPU that a page's thread was busy, in all and with what is the page's own doing."""

    all: float
    script: float
    style: float
    layout: float

    def __sub__(self, before: Work) -> Work:
        return Work(
            self.all - before.all,
            self.script - before.script,
            self.style - before.style,
            self.layout - before.layout,
        )

    @property
    def own(self) -> float:
        return self.script + self.style + self.layout


class Voice:
    """leo, who talks, in a socket of his own."""

    def __init__(self, port: int) -> None:
        self._wire = create_connection(("127.0.0.1", port), timeout=60)
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
    with house() as server, sync_playwright() as play:
        place = Place(f"http://127.0.0.1:{server.http}", Voice(server.irc))
        browser = play.chromium.launch(executable_path=chromium, args=_SWITCHES)
        figures = [*_opened(browser, place, given.starts), *_full(browser, place)]
        browser.close()
    print(table(figures))
    if given.write_docs:
        replace(DOCS, {"page": table(figures)})


# How soon it is there.


def _opened(browser: Browser, place: Place, times: int) -> list[Figure]:
    place.voice.say(*(_TEXT.format(number) for number in range(60)))
    sizes, entrances, firsts, backs = zip(*(_visit(browser, place) for _ in range(times)), strict=True)
    first, heads, emoji = sizes[0]
    return [
        Figure("first load, packed", first / 1000, "KB", 60),
        Figure("the heads of its answers", heads / 1000, "KB"),
        Figure("the same, and emoji to choose from", emoji / 1000, "KB", 150),
        Figure(f"first visit, CPU {SLOWER} times slower: one can write one's name", statistics.median(entrances), "ms"),
        Figure("the same: from there to the first message", statistics.median(firsts), "ms"),
        Figure("coming back, as slow: the first message", statistics.median(backs), "ms"),
    ]


def _visit(browser: Browser, place: Place) -> tuple[tuple[int, int, int], float, float, float]:
    """Bytes, of heads, and with emoji; ms to the entrance, to the first message, and to it on coming back."""
    context = browser.new_context(service_workers="block")
    page = context.new_page()
    page.add_init_script(_WATCH)
    page.set_default_timeout(_PATIENCE_MS)
    _slow(context, page)
    came: list[Request] = []
    page.on("requestfinished", lambda request: came.append(request))  # noqa: PLW0108  # Playwright writes on what it is given
    page.goto(f"{place.url}/{_ROOM}")
    entrance = _seen(page, "field")
    page.wait_for_load_state("networkidle")
    size, heads = _sum(came, "responseBodySize"), _sum(came, "responseHeadersSize")
    page.get_by_label("Your name").fill("priya")
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


def _full(browser: Browser, place: Place) -> list[Figure]:
    context = browser.new_context(service_workers="block")
    page, chrome = _watched(context)
    page.goto(f"{place.url}/{_ROOM}")
    page.get_by_label("Your name").fill("sam")
    page.get_by_role("button", name="Join", exact=True).click()
    page.locator("article.row").first.wait_for()
    before = _work(chrome)
    for number in range(0, LOADED, 500):
        place.voice.say(*(_TEXT.format(number + each) for each in range(500)))
    _settle(page, place)
    taken = _work(chrome) - before
    appended, key = _appended(page, chrome, place), _typed(page, chrome)
    memory = _heap(chrome)
    context.close()
    return [
        Figure(f"{LOADED:,} messages are taken in: CPU", taken.all, "s"),
        *_parts(appended, _blank(browser)),
        Figure("a key is pressed: CPU", key * 1000, "ms", 8),
        Figure("memory of scripts then", memory / 1e6, "MB"),
    ]


def _watched(context: BrowserContext) -> tuple[Page, CDPSession]:
    page = context.new_page()
    page.set_default_timeout(_PATIENCE_MS)
    chrome = context.new_cdp_session(page)
    chrome.send("Performance.enable", {"timeDomain": "threadTicks"})  # CPU, whatever else the machine does
    return page, chrome


def _parts(message: Work, line: Work) -> list[Figure]:
    """Of one message, beside one line of text on a page with nothing else."""
    each = 1000 / _TIMES
    return [
        Figure(f"a message comes, {LOADED:,} loaded: script", message.script * each, "ms"),
        Figure("the same: style", message.style * each, "ms"),
        Figure("the same: layout", message.layout * each, "ms"),
        Figure("the same: script, style and layout", message.own * each, "ms", APPEND_MS),
        Figure("the same: painting and all else", (message.all - message.own) * each, "ms"),
        Figure("a line of text comes to a blank page: script, style and layout", line.own * each, "ms"),
        Figure("the same: painting and all else", (line.all - line.own) * each, "ms"),
    ]


def _appended(page: Page, chrome: CDPSession, place: Place) -> Work:
    """For all of the messages; each is drawn by itself."""
    before = _work(chrome)
    for number in range(_TIMES):
        place.voice.say(_TEXT.format(f"appended {number}"))
        time.sleep(0.04)  # more than a frame, so that the next is not drawn with it
    work = _work(chrome) - before
    _settle(page, place)
    return work


def _blank(browser: Browser) -> Work:
    context = browser.new_context()
    page, chrome = _watched(context)
    before = _work(chrome)
    page.evaluate(_BLANK % _TIMES)
    work = _work(chrome) - before
    context.close()
    return work


def _typed(page: Page, chrome: CDPSession) -> float:
    page.locator("textarea").focus()
    before = _work(chrome)
    for _ in range(_TIMES):
        chrome.send("Input.dispatchKeyEvent", {"type": "char", "text": "x"})
    return (_work(chrome) - before).all / _TIMES


def _settle(page: Page, place: Place) -> None:
    place.voice.say(f"settled at {time.monotonic()}")
    page.locator("article.row").filter(has_text="settled at").last.wait_for()


def _work(chrome: CDPSession) -> Work:
    """Since the page was opened. What a script has styled and laid out is no part of `script`, says Chromium."""
    told = _metrics(chrome)
    return Work(
        told["TaskDuration"],
        told["ScriptDuration"],
        told["RecalcStyleDuration"],
        told["LayoutDuration"],
    )


def _heap(chrome: CDPSession) -> float:
    chrome.send("HeapProfiler.collectGarbage")
    return _metrics(chrome)["JSHeapUsedSize"]


def _metrics(chrome: CDPSession) -> dict[str, float]:
    told = chrome.send("Performance.getMetrics")["metrics"]
    return {metric["name"]: float(metric["value"]) for metric in told}


if __name__ == "__main__":
    main()
