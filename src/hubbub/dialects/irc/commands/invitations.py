"""INVITATION: codes that bring guests in. It is ours, and described in docs/extensions.md."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from hubbub.dialects.irc import replies
from hubbub.dialects.irc.commands.proof import prove
from hubbub.dialects.irc.commands.uban import seconds
from hubbub.dialects.irc.login import mask
from hubbub.dialects.irc.look import iso_time
from hubbub.dialects.irc.registry import Kind, Who, capability, command, renderer
from hubbub.dialects.irc.request import Request
from hubbub.hub import events as ev
from hubbub.hub.invites import HOUR, Invite, Terms, read_code
from hubbub.hub.promise import Promise
from hubbub.hub.refusals import Refused, Why
from hubbub.server.reception import KEY_MIN, open_rooms
from hubbub.wire import numerics as n
from hubbub.wire.line import Line

if TYPE_CHECKING:
    from hubbub.dialects.irc.look import IrcLook
    from hubbub.dialects.irc.session import IrcSession

_Run: TypeAlias = Callable[[Request, tuple[str, ...]], Coroutine[Promise[Any], None, None]]

INVITE: Final = capability("hubbub.chat/invite", "extensions.md#invites-hubbubchatinvite")

_LASTS_MS: Final = 2 * HOUR
"""Where nobody says how long: an evening, and the longest that a code of six characters may last."""


@command(
    "INVITATION",
    1,
    who=Who.ANYONE,
    kind=Kind.CHANGE,
    usage="CREATE [<channel>|*] [<duration>|*] [<uses>|*] | LIST | REVOKE <code> | USE <code> [<key>]"
    " | PROVE <run> <point>",
    help="Make, list and take back codes that bring guests in, for 2h unless you say otherwise; or come in by one.",
)
async def invitation(request: Request, line: Line) -> None:
    verb = line.params[0].upper()
    run, needed = _SUBCOMMANDS.get(verb, (None, 0))
    if run is None:
        request.fail("INVALID_PARAMS", line.params[0], "Expected CREATE, LIST, REVOKE, USE or PROVE after INVITATION")
    elif request.session.user is None and run not in {_use, prove}:
        request.error(n.ERR_NOTREGISTERED)
    elif len(line.params) <= needed:
        request.fail("INVALID_PARAMS", verb, f"Expected an invite's code after INVITATION {verb}")
    else:
        await run(request, line.params[1:])


async def _create(request: Request, params: tuple[str, ...]) -> None:
    room, lasts, uses = (*params, "", "", "")[:3]
    terms = _terms(request, lasts, uses)
    code = request.irc.reception.new_code(terms)
    await request.server.caught_up()
    event = request.hub.make_invite(request.user, code, "" if room == "*" else room, terms)
    await request.server.commit(event, request)
    invite = request.hub.known_invite(code, "", terms.now)
    url, end = request.irc.link_of(code), _end(invite)
    answer = (code, invite.room or "*", end or "*", str(invite.uses or "*"), url or "*")
    where, until = invite.room or "this server", f"until {end}" if end else "for good"
    how_often = f", {invite.uses} times" if invite.uses else ""
    _answer(request, "CREATED", answer, f"{url or code} brings guests to {where}, {until}{how_often}")


def _terms(request: Request, lasts: str, uses: str) -> Terms:
    """As they were said: "" for what nobody said, * for no end. Raises `Refused`."""
    now, length = request.server.clock.now(), seconds(lasts) * 1000
    if lasts not in {"", "*"} and not length:
        raise Refused(Why.INVITE_ILLEGAL, "Expected how long as 30m, 2h, 7d or *")
    if uses not in {"", "*"} and not (uses.isascii() and uses.isdigit() and int(uses[:9]) > 0):
        raise Refused(Why.INVITE_ILLEGAL, "Expected how often as a number, or * for any")
    until = 0 if lasts == "*" else now + (length or _LASTS_MS)
    return Terms(now, until, int(uses[:9]) if uses.isdigit() else 0)


async def _list(request: Request, params: tuple[str, ...]) -> None:
    """Those that hold, and that whoever asks may take back."""
    now = request.server.clock.now()
    for invite in request.hub.visible_invites(request.user, now):
        room, end, uses = invite.room or "*", _end(invite), f"{invite.used}/{invite.uses or '*'}"
        until = f"until {end}" if end else "for good"
        words = f"{invite.code} to {invite.room or 'this server'}, {until}, used {uses}, by {invite.maker}"
        _answer(request, "LISTED", (invite.code, room, end or "*", uses, invite.maker), words)
    _answer(request, "END", (), "End of the invites")


async def _revoke(request: Request, params: tuple[str, ...]) -> None:
    code, now = read_code(params[0]), request.server.clock.now()
    await request.server.settled(ev.inviting_by(code))
    await request.server.commit(request.hub.revoke_invite(request.user, code, now), request)
    _answer(request, "REVOKED", (code,), f"{code} lets nobody in any more; who came by it stays")


async def _use(request: Request, params: tuple[str, ...]) -> None:
    key = params[1] if len(params) > 1 else ""
    if key and len(key) < KEY_MIN:
        request.fail("INVALID_PARAMS", "USE", f"Expected a key of {KEY_MIN} characters or more, or none")
        return
    invite = await come_by(request, params[0], key)
    way = f"/join {invite.room} leads there" if invite.room else "you may come in"
    _answer(request, "USED", (invite.code, invite.room or "*"), f"That invite holds: {way}")


async def come_by(request: Request, text: str, key: str = "") -> Invite:
    """Let them in by a code, and into its room whenever they go there. Raises `Refused`."""
    session = request.session
    who = session.user.who if session.user is not None else ev.Who(mask(session), session.account)
    invite = await request.irc.reception.use(text, who, key, session.link.address)
    if session.proving:
        session.proving = False
        request.irc.logins.forgive(session.link.address)
    session.invites += (invite,)
    admit(session)
    return invite


def admit(session: IrcSession) -> None:
    """The rooms of their invites are open to them, once they are somebody."""
    if session.user is not None and session.invites:
        open_rooms(session.user, session.server.hub, session.invites)


def _answer(request: Request, verb: str, params: tuple[str, ...], words: str) -> None:
    """For clients that know it a line of their own, and for people a sentence."""
    if INVITE in request.session.caps:
        request.send(Line("INVITATION", (verb, *map(replies.middle, params)), request.irc.name))
    else:
        request.notice(words)


def _end(invite: Invite) -> str:
    return iso_time(invite.until) if invite.until else ""


_SUBCOMMANDS: Final[dict[str, tuple[_Run, int]]] = {
    "CREATE": (_create, 0),
    "LIST": (_list, 0),
    "REVOKE": (_revoke, 1),
    "USE": (_use, 1),
    "PROVE": (prove, 1),
}
"""What each does, and how many parameters it needs."""


def _nothing(event: ev.Event, look: IrcLook) -> str:
    """Codes are for those alone who made them."""
    return ""


_SILENT: Final[tuple[type[ev.Event], ...]] = (ev.InviteMade, ev.InviteRevoked, ev.InviteUsed)
for _kind in _SILENT:
    renderer(_kind)(_nothing)
