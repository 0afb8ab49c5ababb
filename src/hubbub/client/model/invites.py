"""The codes that bring guests in, as a server tells of them: what we asked to be made, listed or taken back.

docs/extensions.md describes them, `hubbub.chat/invite`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

# A server that lists more without end fills no memory.
_LISTED_MAX: Final = 500


@dataclass(frozen=True, slots=True)
class Invite:
    """`room` is "" for the server alone, `until` for ever; `uses` is how often it may be used, with "3/" before it how
    often it was; `url` is "" where there is no page."""

    code: str
    room: str = ""
    until: str = ""
    uses: str = ""
    url: str = ""
    by: str = ""


class Invites:
    """Answers, and who waits for them."""

    def __init__(self) -> None:
        self.made: Callable[[Invite], None] = _nobody
        self.revoked: Callable[[str], None] = _nobody
        self.listed: Callable[[list[Invite]], None] = _nobody
        """Told of one answer."""
        self._list: list[Invite] = []

    def take(self, params: tuple[str, ...]) -> None:
        """What stands behind INVITATION; what is none of it is passed over."""
        verb, *rest = (*params, *6 * ("",))[:6]
        code, room, until, uses, last = ("" if one == "*" else one for one in rest)
        if verb == "CREATED":
            self.made(Invite(code, room, until, uses, url=last))
        elif verb == "LISTED" and len(self._list) < _LISTED_MAX:
            self._list.append(Invite(code, room, until, uses, by=last))
        elif verb == "END":
            found, self._list = self._list, []
            listed, self.listed = self.listed, _nobody
            listed(found)
        elif verb == "REVOKED":
            self.revoked(code)


def _nobody(_answer: object) -> None:
    """Nobody waits."""
