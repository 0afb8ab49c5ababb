"""Talk: who may speak where, who hears it, and which log keeps it."""

from hubbub.hub.events import Said, pair_log, parties
from hubbub.hub.refusals import Why
from tests.hub.hall import Ear, Hall, Plain, names, refused


def test_a_room_hears_what_is_said_in_it(hall: Hall) -> None:
    """All members hear it, the speaker among them; the log is the room's."""
    maya, leo = hall.enter("maya"), hall.enter("leo")
    hall.enter("sam")
    hall.room("#Tea", maya, leo)
    said = hall.hub.say(maya, "PRIVMSG", "#tea", "hello")
    assert said == Said(maya.who, ("#tea",), "PRIVMSG", "#Tea", "hello")
    assert hall.does(said) == ["leo", "maya"]


def test_two_people_hear_what_they_say_to_each_other(hall: Hall) -> None:
    """Both ends hear it, nobody else does, and both write into one log."""
    maya, leo = hall.enter("maya"), hall.enter("leo")
    hall.enter("sam")
    there, back = hall.hub.say(maya, "PRIVMSG", "LEO", "hi"), hall.hub.say(leo, "NOTICE", "maya", "hi")
    assert (there.target, back.target) == ("leo", "maya")
    assert there.logs == back.logs == ("~leo,~maya",)
    assert hall.does(there) == hall.does(back) == ["leo", "maya"]


def test_a_private_word_finds_every_place_where_a_person_is(hall: Hall) -> None:
    """Under one account, somebody hears it under each nick and in each session they have."""
    maya = hall.enter("maya", "maya")
    hall.enter("maya_phone", "maya")
    hall.hub.attach(maya, Ear(maya, Plain()))
    leo = hall.enter("leo")
    assert hall.does(hall.hub.say(leo, "PRIVMSG", "maya", "hi")) == ["leo", "maya", "maya", "maya_phone"]


def test_talking_to_oneself_is_heard_once(hall: Hall) -> None:
    """Both ends are the same session."""
    maya = hall.enter("maya")
    assert hall.does(hall.hub.say(maya, "PRIVMSG", "maya", "note")) == ["maya"]


def test_a_word_to_nobody_is_refused(hall: Hall) -> None:
    """A nick or a room that is not there is named in the answer."""
    maya = hall.enter("maya")
    with refused(Why.NO_SUCH_NICK, "nobody"):
        hall.hub.say(maya, "PRIVMSG", "nobody", "hi")
    with refused(Why.NO_SUCH_CHANNEL, "#nowhere"):
        hall.hub.say(maya, "PRIVMSG", "#nowhere", "hi")


def test_a_word_outlives_a_change_of_name(hall: Hall) -> None:
    """What was decided for maya reaches her under the nick she has by then."""
    maya, leo = hall.enter("maya"), hall.enter("leo")
    said = hall.hub.say(leo, "PRIVMSG", "maya", "hi")
    hall.does(hall.hub.rename(maya, "maia"))
    assert hall.does(said) == ["leo", "maia"]


def test_an_outsider_is_refused(hall: Hall) -> None:
    """Rooms begin with +n; without it, an outsider is heard by those inside."""
    maya, leo = hall.enter("maya"), hall.enter("leo")
    hall.room("#tea", maya)
    with refused(Why.CANNOT_SPEAK, "#tea", "only those in the room may speak in it"):
        hall.hub.say(leo, "PRIVMSG", "#tea", "hello")
    hall.mode(maya, "#tea", "-n")
    assert hall.does(hall.hub.say(leo, "PRIVMSG", "#tea", "hello")) == ["maya"]


def test_a_moderated_room_hears_its_voices(hall: Hall) -> None:
    """+m lets speak whoever has any rank, inside or not no other."""
    maya, leo, sam = hall.enter("maya"), hall.enter("leo"), hall.enter("sam")
    hall.room("#tea", maya, leo)
    hall.mode(maya, "#tea", "+m")
    hall.mode(maya, "#tea", "-n")
    for user in (leo, sam):
        with refused(Why.CANNOT_SPEAK, "#tea", "the room is moderated, and you have no voice in it"):
            hall.hub.say(user, "PRIVMSG", "#tea", "hello")
    hall.mode(maya, "#tea", "+v", "leo")
    assert hall.does(hall.hub.say(leo, "PRIVMSG", "#tea", "hello")) == ["leo", "maya"]


def test_a_ban_silences(hall: Hall) -> None:
    """Whoever is banned while inside stays and is not heard; a voice or an exception is stronger."""
    maya, leo = hall.enter("maya"), hall.enter("leo")
    hall.room("#tea", maya, leo)
    hall.mode(maya, "#tea", "+b", "leo")
    with refused(Why.CANNOT_SPEAK, "#tea", "you are banned from it"):
        hall.hub.say(leo, "PRIVMSG", "#tea", "hello")
    hall.mode(maya, "#tea", "+v", "leo")
    assert hall.does(hall.hub.say(leo, "PRIVMSG", "#tea", "hello")) == ["leo", "maya"]


def test_a_room_may_want_no_ctcp(hall: Hall) -> None:
    """+C refuses client-to-client commands from everybody, and lets actions pass."""
    maya = hall.enter("maya")
    hall.room("#tea", maya)
    hall.mode(maya, "#tea", "+C")
    with refused(Why.CTCP_FORBIDDEN, "#tea"):
        hall.hub.say(maya, "PRIVMSG", "#tea", "\x01VERSION\x01")
    assert hall.does(hall.hub.say(maya, "PRIVMSG", "#tea", "\x01ACTION waves\x01")) == ["maya"]


def test_a_word_to_a_rank_is_heard_from_there_up(hall: Hall) -> None:
    """`+#room` is for voices and all above, `@#room` for operators; the speaker hears it as well."""
    maya, leo, sam, priya = (hall.enter(nick) for nick in ("maya", "leo", "sam", "priya"))
    hall.room("#tea", maya, leo, sam, priya)
    hall.mode(maya, "#tea", "+h", "leo")
    hall.mode(maya, "#tea", "+v", "sam")
    heard = {rank: hall.does(hall.hub.say(priya, "PRIVMSG", f"{rank}#tea", "psst")) for rank in "@%+"}
    assert heard == {"@": ["maya", "priya"], "%": ["leo", "maya", "priya"], "+": ["leo", "maya", "priya", "sam"]}


def test_a_word_to_a_rank_has_a_log_of_its_own(hall: Hall) -> None:
    """What only operators heard is not in the history that everybody reads."""
    maya = hall.enter("maya")
    hall.room("#Tea", maya)
    said = hall.hub.say(maya, "PRIVMSG", "@#TEA", "psst")
    assert (said.logs, said.target) == (("@#tea",), "@#Tea")


def test_a_word_to_a_rank_needs_a_voice_in_the_room(hall: Hall) -> None:
    """Who may not speak in the room may not speak to its operators either."""
    maya, leo = hall.enter("maya"), hall.enter("leo")
    hall.room("#tea", maya)
    with refused(Why.CANNOT_SPEAK, "#tea", "only those in the room may speak in it"):
        hall.hub.say(leo, "PRIVMSG", "@#tea", "psst")


def test_tags_alone_are_told_and_not_kept(hall: Hall) -> None:
    """A TAGMSG names no log, and is heard as its message would be."""
    maya, leo = hall.enter("maya"), hall.enter("leo")
    hall.enter("sam")
    hall.room("#tea", maya, leo)
    for target, heard in [("#tea", ["leo", "maya"]), ("leo", ["leo", "maya"]), ("@#tea", ["maya"])]:
        said = hall.hub.say(maya, "TAGMSG", target, "", {"+typing": "active"})
        assert said.logs == ()
        assert hall.does(said) == heard


def test_everybody_is_grouped_by_their_look(hall: Hall) -> None:
    """Sessions that read alike stand together, so that an entry is written once for them."""
    maya, leo = hall.enter("maya"), hall.enter("leo")
    other = Plain()
    hall.hub.attach(leo, Ear(leo, other))
    audience = hall.room("#tea", maya, leo).audience()
    assert sorted(map(len, audience.values())) == [1, 2]
    assert [session.user for session in audience[other]] == [leo]
    assert names(audience) == ["leo", "leo", "maya"]


def test_a_pair_is_one_conversation_from_both_ends() -> None:
    """Its log has one name, which is no channel's, and tells whose it is."""
    assert pair_log("maya", "leo") == pair_log("leo", "maya") == "leo,maya"
    assert parties("leo,maya") == ("leo", "maya")
    assert parties("#tea") == ()


# Reading


def test_members_read_their_room(hall: Hall) -> None:
    """The answer is the log and the room as it is spelled."""
    maya = hall.enter("maya")
    hall.room("#Tea", maya)
    assert hall.hub.log_for(maya, "#TEA") == ("#tea", "#Tea")


def test_a_room_that_one_is_not_in_is_as_good_as_none(hall: Hall) -> None:
    """An outsider learns nothing, not even whether the room is there."""
    maya, leo = hall.enter("maya"), hall.enter("leo")
    hall.room("#tea", maya)
    for target in ("#tea", "#nowhere", "@#tea"):
        with refused(Why.HISTORY_HIDDEN, target):
            hall.hub.log_for(leo, target)


def test_what_was_said_to_a_rank_is_read_from_there_up(hall: Hall) -> None:
    """A voice reads `+#room` and not `@#room`; the operator reads both."""
    maya, leo = hall.enter("maya"), hall.enter("leo")
    hall.room("#Tea", maya, leo)
    hall.mode(maya, "#tea", "+v", "leo")
    assert hall.hub.log_for(leo, "+#tea") == ("+#tea", "+#Tea")
    assert hall.hub.log_for(maya, "@#tea") == ("@#tea", "@#Tea")
    with refused(Why.HISTORY_HIDDEN, "@#tea"):
        hall.hub.log_for(leo, "@#tea")


def test_a_private_conversation_is_read_by_its_ends(hall: Hall) -> None:
    """The log one reads is always one's own with somebody, whatever one asks for."""
    maya, leo = hall.enter("maya", "maya"), hall.enter("leo", "leo")
    assert hall.hub.log_for(maya, "LEO") == hall.hub.log_for(maya, "leo") == ("leo,maya", "leo")
    assert hall.hub.log_for(leo, "maya")[0] == "leo,maya"
    for target in ("gone", "leo,priya", "~leo", "", ",", "leo,maya"):
        log, shown = hall.hub.log_for(maya, target)
        assert shown == target
        assert log == pair_log("maya", target)


def test_a_guests_history_does_not_fall_to_the_next_wearer(hall: Hall) -> None:
    """What was said to a guest's nick is in the log of that guest alone."""
    leo, guest = hall.enter("leo", "leo"), hall.enter("visitor")
    before = hall.hub.log_for(leo, "visitor")
    hall.does(hall.hub.quit(guest, ""))
    other = hall.enter("visitor2")
    other.identity = "~else"
    hall.does(hall.hub.rename(other, "visitor"))
    assert hall.hub.log_for(leo, "visitor") != before
