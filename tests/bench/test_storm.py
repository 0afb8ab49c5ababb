"""The storm, small: all are cut at once, and come back to all that they missed, each message once."""

from __future__ import annotations

import asyncio

import pytest

from bench.house import house
from bench.storm import By, storm


@pytest.mark.parametrize("by", ["cut", "restart"])
def test_everybody_has_all_of_it_and_nothing_twice(by: By) -> None:
    """Whether the network cuts them or the server starts anew; nobody is refused."""
    with house() as server:
        found = asyncio.run(storm(server, people=20, rooms=2, missed=2, by=by))
    assert (found.lost, found.doubled, found.refused) == (0, 0, 0)
