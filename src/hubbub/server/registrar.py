"""The registrar: makes accounts and changes them for their owners. Commands and services in words are fronts to it.

Where an account must be verified first, by a code sent by mail or by an operator's invitation, it is kept in memory
until then: a restart forgets who had not finished.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol

from msgspec.structs import replace

from hubbub.hub.account import (
    DEVICES_MAX,
    Account,
    AppPassword,
    Invitations,
    Login,
    app_secret,
    check_fingerprint,
    check_label,
)
from hubbub.hub.addresses import neighbourhood
from hubbub.hub.promise import Promise
from hubbub.hub.refusals import Refused, Why
from hubbub.hub.user import User
from hubbub.server.logins import Logins, asked
from hubbub.server.throttle import Throttle

_EMAIL: Final = re.compile(r"[^@\s,:;<>]{1,64}@[^@\s,:;<>]{1,190}\.[^@\s,:;<>.]{2,63}")

_PENDING_MAX: Final = 1_000
_PENDING_SECONDS: Final = 3600.0


class Mailer(Protocol):
    def send(self, address: str, account: str, code: str) -> Promise[bool]:
        """Send a code to whoever wants to be `account`; whether it could be handed on."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody at `address` asks for; `wearer` is them if they are present, `email` is "" where none was given.

    `fingerprint` is that of a key which they have shown, and which is to open the account; it needs no password then.
    """

    name: str
    password: str
    email: str
    address: str
    wearer: User | None
    fingerprint: str = ""


@dataclass(frozen=True, slots=True)
class _Pending:
    """An account that waits for its code: the one whose hash is `code`, or any invitation where that is ""."""

    account: Account
    code: str
    until: float


class Registrar:
    """Every coroutine raises `Refused`."""

    def __init__(self, logins: Logins, invitations: Invitations, mailer: Mailer | None = None) -> None:
        self.logins: Final = logins
        self.mailer = mailer
        self._server = logins.server
        self._invitations = invitations
        self._pending: dict[str, _Pending] = {}
        self._made = Throttle()

    async def register(self, wish: Wish) -> Login | str:
        """Make an account; or what its owner has to do first, in a sentence."""
        try:
            return await self._register(wish)
        except Refused as refused:
            if refused.why is Why.LOGIN_LATER:
                raise Refused(Why.REGISTRATION_LATER, wish.name, *refused.about) from None
            raise

    async def verify(self, name: str, code: str, address: str) -> Login:
        """The code that an account waits for."""
        self.logins.check_patience(address)
        key = self._server.hub.fold(name)
        pending = self._pending.get(key)
        if pending is None or pending.until < self._server.clock.monotonic() or not await self._fits(pending, code):
            self.logins.failed(address)
            raise Refused(Why.CODE_WRONG, name)
        self._pending.pop(key, None)
        try:
            return await self._create(key, pending.account)
        except Refused:
            if not pending.code:
                await asked(self._invitations.invite(app_secret(code), self._server.clock.now()))  # not used after all
            raise

    async def set_password(self, name: str, password: str) -> Login:
        """Whoever came by the old one has to come again; the login that rests on the new one."""
        self._server.hub.check_password(name, password)
        keys = await asked(self.logins.passwords.encode(password))
        account = await self._change(name, lambda account: account.with_keys(keys))
        return Login(account.name, account.secret)

    async def add_device(self, name: str, label: str) -> str:
        """A password for one device, which is told this once; an older one of this device is taken back."""
        check_label(label)
        password = self.logins.passwords.invent()
        app = AppPassword(label, app_secret(password), self._server.clock.now())
        await self._check_room(name, label)
        await self._change(name, lambda account: account.with_app(app))
        return password

    async def add_certificate(self, name: str, fingerprint: str) -> str:
        """Let a certificate open the account; its fingerprint as it is kept."""
        plain = check_fingerprint(fingerprint)
        await self._check_room(name, plain)
        account = await self._change(name, lambda account: account.with_cert(plain))
        if plain not in account.certs:
            raise Refused(Why.KEY_ILLEGAL, plain, "That certificate opens another account already")
        return plain

    async def remove(self, name: str, key: str) -> None:
        """Take the password of a device back, or a certificate."""
        account = await self._account(name)
        known = (*(app.label for app in account.apps), *account.certs)
        named = key if key in known else key.replace(":", "").lower()
        if named not in known:
            raise Refused(Why.NO_SUCH_KEY, key)
        await self._change(name, lambda account: account.without(named))

    async def set_option(self, name: str, option: str, value: str) -> Account:
        """What an owner chose, which features of the house ask for."""
        return await self._change(name, lambda account: replace(account, options={**account.options, option: value}))

    async def account(self, name: str) -> Account:
        """The account of somebody who is logged in."""
        return await self._account(name)

    async def close(self, name: str) -> None:
        """Delete an account; nobody gets its name again, since what was said to it would fall to them."""
        if not await asked(self._server.accounts.delete(self._server.hub.fold(name))):
            raise Refused(Why.NOT_LOGGED_IN)

    async def _register(self, wish: Wish) -> Login | str:
        rules = self.logins.rules
        if rules.registration == "closed":
            raise Refused(Why.REGISTRATION_CLOSED, wish.name)
        key = self._server.hub.check_account(wish.name, wish.wearer)
        if rules.email_required and not _EMAIL.fullmatch(wish.email):
            raise Refused(Why.EMAIL_ILLEGAL, wish.name)
        if wish.password or not wish.fingerprint:
            self._server.hub.check_password(wish.name, wish.password)
        if await self.logins.find(wish.name) is not None:
            raise Refused(Why.ACCOUNT_TAKEN, wish.name)
        await self._check_key(wish.fingerprint)
        if rules.email_required and self.mailer is None:
            why = "This server wants to send you a code by mail, and cannot yet; ask an operator for an account"
            raise Refused(Why.REGISTRATION_LATER, wish.name, why)
        self._take_turn(wish)
        keys = await asked(self.logins.passwords.encode(wish.password or self.logins.passwords.invent()))
        certs = (wish.fingerprint,) if wish.fingerprint else ()
        account = Account(wish.name, keys.secret, self._server.clock.now(), keys.scram, certs)
        if rules.registration == "invite":
            self._wait(key, account, "")
            return f"An invitation is needed: send VERIFY {wish.name} and the code that an operator gave you"
        if rules.email_required:
            return await self._mail(key, account, wish.email)
        return await self._create(key, account)

    async def _check_key(self, fingerprint: str) -> None:
        """A key opens one account: a second one that rests on it alone could never be opened."""
        if fingerprint and await asked(self._server.accounts.certified(fingerprint)) is not None:
            raise Refused(Why.KEY_ILLEGAL, fingerprint, "Your key opens another account of yours already")

    async def _mail(self, key: str, account: Account, email: str) -> str:
        code = self.logins.passwords.invent()
        if self.mailer is None or not await self.mailer.send(email, account.name, code):
            raise Refused(Why.REGISTRATION_LATER, account.name, "The mail with your code could not be sent; try later")
        self._wait(key, replace(account, options={"email": email}), app_secret(code))
        return f"A code was sent to {email}: send VERIFY {account.name} and that code"

    async def _create(self, key: str, account: Account) -> Login:
        if not await asked(self._server.accounts.save(key, account, new=True)):
            raise Refused(Why.ACCOUNT_TAKEN, account.name)
        return Login(account.name, account.secret)

    async def _fits(self, pending: _Pending, code: str) -> bool:
        if pending.code:
            return pending.code == app_secret(code)
        return await asked(self._invitations.redeem(app_secret(code)))

    def _wait(self, key: str, account: Account, code: str) -> None:
        self._pending.pop(key, None)
        self._pending[key] = _Pending(account, code, self._server.clock.monotonic() + _PENDING_SECONDS)
        if len(self._pending) > _PENDING_MAX:
            del self._pending[next(iter(self._pending))]

    def _take_turn(self, wish: Wish) -> None:
        """One address makes as many accounts in a while as it may fail to log in."""
        rules, now, place = self.logins.rules, self._server.clock.monotonic(), [neighbourhood(wish.address)]
        if self._made.wait(place, now, rules.attempts, rules.window):
            why = "Too many accounts were made from your address lately; try again later"
            raise Refused(Why.REGISTRATION_LATER, wish.name, why)
        self._made.failed(place, now, rules.window)

    async def _check_room(self, name: str, key: str) -> None:
        account = (await self._account(name)).without(key)
        if len(account.apps) + len(account.certs) >= DEVICES_MAX:
            raise Refused(Why.KEY_ILLEGAL, key, f"You have {DEVICES_MAX} devices and certificates; remove one first")

    async def _account(self, name: str) -> Account:
        return _there(await self.logins.find(name))

    async def _change(self, name: str, how: Callable[[Account], Account]) -> Account:
        return _there(await asked(self._server.accounts.change(self._server.hub.fold(name), how)))


def _there(account: Account | None) -> Account:
    """Somebody may have deleted it meanwhile."""
    if account is None:
        raise Refused(Why.NOT_LOGGED_IN)
    return account
