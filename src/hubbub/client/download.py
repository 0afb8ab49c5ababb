"""Fetching what a link leads to, when somebody asks for it: bounded in size, in time, and in how often it leads on.

https://www.rfc-editor.org/rfc/rfc9110
"""

from __future__ import annotations

import asyncio
import base64
from collections.abc import AsyncIterator
from typing import Final
from urllib.parse import urljoin, urlsplit

import h11

from hubbub.client.isupport import Features
from hubbub.client.upload import Progress, connected
from hubbub.client.way import Way
from hubbub.wire.clean import clean

BYTES_MAX: Final = 10_000_000
"""More than pictures in a chat have."""

_SECONDS: Final = 30.0
_HOPS_MAX: Final = 3
_PIECE: Final = 65_536
_OK: Final = 200
_ELSEWHERE: Final = frozenset({301, 302, 303, 307, 308})


class CannotFetch(OSError):
    """It was not fetched; says why."""


def is_shared(features: Features, url: str) -> bool:
    """Whether a link leads to where the server itself keeps files."""
    place = features.get("draft/FILEHOST") or features.get("soju.im/FILEHOST")
    return bool(place) and _origin(place) == _origin(url)


async def download(way: Way, features: Features, url: str, progress: Progress) -> bytes:
    """What `url` leads to (HTTP and HTTPS), at most `BYTES_MAX` of it. Raises `CannotFetch`.

    Only the server's own place for files is shown who asks: the password that we came in with by that `way`.
    """
    try:
        async with asyncio.timeout(_SECONDS):
            return await _follow(way, features, url, progress)
    except CannotFetch:
        raise
    except TimeoutError:
        raise CannotFetch(f"it did not come within {_SECONDS:.0f} seconds") from None
    except h11.ProtocolError:
        raise CannotFetch("what answers there does not speak HTTP, or broke off") from None
    except ValueError:
        raise CannotFetch("that is no address of the web") from None
    except OSError as error:
        raise CannotFetch(clean(error.strerror or str(error))) from None


async def _follow(way: Way, features: Features, url: str, progress: Progress) -> bytes:
    for _ in range(_HOPS_MAX + 1):
        place = urlsplit(url)
        if place.scheme not in {"http", "https"} or not place.hostname:
            raise CannotFetch(f"it leads to {clean(url)}, which is not of the web")
        found = await _get(way, url, _basic(way, features, url), progress)
        if isinstance(found, bytes):
            return found
        url = urljoin(url, found)
        if place.scheme == "https" and urlsplit(url).scheme != "https":
            raise CannotFetch("it leads on to where anybody could change it on its way")
    raise CannotFetch("it leads on and on")


def _basic(way: Way, features: Features, url: str) -> dict[str, str]:
    in_clear = way.address.tls and urlsplit(url).scheme != "https"
    if in_clear or not way.identity.password or not is_shared(features, url):
        return {}
    who = f"{way.identity.account or way.identity.nick}:{way.identity.password}"
    return {"Authorization": f"Basic {base64.b64encode(who.encode()).decode()}"}


async def _get(way: Way, url: str, basic: dict[str, str], progress: Progress) -> bytes | str:
    """What is there, or where it is instead."""
    place = urlsplit(url)
    told = {"Host": place.netloc.rpartition("@")[2], "Accept-Encoding": "identity", "Connection": "close", **basic}
    target = (place.path or "/") + (f"?{place.query}" if place.query else "")
    async with connected(way, url) as (reader, writer):
        http = h11.Connection(h11.CLIENT)
        writer.write(http.send(h11.Request(method="GET", target=target, headers=list(told.items()))) or b"")
        writer.write(http.send(h11.EndOfMessage()) or b"")
        events = _events(http, reader)
        async for event in events:
            if isinstance(event, h11.Response):
                headers = {name: value.decode("latin-1") for name, value in event.headers}
                if event.status_code in _ELSEWHERE and b"location" in headers:
                    return headers[b"location"]
                if event.status_code != _OK:
                    raise CannotFetch(f"{clean(place.netloc)} has it not, or not for us (HTTP {event.status_code})")
                return await _body(events, headers.get(b"content-length", "0"), progress)
    raise h11.RemoteProtocolError("no answer")


async def _body(events: AsyncIterator[h11.Event], length: str, progress: Progress) -> bytes:
    size, data = int(length), bytearray()
    if size > BYTES_MAX:
        raise CannotFetch(f"it has {size:,} bytes, and more than {BYTES_MAX:,} are not fetched")
    async for event in events:
        if isinstance(event, h11.Data):
            data += event.data
            progress(len(data), size)
        if len(data) > BYTES_MAX:
            raise CannotFetch(f"it has more than {BYTES_MAX:,} bytes, which are not fetched")
    return bytes(data)


async def _events(http: h11.Connection, reader: asyncio.StreamReader) -> AsyncIterator[h11.Event]:
    """All of an answer."""
    while not isinstance(event := http.next_event(), h11.EndOfMessage):
        if event is h11.NEED_DATA:
            http.receive_data(await reader.read(_PIECE))
        elif isinstance(event, h11.Event):
            yield event
        else:
            raise h11.RemoteProtocolError("it ended")


def _origin(url: str) -> tuple[str, str]:
    try:
        place = urlsplit(url)
    except ValueError:
        return "", ""
    return place.scheme, place.netloc.lower()
