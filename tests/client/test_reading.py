"""Each line that tells of a conversation becomes one happening, live or from history."""

from datetime import UTC, datetime
from typing import Any

import pytest

from hubbub.client.events import (
    Invited,
    Joined,
    Kicked,
    ModeSet,
    Parted,
    Quit,
    Renamed,
    Said,
    Tagged,
    TopicSet,
)
from hubbub.client.mirror import Mirror
from hubbub.client.reading import READERS, Scene, parse_time, read
from hubbub.client.reflect import reflect
from hubbub.wire.line import parse

NOW = datetime(2025, 11, 20, 9, 12, tzinfo=UTC)


def scene(page: str = "") -> Scene:
    mirror = Mirror("leo")
    for line in (":v 005 leo STATUSMSG=@ :are supported", ":leo!l@x JOIN #general", ":maya!m@x JOIN #general"):
        reflect(mirror, parse(line))
    return Scene(mirror, NOW, page)


def test_a_message_is_said_in_the_room_it_was_sent_to() -> None:
    """With the server's time and name for it."""
    said = read(parse("@time=2025-11-20T09:10:00.250Z;msgid=m1 :maya!m@x PRIVMSG #general :hi"), scene())
    assert isinstance(said, Said)
    assert said.at == datetime(2025, 11, 20, 9, 10, 0, 250_000, tzinfo=UTC)
    assert (said.nick, said.conversation, said.text, said.kind, said.msgid, said.own, said.history) == (
        "maya",
        "#general",
        "hi",
        "message",
        "m1",
        False,
        False,
    )


@pytest.mark.parametrize(
    ("line", "conversation", "own"),
    [
        (":maya!m@x PRIVMSG leo :hi", "maya", False),
        (":leo!l@x PRIVMSG maya :hi", "maya", True),
        (":leo!l@x PRIVMSG leo :hi", "leo", True),
        (":maya!m@x PRIVMSG @#general :ops only", "#general", False),
        (":irc.village NOTICE leo :welcome", "irc.village", False),
    ],
)
def test_a_private_message_belongs_to_the_other_person(line: str, conversation: str, own: bool) -> None:
    """Whoever of the two said it."""
    said = read(parse(line), scene())
    assert isinstance(said, Said)
    assert (said.conversation, said.own) == (conversation, own)


@pytest.mark.parametrize(
    ("text", "kind", "shown"),
    [
        ("\x01ACTION waves\x01", "action", "waves"),
        ("\x01ACTION waves", "action", "waves"),
        ("\x01ACTION\x01", "action", ""),
        ("\x01ACTION", "action", ""),
        ("\x01ACTIONS\x01", "ctcp", "ACTIONS"),
        ("\x01VERSION\x01", "ctcp", "VERSION"),
        ("no\x01ACTION", "message", "no\x01ACTION"),
    ],
)
def test_an_action_is_unwrapped(text: str, kind: str, shown: str) -> None:
    """CTCP has two ends, of which some leave out the second."""
    said = read(parse(f":maya!m@x PRIVMSG #general :{text}"), scene())
    assert isinstance(said, Said)
    assert (said.kind, said.text) == (kind, shown)


def test_every_command_of_a_conversation_is_read() -> None:
    """One line of each, and what it says."""
    here = scene()
    common: dict[str, Any] = {"at": NOW, "nick": "maya", "conversation": "#general"}
    assert read(parse(":maya!m@x JOIN #general mayacc :Maya M"), here) == Joined(
        **common, account="mayacc", realname="Maya M"
    )
    assert read(parse(":maya!m@x PART #general :bye"), here) == Parted(**common, reason="bye")
    assert read(parse(":maya!m@x TOPIC #general :Lunch"), here) == TopicSet(**common, topic="Lunch")
    assert read(parse(":maya!m@x MODE #general +o leo"), here) == ModeSet(**common, modes="+o leo")
    assert read(parse("@+typing=active :maya!m@x TAGMSG #general"), here) == Tagged(
        **common, target="#general", tags={"+typing": "active"}
    )
    assert read(parse(":maya!m@x INVITE leo #general"), here) == Invited(**common, who="leo", own=True)
    assert read(parse(":maya!m@x KICK #general leo :out"), here) == Kicked(
        at=NOW, nick="leo", conversation="#general", own=True, by="maya", reason="out"
    )
    rooms: dict[str, Any] = {"at": NOW, "nick": "maya", "rooms": ("#general",)}
    assert read(parse(":maya!m@x QUIT :gone"), here) == Quit(**rooms, reason="gone")
    assert read(parse(":maya!m@x NICK maja"), here) == Renamed(**rooms, new="maja")


@pytest.mark.parametrize(
    "line", [":tom!t@x JOIN #general", ":tom!t@x QUIT", ":tom!t@x NICK tim", ":tom!t@x PRIVMSG leo x"]
)
def test_a_line_of_a_page_belongs_to_the_page(line: str) -> None:
    """Tom is nowhere to be seen now; in the page of that day he is in the room."""
    event = read(parse(line), scene(page="#general"))
    assert event is not None
    assert (event.conversation, event.history) == ("#general", True)


def test_account_star_is_no_account() -> None:
    """extended-join: "If the client is not logged in, the account is *"."""
    event = read(parse(":tom!t@x JOIN #general * :Tom"), scene())
    assert isinstance(event, Joined)
    assert event.account == ""


@pytest.mark.parametrize("command", sorted(READERS))
def test_a_line_that_is_too_short_or_from_nobody_tells_nothing(command: str) -> None:
    """Only QUIT has nothing but a source."""
    assert read(parse(command), scene()) is None
    assert command == "QUIT" or read(parse(f":maya!m@x {command}"), scene()) is None


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("2025-11-20T09:10:00.250Z", datetime(2025, 11, 20, 9, 10, 0, 250_000, tzinfo=UTC)),
        ("2025-11-20T10:10:00+01:00", datetime(2025, 11, 20, 9, 10, tzinfo=UTC)),
        ("2025-11-20T09:10:00", datetime(2025, 11, 20, 9, 10, tzinfo=UTC)),
        ("yesterday", NOW),
        ("", NOW),
        ("0001-01-01T00:00:00+14:00", NOW),
        ("9999-12-31T23:59:59Z", NOW),
        ("1969-12-31T23:59:59Z", NOW),
    ],
)
def test_times_are_in_utc_or_not_believed(text: str, at: datetime) -> None:
    """What cannot be reckoned with is replaced by now."""
    assert parse_time(text, NOW) == at
    assert parse_time(text, NOW).tzinfo is UTC


def test_a_line_about_what_has_no_name_tells_nothing() -> None:
    """Nothing could be said to it: nobody is renamed to nobody."""
    at = scene()
    for line in (":maya!m@x NICK :", ":maya!m@x PRIVMSG  :hi"):
        assert read(parse(line), at) is None
        reflect(at.mirror, parse(line))
    assert "maya" in at.mirror.names(at.mirror.rooms["#general"])
