"""The page of a server, as a program reads it: where the server itself is."""

import asyncio
import json
import re
import socket
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from hubbub.client.url import Address, BadAddress

_LINK: Final = re.compile(r"(https?)://([^/?#@]+)/j/([0-9a-z-]{6,16})/?", re.IGNORECASE)
_SECONDS: Final = 5.0
_BYTES_MAX: Final = 10_000


class NoPage(OSError):
    """There is no server to be found there; says why."""


@dataclass(frozen=True, slots=True)
class Link:
    """A link that invites: the page it leads to, and the code."""

    page: str
    code: str


def parse_link(text: str) -> Link | None:
    """None for what is no link. Raises BadAddress for the link of a page that invites nobody."""
    found = _LINK.fullmatch(text.strip().partition("#")[0])
    if found is not None:
        return Link(f"{found[1].lower()}://{found[2].lower()}", found[3].lower())
    if re.match("https?://", text, re.IGNORECASE):
        raise BadAddress(f"{text}: expected the link of an invite, as http://HOST:PORT/j/CODE; ask for the whole link")
    return None


async def server_of(link: Link) -> Address:
    """The server of that page. The code is not told: the server has yet to show that it is the right one.

    Raises NoPage.
    """
    try:
        about = await asyncio.to_thread(_about, link.page)
    except (OSError, ValueError) as error:
        raise NoPage(
            f"{link.page} does not say where its server is ({_why(error, link)}): is the link right, is it up?"
        ) from error
    host, port = urlsplit(link.page).hostname or "", about.get("ircs")
    if not isinstance(port, int) or not 0 < port < 65536:
        raise NoPage(f"{link.page} leads to no server that a terminal can come to by TLS; open the link in a browser")
    return Address(host=host, port=port, tls=True)


def _why(error: Exception, link: Link) -> str:
    """In words: what the system counts its errors by is for programs."""
    cause = getattr(error, "reason", None) or error
    if isinstance(cause, socket.gaierror | UnicodeError):
        return f"there is no host {urlsplit(link.page).hostname!r}"
    return str(getattr(cause, "strerror", None) or cause)


def _about(page: str) -> dict[str, Any]:
    """Nobody is sent on: the link says where."""
    from urllib.request import HTTPRedirectHandler, ProxyHandler, build_opener  # what else goes somewhere needs it not

    class Here(HTTPRedirectHandler):
        def redirect_request(self, *_: Any, **__: Any) -> None:
            return None

    with build_opener(Here, ProxyHandler({})).open(f"{page}/hubbub.json", timeout=_SECONDS) as answer:
        about = json.loads(answer.read(_BYTES_MAX))
    if not isinstance(about, dict):
        raise ValueError("not the page of a hubbub server")
    return about
