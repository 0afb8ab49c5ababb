"""What is small on the wire and large when it is opened: nobody opens it here, or somebody who may not have so much.

https://www.rfc-editor.org/rfc/rfc7692#section-8 and https://owasp.org/www-community/attacks/Denial_of_Service
"""

from __future__ import annotations

import gzip
import struct
import zlib
from base64 import b64encode
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from PIL import Image
from websockets.exceptions import ConnectionClosed
from websockets.frames import Frame, Opcode
from websockets.sync.client import connect

from hubbub.net.pictures import develop
from tests.attacks.house import HTTP, House
from tests.net.drawings import chunk, claimed, drawn
from tests.net.test_pictures import photo

MIB = 1 << 20
END = b"\xff\xd9"


@pytest.fixture(scope="module")
def maya(whole_house: House) -> str:
    """Her credentials, for HTTP."""
    whole_house.come("maya-a04").asks("NS REGISTER rosebud-sled")
    whole_house.hang_up()
    return "Basic " + b64encode(b"maya-a04:rosebud-sled").decode()


def knocks(house: House, *headers: str) -> tuple[bytes, Callable[[bytes], bytes]]:
    """The answer to a handshake of WebSocket, and how to say bytes and hear all that comes of them."""
    raw = house.knock(HTTP)
    raw.says(
        "GET /ws HTTP/1.1",
        "Host: x",
        "Upgrade: websocket",
        "Connection: Upgrade",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        "Sec-WebSocket-Version: 13",
        *headers,
        "",
    )

    def says(data: bytes) -> bytes:
        raw.send(data)
        return raw.until()

    return raw.until(b"\r\n\r\n"), says


def test_compression_is_agreed_on_with_nobody(house: House) -> None:
    """And a message that is compressed all the same is refused before it is opened: 12 KB would be 12 MB.

    Seen to fail where the server's protocol offers permessage-deflate.
    """
    answer, says = knocks(house, "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits")
    assert answer.startswith(b"HTTP/1.1 101 ")
    assert b"extensions" not in answer.lower()
    before = house.resident
    deflater = zlib.compressobj(9, zlib.DEFLATED, -15)
    bomb = deflater.compress(bytes(12 * MIB)) + deflater.flush(zlib.Z_SYNC_FLUSH)
    mask, length = bytes(4), struct.pack("!Q", len(bomb))
    assert says(b"\xc1" + b"\xff" + length + mask + bomb)[2:4] == struct.pack("!H", 1002)
    assert house.resident - before < 8 * MIB


def test_a_message_has_an_end(house: House, record_property: Callable[[str, object], None]) -> None:
    """However many fragments it comes in, and whatever length it claims to have.

    Seen to fail where a message may have any size.
    """
    before = house.resident
    _, says = knocks(house)
    assert struct.pack("!H", 1009) in says(b"\x81\xff" + struct.pack("!Q", 1 << 62) + bytes(4) + bytes(1000))
    _, says = knocks(house)
    part = Frame(Opcode.CONT, b"x" * 8000, fin=False).serialize(mask=True)
    first = Frame(Opcode.TEXT, b"x" * 8000, fin=False).serialize(mask=True)
    assert struct.pack("!H", 1009) in says(first + part * 500)
    with connect(house.urls[HTTP].replace("http", "ws") + "/ws") as page, suppress(ConnectionClosed):
        page.send("x" * 4_000_000)
        assert page.recv() is None
    record_property("grown_bytes", house.resident - before)
    assert house.resident - before < 8 * MIB


def test_what_is_packed_is_kept_packed(house: House, maya: str) -> None:
    """A body's coding is none of our business: it is stored as it came, and counted as it came.

    Seen to fail where a body is unpacked.
    """
    bomb = gzip.compress(bytes(64 * MIB))
    before = house.resident
    shared, _ = house.ask("POST", "/", bomb, Authorization=maya, Content_Encoding="gzip", Content_Type="image/png")
    got, body = house.ask("GET", urlsplit(shared.headers["Location"]).path, Authorization=maya)
    assert body == bomb
    assert got.headers["Content-Encoding"] is None
    assert house.resident - before < 32 * MIB  # a check of a password alone may take 13


def huge() -> bytes:
    """60,000 x 60,000 pixels, of which there are none in the file."""
    return claimed(60_000, 60_000)


def bomb() -> bytes:
    """A hundred megabytes of nothing, packed into half of one, in a place for words."""
    header = struct.pack(">IIBBBBB", 4_000, 4_000, 8, 6, 0, 0, 0)
    words = chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(100_000_000), 1))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + words + chunk(b"IEND", b"")


def honest() -> bytes:
    """A hundred million white pixels in 12 KB, all of them there."""
    return drawn(Image.new("1", (10_000, 10_000), 1), "PNG")


def frames() -> bytes:
    """A film of 60,000 pictures, a few bytes each, on a screen of 65,535 x 1,000 pixels."""
    picture = b"\x2c" + struct.pack("<HHHHB", 0, 0, 65_535, 1_000, 0) + b"\x02\x02\x4c\x01\x00"
    return b"GIF89a" + struct.pack("<HHBBB", 65_535, 1_000, 0x80, 0, 0) + bytes(6) + picture * 60_000 + b"\x3b"


def boxes() -> bytes:
    """WebP that claims 16,384 x 16,384 pixels."""
    canvas = bytes([0x10, 0, 0, 0]) + (16_383).to_bytes(3, "little") * 2
    body = b"WEBPVP8X" + struct.pack("<I", len(canvas)) + canvas
    return b"RIFF" + struct.pack("<I", len(body)) + body


def scan() -> bytes:
    """JPEG that claims 65,500 x 65,500 pixels, in many scans of nothing."""
    start = (
        b"\xff\xd8\xff\xc2\x00\x11\x08"
        + struct.pack(">HH", 65_500, 65_500)
        + b"\x03\x01\x22\x00\x02\x11\x00\x03\x11\x00"
    )
    return start + b"\xff\xda\x00\x0c\x03\x01\x00\x02\x00\x03\x00\x00\x3f\x00" * 1000 + b"\xff\xd9"


@pytest.mark.parametrize("made", [huge, bomb, honest, frames, boxes, scan])
def test_a_picture_that_is_a_bomb_is_kept_and_not_shown(house: House, maya: str, made: Callable[[], bytes]) -> None:
    """Another process looks at it, which may have so much memory and time; the server itself does not grow.

    Seen to fail where pictures may have any number of pixels, and where what is no picture is shown as one.
    """
    picture, before = made(), house.resident
    shared, _ = house.ask("POST", "/", picture, Authorization=maya)
    assert shared.status == 201
    got, body = house.ask("GET", urlsplit(shared.headers["Location"]).path, Authorization=maya)
    assert body == picture
    assert got.headers["Content-Type"] == "application/octet-stream"
    assert got.headers["Content-Disposition"].startswith("attachment")
    assert house.resident - before < 16 * MIB


@pytest.mark.parametrize("filling", [b"\xff" * MIB + b"\0", (b"\xff" * 1000 + b"\xd0") * 1000])
def test_a_picture_is_gone_through_once(tmp_path: Path, filling: bytes) -> None:
    """However much in it looks like the beginning of a marker: it is shown, out of ten seconds of a processor.

    Seen to fail where the search for a scan's end goes through a run of 0xFF from each of its bytes: 5 * 10**11 steps.
    """
    picture = tmp_path / "picture"
    picture.write_bytes(photo("JPEG").removesuffix(END) + filling + END)
    shown = develop(picture)
    assert shown is not None
    assert shown.path.read_bytes().endswith(filling + END)
