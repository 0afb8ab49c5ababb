"""Nonces: a message that is sent again because its echo got lost is stored once."""

import msgspec
import pytest

from hubbub.hub.events import Said, Who
from hubbub.hub.ports import StoreFailed
from tests.stores.conftest import Files
from tests.stores.shelf import DAY, LEO, MAYA, Shelf, said
from tests.stores.test_append import BAD


def again(shelf: Shelf, text: str = "hi", *, who: Who = MAYA, nonce: str = "n1") -> bool:
    ((place,),) = shelf.add(said(text, who=who, nonce=nonce))
    return place.repeated


def test_the_second_sending_gets_the_first_ones_place(shelf: Shelf) -> None:
    """Same sender, same nonce: one entry, and the msgid that was given first."""
    ((first,),) = shelf.add(said("hi", nonce="n1"))
    shelf.clock.wall += 60_000
    (_, (second,), _) = shelf.add(said("before"), said("hi", nonce="n1"), said("after"))
    assert second == msgspec.structs.replace(first, repeated=True)
    assert shelf.texts() == ["hi", "before", "after"]


def test_twice_in_one_group_is_once(shelf: Shelf) -> None:
    """A client may resend so soon that both copies wait together."""
    places = shelf.add(said("hi", nonce="n1"), said("other", nonce="n2"), said("hi", nonce="n1"))
    assert [(place.seq, place.repeated) for (place,) in places] == [(1, False), (2, False), (1, True)]


def test_the_first_sending_counts_wherever_it_went(shelf: Shelf) -> None:
    """The answer names the log in which the message stands."""
    shelf.add(said("hi", "#other", nonce="n1"))
    ((place,),) = shelf.add(said("hi", nonce="n1"))
    assert (place.log, place.seq, place.repeated) == ("#other", 1, True)


def test_nonces_of_two_people_are_two(shelf: Shelf) -> None:
    """Everybody may count from one."""
    assert [again(shelf), again(shelf, who=LEO), again(shelf), again(shelf, who=LEO)] == [False, False, True, True]


def test_an_account_is_the_same_sender_under_any_nick(shelf: Shelf) -> None:
    """A client that comes back as maya_ still resends as maya; a guest is their nick, from any host."""
    assert not again(shelf)
    assert again(shelf, who=Who("maya_!x@elsewhere.example", "maya"))
    assert not again(shelf, who=LEO)
    assert again(shelf, who=Who("leo!x@elsewhere.example"))


def test_without_a_nonce_everything_is_new(shelf: Shelf) -> None:
    """People do say the same thing twice."""
    assert not any(again(shelf, nonce="") for _ in range(3))


def test_a_nonce_lasts_a_day(shelf: Shelf) -> None:
    """After 24 hours the same nonce is a new message, which then lasts a day itself."""
    answers = []
    for passed in (0, DAY - 1, 1, DAY - 1):
        shelf.clock.wall += passed
        answers.append(again(shelf))
    assert answers == [False, True, False, True]


def test_a_nonce_lasts_a_day_by_the_clock_that_was_right(shelf: Shelf) -> None:
    """One that was used while the clock was ahead does not make the others last longer."""
    shelf.clock.wall += 60_000
    assert not again(shelf, nonce="ahead")
    shelf.clock.wall -= 60_000
    assert not again(shelf)
    shelf.clock.wall += DAY
    assert not again(shelf)
    assert again(shelf, nonce="ahead")


def test_a_clock_that_jumps_back_forgets_nothing(shelf: Shelf) -> None:
    """A nonce from the future was used."""
    assert not again(shelf)
    shelf.clock.wall -= 3 * DAY
    assert again(shelf)


def test_a_nonce_of_a_failed_group_was_not_used(shelf: Shelf) -> None:
    """What was not stored can be sent again."""
    with pytest.raises(StoreFailed):
        shelf.add(said("hi", nonce="n1"), BAD)
    assert not again(shelf)


def test_a_nonce_of_something_unstored_is_ignored(shelf: Shelf) -> None:
    """Typing is never stored, so it is never stored twice."""
    typing = Said(MAYA, (), "TAGMSG", "#lobby", "", {"+typing": "active"}, "n1")
    assert shelf.add(typing, typing) == [[], []]
    assert not again(shelf)


def test_a_nonce_is_remembered_across_a_restart(files: Files) -> None:
    """The server may have died between the commit and the echo: that is when clients resend."""
    ((first,),) = files.open().add(said("hi", nonce="n1"))
    files.close()
    ((second,),) = files.open().add(said("hi", nonce="n1"))
    assert second == msgspec.structs.replace(first, repeated=True)


def test_old_nonces_go_away_a_few_at_a_time(files: Files) -> None:
    """The table does not grow for ever, and no commit waits for a great clean-up."""
    store = files.store()
    shelf = Shelf(store, files.clock, files.loop)
    shelf.add(*[said("hi", nonce=str(n)) for n in range(1_000)])
    shelf.clock.wall += DAY
    left = []
    for n in range(3):
        shelf.add(said("hi", nonce=f"new {n}"))
        left.append(shelf.wait(store.read(lambda db: db.execute("SELECT count(*) FROM nonce").get)))
    assert left[0] < 1_000
    assert left[0] - left[1] == left[1] - left[2] < 100
