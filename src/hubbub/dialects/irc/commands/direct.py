"""DIRECT: who is in direct contact with this end, and who should be. docs/direct.md"""

from __future__ import annotations

from hubbub.dialects.irc.registry import Kind, command
from hubbub.dialects.irc.request import Request
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


async def attend(request: Request) -> None:
    """Somebody sits down at this end."""
    board = request.irc.switchboard
    if board is not None:
        for sentence in await board.attended():
            request.notice(sentence, board.room)
