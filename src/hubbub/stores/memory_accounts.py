"""Accounts that are gone with the process; otherwise the contract is that of the port."""

from collections.abc import Callable

from msgspec.structs import replace

from hubbub.hub.account import Account
from hubbub.hub.promise import Promise, kept


class MemoryAccounts:
    """`Accounts` and `Invitations`. Every promise is kept within the call."""

    def __init__(self) -> None:
        self._accounts: dict[str, Account] = {}
        self._names: set[str] = set()  # those of deleted accounts among them
        self._owners: dict[str, str] = {}
        self._codes: set[str] = set()
        self._revision = 0

    def find(self, key: str) -> Promise[Account | None]:
        return kept(self._accounts.get(key))

    def save(self, key: str, account: Account, *, new: bool) -> Promise[bool]:
        if key in (self._names if new else ()) or (key in self._accounts) == new:
            return kept(False)
        old = self._accounts.get(key)
        self._put(key, account)
        if old is not None and not old.marks <= account.marks:
            self._revision += 1
        return kept(True)

    def change(self, key: str, how: Callable[[Account], Account]) -> Promise[Account | None]:
        old = self._accounts.get(key)
        if old is not None:
            self.save(key, how(old), new=False)
        return self.find(key)

    def delete(self, key: str, *, erase: bool = False) -> Promise[bool]:
        self._disown(key)
        known = self._accounts.pop(key, None) is not None
        if erase:
            known = key in self._names
            self._names.discard(key)
        self._revision += known
        return kept(known)

    def every(self) -> Promise[list[Account]]:
        return kept([account for _, account in sorted(self._accounts.items())])

    def certified(self, fingerprint: str) -> Promise[Account | None]:
        return self.find(self._owners.get(fingerprint, ""))

    def revision(self) -> Promise[int]:
        return kept(self._revision)

    def invite(self, code: str, now: int) -> Promise[None]:
        self._codes.add(code)
        return kept(None)

    def redeem(self, code: str) -> Promise[bool]:
        known = code in self._codes
        self._codes.discard(code)
        return kept(known)

    def _put(self, key: str, account: Account) -> None:
        self._disown(key)
        certs = tuple(sorted(cert for cert in account.certs if self._owners.setdefault(cert, key) == key))
        self._accounts[key] = replace(account, certs=certs)
        self._names.add(key)

    def _disown(self, key: str) -> None:
        self._owners = {cert: owner for cert, owner in self._owners.items() if owner != key}
