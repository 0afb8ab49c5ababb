"""The one view of what is said: a window on lines that are laid out once and drawn when they come into sight.

There is no widget per message. What happens to a buffer comes as a Change, and the place where somebody reads stays
where it is, whatever arrives above or below.
"""

from typing import ClassVar, NamedTuple

from textual import events
from textual.binding import BindingType
from textual.geometry import Region, Size
from textual.scroll_view import ScrollView
from textual.selection import Selection
from textual.strip import Strip

from hubbub.client.model.buffer import Buffer, Change
from hubbub.client.model.entry import Entry
from hubbub.client.model.network import Network
from hubbub.tui import colours
from hubbub.tui.keys import message_bindings
from hubbub.tui.layout import Block, Layout
from hubbub.tui.messages import EarlierWanted, Picked, Seen
from hubbub.tui.painting import Painter
from hubbub.tui.selecting import highlight, text_of


class Anchor(NamedTuple):
    """Where somebody reads: a line of an entry's block; `above` counts lines from the end where there is none."""

    entry: Entry | None
    line: int


class Transcript(ScrollView, can_focus=True):
    """Shows one buffer at a time. While it has the focus, one message is in focus."""

    DEFAULT_CSS = """
    Transcript { width: 1fr; height: 1fr; scrollbar-size: 0 0; overflow-x: hidden; overflow-y: scroll; }
    """
    ALLOW_SELECT: ClassVar[bool] = True
    BINDINGS: ClassVar[list[BindingType]] = message_bindings()

    def __init__(self) -> None:
        super().__init__()
        self._painter: Painter | None = None
        self._places: dict[Buffer, Anchor | None] = {}
        self._focused: Block | None = None
        self._told_end: bool | None = None
        self._stays = True  # at the end, whatever comes

    # What the screen asks for.

    def show(self, network: Network, buffer: Buffer) -> None:
        """Have a buffer in view, where it was left or at its end."""
        if self._painter is not None:
            self._places[self._buffer] = self._anchor()
        buffer.take_change()
        layout = Layout(buffer, max(self.size.width, 1))
        self._painter, self._focused, self._told_end = Painter(layout, network), None, None
        self._resized_to(self._places.pop(buffer, None))

    def follow(self, change: Change) -> None:
        """Something became of the buffer in view."""
        if self._painter is None or change == Change():
            return
        anchor, layout = self._anchor(), self._painter.layout
        if change.rest or change.prepended or change.dropped:
            layout.build()
        else:
            if change.appended:
                layout.append(change.appended)
            elif change.waiting:
                layout.await_()
            for entry in change.touched:
                layout.touch(entry)
                self._painter.touch(entry)
        self._refocus()
        self._resized_to(anchor)

    def to_end(self) -> None:
        """Go to the newest line."""
        self._resized_to(None)

    def page(self, step: int) -> None:
        """A screen up (-1) or down (1); one line of the old one stays in sight."""
        self.scroll_to(y=self.scroll_y + step * max(self.size.height - 1, 1), animate=False)

    @property
    def at_end(self) -> bool:
        """Whether the newest line is in sight."""
        return self.scroll_y >= self.max_scroll_y

    @property
    def picked(self) -> Block | None:
        """The block in focus."""
        return self._focused

    def pick(self, step: int) -> bool:
        """Have another message in focus, an older (-1) or a newer one (1), the newest to begin with; False: no more."""
        if self._painter is None:
            return False
        blocks = self._painter.layout.blocks
        place = blocks.index(self._focused) if self._focused in blocks else len(blocks)
        place += step
        while 0 <= place < len(blocks) and not blocks[place].selectable:
            place += step
        if not 0 <= place < len(blocks):
            return False
        self._pick(place)
        return True

    def unpick(self) -> None:
        """No message is in focus any more."""
        if self._focused is not None:
            self._focused = None
            self.refresh()

    def open(self, block: Block) -> None:
        """Unfold what is folded, or fold it."""
        if self._painter is not None:
            anchor = self._anchor()
            self._painter.layout.open(block)
            self._refocus()
            self._resized_to(anchor)

    def find(self, entry: Entry) -> bool:
        """Bring an entry into view, in focus; False where it is not loaded."""
        place = self._painter.layout.place_of(entry) if self._painter else None
        if place is None:
            return False
        self._pick(place)
        return True

    # How it is drawn.

    def render_line(self, y: int) -> Strip:
        """One line of the window."""
        line = y + self.scroll_offset.y - self._blank
        painter = self._painter
        if painter is None or line < 0 or line >= painter.layout.height:
            return Strip.blank(self.size.width, colours.PLAIN)
        place, row = painter.layout.at(line)
        block = painter.layout.blocks[place]
        strip = painter.paint(block)[row]
        if block is self._focused:
            strip = strip.apply_style(colours.FOCUS)
        selection = self.text_selection
        span = selection.get_span(line) if selection is not None else None
        return (highlight(strip, span) if span else strip).apply_offsets(0, line)

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """What is selected, as text."""
        return (text_of(self._painter, selection), "\n") if self._painter is not None else None

    def selection_updated(self, selection: Selection | None) -> None:
        """Called by Textual."""
        del selection
        self.refresh()

    # How it keeps its place.

    def on_resize(self, event: events.Resize) -> None:
        """Another width is another layout."""
        if self._painter is None or not event.size.width:
            return
        anchor, layout = self._anchor(), self._painter.layout
        if layout.cells != event.size.width:
            layout = Layout(layout.buffer, event.size.width)
            self._painter = Painter(layout, self._painter.network)
            self._refocus()
        self._resized_to(anchor)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Called by Textual."""
        super().watch_scroll_y(old_value, new_value)
        if self._painter is not None:
            self._stays = self.at_end
            self._tell_place()

    def on_click(self, event: events.Click) -> None:
        """A click picks a message."""
        line = event.y + self.scroll_offset.y - self._blank
        if self._painter is not None and 0 <= line < self._painter.layout.height and not self.screen.selections:
            block = self._painter.layout.blocks[self._painter.layout.at(line)[0]]
            if block.selectable:
                self._focused = block
                self.refresh()
                self.post_message(Picked(block.entry))

    @property
    def _buffer(self) -> Buffer:
        if self._painter is None:
            raise LookupError("no buffer is shown yet")
        return self._painter.layout.buffer

    @property
    def _blank(self) -> int:
        """Lines that stay blank above what fills less than the window: talk begins at the bottom."""
        height = self._painter.layout.height if self._painter else 0
        return max(self.size.height - height, 0)

    def _anchor(self) -> Anchor | None:
        """Where somebody reads; None at the end, which stays in sight."""
        if self._painter is None or self._stays:
            return None
        layout = self._painter.layout
        place, row = layout.at(self.scroll_offset.y)
        for number in range(place, len(layout.blocks)):
            block = layout.blocks[number]
            entry = block.comings[0] if block.comings else block.entry
            if entry is not None and block.kind != "fresh":
                return Anchor(entry, layout.top(place) + row - layout.top(number))
        return None

    def _resized_to(self, anchor: Anchor | None) -> None:
        """What is laid out has another height: stay at the anchor, or at the end."""
        if self._painter is None:
            return
        layout = self._painter.layout
        # Without the layout of the whole screen that Textual would do: nothing else depends on it.
        self.set_reactive(Transcript.virtual_size, Size(self.size.width, max(layout.height, 1)))
        place = layout.place_of(anchor.entry) if anchor else None
        if anchor is None or place is None:
            top = max(layout.height - self.size.height, 0)
        else:
            top = layout.top(place) + anchor.line
        self.scroll_to(y=top, animate=False, force=True)
        self._stays = self.at_end
        self.refresh()
        self._tell_place()

    def _tell_place(self) -> None:
        if self.scroll_y <= self.size.height:
            self.post_message(EarlierWanted())
        if self.at_end is not self._told_end:
            self._told_end = self.at_end
            self.post_message(Seen(self.at_end))

    def _pick(self, place: int) -> None:
        if self._painter is None:
            return
        layout = self._painter.layout
        self._focused = layout.blocks[place]
        top, height = layout.top(place), min(self._focused.height, self.size.height)
        self.scroll_to_region(Region(0, top, 1, height), animate=False, force=True)
        self.refresh()

    def _refocus(self) -> None:
        """The block in focus was laid out anew: find the one that stands for it."""
        if self._focused is None or self._painter is None:
            return
        layout = self._painter.layout
        entry = self._focused.comings[0] if self._focused.comings else self._focused.entry
        place = layout.place_of(entry)
        self._focused = None if place is None else layout.blocks[place]
