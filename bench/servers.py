"""How each server is started: its command, and its configuration with every flood limit off.

`{port}`, `{dir}` and `{config}` stand for a free port of 127.0.0.1, an empty directory that the trial owns, and the
file in it that holds the configuration. What concerns neither limits nor look-ups stays at each server's default.
"""

import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from bench.build import compiler, program
from bench.trouble import Broken

# Durability is not a setting of hubbub's: every message is in SQLite with synchronous=FULL before anybody sees it.
HUBBUB = """\
name = "bench"
server_name = "irc.bench.test"
data = "{dir}/data"

[[listen]]
url = "irc://127.0.0.1:{port}"

[limits]
flood = false
connections_per_address = 0
connects_per_10s = 0
sendq_bytes = 268435456
ping_seconds = 3600
"""

# https://manpages.debian.org/bookworm/ngircd/ngircd.conf.5.en.html
NGIRCD = """\
[Global]
Name = irc.bench.test
Info = bench
Listen = 127.0.0.1
Ports = {port}
MotdPhrase = bench
PidFile = {dir}/ngircd.pid

[Limits]
MaxConnections = 0
MaxConnectionsIP = 0
MaxJoins = 0
MaxPenaltyTime = 0
PingTimeout = 3600

[Options]
DNS = no
Ident = no
PAM = no
"""

# https://docs.inspircd.org/3/configuration/
INSPIRCD = """\
<server name="irc.bench.test" description="bench" network="bench" id="1HB">
<admin name="bench" nick="bench" email="bench@bench.test">
<bind address="127.0.0.1" port="{port}" type="clients">
<path configdir="{dir}" datadir="{dir}" logdir="{dir}" runtimedir="{dir}">
<connect name="bench" allow="*" timeout="60" pingfreq="3600" maxchans="100" limit="100000"
         hardsendq="256M" softsendq="256M" recvq="1M" threshold="1000000" commandrate="1000000000" fakelag="no"
         localmax="100000" globalmax="100000" maxconnwarn="no" resolvehostnames="no" useident="no">
<performance softlimit="100000">
<log method="file" type="* -USERINPUT -USEROUTPUT" level="default" target="inspircd.log">
"""


@dataclass(frozen=True, slots=True)
class Recipe:
    """One server: what to run, the text of its configuration, how it tells its version, and what it keeps."""

    name: str
    command: tuple[str, ...]
    config: str = ""
    version: tuple[str, ...] = ()
    keeps: str = "nothing"

    def lay_out(self, port: int, directory: Path) -> list[str]:
        """Writes the configuration into `directory` and gives the command with its places filled in."""
        config = directory / "config"
        places = {"{port}": str(port), "{dir}": str(directory), "{config}": str(config)}
        config.write_text(_fill(self.config, places))
        return [_fill(word, places) for word in self.command]

    def missing(self) -> str | None:
        """Why this server cannot take part on this machine, or None."""
        return None if _which(self.command[0]) else f"{self.name} is left out: no {self.command[0]} on this machine"

    def tell_version(self) -> str:
        """The first line the server says about its version; its command where it has no such option."""
        if not self.version:
            return shlex.join(self.command)
        done = subprocess.run(self.version, capture_output=True, text=True, check=False, timeout=30)
        return next(iter(done.stdout.strip().splitlines()), "unknown")


def known() -> list[Recipe]:
    """The servers that take part unless the command line says otherwise; raises Broken without a C compiler."""
    limit = str(program("limit"))
    python = (sys.executable, "-m", "hubbub")
    ngircd, inspircd = _which("ngircd") or "ngircd", _which("inspircd") or "inspircd"
    return [
        Recipe(
            "hubbub",
            (*python, "serve", "--config", "{config}"),
            HUBBUB,
            (*python, "--version"),
            "every message, on disk",
        ),
        Recipe(
            "inspircd", (inspircd, "--nofork", "--runasroot", "--config", "{config}"), INSPIRCD, (inspircd, "--version")
        ),
        Recipe("ngircd", (ngircd, "-n", "-f", "{config}"), NGIRCD, (ngircd, "--version")),
        Recipe("limit-each", (limit, "each", "{port}"), version=(compiler(), "--version")),
        Recipe("limit-turn", (limit, "turn", "{port}"), version=(compiler(), "--version")),
    ]


def peer(text: str) -> Recipe:
    """A server from `--peer NAME=COMMAND`; raises Broken where the text is not of that form."""
    name, equals, command = text.partition("=")
    if not (name and equals and "{port}" in command):
        raise Broken(f"expected --peer NAME=COMMAND with {{port}} (and perhaps {{dir}}) in COMMAND, got {text!r}")
    return Recipe(name, tuple(shlex.split(command)), keeps="unknown")


def _fill(text: str, places: dict[str, str]) -> str:
    for place, value in places.items():
        text = text.replace(place, value)
    return text


def _which(command: str) -> str | None:
    return shutil.which(command) or shutil.which(command, path="/usr/sbin:/usr/local/sbin")
