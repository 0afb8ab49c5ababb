"""What leo sets stays so, in a file that he may edit; a mistake in it is shown, and stops nobody from chatting."""

from collections import Counter
from pathlib import Path

import pytest

from hubbub.tui.settings.kept import Kept, parse, with_value
from hubbub.tui.settings.tree import BadSetting, read
from tests.tui.stage import Stage, play


def the_file() -> Path:
    return Kept().path


def written(text: str) -> None:
    the_file().parent.mkdir(parents=True, exist_ok=True)
    the_file().write_text(text)


def ground(leo: Stage) -> str:
    """The background of most of what is drawn."""
    strips = leo.app.screen._compositor.render_strips()
    styles = [segment.style for strip in strips for segment in strip if segment.style is not None]
    counted = Counter(style.bgcolor.name if style.bgcolor else "default" for style in styles)
    return counted.most_common(1)[0][0]


def test_what_is_set_is_saved_and_holds_at_once() -> None:
    """/set NAME VALUE, and the next start begins with it."""

    async def scene(leo: Stage) -> None:
        assert ground(leo) == "default"
        await leo.types("/set theme light")
        await leo.sees("theme is light from now on")
        await leo.until(lambda: ground(leo) == "#fbfbf8")
        assert Kept().now.theme == "light"
        await leo.types("/set theme ansi")
        await leo.until(lambda: ground(leo) == "default")

    play(scene)


def test_the_list_says_what_each_setting_means() -> None:
    """F2 or /set: some letters find one, Enter changes it."""

    async def scene(leo: Stage) -> None:
        await leo.presses("f2")
        await leo.sees("Settings", "or our own on dark or light", "theme: ansi")
        await leo.presses(*"theme", "enter")
        await leo.sees("dark", "light")
        await leo.presses(*"dark", "enter")
        await leo.until(lambda: leo.app.kept.now.theme == "dark")

    play(scene)


def test_what_cannot_be_set_is_told_with_what_can() -> None:
    """A slip of the fingers is understood."""

    async def scene(leo: Stage) -> None:
        await leo.types("/set them dark")
        await leo.sees("there is no setting them; did you mean theme?")
        await leo.types("/set theme drak")
        await leo.sees("theme: expected ansi, dark, light, got drak; did you mean dark?")
        await leo.types("/set theme")
        await leo.sees("theme is ansi: the colours")
        assert not the_file().exists()

    play(scene, (200, 30))


def test_a_mistake_in_the_file_shows_its_line_and_the_defaults_hold() -> None:
    """And nothing is written over it."""
    written('# mine\ntheme = "light"\nthme = "dark"\n')

    async def scene(leo: Stage) -> None:
        await leo.sees("line 3: there is no setting thme; did you mean", "defaults hold")
        assert leo.app.kept.now.theme == "ansi"
        await leo.types("/set theme dark")
        await leo.sees("not changed: ")
        assert "thme" in the_file().read_text()

    play(scene, (300, 30))  # the path of the file is long, and a line that is broken is not found


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("theme = dark", "line 1: "),
        ('\n\ntheme = "drak"', "line 3: theme: expected ansi, dark, light, got drak; did you mean dark?"),
        ("theme = [1]", "line 1: theme: expected ansi, dark, light, got 1"),
        ("[theme]\nx = 1", "line 1: theme: expected"),
    ],
)
def test_each_mistake_is_told_by_its_line(text: str, words: str) -> None:
    """Whatever it is: what was expected, and what came."""
    with pytest.raises(BadSetting) as caught:
        parse(text)
    assert str(caught.value).startswith(words)


def test_what_leo_wrote_into_the_file_stays() -> None:
    """Only the setting that is changed is."""
    text = '# mine\ntheme = "dark" \n# the end\n'
    assert with_value(text, "theme", "light") == '# mine\ntheme = "light"\n# the end\n'
    assert with_value("# mine", "theme", "light").startswith("# mine\n\n# the colours")


def test_who_wants_no_colours_gets_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """NO_COLOR wins over the theme."""
    monkeypatch.setenv("NO_COLOR", "1")
    written(with_value("", "theme", read("theme", "Dark")))

    async def scene(leo: Stage) -> None:
        await leo.neighbour("maya", "leo: coffee?")
        assert leo.app.kept.now.theme == "dark"
        assert ground(leo) == "default"

    play(scene)


def test_tab_completes_what_can_be_set_and_to_what() -> None:
    """A name, then its values one after the other; where it is for leo to say, nicks as everywhere."""

    async def scene(leo: Stage) -> None:
        await leo.neighbour("maya", "hello")
        for typed, wanted in (
            ("/set th", "/set theme "),
            ("/set theme ", "/set theme ansi "),
            ("/set theme l", "/set theme light "),
            ("/set notice_bell o", "/set notice_bell on "),
            ("/set ignore ma", "/set ignore maya "),
        ):
            leo.chat.composer.load_text("")
            leo.chat.composer.insert(typed)
            await leo.presses("tab")
            await leo.until(lambda wanted=wanted: leo.chat.composer.text == wanted)  # type: ignore[misc]
        leo.chat.composer.load_text("")
        leo.chat.composer.insert("/set theme ")
        await leo.presses("tab", "tab", "enter")
        await leo.sees("theme is dark from now on")

    play(scene)
