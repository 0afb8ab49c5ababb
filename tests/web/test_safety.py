"""Text stays text, wherever it comes from; and other sites' pages are kept out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import expect
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Origin

from tests.system.running import Running
from tests.system.test_accounts import account
from tests.system.test_files import share
from tests.web.conftest import Visit
from tests.web.visitor import CONFIG, Visitor

SCRIPT = "<img/src=x/onerror=globalThis.hit=1><svg/onload=globalThis.hit=1>"
SENTENCE = f"{SCRIPT} <script>globalThis.hit=1</script> javascript:globalThis.hit=1 [x](javascript:globalThis.hit=1)"


def unharmed(visitor: Visitor) -> bool:
    """Nothing ran, and nothing became an element that we do not make."""
    return bool(
        visitor.page.evaluate(
            "() => !globalThis.hit && !document.querySelector("
            "'script:not([src]), [onerror], [onload], a[href^=javascript], iframe, object, embed')"
        )
    )


def test_every_field_that_others_fill_is_text(own: Running, visit: Visit) -> None:
    """Room, topic, name, message, action, reaction, away, quit, metadata may hold markup: it is shown, not obeyed."""
    room = f"#{SCRIPT}"[:60]
    leo = own.connect()
    leo.enter("leo", "message-tags", "draft/metadata-2", "echo-message")
    leo.say(f"SETNAME :{SCRIPT}", f"JOIN {room}", f"TOPIC {room} :{SENTENCE}")
    leo.hear("366")
    maya = visit("", server=own)
    maya.page.goto(maya.url)
    maya.page.get_by_label("Your name").fill("maya")
    maya.page.keyboard.press("Enter")
    expect(maya.page.get_by_role("heading", name=room)).to_be_visible()
    leo.say(f"PRIVMSG {room} :{SENTENCE}", f"PRIVMSG {room} :\x01ACTION {SENTENCE}\x01", f"NOTICE {room} :{SENTENCE}")
    msgid = leo.hear("NOTICE").tags["msgid"]
    leo.say(
        f"@+draft/react={SCRIPT};+reply={msgid} TAGMSG {room}",
        f"@+reply={msgid} PRIVMSG {room} :an answer",
        f"METADATA * SET display-name :{SENTENCE}",
        f"AWAY :{SENTENCE}",
        f"PRIVMSG maya :{SENTENCE}",
        f"MODE {room} +b {SCRIPT}!*@*",
    )
    maya.sees("an answer")
    expect(maya.page.get_by_role("article").filter(has_text="<img/src")).to_have_count(4)
    expect(maya.page.locator(".reactions button")).to_contain_text("<img/src")
    expect(maya.page.locator(".topic")).to_contain_text("<script>")
    leo.say(f"PART {room} :{SENTENCE}", f"JOIN {room}", f"QUIT :{SENTENCE}")
    expect(maya.page.locator(".events").last).to_contain_text("<script>")
    maya.say("/join")
    maya.page.get_by_role("button", name="Join or make a room").click()
    expect(maya.page.get_by_role("dialog")).to_contain_text(room)
    assert unharmed(maya)


def test_the_house_may_call_itself_anything(tmp_path: Path, visit: Visit) -> None:
    """Its name and its message of the day are text, too, before and after somebody comes in."""
    config = CONFIG.replace('"Maya\'s place"', json.dumps(SENTENCE)).replace('"Be kind."', json.dumps(SENTENCE))
    server = Running(tmp_path, ("irc://127.0.0.1:0", "http://127.0.0.1:0"), config)
    try:
        maya = visit("maya", "#den", server)
        maya.page.keyboard.press("F1")
        expect(maya.page.locator(".motd")).to_contain_text("<script>")
        expect(maya.page.get_by_role("navigation").locator(".place")).to_contain_text("<script>")
        assert unharmed(maya)
    finally:
        server.close()


def test_a_file_may_be_called_anything(own: Running, visit: Visit) -> None:
    """What is no picture is a link that saves it."""
    account(own, "create", "leo", "--password-stdin", stdin="rosebud and sled\n")
    link = share(own.urls[1], b"<html><script>hit=1</script>", who="leo").headers["Location"]
    leo = own.connect().enter("leo_", room="#den")
    leo.say(f"PRIVMSG #den :{link}")
    maya = visit("maya", "#den", own)
    file = maya.sees("tea.html").get_by_role("link", name="📄")
    expect(file).to_have_attribute("download", "")
    assert unharmed(maya)


def test_nothing_is_fetched_from_elsewhere(own: Running, visit: Visit) -> None:
    """A link to another place is a link: its owner does not learn who reads it."""
    asked: list[str] = []
    maya = visit("", server=own)
    maya.page.on("request", lambda request: asked.append(request.url))
    maya.enter("maya", "#den")
    own.connect().enter("leo", room="#den").say("PRIVMSG #den :https://elsewhere.example/cat.png")
    link = maya.sees("elsewhere.example").get_by_role("link")
    expect(link).to_have_attribute("rel", "noopener noreferrer nofollow")
    assert {url for url in asked if not url.startswith((own.urls[1], own.urls[1].replace("http", "ws")))} == set()


@pytest.mark.parametrize("origin", ["http://elsewhere.example", "null", "https://127.0.0.1:1"])
def test_pages_of_other_sites_are_turned_away(shared: Running, origin: str) -> None:
    """Any page can make a browser connect; ours alone is let in."""
    with pytest.raises(InvalidStatus) as refused:
        connect(shared.urls[1].replace("http", "ws") + "/ws", origin=Origin(origin))
    assert refused.value.response.status_code == 403
