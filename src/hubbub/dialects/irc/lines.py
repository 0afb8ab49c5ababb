"""Messages of several lines, as those read them who know batches and those who know single lines.

https://ircv3.net/specs/extensions/multiline
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

from hubbub.dialects.irc.look import MESSAGE_TAGS
from hubbub.dialects.irc.registry import REFERENCE, capability
from hubbub.dialects.irc.request import BATCH

if TYPE_CHECKING:
    from hubbub.dialects.irc.look import IrcLook
    from hubbub.dialects.irc.session import IrcSession
    from hubbub.hub.events import Said


def _limits(session: IrcSession) -> str:
    settings = session.irc.settings
    return f"max-bytes={settings.multiline_bytes},max-lines={settings.multiline_lines}"


MULTILINE: Final = capability(
    "draft/multiline", "https://ircv3.net/specs/extensions/multiline", shows=True, offer=_limits, needs=(BATCH,)
)

CONCAT: Final = "draft/multiline-concat"


def pieces(said: Said) -> list[tuple[str, bool]]:
    """The lines as they were sent, each with whether it goes on where the one before it ended."""
    text, joints = said.text, said.detail.joints if said.detail is not None else ()
    found = []
    for start, end in pairwise((0, *joints, len(text))):
        first, *others = text[start:end].split("\n")
        found += [(first, start > 0), *((other, False) for other in others)]
    return found


def in_lines(said: Said, look: IrcLook) -> str:
    """A message that is not just one line of text, in the lines of a look."""
    front = f":{said.who.mask} {said.verb} {said.target} :"
    found = pieces(said)
    if len(found) > 1 and look.has(MULTILINE):
        return "\n".join(_as_batch(said, front, found))
    lines = [front + text for text, _ in found if text]  # "MUST NOT send blank lines to clients that have not [...]"
    if said.detail is not None and said.detail.quote and not look.has(MESSAGE_TAGS):
        lines.insert(0, f"{front}> {said.detail.quote}")
    return "\n".join(lines)


def _as_batch(said: Said, front: str, found: list[tuple[str, bool]]) -> list[str]:
    inside = [f"@batch={REFERENCE}{f';{CONCAT}' if goes_on else ''} {front}{text}" for text, goes_on in found]
    return [f":{said.who.mask} BATCH +{REFERENCE} {MULTILINE} {said.target}", *inside, f"BATCH -{REFERENCE}"]
