"""What other programs send to share a file, byte for byte as their libraries write it.

https://codeberg.org/emersion/soju/src/branch/master/doc/ext/filehost.md
"""

from __future__ import annotations

import asyncio
from base64 import b64encode
from pathlib import Path

from hubbub.net.files import Allowance
from tests.net.desk import Run
from tests.net.shop import PNG, Answer, Shop, answer, open_shop

BASIC = b64encode(b"maya:sesame").decode()


async def said(shop: Shop, head: list[str], *body: bytes) -> Answer:
    reader, writer = await asyncio.open_connection("127.0.0.1", shop.port)
    try:
        writer.write("\r\n".join([*head, "", ""]).encode())
        for piece in body:
            writer.write(piece)
            await writer.drain()
        return await answer(reader, is_head=head[0].startswith("HEAD"))
    finally:
        writer.close()


def from_halloy(name: str, encoded: str, kind: str, size: int) -> list[str]:
    """Rust's reqwest: names in small letters, the file's name twice, a stream whose length is told."""
    return [
        "POST /up HTTP/1.1",
        f"content-type: {kind}",
        f"content-disposition: attachment; filename=\"{name}\"; filename*=UTF-8''{encoded}",
        f"content-length: {size}",
        f"authorization: Basic {BASIC}",
        "accept: */*",
        "host: files.example",
    ]


def from_senpai(*headers: str) -> list[str]:
    """Go's net/http."""
    basic = f"Authorization: Basic {BASIC}"
    first = ["POST /up HTTP/1.1", "Host: files.example", "User-Agent: Go-http-client/1.1"]
    return [*first, headers[0], basic, *headers[1:], "Accept-Encoding: gzip"]


def test_halloy_shares_a_file(run: Run, tmp_path: Path) -> None:
    """It sends the 36 bytes that it has looked at before the rest, and expects 201 and a Location, nothing else."""

    async def main() -> None:
        async with open_shop(tmp_path) as shop:
            body = bytes(100_000)
            head = from_halloy("cafe plan.txt", "caf%C3%A9%20plan%2Etxt", "text/plain", len(body))
            shared = await said(shop, head, body[:36], body[36:])
            assert shared.status == 201
            assert shared.headers["location"].startswith("https://files.example/up/")
            got = await shop.ask("GET", shared.path)
            assert got.body == body
            assert got.headers["content-disposition"].endswith("filename*=UTF-8''caf%C3%A9%20plan.txt")

    run(main())


def test_halloy_tells_its_reader_why_not(run: Run, tmp_path: Path) -> None:
    """It shows the body of what is no 201, so that is a sentence; who has no account sends no password."""

    async def main() -> None:
        async with open_shop(tmp_path, Allowance(max_bytes=10)) as shop:
            large = await said(shop, from_halloy("a.txt", "a%2Etxt", "text/plain", 11), bytes(11))
            assert (large.status, large.body) == (413, b"Expected at most 10 bytes\n")
            stranger = [row for row in from_halloy("a.txt", "a%2Etxt", "text/plain", 3) if "Basic" not in row]
            refused = await said(shop, stranger, b"tea")
            assert (refused.status, refused.body) == (401, b"Expected the name and password of an account\n")

    run(main())


def test_senpai_shares_a_file_and_shows_it(run: Run, tmp_path: Path) -> None:
    """It looks at what a link leads to before it shows the picture: HEAD, whose type it knows, and then GET."""

    async def main() -> None:
        async with open_shop(tmp_path) as shop:
            name = 'Content-Disposition: attachment; filename="the plan.png"'
            shared = await said(shop, from_senpai(f"Content-Length: {len(PNG)}", name), PNG)
            assert shared.status == 201
            ask = ["Host: files.example", "User-Agent: senpai/v0.4.1"]
            head = await said(shop, [f"HEAD {shared.path} HTTP/1.1", *ask])
            assert (head.status, head.headers["content-type"]) == (200, "image/png")
            got = await said(shop, [f"GET {shared.path} HTTP/1.1", *ask, "Accept-Encoding: gzip"])
            assert (got.status, got.body) == (200, PNG)

    run(main())


def test_senpai_names_a_file_in_any_script(run: Run, tmp_path: Path) -> None:
    """Go writes a name of ASCII letters without quotes, and any other by its UTF-8 alone."""

    async def main() -> None:
        async with open_shop(tmp_path) as shop:
            for written, read in (
                ("filename=plan.txt", "plan.txt"),
                ("filename*=utf-8''caf%C3%A9.txt", "caf%C3%A9.txt"),
            ):
                shared = await said(
                    shop, from_senpai("Content-Length: 3", f"Content-Disposition: attachment; {written}"), b"tea"
                )
                got = await shop.ask("GET", shared.path)
                assert got.headers["content-disposition"].endswith(f"filename*=UTF-8''{read}")

    run(main())


def test_senpai_shares_what_was_copied(run: Run, tmp_path: Path) -> None:
    """A clipboard has no length: it comes in chunks, with a type and no name."""

    async def main() -> None:
        async with open_shop(tmp_path) as shop:
            head = from_senpai("Transfer-Encoding: chunked", "Content-Type: image/png")
            chunk = b"%x\r\n%b\r\n" % (len(PNG), PNG)
            shared = await said(shop, head, chunk[:50], chunk[50:], b"0\r\n\r\n")
            got = await shop.ask("GET", shared.path)
            assert (got.body, got.headers["content-disposition"]) == (PNG, "inline")

    run(main())


def test_senpai_learns_how_much_it_may(run: Run, tmp_path: Path) -> None:
    """From `maxsize` in Upload-Limit, before it has sent all of it."""

    async def main() -> None:
        async with open_shop(tmp_path, Allowance(max_bytes=10)) as shop:
            refused = await said(shop, from_senpai("Content-Length: 3000000"), bytes(1000))
            assert (refused.status, refused.headers["upload-limit"]) == (413, "maxsize=10")

    run(main())
