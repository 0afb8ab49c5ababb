"""AUDIT: who did what, in words, from the log of what operators and owners do."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from msgspec.structs import replace

from hubbub.dialects.irc.commands.modes import spell
from hubbub.dialects.irc.look import iso_time
from hubbub.dialects.irc.registry import command, renderer
from hubbub.dialects.irc.request import Request
from hubbub.hub import events as ev
from hubbub.hub import modes
from hubbub.hub.ports import Mark, Window
from hubbub.hub.rights import Right, demand
from hubbub.wire.line import Line

if TYPE_CHECKING:
    from hubbub.dialects.irc.look import IrcLook

SHOWN: Final = 20
SHOWN_MAX: Final = 200
_PAGE: Final = 500
_PAGES_MAX: Final = 10
"""How far back it is looked for what concerns one room: 5,000 entries."""


@command("AUDIT", usage="[<number>]", help="Show the latest of what operators and owners of channels did.")
async def audit(request: Request, line: Line) -> None:
    demand(request.user, Right.READ_AUDIT)
    for text in await latest(request, number(line.params[0] if line.params else "")):
        request.notice(text)


def number(word: str) -> int:
    """How many are asked for."""
    return min(int(word), SHOWN_MAX) if word.isascii() and word.isdigit() and len(word) < 5 else SHOWN


async def latest(request: Request, wanted: int, concerns: Callable[[ev.Event], bool] = lambda event: True) -> list[str]:
    """The latest entries of the audit log in words, the newest last."""
    return [_line(entry) for entry in await entries(request, wanted, concerns)] or ["Nothing is in the audit log"]


async def entries(
    request: Request, wanted: int, concerns: Callable[[ev.Event], bool] = lambda event: True
) -> list[ev.Entry]:
    """The same as they were kept."""
    found: list[ev.Entry] = []
    before: Mark | None = None
    for _ in range(_PAGES_MAX):
        page = await request.server.store.page(ev.AUDIT, Window(_PAGE, before=before))
        found = [entry for entry in page if concerns(entry.event)] + found
        if len(page) < _PAGE or len(found) >= wanted:
            break
        before = Mark(ts=page[0].place.ts)
    return found[max(len(found) - wanted, 0) :]


def _line(entry: ev.Entry) -> str:
    who = entry.event.who
    return f"{iso_time(entry.place.ts)} {who.mask}{f' ({who.account})' if who.account else ''} {told(entry)}"


def told(entry: ev.Entry) -> str:
    """What was done, as the end of a sentence that begins with who did it."""
    words = WORDS.get(type(entry.event))
    return words(entry.event) if words is not None else type(entry.event).__name__


def room_of(event: ev.Event) -> str:
    """The name of the room that it was about, "" where it was about none."""
    if isinstance(event, ev.Redacted):
        return event.target.lstrip(modes.SYMBOLS)
    if isinstance(event, ev.RoomRenamed):
        return event.old
    return getattr(event, "channel", "")


def _owner(event: ev.OwnerChanged) -> str:
    return f"made {event.owner} the owner of {event.channel}" if event.owner else f"dropped {event.channel}"


def _access(event: ev.AccessChanged) -> str:
    if event.status:
        return f"gave {event.account} +{event.status} in {event.channel}"
    return f"took the access of {event.account} to {event.channel}"


def _setting(event: ev.SettingChanged) -> str:
    return f"set {event.name} of {event.channel} to {', '.join(event.value.splitlines()) or 'nothing'}"


def _ban(event: ev.ServerBanChanged) -> str:
    return f"banned {event.mask} from the server ({event.text})" if event.adding else f"lifted the ban of {event.mask}"


def _promotion(event: ev.Promoted) -> str:
    if event.role:
        return f"became an operator of the server as {event.name} ({event.role})"
    return "is no operator of the server any more"


def _modes(event: ev.ModesChanged) -> str:
    reasons = [f" ({change.reason})" for change in event.changes if change.reason]
    return f"set {spell(map(_without_key, event.changes))} in {event.channel}{''.join(reasons)}"


def _without_key(change: ev.ModeChange) -> ev.ModeChange:
    """What opens a room is for those who are in it."""
    return replace(change, argument="*") if change.letter == "k" else change


def _invite(event: ev.InviteMade) -> str:
    until = f"until {iso_time(event.until)}" if event.until else "for good"
    return f"made the invite {event.code} to {event.channel or 'this server'} {until}"


WORDS: Final[dict[type[ev.Event], Callable[[Any], str]]] = {
    ev.Kicked: lambda event: f"put {event.nick} out of {event.channel} ({event.text})",
    ev.TopicChanged: lambda event: f"set the topic of {event.channel}: {event.text}",
    ev.ModesChanged: _modes,
    ev.OwnerChanged: _owner,
    ev.AccessChanged: _access,
    ev.SettingChanged: _setting,
    ev.RoomRenamed: lambda event: f"renamed {event.old} to {event.name} ({event.text})",
    ev.Redacted: lambda event: f"took back a message of {event.author or 'nobody'} in {event.target}: {event.text}",
    ev.Killed: lambda event: f"disconnected {event.nick} ({event.text})",
    ev.Promoted: _promotion,
    ev.Announced: lambda event: f"told everybody: {event.text}",
    ev.HostChanged: lambda event: f"gave {event.nick} the host {event.host}",
    ev.ServerBanChanged: _ban,
    ev.InviteMade: _invite,
    ev.InviteRevoked: lambda event: f"took the invite {event.code} to {event.channel or 'this server'} back",
    ev.FileRemoved: lambda event: (
        f"took back the file {event.name} of {event.owner}{' in ' if event.channel else ''}{event.channel}"
    ),
    ev.Tended: lambda event: event.text,
    ev.InviteUsed: lambda event: f"came by the invite {event.code} to {event.channel or 'this server'}",
}
"""How each kind of event reads that the audit log keeps."""


def _nothing(event: ev.Event, look: IrcLook) -> str:
    """What is for those alone who asked: they are answered in words, and history does not show it to others."""
    return ""


_SILENT: Final[tuple[type[ev.Event], ...]] = (
    ev.OwnerChanged,
    ev.AccessChanged,
    ev.SettingChanged,
    ev.FileRemoved,
    ev.Tended,
)
for _kind in _SILENT:
    renderer(_kind)(_nothing)
