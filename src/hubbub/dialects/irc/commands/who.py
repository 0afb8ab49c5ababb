"""WHO, and its WHOX form with chosen columns.

https://modern.ircdocs.horse/#who-message and https://ircv3.net/specs/extensions/whox
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final, TypeAlias

from hubbub.dialects.irc.commands.names import prefixes
from hubbub.dialects.irc.registry import command, token
from hubbub.dialects.irc.request import Request
from hubbub.hub.channel import Membership
from hubbub.hub.rights import Right, can
from hubbub.hub.user import User
from hubbub.wire import numerics as n
from hubbub.wire.line import Line
from hubbub.wire.masks import matches

token("WHOX", "")

_TOKEN: Final = re.compile("[0-9]{1,3}")

Found: TypeAlias = tuple[User, Membership | None]
"""Somebody, and through which room they were found."""


@command(
    "WHO", usage="<channel, nick or mask> [o] [%<columns>[,<token>]]", help="Who is in a channel, or matches a mask."
)
async def who(request: Request, line: Line) -> None:
    mask = line.params[0] if line.params else "*"
    flags, percent, fields = (line.params[1] if len(line.params) > 1 else "").partition("%")
    columns, _, mark = fields.partition(",")
    for found in _find(request, mask):
        if "o" in flags and not found[0].role:
            continue
        if percent:
            _reply_columns(request, found, columns, mark)
        else:
            _reply(request, found)
    request.error(n.RPL_ENDOFWHO, mask)


def _find(request: Request, mask: str) -> Iterator[Found]:
    """Who is meant: a room's members, one nick, or all visible whom the mask fits."""
    hub, me = request.hub, request.user
    if mask[:1] == "#":
        channel = hub.channels.get(hub.fold(mask))
        if channel is not None and can(me, Right.SEE_ROOM, channel):
            inside = me in channel.members
            yield from ((u, m) for u, m in channel.members.items() if inside or can(me, Right.SEE_PERSON, u))
        return
    one = hub.users.get(hub.fold(mask))
    if one is not None:
        yield one, _shared_room(me, one)
        return
    for user in hub.users.values():
        if can(me, Right.SEE_PERSON, user) and any(matches(mask, text) for text in _words_about(me, user)):
            yield user, _shared_room(me, user)


def _words_about(me: User, user: User) -> Iterator[str]:
    """What a mask is held against."""
    yield from (user.nick, user.username, user.host, user.realname)
    if can(me, Right.SEE_ADDRESS, user):
        yield user.address


def _shared_room(me: User, other: User) -> Membership | None:
    return next((member for key, member in other.memberships.items() if key in me.memberships), None)


def _reply(request: Request, found: Found) -> None:
    user = found[0]
    words = (_channel(request, found), user.username, user.host, request.irc.name, user.nick, _flags(request, found))
    request.reply(n.RPL_WHOREPLY, *words, f"0 {user.realname}")


def _channel(request: Request, found: Found) -> str:
    return found[1].channel.name if found[1] is not None else "*"


def _flags(request: Request, found: Found) -> str:
    user, member = found
    ranks = prefixes(request, member) if member is not None else ""
    return ("G" if user.away else "H") + ("*" if user.role else "") + ranks + ("B" if "B" in user.modes else "")


def _address(request: Request, user: User) -> str:
    return user.address if can(request.user, Right.SEE_ADDRESS, user) else "255.255.255.255"


def _idle(request: Request, user: User) -> str:
    return str((request.server.clock.now() - user.last_spoke) // 1000)


_COLUMNS: Final[dict[str, Callable[[Request, Found], str]]] = {
    "c": _channel,
    "u": lambda request, found: found[0].username,
    "i": lambda request, found: _address(request, found[0]),
    "h": lambda request, found: found[0].host,
    "s": lambda request, found: request.irc.name,
    "n": lambda request, found: found[0].nick,
    "f": _flags,
    "d": lambda request, found: "0",
    "l": lambda request, found: _idle(request, found[0]),
    "a": lambda request, found: found[0].account or "0",
    "o": lambda request, found: "n/a",
    "r": lambda request, found: found[0].realname,
}
"""The columns of WHOX in the order in which they are sent, whatever the order they were asked in; `t` is first."""


def _reply_columns(request: Request, found: Found, columns: str, mark: str) -> None:
    words = [mark if _TOKEN.fullmatch(mark) else "0"] if "t" in columns else []
    words += [show(request, found) for letter, show in _COLUMNS.items() if letter in columns]
    if words:
        request.reply(n.RPL_WHOSPCRPL, *words)
