"""Modes: what each letter means, who may change it, and how a line of several is read."""

from dataclasses import replace

import pytest

from hubbub.hub import modes
from hubbub.hub.events import ModeChange, ModesChanged
from hubbub.hub.refusals import Refused, Why
from hubbub.hub.user import User
from tests.hub.hall import RULES, Hall, changes, refused


def ask(hall: Hall, user: User, letters: str, *arguments: str) -> tuple[ModesChanged | None, list[tuple[object, ...]]]:
    """What #tea would grant of a MODE, and why not the rest."""
    event, refusals = hall.hub.change_modes(user, "#tea", changes(letters, *arguments))
    return event, [(no.why, *no.about) for no in refusals]


@pytest.fixture
def maya(hall: Hall) -> User:
    """The operator of #tea, where leo and sam are members."""
    maya = hall.enter("maya")
    hall.room("#tea", maya, hall.enter("leo"), hall.enter("sam"))
    return maya


def test_a_new_room_is_shut_to_outsiders_and_keeps_its_topic(hall: Hall, maya: User) -> None:
    """+n and +t are set from the beginning."""
    assert hall.hub.channel("#tea").mode_letters() == "nt"


@pytest.mark.parametrize("letter", modes.letters(modes.Kind.FLAG))
def test_a_flag_is_set_and_taken_away(hall: Hall, maya: User, letter: str) -> None:
    """Every flag goes both ways, and the whole room hears it."""
    room = hall.hub.channel("#tea")
    first, second = ("-", "+") if letter in room.modes else ("+", "-")
    for sign in (first, second):
        assert hall.mode(maya, "#tea", sign + letter) == ["leo", "maya", "sam"]
        assert (letter in room.modes) == (sign == "+")


@pytest.mark.parametrize("letter", modes.letters(modes.Kind.LIST))
def test_a_mask_is_listed_and_struck_off(hall: Hall, maya: User, letter: str) -> None:
    """Lists keep the whole mask, who put it there and when; they fold, so it is found in any case."""
    room = hall.hub.channel("#tea")
    hall.mode(maya, "#tea", f"+{letter}", "Tom")
    (listed,) = room.lists[letter].values()
    assert (listed.mask, listed.setter, listed.at) == ("Tom!*@*", maya.who.mask, hall.now)
    hall.mode(maya, "#tea", f"-{letter}", "TOM!*@*")
    assert not room.lists[letter]


@pytest.mark.parametrize(("letter", "rank"), [("o", "@"), ("h", "%"), ("v", "+")])
def test_a_rank_is_given_and_taken_away(hall: Hall, maya: User, letter: str, rank: str) -> None:
    """The event names the member as they are spelled."""
    leo = hall.hub.user("leo")
    hall.mode(maya, "#tea", f"+{letter}", "LEO")
    assert modes.symbols(hall.hub.channel("#tea").status(leo)) == rank
    event, _ = ask(hall, maya, f"-{letter}", "LEO")
    assert event is not None
    assert event.changes == (ModeChange(False, letter, "leo"),)
    hall.does(event)
    assert hall.hub.channel("#tea").status(leo) == ""


def test_ranks_add_up_and_stand_in_order(hall: Hall, maya: User) -> None:
    """Several letters are kept with the highest first, however they were given."""
    room, leo = hall.hub.channel("#tea"), hall.hub.user("leo")
    for letter in "vho":
        hall.mode(maya, "#tea", f"+{letter}", "leo")
    assert room.status(leo) == "ohv"
    hall.mode(maya, "#tea", "-o", "leo")
    assert room.status(leo) == "hv"
    assert modes.symbols("vo") == "@+"


def test_a_key_and_a_limit_are_set_and_taken_away(hall: Hall, maya: User) -> None:
    """They count as set modes while they are; a key is taken away whatever word is given for it."""
    room = hall.hub.channel("#tea")
    hall.mode(maya, "#tea", "+k", "word")
    hall.mode(maya, "#tea", "+l", "007")
    assert (room.secret, room.limit, room.mode_letters()) == ("word", 7, "klnt")
    event, _ = ask(hall, maya, "-kl", "*")
    assert event is not None
    assert event.changes == (ModeChange(False, "k", "*"), ModeChange(False, "l"))
    hall.does(event)
    assert room.mode_letters() == "nt"


@pytest.mark.parametrize(
    ("letters", "arguments"),
    [("+n", ()), ("-i", ()), ("-k", ("word",)), ("-l", ()), ("-b", ("tom",)), ("+o", ("maya",)), ("-v", ("leo",))],
)
def test_what_stands_already_is_no_news(hall: Hall, maya: User, letters: str, arguments: tuple[str, ...]) -> None:
    """A change that changes nothing is neither an event nor a refusal."""
    assert ask(hall, maya, letters, *arguments) == (None, [])


def test_a_room_hears_one_event_of_what_was_granted(hall: Hall, maya: User) -> None:
    """Refusals stand beside it, and do not keep the rest from happening."""
    event, refusals = ask(hall, maya, "+izov", "", "", "nobody", "leo")
    assert event is not None
    assert event.changes == (ModeChange(True, "i"), ModeChange(True, "v", "leo"))
    assert refusals == [(Why.MODE_UNKNOWN, "z"), (Why.NO_SUCH_NICK, "nobody")]


@pytest.mark.parametrize(
    ("letters", "arguments", "expected"),
    [
        ("+i-i", (), ""),
        ("-n+n", (), ""),
        ("-i+i", (), "i"),
        ("+b-b", ("tom", "TOM!*@*"), ""),
        ("+v-v+v", ("leo", "LEO", "leo"), "v"),
    ],
)
def test_the_last_word_on_a_line_counts(
    hall: Hall, maya: User, letters: str, arguments: tuple[str, ...], expected: str
) -> None:
    """Where one line changes one thing several times, the room ends as if each had been done in turn."""
    event, refusals = ask(hall, maya, letters, *arguments)
    assert not refusals
    assert "".join(change.letter for change in event.changes if change.adding) == expected if event else not expected


def test_two_members_on_one_line_are_two_changes(hall: Hall, maya: User) -> None:
    """The last word counts for each of them."""
    event, _ = ask(hall, maya, "+vv", "leo", "sam")
    assert event is not None
    assert [change.argument for change in event.changes] == ["leo", "sam"]


def test_only_operators_change_modes(hall: Hall, maya: User) -> None:
    """Members and outsiders are refused, once for a whole line."""
    hall.enter("tom")
    for nick in ("leo", "tom"):
        assert ask(hall, hall.hub.user(nick), "+imb", "", "", "x") == (None, [(Why.NOT_OPERATOR, "#tea")])


def test_half_an_operator_gives_voice_and_no_more(hall: Hall, maya: User) -> None:
    """+h may change +v alone."""
    hall.mode(maya, "#tea", "+h", "leo")
    event, refusals = ask(hall, hall.hub.user("leo"), "+vmo", "sam", "", "leo")
    assert event is not None
    assert event.changes == (ModeChange(True, "v", "sam"),)
    assert refusals == [(Why.NOT_OPERATOR, "#tea")]


def test_a_rank_is_for_members(hall: Hall, maya: User) -> None:
    """Whoever is here and not in the room cannot be given one."""
    hall.enter("Tom")
    assert ask(hall, maya, "+v", "tom")[1] == [(Why.NOT_THERE, "Tom", "#tea")]


@pytest.mark.parametrize("limit", ["", "0", "-1", "many", "1.5", "٣", str(2**31)])
def test_a_limit_is_a_whole_number(hall: Hall, maya: User, limit: str) -> None:
    """The answer says what was expected."""
    assert ask(hall, maya, "+l", limit)[1] == [
        (Why.MODE_ARGUMENT, "#tea", "l", limit, "a whole number above 0 and up to 2147483647")
    ]


@pytest.mark.parametrize("key", ["", "two words", "a,b", "a:b", "bell\x07", "x" * 33])
def test_a_key_can_be_typed(hall: Hall, maya: User, key: str) -> None:
    """What could not stand in a JOIN is refused, and not said back."""
    sentence = "a key is up to 32 visible characters without comma or colon"
    assert ask(hall, maya, "+k", key)[1] == [(Why.MODE_ARGUMENT, "#tea", "k", "*", sentence)]


def test_lists_are_bounded_together() -> None:
    """A full list takes nothing more until something is struck off, and knows what it has."""
    hall = Hall(replace(RULES, list_entries=2))
    maya = hall.enter("maya")
    hall.room("#tea", maya)
    hall.mode(maya, "#tea", "+b", "leo")
    hall.mode(maya, "#tea", "+e", "sam")
    assert ask(hall, maya, "+I", "tom")[1] == [(Why.LIST_FULL, "#tea", "I")]
    assert ask(hall, maya, "+b", "leo") == (None, [])
    hall.mode(maya, "#tea", "-e", "sam")
    assert ask(hall, maya, "+I", "tom")[1] == []


def test_modes_of_a_room_that_is_not_there_cannot_change(hall: Hall) -> None:
    """The whole request is refused."""
    with refused(Why.NO_SUCH_CHANNEL, "#nowhere"):
        hall.hub.change_modes(hall.enter("maya"), "#nowhere", changes("+i"))


def test_only_oneself_hears_of_ones_own_modes(hall: Hall, maya: User) -> None:
    """What is set already and what nobody knows is left out; the unknown letters are answered."""
    event, unknown = hall.hub.change_user_modes(maya, changes("+ixw-i"))
    assert unknown == "x"
    assert event is not None
    assert event.logs == ()
    assert hall.does(event) == ["maya"]
    assert hall.hub.change_user_modes(maya, changes("+w"))[0] is None


def test_ranks_are_ordered() -> None:
    """An operator is at least everything, a voice no more than a voice."""
    assert [modes.at_least("o", letter) for letter in "ohv"] == [True, True, True]
    assert [modes.at_least("v", letter) for letter in "ohv"] == [False, False, True]
    assert not modes.at_least("", "v")


def test_every_refusal_says_why() -> None:
    """A refusal shows its reason and what it is about wherever it is printed."""
    assert "NO_SUCH_NICK" in repr(Refused(Why.NO_SUCH_NICK, "tom"))
    assert "tom" in str(Refused(Why.NO_SUCH_NICK, "tom"))
