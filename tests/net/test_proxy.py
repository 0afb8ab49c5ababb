"""The PROXY protocol, read from bytes: https://www.haproxy.org/download/3.0/doc/proxy-protocol.txt"""

import struct
from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hubbub.net.proxy import LENGTH_MAX, BadHeader, Header, parse

SIGNATURE = b"\r\n\r\n\0\r\nQUIT\n"
PORTS = st.integers(0, 65535)
ADDRESSES = st.ip_addresses(v=4) | st.ip_addresses(v=6)


def plain(address: IPv4Address | IPv6Address) -> str:
    return str(getattr(address, "ipv4_mapped", None) or address)


def v1(address: IPv4Address | IPv6Address, port: int) -> bytes:
    return f"PROXY TCP{address.version} {address} {address} {port} 6667\r\n".encode()


def v2(address: IPv4Address | IPv6Address, port: int, extras: bytes = b"", command: int = 0x21) -> bytes:
    family = 0x11 if address.version == 4 else 0x21
    body = address.packed * 2 + struct.pack("!HH", port, 6667) + extras
    return SIGNATURE + struct.pack("!BBH", command, family, len(body)) + body


def tlv(kind: int, value: bytes) -> bytes:
    return struct.pack("!BH", kind, len(value)) + value


@given(ADDRESSES, PORTS, st.binary(max_size=50))
def test_version_1_names_the_client_and_leaves_what_follows(
    address: IPv4Address | IPv6Address, port: int, rest: bytes
) -> None:
    header = v1(address, port)
    assert parse(header + rest) == Header(len(header), plain(address), port)


@given(ADDRESSES, PORTS, st.binary(max_size=50))
def test_version_2_names_the_client_and_leaves_what_follows(
    address: IPv4Address | IPv6Address, port: int, rest: bytes
) -> None:
    header = v2(address, port)
    assert parse(header + rest) == Header(len(header), plain(address), port)


@given(ADDRESSES, PORTS, st.sampled_from([v1, v2]), st.data())
def test_every_part_of_a_header_asks_for_more(
    address: IPv4Address | IPv6Address, port: int, make: object, data: st.DataObject
) -> None:
    header = (v1 if make is v1 else v2)(address, port)
    assert parse(header[: data.draw(st.integers(0, len(header) - 1))]) is None


@given(st.binary(max_size=300) | st.binary(max_size=300).map(SIGNATURE.__add__) | st.binary().map(b"PROXY ".__add__))
def test_whatever_comes_is_a_header_a_part_of_one_or_refused(data: bytes) -> None:
    try:
        header = parse(data)
    except BadHeader:
        return
    if header is not None:
        assert 0 < header.length <= len(data)
        assert header.address in ("", "unix") or plain(ip_address(header.address)) == header.address


def test_an_ipv4_address_in_ipv6_clothes_is_shown_as_ipv4() -> None:
    mapped = ip_address("::ffff:203.0.113.7")
    assert parse(v2(mapped, 1)) == Header(52, "203.0.113.7", 1)


def test_a_proxy_that_does_not_know_names_nobody() -> None:
    """It must be taken, whatever stands behind the word."""
    assert parse(b"PROXY UNKNOWN\r\n") == Header(15)
    line = b"PROXY UNKNOWN ffff:f:f:f:f:f:f:f f:f:f:f:f:f:f:f 65535 65535\r\n"
    assert parse(line + b"NICK") == Header(len(line))


def test_a_health_check_names_nobody() -> None:
    header = v2(ip_address("203.0.113.7"), 1, command=0x20)
    assert parse(header) == Header(len(header))
    assert parse(SIGNATURE + b"\x20\0\0\0") == Header(16)
    assert parse(SIGNATURE + b"\x21\0\0\0") == Header(16)


def test_a_unix_client_is_called_unix() -> None:
    body = b"/run/a".ljust(108, b"\0") + b"/run/b".ljust(108, b"\0")
    assert parse(SIGNATURE + b"\x21\x31" + struct.pack("!H", 216) + body) == Header(232, "unix")


def test_a_client_of_the_proxy_that_came_over_tls_is_secure() -> None:
    address = ip_address("203.0.113.7")
    over_tls, plainly = tlv(0x20, b"\x01\0\0\0\0"), tlv(0x20, b"\x00\0\0\0\0")
    other = tlv(0x05, b"connection 7")
    for extras, secure in ((other + over_tls, True), (other + plainly, False), (other, False), (tlv(0x20, b""), False)):
        header = v2(address, 1, extras)
        assert parse(header) == Header(len(header), "203.0.113.7", 1, secure)


BAD = {
    "another protocol": b"NICK maya\r\n",
    "a browser": b"GET / HTTP/1.1\r\n",
    "half a word": b"PROX!",
    "udp": b"PROXY UDP4 203.0.113.7 203.0.113.7 1 2\r\n",
    "too few words": b"PROXY TCP4 203.0.113.7 203.0.113.7 1\r\n",
    "two spaces": b"PROXY TCP4  203.0.113.7 203.0.113.7 1 2\r\n",
    "the other family": b"PROXY TCP4 ::1 ::1 1 2\r\n",
    "a name": b"PROXY TCP4 localhost localhost 1 2\r\n",
    "a port that is none": b"PROXY TCP4 203.0.113.7 203.0.113.7 65536 2\r\n",
    "a port with a zero before it": b"PROXY TCP4 203.0.113.7 203.0.113.7 080 2\r\n",
    "a port with a sign": b"PROXY TCP4 203.0.113.7 203.0.113.7 +80 2\r\n",
    "a bad port here": b"PROXY TCP4 203.0.113.7 203.0.113.7 80 x\r\n",
    "a port in other digits": "PROXY TCP4 203.0.113.7 203.0.113.7 ٣ 2\r\n".encode(),
    "an endless line": b"PROXY TCP4 " + b"1" * 200,
    "version 3": SIGNATURE + b"\x31\x11\0\x0c" + b"\0" * 12,
    "no such command": SIGNATURE + b"\x22\x11\0\x0c" + b"\0" * 12,
    "datagrams": SIGNATURE + b"\x21\x12\0\x0c" + b"\0" * 12,
    "addresses cut short": SIGNATURE + b"\x21\x11\0\x0b" + b"\0" * 11,
    "unix cut short": SIGNATURE + b"\x21\x31\0\x0b" + b"\0" * 11,
    "an endless header": SIGNATURE + b"\x21\x11" + struct.pack("!H", LENGTH_MAX),
}


@pytest.mark.parametrize("case", BAD)
def test_what_breaks_the_rules_is_refused(case: str) -> None:
    with pytest.raises(BadHeader, match=r"^expected"):
        parse(BAD[case])
