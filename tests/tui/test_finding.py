"""leo looks for something that was said."""

from hubbub.client.registration import SEARCH
from hubbub.tui.screens.find import Find
from tests.client.village import Village
from tests.tui.stage import CAPS, ROOM, Stage, play


def full(village: Village) -> Village:
    village.neighbour("maya", ROOM, "the projector is in room B")
    for number in range(300):
        village.neighbour("sam", ROOM, f"line {number}")
    return village


async def open_find(leo: Stage, *keys: str) -> Find:
    await leo.presses(*keys)
    await leo.until(lambda: isinstance(leo.app.screen, Find))
    screen = leo.app.screen
    assert isinstance(screen, Find)
    return screen


async def led_to(leo: Stage) -> str:
    """The message that is in focus now."""
    await leo.until(lambda: leo.chat.transcript.picked is not None)
    picked = leo.chat.transcript.picked
    assert picked is not None
    assert picked.entry is not None
    return picked.entry.text


def test_what_is_loaded_is_found_without_the_server() -> None:
    """Where the server cannot search, leo is told so; Enter goes to the message and has it in focus."""

    async def scene(leo: Stage) -> None:
        await leo.sees("line 299")
        await open_find(leo, "ctrl+f")
        await leo.presses(*"281")
        await leo.sees("sam: line 281", "this server cannot search: this is what is loaded")
        await leo.presses("enter")
        assert await led_to(leo) == "line 281"

    play(scene, (100, 30), full(Village(caps=CAPS, page=100)))


def test_what_is_not_loaded_is_found_by_the_server_and_shown_with_what_was_said_around_it() -> None:
    """The chat stays where it was."""

    async def scene(leo: Stage) -> None:
        await leo.sees("line 299")
        await open_find(leo, "alt+f")
        await leo.presses(*"projector")
        await leo.sees("maya: the projector is in room B", "#general")
        await leo.presses("enter")
        await leo.sees("the projector is in room B", "sam  line 3", "arrows scroll, Esc closes")
        await leo.presses("escape")
        await leo.sees("line 299")

    play(scene, (100, 30), full(Village(caps=CAPS | {SEARCH}, page=100)))


def test_a_click_chooses_what_was_found() -> None:
    """As in every list that is over the chat."""

    async def scene(leo: Stage) -> None:
        await leo.sees("line 299")
        await open_find(leo, "ctrl+f")
        await leo.presses(*"line 28")
        await leo.sees("sam: line 288")
        await leo.pilot.click("Choices", offset=(5, 1))
        assert await led_to(leo) == "line 288"

    play(scene, (100, 30), full(Village(caps=CAPS, page=100)))


def test_the_word_that_is_being_typed_may_go_on() -> None:
    """A server of ours finds what begins like it; what stands in quotes is meant as it is."""

    async def scene(leo: Stage) -> None:
        asked: list[str] = []
        leo.overhear("search", lambda line: asked.append(line.params[0]))
        await open_find(leo, "alt+f")
        await leo.presses(*"room pro")
        await leo.until(lambda: any("text=room\\spro*" in question for question in asked))
        await leo.presses("ctrl+u", *'"room B"')
        await leo.until(lambda: any('text="room\\sB"' in question for question in asked))

    play(scene, (100, 30), full(Village(caps=CAPS | {SEARCH}, page=100)))


def test_words_that_nobody_said_are_not_found() -> None:
    """And Esc leaves everything as it was, what leo was writing, too."""

    async def scene(leo: Stage) -> None:
        leo.chat.composer.insert("half a thought")
        await open_find(leo, "ctrl+f")
        await leo.presses(*"xyzzy")
        await leo.sees("nothing was found")
        await leo.presses("escape")
        assert leo.chat.composer.text == "half a thought"

    play(scene, (100, 30), full(Village(caps=CAPS | {SEARCH}, page=100)))


def test_leo_sees_which_rooms_there_are_and_goes_into_one() -> None:
    """Those with most people first, with what they are about; where there is none, he is told how to make one."""

    async def scene(leo: Stage) -> None:
        asked: list[tuple[str, ...]] = []
        leo.overhear("list", lambda line: asked.append(line.params))
        await leo.types("/list")
        await leo.until(lambda: asked == [()])
        await leo.server(
            ":village 321 leo Channel :Users  Name",
            ":village 322 leo #chess 2 :knights only",
            ":village 322 leo #maths 12 :sums",
            ":village 323 leo :End of /LIST",
        )
        await leo.sees("#maths  sums", "12 here", "#chess  knights only")
        await leo.presses(*"che", "enter")
        await leo.until(lambda: leo.desk.front.name == "#chess")
        await leo.types("/list")
        await leo.until(lambda: len(asked) == 2)
        await leo.server(":village 323 leo :End of /LIST")
        await leo.sees("there are no rooms yet")

    play(scene)
