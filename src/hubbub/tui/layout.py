"""Entries laid out one below the other: which lines each takes, and which stands at which line.

Lines are counted from the first one that is loaded. Nothing is drawn here.
"""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import accumulate
from typing import Final, Literal

from textual.strip import Strip

from hubbub.client.model.buffer import Buffer
from hubbub.client.model.entry import COMINGS, SPOKEN, Entry
from hubbub.tui.body import about, is_plain, lines, opening
from hubbub.tui.columns import Columns, share
from hubbub.tui.ink import width, wrap

BlockKind = Literal["day", "fresh", "said", "comings", "told", "start"]

_LONG_AGO: Final = datetime(1970, 1, 2, tzinfo=UTC)


@dataclass(slots=True, eq=False)
class Block:
    """Some lines of the transcript that belong together. `strips` are its lines once they are drawn."""

    kind: BlockKind
    height: int = 1
    entry: Entry | None = None
    comings: list[Entry] | None = None
    day: date | None = None
    strips: list[Strip] | None = None
    opened: bool = False

    @property
    def selectable(self) -> bool:
        """Whether something can be done with it: a message can be answered, what is folded can be unfolded."""
        if self.comings is not None:
            return len(self.comings) > 1
        entry = self.entry if self.kind == "said" else None
        return entry is not None and entry.kind in SPOKEN and not entry.detail.redacted


class Layout:
    """The blocks of one buffer at one width."""

    def __init__(self, buffer: Buffer, cells: int) -> None:
        self.buffer = buffer
        self.columns: Columns = share(cells)
        self.cells = cells
        self.opened: set[int] = set()
        self.blocks: list[Block] = []
        self._ends: list[int] = []
        self._settled = 0  # blocks before those of what waits
        self._today: tuple[datetime, datetime, date] = (_LONG_AGO, _LONG_AGO, _LONG_AGO.date())
        self.build()

    @property
    def height(self) -> int:
        """How many lines there are."""
        return self._ends[-1] if self._ends else 0

    def build(self) -> None:
        """Lay out everything."""
        self.blocks, self._settled = [], 0
        if self.buffer.begins:
            self.blocks.append(Block("start"))
        self._extend(self.buffer.entries)
        self._count_from(0)
        self.await_()

    def append(self, count: int) -> None:
        """The last `count` entries are new. Only what stands below them is laid out again."""
        del self.blocks[self._settled :]
        start = max(self._settled - 1, 0)  # comings may join the last block
        self._extend(self.buffer.entries[-count:])
        self._count_from(start)
        self.await_()

    def await_(self) -> None:
        """Lay out again what waits for the server, below all else."""
        del self.blocks[self._settled :]
        self.blocks += [self._said(entry) for entry in self.buffer.waiting]
        self._count_from(self._settled)

    def touch(self, entry: Entry) -> None:
        """An entry looks different now."""
        place = self.place_of(entry)
        if place is not None:
            self.blocks[place] = self._block(entry)
            self._count_from(place)

    def open(self, block: Block) -> None:
        """Show all of a block that is folded, or fold it again."""
        first = block.comings[0] if block.comings else block.entry
        self.opened ^= {id(first)}
        self.build()

    def at(self, line: int) -> tuple[int, int]:
        """The place of the block that has a line, and which of its lines that is."""
        place = min(bisect_right(self._ends, line), len(self.blocks) - 1)
        return place, line - self.top(place)

    def top(self, place: int) -> int:
        """The first line of a block."""
        return self._ends[place - 1] if place > 0 else 0

    def place_of(self, entry: Entry | None) -> int | None:
        """The place of the block that shows an entry; looked for from the end, where most things happen."""
        for place in range(len(self.blocks) - 1, -1, -1):
            block = self.blocks[place]
            if entry is not None and (block.entry is entry or entry in (block.comings or ())):
                return place
        return None

    def _count_from(self, place: int) -> None:
        before = self._ends[place - 1] if place else 0
        heights = (block.height for block in self.blocks[place:])
        self._ends[place:] = list(accumulate(heights, initial=before))[1:]

    def _extend(self, entries: Iterable[Entry]) -> None:
        fresh = self.buffer.fresh
        for entry in (entry for entry in entries if entry.kind != "ignored"):
            day = self._day(entry.at)
            if day != self._last_day():
                self.blocks.append(Block("day", day=day))
            if entry is fresh:
                self.blocks.append(Block("fresh", entry=entry))
            last = self.blocks[-1]
            if entry.kind in COMINGS and last.comings is not None:
                last.comings.append(entry)
                last.strips = None
                last.height = self._comings_height(last)
            else:
                self.blocks.append(self._block(entry, day))
        self._settled = len(self.blocks)

    def _block(self, entry: Entry, day: date | None = None) -> Block:
        if entry.kind in COMINGS:
            block = Block("comings", comings=[entry], day=day)
            block.height = self._comings_height(block)
            return block
        block = self._said(entry) if entry.kind in SPOKEN else self._told(entry)
        block.day = day or self._day(entry.at)
        return block

    def _said(self, entry: Entry) -> Block:
        if is_plain(entry) and not self.columns.inline:
            return Block("said", len(wrap(entry.text, self.columns.text)), entry)
        opened = id(entry) in self.opened
        first = width(opening(entry)) if self.columns.inline else 0
        height = sum(
            len(wrap(" " * (0 if place else first) + line.text, self.columns.text))
            for place, line in enumerate(lines(entry, opened=opened, marked=False))
        )
        below = about(entry)
        height += len(wrap(below, self.columns.text)) if below else 0
        return Block("said", height + bool(entry.detail.reply), entry, opened=opened)

    def _told(self, entry: Entry) -> Block:
        height = sum(len(wrap(line.text, self.columns.text)) for line in lines(entry, marked=False))
        return Block("told", height, entry)

    def _comings_height(self, block: Block) -> int:
        comings = block.comings or []
        block.opened = id(comings[0]) in self.opened
        return len(comings) if block.opened else 1

    def _last_day(self) -> date | None:
        return next((block.day for block in reversed(self.blocks) if block.day is not None), None)

    def _day(self, at: datetime) -> date:
        """The day of a time where we are; asked of the time zone once a day."""
        start, end, day = self._today
        if not start <= at < end:
            local = at.astimezone()
            midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
            day = local.date()
            self._today = (midnight, local.replace(hour=23, minute=59, second=59, microsecond=999_999), day)
        return day
