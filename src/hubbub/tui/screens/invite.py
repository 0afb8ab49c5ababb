"""An invite over the chat: the code, the link, and the link as a picture that a telephone reads."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

from rich.style import Style
from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical

from hubbub.client.model.invites import Invite
from hubbub.client.reading import parse_time
from hubbub.tui import colours, qr
from hubbub.tui.ink import words
from hubbub.tui.screens.dialog import Dialog
from hubbub.tui.widgets.lines import Lines, Row

_PAPER: Final = Style(color="black", bgcolor="bright_white")

# No link of ours is longer; what a server makes up is drawn as no picture.
_LINK_MAX: Final = 250


class Shown(Lines):
    """The lines of it; the picture where there is room for all of it."""

    DEFAULT_CSS = "Shown { height: 1fr; }"

    def __init__(self, invite: Invite, now: datetime, *, colours: bool) -> None:
        super().__init__()
        self._invite, self._now, self._colours = invite, now, colours

    def lines(self) -> Sequence[Row]:
        """Called when it is drawn."""
        said = list(_words(self._invite, self._now))
        url = self._invite.url
        drawn = qr.halves(url, ink=self._colours) if url and len(url) <= _LINK_MAX else []
        if drawn and len(drawn[0]) <= self.size.width and len(said) + len(drawn) < self.size.height:
            style = _PAPER if self._colours else colours.PLAIN
            said += [[], *([(line, style)] for line in drawn)]
        elif drawn:
            said += [[], [("A larger window shows it as a picture for telephones.", colours.DIM)]]
        return said


class Show(Dialog[None]):
    """Shown until Esc; copying leaves it there, since somebody may be reading the picture."""

    DEFAULT_CSS = """
    Show { align: center middle; }
    Show > Vertical { width: 72; max-width: 100%; height: 27; max-height: 100%; border: round ansi_bright_black;
        padding: 0 1; }
    """

    def __init__(self, invite: Invite, now: datetime) -> None:
        super().__init__()
        self._invite, self._now = invite, now

    def compose(self) -> ComposeResult:
        """Called by Textual."""
        self._box = Vertical(Shown(self._invite, self._now, colours=not self.app.no_color))
        self._box.border_title, self._box.border_subtitle = words("Invite"), words("y copies the link, Esc closes")
        yield self._box

    async def press(self, event: events.Key) -> None:
        """Called by the app."""
        if event.key == "y":
            self.app.copy_to_clipboard(self._invite.url or self._invite.code)
            self._box.border_subtitle = words("copied, Esc closes")
        elif event.key in {"escape", "enter"}:
            self.close()


def terms(invite: Invite, now: datetime) -> str:
    """Where it leads, until when, how often."""
    uses = f"used {invite.uses.removesuffix('/*')}" if "/" in invite.uses else f"for {invite.uses} guests"
    parts = (
        invite.room or "the server",
        _until(invite.until, now),
        uses if invite.uses else "for any number of guests",
    )
    return ", ".join(parts).replace("for 1 guests", "for one guest")


def _until(stamp: str, now: datetime) -> str:
    """In the time of whoever reads it: a time of day where that is enough to know which is meant."""
    at = parse_time(stamp, None)
    if at is None:
        return f"until {stamp}" if stamp else "for ever"
    local = at.astimezone()
    days = (local.date() - now.astimezone().date()).days
    form = "%H:%M" if days == 0 else "%A %H:%M" if 0 < days < 7 else "%Y-%m-%d %H:%M"
    return f"until {local:{form}}"


def _words(invite: Invite, now: datetime) -> Iterator[Row]:
    yield [("Code  ", colours.DIM), (invite.code, colours.BOLD)]
    if invite.url:
        yield [("Link  ", colours.DIM), (invite.url, colours.LINK)]
    yield [("Into  ", colours.DIM), (terms(invite, now), colours.PLAIN)]
