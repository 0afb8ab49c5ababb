"""Text stays text, wherever it comes from: nothing that somebody says runs in a reader's browser.

https://cheatsheetseries.owasp.org/cheatsheets/Cross_Site_Scripting_Prevention_Cheat_Sheet.html
"""

from __future__ import annotations

import json
from pathlib import Path

from playwright.sync_api import expect

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
    """Room, topic, name, message, action, reaction, away, quit, metadata may hold markup: it is shown, not obeyed.

    Seen to fail where a message is put into the page as markup.
    """
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
    """Its name and its message of the day are text, too, before and after somebody comes in.

    Seen to fail where the name is filled into the page as it is.
    """
    config = CONFIG.replace('"Maya\'s place"', json.dumps(f'"></title>{SENTENCE}')).replace(
        '"Be kind."', json.dumps(SENTENCE)
    )
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
    """What is no picture is a link that saves it.

    Seen to fail where a link to a file opens it.
    """
    account(own, "create", "leo", "--password-stdin", stdin="rosebud and sled\n")
    link = share(own.urls[1], b"<html><script>hit=1</script>", who="leo").headers["Location"]
    leo = own.connect().enter("leo_", room="#den")
    leo.say(f"PRIVMSG #den :{link}")
    maya = visit("maya", "#den", own)
    file = maya.sees("tea.html").get_by_role("link", name="📄")
    expect(file).to_have_attribute("download", "")
    assert unharmed(maya)


def test_nothing_is_fetched_from_elsewhere(own: Running, visit: Visit) -> None:
    """A link to another place is a link: its owner does not learn who reads it.

    Seen to fail where a picture is shown wherever it lies.
    """
    asked: list[str] = []
    maya = visit("", server=own)
    maya.page.on("request", lambda request: asked.append(request.url))
    maya.enter("maya", "#den")
    own.connect().enter("leo", room="#den").say("PRIVMSG #den :https://elsewhere.example/cat.png")
    link = maya.sees("elsewhere.example").get_by_role("link")
    expect(link).to_have_attribute("rel", "noopener noreferrer nofollow")
    assert {url for url in asked if not url.startswith((own.urls[1], own.urls[1].replace("http", "ws")))} == set()


INSERTIONS = {
    "markup": "document.body.innerHTML = '<img src=x onerror=globalThis.hit=1>'",
    "more markup": "document.body.insertAdjacentHTML('beforeend', '<svg onload=globalThis.hit=1>')",
    "a document": "document.write('<script>globalThis.hit=1</script>')",
    "a frame": "document.createElement('iframe').srcdoc = '<script>parent.hit=1</script>'",
    "a text of a script": "document.createElement('script').text = 'globalThis.hit=1'",
    "a source of a script": "document.createElement('script').src = 'data:text/javascript,globalThis.hit=1'",
    "a string of a program": "(0, eval)('globalThis.hit=1')",
    "a function of a string": "new Function('globalThis.hit=1')()",
    "a worker": "new Worker('data:text/javascript,0')",
    "a policy of its own": "trustedTypes.createPolicy('mine', {createHTML: text => text})",
}


def test_what_a_mistake_of_ours_would_insert_does_not_run(visit: Visit) -> None:
    """Behind "text stays text" stand the content policy and Trusted Types: each way to a script is closed.

    Seen to fail where the policy does not require Trusted Types.
    """
    maya = visit("maya", "#closed")
    for what, program in INSERTIONS.items():
        closed = f"try {{ {program}; done(false) }} catch (error) {{ done(true) }}"
        assert maya.page.evaluate(f"() => new Promise((done) => setTimeout(() => {{ {closed} }}))"), what
    maya.page.evaluate(
        "() => Object.assign(document.createElement('a'), {href: 'javascript:globalThis.hit=1'}).click()"
    )
    assert not maya.page.evaluate("() => globalThis.hit")
    assert maya.complaints
    maya.complaints.clear()


def test_the_page_is_in_nobodys_frame(shared: Running, visit: Visit) -> None:
    """No other page draws itself over ours to have somebody click where they do not want to.

    Seen to fail where the policy does not say `frame-ancestors`.
    """
    maya = visit("")
    with maya.page.expect_console_message(lambda said: "frame-ancestors" in said.text):
        maya.page.set_content(f"<iframe src='{shared.urls[1]}/'></iframe>")
    assert maya.page.frames[-1].get_by_label("Your name").count() == 0
    maya.complaints.clear()
