"""What stands in the headers of a request, as text."""

from base64 import b64decode
from binascii import Error as BadBase64

import h11


def every(request: h11.Request, name: bytes) -> list[str]:
    return [value.decode("latin-1") for key, value in request.headers if key == name]


def first(request: h11.Request, name: bytes) -> str:
    return next(iter(every(request, name)), "")


def basic(request: h11.Request) -> tuple[str, str]:
    """A name and a password; "" and "" where there are none. https://www.rfc-editor.org/rfc/rfc7617"""
    scheme, _, told = first(request, b"authorization").partition(" ")
    try:
        name, colon, password = b64decode(told.strip(), validate=True).decode().partition(":")
    except (BadBase64, ValueError):
        return "", ""
    return (name, password) if scheme.lower() == "basic" and colon else ("", "")
