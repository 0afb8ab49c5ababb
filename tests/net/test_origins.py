"""Which pages may connect: exactly those that are named, or else those of the listener's own host and port."""

import pytest

from hubbub.net.origins import may_connect

NAMED = ("https://chat.example.org", "http://localhost:8000")


@pytest.mark.parametrize("origin", NAMED)
def test_a_named_site_may(origin: str) -> None:
    assert may_connect([origin], ["irc.example.org"], NAMED)


@pytest.mark.parametrize(
    "origin",
    [
        "https://chat.example.org:8443",
        "http://chat.example.org",
        "https://chat.example.org.evil.example",
        "https://evil-chat.example.org",
        "https://CHAT.example.org",
        "https://chat.example.org/",
        "https://irc.example.org",
        "null",
        "*",
        "",
    ],
)
def test_no_other_site_may_where_some_are_named(origin: str) -> None:
    """Not even the listener's own: the list is exact."""
    assert not may_connect([origin], ["irc.example.org"], NAMED)


@pytest.mark.parametrize(
    ("origin", "host"),
    [
        ("https://chat.example.org", "chat.example.org"),
        ("https://chat.example.org", "Chat.Example.Org:443"),
        ("http://chat.example.org:80", "chat.example.org"),
        ("http://127.0.0.1:8097", "127.0.0.1:8097"),
        ("http://[::1]:8097", "[::1]:8097"),
    ],
)
def test_pages_of_the_same_host_may_where_none_is_named(origin: str, host: str) -> None:
    assert may_connect([origin], [host], ())


@pytest.mark.parametrize(
    ("origin", "hosts"),
    [
        ("https://evil.example", ["chat.example.org"]),
        ("http://127.0.0.1:8000", ["127.0.0.1:8097"]),
        ("https://chat.example.org:80", ["chat.example.org"]),
        ("file://", [""]),
        ("null", ["null"]),
        ("chat.example.org", ["chat.example.org"]),
        ("https://chat.example.org", []),
        ("https://chat.example.org", ["evil.example", "chat.example.org"]),
    ],
)
def test_pages_of_other_hosts_and_ports_may_not(origin: str, hosts: list[str]) -> None:
    assert not may_connect([origin], hosts, ())


@pytest.mark.parametrize("allowed", [(), NAMED])
def test_programs_that_are_no_browsers_may(allowed: tuple[str, ...]) -> None:
    assert may_connect([], ["chat.example.org"], allowed)


def test_two_origins_are_none() -> None:
    assert not may_connect([NAMED[0], NAMED[0]], ["irc.example.org"], NAMED)
