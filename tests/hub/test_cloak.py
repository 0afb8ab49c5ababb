"""Cloaks: the same for an address each time, and nothing that leads back to it."""

import re

import pytest

from hubbub.hub.cloak import Cloak, plain_host
from hubbub.wire.masks import validate_hostname

CLOAK = Cloak(b"s" * 32)


def test_a_cloak_is_a_host_name() -> None:
    """Thirteen letters and digits, and a dot: it may stand wherever a host may."""
    cloak = CLOAK("192.0.2.7")
    assert re.fullmatch(r"[a-z2-7]{13}\.cloak", cloak)
    assert validate_hostname(cloak)


def test_the_same_address_has_the_same_cloak_and_another_has_another() -> None:
    """So that a ban on it holds, and holds for nobody else."""
    assert Cloak(b"s" * 32)("192.0.2.7") == CLOAK("192.0.2.7")
    assert CLOAK("192.0.2.8") != CLOAK("192.0.2.7")


def test_without_the_secret_nobody_makes_the_same() -> None:
    """All addresses could be tried otherwise."""
    assert Cloak(b"t" * 32)("192.0.2.7") != CLOAK("192.0.2.7")


def test_one_customer_of_ipv6_has_one_cloak() -> None:
    """They may change their address within their /64 at will."""
    assert CLOAK("2001:db8::1") == CLOAK("2001:db8::ffff:1") != CLOAK("2001:db8:0:1::1")


def test_an_ipv4_address_is_itself_in_the_clothes_of_ipv6() -> None:
    """A listener of both kinds sees it so."""
    assert CLOAK("::ffff:192.0.2.7") == CLOAK("192.0.2.7")


@pytest.mark.parametrize("address", ["unix", "127.0.0.1", "127.8.9.1", "::1", "0::1"])
def test_this_machine_has_nothing_to_hide(address: str) -> None:
    """All its people are at home."""
    assert CLOAK(address) == "localhost"


def test_a_zone_is_no_part_of_an_address() -> None:
    """fe80::1%eth0 is fe80::1 by one of our wires."""
    assert CLOAK("fe80::1%eth0") == CLOAK("fe80::1")


@pytest.mark.parametrize(("address", "host"), [("::1", "0::1"), ("192.0.2.7", "192.0.2.7"), ("unix", "unix")])
def test_a_host_without_a_cloak_is_the_address_as_a_word(address: str, host: str) -> None:
    """ "<host> CANNOT start with a colon"."""
    assert plain_host(address) == host
