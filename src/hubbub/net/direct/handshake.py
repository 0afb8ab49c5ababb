"""From a fresh TLS connection to two ends that know each other's key: hello, answer, proof."""

from __future__ import annotations

import secrets
from base64 import b64decode, b64encode
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final

from hubbub.net.direct.emoji import emoji_of
from hubbub.net.direct.keys import CERT_MAX, Keys, fingerprint_of, signed_by
from hubbub.net.direct.stream import NoContact, Stream
from hubbub.net.direct.words import VERSION, Answer, Hello, Proof, transcript

_NONCE: Final = 32
NAME_MAX: Final = 32


@dataclass(frozen=True, slots=True)
class Me:
    """Our end. `host` is the address that we listen on and call from, `port` that of the main listener."""

    name: str
    keys: Keys
    host: str
    port: int = 0

    @property
    def source(self) -> tuple[str, int] | None:
        """Where calls go out from: the address we listen on, so that whoever is called can call back there."""
        return None if self.host in {"0.0.0.0", "::"} else (self.host, 0)  # noqa: S104 - compared, not bound


@dataclass(frozen=True, slots=True)
class Met:
    """The other end, and how it can be reached. `ways` are the streams that stand, ours first.

    `oneway` says why there is only one, "" where both stand.
    """

    name: str
    fingerprint: str
    host: str
    port: int
    emoji: tuple[str, ...]
    called: bool
    ways: list[Stream] = field(default_factory=list)
    oneway: str = ""


class AnotherKey(NoContact):
    """Somebody else answers where a certain key was expected. `fingerprint` is the one they have."""

    def __init__(self, sentence: str, fingerprint: str) -> None:
        super().__init__(sentence)
        self.fingerprint = fingerprint


async def introduce(stream: Stream, me: Me, pinned: str, back: int, token: str) -> Met:
    """The caller's side. `pinned` is what the other's fingerprint has to begin with, "" for anybody.

    Raises `NoContact`, and `AnotherKey` before anything is said to the wrong one.
    """
    called = fingerprint_of(stream.certificate())
    if not called.startswith(pinned):
        raise AnotherKey(f"whoever answers at {stream.name} has another key than the one you asked for", called)
    nonce = secrets.token_hex(_NONCE)
    stream.say(Hello(VERSION, me.name, sha256(bytes.fromhex(nonce)).hexdigest()))
    answer = await stream.hear(Answer)
    _check_nonce(stream, answer.nonce)
    said = transcript(called, me.keys.fingerprint, answer, nonce)
    signature = b64encode(me.keys.sign(said)).decode()
    stream.say(Proof(nonce, b64encode(me.keys.certificate).decode(), signature, me.port, back, token))
    return Met(_called(answer.name), called, stream.address, 0, emoji_of(said), called=False)


async def identify(stream: Stream, me: Me) -> tuple[Met, Proof]:
    """The side that was called. Raises `NoContact`."""
    hello = await stream.hear(Hello)
    answer = Answer(VERSION, me.name, secrets.token_hex(_NONCE))
    stream.say(answer)
    proof = await stream.hear(Proof)
    _check_nonce(stream, proof.nonce)
    if sha256(bytes.fromhex(proof.nonce)).hexdigest() != hello.commit:
        raise NoContact(f"{stream.name} gave another number than it had promised; somebody may sit in between")
    certificate = _certificate(stream, proof.cert)
    caller = fingerprint_of(certificate)
    said = transcript(me.keys.fingerprint, caller, answer, proof.nonce)
    if not signed_by(certificate, _base64(stream, proof.sign), said):
        raise NoContact(f"{stream.name} does not have the key that it shows; somebody may sit in between")
    main = proof.main if 0 < proof.main < 65536 else 0
    return Met(_called(hello.name), caller, stream.address, main, emoji_of(said), called=True), proof


def _called(name: str) -> str:
    """What somebody calls themselves, as one visible word."""
    return "".join(c for c in name if c.isprintable() and c != " ")[:NAME_MAX] or "nobody"


def _check_nonce(stream: Stream, nonce: str) -> None:
    if len(nonce) != 2 * _NONCE or not set(nonce) <= set("0123456789abcdef"):
        raise NoContact(f"{stream.name} does not keep to the protocol: expected {_NONCE} bytes in hex as its number")


def _certificate(stream: Stream, text: str) -> bytes:
    certificate = _base64(stream, text)
    if not 0 < len(certificate) <= CERT_MAX:
        raise NoContact(f"{stream.name} shows a certificate of {len(certificate)} bytes; at most {CERT_MAX} are read")
    return certificate


def _base64(stream: Stream, text: str) -> bytes:
    try:
        return b64decode(text, validate=True)
    except ValueError:
        raise NoContact(f"{stream.name} does not keep to the protocol: expected base64") from None
