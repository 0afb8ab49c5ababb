"""Passwords: argon2id hashes and SCRAM's keys, made and checked in a thread, so that no login slows the talk.

The parameters are 12 MiB and three passes, about 22 ms: one of the choices that OWASP calls equally strong. The memory
of the first login stays with the process, so it is not one of the larger ones.
https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html
"""

from __future__ import annotations

import hmac
import os
from base64 import b32encode
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, Any, Final, TypeVar

from hubbub.hub.account import Keys, ScramKeys, TooBusy
from hubbub.hub.promise import Promise, broken, kept

if TYPE_CHECKING:
    from argon2 import PasswordHasher

T = TypeVar("T")

SCRAM_ITERATIONS: Final = 100_000
"""As long as argon2 takes, in C; a client in a slow language or on a phone still logs in within a second or two."""

_SALT: Final = 16
_HASHED: Final = "$argon2"
_WAITING_MAX: Final = 64
"""Checks that may wait: at 22 ms each, nobody who is let in waits longer than two seconds."""


def _hasher() -> PasswordHasher:
    from argon2 import PasswordHasher

    return PasswordHasher(time_cost=3, memory_cost=12 * 1024, parallelism=1)


def encode(password: str) -> Keys:
    """What to keep of a password. Takes its time: about 50 ms."""
    return Keys(_hasher().hash(password), _scram(password))


def _scram(password: str) -> ScramKeys | None:
    """None for words that SCRAM cannot say; they are checked by PLAIN alone."""
    from hubbub.wire.sasl import BadResponse
    from hubbub.wire.scram import Derived

    salt = os.urandom(_SALT)
    try:
        derived = Derived(password, salt, SCRAM_ITERATIONS)
    except BadResponse:
        return None
    return ScramKeys(salt, SCRAM_ITERATIONS, derived.stored, derived.server)


def fits(secret: str, password: str) -> bool:
    """Whether `password` is the one of `secret`: a hash, or the plain word an operator wrote into the config."""
    from argon2.exceptions import InvalidHashError, VerificationError

    if not secret.startswith(_HASHED):
        return hmac.compare_digest(secret.encode(), password.encode())
    try:
        return _hasher().verify(secret, password)
    except (VerificationError, InvalidHashError):
        return False


def invent() -> str:
    """Six groups of four letters and digits: 120 bits, that can be read out and typed."""
    text = b32encode(os.urandom(15)).decode().lower()
    return "-".join(text[start : start + 4] for start in range(0, len(text), 4))


class Checker:
    """`Passwords`, one after the other in a thread of their own; `soon` hands answers to the server's thread.

    `salt` is this house's own and outlives it: a stranger's name is challenged alike before and after a restart.
    """

    def __init__(self, soon: Callable[..., Any], salt: bytes) -> None:
        self._soon = soon
        self._salt = salt
        self._pool = ThreadPoolExecutor(1, "hubbub-passwords")
        self._waiting = 0
        self._nobodys = ""

    def verify(self, secret: str | None, password: str) -> Promise[bool]:
        """Whether the password fits; for somebody who does not exist (None) it is no, after the same work."""
        if secret is not None and not secret.startswith(_HASHED):
            return kept(fits(secret, password))
        return self._ask(lambda: self._fits(secret, password))

    def is_dated(self, secret: str) -> bool:
        return secret.startswith(_HASHED) and _hasher().check_needs_rehash(secret)

    def encode(self, password: str) -> Promise[Keys]:
        return self._ask(lambda: encode(password))

    def invent(self) -> str:
        return invent()

    def nobodys(self, key: str) -> ScramKeys:
        salt = hmac.digest(self._salt, key.encode(), "sha256")[:_SALT]
        return ScramKeys(salt, SCRAM_ITERATIONS, os.urandom(32), os.urandom(32))

    def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _ask(self, work: Callable[[], T]) -> Promise[T]:
        if self._waiting >= _WAITING_MAX:
            return broken(TooBusy("too many logins at once; try again in a few seconds"))
        self._waiting += 1
        promise: Promise[T] = Promise()
        self._pool.submit(self._do, work, promise)
        return promise

    def _fits(self, secret: str | None, password: str) -> bool:
        self._nobodys = self._nobodys or _hasher().hash("nobody's")  # before it is known who asks: it takes time, too
        fit = fits(secret or self._nobodys, password)
        return fit and secret is not None

    def _do(self, work: Callable[[], T], promise: Promise[T]) -> None:
        try:
            settle = partial(promise.keep, work())
        except Exception as fault:  # whatever it is, it is the asker's to see
            settle = partial(promise.fail, fault)
        self._soon(partial(self._answer, settle))

    def _answer(self, settle: Callable[[], None]) -> None:
        self._waiting -= 1
        settle()
