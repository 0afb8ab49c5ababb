"""Everybody can use it: with a screen reader, by the keyboard, on a phone, by day and by night."""

from __future__ import annotations

from typing import Final, Literal

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.system.running import Running
from tests.web.conftest import Visit
from tests.web.visitor import Visitor

Scheme = Literal["light", "dark"]
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 800}
SIGHTS: Final[list[tuple[dict[str, int], Scheme]]] = [
    (DESK, "light"),
    (PHONE, "dark"),
    (DESK, "dark"),
    (PHONE, "light"),
]


def faults(visitor: Visitor, sights: int = len(SIGHTS)) -> list[str]:
    """What axe finds at these sizes and in these colours, as rule and place."""
    told = []
    for size, scheme in SIGHTS[:sights]:
        visitor.page.set_viewport_size(size)  # type: ignore[arg-type]  # a dict of two numbers
        visitor.page.emulate_media(color_scheme=scheme)
        found = Axe().run(visitor.page).response["violations"]
        told += [f"{scheme} {rule['id']}: {node['html'][:200]}" for rule in found for node in rule["nodes"]]
    visitor.page.set_viewport_size(DESK)  # type: ignore[arg-type]
    return told


def test_nothing_keeps_anybody_out(shared: Running, visit: Visit) -> None:
    """axe finds no fault: at the entrance, in a lively room with tools, search and emoji open, and in dialogs."""
    maya = visit("", bypass_csp=True)  # axe is injected as a script
    maya.page.goto(maya.url)
    expect(maya.page.get_by_label("Your name")).to_be_focused()
    assert faults(maya) == []
    leo = shared.connect().enter("leo-axe", "message-tags", "echo-message", room="#axe")
    leo.say("TOPIC #axe :Everything that fits nowhere else", "PRIVMSG #axe :`code`, *bold*, https://example.org/")
    msgid = leo.hear("PRIVMSG").tags["msgid"]
    leo.say(f"@+draft/react=👍;+reply={msgid} TAGMSG #axe", f"@+reply={msgid} PRIVMSG #axe :maya-axe: an answer")
    maya.enter("maya-axe", "#axe")
    maya.say("hello\nworld")
    maya.say("/nosuch")
    maya.sees("an answer").focus()
    assert faults(maya) == []
    maya.page.get_by_role("button", name="Another reaction").click()
    expect(maya.page.get_by_role("button", name="grinning face", exact=True)).to_be_visible()
    maya.page.keyboard.press("Control+Shift+F")
    assert faults(maya, 2) == []
    maya.page.keyboard.press("Escape")
    for key, title in (("F1", "Help"), ("Control+K", "Go to")):
        maya.page.keyboard.press(key)
        expect(maya.page.get_by_role("heading", name=title, exact=True)).to_be_visible()
        assert faults(maya, 2) == []
        maya.page.keyboard.press("Escape")
    maya.say("/account")
    expect(maya.page.get_by_role("heading", name="Keep this name")).to_be_visible()
    assert faults(maya, 2) == []


def test_a_phone_shows_one_thing_at_a_time(visit: Visit) -> None:
    """The room fills the screen; conversations and people come in from the sides, and nothing is wider than it."""
    maya = visit("", viewport=PHONE, has_touch=True, is_mobile=True)
    maya.page.goto(f"{maya.url}/#pocket")
    maya.page.get_by_label("Your name").fill("maya-pocket")
    maya.page.get_by_role("button", name="Join", exact=True).tap()
    maya.field.fill("one " * 100 + "w" * 300)
    maya.page.get_by_role("button", name="Send").tap()
    maya.sees("one one")
    maya.page.get_by_role("button", name="Conversations").tap()
    expect(maya.page.get_by_role("navigation")).to_be_in_viewport()
    maya.page.get_by_role("navigation").get_by_role("button", name="#pocket").first.tap()
    expect(maya.page.get_by_role("navigation")).not_to_be_visible()
    maya.page.get_by_role("button", name="People").tap()
    expect(maya.page.get_by_role("complementary")).to_contain_text("maya-pocket")
    assert maya.page.evaluate("() => document.documentElement.scrollWidth") == PHONE["width"]


def test_hands_may_stay_on_the_keyboard(shared: Running, visit: Visit) -> None:
    """Arrows go through the messages, letters do something with one, and Escape leads back to writing."""
    leo = shared.connect().enter("leo-keys", room="#keys")
    leo.say("PRIVMSG #keys :first", "PRIVMSG #keys :second")
    maya = visit("maya-keys", "#keys")
    maya.sees("second")
    for key in ("F6", "ArrowUp", "r"):
        maya.page.keyboard.press(key)
    expect(maya.page.get_by_text("Replying to leo-keys")).to_be_visible()
    expect(maya.field).to_be_focused()
    maya.page.keyboard.type("an answer")
    maya.page.keyboard.press("Enter")
    expect(maya.sees("an answer").locator(".quote")).to_contain_text("first")
    for key in ("F6", "ArrowUp", "ArrowUp", "+"):
        maya.page.keyboard.press(key)
    expect(maya.page.get_by_label("Find an emoji")).to_be_focused()
    maya.page.keyboard.press("Escape")
    maya.page.keyboard.press("F6")
    maya.page.keyboard.press("Escape")
    expect(maya.field).to_be_focused()
    maya.page.keyboard.press("Control+K")
    maya.page.keyboard.type("key")
    maya.page.keyboard.press("Enter")
    expect(maya.page.get_by_role("heading", name="#keys", exact=True)).to_be_visible()
