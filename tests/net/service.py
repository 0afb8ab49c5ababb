"""A push service on this machine: real HTTPS, and answers that a test chooses."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.net.desk import PATIENCE


@dataclass(frozen=True)
class Posted:
    """A request; names of headers in small letters."""

    line: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Service:
    """Keeps what is posted to it. `answer` is a status, whole bytes, or None to say nothing."""

    answer: str | bytes | None
    calls: int = 0
    requests: list[Posted] = field(default_factory=list)
    news: asyncio.Condition = field(default_factory=asyncio.Condition)
    server: asyncio.Server | None = None

    @property
    def port(self) -> int:
        assert self.server is not None
        return self._port

    async def open(self, pair: tuple[Path, Path]) -> None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*pair)
        self.server = await asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=context)
        self._port: int = self.server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        if self.server is not None:
            self.server.close()
            await self.server.wait_closed()

    async def posted(self, count: int) -> list[Posted]:
        """All requests, once there are so many."""
        async with asyncio.timeout(PATIENCE), self.news:
            await self.news.wait_for(lambda: len(self.requests) >= count)
        return self.requests

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.calls += 1
        with suppress(OSError, EOFError):
            await self._answer(reader, writer)
        writer.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:] if line)}
        body = await reader.readexactly(int(headers["content-length"]))
        async with self.news:
            self.requests.append(Posted(head[0], headers, body))
            self.news.notify_all()
        if self.answer is None:
            await reader.read()  # until the caller has enough of it
        elif isinstance(self.answer, bytes):
            writer.write(self.answer)
        else:
            writer.write(f"HTTP/1.1 {self.answer}\r\nContent-Length: 0\r\n\r\n".encode())


@asynccontextmanager
async def a_service(pair: tuple[Path, Path], answer: str | bytes | None) -> AsyncIterator[Service]:
    service = Service(answer)
    await service.open(pair)
    try:
        yield service
    finally:
        await service.close()
