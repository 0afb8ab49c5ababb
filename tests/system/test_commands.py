"""The commands that scripts rely on, run against a real server."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.system.running import Running
from tests.system.test_serve import hubbub


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Running]:
    running = Running(tmp_path)
    yield running
    running.close()


def test_send_ends_with_0_when_the_message_is_safe(server: Running) -> None:
    """It has been echoed, so it is in the log; the room need not be open to strangers for that."""
    maya = server.connect().enter("maya", room="#ops")
    sent = hubbub("send", server.urls[0], "#ops", "backup done", "--name", "robot")
    assert (sent.returncode, sent.stderr) == (0, "")
    assert maya.hear("PRIVMSG").params == ("#ops", "backup done")
    assert "<robot> backup done" in hubbub("log", "--data", server.data, "#ops").stdout


def test_send_makes_the_room_where_nobody_has_been_yet(server: Running) -> None:
    """A script need not know whether people have come: what it says is there when they do."""
    assert hubbub("send", server.urls[0], "#night", "backup done", "--name", "robot").returncode == 0
    assert "<robot> backup done" in hubbub("log", "--data", server.data, "#night").stdout


def test_send_reads_standard_input(server: Running) -> None:
    """Each line is a message."""
    maya = server.connect().enter("maya", room="#ops")
    assert hubbub("send", server.urls[0], "#ops", "-", "--name", "robot", stdin="one\ntwo\n").returncode == 0
    assert [maya.hear("PRIVMSG").params[1] for _ in range(2)] == ["one", "two"]


def test_send_says_who_is_not_there(server: Running) -> None:
    """Exit code 1 and the server's reason."""
    sent = hubbub("send", server.urls[0], "nobody", "hi", "--name", "robot")
    assert sent.returncode == 1
    assert "Nobody here is called that" in sent.stderr


def test_the_file_of_the_usual_name_that_lies_here_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And that is said, where programs do not read; --config takes another."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "hubbub.toml").write_text('data = "ours"\n')
    (tmp_path / "other.toml").write_text('data = "theirs"\n')
    here, other = hubbub("check"), hubbub("check", "--config", "other.toml")
    assert f"would keep data in {tmp_path / 'ours'}" in here.stdout
    assert here.stderr == "hubbub: taking hubbub.toml of this directory; --config FILE takes another\n"
    assert f"would keep data in {tmp_path / 'theirs'}" in other.stdout
    assert not other.stderr


def test_nobody_listening_is_exit_code_3(server: Running) -> None:
    url = server.urls[0]
    server.stop()
    assert hubbub("send", url, "#ops", "hi").returncode == 3


def test_tail_follows_a_room_as_json(server: Running) -> None:
    """What was said before comes first."""
    maya = server.connect().enter("maya", "echo-message", room="#ops")
    maya.say("PRIVMSG #ops :before")
    maya.hear("PRIVMSG")
    command = [sys.executable, "-m", "hubbub", "tail", server.urls[0], "#ops", "--json", "--name", "robot"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as tail:
        assert tail.stdout is not None
        seen = [json.loads(tail.stdout.readline())]
        maya.say("PRIVMSG #ops :after")
        while seen[-1].get("text") != "after":
            seen.append(json.loads(tail.stdout.readline()))
        tail.terminate()
    said = [(line["from"], line["text"]) for line in seen if line["kind"] in ("privmsg", "PRIVMSG", "message")]
    assert said == [("maya", "before"), ("maya", "after")]


def test_join_plain_talks_through_a_pipe(server: Running) -> None:
    """Lines in are said, and the end of the input ends it once all is confirmed."""
    maya = server.connect().enter("maya", room="#den")
    joined = hubbub("join", f"{server.urls[0]}/#den", "--plain", "--name", "leo", stdin="hello\n/me waves\n")
    assert joined.returncode == 0
    assert maya.hear("PRIVMSG").params == ("#den", "hello")
    assert maya.hear("PRIVMSG").params == ("#den", "\x01ACTION waves\x01")
    assert "leo: hello" in joined.stdout


def test_accounts_are_made_listed_changed_and_deleted_beside_the_server(server: Running) -> None:
    """And each change counts at the next login."""
    account = ("account", "--data", server.data)
    assert hubbub(*account, "create", "maya", "--password-stdin", stdin="secret\n").returncode == 0
    assert "maya" in hubbub(*account, "list").stdout
    assert logged_in(server, "maya:secret")
    assert hubbub(*account, "passwd", "maya", "--password-stdin", stdin="other\n").returncode == 0
    assert logged_in(server, "maya:other")
    assert hubbub(*account, "delete", "maya", "--yes").returncode == 0
    assert "there are none yet" in hubbub(*account, "delete", "maya", "--yes").stderr


def test_a_role_is_granted_beside_the_server(server: Running) -> None:
    """It counts at the next login, and can be looked up and taken back."""
    account = ("account", "--data", server.data)
    hubbub(*account, "create", "maya", "--password-stdin", stdin="secret\n")
    assert hubbub(*account, "role", "maya", "admin").returncode == 0
    assert hubbub(*account, "role", "maya").stdout == "admin\n"
    maya = server.connect()
    maya.say("PASS maya:secret", "NICK maya", "USER maya 0 * :Maya")
    assert maya.hear("381").params[0] == "maya"
    assert hubbub(*account, "role", "maya", "none").returncode == 0
    assert hubbub(*account, "role", "maya").stdout == "none\n"
    assert hubbub(*account, "role", "maya", "emperor").returncode == 2


def test_a_slip_in_the_data_directory_makes_none(tmp_path: Path) -> None:
    """Only `create` makes one; all else says that there is nothing there."""
    for words in (("list",), ("delete", "maya", "--yes"), ("passwd", "maya", "--password-stdin")):
        done = hubbub("account", "--data", tmp_path / "typo", *words, stdin="secret\n")
        assert done.returncode == 1
        assert "there is no hubbub.db" in done.stderr
    assert not (tmp_path / "typo").exists()


def logged_in(server: Running, password: str) -> bool:
    wire = server.connect()
    wire.say(f"PASS {password}", "NICK maya", "USER maya 0 * :Maya")
    found = wire.hear(lambda line: line.command in ("900", "422", "376"))
    if found.command != "900":
        found = wire.hear("900")
    wire.close()
    return found.params[2] == "maya"


def test_log_lists_conversations_and_filters_by_time(server: Running) -> None:
    """As text and as JSON."""
    maya = server.connect().enter("maya", "echo-message", room="#den")
    maya.say("PRIVMSG #den :hello")
    maya.hear("PRIVMSG")
    log = ("log", "--data", server.data)
    assert "#den" in hubbub(*log).stdout
    first, second = map(json.loads, hubbub(*log, "#den", "--json").stdout.splitlines())
    assert (first["kind"], second["kind"], second["text"], second["from"]) == ("Joined", "Said", "hello", "maya")
    assert hubbub(*log, "#den", "--since", "2099-01-01").stdout == ""
    assert "nothing was ever said in #nowhere" in hubbub(*log, "#nowhere").stderr
    assert hubbub(*log, "#den", "--since", "soon").returncode == 2


def test_log_says_which_guests_talked(server: Running) -> None:
    """Their identities are made up, so the list has the nicks beside them; and who left without a word just left."""
    maya, leo = server.connect().enter("maya", "echo-message", room="#den"), server.connect().enter("leo", room="#den")
    maya.say("PRIVMSG leo :psst", "PRIVMSG #den :bye", "QUIT")
    maya.hear("ERROR")
    leo.hear("QUIT")
    pair = next(line for line in hubbub("log", "--data", server.data).stdout.splitlines() if "~" in line)
    assert pair.endswith("  (maya and leo)")
    assert hubbub("log", "--data", server.data, "#den").stdout.endswith("  <- maya left\n")


def test_log_says_what_became_of_messages(server: Running) -> None:
    """Lines of one message stand under each other; what was taken back is gone, and who did it stays."""
    caps = ("batch", "draft/multiline", "echo-message", "message-tags")
    maya = server.connect().enter("maya", *caps, room="#den")
    maya.say("BATCH +1 draft/multiline #den", "@batch=1 PRIVMSG #den :one", "@batch=1 PRIVMSG #den :two", "BATCH -1")
    poem = maya.hear("BATCH").tags["msgid"]
    maya.say("PRIVMSG #den :helo")
    greeting = maya.hear(lambda line: line.params[-1] == "helo").tags["msgid"]
    maya.say(f"@+draft/react=x;+draft/reply={greeting} TAGMSG #den", f"@+draft/reply={greeting} PRIVMSG #den :yes?")
    maya.say(f"EDIT #den {greeting} hello", "PING 1")
    maya.hear("PONG")
    lines = hubbub("log", "--data", server.data, "#den").stdout.splitlines()
    stamp = " " * len("2026-01-31 09:30:00  ")
    assert [line[len(stamp) :] for line in lines[1:]] == [
        "<maya> one",
        "two",
        "<maya> hello",
        "-- maya reacted with x to maya: hello",
        "<maya> (to maya: hello) yes?",
        "-- maya edited: hello",
    ]
    assert lines[2] == f"{stamp}two"
    maya.say(f"REDACT #den {poem} :typo", "PING 2")
    maya.hear(lambda line: line.command == "PONG" and line.params[-1] == "2")
    lines = hubbub("log", "--data", server.data, "#den").stdout.splitlines()
    assert (lines[1][len(stamp) :], lines[-1][len(stamp) :]) == (
        "-- a message of maya was taken back",
        "-- maya took a message back (typo)",
    )


def test_help_lists_every_command() -> None:
    shown = hubbub("--help").stdout
    for name in ("serve", "join", "send", "tail", "account", "log", "check"):
        assert f"\n  {name} " in shown


def test_an_unknown_command_gets_the_nearest_one() -> None:
    done = hubbub("srve")
    assert done.returncode == 2
    assert "Did you mean 'serve'?" in done.stderr
