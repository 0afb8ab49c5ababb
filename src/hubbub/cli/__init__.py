"""The command line: `hubbub` and its subcommands, each imported when it is called, so that `--help` is quick.

Exit codes, the same for all: 0 done, 1 refused or failed (the reason on stderr), 2 wrong usage, 3 could not connect.
"""

from __future__ import annotations

from importlib import import_module
from typing import Final

import click

from hubbub import __version__

_GROUPS: Final = {
    "Talk": {
        "join": ("hubbub.cli.join:join", "Talk: on this hubbub or on any IRC network."),
        "web": ("hubbub.cli.web:web", "Talk in a browser, by a page of this computer."),
        "send": ("hubbub.client.cli:send", "Send one message and wait until it is safe."),
        "tail": ("hubbub.client.cli:tail", "Follow a room or a person."),
        "direct": ("hubbub.cli.direct:direct", "Talk with other machines, without a server."),
        "irc-setup": ("hubbub.cli.irc_setup:irc_setup", "Print what to paste into an IRC client."),
    },
    "Run a server": {
        "serve": ("hubbub.cli.serve:serve", "Run the chat server."),
        "promote": ("hubbub.cli.promote:promote", "Turn a direct conversation into a server."),
        "invite": ("hubbub.cli.invite:invite", "Bring guests in by codes."),
        "account": ("hubbub.cli.account:account", "Create, change, list and delete accounts."),
        "files": ("hubbub.cli.files:files", "List and remove the files that were shared."),
        "check": ("hubbub.cli.check:check", "Check the configuration without starting."),
        "doctor": ("hubbub.cli.doctor:doctor", "Look at what the server needs, and say what helps."),
    },
    "Keep what was said": {
        "log": ("hubbub.cli.log:log", "Print what was said, from the data directory."),
        "backup": ("hubbub.cli.backup:backup", "Copy all that the server keeps, while it runs."),
        "verify": ("hubbub.cli.backup:verify", "Read a backup or the data through: is anything lost?"),
        "restore": ("hubbub.cli.backup:restore", "Bring a backup back."),
        "export": ("hubbub.cli.carry:export", "Write what was said as lines of JSON."),
        "import": ("hubbub.cli.carry:import_", "Take in what was said elsewhere: irssi, ZNC, Ergo."),
    },
}
"""Each subcommand: where it stands, and its line of help, so that listing them imports none."""

_COMMANDS: Final = {name: command for group in _GROUPS.values() for name, command in group.items()}


class _Lazy(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        module, _, name = _COMMANDS[cmd_name][0].partition(":")
        command = getattr(import_module(module), name)
        return command if isinstance(command, click.Command) else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        width = max(map(len, _COMMANDS))
        for title, commands in _GROUPS.items():
            with formatter.section(title):
                formatter.write_dl([(f"{name:{width}}", text) for name, (_, text) in commands.items()])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in _COMMANDS and not args[0].startswith("-"):
            ctx.fail(f"There is no command '{args[0]}'.{_did_you_mean(args[0])}")
        return super().resolve_command(ctx, args)


def _did_you_mean(word: str) -> str:
    from difflib import get_close_matches

    near = get_close_matches(word, _COMMANDS, n=1)
    return f" Did you mean '{near[0]}'?" if near else f" Known are {', '.join(_COMMANDS)}."


@click.group(cls=_Lazy, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="hubbub %(version)s")
@click.option("--local", is_flag=True, help="Without a command: keep it to this computer.")
@click.option("--new", is_flag=True, help="Without a command: start a chat, whoever else has one on this network.")
@click.option("--interface", default="", metavar="ADDRESS", help="Without a command: on this address alone.")
@click.option("--plain", is_flag=True, help="Without a command: line by line, for screen readers.")
@click.pass_context
def main(ctx: click.Context, local: bool, new: bool, interface: str, plain: bool) -> None:
    """Chat that anyone can host with one command and everyone can enter.

    Without a command, hubbub asks your name and puts you into a chat: one that it finds on this computer or this
    network, or else a new one, which it opens to this network. Without a terminal it serves, and prints how to get in.
    """
    if ctx.invoked_subcommand is None:
        from hubbub.cli.start import Wishes, start

        start(Wishes(local, new, interface, plain))
