"""Accounts: the same in memory, in the server's database, and in that of a server that runs elsewhere."""

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from itertools import pairwise

import pytest
from msgspec.structs import replace

from hubbub.hub.account import AppPassword, Keys, ScramKeys
from hubbub.hub.ports import Account, Accounts
from hubbub.stores.memory_accounts import MemoryAccounts
from hubbub.stores.sqlite import SqliteAccounts, Visit
from hubbub.stores.sqlite_file import for_a_moment
from tests.stores.conftest import Files
from tests.stores.shelf import Loop

MAYA = Account("Maya", "$argon2id$maya", 1)
LEO = Account("leo", "$argon2id$leo", 2)
SCRAM = ScramKeys(b"salt", 4096, b"\x00stored", b"\xffserver")
PHONE = AppPassword("phone", "sha256:phone", 3, 4)
RICH = Account(
    "Maya", "$argon2id$maya", 1, SCRAM, ("ab12", "cd34"), (PHONE,), {"email": "maya@home.example"}, "former mark"
)


@dataclass
class Register:
    accounts: Accounts
    loop: Loop

    def save(self, key: str, account: Account, *, new: bool) -> bool:
        return self.loop.wait(self.accounts.save(key, account, new=new))

    def find(self, key: str) -> Account | None:
        return self.loop.wait(self.accounts.find(key))

    def change(self, key: str, how: Callable[[Account], Account]) -> Account | None:
        return self.loop.wait(self.accounts.change(key, how))

    def delete(self, key: str, *, erase: bool = False) -> bool:
        return self.loop.wait(self.accounts.delete(key, erase=erase))

    def certified(self, fingerprint: str) -> Account | None:
        return self.loop.wait(self.accounts.certified(fingerprint))

    def revision(self) -> int:
        return self.loop.wait(self.accounts.revision())

    def every(self) -> list[Account]:
        return self.loop.wait(self.accounts.every())


@pytest.fixture(params=["memory", "sqlite", "visit", "visit beside a server"])
def register(request: pytest.FixtureRequest, files: Files) -> Register:
    kinds: dict[str, Callable[[], Accounts]] = {
        "memory": MemoryAccounts,
        "sqlite": lambda: SqliteAccounts(files.store()),
        "visit": lambda: SqliteAccounts(Visit(files.directory)),
        "visit beside a server": lambda: SqliteAccounts(Visit(files.directory)),
    }
    if request.param == "visit beside a server":
        files.store()
    return Register(kinds[request.param](), files.loop)


def test_a_new_account_is_found_as_it_was_saved(register: Register) -> None:
    """Found by its key, spelled as its owner spells it."""
    assert register.save("maya", MAYA, new=True)
    assert register.find("maya") == MAYA


def test_nobody_takes_a_name_that_is_taken(register: Register) -> None:
    """Creating what exists changes nothing."""
    register.save("maya", MAYA, new=True)
    assert not register.save("maya", LEO, new=True)
    assert register.find("maya") == MAYA


def test_a_secret_can_be_changed(register: Register) -> None:
    """Replacing needs somebody to replace."""
    changed = Account("Maya", "$argon2id$changed", 1)
    assert not register.save("maya", changed, new=False)
    register.save("maya", MAYA, new=True)
    assert register.save("maya", changed, new=False)
    assert register.find("maya") == changed


def test_an_account_can_be_deleted_once(register: Register) -> None:
    """Deleting nobody is said to be so."""
    register.save("maya", MAYA, new=True)
    assert register.delete("maya")
    assert not register.delete("maya")
    assert register.find("maya") is None


def test_all_that_an_account_has_is_kept(register: Register) -> None:
    """SCRAM's keys, certificates, the devices' passwords, and what its owner chose."""
    assert register.save("maya", RICH, new=True)
    assert register.find("maya") == RICH
    assert register.every() == [RICH]


def test_an_account_is_changed_as_it_is_found(register: Register) -> None:
    """Whoever changes one thing keeps what others changed meanwhile; nobody's account is changed to nothing."""
    register.save("maya", RICH, new=True)
    changed = register.change("maya", lambda account: replace(account, apps=()))
    assert changed == replace(RICH, apps=())
    assert register.find("maya") == changed
    assert register.change("leo", lambda account: account) is None


def test_a_certificate_leads_to_one_account(register: Register) -> None:
    """Who registered it first keeps it, until they take it away."""
    register.save("maya", RICH, new=True)
    register.save("leo", replace(LEO, certs=("cd34", "ef56")), new=True)
    assert register.certified("cd34") == RICH
    assert register.certified("ef56") == replace(LEO, certs=("ef56",))
    register.change("maya", lambda account: replace(account, certs=()))
    assert register.certified("cd34") is None


def test_the_name_of_a_deleted_account_is_given_to_nobody(register: Register) -> None:
    """What was said to its owner must not fall to whoever takes the name next."""
    register.save("maya", RICH, new=True)
    register.delete("maya")
    assert not register.save("maya", LEO, new=True)
    assert not register.save("maya", LEO, new=False)
    assert register.every() == []
    assert register.certified("ab12") is None


def test_an_erased_name_is_free(register: Register) -> None:
    """An operator may say that nothing is left to protect, also later."""
    register.save("maya", RICH, new=True)
    assert register.delete("maya", erase=True)
    assert register.save("maya", MAYA, new=True)
    assert register.delete("maya")
    assert register.delete("maya", erase=True)
    assert not register.delete("maya", erase=True)
    assert register.save("maya", LEO, new=True)


def test_the_revision_rises_when_a_way_in_is_taken_away(register: Register) -> None:
    """A new password, a device's password or certificate less, an account less; nothing else."""
    register.save("maya", replace(RICH, former=""), new=True)
    revisions = [register.revision()]
    for how in (
        lambda account: replace(account, options={}),
        lambda account: replace(account, apps=(*account.apps, AppPassword("laptop", "sha256:laptop", 5))),
        lambda account: replace(account, apps=(replace(PHONE, used=9),)),
        lambda account: account.with_renewed(Keys("$argon2id$renewed")),
        lambda account: replace(account, certs=("ab12",)),
        lambda account: replace(account, secret="$argon2id$new"),
    ):
        register.change("maya", how)
        revisions.append(register.revision())
    register.delete("nobody")
    register.delete("maya")
    revisions.append(register.revision())
    rises = [after - before for before, after in pairwise(revisions)]
    assert rises == [0, 0, 1, 0, 1, 1, 1]


def test_an_invitation_is_used_once(register: Register) -> None:
    """And only one that was given."""
    invitations = register.accounts
    assert isinstance(invitations, MemoryAccounts | SqliteAccounts)
    register.loop.wait(invitations.invite("c0de", 1))
    assert not register.loop.wait(invitations.redeem("other"))
    assert register.loop.wait(invitations.redeem("c0de"))
    assert not register.loop.wait(invitations.redeem("c0de"))


def test_every_account_is_listed_by_name(register: Register) -> None:
    """None to begin with, then all, in an order that people can read."""
    register.delete("nobody")
    assert register.every() == []
    register.save("maya", MAYA, new=True)
    register.save("leo", LEO, new=True)
    assert register.every() == [LEO, MAYA]


def test_a_change_from_beside_is_seen_at_once(files: Files) -> None:
    """An operator changes an account while the server runs, and the next login knows."""
    server = Register(SqliteAccounts(files.store()), files.loop)
    visitor = Register(SqliteAccounts(Visit(files.directory)), files.loop)
    assert server.find("maya") is None
    visitor.save("maya", MAYA, new=True)
    assert server.find("maya") == MAYA
    server.delete("maya")
    assert visitor.find("maya") is None


def test_an_account_is_looked_up_within_the_call(register: Register) -> None:
    """Everybody who comes in is looked up: handing that to a thread and back would be half of what coming in costs."""
    register.save("maya", MAYA, new=True)
    assert register.accounts.find("maya").result() == MAYA
    assert register.accounts.find("leo").result() is None


def test_a_look_does_not_hold_the_log_back(files: Files) -> None:
    """A statement that is not read to its end keeps its state of the database, and the log could never shrink."""
    server = Register(SqliteAccounts(files.store()), files.loop)
    server.save("maya", MAYA, new=True)
    assert server.find("maya") == MAYA
    server.save("leo", LEO, new=True)
    with closing(for_a_moment(files.directory)) as beside:
        busy, _, _ = beside.execute("PRAGMA wal_checkpoint(TRUNCATE)").get
    assert not busy


def test_accounts_outlive_the_server(files: Files) -> None:
    """A restart forgets nobody."""
    Register(SqliteAccounts(files.store()), files.loop).save("maya", MAYA, new=True)
    files.close()
    assert Register(SqliteAccounts(files.store()), files.loop).every() == [MAYA]
