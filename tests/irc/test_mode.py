"""MODE: of rooms and of oneself. https://modern.ircdocs.horse/#mode-message"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.irc.lines import commands, every, only, params, tag_free
from tests.scene import RULES, Person, Scene, quiet


@pytest.fixture
def maya(scene: Scene) -> Person:
    """She runs #room."""
    return scene.enter("maya", rooms=["#room"])


@pytest.fixture
def leo(scene: Scene, maya: Person) -> Person:
    """He is in #room, too."""
    person = scene.enter("leo", rooms=["#room"])
    quiet(maya)
    return person


def mode(heard: list[str]) -> list[str]:
    """What the MODE lines say, without who says it."""
    return [" ".join(line.params) for line in every(heard, "MODE")]


# What a room is like


def test_the_modes_of_a_room_are_shown_with_its_age(maya: Person) -> None:
    """ "Servers SHOULD also return the RPL_CREATIONTIME numeric following RPL_CHANNELMODEIS"."""
    heard = maya.asks("MODE #ROOM")
    assert params(heard, "324") == ("maya", "#room", "+nt")
    assert params(heard, "329") == ("maya", "#room", "1790000000")
    assert commands(heard) == ["324", "329"]


def test_the_key_is_shown_to_members_alone(scene: Scene, maya: Person) -> None:
    """ "Servers MAY choose to hide sensitive information such as channel keys"."""
    maya.say("MODE #room +kl sesame 9")
    assert params(maya.asks("MODE #room"), "324")[2:] == ("+klnt", "sesame", "9")
    assert params(scene.enter("sam").asks("MODE #room"), "324")[2:] == ("+klnt", "*", "9")


def test_a_room_that_is_not_there_has_no_modes(maya: Person) -> None:
    """ "If <target> is a channel that does not exist on the network, the ERR_NOSUCHCHANNEL numeric is returned"."""
    assert params(maya.asks("MODE #nowhere"), "403")[1] == "#nowhere"
    assert params(maya.asks("MODE #nowhere +m"), "403")[1] == "#nowhere"


# Changing it


def test_a_change_is_told_to_all_in_the_room(maya: Person, leo: Person) -> None:
    """ "a MODE command is sent to all members of the channel containing the mode changes"."""
    told = [":maya!maya@192.0.2.7 MODE #room +m-t"]
    assert maya.asks("MODE #room +m-t") == told
    assert leo.hears() == told


def test_what_changes_nothing_is_not_told(maya: Person) -> None:
    """Setting the set and unsetting the unset is no change."""
    assert maya.asks("MODE #room +n-m") == []
    assert mode(maya.asks("MODE #room +nm")) == ["#room +m"]


def test_a_sign_holds_for_the_letters_behind_it(maya: Person, leo: Person) -> None:
    """Letters take their arguments in order, whatever the signs between them."""
    heard = mode(maya.asks("MODE #room +lk-t+vi 5 sesame leo"))
    assert heard == ["#room +lk-t+vi 5 sesame leo"]


def test_letters_without_a_sign_are_set(maya: Person) -> None:
    """Old clients leave the plus out."""
    assert mode(maya.asks("MODE #room m")) == ["#room +m"]


def test_members_without_rank_change_nothing(maya: Person, leo: Person) -> None:
    """ "the server MUST NOT process the message, and ERR_CHANOPRIVSNEEDED numeric is returned", once."""
    assert params(leo.asks("MODE #room +ml 5"), "482")[1] == "#room"
    assert params(maya.asks("MODE #room"), "324")[2] == "+nt"


def test_outsiders_change_nothing(scene: Scene, maya: Person) -> None:
    """Nor do those who are not even there."""
    assert commands(scene.enter("sam").asks("MODE #room +o sam")) == ["482"]
    assert params(maya.asks("MODE #room"), "324")[2] == "+nt"


def test_an_unknown_letter_is_named_and_the_rest_is_done(maya: Person) -> None:
    """ "Indicates that a mode character used by a client is not recognized by the server"."""
    heard = maya.asks("MODE #room +zm:")
    assert [line.params[1] for line in every(heard, "472")] == ["z", "*"]
    assert mode(heard) == ["#room +m"]


@pytest.mark.parametrize("line", ["MODE #room +", "MODE #room -", "MODE #room :", "MODE #room +-+"])
def test_no_letters_change_nothing(maya: Person, line: str) -> None:
    """Signs alone are no change and no error."""
    assert set(commands(maya.asks(line))) <= {"324", "329"}


# Statuses


@pytest.mark.parametrize(("letter", "symbol"), [("o", "@"), ("h", "%"), ("v", "+")])
def test_a_status_is_given_and_taken(maya: Person, leo: Person, letter: str, symbol: str) -> None:
    """PREFIX in ISUPPORT says which letter is which symbol."""
    assert mode(maya.asks(f"MODE #room +{letter} LEO")) == [f"#room +{letter} leo"]
    assert params(maya.asks("NAMES #room"), "353")[3] == f"@maya {symbol}leo"
    assert mode(maya.asks(f"MODE #room -{letter} leo")) == [f"#room -{letter} leo"]
    assert params(maya.asks("NAMES #room"), "353")[3] == "@maya leo"


def test_a_status_is_for_those_in_the_room(scene: Scene, maya: Person) -> None:
    """ "Returned when a client tries to perform a channel+nick affecting command, when the nick isn't joined"."""
    scene.enter("sam")
    heard = maya.asks("MODE #room +oo sam nobody")
    assert params(heard, "441")[1:3] == ("sam", "#room")
    assert params(heard, "401")[1] == "nobody"


def test_a_status_without_a_nick_is_passed_over(maya: Person) -> None:
    """There is nobody to give it to."""
    assert mode(maya.asks("MODE #room +om")) == ["#room +m"]


def test_half_an_operator_gives_voice_and_nothing_higher(maya: Person, leo: Person) -> None:
    """Nobody hands out more than they have."""
    maya.say("MODE #room +h leo")
    leo.hears()
    heard = leo.asks("MODE #room +vo leo leo")
    assert mode(heard) == ["#room +v leo"]
    assert commands(heard).count("482") == 1


# Keys and limits


@pytest.mark.parametrize("key", ["two words", "a,b", "x" * 33, ":", ""])
def test_a_key_that_join_could_not_say_is_refused(maya: Person, key: str) -> None:
    """ "If the value is invalid, they SHOULD return ERR_INVALIDMODEPARAM"."""
    assert params(maya.asks(f"MODE #room +k :{key}"), "696")[1:4] == ("#room", "k", "*")
    assert params(maya.asks("MODE #room"), "324")[2] == "+nt"


def test_a_key_is_taken_off_whatever_is_said_for_it(maya: Person) -> None:
    """ "These modes MUST always have a parameter": it is a star, since who takes a key off need not be let in by it."""
    maya.say("MODE #room +k sesame")
    assert mode(maya.asks("MODE #room -k nonsense")) == ["#room -k *"]
    assert maya.asks("MODE #room -k") == []


@pytest.mark.parametrize("limit", ["0", "-1", "abc", "2147483648", "1.5", "\u0663", "9" * 300])
def test_a_limit_is_a_number_above_zero(maya: Person, limit: str) -> None:
    """ "its value is an integer and defines the limit of how many clients may be joined"."""
    assert params(maya.asks(f"MODE #room +l {limit}"), "696")[1:3] == ("#room", "l")


def test_a_limit_is_set_changed_and_taken_off(maya: Person) -> None:
    """Type C: "MUST have a parameter when being set, and MUST NOT have a parameter when being unset"."""
    assert mode(maya.asks("MODE #room +l 05")) == ["#room +l 5"]
    assert mode(maya.asks("MODE #room +l 7")) == ["#room +l 7"]
    assert mode(maya.asks("MODE #room -l 7")) == ["#room -l"]
    assert maya.asks("MODE #room -l") == []


# Lists


LISTS = pytest.mark.parametrize(
    ("letter", "item", "end"), [("b", "367", "368"), ("e", "348", "349"), ("I", "346", "347")]
)


@LISTS
def test_a_list_is_shown_with_who_set_what_and_when(maya: Person, letter: str, item: str, end: str) -> None:
    """ "If a type A mode has been sent without an argument, the contents of the list MUST be sent to the user"."""
    maya.say(f"MODE #room +{letter} *!*@example.org")
    heard = maya.asks(f"MODE #room +{letter}")
    assert params(heard, item) == ("maya", "#room", "*!*@example.org", "maya!maya@192.0.2.7", "1790000000")
    assert commands(heard) == [item, end]
    assert maya.asks(f"MODE #room {letter}") == heard


@LISTS
def test_a_mask_is_taken_off_in_any_case(maya: Person, letter: str, item: str, end: str) -> None:
    """Masks are names, and names are casemapped."""
    maya.say(f"MODE #room +{letter} Leo!*@*")
    assert mode(maya.asks(f"MODE #room +{letter} leo")) == []
    assert mode(maya.asks(f"MODE #room -{letter} LEO")) == [f"#room -{letter} LEO!*@*"]
    assert commands(maya.asks(f"MODE #room {letter}")) == [end]


@pytest.mark.parametrize(
    ("mask", "full"), [("leo", "leo!*@*"), ("leo@host", "*!leo@host"), ("*@host", "*!*@host"), ("a!b@c", "a!b@c")]
)
def test_a_mask_is_made_whole(maya: Person, mask: str, full: str) -> None:
    """What is left out is anything."""
    assert mode(maya.asks(f"MODE #room +b {mask}")) == [f"#room +b {full}"]


def test_lists_of_a_secret_room_are_for_its_members(scene: Scene, maya: Person) -> None:
    """To others it does not exist."""
    maya.say("MODE #room +sb leo")
    assert commands(scene.enter("sam").asks("MODE #room b")) == ["403"]


def test_a_list_that_is_full_takes_no_more(build: Callable[..., Scene]) -> None:
    """MAXLIST says how many entries the lists of a room have together."""
    maya = build(rules=replace(RULES, list_entries=2)).enter("maya", rooms=["#room"])
    assert mode(maya.asks("MODE #room +bI a b")) == ["#room +bI a!*@* b!*@*"]
    assert params(maya.asks("MODE #room +e c"), "478")[1:3] == ("#room", "e")
    assert mode(maya.asks("MODE #room -I b", "MODE #room +e c")) == ["#room -I b!*@*", "#room +e c!*@*"]


@pytest.mark.parametrize("mask", [":two words", "::colon", "x" * 201, "é" * 101, ": "])
def test_a_mask_that_could_not_be_told_is_refused(maya: Person, leo: Person, mask: str) -> None:
    """A space or a colon would make another line of it, and a long one would not fit on any."""
    assert params(maya.asks(f"MODE #room +b {mask}"), "696")[1:3] == ("#room", "b")
    assert leo.hears() == []
    assert commands(maya.asks("MODE #room b")) == ["368"]


def test_many_changes_are_told_on_several_lines(maya: Person, leo: Person) -> None:
    """No line is longer than old clients can read, and no change is lost."""
    masks = [f"{'m' * 80}{number}!*@*" for number in range(5)]
    maya.say(f"MODE #room +bbbbb {' '.join(masks)}")
    heard = leo.hears()
    assert [mask for line in every(heard, "MODE") for mask in line.params[2:]] == masks
    assert len(heard) > 1
    assert max(map(tag_free, heard)) <= 512


def test_no_more_changes_at_once_than_modes_says(maya: Person) -> None:
    """MODES in ISUPPORT is the most of them that one line may make."""
    masks = [f"m{number}" for number in range(30)]
    heard = maya.asks(f"MODE #room +{'b' * 30} {' '.join(masks)}")
    assert sum(len(line.params) - 2 for line in every(heard, "MODE")) == 20


# Oneself


def test_ones_own_modes_are_shown_and_changed(maya: Person) -> None:
    """ "a MODE message will be sent to the user containing the changed modes"."""
    assert params(maya.asks("MODE maya"), "221") == ("maya", "+")
    assert mode(maya.asks("MODE MAYA +iw")) == ["maya +iw"]
    assert params(maya.asks("MODE maya"), "221") == ("maya", "+iw")
    assert mode(maya.asks("MODE maya -i")) == ["maya -i"]
    assert maya.asks("MODE maya -i+w") == []


def test_unknown_modes_of_ones_own_are_answered_after_the_known(maya: Person) -> None:
    """ "the server MUST apply the modes that are implemented, and then send the ERR_UMODEUNKNOWNFLAG"."""
    assert commands(maya.asks("MODE maya +zi")) == ["MODE", "501"]


@pytest.mark.parametrize("line", ["MODE leo", "MODE leo +i"])
def test_modes_of_others_are_theirs(leo: Person, maya: Person, line: str) -> None:
    """ "If <target> is a different nick than the user who sent the command, ERR_USERSDONTMATCH is returned"."""
    assert commands(maya.asks(line)) == ["502"]


def test_nobody_has_the_modes_of_somebody_who_is_not_there(maya: Person) -> None:
    """ "If <target> is a nickname that does not exist on the network, the ERR_NOSUCHNICK numeric is returned"."""
    assert params(maya.asks("MODE nobody +i"), "401")[1] == "nobody"


def test_a_mode_of_nothing_lacks_its_target(maya: Person) -> None:
    """MODE alone is short of a parameter."""
    assert only(maya.asks("MODE"), "461").params[1] == "MODE"
