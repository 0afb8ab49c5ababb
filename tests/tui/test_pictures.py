"""leo looks at a picture that maya has shared, in whatever his terminal can draw."""

from __future__ import annotations

import pytest
from PIL import Image

from hubbub.tui.pictures import BadPicture, develop, draw
from hubbub.tui.screens.picture import Look
from tests.client.shelf import said, shelf
from tests.net.drawings import claimed, drawn
from tests.tui.stage import Stage, play

SKY = Image.new("RGB", (40, 20), "blue")
BOMB = claimed(100_000, 100_000)


def test_a_picture_is_two_pixels_to_a_cell() -> None:
    """As wide as it is or as there is room, in its own proportions; in shades where there are no colours."""
    rows = draw(develop(drawn(SKY)), 80, 30, ink=True)
    assert [len(row) for row in rows] == [40] * 10
    text, style = rows[0][0]
    assert text == "▀"
    assert style.color is not None
    assert style.color.triplet == style.bgcolor.triplet == (0, 0, 255)  # type: ignore[union-attr]
    assert [len(row) for row in draw(develop(drawn(SKY)), 20, 30, ink=True)] == [20] * 5
    assert len(draw(develop(drawn(SKY)), 1, 1, ink=True)) == 1
    assert draw(develop(drawn(SKY)), 0, 0, ink=True) == []
    white = Image.new("RGB", (4, 4), "white")
    assert [row[0][0] for row in draw(develop(drawn(white)), 80, 30, ink=False)] == ["████", "████"]


def test_what_is_seen_through_is_black() -> None:
    """As the terminals of most people are."""
    assert develop(drawn(Image.new("RGBA", (4, 4), (255, 0, 0, 0)))).getpixel((0, 0)) == (0, 0, 0)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP"])
def test_what_is_large_is_kept_small(kind: str) -> None:
    """Whatever it came in."""
    assert max(develop(drawn(Image.new("RGB", (2000, 100), "red"), kind)).size) <= 600


@pytest.mark.parametrize(
    "data",
    [b"", b"GIF89a", drawn(SKY)[:60], BOMB, b"<svg/>", drawn(Image.new("RGB", (9, 9)), "BMP")],
)
def test_what_is_no_picture_is_refused_in_a_sentence(data: bytes) -> None:
    """Also what says it is larger than any memory."""
    with pytest.raises(BadPicture, match=r"it (is no picture|has)"):
        develop(data)


def test_i_shows_the_picture_that_a_message_leads_to() -> None:
    """Nothing is fetched before; Esc leads back, and on the smallest screen it is as small."""

    async def scene(leo: Stage) -> None:
        async with shelf(**{"sky.png": said(drawn(SKY))}) as place:
            await leo.neighbour("maya", f"look: {place.url}/sky.png")
            await leo.presses("escape")
            assert not place.asked
            await leo.presses("i")
            await leo.sees("▀▀▀▀▀▀▀▀")
            assert len(place.asked) == 1
            await leo.pilot.resize_terminal(20, 5)
            await leo.until(lambda: any(row.count("▀") in range(1, 21) for row in leo.rows()))
            await leo.pilot.resize_terminal(100, 30)
            await leo.presses("escape")
            await leo.until(lambda: leo.app.screen is leo.chat)

    play(scene)


def test_what_cannot_be_shown_is_told_where_the_picture_would_be() -> None:
    """No picture, nobody there, no link: a sentence each, and no fault."""

    async def scene(leo: Stage) -> None:
        async with shelf(**{"cat.png": said(b"<html>")}) as place:
            for link, told in (
                (f"{place.url}/cat.png", "not shown: it is no picture"),
                (f"{place.url}/gone.png", "not shown: 127.0.0.1"),
                ("http://127.0.0.1:1/cat.png", "nobody listens"),
            ):
                await leo.neighbour("maya", link)
                await leo.presses("escape", "i")
                await leo.sees(told)
                assert isinstance(leo.app.screen, Look)
                await leo.presses("escape", "escape")
        await leo.neighbour("maya", "no link at all")
        await leo.presses("escape", "i")
        await leo.sees("there is no link to a picture in it")

    play(scene)
