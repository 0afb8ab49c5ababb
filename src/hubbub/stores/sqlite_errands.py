"""Errands in the database's file, left there by one process and done by another."""

from __future__ import annotations

import apsw
import msgspec

from hubbub.hub.errands import ERRAND, AnyErrand, errand_in, fact_of
from hubbub.hub.invites import INVITE, Invite
from hubbub.hub.promise import Promise
from hubbub.stores.sqlite_accounts import Desk


class SqliteErrands:
    """`Errands`, and a look at the invites that there are."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def leave(self, errand: AnyErrand, now: int) -> Promise[None]:
        fact = fact_of(errand)
        change = "REPLACE INTO fact (scope, key, field, value, ts) VALUES (?, ?, ?, ?, ?)"
        row = (fact.scope, fact.key, fact.field, fact.value, now)
        return self._desk.write(lambda database: _do(database, change, row))

    def waiting(self) -> Promise[list[AnyErrand]]:
        return self._desk.read(lambda database: [errand_in(field, value) for field, value in _all(database, ERRAND)])

    def drop(self, errand: AnyErrand) -> Promise[None]:
        fact = fact_of(errand)
        change = "DELETE FROM fact WHERE scope = ? AND key = ? AND field = ?"
        return self._desk.write(lambda database: _do(database, change, (fact.scope, fact.key, fact.field)))

    def invites(self) -> Promise[list[Invite]]:
        """All that are remembered, whether they hold or not; the oldest first."""
        return self._desk.read(
            lambda database: [msgspec.json.decode(value, type=Invite) for _, value in _all(database, INVITE)]
        )


def _all(database: apsw.Connection, scope: str) -> list[tuple[str, str]]:
    """Fields and values, the oldest first."""
    query = "SELECT field, value FROM fact WHERE scope = ? ORDER BY ts"
    return [(str(field), str(value)) for field, value in database.execute(query, (scope,))]


def _do(database: apsw.Connection, change: str, row: tuple[str | int | None, ...]) -> None:
    database.execute(change, row)
