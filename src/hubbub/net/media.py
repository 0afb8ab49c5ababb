"""What a shared file is, by its first bytes, and what it is called: nothing that a sender says is believed.

Only pictures, sound and film are shown in place. https://mimesniff.spec.whatwg.org/#matching-an-image-type-pattern
"""

from __future__ import annotations

import unicodedata
from email.errors import MessageError
from email.message import Message as Headers
from email.utils import collapse_rfc2231_value
from typing import Final
from urllib.parse import quote

HEAD: Final = 16
"""How many of the first bytes are looked at."""

_NAME_MAX: Final = 100

_STARTS: Final = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"ID3", "audio/mpeg"),
    (b"fLaC\0", "audio/flac"),
    (b"OggS\0", "audio/ogg"),
    (b"\x1aE\xdf\xa3", "video/webm"),
)
_RIFF: Final = {b"WEBP": "image/webp", b"WAVE": "audio/wav"}
_BRANDS: Final = {b"avif": "image/avif", b"M4A ": "audio/mp4"} | dict.fromkeys((b"heic", b"heix", b"mif1", b"msf1"), "")
"""What phones of one maker take pictures as is shown by the browsers of that maker alone: it is to be saved."""


def media_type(head: bytes) -> str:
    """A type that may be shown, or ""."""
    if head[:4] == b"RIFF":
        return _RIFF.get(head[8:12], "")
    if head[4:8] == b"ftyp":
        return _BRANDS.get(head[8:12], "video/mp4")
    return next((kind for start, kind in _STARTS if head.startswith(start)), "")


def name_in(disposition: str) -> str:
    """The file's name in a `Content-Disposition`, fit to be told to others; or "".

    https://www.rfc-editor.org/rfc/rfc6266#section-4.3
    """
    headers = Headers()
    headers["Content-Disposition"] = disposition
    try:
        told = [value for key, value in headers.get_params([], "Content-Disposition") if key.lower() == "filename"]
        # "recipients SHOULD pick "filename*" and ignore "filename"": the parser gives the former as a tuple.
        told.sort(key=lambda value: not isinstance(value, tuple))
        return _clean(collapse_rfc2231_value(told[0])) if told else ""
    except (MessageError, ValueError, LookupError, TypeError):  # the parser sorts numbered parts with one that is not
        return ""


def disposition(name: str, *, shown: bool) -> str:
    """How a reader is to take it, and under which name they may save it."""
    how = "inline" if shown else "attachment"
    if not name:
        return how
    plain = "".join(c if c.isascii() and c not in '"\\%' else "_" for c in name)
    return f"{how}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def _clean(said: str) -> str:
    """The last part of a path, without what cannot be seen and without a dot in front."""
    last = said.replace("\\", "/").rpartition("/")[2]
    seen = "".join(c for c in last if unicodedata.category(c)[0] not in "CZ" or c == " ")
    return seen.strip(" .")[:_NAME_MAX]
