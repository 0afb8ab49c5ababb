"""leo types faster than the screen is drawn, or over a line that brings his keys in heaps: none goes astray."""

import pytest
from textual import events

from hubbub.tui.screens.ask import Ask
from hubbub.tui.screens.choose import Choose
from hubbub.tui.screens.find import Find
from hubbub.tui.screens.keys import Keys
from hubbub.wire.line import Line
from tests.client.village import Village
from tests.tui.stage import CAPS, ROOM, Stage, play

KEYS = {"/": "slash", " ": "space"}


def at_once(leo: Stage, *keys: str) -> None:
    """Keys that come in one heap: none waits for what the one before it did."""
    for key in keys:
        one = len(key) == 1
        leo.app.post_message(events.Key(KEYS.get(key, key) if one else key, key if one else None))


@pytest.mark.parametrize("opening", ["f1", "f2", "f9", "ctrl+k", "ctrl+f", "alt+f"])
def test_what_is_typed_behind_the_key_that_closes_a_dialog_is_in_the_field(opening: str) -> None:
    """Esc twice and a word, all at once: one closes, the next is for the chat, the word is for the field."""

    async def scene(leo: Stage) -> None:
        at_once(leo, opening)
        await leo.until(lambda: len(leo.app.screen_stack) == 2)
        at_once(leo, "escape", *"/help me", "escape", "escape")
        await leo.until(lambda: leo.chat.composer.text == "/help me")
        assert leo.app.screen is leo.chat

    play(scene)


def test_a_dialog_takes_what_is_typed_before_it_is_drawn() -> None:
    """A room is gone to by ctrl+k, letters and Enter, and a line is said in it, in one heap."""

    async def scene(leo: Stage) -> None:
        at_once(leo, "ctrl+k", *"demx", "backspace", "enter")
        await leo.until(lambda: leo.desk.front.name == "#demo")
        at_once(leo, *"hi there", "enter")
        await leo.until(lambda: "hi there" in leo.said("#demo"))

    play(scene, (100, 30), Village(caps=CAPS, page=100), ROOM, "#demo")


def test_a_question_is_answered_once() -> None:
    """Two keys that both answer: the second one is a letter for the field."""

    async def scene(leo: Stage) -> None:
        taken_back: list[Line] = []
        leo.overhear("redact", taken_back.append)
        await leo.types("never mind")
        await leo.until(lambda: "never mind" in leo.said(ROOM) and leo.room().entries[-1].msgid)
        await leo.presses("alt+up", "d")
        await leo.until(lambda: isinstance(leo.app.screen, Ask))
        at_once(leo, "y", "y")
        await leo.until(lambda: taken_back)
        await leo.until(lambda: leo.app.screen is leo.chat)
        assert len(taken_back) == 1

    play(scene)


def test_who_serves_others_in_this_window_is_asked_before_it_ends_for_them() -> None:
    """No stays, also over another dialog; yes goes, and so does going again."""

    async def scene(leo: Stage) -> None:
        leo.app.links.others = lambda: 2
        await leo.presses("ctrl+q")
        await leo.sees("2 others are here: going ends the chat for them.", "[y] go   [n] stay")
        await leo.presses("n")
        await leo.misses("2 others are here")
        await leo.presses("f1", "ctrl+q")
        await leo.sees("2 others are here")
        assert leo.app.is_running
        await leo.presses("ctrl+q")
        await leo.until(lambda: not leo.app.is_running)

    play(scene)


def test_a_line_that_is_begun_on_a_message_is_whole() -> None:
    """From its first letter on that means nothing to a message: what comes before the focus has moved is not lost."""

    async def scene(leo: Stage) -> None:
        await leo.neighbour("maya", "morning")
        await leo.presses("escape", "f1")
        at_once(leo, "escape", *"/help me")
        await leo.until(lambda: leo.chat.composer.text == "/help me")

    play(scene)


def test_a_dialog_that_is_closed_twice_is_closed_once() -> None:
    """By a key and a click, or by whatever comes later."""

    async def scene(leo: Stage) -> None:
        for opening, kind in (("f1", Keys), ("ctrl+k", Choose), ("ctrl+f", Find)):
            await leo.presses(opening)
            dialog = leo.app.screen
            assert isinstance(dialog, kind)
            dialog.close()
            dialog.close()
            assert leo.app.screen is leo.chat

    play(scene)
