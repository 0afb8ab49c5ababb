"""classic://: `name: text` and nothing else, over two plain connections, behind a handshake of which `net` knows.

Nobody gives a name at the door; who signs a text is called so from then on.
"""

from __future__ import annotations

import re
from typing import Final

from hubbub.dialects.seats.names import GUEST
from hubbub.dialects.tutorials.raw import Nameless
from hubbub.hub.events import Joined, Parted, Renamed, Said

_SIGNED: Final = re.compile(r"([^\s:]{1,32}):(?!//) ?(.*)", re.DOTALL)


class Classic(Nameless):
    door = username = "classic"
    untold = (Said, Joined, Parted, Renamed)

    async def listen(self, text: str) -> None:
        signed = _SIGNED.fullmatch(text)
        if signed is not None and self.asked in {GUEST, signed[1]}:
            await self._sign(signed[1])
            text = signed[2]
        await self.speak(text)

    async def _sign(self, name: str) -> None:
        """The first signature is their name, as near as can be had."""
        if self.asked != name:
            self.asked = name
            self.tell_name(name, await self.keeper.as_near(name, self.rename))
