"""addressed://, as the tutorial's own server would do it, with a room behind it."""

from tests.doors.porch import Porch


def test_one_is_told_where_one_comes_from(porch: Porch) -> None:
    assert porch.at("addressed").hears() == "You are connected from:('192.0.2.9', 40000)\n"


def test_a_name_is_registered_and_confirmed(porch: Porch) -> None:
    """Upper and lower case are one name; a second one is another name of the same person."""
    alice = porch.at("addressed")
    assert alice.asks("#alice") == ["Your user detail saved as : alice"]
    assert porch.at("addressed").asks("#Alice")[-1] == "Your user detail saved as : Alice2"
    ida = porch.enter("ida", rooms=["#lobby"])
    assert alice.asks("#carol")[-1] == "Your user detail saved as : carol"
    assert ida.reads()[-1].params == ("carol",)
    assert alice.asks("#Alice2") == ["Alice2 is taken"]


def test_an_addressed_text_reaches_one_person_and_only_the_text(porch: Porch) -> None:
    """The sender hears nothing of it, and nobody else does; a person of IRC is reached as well."""
    alice, bob = porch.at("addressed", "#alice"), porch.at("addressed", "#bob")
    ida, tom = porch.enter("ida", rooms=["#lobby"]), porch.at("nick", "tom")
    bob.hears()
    assert alice.asks("@BOB:Hello, Bob! This is alice") == []
    assert bob.lines()[-1:] == ["Hello, Bob! This is alice"]
    alice.sends("@ida: hi")
    assert ida.reads()[-1].params == ("ida", "hi")
    assert tom.lines() == []
    ida.say("PRIVMSG alice :hi back")
    assert alice.lines() == ["hi back"]


def test_a_text_without_an_address_is_for_the_room(porch: Porch) -> None:
    """There it stands with its speaker's name, as there are many."""
    alice, bob, tom = porch.at("addressed", "#alice"), porch.at("addressed", "#bob"), porch.at("nick", "tom")
    bob.hears()
    alice.sends("hello all")
    assert bob.lines()[-1] == "alice: hello all"
    assert tom.lines()[-1] == "alice: hello all"
    assert alice.asks("#two words") == []


def test_who_is_nobody_yet_is_told_how_to_be_somebody(porch: Porch) -> None:
    """Nothing of theirs reaches anybody, and nobody here is called as they wished is a sentence."""
    alice = porch.at("addressed")
    assert alice.asks("@bob:hello") == ["Say who you are first: # and your name, as in #alice"]
    assert alice.asks("#alice@bob:hello") == ["Your user detail saved as : alice", "Nobody here is called bob"]


def test_exit_leaves(porch: Porch) -> None:
    alice, bob = porch.at("addressed", "#alice"), porch.at("addressed", "#bob")
    bob.hears()
    assert alice.asks("exit") == ["bob joined!"][:0]
    assert bob.lines() == ["alice left!"]
