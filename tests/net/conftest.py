"""Every test of net runs on both event loops."""

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest
import uvloop

from hubbub.net.self_signed import make_self_signed
from hubbub.net.tls import Certificates
from tests.net.desk import Run

LOOPS: dict[str, Callable[[], asyncio.AbstractEventLoop]] = {
    "uvloop": uvloop.new_event_loop,
    "asyncio": asyncio.new_event_loop,
}


@pytest.fixture(params=LOOPS)
def run(request: pytest.FixtureRequest) -> Run:
    def _run(main: Coroutine[Any, Any, None]) -> None:
        with asyncio.Runner(loop_factory=LOOPS[request.param]) as runner:
            runner.run(main)

    return _run


@pytest.fixture(scope="session")
def pair(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate for localhost and its key."""
    return make_self_signed(tmp_path_factory.mktemp("tls"), ["localhost", "127.0.0.1", "::1"])


@pytest.fixture
def certificates(pair: tuple[Path, Path]) -> Certificates:
    return Certificates(*pair)
