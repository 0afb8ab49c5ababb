"""An account: a durable identity, what lets somebody in under it, and the ports that keep and prove it."""

from __future__ import annotations

import hmac
import re
from base64 import b64decode
from collections.abc import Callable
from hashlib import sha256
from typing import Final, Protocol

from msgspec import Struct
from msgspec.structs import replace

from hubbub.hub.promise import Promise
from hubbub.hub.refusals import Refused, Why


class ScramKeys(Struct, frozen=True):
    """What checks a password by SCRAM-SHA-256 without being told it. https://www.rfc-editor.org/rfc/rfc5802#section-3"""

    salt: bytes
    iterations: int
    stored: bytes
    server: bytes


class Keys(Struct, frozen=True):
    """What is kept of a password: an encoded hash, and SCRAM's keys where SCRAM can say such a password."""

    secret: str
    scram: ScramKeys | None = None


class AppPassword(Struct, frozen=True):
    """A password of its own for one device. `secret` is its `app_secret`; times in ms, `used` 0 before the first."""

    label: str
    secret: str
    created: int
    used: int = 0


class Account(Struct, frozen=True):
    """A durable identity. `name` as it is spelled, `secret` an encoded password hash, `created` in ms.

    `certs` are the fingerprints of client certificates (SHA-256 in hex), sorted; `options` what its owner chose.
    `former` is the mark of an older hash of the same password, whose logins stand.
    """

    name: str
    secret: str
    created: int
    scram: ScramKeys | None = None
    certs: tuple[str, ...] = ()
    apps: tuple[AppPassword, ...] = ()
    options: dict[str, str] = {}
    former: str = ""

    @property
    def marks(self) -> frozenset[str]:
        """Of whatever lets somebody in: a login whose proof has none of them has been revoked."""
        proofs = (self.secret, *self.certs, *(app.secret for app in self.apps))
        return frozenset((*map(mark, proofs), *([self.former] if self.former else ())))

    def app(self, password: str) -> AppPassword | None:
        """The device whose password this is."""
        secret = app_secret(password)
        return next((app for app in self.apps if hmac.compare_digest(app.secret, secret)), None)

    def with_keys(self, keys: Keys) -> Account:
        """The account with another password."""
        return replace(self, secret=keys.secret, scram=keys.scram, former="")

    def with_renewed(self, keys: Keys) -> Account:
        """The account with the same password, kept as passwords are kept today."""
        return replace(self, secret=keys.secret, scram=keys.scram, former=mark(self.secret))

    def with_app(self, app: AppPassword) -> Account:
        """The account with a device's password, in the place of the one that this device had."""
        others = self.without(app.label)
        return replace(others, apps=(*others.apps, app))

    def with_cert(self, fingerprint: str) -> Account:
        return replace(self, certs=tuple(sorted({*self.certs, fingerprint})))

    def without(self, key: str) -> Account:
        """The account without the device or the certificate of that name."""
        apps = tuple(app for app in self.apps if app.label != key)
        return replace(self, apps=apps, certs=tuple(cert for cert in self.certs if cert != key))


LABEL_MAX: Final = 32
"""Characters in the name of a device."""

DEVICES_MAX: Final = 32
"""Devices and certificates of one account: more than people have, few enough to look at."""

_FINGERPRINT: Final = re.compile("[0-9a-f]{64}")


def check_label(label: str) -> None:
    """Raises `Refused` for what cannot name a device."""
    if not 0 < len(label) <= LABEL_MAX or not label.isprintable() or " " in label:
        raise Refused(Why.KEY_ILLEGAL, label, f"A device is named by one word of at most {LABEL_MAX} characters")


def check_fingerprint(fingerprint: str) -> str:
    """The fingerprint as it is kept, however it was written. Raises `Refused`."""
    plain = _hex_of(fingerprint) or fingerprint.replace(":", "").lower()
    if not _FINGERPRINT.fullmatch(plain):
        raise Refused(
            Why.KEY_ILLEGAL,
            fingerprint,
            "A certificate is named by its SHA-256 fingerprint in hex, a key by SHA256:...",
        )
    return plain


def _hex_of(fingerprint: str) -> str:
    """As ssh writes them: `SHA256:` and base64 without its end; "" for what is none."""
    kind, _, text = fingerprint.partition(":")
    if kind != "SHA256":
        return ""
    try:
        return b64decode(f"{text}=", validate=True).hex()
    except ValueError:
        return ""


class Login(Struct, frozen=True):
    """Somebody has shown who they are: the account's name, and what they showed: a hash, a fingerprint."""

    account: str
    proof: str


def mark(proof: str) -> str:
    """Enough to know a proof again, and not to show it."""
    return sha256(proof.encode()).hexdigest()[:32]


def app_secret(password: str) -> str:
    """What is kept of a device's password: the server makes them so random that a plain hash gives none away."""
    return f"sha256:{sha256(password.encode()).hexdigest()}"


class Accounts(Protocol):
    """Durable identities by folded name."""

    def find(self, key: str) -> Promise[Account | None]:
        """The account, or None."""

    def save(self, key: str, account: Account, *, new: bool) -> Promise[bool]:
        """Create (`new`) or replace; False where there is or once was one of that name, or none to replace.

        A certificate that leads to another account already stays theirs.
        """

    def change(self, key: str, how: Callable[[Account], Account]) -> Promise[Account | None]:
        """Replace an account by what `how` makes of it, with nothing in between; the account as it is then, or None.

        `how` may run on another thread, and must not fail.
        """

    def delete(self, key: str, *, erase: bool = False) -> Promise[bool]:
        """False where there was none. Nobody gets an account of that name again, unless it is erased."""

    def every(self) -> Promise[list[Account]]:
        """All accounts, by name."""

    def certified(self, fingerprint: str) -> Promise[Account | None]:
        """The account that a certificate leads to."""

    def revision(self) -> Promise[int]:
        """A number that rises whenever something that lets somebody in is taken away, by whomever."""


class Invitations(Protocol):
    """Codes that let somebody make an account; only hashes are kept."""

    def invite(self, code: str, now: int) -> Promise[None]:
        """Let this code be used once. `now` is in ms."""

    def redeem(self, code: str) -> Promise[bool]:
        """Whether it could be used; it cannot be used again."""


class TooBusy(Exception):
    """More passwords wait to be checked than can be answered in time."""


class Passwords(Protocol):
    """Proves and encodes passwords where the cost disturbs nobody. Both may fail with `TooBusy`."""

    def is_dated(self, secret: str) -> bool:
        """Whether it was encoded as passwords are not any more."""

    def verify(self, secret: str | None, password: str) -> Promise[bool]:
        """Whether a password fits a secret; for no secret it is no, after as much time."""

    def encode(self, password: str) -> Promise[Keys]:
        """What is to be kept of a new password."""

    def invent(self) -> str:
        """A word that nobody guesses: a device's password, or a code."""

    def nobodys(self, key: str) -> ScramKeys:
        """Keys to challenge somebody with who has no account: for one name always the same, and no password fits."""
