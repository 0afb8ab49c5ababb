"""USERHOST and ISON: short questions after several people. https://modern.ircdocs.horse/#optional-messages"""

from __future__ import annotations

from typing import Final

from hubbub.dialects.irc.registry import command
from hubbub.dialects.irc.request import Request
from hubbub.wire import numerics as n
from hubbub.wire.line import Line

_RPL_ISON: Final = "303"
_USERHOST_MAX: Final = 5


@command("USERHOST", 1, usage="<nick> [<nick>...]", help="Where up to five people come from.")
async def userhost(request: Request, line: Line) -> None:
    found = (request.hub.users.get(request.hub.fold(nick)) for nick in line.params[:_USERHOST_MAX])
    shown = (f"{u.nick}={'-' if u.away else '+'}{u.username}@{u.host}" for u in found if u is not None)
    request.reply(n.RPL_USERHOST, " ".join(shown))


@command("ISON", 1, usage="<nick> [<nick>...]", help="Which of these people are here.")
async def ison(request: Request, line: Line) -> None:
    nicks = " ".join(line.params).split()
    found = (request.hub.users.get(request.hub.fold(nick)) for nick in nicks)
    request.reply(_RPL_ISON, " ".join(user.nick for user in found if user is not None))
