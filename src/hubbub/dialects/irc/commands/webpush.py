"""WEBPUSH: devices that want to be told what is for their owner while they are not connected.

https://github.com/ircv3/ircv3-specifications/pull/471, and as clients speak it:
https://codeberg.org/emersion/soju/src/branch/master/doc/ext/webpush.md
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hubbub.dialects.irc.pushing import SHOWN
from hubbub.dialects.irc.registry import Kind, capability, command
from hubbub.dialects.irc.request import Request
from hubbub.hub.account import Login, mark
from hubbub.hub.events import Subscribed, Subscription, pushing_to
from hubbub.hub.ports import Pusher
from hubbub.hub.pushes import subscribe, unsubscribe
from hubbub.hub.refusals import Refused, Why
from hubbub.server.logins import ALWAYS_ON
from hubbub.wire.line import Line, unescape_tag

if TYPE_CHECKING:
    from hubbub.dialects.irc.session import IrcSession


def _offer(session: IrcSession) -> str | None:
    return "" if session.irc.pusher is not None else None


_DRAFT: Final = "https://github.com/ircv3/ircv3-specifications/pull/471"

WEBPUSH: Final = capability("draft/webpush", _DRAFT, offer=_offer)
SOJU_WEBPUSH: Final = capability("soju.im/webpush", _DRAFT, offer=_offer)  # the same by the name that clients know

_KEYS: Final = ("p256dh", "auth")


@command(
    "WEBPUSH",
    kind=Kind.CHANGE,
    usage="REGISTER <endpoint> <keys>|UNREGISTER <endpoint>",
    help="Have messages that are for you pushed to a device while you are not there.",
)
async def webpush(request: Request, line: Line) -> None:
    verb, endpoint, *rest = (*line.params, "", "")[: max(2, len(line.params))]
    pusher, login = request.irc.pusher, request.session.login
    if pusher is None:
        _fail(request, "FORBIDDEN", verb, endpoint, "This server pushes nothing")
    elif login is None or not request.user.account:
        _fail(request, "FORBIDDEN", verb, endpoint, "Log in to an account first: what is for guests is not pushed")
    elif verb.upper() == "REGISTER" and len(rest) == 1:
        await _register(request, pusher, login, endpoint, rest[0])
    elif verb.upper() == "UNREGISTER" and endpoint and not rest:
        await request.server.settled(pushing_to(request.user.identity))
        await _keep(request, "UNREGISTER", endpoint, unsubscribe(request.hub, request.user.identity, endpoint))
    else:
        _fail(
            request, "INVALID_PARAMS", verb, endpoint, "Expected REGISTER <endpoint> <keys>, or UNREGISTER <endpoint>"
        )


async def _register(request: Request, pusher: Pusher, login: Login, endpoint: str, words: str) -> None:
    keys = _read(words)
    problem = pusher.objection(endpoint, *(keys.get(name, "") for name in _KEYS))
    if problem:
        _fail(request, "INVALID_PARAMS", "REGISTER", endpoint, problem[0].upper() + problem[1:])
        return
    caps, now = tuple(sorted(SHOWN & request.session.caps)), request.server.clock.now()
    subscription = Subscription(endpoint, keys["p256dh"], keys["auth"], mark(login.proof), now, caps)
    await request.server.settled(pushing_to(request.user.identity))
    await _keep(request, "REGISTER", endpoint, subscribe(request.hub, request.user.identity, subscription))


async def _keep(request: Request, verb: str, endpoint: str, event: Subscribed | None) -> None:
    """ "the server MUST echo back", also where there was nothing to take away."""
    try:
        if event is not None:
            await request.server.commit(event, None)
    except Refused as refused:
        if refused.why is not Why.NOT_STORED:
            raise
        _fail(request, "INTERNAL_ERROR", verb, endpoint, "The server could not store that; try again")
        return
    request.send(Line("WEBPUSH", (verb, endpoint), request.irc.name))
    if verb == "REGISTER" and not request.user.stays:
        sentence = f"Nobody can write to you once your last device is gone, unless you stay: NS SET {ALWAYS_ON} on"
        request.send(Line("WARN", ("WEBPUSH", "PERSISTENCE_REQUIRED", sentence), request.irc.name))


def _read(words: str) -> dict[str, str]:
    """ "a string encoded in the message-tag format"."""
    pairs = (word.partition("=") for word in words.split(";"))
    return {key: unescape_tag(value) for key, _, value in pairs}


def _fail(request: Request, code: str, verb: str, endpoint: str, sentence: str) -> None:
    request.fail(code, verb or "*", endpoint or "*", sentence)
