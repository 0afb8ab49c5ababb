"""Doing what the command line has left for the server: within a second, and once."""

from __future__ import annotations

from typing import Final

from msgspec.structs import replace

from hubbub.hub import errands
from hubbub.hub.errands import AnyErrand, Errand, Removal, Tending
from hubbub.hub.events import Lasting, inviting_by
from hubbub.hub.invites import Terms
from hubbub.hub.ports import StoreFailed
from hubbub.hub.promise import drive
from hubbub.hub.refusals import Refused
from hubbub.server.server import Server

SECONDS: Final = 0.5
"""Between two looks: what was asked for holds within a second."""


class Errands:
    """Makes an event of each. What cannot be done any more is dropped: whoever left it has looked before."""

    def __init__(self, server: Server, board: errands.Errands) -> None:
        self._server, self._board = server, board

    def watch(self) -> None:
        """Look now, and from now on for as long as the server runs."""
        drive(self._look(), self._again)

    def _again(self, _: None, error: BaseException | None) -> None:
        if isinstance(error, Exception) and not isinstance(error, StoreFailed):
            self._server.report(error, None)
        if not self._server.stopping:
            self._server.later(SECONDS, self.watch)

    async def _look(self) -> None:
        for errand in await self._board.waiting():
            if isinstance(errand, Errand):
                await self._server.settled(inviting_by(errand.code))
            try:
                event = self._decide(errand)
            except Refused:
                await self._board.drop(errand)
            else:
                await self._server.commit(replace(event, facts=(*event.facts, errands.no_fact(errand))), None)

    def _decide(self, errand: AnyErrand) -> Lasting:
        hub, now = self._server.hub, self._server.clock.now()
        if isinstance(errand, Removal):
            return hub.remove_house_file(errand.name, errand.owner, errand.room)
        if isinstance(errand, Tending):
            return hub.tended(errand.text)
        if errand.make:
            return hub.make_house_invite(errand.code, errand.room, Terms(now, errand.until, errand.uses))
        return hub.revoke_invite(None, errand.code, now)
