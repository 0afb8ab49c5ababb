"""CAP: agreeing on capabilities. https://ircv3.net/specs/extensions/capability-negotiation"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Final

from hubbub.dialects.irc.commands.connection import register
from hubbub.dialects.irc.commands.sts import STS
from hubbub.dialects.irc.fit import packed
from hubbub.dialects.irc.registry import CAPABILITIES, Kind, Who, capability, command, shared
from hubbub.dialects.irc.request import Request
from hubbub.wire import numerics as n
from hubbub.wire.line import LINE_MAX, Line, encode

if TYPE_CHECKING:
    from hubbub.dialects.irc.session import IrcSession

CAP_NOTIFY: Final = capability("cap-notify", "https://ircv3.net/specs/extensions/capability-negotiation#cap-notify")


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
        session.modern_caps = True
        session.caps = shared(session.caps | {CAP_NOTIFY})  # "MUST be implicitly enabled"
    _list(request, "LS", _offered(session), several=version >= 302)


def _offered(session: IrcSession) -> Iterator[str]:
    """ "If the client supports CAP version 302, the server MAY specify additional data".

    What is ratified comes first: old clients read one line, and drafts are what they know least of.
    """
    for name, row in sorted(CAPABILITIES.items(), key=lambda item: "/" in item[0]):
        value = row.offer(session)
        if value is not None:
            yield f"{name}={value}" if value and session.modern_caps else name


def _list_mine(request: Request, params: tuple[str, ...]) -> None:
    _list(request, "LIST", sorted(request.session.caps), several=request.session.modern_caps)


def _req(request: Request, params: tuple[str, ...]) -> None:
    """All or nothing: "if any one of the capabilities is unknown, the whole request is rejected"."""
    session = request.session
    _begin(session)
    asked = params[0].split() if params else []
    names = [name.removeprefix("-") for name in asked]
    unknown = any(name not in CAPABILITIES or CAPABILITIES[name].offer(session) is None for name in names)
    refused = unknown or STS in names or (session.modern_caps and f"-{CAP_NOTIFY}" in asked)
    if not refused:
        session.caps = shared(frozenset(_after(session.caps, asked)))
        session.look_again()
    _confirm(request, "NAK" if refused else "ACK", params[0] if params else "")


def _after(caps: frozenset[str], asked: Iterable[str]) -> set[str]:
    """One by one: of two words about the same thing the last counts."""
    wanted = set(caps)
    for name in asked:
        (wanted.discard if name[0] == "-" else wanted.add)(name.removeprefix("-"))
    return wanted


def _confirm(request: Request, verb: str, asked: str) -> None:
    """What was asked, in the words it was asked in where one line holds them."""
    room = _room(request, verb)
    for text in [asked] if len(asked.encode()) <= room else packed(asked.split(), room):
        _answer(request, verb, text)


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
    """Old clients read one line and no more: the names that fit on it are what there is for them."""
    texts = list(packed(names, _room(request, verb, "*"))) or [""]
    for text in texts[:-1] if several else ():
        _answer(request, verb, "*", text)
    _answer(request, verb, texts[-1 if several else 0])


def _room(request: Request, verb: str, *rest: str) -> int:
    """Bytes of names on one line."""
    return LINE_MAX - len(encode(_line(request, verb, *rest, "")))


def _answer(request: Request, verb: str, *rest: str) -> None:
    request.send(_line(request, verb, *rest))


def _line(request: Request, verb: str, *rest: str) -> Line:
    return Line("CAP", (request.session.shown_nick, verb, *rest), request.irc.name)
