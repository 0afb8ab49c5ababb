"""What a client hears of: values that a view draws, a bot answers and a script prints.

All text is as it was received: a view calls `hubbub.wire.clean.clean` on what it draws.
"""

from datetime import datetime
from typing import Final, Literal

import msgspec

Kind = Literal["message", "action", "notice", "ctcp"]


# RPL_TRYAGAIN, "Please wait a while and try again"; and RPL_TARGUMODEG, whose owner lets only friends write.
_TRY_AGAIN: Final = "263"
_IGNORED: Final = "716"


class Happening(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """Something that happened in a conversation, heard as it happened or read from the server's history.

    `conversation` is a room or a person's nick; "" where several rooms are concerned. `at` is aware, in UTC: the
    server's time where it tells, ours otherwise.
    """

    at: datetime
    nick: str
    conversation: str = ""
    own: bool = False
    history: bool = False
    msgid: str = ""
    tags: dict[str, str] = {}


class Said(Happening, frozen=True, gc=False, kw_only=True):
    """A message. `target` is the room or nick it was sent to, as sent ("@#room" speaks to the operators of #room)."""

    target: str
    text: str
    kind: Kind = "message"
    label: str = ""


class Tagged(Happening, frozen=True, gc=False, kw_only=True):
    """A message of tags alone: typing, a reaction."""

    target: str


class Edited(Happening, frozen=True, gc=False, kw_only=True):
    """The message `edited` has other words."""

    edited: str
    text: str


class Redacted(Happening, frozen=True, gc=False, kw_only=True):
    """The message `redacted` was taken back, by whoever wrote it or by somebody who may."""

    redacted: str
    reason: str = ""


class Joined(Happening, frozen=True, gc=False, kw_only=True):
    """Someone came in."""

    account: str = ""
    realname: str = ""


class Parted(Happening, frozen=True, gc=False, kw_only=True):
    """Someone left a room."""

    reason: str = ""


class Kicked(Happening, frozen=True, gc=False, kw_only=True):
    """`nick` was put out of a room by `by`; `own` when it was us."""

    by: str
    reason: str = ""


class Quit(Happening, frozen=True, gc=False, kw_only=True):
    """Someone left the network; `rooms` are those we shared."""

    rooms: tuple[str, ...] = ()
    reason: str = ""


class Renamed(Happening, frozen=True, gc=False, kw_only=True):
    """`nick` is called `new` from here on; `rooms` are those we share."""

    new: str
    rooms: tuple[str, ...] = ()


class TopicSet(Happening, frozen=True, gc=False, kw_only=True):
    """The topic of a room was set, or taken away ("")."""

    topic: str


class ModeSet(Happening, frozen=True, gc=False, kw_only=True):
    """Modes were set, as in "+o leo"."""

    modes: str


class Invited(Happening, frozen=True, gc=False, kw_only=True):
    """`nick` asks `who` into the room; `own` when that is us."""

    who: str


class Topic(msgspec.Struct, frozen=True, gc=False):
    """The topic of a room we came into or asked about."""

    room: str
    topic: str


class Names(msgspec.Struct, frozen=True, gc=False):
    """Who is in a room, each with the signs of their rank, highest rank first."""

    room: str
    members: tuple[str, ...]


class Presence(msgspec.Struct, frozen=True, gc=False):
    """Someone is away, with a reason, or back (None)."""

    nick: str
    away: str | None


class Seen(msgspec.Struct, frozen=True, gc=False):
    """Someone we watch is online, or not."""

    nick: str
    online: bool


class Marked(msgspec.Struct, frozen=True, gc=False):
    """Up to where we have read a conversation, on whichever device; None when nothing of it."""

    conversation: str
    at: datetime | None


class People(msgspec.Struct, frozen=True):
    """With whom we have private conversations on the server, the oldest first."""

    nicks: tuple[str, ...]


class Written(msgspec.Struct, frozen=True, gc=False):
    """We wrote a message, or a failed one once more: Sent or Failed comes later. `text` may be of several lines."""

    label: str
    conversation: str
    target: str
    text: str
    kind: Kind
    tags: dict[str, str] = {}


class Sent(msgspec.Struct, frozen=True, gc=False):
    """The server has our message: it was echoed, acknowledged, or a PONG came from behind it."""

    label: str
    target: str
    text: str
    msgid: str = ""


class Failed(msgspec.Struct, frozen=True, gc=False):
    """Our message was refused (`code` is the server's), or nobody knows (`code` is ""): the person decides."""

    label: str
    target: str
    text: str
    code: str
    reason: str


class Gap(msgspec.Struct, frozen=True, gc=False):
    """Lines of a conversation may be missing here; `conversation` is "" for private messages as a whole."""

    conversation: str
    since: datetime
    until: datetime
    reason: str


class CaughtUp(msgspec.Struct, frozen=True, gc=False):
    """What was missed of a conversation is shown, as far as it can be; "" stands for all private ones."""

    conversation: str


class Page(msgspec.Struct, frozen=True):
    """History that was asked for, oldest first; `problem` says in words why it is not there."""

    conversation: str
    lines: tuple[Happening, ...]
    problem: str = ""


class JoinRefused(msgspec.Struct, frozen=True, gc=False):
    """We are not let into a room."""

    room: str
    code: str
    reason: str


class Told(msgspec.Struct, frozen=True, gc=False):
    """The server says something: `code` is a numeric, FAIL, WARN or NOTE; `params` are without our nick."""

    code: str
    params: tuple[str, ...]

    @property
    def text(self) -> str:
        """The words, which stand last."""
        return self.params[-1] if self.params else ""

    @property
    def is_error(self) -> bool:
        """Whether something was refused. Of the numerics, two stand outside of the hundreds made for it."""
        return self.code in {"FAIL", _TRY_AGAIN, _IGNORED} or self.code[:1] in {"4", "5"}


class Reached(msgspec.Struct, frozen=True, gc=False):
    """What waited for somebody without a server in between is at their end now: the texts, oldest first."""

    conversation: str
    name: str
    texts: tuple[str, ...]


class Online(msgspec.Struct, frozen=True, gc=False):
    """We are registered. `resumed`: it is not the first time, what we missed comes next."""

    nick: str
    network: str
    resumed: bool


class Offline(msgspec.Struct, frozen=True, gc=False):
    """The connection is gone."""

    reason: str


class Waiting(msgspec.Struct, frozen=True, gc=False):
    """The next try to connect is in `seconds`."""

    seconds: float
    reason: str


class Refused(msgspec.Struct, frozen=True, gc=False):
    """The server does not let us in, and trying again will not help."""

    code: str
    reason: str


Event = (
    Happening
    | Topic
    | Names
    | Presence
    | Seen
    | Marked
    | People
    | Written
    | Sent
    | Failed
    | Gap
    | CaughtUp
    | Page
    | JoinRefused
    | Told
    | Reached
    | Online
    | Offline
    | Waiting
    | Refused
)
