"""Who runs the server and how it is: ADMIN, LINKS, STATS; and what there is none of: USERS, SUMMON.

https://modern.ircdocs.horse/#server-queries-and-commands
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from hubbub.dialects.irc.commands.server import is_here
from hubbub.dialects.irc.registry import command
from hubbub.dialects.irc.request import Request
from hubbub.hub.rights import Right, can
from hubbub.wire import numerics as n
from hubbub.wire.line import Line


@command("ADMIN", usage="[<server>]", help="Tell who runs the server, and how to reach them.")
async def admin(request: Request, line: Line) -> None:
    if not is_here(request, line):
        return
    lines = request.irc.settings.admin
    if not lines:
        request.error(n.ERR_NOADMININFO, request.irc.name)
        return
    request.reply(n.RPL_ADMINME, request.irc.name, "About who runs this server")
    for numeric, text in zip((n.RPL_ADMINLOC1, n.RPL_ADMINLOC2, n.RPL_ADMINEMAIL), lines, strict=False):
        request.reply(numeric, text)


@command("LINKS", help="List the servers of this network, for operators.")
async def links(request: Request, line: Line) -> None:
    """ "Servers MAY omit some or all servers": of what a network is made is for those who run it to know."""
    here = request.irc.name
    if can(request.user, Right.SEE_SERVERS):
        request.reply(n.RPL_LINKS, here, here, f"0 {request.irc.settings.description}")
    request.error(n.RPL_ENDOFLINKS, "*")


@command("STATS", 1, usage="u|o|k [<server>]", help="Tell how long the server is up (u); its operators (o), bans (k).")
async def stats(request: Request, line: Line) -> None:
    """Letters that nobody answers are ended like others: clients wait for 219."""
    if len(line.params) > 1 and not is_here(request, Line("STATS", line.params[1:])):
        return
    letter = line.params[0][:1]
    answer = _STATS.get(letter)
    if answer is not None:
        answer(request)
    request.error(n.RPL_ENDOFSTATS, letter or "*")


def _uptime(request: Request) -> None:
    minutes, seconds = divmod((request.server.clock.now() - request.server.started) // 1000, 60)
    hours, minutes = divmod(minutes, 60)
    request.reply(n.RPL_STATSUPTIME, f"Server Up {hours // 24} days {hours % 24}:{minutes:02}:{seconds:02}")


def _operators(request: Request) -> None:
    """Their logins are half of what one needs to become one: they are shown to operators alone."""
    if can(request.user, Right.SEE_OPERATORS):
        for user in sorted(request.hub.operators, key=lambda user: user.key):
            request.reply(n.RPL_STATSOLINE, "O", "*", user.login, user.nick, user.role)


def _bans(request: Request) -> None:
    if can(request.user, Right.SEE_BANS):
        for ban in request.hub.bans.holding(request.server.clock.now()):
            request.reply(n.RPL_STATSKLINE, "K", ban.mask, "*", "*", ban.text)


_STATS: Final[dict[str, Callable[[Request], None]]] = {"u": _uptime, "o": _operators, "k": _bans}


@command("USERS", help="There is no list of this machine's users.")
async def users(request: Request, line: Line) -> None:
    request.error(n.ERR_USERSDISABLED)


@command("SUMMON", usage="<user>", help="Nobody can be called from here.")
async def summon(request: Request, line: Line) -> None:
    request.error(n.ERR_SUMMONDISABLED)
