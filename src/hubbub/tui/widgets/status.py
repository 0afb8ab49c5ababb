"""The last line: how the connection is, who we are, and the keys that matter just now; and who is typing above it."""

from collections.abc import Sequence
from typing import Final

from rich.style import Style

from hubbub.client.model.desk import Desk
from hubbub.client.model.network import Condition
from hubbub.tui import colours
from hubbub.tui.ink import Piece, drawable, width
from hubbub.tui.widgets.lines import Lines, Row

_SIGNS: Final[dict[Condition, tuple[str, Style]]] = {
    Condition.CONNECTING: ("◌", colours.WARN),
    Condition.ONLINE: ("●", colours.GOOD),
    Condition.OFFLINE: ("○", colours.ERROR),
    Condition.REFUSED: ("✗", colours.ERROR),
}

# From so many cells on there is room to say why.
_ROOMY: Final = 80


class Status(Lines):
    """One line. `hint` says what can be done now, `notice` what just happened or was refused, `where` what is below."""

    DEFAULT_CSS = "Status { height: 1; padding: 0 1; }"

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self.where: str = ""
        self.hint: str = ""
        self.notice: str = ""

    def lines(self) -> Sequence[Row]:
        """Called when it is drawn."""
        network = self._desk.network
        sign, style = _SIGNS[network.condition]
        if self.notice:
            return [[(f"{sign} ", style), (drawable(self.notice), colours.WARN)]]
        said: list[Piece] = [(f"{sign} {self._condition()}", style)]
        who = f"{drawable(network.nick)}{' (away)' if network.away else ''}"
        room = self.size.width - sum(width(text) + 3 for text in (said[0][0], self.where, who))
        parts = [self.where, who, _fitting(self.hint, room)]
        for place, part in enumerate(filter(None, parts)):
            said += [(" · " if not place and self.where else " │ ", colours.DIM), (part, colours.PLAIN)]
        return [said]

    def _condition(self) -> str:
        network = self._desk.network
        if network.condition is Condition.OFFLINE and network.retry_at is not None:
            seconds = max(round((network.retry_at - network.clock()).total_seconds()), 0)
            why = f": {drawable(network.trouble)}" if network.trouble and self.size.width >= _ROOMY else ""
            return f"offline, again in {seconds} s{why}" if seconds else f"offline, trying again{why}"
        return network.condition.value


def _fitting(hint: str, cells: int) -> str:
    """As many of the hints as there is room for, each whole."""
    hints = hint.split(" · ")
    while hints and width(" · ".join(hints)) > cells:
        hints.pop()
    return " · ".join(hints)


class TooSmall(Lines):
    """All that is shown where there is no room for a chat."""

    def lines(self) -> Sequence[Row]:
        """Called when it is drawn."""
        return [[(text, colours.PLAIN)] for text in ("too small:", "20 x 5 it", "takes")]


class Typing(Lines):
    """Who is typing in the conversation in front."""

    DEFAULT_CSS = "Typing { height: 1; padding: 0 1; }"

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self.more: str = ""

    def lines(self) -> Sequence[Row]:
        """Called when it is drawn."""
        network = self._desk.network
        nicks = network.typing_in(self._desk.front).at(network.clock())
        return [[(self.more, colours.MENTION), ("  " if self.more and nicks else "", colours.PLAIN), _typists(nicks)]]


def _typists(nicks: tuple[str, ...]) -> Piece:
    names = [drawable(nick) for nick in nicks]
    if len(names) > 3:
        return f"{len(names)} people are typing…", colours.DIM
    said = " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)
    return f"{said} {'are' if len(names) > 1 else 'is'} typing…" if said else "", colours.DIM
