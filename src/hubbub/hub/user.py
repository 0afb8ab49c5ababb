"""A user: a nick that is present, with the sessions that wear it and the rooms it is in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, TypeVar

from hubbub.hub.events import Who

if TYPE_CHECKING:
    from hubbub.hub.channel import Channel, Membership
    from hubbub.hub.ports import Session
    from hubbub.hub.rights import Right


T = TypeVar("T")

_NOTHING: Final[frozenset[Any]] = frozenset()
_NOBODY: Final[Mapping[str, Any]] = {}
"""What most people have of most things, shared by all of them: 1 KB less for each who is connected and idle."""


class User:
    """`key` is the folded nick, `identity` names their end of a private conversation (see `Hub.enter`).

    `guest` is the identity they had before they logged in, if they were here then: messages to it still find them.

    Several sessions, the devices of one account, may stand behind one user. `leaving` says that the last of them is
    gone and the farewell on its way: nobody may come to sit in an empty chair that is being carried out.

    `who` is how their events are signed: made when the nick, the account or the host changes, not per message.
    `role`, `login` and `rights` are those of an operator of the server; `accepted` are the identities that may write
    to somebody with +R without an account.
    `admitted` are the rooms that they came for by an invite: the folded name, and `Invite.since`.
    Sets and mappings that most people have nothing in are never changed but replaced.
    `since` is when they took the nick that they wear, in ms, 0 for the one they came with.
    """

    __slots__ = (
        "accepted",
        "account",
        "address",
        "admitted",
        "away",
        "guest",
        "host",
        "identity",
        "invitations",
        "key",
        "last_spoke",
        "leaving",
        "login",
        "memberships",
        "modes",
        "nick",
        "realname",
        "rights",
        "role",
        "secure",
        "sessions",
        "signed_on",
        "since",
        "stays",
        "username",
        "who",
    )

    def __init__(self, nick: str, key: str, username: str, host: str, realname: str) -> None:
        self.nick = nick
        self.key = nick if key == nick else key  # one string for both
        self.username = username
        self.host = host
        self.realname = realname
        self.account = ""
        self.identity = ""
        self.guest = ""
        self.address = host
        self.secure = False
        self.leaving = False
        self.stays = False
        self.away = ""
        self.signed_on = 0
        self.since = 0
        self.last_spoke = 0
        self.role = ""
        self.login = ""
        self.rights: frozenset[Right] = _NOTHING
        self.accepted: Mapping[str, None] = _NOBODY
        self.admitted: frozenset[tuple[str, int]] = _NOTHING
        self.modes: frozenset[str] = _NOTHING
        self.sessions: list[Session] = []
        self.memberships: dict[str, Membership] = {}
        self.invitations: Mapping[str, Channel] = _NOBODY
        self.sign()

    def sign(self) -> None:
        """Make `who` anew."""
        self.who = Who(f"{self.nick}!{self.username}@{self.host}", self.account, "B" in self.modes, bool(self.role))

    def shares_a_room_with(self, other: User) -> bool:
        return not self.memberships.keys().isdisjoint(other.memberships)


def without(mapping: Mapping[str, T], key: str) -> dict[str, T]:
    return {known: value for known, value in mapping.items() if known != key}


def newest(mapping: dict[str, T], most: int) -> dict[str, T]:
    """The last `most` that were put in."""
    return dict(list(mapping.items())[-most:])
