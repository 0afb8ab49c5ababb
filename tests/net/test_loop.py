"""The quick event loop where there is one, and all the files the system grants."""

import asyncio
import resource
import subprocess
import sys

import pytest
import uvloop

from hubbub.net import loop


async def which() -> str:
    return type(asyncio.get_running_loop()).__module__


def test_the_loop_is_uvloop_where_it_is_installed() -> None:
    assert loop.run(which()) == "uvloop"
    assert loop.loop_factory() is uvloop.new_event_loop


def test_asyncios_own_loop_will_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "uvloop", None)
    assert loop.run(which()).startswith("asyncio")


def test_a_fault_comes_through() -> None:
    async def stumble() -> None:
        raise LookupError("stumbled")

    with pytest.raises(LookupError):
        loop.run(stumble())


def test_all_files_that_the_system_grants_are_taken() -> None:
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    code = (
        "import resource; from hubbub.net.loop import raise_open_files;"
        f"resource.setrlimit(resource.RLIMIT_NOFILE, (64, {hard}));"
        "print(raise_open_files(), resource.getrlimit(resource.RLIMIT_NOFILE)[0])"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert said.split() == [str(hard), str(hard)]
