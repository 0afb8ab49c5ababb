"""NAMES: who is in a room. https://modern.ircdocs.horse/#names-message"""

from __future__ import annotations

from typing import Final

from hubbub.dialects.irc.registry import capability, command
from hubbub.dialects.irc.request import Request
from hubbub.hub import modes
from hubbub.hub.channel import Channel, Membership
from hubbub.hub.rights import Right, can
from hubbub.wire import numerics as n
from hubbub.wire.line import Line

MULTI_PREFIX: Final = capability("multi-prefix", "https://ircv3.net/specs/extensions/multi-prefix")
USERHOST_IN_NAMES: Final = capability("userhost-in-names", "https://ircv3.net/specs/extensions/userhost-in-names")

NO_IMPLICIT_NAMES: Final = capability("no-implicit-names", "https://ircv3.net/specs/extensions/no-implicit-names")
_DRAFT_NAMES: Final = capability("draft/no-implicit-names", "https://ircv3.net/specs/extensions/no-implicit-names")


@command("NAMES", usage="[<channel>{,<channel>}]", help="List who is in a channel.")
async def names(request: Request, line: Line) -> None:
    if not line.params:
        request.error(n.RPL_ENDOFNAMES, "*")
        return
    for name in line.params[0].split(","):
        channel = request.hub.channels.get(request.hub.fold(name))
        if channel is not None and can(request.user, Right.SEE_ROOM, channel):
            _send_members(request, channel)
    request.error(n.RPL_ENDOFNAMES, line.params[0])


def send_names(request: Request, channel: Channel) -> None:
    """After a JOIN; but "servers MUST NOT send an implicit NAMES reply" to those who want none."""
    if {NO_IMPLICIT_NAMES, _DRAFT_NAMES}.isdisjoint(request.session.caps):
        _send_members(request, channel)
        request.error(n.RPL_ENDOFNAMES, channel.name)


def _send_members(request: Request, channel: Channel) -> None:
    """ "Users with the invisible user mode set are not shown [...] unless the requesting client is also joined"."""
    symbol, me = "@" if "s" in channel.modes else "=", request.user
    inside = me in channel.members
    members = channel.members.values()
    shown = members if inside else [member for member in members if can(me, Right.SEE_PERSON, member.user)]
    if USERHOST_IN_NAMES in request.session.caps:
        words = [prefixes(request, member) + member.user.who.mask for member in shown]
    else:  # most are without rank: a large room's names are one step each
        words = [prefixes(request, m) + m.user.nick if m.status else m.user.nick for m in shown]
    request.listing(n.RPL_NAMREPLY, symbol, channel.name, words=words)


def prefixes(request: Request, member: Membership) -> str:
    """All symbols of a member's rank, or the highest for those who know only one."""
    symbols = modes.symbols(member.status)
    return symbols if MULTI_PREFIX in request.session.caps else symbols[:1]
