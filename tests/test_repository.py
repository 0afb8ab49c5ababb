"""What the repository says about itself."""

import re
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

import hubbub

ROOT = Path(__file__).parent.parent
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))


def test_the_version_is_the_one_the_package_was_built_with() -> None:
    """`hubbub.__version__` and the installed metadata agree."""
    assert hubbub.__version__ == version("hubbub")


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_a_lock_names_no_host_and_no_path(lock: Path) -> None:
    """A lock holds names, versions, markers and hashes, so it works with any index."""
    assert not re.search(r"://|^-|^\s*#|/", lock.read_text(), re.MULTILINE)


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_every_locked_version_has_a_hash(lock: Path) -> None:
    """Each requirement in a lock is pinned with == and followed by at least one sha256."""
    requirements = [entry for entry in re.split(r"\n(?=\S)", lock.read_text()) if entry]
    assert all("==" in entry and "--hash=sha256:" in entry for entry in requirements)


def test_importing_the_package_imports_no_library() -> None:
    """`import hubbub` stays quick: it loads nothing but itself."""
    code = "import sys; old = set(sys.modules); import hubbub; print(*sorted(set(sys.modules) - old))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=30)
    assert done.stdout.split() == ["hubbub"]


def test_who_only_talks_loads_no_configuration() -> None:
    """The screen of `hubbub join` waits for nothing that is a server's."""
    code = "import sys; import hubbub.cli.join; sys.exit('hubbub.config' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=30).returncode == 0
