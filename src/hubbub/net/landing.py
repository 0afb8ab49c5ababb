"""Where a link that invites leads who is no browser: what it is, and how to come in. And what the server is, as data.

Programs ask `/hubbub.json` first: it tells nothing that is secret, and so they need not say the code to a server that
has not shown yet that it is the right one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

_ABOUT: Final = "/hubbub.json"
_INVITE: Final = re.compile(r"/j/([0-9A-Z-]{6,16})", re.IGNORECASE | re.ASCII)
"""In capitals, too: QR codes are smaller so."""


class NotInvited(Exception):
    """No such invite, or not any more: an HTTP status, and a sentence why."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


Look = Callable[[str, str], str]
"""From a code and an address to the room that it leads to, "" for none. Raises `NotInvited`."""


@dataclass(frozen=True, slots=True)
class Words:
    """An answer: its status, its media type and its text."""

    status: int
    type: str
    text: str


@dataclass(frozen=True, slots=True)
class Landing:
    """`name` is the network's, `page` where it is found, `port` that of an ircs:// listener, 0 for none."""

    name: str
    page: str
    port: int
    fingerprint: str
    look: Look

    def find(self, path: str, address: str) -> Words | None:
        """What lies at a path, for somebody at `address`; None for what is none of ours."""
        if path == _ABOUT:
            about = {"name": self.name, "ircs": self.port, "fingerprint": self.fingerprint}
            return Words(200, "application/json", json.dumps(about))
        code = _INVITE.fullmatch(path)
        return self._invitation(code[1].lower(), address) if code else None

    def _invitation(self, code: str, address: str) -> Words:
        try:
            room = self.look(code, address)
        except NotInvited as no:
            return Words(no.status, "text/plain; charset=utf-8", f"{no}.\n")
        return Words(200, "text/plain; charset=utf-8", "\n".join(self._ways(code, room)))

    def _ways(self, code: str, room: str) -> list[str]:
        host = re.sub(r"^\w+://|:\d+$", "", self.page)
        lines = [f"You are invited to {f'{room} on ' if room else ''}{self.name}.", ""]
        lines += [f"  In a browser        open {self.page}/j/{code}"]
        if self.port:
            lines += [f"  In a terminal       hubbub join {self.page}/j/{code}"]
            lines += [f"  In an IRC client    {host}, port {self.port}, TLS, server password {code}"]
        if self.fingerprint:
            lines += ["", f"Its certificate is its own; the fingerprint (SHA-256) is {self.fingerprint}"]
        return [*lines, ""]
