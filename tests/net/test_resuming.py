"""Uploads that are cut off, and go on: nothing is sent twice, nothing is missing, and nothing is left behind.

https://datatracker.ietf.org/doc/draft-ietf-httpbis-resumable-upload/
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from hubbub.net.files import Allowance, Files, NoRoom
from hubbub.net.resumable import EACH_MAX, WAITS_S, Resumables
from tests.net.desk import PATIENCE, Run
from tests.net.shop import LEO, MAYA, Answer, Shop, answer, open_shop, request
from tests.net.test_files import Calendar, calendar

BODY = Random(7).randbytes(300_000)
NAME = "Content-Disposition: attachment; filename=plan.bin"

__all__ = ["calendar"]


@pytest.fixture
def files_of_ten(tmp_path: Path, calendar: Calendar) -> Iterator[Resumables]:
    """An account may have ten bytes here."""
    files = Files(tmp_path, b"secret", Allowance(quota_bytes=10), calendar)
    resumables = Resumables(files)
    yield resumables
    resumables.close()
    files.close()


async def begun(shop: Shop, length: int = len(BODY)) -> Answer:
    """An upload of which nothing has come yet."""
    told = ("Upload-Complete: ?0", f"Upload-Length: {length}", NAME)
    return await shop.post(b"", *told)


def path_of(told: Answer) -> str:
    return "/uploads/" + told.headers["location"].rpartition("/")[2]


def going_on(path: str, offset: int, body: bytes, *, last: bool = True) -> bytes:
    return request(
        "PATCH",
        path,
        MAYA,
        "Content-Type: application/partial-upload",
        f"Upload-Offset: {offset}",
        f"Upload-Complete: ?{last:d}",
        f"Content-Length: {len(body)}",
        body=body,
    )


async def how_far(shop: Shop, path: str) -> int:
    told = await shop.ask("HEAD", path, MAYA)
    assert told.status == 204, told
    return int(told.headers["upload-offset"])


async def all_the_rest(shop: Shop, path: str) -> Answer:
    """What still comes by a connection that is broken may be read late: whoever meets it asks again."""
    while True:
        offset = await how_far(shop, path)
        told = await say(shop, going_on(path, offset, BODY[offset:]))
        if told.status != 409:
            return told


async def say(shop: Shop, said: bytes) -> Answer:
    reader, writer = await asyncio.open_connection("127.0.0.1", shop.port)
    try:
        writer.write(said)
        return await answer(reader)
    finally:
        writer.close()


async def say_and_break(shop: Shop, said: bytes) -> None:
    """The connection is reset when so much is under way."""
    _, writer = await asyncio.open_connection("127.0.0.1", shop.port)
    writer.write(said)
    await writer.drain()
    writer.transport.abort()


@pytest.mark.parametrize("seed", range(4))
def test_a_file_comes_in_pieces_however_often_it_is_cut(run: Run, tmp_path: Path, seed: int) -> None:
    """At any byte of any request: who asks how far it is goes on from there, and the file is what was sent."""
    chance = Random(seed)

    async def main() -> None:
        async with open_shop(tmp_path) as shop:
            path = path_of(await begun(shop))
            for _ in range(8):
                offset = await how_far(shop, path)
                said = going_on(path, offset, BODY[offset:])
                await say_and_break(shop, said[: chance.randrange(len(said))])
            done = await all_the_rest(shop, path)
            assert (done.status, done.headers["upload-complete"]) == (201, "?1")
            got = await shop.ask("GET", done.path)
            assert got.body == BODY
            assert "plan.bin" in got.headers["content-disposition"]
            assert len(shop.kept) == 1

    run(main())


def test_who_sends_all_at_once_is_told_where_to_go_on(run: Run, tmp_path: Path) -> None:
    """By a 104 before the answer, so that a cut costs what had not come yet."""

    async def main() -> None:
        async with open_shop(tmp_path) as shop:
            reader, writer = await asyncio.open_connection("127.0.0.1", shop.port)
            writer.write(
                request("POST", "/", MAYA, "Upload-Complete: ?1", f"Content-Length: {len(BODY)}", body=BODY[:9])
            )
            told = await answer(reader)
            assert told.status == 104
            writer.transport.abort()
            path = path_of(told)
            offset = await how_far(shop, path)
            assert offset <= 9
            done = await say(shop, going_on(path, offset, BODY[offset:]))
            assert (await shop.ask("GET", done.path)).body == BODY

    run(main())


def test_an_answer_that_was_lost_is_told_again(run: Run, tmp_path: Path) -> None:
    """Who asks after an upload that is complete is told where the file is."""

    async def main() -> None:
        async with open_shop(tmp_path) as shop:
            path = path_of(await begun(shop, 3))
            done = await say(shop, going_on(path, 0, b"tea"))
            told = await shop.ask("HEAD", path, MAYA)
            assert (told.headers["upload-complete"], told.headers["upload-offset"]) == ("?1", "3")
            assert told.headers["content-location"] == done.headers["location"]
            assert (await say(shop, going_on(path, 3, b""))).status == 409

    run(main())


def test_a_connection_that_only_seems_to_live_is_overtaken(run: Run, tmp_path: Path) -> None:
    """What it still sends is thrown away, and it is told so."""

    async def main() -> None:
        async with open_shop(tmp_path) as shop:
            path = path_of(await begun(shop, 6))
            reader, writer = await asyncio.open_connection("127.0.0.1", shop.port)
            writer.write(going_on(path, 0, b"abcdef")[:-3])
            async with asyncio.timeout(PATIENCE):
                while [part.stat().st_size for part in shop.files.directory.glob("*.part")] != [3]:  # noqa: ASYNC110
                    await asyncio.sleep(0)  # a file tells nobody that it grows
            assert await how_far(shop, path) == 3
            writer.write(b"DEF")
            assert (await answer(reader)).status == 409
            done = await say(shop, going_on(path, 3, b"def"))
            assert (await shop.ask("GET", done.path)).body == b"abcdef"
            writer.close()

    run(main())


def test_what_does_not_fit_together_is_refused(run: Run, tmp_path: Path) -> None:
    """Another offset, fewer bytes than promised, more than were set aside, headers that say nothing."""

    async def main() -> None:
        async with open_shop(tmp_path) as shop:
            path = path_of(await begun(shop, 6))
            wrong = await say(shop, going_on(path, 2, b"cdef"))
            assert (wrong.status, wrong.headers["upload-offset"]) == (409, "0")
            part = await say(shop, going_on(path, 0, b"abc", last=False))
            assert (part.status, part.headers["upload-offset"]) == (204, "3")
            assert (await say(shop, going_on(path, 3, b"d"))).status == 400
            assert (await shop.ask("HEAD", path, MAYA)).status == 404
            path = path_of(await begun(shop, 2))
            assert (await say(shop, going_on(path, 0, b"abc"))).status == 413
            path = path_of(await begun(shop, 2))
            assert (await say(shop, going_on(path, 0, b"ab").replace(b"partial-upload", b"pdf"))).status == 415
            assert (await say(shop, going_on(path, 0, b"ab").replace(b"?1", b"yes"))).status == 400
            assert (await say(shop, going_on(path, 0, b"ab").replace(b"Offset: 0", b"Offset: -1"))).status == 400
            assert (await shop.ask("DELETE", path, MAYA)).status == 204
            assert shop.kept == set()

    run(main())


def test_an_upload_is_who_began_its_own(run: Run, tmp_path: Path) -> None:
    """Others do not even learn that it is there."""

    async def main() -> None:
        async with open_shop(tmp_path) as shop:
            path = path_of(await begun(shop))
            statuses = [(await shop.ask(method, path, LEO)).status for method in ("HEAD", "PATCH", "DELETE")]
            assert statuses == [404, 404, 404]
            assert (await shop.ask("HEAD", path)).status == 401

    run(main())


def test_what_is_to_come_counts_against_the_quota(run: Run, tmp_path: Path) -> None:
    """From its beginning, until it is given up."""

    async def main() -> None:
        async with open_shop(tmp_path, Allowance(quota_bytes=10)) as shop:
            path = path_of(await begun(shop, 8))
            assert (await begun(shop, 8)).status == 507
            await shop.ask("DELETE", path, MAYA)
            assert (await begun(shop, 8)).status == 201

    run(main())


def test_nobody_waits_for_longer_than_an_hour(files_of_ten: Resumables, tmp_path: Path, calendar: Calendar) -> None:
    """Then it is as if it had never begun, and what was set aside for it is free."""
    one = files_of_ten.begin("maya", 8, "", "")
    turn = one.take()
    one.write(turn, b"half")
    one.pause(turn)
    with pytest.raises(NoRoom):
        files_of_ten.begin("maya", 8, "", "")
    calendar.now += WAITS_S - 1
    assert files_of_ten.find(one.token, "maya") is one
    calendar.now += 1
    assert files_of_ten.find(one.token, "maya") is None
    assert files_of_ten.begin("maya", 8, "", "").size == 0
    assert len(list(tmp_path.glob("*.part"))) == 1


def test_who_begins_many_loses_the_oldest(files_of_ten: Resumables, calendar: Calendar) -> None:
    """So nobody fills a server with what never comes."""
    begun = []
    for _ in range(EACH_MAX + 1):
        calendar.now += 1
        begun.append(files_of_ten.begin("maya", 0, "", ""))
    assert [files_of_ten.find(one.token, "maya") is None for one in begun] == [True, *[False] * EACH_MAX]
