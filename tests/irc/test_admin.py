"""Who runs the server and how it is: ADMIN, LINKS, STATS, USERS, SUMMON.

https://modern.ircdocs.horse/#server-queries-and-commands
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from hubbub.dialects.irc.dialect import OperatorLogin, Settings
from tests.irc.lines import commands, every, params
from tests.scene import Person, Scene

SETTINGS = Settings(
    description="Maya's house",
    admin=("Maya", "Tea Street 7", "maya@example.org"),
    operators={"root": OperatorLogin("secret", "moderator")},
)


@pytest.fixture
def scene(build: Callable[..., Scene]) -> Scene:
    return build(settings=SETTINGS)


@pytest.fixture
def tom(scene: Scene) -> Person:
    return scene.enter("tom")


@pytest.fixture
def maya(scene: Scene) -> Person:
    """An operator."""
    person = scene.enter("maya")
    person.asks("OPER root secret")
    return person


def test_admin_tells_who_runs_it(tom: Person) -> None:
    """ "RPL_ADMINME, RPL_ADMINLOC1, RPL_ADMINLOC2, and RPL_ADMINEMAIL"."""
    heard = tom.asks("ADMIN")
    assert commands(heard) == ["256", "257", "258", "259"]
    assert params(heard, "256")[1] == "hub.example"
    assert params(heard, "259")[1] == "maya@example.org"
    assert commands(tom.asks("ADMIN hub.example")) == ["256", "257", "258", "259"]


def test_nobody_is_named_where_nobody_was(build: Callable[..., Scene]) -> None:
    """ERR_NOADMININFO; fewer lines are fewer numerics."""
    assert params(build().enter("tom").asks("ADMIN"), "423")[1] == "hub.example"
    assert commands(build(settings=Settings(admin=("Maya",))).enter("tom").asks("ADMIN")) == ["256", "257"]


@pytest.mark.parametrize("line", ["ADMIN elsewhere.example", "STATS u elsewhere.example"])
def test_there_is_no_other_server(tom: Person, line: str) -> None:
    """ERR_NOSUCHSERVER."""
    assert params(tom.asks(line), "402")[1] == "elsewhere.example"


def test_links_are_for_those_who_run_them(maya: Person, tom: Person) -> None:
    """ "Servers MAY omit some or all servers on the network, including itself"; the end is told to all."""
    assert tom.asks("LINKS") == [":hub.example 365 tom * :End of LINKS"]
    assert maya.asks("LINKS")[0] == ":hub.example 364 maya hub.example hub.example :0 Maya's house"


def test_stats_u_tells_the_uptime(scene: Scene, tom: Person) -> None:
    """RPL_STATSUPTIME "Server Up %d days %d:%02d:%02d"."""
    scene.clock.advance(2 * 86_400 + 3 * 3_600 + 4 * 60 + 5)
    heard = tom.asks("STATS u")
    assert params(heard, "242")[1] == "Server Up 2 days 3:04:05"
    assert params(heard, "219")[:2] == ("tom", "u")


def test_stats_o_names_operators_to_operators(maya: Person, tom: Person) -> None:
    """A login is half of what one needs to become one."""
    assert [line.params[1:] for line in every(maya.asks("STATS o"), "243")] == [("O", "*", "root", "maya", "moderator")]
    assert commands(tom.asks("STATS o")) == ["219"]


@pytest.mark.parametrize("line", ["STATS x", "STATS ?"])
def test_other_letters_end_at_once(tom: Person, line: str) -> None:
    """Clients wait for 219."""
    assert commands(tom.asks(line)) == ["219"]
    assert commands(tom.asks("STATS")) == ["461"]


def test_what_there_is_none_of_is_said(tom: Person) -> None:
    """ERR_USERSDISABLED, ERR_SUMMONDISABLED."""
    assert commands(tom.asks("USERS", "SUMMON maya")) == ["446", "445"]
