"""Connections that break, servers that die, machines that sleep: nothing is missing then, and nothing is twice."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.system.running import Running
from tests.web.conftest import Visit

ASLEEP = """() => {
    globalThis.awake = WebSocket;
    WebSocket = class extends EventTarget {
        constructor() { super(); setTimeout(() => this.dispatchEvent(new Event("close"))) }
        close() {}
    }
}"""
"""Until it is awake again, no connection can be made."""

BREAKING = """(arrives) => {
    const { send } = WebSocket.prototype;
    globalThis.broken = 0;
    WebSocket.prototype.send = function (line) {
        const said = line.includes(" PRIVMSG ");
        if (arrives || !said) send.call(this, line);
        if (said) {
            globalThis.broken += 1;
            this.close();
        }
    }
}"""
"""From here on, each connection breaks when something is said, and before that is answered."""

WRITTEN = """
    Object.defineProperty(document, "visibilityState", { get: () => (globalThis.hidden ? "hidden" : "visible") });
    const { put } = IDBObjectStore.prototype;
    IDBObjectStore.prototype.put = function (kept) {
        this.transaction.addEventListener("complete", () => { globalThis.written = kept.rows.at(-1).text });
        return put.call(this, kept);
    }
"""
"""Says which message was kept last on this device, and lets it be put away."""


def test_a_server_may_die(own: Running, visit: Visit) -> None:
    """What was said meanwhile, and what was written meanwhile, is there once, in one order for all."""
    maya, leo = visit("maya", "#den", own), own.connect().enter("leo", room="#den")
    maya.say("before")
    maya.sees("before")
    own.kill()
    expect(maya.page.get_by_text("offline")).to_be_visible()
    maya.say("written offline")
    expect(maya.row("written offline")).to_contain_text("waits for the connection")
    own.start()
    leo = own.connect().enter("leo", "echo-message", room="#den")
    leo.say("PRIVMSG #den :said meanwhile")
    leo.hear("PRIVMSG")
    expect(maya.page.get_by_text("connected")).to_be_visible()
    maya.sees("written offline")
    maya.sees("said meanwhile")
    assert sorted(maya.texts()) == ["before", "said meanwhile", "written offline"]
    maya.page.reload()
    maya.sees("written offline")
    assert sorted(maya.texts()) == ["before", "said meanwhile", "written offline"]


@pytest.mark.parametrize("arrives", [True, False], ids=["stored", "lost"])
def test_what_is_on_its_way_arrives_once(own: Running, visit: Visit, arrives: bool) -> None:
    """Be the message lost with the connection or only its answer: said again under its label, it is kept once."""
    maya = visit("maya", "#den", own)
    maya.page.evaluate(BREAKING, arrives)
    maya.say("did this arrive?")
    maya.page.wait_for_function("() => globalThis.broken > 1")
    maya.page.reload()
    maya.sees("did this arrive?")
    maya.page.reload()
    maya.sees("did this arrive?")
    assert len(maya.texts()) == 1


def test_a_long_absence_is_filled_from_its_end(own: Running, visit: Visit) -> None:
    """After a day of sleep the last messages are there at once, and the others by scrolling up, all in order."""
    maya = visit("maya", "#den", own)
    maya.say("good night")
    maya.sees("good night")
    maya.page.evaluate(ASLEEP)
    own.kill()
    own.start()
    leo = own.connect().enter("leo", room="#den")
    leo.say(*(f"PRIVMSG #den :line {number}." for number in range(400)), "PING done")
    leo.hear("PONG")
    maya.page.evaluate("() => { WebSocket = globalThis.awake }")
    maya.sees("line 399.")
    log = maya.page.get_by_role("log")
    while not maya.row("line 120.").count():
        log.evaluate("log => { log.scrollTop = 0 }")
    numbers = [int(text[5:-1]) for text in maya.texts() if text.startswith("line")]
    assert numbers == list(range(numbers[0], numbers[-1] + 1))


def test_the_last_messages_are_there_without_a_connection(own: Running, visit: Visit) -> None:
    """Who opens the page while the server is gone reads what was said last, and is told why there is no more."""
    maya = visit("", server=own, service_workers="allow")
    maya.context.add_init_script(WRITTEN)
    maya.enter("maya", "#den")
    for number in range(5):
        maya.say(f"line {number}.")
    maya.sees("line 4.")
    maya.page.evaluate("() => { hidden = true; document.dispatchEvent(new Event('visibilitychange')) }")
    maya.page.wait_for_function("() => globalThis.written === 'line 4.' && navigator.serviceWorker.ready")
    own.kill()
    maya.page.reload()
    maya.sees("line 4.")
    expect(maya.page.get_by_text("offline")).to_be_visible()


def test_another_name_will_do_until_the_old_one_is_free(own: Running, visit: Visit) -> None:
    """Who comes back before the server has noticed that they went waits under another name, and gets their own back."""
    maya = visit("maya", "#den", own)
    own.kill()
    own.start()
    thief = own.connect().enter("maya")
    expect(maya.page.get_by_role("navigation").get_by_role("button", name="maya_")).to_be_visible()
    leo = own.connect().enter("leo", room="#den")
    thief.say("JOIN #den")
    thief.hear("366")
    thief.close()
    leo.hear("QUIT")
    expect(maya.page.get_by_role("navigation").get_by_role("button", name="maya guest")).to_be_visible()


def test_who_slept_hears_what_was_said_meanwhile(own: Running, visit: Visit) -> None:
    """The page is frozen and its connection dies unheard, as on a phone in a pocket; it looks when it wakes up."""
    maya = visit("maya", "#den", own)
    maya.say("good night")
    maya.sees("good night")
    chrome = maya.context.new_cdp_session(maya.page)
    chrome.send("Page.setWebLifecycleState", {"state": "frozen"})
    own.kill()
    own.start()
    leo = own.connect().enter("leo", room="#den")
    leo.say("PRIVMSG #den :said while she slept", "PING done")
    leo.hear("PONG")
    chrome.send("Page.setWebLifecycleState", {"state": "active"})
    maya.sees("said while she slept")
    maya.say("good morning")
    maya.sees("good morning")
    leo.hear(lambda line: line.params[-1:] == ("good morning",))
    assert maya.texts() == ["good night", "said while she slept", "good morning"]


def test_what_cannot_be_fetched_is_said_and_comes_with_the_server(own: Running, visit: Visit) -> None:
    """A view, a command and the end of a word, each wanted first while the server is gone: nothing of it is lost."""
    maya = visit("maya", "#den", own)
    own.kill()
    expect(maya.page.get_by_text("offline")).to_be_visible()
    maya.say("/me waves")
    expect(maya.page.get_by_role("status").get_by_text("could not be fetched")).to_be_visible()
    expect(maya.field).to_have_value("/me waves")
    maya.field.press("Tab")
    told = maya.page.get_by_role("status").get_by_role("button", name="Dismiss")
    expect(told).to_have_count(2)
    told.last.click()
    told.click()  # they lie above what is next
    maya.page.get_by_role("button", name="Search").click()
    missing = maya.page.get_by_role("alert").filter(has_text="could not be fetched")
    missing.get_by_role("button", name="Try again").click()
    expect(missing).to_be_visible()
    own.start()
    expect(maya.page.get_by_role("search")).to_be_visible()
    expect(missing).to_have_count(0)
    maya.field.press("Enter")
    maya.sees("waves")
