"""ISUPPORT on demand, and the network's icon.

https://ircv3.net/specs/extensions/extended-isupport and https://ircv3.net/specs/extensions/network-icon
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from hubbub.dialects.irc.dialect import Settings
from hubbub.wire.line import parse
from tests.irc.lines import commands, every
from tests.scene import Scene


def test_before_registration_it_is_told_to_those_who_ask_for_it(scene: Scene) -> None:
    """ "the server MUST accept ISUPPORT commands before connection registration completes"."""
    maya = scene.connect()
    maya.say("CAP REQ draft/extended-isupport")
    heard = maya.asks("ISUPPORT")
    assert set(commands(heard)) == {"005"}
    assert {line.params[0] for line in every(heard, "005")} == {"*"}


def test_others_register_first(scene: Scene) -> None:
    """Old clients take 005 for the end of registration."""
    assert commands(scene.connect().asks("ISUPPORT")) == ["451"]


def test_afterwards_everybody_may_ask(scene: Scene) -> None:
    """ "the server MUST reply with one or more RPL_ISUPPORT messages"."""
    assert set(commands(scene.enter("tom").asks("ISUPPORT"))) == {"005"}


@pytest.mark.parametrize("caps", ["batch draft/extended-isupport", "draft/extended-isupport batch"])
def test_with_both_capabilities_all_of_it_is_batched(scene: Scene, caps: str) -> None:
    """ "The server MUST NOT send any unbatched RPL_ISUPPORT message", whether in the welcome, VERSION or ISUPPORT."""
    maya = scene.connect()
    maya.say(f"CAP REQ :{caps}")
    maya.hears()
    maya.say("CAP END", "NICK maya", "USER m 0 * :Maya")
    welcome = maya.reads()
    for heard in (welcome, *([parse(line) for line in maya.asks(said)] for said in ("VERSION", "ISUPPORT"))):
        start, *_ = (line for line in heard if line.command == "BATCH")
        assert start.params[1:] == ("draft/isupport",)
        tokens = [line for line in heard if line.command == "005"]
        assert tokens
        assert {line.tags["batch"] for line in tokens} == {start.params[0][1:]}


@pytest.mark.parametrize(
    ("url", "token"),
    [
        ("https://example.org/icon.svg", "draft/ICON=https://example.org/icon.svg"),
        ("https://example.org/a icon?x=1", "draft/ICON=https://example.org/a\\x20icon?x\\x3D1"),
    ],
)
def test_an_icon_is_told_where_there_is_one(build: Callable[..., Scene], url: str, token: str) -> None:
    """ "If a server publishes a draft/ICON ISUPPORT token, the value MUST be a URL to an image"."""
    heard = build(settings=Settings(icon_url=url)).enter("maya").asks("ISUPPORT")
    assert token in [word for line in every(heard, "005") for word in line.params]
    heard = build().enter("maya").asks("ISUPPORT")
    assert not [word for line in every(heard, "005") for word in line.params if word.startswith("draft/ICON")]


def test_what_changes_is_told_again(build: Callable[..., Scene]) -> None:
    """ "If the value of a parameter changes, the server SHOULD re-advertise the parameter with the new value"."""
    scene = build(settings=Settings(icon_url="https://example.org/icon.svg", page=500))
    maya, newcomer = scene.enter("maya"), scene.connect()
    scene.irc.adopt(Settings(page=700))
    scene.turn()
    assert maya.hears() == [":hub.example 005 maya CHATHISTORY=700 -draft/ICON :are supported by this server"]
    scene.irc.adopt(Settings(page=700, motd=("tea",)))
    scene.turn()
    assert (maya.hears(), newcomer.hears()) == ([], [])


def test_where_files_are_shared_is_told_where_they_are(scene: Scene) -> None:
    """ "Its value MUST be a URI", under the name that clients know today and the one it is to have."""
    maya = scene.enter("maya")
    assert not [line for line in maya.asks("ISUPPORT") if "FILEHOST" in line]
    scene.irc.share_files_at("https://files.example.org/up")
    scene.turn()
    url = "https://files.example.org/up"
    sentence = ":are supported by this server"
    assert maya.hears() == [f":hub.example 005 maya draft/FILEHOST={url} soju.im/FILEHOST={url} {sentence}"]
    tokens = [word for line in every(maya.asks("ISUPPORT"), "005") for word in line.params]
    assert {f"draft/FILEHOST={url}", f"soju.im/FILEHOST={url}"} <= set(tokens)
