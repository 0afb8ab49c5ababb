"""Who may do what: every right by its name, the roles that give them, and the one question `can`.

What operators do and what anybody reads is asked here, at every door: a command, a list, history, search. A right
comes with a role, or with what somebody is to the thing it is about: a member of the room, the person themselves.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import TYPE_CHECKING, Any, Final

from hubbub.hub.refusals import Refused, Why

if TYPE_CHECKING:
    from hubbub.hub.channel import Channel
    from hubbub.hub.sharing import SharedFile
    from hubbub.hub.user import User


class Right(Enum):
    """The verbs; the comment says what they are asked about. The value is how a sentence names them."""

    SEE_ROOM = "see that room"  # a Channel: that it is there, what it is about, who is in it
    SEE_PERSON = "see that person"  # a User, where they were not asked for by name, and the rooms they are in
    SEE_ADDRESS = "see addresses"  # a User
    READ_ROOM = "read that room"  # a Channel: what was said in it
    READ_AUDIT = "read what operators did"
    SEE_BANS = "see who is banned from the server"
    SEE_OPERATORS = "see the logins of operators"
    SEE_SERVERS = "see which servers there are"
    BAN = "ban people from the server"
    KILL = "disconnect people"  # a User
    WALLOPS = "speak to everybody"
    CHANGE_HOST = "change hosts"
    RULE_ROOM = "rule rooms of others"  # a Channel
    REHASH = "reload the configuration"
    INVITE = "make invites"
    SHARE_FILE = "share files"
    READ_FILE = "read that file"  # a SharedFile
    SEE_FILES = "see what was shared"
    SEE_HEALTH = "see how the server is"
    REMOVE_FILE = "take that file back"  # a SharedFile


_MODERATOR: Final = frozenset(
    {
        Right.SEE_ROOM,
        Right.SEE_PERSON,
        Right.SEE_ADDRESS,
        Right.SEE_BANS,
        Right.SEE_OPERATORS,
        Right.SEE_SERVERS,
        Right.BAN,
        Right.KILL,
        Right.SHARE_FILE,
        Right.REMOVE_FILE,
        Right.SEE_FILES,
    }
)
_ADMIN: Final = _MODERATOR | {
    Right.WALLOPS,
    Right.CHANGE_HOST,
    Right.RULE_ROOM,
    Right.REHASH,
    Right.INVITE,
    Right.READ_AUDIT,
    Right.SEE_HEALTH,
}

ROLES: Final[dict[str, frozenset[Right]]] = {"moderator": _MODERATOR, "admin": _ADMIN, "owner": _ADMIN}
"""The rights of each role, the lowest first. None lets them read rooms that they are not in: that is configured apart.
"""

_RANKS: Final = ("", *ROLES)


def rights_of(role: str, *, reads: bool = False) -> frozenset[Right]:
    """What somebody with this role may; nothing for a role that is not known here."""
    return ROLES.get(role, frozenset()) | ({Right.READ_ROOM} if reads and role else frozenset())


def can(actor: User, right: Right, about: Any = None) -> bool:
    """Whether `actor` may; `about` is what the right's comment says."""
    given = right in actor.rights
    rule = _RULES.get(right)
    return given if rule is None else rule(actor, about, given)


def demand(actor: User, right: Right, about: Any = None) -> None:
    """Raises `Refused(NOT_PERMITTED)` where they may not."""
    if not can(actor, right, about):
        raise Refused(Why.NOT_PERMITTED, f"You may not {right.value}")


def _see_room(actor: User, room: Channel, given: bool) -> bool:
    return given or room.visible_to(actor)


def _see_person(actor: User, other: User, given: bool) -> bool:
    return given or "i" not in other.modes or other is actor or other.shares_a_room_with(actor)


def _themselves(actor: User, other: User, given: bool) -> bool:
    return given or other is actor


def _read_room(actor: User, room: Channel, given: bool) -> bool:
    return given or actor in room.members


def _read_file(actor: User, file: SharedFile, given: bool) -> bool:
    """What was shared with a room is its readers'; what was shared with none, everybody's with an account."""
    theirs = can(actor, Right.READ_ROOM, file.room) if file.room is not None else not file.name
    return given or theirs or actor.identity == file.owner


def _remove_file(actor: User, file: SharedFile, given: bool) -> bool:
    rules = file.room is not None and file.room.ranks(actor, "o")
    return given or rules or actor.identity == file.owner


def _below(actor: User, other: User, given: bool) -> bool:
    """Nobody is put out by those whose role is lower than theirs."""
    return given and _RANKS.index(other.role) <= _RANKS.index(actor.role)


_RULES: Final[dict[Right, Callable[[User, Any, bool], bool]]] = {
    Right.SEE_ROOM: _see_room,
    Right.SEE_PERSON: _see_person,
    Right.SEE_ADDRESS: _themselves,
    Right.READ_ROOM: _read_room,
    Right.KILL: _below,
    Right.READ_FILE: _read_file,
    Right.REMOVE_FILE: _remove_file,
}
"""Where it matters whom or what it is about; `given` says whether the role gives the right."""
