"""PRIVMSG, NOTICE, TAGMSG: what people say. https://modern.ircdocs.horse/#sending-messages"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from hubbub.dialects.irc.commands.quotes import answers, quote_for
from hubbub.dialects.irc.fit import BODY_MAX
from hubbub.dialects.irc.lines import in_lines, pieces
from hubbub.dialects.irc.look import MESSAGE_TAGS
from hubbub.dialects.irc.registry import Kind, Work, command, renderer, token
from hubbub.dialects.irc.request import Request
from hubbub.dialects.irc.services.front import SERVICES
from hubbub.dialects.irc.words import reacted
from hubbub.hub import modes
from hubbub.hub.events import Detail, Said
from hubbub.hub.refusals import Refused, Why
from hubbub.hub.user import User
from hubbub.server import Server
from hubbub.wire import numerics as n
from hubbub.wire.line import LINE_MAX, Line

if TYPE_CHECKING:
    from hubbub.dialects.irc.look import IrcLook
    from hubbub.dialects.irc.session import IrcSession

NONCE_MIN: Final = 16
"""Labels from this length on name a message for good: sent again within a day, it is the same message and not a second
one. Shorter ones are counters, which start anew with each connection. ISUPPORT says so as hubbub.chat/NONCE."""
token("hubbub.chat/NONCE", NONCE_MIN)

token("SAFERATE", "")  # nobody is put out for speaking fast: what is more than the budget allows waits

_FRAME: Final = len("::   \r\n")
"""What stands around source, verb, target and text on a relayed line."""

_SURELY_FITS: Final = (LINE_MAX - _FRAME) // 4
"""Characters that fit, whatever script they are of."""


@command(
    "PRIVMSG", kind=Kind.TALK, usage="<target>{,<target>} <text>", help="Say something in a channel or to somebody."
)
def privmsg(request: Request, line: Line) -> Work | None:
    params = line.params
    if len(params) < 2 or not params[0] or not params[1]:
        request.error(n.ERR_NOTEXTTOSEND if params and params[0] else n.ERR_NORECIPIENT)
        return None
    server = request.session.server
    request.user.last_spoke = server.clock.now()
    if not _is_plain(server, params[0]) or (line.tags and client_tags(line, request)):
        return _say_all(request, line, params[1])
    _send(request, _said(request, "PRIVMSG", params[0], params[1], None))
    return None


@command(
    "NOTICE",
    kind=Kind.TALK,
    usage="<target>{,<target>} <text>",
    help="Say something that nothing may answer by itself.",
)
async def notice(request: Request, line: Line) -> None:
    """ "automatic replies must never be sent in response to a NOTICE": it is refused in silence."""
    if len(line.params) >= 2 and line.params[0] and line.params[1]:
        await _say_all(request, line, line.params[1])


@command("TAGMSG", 1, kind=Kind.TALK, usage="<target>{,<target>}", help="Send tags without text, as for typing.")
async def tagmsg(request: Request, line: Line) -> None:
    await _say_all(request, line, "")


def say_plainly(session: IrcSession, raw: bytes) -> bool:
    """What nearly every line is: words for one room, without tags. Whether it was that, and is on its way.

    Anything else, and what looks like it and is not quite, is left to `privmsg`, which this does in one step: a third
    less of what a message costs to come in.
    """
    server, user = session.server, session.user
    if user is None or len(raw) > BODY_MAX or server.settling or session.batch is not None:
        return False
    front, _, text = raw.decode(errors="replace").partition(" :")
    target = front[8:]
    if not text or target not in server.hub.channels or not _is_clean(text):
        return False
    user.last_spoke = server.clock.now()
    request = Request(session, "PRIVMSG")
    try:
        said = server.hub.say(user, "PRIVMSG", target, text)
        if len(raw) + 4 * len(user.who.mask) > LINE_MAX - _FRAME and overflows(said):
            raise Refused(Why.TOO_LONG)
    except Refused as refused:
        request.refuse(refused)
    else:
        server.submit(said, request)
    return True


def _is_clean(text: str) -> bool:
    return "\r" not in text and "\0" not in text and "\ufffd" not in text  # which is not UTF-8, or is nobody's words


def _is_plain(server: Server, target: str) -> bool:
    """Whether it is for one room, as nearly everything is, and nothing has to be asked or waited for.

    To make no coroutines for such a message spares a fifth of what it costs to come in.
    """
    return target[0] == "#" and "," not in target and not server.settling


async def _say_all(request: Request, line: Line, text: str) -> None:
    """Once to each target; a target that refuses does not keep the others from hearing."""
    targets = line.params[0].split(",") if "," in line.params[0] else (line.params[0],)
    tags = client_tags(line, request)
    for index, target in enumerate(dict.fromkeys(targets)):
        try:
            if index >= request.hub.rules.targets:
                raise Refused(Why.TOO_MANY_TARGETS, target)
            await say(request, line.command, target, text, tags)
        except Refused as refused:
            service = SERVICES.get(request.hub.fold(target)) if refused.why is Why.NO_SUCH_NICK else None
            if service is not None and line.command == "PRIVMSG":
                await service.hear(request, text)
            elif line.command != "NOTICE":
                request.refuse(refused)


async def say(
    request: Request, verb: str, target: str, text: str, tags: dict[str, str] | None, detail: Detail | None = None
) -> None:
    """Say it to one target, and go on: it is on its way. Raises `Refused`."""
    if not target:
        raise Refused(Why.NO_SUCH_NICK, "*")
    server = request.server
    if target[0] in modes.SYMBOLS:
        target = _lowest_rank(target)
    if server.settling:
        await server.settled(request.hub.fold(target.lstrip(modes.SYMBOLS)))
    said = _said(request, verb, target, text, tags, detail)
    if tags is not None and answers(said) and detail is None:
        quote = await quote_for(request, said)
        if quote:  # time has passed: it is decided anew
            await say(request, verb, target, text, tags, Detail(quote=quote))
            return
    _send(request, said)
    if verb == "PRIVMSG" and target[0] != "#":
        _meet(request, request.hub.users.get(request.hub.fold(target)))


def _said(
    request: Request, verb: str, target: str, text: str, tags: dict[str, str] | None, detail: Detail | None = None
) -> Said:
    once = nonce(request, target) if request.label else ""
    said = request.session.server.hub.say(request.user, verb, target, text, tags, once)
    if detail is not None:
        said = replace(said, detail=detail)
    if overflows(said):
        raise Refused(Why.TOO_LONG)
    return said


def _send(request: Request, said: Said) -> None:
    request.promised()
    request.session.server.submit(said, request)


def _meet(request: Request, other: User | None) -> None:
    """Whoever is asked may answer, and who asks is told if they are away."""
    if other is not None and "R" in request.user.modes:
        request.hub.accept(request.user, other)
    if other is not None and other.away:
        request.reply(n.RPL_AWAY, other.nick, other.away)


def _lowest_rank(target: str) -> str:
    """ "@%#bunny [...] is functionally identical" to %#bunny: whoever has the lower rank hears it, and those above."""
    room = target.lstrip(modes.SYMBOLS)
    ranks = target[: len(target) - len(room)]
    return max(ranks, key=modes.SYMBOLS.index) + room if room[:1] == "#" else target


def nonce(request: Request, target: str) -> str:
    """One line may go to several targets under one label: to each it is a message of its own."""
    label = request.label
    return f"{label} {request.hub.fold(target)}" if len(label) >= NONCE_MIN else ""


def overflows(said: Said) -> bool:
    """Whether a line would be too long for those who read it: cutting it would lose what somebody said."""
    mask, verb, target, text = said.who.mask, said.verb, said.target, said.text
    if len(mask) + len(verb) + len(target) + len(text) <= _SURELY_FITS:
        return False
    if len(f"{mask}{verb}{target}{text}".encode()) <= LINE_MAX - _FRAME:
        return False  # all of it would fit into one line
    room = LINE_MAX - _FRAME - len(f"{mask}{verb}{target}".encode())
    return any(len(piece.encode()) > room for piece, _ in pieces(said))


def client_tags(line: Line, request: Request) -> dict[str, str] | None:
    """Only tags with a + are for others; all else is between a client and its server."""
    if not line.tags or MESSAGE_TAGS not in request.session.caps:
        return None
    return {key: value for key, value in line.tags.items() if key[0] == "+"} or None


@renderer(Said)
def render_said(event: Said, look: IrcLook) -> str:
    if event.verb == "TAGMSG":
        return f":{event.who.mask} TAGMSG {event.target}" if look.has(MESSAGE_TAGS) else reacted(event)
    if event.detail is not None or "\n" in event.text:
        return in_lines(event, look)
    return f":{event.who.mask} {event.verb} {event.target} :{event.text}"
