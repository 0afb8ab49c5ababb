"""What the server tells its operator: human lines on a terminal, JSON elsewhere, never a secret.

structlog does the work (https://www.structlog.org/) and is imported with the first line that is logged: it costs
about 40 ms, a seventh of the time a server may take to start.
"""

import logging
import os
import re
import sys
from collections.abc import MutableMapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final, Literal, TextIO

if TYPE_CHECKING:
    from structlog.typing import FilteringBoundLogger, Processor

Level = Literal["debug", "info", "warning", "error"]
Style = Literal["auto", "human", "json"]

_RANK: Final = {"debug": 10, "info": 20, "warning": 30, "error": 40}
_SECRET: Final = re.compile(
    r"(^|_)(pass|pwd|key)$|password|passwd|passphrase|secret|token|authori[sz]ation|cookie|credential|sasl",
    re.IGNORECASE,
)
_Event = MutableMapping[str, Any]


class Logger:
    """A room's voice. The event is a few words, the context says of whom and why."""

    __slots__ = ("_room",)

    def __init__(self, room: str) -> None:
        self._room = room

    def debug(self, event: str, **context: object) -> None:
        _say("debug", event, room=self._room, **context)

    def info(self, event: str, **context: object) -> None:
        _say("info", event, room=self._room, **context)

    def warning(self, event: str, **context: object) -> None:
        _say("warning", event, room=self._room, **context)

    def error(self, event: str, **context: object) -> None:
        _say("error", event, room=self._room, **context)

    def exception(self, event: str, **context: object) -> None:
        """An error with the traceback of the exception being handled."""
        _say("error", event, room=self._room, exc_info=True, **context)


class Output:
    """Where lines go: standard error, or a file that `reopen` lets a log rotator move away."""

    def __init__(self, level: Level = "info", style: Style = "auto", file: str = "") -> None:
        self.rank = _RANK[level]
        self._style, self._file = style, file
        self._stream = _open(file)
        self._log: FilteringBoundLogger | None = None

    def say(self, level: str, event: str, **context: object) -> None:
        try:
            log = self._log = self._log or self._build()
        except (ImportError, OSError):
            # Too many open files, and structlog not read yet: the bare words are better than none.
            self.write(f"{level}: {event}\n")
        else:
            getattr(log, level)(event, **context)

    def write(self, text: str) -> None:
        # A full disk or a reader that went away must not end a session; and there is nowhere left to say so.
        with suppress(OSError, ValueError):
            stream = self._stream or sys.stderr
            stream.write(text)
            stream.flush()

    def flush(self) -> None:
        """Each line is flushed as it is written."""

    def reopen(self) -> None:
        """Raises OSError, and goes on with the old file, where the new one cannot be opened."""
        new, old = _open(self._file), self._stream
        self._stream = new
        if old is not None:
            old.close()

    def close(self) -> None:
        if self._stream is not None:
            self._stream.close()

    def _build(self) -> "FilteringBoundLogger":
        import structlog

        log: FilteringBoundLogger = structlog.wrap_logger(
            structlog.WriteLogger(self),  # type: ignore[arg-type] # it asks for a TextIO and uses write and flush
            processors=self._processors(),
            wrapper_class=structlog.make_filtering_bound_logger(0),
        )
        return log

    def _processors(self) -> "list[Processor]":
        from structlog import dev, processors

        terminal = (self._stream or sys.stderr).isatty()
        if self._style == "json" or (self._style == "auto" and not terminal):
            stamp = processors.TimeStamper(fmt="iso", utc=True)
            return [processors.add_log_level, redact, stamp, processors.format_exc_info, processors.JSONRenderer()]
        stamp, colours = processors.TimeStamper(fmt="%H:%M:%S", utc=False), terminal and "NO_COLOR" not in os.environ
        lines = dev.ConsoleRenderer(colors=colours, pad_event_to=0, pad_level=False)
        return [processors.add_log_level, redact, stamp, processors.format_exc_info, printable, lines]


def logger(room: str) -> Logger:
    """Cheap: nothing is imported or opened before a line is logged."""
    return Logger(room)


def configure(level: Level = "info", style: Style = "auto", file: str = "") -> None:
    """From here on log so; an empty `file` is standard error. Raises OSError where the file cannot be opened."""
    global _output  # noqa: PLW0603 - one process has one log
    new, old = Output(level, style, file), _output
    _output = new
    old.close()
    _bridge_stdlib()


def reopen() -> None:
    """Open the log file anew, as a log rotator expects after SIGHUP. Raises OSError."""
    _output.reopen()


def redact(_log: object, _method: str, event: _Event) -> _Event:
    """Whatever is called like a secret is three stars, however deep it lies."""
    return {key: _redacted(key, value) for key, value in event.items()}


def printable(_log: object, _method: str, event: _Event) -> _Event:
    """A stranger's words cannot move a terminal's cursor, ring its bell or turn its text around.

    A traceback keeps its line ends.
    """
    return {key: _visible(value, keep="\n" if key == "exception" else "") for key, value in event.items()}


def _redacted(key: object, value: object) -> object:
    if isinstance(key, str) and _SECRET.search(key):
        return "***"
    if isinstance(value, dict):
        return {inner: _redacted(inner, item) for inner, item in value.items()}
    if isinstance(value, list | tuple):
        return [_redacted("", item) for item in value]
    return value


def _visible(value: object, keep: str) -> object:
    text = value if isinstance(value, str) else str(value)
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or c in keep else c.encode("unicode_escape").decode() for c in text)


said: Final = dict.fromkeys(_RANK, 0)
"""How many lines of each level there were, those that were too unimportant to be written among them."""


def _say(level: str, event: str, **context: object) -> None:
    said[level] += 1
    if _RANK[level] >= _output.rank:
        _output.say(level, event, **context)


def _open(file: str) -> TextIO | None:
    if not file:
        return None
    descriptor = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o640)  # names and addresses: not for everyone
    return os.fdopen(descriptor, "a", encoding="utf-8")


class _Bridge(logging.Handler):
    """What libraries say through the standard library's logging (asyncio its faults, above all) ends up here too."""

    def emit(self, record: logging.LogRecord) -> None:
        level = next((name for name, rank in reversed(_RANK.items()) if record.levelno >= rank), "debug")
        _say(level, record.getMessage(), room=record.name, **({"exc_info": record.exc_info} if record.exc_info else {}))


def _bridge_stdlib() -> None:
    root = logging.getLogger()
    if not any(isinstance(handler, _Bridge) for handler in root.handlers):
        root.addHandler(_Bridge(logging.WARNING))


_output = Output()
