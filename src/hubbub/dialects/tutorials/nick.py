"""nick://: the server says NICK, the client its nickname; `nick: text` goes to everyone, the sender included."""

from __future__ import annotations

import re
from typing import Final

from hubbub.dialects.tutorials.pupil import ASCII, Pupil

_GLUED: Final = re.compile(r"(.+?)\1: (.*)", re.DOTALL)
"""A name, and the first message right behind it: two sends that arrived as one."""


class Named(Pupil):
    """A program that gives its bare name when it is asked, and puts it before each of its texts."""

    form = ASCII

    async def introduce(self, text: str) -> None:
        glued = _GLUED.fullmatch(text)
        await self.come_in(glued[1] if glued else text.strip())
        self.greet()
        if glued:
            await self.listen(glued[2])

    def greet(self) -> None:
        """Say that they are in."""

    async def listen(self, text: str) -> None:
        await self.speak(self.unsigned(text))

    def unsigned(self, text: str) -> str:
        """The text without the name before it, which readers get from us."""
        return text.removeprefix(f"{self.asked}:").removeprefix(" ") if self.asked else text


class Nick(Named):
    door = username = "nick"
    greeting = b"NICK"
    untold = ()

    def greet(self) -> None:
        self.tell("Connected to server!")
