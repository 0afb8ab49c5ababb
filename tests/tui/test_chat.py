"""What leo sees and does in a terminal."""

from tests.tui.stage import ROOM, Stage, play


def test_what_is_said_stands_on_the_screen() -> None:
    """With its time and who said it; what leo writes goes to the room."""

    async def scene(leo: Stage) -> None:
        await leo.neighbour("maya", "we can demo at 11")
        await leo.sees("maya│ we can demo at 11")
        await leo.types("on it")
        await leo.sees("leo│ on it")
        assert [entry.line.params[1] for entry in leo.village.logs[ROOM] if entry.line.command == "PRIVMSG"] == [
            "we can demo at 11",
            "on it",
        ]

    play(scene)
