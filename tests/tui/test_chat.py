"""What leo sees and does in a terminal: one scene for each thing that people expect of a chat."""

import pytest
from textual import events
from textual.events import Key

from hubbub.client.model.buffer import Change, Place
from hubbub.client.model.entry import State
from hubbub.tui.messages import Begun
from tests.client.village import NO_HISTORY, Village
from tests.tui.stage import CAPS, ROOM, Stage, play


def chatty(lines: int) -> Village:
    """A village where maya has said a lot already."""
    village = Village(caps=CAPS, page=100)
    for number in range(lines):
        village.neighbour("maya", ROOM, f"line {number}")
    return village


def test_what_is_said_stands_on_the_screen() -> None:
    """With its time and who said it; what leo writes goes to the room."""

    async def scene(leo: Stage) -> None:
        await leo.neighbour("maya", "we can demo at 11")
        await leo.sees("maya│ we can demo at 11")
        await leo.types("on it")
        await leo.sees("leo│ on it")
        said = [entry.line.params[1] for entry in leo.village.logs[ROOM] if entry.line.command == "PRIVMSG"]
        assert said == ["we can demo at 11", "on it"]
        assert leo.chat.composer.text == ""

    play(scene)


def test_history_comes_as_leo_scrolls_up_and_the_place_stays() -> None:
    """Earlier lines come above, later ones below: what he reads does not move."""

    async def scene(leo: Stage) -> None:
        await leo.sees("line 299")
        assert len(leo.room().entries) < 250
        for _ in range(6):
            await leo.presses("pageup")
        await leo.until(lambda: not leo.room().paging)
        await leo.presses("pageup")
        await leo.until(lambda: not leo.room().paging)
        reading = leo.rows()[3:20]
        assert not any("line 299" in row for row in reading)
        await leo.neighbour("maya", "something new")
        assert leo.rows()[3:20] == reading
        assert (leo.room().unread, leo.room().watched) == (1, False)
        await leo.presses("ctrl+end")
        await leo.sees("something new", "new since")
        assert leo.room().unread == 0

    play(scene, (100, 30), chatty(300))


def test_at_the_beginning_leo_is_told_so() -> None:
    """Nothing is asked for any more."""

    async def scene(leo: Stage) -> None:
        for _ in range(8):
            await leo.presses("pageup")
            await leo.until(lambda: not leo.room().paging)
        await leo.until(lambda: leo.room().whole)
        await leo.presses("pageup")
        await leo.sees("nothing earlier", "line 0")

    play(scene, (100, 30), chatty(60))


def test_where_there_is_nothing_to_scroll_nothing_breaks() -> None:
    """A server that keeps no history, and a room in which nobody spoke."""

    async def scene(leo: Stage) -> None:
        await leo.presses("pageup", "pagedown", "ctrl+end", "alt+up", "escape")
        await leo.sees("→ leo joined")

    play(scene, (100, 30), Village(caps=NO_HISTORY))


def test_a_line_stands_before_what_is_new_until_leo_has_been_away() -> None:
    """It survives scrolling; coming back to a room where nothing was said there is none."""

    async def scene(leo: Stage) -> None:
        await leo.presses("alt+2")
        await leo.neighbour("maya", "morning")
        await leo.neighbour("maya", "leo: coffee?")
        await leo.sees("1 #general  2 1")
        await leo.presses("alt+1")
        await leo.sees("new since 09:12", "leo: coffee?")
        await leo.presses("pageup", "pagedown")
        await leo.sees("new since 09:12")
        await leo.presses("alt+2", "alt+1")
        await leo.misses("new since")

    play(scene, (100, 30), None, ROOM, "#demo")


def test_keys_go_from_room_to_room() -> None:
    """By number, to the next, to where leo is called, by some letters of a name."""

    async def scene(leo: Stage) -> None:
        fronts = []
        for keys in (["alt+2"], ["ctrl+n"], ["ctrl+p"], ["ctrl+p"]):
            await leo.presses(*keys)
            fronts.append(leo.desk.front.name)
        assert fronts == ["#demo", "#random", "#demo", ROOM]
        await leo.neighbour("maya", "anyone?", "#demo")
        await leo.neighbour("maya", "leo?", "#random")
        await leo.presses("alt+a")
        assert leo.desk.front.name == "#random"
        await leo.presses("alt+a")
        assert leo.desk.front.name == "#demo"
        await leo.presses("ctrl+k", "g", "n", "r")
        await leo.sees("Go to", "#general")
        await leo.presses("enter")
        await leo.until(lambda: leo.desk.front.name == ROOM)

    play(scene, (100, 30), None, ROOM, "#demo", "#random")


def test_each_room_has_its_own_draft_and_its_own_past() -> None:
    """Half a sentence waits where it was begun; Up brings back what was said there."""

    async def scene(leo: Stage) -> None:
        await leo.types("first words")
        await leo.sees("leo│ first words")
        leo.chat.composer.insert("half a sent")
        await leo.presses("alt+2")
        assert leo.chat.composer.text == ""
        await leo.presses("up")
        assert leo.chat.composer.text == ""
        await leo.presses("alt+1")
        assert leo.chat.composer.text == "half a sent"
        await leo.presses("up")
        assert leo.chat.composer.text == "first words"
        await leo.presses("down")
        assert leo.chat.composer.text == "half a sent"

    play(scene, (100, 30), None, ROOM, "#demo")


def test_a_reply_is_made_by_bringing_a_message_into_focus() -> None:
    """Esc, the arrows, r; what is written then carries its id, and shows what it answers."""

    async def scene(leo: Stage) -> None:
        await leo.neighbour("maya", "can someone review the patch?")
        await leo.neighbour("sam", "lunch?")
        await leo.presses("escape", "up", "r")
        await leo.sees("↩ maya: can someone review the patch?")
        answered = leo.room().entries[-2].msgid
        heard: list[str] = []
        leo.overhear("privmsg", lambda line: heard.append(line.tags.get("+draft/reply", "")))
        await leo.types("on it")
        await leo.sees("leo│ on it")
        assert heard == [answered]
        await leo.server(f"@+draft/reply={answered};msgid=r1 :tom!t@v PRIVMSG {ROOM} :me too")
        await leo.sees("╭ maya: can someone review the patch?", "tom│ me too")

    play(scene)


def test_where_messages_have_no_names_a_reply_begins_with_that_of_its_author() -> None:
    """As on IRC of old: everybody can read whom it is for."""

    async def scene(leo: Stage) -> None:
        await leo.server(f":maya!m@v PRIVMSG {ROOM} :can someone review the patch?")
        await leo.sees("can someone review the patch?")
        leo.chat.composer.insert("on it")
        await leo.presses("escape", "r")
        await leo.until(lambda: leo.chat.composer.text == "maya: on it")
        await leo.presses("enter")
        await leo.sees("leo│ maya: on it")

    play(scene)


def test_a_link_is_copied_where_no_browser_can_open(monkeypatch: pytest.MonkeyPatch) -> None:
    """One for terminals would draw over the chat."""
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)

    async def scene(leo: Stage) -> None:
        await leo.neighbour("maya", "see https://example.org/plan for all of it")
        await leo.presses("escape", "o")
        await leo.sees("copied, for your browser")
        assert leo.app.clipboard == "https://example.org/plan"

    play(scene)


def test_the_newest_link_opens_by_a_word(monkeypatch: pytest.MonkeyPatch) -> None:
    """/open, from whichever message it is in."""
    opened: list[str] = []
    monkeypatch.setenv("DISPLAY", ":9")

    async def scene(leo: Stage) -> None:
        monkeypatch.setattr(leo.app, "open_url", opened.append)
        await leo.types("/open")
        await leo.sees("there is no link in what is loaded here")
        await leo.neighbour("maya", "see https://example.org/plan for all of it")
        await leo.neighbour("maya", "or ask me")
        await leo.types("/open")
        await leo.sees("opening https://example.org/plan")
        assert opened == ["https://example.org/plan"]

    play(scene)


def test_reactions_edits_and_redactions_are_asked_for_and_shown() -> None:
    """+ and a name of an emoji, c and other words, d and a question."""

    async def scene(leo: Stage) -> None:
        heard: list[tuple[str, ...]] = []
        for command in ("tagmsg", "edit", "redact"):
            leo.overhear(command, lambda line: heard.append((line.command, *line.params)))
        await leo.neighbour("maya", "we can demo at 11")
        await leo.presses("escape", "+", *"tada")
        await leo.sees("🎉")
        await leo.presses("enter")
        await leo.until(lambda: ("TAGMSG", ROOM) in heard)
        await leo.until(lambda: leo.chat.focused is leo.chat.composer)
        entry = leo.room().entries[-1]
        await leo.server(f"@+draft/react=🎉;+draft/reply={entry.msgid} :sam!s@v TAGMSG {ROOM}")
        await leo.sees("🎉 1")
        await leo.types("tpyo")
        await leo.sees("leo│ tpyo")
        own = leo.room().entries[-1]
        await leo.presses("escape", "c")
        await leo.until(lambda: leo.chat.composer.text == "tpyo")
        leo.chat.composer.load_text("typo")
        await leo.presses("enter")
        await leo.until(lambda: ("EDIT", ROOM, own.msgid, "typo") in heard)
        await leo.server(f":leo!l@v EDIT {ROOM} {own.msgid} :typo")
        await leo.sees("leo│ typo (edited)")
        await leo.presses("escape", "d")
        await leo.sees("Take this message back?")
        await leo.presses("y")
        await leo.until(lambda: ("REDACT", ROOM, own.msgid) in heard)
        await leo.server(f":leo!l@v REDACT {ROOM} {own.msgid}")
        await leo.sees("taken back by leo")
        assert own.text == ""

    play(scene)


def test_what_cannot_be_taken_back_is_not_asked_about() -> None:
    """maya's words are hers, unless leo runs the server or has a rank here; he is back at writing either way."""

    async def scene(leo: Stage) -> None:
        await leo.neighbour("maya", "we can demo at 11")
        await leo.presses("escape", "d")
        await leo.sees("what others said is theirs to take back")
        await leo.until(lambda: leo.chat.focused is leo.chat.composer)
        for rank in (f":maya!m@v MODE {ROOM} +o leo", ":village 381 leo :You are an operator of the server now"):
            await leo.server(rank)
            await leo.presses("escape", "d")
            await leo.sees("Take this message back?")
            await leo.presses("n")
            await leo.server(f":maya!m@v MODE {ROOM} -o leo")

    play(scene)


def test_only_what_something_can_be_done_with_comes_into_focus() -> None:
    """Not what the server told, not who came, and not what was taken back; then the cursor is back in the field."""

    async def scene(leo: Stage) -> None:
        await leo.neighbour("maya", "we can demo at 11")
        await leo.neighbour("maya", "or at 12")
        meant, gone = leo.room().entries[-2:]
        await leo.server(
            f":maya!m@v REDACT {ROOM} {gone.msgid}", f":sam!s@v JOIN {ROOM}", f":sam!s@v TOPIC {ROOM} :tea"
        )
        await leo.presses("escape")
        await leo.until(lambda: leo.chat.transcript.picked is not None)
        picked = leo.chat.transcript.picked
        assert picked is not None
        assert picked.entry is meant
        await leo.presses("y")
        assert leo.app.clipboard == "we can demo at 11"
        await leo.until(lambda: leo.chat.focused is leo.chat.composer)

    play(scene)


def test_what_was_taken_back_is_nowhere_any_more() -> None:
    """Not above its answers, not above the field where an answer is written, and no late edit brings it back."""

    async def scene(leo: Stage) -> None:
        await leo.neighbour("sam", "my secret words")
        gone = leo.room().entries[-1]
        await leo.server(f"@msgid=a1;+draft/reply={gone.msgid} :maya!m@v PRIVMSG {ROOM} :oh")
        await leo.sees("╭ sam: my secret words")
        await leo.presses("escape", "up", "r")
        await leo.sees("↩ sam: my secret words")
        await leo.server(f":sam!s@v REDACT {ROOM} {gone.msgid}")
        await leo.sees("╭ sam: taken back by sam", "↩ sam: taken back by sam")
        await leo.server(f":sam!s@v EDIT {ROOM} {gone.msgid} :my secret words")
        assert "secret" not in leo.picture()
        assert "secret" not in gone.text

    play(scene)


def test_that_somebody_is_away_stands_where_they_are_written_to() -> None:
    """As a sentence; and what the server says of who leo is is one, too."""

    async def scene(leo: Stage) -> None:
        await leo.types("/msg sam are you there?")
        await leo.server(":village 301 leo sam :at lunch", ":village 900 leo leo!l@v leo :You are now logged in as leo")
        assert "sam is away: at lunch" in leo.said("sam")
        assert "sam is away: at lunch" not in leo.said(ROOM)
        assert leo.desk.network.status.entries[-1].text == "you are logged in as leo"

    play(scene)


def test_leo_hears_at_once_of_what_was_not_sent_elsewhere() -> None:
    """In the line at the bottom; and the conversation is marked until he deals with it."""

    async def scene(leo: Stage) -> None:
        leo.overhear("privmsg", lambda line: None)
        leo.village._do_privmsg = lambda guest, line: leo.village._tell(  # type: ignore[method-assign]
            guest, "401", guest.nick, line.params[0], "Nobody here is called that", label=line.tags["label"]
        )
        await leo.types("/msg zoe hi")
        await leo.sees("not sent to zoe: Nobody here is called that")
        await leo.until(lambda: any("zoe" in row and "✗" in row for row in leo.rows()[1:-3]))

    play(scene)


def test_leo_mutes_somebody() -> None:
    """By the word that he expects, and he is told how to end it."""

    async def scene(leo: Stage) -> None:
        await leo.types("/mute sam")
        await leo.sees("you see nothing more of what sam says; /unignore sam ends it")
        await leo.types("/unmute sam")
        await leo.sees("you see again what sam says")

    play(scene)


def test_a_line_that_is_only_called_up_is_no_draft() -> None:
    """After a message was changed what stood in the field before stands there again."""

    async def scene(leo: Stage) -> None:
        await leo.types("tpyo")
        await leo.sees("leo│ tpyo")
        await leo.presses("up")
        await leo.sees("what you typed before, to send again")
        await leo.presses("escape", "c")
        await leo.sees("✎")
        await leo.server(f":leo!l@v EDIT {ROOM} {leo.room().entries[-1].msgid} :typo")
        await leo.presses("enter")
        await leo.until(lambda: leo.chat.composer.text == "")

    play(scene)


def test_who_reacted_is_told_of_the_message_in_focus() -> None:
    """Below it stands only how many."""

    async def scene(leo: Stage) -> None:
        await leo.neighbour("maya", "done!")
        entry = leo.room().entries[-1]
        await leo.server(
            *(f"@+draft/react=🎉;+draft/reply={entry.msgid} :{nick}!s@v TAGMSG {ROOM}" for nick in ("sam", "tom"))
        )
        await leo.presses("escape")
        await leo.sees("🎉 2", "🎉 sam, tom")

    play(scene)


def test_on_a_narrow_screen_nothing_is_missing() -> None:
    """How many are here, what is new below, what is answered and how to leave that; hints are whole or not there."""

    async def scene(leo: Stage) -> None:
        await leo.sees("line 99", "#general (2)")
        for _ in range(3):
            await leo.presses("pageup")
        await leo.neighbour("maya", "something new, of which there is more than a narrow screen has room for, is here")
        await leo.sees("1 new, ctrl+end")
        await leo.presses("ctrl+end", "escape", "r")
        await leo.sees("(Esc: no)")
        assert "…" not in leo.rows()[-1]

    play(scene, (60, 20), chatty(100))


def test_leo_is_away_and_back() -> None:
    """/away says so to the server and to him; without a reason he is back."""

    async def scene(leo: Stage) -> None:
        heard: list[tuple[str, ...]] = []
        leo.overhear("away", lambda line: heard.append(line.params))
        await leo.types("/away lunch")
        await leo.until(lambda: heard == [("lunch",)])
        await leo.server(":leo!l@v AWAY :lunch", ":village 306 leo :You have been marked as being away")
        await leo.sees("1 away", "away")
        await leo.types("/away")
        await leo.until(lambda: heard[1:] in ([()], [("",)]))
        await leo.server(":leo!l@v AWAY", ":village 305 leo :You are no longer marked as being away")
        await leo.misses("1 away")

    play(scene)


def test_a_message_that_was_refused_is_sent_again_or_given_up() -> None:
    """It stands at the end with the reason; Enter on it sends it again under its own name."""

    async def scene(leo: Stage) -> None:
        leo.village.guests[0].rooms.remove(ROOM)
        await leo.types("hello?")
        await leo.sees("✗ not sent: Cannot send to channel")
        await leo.presses("escape", "c")
        await leo.sees("it is not sent yet")
        await leo.presses("escape")
        leo.village.guests[0].rooms.append(ROOM)
        await leo.presses("escape", "enter")
        await leo.misses("not sent")
        await leo.sees("leo│ hello?")
        leo.village.guests[0].rooms.remove(ROOM)
        await leo.until(lambda: leo.chat.focused is leo.chat.composer)
        await leo.types("anyone?")
        await leo.sees("✗ not sent")
        await leo.presses("escape", "delete")
        await leo.misses("anyone?")

    play(scene)


def test_a_cut_loses_nothing_that_was_said_or_written() -> None:
    """The state is in words, what leo says waits, and what he missed comes before what is new."""

    async def scene(leo: Stage) -> None:
        leo.chat.composer.insert("half a sent")
        leo.port.cut()
        leo.village.neighbour("maya", ROOM, "missed")
        await leo.until(lambda: "offline" in str(leo.desk.network.status.entries))
        leo.chat.composer.insert("ence")
        await leo.presses("enter")
        await leo.sees("connected", "maya│ missed", "leo│ half a sentence")
        texts = [entry.text for entry in leo.room().entries if entry.kind == "message"]
        assert texts == ["missed", "half a sentence"]
        assert not any(entry.state is State.SENDING for entry in leo.room().waiting)

    play(scene)


def test_many_lines_are_not_pasted_without_a_question() -> None:
    """Kept as lines, made one, or left; what cannot be drawn does not come in."""

    async def scene(leo: Stage) -> None:
        text = "\n".join(f"line {number}\x1b[2J\u202e" for number in range(9))
        leo.app.post_message(events.Paste(text))
        await leo.sees("Paste 9 lines?", "[o] Make it one line")
        await leo.presses("o")
        await leo.until(lambda: leo.chat.composer.text == " ".join(f"line {number}" for number in range(9)))
        leo.chat.composer.clear()
        leo.app.post_message(events.Paste(text))
        await leo.sees("Paste 9 lines?")
        await leo.presses("l")
        await leo.until(lambda: leo.chat.composer.text.count("\n") == 8)

    play(scene)


def test_tab_completes_what_was_begun() -> None:
    """A nick, first those who spoke lately; a room, a command, an emoji; again Tab takes the next."""

    async def scene(leo: Stage) -> None:
        await leo.server(f":mark!m@v JOIN {ROOM}")
        await leo.neighbour("maya", "hello")
        cases = {"ma": "maya: ", "hi ma": "hi maya ", "/jo": "/join ", "see #gen": "see #general ", ":tad": "🎉 "}
        for begun, whole in cases.items():
            leo.chat.composer.load_text("")
            leo.chat.composer.insert(begun)
            await leo.presses("tab")
            await leo.until(lambda whole=whole: leo.chat.composer.text == whole, begun)  # type: ignore[misc]
        leo.chat.composer.load_text("")
        leo.chat.composer.insert("ma")
        await leo.presses("tab", "tab")
        await leo.until(lambda: leo.chat.composer.text == "mark: ")

    play(scene)


def test_words_after_a_slash_do_what_the_table_says() -> None:
    """/join and /part, /query, /names, /help; a slip is told with what to do."""

    async def scene(leo: Stage) -> None:
        await leo.types("/join demo")
        await leo.until(lambda: leo.desk.front.name == "#demo")
        await leo.types("/part")
        await leo.until(lambda: leo.desk.front.name == ROOM)
        assert leo.desk.network.find("#demo") is None
        await leo.types("/query sam")
        await leo.until(lambda: leo.desk.front.place is Place.PERSON)
        await leo.types("/close")
        await leo.types("/names")
        await leo.sees("2 in #general: @maya leo")
        await leo.types("/jion x")
        await leo.sees("there is no command /jion; did you mean /join?")
        await leo.types("/help")
        await leo.sees("/join ROOM [KEY]", "Commands and keys")
        await leo.presses("escape")
        await leo.types("//shrug")
        await leo.sees("leo│ /shrug")

    play(scene)


def test_who_begins_to_type_on_a_message_is_back_at_writing() -> None:
    """Letters that mean something to a message do so no more, however fast they come."""

    async def scene(leo: Stage) -> None:
        await leo.neighbour("maya", "hello")
        await leo.presses("escape")
        for key in ("b", "a", "c", "k", "space", "r", "enter"):
            leo.app.post_message(events.Key(key, " " if key == "space" else key if len(key) == 1 else None))
        await leo.sees("leo│ back r")
        assert leo.room().waiting == []

    play(scene)


def test_f1_shows_every_key_and_the_palette_everything() -> None:
    """From the one table; Esc leaves them."""

    async def scene(leo: Stage) -> None:
        await leo.presses("f1")
        await leo.sees("Keys", "alt+1…9", "find a conversation by some letters of its name")
        await leo.presses("escape", "alt+x", *"quit")
        await leo.sees("Do", "/quit [REASON]")
        await leo.presses("escape")
        await leo.sees("Message #general")

    play(scene)


def test_what_is_dragged_over_is_copied_as_one_would_quote_it() -> None:
    """From the second line on without times and nicks; ctrl+c takes it."""

    async def scene(leo: Stage) -> None:
        await leo.neighbour("maya", "日本 the projector")
        await leo.neighbour("sam", "is fixed")
        transcript = leo.chat.transcript
        y = next(place for place, row in enumerate(leo.rows()) if "projector" in row) - transcript.region.y
        start, end = 15 + len("日本日本 "), 15 + len("is ")
        await leo.pilot.mouse_down(transcript, offset=(start, y))
        await leo.pilot.hover(transcript, offset=(end - 1, y + 1))
        await leo.pilot.mouse_up(transcript, offset=(end - 1, y + 1))
        await leo.presses("ctrl+c")
        assert leo.app.clipboard.splitlines() == ["the projector", "is"]
        await leo.sees("copied")

    play(scene)


def test_who_types_is_shown_and_told() -> None:
    """sam's typing stands above the field; leo's is told to the room."""

    async def scene(leo: Stage) -> None:
        told: list[str] = []
        leo.overhear("tagmsg", lambda line: told.append(line.tags.get("+typing", "")))
        await leo.server(f"@+typing=active :sam!s@v TAGMSG {ROOM}")
        await leo.sees("sam is typing…")
        await leo.presses("h", "i")
        await leo.until(lambda: told == ["active"])

    play(scene)


def test_a_private_message_opens_its_own_conversation() -> None:
    """Under Direct, with a badge, and a sign for whether the other is there."""

    async def scene(leo: Stage) -> None:
        await leo.neighbour("sam", "are you there?", "leo")
        await leo.sees("Direct", "sam")
        await leo.presses("alt+2")
        await leo.sees("sam│ are you there?")
        await leo.types("yes")
        await leo.until(lambda: [entry.text for entry in leo.room("sam").entries] == ["are you there?", "yes"])

    play(scene)


def test_a_burst_is_one_picture() -> None:
    """A thousand messages at once: all are there, and the newest is in sight."""

    async def scene(leo: Stage) -> None:
        drawn = 0
        follow = leo.chat.transcript.follow

        def counted(change: Change) -> None:
            nonlocal drawn
            drawn += 1
            follow(change)

        leo.chat.transcript.follow = counted  # type: ignore[method-assign]
        for number in range(1000):
            leo.village.neighbour("maya", ROOM, f"burst {number}")
        leo.port.flush()
        await leo.sees("burst 999")
        assert len([entry for entry in leo.room().entries if entry.kind == "message"]) == 1000
        assert drawn < 100

    play(scene)


def test_keys_that_come_at_once_are_taken_in_their_order() -> None:
    """As over a slow line: what deletes or moves is not overtaken by the letters behind it."""

    async def scene(leo: Stage) -> None:
        for key in ("a", "b", "backspace", "c", "left", "x", "ctrl+u", "d", "e"):
            leo.app.post_message(events.Key(key, key if len(key) == 1 else None))
        await leo.until(lambda: leo.chat.composer.text == "dec")
        leo.chat.composer.load_text("")
        for key in ("1", "enter", "2", "enter", "/", "x", "enter", "3"):
            leo.app.post_message(events.Key(key, key if len(key) == 1 else None))
        await leo.sees("leo│ 1", "leo│ 2", "there is no command /x")
        await leo.until(lambda: leo.chat.composer.text == "/x3")

    play(scene)


def test_who_comes_and_goes_is_folded_into_one_line() -> None:
    """Enter on it shows each of them; whoever is away stands below who is here."""

    async def scene(leo: Stage) -> None:
        await leo.server(f":maya!m@v JOIN {ROOM}", f":sam!s@v JOIN {ROOM}", f":sam!s@v PART {ROOM} :lunch")
        await leo.sees("→ leo joined · → maya joined · → sam …  [4 events]", "2 here")
        await leo.presses("escape", "enter")
        await leo.sees("← sam left (lunch)")
        await leo.presses("enter")
        await leo.misses("← sam left (lunch)")
        await leo.server(":maya!m@v AWAY :tea")
        await leo.sees("1 here", "1 away")

    play(scene)


def test_alt_enter_begins_a_new_line_of_the_same_message() -> None:
    """Both are sent by one Enter."""

    async def scene(leo: Stage) -> None:
        await leo.presses("o", "n", "e", "ctrl+j", "t", "w", "o")
        assert leo.chat.composer.text == "one\ntwo"
        await leo.presses("enter")
        await leo.sees("leo│ one", "two")
        assert leo.chat.composer.text == ""

    play(scene)


def test_what_leo_read_elsewhere_is_read_here() -> None:
    """Another device of his has moved the line up to which he has read."""

    async def scene(leo: Stage) -> None:
        await leo.presses("alt+2")
        await leo.neighbour("maya", "leo: coffee?")
        await leo.until(lambda: leo.room().unread == 1)
        at = leo.room().entries[-1].at
        await leo.server(f":village MARKREAD {ROOM} timestamp={at:%Y-%m-%dT%H:%M:%S}.999Z")
        await leo.until(lambda: leo.room().unread == 0)

    play(scene, (100, 30), None, ROOM, "#demo")


def test_bold_words_are_bold_and_links_are_links() -> None:
    """What a terminal can open by a click (OSC 8) is told where it leads."""

    async def scene(leo: Stage) -> None:
        await leo.neighbour("maya", "it is \x02urgent\x02: https://example.org/plan")
        await leo.sees("urgent: https://example.org/plan")
        drawn = {one.text: one.style for strip in leo.app.screen._compositor.render_strips() for one in strip}
        urgent, link = drawn["urgent"], drawn["https://example.org/plan"]
        assert urgent is not None
        assert urgent.bold
        assert link is not None
        assert link.link == "https://example.org/plan"

    play(scene)


def test_what_is_typed_while_it_starts_keeps_its_order() -> None:
    """Also where more of it comes in the moment that there is a field to write in."""

    async def scene(leo: Stage) -> None:
        leo.app._early = []
        for char in "hello":
            leo.app.post_message(Key(char, char))
        leo.app.post_message(Begun())
        leo.app.post_message(Key("enter", None))
        await leo.sees("leo│ hello")
        assert leo.chat.composer.text == ""

    play(scene)


def test_a_key_leaves_no_room_without_a_question() -> None:
    """It may have been meant for another."""

    async def scene(leo: Stage) -> None:
        await leo.types("/join #attic")
        await leo.sees("#attic")
        await leo.presses("alt+w")
        await leo.sees("Leave #attic?")
        await leo.presses("n")
        await leo.misses("Leave #attic?")
        assert leo.desk.front.name == "#attic"
        await leo.presses("alt+w")
        await leo.sees("Leave #attic?")
        await leo.presses("y")
        await leo.until(lambda: leo.desk.front.name == ROOM)

    play(scene)
