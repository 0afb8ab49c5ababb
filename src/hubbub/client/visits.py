"""The rooms we want to be in, through every reconnect, until we leave them or are not let in."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from hubbub.client.events import Event, JoinRefused
from hubbub.client.mirror import Mirror
from hubbub.client.output import Output

# Many rooms in one JOIN, but well within a line of 512 bytes, and few enough for servers that count targets.
_ROOMS_PER_LINE: Final = 4


@dataclass(slots=True)
class Wish:
    """A room we want to be in, and the key that opens it."""

    room: str
    key: str = ""


class Visits:
    """Joins, and joins again."""

    def __init__(
        self, mirror: Mirror, output: Output, emit: Callable[[Event], None], kept_out: Callable[[str], None]
    ) -> None:
        """`kept_out(room)` is called when we are not let into a room, and want to be there no more; what was heard
        there before, and not shown yet, is shown by it."""
        self._mirror, self._output, self._emit, self._kept_out = mirror, output, emit, kept_out
        self._wishes: list[Wish] = []

    @property
    def rooms(self) -> tuple[str, ...]:
        """The rooms we are in or want to be in, in the order of joining."""
        return tuple(wish.room for wish in self._wishes)

    @property
    def settled(self) -> bool:
        """Whether we are in every room that we want to be in."""
        return all(self._mirror.room(wish.room) for wish in self._wishes)

    def is_settled(self, target: str) -> bool:
        """Whether a target is a room we are in, or none we want to be in."""
        return self._find(target) is None or self._mirror.room(target) is not None

    def want(self, room: str, key: str = "") -> None:
        """Want to be in a room; `ask` says so to the server."""
        self.forget(room)
        self._wishes.append(Wish(room, key))

    def ask(self, rooms: Iterable[str]) -> None:
        """Ask to be let into wanted rooms. Those with keys go first: keys are matched by position."""
        wishes = [wish for wish in map(self._find, rooms) if wish]
        wishes.sort(key=lambda wish: not wish.key)
        for start in range(0, len(wishes), _ROOMS_PER_LINE):
            part = wishes[start : start + _ROOMS_PER_LINE]
            keys = ",".join(wish.key for wish in part if wish.key)
            self._output.send("JOIN", ",".join(wish.room for wish in part), *([keys] if keys else []))
        if wishes:
            self._output.fence(lambda: self._unanswered(wishes))

    def entered(self, room: str) -> None:
        """We are in a room, also in one that a server or another device of ours chose."""
        wish = self._find(room)
        if wish is None:
            self._wishes.append(Wish(room))
        else:
            wish.room = room  # as the server writes it

    def forget(self, room: str) -> None:
        """We are not, and do not want to be, in a room."""
        self._wishes = [wish for wish in self._wishes if not self._mirror.features.same(wish.room, room)]

    def refuse(self, room: str, code: str, reason: str) -> bool:
        """An error names a room: if we were waiting to be let in, we are not."""
        if self.is_settled(room):
            return False
        self.forget(room)
        self._kept_out(room)
        self._emit(JoinRefused(room, code, reason))
        return True

    def _unanswered(self, wishes: list[Wish]) -> None:
        for wish in wishes:
            if self._find(wish.room) is wish:
                self.refuse(wish.room, "", "the server did not say why")

    def _find(self, room: str) -> Wish | None:
        return next((wish for wish in self._wishes if self._mirror.features.same(wish.room, room)), None)
