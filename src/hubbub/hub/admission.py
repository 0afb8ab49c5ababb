"""Who somebody is here: logging in and out, and which names and passwords an account may have."""

from __future__ import annotations

from typing import Final

from hubbub.hub.events import LoggedIn, LoggedOut
from hubbub.hub.refusals import Refused, Why
from hubbub.hub.staying import Staying
from hubbub.hub.user import User

PASSWORD_MIN: Final = 8
"""Characters. NIST SP 800-63B asks for no less, and for no rules about which."""

PASSWORD_MAX: Final = 300
"""Bytes: it has to fit on a line with the command before it."""


class Admission(Staying):
    def log_in(self, user: User, account: str) -> LoggedIn | None:
        """None where they are logged in as that already."""
        if user.account == account:
            return None
        self.check_alone(user)
        return LoggedIn(user.who, (), account)

    def log_out(self, user: User, identity: str) -> LoggedOut:
        """`identity` names the guest that they are from then on, as nobody else was ever named."""
        if not user.account:
            raise Refused(Why.NOT_LOGGED_IN)
        self.check_alone(user)
        return LoggedOut(user.who, (), identity, facts=self.stay(user, False).facts if user.stays else ())

    @staticmethod
    def check_alone(user: User) -> None:
        """Who has several devices here is all of them at once: none may take the others along to another account."""
        if user.account and len(user.sessions) > 1:
            raise Refused(Why.NOT_ALONE, user.account)

    def check_account(self, name: str, wearer: User | None) -> str:
        """The folded name, if an account of `wearer`'s may be called so. Raises `Refused`."""
        key = self.fold(name)
        if not self.rules.legal_nick(name) or key in self.rules.services:
            raise Refused(Why.ACCOUNT_ILLEGAL, name)
        holder = self.users.get(key) or self.claims.get(key)
        if holder is not None and holder is not wearer:  # nobody's nick is taken from them by giving it an account
            raise Refused(Why.ACCOUNT_TAKEN, name)
        return key

    def check_password(self, name: str, password: str) -> None:
        """Raises `Refused` where an account called `name` would be ill protected by it."""
        if len(password.encode()) > PASSWORD_MAX or not password.isprintable():
            raise Refused(Why.PASSWORD_ILLEGAL, name)
        if len(password) < PASSWORD_MIN or self.fold(password) == self.fold(name) or len(set(password)) == 1:
            raise Refused(Why.PASSWORD_WEAK, name)
