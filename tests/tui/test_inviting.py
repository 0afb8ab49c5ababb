"""leo brings guests in by a code: the server makes it, he shows it to a telephone, and takes it back."""

from hubbub.wire.line import Line
from tests.client.village import Village
from tests.tui.stage import CAPS, ROOM, Stage, play

INVITING = CAPS | {"hubbub.chat/invite"}
URL = "http://192.168.1.20:6680/j/k7q4m2"


def test_a_code_is_made_and_shown_with_its_link_and_a_picture() -> None:
    """/invite with how long and how often; y copies the link."""

    async def scene(leo: Stage) -> None:
        asked: list[Line] = []
        leo.overhear("invitation", asked.append)
        await leo.types("/invite 7d 10")
        await leo.until(lambda: asked)
        assert asked[0].params == ("CREATE", ROOM, "7d", "10")
        await leo.server(f":village INVITATION CREATED k7q4m2 {ROOM} 2026-11-27T09:12:00.000Z 10 {URL}")
        await leo.sees("k7q4m2", URL, "until 2026-11-27 09:12, for 10 guests", "█▀▀▀▀▀█")
        await leo.presses("y")
        await leo.sees("copied, Esc closes", "█▀▀▀▀▀█")
        assert leo.app.clipboard == URL
        await leo.pilot.resize_terminal(60, 20)
        await leo.sees("A larger window shows it as a picture")
        await leo.presses("escape")
        await leo.misses(URL)

    play(scene, (100, 40), Village(caps=INVITING))


def test_what_was_made_is_listed_and_taken_back() -> None:
    """/invite alone: what can be made, and below it what there is."""

    async def scene(leo: Stage) -> None:
        asked: list[Line] = []
        leo.overhear("invitation", asked.append)
        await leo.types("/invite")
        await leo.until(lambda: asked)
        await leo.server(
            f":village INVITATION LISTED k7q4m2 {ROOM} 2026-11-27T09:12:00.000Z 3/10 leo", ":village INVITATION END"
        )
        await leo.sees("new: one guest, for two hours", "take back k7q4m2")
        await leo.presses(*"k7q", "enter")
        await leo.sees("Take k7q4m2 back?", "[y] Yes")
        await leo.presses("n")
        await leo.misses("Take k7q4m2 back?")
        assert asked[-1].params == ("LIST",)
        await leo.types("/invite")
        await leo.until(lambda: len(asked) == 2)
        await leo.server(
            f":village INVITATION LISTED z9 {ROOM} * * leo",
            f":village INVITATION LISTED k7q4m2 {ROOM} 2026-11-27T09:12:00.000Z 3/10 leo",
            ":village INVITATION END",
        )
        await leo.until(lambda: leo.picture().find("k7q4m2") < leo.picture().find("take back z9"))
        await leo.presses(*"k7q", "enter", "y")
        await leo.until(lambda: asked[-1].params == ("REVOKE", "k7q4m2"))
        await leo.server(":village INVITATION REVOKED k7q4m2")
        await leo.sees("k7q4m2 brings nobody in any more")

    play(scene, (100, 30), Village(caps=INVITING))


def test_a_hostile_invite_is_text() -> None:
    """Whatever a server calls its code and its link: no picture is made of a page, and nothing breaks."""

    async def scene(leo: Stage) -> None:
        await leo.types("/invite 2h")
        await leo.server(
            f":village INVITATION CREATED [bold]\x1b[31m * x\x07 * {'https://v/' + 'é' * 2000}", "INVITATION"
        )
        await leo.sees("[bold]", "the server, until")
        assert "\x1b" not in leo.picture()
        await leo.presses("escape")

    play(scene, (60, 20), Village(caps=INVITING))


def test_somebody_who_is_here_is_asked_into_the_room() -> None:
    """As everywhere on IRC; where a server makes no codes it is the only way, and leo is told so."""

    async def scene(leo: Stage) -> None:
        asked: list[Line] = []
        leo.overhear("invite", asked.append)
        await leo.types("/invite sam")
        await leo.until(lambda: asked)
        assert asked[0].params == ("sam", ROOM)
        await leo.types("/invite 2h")
        await leo.sees("this server makes no codes for guests")

    play(scene)
