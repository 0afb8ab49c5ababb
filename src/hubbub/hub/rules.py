"""The limits and the naming rules of a house, handed to the hub by whoever composes it."""

from collections.abc import Callable
from dataclasses import dataclass

from hubbub.hub.cloak import plain_host
from hubbub.hub.lettering import is_honest

_NICK_SPECIAL = frozenset("[]\\`_^{|}-")
_NICK_FIRST = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz") | _NICK_SPECIAL - {"-"}
_NICK_REST = _NICK_FIRST | frozenset("0123456789-")
_CHANNEL_FORBIDDEN = frozenset(" ,:\x07")

SERVICES = frozenset({"botserv", "chanserv", "histserv", "hostserv", "memoserv", "nickserv", "operserv"})
"""Folded names that people on IRC entrust passwords to: nobody may wear one."""


@dataclass(frozen=True, slots=True)
class Rules:
    """`fold`, `matches` and `normalise` are the wire's casemapping and masks; lengths are in characters.

    `host_of` makes what others see as somebody's host out of their address. `members_invite` lets everybody with an
    account make invites, not only who runs a room or the server; `members_share` lets them share files, not only
    operators. With `makers_own` a room belongs to the account that makes it, without being asked.
    """

    fold: Callable[[str], str]
    matches: Callable[[str, str], bool]
    normalise: Callable[[str], str]
    host_of: Callable[[str], str] = plain_host
    server_name: str = "hubbub.local"
    network: str = "hubbub"
    nick_length: int = 32
    channel_length: int = 64
    topic_length: int = 390
    away_length: int = 200
    kick_length: int = 390
    user_length: int = 20
    realname_length: int = 150
    key_length: int = 32
    channels_per_user: int = 100
    list_entries: int = 100
    targets: int = 4
    whowas: int = 100
    rooms_per_account: int = 20
    watched: int = 100
    invites: int = 50
    members_invite: bool = False
    members_share: bool = True
    makers_own: bool = False
    services: frozenset[str] = SERVICES

    def legal_nick(self, nick: str) -> bool:
        """ASCII letters, digits and `[]\\`_^{|}-`, not starting with a digit or a dash.

        ASCII alone, because a name that only looks like another's is the oldest trick in chat.
        """
        return 0 < len(nick) <= self.nick_length and nick[0] in _NICK_FIRST and _NICK_REST.issuperset(nick)

    def legal_channel(self, name: str) -> bool:
        """`#` and at least one more character, any script, nothing that is not what it looks like."""
        if not 1 < len(name) <= self.channel_length or name[0] != "#":
            return False
        return _CHANNEL_FORBIDDEN.isdisjoint(name) and is_honest(name)
