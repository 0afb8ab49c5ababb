"""Porches for the tests of doors, at which nothing of ours may go wrong."""

from collections.abc import Callable, Iterator

import pytest

from tests.doors.porch import Porch


@pytest.fixture
def build() -> Iterator[Callable[..., Porch]]:
    """Makes a porch; what it is given is what Porch is given."""
    made: list[Porch] = []

    def make(**options: object) -> Porch:
        made.append(Porch(**options))  # type: ignore[arg-type]  # Porch says what it takes
        return made[-1]

    yield make
    assert [fault for porch in made for fault in porch.faults] == []


@pytest.fixture
def porch(build: Callable[..., Porch]) -> Porch:
    return build()
