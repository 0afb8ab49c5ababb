"""Houses for the tests of the IRC dialect, in which nothing of ours may go wrong."""

from collections.abc import Callable, Iterator

import pytest

from tests.scene import Scene


@pytest.fixture
def build() -> Iterator[Callable[..., Scene]]:
    """Makes a scene; what it is given is what Scene is given."""
    made: list[Scene] = []

    def make(**options: object) -> Scene:
        made.append(Scene(**options))  # type: ignore[arg-type]  # Scene says what it takes
        return made[-1]

    yield make
    assert [fault for scene in made for fault in scene.faults] == []


@pytest.fixture
def scene(build: Callable[..., Scene]) -> Scene:
    return build()
