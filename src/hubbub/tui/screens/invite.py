"""An invite over the chat: the code, the link, and the link as a picture that a telephone reads."""

from collections.abc import Iterator, Sequence
from typing import ClassVar, Final

from rich.style import Style
from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.screen import ModalScreen

from hubbub.client.model.invites import Invite
from hubbub.tui import colours, qr
from hubbub.tui.ink import words
from hubbub.tui.widgets.lines import Lines, Row

_PAPER: Final = Style(color="black", bgcolor="bright_white")

# No link of ours is longer; what a server makes up is drawn as no picture.
_LINK_MAX: Final = 250


class Shown(Lines):
    """The lines of it; the picture where there is room for all of it."""

    DEFAULT_CSS = "Shown { height: 1fr; }"

    def __init__(self, invite: Invite, *, colours: bool) -> None:
        super().__init__()
        self._invite, self._colours = invite, colours

    def lines(self) -> Sequence[Row]:
        """Called when it is drawn."""
        said = list(_words(self._invite))
        url = self._invite.url
        drawn = qr.halves(url, ink=self._colours) if url and len(url) <= _LINK_MAX else []
        if drawn and len(drawn[0]) <= self.size.width and len(said) + len(drawn) < self.size.height:
            style = _PAPER if self._colours else colours.PLAIN
            said += [[], *([(line, style)] for line in drawn)]
        return said


class Show(ModalScreen[bool]):
    """Shown until a key is pressed; returns whether the link is to be copied."""

    DEFAULT_CSS = """
    Show { align: center middle; }
    Show > Vertical { width: 72; max-width: 100%; height: 27; max-height: 100%; border: round ansi_bright_black;
        padding: 0 1; }
    """
    AUTO_FOCUS: ClassVar[str | None] = None

    def __init__(self, invite: Invite) -> None:
        super().__init__()
        self._invite = invite

    def compose(self) -> ComposeResult:
        """Called by Textual."""
        box = Vertical(Shown(self._invite, colours=not self.app.no_color))
        box.border_title, box.border_subtitle = words("Invite"), words("y copies the link, Esc closes")
        yield box

    def on_key(self, event: events.Key) -> None:
        """Called by Textual."""
        event.stop()
        if event.key in {"escape", "enter", "y"}:
            self.dismiss(event.key == "y")


def terms(invite: Invite) -> str:
    """Where it leads, until when, how often."""
    uses = f"used {invite.uses.removesuffix('/*')}" if "/" in invite.uses else f"for {invite.uses} guests"
    until = f"until {invite.until[:16].replace('T', ' ')} UTC" if invite.until else "for ever"
    parts = (invite.room or "the server", until, uses if invite.uses else "for any number of guests")
    return ", ".join(parts).replace("for 1 guests", "for one guest")


def _words(invite: Invite) -> Iterator[Row]:
    yield [("Code  ", colours.DIM), (invite.code, colours.BOLD)]
    if invite.url:
        yield [("Link  ", colours.DIM), (invite.url, colours.LINK)]
    yield [("Into  ", colours.DIM), (terms(invite), colours.PLAIN)]
