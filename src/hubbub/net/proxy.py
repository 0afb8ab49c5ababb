"""The PROXY protocol, versions 1 and 2: who a proxy speaks for. Bytes in, a header out; no socket here.

https://www.haproxy.org/download/3.0/doc/proxy-protocol.txt
"""

from ipaddress import IPv4Address, IPv6Address, ip_address
from struct import Struct as Layout
from typing import Final, NamedTuple

from hubbub.hub.addresses import plain

LENGTH_MAX: Final = 4096
"""Bytes in a header. Version 1 needs at most 107; version 2 may carry extras, of which a certificate is the largest."""

_V1_MAX: Final = 107
_V1_START: Final = b"PROXY "
_V2_START: Final = b"\r\n\r\n\0\r\nQUIT\n"
_V2_FIXED: Final = Layout("!12sBBH")
_TLV: Final = Layout("!BH")
_TLV_SSL: Final = 0x20
_CLIENT_SSL: Final = 0x01

_V2_FAMILIES: Final = {0x11: Layout("!4s4sHH"), 0x21: Layout("!16s16sHH")}
"""Family and transport to the layout of the addresses: TCP over IPv4, TCP over IPv6."""
_V2_UNIX, _V2_UNIX_LENGTH = 0x31, 216
_V2_UNSPECIFIED: Final = 0x00
_V2_LOCAL, _V2_PROXY = 0x20, 0x21


class BadHeader(ValueError):
    """Not a PROXY header, or one that breaks the rules."""


class Header(NamedTuple):
    """What a proxy says. `address` is "" where it speaks for itself (a health check) or does not know."""

    length: int
    address: str = ""
    port: int = 0
    secure: bool = False


def parse(data: bytes) -> Header | None:
    """The header `data` begins with; None where more bytes are needed. Raises BadHeader."""
    if data[:12] == _V2_START[: len(data)]:
        return _v2(data)
    if data[:6] == _V1_START[: len(data)]:
        return _v1(data)
    raise BadHeader("expected a PROXY header, got other bytes")  # which may be a password: this is logged


def _v1(data: bytes) -> Header | None:
    end = data.find(b"\r\n", 0, _V1_MAX)
    if end < 0:
        if len(data) >= _V1_MAX:
            raise BadHeader(f"expected a PROXY line of at most {_V1_MAX} bytes")
        return None
    words = data[:end].decode("ascii", "replace").split(" ")
    # "the receiver must ignore anything presented before the CRLF" after UNKNOWN
    if words[1] == "UNKNOWN":
        return Header(end + 2)
    if len(words) != 6 or words[1] not in ("TCP4", "TCP6"):
        raise BadHeader(f"expected PROXY TCP4|TCP6 SOURCE DESTINATION PORT PORT, got {len(words)} words")
    _, family, source, destination, port, port_here = words
    _v1_port(port_here)
    _v1_address(family, destination)
    return Header(end + 2, _v1_address(family, source), _v1_port(port))


def _v1_address(family: str, text: str) -> str:
    kind = IPv4Address if family == "TCP4" else IPv6Address
    try:
        return plain(str(kind(text)))
    except ValueError:
        raise BadHeader(f"expected an address for {family}, got {text!r}") from None


def _v1_port(text: str) -> int:
    # "a decimal number in the range [0..65535] inclusive. Heading zeroes are not permitted"
    if (
        not (text.isascii() and text.isdigit())
        or len(text) > 5
        or int(text) > 65535
        or (text[0] == "0" and text != "0")
    ):
        raise BadHeader(f"expected a port from 0 to 65535, got {text!r}")
    return int(text)


def _v2(data: bytes) -> Header | None:
    if len(data) < _V2_FIXED.size:
        return None
    _, command, family, rest = _V2_FIXED.unpack_from(data)
    length = _V2_FIXED.size + rest
    if command not in (_V2_LOCAL, _V2_PROXY):
        raise BadHeader(f"expected version 2 and the command LOCAL or PROXY, got 0x{command:02x}")
    if length > LENGTH_MAX:
        raise BadHeader(f"expected a PROXY header of at most {LENGTH_MAX} bytes, got {length}")
    if len(data) < length:
        return None
    if command == _V2_LOCAL or family == _V2_UNSPECIFIED:
        return Header(length)
    return _v2_addresses(family, data[_V2_FIXED.size : length], length)


def _v2_addresses(family: int, body: bytes, length: int) -> Header:
    if family == _V2_UNIX and len(body) >= _V2_UNIX_LENGTH:
        return Header(length, "unix", 0, _over_tls(body[_V2_UNIX_LENGTH:]))
    layout = _V2_FAMILIES.get(family)
    if layout is None or len(body) < layout.size:
        raise BadHeader(
            f"expected TCP or a unix stream and its addresses, got family 0x{family:02x}, {len(body)} bytes"
        )
    source, _, port, _ = layout.unpack_from(body)
    return Header(length, plain(str(ip_address(source))), port, _over_tls(body[layout.size :]))


def _over_tls(extras: bytes) -> bool:
    """Whether the proxy says, in PP2_TYPE_SSL, that its client came over TLS."""
    while len(extras) >= _TLV.size:
        kind, size = _TLV.unpack_from(extras)
        value, extras = extras[_TLV.size : _TLV.size + size], extras[_TLV.size + size :]
        if kind == _TLV_SSL and value:
            return bool(value[0] & _CLIENT_SSL)
    return False
