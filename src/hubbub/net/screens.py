"""Screens for those who come by ssh with a terminal: each is drawn by a program of its own, in a pty.

The program is given the pty and a socket, and nothing else: no argument and no variable proves who somebody is, since
that is known at our end of this very socket.
"""

from __future__ import annotations

import asyncio
import codecs
import re
import socket
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final, cast

import asyncssh

from hubbub import logs
from hubbub.net.connection import Connection, Remote
from hubbub.net.crowd import Crowd
from hubbub.net.door import Door
from hubbub.net.pty import AVAILABLE, Pty
from hubbub.net.ssh import Process, Visitor

_LOG: Final = logs.logger("ssh")

_TERM: Final = re.compile(r"(?!dumb$)[A-Za-z0-9][A-Za-z0-9._+-]{0,63}")

_TOLD: Final = {"COLORTERM": re.compile("truecolor|24bit"), "NO_COLOR": re.compile(r"\w{1,32}", re.ASCII)}
"""What a client may say of its terminal beside TERM: OpenSSH, as Debian sets it up, sends these."""

_TYPED_MAX: Final = 4096

_LAST_SECONDS: Final = 2.0
"""What a program has to say why its connection ended. One that nobody reads from waits, and would hear of no end."""


@dataclass(frozen=True, slots=True)
class Order:
    """What draws: `words` is a program with its arguments, to which the number of the socket is added. At the other end
    of that there is whatever `door` accepts."""

    words: Sequence[str]
    env: Mapping[str, str]
    door: Door


class _NoScreen(Exception):
    """Why there is none, in a sentence."""


class _Inside(Connection):
    """The program's."""

    __slots__ = ("over",)

    def __init__(self, crowd: Crowd, door: Door, there: Remote) -> None:
        super().__init__(crowd, door, there)
        self.over = asyncio.Event()

    @property
    def door(self) -> str:
        """Whoever looks at it counts at theirs."""
        return "screen"

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self.over.set()


class Screens:
    """As many at a time as `most` says. One per server, within one event loop."""

    def __init__(self, crowd: Crowd, most: Callable[[], int]) -> None:
        self._crowd, self._most = crowd, most
        self._shown: set[asyncio.Task[Any] | None] = set()

    async def show(self, process: Process, visitor: Visitor, order: Order) -> bool:
        """Until the program ends, or whoever looks at it is gone. False where there is no terminal to draw on, or no
        screen can be had: then nothing was drawn, and they have been told why."""
        if not AVAILABLE or not _TERM.fullmatch(process.term_type or ""):
            return False
        task = asyncio.current_task()
        self._shown.add(task)
        try:
            pty, inside = await self._opened(process, visitor, order)
            await _look(pty, process, inside)
        except _NoScreen as none:
            _LOG.warning("no screen", address=visitor.address, reason=str(none))
            process.stdout.write(f"-- {none}; this is the chat in lines\n")
            return False
        finally:
            self._shown.discard(task)
        return True

    async def close(self) -> None:
        """Wait until all of them have ended."""
        if self._shown:
            await asyncio.wait(filter(None, self._shown))

    async def _opened(self, process: Process, visitor: Visitor, order: Order) -> tuple[Pty, _Inside]:
        """With the program running in it. Raises `_NoScreen`."""
        if len(self._shown) > self._most():
            raise _NoScreen("All screens of this server are taken")
        try:
            pty = Pty(*process.term_size[:2])
            try:
                return pty, await self._start(pty, process, visitor, order)
            except BaseException:
                await pty.end()
                raise
        except OSError as error:
            raise _NoScreen(error.strerror or str(error)) from error

    async def _start(self, pty: Pty, process: Process, visitor: Visitor, order: Order) -> _Inside:
        ours, theirs = socket.socketpair()
        with theirs:
            inside = await self._let_in(ours, visitor, order.door)
            number = theirs.fileno()
            await pty.start([*order.words, str(number)], {**order.env, **_told(process)}, number)
        return inside

    async def _let_in(self, ours: socket.socket, visitor: Visitor, door: Door) -> _Inside:
        """The program is one more connection from their address. Raises `_NoScreen` where that is one too many."""
        refusal = self._crowd.gate.enter(visitor.address)
        if refusal:
            ours.close()
            raise _NoScreen(refusal)
        inside = _Inside(self._crowd, door, Remote(visitor.address, visitor.port, secure=True))
        await asyncio.get_running_loop().connect_accepted_socket(lambda: inside, ours)
        return inside


def _told(process: Process) -> dict[str, str]:
    """What the program hears of the terminal."""
    said = {name: process.env.get(name, "") for name in _TOLD}
    known = {name: value for name, value in said.items() if _TOLD[name].fullmatch(value)}
    return {"TERM": process.term_type or "", **known}


async def _look(pty: Pty, process: Process, inside: _Inside) -> None:
    cast(asyncssh.SSHLineEditorChannel, process.channel).set_line_mode(False)
    try:
        async with asyncio.TaskGroup() as tasks:
            work = [tasks.create_task(one) for one in (_show(pty, process), _type(pty, process), _over(inside))]
            await asyncio.wait(work, return_when=asyncio.FIRST_COMPLETED)
            for task in work:
                task.cancel()
    finally:
        status = await pty.end()
        with suppress(OSError):  # they may have hung up
            process.exit(status)


async def _over(inside: _Inside) -> None:
    await inside.over.wait()
    await asyncio.sleep(_LAST_SECONDS)


async def _show(pty: Pty, process: Process) -> None:
    """What is drawn, as fast as it is looked at."""
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    with suppress(OSError, asyncssh.Error):
        while drawn := await pty.read():
            process.raw.write(decoder.decode(drawn))
            await process.stdout.drain()


async def _type(pty: Pty, process: Process) -> None:
    """What is typed, until they are gone."""
    while True:
        try:
            typed = await process.stdin.read(_TYPED_MAX)
        except asyncssh.TerminalSizeChanged as size:
            pty.resize(size.width, size.height)
            continue
        except (asyncssh.BreakReceived, asyncssh.SignalReceived, asyncssh.Error, OSError):
            return
        if not typed:
            return
        await pty.write(typed.encode())
