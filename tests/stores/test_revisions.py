"""Redactions and edits: what a log says of a message afterwards, and that nothing else about the log changes."""

import pytest

from hubbub.hub.events import TALK, Detail, Edited, Event, Place, Redacted, Said
from hubbub.hub.ports import Mark, Window
from tests.stores.shelf import EVERYTHING, MAYA, Shelf, said, texts

SEEN = Window(10, without=("REDACTED", "EDITED"))


def add(shelf: Shelf, event: Event) -> Place:
    return shelf.add(event)[0][0]


def redact(msgid: str, log: str = "#lobby") -> Redacted:
    return Redacted(MAYA, (log,), log, msgid, "oops", "maya", 1)


def edit(msgid: str, text: str, log: str = "#lobby") -> Edited:
    return Edited(MAYA, (log,), "PRIVMSG", log, msgid, text)


def test_a_message_taken_back_has_no_words(shelf: Shelf) -> None:
    """Its text and its tags are gone from the log; who said something then is not."""
    place = add(shelf, Said(MAYA, ("#lobby",), "PRIVMSG", "#lobby", "secret", {"+reply": "secret"}))
    shelf.add(redact(place.msgid))
    left = shelf.page()[0]
    assert left.place == place
    assert left.event == Said(MAYA, ("#lobby",), "REDACTED", "#lobby", "")
    assert "secret" not in repr(shelf.page())


def test_readers_pass_over_it(shelf: Shelf) -> None:
    """A page of talk is as long as it was asked for, although messages in between are gone."""
    places = [add(shelf, said(text)) for text in "abcde"]
    shelf.add(redact(places[1].msgid), redact(places[3].msgid))
    assert texts(shelf.page(window=Window(3, verbs=TALK))) == ["a", "c", "e"]
    assert texts(shelf.page(window=SEEN)) == ["a", "c", "e"]


def test_who_asks_hears_that_it_happened(shelf: Shelf) -> None:
    """The redaction is an entry at its own place."""
    place = add(shelf, said("a"))
    again = add(shelf, redact(place.msgid))
    found = shelf.page(window=Window(3, verbs=(*TALK, "REDACT")))
    assert [(entry.event, entry.place) for entry in found] == [(redact(place.msgid), again)]
    assert shelf.page(window=Window(3, without=("REDACTED", "REDACT"))) == []


def test_seq_stays_gapless(shelf: Shelf) -> None:
    """Nothing is removed from a log."""
    place = add(shelf, said("a"))
    shelf.add(redact(place.msgid), said("b"))
    assert [entry.place.seq for entry in shelf.page()] == [1, 2, 3]


def test_its_id_still_names_a_place(shelf: Shelf) -> None:
    """Whoever pages from it goes on where they were."""
    places = [add(shelf, said(text)) for text in "abc"]
    shelf.add(redact(places[1].msgid))
    assert texts(shelf.page(window=Window(5, after=Mark(places[1].msgid), verbs=TALK))) == ["c"]


@pytest.mark.parametrize("verb", ["PRIVMSG", "NOTICE", "TAGMSG"])
def test_all_that_is_said_can_be_taken_back(shelf: Shelf, verb: str) -> None:
    """Reactions, too."""
    place = add(shelf, said("a", verb=verb))
    shelf.add(redact(place.msgid))
    assert [entry.event for entry in shelf.page(window=SEEN)] == [redact(place.msgid)]


def test_an_edited_message_has_its_new_words(shelf: Shelf) -> None:
    """At its old place, with its tags, and with the words it was first said with beside it."""
    detail = Detail(joints=(1,), relayer="leo")
    place = add(shelf, Said(MAYA, ("#lobby",), "NOTICE", "#Lobby", "helo", {"+reply": "x"}, "", detail))
    shelf.clock.wall += 60_000
    change = add(shelf, edit(place.msgid, "hello"))
    shelf.add(edit(place.msgid, "hello!"))
    last = shelf.page()[-1].place
    now = Detail(relayer="leo", edited=last.ts, edits=(change.seq, last.seq), first="helo")
    assert shelf.page()[0].event == Said(MAYA, ("#lobby",), "NOTICE", "#Lobby", "hello!", {"+reply": "x"}, "", now)
    assert shelf.page()[0].place == place


def test_the_last_edit_is_played_back(shelf: Shelf) -> None:
    """A reader of two pages, the later one first, does not end with words that were replaced."""
    place = add(shelf, said("a"))
    shelf.add(edit(place.msgid, "b"))
    shelf.add(edit(place.msgid, "c"))
    found = [entry.event for entry in shelf.page(window=SEEN)]
    assert found[1:] == [edit(place.msgid, "c")]
    assert texts(shelf.page(window=SEEN)) == ["c"]


def test_every_version_is_kept(shelf: Shelf) -> None:
    """For whoever may look into the log itself."""
    place = add(shelf, said("a"))
    shelf.add(edit(place.msgid, "b"))
    shelf.add(edit(place.msgid, "c"))
    assert [e.event.text for e in shelf.page(window=EVERYTHING) if isinstance(e.event, Edited)] == ["b", "c"]


def test_taking_an_edited_message_back_takes_all_its_versions(shelf: Shelf) -> None:
    """No word of any of them is left."""
    place = add(shelf, said("secret 1"))
    shelf.add(edit(place.msgid, "secret 2"))
    shelf.add(edit(place.msgid, "secret 3"))
    shelf.add(redact(place.msgid))
    assert "secret" not in repr(shelf.page())
    assert [entry.event for entry in shelf.page(window=SEEN)] == [redact(place.msgid)]


def test_what_is_gone_does_not_come_back_by_an_edit(shelf: Shelf) -> None:
    """Decided at the same moment elsewhere, it changes nothing any more."""
    place = add(shelf, said("secret"))
    shelf.add(redact(place.msgid), edit(place.msgid, "boo"))
    assert texts(shelf.page(window=SEEN)) == []


def test_a_name_from_elsewhere_changes_nothing(shelf: Shelf) -> None:
    """An id of another log, one that was never given, and one of an entry that nobody said."""
    den = add(shelf, said("den", "#den"))
    change = add(shelf, edit(den.msgid, "cave", "#den"))
    shelf.add(redact(den.msgid), redact("nonsense"), edit("nonsense", "x"), redact(change.msgid, "#den"))
    assert texts(shelf.page("#den", SEEN)) == ["cave"]
    assert len(shelf.page("#den", SEEN)) == 3
