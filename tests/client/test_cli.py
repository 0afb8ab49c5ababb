"""join, send and tail as programs: what they print, and how they end."""

import asyncio
import json
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pexpect
import pyte
import pytest

from hubbub.client.errands import own_name
from tests.client.harbour import Certificate, Harbour, harbour, run
from tests.client.village import NO_HISTORY, Village

ROOM = "#general"
PROGRAM = [sys.executable, "-m", "hubbub"]


@asynccontextmanager
async def started(*arguments: str, **environment: str) -> AsyncIterator[Process]:
    variables = {**os.environ, "TZ": "UTC", "PYTHONWARNINGS": "error", **environment}
    process = await asyncio.create_subprocess_exec(
        *PROGRAM, *arguments, stdin=PIPE, stdout=PIPE, stderr=PIPE, env=variables
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def result(*arguments: str, typed: str = "", **environment: str) -> tuple[int, list[str], str]:
    """Run a command to its end: exit status, lines on stdout, and stderr."""
    async with started(*arguments, **environment) as process:
        out, err = await process.communicate(typed.encode())
        assert process.returncode is not None
        return process.returncode, out.decode().splitlines(), err.decode()


async def line(process: Process) -> str:
    assert process.stdout is not None
    return (await process.stdout.readline()).decode().rstrip("\n")


def url(port: Harbour, room: str = "", name: str = "leo") -> str:
    return f"irc://{name}@{port.address}{room}"


def test_send_ends_well_only_when_the_message_is_stored() -> None:
    """Two lines are two messages; both are in the log when the command ends."""

    async def scene(port: Harbour) -> None:
        assert await result("send", url(port), "sam", "-", typed="one\ntwo\n") == (0, [], "")
        assert [entry.line.params[1] for entry in port.village.logs["leo sam"]] == ["one", "two"]

    run(scene)


def test_send_goes_into_a_room_that_wants_members() -> None:
    """And says it there, once."""

    async def scene(port: Harbour) -> None:
        assert await result("send", url(port), ROOM, "hello") == (0, [], "")
        assert [entry.line.command for entry in port.village.logs[ROOM]] == ["JOIN", "PRIVMSG", "QUIT"]

    run(scene)


def test_send_says_why_a_message_was_refused() -> None:
    """With status 1 and the words of the server."""

    async def scene(port: Harbour) -> None:
        village = port.village
        village._do_privmsg = lambda guest, line: village._tell(  # type: ignore[method-assign]
            guest, "401", guest.nick, line.params[0], "No such nick", label=line.tags["label"]
        )
        assert await result("send", url(port), "sam", "hello") == (
            1,
            [],
            "not sent to sam: No such nick; a room is written '#sam'\n",
        )
        assert await result("send", url(port), "sam", "") == (1, [], "there is nothing to send: the text is empty\n")

    run(scene)


def test_send_does_not_wait_for_ever() -> None:
    """The server takes the message and says nothing."""

    async def scene(port: Harbour) -> None:
        port.village._do_privmsg = lambda guest, line: None  # type: ignore[method-assign]
        status, _, words = await result("send", url(port), "sam", "hello", "--timeout", "0.3")
        assert (status, words) == (1, f"{port.address} did not confirm the message within 0.3 s; it may arrive yet\n")

    run(scene)


def test_a_way_that_is_none_has_a_status_of_its_own() -> None:
    """3 for a server that is not there, 2 for an address that is none."""

    async def scene(port: Harbour) -> None:
        status, _, words = await result("send", "unix:/nowhere/irc.sock", "sam", "hello")
        assert (status, words) == (3, "there is no socket at /nowhere/irc.sock; is the server running?\n")
        status, _, words = await result("join", "irsc://village")
        assert status == 2
        assert "unknown scheme 'irsc'; did you mean 'ircs'?" in words

    run(scene)


def test_a_password_comes_from_the_environment(tmp_path: Path) -> None:
    """Not from the command line, where everyone on the machine can read it."""

    async def scene(port: Harbour) -> None:
        seen: list[str] = []
        port.village._do_pass = lambda guest, line: seen.append(line.params[0])  # type: ignore[attr-defined]
        status, _, _ = await result("send", url(port), "sam", "hello", HUBBUB_PASSWORD="open sesame")
        assert (status, seen) == (0, ["open sesame"])

    run(scene)


def test_a_fingerprint_is_trusted_by_option(tmp_path: Path) -> None:
    """With colons, as people read it out."""
    certificate = Certificate(tmp_path)

    async def sail() -> None:
        async with harbour(Village(), tls=certificate.context()) as port:
            address = f"ircs://{port.address}"
            status, _, words = await result("send", address, "sam", "hello")
            assert (status, certificate.fingerprint in words) == (3, True)
            assert (await result("send", address, "sam", "hello", "--fingerprint", certificate.fingerprint))[0] == 0
            assert (await result("send", address, "sam", "hello", "--insecure"))[0] == 0

    asyncio.run(sail())


def test_join_reads_a_pipe() -> None:
    """Everything that is typed is done; what was refused is the reason of status 1."""

    async def scene(port: Harbour) -> None:
        status, lines, words = await result("join", url(port, "/#general"), "--plain", typed="hello\n/me waves\n")
        assert (status, words) == (0, "")
        assert [text.split("] ")[1] for text in lines if "leo" in text] == [
            "-- connected to Village as leo",
            "-- 2 in #general: @maya leo",
            "leo: hello",
            "* leo waves",
        ]
        status, _, words = await result("join", url(port), typed="/jion\n")
        assert (status, words) == (1, "there is no command /jion; did you mean /join?\n")

    run(scene)


def test_tail_prints_the_last_lines_and_follows() -> None:
    """What is said while it looks comes as it is said; Ctrl-C ends it without a word."""

    async def scene(port: Harbour) -> None:
        for number in range(5):
            port.village.neighbour("maya", ROOM, f"old {number}")
        port.village.caps -= {"draft/event-playback"}
        async with started("tail", url(port), ROOM, "--lines", "2") as process:
            await line(process)  # the day
            assert [await line(process), await line(process)] == ["[09:12] maya: old 3", "[09:12] maya: old 4"]
            port.village.neighbour("maya", ROOM, "new\x1b[2J")
            port.flush()
            assert await line(process) == "[09:12] maya: new"
            process.send_signal(signal.SIGINT)
            assert await process.communicate() == (b"", b"")
            assert process.returncode == 0

    run(scene)


def test_tail_speaks_json() -> None:
    """One object per line: the text as it was received, escaped so that it steers no terminal."""

    async def scene(port: Harbour) -> None:
        async with started("tail", url(port), ROOM, "--lines", "1", "--json") as process:
            await port.until(lambda: ROOM in port.village.logs)
            port.village.neighbour("maya", ROOM, "\x01ACTION wäves\x1b\x01")
            port.flush()
            raw = await line(process)
            assert raw.isascii()
            read = json.loads(raw)
            assert read.pop("ts").startswith("2025-11-20T09:12:00.0")
            assert read.pop("tags")["msgid"] == read["msgid"]
            assert read == {
                "from": "maya",
                "target": ROOM,
                "kind": "action",
                "text": "wäves\x1b",
                "msgid": read["msgid"],
            }
            port.cut()
            read = json.loads(await line(process))
            assert (read["from"], read["kind"], read["target"], read["text"]) == ("leo", "quit", ROOM, "cut")

    run(scene)


def test_tail_follows_a_private_conversation() -> None:
    """Without going anywhere."""

    async def scene(port: Harbour) -> None:
        port.village.neighbour("sam", "leo", "earlier")
        async with started("tail", url(port), "sam") as process:
            await line(process)
            assert await line(process) == "[09:12] (private) sam: earlier"
            port.village.neighbour("sam", "leo", "now")
            port.village.neighbour("maya", "leo", "something else")
            port.village.neighbour("sam", "leo", "and now")
            port.flush()
            assert await line(process) == "[09:12] (private) sam: now"
            assert await line(process) == "[09:12] (private) sam: and now"

    run(scene)


def test_tail_tells_of_a_gap() -> None:
    """A program reads of it, too."""

    async def scene(port: Harbour) -> None:
        async with started("tail", url(port), ROOM, "--json") as process:
            await port.until(lambda: ROOM in port.village.logs)
            port.village.neighbour("maya", ROOM, "heard")
            port.flush()
            assert json.loads(await line(process))["text"] == "heard"
            port.cut()
            gap = json.loads(await line(process))
            assert (gap["kind"], gap["text"], gap["target"]) == ("gap", "this server keeps no history", ROOM)

    run(scene, Village(caps=NO_HISTORY))


def test_a_room_that_does_not_let_us_in_cannot_be_followed() -> None:
    """Status 1, and the reason."""

    async def scene(port: Harbour) -> None:
        village = port.village
        village._do_join = lambda guest, line: village._tell(  # type: ignore[method-assign]
            guest, "473", guest.nick, line.params[0], "Cannot join channel (+i)"
        )
        assert await result("tail", url(port), "#staff") == (1, [], "Cannot join channel (+i)\n")

    run(scene)


def test_a_reader_that_leaves_makes_no_noise() -> None:
    """`hubbub tail ... | head -1`."""

    async def scene(port: Harbour) -> None:
        async with started("tail", url(port), ROOM, "--lines", "1") as process:
            await port.until(lambda: ROOM in port.village.logs)
            assert process.stdout is not None
            process.stdout._transport.close()  # type: ignore[attr-defined]  # as head does
            for _ in range(3):
                port.village.neighbour("maya", ROOM, "anyone?")
            port.flush()
            assert process.stderr is not None
            assert await process.stderr.read() == b""
            assert await process.wait() == 0

    run(scene)


def test_a_typed_line_survives_what_is_shown() -> None:
    """In a terminal maya's line comes in above the half sentence that leo is typing."""

    async def scene(port: Harbour) -> None:
        screen = pyte.Screen(50, 8)
        child = in_a_terminal("join", url(port, "/#general"), "--plain")
        child.logfile_read = Drawing(screen)
        try:
            await asyncio.to_thread(child.expect, "2 in #general")
            child.send("half a sent")
            await asyncio.to_thread(child.expect, "half a sent")
            port.village.neighbour("maya", ROOM, "hello")
            port.flush()
            await asyncio.to_thread(child.expect, "maya: hello.*half a sent")
            shown = [row.rstrip() for row in screen.display if row.strip()]
            assert shown[-2].endswith("maya: hello")
            assert shown[-1] == "#general> half a sent"
            child.send("ence\r")
            await asyncio.to_thread(child.expect, "leo: half a sentence")
            child.send("\x04")
            await asyncio.to_thread(child.expect, pexpect.EOF)
        finally:
            await asyncio.to_thread(child.close)
        assert child.exitstatus == 0
        assert screen.display[screen.cursor.y].strip() == ""

    run(scene)


def in_a_terminal(*arguments: str) -> "pexpect.spawn[str]":
    """A command in a terminal of eight short lines."""
    variables = os.environ | {"TERM": "xterm", "TZ": "UTC"}
    return pexpect.spawn(
        PROGRAM[0],
        [*PROGRAM[1:], *arguments],
        env=variables,
        dimensions=(8, 50),
        encoding="utf-8",
        timeout=20,
    )


class Drawing:
    """What pexpect takes for a log file: draws what a child writes."""

    def __init__(self, screen: pyte.Screen) -> None:
        self._stream = pyte.Stream(screen)

    def write(self, text: str) -> None:
        self._stream.feed(text)

    def flush(self) -> None:
        """Nothing is kept back."""


@pytest.mark.parametrize(("login", "nick"), [("maya", "maya"), ("7up-x y", "up-xy"), ("", "guest"), ("é", "guest")])
def test_the_login_name_is_the_nick(login: str, nick: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """As far as it can be one."""
    monkeypatch.setattr("getpass.getuser", lambda: login)
    assert own_name() == nick


def test_help_names_the_exit_statuses() -> None:
    """Scripts depend on them."""

    async def scene(_: Harbour) -> None:
        help_text = " ".join((await result("send", "--help"))[1])
        assert "Exit status: 0 done, 1 refused" in help_text

    run(scene)
