"""What `contrib/` has fits the program: the commands exist, and so does what they are made of."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from hubbub.cli.serve import serve
from hubbub.config.endpoint import parse

ROOT = Path(__file__).parent.parent
UNIT = (ROOT / "contrib" / "hubbub.service").read_text()
CONTAINER = (ROOT / "contrib" / "Containerfile").read_text()


def understood(words: Sequence[str]) -> dict[str, Any]:
    """The options of `hubbub serve`; click ends the test where there is no such one."""
    assert words[0] == "serve"
    return serve.make_context("serve", list(words[1:])).params


def setting(name: str) -> str:
    found = re.search(rf"^{name}=(.*)$", UNIT, re.MULTILINE)
    assert found is not None
    return found[1]


def test_the_unit_starts_a_server_on_a_directory_that_it_makes_for_it() -> None:
    program, *words = shlex.split(setting("ExecStart"))
    assert Path(program).name == "hubbub"
    assert understood(words)["data"] == Path("/var/lib") / setting("StateDirectory")


def test_the_unit_waits_for_what_the_server_says() -> None:
    """It is ready when it says so, and has twice the time to end that it promises to take."""
    assert setting("Type") == "notify"
    assert int(setting("TimeoutStopSec")) >= 10
    assert "HUP" in setting("ExecReload")


def test_the_container_is_made_of_what_is_there() -> None:
    sources = " ".join(re.findall(r"^COPY (.+) \S+$", CONTAINER, re.MULTILINE)).split()
    assert "src" in sources
    assert [source for source in sources if not (ROOT / source).exists()] == []


def test_the_container_opens_the_ports_that_it_names() -> None:
    words = re.search(r"^CMD (\[.+\])$", CONTAINER, re.MULTILINE)
    ports = re.search(r"^EXPOSE (.+)$", CONTAINER, re.MULTILINE)
    assert words is not None
    assert ports is not None
    listens = understood(json.loads(words[1]))["listen"]
    assert [str(parse(url).port) for url in listens] == ports[1].split()
