"""Where somebody is sent who wants to enter a room that has another name now, or whose door is shut and forwards (+f).

https://ircv3.net/specs/extensions/channel-rename#channel-redirection
"""

from __future__ import annotations

from typing import Final

from hubbub.dialects.irc.registry import capability
from hubbub.dialects.irc.request import Request
from hubbub.hub.refusals import Refused, Why
from hubbub.wire import numerics as n

CHANNEL_RENAME: Final = capability(
    "draft/channel-rename", "https://ircv3.net/specs/extensions/channel-rename", shows=True
)

_SHUT: Final = frozenset({Why.KEY_WRONG, Why.INVITE_ONLY, Why.CHANNEL_FULL, Why.BANNED, Why.ACCOUNT_NEEDED})


def elsewhere(request: Request, name: str, refused: Refused) -> str:
    """The room to try instead, of which they are told; "" where there is none."""
    if refused.why is Why.ROOM_RENAMED and CHANNEL_RENAME not in request.session.caps:
        other, why = refused.about[1], "That channel has another name now"
    else:
        other, why = _forward(request, name, refused), "Forwarding to another channel"
    if other:
        request.reply(n.ERR_LINKCHANNEL, name, other, why)
    return other


def _forward(request: Request, name: str, refused: Refused) -> str:
    channel = request.hub.channels.get(request.hub.fold(name))
    return channel.forward if channel is not None and refused.why in _SHUT else ""
