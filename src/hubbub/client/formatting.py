"""What in a line is bold, code or a link, for faces that can draw it. The text itself comes out clean.

IRC's codes: https://modern.ircdocs.horse/formatting. Asterisks, underlines and backticks stay where people wrote them:
what is between is drawn as meant, and nothing is lost where it was not meant.
"""

import re
from collections.abc import Iterator
from typing import Final, Literal, NamedTuple

from hubbub.wire.clean import clean

Mark = Literal["bold", "italic", "underline", "strike", "code", "link"]


class Span(NamedTuple):
    """From one place in a text to another, something is marked. `link` is where it leads, "" elsewhere."""

    start: int
    end: int
    mark: Mark
    link: str = ""


class Marked(NamedTuple):
    """A clean line and what is marked in it; spans may lie in one another."""

    text: str
    spans: tuple[Span, ...] = ()


# What a line without is just text.
_ANY: Final = re.compile(r"[\x00-\x1f*_~`]|://")

_CODES: Final[dict[str, Mark]] = {
    "\x02": "bold",
    "\x1d": "italic",
    "\x1f": "underline",
    "\x1e": "strike",
    "\x11": "code",
}
_RESET: Final = "\x0f"
_CODE: Final = re.compile("([\x02\x1d\x1f\x1e\x11\x0f])")

# A sign belongs to the word it touches: "2 * 3 * 4" and "snake_case_name" are just text.
_WRITTEN: Final[tuple[tuple[Mark, re.Pattern[str]], ...]] = (
    ("bold", re.compile(r"(?<![\w*])(\*{1,2})(?=[^\s*]).+?(?<=[^\s*])\1(?![\w*])")),
    ("italic", re.compile(r"(?<!\w)(_{1,2})(?=[^\s_]).+?(?<=[^\s_])\1(?!\w)")),
    ("strike", re.compile(r"(?<![\w~])(~~)(?=[^\s~]).+?(?<=[^\s~])~~(?![\w~])")),
)
_QUOTED: Final = re.compile(r"(`+)[^`]+?\1(?!`)")
_URL: Final = re.compile(r"\b(?:https?|ircs?)://[^\s<>\"`]+", re.IGNORECASE)

_LETTER_MAX: Final = 5
"""Characters of one letter, with all the marks that `clean` leaves it."""

# A line so long is a flood or a file: it is drawn as it is.
_READ_MAX: Final = 1000


def read(line: str) -> Marked:
    """Take one line apart. What is marked is found in bounded time, however it was written."""
    if _ANY.search(line) is None or len(line) > _READ_MAX:
        return Marked(clean(line))
    text, spans = _codes(line)
    return Marked(text, (*spans, *_written(text)))


def text_of(line: str) -> str:
    """The text of a line as `read` gives it, for those who only measure."""
    return _codes(line)[0] if _CODE.search(line) else clean(line)


def links(text: str) -> tuple[str, ...]:
    """Where a text of one line or several leads, in order."""
    return tuple(span.link for line in text.split("\n") for span in read(line).spans if span.link)


def _codes(line: str) -> tuple[str, list[Span]]:
    """Codes switch their mark on and off; each piece is cleaned behind the last letter: accents pile up over codes."""
    text, spans = "", []
    began: dict[Mark, int] = {}
    for piece in _CODE.split(line):
        mark = _CODES.get(piece)
        if mark is None and piece != _RESET:
            behind = text[-_LETTER_MAX:]
            text += clean(behind + piece)[len(behind) :]
        elif mark is not None and mark not in began:
            began[mark] = len(text)
        else:
            ending: list[Mark] = [mark] if mark else list(began)
            spans += [Span(began.pop(one), len(text), one) for one in ending]
    return text, spans + [Span(start, len(text), mark) for mark, start in began.items()]


def _written(text: str) -> Iterator[Span]:
    """In code nothing else is meant, and signs in a link belong to it."""
    taken = [Span(*found.span(), "code") for found in _QUOTED.finditer(text)]
    for found in _URL.finditer(text):
        url = _without_point(found[0])
        if not _is_in(found.start(), taken):
            taken.append(Span(found.start(), found.start() + len(url), "link", url if url.isascii() else ""))
    yield from taken
    for mark, pattern in _WRITTEN:
        for found in pattern.finditer(text):
            if not (_is_in(found.start(), taken) or _is_in(found.end() - 1, taken)):
                yield Span(*found.span(), mark)


def _without_point(url: str) -> str:
    """The point that ends the sentence is none of the link, nor is a bracket about it."""
    url = url.rstrip(".,;:!?'*_~")
    while url.endswith(")") and url.count("(") < url.count(")"):
        url = url[:-1].rstrip(".,;:!?'")
    return url


def _is_in(place: int, spans: list[Span]) -> bool:
    return any(span.start <= place < span.end for span in spans)
