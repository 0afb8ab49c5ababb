"""Pictures that were shared: what is left of them, and what those do that were made to do harm."""

from __future__ import annotations

from contextlib import suppress
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from hubbub.net.files import Allowance, Files, Stored
from hubbub.net.metadata import BadPicture, bare
from hubbub.net.pictures import develop
from tests.net.drawings import drawn

SECRET = b"Maya's garden"


def photo(form: str, size: tuple[int, int] = (60, 40), orientation: int = 1) -> bytes:
    """A picture that says where it was taken."""
    image = Image.radial_gradient("L").resize(size).convert("P" if form == "GIF" else "RGB")
    if form == "GIF":
        return drawn(image, form, comment=SECRET)
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010E] = SECRET.decode()
    return drawn(image, form, exif=exif.tobytes())


def opened(body: bytes) -> Image.Image:
    return Image.open(BytesIO(body))


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "GIF"])
def test_only_the_picture_is_left(form: str) -> None:
    """Not a pixel of it is another one; where it was taken is gone, and so is whatever stood behind its end."""
    whole = photo(form)
    left = bare(whole + b"PK\x03\x04 a program", 1)
    assert SECRET in whole
    assert SECRET not in left
    assert b"a program" not in left
    assert opened(left).convert("RGB").tobytes() == opened(whole).convert("RGB").tobytes()


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_it_stays_the_right_way_up(form: str) -> None:
    """Of all that cameras write, this is what a reader sees."""
    left = bare(photo(form, orientation=6), 6)
    assert SECRET not in left
    assert dict(opened(left).getexif()) == {0x0112: 6}


def test_all_pictures_of_a_film_stay() -> None:
    """An animation goes on moving, and starts again as often as it did."""
    first, second = (Image.new("RGB", (8, 8), colour) for colour in ("red", "blue"))
    moving = drawn(first, "GIF", save_all=True, append_images=[second], loop=0, duration=50, comment=SECRET)
    left = opened(bare(moving, 1))
    assert (getattr(left, "n_frames", 1), left.info["loop"]) == (2, 0)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "GIF"])
def test_what_is_cut_off_is_no_picture_or_a_shorter_one(form: str) -> None:
    """Wherever it ends, nothing but that is said of it."""
    whole = photo(form)
    for length in range(len(whole)):
        with suppress(BadPicture):
            assert len(bare(whole[:length], 1)) <= length + 2


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path, b"secret", Allowance(max_bytes=1 << 30), lambda: 1_000_000_000.0)


def share(files: Files, body: bytes) -> Stored:
    upload = files.begin("maya", len(body), "#den")
    try:
        upload.write(body)
        return upload.finish("tea.jpg")
    finally:
        upload.drop()


def kept(files: Files) -> dict[str, int]:
    return {path.name: path.stat().st_size for path in files.directory.iterdir() if path.name != "index.db"}


def test_a_photograph_is_kept_with_a_small_one(files: Files) -> None:
    """As it is looked at: a camera that was held upright took a high picture."""
    stored = share(files, photo("JPEG", (2000, 1500), orientation=6))
    assert (stored.type, stored.width, stored.height, stored.room) == ("image/jpeg", 1500, 2000, "#den")
    assert kept(files).keys() == {stored.digest, f"{stored.digest}.preview"}
    assert SECRET not in (files.directory / stored.digest).read_bytes()
    small = opened((files.directory / f"{stored.digest}.preview").read_bytes())
    assert (small.format, small.size) == ("WEBP", (480, 640))
    files.remove(stored)
    assert kept(files) == {}


def test_a_small_picture_needs_no_smaller_one(files: Files) -> None:
    """It is sent as it is."""
    stored = share(files, photo("PNG"))
    assert (bool(stored.preview), kept(files)) == (False, {stored.digest: stored.size})


def test_a_picture_that_was_given_up_leaves_nothing(files: Files) -> None:
    """Neither what came, nor what was made of it, also where it was not made ready to the end."""
    upload = files.begin("maya", None)
    upload.write(photo("JPEG", (2000, 1500)))
    develop(upload.path)
    made = len(kept(files))
    upload.drop()
    assert (made, kept(files)) == (3, {})


def test_a_photograph_of_another_form_says_nothing_of_its_maker_either(files: Files) -> None:
    """AVIF is drawn anew where it says something."""
    stored = share(files, photo("AVIF"))
    assert stored.type == "image/avif"
    assert SECRET not in (files.directory / stored.digest).read_bytes()
