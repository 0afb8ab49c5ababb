"""INVITATION PROVE: the server shows whoever has an invite's code that it is the one who made it, telling neither.

What a client sees as our certificate is part of it, so nobody in between can pass the proof on; docs/extensions.md
says how.
"""

from __future__ import annotations

import binascii
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Final

from hubbub.dialects.irc.request import Request
from hubbub.hub.invites import Invite
from hubbub.wire import cpace
from hubbub.wire.line import Line

_MOST: Final = 32
"""Invites that one asker is answered for: each costs a millisecond. Whoever comes by one that is over learns that from
USE."""


async def prove(request: Request, params: tuple[str, ...]) -> None:
    """One try at one code, counted as a wrong one until they come in by it. Raises `Refused`."""
    session, irc = request.session, request.irc
    sid, point = _read(params[0]), _read(params[1] if len(params) > 1 else "")
    if len(sid) != cpace.SID or len(point) != cpace.POINT:
        request.fail("INVALID_PARAMS", "PROVE", "Expected 16 and 32 bytes in URL-safe base64")
        return
    if not session.link.secure or not irc.certificates:
        request.fail("INVALID_PARAMS", "PROVE", "There is no certificate here to prove anything of; use TLS")
        return
    irc.logins.check_patience(session.link.address)
    irc.logins.failed(session.link.address)
    session.proving = True
    for line in _proofs(request, sid, point):
        request.send(line)
    request.send(Line("INVITATION", ("END",), irc.name))


def _proofs(request: Request, sid: bytes, point: bytes) -> list[Line]:
    """In no order that tells anything. A point that is none is as good as a wrong guess."""
    invites = request.hub.invites.latest(request.server.clock.now(), _MOST)
    proofs = [_proof(invite, mark, sid, point) for invite in invites for mark in request.irc.certificates]
    secrets.SystemRandom().shuffle(proofs)
    return [Line("INVITATION", ("PROOF", *map(_write, proof)), request.irc.name) for proof in proofs if proof]


def _proof(invite: Invite, certificate: str, sid: bytes, point: bytes) -> tuple[bytes, ...]:
    party = cpace.Party(invite.code.encode(), bytes.fromhex(certificate), sid)
    try:
        return party.point, cpace.tag(party.key(point, began=False), b"server")
    except cpace.BadPoint:
        return ()


def _read(text: str) -> bytes:
    try:
        return urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError):
        return b""


def _write(data: bytes) -> str:
    return urlsafe_b64encode(data).decode().rstrip("=")
