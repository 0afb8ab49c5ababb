"""Order: a reply never overtakes, talk pipelines, changes wait, and rights are gone before the next decision."""

from collections import deque

import pytest

from hubbub.hub.account import Account
from hubbub.hub.events import Said
from tests.scene import quiet
from tests.server.stage import Stage

MAYA, LEO, SAM, TOM = (f":{nick}!{nick}@192.0.2.7" for nick in ("maya", "leo", "sam", "tom"))
OUTSIDE = "only those in the room may speak in it"


# A reply never overtakes


def test_a_pong_means_that_the_message_has_gone_out(stage: Stage) -> None:
    """It stands behind the echo of what the same session said before."""
    stage.leo.say("PRIVMSG #tea :hello", "PING 1")
    assert stage.heard() == {}
    stage.land()
    assert stage.leo.hears() == [f"{LEO} PRIVMSG #tea :hello", ":hub.example PONG hub.example 1"]


def test_a_pong_stands_behind_what_others_said(stage: Stage) -> None:
    """Whatever was decided before the PING, by anybody, is heard before the PONG."""
    stage.leo.say("PRIVMSG #tea :hello")
    stage.maya.say("PING 1")
    stage.land()
    assert stage.maya.hears() == [f"{LEO} PRIVMSG #tea :hello", ":hub.example PONG hub.example 1"]


def test_a_pong_does_not_wait_for_what_came_later(stage: Stage) -> None:
    """It stands at its place between two messages."""
    stage.leo.say("PRIVMSG #tea :before")
    stage.maya.say("PING 1")
    stage.leo.say("PRIVMSG #tea :after")
    stage.land()
    assert stage.maya.hears() == [f"{LEO} PRIVMSG #tea :before", ":hub.example PONG hub.example 1"]
    stage.land()
    assert stage.maya.hears() == [f"{LEO} PRIVMSG #tea :after"]


def test_a_pong_stands_behind_a_failure(stage: Stage) -> None:
    """Whoever is answered knows what became of the message."""
    stage.leo.say("PRIVMSG #tea :hello", "PING 1")
    stage.fail()
    fail, pong = stage.leo.hears()
    assert " FAIL PRIVMSG NOT_STORED " in fail
    assert pong == ":hub.example PONG hub.example 1"


def test_a_second_device_is_told_who_is_in_as_of_that_place(stage: Stage) -> None:
    """Tom comes in while the password of priya's other device is looked at: it finds him among those who are there."""
    keys = stage.logins.passwords.encode("secret").result()
    stage.accounts.save("priya", Account("priya", keys.secret, 0, keys.scram), new=True)
    phone, desk = stage.connect(), stage.connect()
    phone.say("PASS priya:secret", "NICK priya", "USER priya 0 * :Priya", "JOIN #tea")
    stage.land()
    stage.checks = deque()
    desk.say("PASS priya:secret", "NICK priya", "USER priya 0 * :Priya")
    stage.tom.say("JOIN #tea")
    stage.checks.popleft().keep(True)
    stage.land()
    told = [line for line in desk.hears() if "tom" in line]
    assert told == [":hub.example 353 priya = #tea :@maya leo sam priya tom"]


def test_a_refusal_stands_behind_what_was_said_before(stage: Stage) -> None:
    """An answer that needs no store does not come early."""
    stage.leo.say("PRIVMSG #tea :hello", "PRIVMSG nobody :hello", "NONSENSE", "WHOIS tom")
    assert stage.heard() == {}
    stage.land()
    assert [line.split()[1] for line in stage.leo.hears()][:3] == ["PRIVMSG", "401", "421"]


def test_who_is_in_a_room_is_told_as_of_that_place(stage: Stage) -> None:
    """NAMES and WHO behind a JOIN and before a PART counts whoever came, and nobody as gone."""
    stage.tom.say("JOIN #tea")
    stage.maya.say("NAMES #tea")
    stage.leo.say("WHO #tea")
    stage.sam.say("PART #tea")
    stage.land()
    names, who = stage.maya.hears(), stage.leo.hears()
    assert names[:2] == [f"{TOM} JOIN #tea", ":hub.example 353 maya = #tea :@maya leo sam tom"]
    assert [line.split()[7] for line in who if " 352 " in line] == ["maya", "leo", "sam", "tom"]
    assert not any(" PART " in line for line in names + who)


def test_lines_behind_an_answer_wait_for_it(stage: Stage) -> None:
    """What a session says behind a question is decided after the answer."""
    stage.maya.say("TOPIC #tea :Assam")
    stage.leo.say("NAMES #tea", "PRIVMSG #tea :hello")
    assert len(stage.groups()) == 1
    stage.land()
    assert [line.split()[1] for line in stage.leo.hears()] == ["TOPIC", "353", "366"]
    stage.land()
    assert stage.leo.hears() == [f"{LEO} PRIVMSG #tea :hello"]


def test_an_answer_stands_behind_what_was_decided_on_the_way_to_it(stage: Stage) -> None:
    """A command that waited and then said something is answered behind that."""
    stage.maya.say("TOPIC #tea :Assam")
    stage.leo.say("PRIVMSG #tea,nobody :hello")
    stage.land()
    assert stage.leo.hears() == [f"{MAYA} TOPIC #tea :Assam"]
    stage.land()
    assert stage.leo.hears() == [
        f"{LEO} PRIVMSG #tea :hello",
        ":hub.example 401 leo nobody :Nobody here is called that",
    ]


def test_an_answer_waits_for_nobody_who_is_not_told(stage: Stage) -> None:
    """Where a failed group leaves nothing to say, what stands behind it still goes out."""
    leo = stage.leo.session.user
    assert leo is not None
    stage.server.submit(stage.hub.say(leo, "PRIVMSG", "#tea", "hello"), None)
    stage.maya.say("PRIVMSG nobody :hello")
    stage.fail()
    assert stage.heard() == {"maya": [":hub.example 401 maya nobody :Nobody here is called that"]}


def test_ephemera_stand_in_line(stage: Stage) -> None:
    """A typing notice is not stored, and does not overtake the message before it."""
    priya = stage.enter("priya", "message-tags")
    stage.slow.held = False
    priya.say("JOIN #tea")
    stage.slow.held = True
    quiet(priya)
    stage.leo.say("PRIVMSG #tea :hello")
    stage.maya.say("CAP REQ message-tags", "@+typing=active TAGMSG #tea")
    assert priya.hears() == []
    stage.land()
    assert [line.split()[2] for line in priya.hears()] == ["PRIVMSG", "TAGMSG"]
    assert stage.events()[-1] == "Said"


# Talk pipelines


def test_talk_does_not_wait_for_talk(stage: Stage) -> None:
    """What one session says in one turn goes to the store as one group."""
    stage.leo.say("PRIVMSG #tea :one", "PRIVMSG #tea :two", "PRIVMSG tom :three")
    assert [len(group) for group in stage.groups()] == [3]


def test_a_group_is_what_came_up_during_one_commit(stage: Stage) -> None:
    """While one group is being stored, the next fills from everybody; it leaves as soon as the first has landed."""
    stage.leo.say("PRIVMSG #tea :one")
    for person in (stage.leo, stage.sam, stage.tom):
        person.say("PRIVMSG maya :two")
    assert [len(group) for group in stage.groups()] == [1]
    stage.land()
    assert [len(group) for group in stage.groups()] == [3]


def test_the_next_group_leaves_before_the_first_is_delivered(stage: Stage) -> None:
    """The store works while we deliver."""
    stage.leo.say("PRIVMSG #tea :one")
    stage.leo.say("PRIVMSG #tea :two")
    stage.slow.land()
    assert [len(group) for group in stage.groups()] == [1]
    assert stage.heard() == {}
    stage.turn()
    assert stage.maya.hears() == [f"{LEO} PRIVMSG #tea :one"]


def test_nothing_is_sent_to_a_store_that_has_nothing_to_do(stage: Stage) -> None:
    """Questions and refusals make no group."""
    stage.leo.say("PING 1", "NAMES #tea", "PRIVMSG nobody :hello", "AWAY :lunch")
    assert stage.groups() == []


# Changes wait


@pytest.mark.parametrize(
    ("who", "change", "talk", "heard"),
    [
        ("tom", "JOIN #tea", "PRIVMSG #tea :hello", f"{TOM} PRIVMSG #tea :hello"),
        ("leo", "NICK lion", "PRIVMSG #tea :hello", ":lion!leo@192.0.2.7 PRIVMSG #tea :hello"),
        ("leo", "PART #tea", "PRIVMSG #tea :hello", f":hub.example 404 leo #tea :{OUTSIDE}"),
        ("maya", "MODE #tea +m-o maya", "PRIVMSG #tea :hello", ":hub.example 404 maya #tea :the room is moderated"),
    ],
)
def test_a_change_is_done_before_the_next_line(stage: Stage, who: str, change: str, talk: str, heard: str) -> None:
    """Both came in one piece, and the second is decided in a house where the first has happened."""
    person = stage.person(who)
    person.say(change, talk)
    assert [len(group) for group in stage.groups()] == [1]
    stage.land()
    stage.land_all()
    assert person.hears()[-1].startswith(heard)


def test_changes_of_different_people_go_together(stage: Stage) -> None:
    """Only the lines of one session wait for each other; joins and leaves of many are one group."""
    stage.sam.say("PRIVMSG maya :first")
    stage.tom.say("JOIN #tea")
    stage.leo.say("PART #tea")
    stage.sam.say("NICK samuel")
    stage.land()
    assert [len(group) for group in stage.groups()] == [3]


def test_a_session_changes_one_thing_at_a_time(stage: Stage) -> None:
    """Several rooms on one line are entered one after the other."""
    stage.tom.say("JOIN #one,#two", "JOIN #three")
    rooms = []
    while stage.slow.groups:
        rooms.append([event.logs for event in stage.groups()[0]])
        stage.land()
    assert rooms == [[("#one",)], [("#two",)], [("#three",)]]


# Rights are gone before the next decision


@pytest.mark.parametrize(
    ("change", "answer"),
    [
        ("KICK #tea leo", OUTSIDE),
        ("MODE #tea +m", "the room is moderated, and you have no voice in it"),
        ("MODE #tea +b leo", "you are banned from it"),
    ],
)
def test_talk_behind_a_pending_change_is_decided_after_it(stage: Stage, change: str, answer: str) -> None:
    """It is refused, though it came before the change was stored, and the log shows nothing that was not allowed."""
    stage.maya.say(change)
    stage.leo.say("PRIVMSG #tea :hello")
    assert [len(group) for group in stage.groups()] == [1]
    stage.land_all()
    assert stage.leo.hears()[-1] == f":hub.example 404 leo #tea :{answer}"
    assert stage.events()[-1] in ("Kicked", "ModesChanged")


def test_talk_before_a_pending_change_stands_before_it(stage: Stage) -> None:
    """In the same group, in the order in which it was decided."""
    stage.sam.say("PING 1", "PRIVMSG maya :fill the store")
    stage.leo.say("PRIVMSG #tea :hello")
    stage.maya.say("KICK #tea leo")
    stage.leo.say("PRIVMSG #tea :again")
    stage.land_all()
    assert stage.events()[-2:] == ["Said", "Kicked"]
    assert [line.split()[1] for line in stage.leo.hears()] == ["PRIVMSG", "KICK", "404"]


def test_talk_waits_out_every_change_before_it(stage: Stage) -> None:
    """Two changes may stand in line; what is decided between them must not slip past the second."""
    stage.slow.held = False
    stage.maya.say("MODE #tea +o sam")
    quiet(*stage.everybody)
    stage.slow.held = True
    stage.tom.say("JOIN #tea")
    stage.land()
    stage.maya.say("KICK #tea tom")
    stage.sam.say("KICK #tea leo")
    stage.leo.say("PRIVMSG #tea :hello")
    stage.land_all()
    assert stage.events()[-2:] == ["Kicked", "Kicked"]
    assert stage.leo.hears()[-1] == f":hub.example 404 leo #tea :{OUTSIDE}"


def test_a_second_kick_finds_nobody(stage: Stage) -> None:
    """Two operators put the same member out: one entry, and one answer that there is nobody to put out."""
    stage.slow.held = False
    stage.maya.say("MODE #tea +o sam")
    quiet(*stage.everybody)
    stage.slow.held = True
    stage.maya.say("KICK #tea leo")
    stage.sam.say("KICK #tea leo")
    stage.land_all()
    assert stage.events()[-1] == "Kicked"
    assert stage.events().count("Kicked") == 1
    assert stage.sam.hears()[-1] == ":hub.example 441 sam leo #tea :They are not in that channel"


def test_an_operator_who_was_demoted_meanwhile_is_refused(stage: Stage) -> None:
    """A change behind a change is decided after it, too."""
    stage.slow.held = False
    stage.maya.say("MODE #tea +o sam")
    quiet(*stage.everybody)
    stage.slow.held = True
    stage.maya.say("MODE #tea -o sam")
    stage.sam.say("TOPIC #tea :mine", "MODE #tea +o sam", "KICK #tea maya")
    stage.land_all()
    assert [line.split()[1] for line in stage.sam.hears()] == ["MODE", "482", "482", "482"]


def test_other_rooms_are_not_held_up(stage: Stage) -> None:
    """A change in one room makes nobody wait elsewhere."""
    stage.maya.say("TOPIC #tea :Assam")
    stage.leo.say("PRIVMSG tom :hello")
    stage.tom.say("JOIN #coffee")
    stage.land()
    assert [len(group) for group in stage.groups()] == [2]


def test_a_room_is_made_once(stage: Stage) -> None:
    """Two who make the same room at the same time: the second finds it made."""
    stage.tom.say("JOIN #coffee")
    stage.leo.say("JOIN #coffee")
    stage.land_all()
    assert [entry.event for entry in stage.entries("#coffee")][1].status == ""  # type: ignore[attr-defined]
    assert stage.leo.hears()[1] == ":hub.example 353 leo = #coffee :@tom leo"


def test_an_emptied_room_is_not_left_without_operator(stage: Stage) -> None:
    """Whoever comes while the last member is leaving runs the room."""
    stage.slow.held = False
    stage.tom.say("JOIN #coffee")
    quiet(stage.tom)
    stage.slow.held = True
    stage.tom.say("PART #coffee")
    stage.leo.say("JOIN #coffee")
    stage.land_all()
    assert stage.leo.hears()[1] == ":hub.example 353 leo = #coffee :@leo"


@pytest.mark.parametrize("end", ["PART #coffee", "QUIT"])
@pytest.mark.parametrize("stored", [True, False])
def test_nobody_speaks_into_a_room_that_is_ending(stage: Stage, end: str, stored: bool) -> None:
    """From outside, where that is allowed: the words would stand behind the end, in a log that no room has. A PART that
    could not be stored ends nothing."""
    stage.slow.held = False
    stage.tom.say("JOIN #coffee", "MODE #coffee -n")
    quiet(stage.tom)
    stage.slow.held = True
    stage.tom.say(end)
    stage.leo.say("PRIVMSG #coffee :anybody here?")
    (stage.land if stored else stage.fail)()
    stage.land_all()
    if end != "QUIT" and not stored:
        assert stage.tom.hears()[-1] == f"{LEO} PRIVMSG #coffee :anybody here?"
    else:
        assert " 403 leo #coffee " in stage.leo.hears()[-1]
        assert "Said" not in stage.events("#coffee")


def test_who_is_outside_speaks_while_somebody_stays(stage: Stage) -> None:
    """Others may go: the room does not end with them."""
    stage.slow.held = False
    stage.maya.say("MODE #tea -n")
    quiet(*stage.everybody)
    stage.slow.held = True
    stage.maya.leaves()
    stage.leo.say("PART #tea")
    stage.tom.say("PRIVMSG #tea :anybody here?")
    stage.land_all()
    assert stage.events()[-3:] == ["Quit", "Parted", "Said"]
    assert stage.sam.hears()[-1] == f"{TOM} PRIVMSG #tea :anybody here?"


def test_a_limit_holds_for_those_who_come_together(stage: Stage) -> None:
    """The last place is given once."""
    stage.slow.held = False
    stage.maya.say("MODE #tea +l 4")
    quiet(*stage.everybody)
    priya = stage.enter("priya")
    stage.slow.held = True
    stage.tom.say("JOIN #tea")
    priya.say("JOIN #tea")
    stage.land_all()
    assert priya.hears() == [":hub.example 471 priya #tea :That channel is full (+l)"]
    assert len(stage.hub.channel("#tea").members) == 4


def test_a_ban_that_is_on_its_way_keeps_out(stage: Stage) -> None:
    """A JOIN behind a pending ban is refused."""
    stage.maya.say("MODE #tea +b tom")
    stage.tom.say("JOIN #tea")
    stage.land_all()
    assert " 474 " in stage.tom.hears()[0]


def test_nobody_is_kicked_under_a_name_that_is_going(stage: Stage) -> None:
    """Behind a NICK on its way the old nick is nobody, and the answer stands behind the NICK."""
    stage.leo.say("NICK lion")
    stage.maya.say("KICK #tea leo")
    stage.land_all()
    assert stage.maya.hears() == [f"{LEO} NICK :lion", ":hub.example 401 maya leo :Nobody here is called that"]
    assert "Kicked" not in stage.events()


def test_the_log_tells_it_in_the_order_in_which_it_was_heard(stage: Stage) -> None:
    """Whatever came together: one order, for everybody and in history."""
    stage.leo.say("PRIVMSG #tea :one")
    stage.tom.say("JOIN #tea", "PRIVMSG #tea :four")
    stage.sam.say("PRIVMSG #tea :two", "NICK samuel", "PRIVMSG #tea :three")
    stage.land_all()
    heard = [line.split()[1] for line in stage.maya.hears()]
    assert heard == ["PRIVMSG", "JOIN", "PRIVMSG", "NICK", "PRIVMSG", "PRIVMSG"]
    said = [entry.event.text for entry in stage.entries() if isinstance(entry.event, Said)]
    assert said in (["one", "two", "three", "four"], ["one", "two", "four", "three"])
    assert stage.events()[-6:] == ["Said", "Joined", "Said", "Renamed", "Said", "Said"]


def test_who_is_being_put_out_does_not_leave_as_well(stage: Stage) -> None:
    """A PART behind a pending KICK is decided after it, and then there is nothing to leave: the log says so once."""
    stage.maya.say("KICK #tea leo :out")
    stage.leo.say("PART #tea :bye")
    stage.land_all()
    assert [line.split()[1] for line in stage.maya.hears()] == ["KICK"]
    assert any(" 442 " in line for line in stage.leo.hears())
