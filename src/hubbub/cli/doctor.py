"""`hubbub doctor`: what a server needs and whether it is there, in words or as JSON."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from hubbub.cli.options import REFUSED, config_option, data_option, listen_option, load_config

if TYPE_CHECKING:
    from hubbub.doctor import Finding

_COLOURS: Final = {"fine": "green", "note": "cyan", "warning": "yellow", "problem": "red"}


@click.command()
@config_option
@data_option
@listen_option
@click.option("--json", "as_json", is_flag=True, help="One array of objects, for programs.")
def doctor(config_path: Path | None, data: Path | None, listen: tuple[str, ...], as_json: bool) -> None:
    """Look at what the server needs, and say what is wrong and what helps.

    It changes nothing, and works beside a running server and before the first start. Run it as the user that the
    server runs as. The exit code is 1 where something has to be done (a warning or a problem), and 0 otherwise.
    """
    findings = list(_findings(config_path, data, listen))
    if as_json:
        import msgspec

        click.echo(msgspec.json.format(msgspec.json.encode(findings), indent=2))
    else:
        _print(findings)
    sys.exit(REFUSED if any(finding.asks for finding in findings) else 0)


def _findings(config_path: Path | None, data: Path | None, listen: tuple[str, ...]) -> Iterator[Finding]:
    from hubbub.config import ConfigError
    from hubbub.doctor import Finding, examine

    try:
        config = load_config(config_path, data, listen)
    except ConfigError as error:
        yield Finding(
            about="config",
            grade="problem",
            found=str(error),
            means="The server does not start, and one that runs keeps what it has.",
            helps="mend the place that is named; hubbub.example.toml explains every key",
        )
        return
    yield Finding(about="config", found=f"{config_path or 'no file: the defaults hold'}")
    yield from examine(config, config_path)


def _print(findings: Sequence[Finding]) -> None:
    for finding in findings:
        grade = click.style(f"{finding.grade:<8}", fg=_COLOURS[finding.grade])
        click.echo(f"{grade} {finding.about:<12} {finding.found}")
        for words in (finding.means, f"What helps: {finding.helps}" if finding.helps else ""):
            if words:
                click.echo(f"{'':<21} {words}")
    asked = sum(finding.asks for finding in findings)
    click.echo(f"\n{asked} to be done" if asked else "\nNothing has to be done")
