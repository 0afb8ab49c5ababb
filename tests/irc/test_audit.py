"""AUDIT: who did what, for those who may ask."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from hubbub.dialects.irc.commands import audit
from hubbub.dialects.irc.commands.audit import WORDS
from hubbub.dialects.irc.dialect import OperatorLogin, Settings
from hubbub.hub.events import AUDIT
from hubbub.hub.ports import Window
from hubbub.stores.rows import KINDS
from tests.irc.lines import commands, only
from tests.irc.owners import owner, person, said
from tests.scene import Person, Scene

SETTINGS = Settings(operators={"root": OperatorLogin("secret", "admin"), "mod": OperatorLogin("secret", "moderator")})


@pytest.fixture
def scene(build: Callable[..., Scene]) -> Scene:
    return build(settings=SETTINGS)


@pytest.fixture
def root(scene: Scene) -> Person:
    """An admin."""
    return operator(scene, "priya", "root")


def operator(scene: Scene, nick: str, login: str) -> Person:
    one = scene.enter(nick)
    one.say(f"OPER {login} secret")
    return one


def deeds(lines: list[str]) -> list[str]:
    """The lines without their times and who did it."""
    return [line.split(" ", 2)[2].removeprefix("(maya) ").removeprefix("(leo) ") for line in lines]


def test_what_is_done_to_an_owned_room_is_kept(scene: Scene) -> None:
    """In words, in order; what is done to rooms of the moment is not."""
    maya = owner(scene, "maya", "#tea")
    leo = person(scene, "leo", rooms=("#tea",))
    scene.enter("sam", rooms=["#other"]).say("TOPIC #other :mine", "MODE #other +m")
    maya.say("CS ACCESS #tea ADD leo op", "CS SET #tea retention 7", "CS FILTER #tea ADD spam", "CS FILTER #tea ADD b")
    leo.say("TOPIC #tea :Assam", "MODE #tea +m")
    maya.say("CS BAN #tea leo loud", "RENAME #tea #coffee :better", "CS ACCESS #coffee DEL leo")
    assert deeds(said(maya, "CS AUDIT #coffee")) == [
        "made maya the owner of #tea",
        "gave leo +o in #tea",
        "set +o leo in #tea",
        "set retention of #tea to 7",
        "set filter of #tea to spam",
        "set filter of #tea to spam, b",
        "set the topic of #tea: Assam",
        "set +m in #tea",
        "set +b a:leo in #tea (loud)",
        "put leo out of #tea (loud)",
        "renamed #tea to #coffee (better)",
        "took the access of leo to #coffee",
    ]


def test_what_is_taken_back_from_others_is_kept(scene: Scene) -> None:
    """Whose it was and why; not what it said."""
    maya = owner(scene, "maya", "#tea", "message-tags", "draft/message-redaction")
    leo = person(scene, "leo", "message-tags", "echo-message", rooms=("#tea",))
    msgid = only(leo.asks("PRIVMSG #tea :buy my coffee"), "PRIVMSG").tags["msgid"]
    maya.say(f"REDACT #tea {msgid} :spam")
    assert deeds(said(maya, "CS AUDIT #tea"))[-1] == "took back a message of leo in #tea: spam"


def test_each_line_says_when_and_who(scene: Scene) -> None:
    """With the account, where there was one."""
    maya = owner(scene, "maya", "#tea")
    assert said(maya, "CS AUDIT #tea") == [
        "2026-09-21T14:13:20.000Z maya!maya@192.0.2.7 (maya) made maya the owner of #tea"
    ]


def test_the_latest_are_shown_as_many_as_are_asked_for(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many entries about other rooms stand between."""
    monkeypatch.setattr(audit, "_PAGE", 3)
    maya, leo = owner(scene, "maya", "#tea"), owner(scene, "leo", "#coffee")
    for number in range(8):
        maya.say(f"TOPIC #tea :t{number}")
        leo.say(f"TOPIC #coffee :c{number}", "MODE #coffee +m-m")
    assert deeds(said(maya, "CS AUDIT #tea 3")) == [f"set the topic of #tea: t{number}" for number in (5, 6, 7)]


def test_a_room_is_audited_by_those_who_run_it(scene: Scene) -> None:
    """Others do not learn who did what."""
    owner(scene, "maya", "#tea")
    leo = person(scene, "leo", rooms=("#tea",))
    assert said(leo, "CS AUDIT #tea") == ["Only an operator of that channel may do that"]


def test_operators_of_the_server_see_all_of_it(scene: Scene, root: Person) -> None:
    """What they do themselves as well."""
    owner(scene, "maya", "#tea").say("DANCE")
    scene.enter("tom")
    root.say("KILL tom :spam", "WALLOPS :all is well", "UBAN ADD a:tom 1d spam", "UBAN DEL a:tom")
    told = [line.split(" ", 2)[2] for line in said(root, "AUDIT")]
    assert told == [
        "became an operator of the server as root (admin)",
        "(maya) made maya the owner of #tea",
        "disconnected tom (spam)",
        "told everybody: all is well",
        "banned a:tom from the server (spam)",
        "lifted the ban of a:tom",
    ]
    assert len(said(root, "AUDIT 2")) == 2
    assert len(said(root, "CS AUDIT #tea")) == 1


def test_it_takes_the_right_to_read_it(scene: Scene) -> None:
    """Neither users nor moderators."""
    for one in (scene.enter("tom"), operator(scene, "sam", "mod")):
        assert commands(one.asks("AUDIT")) == ["481"]


def test_what_an_admin_does_in_rooms_of_others_is_kept(scene: Scene, root: Person) -> None:
    """Even where nobody owns them."""
    scene.enter("leo", rooms=["#tea"])
    root.say("MODE #tea +m")
    assert said(root, "AUDIT 1")[0].endswith("set +m in #tea")


def test_nobody_reads_it_as_a_conversation(scene: Scene, root: Person) -> None:
    """It is no room and no nick: history, search and targets do not know it."""
    one = scene.enter("tom", "draft/chathistory", "draft/event-playback", "batch")
    assert len(scene.memory.page(AUDIT, Window(9)).result()) == 1
    assert "PRIVMSG" not in commands(one.asks(f"CHATHISTORY LATEST {AUDIT} * 10"))
    assert commands(one.asks(f"CHATHISTORY LATEST {AUDIT} * 10"))[0] in ("FAIL", "BATCH")
    assert one.asks(f"CHATHISTORY LATEST {AUDIT} * 10")[1:-1] == []
    assert commands(one.asks(f"JOIN {AUDIT}")) == ["403"]


def test_what_the_log_keeps_can_be_read(scene: Scene) -> None:
    """Every kind that is put into it has its words and its row."""
    assert set(WORDS) <= {kind for kind, _ in KINDS.values()}
