"""The controller with which the public conformance suite, progval/irctest, starts hubbub and asks it everything.

It is loaded by that suite, from its own checkout and its own Python; see docs/conformance.md. Everything is declared:
what is not declared is skipped, and a skipped test says nothing.
"""

# mypy: ignore-errors
# ruff: noqa: N802, RUF012 - the suite's names, and its way to declare
from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

from irctest import patma
from irctest.basecontrollers import BaseServerController, DirectoryBasedController
from irctest.specifications import Capabilities, OptionalBehaviors

_HUBBUB = os.environ.get("HUBBUB") or str(Path(__file__).parents[2] / ".venv" / "bin" / "hubbub")

_CONFIG = """
name = "hubbub test"
server_name = "My.Little.Server"
description = "test server"
motd = "Be excellent to each other"
password = {password}
data = {data}

[[listen]]
url = {url}
{tls}
{websocket}

[[operator]]
name = "operuser"
password = "operpassword"

[limits]
flood = false
nick_length = 32
multiline_bytes = 4096
multiline_lines = 32

[accounts]
before_connect = {before_connect}
email_required = {email_required}
always_on = {always_on}
"""


class HubbubController(BaseServerController, DirectoryBasedController):
    software_name = "hubbub"
    supported_sasl_mechanisms = {"PLAIN", "SCRAM-SHA-256"}
    supports_sts = False
    extban_mute_char = "m"
    nickserv = "NickServ"
    _port_wait_interval = 0.01
    capabilities = frozenset(Capabilities)
    optional_behaviors = frozenset(set(OptionalBehaviors) - {OptionalBehaviors.NON_UTF8_MESSAGE})
    isupport = {
        "BOT": "B",
        "CASEMAPPING": "ascii",
        "ELIST": "CMNTU",
        "EXCEPTS": "e",
        "INVEX": "I",
        "MONITOR": patma.ANYSTR,
        "MSGREFTYPES": "msgid,timestamp",
        "TARGMAX": patma.ANYSTR,
        "UTF8ONLY": None,
        "WHOX": None,
    }

    def create_config(self) -> None:
        super().create_config()
        self._config = self.directory / "hubbub.toml"

    def run(
        self,
        hostname,
        port,
        *,
        password,
        ssl,
        run_services,
        faketime,
        websocket_hostname=None,
        websocket_port=None,
    ) -> None:
        assert self.proc is None
        self.port = port
        self.create_config()
        tls = ""
        if ssl:
            self.gen_ssl()
            tls = f"tls_cert = {_toml(self.pem_path)}\ntls_key = {_toml(self.key_path)}"
        url = f"{'ircs' if ssl else 'irc'}://{hostname}:{port}"
        websocket = ""
        if websocket_port:
            websocket = f"[[listen]]\nurl = {_toml(f'ws://{websocket_hostname}:{websocket_port}')}"
        text = _CONFIG.format(
            password=_toml(password or ""),
            data=_toml(self.directory / "data"),
            url=_toml(url),
            tls=tls,
            websocket=websocket,
            before_connect=json.dumps(self.test_config.account_registration_before_connect),
            email_required=json.dumps(self.test_config.account_registration_requires_email),
            always_on=_toml(self._always_on()),
        )
        self._config.write_text(text)
        clock = ["faketime", "-f", faketime] if faketime else []
        self.faketime_enabled = bool(faketime)
        self.proc = self.execute([*clock, _HUBBUB, "serve", "--config", str(self._config)])

    def _always_on(self) -> str:
        """One portable test asks for it in the words of another server's configuration."""
        skeleton = {"accounts": {"multiclient": {"always-on": "opt-in"}, "registration": {}}, "server": {}}
        if self.test_config.ergo_config:
            self.test_config.ergo_config(skeleton)
        return skeleton["accounts"]["multiclient"]["always-on"]

    def wait_for_services(self) -> None:
        """There is nothing apart to wait for."""

    def registerUser(self, case, username, password=None) -> None:
        """By the command line: a long password does not fit on a line of IRC."""
        command = [_HUBBUB, "account", "--config", str(self._config), "create", username, "--password-stdin"]
        done = subprocess.run(command, input=f"{password}\n", text=True, check=False, capture_output=True)
        assert done.returncode == 0, done.stderr


def _toml(value) -> str:
    """A JSON string is a TOML string."""
    return json.dumps(str(value))


def get_irctest_controller_class():
    return HubbubController
