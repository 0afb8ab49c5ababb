"""Short readable lines for clients that know no tags, redactions or edits: what happened, in the words of a chat."""

from __future__ import annotations

from hubbub.dialects import readable
from hubbub.dialects.readable import PEN
from hubbub.hub.ctcp import ACTION
from hubbub.hub.events import Edited, Redacted, Said


def reacted(said: Said) -> str:
    """A reaction as an action; "" for tags that say nothing to people."""
    words = readable.reacted(said)
    return f":{said.who.mask} PRIVMSG {said.target} :{ACTION}{words}\x01" if words else ""


def redacted(event: Redacted) -> str:
    """A notice of whoever took it back; "" where there was nothing for such clients to see."""
    words = readable.took_back(event)
    return f":{event.who.mask} NOTICE {event.target} :{words}" if words else ""


def edited(event: Edited) -> str:
    """The message once more, with a pen before it."""
    text = f"{PEN}{event.text}"
    if event.text.startswith(ACTION):
        text = f"{ACTION}{PEN}{event.text.removeprefix(ACTION)}"
    return f":{event.who.mask} {event.verb} {event.target} :{text}"
