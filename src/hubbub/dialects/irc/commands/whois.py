"""WHOIS and WHOWAS: about one person. https://modern.ircdocs.horse/#user-based-queries"""

from __future__ import annotations

from hubbub.dialects.irc.commands.metadata import send_whois
from hubbub.dialects.irc.commands.names import prefixes
from hubbub.dialects.irc.registry import command
from hubbub.dialects.irc.request import Request
from hubbub.hub.rights import Right, can
from hubbub.hub.user import User
from hubbub.wire import numerics as n
from hubbub.wire.line import Line


@command("WHOIS", usage="[<server>] <nick>", help="Tell about somebody who is here.")
async def whois(request: Request, line: Line) -> None:
    if not line.params or not line.params[-1]:
        request.error(n.ERR_NONICKNAMEGIVEN)
        return
    asked = line.params[1 if len(line.params) > 1 else 0]
    nick = asked.split(",")[0]
    user = request.hub.users.get(request.hub.fold(nick))
    if user is None:
        request.error(n.ERR_NOSUCHNICK, nick)
    else:
        _tell_person(request, user)
        _tell_presence(request, user)
    request.error(n.RPL_ENDOFWHOIS, asked)  # "exactly the <nick> parameter sent by the client"


def _tell_person(request: Request, user: User) -> None:
    request.reply(n.RPL_WHOISUSER, user.nick, user.username, user.host, "*", user.realname)
    if user.account:
        request.reply(n.RPL_WHOISACCOUNT, user.nick, user.account, "is logged in as")
    if user.role:
        request.reply(n.RPL_WHOISOPERATOR, user.nick, f"is an operator of this server ({user.role})")
    if "B" in user.modes:
        request.reply(n.RPL_WHOISBOT, user.nick, "is a bot")
    if can(request.user, Right.SEE_ADDRESS, user):
        request.reply(n.RPL_WHOISACTUALLY, user.nick, user.address, "is connecting from")
        request.reply(n.RPL_WHOISMODES, user.nick, f"is using modes +{''.join(sorted(user.modes))}")
        for gateway in sorted({device.session.gateway for device in request.devices(user)} - {""}):
            request.reply(n.RPL_WHOISSPECIAL, user.nick, f"is connecting through the gateway {gateway}")
    if user.secure:
        request.reply(n.RPL_WHOISSECURE, user.nick, "is using a secure connection")
    send_whois(request, user)


def _tell_presence(request: Request, user: User) -> None:
    rooms = [
        prefixes(request, member) + member.channel.name
        for member in user.memberships.values()
        if can(request.user, Right.SEE_ROOM, member.channel) and can(request.user, Right.SEE_PERSON, user)
    ]
    request.listing(n.RPL_WHOISCHANNELS, user.nick, words=rooms)
    request.reply(n.RPL_WHOISSERVER, user.nick, request.irc.name, request.irc.settings.description)
    if user.away:
        request.reply(n.RPL_AWAY, user.nick, user.away)
    idle = (request.server.clock.now() - user.last_spoke) // 1000
    request.reply(n.RPL_WHOISIDLE, user.nick, str(idle), str(user.signed_on // 1000), "seconds idle, signon time")


@command("WHOWAS", usage="<nick> [<count>]", help="Tell about somebody who was here.")
async def whowas(request: Request, line: Line) -> None:
    if not line.params or not line.params[0]:
        request.error(n.ERR_NONICKNAMEGIVEN)
        return
    nick = line.params[0].split(",")[0]
    key = request.hub.fold(nick)
    known = [past for past in request.hub.past if past.key == key]
    if not known:
        request.error(n.ERR_WASNOSUCHNICK, nick)
    for past in known[: _count(line)]:
        request.reply(n.RPL_WHOWASUSER, past.nick, past.username, past.host, "*", past.realname)
        request.reply(n.RPL_WHOISSERVER, past.nick, request.irc.name, request.irc.settings.description)
    request.error(n.RPL_ENDOFWHOWAS, nick)


def _count(line: Line) -> int | None:
    """How many were asked for: all for anything that is not a number above 0."""
    given = line.params[1] if len(line.params) > 1 else ""
    return int(given) if given.isascii() and given.isdigit() and int(given) > 0 else None
