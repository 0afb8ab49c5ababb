"""Coming in, talking and reading, in a browser and beside an IRC client."""

from __future__ import annotations

import re

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
    expect(maya.sees("hi maya")).to_have_class(re.compile("mention"))
    expect(maya.page.get_by_role("complementary", name="People")).to_contain_text("leo")


def test_a_taken_name_is_said_so(shared: Running, visit: Visit) -> None:
    """Whoever comes second chooses another name."""
    shared.connect().enter("priya")
    tom = visit("")
    tom.page.goto(tom.url)
    tom.page.get_by_label("Your name").fill("priya")
    tom.page.keyboard.press("Enter")
    expect(tom.page.get_by_role("alert")).to_contain_text("taken")


def test_a_name_that_cannot_be_is_proposed_otherwise(visit: Visit) -> None:
    """Accents and spaces are put into what every client can type, and nobody is let in by another name unasked."""
    priya = visit("")
    priya.page.goto(f"{priya.url}/#names")
    priya.page.get_by_label("Your name").fill("Priya Müller")
    priya.page.keyboard.press("Enter")
    expect(priya.page.get_by_label("Your name")).to_have_value("Priya_Muller")
    expect(priya.page.get_by_role("status").filter(has_text="plain letters")).to_be_visible()
    priya.page.keyboard.press("Enter")
    expect(priya.page.locator(".me")).to_contain_text("Priya_Muller")


def test_what_was_said_before_is_there(shared: Running, visit: Visit) -> None:
    """Newcomers see the last messages, and reach all others by scrolling."""
    leo = shared.connect().enter("leo-attic", room="#attic")
    leo.say(*(f"PRIVMSG #attic :line {number}." for number in range(250)), "PING done")
    leo.hear("PONG")
    maya = visit("maya-attic", "#attic")
    maya.sees("line 249.")
    log = maya.page.get_by_role("log")
    while not maya.page.get_by_text("This is where #attic begins").is_visible():
        log.evaluate("log => { log.scrollTop = 0 }")
    assert [text for text in maya.texts() if text.startswith("line")] == [f"line {number}." for number in range(250)]


def test_days_are_in_the_language_of_the_page(visit: Visit) -> None:
    """Which is English, also in a German browser."""
    maya = visit("maya-day", "#days", locale="de-DE")
    maya.say("guten Tag")
    expect(maya.page.locator(".line").first).to_have_text(re.compile(r"^\w+day,? "))


def test_scrolling_up_stays_where_it_is(shared: Running, visit: Visit) -> None:
    """What somebody reads does not move when more is said, and a button leads back to the end."""
    leo = shared.connect().enter("leo-loft", room="#loft")
    leo.say(*(f"PRIVMSG #loft :line {number}." for number in range(90)), "PING done")
    leo.hear("PONG")
    maya = visit("maya-loft", "#loft")
    maya.sees("line 89.")
    log = maya.page.get_by_role("log")
    log.evaluate("log => { log.scrollTop = log.scrollHeight / 2 }")
    before = log.evaluate("log => log.scrollTop")
    leo.say("PRIVMSG #loft :one more")
    expect(maya.page.get_by_role("button", name="1 new")).to_be_visible()
    assert log.evaluate("log => log.scrollTop") == before
    maya.page.get_by_role("button", name="1 new").click()
    expect(maya.row("one more")).to_be_in_viewport()
    expect(maya.page.get_by_role("button", name="new", exact=False).filter(has_text="↓")).to_have_count(0)


DRAWN = """async () => {
    const assets = document.querySelector("meta[name=assets]").content;
    const { options } = await import(`${assets}/vendor/preact.js`);
    const { diffed } = options;
    globalThis.drawn = 0;
    options.diffed = (node) => {
        globalThis.drawn += 1;
        diffed?.(node);
    };
}"""
"""Counts the elements and components that are compared from here on."""


def test_a_message_costs_no_look_at_those_before_it(shared: Running, visit: Visit) -> None:
    """With hundreds on the page: each has more than ten elements, and the last block alone is compared, by the row."""
    leo = shared.connect().enter("leo-hall", room="#hall")
    maya = visit("maya-hall", "#hall")
    leo.say(*(f"PRIVMSG #hall :line {number}." for number in range(340)))
    maya.sees("line 339.")
    assert len(maya.texts()) > 300
    maya.page.evaluate(DRAWN)
    leo.say("PRIVMSG #hall :one more")
    maya.sees("one more")
    assert 0 < maya.page.evaluate("drawn") < 100


def test_several_lines_are_one_message(visit: Visit) -> None:
    """Shift and Enter begin a line; code between fences is shown as such."""
    maya = visit("maya-lines", "#lines")
    maya.field.fill("look:\n```\nif x:\n    y()\n```")
    maya.field.press("Enter")
    row = maya.sees("look:")
    expect(row.locator("pre")).to_have_text("if x:\n    y()")
    assert len(maya.texts()) == 1


def test_a_long_text_arrives_whole(visit: Visit) -> None:
    """What is longer than a line of IRC goes in pieces, and is put together again."""
    maya = visit("maya-long", "#long")
    text = "grüße " * 200
    maya.say(text)
    maya.sees("grüße")
    assert maya.texts() == [text.strip()]


def test_answering_a_message(shared: Running, visit: Visit) -> None:
    """An answer shows what it answers, on the page and as a tag."""
    maya = visit("maya-reply", "#reply")
    leo = shared.connect().enter("leo-reply", "message-tags", "echo-message", room="#reply")
    leo.say("PRIVMSG #reply :can someone review this?")
    msgid = leo.hear("PRIVMSG").tags["msgid"]
    maya.sees("can someone").hover()
    maya.page.get_by_role("button", name="Reply", exact=True).click()
    maya.say("on it")
    assert leo.hear("PRIVMSG").tags["+reply"] == msgid
    expect(maya.sees("on it").get_by_role("button", name="can someone")).to_contain_text("leo-reply")


def test_reacting_and_taking_it_back(shared: Running, visit: Visit) -> None:
    """A reaction is counted under its message for everybody, and for who comes later."""
    leo = shared.connect().enter("leo-react", "message-tags", "echo-message", room="#react")
    leo.say("PRIVMSG #react :shall we ship it?")
    msgid = leo.hear("PRIVMSG").tags["msgid"]
    maya = visit("maya-react", "#react")
    maya.sees("shall we").hover()
    maya.page.get_by_role("button", name="React with 🎉").click()
    assert leo.hear("TAGMSG").tags["+draft/react"] == "🎉"
    leo.say(f"@+draft/react=🎉;+reply={msgid} TAGMSG #react")
    chip = maya.row("shall we").get_by_role("button", name="🎉 by maya-react, leo-react")
    expect(chip).to_have_attribute("aria-pressed", "true")
    maya.page.reload()
    expect(chip).to_contain_text("2")
    chip.click()
    expect(maya.row("shall we").get_by_role("button", name="🎉 by leo-react")).to_contain_text("1")


def test_any_emoji_can_be_found_by_name(visit: Visit) -> None:
    """The picker finds by words, and Enter takes the first."""
    maya = visit("maya-emoji", "#emoji")
    maya.say("soup's on")
    maya.sees("soup's on").hover()
    text = maya.row("soup's on").locator(".text")
    before = text.bounding_box()
    maya.page.get_by_role("button", name="Another reaction").click()
    expect(maya.page.get_by_role("dialog", name="Emoji")).to_be_in_viewport(ratio=1)
    assert text.bounding_box() == before
    maya.page.get_by_label("Find an emoji").fill("hot pepper")
    expect(maya.page.get_by_role("button", name="hot pepper")).to_be_visible()
    maya.page.keyboard.press("Enter")
    expect(maya.row("soup's on").get_by_role("button", name="🌶️ by")).to_be_visible()


def test_giving_a_message_other_words(shared: Running, visit: Visit) -> None:
    """An arrow up in an empty field edits the last message, for everybody."""
    leo = shared.connect().enter("leo-edit", room="#edit")
    maya = visit("maya-edit", "#edit")
    maya.say("demo at 10")
    maya.sees("demo at 10")
    maya.field.press("ArrowUp")
    expect(maya.field).to_have_value("demo at 10")
    maya.say("demo at 11")
    expect(maya.sees("demo at 11")).to_contain_text("(edited)")
    assert leo.hear(lambda line: line.params[-1].startswith("✎")).params[-1] == "✎ demo at 11"
    assert len(maya.texts()) == 1


def test_taking_a_message_back(visit: Visit) -> None:
    """Its words are gone, at once and from the log."""
    maya = visit("maya-back", "#back")
    maya.say("my password is sesame")
    maya.sees("sesame").hover()
    maya.page.get_by_role("button", name="Remove").click()
    maya.sees("message taken back")
    maya.page.reload()
    expect(maya.page.get_by_text("This is where #back begins")).to_be_visible()
    expect(maya.row("sesame")).to_have_count(0)


def test_the_end_is_followed_where_rows_go_that_leave_less_to_scroll(shared: Running, visit: Visit) -> None:
    """Who reads the end goes on reading it, also before the browser has told the page where it is scrolled to."""
    maya, leo = visit("maya-burst", "#burst"), shared.connect().enter("leo-burst", room="#burst")
    maya.page.evaluate("addEventListener('scroll', (event) => event.stopImmediatePropagation(), true)")
    for rows in ([f"tall {number} " + "and wide " * 45 for number in range(300)], range(300), range(300, 340)):
        leo.say(*(f"PRIVMSG #burst :{row}." for row in rows), "PING done")
        leo.hear("PONG")
        expect(maya.row(f"{rows[-1]}.")).to_be_in_viewport()
    expect(maya.page.get_by_role("button", name="To the end")).to_have_count(0)


def test_finding_what_was_said(visit: Visit) -> None:
    """In one conversation or everywhere; a hit leads to its place."""
    maya = visit("maya-search", "#search")
    for text in ("the projector is fixed", "lunch at noon", "the room is booked"):
        maya.say(text)
        maya.sees(text)
    maya.page.keyboard.press("Control+Shift+F")
    maya.page.get_by_label("Search in #search").fill("projec")
    found = maya.page.get_by_role("region", name="Search").get_by_role("button", name="the projector is fixed")
    while not found.is_visible():  # what was said is found a moment later
        maya.page.get_by_role("button", name="Find", exact=True).click()
    found.click()
    expect(maya.row("projector")).to_be_focused()
    maya.field.focus()
    maya.page.evaluate(
        "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done))))"
    )
    expect(maya.field).to_be_focused()  # it is shown once, and lets go of the keyboard
    maya.say("/join #elsewhere")
    expect(maya.page.get_by_role("heading", name="#elsewhere", exact=True)).to_be_visible()
    expect(maya.page.get_by_text("Nothing found")).to_be_visible()
    maya.page.get_by_label("Everywhere").check()
    expect(maya.page.get_by_label("Search everywhere")).to_be_focused()
    hit = maya.page.get_by_role("region", name="Search").get_by_role("button", name="the projector is fixed")
    expect(hit).to_contain_text("#search · ")
    hit.click()
    expect(maya.page.get_by_role("heading", name="#search", exact=True)).to_be_visible()
    expect(maya.row("projector")).to_be_focused()


def test_typing_is_shown(shared: Running, visit: Visit) -> None:
    """That of others under the messages, ours to those who can show it."""
    leo = shared.connect().enter("leo-typing", "message-tags", room="#typing")
    maya = visit("maya-typing", "#typing")
    maya.field.press_sequentially("h")
    assert leo.hear("TAGMSG").tags["+typing"] == "active"
    leo.say("@+typing=active TAGMSG #typing")
    expect(maya.page.get_by_text("leo-typing is typing")).to_be_visible()
    leo.say("PRIVMSG #typing :h")
    expect(maya.page.get_by_text("leo-typing is typing")).to_have_count(0)


def test_who_stops_typing_without_a_word_is_forgotten(shared: Running, visit: Visit) -> None:
    """After a while of silence nobody is shown any more, with a name or without."""
    leo = shared.connect().enter("leo-stops", "message-tags", room="#stops")
    maya = visit("")
    maya.page.clock.install()
    maya.enter("maya-stops", "#stops")
    leo.say("@+typing=active TAGMSG #stops")
    typing = maya.page.get_by_text("typing…")
    expect(typing).to_have_text("leo-stops is typing…")
    maya.page.clock.run_for(6_100)
    expect(typing).to_have_count(0)


def test_what_is_unread_is_counted_elsewhere(shared: Running, visit: Visit) -> None:
    """Rooms count what was said, and apart from that what was said to us; a line stands where it begins."""
    leo = shared.connect().enter("leo-unread", room="#unread")
    maya = visit("maya-unread", "#unread")
    maya.say("/join #elsewhere")
    expect(maya.page.get_by_role("heading", name="#elsewhere")).to_be_visible()
    leo.say("PRIVMSG #unread :first", "PRIVMSG #unread :maya-unread: second")
    expect(maya.page.get_by_label("2 unread, 1 for you")).to_be_visible()
    expect(maya.page).to_have_title("(1) #elsewhere — Maya's place")
    maya.page.get_by_role("navigation").get_by_role("button", name="#unread", exact=False).first.click()
    expect(maya.page.get_by_role("separator")).to_contain_text("New")
    expect(maya.page.get_by_label("2 unread")).to_have_count(0)


def test_words_between_two(shared: Running, visit: Visit) -> None:
    """A conversation with one person begins by a click on their name, or by what they say."""
    leo, sam = (shared.connect().enter(name, room="#two") for name in ("leo-two", "sam-two"))
    maya = visit("maya-two", "#two")
    maya.page.get_by_role("complementary").get_by_role("button", name="leo-two").click()
    maya.page.get_by_role("button", name="Talk", exact=True).click()
    maya.say("psst")
    assert leo.hear("PRIVMSG").params == ("leo-two", "psst")
    expect(maya.page.get_by_text("This is where your talk with leo-two begins.")).to_be_visible()
    sam.say("PRIVMSG maya-two :and me?")
    maya.page.get_by_label("1 unread, 1 for you").click()
    maya.sees("and me?")


def test_who_is_ignored_is_not_seen(shared: Running, visit: Visit) -> None:
    """Neither what they said before nor what they say later, in a room or to us alone, until that is ended."""
    tom = shared.connect().enter("tom-rude", room="#rude")
    maya = visit("maya-calm", "#rude")
    tom.say("PRIVMSG #rude :you fool")
    maya.sees("you fool")
    maya.page.get_by_role("complementary").get_by_role("button", name="tom-rude").click()
    maya.page.get_by_role("button", name="Ignore", exact=True).click()
    expect(maya.row("you fool")).to_have_count(0)
    tom.say("PRIVMSG maya-calm :fool", "PRIVMSG #rude :fool", "PING done")
    tom.hear("PONG")
    maya.say("peace")
    maya.sees("peace")
    assert maya.texts() == ["peace"]
    expect(maya.page.get_by_role("heading", name="Direct")).to_have_count(0)
    maya.page.reload()
    maya.sees("peace")
    assert maya.texts() == ["peace"]
    maya.say("/unignore tom-rude")
    maya.sees("you fool")


def test_nobody_quotes_who_is_ignored(shared: Running, visit: Visit) -> None:
    """What others answer them is read, without the words that it answers."""
    tom, leo = (shared.connect().enter(name, "message-tags", room="#quote") for name in ("tom-quote", "leo-quote"))
    maya = visit("maya-quote", "#quote")
    tom.say("PRIVMSG #quote :you fool")
    msgid = leo.hear("PRIVMSG").tags["msgid"]
    leo.say(f"@+reply={msgid} PRIVMSG #quote :be kind")
    expect(maya.sees("be kind")).to_contain_text("you fool")
    maya.say("/ignore tom-quote")
    expect(maya.row("be kind")).not_to_contain_text("you fool")
    assert maya.texts() == ["be kind"]


def test_colours_are_chosen_and_stay_chosen(visit: Visit) -> None:
    """Dark on a device that is light, over a reload; the device decides where nobody has chosen."""
    maya = visit("maya-dark", "#dark")
    paper = "getComputedStyle(document.body).backgroundColor"
    light = maya.page.evaluate(paper)
    maya.page.locator(".me").click()
    maya.page.get_by_label("Colours").select_option("Dark")
    dark = maya.page.evaluate(paper)
    maya.page.reload()
    expect(maya.field).to_be_visible()
    assert maya.page.evaluate(paper) == dark != light
    maya.page.locator(".me").click()
    maya.page.get_by_label("Colours").select_option("As on this device")
    assert maya.page.evaluate(paper) == light


def test_a_room_is_made_without_a_mouse(visit: Visit) -> None:
    """What a dialog is for has the keyboard, and the text has it afterwards, however the dialog was closed."""
    maya = visit("maya-plans", "#old-plans")
    maya.page.get_by_role("button", name="Join or make a room").click()
    expect(maya.page.get_by_label("Name of a room")).to_be_focused()
    maya.page.keyboard.type("plans")
    maya.page.keyboard.press("Enter")
    expect(maya.page.get_by_role("heading", name="#plans", exact=True)).to_be_visible()
    expect(maya.field).to_be_focused()
    maya.page.keyboard.press("Control+K")
    expect(maya.page.get_by_label("Name of a room or a person")).to_be_focused()
    maya.page.get_by_role("button", name="Close", exact=True).click()
    expect(maya.field).to_be_focused()


def test_what_a_guest_may_not_do_is_said_before(shared: Running, visit: Visit) -> None:
    """Nobody chooses a file, or how long an invite lasts, for nothing."""
    visit("maya-first", "#guests")
    sam = visit("sam-guest", "#guests")
    expect(sam.page.get_by_role("complementary", name="People")).to_contain_text("operator")
    expect(sam.page.get_by_role("button", name="Invite")).to_have_count(0)
    sam.page.get_by_label("Share files").click()
    expect(sam.page.get_by_role("status")).to_contain_text("needs an account")


def test_commands_are_offered_and_explained(visit: Visit) -> None:
    """A slash offers them, what is none is said so, and /help shows all of them."""
    maya = visit("maya-slash", "#slash")
    maya.field.press_sequentially("/he")
    expect(maya.page.get_by_role("option", name="/help")).to_be_visible()
    maya.field.press("Tab")
    maya.field.press("Enter")
    expect(maya.page.get_by_role("dialog")).to_contain_text("/join ROOM")
    maya.page.keyboard.press("Escape")
    maya.say("/dance")
    expect(maya.page.get_by_role("status").filter(has_text="There is no command /dance")).to_be_visible()
    maya.field.fill("")
    maya.say("//etc is a directory")
    maya.sees("/etc is a directory")
