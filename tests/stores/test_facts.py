"""Facts: what holds until it is changed."""

from hubbub.hub.events import Fact, TopicChanged, Who
from tests.stores.shelf import Shelf

MAYA = Who("maya!maya@host.example", "maya")


def topic(text: str | None, room: str = "#lobby", logs: tuple[str, ...] = ("#lobby",)) -> TopicChanged:
    value = None if text is None else f'"{text}"'
    return TopicChanged(MAYA, logs, room, text or "", facts=(Fact("channel", room, "topic", value),))


def held(shelf: Shelf) -> list[tuple[str, str | None]]:
    return [(fact.key, fact.value) for fact in shelf.wait(shelf.store.facts())]


def test_of_two_facts_about_one_thing_the_later_holds(shelf: Shelf) -> None:
    """Also where both come in one group."""
    shelf.add(topic("a"), topic("b"))
    assert held(shelf) == [("#lobby", '"b"')]
    shelf.add(topic("c"))
    assert held(shelf) == [("#lobby", '"c"')]


def test_a_fact_without_value_is_forgotten(shelf: Shelf) -> None:
    """Others stay."""
    shelf.add(topic("a"), topic("b", "#den"))
    shelf.add(topic(None))
    assert held(shelf) == [("#den", '"b"')]


def test_an_event_without_a_log_still_makes_its_facts_hold(shelf: Shelf) -> None:
    """It has no place, and what it says is stored all the same."""
    assert shelf.add(topic("a", logs=())) == [[]]
    assert held(shelf) == [("#lobby", '"a"')]
