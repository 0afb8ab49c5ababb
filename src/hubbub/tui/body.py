"""What an entry says, as lines of marked text that are yet to be wrapped: the same for measuring and for drawing."""

from collections.abc import Callable
from typing import Final

from hubbub.client.formatting import Marked, Span, read, text_of
from hubbub.client.model.entry import SPOKEN, Entry, State
from hubbub.tui.ink import drawable

# A message that fills screens is cut: what is left out can be asked for.
LINES_MAX: Final = 60

_WORDS: Final[dict[str, Callable[[Entry], str]]] = {
    "joined": lambda entry: f"→ {entry.nick} joined",
    "parted": lambda entry: f"← {entry.nick} left{_reason(entry.text)}",
    "quit": lambda entry: f"← {entry.nick} left{_reason(entry.text.removeprefix('Quit: '))}",
    "kicked": lambda entry: f"← {entry.nick} was put out by {entry.detail.by}{_reason(entry.text)}",
    "renamed": lambda entry: f"{entry.nick} is now {entry.text}",
    "topic": lambda entry: f"{entry.nick} set the topic: {entry.text}" if entry.text else _NO_TOPIC.format(entry.nick),
    "modes": lambda entry: f"{entry.nick} set {entry.text}",
    "invited": lambda entry: f"{entry.nick} invites {entry.text}",
    "told": lambda entry: entry.text,
    "refused": lambda entry: entry.text,
}
_NO_TOPIC: Final = "{} took the topic away"


# Where the nick stands for those who do not say but do.
_SIGNS: Final[dict[str, str]] = {"action": "*", "notice": "-{}-", "ctcp": "?"}
_SERVERS: Final = "--"


def sign(entry: Entry) -> str:
    """What stands in the column of the nick."""
    return _SERVERS if _by_server(entry) else drawable(_SIGNS.get(entry.kind, "{}").format(entry.nick))


def opening(entry: Entry) -> str:
    """What stands before the text where there is no such column."""
    return f"{_SERVERS} " if _by_server(entry) else f"{drawable(entry.nick)}: "


def _by_server(entry: Entry) -> bool:
    return entry.kind == "notice" and "." in entry.nick  # which no nick has in it


def happened(entry: Entry) -> str:
    """An entry that nobody said, in words; a gap has its own."""
    if entry.kind == "gap":
        until = entry.detail.until
        end = f" and {until.astimezone():%H:%M}" if until else ""
        return f"lines between {entry.at.astimezone():%H:%M}{end} may be missing: {entry.text}"
    return _WORDS[entry.kind](entry)


def is_plain(entry: Entry) -> bool:
    """Whether the text of an entry is all that there is to draw."""
    return entry.more is None and entry.kind == "message" and entry.text.isascii() and entry.text.isprintable()


def lines(entry: Entry, *, opened: bool = False, marked: bool = True) -> list[Marked]:
    """What is said, line by line; `opened` shows all of what is long, `marked` says what is bold, code or a link."""
    if entry.detail.redacted:
        return [Marked(drawable(f"taken back by {entry.detail.redacted}"))]
    if entry.kind not in SPOKEN:
        return [_drawn(Marked(line)) for line in happened(entry).split("\n")]
    said = entry.text.split("\n")
    hidden = len(said) - LINES_MAX
    shown = said if opened or hidden <= 0 else said[:LINES_MAX]
    found = _read(shown) if marked else [Marked(_measured(line)) for line in shown]
    if len(shown) < len(said):
        found.append(Marked(f"[{hidden} more lines: Enter]"))
    if entry.kind == "action":
        found[0] = _before(f"{drawable(entry.nick)} ", found[0])
    if entry.detail.edited:
        found[-1] = Marked(f"{found[-1].text} (edited)", found[-1].spans)
    return found


def about(entry: Entry) -> str:
    """What stands below a message: reactions, why it was not sent, or for whom it waits."""
    if entry.state is State.FAILED:
        return f"✗ not sent: {drawable(entry.detail.reason)}. Esc, then Enter sends it again, Del gives it up"
    detail = entry.detail
    waits = [f"waits for {', '.join(map(drawable, detail.waits))}"] if detail.waits else []
    if detail.said:
        waits.append(f"said at {detail.said.astimezone():%H:%M, %A}")
    counts = (f"{drawable(emoji) or '?'} {len(people)}" for emoji, people in entry.detail.reactions.items())
    return "  ".join([*waits, *counts])


def gist(entry: Entry) -> str:
    """A message in one line, for the one that answers it."""
    text = " ".join(line.text for line in lines(entry))
    return f"{drawable(entry.nick)}: {text}"


def _read(said: list[str]) -> list[Marked]:
    """Lines between ``` are code, whatever is in them."""
    found, fenced = [], False
    for line in said:
        fence = line.startswith("```")
        if fence or fenced:
            text = drawable(line.replace("\t", "    "))
            found.append(Marked(text, (Span(0, len(text), "code"),)))
        else:
            found.append(_drawn(read(line)))
        fenced = fenced != (fence and not (len(line) > len("```") and line.endswith("```")))
    return found


def _measured(line: str) -> str:
    return drawable(text_of(line))


def _drawn(line: Marked) -> Marked:
    """What is clean may still hold characters that cannot be drawn: then places move, and marks are not worth it."""
    text = drawable(line.text)
    return line if text == line.text else Marked(text)


def _before(prefix: str, line: Marked) -> Marked:
    moved = (span._replace(start=span.start + len(prefix), end=span.end + len(prefix)) for span in line.spans)
    return Marked(prefix + line.text, tuple(moved))


def _reason(reason: str) -> str:
    return f" ({reason})" if reason else ""
