"""What one takes from whom: bots are marked (+B), strangers heard or not (+R, ACCEPT).

https://ircv3.net/specs/extensions/bot-mode
"""

from __future__ import annotations

from hubbub.dialects.irc.registry import command, token
from hubbub.dialects.irc.request import Request
from hubbub.wire.line import Line

token("BOT", "B")


@command(
    "ACCEPT", 1, usage="[-]<nick>{,[-]<nick>}", help="Let somebody without an account write to you though you are +R."
)
async def accept(request: Request, line: Line) -> None:
    me, hub = request.user, request.hub
    for word in filter(None, line.params[0].split(",")):
        nick = word.removeprefix("-")
        other = hub.users.get(hub.fold(nick))
        if other is None:
            request.fail("INVALID_USER", nick, "Nobody here is called that")
        elif word == nick:
            hub.accept(me, other)
        else:
            hub.stop_accepting(me, other)
