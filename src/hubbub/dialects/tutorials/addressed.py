"""addressed://: `#alice` registers a name, `@bob:text` reaches bob alone, and only the text.

What is said without an address is for the room, which this tutorial did not have yet.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from hubbub.dialects.seats.doorkeeper import Doorkeeper
from hubbub.dialects.seats.form import spoken, to_room
from hubbub.dialects.tutorials.pupil import Pupil, PupilForm
from hubbub.hub.events import Said
from hubbub.hub.ports import Link


class AddressedForm(PupilForm):
    def said(self, said: Said) -> Iterable[str]:
        """In private only the text."""
        front = f"{said.who.nick}: "
        return spoken(said) if to_room(said) else (line.removeprefix(front) for line in spoken(said))


_FORM: Final = AddressedForm()


class Addressed(Pupil):
    door = username = "addressed"
    form = _FORM
    confirms = False

    def __init__(self, keeper: Doorkeeper, room: str, link: Link) -> None:
        super().__init__(keeper, room, link)
        self.tell(f"You are connected from:{(link.address, link.port)}")

    async def introduce(self, text: str) -> None:
        if text[0] != "#":
            self.tell("Say who you are first: # and your name, as in #alice")
            return
        name, at, rest = text[1:].partition("@")
        await self.come_in(name.strip())
        self._confirm()
        if at:
            await self.listen(at + rest)

    async def listen(self, text: str) -> None:
        if text.strip() == "exit":
            self.go()
        elif text[0] == "#" and " " not in text:
            await self.rename(text[1:])  # registering once more
            self._confirm()
        elif text[0] == "@" and ":" in text:
            name, _, words = text[1:].partition(":")
            await self.say(name.strip(), words.strip() or words)
        else:
            await self.speak(text)

    def _confirm(self) -> None:
        self.tell(f"Your user detail saved as : {self.me.nick}")
