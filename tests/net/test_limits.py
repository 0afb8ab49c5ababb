"""Nobody takes all the room: limits in all, per address, and per ten seconds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hubbub.net.limits import Gate, Trusted
from tests.net.desk import Run, a_place

HOME, OFFICE = "203.0.113.7", "198.51.100.1"


def test_a_gate_without_limits_lets_everyone_in() -> None:
    gate = Gate()
    assert {gate.enter(HOME) for _ in range(1000)} == {""}


def test_an_address_has_its_share() -> None:
    gate = Gate(per_address=2)
    assert [gate.enter(HOME) for _ in range(3)] == ["", "", "Too many connections from your address (at most 2)"]
    assert gate.enter(OFFICE) == ""


def test_who_leaves_makes_room() -> None:
    gate = Gate(per_address=1)
    gate.enter(HOME)
    gate.leave(HOME)
    assert gate.enter(HOME) == ""


def test_who_was_refused_takes_no_room() -> None:
    gate = Gate(per_address=1)
    gate.enter(HOME)
    gate.enter(HOME)
    gate.leave(HOME)
    assert (gate.inside, gate.enter(HOME)) == (0, "")


def test_who_hammers_waits_for_the_next_ten_seconds() -> None:
    gate = Gate(per_window=2)
    gate.tick(100.0)
    for _ in range(2):
        assert gate.enter(HOME) == ""
        gate.leave(HOME)
    gate.tick(109.9)
    assert gate.enter(HOME) == "Too many new connections from your address: wait 10 seconds"
    gate.tick(110.0)
    assert gate.enter(HOME) == ""


def test_a_full_server_says_so_to_everyone() -> None:
    gate = Gate(total=1)
    gate.enter(HOME)
    assert gate.enter("127.0.0.1") == "The server is full (1 connections): try again later"


@pytest.mark.parametrize("address", ["127.0.0.1", "127.9.9.9", "::1", "unix", "10.0.0.9"])
def test_this_machine_and_trusted_proxies_are_not_counted_by_address(address: str) -> None:
    gate = Gate(per_address=1, per_window=1, trusted=Trusted(["10.0.0.0/8"]))
    assert [gate.enter(address) for _ in range(3)] == ["", "", ""]
    for _ in range(3):
        gate.leave(address)
    assert gate.inside == 0


def test_limits_may_change_while_people_are_inside() -> None:
    gate = Gate(per_address=2)
    gate.enter(HOME)
    gate.adopt(Gate(per_address=1, trusted=Trusted([f"{OFFICE}/32"])))
    assert gate.enter(HOME) != ""
    assert [gate.enter(OFFICE) for _ in range(2)] == ["", ""]


def test_only_the_networks_named_are_trusted() -> None:
    trusted = Trusted(["127.0.0.1/32", "fd00::/8"])
    assert [address in trusted for address in ("127.0.0.1", "fd00::1", "unix")] == [True] * 3
    assert [address in trusted for address in ("127.0.0.2", "fe80::1%lo", "203.0.113.7")] == [False] * 3


@given(st.lists(st.ip_addresses().map(str), max_size=30))
def test_a_gate_that_everyone_left_remembers_nobody(addresses: list[str]) -> None:
    gate = Gate(total=20, per_address=2)
    inside = [address for address in addresses if not gate.enter(address)]
    assert gate.inside == len(inside) <= 20
    for address in inside:
        gate.leave(address)
    gate.tick(0)
    assert gate.inside == len(gate._by_network) == len(gate._recent) == 0


def test_who_is_not_let_in_is_told_why(run: Run) -> None:
    async def scene() -> None:
        async with a_place(gate=Gate(total=1)) as place:
            maya = await place.connect()
            await place.desk.guest()
            leo = await place.connect()
            assert await leo.rest() == b"SORRY The server is full (1 connections): try again later\n"
            await maya.leave()
            await place.desk.end_of(await place.desk.guest())
            await place.connect()
            await place.desk.guest(1)

    run(scene())
