"""Run what shows the promises and the attacks, and write docs/reliability.md: python -m tests.reliability [-n 2]"""

import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from tempfile import gettempdir

import pytest

from bench import kept, machine
from tests.reliability.claims import ROOT, chapters
from tests.reliability.outcomes import Outcomes
from tests.reliability.page import PAGE, SECTIONS, render


def main() -> int:
    """What pytest's status is. The page is written where tests fail, too, and says so."""
    outcomes, began = Outcomes(), time.monotonic()
    files = [chapter.file for _, pattern in SECTIONS for chapter in chapters(pattern)]
    status = pytest.main(["--rootdir", str(ROOT), *sys.argv[1:], *(str(ROOT / file) for file in files)], [outcomes])
    PAGE.write_text(render(outcomes, _about(time.monotonic() - began), kept.read()), encoding="utf-8")
    print(f"written to {PAGE}")
    return int(status)


def _about(seconds: float) -> dict[str, str]:
    """The day, the commit and the machine."""
    found = machine.describe(Path(gettempdir()))
    return {
        "on": datetime.now(UTC).date().isoformat(),
        "at commit": found["commit"],
        "with": f"{found['python']}, {found['kernel']}, {found['cores']} x {found['cpu']}",
        "in": f"{seconds / 60:.1f} minutes",
    }


if __name__ == "__main__":
    sys.exit(main())
