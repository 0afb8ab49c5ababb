"""What somebody is told who is banned from the server."""

from __future__ import annotations

from hubbub.dialects.irc.look import iso_time
from hubbub.dialects.irc.request import Request
from hubbub.hub.server_bans import ServerBan
from hubbub.wire import numerics as n


def turn_away(request: Request, ban: ServerBan | None) -> bool:
    """Whether they are banned; the connection then ends with the reason."""
    if ban is not None:
        request.reply(n.ERR_YOUREBANNEDCREEP, farewell(ban))
        request.session.close(farewell(ban))
    return ban is not None


def farewell(ban: ServerBan) -> str:
    reason = f": {ban.text}" if ban.text else ""
    return f"You are banned from this server {end(ban)}{reason}"


def end(ban: ServerBan) -> str:
    return f"until {iso_time(ban.until)}" if ban.until else "for good"
