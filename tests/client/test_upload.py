"""Sharing a file over a line that breaks: it goes on by itself, and the link at the end leads to all of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random

import pytest

from hubbub.client import upload as sharing
from hubbub.client.isupport import Features
from hubbub.client.registration import Identity
from hubbub.client.trust import Trust
from hubbub.client.upload import CannotShare, upload
from hubbub.client.url import Address
from hubbub.client.way import Way
from tests.net.shop import Shop, open_shop

BODY = Random(11).randbytes(700_000)
WAY = Way(Address(host="127.0.0.1"), Identity("maya", user="maya", account="maya", password="sesame"), Trust())


@pytest.fixture(autouse=True)
def _no_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits here between two tries."""
    monkeypatch.setattr(sharing, "_BACK_OFF_S", (0.0,) * 7)


class Line:
    """A way to the shop. Each connection breaks when so many bytes have gone up; at the end of `cuts` none does."""

    def __init__(self, cuts: Iterator[int]) -> None:
        self._cuts = cuts
        self.port = self.to = self.broken = 0

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        up_reader, up_writer = await asyncio.open_connection("127.0.0.1", self.to)
        down = asyncio.ensure_future(_pour(up_reader, writer))
        left = next(self._cuts, None)
        while data := await reader.read(65_536 if left is None else min(left, 65_536)):
            up_writer.write(data)
            await up_writer.drain()
            left = None if left is None else left - len(data)
            if left == 0:
                self.broken += 1
                break
        up_writer.transport.abort()
        writer.transport.abort()
        await asyncio.wait([down])


async def _pour(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while data := await reader.read(65_536):
            writer.write(data)
    except ConnectionError:
        return


@asynccontextmanager
async def a_bad_line(directory: Path, *cuts: int) -> AsyncIterator[tuple[Line, Shop, Features]]:
    line = Line(iter(cuts))
    server = await asyncio.start_server(line.carry, "127.0.0.1", 0)
    line.port = server.sockets[0].getsockname()[1]
    url = f"http://127.0.0.1:{line.port}"
    features = Features()
    features.update([f"draft/FILEHOST={url}"])
    async with open_shop(directory, url=url) as shop, server:
        line.to = shop.port
        yield line, shop, features


@pytest.mark.parametrize("seed", range(3))
def test_a_file_gets_through_a_line_that_breaks(tmp_path: Path, seed: int) -> None:
    """At any byte, again and again, as long as more of it gets through each time."""
    chance = Random(seed)
    plan = tmp_path / "plan.bin"
    plan.write_bytes(BODY)
    told: list[int] = []

    async def main() -> None:
        cuts = [chance.randrange(2_000, 200_000) for _ in range(6)]
        async with a_bad_line(tmp_path, *cuts) as (line, shop, features):
            link = await upload(WAY, features, plan, "maya", lambda gone, _: told.append(gone))
            assert (await shop.ask("GET", "/" + link.rpartition("/")[2])).body == BODY
            assert line.broken == 6

    asyncio.run(main())
    assert told[-1] == len(BODY)


def test_a_server_that_forgot_is_told_all_of_it_again(tmp_path: Path) -> None:
    """As one does that was started anew."""
    plan = tmp_path / "plan.bin"
    plan.write_bytes(BODY)

    async def main() -> None:
        async with a_bad_line(tmp_path, 150_000) as (line, shop, features):
            forgotten = asyncio.Event()

            def forget(gone: int, _: int) -> None:
                if line.broken == 0 and gone >= 131_072:
                    shop.forget()
                    forgotten.set()

            link = await upload(WAY, features, plan, "maya", forget)
            assert forgotten.is_set()
            assert (await shop.ask("GET", "/" + link.rpartition("/")[2])).body == BODY

    asyncio.run(main())


def test_who_is_refused_is_told_at_once(tmp_path: Path) -> None:
    """That is an answer, and no broken line."""
    plan = tmp_path / "plan.bin"
    plan.write_bytes(BODY)
    stranger = Way(WAY.address, Identity("tom", user="tom", password="guess"), Trust())

    async def main() -> None:
        async with a_bad_line(tmp_path) as (_, _, features):
            with pytest.raises(CannotShare, match="The name or the password is wrong"):
                await upload(stranger, features, plan, "maya", lambda *_: None)

    asyncio.run(main())
