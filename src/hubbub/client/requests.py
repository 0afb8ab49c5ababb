"""Questions for what was said, one at a time, so that each answer has its question.

https://ircv3.net/specs/extensions/chathistory and
https://codeberg.org/emersion/soju/src/branch/master/doc/ext/search.md
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

import msgspec

from hubbub.wire.line import Line

Params = tuple[str, ...]
"""A subcommand and its parameters: ("AFTER", "#room", "msgid=abc", "100"); for SEARCH just one, without a target."""


class Answer(msgspec.Struct, frozen=True):
    """The lines of a page, or in words why there are none."""

    lines: tuple[Line, ...] = ()
    problem: str = ""


@dataclass(slots=True)
class Question:
    """One command and who waits for its answer."""

    params: Params
    done: Callable[[Answer], object]


class Requests:
    """The questions of one connection, in order. Each `done` is called exactly once."""

    def __init__(self, command: str, send: Callable[..., None], fence: Callable[[Callable[[], None]], None]) -> None:
        """`send(command, *params)` speaks; `fence(call)` calls back when the server is past all that was sent."""
        self._command, self._send, self._fence = command, send, fence
        self._waiting: deque[Question] = deque()
        self._asked: Question | None = None

    @property
    def idle(self) -> bool:
        """Whether no answer is awaited."""
        return self._asked is None

    def ask(self, params: Params, done: Callable[[Answer], object]) -> None:
        """Put a question. Its answer comes from the server, from a fence that came back without one, or from `lost`."""
        self._waiting.append(Question(params, done))
        self._next()

    def answer(self, target: str, lines: tuple[Line, ...], same: Callable[[str, str], bool]) -> bool:
        """A page of a conversation is here ("" for what names none); False when nobody asked for it."""
        asked = self._asked
        if asked is None or not same(_target(asked.params), target):
            return False
        self._settle(asked, Answer(lines))
        return True

    def refuse(self, problem: str) -> bool:
        """FAIL and the command; False when nothing was asked."""
        if self._asked is None:
            return False
        self._settle(self._asked, Answer(problem=problem))
        return True

    def lost(self) -> None:
        """The connection is gone, and with it every answer."""
        open_questions = [self._asked] if self._asked else []
        open_questions += self._waiting
        self._asked = None
        self._waiting.clear()
        for question in open_questions:
            question.done(Answer(problem="the connection broke before the answer came"))

    def _next(self) -> None:
        if self._asked is not None or not self._waiting:
            return
        asked = self._asked = self._waiting.popleft()
        self._send(self._command, *asked.params)
        self._fence(lambda: self._settle(asked, Answer(problem="the server did not answer")))

    def _settle(self, asked: Question, answer: Answer) -> None:
        if self._asked is not asked:
            return  # answered already: the fence comes behind every answer
        self._asked = None
        asked.done(answer)
        self._next()


def _target(params: Params) -> str:
    return "" if params[0] == "TARGETS" or len(params) == 1 else params[1]
