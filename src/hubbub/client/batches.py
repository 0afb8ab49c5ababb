"""Lines that belong together, held until the last of them is here.

https://ircv3.net/specs/extensions/batch
"""

from dataclasses import dataclass, field
from typing import Final

from hubbub.wire.line import Line

# No honest batch comes near; a server that never ends one may not fill our memory.
_HELD_MAX: Final = 50_000

# Nested that deep, they are still within what Python calls itself.
_OPEN_MAX: Final = 100


@dataclass(slots=True)
class Batch:
    """One batch: its type, its parameters, the tags of the line that opened it, and what it holds, in order."""

    kind: str
    params: tuple[str, ...] = ()
    tags: dict[str, str] = field(default_factory=dict)
    items: list["Line | Batch"] = field(default_factory=list)

    @property
    def label(self) -> str:
        """The label of the command that it answers, or ""."""
        return self.tags.get("label", "")


class Batches:
    """The batches of one connection that are open, by reference."""

    def __init__(self) -> None:
        self._open: dict[str, tuple[Batch, str]] = {}  # with the reference of the batch it is nested in
        self._held = 0

    def reset(self) -> None:
        """Forget what is open: half a batch is none."""
        self._open.clear()
        self._held = 0

    def take(self, line: Line) -> Line | Batch | None:
        """What is to be dealt with now: a line outside of batches, an outermost batch that ended, or nothing yet."""
        if line.command == "BATCH" and line.params:
            return self._bracket(line)
        outer = self._open.get(line.tags.get("batch", ""))
        if outer is None:
            return line
        self._put(outer[0], line)
        return None

    def _bracket(self, line: Line) -> Batch | None:
        sign, reference = line.params[0][:1], line.params[0][1:]
        if sign == "+":
            kind = line.params[1] if len(line.params) > 1 else ""
            batch = Batch(kind.lower(), line.params[2:], line.tags)
            if len(self._open) < _OPEN_MAX:
                self._open[reference] = batch, line.tags.get("batch", "")
            return None
        return self._end(reference) if sign == "-" else None

    def _end(self, reference: str) -> Batch | None:
        batch, outer = self._open.pop(reference, (None, ""))
        if batch is None:
            return None
        if outer in self._open:
            self._put(self._open[outer][0], batch)
            return None
        if not self._open:
            self._held = 0
        return batch

    def _put(self, batch: Batch, item: Line | Batch) -> None:
        if self._held < _HELD_MAX:
            batch.items.append(item)
            self._held += 1
