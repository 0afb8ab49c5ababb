"""Logins: somebody shows which account is theirs, by its password, by a device's, or by a certificate.

Whoever asks learns as little as can be: an account that is not there and a password that is wrong are one answer, after
the same work. Failures are counted by address and by account; what nobody can guess is not counted at all.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, TypeVar

from msgspec.structs import replace

from hubbub.hub.account import Account, AppPassword, Login, Passwords, ScramKeys, TooBusy
from hubbub.hub.addresses import neighbourhood
from hubbub.hub.ports import StoreFailed
from hubbub.hub.promise import Promise
from hubbub.hub.refusals import Refused, Why
from hubbub.server.server import Server
from hubbub.server.session import Session
from hubbub.server.throttle import Throttle

T = TypeVar("T")

_CROWD: Final = 10
"""How many addresses' worth of failures lock an account: its owner, elsewhere, is not locked out by one stranger."""

_USED_MS: Final = 60_000
"""How exactly it is kept when a device's password was used last: each time would be a write of its own."""


ROLE: Final = "role"
"""What an account was granted on the server: moderator, admin or owner. Only who runs the server can say so."""

ALWAYS_ON: Final = "always-on"
"""The option of an account that says whether its owner stays: "true", "false", or "" for what the house does."""


@dataclass(frozen=True, slots=True)
class AccountRules:
    """What an operator says of accounts. `registration` is open, invite or closed; `window` is in seconds.

    `always_on` is who stays without a device: who asks for it (opt-in), who does not refuse it (opt-out), nobody (off).
    """

    registration: str = "open"
    before_connect: bool = True
    email_required: bool = False
    guests: bool = True
    reserve_nicks: bool = True
    always_on: str = "opt-in"
    attempts: int = 10
    window: float = 600.0

    def stays(self, account: Account) -> bool:
        """Whether its owner stays present without a device."""
        if self.always_on == "off":
            return False
        chosen = account.options.get(ALWAYS_ON, "")
        return chosen == "true" or (not chosen and self.always_on == "opt-out")


@dataclass(frozen=True, slots=True)
class Claim:
    """Somebody at `address` says that the account called `key` is theirs; `account` is None where there is none.

    `keys` are what SCRAM challenges them with, whether there is an account or not.
    """

    key: str
    address: str
    account: Account | None
    keys: ScramKeys


class Logins:
    """Every coroutine raises `Refused`: LOGIN_FAILED, or LOGIN_LATER with a sentence."""

    def __init__(self, server: Server, passwords: Passwords, rules: AccountRules) -> None:
        self.server: Final = server
        self.passwords: Final = passwords
        self.rules = rules
        self.fresh: set[Session[Any]] = set()
        """Sessions that logged in lately: what let them in may have been taken back meanwhile."""
        self._throttle = Throttle()

    async def by_password(self, name: str, password: str, address: str) -> Login:
        """By the account's password, or by the one of a device, which needs no slow check: it cannot be guessed."""
        account = await self.find(name)
        app = account.app(password) if account is not None else None
        if account is not None and app is not None:
            await self._note(account, app)
            return Login(account.name, app.secret)
        secret, key = account.secret if account is not None else None, self.server.hub.fold(name)
        if not await self.fits(secret, password, address, key) or account is None:
            raise Refused(Why.LOGIN_FAILED)
        if self.passwords.is_dated(account.secret):
            await self._renew(key, account.secret, password)
        return Login(account.name, account.secret)

    async def by_certificate(self, fingerprint: str, name: str = "") -> Login:
        """By the certificate that the connection showed; `name` is the account that is meant, if that is said."""
        account = await asked(self.server.accounts.certified(fingerprint)) if fingerprint else None
        if account is None or (name and self.server.hub.fold(name) != self.server.hub.fold(account.name)):
            raise Refused(Why.LOGIN_FAILED)
        return Login(account.name, fingerprint)

    async def claim(self, name: str, address: str) -> Claim:
        """The beginning of a login in several steps, whose end `decide` is told."""
        return self._claim(name, address, await self.find(name))

    def decide(self, claim: Claim, fits: bool) -> Login:
        """The end of it."""
        self.check_patience(claim.address, claim.key)
        if claim.account is None or not fits:
            self.failed(claim.address, claim.key)
            raise Refused(Why.LOGIN_FAILED)
        return Login(claim.account.name, claim.account.secret)

    async def fits(self, secret: str | None, password: str, address: str, key: str = "") -> bool:
        """Whether a password fits, None being nobody's; a guess that is wrong is counted.

        Many may be made at once: what is found out when too many others were wrong meanwhile, nobody is told.
        """
        self.check_patience(address, key)
        fits = await asked(self.passwords.verify(secret, password))
        self.check_patience(address, key)
        if not fits:
            self.failed(address, key)
        return fits

    async def check_nick(self, nick: str, account: str) -> None:
        """Raises `Refused(NICK_OWNED)` where the nick is the name of somebody else's account."""
        fold = self.server.hub.fold
        if self.rules.reserve_nicks and fold(nick) != fold(account) and await self.find(nick) is not None:
            raise Refused(Why.NICK_OWNED, nick)

    async def find(self, name: str) -> Account | None:
        return await asked(self.server.accounts.find(self.server.hub.fold(name)))

    def check_patience(self, address: str, key: str = "") -> None:
        """Raises `Refused(LOGIN_LATER)` for those who failed too often."""
        rules, now = self.rules, self.server.clock.monotonic()
        wait = self._throttle.wait([_place(address)], now, rules.attempts, rules.window)
        crowd = self._throttle.wait([_name(key)], now, rules.attempts * _CROWD, rules.window)
        if max(wait, crowd) > 0:
            minutes = f"{max(wait, crowd) // 60 + 1:.0f}"
            raise Refused(Why.LOGIN_LATER, f"Too many logins failed; try again in {minutes} minutes")

    def failed(self, address: str, key: str = "") -> None:
        """Count a guess that was wrong."""
        names = [_place(address), _name(key)] if key else [_place(address)]
        self._throttle.failed(names, self.server.clock.monotonic(), self.rules.window)

    def forgive(self, address: str) -> None:
        """What was counted as a guess turned out to be none."""
        self._throttle.forgive([_place(address)])

    def admit(self, session: Session[Any], login: Login) -> None:
        """From now on the session rests on this login, and ends when that is taken back."""
        session.login = login
        self.fresh.add(session)

    def _claim(self, name: str, address: str, account: Account | None) -> Claim:
        key = self.server.hub.fold(name)
        self.check_patience(address, key)
        nobodys = self.passwords.nobodys(key)
        return Claim(key, address, account, account.scram if account and account.scram else nobodys)

    async def _renew(self, key: str, secret: str, password: str) -> None:
        """Keep the password as it is kept today: a check of another length would tell which accounts there are."""
        try:
            keys = await self.passwords.encode(password)
            await self.server.accounts.change(key, lambda a: a.with_renewed(keys) if a.secret == secret else a)
        except (TooBusy, StoreFailed):
            return  # at the next login, then

    async def _note(self, account: Account, app: AppPassword) -> None:
        """Keep when a device was last here."""
        now = self.server.clock.now()
        if now - app.used < _USED_MS:
            return
        used = replace(app, used=now)

        def note(found: Account) -> Account:
            return replace(found, apps=tuple(used if known.secret == app.secret else known for known in found.apps))

        await asked(self.server.accounts.change(self.server.hub.fold(account.name), note))


async def asked(promise: Promise[T]) -> T:
    """What a port answers; where it cannot, that is a refusal and no fault."""
    try:
        return await promise
    except TooBusy:
        raise Refused(Why.LOGIN_LATER, "Too many people are logging in just now; try again in a few seconds") from None
    except StoreFailed:
        raise Refused(Why.LOGIN_LATER, "The server cannot reach its accounts just now; try again later") from None


def _place(address: str) -> str:
    return f"@{neighbourhood(address)}"


def _name(key: str) -> str:
    return f"={key}"
