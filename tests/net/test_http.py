"""Sharing files over HTTP, on real sockets: what comes in, what goes out, and what is left of what went wrong."""

from __future__ import annotations

import asyncio
import gc
import gzip
import resource
from base64 import b64encode
from pathlib import Path

import pytest

from hubbub.net.files import Allowance
from hubbub.net.http import Visit
from hubbub.net.site import Site
from tests.net.desk import PATIENCE, Run, limited
from tests.net.shop import LEO, MAYA, PNG, answer, open_shop, request, told


def test_what_was_shared_is_read_by_who_has_the_link(run: Run, tmp_path: Path) -> None:
    """ "On success, servers MUST reply with a 201 Created status code and with a Location header field"."""

    async def main() -> None:
        async with open_shop(tmp_path) as shop:
            shared = await shop.post(PNG, 'Content-Disposition: attachment; filename="../tea \\"x\\".png"')
            assert shared.status == 201
            assert shared.headers["location"].startswith("https://files.example/up/")
            got = await shop.ask("GET", f"/up{shared.path}")
            assert (got.status, got.body, got.headers["content-type"]) == (200, PNG, "image/png")
            assert got.headers["content-disposition"].startswith('inline; filename="tea _x_.png"')
            assert got.headers["x-content-type-options"] == "nosniff"
            assert got.headers["content-security-policy"].startswith("sandbox; default-src 'none'; ")
            head = await shop.ask("HEAD", shared.path)
            assert (head.status, head.headers["content-length"]) == (200, str(len(PNG)))
            again = await shop.ask("GET", shared.path, f"If-None-Match: {got.headers['etag']}")
            assert (again.status, again.body) == (304, b"")

    run(main())


def test_a_page_is_to_be_saved_and_not_shown(run: Run, tmp_path: Path) -> None:
    """What a sender calls it does not matter."""

    async def main() -> None:
        async with open_shop(tmp_path) as shop:
            shared = await shop.post(b"<html><script>x</script>", "Content-Type: image/png")
            got = await shop.ask("GET", shared.path)
            assert got.headers["content-disposition"] == "attachment"
            assert got.headers["content-type"] == "application/octet-stream"

    run(main())


def test_who_waits_is_asked_for_the_file_only_when_it_is_wanted(run: Run, tmp_path: Path) -> None:
    """https://www.rfc-editor.org/rfc/rfc9110#section-10.1.1"""

    async def main() -> None:
        async with open_shop(tmp_path) as shop:
            wait = ("Content-Length: 3", "Expect: 100-continue")
            assert (await shop.ask("POST", "/", *wait)).status == 401
            reader, writer = await asyncio.open_connection("127.0.0.1", shop.port)
            assert (await told(reader, writer, request("POST", "/", MAYA, *wait))).status == 100
            assert (await told(reader, writer, b"tea")).status == 201
            writer.close()

    run(main())


def test_one_connection_serves_many_requests(run: Run, tmp_path: Path) -> None:
    """Also some that are sent at once."""

    async def main() -> None:
        async with open_shop(tmp_path) as shop:
            shared = await shop.post(b"tea")
            reader, writer = await asyncio.open_connection("127.0.0.1", shop.port)
            writer.write(request("GET", shared.path) * 2 + request("OPTIONS", "/") + request("PUT", "/"))
            answers = [await answer(reader) for _ in range(4)]
            assert [one.status for one in answers] == [200, 200, 204, 405]
            assert answers[2].headers["accept-post"] == "*/*"
            writer.close()

    run(main())


@pytest.mark.parametrize(
    "told", ["X: y", "Authorization: Basic !", "Authorization: Basic " + b64encode(b"maya:x").decode()]
)
def test_a_stranger_is_refused(run: Run, tmp_path: Path, told: str) -> None:
    """Without a password, with what is none, and with a wrong one."""

    async def main() -> None:
        async with open_shop(tmp_path) as shop:
            refused = await shop.ask("POST", "/", told, "Content-Length: 3", body=b"tea")
            assert (refused.status, shop.kept) == (401, set())
            assert refused.headers["www-authenticate"].startswith("Basic ")

    run(main())


def test_who_has_gone_leaves_nothing_to_the_garbage_collector(run: Run, tmp_path: Path) -> None:
    """It comes seldom, and a visit holds as much as was received at once: 64 KiB for each that shares a file."""

    async def main() -> None:
        async with open_shop(tmp_path) as shop:
            await shop.post(b"tea" * 20_000)
            async with asyncio.timeout(5):
                while any(isinstance(one, Visit) for one in gc.get_objects()):  # noqa: ASYNC110
                    await asyncio.sleep(0)  # nobody says when an object has gone

    gc.collect()
    gc.disable()
    try:
        run(main())
    finally:
        gc.enable()


def test_what_takes_too_long_at_the_end_is_broken_off(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It puts away what it had begun, for which the threads are still there; and nothing goes on after the end."""
    monkeypatch.setattr("hubbub.net.site._END_SECONDS", 0.0)
    done: list[str] = []

    async def visit(site: Site) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            await site.run(done.append, "put away")

    async def main() -> None:
        async with open_shop(tmp_path) as shop:
            shop.site.begin(visit(shop.site))

    run(main())
    assert done == ["put away"]


def test_a_page_of_another_site_is_refused(run: Run, tmp_path: Path) -> None:
    """A browser would send along the password that it remembers."""

    async def main() -> None:
        async with open_shop(tmp_path) as shop:
            assert (await shop.post(b"tea", "Origin: https://evil.example")).status == 403
            assert (await shop.post(b"tea", "Origin: https://files.example")).status == 201

    run(main())


def test_what_is_too_large_leaves_nothing(run: Run, tmp_path: Path) -> None:
    """Whether it says so at first, or is found out."""

    async def main() -> None:
        async with open_shop(tmp_path, Allowance(max_bytes=10)) as shop:
            chunked = "Transfer-Encoding: chunked"
            for refused in (
                await shop.post(bytes(11)),
                await shop.ask("POST", "/", MAYA, chunked, body=b"b\r\n" + bytes(11) + b"\r\n0\r\n\r\n"),
            ):
                assert (refused.status, refused.headers["upload-limit"], shop.kept) == (413, "maxsize=10", set())
            assert (await shop.ask("POST", "/", MAYA, chunked, body=b"3\r\ntea\r\n0\r\n\r\n")).status == 201

    run(main())


def test_an_account_has_room_for_so_much(run: Run, tmp_path: Path) -> None:
    """What failed takes no room, and what others have shared does not, either."""

    async def main() -> None:
        async with open_shop(tmp_path, Allowance(max_bytes=10, quota_bytes=15)) as shop:
            sizes = (11, 10, 6, 5, 1)
            assert [(await shop.post(bytes(size))).status for size in sizes] == [413, 201, 507, 201, 507]
            assert (await shop.ask("POST", "/", LEO, "Content-Length: 1", body=b"x")).status == 201

    run(main())


def test_where_nothing_more_fits_nothing_is_left(run: Run, tmp_path: Path) -> None:
    """The system refuses to write on, here by a limit of its own; afterwards there is room again."""

    async def main() -> None:
        async with open_shop(tmp_path) as shop:
            with limited(resource.RLIMIT_FSIZE, 100_000):
                refused = await shop.post(bytes(200_000))
            assert (refused.status, shop.kept) == (507, set())
            assert (await shop.post(bytes(200_000))).status == 201

    run(main())


def test_who_leaves_half_way_leaves_nothing(run: Run, tmp_path: Path) -> None:
    """The next upload finds the directory empty, and all of its quota."""

    async def main() -> None:
        async with open_shop(tmp_path, Allowance(quota_bytes=1000)) as shop:
            reader, writer = await asyncio.open_connection("127.0.0.1", shop.port)
            wait = ("Content-Length: 1000", "Expect: 100-continue")
            assert (await told(reader, writer, request("POST", "/", MAYA, *wait))).status == 100
            writer.write(b"half")
            await writer.drain()
            assert (await shop.post(b"tea")).status == 507
            writer.transport.abort()
            async with asyncio.timeout(PATIENCE):
                while (await shop.post(bytes(1000))).status != 201:
                    pass
            assert len(shop.kept) == 1

    run(main())


def test_what_is_ours_to_mend_is_no_fault_of_the_readers(run: Run, tmp_path: Path) -> None:
    """A file that somebody removed by hand is not there; an index that fails is an answer, too."""

    async def main() -> None:
        async with open_shop(tmp_path) as shop:
            shared = await shop.post(b"tea")
            (name,) = shop.kept
            (shop.files.directory / name).unlink()
            assert (await shop.ask("GET", shared.path)).status == 404
            shop.files.close()
            assert (await shop.ask("GET", shared.path)).status == 500

    run(main())


def test_a_slow_reader_gets_all_of_it(run: Run, tmp_path: Path) -> None:
    """More than any send queue: it is read from the disk as fast as somebody takes it."""

    async def main() -> None:
        async with open_shop(tmp_path) as shop:
            body = bytes(range(256)) * 30_000
            shared = await shop.post(body)
            reader, writer = await asyncio.open_connection("127.0.0.1", shop.port, limit=4096)
            assert (await told(reader, writer, request("GET", shared.path))).body == body
            writer.close()

    run(main())


@pytest.mark.parametrize(
    ("asked", "status", "body"),
    [
        ("bytes=0-2", 206, b"012"),
        ("bytes=7-", 206, b"789"),
        ("bytes=-2", 206, b"89"),
        ("bytes=5-99", 206, b"56789"),
        ("bytes=10-", 416, None),
        ("bytes=-0", 416, None),
        ("bytes=3-1", 200, b"0123456789"),
        ("bytes=0-1,3-4", 200, b"0123456789"),
        ("lines=1-2", 200, b"0123456789"),
    ],
)
def test_a_part_may_be_asked_for(run: Run, tmp_path: Path, asked: str, status: int, body: bytes | None) -> None:
    """One part; who asks for several, or for what is no part, gets the whole."""

    async def main() -> None:
        async with open_shop(tmp_path) as shop:
            shared = await shop.post(b"0123456789")
            got = await shop.ask("GET", shared.path, f"Range: {asked}")
            assert got.status == status
            assert body is None or got.body == body
            changed = await shop.ask("GET", shared.path, f"Range: {asked}", 'If-Range: "other"')
            assert changed.body == b"0123456789"

    run(main())


@pytest.mark.parametrize(
    "path", ["/index.db", "/../hubbub.db", "/%2e%2e/hubbub.db", "//etc/passwd", "/" + "0" * 32, "/" + "0" * 31 + "/"]
)
def test_nothing_else_can_be_read(run: Run, tmp_path: Path, path: str) -> None:
    """Only links that were given out lead anywhere."""

    async def main() -> None:
        async with open_shop(tmp_path) as shop:
            assert (await shop.ask("GET", path)).status == 404

    run(main())


@pytest.mark.parametrize("said", [b"NICK maya\r\n\r\n", b"GET / HTTP/1.1\r\nX: " + b"x" * 20_000])
def test_what_is_no_request_is_refused(run: Run, tmp_path: Path, said: bytes) -> None:
    """Another protocol, and a header without an end."""

    async def main() -> None:
        async with open_shop(tmp_path) as shop:
            reader, writer = await asyncio.open_connection("127.0.0.1", shop.port)
            assert (await told(reader, writer, said)).status in {400, 431}
            writer.close()

    run(main())


SMUGGLED = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
CHUNKED = b"Transfer-Encoding: chunked\r\n"


@pytest.mark.parametrize(
    "head",
    [
        b"Content-Length: 5\r\n" + CHUNKED,
        CHUNKED + b"Content-Length: 5\r\n",
        b"Content-Length: 5\r\nContent-Length: 6\r\n",
        b"Content-Length: 5, 6\r\n",
        b"Content-Length: +5\r\n",
        b"Content-Length: -5\r\n",
        b"Content-Length : 5\r\n",
        b"Content-Length: 0x5\r\n",
        b"X: y\r\n Content-Length: 5\r\n",
        b"X: y\nContent-Length: 5\r\n",
        b"X: y\rContent-Length: 5\r\n",
        b"X\x00: y\r\n",
        b"Transfer-Encoding: chunked, identity\r\n",
        b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
        b"Transfer-Encoding: xchunked\r\n",
    ],
)
def test_no_request_is_smuggled_past_a_proxy(run: Run, tmp_path: Path, head: bytes) -> None:
    """What two readers could read in two ways is refused, and nothing behind it is read."""

    async def main() -> None:
        async with open_shop(tmp_path) as shop:
            reader, writer = await asyncio.open_connection("127.0.0.1", shop.port)
            said = b"PUT / HTTP/1.1\r\nHost: x\r\n" + head + b"\r\n0\r\n\r\n" + SMUGGLED
            refused = await told(reader, writer, said)
            assert refused.status in {400, 501}
            assert refused.headers["connection"] == "close"
            writer.write_eof()
            assert await reader.read() == b""
            writer.close()

    run(main())


@pytest.mark.parametrize("cut", [1, 7, 200])
def test_requests_may_come_in_any_pieces(run: Run, tmp_path: Path, cut: int) -> None:
    """A body ends where its length says, and the next request begins there."""

    async def main() -> None:
        async with open_shop(tmp_path) as shop:
            reader, writer = await asyncio.open_connection("127.0.0.1", shop.port)
            said = request("POST", "/", MAYA, "Content-Length: 3", body=b"tea") + request("GET", "/healthz")
            said += request("POST", "/", MAYA, "Content-Length: 0") + request("GET", "/healthz", "Connection: close")
            for start in range(0, len(said), cut):
                writer.write(said[start : start + cut])
                await writer.drain()
            assert [(await answer(reader)).status for _ in range(4)] == [201, 200, 201, 200]
            assert await reader.read() == b""
            writer.close()

    run(main())


def test_a_trusted_proxy_says_for_whom_it_asks(run: Run, tmp_path: Path) -> None:
    """The last address is the one that the proxy has seen; what is no address says nothing."""

    async def main() -> None:
        async with open_shop(tmp_path) as shop:
            await shop.post(b"tea", "X-Forwarded-For: 203.0.113.1, 192.0.2.7")
            await shop.post(b"tea", "X-Forwarded-For: nobody")
            assert shop.addresses == ["192.0.2.7", "127.0.0.1"]

    run(main())


def test_the_page_is_served(run: Run, tmp_path: Path) -> None:
    """Packed for who can unpack it, and not at all for who has it already."""

    async def main() -> None:
        async with open_shop(tmp_path) as shop:
            plain = await shop.ask("GET", "/")
            assert (plain.status, plain.headers["content-type"]) == (200, "text/html; charset=utf-8")
            packed = await shop.ask("GET", "/?from=link", "Accept-Encoding: br, gzip")
            assert packed.headers["content-encoding"] == "gzip"
            assert gzip.decompress(packed.body) == plain.body
            known = await shop.ask("GET", "/", f"If-None-Match: W/{plain.headers['etag']}")
            assert (known.status, known.body) == (304, b"")
            head = await shop.ask("HEAD", "/")
            assert (head.status, int(head.headers["content-length"])) == (200, len(plain.body))
            assert (await shop.ask("GET", "/healthz")).body == b"ok\n"

    run(main())


SHAKE = (
    "Connection: Upgrade",
    "Upgrade: websocket",
    "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
)


@pytest.mark.parametrize(
    ("path", "origin", "status"),
    [
        ("/ws", "http://files.example", 101),
        ("/ws?x", "http://files.example", 101),
        ("/ws", "http://elsewhere.example", 403),
        ("/other", "http://files.example", 404),
    ],
)
def test_web_socket_is_spoken_at_one_place(run: Run, tmp_path: Path, path: str, origin: str, status: int) -> None:
    """Pages of other sites are turned away, and so is who asks for it elsewhere."""

    async def main() -> None:
        async with open_shop(tmp_path) as shop:
            assert (await shop.ask("GET", path, *SHAKE, f"Origin: {origin}")).status == status

    run(main())


def test_a_web_socket_counts_where_its_proxy_says(run: Run, tmp_path: Path) -> None:
    """Who came by a trusted proxy is who that says it is; frames that came with the request are not lost."""

    async def main() -> None:
        async with open_shop(tmp_path) as shop:
            reader, writer = await asyncio.open_connection("127.0.0.1", shop.port)
            frame = bytes([0x81, 0x85, 0, 0, 0, 0]) + b"hello"
            said = request("GET", "/ws", *SHAKE, "X-Forwarded-For: 192.0.2.9", body=frame)
            assert (await told(reader, writer, said)).status == 101
            assert (await shop.desk.heard(b"hello\r\n")).link.address == "192.0.2.9"
            writer.close()

    run(main())
