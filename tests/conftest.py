"""Settings that every test shares."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from hubbub import logs

# A busy machine is slow, not wrong: time is bounded per test (pytest-timeout), not per example.
settings.register_profile("hubbub", deadline=None, print_blob=True)
settings.load_profile("hubbub")


@pytest.fixture(scope="session", autouse=True)
def no_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """What programs remember of servers, they remember in a place of the tests' own."""
    home = tmp_path_factory.mktemp("config")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CONFIG_HOME", str(home))
        patch.setenv("XDG_STATE_HOME", str(tmp_path_factory.mktemp("state")))
        yield home


@pytest.fixture(autouse=True)
def _log_put_back() -> Iterator[None]:
    """A process has one log: whatever a test makes of it, the next one finds it as it was."""
    yield
    logs.configure()
