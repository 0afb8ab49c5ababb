"""ChanServ in words: what it answers, and whom."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.irc.lines import commands, every, params
from tests.irc.owners import owner, person, reopened, said
from tests.scene import Person, Scene, quiet


@pytest.fixture
def maya(scene: Scene) -> Person:
    """She owns #tea and is in it."""
    return owner(scene, "maya", "#tea")


@pytest.fixture
def leo(scene: Scene, maya: Person) -> Person:
    """He has an account, and is in #tea."""
    one = person(scene, "leo", rooms=("#tea",))
    quiet(maya)
    return one


@pytest.mark.parametrize(
    "line", ["PRIVMSG ChanServ :info #tea", "CS INFO #tea", "CHANSERV :info #tea", "privmsg chanserv :INFO #TEA"]
)
def test_a_message_and_a_command_are_the_same_order(maya: Person, line: str) -> None:
    """Whichever is typed, in whichever case, a notice of ChanServ answers."""
    heard = every(maya.asks(line), "NOTICE")
    assert heard[0].source == "ChanServ!ChanServ@hub.example"
    assert heard[0].params == ("maya", "#tea belongs to maya")


def test_help_lists_what_there_is(maya: Person) -> None:
    """And explains each."""
    told = said(maya, "CS HELP")
    assert any(line.startswith("REGISTER ") for line in told)
    assert said(maya, "CS HELP ban")[0].startswith("BAN <channel>")
    assert said(maya, "CS HELP nonsense") == told


def test_what_is_not_known_is_said_so(maya: Person) -> None:
    """With the way to what is."""
    assert said(maya, "CS DANCE #tea") == ["DANCE is not known here; HELP lists what is"]
    assert said(maya, "CS TRANSFER #tea") == ["Usage: TRANSFER <channel> <account>"]
    assert said(maya, "PRIVMSG ChanServ : ") == ["Nothing is not known here; HELP lists what is"]


def test_a_notice_to_a_service_is_not_answered(maya: Person) -> None:
    """ "automatic replies must never be sent in response to a NOTICE"."""
    assert maya.asks("NOTICE ChanServ :HELP") == []


def test_nobody_can_be_called_like_a_service(scene: Scene) -> None:
    """What it says is its own."""
    assert commands(scene.enter("leo").asks("NICK chanserv")) == ["433"]


def test_who_wants_to_see_their_messages_sees_those_to_services(scene: Scene) -> None:
    """Nobody else does, and they are not kept."""
    one = scene.enter("sam", "echo-message")
    heard = one.asks("PRIVMSG ChanServ :DANCE")
    assert params(heard, "PRIVMSG") == ("ChanServ", "DANCE")
    assert commands(heard) == ["PRIVMSG", "NOTICE"]
    assert scene.memory.conversations().result() == []


def test_ranks_are_given_and_taken(maya: Person, leo: Person) -> None:
    """OP, DEOP, VOICE and DEVOICE are MODE in words; without a nick they are about oneself."""
    maya.say("CS OP #tea leo", "CS DEOP #tea leo", "CS VOICE #tea leo", "CS DEVOICE #tea leo", "CS DEOP #tea")
    told = [" ".join(line.params) for line in every(leo.hears(), "MODE")]
    assert told == ["#tea +o leo", "#tea -o leo", "#tea +v leo", "#tea -v leo", "#tea -o maya"]
    maya.say("CS OP #tea")
    assert [line.params for line in every(leo.hears(), "MODE")] == [("#tea", "+o", "maya")]


def test_ranks_are_for_those_who_may_give_them(maya: Person, leo: Person) -> None:
    """And their own letters for those who have them by account."""
    assert said(leo, "CS OP #tea") == ["Only an operator of that channel may do that"]
    maya.say("CS ACCESS #tea ADD leo voice", "CS DEVOICE #tea leo")
    assert said(leo, "CS VOICE #tea") == ["Done"]
    assert said(leo, "CS VOICE #tea") == ["Nothing had to be changed"]


def test_access_is_listed_given_and_taken(maya: Person, leo: Person) -> None:
    """Who is in just now has their letters at once."""
    assert said(maya, "CS ACCESS #tea ADD leo op")[0] == "leo has +o in #tea"
    assert [line.params for line in every(leo.hears(), "MODE")] == [("#tea", "+o", "leo")]
    assert said(maya, "CS ACCESS #tea ADD leo op") == ["leo has +o in #tea already"]
    assert said(leo, "CS ACCESS #tea") == ["leo +o", "maya owner", "End of the access list of #tea"]
    assert said(maya, "CS ACCESS #tea DEL leo") == ["leo has no letters any more in #tea"]
    assert said(maya, "CS ACCESS #tea ADD leo king")[0].startswith("Expected ACCESS")


def test_operators_give_less_than_they_have(scene: Scene, maya: Person, leo: Person) -> None:
    """Voices and half-operators, no operators, and nothing to or from the owner."""
    person(scene, "sam")
    assert said(leo, "CS ACCESS #tea ADD sam voice") == ["Only the owner of that channel may do that"]
    maya.say("CS ACCESS #tea ADD leo op")
    assert said(leo, "CS ACCESS #tea ADD sam voice") == ["sam has +v in #tea"]
    assert said(leo, "CS ACCESS #tea ADD sam op") == ["Only the owner of that channel may do that"]
    assert said(leo, "CS ACCESS #tea DEL maya") == ["Only the owner of that channel may do that"]
    assert said(maya, "CS ACCESS #tea DEL maya") == ["Only the owner of that channel may do that"]


def test_a_ban_puts_out_and_says_why(scene: Scene, maya: Person, leo: Person) -> None:
    """Of somebody who is logged in it is their account that is banned, of a guest where they come from."""
    assert said(maya, "CS BAN #tea leo too loud") == ["a:leo is banned from #tea for good; 1 put out"]
    heard = leo.hears()
    assert [line.params for line in every(heard, "MODE")] == [("#tea", "+b", "a:leo")]
    assert params(heard, "KICK")[1:] == ("leo", "too loud")
    assert commands(leo.asks("JOIN #tea")) == ["474"]
    assert said(maya, "CS BAN #tea")[0].startswith("a:leo by maya!maya@192.0.2.7 since 2026-09-21T14:13:20.")
    assert said(maya, "CS BAN #tea")[0].endswith("Z: too loud")
    assert said(maya, "CS UNBAN #tea leo") == ["Done"]
    assert said(maya, "CS UNBAN #tea leo") == ["No such ban is set"]
    assert commands(leo.asks("JOIN #tea"))[0] == "JOIN"


def test_a_ban_may_be_for_a_time(scene: Scene, maya: Person, leo: Person) -> None:
    """When it is over, the server takes it off, and the room is told."""
    scene.server.keep_time()
    told = said(maya, "CS BAN #tea leo 1h30m cool down")
    assert told == ["a:leo is banned from #tea until 2026-09-21T15:43:20.000Z; 1 put out"]
    scene.pass_time(5300)
    assert maya.hears() == []
    scene.pass_time(101)
    assert maya.hears() == [":hub.example MODE #tea -b a:leo"]
    assert commands(leo.asks("JOIN #tea"))[-1] == "366"


def test_a_ban_for_a_time_ends_after_a_restart_too(maya: Person, leo: Person, build: Callable[..., Scene]) -> None:
    """Even when it ended while the house was shut."""
    maya.say("CS BAN #tea leo 30s cool down", "CS BAN #tea sam 1h also you")
    after = reopened(maya.scene, build)
    after.server.keep_time()
    after.turn()
    assert list(after.hub.channel("#tea").lists["b"]) == ["sam!*@*"]


def test_a_ban_is_prolonged_by_saying_it_again(scene: Scene, maya: Person, leo: Person) -> None:
    """The later word counts, and the earlier end is none."""
    scene.server.keep_time()
    maya.say("CS BAN #tea leo 1m", "CS BAN #tea leo 1h really")
    scene.pass_time(120)
    assert said(maya, "CS BAN #tea")[0].endswith("until 2026-09-21T15:13:20.000Z: really")


def test_a_ban_that_could_not_be_told_is_refused(maya: Person) -> None:
    """As with MODE."""
    assert said(maya, f"CS BAN #tea {'x' * 201}")[0].startswith("A mask is one word")


def test_the_owner_survives_their_operators_bans(scene: Scene, maya: Person, leo: Person) -> None:
    """Whoever may not be put out stays in."""
    maya.say("CS ACCESS #tea ADD leo op")
    told = said(leo, "CS BAN #tea *!*@*")
    assert "maya: they stay" in told[0]
    assert [user.nick for user in scene.hub.channel("#tea").members] == ["maya", "leo"]


def test_kick_and_topic_are_the_commands(maya: Person, leo: Person) -> None:
    """In words."""
    maya.say("CS TOPIC #tea more tea", "CS KICK #tea leo bye now")
    heard = leo.hears()
    assert params(heard, "TOPIC") == ("#tea", "more tea")
    assert params(heard, "KICK") == ("#tea", "leo", "bye now")
    assert said(leo, "CS TOPIC #tea mine") == ["You are not in that channel"]


def test_settings_are_shown_and_changed(maya: Person, leo: Person) -> None:
    """Only the owner changes them; what is wrong is explained."""
    assert said(maya, "CS SET #tea")[0].startswith("retention: not set")
    assert said(maya, "CS SET #tea retention 30") == ["retention of #tea is 30"]
    assert said(maya, "CS SET #tea retention soon") == ["expected a number of days, or off to keep everything"]
    assert said(maya, "CS SET #tea colour blue")[0].startswith("expected one of these settings: retention")
    assert said(leo, "CS SET #tea retention 1") == ["Only the owner of that channel may do that"]
    assert "Settings: retention 30; 0 filters" in said(maya, "CS INFO #tea")


def test_ones_rooms_are_listed(maya: Person, leo: Person) -> None:
    """Those one owns, and those one has letters in."""
    maya.say("CS ACCESS #tea ADD leo voice")
    assert said(maya, "CS LIST") == ["#tea (owner)", "End of the list"]
    assert said(leo, "CS LIST") == ["#tea (+v)", "End of the list"]


def test_rooms_that_nobody_owns_have_nothing_to_tell(scene: Scene, maya: Person) -> None:
    """ChanServ is for those that somebody does."""
    scene.enter("sam", rooms=["#coffee"])
    why = "Nobody owns that channel; CS REGISTER claims it"
    for order in ("INFO #coffee", "ACCESS #coffee", "SET #coffee", "FILTER #coffee", "AUDIT #coffee"):
        assert said(maya, f"CS {order}") == [why]


# Filters


def test_a_filter_stops_what_it_finds(maya: Person, leo: Person) -> None:
    """Of those without a rank; the others may say everything."""
    maya.say("CS FILTER #tea ADD spam", "CS FILTER #tea ADD /b[uy]+ now/")
    heard = leo.asks("PRIVMSG #tea :no Spam please", "PRIVMSG #tea :buuuy now", "PRIVMSG #tea :hello")
    assert [line.params[2] for line in every(heard, "404")] == [
        "the room does not want to hear that; say it otherwise"
    ] * 2
    assert [line.params[1] for line in every(maya.hears(), "PRIVMSG")] == ["hello"]
    maya.say("PRIVMSG #tea :spam")
    assert [line.params[1] for line in every(leo.hears(), "PRIVMSG")] == ["spam"]


def test_filters_are_listed_and_taken_off(maya: Person, leo: Person, build: Callable[..., Scene]) -> None:
    """And remembered."""
    maya.say("CS FILTER #tea ADD two words", "CS FILTER #tea ADD /x{2}/")
    after = reopened(maya.scene, build)
    assert [pattern.text for pattern in after.hub.channel("#tea").filters] == ["two words", "/x{2}/"]
    assert said(maya, "CS FILTER #tea DEL /x{2}/") == ["Done"]
    assert said(maya, "CS FILTER #tea") == ["two words", "End of the filters of #tea"]
    assert said(maya, "CS FILTER #tea DEL nothing") == ["Nothing had to be changed"]


def test_a_filter_that_cannot_be_used_is_explained(maya: Person) -> None:
    """Expressions that could hang do not exist here."""
    assert said(maya, "CS FILTER #tea ADD /(a/") == ["there is a ( without its )"]
    assert said(maya, "CS FILTER #tea ADD") == ["Expected LIST, ADD, DEL or TEST, and behind the last three a pattern"]


def test_a_filter_can_be_tried_out(maya: Person, leo: Person) -> None:
    """A dry run tells what it would have stopped of what was said, and stops nothing."""
    leo.say("PRIVMSG #tea :buy my book", "PRIVMSG #tea :hello", "NOTICE #tea :BUY it")
    told = said(maya, "CS FILTER #tea TEST buy")
    assert [line.split(" ", 1)[1] for line in told] == [
        "<leo> buy my book",
        "<leo> BUY it",
        "of the latest 3 messages would have been stopped",
    ]
    assert said(maya, "CS FILTER #tea TEST /(/") == ["there is a ( without its )"]
    assert commands(leo.asks("PRIVMSG #tea :buy")) == []


def test_filters_are_the_business_of_those_who_run_the_room(maya: Person, leo: Person) -> None:
    """Nobody else learns what is not to be said."""
    assert said(leo, "CS FILTER #tea") == ["Only an operator of that channel may do that"]
