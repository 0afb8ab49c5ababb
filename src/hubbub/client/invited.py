"""Coming by an invite: the server that made it is told from all others, before it learns the code.

docs/extensions.md describes the exchange. It is a connection of its own, before the one that people talk on.
"""

import asyncio
import hmac
import secrets
import ssl
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, replace
from typing import Final

from hubbub.client.stream import Stream, certificate_of, open_stream
from hubbub.client.trust import Trust, fingerprint_of
from hubbub.client.url import Address
from hubbub.wire.cpace import SID, BadPoint, Party, tag
from hubbub.wire.line import BadLine, Line, encode, parse

# A server on the same network answers at once; one that does not holds up nobody who waits for another.
_SECONDS: Final = 5.0

# A server answers for 32 invites at most, each under up to a few certificates.
_LINES_MAX: Final = 200
_LINE_MAX: Final = 1024


class NotInvited(Exception):
    """The server knows the code and does not let us in by it, in its own words."""


@dataclass(frozen=True, slots=True)
class Found:
    """The server that made an invite, and the room that it leads to, or "".

    `fingerprint` is that of its certificate, "" where the world vouches for it: such a one is renewed every few weeks.
    """

    fingerprint: str
    room: str


async def come(address: Address, code: str, key: str) -> Found | None:
    """Come by a code to a server that shows it knows it; None where it shows nothing of the kind.

    `key` is ours alone: by the same one, we are counted once. Raises OSError where nobody answers, and NotInvited.
    """
    async with asyncio.timeout(_SECONDS):
        stream, vouched = await _open(address)
        try:
            found = await _come(stream, code, key)
        finally:
            stream[1].transport.abort()
    return replace(found, fingerprint="") if found is not None and vouched else found


async def _open(address: Address) -> tuple[Stream, bool]:
    """A connection, and whether the world vouches for the server's certificate."""
    try:
        return await open_stream(address, Trust()), True
    except ssl.SSLCertVerificationError:
        return await open_stream(address, Trust(insecure=True)), False


async def _come(stream: Stream, code: str, key: str) -> Found | None:
    reader, writer = stream
    seen = fingerprint_of(certificate_of(stream))
    sid = secrets.token_bytes(SID)
    party = Party(code.encode(), bytes.fromhex(seen), sid)
    writer.write(encode(Line("INVITATION", ("PROVE", _write(sid), _write(party.point)))))
    proofs = [line.params[1:3] for line in await _answer(reader) if line.params[:1] == ("PROOF",)]
    if not any(_holds(party, *proof) for proof in proofs if len(proof) == 2):
        return None
    writer.write(encode(Line("CAP", ("REQ", "hubbub.chat/invite"))) + encode(Line("INVITATION", ("USE", code, key))))
    used = (await _answer(reader))[-1:]
    if not used or used[0].params[:1] != ("USED",):
        raise NotInvited(used[0].params[-1] if used and used[0].params else "the server does not say why")
    room = used[0].params[2] if len(used[0].params) > 2 else "*"
    return Found(seen, "" if room == "*" else room)


async def _answer(reader: asyncio.StreamReader) -> list[Line]:
    """Lines about invites, up to the last of an answer; none from a server that knows of none."""
    lines: list[Line] = []
    for _ in range(_LINES_MAX):
        line = _read(await reader.readline())
        if line is None or line.command in {"ERROR", "421", "451"}:
            return []
        if line.command == "FAIL" or (line.command == "INVITATION" and line.params[:1] != ("PROOF",)):
            return [*lines, line]
        if line.command == "INVITATION":
            lines.append(line)
    return []


def _read(raw: bytes) -> Line | None:
    try:
        return parse(raw.decode().rstrip("\r\n")) if 0 < len(raw) <= _LINE_MAX else None
    except (BadLine, UnicodeDecodeError):
        return None


def _holds(party: Party, point: str, mark: str) -> bool:
    try:
        key = party.key(_bytes(point), began=True)
    except BadPoint:
        return False
    return hmac.compare_digest(tag(key, b"server"), _bytes(mark))


def _bytes(text: str) -> bytes:
    try:
        return urlsafe_b64decode(text.encode() + b"==")
    except ValueError:
        return b""


def _write(data: bytes) -> str:
    return urlsafe_b64encode(data).decode().rstrip("=")
