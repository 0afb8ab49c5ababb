"""What was missed comes before what is new; what cannot be had is told."""

from datetime import timedelta

from hubbub.client.events import Gap, JoinRefused, Page, Quit, Said
from hubbub.client.transcripts import Cursor
from tests.client.village import EVERYTHING, NO_HISTORY, START, Village, Visit

ROOM = "#general"


def test_lines_heard_while_a_hole_is_filled_come_after_it() -> None:
    """Maya goes on talking while leo's client fetches what he missed: he reads it in the order in which it was said."""
    village = Village()
    leo = Visit(village).come(ROOM)
    leo.cut()
    for number in range(7):
        village.neighbour("maya", ROOM, f"missed {number}")
    leo.connect()
    leo.run_until(b"CHATHISTORY AFTER #general")
    village.neighbour("maya", ROOM, "live")
    leo.run_until(b"CHATHISTORY AFTER #general")
    village.neighbour("maya", ROOM, "live, too")
    leo.run()
    assert leo.texts(ROOM) == [*(f"missed {number}" for number in range(7)), "live", "live, too"]


def test_private_lines_wait_until_it_is_known_who_wrote() -> None:
    """Sam's next message may not overtake the one he sent while leo was away."""
    village = Village()
    leo = Visit(village).come()
    leo.cut()
    village.neighbour("sam", "leo", "are you there?")
    leo.connect()
    leo.run_until(b"CHATHISTORY TARGETS")
    village.neighbour("sam", "leo", "hello?")
    village.neighbour("tom", "leo", "hi, I am new")
    leo.run()
    assert leo.texts("sam") == ["are you there?", "hello?"]
    assert leo.texts("tom") == ["hi, I am new"]


def test_private_lines_that_the_server_does_not_show_are_a_gap() -> None:
    """Leo is a guest, whose conversations are his only while he is connected: he had just spoken with sam."""
    village = Village(private=False)
    leo = Visit(village).come()
    village.neighbour("sam", "leo", "one")
    village.neighbour("irc.village", "leo", "you have mail", "NOTICE")
    leo.run()
    leo.cut()
    leo.connect()
    leo.run()
    assert [(gap.conversation, gap.reason) for gap in leo.of(Gap)] == [("sam", "this server does not show it")]


def test_a_private_line_from_someone_who_wrote_nothing_before_is_shown_when_that_is_known() -> None:
    """Tom's line is heard after the list of people was made, so it is in no page."""
    village = Village()
    leo = Visit(village).come()
    leo.cut()
    leo.connect()
    leo.run_until(b"CHATHISTORY TARGETS")
    leo.up(9999)
    village.neighbour("tom", "leo", "hi")
    leo.run()
    assert leo.texts("tom") == ["hi"]


def test_a_second_cut_while_a_hole_is_filled_loses_nothing() -> None:
    """What waited behind the hole is forgotten with the connection, and comes again as history."""
    village = Village()
    leo = Visit(village).come(ROOM)
    leo.cut()
    for number in range(5):
        village.neighbour("maya", ROOM, f"missed {number}")
    leo.connect()
    leo.run_until(b"CHATHISTORY AFTER #general")
    village.neighbour("maya", ROOM, "heard, not shown")
    leo.down(9999)
    leo.up(9999)
    leo.down(250)
    leo.cut()
    leo.connect()
    leo.run()
    assert leo.texts(ROOM) == [*(f"missed {number}" for number in range(5)), "heard, not shown"]


def test_a_cut_while_people_are_asked_for_is_no_gap() -> None:
    """The question is put again on the next connection, and answered there."""
    village = Village()
    leo = Visit(village).come()
    leo.cut()
    village.neighbour("sam", "leo", "hi")
    leo.connect()
    leo.run_until(b"CHATHISTORY TARGETS")
    leo.cut()
    leo.connect()
    leo.run()
    assert leo.texts("sam") == ["hi"]
    assert leo.of(Gap) == []


def test_what_waited_behind_a_hole_is_shown_when_the_hole_cannot_be_filled_any_more() -> None:
    """Leo heard two lines behind a hole, then the server lost its history: the lines that he did get are kept."""
    village = Village()
    leo = Visit(village).come(ROOM)
    leo.cut()
    village.neighbour("maya", ROOM, "gone for good")
    leo.connect()
    leo.run_until(b"CHATHISTORY TARGETS")
    village.neighbour("sam", "leo", "heard")
    leo.down(9999)
    leo.run_until(b"CHATHISTORY AFTER #general")
    village.neighbour("maya", ROOM, "heard, too")
    leo.down(9999)
    leo.cut()
    village.caps = NO_HISTORY
    leo.connect()
    leo.run()
    assert leo.texts(ROOM) == ["heard, too"]
    assert leo.texts("sam") == ["heard"]
    assert [gap.conversation for gap in leo.of(Gap)] == [ROOM]


def test_lines_of_one_millisecond_are_all_fetched() -> None:
    """Some servers put several lines into one millisecond: a page by time begins with the millisecond of the cursor."""
    village = Village(msgids=False, page=10)
    leo = Visit(village).come(ROOM)
    village.neighbour("maya", ROOM, "one")
    leo.run()
    village.tick = timedelta(0)
    leo.cut()
    village.neighbour("maya", ROOM, "two, in the same millisecond")
    leo.connect()
    leo.run()
    assert leo.texts(ROOM) == ["one", "two, in the same millisecond"]


def test_a_forgotten_msgid_is_asked_for_by_time() -> None:
    """The server was restarted and does not know the last line any more; the time still says where to go on."""
    village = Village()
    leo = Visit(village).come(ROOM)
    last = village.neighbour("maya", ROOM, "one")
    leo.run()
    leo.cut()
    village.forgotten.add(last.msgid)
    village.neighbour("maya", ROOM, "two")
    leo.connect()
    leo.run()
    assert leo.texts(ROOM) == ["one", "two"]
    assert leo.of(Gap) == []


def test_more_lines_in_a_millisecond_than_a_page_holds_are_told_as_a_gap() -> None:
    """By time alone one cannot get past a full page of one millisecond without perhaps leaving something out."""
    village = Village(msgids=False, page=2)
    leo = Visit(village).come(ROOM)
    village.now += village.tick
    tick, village.tick = village.tick, timedelta(0)
    village.neighbour("maya", ROOM, "one")
    village.neighbour("maya", ROOM, "two")
    leo.run()
    leo.cut()
    village.neighbour("maya", ROOM, "never seen")
    village.tick = tick
    village.neighbour("maya", ROOM, "four")
    leo.connect()
    leo.run()
    assert leo.texts(ROOM) == ["one", "two", "four"]
    assert [gap.reason for gap in leo.of(Gap)] == ["more was said within a millisecond than the server gives at once"]


def test_a_server_without_history_leaves_a_gap() -> None:
    """Leo is told what he may have missed: where, from when, until when, and why."""
    village = Village(caps=NO_HISTORY)
    leo = Visit(village).come(ROOM)
    village.neighbour("maya", ROOM, "one")
    leo.run()
    cut_off = village.now
    leo.cut()
    village.neighbour("maya", ROOM, "lost")
    leo.connect()
    leo.run()
    (gap,) = leo.of(Gap)
    assert (gap.conversation, gap.since, gap.until) == (ROOM, cut_off, village.now)
    assert gap.reason == "this server keeps no history"
    assert leo.texts(ROOM) == ["one"]


def test_a_server_that_does_not_answer_leaves_a_gap_and_what_is_new_goes_on() -> None:
    """CHATHISTORY is offered, but nothing comes: the PONG from behind it ends the waiting."""
    village = Village()
    leo = Visit(village).come(ROOM)
    leo.cut()
    leo.connect()
    leo.run_until(b"CHATHISTORY TARGETS")
    village._do_chathistory = lambda guest, line: None  # type: ignore[method-assign]
    leo.run()
    village.neighbour("maya", ROOM, "new")
    leo.run()
    assert [(gap.conversation, gap.reason) for gap in leo.of(Gap)] == [
        ("", "the server did not answer"),
        (ROOM, "the server did not answer"),
    ]
    assert leo.texts(ROOM) == ["new"]


def test_a_room_shows_its_last_lines_when_we_come_in_for_the_first_time() -> None:
    """Leo sees the end of the talk he came into, in order, more than a page of it, and what is said meanwhile."""
    village = Village(page=2)
    for number in range(9):
        village.neighbour("maya", ROOM, f"old {number}")
    leo = Visit(village, backlog=5)
    leo.client.join(ROOM)
    leo.connect()
    leo.run_until(b"CHATHISTORY LATEST")
    village.neighbour("maya", ROOM, "hello leo")
    leo.run()
    assert leo.texts(ROOM) == ["old 5", "old 6", "old 7", "old 8", "hello leo"]


def test_more_said_at_once_than_a_page_holds_is_shown_in_order() -> None:
    """Maya greets leo with four lines before his question for the last two is answered."""
    village = Village()
    village.neighbour("maya", ROOM, "old")
    leo = Visit(village, backlog=2)
    leo.client.join(ROOM)
    leo.connect()
    leo.run_until(b"CHATHISTORY LATEST")
    for number in range(4):
        village.neighbour("maya", ROOM, f"hello {number}")
    leo.run()
    assert leo.texts(ROOM) == ["hello 0", "hello 1", "hello 2", "hello 3"]


def test_the_first_lines_of_a_room_are_not_forgotten_when_the_connection_breaks_before_them() -> None:
    """Both are shown: what came before leo, as many lines as he wants, and everything since he came in."""
    village = Village(page=3)
    for number in range(3):
        village.neighbour("maya", ROOM, f"old {number}")
    leo = Visit(village, backlog=2)
    leo.client.join(ROOM)
    leo.connect()
    leo.run_until(b"CHATHISTORY LATEST")
    leo.cut()
    for number in range(8):
        village.neighbour("maya", ROOM, f"missed {number}")
    leo.connect()
    leo.run()
    assert leo.texts(ROOM) == ["old 1", "old 2", *(f"missed {number}" for number in range(8))]


def test_where_nothing_was_said_before_us_what_we_missed_still_comes_first() -> None:
    """The page of what came before leo is empty; maya goes on talking while he reads it."""
    village = Village()
    leo = Visit(village, backlog=2)
    leo.client.join(ROOM)
    leo.connect()
    leo.run_until(b"CHATHISTORY LATEST")
    leo.cut()
    village.neighbour("maya", ROOM, "missed")
    leo.connect()
    leo.run_until(b"CHATHISTORY BEFORE")
    village.neighbour("maya", ROOM, "live")
    village.now += timedelta(seconds=1)
    leo.run()
    assert leo.texts(ROOM) == ["missed", "live"]


def test_a_quit_that_was_heard_is_not_read_again_in_each_room() -> None:
    """It was told once, under the name that it has in one room's log; the other's page calls it something else."""
    village = Village(tick=timedelta(0))
    leo, sam = Visit(village).come(ROOM, "#den"), Visit(village, "sam").come(ROOM, "#den")
    leo.run()
    sam.cut()
    leo.client.receive(b"@time=2025-11-20T09:12:00.010Z;msgid=m5 :sam!sam@village QUIT :cut\r\n")
    leo.cut()
    leo.connect()
    leo.run()
    assert [quit.history for quit in leo.of(Quit) if quit.nick == "sam"] == [False]


def test_who_left_meanwhile_is_read_from_history_and_changes_nothing_now() -> None:
    """With event-playback leo reads of his own disappearance; he is in the room nevertheless."""
    village = Village()
    leo = Visit(village).come(ROOM)
    leo.cut()
    leo.connect()
    leo.run()
    assert [(quit.nick, quit.history) for quit in leo.of(Quit)] == [("leo", True)]
    assert leo.client.mirror.room(ROOM) is not None


def test_a_room_that_keeps_us_out_is_told_behind_what_was_heard_there() -> None:
    """Leo was cut off while what came before maya's line was fetched, and banned meanwhile: he reads her line first."""
    village = Village()
    leo = Visit(village, backlog=3)
    leo.client.join(ROOM)
    leo.connect()
    leo.run_until(b"CHATHISTORY LATEST")
    village.neighbour("maya", ROOM, "hello")
    leo.down(9999)
    leo.cut()
    leo.connect()
    leo.run_until(b"JOIN")
    leo.client.receive(b":village 474 leo #general :Cannot join channel (+b)\r\n")
    leo._collect()
    *_, said, refused = leo.events
    assert (said, type(refused)) == (*leo.said(ROOM), JoinRefused)


def test_leaving_a_room_ends_its_story() -> None:
    """What is said in a room after leo left it on purpose is not missed, and not fetched when he comes back."""
    village = Village()
    leo = Visit(village).come(ROOM)
    leo.client.part(ROOM)
    leo.run()
    village.neighbour("maya", ROOM, "he is gone")
    leo.client.join(ROOM)
    leo.run()
    village.neighbour("maya", ROOM, "there he is")
    leo.run()
    assert leo.texts(ROOM) == ["there he is"]


def test_history_that_was_asked_for_comes_as_one_page() -> None:
    """Seven lines from a server that gives three at once, oldest first, whether they were shown before or not."""
    village = Village(page=3, caps=EVERYTHING - {"draft/event-playback"})
    leo = Visit(village).come(ROOM)
    for number in range(9):
        village.neighbour("maya", ROOM, f"line {number}")
    leo.run()
    leo.client.history(ROOM, 7)
    leo.run()
    (page,) = leo.of(Page)
    assert [line.text for line in page.lines if isinstance(line, Said)] == [f"line {number}" for number in range(2, 9)]
    leo.client.history(ROOM, 2, before=Cursor(page.lines[0].at, page.lines[0].msgid))
    leo.run()
    assert [line.text for line in leo.of(Page)[1].lines if isinstance(line, Said)] == ["line 0", "line 1"]


def test_a_page_that_cannot_be_had_says_why() -> None:
    """Three reasons: the server keeps nothing, refuses, or is gone."""
    leo = Visit(Village(caps=NO_HISTORY)).come(ROOM)
    leo.client.history(ROOM, 5)
    village = Village()
    sam = Visit(village, "sam").come(ROOM)
    sam.client.history(ROOM, 5, before=Cursor(START, "unheard-of"))
    sam.run()
    sam.client.history(ROOM, 5)
    sam.cut()
    leo.run()
    problems = [page.problem for visit in (leo, sam) for page in visit.of(Page)]
    assert problems == [
        "this server keeps no history",
        "unknown reference",
        "the connection broke before the answer came",
    ]


def test_history_that_a_server_plays_by_itself_is_shown_once() -> None:
    """A bouncer plays its buffer when we come: those lines are told from live ones, and not repeated."""
    village = Village()
    leo = Visit(village).come(ROOM)
    entry = village.neighbour("maya", ROOM, "one")
    leo.run()
    for seq, text in ((entry.seq, "one"), (99, "from the buffer")):
        leo.client.receive(b":village BATCH +x chathistory #general\r\n")
        leo.client.receive(f"@batch=x;msgid=m{seq} :maya!m@v PRIVMSG #general :{text}\r\n".encode())
        leo.client.receive(b":village BATCH -x\r\n")
    leo.run()
    assert [(said.text, said.history) for said in leo.said(ROOM)] == [("one", False), ("from the buffer", True)]


def test_a_line_of_context_does_not_move_the_cursor() -> None:
    """A reaction stands behind the line it belongs to, although it was sent much later; what lies between comes."""
    village = Village()
    leo = Visit(village).come(ROOM)
    village.neighbour("maya", ROOM, "one")
    leo.run()
    leo.client.receive(
        b":village BATCH +x chathistory #general\r\n"
        b"@batch=x;msgid=m99;time=2025-11-20T10:00:00.000Z;draft/chathistory-context :sam!s@v TAGMSG #general\r\n"
        b":village BATCH -x\r\n"
    )
    leo.cut()
    village.neighbour("maya", ROOM, "two")
    leo.connect()
    leo.run()
    assert leo.texts(ROOM) == ["one", "two"]


def test_a_hole_behind_which_too_much_waits_is_given_up() -> None:
    """A server that never ends its answer may not make us hold everything that is said."""
    village = Village()
    leo = Visit(village).come(ROOM)
    leo.cut()
    leo.connect()
    leo.run_until(b"CHATHISTORY AFTER #general")
    line = "@msgid=x{};time=2025-11-20T10:00:00.000Z :maya!m@v PRIVMSG #general :{}\r\n"
    leo.client.receive("".join(line.format(number, number) for number in range(10_002)).encode())
    leo.run()
    assert len(leo.texts(ROOM)) == 10_002
    assert [gap.reason for gap in leo.of(Gap)] == ["too much was said while the lines before it were fetched"]


def test_the_times_of_the_server_are_what_counts() -> None:
    """All times are the server's: leo's own clock, hours off, is never asked."""
    village = Village()
    leo = Visit(village)
    leo.client._parts.catchup._clock = lambda: START + timedelta(hours=5)
    leo.come(ROOM)
    village.neighbour("sam", "leo", "one")
    leo.run()
    leo.cut()
    village.neighbour("sam", "leo", "two")
    village.neighbour("maya", ROOM, "three")
    leo.connect()
    leo.run()
    assert (leo.texts("sam"), leo.texts(ROOM)) == (["one", "two"], ["three"])


def test_the_welcome_tells_since_when_words_may_be_missed() -> None:
    """Cut off before anything was heard, with a clock hours ahead: what sam wrote meanwhile is shown all the same."""
    village = Village()
    leo = Visit(village)
    leo.client._parts.clock = leo.client._parts.catchup._clock = lambda: START + timedelta(hours=5)
    leo.come()
    leo.cut()
    village.neighbour("sam", "leo", "one")
    leo.connect()
    leo.run()
    assert leo.texts("sam") == ["one"]


def test_words_in_a_greeting_do_not_hide_what_was_missed() -> None:
    """ "*** Looking up your hostname" comes before anybody can ask what was said while they were away."""
    village = Village()
    leo = Visit(village).come()
    leo.cut()
    village.neighbour("sam", "leo", "one")
    village.now += timedelta(minutes=5)
    leo.connect()
    leo.client.receive(b":village NOTICE * :*** Looking up your hostname\r\n")
    leo.run()
    assert leo.texts("sam") == ["one"]
