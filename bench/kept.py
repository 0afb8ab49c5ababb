"""What long runs found last: docs/long-runs.json, which `python -m tests.reliability` puts into docs/reliability.md."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from tempfile import gettempdir

from bench.machine import describe

FILE = Path(__file__).parent.parent / "docs" / "long-runs.json"


def keep(name: str, figures: Mapping[str, object], file: Path = FILE) -> None:
    """Replaces what the run of this name found before; `figures` have words for names."""
    about = describe(Path(gettempdir()))
    found = {
        "date": datetime.now(UTC).date().isoformat(),
        "commit": about["commit"],
        "machine": f"{about['cores']} x {about['cpu']}, {about['memory']}, {about['system']}",
        "figures": dict(figures),
    }
    file.write_text(json.dumps({**read(file), name: found}, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def read(file: Path = FILE) -> dict[str, dict[str, object]]:
    """By name: date, commit, machine and figures of the run that kept them last."""
    found: dict[str, dict[str, object]] = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    return found
