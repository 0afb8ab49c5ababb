"""The first tutorial's conversation: `name: text` and nothing else, over two plain connections.

Nobody gives a name at the door; who signs a text is called so from then on.
"""

from __future__ import annotations

import re
from typing import Final

from hubbub.dialects.seats.doorkeeper import Doorkeeper
from hubbub.dialects.seats.names import GUEST, candidates
from hubbub.dialects.tutorials.pupil import Pupil
from hubbub.hub.events import Joined, Parted, Renamed, Said
from hubbub.hub.ports import Link

_SIGNED: Final = re.compile(r"([^\s:]{1,32}): ?(.*)", re.DOTALL)


class Classic(Pupil):
    door = username = "classic"
    untold = (Said, Joined, Parted, Renamed)

    def __init__(self, keeper: Doorkeeper, room: str, link: Link) -> None:
        super().__init__(keeper, room, link)
        self.knows_password = True  # the house's own is for the view: these ends were let in by being connected
        self.feed([GUEST])

    async def introduce(self, text: str) -> None:
        await self.come_in(text)

    async def listen(self, text: str) -> None:
        signed = _SIGNED.fullmatch(text)
        if signed is not None and self.asked in {GUEST, signed[1]}:
            await self._sign(signed[1])
            text = signed[2]
        await self.speak(text)

    async def _sign(self, name: str) -> None:
        """The first signature is their name, as near as can be had."""
        if self.asked == name:
            return
        self.asked, hub = name, self.server.hub
        nick = next(nick for nick in candidates(name, hub.rules) if hub.fold(nick) not in hub.users)
        event = hub.rename(self.me, nick)
        if event is not None:
            await self.server.commit(event, self)
