"""Fetching what a link leads to, when somebody asks for it: bounded in size, in time, and in how often it leads on.

https://www.rfc-editor.org/rfc/rfc9110
"""

from __future__ import annotations

import asyncio
from typing import Final
from urllib.parse import urljoin, urlsplit

import h11

from hubbub.client.exchange import PORTS, Cut, Exchange, NotHttp, Progress, basic_of, header, reach
from hubbub.client.isupport import Features
from hubbub.client.way import Way
from hubbub.wire.clean import clean

BYTES_MAX: Final = 10_000_000
"""More than pictures in a chat have."""

_SECONDS: Final = 30.0
_HOPS_MAX: Final = 3
_OK: Final = 200
_ELSEWHERE: Final = frozenset({301, 302, 303, 307, 308})


class CannotFetch(OSError):
    """It was not fetched; says why."""


def is_shared(features: Features, url: str) -> bool:
    """Whether a link leads to where the server itself keeps files."""
    return bool(features.filehost) and _origin(features.filehost) == _origin(url)


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
    except (NotHttp, Cut, h11.LocalProtocolError):
        raise CannotFetch("what answers there does not speak HTTP, or broke off") from None
    except ValueError:
        raise CannotFetch("that is no address of the web") from None
    except OSError as error:
        raise CannotFetch(clean(error.strerror or str(error))) from None


async def _follow(way: Way, features: Features, url: str, progress: Progress) -> bytes:
    for _ in range(_HOPS_MAX + 1):
        place = urlsplit(url)
        if place.scheme not in PORTS or not place.hostname:
            raise CannotFetch(f"it leads to {clean(url)}, which is not of the web")
        async with reach(way, url, _basic(way, features, url)) as exchange:
            found = await _get(exchange, url, progress)
        if isinstance(found, bytes):
            return found
        url = urljoin(url, found)
        if place.scheme == "https" and urlsplit(url).scheme != "https":
            raise CannotFetch("it leads on to where anybody could change it on its way")
    raise CannotFetch("it leads on and on")


def _basic(way: Way, features: Features, url: str) -> str:
    in_clear = way.address.tls and urlsplit(url).scheme != "https"
    if in_clear or not way.identity.password or not is_shared(features, url):
        return ""
    return basic_of(way)


async def _get(exchange: Exchange, url: str, progress: Progress) -> bytes | str:
    """What is there, or where it is instead."""
    exchange.ask("GET", url, {"Accept-Encoding": "identity", "Connection": "close"})
    exchange.end()
    answer = await exchange.answer()
    location = header(answer, b"location")
    if answer.status_code in _ELSEWHERE and location:
        return location
    if answer.status_code != _OK:
        host = clean(urlsplit(url).netloc)
        raise CannotFetch(f"{host} has it not, or not for us (HTTP {answer.status_code})")
    return await _body(exchange, int(header(answer, b"content-length") or 0), progress)


async def _body(exchange: Exchange, size: int, progress: Progress) -> bytes:
    if size > BYTES_MAX:
        raise CannotFetch(f"it has {size:,} bytes, and more than {BYTES_MAX:,} are not fetched")
    data = bytearray()
    async for piece in exchange.body():
        data += piece
        if len(data) > BYTES_MAX:
            raise CannotFetch(f"it has more than {BYTES_MAX:,} bytes, which are not fetched")
        progress(len(data), size)
    return bytes(data)


def _origin(url: str) -> tuple[str, str]:
    try:
        place = urlsplit(url)
    except ValueError:
        return "", ""
    return place.scheme, place.netloc.lower()
