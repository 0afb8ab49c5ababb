"""Stacks that py-spy has sampled become a flame graph: our own functions by room, and below them what they wait for or
have done elsewhere (the kernel, SQLite, the loop, the interpreter). Threads that wait for work are left out.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html import escape
from typing import Final

WIDTH: Final = 1180
ROW: Final = 17
LETTER: Final = 6.6  # pixels of a letter of the font below
LEAST: Final = 0.002  # of the whole: narrower frames are nothing but lines

COLOURS: Final = {
    "net": "#74c0fc", "wire": "#96f2d7", "dialects": "#b2f2bb", "server": "#ffd43b", "hub": "#ffc078",
    "stores": "#e599f7", "kernel": "#ff8787", "SQLite": "#d0bfff", "GIL": "#f783ac", "thread": "#ced4da",
}  # fmt: skip
OTHERS: Final = "#e9ecef"

IDLE: Final = re.compile(r"PyThread_acquire_lock_timed|epoll_p?wait|;uv__io_poll \([^;]*;0x[^;]*$")
OURS: Final = re.compile(r"(?P<name>.*) \(hubbub/(?P<room>\w+)/?(?P<file>.*?):\d+\)")
ROOTS: Final = ("run (hubbub/net/loop.py", "Crew._work (hubbub/stores/crew.py")
"""What a thread's own work begins behind."""

KERNEL: Final = {"write", "writev", "send", "sendmsg", "read", "recv", "fsync", "fdatasync", "pread64", "pwrite64"}
ELSEWHERE: Final = (
    (re.compile(r"pthread_cond_timedwait"), "GIL: waits for the interpreter"),
    (re.compile(r"gc_collect_main"), "garbage collection"),
    (re.compile(r"\(__init__\.cpython|sqlite3"), "SQLite"),
    (re.compile(r"msgspec"), "msgspec"),
    (re.compile(r"\((loop|core|stream|linux|timer)\.c|uv_"), "uvloop"),
)


@dataclass(slots=True)
class Frame:
    """One box: how many samples passed through it, and what they went on to."""

    name: str
    room: str
    samples: int = 0
    below: dict[str, "Frame"] = field(default_factory=dict)

    def add(self, path: Iterable[tuple[str, str]], samples: int) -> None:
        """Counts samples of a stack of (name, room) through this box and on."""
        self.samples += samples
        place = self
        for name, room in path:
            place = place.below.setdefault(name, Frame(name, room))
            place.samples += samples


def folded(lines: Iterable[str]) -> Frame:
    """All the stacks of `py-spy record --format raw`, each line frames joined by ";" and a count."""
    root = Frame("all that is not idle", "thread")
    for line in lines:
        stack, _, count = line.rpartition(" ")
        if stack and not IDLE.search(stack):
            root.add(_path(stack.split(";")), int(count))
    return root


def _path(frames: list[str]) -> Iterator[tuple[str, str]]:
    yield re.sub(r"thread \(\d+\): (MainThread)?", lambda found: "the loop" if found[1] else "", frames[0]), "thread"
    start = next((i + 1 for i, frame in enumerate(frames) if frame.startswith(ROOTS)), 1)
    last = start
    for number, frame in enumerate(frames[start:], start + 1):
        if ours := OURS.fullmatch(frame):
            yield f"{ours['name']} ({ours['room']}/{ours['file']})", ours["room"]
            last = number
    yield from _elsewhere(frames[last:])


def _elsewhere(frames: list[str]) -> Iterator[tuple[str, str]]:
    """What one of our functions was in that is not ours."""
    leaf = frames[-1].partition(" ")[0] if frames else ""
    words = [word for pattern, word in ELSEWHERE if pattern.search(";".join(frames))]
    if words and not words[0].startswith(("GIL", "uvloop")):
        yield words[0], words[0]
    if leaf in KERNEL:
        yield f"kernel: {leaf}", "kernel"
    elif words and words[0].startswith(("GIL", "uvloop")):
        yield words[0], words[0].partition(":")[0]


def drawn(root: Frame, title: str) -> str:
    """The graph as an SVG without a script; names in full show where the pointer rests."""
    boxes = list(_boxes(root, root.samples, 0.0, 0))
    height = (max(row for _, _, _, row in boxes) + 3) * ROW + 8
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
        f'font-family="monospace" font-size="11"><rect width="{WIDTH}" height="{height}" fill="white"/>'
        f'<text x="4" y="13" font-size="13">{escape(title)}</text>'
    )
    return "\n".join((head, *(_box(*box, root.samples) for box in boxes), "</svg>\n"))


def _boxes(frame: Frame, total: int, left: float, row: int) -> Iterator[tuple[Frame, float, float, int]]:
    """(frame, left, width, row), those with most samples first, which are thereby the same in every picture."""
    yield frame, left, frame.samples / total * WIDTH, row
    for below in sorted(frame.below.values(), key=lambda one: -one.samples):
        if below.samples >= LEAST * total:
            yield from _boxes(below, total, left, row + 1)
        left += below.samples / total * WIDTH


def _box(frame: Frame, left: float, width: float, row: int, total: int) -> str:
    top, letters = (row + 1) * ROW + 4, int((width - 4) / LETTER)
    text = frame.name if len(frame.name) <= letters else frame.name[: max(0, letters - 1)] + "…"
    label = f'<text x="{left + 2:.1f}" y="{top + 12}">{escape(text)}</text>' if letters > 3 else ""
    colour = COLOURS.get(frame.room, OTHERS)
    return (
        f"<g><title>{escape(frame.name)}: {frame.samples / total:.1%}</title>"
        f'<rect x="{left:.1f}" y="{top}" width="{width:.1f}" height="{ROW - 1}" fill="{colour}" stroke="white"/>'
        f"{label}</g>"
    )
