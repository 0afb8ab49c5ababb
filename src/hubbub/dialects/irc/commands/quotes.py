"""Answers for those who read no tags: how the message begins that somebody replied or reacted to.

https://ircv3.net/specs/client-tags/reply and https://ircv3.net/specs/client-tags/react
"""

from __future__ import annotations

from typing import Final

from hubbub.dialects.irc.commands.revisions import find
from hubbub.dialects.irc.look import MESSAGE_TAGS, IrcLook
from hubbub.dialects.irc.request import Request
from hubbub.dialects.readable import answered, quote, reaction_of
from hubbub.hub.events import TALK, Said
from hubbub.hub.ports import Mark, NotFound, StoreFailed, Window
from hubbub.hub.refusals import Refused

FAR: Final = 5
"""Messages between a reply and what it replies to, from which on one would have to search for that."""


def answers(said: Said) -> str:
    """The id of the message that this one answers, "" for none, and for tags without words that are no reaction."""
    tags = said.tags or {}
    if said.verb == "TAGMSG" and not (said.logs and reaction_of(tags)):
        return ""
    return answered(tags)


async def quote_for(request: Request, said: Said) -> str:
    """The beginning of the message that is answered, "" where everybody who hears it can look that up."""
    msgid = answers(said)
    if not msgid or all(isinstance(look, IrcLook) and look.has(MESSAGE_TAGS) for look in request.hub.audience(said)):
        return ""
    try:
        if said.verb in TALK and not await _is_far(request, said.logs[0], msgid):
            return ""
        entry = await find(request, said.logs[0], msgid)
    except (Refused, NotFound, StoreFailed):
        return ""
    return quote(entry.event) if entry is not None and isinstance(entry.event, Said) else ""


async def _is_far(request: Request, log: str, msgid: str) -> bool:
    between = Window(FAR, after=Mark(msgid=msgid), newest=False, verbs=TALK)
    return len(await request.server.store.page(log, between)) >= FAR
