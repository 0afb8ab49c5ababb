"""What the promises share: a seed that is shown where one is broken, and a place in memory for many small disks."""

import os
import random
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from tests.stores.conftest import files

__all__ = ["files"]


@pytest.fixture
def chance(request: pytest.FixtureRequest) -> Random:
    """Chance with a seed, which HUBBUB_SEED repeats."""
    seed = int(os.environ.get("HUBBUB_SEED") or random.randrange(1 << 32))
    request.node.add_report_section("call", "chance", f"HUBBUB_SEED={seed} repeats this")
    return Random(seed)


@pytest.fixture
def memory() -> Iterator[Path]:
    """A directory in memory, where syncing costs nothing; an ordinary one where there is none."""
    shared = Path("/dev/shm")
    path = Path(tempfile.mkdtemp(prefix="hubbub-", dir=shared if shared.is_dir() else None))
    yield path
    shutil.rmtree(path)
