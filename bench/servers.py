"""How each server is started: its command, and its configuration with every flood limit off.

`{port}`, `{dir}` and `{config}` stand for a free port of 127.0.0.1, an empty directory that the trial owns, and the
file in it that holds the configuration; `{door}` for what opens the load's door, `{mixed}` for what clients of many
kinds need, `{sendq}` for the bytes that may wait for a reader, and `{cert}` and `{key}` for a certificate. What
concerns neither limits nor look-ups stays at each server's default.
"""

import shlex
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bench.build import compiler, program
from bench.loads import Door, Load
from bench.trouble import Broken

STALLED_SENDQ = 1 << 20
SENDQ = 256 << 20
"""Where nobody stalls, nobody is to be dropped for being slow; where somebody does, servers differ in what it costs."""

# Unless said otherwise every message is in SQLite with synchronous=FULL before anybody sees it.
HUBBUB = """\
name = "bench"
server_name = "irc.bench.test"
data = "{dir}/data"

[[listen]]
url = "{door}://127.0.0.1:{port}"

[tls]
cert = "{cert}"
key = "{key}"

[store]
durability = "{durability}"

[limits]
flood = false
connections_per_address = 0
connects_per_10s = 0
sendq_bytes = {sendq}
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
{door}
{mixed}
<path configdir="{dir}" datadir="{dir}" logdir="{dir}" runtimedir="{dir}">
<connect name="bench" allow="*" timeout="60" pingfreq="3600" maxchans="100" limit="100000"
         hardsendq="{sendq}" softsendq="{sendq}" recvq="1M" threshold="1000000" commandrate="1000000000" fakelag="no"
         localmax="100000" globalmax="100000" maxconnwarn="no" resolvehostnames="no" useident="no">
<performance softlimit="100000">
<log method="file" type="* -USERINPUT -USEROUTPUT" level="default" target="inspircd.log">
"""


INSPIRCD_DOORS: Mapping[Door, str] = {
    "tcp": '<bind address="127.0.0.1" port="{port}" type="clients">',
    "tls": """<module name="ssl_gnutls">
<sslprofile name="bench" provider="gnutls" certfile="{cert}" keyfile="{key}">
<bind address="127.0.0.1" port="{port}" type="clients" sslprofile="bench">""",
    "websocket": """<module name="sha1"><module name="websocket"><wsorigin allow="*">
<bind address="127.0.0.1" port="{port}" type="clients" hook="websocket">""",
}

INSPIRCD_MIXED = "".join(
    f'<module name="{name}">'
    for name in (
        "cap", "ircv3", "ircv3_accounttag", "ircv3_batch", "ircv3_capnotify", "ircv3_chghost", "ircv3_ctctags",
        "ircv3_msgid", "ircv3_servertime", "namesx", "services_account", "setname",
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Recipe:
    """One server: what to run, the text of its configuration, how it tells its version, and what it keeps.

    `doors` has those it opens, each with its part of the configuration; `mixed` is another part. It takes part where a
    load names it, or is a `guest` at all loads that are open to peers.
    """

    name: str
    command: tuple[str, ...]
    config: str = ""
    version: tuple[str, ...] = ()
    keeps: str = "nothing"
    doors: Mapping[Door, str] = field(default_factory=lambda: {"tcp": ""})
    mixed: str = ""
    guest: bool = False

    def takes_part(self, load: Load) -> bool:
        """Whether it is measured under this load."""
        invited = self.name in load.servers or (self.guest and load.open_to_peers)
        return invited and load.door in self.doors

    def lay_out(self, load: Load, port: int, directory: Path, pair: tuple[Path, Path]) -> list[str]:
        """Writes the configuration into `directory` and gives the command with its places filled in."""
        config = directory / "config"
        places = {
            "{door}": self.doors[load.door],
            "{mixed}": self.mixed if load.caps else "",
            "{sendq}": str(STALLED_SENDQ if load.stalled else SENDQ),
            "{port}": str(port),
            "{dir}": str(directory),
            "{config}": str(config),
            "{cert}": str(pair[0]),
            "{key}": str(pair[1]),
        }
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
    ngircd, inspircd = _which("ngircd") or "ngircd", _which("inspircd") or "inspircd"
    return [
        _hubbub("hubbub", "full", "every message, on the disk before anybody sees it"),
        _hubbub("hubbub-normal", "normal", "every message; the disk is not waited for"),
        _hubbub("hubbub-memory", "memory", "every message, in memory"),
        Recipe(
            "inspircd",
            (inspircd, "--nofork", "--runasroot", "--config", "{config}"),
            INSPIRCD,
            (inspircd, "--version"),
            doors=INSPIRCD_DOORS,
            mixed=INSPIRCD_MIXED,
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
    return Recipe(name, tuple(shlex.split(command)), keeps="unknown", guest=True)


def _hubbub(name: str, durability: str, keeps: str) -> Recipe:
    command = (sys.executable, "-m", "hubbub")
    doors: dict[Door, str] = {"tcp": "irc", "tls": "ircs", "websocket": "ws"}
    config = HUBBUB.replace("{durability}", durability)
    return Recipe(name, (*command, "serve", "--config", "{config}"), config, (*command, "--version"), keeps, doors)


def _fill(text: str, places: dict[str, str]) -> str:
    for place, value in places.items():
        text = text.replace(place, value)
    return text


def _which(command: str) -> str | None:
    return shutil.which(command) or shutil.which(command, path="/usr/sbin:/usr/local/sbin")
