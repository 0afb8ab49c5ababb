"""Second thoughts: who may take a message back or edit it, and who hears of it."""

import pytest
from msgspec.structs import replace

from hubbub.hub import revisions
from hubbub.hub.events import Detail, Edited, Entry, Redacted
from hubbub.hub.refusals import Why
from hubbub.hub.user import User
from tests.hub.hall import NOON, Hall, refused


def hear(hall: Hall, user: User, target: str, text: str, verb: str = "PRIVMSG") -> Entry:
    """What they say, as it stands in the log."""
    said = hall.hub.say(user, verb, target, text, {"+react": "x"} if verb == "TAGMSG" else None)
    entry = hall.entry(said)
    hall.hub.apply(entry)
    return entry


def test_one_may_take_back_what_one_said(hall: Hall) -> None:
    """The room hears of it, with what readers need who know no ids."""
    maya, leo = hall.enter("maya"), hall.enter("leo")
    hall.room("#Tea", maya, leo)
    entry = hear(hall, leo, "#tea", "oops")
    event = revisions.redact(hall.hub, leo, "#TEA", entry, "typo", entry.place.ts + 500)
    assert event == Redacted(leo.who, ("#tea",), "#Tea", entry.place.msgid, "typo", "leo", 500)
    assert hall.does(event) == ["leo", "maya"]


def test_what_others_said_is_theirs(hall: Hall) -> None:
    """Voices and plain members may not touch it."""
    maya, leo, sam = hall.enter("maya"), hall.enter("leo"), hall.enter("sam")
    hall.room("#tea", maya, leo, sam)
    hall.mode(maya, "#tea", "+v", "leo")
    entry = hear(hall, sam, "#tea", "hi")
    with refused(Why.REDACT_FORBIDDEN, "#tea", entry.place.msgid):
        revisions.redact(hall.hub, leo, "#tea", entry, "", NOON)


def test_who_may_kick_may_take_back_what_others_said(hall: Hall) -> None:
    """Operators and half-operators, in their own room."""
    maya, leo, sam = hall.enter("maya"), hall.enter("leo"), hall.enter("sam")
    hall.room("#tea", maya, leo, sam)
    hall.room("#coffee", sam)
    hall.mode(maya, "#tea", "+h", "leo")
    entry = hear(hall, sam, "#tea", "spam")
    assert revisions.redact(hall.hub, maya, "#tea", entry, "spam", NOON).author == "sam"
    assert revisions.redact(hall.hub, leo, "#tea", entry, "spam", NOON).author == "sam"
    with refused(Why.UNKNOWN_MESSAGE, "#coffee", entry.place.msgid):
        revisions.redact(hall.hub, sam, "#coffee", entry, "", NOON)


def test_an_outsider_learns_nothing(hall: Hall) -> None:
    """Whoever is not in the room is told the same as for a room that is not there."""
    maya, leo = hall.enter("maya"), hall.enter("leo")
    hall.room("#tea", maya)
    entry = hear(hall, maya, "#tea", "hi")
    with refused(Why.HISTORY_HIDDEN, "#tea"):
        revisions.redact(hall.hub, leo, "#tea", entry, "", NOON)


def test_a_private_word_may_be_taken_back_by_its_speaker(hall: Hall) -> None:
    """Both ends hear of it; the other end may not do it."""
    maya, leo = hall.enter("maya", "maya"), hall.enter("leo")
    entry = hear(hall, maya, "leo", "psst")
    with refused(Why.REDACT_FORBIDDEN, "maya", entry.place.msgid):
        revisions.redact(hall.hub, leo, "maya", entry, "", NOON)
    assert hall.does(revisions.redact(hall.hub, maya, "leo", entry, "", NOON)) == ["leo", "maya"]


def test_those_of_a_rank_hear_what_was_taken_back_among_them(hall: Hall) -> None:
    """A word to the operators stays among them."""
    maya, leo = hall.enter("maya"), hall.enter("leo")
    hall.room("#tea", maya, leo)
    entry = hear(hall, maya, "@#tea", "psst")
    assert hall.does(revisions.redact(hall.hub, maya, "@#tea", entry, "", NOON)) == ["maya"]


def test_an_account_knows_its_words_under_any_nick(hall: Hall) -> None:
    """Also those from before today, and a guest who wears the nick now does not."""
    maya = hall.enter("maya", "Maya")
    hall.room("#tea", maya, hall.enter("leo"))
    entry = hear(hall, maya, "#tea", "hi")
    hall.does(hall.hub.rename(maya, "phone"))
    imposter = hall.enter("maya")
    hall.room("#tea", imposter)
    revisions.redact(hall.hub, maya, "#tea", entry, "", NOON)
    with refused(Why.REDACT_FORBIDDEN, "#tea", entry.place.msgid):
        revisions.redact(hall.hub, imposter, "#tea", entry, "", NOON)


def test_a_guest_knows_their_words_while_they_wear_the_nick(hall: Hall) -> None:
    """Who takes the nick later takes no message with it, by coming in or by changing nicks."""
    maya, leo = hall.enter("maya"), hall.enter("leo")
    hall.room("#tea", maya, leo)
    entry = hear(hall, leo, "#tea", "hi")
    hall.does(hall.hub.quit(leo, ""))
    late, sam = hall.enter("leo"), hall.enter("sam")
    late.signed_on = hall.now
    hall.room("#tea", late, sam)
    with refused(Why.REDACT_FORBIDDEN, "#tea", entry.place.msgid):
        revisions.redact(hall.hub, late, "#tea", entry, "", NOON)
    hall.does(hall.hub.quit(late, ""))
    hall.does(hall.hub.rename(sam, "leo"))
    with refused(Why.REDACT_FORBIDDEN, "#tea", entry.place.msgid):
        revisions.redact(hall.hub, sam, "#tea", entry, "", NOON)


def test_a_reaction_may_be_taken_back_in_silence(hall: Hall) -> None:
    """There is nothing to tell those who read no tags."""
    maya = hall.enter("maya")
    hall.room("#tea", maya)
    entry = hear(hall, maya, "#tea", "", "TAGMSG")
    assert revisions.redact(hall.hub, maya, "#tea", entry, "", NOON).author == ""


def test_only_what_was_said_can_be_taken_back(hall: Hall) -> None:
    """A join happened, and what is gone is gone."""
    maya = hall.enter("maya")
    join = hall.entry(hall.hub.join(maya, "#tea"))
    hall.hub.apply(join)
    entry = hear(hall, maya, "#tea", "hi")
    gone = Entry(replace(entry.event, verb="REDACTED", text=""), entry.place)
    for other in (join, gone):
        with refused(Why.UNKNOWN_MESSAGE, "#tea", other.place.msgid):
            revisions.redact(hall.hub, maya, "#tea", other, "", NOON)


def test_one_may_edit_what_one_said(hall: Hall) -> None:
    """The same audience hears the new words."""
    maya, leo = hall.enter("maya"), hall.enter("leo")
    hall.room("#Tea", maya, leo)
    entry = hear(hall, leo, "#tea", "helo", "NOTICE")
    event = revisions.edit(hall.hub, leo, "#tea", entry, "hello")
    assert event == Edited(leo.who, ("#tea",), "NOTICE", "#Tea", entry.place.msgid, "hello")
    assert hall.does(event) == ["leo", "maya"]


def test_nobody_edits_what_others_said(hall: Hall) -> None:
    """Not even who runs the room: words are put into nobody's mouth. And a reaction has none."""
    maya, leo = hall.enter("maya"), hall.enter("leo")
    hall.room("#tea", maya, leo)
    for entry, user in ((hear(hall, leo, "#tea", "hi"), maya), (hear(hall, leo, "#tea", "", "TAGMSG"), leo)):
        with refused(Why.EDIT_FORBIDDEN, "#tea", entry.place.msgid):
            revisions.edit(hall.hub, user, "#tea", entry, "ho")


def test_editing_is_speaking(hall: Hall) -> None:
    """Whoever may not speak any more may not say something else in place of what they said."""
    maya, leo = hall.enter("maya"), hall.enter("leo")
    hall.room("#tea", maya, leo)
    entry = hear(hall, leo, "#tea", "hi")
    hall.mode(maya, "#tea", "+m")
    with refused(Why.CANNOT_SPEAK, "#tea", "the room is moderated, and you have no voice in it"):
        revisions.edit(hall.hub, leo, "#tea", entry, "spam")


@pytest.mark.parametrize(("edits", "allowed"), [(49, True), (50, False)])
def test_a_message_has_so_many_versions(hall: Hall, edits: int, allowed: bool) -> None:
    """Each is kept, so there is an end to them."""
    maya = hall.enter("maya")
    hall.room("#tea", maya)
    entry = hear(hall, maya, "#tea", "hi")
    worn = Entry(replace(entry.event, detail=Detail(edits=tuple(range(edits)))), entry.place)
    if allowed:
        revisions.edit(hall.hub, maya, "#tea", worn, "ho")
    else:
        with refused(Why.EDIT_FORBIDDEN, "#tea", entry.place.msgid):
            revisions.edit(hall.hub, maya, "#tea", worn, "ho")


def test_what_is_on_its_way_holds_up_its_room(hall: Hall) -> None:
    """The next decision about the same message knows of it."""
    maya = hall.enter("maya")
    hall.room("#tea", maya)
    entry = hear(hall, maya, "#tea", "hi")
    assert revisions.redact(hall.hub, maya, "#tea", entry, "", NOON).settles == "#tea"
    assert revisions.edit(hall.hub, maya, "#tea", entry, "ho").settles == "#tea"


def test_the_audit_log_keeps_what_was_done_to_others(hall: Hall) -> None:
    """In rooms that somebody owns, and by operators of the server; what one takes back oneself is nobody's business."""
    maya, leo = hall.enter("maya", "maya"), hall.enter("leo")
    channel = hall.room("#tea", maya, leo)
    entry = hear(hall, leo, "#tea", "spam")
    assert revisions.redact(hall.hub, maya, "#tea", entry, "", NOON).logs == ("#tea",)
    hall.hub.own(channel, "maya")
    assert revisions.redact(hall.hub, maya, "#tea", entry, "", NOON).logs == ("#tea", "&audit")
    assert revisions.redact(hall.hub, leo, "#tea", entry, "", NOON).logs == ("#tea",)
