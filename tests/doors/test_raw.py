"""raw://, as the tutorial's own server would do it, beside people who have names."""

import pytest

from tests.doors.porch import Porch


def test_there_is_no_handshake(porch: Porch) -> None:
    """Whoever connects is in, and hears nothing until somebody speaks."""
    assert porch.at("raw").hears() == ""
    assert porch.hub.users.keys() == {"guest"}


def test_what_one_client_sends_goes_to_all_others_as_it_is(porch: Porch) -> None:
    """And not to itself; elsewhere it has the name that the house gave its sender."""
    one, two, ida = porch.at("raw"), porch.at("raw"), porch.enter("ida", rooms=["#lobby"])
    two.hears()
    assert one.asks("hello") == []
    assert two.lines()[-1] == "hello"
    line = ida.reads()[-1]
    assert (line.source or "").startswith("guest!~raw@")
    assert line.params == ("#lobby", "hello")
    ida.say("PRIVMSG #lobby :welcome")
    assert (one.lines(), two.lines()) == (["ida: welcome"], ["ida: welcome"])


@pytest.mark.parametrize("words", ["ida: send me money", "ida left!", "(private to you) ida: psst", "* ida waves"])
def test_nobody_passes_for_somebody_with_a_name(porch: Porch, words: str) -> None:
    """Words that look like somebody else's are shown as whose they are."""
    one, two = porch.at("raw"), porch.at("raw")
    one.sends(words)
    assert two.lines()[-1] == f"guest: {words}"


def test_a_person_of_irc_is_not_taken_for_nameless(porch: Porch) -> None:
    """Whatever user name their client gives."""
    one, ida = porch.at("raw"), porch.connect()
    ida.say("NICK ida", "USER ~raw 0 * :Ida", "JOIN #lobby", "PRIVMSG #lobby :hello")
    assert one.lines()[-1] == "ida: hello"


def test_a_nameless_client_can_be_written_to(porch: Porch) -> None:
    """And can answer, by an address."""
    one, ida = porch.at("raw"), porch.enter("ida", rooms=["#lobby"])
    ida.say("PRIVMSG guest :psst")
    assert one.lines()[-1] == "(private to guest) ida: psst"
    one.sends("@ida:yes?")
    assert ida.reads()[-1].params == ("ida", "yes?")
