"""A stage of its own for every test of the path."""

import pytest

from tests.server.stage import Stage


@pytest.fixture
def stage() -> Stage:
    return Stage()
