"""A service manager is told what goes on, at its socket; without one nothing is said."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from hubbub import notify


@pytest.fixture
def manager(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(str(tmp_path / "notify"))
        listening.settimeout(10)
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
        yield listening


def test_reading_anew_has_a_time_and_an_end(manager: socket.socket) -> None:
    """Both words are one datagram, as the manager wants them."""
    notify.reloading()
    notify.ready()
    first, second = manager.recv(100).decode(), manager.recv(100).decode()
    assert first.startswith("RELOADING=1\nMONOTONIC_USEC=")
    assert second == "READY=1"


def test_an_abstract_socket_is_written_with_an_at_sign(monkeypatch: pytest.MonkeyPatch) -> None:
    name = f"hubbub-test-{os.getpid()}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(f"\0{name}")
        monkeypatch.setenv("NOTIFY_SOCKET", f"@{name}")
        notify.stopping()
        assert listening.recv(100) == b"STOPPING=1"


def test_a_manager_that_is_gone_is_no_reason_to_end(manager: socket.socket) -> None:
    manager.close()
    notify.ready()


def signs(environment: dict[str, str], turns: int) -> None:
    """Let a loop turn for as long as so many signs take."""

    async def turn() -> None:
        notify.stay_alive(environment)
        await asyncio.sleep(turns * 0.002)

    asyncio.run(turn())


def test_a_watchdog_gets_signs_of_life(manager: socket.socket) -> None:
    """Often enough that one may be lost."""
    signs({"WATCHDOG_USEC": "5000", "WATCHDOG_PID": str(os.getpid())}, 3)
    assert [manager.recv(100) for _ in range(2)] == [b"WATCHDOG=1"] * 2


@pytest.mark.parametrize("environment", [{}, {"WATCHDOG_USEC": "1000", "WATCHDOG_PID": "1"}])
def test_another_ones_watchdog_gets_none(manager: socket.socket, environment: dict[str, str]) -> None:
    signs(environment, 1)
    manager.setblocking(False)
    with pytest.raises(BlockingIOError):
        manager.recv(100)
