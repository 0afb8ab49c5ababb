"""Which face a chat has: the screen where there is a terminal, lines where there is none or where they are wanted."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from hubbub.client.way import Outcome, Way


async def chat(
    way: Way, *, plain: bool = False, lent: bool = False, others: Callable[[], int] | None = None
) -> Outcome:
    """Chat until the person leaves; `plain` is for screen readers, and for who likes it, `lent` says that the person is
    not at this computer: then it is the screen in any case, whose table of commands knows what that means.
    `others` tells how many it ends for when the person goes, who is asked first on a screen."""
    if plain or not (lent or drawable()):
        from hubbub.client import errands

        return await errands.chat(way)
    from hubbub.tui.curtain import curtain

    with curtain(next(iter(way.address.rooms), str(way.address))):
        from hubbub.tui import cli

        return await cli.chat(way, lent=lent, others=others)


def drawable() -> bool:
    """Whether there is a terminal to draw on. The screen is drawn on the standard error stream."""
    streams = (sys.stdin, sys.stdout, sys.stderr)
    return os.environ.get("TERM", "dumb") != "dumb" and all(stream.isatty() for stream in streams)
