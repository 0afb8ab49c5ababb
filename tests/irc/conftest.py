"""A house for each test of the IRC dialect, in which nothing of ours may go wrong."""

from collections.abc import Iterator

import pytest

from tests.scene import Scene


@pytest.fixture
def scene() -> Iterator[Scene]:
    made = Scene()
    yield made
    assert made.faults == []
