"""AUTHENTICATE: showing whose account it is, before registration and at any time after it.

https://ircv3.net/specs/extensions/sasl-3.1 and https://ircv3.net/specs/extensions/sasl-3.2
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import TYPE_CHECKING, Final, Protocol

from hubbub.dialects.irc import replies
from hubbub.dialects.irc.commands.connection import register
from hubbub.dialects.irc.login import log_in, settle_in
from hubbub.dialects.irc.registry import Kind, Who, capability, command
from hubbub.dialects.irc.request import Request
from hubbub.hub.account import Login
from hubbub.hub.refusals import Refused, Why
from hubbub.server.logins import Claim
from hubbub.wire import numerics as n
from hubbub.wire import sasl, scram
from hubbub.wire.line import Line

if TYPE_CHECKING:
    from hubbub.dialects.irc.session import IrcSession


class Mechanism(Protocol):
    async def answer(self, request: Request, said: bytes) -> bytes | Login:
        """What the server says to a response of the client, or whose account it is. Raises `Refused`, `BadResponse`."""


class Exchange:
    """One login under way: its mechanism, and as much of a response as has come."""

    __slots__ = ("mechanism", "response")

    def __init__(self, mechanism: Mechanism) -> None:
        self.mechanism = mechanism
        self.response = sasl.Response()


class _Plain:
    """The password as it is. https://www.rfc-editor.org/rfc/rfc4616"""

    async def answer(self, request: Request, said: bytes) -> bytes | Login:
        asked = sasl.plain(said)
        if asked.authzid and request.hub.fold(asked.authzid) != request.hub.fold(asked.authcid):
            raise Refused(Why.LOGIN_FAILED)  # nobody acts as somebody else
        return await request.irc.logins.by_password(asked.authcid, asked.password, request.session.link.address)


class _External:
    """What TLS has shown already. https://www.rfc-editor.org/rfc/rfc4422#appendix-A"""

    async def answer(self, request: Request, said: bytes) -> bytes | Login:
        return await request.irc.logins.by_certificate(request.session.link.fingerprint, said.decode(errors="replace"))


class _Scram:
    """A proof that gives nothing away, and one in return."""

    def __init__(self) -> None:
        self._exchange: scram.Exchange | None = None
        self._claim: Claim | None = None
        self._login: Login | None = None

    async def answer(self, request: Request, said: bytes) -> bytes | Login:
        if self._exchange is None or self._claim is None:
            self._exchange = scram.Exchange(said, secrets.token_urlsafe(18))
            self._claim = await request.irc.logins.claim(self._exchange.name, request.session.link.address)
            return self._exchange.challenge(self._claim.keys.salt, self._claim.keys.iterations)
        if self._login is not None:
            return self._login  # "clients MUST still send an empty response"
        keys = self._claim.keys
        proof = self._exchange.finish(said, keys.stored, keys.server)
        self._login = request.irc.logins.decide(self._claim, proof is not None)
        return proof or b""


_MECHANISMS: Final[dict[str, Callable[[], Mechanism]]] = {
    "PLAIN": _Plain,
    scram.MECHANISM: _Scram,
    "EXTERNAL": _External,
}


def mechanisms(session: IrcSession) -> str:
    """What this session can log in by: EXTERNAL only with a certificate."""
    return ",".join(name for name in _MECHANISMS if name != "EXTERNAL" or session.link.fingerprint)


SASL: Final = capability("sasl", "https://ircv3.net/specs/extensions/sasl-3.2", offer=mechanisms)


@command(
    "AUTHENTICATE",
    1,
    who=Who.ANYONE,
    kind=Kind.CHANGE,
    usage="<mechanism>|<response>|*",
    help="Log in to your account by SASL; clients do this for you.",
)
async def authenticate(request: Request, line: Line) -> None:
    session, word = request.session, line.params[0]
    if SASL not in session.caps:
        request.reply(n.ERR_SASLFAIL, "Expected CAP REQ sasl before AUTHENTICATE")
    elif word == sasl.ABORT:
        session.sasl = None
        request.error(n.ERR_SASLABORTED)
    elif session.sasl is None:
        _begin(request, word)
    else:
        await _go_on(request, session.sasl, word)


def _begin(request: Request, name: str) -> None:
    offered = mechanisms(request.session)
    if len(name) > sasl.CHUNK:
        request.error(n.ERR_SASLTOOLONG)
    elif name.upper() not in offered.split(","):
        request.reply(n.RPL_SASLMECHS, offered, "are available SASL mechanisms")
        request.reply(n.ERR_SASLFAIL, "That SASL mechanism is not known here")
    else:
        request.session.sasl = Exchange(_MECHANISMS[name.upper()]())
        _say(request, b"")  # "If the chosen mechanism is client-first, the server sends an empty response"


async def _go_on(request: Request, exchange: Exchange, chunk: str) -> None:
    try:
        said = exchange.response.feed(chunk)
        if said is not None:
            await _answer(request, await exchange.mechanism.answer(request, said))
    except sasl.ChunkTooLong:
        _give_up(request, n.ERR_SASLTOOLONG, replies.SENTENCES[n.ERR_SASLTOOLONG])
    except sasl.BadResponse as bad:
        _give_up(request, n.ERR_SASLFAIL, f"SASL authentication failed: {bad}")
    except Refused as refused:
        _give_up(request, n.ERR_SASLFAIL, f"SASL authentication failed: {replies.words(refused)}")


async def _answer(request: Request, answer: bytes | Login) -> None:
    if isinstance(answer, bytes):
        _say(request, answer)
        return
    request.session.sasl = None
    await log_in(request, answer)
    request.error(n.RPL_SASLSUCCESS)
    await register(request)
    await settle_in(request)


def _say(request: Request, challenge: bytes) -> None:
    """Without a source: clients that are older than the specification expect none."""
    for chunk in sasl.chunks(challenge):
        request.send(Line("AUTHENTICATE", (chunk,)))


def _give_up(request: Request, numeric: str, sentence: str) -> None:
    """ "the client MAY retry from the AUTHENTICATE <mechanism> command"."""
    request.session.sasl = None
    request.reply(numeric, sentence)
