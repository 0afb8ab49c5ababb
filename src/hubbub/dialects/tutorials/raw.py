"""raw://: no handshake; whatever one client sends goes to all others, and not to itself.

Nobody here says a name, so the house gives one: to those elsewhere, who cannot tell them apart otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from hubbub.dialects.seats.doorkeeper import Doorkeeper
from hubbub.dialects.seats.form import to_room
from hubbub.dialects.seats.names import GUEST
from hubbub.dialects.tutorials.pupil import Pupil, PupilForm
from hubbub.hub.events import Said
from hubbub.hub.ports import Link

_NAMELESS: Final = "~raw"
"""No client of IRC can give itself a user name with a tilde."""

_MISTAKABLE: Final = re.compile(r"\S+: |\S+ (?:joined|left)!|[(*>-]")
"""Words that would look like somebody else's, or like ours, if they stood there without a name."""


class RawForm(PupilForm):
    def said(self, said: Said) -> Iterable[str]:
        """What nameless programs send each other stays as it was sent; people elsewhere have their names before it."""
        bare = to_room(said) and f"!{_NAMELESS}@" in said.who.mask and not _MISTAKABLE.match(said.text)
        return said.text.split("\n") if bare else super().said(said)


class Nameless(Pupil):
    """A program that gives no name at the door: it is in at once, under one of ours."""

    def __init__(self, keeper: Doorkeeper, room: str, link: Link) -> None:
        super().__init__(keeper, room, link)
        self.feed([GUEST])

    async def introduce(self, text: str) -> None:
        await self.come_in(text)


class Raw(Nameless):
    door = "raw"
    username = _NAMELESS
    form = RawForm()
