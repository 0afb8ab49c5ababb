"""MONITOR: telling when somebody comes and goes. https://ircv3.net/specs/extensions/monitor"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Final

from hubbub.dialects.irc import replies
from hubbub.dialects.irc.fit import packed
from hubbub.dialects.irc.registry import capability, command, renderer
from hubbub.dialects.irc.request import Request
from hubbub.hub.events import Sighted
from hubbub.wire import numerics as n
from hubbub.wire.line import LINE_MAX, Line, encode

if TYPE_CHECKING:
    from hubbub.dialects.irc.look import IrcLook

EXTENDED_MONITOR: Final = capability("extended-monitor", "https://ircv3.net/specs/extensions/extended-monitor")


@command(
    "MONITOR", 1, usage="+|-|C|L|S [<nick>{,<nick>}]", help="Be told when somebody comes or goes; list whom you watch."
)
async def monitor(request: Request, line: Line) -> None:
    modifier, targets = line.params[0].upper(), ",".join(line.params[1:2])
    nicks = list(dict.fromkeys(nick for nick in targets.split(",") if nick))
    run = _MODIFIERS.get(modifier)
    if run is None:
        request.fail("INVALID_PARAMS", modifier, "Expected +, -, C, L or S after MONITOR")
    elif modifier in "+-" and not nicks:
        request.error(n.ERR_NEEDMOREPARAMS, "MONITOR")
    else:
        run(request, nicks)


def _add(request: Request, nicks: list[str]) -> None:
    """Those that fit into the list are watched, and it is told at once whether they are here."""
    hub, most = request.hub, request.hub.rules.watched
    added: list[str] = []
    left: list[str] = []
    for nick in nicks:
        if not hub.rules.legal_nick(nick):  # "disallowing subscription to hostmasks"
            request.error(n.ERR_ERRONEUSNICKNAME, nick)
        else:
            (added if hub.watch.add(request.session, hub.fold(nick), nick, most) else left).append(nick)
    _tell(request, added)
    if left:
        request.reply(n.ERR_MONLISTFULL, str(most), ",".join(left), "You watch as many as you may; take some off first")


def _remove(request: Request, nicks: list[str]) -> None:
    for nick in nicks:
        request.hub.watch.remove(request.session, request.hub.fold(nick))


def _clear(request: Request, nicks: list[str]) -> None:
    request.hub.watch.clear(request.session)


def _list(request: Request, nicks: list[str]) -> None:
    _chain(request, n.RPL_MONLIST, request.hub.watch.listed(request.session))
    request.error(n.RPL_ENDOFMONLIST)


def _status(request: Request, nicks: list[str]) -> None:
    _tell(request, request.hub.watch.listed(request.session))


_MODIFIERS: Final[dict[str, Callable[[Request, list[str]], None]]] = {
    "+": _add,
    "-": _remove,
    "C": _clear,
    "L": _list,
    "S": _status,
}


def _tell(request: Request, nicks: Iterable[str]) -> None:
    """Which of them are here, and which are not."""
    here, gone = [], []
    for nick in nicks:
        user = request.hub.users.get(request.hub.fold(nick))
        if user is not None:
            here.append(user.who.mask)
        else:
            gone.append(nick)
    _chain(request, n.RPL_MONONLINE, here)
    _chain(request, n.RPL_MONOFFLINE, gone)


def _chain(request: Request, numeric: str, words: Iterable[str]) -> None:
    """Words with commas between them, on as many lines as they need."""
    frame = encode(replies.numeric(request.irc.name, request.session.shown_nick, numeric, ("",)))
    for text in packed(words, LINE_MAX - len(frame)):
        request.reply(numeric, text.replace(" ", ","))


@renderer(Sighted)
def render_sighted(event: Sighted, look: IrcLook) -> str:
    """ "The server may send "*" instead of the nick", and so the same bytes to all that watch."""
    return f":{event.who.mask} {n.RPL_MONONLINE if event.here else n.RPL_MONOFFLINE} * :{event.mask}"
