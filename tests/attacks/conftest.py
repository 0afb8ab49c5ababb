"""The house that is attacked, and what other rooms' tests have for attacks that need no socket, or a browser."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.attacks.house import House
from tests.irc.conftest import build, scene
from tests.net.conftest import pair, run
from tests.web.conftest import browser, own, shared, visit

__all__ = ["browser", "build", "own", "pair", "run", "scene", "shared", "visit"]


@pytest.fixture(scope="session")
def whole_house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    house = House(tmp_path_factory.mktemp("attacks"))
    yield house
    house.close()


@pytest.fixture
def house(whole_house: House) -> Iterator[House]:
    """Whatever is done to it, it goes on, and nothing of its own goes wrong; connections end with the test."""
    faults = whole_house.log.count("Traceback")
    yield whole_house
    assert whole_house.knock().asks("PING x")[0].command == "PONG"
    whole_house.hang_up()
    assert whole_house.log.count("Traceback") == faults
