"""The page of who runs the place: what they would rather look at than type, and nobody else sees."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import FilePayload, Locator, expect

from tests.system.running import Running
from tests.web.conftest import Visit
from tests.web.test_access import DESK, PHONE, Scheme
from tests.web.test_accounts import keep_name
from tests.web.visitor import CONFIG, Visitor

OPERATED = f"""{CONFIG}
[[operator]]
name = "root"
password = "secret"
"""

SCHEMES: tuple[Scheme, ...] = ("light", "dark")
SECTIONS = ("Health", "People", "Rooms", "Invites", "Files", "Bans", "What was done")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    running = Running(tmp_path_factory.mktemp("place"), ("irc://127.0.0.1:0", "http://127.0.0.1:0"), OPERATED)
    yield running
    running.close()


def running_it(visit: Visit, place: Running, nick: str, **device: object) -> Visitor:
    """Somebody on that page, by the way that people find."""
    visitor = visit(nick, f"#{nick}", place, **device)
    visitor.say("/raw OPER root secret")
    visitor.say("/account")
    visitor.page.get_by_role("link", name="Open").click()
    return visitor


def section(visitor: Visitor, name: str) -> None:
    visitor.page.get_by_role("navigation", name="Sections").get_by_role("button", name=name).click()
    expect(visitor.page.get_by_role("heading", name=name, exact=True)).to_be_visible()
    expect(visitor.page.get_by_text("One moment…")).to_have_count(0)


def record(visitor: Visitor, text: str) -> Locator:
    return visitor.page.locator(".records li").filter(has_text=text)


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_nothing_keeps_anybody_out(place: Running, visit: Visit, size: dict[str, int]) -> None:
    """axe finds no fault in any section, by day and by night, with records in them, and a code shown."""
    width = size["width"]
    priya = running_it(visit, place, f"priya-{width}", viewport=size, bypass_csp=True)
    for name in SECTIONS:
        section(priya, name)
        if name == "Invites":
            priya.page.get_by_text("Make an invite").click()
            priya.page.get_by_role("button", name="Make a link").click()
            expect(priya.page.get_by_role("img", name="The link as a QR code")).to_be_visible()
        for scheme in SCHEMES:
            priya.page.emulate_media(color_scheme=scheme)
            found = Axe().run(priya.page).response["violations"]
            told = [f"{scheme} {rule['id']}: {node['html'][:200]}" for rule in found for node in rule["nodes"]]
            assert told == [], name
        assert priya.page.evaluate("document.documentElement.scrollWidth") <= width
    priya.page.get_by_role("button", name="Back to the rooms").click()
    expect(priya.field).to_be_visible()
    assert priya.page.url == f"{priya.url}/"


def test_it_is_for_those_alone_who_run_the_place(place: Running, visit: Visit) -> None:
    """Others are not led there, and who knows the address is told so."""
    tom = visit("tom", "#tea", place)
    tom.say("/account")
    expect(tom.page.get_by_role("heading", name="Notifications")).to_be_visible()
    tom.page.get_by_label("Password").fill("aaaaaaaaaaaa")
    tom.page.get_by_role("button", name="Keep this name", exact=True).click()
    expect(tom.page.get_by_role("alert")).to_be_visible()  # refused behind the answer to whether he runs the place
    expect(tom.page.get_by_role("heading", name="Run this place")).to_have_count(0)
    tom.page.keyboard.press("Escape")
    tom.say("/house")
    expect(tom.page.get_by_text("This page is for who runs the place")).to_be_visible()
    tom.page.get_by_role("navigation", name="Conversations").get_by_text("#tea").click()
    expect(tom.field).to_be_visible()


def test_an_invite_is_made_copied_and_taken_back(place: Running, visit: Visit) -> None:
    """It says where it leads, until when, and how often it was used."""
    maya = running_it(visit, place, "maya")
    section(maya, "Invites")
    maya.page.get_by_text("Make an invite").click()
    maya.page.get_by_label("It leads to").select_option("#maya")
    maya.page.get_by_label("For how many").select_option("10")
    maya.page.get_by_role("button", name="Make a link").click()
    invite = record(maya, "to #maya, by maya")
    expect(invite).to_contain_text("used 0 of 10 times")
    code = maya.page.get_by_role("textbox", name="The link").input_value().rpartition("/")[2]
    leo = place.connect()
    leo.say("CAP REQ hubbub.chat/invite", f"INVITATION USE {code}", "CAP END")
    leo.enter("leo", room="#maya")
    section(maya, "People")
    section(maya, "Invites")
    expect(invite).to_contain_text("used 1 of 10 times")
    invite.get_by_role("button", name="Take back").click()
    expect(invite).to_have_count(1)
    invite.get_by_role("button", name="Really").click()
    expect(invite).to_have_count(0)


def test_people_are_put_out_and_banned_and_forgiven(place: Running, visit: Visit) -> None:
    """Each deed is asked for twice where it cannot be undone, and stands in what was done."""
    sam, bot = running_it(visit, place, "sam"), place.connect().enter("spambot", room="#tea")
    section(sam, "People")
    sam.page.get_by_label("Whom").fill("spam*")
    sam.page.get_by_role("button", name="Find").click()
    expect(sam.page.locator(".records li")).to_have_count(1)
    record(sam, "spambot").get_by_role("button", name="Disconnect").click()
    record(sam, "spambot").get_by_role("button", name="Really").click()
    assert "Killed" in bot.hear("ERROR").params[0]
    expect(sam.page.get_by_text("Nobody is found.")).to_be_visible()
    section(sam, "Bans")
    sam.page.get_by_label("Ban an account").fill("198.51.100.0/24")
    sam.page.locator("select[name=lasts]").select_option("a week")
    sam.page.get_by_label("Reason").fill("for much spam")
    sam.page.get_by_role("button", name="Ban", exact=True).click()
    ban = record(sam, "198.51.100.0/24")
    expect(ban).to_contain_text("for much spam")
    expect(ban).to_contain_text("until")
    ban.get_by_role("button", name="Lift").click()
    ban.get_by_role("button", name="Really").click()
    expect(sam.page.get_by_text("Nobody is banned.")).to_be_visible()
    section(sam, "What was done")
    expect(record(sam, "disconnected spambot")).to_have_count(1)
    expect(record(sam, "lifted the ban of 198.51.100.0/24")).to_have_count(1)


def test_files_are_looked_at_and_removed(place: Running, visit: Visit) -> None:
    """With whose they are and how large; it is gone for everybody then."""
    lena = visit("lena", "#lena", place)
    keep_name(lena)
    plan = FilePayload(name="plan.txt", mimeType="text/plain", buffer=b"tea")
    lena.page.get_by_label("Share files").set_input_files(plan)
    expect(lena.page.locator(".uploads")).to_contain_text("plan.txt 3 B")
    lena.say("/raw OPER root secret")
    lena.say("/house")
    section(lena, "Files")
    expect(record(lena, "plan.txt")).to_contain_text("by lena")
    address = record(lena, "plan.txt").get_by_role("link").get_attribute("href")
    assert lena.page.request.get(f"{lena.url}{address}").status == 200
    record(lena, "plan.txt").get_by_role("button", name="Remove").click()
    record(lena, "plan.txt").get_by_role("button", name="Really").click()
    expect(lena.page.get_by_text("Nothing was shared.")).to_be_visible()
    assert lena.page.request.get(f"{lena.url}{address}").status == 404
