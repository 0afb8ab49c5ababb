"""CAP: agreeing on capabilities. https://ircv3.net/specs/extensions/capability-negotiation"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Final

from hubbub.dialects.irc.commands.connection import register
from hubbub.dialects.irc.registry import CAPABILITIES, Kind, Who, capability, command
from hubbub.dialects.irc.request import Request
from hubbub.wire import numerics as n
from hubbub.wire.line import Line

if TYPE_CHECKING:
    from hubbub.dialects.irc.session import IrcSession

CAP_NOTIFY: Final = capability("cap-notify", "https://ircv3.net/specs/extensions/capability-negotiation#cap-notify")

_ROOM: Final = 400
"""Bytes of names on one line: what is left of 512 beside the longest server name and nick."""


@command(
    "CAP", 1, who=Who.ANYONE, kind=Kind.CHANGE, usage="LS|LIST|REQ|END [...]", help="Agree on protocol capabilities."
)
async def cap(request: Request, line: Line) -> None:
    answer = _SUBCOMMANDS.get(line.params[0].upper())
    if answer is not None:
        answer(request, line.params[1:])
    elif line.params[0].upper() == "END":
        request.session.negotiating = False
        await register(request)
    else:
        request.error(n.ERR_INVALIDCAPCMD, line.params[0])


def _ls(request: Request, params: tuple[str, ...]) -> None:
    """Listing begins the negotiation; from version 302 on, a long list may take several lines."""
    session = request.session
    _begin(session)
    version = int(params[0]) if params and params[0].isascii() and params[0].isdigit() else 0
    if version >= 302:
        session.caps.add(CAP_NOTIFY)  # "MUST be implicitly enabled"
    _list(request, "LS", CAPABILITIES, several=version >= 302)


def _list_mine(request: Request, params: tuple[str, ...]) -> None:
    _list(request, "LIST", sorted(request.session.caps), several=CAP_NOTIFY in request.session.caps)


def _req(request: Request, params: tuple[str, ...]) -> None:
    """All or nothing: "if any one of the capabilities is unknown, the whole request is rejected"."""
    session = request.session
    _begin(session)
    asked = params[0].split() if params else []
    names = [name.removeprefix("-") for name in asked]
    refused = any(name not in CAPABILITIES for name in names) or f"-{CAP_NOTIFY}" in asked
    if not refused:
        for name in asked:
            (session.caps.discard if name[0] == "-" else session.caps.add)(name.removeprefix("-"))
        session.look_again()
    _answer(request, "NAK" if refused else "ACK", params[0] if params else "")


_SUBCOMMANDS: Final[dict[str, Callable[[Request, tuple[str, ...]], None]]] = {
    "LS": _ls,
    "LIST": _list_mine,
    "REQ": _req,
}


def _begin(session: IrcSession) -> None:
    """ "The server MUST not complete registration until the client sends a CAP END"."""
    if session.user is None:
        session.negotiating = True


def _list(request: Request, verb: str, names: Iterable[str], *, several: bool) -> None:
    lines = [""]
    for name in names:
        if several and len(lines[-1]) + len(name) >= _ROOM:
            lines.append("")
        lines[-1] += f"{name} "
    for text in lines[:-1]:
        _answer(request, verb, "*", text.rstrip())
    _answer(request, verb, lines[-1].rstrip())


def _answer(request: Request, verb: str, *rest: str) -> None:
    request.send(Line("CAP", (request.session.shown_nick, verb, *rest), request.irc.name))
