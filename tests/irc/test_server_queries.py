"""About the server: MOTD, LUSERS, VERSION, TIME, INFO, HELP and ISUPPORT.

https://modern.ircdocs.horse/#server-queries-and-commands
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from hubbub.dialects.irc.dialect import Settings
from hubbub.dialects.irc.registry import COMMANDS, Command
from tests.irc.lines import commands, every, only, params
from tests.scene import RULES, Person, Scene


@pytest.fixture
def maya(scene: Scene) -> Person:
    return scene.enter("maya")


# MOTD


def test_a_message_of_the_day_is_shown_on_arrival_and_on_demand(build: Callable[..., Scene]) -> None:
    """ "servers reply with each line of the MOTD as this numeric", between its start and its end."""
    scene = build(settings=Settings(motd=["Welcome!", "", "Be kind."]))
    arrival = scene.connect().asks("NICK tom", "USER tom 0 * :Tom")
    assert commands(arrival)[-5:] == ["375", "372", "372", "372", "376"]
    heard = scene.enter("maya").asks("MOTD")
    assert [line.params[1] for line in every(heard, "372")] == ["- Welcome!", "- ", "- Be kind."]


def test_no_message_of_the_day_is_said_to_be_none(maya: Person) -> None:
    """ERR_NOMOTD."""
    assert commands(maya.asks("MOTD")) == ["422"]


@pytest.mark.parametrize("verb", ["MOTD", "VERSION", "TIME", "INFO"])
def test_other_servers_are_not_there(scene: Scene, maya: Person, verb: str) -> None:
    """ "Indicates that the given server name does not exist"; one's own may be called by its name or a nick on it."""
    scene.enter("leo")
    assert params(maya.asks(f"{verb} irc.example.net"), "402")[1] == "irc.example.net"
    for here in ("HUB.example", "leo", "*", ":"):
        assert "402" not in commands(maya.asks(f"{verb} {here}"))


# LUSERS


def test_users_are_counted(scene: Scene, maya: Person) -> None:
    """251 to 255, 265 and 266, in this order, with the numbers as parameters where there are any."""
    scene.enter("leo", rooms=["#one", "#two"]).say("MODE leo +i")
    scene.enter("sam").leaves()
    scene.enter("priya")
    scene.connect()
    heard = maya.asks("LUSERS")
    assert commands(heard) == ["251", "252", "253", "254", "255", "265", "266"]
    assert params(heard, "251")[1] == "There are 2 users and 1 invisible on 1 server"
    assert [params(heard, numeric)[1] for numeric in ("252", "253", "254")] == ["0", "1", "2"]
    assert params(heard, "255")[1] == "I have 3 clients and 0 servers"
    for numeric in ("265", "266"):
        assert params(heard, numeric)[1:3] == ("3", "3")


# VERSION, TIME, INFO


def test_the_version_is_told_with_what_is_supported(maya: Person) -> None:
    """ "<version> is the name and version of the software being used"."""
    heard = maya.asks("VERSION")
    assert params(heard, "351")[1:3] == ("hubbub-1.2.3", "hub.example")
    assert "005" in commands(heard)


def test_the_time_is_told_for_programs_and_for_people(maya: Person) -> None:
    """ "Typically only contains the human-readable time, but it may include a UNIX timestamp"."""
    assert params(maya.asks("TIME"), "391") == (
        "maya",
        "hub.example",
        "1790000000",
        "0",
        "Monday 21 September 2026, 14:13:20 UTC",
    )


def test_info_has_an_end(maya: Person) -> None:
    """ "zero or more RPL_INFO replies, followed by one RPL_ENDOFINFO numeric"."""
    heard = commands(maya.asks("INFO"))
    assert heard[-1] == "374"
    assert set(heard[:-1]) == {"371"}


# HELP


def test_help_lists_each_command(maya: Person) -> None:
    """The list is made from the table, so that it can be neither longer nor shorter."""
    heard = maya.asks("HELP")
    names = sorted({row.name for row in COMMANDS.values()})
    assert commands(heard) == ["704", *["705"] * (len(names) + 1), "706"]
    blank, *texts = (line.params[2] for line in every(heard, "705"))
    assert blank == ""
    assert [text.partition(" ")[0] for text in texts] == names


@pytest.mark.parametrize("row", {row.name: row for row in COMMANDS.values()}.values(), ids=lambda row: row.name)
def test_help_explains_each_command(maya: Person, row: Command) -> None:
    """Each row says how it is used and what it does, in a sentence."""
    heard = maya.asks(f"HELP {row.name.lower()}")
    assert {line.params[1] for line in every(heard, "705")} == {row.name}
    texts = [line.params[2] for line in every(heard, "705")]
    assert texts == ["", f"Usage: {row.name} {row.usage}".rstrip(), row.help]
    assert re.fullmatch(r"[A-Z].*\.", row.help)
    assert len(row.usage.split()) >= row.arity


def test_help_on_what_is_not_there_is_one_line(maya: Person) -> None:
    """ "either: reply with a single ERR_HELPNOTFOUND message"; what cannot be repeated "MUST be *"."""
    assert params(maya.asks("HELP nonsense"), "524")[1] == "NONSENSE"
    assert params(maya.asks("HELP :two words"), "524")[1] == "*"


def test_help_is_there_for_newcomers(scene: Scene) -> None:
    """Who does not get in may at least ask how."""
    assert commands(scene.connect().asks("HELP USER"))[0] == "704"


# ISUPPORT


def tokens(person: Person) -> dict[str, str]:
    found = [token for line in every(person.asks("VERSION"), "005") for token in line.params[1:-1]]
    return {key: value for key, _, value in (token.partition("=") for token in found)}


def test_isupport_tells_the_rules_of_the_house(maya: Person) -> None:
    """Clients rely on these to know what they may send and how to read what they get."""
    told = tokens(maya)
    lists, keys, limits, flags = told["CHANMODES"].split(",")
    assert (lists, keys) == ("Ibe", "k")
    assert set("l") <= set(limits)
    assert set("Cimnst") <= set(flags)
    assert {
        "AWAYLEN": "200",
        "CASEMAPPING": "ascii",
        "CHANNELLEN": "64",
        "CHANTYPES": "#",
        "CHATHISTORY": "1000",
        "ELIST": "CMNTU",
        "MSGREFTYPES": "msgid,timestamp",
        "MODES": "20",
        "NICKLEN": "32",
        "PREFIX": "(ohv)@%+",
        "STATUSMSG": "@%+",
        "UTF8ONLY": "",
        "WHOX": "",
    }.items() <= told.items()


def test_isupport_names_each_token_once_and_no_more_than_13_to_a_line(maya: Person) -> None:
    """ "the maximum number of RPL_ISUPPORT tokens that can be advertised is 13", none of them "multiple times"."""
    lines = every(maya.asks("VERSION"), "005")
    names = [token.partition("=")[0] for line in lines for token in line.params[1:-1]]
    assert names == sorted(set(names))
    assert all(1 <= len(line.params) - 2 <= 13 for line in lines)


def test_a_network_may_be_called_anything(build: Callable[..., Scene]) -> None:
    """ "The value MAY contain escape sequences: \\x20 for the space character, \\x5C [...] \\x3D for the equal"."""
    scene = build(rules=replace(RULES, network="Maya's \\ = place"))
    assert tokens(scene.enter("maya"))["NETWORK"] == "Maya's\\x20\\x5C\\x20\\x3D\\x20place"
    welcome = scene.connect().asks("NICK tom", "USER tom 0 * :Tom")
    assert "Maya's \\ = place" in only(welcome, "001").params[1]
