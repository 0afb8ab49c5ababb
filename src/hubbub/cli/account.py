"""`hubbub account`: accounts in a data directory, whether its server runs or not."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import click

from hubbub import compose
from hubbub.cli.options import config_option, data_option, fail, read_config
from hubbub.hub.ports import Accounts, StoreFailed
from hubbub.hub.promise import Promise

T = TypeVar("T")

_stdin_option = click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")


@click.group()
@config_option
@data_option
@click.pass_context
def account(ctx: click.Context, config_path: Path | None, data: Path | None) -> None:
    """Create, change, list and delete accounts.

    The server may be running: it sees the change at the next login.
    """
    ctx.obj = read_config(config_path, data)


@account.command()
@click.argument("name")
@_stdin_option
@click.pass_context
def create(ctx: click.Context, name: str, password_stdin: bool) -> None:
    """Create an account."""
    if not compose.rules(ctx.obj).legal_nick(name):
        fail(f"an account is named like a nick (ASCII letters, digits, []\\`_^{{|}}-), and {name!r} is not")
    accounts = _accounts(ctx)
    if _now(accounts.find(compose.fold(name))) is not None:
        fail(f"there is an account {name} already; 'hubbub account passwd {name}' changes its password")
    if not _now(accounts.save(compose.fold(name), compose.new_account(name, _password(password_stdin)), new=True)):
        fail(f"somebody else created {name} just now")
    click.echo(f"Created {name}. IRC clients log in with the server password {name}:PASSWORD.")


@account.command()
@click.argument("name")
@_stdin_option
@click.pass_context
def passwd(ctx: click.Context, name: str, password_stdin: bool) -> None:
    """Set a new password."""
    accounts = _accounts(ctx)
    old = _now(accounts.find(compose.fold(name)))
    if old is None:
        fail(_unknown(accounts, name))
    new = compose.new_account(old.name, _password(password_stdin), created=old.created)
    if not _now(accounts.save(compose.fold(name), new, new=False)):
        fail(_unknown(accounts, name))
    click.echo(f"Changed the password of {old.name}.")


@account.command("list")
@click.pass_context
def list_(ctx: click.Context) -> None:
    """List all accounts, with the day they were made."""
    for found in _now(_accounts(ctx).every()):
        click.echo(f"{datetime.fromtimestamp(found.created / 1000, UTC):%Y-%m-%d}  {found.name}")


@account.command()
@click.argument("name")
@click.confirmation_option(prompt="Delete this account for good?")
@click.pass_context
def delete(ctx: click.Context, name: str) -> None:
    """Delete an account. What it said stays."""
    accounts = _accounts(ctx)
    if not _now(accounts.delete(compose.fold(name))):
        fail(_unknown(accounts, name))
    click.echo(f"Deleted {name}.")


def _accounts(ctx: click.Context) -> Accounts:
    try:
        return compose.visit_accounts(ctx.obj)
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
    return f"there is no account {name}; " + (f"there are {known}" if known else "there are none yet")


def _password(from_stdin: bool) -> str:
    if from_stdin:
        password = sys.stdin.readline().rstrip("\r\n")
    elif sys.stdin.isatty():
        password = click.prompt("Password", hide_input=True, confirmation_prompt=True, type=str)
    else:
        fail("no terminal to ask for the password on; give it with --password-stdin")
    if not password:
        fail("the password is empty; nothing was changed")
    return str(password)
