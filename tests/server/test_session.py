"""Sessions: lines take effect in the order they came; a budget, a full inbox, a lost connection and a fault."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from hubbub.dialects.irc.look import IrcLook
from hubbub.dialects.irc.registry import COMMANDS, Command, Kind, Who
from hubbub.dialects.irc.request import Request
from hubbub.hub.events import Entry, Place
from hubbub.hub.promise import Promise, drive
from hubbub.server import Server, Session
from hubbub.server.session import INBOX_FULL, INBOX_LOW, Budget
from hubbub.wire.line import Line
from tests.hub.hall import PLAIN
from tests.scene import Cable, Person, quiet
from tests.server.stage import Stage

MAYA, LEO, TOM = (f":{nick}!{nick}@192.0.2.7" for nick in ("maya", "leo", "tom"))
INTERNAL = "ERROR :Internal error. It was logged; please connect again."


class Clerk(Session[str]):
    """Notes each word; at "wait" it waits for `gate`, and notes when that is over; "oops" is a fault."""

    def __init__(self, server: Server) -> None:
        self.cable = Cable()
        super().__init__(server, self.cable, PLAIN)
        self.notes: list[str] = []
        self.gate: Promise[None] = Promise()

    def farewell(self, reason: str) -> bytes:
        return f"bye: {reason}\n".encode()

    def paused(self) -> bool:
        return self.cable.paused

    async def handle(self, item: str) -> None:
        self.notes.append(item)
        if item == "wait":
            await self.gate
            self.notes.append("waited")
        elif item == "oops":
            raise ZeroDivisionError
        elif item == "bye":
            self.close("as you wish")


@pytest.fixture
def clerk(stage: Stage) -> Clerk:
    return Clerk(stage.server)


# The order of lines


def test_lines_take_effect_in_the_order_they_came(clerk: Clerk) -> None:
    """However they were cut into pieces."""
    clerk.feed(["one", "two"])
    clerk.feed([])
    clerk.feed(["three"])
    assert clerk.notes == ["one", "two", "three"]


def test_lines_behind_a_waiting_command_wait(stage: Stage, clerk: Clerk) -> None:
    """They go on in a turn of their own, and what comes meanwhile stands behind them."""
    clerk.feed(["wait", "one"])
    clerk.feed(["two"])
    assert clerk.notes == ["wait"]
    clerk.gate.keep(None)
    assert clerk.notes == ["wait", "waited"]
    stage.turn()
    assert clerk.notes == ["wait", "waited", "one", "two"]


def test_a_line_that_comes_before_that_turn_does_not_overtake(stage: Stage, clerk: Clerk) -> None:
    """The inbox is a queue, whoever starts it."""
    clerk.feed(["wait", "one"])
    clerk.gate.keep(None)
    clerk.feed(["two"])
    stage.turn()
    assert clerk.notes == ["wait", "waited", "one", "two"]


def test_one_session_waits_for_itself_alone(stage: Stage, clerk: Clerk) -> None:
    """Others go on meanwhile."""
    other = Clerk(stage.server)
    clerk.feed(["wait", "one"])
    other.feed(["two"])
    assert other.notes == ["two"]


# Several sessions of one user


@pytest.fixture
def phone(stage: Stage) -> Person:
    """A second device of leo's, in #tea with him."""
    stage.slow.held = False
    phone = stage.connect()
    phone.say("NICK phone", "USER leo 0 * :Leo")
    guest, leo = phone.session.user, stage.hub.user("leo")
    assert guest is not None
    stage.hub.apply(Entry(stage.hub.quit(guest, ""), Place("", 0, 1, "m1")))
    phone.session.user = leo
    stage.hub.attach(leo, phone.session)
    quiet(phone)
    stage.slow.held = True
    return phone


@pytest.mark.parametrize(
    ("change", "line", "heard"),
    [
        ("NICK lion", "PRIVMSG #tea :hello", ":lion!leo@192.0.2.7 PRIVMSG #tea :hello"),
        ("NICK lion", "JOIN #coffee", ":lion!leo@192.0.2.7 JOIN #coffee"),
        ("JOIN #coffee", "PRIVMSG #coffee :hello", f"{LEO} PRIVMSG #coffee :hello"),
        ("PART #tea", "PRIVMSG #tea :hello", ":hub.example 404 leo #tea :only those in the room may speak in it"),
    ],
)
def test_one_device_knows_what_the_other_changes(
    stage: Stage, phone: Person, change: str, line: str, heard: str
) -> None:
    """What a second device says while a change of the first is on its way is decided behind it."""
    stage.leo.say(change)
    phone.say(line, "PING 1")
    assert phone.hears() == []
    stage.land_all()
    told = phone.hears() + stage.leo.hears()
    assert heard in told
    assert ":hub.example PONG hub.example 1" in told
    assert not stage.server.under_way


def test_talk_of_two_devices_goes_together(stage: Stage, phone: Person) -> None:
    """Talk waits for nobody, and so nobody waits for it."""
    stage.sam.say("PRIVMSG tom :fill the store")
    stage.leo.say("PRIVMSG #tea :one")
    phone.say("PRIVMSG #tea :two")
    stage.land()
    assert [len(group) for group in stage.groups()] == [2]


def test_a_device_that_goes_leaves_the_other_its_turn(stage: Stage, phone: Person) -> None:
    """A connection lost in the middle of a command holds nobody up longer than that command."""
    stage.leo.say("NICK lion")
    phone.say("PRIVMSG #tea :hello")
    stage.leo.leaves()
    stage.land_all()
    assert [line.split(" ", 1)[1] for line in stage.maya.hears()] == ["NICK :lion", "PRIVMSG #tea :hello"]


def test_a_device_that_waits_for_the_other_may_go(stage: Stage, phone: Person) -> None:
    """What it had said by then is said when its turn comes."""
    stage.leo.say("NICK lion")
    phone.say("PRIVMSG #tea :hello")
    phone.leaves()
    stage.land_all()
    assert [line.split(" ", 1)[1] for line in stage.maya.hears()] == ["NICK :lion", "PRIVMSG #tea :hello"]
    assert not stage.faults


# The budget


def test_a_burst_is_free_and_the_rest_is_paced(stage: Stage) -> None:
    """Three at once, then two a second; what is over waits and is not lost."""
    stage.server.budget = (3, 2.0)
    clerk = Clerk(stage.server)
    clerk.feed("abcdef")
    assert "".join(clerk.notes) == "abc"
    stage.pass_time(0.5)
    assert "".join(clerk.notes) == "abcd"
    stage.pass_time(0.5)
    stage.pass_time(0.5)
    assert "".join(clerk.notes) == "abcdef"


def test_a_budget_fills_up_again_and_never_over(stage: Stage) -> None:
    """An hour of silence is worth one burst."""
    stage.server.budget = (3, 2.0)
    clerk = Clerk(stage.server)
    clerk.feed("abc")
    stage.pass_time(3600)
    clerk.feed("defghi")
    assert "".join(clerk.notes) == "abcdef"


def test_more_input_does_not_wake_a_session_early(stage: Stage) -> None:
    """While it sleeps for its budget, one timer is enough."""
    stage.server.budget = (1, 1.0)
    clerk = Clerk(stage.server)
    for word in "abc":
        clerk.feed([word])
    assert clerk.notes == ["a"]
    assert len(stage.timers) == 1


def test_a_command_that_waits_costs_one_line(stage: Stage) -> None:
    """Sleeping and waiting do not get in each other's way."""
    stage.server.budget = (2, 1.0)
    clerk = Clerk(stage.server)
    clerk.feed(["wait", "one", "two"])
    clerk.gate.keep(None)
    stage.turn()
    assert clerk.notes == ["wait", "waited", "one"]
    stage.pass_time(1)
    assert clerk.notes == ["wait", "waited", "one", "two"]


def test_a_wall_clock_that_jumps_changes_no_budget(stage: Stage) -> None:
    """Budgets count on the clock that never goes back."""
    stage.server.budget = (1, 1.0)
    clerk = Clerk(stage.server)
    clerk.feed(["a", "b"])
    stage.clock.wall -= 3_600_000
    stage.pass_time(1)
    assert clerk.notes == ["a", "b"]


def test_a_budget_says_how_long_to_wait() -> None:
    """In seconds, until there is a whole line's worth."""
    budget = Budget(2, 4.0, 100.0)
    assert [budget.take(100.0), budget.take(100.0), budget.take(100.0)] == [0.0, 0.0, 0.25]
    assert budget.take(100.125) == 0.125
    assert budget.take(100.25) == 0.0


def test_without_a_budget_nothing_is_paced(clerk: Clerk) -> None:
    """A house that sets none has none."""
    clerk.feed("a" * 1000)
    assert len(clerk.notes) == 1000


# The inbox


def test_a_full_inbox_stops_the_reading(stage: Stage, clerk: Clerk) -> None:
    """One line more than it takes, and the connection is paused until it is nearly empty again."""
    clerk.feed(["wait", *["x"] * INBOX_FULL])
    assert not clerk.paused()
    clerk.feed(["x"])
    assert clerk.paused()
    clerk.gate.keep(None)
    stage.turn()
    assert not clerk.paused()
    assert len(clerk.notes) == INBOX_FULL + 3


def test_reading_goes_on_when_the_inbox_is_low(stage: Stage) -> None:
    """A paced session is read again once fewer than the low mark are waiting, and not before."""
    stage.server.budget = (1, 1.0)
    clerk = Clerk(stage.server)
    clerk.feed(["x"] * (INBOX_FULL + 2))
    assert clerk.paused()
    while len(clerk.notes) < INBOX_FULL + 2 - INBOX_LOW:
        stage.pass_time(1)
        assert clerk.paused()
    stage.pass_time(1)
    assert not clerk.paused()


def test_a_closed_session_is_not_read_on(stage: Stage, clerk: Clerk) -> None:
    """What it sent before and sends after is dropped."""
    clerk.feed(["wait", *["x"] * (INBOX_FULL + 1)])
    clerk.close("enough")
    clerk.feed(["y"])
    clerk.gate.keep(None)
    stage.turn()
    clerk.feed(["z"])
    assert clerk.notes == ["wait", "waited"]
    assert clerk.paused()


# The end


def test_closing_tells_why_and_hangs_up(stage: Stage, clerk: Clerk) -> None:
    """Once, whatever is asked of it afterwards; the lines behind are dropped."""
    clerk.feed(["bye", "one"])
    clerk.close("again")
    assert clerk.notes == ["bye"]
    assert bytes(clerk.cable.data) == b"bye: as you wish\n"
    assert clerk.cable.closed == "as you wish"
    clerk.lost("gone")
    assert clerk not in stage.server.sessions
    assert clerk.closed == "as you wish"


def test_a_session_is_counted_until_its_connection_is_gone(stage: Stage, clerk: Clerk) -> None:
    """Closing is not the end of it: the link says when it is."""
    assert clerk in stage.server.sessions
    clerk.close("enough")
    assert clerk in stage.server.sessions
    clerk.lost("gone")
    assert clerk not in stage.server.sessions


def test_the_last_word_stands_behind_what_was_decided(stage: Stage) -> None:
    """Whoever quits hears their own message first, then the ERROR, then the connection ends."""
    stage.leo.say("PRIVMSG #tea :bye")
    stage.leo.say("QUIT :late")
    stage.land()
    assert (stage.leo.hears(), stage.leo.cable.closed) == ([f"{LEO} PRIVMSG #tea :bye"], "")
    stage.land()
    assert (stage.leo.hears(), stage.leo.cable.closed) == (["ERROR :Quit: late"], "Quit: late")
    assert stage.maya.hears()[-1] == f"{LEO} QUIT :Quit: late"


def test_nothing_is_heard_after_the_last_word(stage: Stage) -> None:
    """What the others say while somebody is leaving is no longer for them."""
    stage.leo.say("QUIT :late")
    stage.maya.say("PRIVMSG #tea :bye leo")
    stage.land_all()
    assert [line.split()[0] for line in stage.leo.hears()] == ["ERROR"]


@pytest.mark.parametrize("line", ["JOIN #coffee", "NICK lion", "PART #tea", "JOIN #coffee,#cocoa"])
@pytest.mark.parametrize("stored", [True, False])
def test_whoever_is_lost_while_a_command_waits_leaves_once(stage: Stage, line: str, stored: bool) -> None:
    """After the command is done, from every room they are in by then, and whether it went well or not."""
    stage.leo.say(line, "PRIVMSG #tea :never said")
    stage.leo.leaves("Connection reset")
    assert "leo" in stage.hub.users
    (stage.land if stored else stage.fail)()
    stage.land_all()
    assert not stage.hub.users.keys() & {"leo", "lion"}
    assert set(stage.hub.channels) == {"#tea"}
    assert stage.events()[-1] == ("Parted" if line.startswith("PART") and stored else "Quit")
    assert stage.events().count("Quit") + stage.events().count("Parted") == 1
    assert not stage.hub.identities.keys() - {user.identity for user in stage.hub.users.values()}
    assert not [fault for fault in stage.faults if "disk" not in str(fault)]


def test_whoever_is_closed_while_a_command_waits_leaves_every_room(stage: Stage) -> None:
    """A JOIN on its way happens, and the leave stands behind it in that room's log as well."""
    stage.tom.say("JOIN #tea,#coffee")
    stage.tom.session.close("Too slow", "Send queue exceeded")
    stage.turn()
    stage.land_all()
    assert stage.events()[-2:] == ["Joined", "Quit"]
    assert stage.maya.hears() == [f"{TOM} JOIN #tea", f"{TOM} QUIT :Send queue exceeded"]
    assert stage.tom.cable.closed == "Too slow"
    assert not stage.faults


def test_a_lost_connection_leaves_at_once_when_nothing_waits(stage: Stage) -> None:
    """Behind what it had said, and before what others say afterwards."""
    stage.leo.say("PRIVMSG #tea :one")
    stage.leo.leaves("Connection reset")
    stage.maya.say("PRIVMSG #tea :two")
    stage.land_all()
    assert [line.split()[1] for line in stage.sam.hears()] == ["PRIVMSG", "QUIT", "PRIVMSG"]


def test_a_second_session_keeps_its_user(stage: Stage) -> None:
    """Whoever is connected twice leaves with the last connection."""
    stage.slow.held = False
    leo = stage.hub.user("leo")
    phone = Clerk(stage.server)
    phone.user = leo
    stage.hub.attach(leo, phone)
    stage.leo.leaves("Connection reset")
    assert stage.heard() == {}
    stage.maya.say("PRIVMSG #tea :hello")
    assert bytes(phone.cable.data) == b"Said maya\n"
    phone.lost("gone, too")
    stage.turn()
    assert stage.heard()["sam"][-1] == f"{LEO} QUIT :gone, too"


def test_whoever_is_put_out_while_leaving_leaves_once(stage: Stage) -> None:
    """A second farewell on its way would be that of whoever wears the nick by then."""
    leo = stage.hub.user("leo")
    stage.sam.say("PRIVMSG tom :fill the store")
    stage.leo.leaves("Connection reset")
    stage.land()
    drive(stage.server.expel(leo, "Killed", "Killed"), lambda value, error: None)
    stage.turn()
    stage.slow.land()
    heir = stage.connect()
    heir.say("NICK leo", "USER heir 0 * :Heir")
    stage.land_all()
    assert stage.events().count("Quit") == 1
    assert stage.hub.user("leo") is heir.session.user


def test_a_newcomer_who_is_lost_was_never_there(stage: Stage) -> None:
    """Before registration nobody leaves."""
    priya = stage.connect()
    priya.say("NICK priya")
    priya.leaves()
    assert stage.heard() == {}
    assert stage.groups() == []


def test_a_server_that_stops_tells_everybody(stage: Stage) -> None:
    """Behind what was decided, and nobody leaves by it in any log, not even whose command was waiting."""
    stage.leo.say("PRIVMSG #tea :one")
    stage.tom.say("JOIN #tea")
    done: list[bool] = []
    stage.server.stop("Back soon").then(lambda: done.append(True))
    stage.turn()
    assert (stage.heard(), done) == ({}, [])
    stage.land_all()
    assert done == [True]
    assert stage.maya.hears() == [f"{LEO} PRIVMSG #tea :one", f"{TOM} JOIN #tea", "ERROR :Back soon"]
    assert {person.cable.closed for person in stage.everybody} == {"Back soon"}
    assert stage.events()[-2:] == ["Said", "Joined"]
    for person in stage.everybody:
        person.leaves()
    assert stage.groups() == []


def test_who_hung_up_before_a_server_stops_says_no_more(stage: Stage) -> None:
    """What they had decided is stored; the lines behind it are dropped, like those of who is connected."""
    stage.tom.say("JOIN #tea", "PRIVMSG #tea :one", "PART #tea")
    stage.turn()
    stage.tom.leaves()
    stage.server.stop("Back soon")
    stage.land_all()
    assert stage.events()[-1:] == ["Joined"]
    assert stage.groups() == []


def test_who_comes_while_a_server_stops_is_not_heard(stage: Stage) -> None:
    """Nothing new begins."""
    stage.server.stop("Back soon")
    priya = stage.connect()
    priya.say("NICK priya", "USER priya 0 * :Priya", "JOIN #tea")
    stage.land_all()
    assert "priya" not in stage.hub.users


def test_what_is_decided_after_the_end_asks_no_store(stage: Stage) -> None:
    """Neither what stands behind a group that took too long, nor what somebody decides who was answered too late."""
    stage.leo.say("PRIVMSG #tea :one")
    stage.turn()
    stage.leo.say("PRIVMSG #tea :two")
    stage.server.stop("Back soon")
    stage.server.end()
    stage.land()
    stage.server.submit(stage.hub.quit(stage.hub.users["tom"], "late"), None)
    stage.turn()
    assert (stage.groups(), stage.faults) == ([], [])
    assert stage.maya.hears() == [f"{LEO} PRIVMSG #tea :one"]


# Faults


def test_a_fault_ends_the_session_it_came_from(stage: Stage, clerk: Clerk) -> None:
    """It is reported, the connection is told in general words, and the lines behind are dropped."""
    clerk.feed(["one", "oops", "two"])
    stage.turn()
    assert clerk.notes == ["one", "oops"]
    assert [type(fault) for fault in stage.faults] == [ZeroDivisionError]
    assert bytes(clerk.cable.data) == b"bye: Internal error. It was logged; please connect again.\n"
    assert clerk.cable.closed


@pytest.fixture
def oops(monkeypatch: pytest.MonkeyPatch) -> None:
    """A command OOPS that goes wrong: at once, or after something was stored."""

    async def run(request: Request, line: Line) -> None:
        if line.params:
            await request.server.commit(request.hub.join(request.user, line.params[0]), request)  # type: ignore[arg-type]
        raise ZeroDivisionError

    monkeypatch.setitem(COMMANDS, "OOPS", Command("OOPS", 0, Who.USER, Kind.CHANGE, "", "", run))


@pytest.mark.usefixtures("oops")
@pytest.mark.parametrize("line", ["OOPS", "OOPS #coffee"])
def test_a_fault_in_a_command_disturbs_nobody_else(stage: Stage, line: str) -> None:
    """Whoever sent it leaves, behind what they had said; the others hear that and go on."""
    stage.leo.say("PRIVMSG #tea :one", line, "PRIVMSG #tea :never said")
    stage.sam.say("PRIVMSG #tea :two")
    stage.land_all()
    assert [type(fault) for fault in stage.faults] == [ZeroDivisionError]
    assert stage.leo.hears()[-1] == INTERNAL
    assert stage.leo.cable.closed
    assert [line.split()[1] for line in stage.maya.hears()] in (
        ["PRIVMSG", "QUIT", "PRIVMSG"],
        ["PRIVMSG"] * 2 + ["QUIT"],
    )
    assert set(stage.hub.channels) == {"#tea"}


@pytest.mark.usefixtures("oops")
def test_a_fault_where_a_command_went_on_stands_in_line(stage: Stage) -> None:
    """The last word comes behind the leave, and nothing after it."""
    stage.tom.say("OOPS #coffee")
    stage.land()
    assert stage.tom.hears() == [f"{TOM} JOIN #coffee"]
    stage.land()
    assert stage.tom.hears() == [INTERNAL]
    assert stage.events("#coffee") == ["Joined", "Quit"]


def broken(what: str) -> Callable[[IrcLook, Entry], bytes]:
    render = IrcLook.render

    def wrong(look: IrcLook, entry: Entry) -> bytes:
        if what in repr(entry.event):
            raise ZeroDivisionError
        return render(look, entry)

    return wrong


@pytest.mark.parametrize("line", ["PRIVMSG #tea :cursed", "PRIVMSG tom :cursed", "PART #tea :cursed"])
def test_a_fault_in_delivery_disturbs_nobody_else(stage: Stage, monkeypatch: pytest.MonkeyPatch, line: str) -> None:
    """An entry that cannot be written down ends the session it came from; all that stood behind it is delivered."""
    monkeypatch.setattr(IrcLook, "render", broken("cursed"))
    stage.leo.say(line)
    stage.sam.say("PRIVMSG #tea :one")
    stage.maya.say("PING 1")
    stage.land_all()
    assert [type(fault) for fault in stage.faults] == [ZeroDivisionError]
    assert stage.leo.hears()[-1] == INTERNAL
    assert stage.leo.cable.closed
    heard = [line.split()[1] for line in stage.maya.hears() if " QUIT " not in line]
    assert heard == ["PRIVMSG", "PONG"]
    assert "leo" not in stage.hub.users
    assert not stage.server.behind


def test_a_fault_that_nobody_sent_is_reported(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """A leave that cannot be written down ends nobody's session, and the house goes on."""
    monkeypatch.setattr(IrcLook, "render", broken("Quit("))
    stage.leo.leaves("cursed")
    stage.land_all()
    assert [type(fault) for fault in stage.faults] == [ZeroDivisionError]
    assert "leo" not in stage.hub.users
    assert stage.maya.asks("PING 1") == [":hub.example PONG hub.example 1"]


def test_a_fault_in_line_disturbs_nobody_behind(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """A connection that cannot be hung up is reported, and the answers behind it go out."""

    def stuck(reason: str) -> None:
        raise OSError(reason)

    monkeypatch.setattr(stage.sam.cable, "close", stuck)
    stage.leo.say("PRIVMSG #tea :one")
    stage.sam.say("QUIT :stuck")
    stage.maya.say("PING 1")
    stage.land_all()
    assert [type(fault) for fault in stage.faults] == [OSError]
    assert stage.maya.hears()[-1] == ":hub.example PONG hub.example 1"
    quiet(*stage.everybody)
    stage.leo.say("PRIVMSG #tea :two")
    stage.land_all()
    assert stage.maya.hears() == [f"{LEO} PRIVMSG #tea :two"]


def test_what_was_sent_before_the_end_is_done(stage: Stage) -> None:
    """Somebody pipes their words in and hangs up: they are said, also those behind a command that waits."""
    priya = stage.connect()
    priya.session.receive(
        b"NICK priya\r\nUSER priya 0 * :Priya\r\nJOIN #tea\r\nPRIVMSG #tea :one\r\nPRIVMSG #tea :two\r\n"
    )
    priya.leaves("Connection closed")
    stage.land_all()
    said = ["JOIN #tea", "PRIVMSG #tea :one", "PRIVMSG #tea :two", "QUIT :Connection closed"]
    assert [line.partition(" ")[2] for line in stage.maya.hears()] == said


def test_what_was_sent_beyond_the_budget_ends_with_the_connection(stage: Stage) -> None:
    """Or somebody who floods and hangs up would be here for as long as they flooded."""
    stage.server.budget = (4, 1)
    priya = stage.connect()
    priya.session.receive(b"NICK priya\r\nUSER priya 0 * :Priya\r\n" + b"PRIVMSG maya :spam\r\n" * 50)
    priya.leaves("Connection closed")
    stage.land_all()
    assert len(stage.maya.hears()) == 2
    assert "priya" not in stage.hub.users
