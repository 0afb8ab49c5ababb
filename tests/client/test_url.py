"""Addresses as people write them, and sentences where they slip."""

import pytest

from hubbub.client.url import Address, BadAddress, parse_address, parse_fingerprint

PRINT = "7f" * 32


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("irc://irc.example.org", Address("irc.example.org", 6667)),
        ("ircs://irc.example.org", Address("irc.example.org", 6697, tls=True)),
        ("IRCS://irc.example.org:7000/", Address("irc.example.org", 7000, tls=True)),
        ("irc://h/#room", Address("h", 6667, rooms=("#room",))),
        ("irc://h/room,%23two,&local", Address("h", 6667, rooms=("#room", "#two", "&local"))),
        ("irc://h#room", Address("h", 6667, rooms=("#room",))),
        ("irc://h/#c%2B%2B?key=sesame", Address("h", 6667, rooms=("#c++",), key="sesame")),
        (f"ircs://h/?fp={PRINT}", Address("h", 6697, tls=True, fingerprint=PRINT)),
        ("irc://leo@h", Address("h", 6667, nick="leo")),
        ("ircs://leo:open%40sesame@h", Address("h", 6697, tls=True, nick="leo", password="open@sesame")),
        ("irc://[::1]:6668/#room", Address("::1", 6668, rooms=("#room",))),
        ("irc.example.org", Address("irc.example.org", 6697, tls=True)),
        ("irc.example.org:6697", Address("irc.example.org", 6697, tls=True)),
        ("irc.example.org:6667", Address("irc.example.org", 6667)),
        ("localhost", Address("localhost", 6667)),
        ("127.0.0.1/#room", Address("127.0.0.1", 6667, rooms=("#room",))),
        ("[::1]", Address("::1", 6667)),
        (" 192.168.1.20:6680/room ", Address("192.168.1.20", 6680, rooms=("#room",))),
        ("unix:/run/hubbub/irc.sock", Address(path="/run/hubbub/irc.sock")),
        ("unix:/run/irc.sock/#room", Address(path="/run/irc.sock", rooms=("#room",))),
        ("unix:irc.sock#one,two", Address(path="irc.sock", rooms=("#one", "#two"))),
    ],
)
def test_an_address_says_where_and_what(text: str, address: Address) -> None:
    """Rooms may come without their sign, in links they often do."""
    assert parse_address(text) == address


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("irsc://h", "irsc://h: unknown scheme 'irsc'; did you mean 'ircs'?"),
        ("unx://h", "unx://h: unknown scheme 'unx'; did you mean 'unix'?"),
        ("gopher://h", "unknown scheme 'gopher'; write irc://HOST/#room"),
        ("https://h/", "expected the address of a chat server, got a web page's"),
        ("irc://", "expected the name of a host, got ''"),
        ("", "expected the name of a host, got ''"),
        ("two words", "expected the name of a host, got 'two words'"),
        ("h:port", "expected a port from 1 to 65535, got 'port'"),
        ("h:0", "expected a port from 1 to 65535, got '0'"),
        ("h:65536", "expected a port from 1 to 65535, got '65536'"),
        ("h:", "expected a port from 1 to 65535, got ''"),
        ("::1", "an IPv6 address goes in brackets"),
        ("irc://h/?keys=x", "unknown option 'keys'; did you mean 'key'?"),
        ("irc://h/?colour=red", "unknown option 'colour'; there are fp= and key="),
        ("irc://h/?fp=abc", "expected the SHA-256 of a certificate"),
        ("unix:", "expected the path of a socket, got none"),
    ],
)
def test_a_slip_gets_a_sentence(text: str, words: str) -> None:
    """What was expected, what came, and what to write."""
    with pytest.raises(BadAddress) as caught:
        parse_address(text)
    assert words in str(caught.value)


@pytest.mark.parametrize("text", [PRINT, PRINT.upper(), ":".join(["7F"] * 32), f"SHA256:{PRINT}"])
def test_a_fingerprint_may_be_written_as_people_write_it(text: str) -> None:
    """With colons, in capitals, with the name of the hash."""
    assert parse_fingerprint(text) == PRINT


def test_an_address_shows_no_password() -> None:
    """Addresses end up in messages and logs."""
    address = parse_address("ircs://leo:sesame@h")
    assert "sesame" not in f"{address} {address!r}"


@pytest.mark.parametrize(("text", "shown"), [("irc://[::1]", "[::1]:6667"), ("unix:/x", "/x"), ("h", "h:6697")])
def test_an_address_is_shown_as_it_can_be_written(text: str, shown: str) -> None:
    """In sentences about it."""
    assert str(parse_address(text)) == shown
