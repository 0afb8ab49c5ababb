"""Somebody with a browser: what they do on the page, and what they see there."""

from __future__ import annotations

from typing import Any, Final

from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, expect

from tests.system.running import Running

SWITCHES: Final = [
    "--no-sandbox",
    "--headless",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

CONFIG: Final = """
name = "Maya's place"
server_name = "hub.example"
data = "{data}"
motd = "Be kind."
[limits]
flood = false
"""

PATIENCE_MS: Final = 10_000

expect.set_options(timeout=PATIENCE_MS)

# What the browser says of a connection that a test has broken.
_EXPECTED: Final = ("WebSocket connection to", "net::ERR_CONNECTION_REFUSED", "net::ERR_INTERNET_DISCONNECTED")


class Visitor:
    """A context of its own is a device of its own. `complaints` are errors of scripts, and of the content policy."""

    def __init__(self, browser: Browser, server: Running, **device: Any) -> None:
        self.server = server
        self.url = server.urls[1]
        self.context = browser.new_context(
            **{
                "viewport": {"width": 1280, "height": 800},
                "reduced_motion": "reduce",
                "service_workers": "block",
                **device,
            }
        )
        self.context.set_default_timeout(PATIENCE_MS)
        self.complaints: list[str] = []
        self.page: Page = self.context.new_page()
        self.page.on("console", self._note)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def enter(self, nick: str, room: str = "") -> None:
        """Come in by name, and be in the room."""
        self.page.goto(f"{self.url}/{room}")
        self.page.get_by_label("Your name").fill(nick)
        self.page.get_by_role("button", name="Join", exact=True).click()
        if room:
            expect(self.page.get_by_role("heading", name=room, exact=True)).to_be_visible()
        expect(self.field).to_be_visible()

    @property
    def field(self) -> Locator:
        return self.page.locator("textarea")

    def say(self, text: str) -> None:
        self.field.fill(text)
        self.field.press("Enter")

    def row(self, text: str) -> Locator:
        """The message that holds these words."""
        return self.page.locator("article.row").filter(has_text=text)

    def sees(self, text: str) -> Locator:
        """There is such a message, once, and it is stored."""
        row = self.row(text)
        expect(row).to_have_count(1)
        expect(row.locator(".fate")).to_have_count(0)
        return row

    def texts(self) -> list[str]:
        """All messages on the page, in their order."""
        return self.page.locator("article.row .text").all_inner_texts()

    def leave(self) -> None:
        self.context.close()

    def _note(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not any(words in message.text for words in _EXPECTED):
            self.complaints.append(message.text)
