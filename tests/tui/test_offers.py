"""What is offered above the field while a line is begun: nobody has to know the commands by heart."""

import pytest

from tests.client.village import Village
from tests.tui.stage import CAPS, Stage, play


def test_the_commands_are_shown_once_a_slash_is_typed() -> None:
    """Their names first; what they do when few are left; nothing when the line is something else."""

    async def scene(leo: Stage) -> None:
        await leo.presses("slash")
        await leo.sees("/away  /", "/query")
        await leo.presses("i", "n", "v")
        await leo.sees("/invite [NICK | DURATION [COUNT]]  bring guests in by a code")
        await leo.misses("/query")
        await leo.presses("tab")
        assert leo.chat.composer.text == "/invite "
        await leo.sees("/invite [NICK | DURATION [COUNT]]  bring guests in by a code")
        await leo.presses("ctrl+u")
        await leo.misses("bring guests in by a code")

    play(scene)


def test_emoji_are_shown_by_the_beginning_of_their_names() -> None:
    """And Tab takes the first."""

    async def scene(leo: Stage) -> None:
        await leo.presses("y", "o", "space", "colon", "t", "a", "d")
        await leo.sees("🎉 tada")
        await leo.presses("tab")
        await leo.misses("🎉 tada")
        assert leo.chat.composer.text == "yo 🎉 "

    play(scene)


@pytest.mark.parametrize("text", ["/nosuchthing", "//invite", "and/or", "1:02"])
def test_nothing_is_offered_where_nothing_fits(text: str) -> None:
    """The field stands where it stood."""

    async def scene(leo: Stage) -> None:
        before = leo.rows()[:-3]
        leo.chat.composer.insert(text)
        await leo.sees(text)
        assert leo.rows()[:-3] == before

    play(scene)


def test_a_low_screen_keeps_its_lines_for_what_is_said() -> None:
    """Tab completes there all the same."""

    async def scene(leo: Stage) -> None:
        await leo.presses("slash", "i", "n", "v")
        await leo.sees("/inv")
        assert "bring guests" not in leo.picture()

    play(scene, (60, 12))


def test_who_is_alone_is_told_how_to_bring_others_in() -> None:
    """Until somebody comes."""

    async def scene(leo: Stage) -> None:
        await leo.server(":maya!maya@village PART #general")
        await leo.sees("nobody else is here yet: /invite")
        await leo.server(":zoe!zoe@village JOIN #general")
        await leo.misses("nobody else is here yet")
        await leo.sees("Message #general   (Enter send")

    play(scene, village=Village(caps=CAPS | {"hubbub.chat/invite"}, page=100))


def test_who_is_alone_without_a_server_is_told_how_to_call() -> None:
    """There is nothing to invite to, and no link that would lead anywhere."""

    async def scene(leo: Stage) -> None:
        await leo.server(":village 005 leo hubbub.chat/DIRECT :are supported", ":maya!maya@village PART #general")
        await leo.sees("nobody else is here yet: /direct")
        await leo.types("/invite")
        await leo.sees("there is no server here to invite to: /direct")
        await leo.types("/upload pyproject.toml")
        await leo.sees("a direct conversation is of words alone")

    play(scene, (120, 24), Village(caps=CAPS | {"hubbub.chat/invite"}, page=100))
