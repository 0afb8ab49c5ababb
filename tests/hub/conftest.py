"""A fresh hall for every test of the hub."""

import pytest

from tests.hub.hall import Hall


@pytest.fixture
def hall() -> Hall:
    return Hall()
