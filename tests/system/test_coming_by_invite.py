"""Coming by an invite: to a server that is named, or by a link; and to no other than the one that made it."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from hubbub.cli.join import read_target
from tests.system.running import Running
from tests.system.test_invites import invite
from tests.system.test_serve import hubbub

_CLOSED = """
name = "Maya's place"
server_name = "hub.example"
data = "{data}"
[accounts]
guests = false
login_attempts = 1000
[limits]
connects_per_10s = 0
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A house that lets no guests in."""
    directory = tmp_path_factory.mktemp("house")
    running = Running(directory, ("ircs://127.0.0.1:0", "http://127.0.0.1:0"), config=_CLOSED)
    yield running
    running.close()


@pytest.fixture(scope="module")
def code(server: Running) -> str:
    """For one guest alone."""
    return invite(server, "den", "--uses", "1").rpartition("/")[2]


def get(server: Running, path: str) -> tuple[int, str]:
    """As curl would: status and text."""
    try:
        with urllib.request.urlopen(server.urls[1] + path) as answer:  # noqa: S310 - to ourselves
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def test_a_link_and_a_code_lead_a_guest_in_and_they_are_counted_once(server: Running, code: str) -> None:
    """The proof, the first connection and the second are one guest; the certificate is known from then on."""
    place = server.urls[0]
    kept_out = hubbub("join", place, "--name", "leo", stdin="hello\n")
    assert kept_out.returncode == 3  # nobody vouches for the certificate
    done = hubbub("join", f"{server.urls[1].upper()}/J/{code.upper()}", "--name", "leo", stdin="hello\n")
    assert (done.returncode, "leo: hello" in done.stdout, "#den" in done.stdout) == (0, True, True), done.stderr
    again = hubbub("join", place, "--invite", code, "--name", "sam", stdin="hello\n")
    assert (again.returncode, "used as often as it may be" in again.stderr) == (1, True)
    known = hubbub("join", place, "--name", "leo", stdin="hello\n")
    assert (known.returncode, "Only people with an account" in known.stderr) == (1, True)


@pytest.mark.parametrize("typed", ["K7Q4M2", "k7q4-m2", " k7q4 m2 "])
def test_a_code_is_read_as_people_type_it(typed: str) -> None:
    """And not taken for the name of a host."""
    assert read_target(typed, "") == ("k7q4m2", "")


def test_a_mistyped_code_says_so(server: Running, code: str) -> None:
    """Before anything was told to anybody."""
    wrong = code[:-1] + ("2" if code[-1] != "2" else "3")
    done = hubbub("join", server.urls[0], "--invite", wrong, stdin="")
    assert (done.returncode, f"does not know the invite {wrong}" in done.stderr) == (1, True)
    assert hubbub("join", server.urls[0], "--invite", "what?", stdin="").returncode == 2


def test_a_program_that_opens_the_link_reads_how_to_come_in(server: Running) -> None:
    """Without a browser: the ways in, and the fingerprint."""
    made = invite(server, "den").rpartition("/")[2]
    status, text = get(server, f"/J/{made.upper()}")
    assert (status, text.splitlines()[0]) == (200, "You are invited to #den on Maya's place.")
    assert f"hubbub join {server.urls[1]}/j/{made}" in text
    assert json.loads(get(server, "/hubbub.json")[1])["ircs"] == int(server.urls[0].rpartition(":")[2])


def test_a_link_that_does_not_hold_says_why(server: Running) -> None:
    """Invented, or taken back: one sentence each."""
    assert get(server, "/j/k7q4m2") == (404, "There is no such invite here; look at it again, or ask for a new one.\n")
    made = invite(server).rpartition("/")[2]
    invite(server, "--revoke", f"{server.urls[1]}/j/{made}")
    assert get(server, f"/j/{made}") == (410, "That invite was taken back; ask for a new one.\n")


@pytest.mark.parametrize(
    ("link", "says"),
    [
        ("http://127.0.0.1:1/j/k7q4m2", "does not say where its server is (Connection refused)"),
        ("http://a..b/j/k7q4m2", "there is no host 'a..b'"),
        ("http://127.0.0.1:1/", "expected the link of an invite, as http://HOST:PORT/j/CODE"),
        ("https://127.0.0.1/x/k7q4m2", "expected the link of an invite"),
    ],
)
def test_a_link_that_leads_nowhere_says_so(link: str, says: str) -> None:
    """What was expected, what came, what to do."""
    assert says in hubbub("join", link, stdin="").stderr


def test_whoever_pretends_to_be_the_server_learns_nothing_and_lets_nobody_in(server: Running, tmp_path: Path) -> None:
    """Another server at another place does not know the code, and its certificate is not taken for ours."""
    other = Running(tmp_path, ("ircs://127.0.0.1:0",))
    try:
        made = invite(server).rpartition("/")[2]
        done = hubbub("join", other.urls[0], "--invite", made, stdin="hello\n")
        assert (done.returncode, f"does not know the invite {made}" in done.stderr) == (1, True)
    finally:
        other.close()
