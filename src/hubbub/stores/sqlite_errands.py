"""Errands in the database's file, left there by one process and done by another."""

from __future__ import annotations

from typing import TypeVar

import apsw
import msgspec

from hubbub.hub.errands import ERRAND, Errand, fact_of
from hubbub.hub.invites import INVITE, Invite
from hubbub.hub.promise import Promise
from hubbub.stores.sqlite_accounts import Desk

T = TypeVar("T")


class SqliteErrands:
    """`Errands`, and a look at the invites that there are."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def leave(self, errand: Errand, now: int) -> Promise[None]:
        fact = fact_of(errand)
        change = "REPLACE INTO fact (scope, key, field, value, ts) VALUES (?, ?, ?, ?, ?)"
        row = (fact.scope, fact.key, fact.field, fact.value, now)
        return self._desk.write(lambda database: _do(database, change, row))

    def waiting(self) -> Promise[list[Errand]]:
        return self._desk.read(lambda database: _all(database, ERRAND, Errand))

    def drop(self, errand: Errand) -> Promise[None]:
        fact = fact_of(errand)
        change = "DELETE FROM fact WHERE scope = ? AND key = ? AND field = ?"
        return self._desk.write(lambda database: _do(database, change, (fact.scope, fact.key, fact.field)))

    def invites(self) -> Promise[list[Invite]]:
        """All that are remembered, whether they hold or not; the oldest first."""
        return self._desk.read(lambda database: _all(database, INVITE, Invite))


def _all(database: apsw.Connection, scope: str, kind: type[T]) -> list[T]:
    query = "SELECT value FROM fact WHERE scope = ? ORDER BY ts"
    return [msgspec.json.decode(str(value), type=kind) for (value,) in database.execute(query, (scope,))]


def _do(database: apsw.Connection, change: str, row: tuple[str | int | None, ...]) -> None:
    database.execute(change, row)
