"""Invites, names that are kept, devices that are remembered, and files."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from pathlib import Path

import apsw
import pytest
from playwright.sync_api import FilePayload, Route, WebSocketRoute, expect

from hubbub.hub.errands import Errand
from hubbub.hub.invites import DAY
from hubbub.stores.sqlite import Visit as Beside
from hubbub.stores.sqlite_errands import SqliteErrands
from tests.system.running import Running
from tests.web.conftest import Visit
from tests.web.visitor import Visitor

PASSWORD = "rosebud and sled"
ICON = (Path(__file__).parents[2] / "src/hubbub/web/icon-192.png").read_bytes()

DROP_AND_PASTE = """() => {
    const holding = (name) => {
        const data = new DataTransfer();
        data.items.add(new File(["tea"], name));
        return data;
    };
    const told = { bubbles: true, cancelable: true };
    const drop = new DragEvent("drop", { ...told, dataTransfer: holding("dropped.txt") });
    const paste = new ClipboardEvent("paste", { ...told, clipboardData: holding("pasted.txt") });
    document.querySelector(".room").dispatchEvent(drop);
    document.querySelector("textarea").dispatchEvent(paste);
}"""

KEPT_ROWS = """() => new Promise((found) => {
    const opening = indexedDB.open("hubbub");
    opening.onupgradeneeded = () => opening.transaction.abort(); // not made yet, and not ours to make
    opening.onerror = () => found(false);
    opening.onsuccess = ({ target: { result: database } }) => {
        const asked = database.transaction("talks").objectStore("talks").getAll();
        const holds = ({ rows }) => rows.some(({ text }) => text.includes("our sign"));
        asked.onsuccess = () => found(asked.result.some(holds));
        database.close();
    };
})"""


def keep_name(visitor: Visitor) -> None:
    visitor.say("/account")
    expect(visitor.page.get_by_label("Password")).to_be_focused()
    visitor.page.keyboard.type(PASSWORD)
    visitor.page.get_by_role("button", name="Keep this name", exact=True).click()
    expect(visitor.page.get_by_role("dialog")).to_have_count(0)
    expect(visitor.page.locator(".me")).to_contain_text("account")
    expect(visitor.field).to_be_focused()


def remembered(visitor: Visitor) -> None:
    """The device has a password of its own."""
    visitor.page.wait_for_function("() => JSON.parse(localStorage.getItem('hubbub') ?? '{}').device")


def test_a_link_brings_guests_in(own: Running, visit: Visit) -> None:
    """Who has it comes into the room that it names, also where that is closed to others; the code is in the picture."""
    maya = visit("maya", "#den", own)
    maya.say("/mode +i")
    maya.page.get_by_role("button", name="Invite").click()
    maya.page.get_by_role("button", name="Make a link").click()
    link = maya.page.get_by_role("textbox", name="The link").input_value()
    assert re.fullmatch(rf"{own.urls[1]}/j/[0-9a-z]{{6,12}}", link)
    expect(maya.page.get_by_role("img", name="QR code")).to_be_visible()
    leo = visit("", server=own)
    leo.page.goto(link)
    leo.page.get_by_label("Your name").fill("maya")
    leo.page.keyboard.press("Enter")
    expect(leo.page.get_by_role("alert")).to_contain_text("taken")
    expect(leo.page.get_by_text("You are invited.")).to_be_visible()
    leo.page.get_by_label("Your name").fill("leo")
    leo.page.get_by_role("button", name="Join", exact=True).click()
    expect(leo.page.get_by_role("heading", name="#den", exact=True)).to_be_visible()
    expect(leo.page).to_have_url(f"{own.urls[1]}/")
    leo.page.reload()
    expect(leo.page.get_by_role("heading", name="#den", exact=True)).to_be_visible()
    expect(leo.page.get_by_role("complementary").get_by_role("button", name="leo")).to_be_visible()


def left(server: Running, *errands: Errand) -> str:
    """What `hubbub invite` asks of the server, and has done."""
    board = SqliteErrands(Beside(server.data))
    for errand in errands:
        board.leave(errand, 1).result()
        while board.waiting().result():
            pass
    return errands[-1].code


def taken_back(server: Running) -> str:
    return left(server, Errand("t7k4n2", True), Errand("t7k4n2", False))


def expired(server: Running) -> str:
    """Instead of a wait, while nobody holds the database."""
    now = time.time_ns() // 1_000_000
    code = left(server, Errand("x7p4r2", True, until=now + DAY))
    server.kill()
    database = apsw.Connection(str(server.data / "hubbub.db"))
    database.execute("UPDATE fact SET value = json_set(value, '$.until', ?) WHERE key = ?", (now - 1, code))
    database.close()
    server.start()
    return code


def used_up(server: Running) -> str:
    code = left(server, Errand("d7s4d2", True, uses=1))
    leo = server.connect()
    leo.say("CAP REQ hubbub.chat/invite", f"INVITATION USE {code}", "CAP END")
    leo.enter("leo-used")
    return code


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (lambda _: "k7q4m2", "There is no such invite here; look at it again, or ask for a new one"),
        (lambda _: "nonsense", "There is no such invite here; look at it again, or ask for a new one"),
        (taken_back, "That invite was taken back; ask for a new one"),
        (expired, "That invite has expired; ask for a new one"),
        (used_up, "That invite has been used as often as it may be; ask for a new one"),
    ],
    ids=["invented", "no code", "taken back", "expired", "used up"],
)
def test_an_invite_that_does_not_hold_says_why(
    shared: Running, visit: Visit, spoil: Callable[[Running], str], why: str
) -> None:
    """And what to do; then one may still come in as everybody may."""
    code = spoil(shared)
    tom = visit("")
    tom.page.goto(f"{shared.urls[1]}/j/{code}")
    tom.page.get_by_label("Your name").fill(f"tom-{code}")
    tom.page.keyboard.press("Enter")
    expect(tom.page.get_by_role("alert")).to_have_text(why)
    tom.page.get_by_label("Your name").fill(f"tom-{code}")
    tom.page.get_by_role("button", name="Join", exact=True).click()
    expect(tom.page.locator(".me")).to_contain_text(f"tom-{code}")


def test_a_name_that_is_kept_is_ones_own(own: Running, visit: Visit) -> None:
    """It comes back with the page, is nobody else's, and opens on another device by its password alone."""
    maya = visit("maya", "#den", own)
    keep_name(maya)
    remembered(maya)
    assert PASSWORD not in str(maya.context.storage_state(indexed_db=True))
    maya.page.reload()
    expect(maya.page.locator(".me")).to_contain_text("account")
    phone = visit("", server=own)
    phone.page.goto(f"{own.urls[1]}/#den")
    phone.page.get_by_label("Your name").fill("maya")
    phone.page.keyboard.press("Enter")
    expect(phone.page.get_by_role("alert")).to_be_visible()
    phone.page.get_by_role("button", name="I have an account").click()
    phone.page.get_by_label("Password").fill("guess")
    phone.page.get_by_role("button", name="Sign in").click()
    expect(phone.page.get_by_role("alert")).to_contain_text("Wrong")
    phone.page.get_by_label("Password").fill(PASSWORD)
    phone.page.get_by_role("button", name="Sign in").click()
    expect(phone.page.locator(".me")).to_contain_text("account")
    phone.say("from my phone")
    maya.sees("from my phone")


def test_what_is_read_here_is_read_there(own: Running, visit: Visit) -> None:
    """The place up to which somebody has read is on all of their devices, also later ones."""
    maya = visit("maya", "#den", own)
    keep_name(maya)
    maya.say("/join #elsewhere")
    expect(maya.page.get_by_role("heading", name="#elsewhere", exact=True)).to_be_visible()
    own.connect().enter("leo", room="#den").say("PRIVMSG #den :news")
    expect(maya.page.get_by_label("1 unread")).to_be_visible()
    phone = visit("", server=own)
    phone.page.goto(f"{own.urls[1]}/#den")
    phone.page.get_by_role("button", name="I have an account").click()
    phone.page.get_by_label("Account").fill("maya")
    phone.page.get_by_label("Password").fill(PASSWORD)
    phone.page.get_by_role("button", name="Sign in").click()
    phone.sees("news")
    expect(phone.page.get_by_role("separator")).to_contain_text("New")
    expect(maya.page.get_by_label("1 unread")).to_have_count(0)


def test_signing_out_leaves_nothing(own: Running, visit: Visit) -> None:
    """The device is forgotten on both sides: what it had kept opens nothing any more."""
    maya = visit("maya", "#den", own)
    keep_name(maya)
    remembered(maya)
    kept = maya.page.evaluate("() => JSON.parse(localStorage.getItem('hubbub')).identity.password")
    maya.say("/account")
    maya.page.get_by_role("button", name="Sign out").click()
    expect(maya.page.get_by_label("Your name")).to_be_visible()
    assert maya.page.evaluate("() => localStorage.getItem('hubbub')") is None
    maya.page.get_by_role("button", name="I have an account").click()
    maya.page.get_by_label("Account").fill("maya")
    maya.page.get_by_label("Password").fill(kept)
    maya.page.get_by_role("button", name="Sign in").click()
    expect(maya.page.get_by_role("alert")).to_contain_text("Wrong")


def test_sharing_a_picture(own: Running, visit: Visit) -> None:
    """It is sent at once, its link goes with the message, and everybody sees it in its place."""
    maya = visit("maya", "#den", own)
    maya.page.get_by_label("Share files").set_input_files(FilePayload(name="x.png", mimeType="image/png", buffer=ICON))
    expect(maya.page.get_by_role("status")).to_contain_text("needs an account")
    keep_name(maya)
    maya.page.get_by_label("Share files").focus()
    maya.page.get_by_label("Share files").set_input_files(FilePayload(name="x.png", mimeType="image/png", buffer=ICON))
    expect(maya.page.locator(".uploads")).to_contain_text("1.8 KB")
    expect(maya.field).to_be_focused()
    maya.page.evaluate(DROP_AND_PASTE)
    expect(maya.page.locator(".uploads")).to_contain_text("dropped.txt 3 B")
    expect(maya.page.locator(".uploads")).to_contain_text("pasted.txt 3 B")
    maya.say("our sign")
    leo = visit("leo", "#den", own)
    picture = leo.sees("our sign").get_by_role("img", name="x.png")
    expect(picture).to_have_js_property("naturalWidth", 192)
    expect(leo.row("our sign").get_by_role("link", name="pasted.txt")).to_be_visible()


def test_a_picture_that_was_kept_is_shown(own: Running, visit: Visit) -> None:
    """Rows of this device are drawn before the server has said where its files are, and again when it has."""
    maya = visit("maya", "#den", own)
    keep_name(maya)
    maya.page.get_by_label("Share files").set_input_files(FilePayload(name="x.png", mimeType="image/png", buffer=ICON))
    expect(maya.page.locator(".uploads")).to_contain_text("1.8 KB")
    maya.say("our sign")
    picture = maya.sees("our sign").get_by_role("img", name="x.png")
    expect(picture).to_be_visible()
    while not maya.page.evaluate(KEPT_ROWS):
        pass
    sockets: list[WebSocketRoute] = []

    def deaf_at_first(socket: WebSocketRoute) -> None:
        sockets.append(socket)
        if len(sockets) > 1:
            socket.connect_to_server()

    maya.page.route_web_socket("**/ws", deaf_at_first)
    maya.page.reload()
    expect(maya.row("our sign").get_by_role("link")).to_be_visible()
    sockets[0].close()
    expect(picture).to_have_js_property("naturalWidth", 192)


def test_a_file_goes_on_where_it_was_cut(own: Running, visit: Visit) -> None:
    """By itself, from the byte that the server has; here half of it came before the connection broke."""
    maya = visit("maya", "#den", own)
    keep_name(maya)
    offsets: list[str] = []

    def cut_once(route: Route) -> None:
        if route.request.method == "PATCH":
            offsets.append(route.request.headers["upload-offset"])
        if offsets != ["0"]:
            route.continue_()
            return
        half = route.request.post_data_buffer or b""
        route.fetch(post_data=half[: len(half) // 2], headers={**route.request.headers, "upload-complete": "?0"})
        route.abort("connectionrefused")
        offsets.append("cut")

    maya.page.route("**/uploads/*", cut_once)
    plan = FilePayload(name="plan.bin", mimeType="application/x-plan", buffer=bytes(100_000))
    maya.page.get_by_label("Share files").set_input_files(plan)
    expect(maya.page.locator(".uploads")).to_contain_text("plan.bin 97.7 KB")
    assert offsets == ["0", "cut", "50000"]
