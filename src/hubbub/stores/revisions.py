"""What later entries change about earlier ones: a message taken back loses its words, an edited one gets others.

No entry is removed by it, so `seq` stays gapless. The entry of an edited message has its latest words, so that pages
and search need to look nowhere else; what it was first said with stands beside them, and each edit keeps its own. Of
several edits only the last is played back: a reader who hears two of them in any order ends with the right words.
"""

from typing import Final

import msgspec

from hubbub.hub.events import GONE, REPLACED, Detail, Edited, Event, Redacted, Said
from hubbub.stores.rows import KINDS

REVISIONS: Final = Redacted, Edited
"""The events that change an earlier entry."""

SPOKEN_KINDS: Final = frozenset(number for number, (kind, verb) in KINDS.items() if kind is Said and verb != GONE)
"""The kinds that can be changed."""

GONE_KIND: Final = next(number for number, (_, verb) in KINDS.items() if verb == GONE)
REPLACED_KIND: Final = next(number for number, (_, verb) in KINDS.items() if verb == REPLACED)


def edited(said: Said, edit: Edited, seq: int, ts: int) -> Said:
    """The message as it is after its edit, which stands at `seq`, since `ts` (ms)."""
    before = said.detail or Detail()
    detail = msgspec.structs.replace(
        before, joints=(), edited=ts, edits=(*before.edits, seq), first=before.first or said.text
    )
    return msgspec.structs.replace(said, text=edit.text, detail=detail)


def edits(event: Event) -> tuple[int, ...]:
    """The seqs of a message's edits so far."""
    return event.detail.edits if isinstance(event, Said) and event.detail is not None else ()
