"""The mirror shows who is where, as the server's lines left it."""

import pytest

from hubbub.client.mirror import Mirror, Room, User
from hubbub.client.reflect import REFLECTIONS, reflect
from hubbub.wire.line import parse


def mirror_after(*lines: str) -> Mirror:
    """Leo is in #general with maya, who is an operator, and sam, who has a voice; then this happens."""
    mirror = Mirror("leo")
    scene = (
        ":village 001 leo :Welcome",
        ":village 005 leo PREFIX=(ov)@+ CASEMAPPING=ascii CHANMODES=b,k,l,nt :are supported",
        ":leo!l@home JOIN #general",
        ":village 353 leo = #general :leo @maya!m@work +sam",
    )
    for line in (*scene, *lines):
        reflect(mirror, parse(line))
    return mirror


def general(mirror: Mirror) -> Room:
    room = mirror.room("#General")
    assert room is not None
    return room


def user(mirror: Mirror, nick: str) -> User:
    found = mirror.user(nick)
    assert found is not None
    return found


def names(*lines: str) -> tuple[str, ...]:
    mirror = mirror_after(*lines)
    return mirror.names(general(mirror))


def test_names_stand_in_the_order_of_rank() -> None:
    """Operators first, then voices, then everyone by the alphabet."""
    assert names(":tom!t@x JOIN #general") == ("@maya", "+sam", "leo", "tom")


def test_multi_prefix_shows_all_ranks() -> None:
    """Someone can be operator and have a voice."""
    assert names(":village 353 leo = #general :@+tom") == ("@maya", "@+tom", "+sam", "leo")


@pytest.mark.parametrize(
    ("line", "left"),
    [
        (":sam!s@x PART #general :bye", ("@maya", "leo")),
        (":sam!s@x PART #general", ("@maya", "leo")),
        (":maya!m@x KICK #general sam :out", ("@maya", "leo")),
        (":sam!s@x QUIT :gone", ("@maya", "leo")),
        (":sam!s@x NICK samuel", ("@maya", "+samuel", "leo")),
        (":maya!m@x MODE #general +o-v+b sam sam *!*@bad", ("@maya", "@sam", "leo")),
        (":maya!m@x MODE #general +kl-o key 5 maya", ("+sam", "leo", "maya")),
        (":village 324 leo #general +nt", ("@maya", "+sam", "leo")),
        (":maya!m@x MODE leo +i", ("@maya", "+sam", "leo")),
        (":someone!s@x PART #elsewhere", ("@maya", "+sam", "leo")),
        (":tom!t@x JOIN #elsewhere", ("@maya", "+sam", "leo")),
        (":village 353 leo = #elsewhere :tom", ("@maya", "+sam", "leo")),
    ],
)
def test_members_come_and_go(line: str, left: tuple[str, ...]) -> None:
    """Each command does to the room what it says, and rooms that leo is not in are not kept."""
    assert names(line) == left


@pytest.mark.parametrize("line", [":leo!l@x PART #general", ":maya!m@x KICK #general leo"])
def test_a_room_goes_when_we_do(line: str) -> None:
    """And with it the people only met there."""
    mirror = mirror_after(line)
    assert mirror.room("#general") is None
    assert mirror.user("sam") is None


def test_people_are_kept_as_long_as_one_room_is_shared() -> None:
    """Sam leaves one of two rooms."""
    mirror = mirror_after(":leo!l@x JOIN #demo", ":village 353 leo = #demo :leo sam", ":sam!s@x PART #general")
    assert mirror.rooms_with("sam") == ("#demo",)
    assert mirror.user("sam") is not None


@pytest.mark.parametrize(
    ("line", "topic"),
    [
        (":village 332 leo #general :Lunch at 12", "Lunch at 12"),
        (":maya!m@x TOPIC #general :Lunch at 12", "Lunch at 12"),
        (":maya!m@x TOPIC #general :", ""),
        (":village 331 leo #general :No topic is set", ""),
        (":village 332 leo #elsewhere :x", ""),
    ],
)
def test_the_topic_is_the_last_one_heard(line: str, topic: str) -> None:
    """Told on joining, set by others, or none."""
    assert general(mirror_after(line)).topic == topic


def test_what_is_told_of_people_is_kept() -> None:
    """Account, real name, host and absence, each by its own extension."""
    mirror = mirror_after(
        ":tom!t@x JOIN #general tomas :Tom Thumb",
        ":sam!s@x ACCOUNT samuel",
        ":sam!s@x AWAY :lunch",
        ":sam!s@x SETNAME :Samuel X",
        ":sam!s@x CHGHOST s2 y",
    )
    assert user(mirror, "tom") == User("tom", "t", "x", "tomas", "Tom Thumb", None)
    assert user(mirror, "sam") == User("sam", "s2", "y", "samuel", "Samuel X", "lunch")
    reflect(mirror, parse(":sam!s@x AWAY"))
    reflect(mirror, parse(":sam!s@x ACCOUNT *"))
    assert (user(mirror, "sam").away, user(mirror, "sam").account) == (None, "")


def test_we_know_ourselves() -> None:
    """Nick, account and host as the server has them."""
    mirror = mirror_after(":leo!l@home NICK Leonard", ":village 900 leo leo!l@h leon :You are logged in")
    assert (mirror.nick, mirror.account, mirror.is_me("LEONARD")) == ("Leonard", "leon", True)
    reflect(mirror, parse(":village 396 leo cloak.example :is now your visible host"))
    assert user(mirror, "leonard").host == "cloak.example"
    reflect(mirror, parse(":village 396 leo me@cloak :is now your visible host"))
    assert (user(mirror, "leonard").user, user(mirror, "leonard").host) == ("me", "cloak")
    reflect(mirror, parse(":Leonard!l@home ACCOUNT *"))
    assert mirror.account == ""
    reflect(mirror, parse(":village 901 leo x :You are logged out"))
    assert mirror.account == ""


def test_of_strangers_nothing_is_kept() -> None:
    """Away, account and host of someone we share no room with."""
    mirror = mirror_after(
        ":tom!t@x AWAY :x", ":tom!t@x ACCOUNT t", ":tom!t@x SETNAME :T", ":tom!t@x CHGHOST a b", ":tom!t@x NICK tim"
    )
    assert mirror.user("tom") is mirror.user("tim") is None


@pytest.mark.parametrize("command", sorted(REFLECTIONS))
def test_a_line_that_is_too_short_changes_nothing(command: str) -> None:
    """A server is a peer like any other: what it leaves out is not made up."""
    assert names(f":village {command}", command) == ("@maya", "+sam", "leo")
