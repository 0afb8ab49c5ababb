"""Two ends that find each other by themselves: on loopback, and on a network of their own where one can be made."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.system.ends import End

_MAYA, _LEO = f"hubbub-a{os.getpid()}", f"hubbub-b{os.getpid()}"


class Spot(NamedTuple):
    """An address, and what to put before a command that runs there."""

    host: str
    prefix: tuple[str, ...] = ()


def ip(*words: str) -> bool:
    return subprocess.run(["ip", *words], capture_output=True, check=False).returncode == 0


def networks() -> list[str]:
    """Namespaces are the kernel's to give, and not in every container."""
    if shutil.which("ip") is None or not ip("netns", "add", _MAYA):
        return ["loopback"]
    ip("netns", "del", _MAYA)
    return ["loopback", "namespaces"]


@contextmanager
def namespaces() -> Iterator[tuple[Spot, Spot]]:
    """Two machines and a cable between them."""
    try:
        for name in (_MAYA, _LEO):
            assert ip("netns", "add", name)
        cable = ("link", "add", "hubbub-a", "netns", _MAYA, "type", "veth", "peer", "name", "hubbub-b", "netns", _LEO)
        assert ip(*cable)
        for name, device, host in ((_MAYA, "hubbub-a", "10.77.0.1"), (_LEO, "hubbub-b", "10.77.0.2")):
            assert ip("-n", name, "addr", "add", f"{host}/24", "dev", device)
            for up in ("lo", device):
                assert ip("-n", name, "link", "set", up, "up")
            assert ip("-n", name, "route", "add", "default", "dev", device)
        yield Spot("10.77.0.1", ("ip", "netns", "exec", _MAYA)), Spot("10.77.0.2", ("ip", "netns", "exec", _LEO))
    finally:
        for name in (_MAYA, _LEO):
            ip("netns", "del", name)


@pytest.fixture(params=networks())
def spots(request: pytest.FixtureRequest) -> Iterator[tuple[Spot, Spot]]:
    with ExitStack() as stack:
        made = namespaces() if request.param == "namespaces" else None
        yield stack.enter_context(made) if made else (Spot("127.0.0.2"), Spot("127.0.0.3"))


def cut_a_way(one: Spot, other: Spot) -> None:
    """The first of their connections that stands, as a router would that forgets it; where the kernel can do that."""
    if shutil.which("ss") is None:
        return
    ways = ("state", "established", "src", one.host, "dst", other.host)
    shown = subprocess.run([*one.prefix, "ss", "-tnH", *ways], capture_output=True, text=True, check=False)
    port = shown.stdout.split()[2].rpartition(":")[2]
    subprocess.run([*one.prefix, "ss", "-tnHK", *ways, "sport", "=", port], capture_output=True, check=False)


def test_two_ends_find_each_other_by_a_code_alone(spots: tuple[Spot, Spot], tmp_path: Path) -> None:
    """Nobody says where. What is said when a direction is cut arrives, and who was killed is found again."""
    maya = End(tmp_path, "maya", spots[0].host, prefix=spots[0].prefix)
    leo = End(tmp_path, "leo", spots[1].host, prefix=spots[1].prefix)
    try:
        maya.types(f"/direct {leo.code}")
        assert spots[0].host in leo.sees("maya calls from")
        leo.types("/direct maya")
        maya.sees("leo is here")
        for number in range(3):
            cut_a_way(*(spots if number % 2 else reversed(spots)))
            maya.types(f"number {number}")
            leo.sees(f"maya: number {number}")
        leo.kill()
        maya.sees("leo is not here any more")
        maya.types("where are you?")
        maya.sees("where are you? (waits for leo)")
        leo.place = f"{spots[1].host}:0"
        leo.start()
        leo.sees("maya: where are you?")
        maya.sees("leo has it now: where are you?")
    finally:
        maya.close()
        leo.close()
