"""NAMES: who is in a room. https://modern.ircdocs.horse/#names-message"""

from __future__ import annotations

from typing import Final

from hubbub.dialects.irc.registry import capability, command
from hubbub.dialects.irc.request import Request
from hubbub.hub import modes
from hubbub.hub.channel import Channel, Membership
from hubbub.wire import numerics as n
from hubbub.wire.line import Line

MULTI_PREFIX: Final = capability("multi-prefix", "https://ircv3.net/specs/extensions/multi-prefix")
USERHOST_IN_NAMES: Final = capability("userhost-in-names", "https://ircv3.net/specs/extensions/userhost-in-names")

_ROOM: Final = 350
"""Bytes of names on one line: what is left of 512 beside server name, nick and channel at their longest."""


@command("NAMES", usage="[<channel>{,<channel>}]", help="List who is in a channel.")
async def names(request: Request, line: Line) -> None:
    if not line.params:
        request.error(n.RPL_ENDOFNAMES, "*")
        return
    for name in line.params[0].split(","):
        channel = request.hub.channels.get(request.hub.fold(name))
        if channel is not None and channel.visible_to(request.user):
            _send_members(request, channel)
    request.error(n.RPL_ENDOFNAMES, line.params[0])


def send_names(request: Request, channel: Channel) -> None:
    _send_members(request, channel)
    request.error(n.RPL_ENDOFNAMES, channel.name)


def _send_members(request: Request, channel: Channel) -> None:
    symbol = "@" if "s" in channel.modes else "="
    text = ""
    for member in channel.members.values():
        name = prefixes(request, member) + _shown(request, member)
        if text and len(text) + len(name) >= _ROOM:
            request.reply(n.RPL_NAMREPLY, symbol, channel.name, text)
            text = ""
        text += f" {name}" if text else name
    if text:
        request.reply(n.RPL_NAMREPLY, symbol, channel.name, text)


def prefixes(request: Request, member: Membership) -> str:
    """All symbols of a member's rank, or the highest for those who know only one."""
    symbols = modes.symbols(member.status)
    return symbols if MULTI_PREFIX in request.session.caps else symbols[:1]


def _shown(request: Request, member: Membership) -> str:
    return member.user.who.mask if USERHOST_IN_NAMES in request.session.caps else member.user.nick
