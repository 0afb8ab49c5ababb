"""HOUSE: what those who run the server look at, for programs that show it. It is ours, see docs/extensions.md."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterable
from typing import Any, Final, TypeAlias

from hubbub.dialects.irc import replies
from hubbub.dialects.irc.commands.audit import entries, number, told
from hubbub.dialects.irc.fit import fitting
from hubbub.dialects.irc.look import iso_time
from hubbub.dialects.irc.registry import command
from hubbub.dialects.irc.request import Request
from hubbub.hub.promise import Promise
from hubbub.hub.rights import Right, can, demand
from hubbub.wire.line import Line

Rows: TypeAlias = Iterable[tuple[str, ...]]
_Show: TypeAlias = Callable[[Request, str], Coroutine[Promise[Any], None, Rows]]

_BATCH: Final = "hubbub.chat/house"
_FILES_MAX: Final = 500
_MINUTES_MAX: Final = 24 * 60
_MINUTES: Final = 180


@command(
    "HOUSE",
    usage="[HEALTH [<minutes>] | BANS | AUDIT [<number>] | FILES]",
    help="For who runs the server: how it is, who is banned, what was done, and what was shared, for programs.",
)
async def house(request: Request, line: Line) -> None:
    """Without a word, what of it they may see."""
    if not line.params:
        _tell(request, "MAY", [tuple(name for name, (right, _) in _SECTIONS.items() if can(request.user, right))])
        return
    name = line.params[0].upper()
    right, show = _SECTIONS.get(name, (None, None))
    if right is None or show is None:
        request.fail("INVALID_PARAMS", line.params[0], f"Expected {', '.join(_SECTIONS)} or nothing after HOUSE")
        return
    demand(request.user, right)
    _tell(request, name, await show(request, line.params[1] if len(line.params) > 1 else ""))


async def _health(request: Request, minutes: str) -> Rows:
    known = minutes.isascii() and minutes.isdigit() and len(minutes) < 5
    most = min(int(minutes) if known else _MINUTES, _MINUTES_MAX)
    samples = request.irc.overseer.samples(most) if request.irc.overseer is not None else ()
    return [(iso_time(sample.at), *map(str, sample[1:])) for sample in samples]


async def _bans(request: Request, _: str) -> Rows:
    found = request.hub.bans.holding(request.server.clock.now())
    return [
        (ban.mask, iso_time(ban.until) if ban.until else "*", iso_time(ban.at), ban.setter, ban.text) for ban in found
    ]


async def _audit(request: Request, wanted: str) -> Rows:
    found = await entries(request, number(wanted))
    return [
        (iso_time(entry.place.ts), entry.event.who.nick, entry.event.who.account or "*", told(entry)) for entry in found
    ]


async def _files(request: Request, _: str) -> Rows:
    """The link is the key to a file: only who may read it is told."""
    if request.irc.overseer is None:
        return []
    files = (await request.irc.overseer.files())[:_FILES_MAX]
    return [
        (
            iso_time(file.uploaded),
            str(file.size),
            file.account,
            file.room or "*",
            file.url if request.hub.may_read(request.user, file.account, file.room) else "*",
            file.name,
        )
        for file in files
    ]


def _tell(request: Request, name: str, rows: Rows) -> None:
    """The last word of a row may be a sentence, or nothing."""
    lines = (Line("HOUSE", (name, *map(replies.middle, row[:-1]), *row[-1:]), request.irc.name) for row in rows)
    request.batch(_BATCH, (name,), [fitting(line) for line in lines])


_SECTIONS: Final[dict[str, tuple[Right, _Show]]] = {
    "HEALTH": (Right.SEE_HEALTH, _health),
    "BANS": (Right.SEE_BANS, _bans),
    "AUDIT": (Right.READ_AUDIT, _audit),
    "FILES": (Right.SEE_FILES, _files),
}
"""What can be looked at, and what one has to be allowed for it."""
