"""Deliver after commit: nobody hears what is not stored, and what cannot be stored did not happen."""

import pytest

from hubbub.hub.events import Said
from tests.hub.hall import scenery
from tests.server.stage import Stage

FAIL = ":hub.example FAIL {} :The server could not store that, so nobody has seen it; try again"

DEEDS = {
    "PRIVMSG #tea :hello": ("leo", ["leo", "maya", "sam"]),
    "NOTICE #tea :hello": ("leo", ["leo", "maya", "sam"]),
    "PRIVMSG @#tea :psst": ("leo", ["leo", "maya"]),
    "PRIVMSG tom :psst": ("leo", ["leo", "tom"]),
    "JOIN #tea": ("tom", ["leo", "maya", "sam", "tom"]),
    "JOIN #coffee": ("tom", ["tom"]),
    "PART #tea :late": ("leo", ["leo", "maya", "sam"]),
    "NICK lion": ("leo", ["leo", "maya", "sam"]),
    "MODE #tea +mb-t tom": ("maya", ["leo", "maya", "sam"]),
    "MODE #tea +o-o leo maya": ("maya", ["leo", "maya", "sam"]),
    "TOPIC #tea :Assam": ("maya", ["leo", "maya", "sam"]),
    "KICK #tea leo :enough": ("maya", ["leo", "maya", "sam"]),
}
"""Who does it, and who hears of it."""


def failure(command: str, target: str = "", *_: str) -> str:
    """Of several rooms that somebody wanted to join, it names the one."""
    return FAIL.format(f"{command} NOT_STORED {target}" if command == "JOIN" else f"{command} NOT_STORED")


EACH_DEED = pytest.mark.parametrize("deed", DEEDS)


@EACH_DEED
def test_nobody_hears_before_it_is_stored(stage: Stage, deed: str) -> None:
    """The sender included: an echo is a promise."""
    doer, hearers = DEEDS[deed]
    before = scenery(stage.hub)
    stage.person(doer).say(deed)
    assert stage.heard() == {}
    assert scenery(stage.hub)["rooms"] == before["rooms"]
    assert scenery(stage.hub)["people"] == before["people"]
    stage.land()
    assert sorted(stage.heard()) == hearers
    assert not stage.faults


@EACH_DEED
def test_what_cannot_be_stored_did_not_happen(stage: Stage, deed: str) -> None:
    """The sender gets a FAIL, nobody else anything, and the house is as it was."""
    doer, _ = DEEDS[deed]
    before = scenery(stage.hub)
    stage.person(doer).say(deed)
    stage.fail()
    assert stage.heard() == {doer: [failure(*deed.split())]}
    assert scenery(stage.hub) == before
    assert not stage.server.behind
    assert not stage.server.settling


@EACH_DEED
def test_what_failed_may_be_tried_again(stage: Stage, deed: str) -> None:
    """Nothing of the first attempt stands in the way of the second."""
    doer, hearers = DEEDS[deed]
    stage.person(doer).say(deed)
    stage.fail()
    stage.heard()
    stage.person(doer).say(deed)
    stage.land()
    assert sorted(stage.heard()) == hearers


def test_a_group_fails_as_a_whole(stage: Stage) -> None:
    """Each of its senders is told, for each thing they did, and the operator reads of it once."""
    stage.sam.say("PRIVMSG #tea :first")
    stage.leo.say("PRIVMSG #tea :one", "PRIVMSG #tea :two")
    stage.maya.say("TOPIC #tea :Assam")
    stage.land()
    stage.heard()
    stage.fail("no space left")
    assert stage.heard() == {"leo": [failure("PRIVMSG")] * 2, "maya": [failure("TOPIC")]}
    assert [str(fault) for fault in stage.faults] == ["no space left"]


def test_a_group_behind_a_failed_one_is_delivered(stage: Stage) -> None:
    """A failure takes nothing with it, and the numbers of the log have no gap."""
    stage.leo.say("PRIVMSG #tea :lost")
    stage.sam.say("PRIVMSG #tea :kept")
    head = stage.entries()[-1].place.seq
    stage.fail()
    stage.land()
    assert stage.heard()["maya"] == [":sam!sam@192.0.2.7 PRIVMSG #tea :kept"]
    assert stage.entries()[-1].place.seq == head + 1


def test_any_error_of_the_store_is_a_failure(stage: Stage) -> None:
    """Even one that it was not meant to have."""
    stage.leo.say("PRIVMSG #tea :hello")
    stage.slow.fail(ZeroDivisionError())
    stage.turn()
    assert stage.heard() == {"leo": [failure("PRIVMSG")]}


def test_a_claimed_nick_is_free_again_after_a_failure(stage: Stage) -> None:
    """While the rename is on its way nobody else gets the nick, and once it has failed they may."""
    stage.leo.say("NICK lion")
    assert stage.tom.asks("NICK lion") == []
    stage.fail()
    assert stage.tom.hears() == [":hub.example 433 tom lion :That nick is taken; choose another"]
    stage.tom.say("NICK lion")
    assert stage.tom.hears() == [":tom!tom@192.0.2.7 NICK :lion"]


def test_a_newcomer_cannot_take_a_claimed_nick(stage: Stage) -> None:
    """A rename on its way counts for registration as well."""
    stage.leo.say("NICK lion")
    priya = stage.connect()
    priya.say("NICK lion", "USER priya 0 * :Priya")
    stage.land()
    assert " 433 * lion " in priya.hears()[0]
    assert stage.hub.user("lion") is stage.leo.session.user


def test_whoever_is_gone_is_gone(stage: Stage) -> None:
    """A quit happens even when it cannot be stored: the others hear it and the nick is free."""
    stage.leo.leaves("Connection reset")
    assert stage.heard() == {}
    stage.fail()
    gone = ":leo!leo@192.0.2.7 QUIT :Connection reset"
    assert stage.heard() == {"maya": [gone], "sam": [gone]}
    assert "leo" not in stage.hub.users
    assert "Quit" not in stage.events()


def test_talk_of_whoever_left_meanwhile_is_delivered(stage: Stage) -> None:
    """It was said before they went, and stands before their leave."""
    stage.leo.say("PRIVMSG #tea :bye", "QUIT :late")
    stage.land_all()
    assert stage.maya.hears() == [":leo!leo@192.0.2.7 PRIVMSG #tea :bye", ":leo!leo@192.0.2.7 QUIT :Quit: late"]
    assert stage.events()[-2:] == ["Said", "Quit"]


def test_what_was_not_stored_is_not_in_history(stage: Stage) -> None:
    """History is what was heard."""
    stage.leo.say("PRIVMSG #tea :lost")
    stage.leo.say("PRIVMSG #tea :kept")
    stage.fail()
    stage.land()
    said = [entry.event.text for entry in stage.entries() if isinstance(entry.event, Said)]
    assert said == ["kept"]


def test_a_join_that_failed_shows_no_names(stage: Stage) -> None:
    """The answer to a JOIN is one FAIL, and the next room on the line is tried."""
    stage.tom.say("JOIN #coffee,#cocoa")
    stage.fail()
    stage.land()
    lines = stage.tom.hears()
    assert lines[0] == failure("JOIN", "#coffee")
    assert lines[1] == ":tom!tom@192.0.2.7 JOIN #cocoa"
    assert list(stage.hub.user("tom").memberships) == ["#cocoa"]


def test_whoever_waits_for_a_change_that_failed_goes_on(stage: Stage) -> None:
    """The room was held up by a KICK; without it, the message behind is said."""
    stage.maya.say("KICK #tea leo")
    stage.leo.say("PRIVMSG #tea :still here")
    stage.fail()
    stage.land()
    assert stage.sam.hears() == [":leo!leo@192.0.2.7 PRIVMSG #tea :still here"]
