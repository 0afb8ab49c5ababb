"""Where lines are shown and typed: a terminal, in which the typed line survives what is shown, or a pipe."""

import asyncio
import os
import signal
import sys
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager, suppress
from typing import Final, Protocol

from hubbub.client.editor import Editor

_READ_MAX: Final = 65536

# Lines that may be read ahead of what was said of them: a file is not read into memory as a whole.
_AHEAD: Final = 100

_STDIN: Final = 0

# What a terminal that does not know its own size is taken for.
_COLUMNS: Final = 80

_END: Final = b"\x15\x04"


class Screen(Protocol):
    """Shows lines, and gives those that the person types."""

    patient: bool
    """Whether what is typed can wait: a pipe can, a person cannot."""

    prompt: str

    def show(self, line: str) -> None:
        """Show a line. Raises BrokenPipeError when nobody looks any more."""

    def typed(self) -> AsyncIterator[str]:
        """The lines that are typed, until there will be no more."""


class Pipe:
    """Standard input and output, line by line. Works everywhere, with files and pipes, and with what is no terminal."""

    patient = True
    prompt = ""

    def show(self, line: str) -> None:
        """Each line is written at once: someone may be reading along."""
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()

    async def typed(self) -> AsyncIterator[str]:
        """A thread reads: there is no way to wait for files, nor for consoles on every system, in an event loop."""
        lines: asyncio.Queue[str | None] = asyncio.Queue()
        reader = _Reader(asyncio.get_running_loop(), lines)
        threading.Thread(target=reader.run, name="stdin", daemon=True).start()
        while (line := await lines.get()) is not None:
            reader.free.release()
            yield line


class _Reader:
    """Reads standard input without Python's own buffer, whose lock a thread may not hold at the end of the program."""

    def __init__(self, loop: asyncio.AbstractEventLoop, lines: asyncio.Queue[str | None]) -> None:
        self.free = threading.Semaphore(_AHEAD)
        self._loop, self._lines = loop, lines

    def run(self) -> None:
        """Give line after line to the loop, as long as there is one."""
        with suppress(RuntimeError):  # the loop is closed: nobody waits for lines any more
            for line in self._read():
                self.free.acquire()
                self._loop.call_soon_threadsafe(self._lines.put_nowait, line)
            self._loop.call_soon_threadsafe(self._lines.put_nowait, None)

    def _read(self) -> Iterator[str]:
        rest = b""
        while data := os.read(_STDIN, _READ_MAX):
            *lines, rest = (rest + data).split(b"\n")
            yield from (line.decode(errors="replace") for line in lines)
        if rest:
            yield rest.decode(errors="replace")


class Terminal:
    """A terminal without its own line editing, so that we can take the typed line away and draw it again."""

    patient = False

    def __init__(self) -> None:
        self.prompt = "> "
        self._editor = Editor()
        self._active = False

    def show(self, line: str) -> None:
        """The typed line goes down by one; all in one write, so that nothing flickers."""
        self._write(f"\r\x1b[J{line}\n{self._drawn() if self._active else ''}")

    async def typed(self) -> AsyncIterator[str]:
        """The lines that were finished with Enter, until Ctrl-D."""
        loop, keys = asyncio.get_running_loop(), asyncio.Queue[bytes]()
        with _cbreak(), self._watched(loop, keys):
            self._redraw()
            while not self._editor.ended:
                for line in self._editor.feed(await keys.get()):
                    yield line
                self._redraw()

    @contextmanager
    def _watched(self, loop: asyncio.AbstractEventLoop, keys: asyncio.Queue[bytes]) -> Iterator[None]:
        """While it lasts the typed line is on the screen; what is behind it is drawn again where it was disturbed."""
        loop.add_reader(_STDIN, lambda: keys.put_nowait(_read_keys()))
        loop.add_signal_handler(signal.SIGWINCH, self._redraw)
        loop.add_signal_handler(signal.SIGCONT, self._redraw)
        self._active = True
        try:
            yield
        finally:
            self._active = False
            loop.remove_reader(_STDIN)
            loop.remove_signal_handler(signal.SIGWINCH)
            loop.remove_signal_handler(signal.SIGCONT)
            self._write("\r\x1b[J")

    def _redraw(self) -> None:
        self._write(self._drawn())

    def _drawn(self) -> str:
        text, column = self._editor.view(self.prompt, _columns())
        return f"\r\x1b[J{text}\r" + (f"\x1b[{column}C" if column else "")

    @staticmethod
    def _write(text: str) -> None:
        with suppress(OSError):  # the terminal is gone, as who reads from it is told
            sys.stdout.write(text)
            sys.stdout.flush()


def _columns() -> int:
    try:
        return os.get_terminal_size().columns or _COLUMNS
    except OSError:  # the terminal is gone
        return _COLUMNS


def _read_keys() -> bytes:
    """What was typed; when the terminal is gone, as if the line was taken back and the end was typed."""
    try:
        return os.read(_STDIN, _READ_MAX) or _END
    except OSError:
        return _END


@contextmanager
def _cbreak() -> Iterator[None]:
    """Keys come one by one and are not echoed; Ctrl-C and Ctrl-Z work as ever. Everything is put back afterwards."""
    import termios
    import tty

    before = termios.tcgetattr(_STDIN)
    tty.setcbreak(_STDIN)
    try:
        yield
    finally:
        with suppress(termios.error):  # the terminal is gone
            termios.tcsetattr(_STDIN, termios.TCSADRAIN, before)


def screen() -> Screen:
    """A terminal where there is one, on both sides, on a system that lets us draw in it; a pipe otherwise."""
    drawable = os.name == "posix" and os.environ.get("TERM", "dumb") != "dumb"
    return Terminal() if drawable and sys.stdin.isatty() and sys.stdout.isatty() else Pipe()
