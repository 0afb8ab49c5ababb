"""Passwords: what is kept of them, and that checking them tells nothing."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from argon2 import PasswordHasher

from hubbub.hub.account import TooBusy
from hubbub.passwords import SCRAM_ITERATIONS, Checker, encode, fits
from hubbub.wire.scram import Derived
from tests.stores.shelf import Loop


class Desk:
    """A checker, and the thread of the server that waits for its answers."""

    def __init__(self) -> None:
        loop = Loop()
        self.soon, self.wait = loop.soon, loop.wait
        self.checker = Checker(self.soon, b"salt")


@pytest.fixture
def desk() -> Iterator[Desk]:
    desk = Desk()
    yield desk
    desk.checker.close()


def test_what_is_kept_proves_the_password_and_does_not_hold_it() -> None:
    """A hash with a salt of its own, and SCRAM's keys with another."""
    keys, again = encode("rosebud"), encode("rosebud")
    assert fits(keys.secret, "rosebud")
    assert not fits(keys.secret, "Rosebud")
    assert keys.secret.startswith("$argon2id$")
    assert keys.scram is not None
    assert again.scram is not None
    assert (keys.secret, keys.scram.salt) != (again.secret, again.scram.salt)
    derived = Derived("rosebud", keys.scram.salt, SCRAM_ITERATIONS)
    assert (keys.scram.stored, keys.scram.server) == (derived.stored, derived.server)
    assert "rosebud" not in repr(keys)


def test_a_password_that_scram_cannot_say_is_a_password_all_the_same() -> None:
    """It is checked by PLAIN alone."""
    keys = encode("bell\a")
    assert keys.scram is None
    assert fits(keys.secret, "bell\a")


@pytest.mark.parametrize("secret", ["$argon2id$broken", "$argon2", ""])
def test_a_broken_secret_fits_nothing(secret: str) -> None:
    """Not even the empty word, which no client can log in with."""
    assert not fits(secret, "rosebud")


def test_the_checker_answers_on_the_servers_thread(desk: Desk) -> None:
    """Promises are kept where they are awaited."""
    keys = encode("rosebud")
    right, wrong = desk.checker.verify(keys.secret, "rosebud"), desk.checker.verify(keys.secret, "wrong")
    assert not right.done
    assert desk.wait(right) is True
    assert desk.wait(wrong) is False


def test_nobody_has_no_password(desk: Desk) -> None:
    """Whatever is given, also the word that the work is done with."""
    for word in ("rosebud", "nobody's"):
        assert desk.wait(desk.checker.verify(None, word)) is False


def test_what_was_kept_otherwise_is_known(desk: Desk) -> None:
    """So that it can be kept anew, and a check of it takes no other time than that for nobody."""
    older = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1).hash("rosebud")
    assert desk.wait(desk.checker.verify(older, "rosebud")) is True
    assert [desk.checker.is_dated(secret) for secret in (older, encode("rosebud").secret, "plain")] == [
        True,
        False,
        False,
    ]


def test_a_plain_secret_of_the_configuration_needs_no_waiting(desk: Desk) -> None:
    """It is compared as it is."""
    assert desk.checker.verify("sesame", "sesame").result()
    assert not desk.checker.verify("sesame", "open").result()


def test_a_new_password_is_encoded(desk: Desk) -> None:
    """In the same thread, so that no registration slows the talk either."""
    keys = desk.wait(desk.checker.encode("rosebud"))
    assert fits(keys.secret, "rosebud")


def test_a_stranger_is_challenged_as_somebody_would_be(desk: Desk) -> None:
    """With a salt that stays the same for a name, in every run of the house, and differs between names and houses."""
    other = Checker(desk.soon, b"other")
    keys, again = desk.checker.nobodys("maya"), desk.checker.nobodys("maya")
    real = encode("rosebud").scram
    assert real is not None
    assert (len(keys.salt), keys.iterations) == (len(real.salt), real.iterations)
    assert keys.salt == again.salt
    assert keys.stored != again.stored
    assert keys.salt not in (desk.checker.nobodys("leo").salt, other.nobodys("maya").salt)
    other.close()


def test_too_many_at_once_are_told_to_come_back(desk: Desk) -> None:
    """Nobody waits longer than a few seconds, and who is let in is answered."""
    promises = [desk.checker.verify(None, "guess") for _ in range(80)]
    late = [promise for promise in promises if promise.done]
    assert late
    with pytest.raises(TooBusy):
        late[0].result()
    assert {desk.wait(promise) for promise in promises if promise not in late} == {False}
    assert desk.wait(desk.checker.verify(None, "guess")) is False
