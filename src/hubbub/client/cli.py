"""The commands `send` and `tail`, and what every command that goes to a server has in common.

Only click is imported before one of them runs: `hubbub --help` must be quick.
"""

import io
import os
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from hubbub.wire.clean import clean

if TYPE_CHECKING:
    from hubbub.client.url import Address
    from hubbub.client.way import Outcome, Way

_STATUS: Final = "Exit status: 0 done, 1 refused (the reason is on stderr), 2 wrong usage, 3 could not connect."

_URL: Final = """\b
URL is one of
  ircs://HOST[:PORT]/#room   with TLS
  irc://HOST[:PORT]/#room    without
  unix:PATH#room             a socket on this computer
  HOST[:PORT]                TLS on 6697, or when no port is given (but not to localhost)
A password comes from the variable HUBBUB_PASSWORD, or from ircs://name:password@HOST.
"""

ADDRESSES: Final = f"{_URL}\n{_STATUS}"

_OPTIONS: Final[tuple[Callable[[Any], Any], ...]] = (
    click.option("--name", default="", metavar="NICK", help="Who to be; otherwise your login name."),
    click.option("--account", default="", metavar="NAME", help="The account to log in to, if it is not the nick."),
    click.option("--fingerprint", default="", metavar="SHA256", help="Trust just this certificate."),
    click.option("--insecure", is_flag=True, help="Trust any certificate: anyone in between can read and change all."),
)


def way_options(command: Callable[..., None]) -> Callable[..., None]:
    """The options of every command that goes somewhere: as whom, and whom to believe."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


@click.command(epilog=ADDRESSES)
@click.argument("url")
@click.argument("target")
@click.argument("text", required=False)
@way_options
@click.option(
    "--file",
    "path",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Share it: TEXT and a link to it are sent. Needs an account.",
)
@click.option("--timeout", type=click.FloatRange(min=0.1), default=30, metavar="SECONDS", show_default=True)
def send(url: str, target: str, text: str | None, path: Path | None, timeout: float, **options: Any) -> None:
    """Send TEXT ("-": standard input) to a room or a person; done when the server has confirmed it.

    TARGET is a nick or a room; quote that for the shell: '#room'.
    """
    from hubbub.client import errands

    if text is None and path is None:
        raise click.UsageError("expected a text to send, or a file by --file")
    words = sys.stdin.buffer.read().decode(errors="replace") if text == "-" else text or ""
    way = way_from(url, **options)
    if path is None:
        end(errands.send(way, target, words, timeout))
        return
    with click.progressbar(length=path.stat().st_size, label=clean(path.name), file=sys.stderr) as bar:
        end(errands.send_file(way, target, path, words, timeout, lambda gone, _: bar.update(gone - bar.pos)))


@click.command(epilog=ADDRESSES)
@click.argument("url")
@click.argument("target")
@way_options
@click.option("--lines", type=click.IntRange(min=0), default=10, metavar="N", show_default=True, help="Earlier lines.")
@click.option("--json", "as_json", is_flag=True, help="One object per line: ts, from, target, kind, text, msgid, tags.")
def tail(url: str, target: str, lines: int, as_json: bool, **options: Any) -> None:
    """Print the last lines of a room or a private conversation, and follow it.

    TARGET is a nick or a room; quote that for the shell: '#room'.
    """
    from hubbub.client import errands

    end(errands.tail(way_from(url, **options), target, lines, as_json))


def way_from(url: "str | Address", name: str, account: str, fingerprint: str, insecure: bool) -> "Way":
    """Where to and as whom, from an address and those options; a server that is known has to be the same one."""
    from hubbub.client.known import Known
    from hubbub.client.trust import Trust
    from hubbub.client.url import BadAddress, parse_address, parse_fingerprint
    from hubbub.client.way import Way, identity

    try:
        address = parse_address(url) if isinstance(url, str) else url
        pinned = parse_fingerprint(fingerprint) if fingerprint else address.fingerprint
    except BadAddress as error:
        raise click.UsageError(str(error)) from error
    who = identity(address, name, account, os.environ.get("HUBBUB_PASSWORD", ""))
    known = Known() if address.tls and not insecure else None
    return Way(address, who, Trust(pinned, insecure, known))


def end(errand: "Coroutine[Any, Any, Outcome]") -> None:
    """Run an errand and end the program with its status. Ctrl-C and a reader that left make no noise."""
    import asyncio

    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # people write what not every terminal can show
    status, words = 0, ""
    try:
        outcome = asyncio.run(errand)
        status, words = outcome.status, outcome.words
    except* KeyboardInterrupt:
        status = 130  # 128 + SIGINT, as shells count
    except* BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # what is buffered has no reader any more
    if words:
        click.echo(words, err=True)
    sys.exit(status)
