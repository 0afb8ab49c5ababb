"""What stands in the headers of a request, as text."""

import re
from base64 import b64decode
from binascii import Error as BadBase64
from typing import Final

import h11

_FOR: Final = re.compile(r'(?:^|;)\s*for="?(?:\[([0-9a-f:.]+)\]|([0-9.]+))(?::\d+)?"?\s*(?:;|$)', re.IGNORECASE)


def every(request: h11.Request, name: bytes) -> list[str]:
    return [value.decode("latin-1") for key, value in request.headers if key == name]


def first(request: h11.Request, name: bytes) -> str:
    return next(iter(every(request, name)), "")


def forwarded_for(request: h11.Request) -> str:
    """Whom the nearest proxy asks for, by the last place of `X-Forwarded-For`; "" where it says nothing.

    Only where there is none of that, `Forwarded` is believed (https://www.rfc-editor.org/rfc/rfc7239#section-4): most
    proxies write the former, and hand on the latter as whoever asks them has written it.
    """
    told = every(request, b"x-forwarded-for")
    if told:
        return ",".join(told).rpartition(",")[2].strip()
    found = _FOR.search(",".join(every(request, b"forwarded")).rpartition(",")[2])
    return (found[1] or found[2]) if found else ""


def basic(request: h11.Request) -> tuple[str, str]:
    """A name and a password; "" and "" where there are none. https://www.rfc-editor.org/rfc/rfc7617"""
    scheme, _, told = first(request, b"authorization").partition(" ")
    try:
        name, colon, password = b64decode(told.strip(), validate=True).decode().partition(":")
    except (BadBase64, ValueError):
        return "", ""
    return (name, password) if scheme.lower() == "basic" and colon else ("", "")
