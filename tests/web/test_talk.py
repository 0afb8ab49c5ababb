"""Coming in, talking and reading, in a browser and beside an IRC client."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.system.running import Running
from tests.web.conftest import Visit


def test_a_guest_needs_a_name_and_nothing_else(shared: Running, visit: Visit) -> None:
    """What is said on the page is heard in an IRC client, and the other way round."""
    leo = shared.connect().enter("leo", room="#den")
    maya = visit("maya", "#den")
    maya.say("hello world")
    assert leo.hear("PRIVMSG").params == ("#den", "hello world")
    leo.say("PRIVMSG #den :hi maya")
    maya.sees("hello world")
    assert "mention" in (maya.sees("hi maya").get_attribute("class") or "")
    expect(maya.page.get_by_role("complementary", name="People")).to_contain_text("leo")


def test_what_was_said_before_is_there(shared: Running, visit: Visit) -> None:
    """Newcomers see the last messages, and reach all others by scrolling."""
    leo = shared.connect().enter("leo2", room="#attic")
    leo.say(*(f"PRIVMSG #attic :line {number}." for number in range(250)), "PING done")
    leo.hear("PONG")
    maya = visit("maya2", "#attic")
    maya.sees("line 249.")
    log = maya.page.get_by_role("log")
    while not maya.page.get_by_text("This is where #attic begins").is_visible():
        log.evaluate("log => { log.scrollTop = 0 }")
    assert [text for text in maya.texts() if text.startswith("line")] == [f"line {number}." for number in range(250)]


def test_a_taken_name_is_said_so(shared: Running, visit: Visit) -> None:
    """Whoever comes second chooses another name."""
    shared.connect().enter("priya")
    tom = visit("")
    tom.page.goto(tom.url)
    tom.page.get_by_label("Your name").fill("priya")
    tom.page.keyboard.press("Enter")
    expect(tom.page.get_by_role("alert")).to_contain_text("taken")
