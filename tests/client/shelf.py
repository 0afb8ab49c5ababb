"""A place of the web that gives out what it was given, on a real socket, and remembers what it was asked."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field


@dataclass
class Shelf:
    """`answers` by path; `asked` are the heads of the requests."""

    answers: dict[str, bytes]
    url: str = ""
    asked: list[str] = field(default_factory=list)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        self.asked.append(head)
        writer.write(self.answers.get(head.split()[1], said(b"", "404 Not Found")))
        writer.close()


def said(body: bytes, status: str = "200 OK", *headers: str) -> bytes:
    """An answer as it goes over the line."""
    head = "\r\n".join([f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers])
    return head.encode() + b"\r\n\r\n" + body


@asynccontextmanager
async def shelf(**answers: bytes) -> AsyncIterator[Shelf]:
    """With what lies at each path, whose names have no slash."""
    made = Shelf({f"/{path}": answer for path, answer in answers.items()})
    server = await asyncio.start_server(made.serve, "127.0.0.1", 0)
    async with server:
        made.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        yield made
