"""RELAYMSG: bridges speak in the names of people elsewhere. https://github.com/ircv3/ircv3-specifications/pull/417

A relayed nick has a slash in it, which no nick here can have, and its messages carry no account: nobody is taken for
somebody they are not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from hubbub.dialects.irc.commands.talk import client_tags, nonce, overflows
from hubbub.dialects.irc.registry import Kind, capability, command, detail_tag
from hubbub.dialects.irc.request import Request
from hubbub.hub.events import Detail, Who
from hubbub.hub.lettering import is_visible
from hubbub.hub.refusals import Refused, Why
from hubbub.wire.line import Line, escape_tag

if TYPE_CHECKING:
    from hubbub.dialects.irc.look import IrcLook

SEPARATOR: Final = "/"

RELAYMSG: Final = capability(
    "draft/relaymsg",
    "https://github.com/ircv3/ircv3-specifications/pull/417",
    shows=True,
    offer=lambda session: SEPARATOR,
)

_FORBIDDEN: Final = frozenset(" !@:*?,#&~+%\x7f")


@command(
    "RELAYMSG",
    3,
    kind=Kind.TALK,
    usage="<channel> <nick/network> <text>",
    help="Say something for somebody elsewhere, as an operator of the channel.",
)
async def relaymsg(request: Request, line: Line) -> None:
    name, nick, text = line.params[:3]
    if name[:1] != "#":
        raise Refused(Why.NO_SUCH_CHANNEL, name)
    await request.server.settled(request.hub.fold(name))
    channel = request.hub.channel(name)
    if not channel.ranks(request.user, "o"):
        request.fail("PRIVS_NEEDED", "Only operators of a channel relay messages to it")
    elif not text.strip():
        request.fail("BLANK_MSG", "There is no text to relay")
    elif not _is_relayed_nick(nick, request.hub.rules.nick_length):
        request.fail("INVALID_NICK", f"Expected a nick with a {SEPARATOR} in it, as in maya{SEPARATOR}elsewhere")
    else:
        _relay(request, channel.name, nick, text, client_tags(line, request))


def _relay(request: Request, target: str, nick: str, text: str, tags: dict[str, str] | None) -> None:
    me = request.user
    said = request.hub.say(me, "PRIVMSG", target, text, tags, nonce(request, target))
    said = replace(said, who=Who(f"{nick}!{me.username}@{me.host}"), detail=Detail(relayer=me.nick))
    if overflows(said):
        raise Refused(Why.TOO_LONG)
    request.promised()
    request.server.submit(said, request)


def _is_relayed_nick(nick: str, longest: int) -> bool:
    """In any script, since its slash tells it from those of people here; nothing that is not to be seen."""
    if SEPARATOR not in nick[1:] or len(nick.encode()) > longest:
        return False
    return _FORBIDDEN.isdisjoint(nick) and is_visible(nick)


@detail_tag
def relayer_tag(detail: Detail, look: IrcLook) -> str:
    """Who relayed it: by that a bridge knows its own messages."""
    return f"{RELAYMSG}={escape_tag(detail.relayer)}" if detail.relayer and look.has(RELAYMSG) else ""
