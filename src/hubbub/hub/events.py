"""What can happen in a conversation, and the place it gets in a log.

An event is decided by the hub and names the logs it belongs in. The store gives it a place in each; an event with
its place is an `Entry`. Events are made once per message, so they are msgspec structs: cheap to build, frozen, and
without a garbage collector's header, since none can be part of a cycle.
"""

from typing import Final

from msgspec import Struct


class Who(Struct, frozen=True, gc=False):
    """Who did it, as they were called at that moment: `mask` is `nick!user@host` or a server's name."""

    mask: str
    account: str = ""

    @property
    def nick(self) -> str:
        return self.mask.partition("!")[0]


class Fact(Struct, frozen=True, gc=False):
    """Something that holds until it is changed: `value` is JSON, None to forget it. `scope` says of what `key` is one.

    Facts stand beside the logs and are stored in the transaction of the event that made them so: what a room is
    like is known at once after a restart, without reading its log.
    """

    scope: str
    key: str
    field: str
    value: str | None


class Event(Struct, frozen=True, gc=False):
    """One thing that happens. `logs` are the names of the conversations that keep it, none for ephemera."""

    who: Who
    logs: tuple[str, ...]

    @property
    def settles(self) -> str:
        """The log in which nothing may be decided until this has been applied, or "".

        Events that take rights away, create a room or fill it up must be seen by the next decision there: a message
        decided behind a pending KICK would stand in the log after it. Talk, joins and leaves commute and return "".
        """
        return ""

    @property
    def facts(self) -> tuple[Fact, ...]:
        """What holds from now on, for events that change more than what was said."""
        return ()

    @property
    def inevitable(self) -> bool:
        """Whether it happens even when it cannot be stored: a connection that is gone is gone."""
        return False


class Lasting(Event, frozen=True, gc=False, kw_only=True):
    """An event that may change facts. It is stored even where no log keeps it."""

    facts: tuple[Fact, ...] = ()


class Said(Event, frozen=True, gc=False):
    """Somebody spoke. `verb` is PRIVMSG, NOTICE or TAGMSG; `target` is the room or nick as it is spelled.

    `tags` are the client-only tags (with their `+`), None where there are none. `nonce` names this message for its
    sender: the store keeps the first with a nonce and answers a second with the first one's place.
    """

    verb: str
    target: str
    text: str
    tags: dict[str, str] | None = None
    nonce: str = ""


class Joined(Lasting, frozen=True, gc=False):
    """Somebody came into a room; `status` is the letters they come with, "o" for whoever makes the room.

    `counted` says that the room has a limit: who comes next can only be judged once this one is in.
    """

    channel: str
    realname: str
    status: str = ""
    counted: bool = False

    @property
    def settles(self) -> str:
        return self.logs[0] if self.status or self.counted else ""


class Parted(Lasting, frozen=True, gc=False):
    channel: str
    text: str


class Kicked(Lasting, frozen=True, gc=False):
    channel: str
    nick: str
    text: str

    @property
    def settles(self) -> str:
        return self.logs[0]


class TopicChanged(Lasting, frozen=True, gc=False):
    """The topic is now `text`; "" removes it."""

    channel: str
    text: str

    @property
    def settles(self) -> str:
        return self.logs[0]


class ModeChange(Struct, frozen=True, gc=False):
    """One letter of a MODE: `adding` it or taking it away, with its argument or ""."""

    adding: bool
    letter: str
    argument: str = ""


class ModesChanged(Lasting, frozen=True, gc=False):
    channel: str
    changes: tuple[ModeChange, ...]

    @property
    def settles(self) -> str:
        return self.logs[0]


class Renamed(Lasting, frozen=True, gc=False):
    """Somebody changed their nick to `nick`."""

    nick: str


class Quit(Event, frozen=True, gc=False):
    text: str

    @property
    def inevitable(self) -> bool:
        return True


class Stayed(Lasting, frozen=True, gc=False):
    """Somebody with an account stays present without their devices from now on, or does so no longer."""

    on: bool


class WentAway(Event, frozen=True, gc=False):
    """Presence: away with a reason, or back where `text` is "". Never stored.

    With a `channel` it only tells those who are in there, whom somebody has joined that was away before.
    """

    text: str
    channel: str = ""


class UserModesChanged(Event, frozen=True, gc=False):
    """Somebody changed what others see of them. Never stored."""

    changes: tuple[ModeChange, ...]


class Invited(Event, frozen=True, gc=False):
    """Somebody was asked into a room. Never stored; told to the guest, or `openly` to the room's other operators."""

    channel: str
    nick: str
    openly: bool = False


class Place(Struct, frozen=True, gc=False):
    """Where an event stands: the `seq`-th entry of `log`, at `ts` (ms since the epoch), called `msgid`.

    `repeated` says that this nonce was stored before and that this is the place it was given then.
    """

    log: str
    seq: int
    ts: int
    msgid: str
    repeated: bool = False


class Entry(Struct, frozen=True, gc=False):
    """An event with its place: what is delivered, and what history is made of."""

    event: Event
    place: Place


TALK: Final = ("PRIVMSG", "NOTICE")
"""The verbs that every client may be sent from history."""


def pair_log(one: str, other: str) -> str:
    """The name of the conversation between two identities, the same from both ends.

    A comma stands in no nick, account or channel name, so no pair is ever taken for a channel.
    """
    return f"{one},{other}" if one <= other else f"{other},{one}"


def parties(log: str) -> tuple[str, ...]:
    """The identities a pair's log belongs to; none for a channel's."""
    return tuple(log.split(",")) if "," in log else ()
