"""An operator reads what happened: on a terminal, in a file, in a collector; nobody reads a secret there."""

import io
import json
import logging
import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from hubbub import logs
from hubbub.config import Secret

CANARY = "hunter2-canary"
log = logs.logger("net")


def lines(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def at_a_terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """Called by the test itself: pytest gives each phase of a test a standard error of its own."""
    screen = Terminal()
    monkeypatch.setattr("sys.stderr", screen)
    monkeypatch.delenv("NO_COLOR", raising=False)
    return screen


def test_a_pipe_gets_json(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure()
    log.info("listening", url="irc://127.0.0.1:6667")
    said = json.loads(capsys.readouterr().err)
    assert said["timestamp"].endswith("Z")
    del said["timestamp"]
    assert said == {"event": "listening", "level": "info", "room": "net", "url": "irc://127.0.0.1:6667"}


def test_a_terminal_gets_coloured_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = at_a_terminal(monkeypatch)
    logs.configure()
    log.info("listening", url="irc://127.0.0.1:6667")
    assert "\x1b[" in terminal.getvalue()


def test_a_terminal_without_colour_gets_plain_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = at_a_terminal(monkeypatch)
    monkeypatch.setenv("NO_COLOR", "1")
    logs.configure()
    log.info("listening", url="irc://127.0.0.1:6667")
    assert terminal.getvalue().endswith("[info] listening room=net url=irc://127.0.0.1:6667\n")


def test_lines_below_the_level_are_not_logged(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(level="warning")
    log.debug("a")
    log.info("b")
    log.warning("c")
    log.error("d")
    assert [json.loads(line)["event"] for line in capsys.readouterr().err.splitlines()] == ["c", "d"]


@pytest.mark.parametrize("style", ["human", "json"])
def test_a_fault_shows_where_it_rose(capsys: pytest.CaptureFixture[str], style: logs.Style) -> None:
    logs.configure(style=style)
    try:
        raise LookupError("no such place")
    except LookupError:
        log.exception("fault", address="127.0.0.1")
    said = capsys.readouterr().err
    assert "Traceback" in said
    assert "LookupError: no such place" in said


@pytest.mark.parametrize("style", ["human", "json"])
def test_no_secret_is_logged(capsys: pytest.CaptureFixture[str], style: logs.Style) -> None:
    logs.configure(level="debug", style=style)
    for key in ("password", "server_password", "pass", "token", "api_token", "Authorization", "secret", "cookie"):
        log.info("said", **{key: CANARY})
    log.info("deep", config={"operator": [{"name": "maya", "password": CANARY}]})
    log.info("typed", value=Secret(CANARY), values=[Secret(CANARY)])
    said = capsys.readouterr().err
    assert CANARY not in said
    assert said.count("***") == 11


def test_a_word_that_only_resembles_a_secret_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure()
    log.info("said", passed=True, compass="north")
    said = json.loads(capsys.readouterr().err)
    assert (said["passed"], said["compass"]) == (True, "north")


def test_a_file_is_appended_to_and_not_for_everyone(tmp_path: Path) -> None:
    file = tmp_path / "hubbub.log"
    for event in ("first", "second"):
        logs.configure(file=str(file))
        log.info(event)
    assert [line["event"] for line in lines(file)] == ["first", "second"]
    assert stat.S_IMODE(file.stat().st_mode) & 0o007 == 0


def test_a_rotated_file_is_left_for_a_new_one(tmp_path: Path) -> None:
    file, rotated = tmp_path / "hubbub.log", tmp_path / "hubbub.log.1"
    logs.configure(file=str(file))
    log.info("before")
    file.rename(rotated)
    log.info("between")
    logs.reopen()
    log.info("after")
    assert [line["event"] for line in lines(rotated)] == ["before", "between"]
    assert [line["event"] for line in lines(file)] == ["after"]


def test_a_file_that_cannot_be_opened_anew_leaves_the_old_one(tmp_path: Path) -> None:
    directory, elsewhere = tmp_path / "a", tmp_path / "b"
    directory.mkdir()
    logs.configure(file=str(directory / "hubbub.log"))
    directory.rename(elsewhere)
    with pytest.raises(FileNotFoundError):
        logs.reopen()
    log.info("still here")
    assert [line["event"] for line in lines(elsewhere / "hubbub.log")] == ["still here"]


def test_standard_error_needs_no_reopening() -> None:
    logs.configure()
    logs.reopen()


def test_a_reader_that_went_away_ends_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    pipe = os.fdopen(writing, "w", buffering=1)
    monkeypatch.setattr("sys.stderr", pipe)
    logs.configure()
    log.info("into the void")
    with pytest.raises(BrokenPipeError):
        pipe.close()


def test_without_structlog_the_bare_words_are_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The first line may come when the system has no files left to read it from."""
    logs.configure()
    monkeypatch.setitem(sys.modules, "structlog", None)
    log.error("cannot accept connections", password=CANARY)
    assert capsys.readouterr().err == "error: cannot accept connections\n"


def test_what_libraries_log_is_heard_once(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure()
    logs.configure()
    logging.getLogger("asyncio").info("chatter")
    logging.getLogger("asyncio").error("Task exception was never retrieved")
    said = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert [(line["level"], line["event"], line["room"]) for line in said] == [
        ("error", "Task exception was never retrieved", "asyncio")
    ]


def test_starting_to_log_is_cheap_until_something_is_logged() -> None:
    code = "import sys; from hubbub import logs; logs.configure(); sys.exit('structlog' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
