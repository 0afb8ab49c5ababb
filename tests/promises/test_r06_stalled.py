"""R6: a reader that stops is dropped at its limit; memory stays within it, and the others notice nothing."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from pathlib import Path

from tests.system.running import PATIENCE, Running

LIVE = 100
SENDQ = 64 * 1024
BATCH, SIZE, MANY = 50, 400, 100
"""Lines that are said at once, the bytes of each, and batches that no queue takes."""

CONFIG = f"""
server_name = "hub.example"
data = "{{data}}"
[limits]
flood = false
sendq_bytes = {SENDQ}
"""

AROUND = 8 * 1024 * 1024
"""What a server under load may take and give back besides: more than one queue, far less than all that was said."""

DROPPED = re.compile(rb"^:tom!\S+ QUIT :SendQ exceeded\r$", re.MULTILINE)


class Reader(asyncio.Protocol):
    """Somebody who reads all that comes."""

    transport: asyncio.Transport

    def __init__(self) -> None:
        self.heard = bytearray()
        self._news = asyncio.Event()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.heard += data
        self._news.set()

    def say(self, *lines: str) -> None:
        self.transport.write("".join(f"{line}\r\n" for line in lines).encode())

    async def until(self, text: bytes) -> None:
        while text not in self.heard[-65536:]:
            self._news.clear()
            await self._news.wait()

    def talk(self) -> bytes:
        """What others said, in the order in which it came."""
        return b"\n".join(re.findall(rb"^:maya!\S+ PRIVMSG #crowd :(\d+) x", self.heard, re.MULTILINE))


async def enter(nick: str, port: int = 0, path: str = "") -> Reader:
    loop = asyncio.get_running_loop()
    if path:
        _, reader = await loop.create_unix_connection(Reader, path)
    else:
        _, reader = await loop.create_connection(Reader, "127.0.0.1", port)
    reader.say("CAP REQ echo-message", "CAP END", f"NICK {nick}", f"USER {nick} 0 * :{nick}", "JOIN #crowd")
    await reader.until(b" 366 ")
    return reader


def memory(server: Running, what: str) -> int:
    """Bytes of the server's process: `VmRSS` is now, `VmHWM` the most so far."""
    assert server.process is not None
    found = re.search(rf"{what}:\s+(\d+) kB", Path(f"/proc/{server.process.pid}/status").read_text())
    assert found is not None
    return int(found[1]) * 1024


async def crowd(server: Running) -> tuple[list[Reader], int]:
    """maya talks until tom, who reads nothing, has been dropped: all who heard it, and the bytes that it took."""
    port = int(server.urls[0].rpartition(":")[2])
    async with asyncio.timeout(3 * PATIENCE):
        live = [await enter(nick, port) for nick in ("maya", *(f"guest{number}" for number in range(1, LIVE)))]
        tom = await enter("tom", path=str(server.directory / "door"))  # of which the system keeps 200 kB, and no more
        tom.transport.pause_reading()
        before = memory(server, "VmRSS")
        said = await talk_until_dropped(live[0])
        taken = memory(server, "VmHWM") - before
        live[0].say("PRIVMSG #crowd :the end")
        for reader in live:
            await reader.until(b":the end")
            reader.transport.abort()
        tom.transport.abort()
    assert live[0].talk() == b"\n".join(b"%d" % number for number in range(said))
    return live, taken


async def talk_until_dropped(maya: Reader) -> int:
    """How many lines it took. She waits for her echoes: it is not she who is too fast."""
    for batch in range(MANY):
        numbers = range(batch * BATCH, (batch + 1) * BATCH)
        maya.say(*(f"PRIVMSG #crowd :{number} {'x' * SIZE}" for number in numbers))
        await maya.until(b":%d x" % numbers[-1])
        if DROPPED.search(maya.heard):
            return numbers.stop
    raise AssertionError("somebody who reads nothing is still here")


def test_who_reads_nothing_is_dropped_and_a_hundred_others_hear_all(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    """Each of them hears every line once, in one order, and who was dropped and why; the server keeps one queue for it.

    Seen to fail where a full queue drops nobody.
    """
    server = Running(tmp_path, ("irc://127.0.0.1:0", f"unix:{tmp_path}/door"), CONFIG)
    try:
        live, taken = asyncio.run(crowd(server))
    finally:
        server.close()
    record_property("bytes of memory that it took", taken)
    assert {reader.talk() for reader in live} == {live[0].talk()}
    assert all(DROPPED.search(reader.heard) for reader in live)
    assert taken < SENDQ + AROUND
