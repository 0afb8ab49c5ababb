"""The page on one's own computer, and for each of its WebSockets a connection to the server: line for line, both ways.

Only the page itself gets in: by a path that nobody guesses, from its own origin, under its own name, since other sites
can make a browser connect to 127.0.0.1 as well. https://ircv3.net/specs/extensions/websocket
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from http import HTTPStatus
from socket import socket
from typing import Final

from websockets.asyncio.server import ServerConnection, serve
from websockets.datastructures import Headers
from websockets.frames import CloseCode
from websockets.http11 import Request, Response
from websockets.typing import Subprotocol

from hubbub.cli.berths import Berth
from hubbub.cli.far import LINE_MAX, CannotReach, Far, Server
from hubbub.net.pages import Asset, Pages

_QUIET: Final = logging.getLogger("hubbub.bridge")
_QUIET.addHandler(logging.NullHandler())
_QUIET.propagate = False  # that a browser went away is nothing to be told


@dataclass(frozen=True, slots=True)
class Bridge:
    """`pages` are those under the berth's path; `complain` hears in a sentence why a server cannot be reached."""

    berth: Berth
    server: Server
    pages: Pages
    complain: Callable[[str], None]

    async def carry(self, page: ServerConnection) -> None:
        """One WebSocket, until either end has gone."""
        try:
            far = await self.server.reach()
        except CannotReach as why:
            self.complain(str(why))
            await page.close(CloseCode.TRY_AGAIN_LATER)
            return
        ways = {asyncio.create_task(_up(page, far)), asyncio.create_task(_down(far, page))}
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)  # an end that is gone is how this ends
            await far.close()

    def answer(self, _: ServerConnection, request: Request) -> Response | None:
        """A file of the page, or None for the page's WebSocket."""
        if request.headers.get_all("Host") != [self.berth.origin.removeprefix("http://")]:
            return _words(HTTPStatus.MISDIRECTED_REQUEST, f"Expected to be called {self.berth.origin}")
        path = request.path.partition("?")[0]
        if path == f"{self.berth.base}/ws":
            return self._let_in(request)
        inside = path.startswith(f"{self.berth.base}/")
        asset = self.pages.find(path.removeprefix(self.berth.base)) if inside else None
        return _file(asset) if asset is not None else _words(HTTPStatus.NOT_FOUND, "There is nothing here")

    def _let_in(self, request: Request) -> Response | None:
        if request.headers.get_all("Origin") == [self.berth.origin]:
            return None
        return _words(HTTPStatus.FORBIDDEN, "Only the page that is served here may connect")


def listening(bridge: Bridge, sock: socket) -> AbstractAsyncContextManager[object]:
    """To be entered: the page is there as long as that lasts."""
    return serve(
        bridge.carry,
        sock=sock,
        process_request=bridge.answer,
        subprotocols=[Subprotocol("text.ircv3.net")],
        compression=None,
        max_size=LINE_MAX,
        server_header=None,
        logger=_QUIET,
    )


async def _up(page: ServerConnection, far: Far) -> None:
    """What the page says: a message is a line, and cannot be two."""
    async for message in page:
        line = message.encode() if isinstance(message, str) else message
        if b"\n" in line or b"\r" in line:
            await page.close(CloseCode.INVALID_DATA, "expected one line in a message")
            return
        await far.say(line)


async def _down(far: Far, page: ServerConnection) -> None:
    """What the server says."""
    async for line in far.heard():
        await page.send(line)
    await page.close()


def _file(asset: Asset) -> Response:
    headers = Headers({**asset.headers, "Content-Length": str(len(asset.body)), "Connection": "close"})
    return Response(HTTPStatus.OK, "OK", headers, asset.body)


def _words(status: HTTPStatus, sentence: str) -> Response:
    body = f"{sentence}\n".encode()
    told = {"Content-Type": "text/plain; charset=utf-8", "Content-Length": str(len(body)), "Connection": "close"}
    return Response(status, status.phrase, Headers(told), body)
