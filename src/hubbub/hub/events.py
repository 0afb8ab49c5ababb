"""What can happen in a conversation, and the place it gets in a log.

An event is decided by the hub and names the logs it belongs in. The store gives it a place in each; an event with
its place is an `Entry`. Events are made once per message, so they are msgspec structs: cheap to build, frozen, and
without a garbage collector's header, since none can be part of a cycle.
"""

from typing import ClassVar, Final

from msgspec import Struct

from hubbub.hub.modes import SYMBOLS

AUDIT: Final = "&audit"
"""The log of who did what in rooms that somebody owns. No room is called so: their names start with #."""


class Who(Struct, frozen=True, gc=False):
    """Who did it, as they were called at that moment: `mask` is `nick!user@host` or a server's name.

    `bot` says that they are a program, `operator` that they were an operator of the server; that is not kept.
    """

    mask: str
    account: str = ""
    bot: bool = False
    operator: bool = False

    @property
    def nick(self) -> str:
        return self.mask.partition("!")[0]


class Fact(Struct, frozen=True, gc=False):
    """Something that holds until it is changed: `value` is JSON, None to forget it. `scope` says of what `key` is one.

    Facts stand beside the logs and are stored in the transaction of the event that made them so: what a room is
    like is known at once after a restart, without reading its log. `ts` is when it came to hold, in ms: the store's
    to say.
    """

    scope: str
    key: str
    field: str
    value: str | None
    ts: int = 0


class Event(Struct, frozen=True, gc=False):
    """One thing that happens. `logs` are the names of the conversations that keep it, none for ephemera."""

    who: Who
    logs: tuple[str, ...]

    @property
    def settles(self) -> str:
        """The log in which nothing may be decided until this has been applied, or "".

        Events that take rights away, create a room or fill it up must be seen by the next decision there: a message
        decided behind a pending KICK would stand in the log after it. Talk, joins and leaves commute and return ""
        where neither a limit nor outsiders who may speak depend on them.
        """
        return ""

    @property
    def facts(self) -> tuple[Fact, ...]:
        """What holds from now on, for events that change more than what was said."""
        return ()

    @property
    def nonce(self) -> str:
        """What names it for whoever sent it, so that sent again it is the same, or ""."""
        return ""

    @property
    def moves(self) -> tuple[tuple[str, str], ...]:
        """Logs that go on under another name from here on, old and new."""
        return ()

    @property
    def inevitable(self) -> bool:
        """Whether it happens even when it cannot be stored: a connection that is gone is gone."""
        return False


class Lasting(Event, frozen=True, gc=False, kw_only=True):
    """An event that may change facts. It is stored even where no log keeps it."""

    facts: tuple[Fact, ...] = ()


class Detail(Struct, frozen=True, gc=False, omit_defaults=True):
    """What few messages have beside their words.

    `joints` are the places in the text, in characters, where a line was too long to be sent in one piece and goes on.
    `relayer` is the nick of whoever said it in somebody else's name. `quote` is how the message begins that this one
    answers, for readers who cannot look it up; it is told and not kept.

    Of a message that was edited, `edited` is when it got the words it has now, in ms, `edits` are the seqs of all its
    edits, and `first` are the words it was said with.
    """

    joints: tuple[int, ...] = ()
    relayer: str = ""
    quote: str = ""
    edited: int = 0
    edits: tuple[int, ...] = ()
    first: str = ""


class Said(Event, frozen=True, gc=False):
    """Somebody spoke. `verb` is PRIVMSG, NOTICE or TAGMSG; `target` is the room or nick as it is spelled.

    `text` may have several lines. `tags` are the client-only tags (with their `+`), None where there are none. `nonce`
    names this message for its sender: the store keeps the first with a nonce and answers a second with the first
    one's place.
    """

    settles: ClassVar[str] = ""  # asked of every message: to find that costs less than to work it out

    verb: str
    target: str
    text: str
    tags: dict[str, str] | None = None
    nonce: str = ""
    detail: Detail | None = None


class Redacted(Event, frozen=True, gc=False):
    """A message was taken back, by whoever said it or by who runs the room: `msgid` names it, `text` says why.

    The store takes its words out of the log; what stays is that somebody said something then. `author`, their nick,
    and its `age` in ms tell readers who know no msgids which it was; there is nothing to tell where `author` is "".
    """

    target: str
    msgid: str
    text: str = ""
    author: str = ""
    age: int = 0

    @property
    def settles(self) -> str:
        return self.logs[0]


class Edited(Event, frozen=True, gc=False):
    """The message called `msgid`, once said with `verb`, has other words now. The log keeps the old ones, too."""

    verb: str
    target: str
    msgid: str
    text: str

    @property
    def settles(self) -> str:
        return self.logs[0]


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
    """Somebody left a room. `open` says that who is outside may speak there: what they say next can only be judged
    once this one is out, for the room may end with it."""

    channel: str
    text: str
    open: bool = False

    @property
    def settles(self) -> str:
        return self.logs[0] if self.open else ""


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


class ModeChange(Struct, frozen=True, gc=False, omit_defaults=True):
    """One letter of a MODE: `adding` it or taking it away, with its argument or "".

    A line of a list may say why it stands there, and until when (ms; 0 is for good).
    """

    adding: bool
    letter: str
    argument: str = ""
    reason: str = ""
    until: int = 0


class ModesChanged(Lasting, frozen=True, gc=False):
    channel: str
    changes: tuple[ModeChange, ...]

    @property
    def settles(self) -> str:
        return self.logs[0]


class OwnerChanged(Lasting, frozen=True, gc=False):
    """The room belongs to the account `owner` from now on, and lasts; where that is "", to nobody."""

    channel: str
    owner: str

    @property
    def settles(self) -> str:
        return self.logs[0]


class AccessChanged(Lasting, frozen=True, gc=False):
    """Whoever is logged in as `account` has these letters in the room from now on, "" for none."""

    channel: str
    account: str
    status: str

    @property
    def settles(self) -> str:
        return self.logs[0]


class SettingChanged(Lasting, frozen=True, gc=False):
    """A setting of an owned room, one of `settings.SETTINGS`; "" puts it back to what holds without it."""

    channel: str
    name: str
    value: str

    @property
    def settles(self) -> str:
        return self.logs[0]


class RoomRenamed(Lasting, frozen=True, gc=False):
    """The room called `old` is called `name` now, and its log goes on as `key`, which is that name folded."""

    old: str
    name: str
    key: str
    text: str

    @property
    def settles(self) -> str:
        return self.logs[0]

    @property
    def moves(self) -> tuple[tuple[str, str], ...]:
        """The logs of those of a rank, too."""
        log = self.logs[0]
        return tuple((rank + log, rank + self.key) for rank in ("", *SYMBOLS)) if log != self.key else ()


class MetadataChanged(Lasting, frozen=True, gc=False):
    """What is known about a room or a person under `key` is `value` from now on, or nothing more where that is None.

    In no log, and told by the server: `target` names the room or the nick as it is spelled.
    """

    target: str
    key: str
    value: str | None


class Renamed(Lasting, frozen=True, gc=False):
    """Somebody changed their nick to `nick`."""

    nick: str


class RealnameChanged(Lasting, frozen=True, gc=False):
    text: str


class HostChanged(Lasting, frozen=True, gc=False):
    """`nick`, and that may be whoever did it, is seen as `username`@`host` from now on; `old` was their mask."""

    nick: str
    old: str
    username: str
    host: str


class Instead(Event, frozen=True, gc=False):
    """How those see a change who do not know its kind: as this `event`, which did not happen. Never stored.

    Told to all around `nick` but themselves, or to those in a `channel` alone.
    """

    event: Event
    nick: str
    channel: str = ""


class Sighted(Event, frozen=True, gc=False):
    """A nick that is watched came (`here`), with its mask, or went. Said by the server; never stored."""

    nick: str
    mask: str
    here: bool


class Promoted(Event, frozen=True, gc=False):
    """Somebody is an operator of the server from now on, by the login `name` and with a role; "" for none any more.

    `reads` says that they may read rooms that they are not in.
    """

    name: str
    role: str
    reads: bool = False


class Killed(Event, frozen=True, gc=False):
    """An operator disconnects `nick`, who is told so; the Quit follows."""

    nick: str
    text: str


class Announced(Event, frozen=True, gc=False):
    """An operator says something to everybody who wants to hear it (+w)."""

    text: str


class FileRemoved(Lasting, frozen=True, gc=False):
    """Somebody took back a file that another had shared; `channel` is the room's folded name, "" for none."""

    name: str
    owner: str
    channel: str


class Tended(Lasting, frozen=True, gc=False):
    """Whoever has the machine did something to all that is kept, or read it, by the command line: `text` says what."""

    text: str


class ServerBanChanged(Lasting, frozen=True, gc=False):
    """Whoever `mask` fits may not come in, for the reason `text`; or may again.

    The ban is from `at` until `until`, both in ms, 0 for good.
    """

    mask: str
    adding: bool
    text: str = ""
    at: int = 0
    until: int = 0


class Quit(Event, frozen=True, gc=False):
    text: str

    @property
    def inevitable(self) -> bool:
        return True


class LoggedIn(Event, frozen=True, gc=False):
    """Somebody who is present showed that they own `account`. Never stored."""

    account: str


class LoggedOut(Lasting, frozen=True, gc=False):
    """Somebody goes on as a guest, whose private past is that of `identity`. No log keeps it."""

    identity: str


class Stayed(Lasting, frozen=True, gc=False):
    """Somebody with an account stays present without their devices from now on, or does so no longer."""

    on: bool


class MarkedRead(Lasting, frozen=True, gc=False):
    """Somebody has read the conversation `log`, which they call `target`, up to `at` (ms). In no log; theirs alone.

    `reader` is their identity: it is one person that has read it, on whichever device.
    """

    reader: str
    log: str
    target: str
    at: int

    @property
    def settles(self) -> str:
        return reading_of(self.reader)


class Subscription(Struct, frozen=True, gc=False):
    """Where a device wants to be told of what is for its owner while it is not connected: the URL of a push service.

    `p256dh` and `auth` are the keys that it reads by, in URL-safe base64. `proof` is the mark of what its owner had
    logged in by, `at` when it was given, in ms; `caps` are what the device knew then, in its dialect's words.
    """

    endpoint: str
    p256dh: str
    auth: str
    proof: str
    at: int
    caps: tuple[str, ...] = ()


class Subscribed(Lasting, frozen=True, gc=False):
    """What is for `reader`, an identity, is pushed to `endpoint` from now on; no more where `subscription` is None.

    In no log; nobody is told.
    """

    reader: str
    endpoint: str
    subscription: Subscription | None

    @property
    def settles(self) -> str:
        return pushing_to(self.reader)


class PeerNoted(Lasting, frozen=True, gc=False):
    """What this end of a direct conversation knows about another one has changed: its `facts`.

    In no log; nobody is told.
    """


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
    """Somebody was asked into a room. Never stored; told to the guest, or `openly` to the room's other operators.

    `opens` says that the one who asks may open the door: bans, key and limit do not hold for the guest then.
    """

    channel: str
    nick: str
    openly: bool = False
    opens: bool = False


class InviteMade(Lasting, frozen=True, gc=False):
    """An invite by `code` into `channel`, "" for the server alone, until then (ms) and so often; 0 is no end."""

    code: str
    channel: str
    until: int = 0
    uses: int = 0

    @property
    def settles(self) -> str:
        return inviting_by(self.code)


class InviteRevoked(Lasting, frozen=True, gc=False):
    code: str
    channel: str

    @property
    def settles(self) -> str:
        return inviting_by(self.code)


class InviteUsed(Lasting, frozen=True, gc=False):
    """Somebody came by an invite: one use of it is gone."""

    code: str
    channel: str

    @property
    def settles(self) -> str:
        return inviting_by(self.code)


class Ranked(Event, frozen=True, gc=False):
    """Somebody came in with these letters: told to the room, in which they have them already. Never stored."""

    channel: str
    nick: str
    status: str


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

KEPT_TAGS: Final = frozenset({"+draft/react", "+draft/unreact", "+react", "+unreact", "+draft/persist"})
"""Tags that make a TAGMSG a part of the conversation, which its log keeps; all others, as typing, pass."""

GONE: Final = "REDACTED"
"""The verb of what is left of a message that was taken back."""

REPLACED: Final = "EDITED"
"""What a log calls an edit after which came another."""


def reading_of(reader: str) -> str:
    """What `MarkedRead` settles: no log, but one marker of a person is decided after the other."""
    return f"what {reader} has read"


def pushing_to(reader: str) -> str:
    """What `Subscribed` settles."""
    return f"where {reader} is pushed to"


def inviting_by(code: str) -> str:
    """What is settled by events about an invite: of two who come for its last use, one comes in."""
    return f"who comes by {code}"


def pair_log(one: str, other: str) -> str:
    """The name of the conversation between two identities, the same from both ends.

    A comma stands in no nick, account or channel name, so no pair is ever taken for a channel.
    """
    return f"{one},{other}" if one <= other else f"{other},{one}"


def parties(log: str) -> tuple[str, ...]:
    """The identities a pair's log belongs to; none for a channel's."""
    return tuple(log.split(",")) if "," in log else ()
