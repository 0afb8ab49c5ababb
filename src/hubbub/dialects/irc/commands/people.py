"""USERHOST and ISON: short questions after several people. https://modern.ircdocs.horse/#optional-messages"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from hubbub.dialects.irc.registry import command
from hubbub.dialects.irc.request import Request
from hubbub.hub.user import User
from hubbub.wire import numerics as n
from hubbub.wire.line import Line

_RPL_ISON: Final = "303"
_USERHOST_MAX: Final = 5


@command("USERHOST", 1, usage="<nick> [<nick>...]", help="Where up to five people come from.")
async def userhost(request: Request, line: Line) -> None:
    found = _present(request, line.params[:_USERHOST_MAX])
    _list(request, n.RPL_USERHOST, map(_where, found))


@command("ISON", 1, usage="<nick> [<nick>...]", help="Which of these people are here.")
async def ison(request: Request, line: Line) -> None:
    found = _present(request, " ".join(line.params).split())
    _list(request, _RPL_ISON, [user.nick for user in found])


def _where(user: User) -> str:
    """ "an asterisk [...] if they are an operator", a minus if they are away."""
    return f"{user.nick}{'*' if user.role else ''}={'-' if user.away else '+'}{user.username}@{user.host}"


def _present(request: Request, nicks: Iterable[str]) -> Iterator[User]:
    found = (request.hub.users.get(request.hub.fold(nick)) for nick in nicks)
    return (user for user in found if user is not None)


def _list(request: Request, numeric: str, words: Iterable[str]) -> None:
    """Nobody is an answer, too."""
    request.listing(numeric, words=list(words) or [""])
