"""Addresses: one way to write each, and one rule for what counts as one place."""

import pytest

from hubbub.hub.addresses import neighbourhood, plain


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("unix", "unix"),
        ("not:an:address", "not:an:address"),
    ],
)
def test_one_customer_is_one_place(address: str, place: str) -> None:
    """A customer of IPv6 has a whole network; IPv4 is IPv4 in any clothes."""
    assert neighbourhood(address) == place


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::FFFF:192.0.2.7", "192.0.2.7"),
        ("2001:DB8:0:0::1", "2001:db8::1"),
        ("fe80::1%eth0", "fe80::1"),
        ("192.0.2.07", ""),
        ("unix", ""),
        ("", ""),
    ],
)
def test_an_address_is_written_one_way(text: str, address: str) -> None:
    """What is no address is nothing."""
    assert plain(text) == address
