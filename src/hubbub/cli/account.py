"""`hubbub account`: accounts in a data directory, whether its server runs or not."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import TypeVar

import click

from hubbub import compose
from hubbub.cli.options import ask_password, config_option, data_option, fail, read_config
from hubbub.hub.account import Account, Accounts, app_secret, check_fingerprint
from hubbub.hub.ports import StoreFailed
from hubbub.hub.promise import Promise
from hubbub.hub.refusals import Refused

T = TypeVar("T")

_stdin_option = click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")


class _Anywhere(click.Group):
    """Its own options that take a value may stand behind the words of its commands, too."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Those in front again, where click looks for them; what stands behind a bare -- is nobody's option."""
        own = {name for option in self.params for name in option.opts}
        first: list[str] = []
        others: list[str] = []
        words = iter(args)
        for word in iter(lambda: next(words, "--"), "--"):
            name, given, _ = word.partition("=")
            into = first if name in own else others
            into += [word, *islice(words, 1)] if name in own and not given else [word]
        behind = list(words)
        return super().parse_args(ctx, [*first, *others, *(["--", *behind] if behind else [])])


@click.group(cls=_Anywhere)
@config_option
@data_option
@click.pass_context
def account(ctx: click.Context, config_path: Path | None, data: Path | None) -> None:
    """Create, change, list and delete accounts.

    The server may be running: it sees the change at once, and disconnects whoever came by what is taken away.
    --config and --data may stand behind the command, too.
    """
    ctx.obj = read_config(config_path, data)


@account.command()
@click.argument("name")
@_stdin_option
@click.pass_context
def create(ctx: click.Context, name: str, password_stdin: bool) -> None:
    """Create an account."""
    rules = compose.rules(ctx.obj)
    if not rules.legal_nick(name):
        fail(f"an account is named like a nick (ASCII letters, digits, []\\`_^{{|}}-), and {name!r} is not")
    if compose.fold(name) in rules.services:
        fail(f"{name} is the name of a service, which nobody may have")
    accounts = _accounts(ctx, make=True)
    if _now(accounts.find(compose.fold(name))) is not None:
        fail(f"there is an account {name} already; 'hubbub account passwd {name}' changes its password")
    if not _now(accounts.save(compose.fold(name), compose.new_account(name, ask_password(password_stdin)), new=True)):
        fail(
            f"there was an account {name}; what was said to it would fall to the new one. "
            f"'hubbub account delete {name} --forget' gives the name free"
        )
    click.echo(f"Created {name}.")
    click.echo("  On the page: I have an account.")
    click.echo(f"  In a terminal: HUBBUB_PASSWORD=… hubbub join HOST --account {name}")
    click.echo(f"  In an IRC client: SASL, or the server password {name}:PASSWORD")


@account.command()
@click.argument("name")
@_stdin_option
@click.pass_context
def passwd(ctx: click.Context, name: str, password_stdin: bool) -> None:
    """Set a new password. Whoever came by the old one is disconnected."""
    accounts = _accounts(ctx)
    _found(accounts, name)
    keys = compose.encode(ask_password(password_stdin))
    changed = _now(accounts.change(compose.fold(name), lambda account: account.with_keys(keys)))
    click.echo(f"Changed the password of {changed.name if changed else name}.")


@account.command()
@click.argument("name")
@click.argument("role", required=False, type=click.Choice([*compose.ROLES, "none"]))
@click.pass_context
def role(ctx: click.Context, name: str, role: str | None) -> None:
    """Show or grant the role of an account on the server; it counts from its next login on."""
    accounts = _accounts(ctx)
    found = _found(accounts, name)
    if role is None:
        click.echo(found.options.get(compose.ROLE) or "none")
        return
    granted = "" if role == "none" else role
    _now(accounts.change(compose.fold(name), lambda account: compose.with_role(account, granted)))
    click.echo(f"{found.name} is {role} of the server from the next login on.")


@account.command()
@click.argument("name")
@click.argument("device", required=False)
@click.option("--revoke", is_flag=True, help="Take the device's password back, and disconnect it.")
@click.pass_context
def app(ctx: click.Context, name: str, device: str | None, revoke: bool) -> None:
    """List the devices of an account; or make a password for one, and print it this once."""
    accounts = _accounts(ctx)
    found = _found(accounts, name)
    if device is None:
        for known in found.apps:
            click.echo(f"{_day(known.created)}  {known.label}  last used {_day(known.used) if known.used else 'never'}")
    elif revoke:
        _remove(accounts, found, device, [known.label for known in found.apps])
    else:
        password = compose.invent()
        made = _legal(compose.app_password, device, password)
        _now(accounts.change(compose.fold(name), lambda account: account.with_app(made)))
        click.echo(password)


@account.command()
@click.argument("name")
@click.argument("fingerprint", required=False)
@click.option("--remove", is_flag=True, help="Let this certificate open the account no longer.")
@click.pass_context
def cert(ctx: click.Context, name: str, fingerprint: str | None, remove: bool) -> None:
    """List the client certificates of an account; or add one, by its SHA-256 fingerprint in hex."""
    accounts = _accounts(ctx)
    found = _found(accounts, name)
    if fingerprint is None:
        click.echo("".join(f"{known}\n" for known in found.certs), nl=False)
        return
    plain = _legal(check_fingerprint, fingerprint)
    if remove:
        _remove(accounts, found, plain, found.certs)
        return
    changed = _now(accounts.change(compose.fold(name), lambda account: account.with_cert(plain)))
    if changed is None or plain not in changed.certs:
        fail("that certificate opens another account already; remove it there first")
    click.echo(f"Whoever shows this certificate may log in as {changed.name} by SASL EXTERNAL.")


@account.command()
@click.pass_context
def invite(ctx: click.Context) -> None:
    """Make a code with which somebody may make one account, where registration is "invite"."""
    code = compose.invent()
    _now(_accounts(ctx, make=True).invite(app_secret(code), compose.SystemClock().now()))
    click.echo(code)


@account.command("list")
@click.pass_context
def list_(ctx: click.Context) -> None:
    """List all accounts, with the day they were made, and their role on the server if they have one."""
    for found in _now(_accounts(ctx).every()):
        granted = found.options.get(compose.ROLE)
        click.echo(f"{_day(found.created)}  {found.name}" + (f"  {granted} of the server" if granted else ""))


@account.command()
@click.argument("name")
@click.option("--forget", is_flag=True, help="Give the name free: its next owner gets what was said to this one.")
@click.confirmation_option(prompt="Delete this account for good?")
@click.pass_context
def delete(ctx: click.Context, name: str, forget: bool) -> None:
    """Delete an account and disconnect it. What it said stays, and nobody gets its name."""
    accounts = _accounts(ctx)
    if not _now(accounts.delete(compose.fold(name), erase=forget)):
        fail(_unknown(accounts, name))
    click.echo(f"Deleted {name}.")


def _found(accounts: Accounts, name: str) -> Account:
    found = _now(accounts.find(compose.fold(name)))
    if found is None:
        fail(_unknown(accounts, name))
    return found


def _remove(accounts: Accounts, found: Account, key: str, known: Collection[str]) -> None:
    if key not in known:
        fail(f"{found.name} has no {key}; it has {', '.join(known) or 'none'}")
    _now(accounts.change(compose.fold(found.name), lambda account: account.without(key)))
    click.echo(f"{key} opens {found.name} no longer.")


def _legal(rule: Callable[..., T], *words: str) -> T:
    try:
        return rule(*words)
    except Refused as refused:
        fail(refused.about[-1])


def _day(ms: int) -> str:
    return f"{datetime.fromtimestamp(ms / 1000, UTC):%Y-%m-%d}"


def _accounts(ctx: click.Context, *, make: bool = False) -> compose.AccountBook:
    """Only who makes an account makes a data directory for it: a slip in a path is a slip, and not an empty house."""
    try:
        return compose.visit_accounts(ctx.obj, make=make)
    except compose.CannotStart as error:
        fail(str(error))


def _now(promise: Promise[T]) -> T:
    """What a visit promises is there at once."""
    try:
        return promise.result()
    except StoreFailed as error:
        fail(str(error))


def _unknown(accounts: Accounts, name: str) -> str:
    known = ", ".join(found.name for found in _now(accounts.every())[:10])
    return f"there is no account {name}; " + (f"known: {known}" if known else "there are none yet")
