"""REDACT and EDIT: taking messages back, and giving them other words.

https://ircv3.net/specs/extensions/message-redaction; EDIT is our own, formed after REDACT and described in
docs/extensions.md: https://github.com/ircv3/ircv3-specifications/pull/425 has not settled on a form.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hubbub.dialects.irc import words
from hubbub.dialects.irc.look import iso_time
from hubbub.dialects.irc.registry import Kind, capability, command, detail_tag, renderer
from hubbub.dialects.irc.request import Request
from hubbub.hub import revisions
from hubbub.hub.events import Detail, Edited, Entry, Redacted
from hubbub.hub.ports import Mark, NotFound, StoreFailed, Window
from hubbub.hub.refusals import Refused, Why
from hubbub.wire.line import LINE_MAX, Line

if TYPE_CHECKING:
    from hubbub.dialects.irc.look import IrcLook

REDACTION: Final = capability(
    "draft/message-redaction", "https://ircv3.net/specs/extensions/message-redaction", shows=True
)
EDIT: Final = capability("hubbub.chat/edit", "https://github.com/ircv3/ircv3-specifications/pull/425", shows=True)

EDITED_TAG: Final = "hubbub.chat/edited"
"""On a message in history that was edited: when it got the words it has."""

PLAYED: Final = {REDACTION: "REDACT", EDIT: "EDIT"}
"""What stands in history for those who negotiated it, whether they asked for events or not."""


@command("REDACT", 2, kind=Kind.CHANGE, usage="<target> <msgid> [<reason>]", help="Take a message back.")
async def redact(request: Request, line: Line) -> None:
    target, msgid, reason = line.params[0], line.params[1], "".join(line.params[2:3])
    entry = await _meant(request, target, msgid)
    event = revisions.redact(request.hub, request.user, target, entry, reason, request.server.clock.now())
    await request.server.commit(event, request)


@command("EDIT", 3, kind=Kind.CHANGE, usage="<target> <msgid> <text>", help="Give a message of yours other words.")
async def edit(request: Request, line: Line) -> None:
    target, msgid, text = line.params[:3]
    if not text:
        request.fail("NO_TEXT", target, msgid, "Expected the new text; REDACT takes a message back")
        return
    entry = await _meant(request, target, msgid)
    event = revisions.edit(request.hub, request.user, target, entry, text)
    if max(len(form(event).encode()) for form in (_as_edit, words.edited)) + len("\r\n") > LINE_MAX:
        raise Refused(Why.TOO_LONG)
    await request.server.commit(event, request)


async def _meant(request: Request, target: str, msgid: str) -> Entry:
    """The message called so, when nothing about its conversation is on its way any more; of an edit, what it edits."""
    log, name = request.hub.log_for(request.user, target)
    await request.server.caught_up()
    while True:
        await request.server.settled(log)
        entry = await find(request, log, msgid)
        if entry is not None and isinstance(entry.event, Edited):
            entry = await find(request, log, entry.event.msgid)
        if log not in request.server.settling:
            break
    if entry is None:
        raise Refused(Why.UNKNOWN_MESSAGE, name, msgid)
    return entry


async def find(request: Request, log: str, msgid: str) -> Entry | None:
    """The entry of that id in that log."""
    try:
        found = await request.server.store.around(log, Mark(msgid=msgid), Window(1))
    except NotFound:
        return None
    except StoreFailed as fault:
        request.server.report(fault, request.session)
        raise Refused(Why.NOT_STORED) from None
    return found[0] if found else None


@renderer(Redacted)
def render_redacted(event: Redacted, look: IrcLook) -> str:
    """ "MUST not forward this REDACT to target recipients that have not negotiated this capability"."""
    if not look.has(REDACTION):
        return words.redacted(event)
    return f":{event.who.mask} REDACT {event.target} {event.msgid}" + (f" :{event.text}" if event.text else "")


@renderer(Edited)
def render_edited(event: Edited, look: IrcLook) -> str:
    return _as_edit(event) if look.has(EDIT) else words.edited(event)


def _as_edit(event: Edited) -> str:
    return f":{event.who.mask} EDIT {event.target} {event.msgid} :{event.text}"


@detail_tag
def edited_tag(detail: Detail, look: IrcLook) -> str:
    return f"{EDITED_TAG}={iso_time(detail.edited)}" if detail.edited and look.has(EDIT) else ""
