"""Who may share files here, read them and take them back. The files themselves lie elsewhere: here is who asks.

Whoever asks by HTTP shows an account, and need not be present; what they are in rooms counts where they are.
"""

from __future__ import annotations

from dataclasses import dataclass

from hubbub.hub.channel import Channel
from hubbub.hub.events import AUDIT, FileRemoved, Who
from hubbub.hub.refusals import Refused, Why
from hubbub.hub.rights import Right, can, rights_of
from hubbub.hub.tenure import Tenure
from hubbub.hub.user import User


@dataclass(frozen=True, slots=True)
class SharedFile:
    """`owner` is the identity of who shared it, `name` that of the room it was shared with, "" for none.

    `room` is None where there is no such room, or not any more.
    """

    owner: str
    name: str
    room: Channel | None


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody who showed an account: as those of them who are present, and as one who is not."""

    selves: tuple[User, ...]

    def can(self, right: Right, about: object = None) -> bool:
        return any(can(user, right, about) for user in self.selves)


class Sharing(Tenure):
    def visitor(self, account: str, role: str) -> Visitor:
        """`role` is what the account was granted on the server, "" for none."""
        key = self.fold(account)
        absent = User(account, key, key, "", account)
        absent.account, absent.identity, absent.role, absent.rights = account, key, role, rights_of(role)
        return Visitor((*self.wearers(key), absent))

    def check_sharing(self, visitor: Visitor, room: str) -> str:
        """The folded name of the room that they share with: one they are in, or "" for none in particular."""
        if not (self.rules.members_share or visitor.can(Right.SHARE_FILE)):
            raise Refused(Why.NOT_PERMITTED, f"You may not {Right.SHARE_FILE.value} on this server")
        if not room:
            return ""
        channel = self._room_called(room)
        if channel is None or not visitor.can(Right.READ_ROOM, channel):
            raise Refused(Why.NOT_PERMITTED, f"You are not in {room}")
        return channel.key

    def check_file(self, visitor: Visitor, right: Right, owner: str, room: str) -> None:
        """Whether they may read a file (READ_FILE), or take it back (REMOVE_FILE)."""
        if not visitor.can(right, SharedFile(self.fold(owner), room, self._room_called(room))):
            raise Refused(Why.NOT_PERMITTED, f"You may not {right.value}")

    def may_read(self, user: User, owner: str, room: str) -> bool:
        """Whether somebody who is present may read a file."""
        return can(user, Right.READ_FILE, SharedFile(self.fold(owner), room, self._room_called(room)))

    def remove_file(self, visitor: Visitor, name: str, owner: str, room: str) -> FileRemoved | None:
        """None where it is their own, which is nobody else's business."""
        self.check_file(visitor, Right.REMOVE_FILE, owner, room)
        account = visitor.selves[-1].account
        if self.fold(owner) == self.fold(account):
            return None
        return FileRemoved(Who(account, account), (AUDIT,), name, owner, room)

    def remove_house_file(self, name: str, owner: str, room: str) -> FileRemoved:
        """The same by who runs the server."""
        return FileRemoved(Who(self.rules.server_name), (AUDIT,), name, owner, room)

    def _room_called(self, name: str) -> Channel | None:
        """An owned room is found by its former names, too."""
        key = self.fold(name)
        return self.channels.get(key) or self.channels.get(self.fold(self.forwards.get(key, "")))
