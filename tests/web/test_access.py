"""Everybody can use it: with a screen reader, by the keyboard, on a phone, by day and by night."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.system.running import Running
from tests.web.conftest import Visit
from tests.web.visitor import Visitor

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 800}


def faults(visitor: Visitor) -> list[str]:
    """What axe finds, as rule and place."""
    found = Axe().run(visitor.page).response["violations"]
    return [f"{rule['id']}: {node['html'][:200]}" for rule in found for node in rule["nodes"]]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_nothing_keeps_anybody_out(shared: Running, visit: Visit, scheme: str, size: dict[str, int]) -> None:
    """axe finds no fault: at the entrance, in a lively room, in dialogs, with tools, search and drawers open."""
    name = f"{scheme}-{size['width']}"
    maya = visit("", viewport=size, color_scheme=scheme, bypass_csp=True)  # axe is injected as a script
    maya.page.goto(maya.url)
    expect(maya.page.get_by_label("Your name")).to_be_focused()
    assert faults(maya) == []
    leo = shared.connect().enter(f"leo-{name}", "message-tags", "echo-message", room=f"#{name}")
    leo.say(
        f"TOPIC #{name} :Everything that fits nowhere else", f"PRIVMSG #{name} :`code`, *bold*, https://example.org/"
    )
    msgid = leo.hear("PRIVMSG").tags["msgid"]
    leo.say(
        f"@+draft/react=👍;+reply={msgid} TAGMSG #{name}", f"@+reply={msgid} PRIVMSG #{name} :maya-{name}: an answer"
    )
    maya.enter(f"maya-{name}", f"#{name}")
    maya.say("hello\nworld")
    maya.say("/nosuch")
    maya.sees("an answer").focus()
    assert faults(maya) == []
    maya.page.get_by_role("button", name="Another reaction").click()
    expect(maya.page.get_by_role("button", name="grinning face", exact=True)).to_be_visible()
    assert faults(maya) == []
    maya.page.keyboard.press("Escape")
    maya.page.keyboard.press("Control+Shift+F")
    for key, title in (("F1", "Help"), ("Control+K", "Go to")):
        maya.page.keyboard.press(key)
        expect(maya.page.get_by_role("heading", name=title, exact=True)).to_be_visible()
        assert faults(maya) == []
        maya.page.keyboard.press("Escape")
    maya.say("/account")
    expect(maya.page.get_by_role("heading", name="Keep this name")).to_be_visible()
    assert faults(maya) == []


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
