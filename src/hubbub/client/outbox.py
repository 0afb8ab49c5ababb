"""Our own messages from the moment they are written until it is known what became of them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import Enum, auto

from hubbub.client.events import Kind, Said
from hubbub.client.isupport import Features


class Stage(Enum):
    """Where a message is."""

    WRITTEN = auto()  # not given to the server yet
    FLYING = auto()  # given to the server, no answer yet
    DOUBTFUL = auto()  # the connection broke before the answer


@dataclass(slots=True)
class Pending:
    """A message of ours without an answer. `sender` is who the server took us for when it was sent: account or nick.

    `labelled` says that the server will name it when it answers; otherwise answers are matched by target and text.
    `doubted` says that a connection broke before its answer: what is refused now may have been taken then.
    `seen` is the msgid under which history shows what this message may be.
    """

    label: str
    kind: Kind
    target: str
    text: str
    sender: str = ""
    nick: str = ""
    labelled: bool = False
    doubted: bool = False
    seen: str | None = None
    tags: dict[str, str] = field(default_factory=dict)
    stage: Stage = Stage.WRITTEN

    @property
    def command(self) -> str:
        """The command that carries it."""
        return "NOTICE" if self.kind == "notice" else "PRIVMSG"

    @property
    def payload(self) -> str:
        """Its text on the wire. https://modern.ircdocs.horse/ctcp"""
        return f"\x01ACTION {self.text}\x01" if self.kind == "action" else self.text


class Outbox:
    """Messages without an answer, in the order in which they were written."""

    def __init__(self, features: Features) -> None:
        """`features` compare targets as the server does."""
        self._features = features
        self._pending: dict[str, Pending] = {}

    def __len__(self) -> int:
        return len(self._pending)

    def __iter__(self) -> Iterator[Pending]:
        return iter(list(self._pending.values()))

    def put(self, message: Pending) -> None:
        """A message was written."""
        self._pending[message.label] = message

    def get(self, label: str) -> Pending | None:
        """The message of that label, if it still waits for an answer."""
        return self._pending.get(label)

    def take(self, label: str) -> Pending | None:
        """The same, and it waits no more."""
        return self._pending.pop(label, None)

    def launch(self, ready: Callable[[str], bool], window: int) -> list[Pending]:
        """Messages that may go now, in the order in which they were written, at most `window` on their way."""
        free = window - sum(message.stage is Stage.FLYING for message in self._pending.values())
        going: list[Pending] = []
        for message in self._pending.values():
            if len(going) >= free:
                break
            if message.stage is Stage.WRITTEN and ready(message.target):
                going.append(message)
        for message in going:
            message.stage = Stage.FLYING
        return going

    def flying(self, target: str | None = None, text: str | None = None) -> Pending | None:
        """The oldest message without a label that is on its way (to a target) (with just this text)."""
        for message in self._pending.values():
            if message.stage is not Stage.FLYING or message.labelled:
                continue
            if (target is None or self._features.same(message.target, target)) and text in (None, message.text):
                return message
        return None

    def doubtful(self, said: Said) -> Pending | None:
        """The oldest message in doubt that just this line would be, whether or not it is to be sent again."""
        for message in self._pending.values():
            unseen = message.doubted and message.stage is not Stage.FLYING and message.seen is None
            if unseen and self._is(message, said):
                return message
        return None

    def lost(self) -> None:
        """The connection broke: what was on its way is in doubt, and what was to be sent again still is."""
        for message in self._pending.values():
            if message.stage is Stage.FLYING or message.doubted:
                message.stage, message.doubted = Stage.DOUBTFUL, True

    def resend(self, sender: str) -> None:
        """What is in doubt and was sent by `sender` goes again."""
        for message in self._pending.values():
            if message.stage is Stage.DOUBTFUL and not self.estranged(message, sender):
                message.stage = Stage.WRITTEN

    def estranged(self, message: Pending, sender: str) -> bool:
        """Whether it was sent before by another than `sender`, from whom it would be another message."""
        return message.doubted and not self._features.same(message.sender, sender)

    def _is(self, message: Pending, said: Said) -> bool:
        same = self._features.same
        place = self._features.room_of(message.target)
        return (
            (message.text, message.kind) == (said.text, said.kind)
            and same(message.nick, said.nick)
            and same(place, said.conversation)
        )
