"""classic://, behind its handshake: a program that is server and client in one, beside people who have names."""

import pytest

from tests.doors.porch import Porch


def test_whoever_signs_a_text_is_called_so(porch: Porch) -> None:
    """Until then they have a name of the house; elsewhere the signature is no part of the words."""
    ida, leo = porch.enter("ida", rooms=["#lobby"]), porch.at("classic")
    assert [line.source for line in ida.reads()] == ["guest!classic@192.0.2.9"]
    assert leo.asks("leo: connected") == []
    assert [line.params for line in ida.reads()] == [("leo",), ("#lobby", "connected")]
    leo.sends("leo: hi", "ida: I owe leo money")
    assert [line.params[1] for line in ida.reads()] == ["hi", "ida: I owe leo money"]


def test_they_hear_everybody_with_a_name(porch: Porch) -> None:
    """Who comes and goes as well, and what is for them alone marked."""
    leo, ida = porch.at("classic", "leo: connected"), porch.enter("ida", rooms=["#lobby"])
    ida.say("PRIVMSG #lobby :hi", "PRIVMSG leo :psst", "NICK ida2", "PART #lobby")
    told = ["ida joined!", "ida: hi", "(private to leo) ida: psst", "ida is now called ida2", "ida2 left!"]
    assert leo.lines() == told
    assert leo.asks("leo: @ida2:yes?") == ["(private to ida2) leo: yes?"]
    assert ida.reads()[-1].params == ("ida2", "yes?")


def test_two_of_one_name_are_two_people(porch: Porch) -> None:
    """The second is told so, and may go on signing as before; the name of an account is its owner's."""
    porch.account("sam", "correct horse")
    porch.at("classic", "leo: connected")
    ida, other, sam = porch.enter("ida", rooms=["#lobby"]), porch.at("classic"), porch.at("classic")
    assert "The name leo cannot be had; you are leo2 here" in other.asks("leo: connected")
    assert "The name sam cannot be had; you are sam2 here" in sam.asks("sam: connected")
    ida.hears()
    other.sends("leo: hi")
    assert ida.reads()[-1].params == ("#lobby", "hi")


@pytest.mark.parametrize("text", ["hello", "see https://example.org", "at 12 : 30"])
def test_a_text_without_a_signature_is_said_as_it_is(porch: Porch, text: str) -> None:
    ida, guest = porch.enter("ida", rooms=["#lobby"]), porch.at("classic")
    guest.sends(text)
    assert ida.reads()[-1].params == ("#lobby", text)
