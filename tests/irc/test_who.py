"""WHO and WHOX. https://modern.ircdocs.horse/#who-message and https://ircv3.net/specs/extensions/whox"""

from __future__ import annotations

from itertools import permutations

import pytest

from hubbub.hub.ports import Account
from tests.irc.lines import commands, every, params
from tests.scene import Person, Scene


@pytest.fixture
def maya(scene: Scene) -> Person:
    """She runs #room."""
    return scene.enter("maya", rooms=["#room"])


@pytest.fixture
def leo(scene: Scene, maya: Person) -> Person:
    """He is in #room, with an account and a name of two words."""
    scene.accounts.save("leopold", Account("Leopold", "secret", 0), new=True)
    person = scene.connect(address="198.51.100.4")
    person.say("PASS Leopold:secret", "NICK leo", "USER lion 0 * :Leo the Lion", "JOIN #room")
    return person


def nicks(heard: list[str]) -> set[str]:
    return {line.params[5] for line in every(heard, "352")}


def test_a_room_lists_its_members(maya: Person, leo: Person) -> None:
    """ "A channel name, in which case the channel members are listed", with that channel."""
    heard = maya.asks("WHO #ROOM")
    assert commands(heard) == ["352", "352", "315"]
    assert [line.params[1:] for line in every(heard, "352")] == [
        ("#room", "maya", "192.0.2.7", "hub.example", "maya", "H@", "0 Maya"),
        ("#room", "lion", "198.51.100.4", "hub.example", "leo", "H", "0 Leo the Lion"),
    ]


@pytest.mark.parametrize("mask", ["#ROOM", "leo", "LE*", "nobody", "#nowhere", "*"])
def test_the_end_repeats_the_mask(maya: Person, mask: str) -> None:
    """ "<mask> MUST be the same <mask> parameter sent by the client in its WHO message"."""
    assert params(maya.asks(f"WHO {mask}"), "315")[1] == mask


@pytest.mark.parametrize("mask", ["leo", "LEO", "le*", "l?o", "lion", "198.51.100.*", "*the Lion"])
def test_people_are_found_by_nick_mask_name_and_host(maya: Person, leo: Person, mask: str) -> None:
    """ "Servers MAY match other user-specific values, such as the hostname, server, real name or username"."""
    assert nicks(maya.asks(f"WHO :{mask}")) == {"leo"}


@pytest.mark.parametrize("line", ["WHO", "WHO *"])
def test_everybody_is_everybody(scene: Scene, maya: Person, leo: Person, line: str) -> None:
    """All visible users match the mask that all match."""
    scene.enter("tom")
    assert nicks(maya.asks(line)) == {"maya", "leo", "tom"}


def test_whom_nothing_matches_are_nobody(maya: Person) -> None:
    """ "zero, one or more RPL_WHOREPLY"."""
    assert commands(maya.asks("WHO nobody", "WHO #nowhere", "WHO :")) == ["315", "315", "315"]


def test_the_invisible_are_found_by_those_who_share_a_room(scene: Scene, maya: Person, leo: Person) -> None:
    """ "Visible users are users who either aren't invisible or have a common channel with the requesting client"."""
    leo.say("MODE leo +i")
    tom = scene.enter("tom")
    assert nicks(maya.asks("WHO *")) == {"maya", "leo", "tom"}
    assert nicks(tom.asks("WHO *")) == {"maya", "tom"}
    assert nicks(tom.asks("WHO #room")) == {"maya"}
    assert nicks(tom.asks("WHO leo")) == {"leo"}
    assert nicks(leo.asks("WHO *")) == {"maya", "leo", "tom"}


def test_a_secret_room_has_nobody_for_outsiders(scene: Scene, maya: Person) -> None:
    """Nor does it show as the channel of those in it."""
    maya.say("MODE #room +s")
    tom = scene.enter("tom")
    assert commands(tom.asks("WHO #room")) == ["315"]
    assert params(tom.asks("WHO maya"), "352")[1] == "*"


def test_who_shares_no_room_is_shown_without(scene: Scene, maya: Person) -> None:
    """ "Otherwise <channel> is an arbitrary channel [...] or a literal asterisk"."""
    assert params(scene.enter("tom").asks("WHO maya"), "352")[1] == "*"


def test_ranks_are_those_in_the_channel_shown(scene: Scene, maya: Person, leo: Person) -> None:
    """ "the highest channel membership prefix that the client has in <channel>"."""
    maya.say("MODE #room +v leo")
    heard = every(maya.asks("WHO #room"), "352")
    assert [line.params[6] for line in heard] == ["H@", "H+"]


def test_operators_of_the_server_are_nobody(maya: Person, leo: Person) -> None:
    """With the flag o only operators are returned, and this server has none."""
    assert commands(maya.asks("WHO * o", "WHO #room o%n", "WHO leo o")) == ["315", "315", "315"]


# WHOX


def test_whox_is_announced(scene: Scene) -> None:
    """ "Servers supporting this specification MUST include the WHOX token in RPL_ISUPPORT without any value"."""
    heard = scene.connect().asks("NICK maya", "USER maya 0 * :Maya")
    assert "WHOX" in [token for line in every(heard, "005") for token in line.params]


def test_all_fields_come_in_the_order_of_the_specification(maya: Person, leo: Person) -> None:
    """ "Servers MUST send the fields in the order specified above", whatever the order asked in."""
    where = ("42", "#room", "lion", "255.255.255.255", "198.51.100.4", "hub.example")
    who = ("leo", "H", "0", "0", "Leopold", "n/a", "Leo the Lion")
    for letters in ("tcuihsnfdlaor", "roaldfnshiuct"):
        heard = maya.asks(f"WHO leo %{letters},42")
        assert params(heard, "354") == ("maya", *where, *who)
        assert commands(heard) == ["354", "315"]


@pytest.mark.parametrize(
    ("letter", "value"),
    [
        ("c", "#room"),
        ("u", "lion"),
        ("i", "255.255.255.255"),
        ("h", "198.51.100.4"),
        ("s", "hub.example"),
        ("n", "leo"),
        ("f", "H"),
        ("d", "0"),
        ("l", "0"),
        ("a", "Leopold"),
        ("o", "n/a"),
        ("r", "Leo the Lion"),
    ],
)
def test_each_field_can_be_asked_for_alone(maya: Person, leo: Person, letter: str, value: str) -> None:
    """ "Exactly the fields requested by the client MUST be returned by the server"."""
    assert params(maya.asks(f"WHO leo %{letter}"), "354") == ("maya", value)


def test_the_order_asked_in_does_not_matter(maya: Person, leo: Person) -> None:
    """ "Servers MUST NOT rely on the ordering of the fields"."""
    answers = {params(maya.asks(f"WHO leo %{''.join(letters)}"), "354") for letters in permutations("cna")}
    assert answers == {("maya", "#room", "leo", "Leopold")}


@pytest.mark.parametrize(
    ("asked", "sent"),
    [("7", "7"), ("007", "007"), ("", "0"), ("1234", "0"), ("abc", "0"), ("\u0663", "0"), (":x", "0")],
)
def test_a_token_is_up_to_three_digits(maya: Person, asked: str, sent: str) -> None:
    """ "The token MUST contain only digit characters and MUST contain at most 3 characters"."""
    assert params(maya.asks(f"WHO maya %tn,{asked}"), "354") == ("maya", sent, "maya")


def test_unknown_fields_are_ignored(maya: Person) -> None:
    """ "Servers MUST ignore any non-standard field they don't support"."""
    assert params(maya.asks("WHO maya %nZ9!"), "354") == ("maya", "maya")
    assert commands(maya.asks("WHO maya %", "WHO maya %Z")) == ["315", "315"]


def test_guests_have_the_account_zero(maya: Person) -> None:
    """ "0 is used for [account] when the user is logged out"."""
    assert params(maya.asks("WHO maya %a"), "354")[1] == "0"


def test_an_address_is_shown_to_its_owner(maya: Person, leo: Person) -> None:
    """ "255.255.255.255 is used for [ip] when the server refuses to disclose the IP address"."""
    assert params(maya.asks("WHO maya %i"), "354")[1] == "192.0.2.7"


def test_idle_time_counts_from_the_last_word(scene: Scene, maya: Person, leo: Person) -> None:
    """The number of seconds the user has been idle for."""
    scene.pass_time(90)
    assert params(maya.asks("WHO leo %l"), "354")[1] == "90"
    leo.say("PRIVMSG #room :hi")
    assert params(maya.asks("WHO leo %l"), "354")[1] == "0"
