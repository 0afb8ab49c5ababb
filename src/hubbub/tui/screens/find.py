"""Finding what was said: what is loaded is looked through at once, the server's logs a moment later."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from textual.timer import Timer
from textual.widgets import Input

from hubbub.client.model.buffer import Buffer
from hubbub.client.model.entry import SPOKEN
from hubbub.client.model.network import Network
from hubbub.client.protocol import NotOnline
from hubbub.client.searching import Found
from hubbub.tui.ink import words
from hubbub.tui.screens.choose import Choice, Choosing
from hubbub.wire.line import BadLine

# A server is asked when someone has stopped typing, not for every letter.
_PAUSE_S: Final = 0.25

_SHOWN: Final = 50


@dataclass(frozen=True, slots=True)
class Hit:
    """Where something was said."""

    conversation: str
    at: datetime
    nick: str
    text: str
    msgid: str


class Find(Choosing[Hit]):
    """Returns the message that was chosen. `place` is the buffer to look in, None for all of the network."""

    DEFAULT_CSS = "Find > Vertical { width: 90; }"

    def __init__(self, network: Network, place: Buffer | None, text: str, flush: Callable[[], None]) -> None:
        self._network, self._place, self._flush = network, place, flush
        self._timer: Timer | None = None
        field = Input(text, placeholder='all of the words, "in this order", or the begin* of one', compact=True)
        super().__init__(f"Find in {place.name if place else network.title}", field)

    def seek(self, text: str) -> None:
        """Show what is loaded, and ask for what is not."""
        if self._timer is not None:
            self._timer.stop()
        self._offer(loaded(self._network, self._place, text))
        self._say("")
        if text.strip():
            self._timer = self.set_timer(_PAUSE_S, self._ask)

    def _ask(self) -> None:
        asked = self._field.value.strip()
        try:
            place = self._place.name if self._place else ""
            self._network.client.search(self._begun(asked), place, lambda it: self.call_later(self._found, asked, it))
        except (NotOnline, BadLine) as error:
            self._say(f"{error}: this is what is loaded")
        else:
            self._say("looking…")
            self._flush()

    def _begun(self, text: str) -> str:
        """The word being typed may go on, unless it stands in quotes. Not all servers read a "*"; ours do."""
        goes_on = text[-1:].isalnum() and text.count('"') % 2 == 0
        return f"{text}*" if goes_on and self._network.client.mirror.features.keeps_nonces else text

    def _found(self, asked: str, found: Found) -> None:
        if asked != self._field.value.strip() or not self.is_attached:
            return  # an answer to what is not asked any more
        if found.problem:
            self._say(f"{found.problem}: this is what is loaded")
            return
        self._offer([Hit(it.conversation, it.at, it.nick, it.text, it.msgid) for it in reversed(found.said)])
        self._say("the newest are above" if found.said else "nothing was found")

    def _offer(self, hits: Iterable[Hit]) -> None:
        self.show([self._choice(hit) for hit in hits])

    def _say(self, text: str) -> None:
        self._box.border_subtitle = words(text)

    def _choice(self, hit: Hit) -> Choice:
        line = f"{hit.nick}: {' '.join(hit.text.split())}"
        when = f"{hit.at.astimezone():%d %b %H:%M}"
        return Choice(line, when if self._place else f"{hit.conversation}  {when}", hit)


def loaded(network: Network, place: Buffer | None, text: str) -> list[Hit]:
    """The latest messages that are loaded and have all of the words, the newest first."""
    wanted = text.replace('"', " ").replace("*", " ").casefold().split()
    buffers = [place] if place is not None else network.buffers
    hits = [hit for buffer in buffers for hit in _in(buffer, wanted)] if wanted else []
    return sorted(hits, key=lambda hit: hit.at, reverse=True)[:_SHOWN]


def _in(buffer: Buffer, wanted: Iterable[str]) -> Iterable[Hit]:
    for entry in buffer.entries:
        if entry.kind in SPOKEN and not entry.detail.redacted:
            text = entry.text.casefold()
            if all(word in text for word in wanted):
                yield Hit(buffer.name, entry.at, entry.nick, entry.text, entry.msgid)
