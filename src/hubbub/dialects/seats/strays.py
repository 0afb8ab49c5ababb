"""Programs at the wrong door: what they say first, and what they are told. None of it is a name or a word of chat."""

from __future__ import annotations

import re
from typing import Final

_VERBS: Final = "GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS|CONNECT|TRACE|PRI"

_STRAYS: Final = (
    # A browser that was made to talk to us would smuggle lines in after its headers.
    (re.compile(rf"(?:{_VERBS}) \S+ HTTP/"), "This is a chat door, not a web server"),
    (re.compile(r"SSH-\d"), "This is not an ssh:// door"),
    (re.compile(r"CAP (?:LS|REQ)\b|(?:NICK|PASS) \S+\Z|USER \S+ \S+ \S+ "), "This is not an irc:// door"),
)

_HELLO: Final = b"\x16\x03"
"""How TLS begins: https://www.rfc-editor.org/rfc/rfc8446#section-5.1"""


def stray_words(text: str) -> str:
    """What whoever begins with this text is told before they are shown out; "" for people."""
    return next((told for pattern, told in _STRAYS if pattern.match(text)), "")


def stray_bytes(data: bytes) -> str:
    return "There is no TLS at this door" if data.startswith(_HELLO) else ""
