"""The doctor finds what is wrong with a server, says what helps, and is content with what is well."""

from __future__ import annotations

import json
import os
import socket
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest
from click.testing import CliRunner, Result
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from hubbub.cli.doctor import doctor
from hubbub.config import load
from hubbub.config.doorplate import Doorplate
from hubbub.doctor import Finding, examine, machine, place
from hubbub.stores.directory import Claim
from hubbub.stores.sqlite_file import for_writing
from tests.stores.shelf import meddle


def findings(data: Path, config: str = "", listen: str = "irc://127.0.0.1:0") -> dict[str, list[Finding]]:
    """By what they are about."""
    file = data.parent / "hubbub.toml"
    file.write_text(f'data = "{data}"\n{config}\n[[listen]]\nurl = "{listen}"\n')
    file.chmod(0o644)
    found: dict[str, list[Finding]] = {}
    for finding in examine(load(file), file):
        found.setdefault(finding.about, []).append(finding)
    return found


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


class Usage(NamedTuple):
    free: int
    total: int


@pytest.fixture
def used(data: Path) -> Path:
    """As a server leaves it."""
    for_writing(data).close()
    return data


def test_a_healthy_server_has_nothing_to_be_done(used: Path) -> None:
    found = findings(used)
    assert [one for many in found.values() for one in many if one.asks] == []
    assert "has schema" in found["store"][0].found


def test_before_the_first_start_nothing_is_wrong_and_nothing_is_made(data: Path) -> None:
    found = findings(data, listen="ircs://127.0.0.1:0")
    assert "the first start makes it" in found["data"][0].found
    assert found["certificate"][0].grade == "note"
    assert not data.exists()


def test_who_has_the_data_is_named(used: Path) -> None:
    claim = Claim(used)
    try:
        assert f"used by process {os.getpid()}" in findings(used)["data"][0].found
    finally:
        claim.release()


def test_a_newer_database_comes_with_the_command_that_helps(used: Path) -> None:
    meddle(used, "REPLACE INTO meta (key, value) VALUES ('schema', '99.0')")
    finding = findings(used)["store"][0]
    assert (finding.grade, "pip install --upgrade" in finding.found) == ("problem", True)


@pytest.mark.parametrize(("durability", "means"), [("normal", "power failure"), ("memory", "Nothing is kept")])
def test_what_a_lesser_durability_gives_up_is_said(data: Path, durability: str, means: str) -> None:
    finding = findings(data, f'[store]\ndurability = "{durability}"')["store"][0]
    assert (finding.grade, means in finding.means) == ("warning", True)


@pytest.mark.parametrize(("free", "grade"), [(10 << 30, "fine"), (500 << 20, "warning"), (5 << 20, "problem")])
def test_a_disk_that_fills_up_is_told_in_time(
    data: Path, monkeypatch: pytest.MonkeyPatch, free: int, grade: str
) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _: Usage(free, 20 << 30))
    assert findings(data)["disk"][0].grade == grade


def test_secrets_that_others_can_read_are_named(tmp_path: Path) -> None:
    """The directories above a test are closed to others, so here is one that is open."""
    assert not place._open_to_all(tmp_path / "hubbub.toml")
    assert place._open_to_all(Path("/etc/passwd"))
    assert not place._open_to_all(Path("/etc/shadow"))


def test_a_clock_that_was_never_set_is_a_problem(used: Path) -> None:
    """What was stored is from a later time than now."""
    os.utime(used / "hubbub.db", (4_000_000_000, 4_000_000_000))
    assert findings(used)["clock"][0].grade == "problem"


def test_too_few_files_for_the_people_who_may_come(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "raise_open_files", lambda: 1024)
    finding = findings(data)["files"][0]
    assert (finding.grade, "about 824 people" in finding.found) == ("warning", True)
    assert findings(data, "[limits]\nconnections = 800")["files"][0].grade == "fine"


def test_libraries_that_are_not_there_are_named(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that makes it slower, and one that keeps it from starting."""
    monkeypatch.setattr(machine, "find_spec", lambda _: None)
    found = findings(data, listen="ssh://127.0.0.1:0")
    assert (found["uvloop"][0].grade, found["ssh"][0].grade) == ("warning", "problem")


def test_the_doors_of_the_server_that_runs_are_looked_at(used: Path) -> None:
    """Whatever else stands on the ports of the defaults: it was started with others."""
    claim = Claim(used)
    with socket.create_server(("127.0.0.1", 0)) as door:
        url = f"irc://127.0.0.1:{door.getsockname()[1]}"
        Doorplate("Maya's place", (url,)).write(used)
        try:
            found = [one.found for one in examine(load(None, {"data": str(used)}), None) if one.about == "listener"]
        finally:
            claim.release()
    assert found == [f"{url} lets people in"]


def test_a_port_that_somebody_else_has_is_a_problem(data: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        finding = findings(data, listen=f"irc://127.0.0.1:{taken.getsockname()[1]}")["listener"][0]
    assert (finding.grade, "the port is taken" in finding.found) == ("problem", True)


@pytest.mark.parametrize(
    ("url", "grade"), [("irc://0.0.0.0:0", "warning"), ("plain://[::]:0", "warning"), ("http://0.0.0.0:0", "note")]
)
def test_what_goes_over_the_network_in_the_clear_is_said(data: Path, url: str, grade: str) -> None:
    assert findings(data, listen=url)["openness"][0].grade == grade


@pytest.mark.parametrize(
    ("config", "grade", "names"),
    [
        ('server_name = "attic.local"', "note", "in this network alone"),
        ('server_name = "attic.local"\n[web]\nhosts = ["nas.fritz.box"]', "fine", "as nas.fritz.box"),
        (
            'server_name = "chat.example.org"\n[invites]\nurl = "https://talk.example"',
            "fine",
            "chat.example.org, talk.",
        ),
    ],
)
def test_it_says_by_which_names_browsers_may_come(
    data: Path, monkeypatch: pytest.MonkeyPatch, config: str, grade: str, names: str
) -> None:
    """At doors that show no certificate; at others, that says it."""
    monkeypatch.setattr(socket, "gethostname", lambda: "attic")
    (finding,) = findings(data, config, "http://127.0.0.1:0")["names"]
    assert (finding.grade, names in finding.found) == (grade, True)
    assert "names" not in findings(data, config, "https://127.0.0.1:0")


@pytest.mark.parametrize(
    ("days", "grade", "says"),
    [(90, "fine", "by Elm"), (9, "warning", "valid only until"), (-1, "problem", "not valid")],
)
def test_a_certificate_is_told_of_before_it_ends(tmp_path: Path, data: Path, days: int, grade: str, says: str) -> None:
    cert, key = a_certificate(tmp_path, timedelta(days=days))
    found = findings(data, f'[tls]\ncert = "{cert}"\nkey = "{key}"', listen="ircs://127.0.0.1:0")["certificate"]
    assert [(one.grade, says in one.found) for one in found] == [(grade, True)]
    key.chmod(0o644)
    found = findings(data, f'[tls]\ncert = "{cert}"\nkey = "{key}"', listen="ircs://127.0.0.1:0")["certificate"]
    assert "can be read by others" in found[1].found


def a_certificate(directory: Path, lasts: timedelta) -> tuple[Path, Path]:
    """From an authority called Elm."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    elm = x509.Name([x509.NameAttribute(x509.NameOID.ORGANIZATION_NAME, "Elm")])
    made = x509.CertificateBuilder(elm, x509.Name([]), key.public_key(), 1, now - timedelta(days=10), now + lasts)
    files = directory / "cert.pem", directory / "key.pem"
    files[0].write_bytes(made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    form = serialization.PrivateFormat.PKCS8
    files[1].write_bytes(key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption()))
    files[1].chmod(0o600)
    return files


def test_the_command_says_it_in_words_and_as_json(tmp_path: Path) -> None:
    """The exit code is 1 where something has to be done; a broken configuration is a finding, too."""
    (tmp_path / "hubbub.toml").write_text("speed = 9")
    broken = run("--config", tmp_path / "hubbub.toml", "--json")
    assert broken.exit_code == 1
    assert [(one["about"], one["grade"]) for one in json.loads(broken.stdout)] == [("config", "problem")]
    open_door = run("--data", tmp_path / "data", "--listen", "irc://0.0.0.0:0")
    assert open_door.exit_code == 1
    assert "What helps: ircs:// instead" in open_door.stdout
    assert run("--data", tmp_path / "data", "--listen", "irc://127.0.0.1:0").exit_code == 0


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(doctor, [str(word) for word in words])
