"""What a room does not want to hear, as words or as a regular expression that cannot be made to hang.

A pattern is read into an automaton that looks at each character of a text once (https://swtch.com/~rsc/regexp/), so
the worst pattern that somebody can write costs as much as the best. It knows literals, `.`, classes, groups, `|`,
`^ $ \\b \\B`, `\\d \\w \\s` and their capitals, and the repeats `* + ? {m,n}`; no back references and
no looking around, which such an automaton could not do. Case does not matter.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final, TypeAlias

LENGTH_MAX: Final = 100
"""Characters in a pattern: one line of IRC holds it, with all around it."""

_NODES_MAX: Final = 1000
"""Nodes of an automaton: `{m,n}` repeats what it stands behind."""

_KNOWN_MAX: Final = 5000
"""Steps that an automaton remembers; beyond them it begins anew, so that no texts can make it fill the memory."""

_REPEAT_MAX: Final = 50

Test: TypeAlias = Callable[[str], bool]
Build: TypeAlias = "Callable[[_Nodes, int], int]"
"""Adds the nodes of one piece that lead to the node given, and returns the first of them."""


class Unreadable(Exception):
    """The pattern cannot be used; the text says why."""


class Pattern:
    """`text` is what somebody wrote: words, in which `*` is any run of letters, or `/expression/`.

    It is read when it is first looked for: a house with a thousand rooms opens at once. `check` reads it before.
    """

    __slots__ = ("_known", "_nodes", "_numbers", "_start", "_states", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self._nodes: _Nodes | None = None

    def check(self) -> None:
        """Raises `Unreadable`."""
        text = self.text
        if not text.strip("/ ") or len(text) > LENGTH_MAX:
            raise Unreadable(f"a pattern is words or an /expression/ of up to {LENGTH_MAX} characters")
        nodes = _Nodes()
        self._start = (_Reader(text[1:-1]).read() if _is_expression(text) else _words(text))(nodes, _ACCEPT)
        self._nodes = nodes
        self._begin()
        if self.finds(""):
            raise Unreadable("that pattern is found in every text, even in one without words")

    def finds(self, text: str) -> bool:
        """Whether it is somewhere in `text`. One that cannot be read is nowhere: a newer version may have taken it."""
        nodes = self._nodes or self._read()
        if len(self._known) > _KNOWN_MAX:
            self._begin()
        state, known = 0, self._known
        for char in (*text.lower(), _END):
            after = known.get((state, char))
            state = self._step(nodes, state, char) if after is None else after
            if state == _FOUND:
                return True
        return False

    def _read(self) -> _Nodes:
        nodes = _Nodes()
        try:
            self.check()
        except Unreadable:
            self._nodes, self._start = nodes, nodes.add((_ACCEPT,), asserts=lambda before, char: False)
            self._begin()
        return self._nodes or nodes

    def _begin(self) -> None:
        self._known: dict[tuple[int, str], int] = {}
        self._states: list[tuple[frozenset[int], str]] = []
        self._numbers: dict[tuple[frozenset[int], str], int] = {}
        self._number(frozenset(), _END)

    def _step(self, automaton: _Nodes, state: int, char: str) -> int:
        """Where the automaton is behind `char`; it is remembered."""
        nodes, before = self._states[state]
        reached = automaton.reached([self._start, *nodes], before, char)
        # Of the character before, all that counts is whether it was one, and whether it belongs to a word.
        kind = "a" if _in_word(char) else " "
        after = _FOUND if _ACCEPT in reached else self._number(automaton.behind(reached, char), kind)
        self._known[state, char] = after
        return after

    def _number(self, nodes: frozenset[int], before: str) -> int:
        number = self._numbers.setdefault((nodes, before), len(self._states))
        if number == len(self._states):
            self._states.append((nodes, before))
        return number


def _is_expression(text: str) -> bool:
    return len(text) > 2 and text[0] == text[-1] == "/"


_ACCEPT: Final = 0
_FOUND: Final = -1
_END: Final = ""  # the "character" in front of the first and behind the last


class _Nodes:
    """The automaton's nodes: a test of a character, an assertion about the place, or a fork."""

    def __init__(self) -> None:
        self._tests: list[Test | None] = [None]
        self._asserts: list[Callable[[str, str], bool] | None] = [None]
        self._ways: list[tuple[int, ...]] = [()]

    def add(
        self, ways: tuple[int, ...], test: Test | None = None, asserts: Callable[[str, str], bool] | None = None
    ) -> int:
        if len(self._ways) >= _NODES_MAX:
            raise Unreadable("that pattern repeats too much; write it shorter")
        self._tests.append(test)
        self._asserts.append(asserts)
        self._ways.append(ways)
        return len(self._ways) - 1

    def join(self, node: int, ways: tuple[int, ...]) -> None:
        self._ways[node] = ways

    def reached(self, nodes: Iterable[int], before: str, char: str) -> set[int]:
        """All nodes that one can stand on between two characters, without going over either."""
        found: set[int] = set()
        todo = list(nodes)
        while todo:
            node = todo.pop()
            holds = self._asserts[node]
            if node not in found and (holds is None or holds(before, char)):
                found.add(node)
                if self._tests[node] is None:
                    todo += self._ways[node]
        return found

    def behind(self, nodes: Iterable[int], char: str) -> frozenset[int]:
        """Where those nodes lead that let `char` through."""
        passed = (n for n in nodes if (test := self._tests[n]) is not None and char != _END and test(char))
        return frozenset(way for node in passed for way in self._ways[node])


# Pieces


def _char(test: Test) -> Build:
    return lambda nodes, following: nodes.add((following,), test)


def _place(holds: Callable[[str, str], bool]) -> Build:
    return lambda nodes, following: nodes.add((following,), asserts=holds)


def _row(pieces: list[Build]) -> Build:
    def build(nodes: _Nodes, following: int) -> int:
        for piece in reversed(pieces):
            following = piece(nodes, following)
        return following

    return build


def _choice(pieces: list[Build]) -> Build:
    return lambda nodes, following: nodes.add(tuple(piece(nodes, following) for piece in pieces))


def _any_number(piece: Build) -> Build:
    def build(nodes: _Nodes, following: int) -> int:
        fork = nodes.add(())
        nodes.join(fork, (piece(nodes, fork), following))
        return fork

    return build


def _maybe(piece: Build) -> Build:
    return lambda nodes, following: nodes.add((piece(nodes, following), following))


def _repeat(piece: Build, least: int, most: int | None) -> Build:
    rest = [_any_number(piece)] if most is None else [_maybe(piece)] * (most - least)
    return _row([piece] * least + rest)


def _literal(text: str) -> Build:
    return _row([_char(_same(char)) for char in text.lower()])


def _same(char: str) -> Test:
    return lambda other: other == char


def _words(text: str) -> Build:
    """A whole word or several in a row; a star stands for any letters."""
    edge = _place(_at_edge)
    pieces = [_any_number(_char(_in_word)) if part == "*" else _literal(part) for part in _parts(text)]
    return _row([edge, *pieces, edge])


def _parts(text: str) -> list[str]:
    head, *rest = text.split("*")
    return [head, *(part for word in rest for part in ("*", word))]


def _in_word(char: str) -> bool:
    return char.isalnum() or char == "_"


def _at_edge(before: str, char: str) -> bool:
    """Where a word begins or ends, or stands beside a sign, so that words of signs alone can be found, too."""
    return not (_in_word(before) and _in_word(char))


def _not(test: Test) -> Test:
    return lambda char: not test(char)


_CLASSES: Final[dict[str, Test]] = {"d": str.isdecimal, "w": _in_word, "s": str.isspace}
_PLACES: Final[dict[str, Callable[[str, str], bool]]] = {
    "b": lambda before, char: _in_word(before) != _in_word(char),
    "B": lambda before, char: _in_word(before) == _in_word(char),
}
_SIGNS: Final = {
    ".": _char(lambda char: True),
    "^": _place(lambda before, char: before == _END),
    "$": _place(lambda before, char: char == _END),
}
_REPEATS: Final = {"*": (0, None), "+": (1, None), "?": (0, 1)}


class _Reader:
    """Reads an expression, from its first character to its last."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0

    def read(self) -> Build:
        build = self._alternatives()
        if self._at < len(self._text):
            raise Unreadable("there is a ) without its (")
        return build

    def _peek(self) -> str:
        return self._text[self._at : self._at + 1]

    def _take(self) -> str:
        self._at += 1
        return self._text[self._at - 1 : self._at]

    def _alternatives(self) -> Build:
        found = [self._sequence()]
        while self._peek() == "|":
            self._take()
            found.append(self._sequence())
        return found[0] if len(found) == 1 else _choice(found)

    def _sequence(self) -> Build:
        pieces: list[Build] = []
        while self._peek() not in ("", "|", ")"):
            pieces.append(self._repeated(self._atom()))
        return _row(pieces)

    def _repeated(self, piece: Build) -> Build:
        if self._peek() in _REPEATS:
            return _repeat(piece, *_REPEATS[self._take()])
        if self._peek() == "{":
            return _repeat(piece, *self._counts())
        return piece

    def _counts(self) -> tuple[int, int | None]:
        inside, closed, _ = self._text[self._at + 1 :].partition("}")
        least, comma, most = inside.partition(",")
        if not closed or not all(n.isascii() and n.isdigit() for n in (least, most or "0")):
            raise Unreadable("after a { stands a number, or two with a comma, and a }")
        self._at += len(inside) + 2
        counts = int(least), (int(least) if not comma else int(most) if most else None)
        if max(counts[0], counts[1] or 0) > _REPEAT_MAX or counts[0] > (counts[1] or counts[0]):
            raise Unreadable(f"repeats go up to {_REPEAT_MAX}, the smaller number first")
        return counts

    def _atom(self) -> Build:
        char = self._take()
        match char:
            case "(":
                return self._group()
            case "[":
                return _char(self._set())
            case "\\":
                return self._escaped()
            case "*" | "+" | "?" | "{":
                raise Unreadable(f"there is nothing for the {char} to repeat; write \\{char} for the sign itself")
        return _SIGNS.get(char) or _literal(char)

    def _group(self) -> Build:
        if self._text.startswith("?:", self._at):
            self._at += 2
        elif self._peek() == "?":
            raise Unreadable("looking around and the other forms of (? are not known here")
        inside = self._alternatives()
        if self._take() != ")":
            raise Unreadable("there is a ( without its )")
        return inside

    def _escaped(self) -> Build:
        char = self._take()
        if char in _PLACES:
            return _place(_PLACES[char])
        return _char(self._class(char))

    def _class(self, char: str) -> Test:
        """What a backslash makes of the character behind it."""
        if char.lower() in _CLASSES:
            test = _CLASSES[char.lower()]
            return test if char.islower() else _not(test)
        if not char or char.isalnum():
            raise Unreadable(f"\\{char} is not known here")
        return _same(char)

    def _set(self) -> Test:
        negated = self._peek() == "^"
        if negated:
            self._take()
        tests: list[Test] = []
        while self._peek() != "]" or not tests:
            tests.append(self._member())
        self._take()
        return (lambda char: not any(t(char) for t in tests)) if negated else (lambda char: any(t(char) for t in tests))

    def _member(self) -> Test:
        char = self._take()
        if not char:
            raise Unreadable("there is a [ without its ]")
        if char == "\\":
            return self._class(self._take())
        if self._peek() != "-" or self._text[self._at + 1 : self._at + 2] in ("", "]"):
            return _same(char.lower())
        self._take()
        first, last = char.lower(), self._take().lower()
        return lambda other: first <= other <= last
