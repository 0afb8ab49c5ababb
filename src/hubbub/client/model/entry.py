"""One line of a conversation as it stands now: said, happened or told, with what became of it since.

All text is as it was received: a face cleans what it draws (`hubbub.wire.clean`).
"""

from datetime import datetime
from enum import Enum
from typing import Final, Literal

import msgspec

EntryKind = Literal[
    "message", "action", "notice", "ctcp",  # said
    "joined", "parted", "quit", "kicked", "renamed", "topic", "modes", "invited", "ignored",  # happened
    "told", "refused", "gap",  # told: by the server, by us
]  # fmt: skip

SPOKEN: Final = frozenset({"message", "action", "notice", "ctcp"})
"""What people said."""

HAPPENED: Final = SPOKEN | {
    "joined", "parted", "quit", "kicked", "renamed", "topic", "modes", "invited", "ignored",
}  # fmt: skip
"""What stands in the log of a conversation."""

COMINGS: Final = frozenset({"joined", "parted", "quit", "renamed"})
"""Who comes and goes: a face may fold many of these into one line."""


class State(Enum):
    """What became of an entry. All but our own messages are THERE from the first."""

    THERE = "there"
    SENDING = "sending"
    FAILED = "failed"


class More(msgspec.Struct, gc=False, eq=False):
    """What few entries have.

    `reply` is the msgid that it answers; `reactions` say who reacted with what, in the order in which they came;
    `redacted` is who took it back; `reason` why it failed; `label` names it while it has no msgid; `by` is who kicked;
    `until` ends a gap.
    Without a server, `waits` are those whose end has not got it yet, and `said` is when one was said that waited.
    """

    reply: str = ""
    reactions: dict[str, list[str]] = {}
    edited: bool = False
    redacted: str = ""
    reason: str = ""
    label: str = ""
    target: str = ""
    by: str = ""
    until: datetime | None = None
    waits: tuple[str, ...] = ()
    said: datetime | None = None


_NOTHING: Final = More()


class Entry(msgspec.Struct, gc=False, eq=False):
    """A line. `text` is what was said, a reason, a topic, modes, or another nick, after its kind.

    Entries are many: what few of them have stands apart, in `more`. Read it by `detail`, write it by `own_detail`.
    """

    kind: EntryKind
    at: datetime
    nick: str
    text: str = ""
    msgid: str = ""
    own: bool = False
    mention: bool = False
    state: State = State.THERE
    more: More | None = None

    @property
    def detail(self) -> More:
        """What few entries have, to be read only."""
        return self.more or _NOTHING

    def own_detail(self) -> More:
        """The same, to be written."""
        if self.more is None:
            self.more = More()
        return self.more
