"""Events as rows: nothing that was said is lost, and nearly everything said needs no JSON."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hubbub.hub.events import (
    Announced,
    Detail,
    Edited,
    Event,
    HostChanged,
    Joined,
    Kicked,
    Killed,
    ModeChange,
    ModesChanged,
    Parted,
    Promoted,
    Quit,
    Redacted,
    Renamed,
    Said,
    ServerBanChanged,
    TopicChanged,
    WentAway,
    Who,
)
from hubbub.stores.rows import KINDS, TALK_KINDS, decode, encode, kinds_of
from tests.stores.shelf import LEO, MAYA, as_kept, said

TEXT = st.text(st.characters(codec="utf-8"), max_size=20)
NAMES = st.sampled_from(["#lobby", "#Lobby", "leo", "leo,maya"]) | TEXT
WHO = st.builds(Who, TEXT, TEXT, st.booleans())
LOGS = st.lists(NAMES, min_size=1, max_size=3, unique=True).map(tuple)
ONE = NAMES.map(lambda name: (name,))
CHANGES = st.lists(st.builds(ModeChange, st.booleans(), TEXT, TEXT), max_size=3).map(tuple)
VERBS = st.sampled_from(["PRIVMSG", "NOTICE", "TAGMSG"])
TAGS = st.none() | st.dictionaries(TEXT, TEXT, max_size=3)

SEQS = st.lists(st.integers(0, 99), max_size=3).map(tuple)
DETAIL = st.none() | st.builds(Detail, SEQS, TEXT, edited=st.integers(1, 99), edits=SEQS, first=TEXT)

EVENTS: st.SearchStrategy[Event] = st.one_of(
    st.builds(Said, WHO, LOGS, VERBS, NAMES, TEXT, TAGS, TEXT, DETAIL),
    st.builds(Redacted, WHO, ONE, NAMES, TEXT, TEXT, TEXT, st.integers(0, 99)),
    st.builds(Edited, WHO, ONE, VERBS, NAMES, TEXT, TEXT),
    st.builds(Joined, WHO, ONE, NAMES, TEXT, TEXT),
    st.builds(Parted, WHO, ONE, NAMES, TEXT),
    st.builds(Kicked, WHO, ONE, NAMES, TEXT, TEXT),
    st.builds(TopicChanged, WHO, ONE, NAMES, TEXT),
    st.builds(ModesChanged, WHO, ONE, NAMES, CHANGES),
    st.builds(Renamed, WHO, LOGS, TEXT),
    st.builds(Quit, WHO, LOGS, TEXT),
    st.builds(Promoted, WHO, ONE, TEXT, TEXT, st.booleans()),
    st.builds(Killed, WHO, ONE, TEXT, TEXT),
    st.builds(Announced, WHO, ONE, TEXT),
    st.builds(HostChanged, WHO, ONE, TEXT, TEXT, TEXT, TEXT),
    st.builds(ServerBanChanged, WHO, ONE, TEXT, st.booleans(), TEXT, st.integers(0, 99), st.integers(0, 99)),
)


@example(Said(MAYA, ("#lobby", "#other"), "PRIVMSG", "#lobby", "hi"))
@given(EVENTS)
def test_every_event_comes_back_in_each_of_its_logs(event: Event) -> None:
    """A row and the name of its log are the whole event, without its nonce and its other logs."""
    assert [decode(log, encode(event)) for log in event.logs] == [as_kept(event, log) for log in event.logs]


def test_talk_in_a_room_is_plain_columns() -> None:
    """The hot case writes no JSON, and its text is where full-text search will look."""
    assert encode(said("hello, all")) == (MAYA.mask, "maya", 1, "hello, all", None)


def test_a_room_spelled_otherwise_is_remembered() -> None:
    """History shows the room as it was written."""
    event = Said(LEO, ("#lobby",), "NOTICE", "#Lobby", "hi", {"+reply": "x"})
    assert encode(event) == (LEO.mask, "", 2, "hi", '{"target":"#Lobby","tags":{"+reply":"x"}}')


@pytest.mark.parametrize("relayer", ["", "leo"])
def test_what_a_message_quotes_is_not_kept(relayer: str) -> None:
    """The id of what it answers is: those words may be taken back."""
    event = Said(LEO, ("#lobby",), "PRIVMSG", "#lobby", "yes", None, "", Detail(relayer=relayer, quote="secret"))
    kept = Said(LEO, ("#lobby",), "PRIVMSG", "#lobby", "yes", None, "", Detail(relayer=relayer) if relayer else None)
    assert decode("#lobby", encode(event)) == kept


def test_only_talk_has_a_body() -> None:
    """Search finds what people said, not why they left."""
    assert encode(Quit(LEO, ("#lobby",), "tired"))[3:] == (None, '{"text":"tired"}')


def test_the_numbers_in_peoples_files_keep_their_meaning() -> None:
    """The table may grow at its end, and not otherwise."""
    names = [verb or kind.__name__ for kind, verb in KINDS.values()]
    assert list(KINDS)[:10] == [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]
    assert names[:5] == ["PRIVMSG", "NOTICE", "TAGMSG", "Joined", "Parted"]
    assert names[5:10] == ["Kicked", "TopicChanged", "ModesChanged", "Renamed", "Quit"]
    assert [names[number - 1] for number in (11, 12, 13, 14)] == ["REDACT", "EDIT", "REDACTED", "EDITED"]


def test_ephemera_are_no_rows() -> None:
    """Presence with a log named is a mistake, and says so."""
    with pytest.raises(TypeError, match="expected an event that logs keep, got WentAway"):
        encode(WentAway(MAYA, ("#lobby",), "lunch"))


def test_readers_choose_by_verb() -> None:
    """Verbs are kinds; a verb nobody speaks here is none; no verbs at all means every kind we know but those named."""
    assert set(kinds_of(("PRIVMSG", "NOTICE"))) == TALK_KINDS
    assert kinds_of(("SHOUT",)) == ()
    assert kinds_of(None) == tuple(KINDS)
    assert set(KINDS) - set(kinds_of(None, ("REDACTED", "TAGMSG"))) == {3, 13}
