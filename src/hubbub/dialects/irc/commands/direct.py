"""DIRECT: who is in direct contact with this end, and who should be. docs/direct.md"""

from __future__ import annotations

from hubbub.dialects.irc.registry import Kind, command
from hubbub.dialects.irc.request import Request
from hubbub.hub.events import Entry, Place
from hubbub.wire import numerics as n
from hubbub.wire.line import Line


@command(
    "DIRECT",
    kind=Kind.CHANGE,
    usage="[<who>|same <who>|no <who>|forget <who>]",
    help="Call somebody or take their call, where people talk without a server (hubbub direct).",
)
async def direct(request: Request, line: Line) -> None:
    board = request.irc.switchboard
    if board is None:
        request.error(n.ERR_UNKNOWNCOMMAND, line.command)
        return
    for sentence in await board.ask(line.params):
        request.notice(sentence, board.room)


async def expect(request: Request) -> None:
    """Somebody is about to sit down at this end: look up what they are to know, while they hear nothing yet.

    What is on its way to the log is waited for: told to them before they are in the room, it would look like its end.
    """
    if request.irc.switchboard is not None:
        await request.irc.switchboard.expect()
        await request.server.caught_up()


def tell_waiting(request: Request) -> None:
    """Before they read their own messages: for whom these wait."""
    board = request.irc.switchboard
    for event in board.waiting() if board is not None else ():
        place = Place("", 0, request.server.clock.now(), "")
        request.several(request.session.plain.render(Entry(event, place)))


def tell_news(request: Request) -> None:
    """When they are in the room: what happened meanwhile."""
    board = request.irc.switchboard
    if board is not None:
        for sentence in board.news():
            request.notice(sentence, board.room)
