"""ISUPPORT: what the server supports, whenever it is asked for.

https://ircv3.net/specs/extensions/extended-isupport
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Final

from hubbub.dialects.irc import isupport, replies
from hubbub.dialects.irc.registry import Who, capability, command
from hubbub.dialects.irc.request import BATCH, Request
from hubbub.wire import numerics as n
from hubbub.wire.line import Line, encode

if TYPE_CHECKING:
    from hubbub.dialects.irc.dialect import Irc

EXTENDED_ISUPPORT: Final = capability("draft/extended-isupport", "https://ircv3.net/specs/extensions/extended-isupport")


@command("ISUPPORT", who=Who.ANYONE, help="Tell what is supported: limits, modes, extensions.")
async def supported(request: Request, line: Line) -> None:
    """Before registration for those who asked for it: old clients take 005 for the end of registration."""
    if request.session.user is None and EXTENDED_ISUPPORT not in request.session.caps:
        request.error(n.ERR_NOTREGISTERED)
    else:
        send_isupport(request)


def send_isupport(request: Request) -> None:
    if wants_batch(request):
        send_tokens(request, isupport.tokens(request.irc))
    else:
        request.letter(all_tokens)


def all_tokens(irc: Irc) -> Iterator[tuple[str, Sequence[str]]]:
    return ((n.RPL_ISUPPORT, (*tokens, _SENTENCE)) for tokens in isupport.lines(isupport.tokens(irc)))


def wants_batch(request: Request) -> bool:
    """Whether their tokens have to come in a batch."""
    return EXTENDED_ISUPPORT in request.session.caps and BATCH in request.session.caps


def send_tokens(request: Request, given: Iterable[str]) -> None:
    """ "The server MUST NOT send any unbatched RPL_ISUPPORT message while both of these capabilities are enabled"."""
    lines = isupport.lines(given)
    if not wants_batch(request):
        for tokens in lines:
            request.reply(n.RPL_ISUPPORT, *tokens, _SENTENCE)
        return
    here, nick = request.irc.name, request.session.shown_nick
    written = (replies.numeric(here, nick, n.RPL_ISUPPORT, (*tokens, _SENTENCE)) for tokens in lines)
    request.batch("draft/isupport", (), map(encode, written))


_SENTENCE: Final = "are supported by this server"
