"""Passwords: argon2id hashes, made and checked in a small pool of threads, so that no login slows the talk.

The parameters are OWASP's second choice (https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html):
19 MiB and two passes, about 25 ms, so that a machine with little memory can still check several at once.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from hubbub.hub.promise import Promise, broken, kept

if TYPE_CHECKING:
    from argon2 import PasswordHasher

_HASHED: Final = "$argon2"
_WAITING_MAX: Final = 64
"""Checks that may wait: at 25 ms each, nobody who is let in waits longer than two seconds."""


class TooBusy(Exception):
    """More passwords are waiting to be checked than can be answered in time."""


def _hasher() -> PasswordHasher:
    from argon2 import PasswordHasher

    return PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


def encode(password: str) -> str:
    """The hash to keep. Takes its time: about 25 ms."""
    return _hasher().hash(password)


def fits(secret: str, password: str) -> bool:
    """Whether `password` is the one of `secret`: a hash, or the plain word an operator wrote into the config."""
    from argon2.exceptions import InvalidHashError, VerificationError

    if not secret.startswith(_HASHED):
        return hmac.compare_digest(secret.encode(), password.encode())
    try:
        return _hasher().verify(secret, password)
    except (VerificationError, InvalidHashError):
        return False


class Checker:
    """Checks passwords one after the other in a thread of its own; `soon` hands answers to the server's thread."""

    def __init__(self, soon: Callable[..., Any]) -> None:
        self._soon = soon
        self._pool = ThreadPoolExecutor(1, "hubbub-passwords")
        self._waiting = 0
        self._nobodys = ""

    def verify(self, secret: str | None, password: str) -> Promise[bool]:
        """Whether the password fits; for somebody who does not exist (None) it is no, after the same work.

        Fails with `TooBusy`.
        """
        if secret is not None and not secret.startswith(_HASHED):
            return kept(fits(secret, password))
        if self._waiting >= _WAITING_MAX:
            return broken(TooBusy("too many logins at once; try again in a few seconds"))
        self._waiting += 1
        promise: Promise[bool] = Promise()
        self._pool.submit(self._verify, secret, password, promise)
        return promise

    def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _verify(self, secret: str | None, password: str, promise: Promise[bool]) -> None:
        if secret is None:
            self._nobodys = self._nobodys or encode("nobody's")
            fits(self._nobodys, password)
            answer = False
        else:
            answer = fits(secret, password)
        self._soon(partial(self._answer, promise, answer))

    def _answer(self, promise: Promise[bool], answer: bool) -> None:
        self._waiting -= 1
        promise.keep(answer)
