"""Files at the counter: who may have one, who may take one back, and what pages of other sites may."""

from __future__ import annotations

import resource
from pathlib import Path

import pytest
from PIL import Image

from hubbub.net.files import Allowance, NoRoom
from tests.net.desk import Run, limited
from tests.net.drawings import drawn
from tests.net.shop import LEO, MAYA, PNG, open_shop

DEN = "/?room=%23den"


def test_who_shared_it_takes_it_back(run: Run, tmp_path: Path) -> None:
    """Nobody else may, and then it is gone for all."""

    async def main() -> None:
        async with open_shop(tmp_path) as shop:
            shared = await shop.post(b"tea")
            answers = [await shop.ask("DELETE", shared.path, who) for who in ("X: y", LEO, MAYA, MAYA)]
            assert [one.status for one in answers] == [401, 403, 204, 404]
            assert ((await shop.ask("GET", shared.path)).status, shop.kept) == (404, set())

    run(main())


def test_a_room_has_room_for_so_much_and_the_server_for_so_much(run: Run, tmp_path: Path) -> None:
    """Whoever shares it; what is told says whose files are too many."""

    async def main() -> None:
        allowance = Allowance(quota_bytes=0, room_bytes=5, total_bytes=8)
        async with open_shop(tmp_path, allowance) as shop:
            assert (await shop.post(b"12345", path=DEN)).status == 201
            full = await shop.ask("POST", DEN, LEO, "Content-Length: 1", body=b"x")
            assert (full.status, full.body.startswith(b"The files of #den may have 5 bytes")) == (507, True)
            assert [(await shop.post(body)).status for body in (b"1234", b"123", b"1")] == [507, 201, 507]

    run(main())


def test_where_members_read_others_do_not(run: Run, tmp_path: Path) -> None:
    """Whoever keeps it asks each time: a copy is not kept on the way, and not read without asking again."""

    async def main() -> None:
        async with open_shop(tmp_path, for_members=True) as shop:
            shared = await shop.post(PNG, path=DEN)
            answers = [await shop.ask("GET", shared.path, who) for who in ("X: y", LEO, MAYA)]
            assert [one.status for one in answers] == [401, 403, 200]
            assert answers[2].headers["cache-control"] == "private, no-cache"
            tag = f"If-None-Match: {answers[2].headers['etag']}"
            assert [(await shop.ask("GET", shared.path, who, tag)).status for who in (LEO, MAYA)] == [403, 304]

    run(main())


def test_a_picture_says_where_a_small_one_is(run: Run, tmp_path: Path) -> None:
    """And how large it is drawn, so that a page can leave room for it."""

    async def main() -> None:
        async with open_shop(tmp_path) as shop:
            shared = await shop.post(drawn(Image.radial_gradient("L").resize((1000, 500)), "PNG"))
            head = await shop.ask("HEAD", shared.path)
            assert head.headers["hubbub-pixels"] == "1000x500"
            assert head.headers["link"] == f'<{shared.headers["location"]}/preview>; rel="preview"; type="image/webp"'
            small = await shop.ask("GET", f"{shared.path}/preview")
            assert (small.status, small.headers["content-type"], small.body[8:12]) == (200, "image/webp", b"WEBP")
            none = await shop.post(PNG)
            assert (await shop.ask("GET", f"{none.path}/preview")).status == 404

    run(main())


def test_pages_of_known_sites_may_share_and_read(run: Run, tmp_path: Path) -> None:
    """Others are not told that they may; what was asked of browsers, they hold to."""

    async def main() -> None:
        async with open_shop(tmp_path, origins=("https://chat.example",)) as shop:
            known, other = "Origin: https://chat.example", "Origin: https://evil.example"
            asked = await shop.ask("OPTIONS", "/", known, "Access-Control-Request-Method: POST")
            assert asked.headers["access-control-allow-origin"] == "https://chat.example"
            assert "Authorization" in asked.headers["access-control-allow-headers"]
            shared = await shop.post(b"tea", known)
            assert "Location" in shared.headers["access-control-expose-headers"]
            assert "access-control-allow-origin" not in (await shop.ask("GET", shared.path, other)).headers
            assert (await shop.post(b"tea", other)).status == 403
            assert (await shop.ask("DELETE", shared.path, MAYA, other)).status == 403

    run(main())


def test_where_a_picture_does_not_fit_nothing_is_left(run: Run, tmp_path: Path) -> None:
    """The file was written whole; what is made of it is too much for the disk, here by a limit of the system."""
    picture = drawn(Image.effect_noise((300, 300), 100), "PNG", compress_level=9)

    async def main() -> None:
        async with open_shop(tmp_path) as shop:
            upload = shop.files.begin("maya", len(picture))
            upload.write(picture)
            with (
                limited(resource.RLIMIT_FSIZE, len(picture) // 2),
                pytest.raises(NoRoom, match="The disk of this server is full"),
            ):
                upload.finish("noise.png")
            upload.drop()
            assert shop.kept == set()

    run(main())
