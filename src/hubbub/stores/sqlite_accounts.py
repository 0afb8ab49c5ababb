"""The accounts in the database's file; every look goes to the file, so that changes from beside are seen."""

from collections.abc import Callable
from typing import Any, Final, Protocol, TypeVar

import apsw
import msgspec

from hubbub.hub.account import Account, AppPassword, ScramKeys
from hubbub.hub.promise import Promise

R = TypeVar("R")

_ACCOUNT: Final = """
SELECT name, secret, created, details, (SELECT group_concat(fingerprint, ' ') FROM cert WHERE cert.account = key)
FROM account WHERE secret <> ''
"""
_FIND: Final = _ACCOUNT + "AND key = ?"
_CERTIFIED: Final = _ACCOUNT + "AND key = (SELECT cert.account FROM cert WHERE fingerprint = ?)"  # noqa: S608 - all ours
_EVERY: Final = _ACCOUNT + "ORDER BY key"
_CREATE: Final = """
INSERT INTO account (key, name, secret, created, details) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING RETURNING key
"""
_REPLACE: Final = """
UPDATE account SET name = ?2, secret = ?3, created = ?4, details = ?5 WHERE key = ?1 AND secret <> '' RETURNING key
"""
_CLOSE: Final = "UPDATE account SET secret = '', details = NULL WHERE key = ? AND secret <> '' RETURNING key"
_ERASE: Final = "DELETE FROM account WHERE key = ? RETURNING key"
_CERTIFY: Final = "INSERT OR IGNORE INTO cert (fingerprint, account) VALUES (?, ?)"
_REVOKED: Final = """
INSERT INTO meta (key, value) VALUES ('revision', 1) ON CONFLICT (key) DO UPDATE SET value = value + 1
"""


class _Details(msgspec.Struct, frozen=True, omit_defaults=True):
    """What an account has beside its columns, as its row keeps it."""

    scram: ScramKeys | None = None
    apps: tuple[AppPassword, ...] = ()
    options: dict[str, str] = {}
    former: str = ""


class Desk(Protocol):
    """Where work on the database is handed in, for an answer later."""

    def glance(self, work: Callable[[apsw.Connection], R]) -> Promise[R]:
        """One statement that looks a row up: so little work that it may be done within the call."""

    def read(self, work: Callable[[apsw.Connection], R]) -> Promise[R]: ...

    def write(self, work: Callable[[apsw.Connection], R]) -> Promise[R]: ...


class SqliteAccounts:
    """`Accounts` and `Invitations`."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def find(self, key: str) -> Promise[Account | None]:
        return self._desk.glance(lambda database: _find(database, key))

    def save(self, key: str, account: Account, *, new: bool) -> Promise[bool]:
        return self._desk.write(lambda database: _save(database, key, account, new=new))

    def change(self, key: str, how: Callable[[Account], Account]) -> Promise[Account | None]:
        return self._desk.write(lambda database: _change(database, key, how))

    def delete(self, key: str, *, erase: bool = False) -> Promise[bool]:
        return self._desk.write(lambda database: _delete(database, key, erase=erase))

    def every(self) -> Promise[list[Account]]:
        return self._desk.read(lambda database: [_account(*row) for row in database.execute(_EVERY)])

    def certified(self, fingerprint: str) -> Promise[Account | None]:
        return self._desk.glance(lambda database: _one(database, _CERTIFIED, fingerprint))

    def revision(self) -> Promise[int]:
        query = "SELECT value FROM meta WHERE key = 'revision'"
        return self._desk.glance(lambda database: int(database.execute(query).get or 0))

    def invite(self, code: str, now: int) -> Promise[None]:
        change = "INSERT OR IGNORE INTO invitation (code, created) VALUES (?, ?)"
        return self._desk.write(lambda database: _do(database, change, code, now))

    def redeem(self, code: str) -> Promise[bool]:
        change = "DELETE FROM invitation WHERE code = ? RETURNING code"
        return self._desk.write(lambda database: bool(database.execute(change, (code,)).fetchall()))


def _find(database: apsw.Connection, key: str) -> Account | None:
    return _one(database, _FIND, key)


def _one(database: apsw.Connection, query: str, argument: str) -> Account | None:
    rows = database.execute(query, (argument,)).fetchall()
    return _account(*rows[0]) if rows else None


def _account(*row: Any) -> Account:
    name, secret, created, text, certs = row
    details = msgspec.json.decode(text, type=_Details) if text else _Details()
    known = tuple(sorted(certs.split())) if certs else ()
    return Account(name, secret, created, details.scram, known, details.apps, details.options, details.former)


def _save(database: apsw.Connection, key: str, account: Account, *, new: bool) -> bool:
    old = None if new else _find(database, key)
    details = msgspec.json.encode(_Details(account.scram, account.apps, account.options, account.former)).decode()
    row = (key, account.name, account.secret, account.created, None if details == "{}" else details)
    if not database.execute(_CREATE if new else _REPLACE, row).fetchall():
        return False
    _do(database, "DELETE FROM cert WHERE account = ?", key)
    database.executemany(_CERTIFY, [(fingerprint, key) for fingerprint in account.certs])
    if old is not None and not old.marks <= account.marks:
        _do(database, _REVOKED)
    return True


def _change(database: apsw.Connection, key: str, how: Callable[[Account], Account]) -> Account | None:
    old = _find(database, key)
    if old is None:
        return None
    new = how(old)
    if new != old:
        _save(database, key, new, new=False)
    return _find(database, key)


def _delete(database: apsw.Connection, key: str, *, erase: bool) -> bool:
    _do(database, "DELETE FROM cert WHERE account = ?", key)
    known = bool(database.execute(_ERASE if erase else _CLOSE, (key,)).fetchall())
    if known:
        _do(database, _REVOKED)
    return known


def _do(database: apsw.Connection, change: str, *arguments: Any) -> None:
    database.execute(change, arguments)
