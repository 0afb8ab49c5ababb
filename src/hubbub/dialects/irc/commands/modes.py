"""MODE: of channels and of oneself. https://modern.ircdocs.horse/#mode-message"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import TYPE_CHECKING, Final

from hubbub.dialects.irc.registry import Kind, command, renderer, token
from hubbub.dialects.irc.request import Request
from hubbub.hub import modes
from hubbub.hub.channel import Channel
from hubbub.hub.events import ModeChange, ModesChanged, Ranked, UserModesChanged
from hubbub.hub.listings import ACCOUNT, KINDS
from hubbub.hub.modes import Kind as ModeKind
from hubbub.hub.refusals import Refused, Why
from hubbub.hub.rights import Right, can
from hubbub.wire import numerics as n
from hubbub.wire.line import Line

if TYPE_CHECKING:
    from hubbub.dialects.irc.look import IrcLook

token("EXTBAN", f",{KINDS}")
token("ACCOUNTEXTBAN", ACCOUNT[0])

_LIST_NUMERICS: Final = {
    "b": (n.RPL_BANLIST, n.RPL_ENDOFBANLIST),
    "e": (n.RPL_EXCEPTLIST, n.RPL_ENDOFEXCEPTLIST),
    "I": (n.RPL_INVEXLIST, n.RPL_ENDOFINVEXLIST),
}

MODES_PER_COMMAND: Final = 20
token("MODES", MODES_PER_COMMAND)

_ROOM: Final = 250
"""Bytes of letters and arguments on one MODE line: what is left of 512 beside the longest source and channel."""

_MASK_MAX: Final = 200
"""Bytes of a mask: so that it fits on a line with its channel, its setter and the time."""


@command("MODE", 1, kind=Kind.CHANGE, usage="<channel or nick> [<modes> [<arguments>]]", help="Show or change modes.")
async def mode(request: Request, line: Line) -> None:
    target, letters, arguments = line.params[0], "".join(line.params[1:2]), line.params[2:]
    if target[:1] == "#":
        await _channel_mode(request, target, letters, arguments)
    else:
        await _user_mode(request, target, letters)


async def _channel_mode(request: Request, name: str, letters: str, arguments: tuple[str, ...]) -> None:
    await request.server.settled(request.hub.fold(name))
    channel = request.hub.channel_for(request.user, name)
    if not letters:
        await request.server.caught_up()
        _show_modes(request, channel)
        return
    wanted, asked = _read_changes(letters, arguments)
    for letter in asked:
        _show_list(request, channel, letter)
    for part in _portions(_speakable(request, channel, wanted)):
        event, refused = request.hub.change_modes(request.user, name, part)
        for no in refused:
            request.refuse(no)
        if event is not None:
            await request.server.commit(event, request)


def _read_changes(letters: str, arguments: tuple[str, ...]) -> tuple[list[ModeChange], list[str]]:
    """The changes wanted, and the lists asked for by a list mode without argument."""
    left, wanted, asked, adding = list(arguments), [], [], True
    for letter in letters:
        if letter in "+-":
            adding = letter == "+"
            continue
        known = modes.CHANNEL_MODES.get(letter)
        takes = known is not None and _takes_argument(known.kind, adding)
        argument = left.pop(0) if takes and left else ""
        if known is not None and known.kind is ModeKind.LIST and not argument:
            asked.append(letter)
        elif not (known is not None and known.kind is ModeKind.STATUS and not argument):
            wanted.append(ModeChange(adding, letter, argument))
    return wanted[:MODES_PER_COMMAND], list(dict.fromkeys(asked))


def _takes_argument(kind: ModeKind, adding: bool) -> bool:
    return kind in (ModeKind.LIST, ModeKind.KEY, ModeKind.STATUS) or (kind is ModeKind.LIMIT and adding)


def _speakable(request: Request, channel: Channel, wanted: Iterable[ModeChange]) -> Iterator[ModeChange]:
    """Without the masks that could not be told to anybody: a mask is one word, and not a long one."""
    for change in wanted:
        mask = change.argument if change.letter in _LIST_NUMERICS else ""
        if " " in mask or mask[:1] == ":" or len(mask.encode()) > _MASK_MAX:
            wants = f"a mask is one word of up to {_MASK_MAX} bytes, such as nick!user@host"
            request.refuse(Refused(Why.MODE_ARGUMENT, channel.name, change.letter, mask, wants))
        else:
            yield change


def _portions(wanted: Iterable[ModeChange]) -> Iterator[list[ModeChange]]:
    """As many changes at a time as fit on a line."""
    portion: list[ModeChange] = []
    used = 0
    for change in wanted:
        size = len("-x ") + len(change.argument.encode())
        if portion and used + size > _ROOM:
            yield portion
            portion, used = [], 0
        portion.append(change)
        used += size
    if portion:
        yield portion


def _show_modes(request: Request, channel: Channel) -> None:
    """The key is shown to members alone."""
    letters, inside = channel.mode_letters(), request.user in channel.members
    given = ("*" if letter == "k" and not inside else channel.argument(letter) for letter in letters)
    request.reply(n.RPL_CHANNELMODEIS, channel.name, f"+{letters}", *filter(None, given))
    request.reply(n.RPL_CREATIONTIME, channel.name, str(channel.created // 1000))


def _show_list(request: Request, channel: Channel, letter: str) -> None:
    item, end = _LIST_NUMERICS[letter]
    if can(request.user, Right.SEE_ROOM, channel):
        for listed in channel.lists[letter].values():
            request.reply(item, channel.name, listed.mask, listed.setter, str(listed.at // 1000))
    request.error(end, channel.name)


async def _user_mode(request: Request, target: str, letters: str) -> None:
    me = request.user
    if request.hub.user(target) is not me:
        request.error(n.ERR_USERSDONTMATCH)
        return
    if not letters:
        request.reply(n.RPL_UMODEIS, "+" + "".join(sorted(me.modes)))
        return
    event, unknown = request.hub.change_user_modes(me, _read_flags(letters))
    if event is not None:
        await request.server.commit(event, request)
    if unknown:
        request.error(n.ERR_UMODEUNKNOWNFLAG)


def _read_flags(letters: str) -> list[ModeChange]:
    wanted, adding = [], True
    for letter in letters:
        if letter in "+-":
            adding = letter == "+"
        else:
            wanted.append(ModeChange(adding, letter))
    return wanted


@renderer(ModesChanged)
def render_modes(event: ModesChanged, look: IrcLook) -> str:
    return f":{event.who.mask} MODE {event.channel} {spell(event.changes)}"


@renderer(Ranked)
def render_ranked(event: Ranked, look: IrcLook) -> str:
    given = [ModeChange(True, letter, event.nick) for letter in event.status]
    return f":{event.who.mask} MODE {event.channel} {spell(given)}"


@renderer(UserModesChanged)
def render_user_modes(event: UserModesChanged, look: IrcLook) -> str:
    return f":{event.who.mask} MODE {event.who.nick} :{spell(event.changes)}"


def spell(changes: Iterable[ModeChange]) -> str:
    """`+ov-t maya leo`."""
    changes = list(changes)
    letters = ""
    for adding, run in groupby(changes, key=lambda change: change.adding):
        letters += ("+" if adding else "-") + "".join(change.letter for change in run)
    return " ".join([letters, *(change.argument for change in changes if change.argument)])
