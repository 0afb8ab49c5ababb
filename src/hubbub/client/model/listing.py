"""The rooms that a server has, as it tells of them: https://modern.ircdocs.horse/#list-message"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from hubbub.wire.numerics import RPL_LIST, RPL_LISTEND, RPL_LISTSTART

# More than anybody looks through, and no server without end fills our memory.
_LISTED_MAX: Final = 5000

Done = Callable[[list["Listed"]], None]


@dataclass(frozen=True, slots=True)
class Listed:
    """A room, how many are in it, and what it is about."""

    name: str
    people: int
    topic: str


class Listing:
    """The answer to LIST, and who waits for it."""

    def __init__(self) -> None:
        self._done: Done | None = None
        self._rooms: list[Listed] = []

    def ask(self, done: Done) -> None:
        """The next answer is for somebody: the rooms with most people first."""
        self._done, self._rooms = done, []

    def take(self, code: str, params: tuple[str, ...]) -> bool:
        """Take in a line of the answer; False for any other, and where nobody waits for one."""
        if self._done is None or code not in {RPL_LISTSTART, RPL_LIST, RPL_LISTEND}:
            return False
        if code == RPL_LISTEND:
            done, self._done = self._done, None
            done(sorted(self._rooms, key=lambda room: -room.people))
        elif code == RPL_LIST and len(self._rooms) < _LISTED_MAX:
            name, people, topic = (*params, "", "", "")[:3]
            self._rooms.append(Listed(name, int(people) if people.isdecimal() and len(people) < 10 else 0, topic))
        return True
