"""ssh://, by a real client of another make than OpenSSH's, against a whole house in this process."""

from __future__ import annotations

import asyncio
import os
import signal
import stat
import sys
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import asyncssh
import pytest

from hubbub.compose import CannotStart, House, new_account
from hubbub.config import Config, load
from hubbub.config.endpoint import parse
from hubbub.dialects.plain.session import SshSeat
from hubbub.net.ssh import SshLink

PATIENCE = 20.0

Scene = Callable[[], Coroutine[Any, Any, None]]


@pytest.fixture(scope="module")
def keys() -> list[asyncssh.SSHKey]:
    return [asyncssh.generate_private_key("ssh-ed25519") for _ in range(2)]


def run(scene: Coroutine[Any, Any, None]) -> None:
    asyncio.run(asyncio.wait_for(scene, PATIENCE))


def settings(data: Path, **over: object) -> Config:
    usual = {"listen": [{"url": "ssh://127.0.0.1:0"}], "log.level": "error", "limits.flood": False}
    return load(None, {"data": str(data), **usual, **over})


class Client(asyncssh.SSHClient):
    """Asks its owner what it is asked, who types a password `tries` times, or nothing."""

    def __init__(self, password: str = "", tries: int = 1) -> None:
        self.password, self._tries = password, tries

    def kbdint_auth_requested(self) -> str | None:
        self._tries -= 1
        return "" if self._tries >= 0 else None

    def kbdint_challenge_received(self, name: str, instructions: str, lang: str, prompts: Any) -> list[str]:
        return [self.password for _ in prompts]


class Door:
    """An open house, and how to knock at it."""

    def __init__(self, house: House, url: str) -> None:
        self.house = house
        self.port = parse(url).port

    async def account(self, name: str, password: str) -> None:
        made = asyncio.Event()
        saved = self.house.server.accounts.save(name, new_account(name, password), new=True)
        saved.then(made.set)
        await made.wait()

    @asynccontextmanager
    async def connect(
        self, name: str, *, key: asyncssh.SSHKey | None = None, password: str = ""
    ) -> AsyncIterator[asyncssh.SSHClientConnection]:
        async with asyncssh.connect(
            "127.0.0.1",
            self.port,
            username=name,
            client_factory=lambda: Client(password),
            client_keys=[key] if key is not None else None,
            known_hosts=None,
            agent_path=None,
            config=[],
        ) as connection:
            yield connection

    @asynccontextmanager
    async def chat(self, name: str, *, term: str | None = None, **proof: Any) -> AsyncIterator[Chat]:
        async with (
            self.connect(name, **proof) as connection,
            connection.create_process(term_type=term, term_size=(80, 24)) as process,
        ):
            yield Chat(process)


class Chat:
    """What somebody sees and types."""

    def __init__(self, process: asyncssh.SSHClientProcess[str]) -> None:
        self.process = process
        self.seen = ""

    def types(self, text: str) -> None:
        self.process.stdin.write(text)

    async def sees(self, wanted: str) -> str:
        """All that came until this did."""
        before = len(self.seen)
        while wanted not in self.seen[before:]:
            more = await self.process.stdout.read(4096)
            assert more, f"expected {wanted!r}, saw {self.seen!r}"
            self.seen += more
        return self.seen[before:]

    async def end(self) -> str:
        """All that comes until the channel is closed."""
        return str((await self.process.wait()).stdout)


@asynccontextmanager
async def a_house(data: Path, **over: object) -> AsyncIterator[Door]:
    house = House(settings(data, **over))
    try:
        yield Door(house, (await house.open())[0])
    finally:
        await house.close("The house is closed")


def test_a_guest_comes_in_without_being_asked(tmp_path: Path) -> None:
    """Under the name of the login; what they say is shown to them when it is stored."""

    async def scene() -> None:
        async with a_house(tmp_path) as door, door.chat("maya") as maya, door.chat("leo") as leo:
            assert "you are maya here" in await maya.sees("leo joined")
            await leo.sees("2 in #lobby: @maya leo")
            maya.types("hello\n")
            await maya.sees("] maya: hello\n")
            await leo.sees("] maya: hello\n")

    run(scene())


def test_in_a_terminal_what_was_typed_gives_way_to_what_was_said(tmp_path: Path) -> None:
    """Where lines are wanted (`?face=plain`). The line editor is asyncssh's; Ctrl-C and Ctrl-D leave."""
    listen = [{"url": "ssh://127.0.0.1:0/?face=plain"}]

    async def scene() -> None:
        async with a_house(tmp_path, listen=listen) as door, door.chat("ida") as ida:
            await ida.sees("in #lobby")
            for number, leaving in enumerate(("\x03", "\x04", "/quit\r")):
                async with door.chat(f"maya{number}", term="xterm") as maya:
                    await maya.sees("-- now\r\n" if number else "in #lobby: @ida maya0\r\n")
                    maya.types("helo\x1b[Dl\r")
                    assert maya.process.channel.get_connection() is not None
                    await maya.sees(f"maya{number}: hello\r\n")
                    maya.process.change_terminal_size(40, 10)
                    maya.types(leaving)
                    await maya.end()
                    assert maya.process.exit_status == 0
                    await ida.sees(f"<- maya{number} quit")

    run(scene())


def test_in_a_terminal_there_is_the_screen(tmp_path: Path) -> None:
    """Its session is that of whoever came in: their account, their address, and no device more than that."""

    async def scene() -> None:
        async with a_house(tmp_path) as door:
            await door.account("maya", "correct horse")
            async with door.chat("maya", term="xterm", password="correct horse") as maya:
                await maya.sees("connecting")
                await maya.sees("maya joined")
                user = door.house.server.hub.users["maya"]
                assert (user.account, user.address, user.secure, len(user.sessions)) == ("maya", "127.0.0.1", True, 1)
                assert sorted(door.house._listeners.crowd.doors()) == ["screen", "ssh"]
                maya.types("\x11")
                await maya.end()
                assert maya.process.exit_status == 0

    run(scene())


def test_a_screen_that_is_stuck_ends_with_its_session(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As one does that nobody reads from: it would hear of no end."""
    monkeypatch.setattr("hubbub.net.screens._LAST_SECONDS", 0.01)
    monkeypatch.setattr("hubbub.net.pty._GRACE_SECONDS", 0.01)

    async def scene() -> None:
        async with a_house(tmp_path) as door, door.chat("maya", term="xterm") as maya:
            await maya.sees("maya joined")
            (program,) = children() - others
            os.kill(program, signal.SIGSTOP)
            (session,) = door.house.server.hub.users["maya"].sessions
            session.link.close("Enough of this")
            await maya.end()
            assert maya.process.exit_status == 1

    def children() -> set[int]:
        tasks = Path("/proc/self/task").iterdir()
        return {int(child) for task in tasks for child in (task / "children").read_text().split()}

    others = children()
    run(scene())


@pytest.mark.parametrize(
    ("name", "term", "over", "told"),
    [
        ("maya", "dumb", {}, "-- you are maya here"),
        ("maya smith", "xterm", {}, "!! A name has ASCII letters"),
        ("maya", "xterm", {"password": "open sesame"}, "What is the password of this house?"),
        ("maya", "xterm", {"limits.screens": 0}, "-- All screens of this server are taken; this is the chat in lines"),
        ("maya", "xterm", {"limits.connections": 1}, "-- The server is full (1 connections): try again later; this is"),
    ],
)
def test_where_there_can_be_no_screen_there_are_lines(
    name: str, term: str, over: dict[str, object], told: str, tmp_path: Path
) -> None:
    """On terminals that show none, where somebody has to be asked first, and where all screens are taken."""

    async def scene() -> None:
        async with a_house(tmp_path, **over) as door, door.chat(name, term=term) as maya:
            await maya.sees(told)

    run(scene())


def test_a_key_keeps_a_name(tmp_path: Path, keys: list[asyncssh.SSHKey]) -> None:
    """If its owner wants to: from then on nobody else comes in under that name, and the key opens no other."""

    async def scene() -> None:
        async with a_house(tmp_path, **{"accounts.login_attempts": 0}) as door:
            async with door.chat("maya", key=keys[0]) as maya:
                await maya.sees("to keep that name for whoever has your key, type /register")
                maya.types("/register\n")
                await maya.sees("you are logged in as maya")
                async with door.chat("maya", key=keys[0]) as second:
                    await second.sees("1 in #lobby: @maya")
                    second.types("from my other device\n")
                    await maya.sees("maya: from my other device")
            for proof in ({"key": keys[1]}, {"password": "guess"}, {}):
                with pytest.raises(asyncssh.PermissionDenied):
                    async with door.connect("maya", **proof):
                        pass
            async with door.chat("leo", key=keys[0]) as leo:
                await leo.sees("you are leo here")
                leo.types("/register\n")
                await leo.sees("!! Your key opens another account of yours already")

    run(scene())


def test_a_key_that_was_only_offered_proves_nothing(tmp_path: Path, keys: list[asyncssh.SSHKey]) -> None:
    """A client may ask whether somebody's public key would do, and then come in as a guest without showing it."""

    borrowed = [_Borrowed(keys[0])]

    class Impostor(Client):
        def public_key_auth_requested(self) -> Any:
            return borrowed.pop() if borrowed else None

    async def scene() -> None:
        async with a_house(tmp_path) as door:
            connection, _ = await asyncssh.create_connection(
                Impostor, "127.0.0.1", door.port, username="tom", known_hosts=None, agent_path=None, config=[]
            )
            async with connection, connection.create_process() as process:
                tom = Chat(process)
                assert "/register" not in await tom.sees("in #lobby")
                tom.types("/register\n")
                await tom.sees("!! Expected /register PASSWORD")

    run(scene())


class _Borrowed(asyncssh.SSHKeyPair):
    """Somebody's public key, and nothing to sign with."""

    def __init__(self, key: asyncssh.SSHKey) -> None:
        super().__init__(key.algorithm, key.algorithm, key.sig_algorithms, key.sig_algorithms, key.public_data, None)

    async def sign_async(self, data: bytes) -> bytes:
        return b"no signature"

    def sign(self, data: bytes) -> bytes:
        return b"no signature"


def test_an_accounts_password_opens_the_door(tmp_path: Path) -> None:
    """As `password`, and where a client asks its owner (`keyboard-interactive`); guesses are counted."""

    async def scene() -> None:
        async with a_house(tmp_path, **{"accounts.login_attempts": 2, "limits.flood": True}) as door:
            await door.account("maya", "correct horse")
            async with door.chat("maya", password="correct horse") as maya:
                await maya.sees("you are maya here")
                assert door.house.server.hub.users["maya"].account == "maya"
            for _ in range(2):
                with pytest.raises(asyncssh.PermissionDenied):
                    async with door.connect("maya", password="guess"):
                        pass
            with pytest.raises(asyncssh.PermissionDenied):
                async with door.connect("maya", password="correct horse"):
                    pass

    run(scene())


def test_who_tries_on_and_on_is_cut_off(tmp_path: Path) -> None:
    """Long before the time to log in is up."""

    async def scene() -> None:
        async with a_house(tmp_path) as door:
            await door.account("maya", "correct horse")
            with pytest.raises(asyncssh.DisconnectError, match="Too many keys and passwords were tried"):
                await asyncssh.create_connection(
                    lambda: Client("guess", 100), "127.0.0.1", door.port, username="maya", known_hosts=None, config=[]
                )

    run(scene())


def test_where_guests_are_not_let_in_a_proof_is_asked_of_all(tmp_path: Path, keys: list[asyncssh.SSHKey]) -> None:
    """Whether there is an account of that name or not."""

    async def scene() -> None:
        async with a_house(tmp_path, **{"accounts.guests": False}) as door:
            await door.account("maya", "correct horse")
            with pytest.raises(asyncssh.PermissionDenied):
                async with door.connect("tom", key=keys[0]):
                    pass
            async with door.chat("maya", password="correct horse") as maya:
                await maya.sees("you are maya here")

    run(scene())


def test_the_code_of_an_invite_is_a_password_for_a_guest(tmp_path: Path) -> None:
    """Where guests are not let in; not for the name of an account. It leads into its room."""

    async def scene() -> None:
        async with a_house(tmp_path, **{"accounts.guests": False}) as door:
            await door.account("maya", "correct horse")
            async with door.chat("maya", password="correct horse") as maya:
                maya.types("/join #den\n")
                await maya.sees("you are in #den")
                code = await door.house.invite("#den", 3_600_000)
                async with door.chat("leo", password=code) as leo:
                    await leo.sees("you are in #den")
                async with door.chat("tom", term="xterm", password=code):
                    await maya.sees("tom joined")
            with pytest.raises(asyncssh.PermissionDenied):
                async with door.connect("maya", password=code):
                    pass

    run(scene())


def test_who_never_says_the_password_of_the_house_is_shown_out(tmp_path: Path) -> None:
    async def scene() -> None:
        over = {"limits.registration_seconds": 1}
        async with a_house(tmp_path, password="open sesame", **over) as door, door.chat("maya") as maya:
            assert "No name came; connect again" in await maya.end()

    run(scene())


def test_a_house_with_a_password_asks_for_it_inside(tmp_path: Path) -> None:
    async def scene() -> None:
        async with a_house(tmp_path, password="open sesame") as door, door.chat("maya") as maya:
            await maya.sees("What is the password of this house?")
            maya.types("open sesame\n")
            await maya.sees("you are maya here")

    run(scene())


def test_a_name_that_cannot_be_worn_is_asked_for_again(tmp_path: Path) -> None:
    """The login's name is one that somebody else wears, or none for a chat."""

    async def scene() -> None:
        async with a_house(tmp_path) as door, door.chat("maya") as maya:
            await maya.sees("in #lobby")
            for name, told in (("maya", "!! maya is taken"), ("maya smith", "!! A name has ASCII letters")):
                async with door.chat(name) as other:
                    await other.sees(told)
                    other.types(f"tom{len(name)}\n")
                    await other.sees(f"you are tom{len(name)} here")

    run(scene())


def test_what_is_no_text_or_no_line_ends_nothing(tmp_path: Path) -> None:
    """Bytes that are no UTF-8 are shown replaced; a megabyte without a line end is refused, and little of it kept.

    Who leaves in the moment in which the house is closed does not hold that up.
    """

    async def scene() -> None:
        async with a_house(tmp_path) as door, door.connect("maya") as connection:
            pipe = await connection.create_process(encoding=None)
            pipe.stdin.write(b"caf\xe9 \xff\n" + b"x" * 1_000_000 + b"\nhello\n")
            seen = (await pipe.stdout.readuntil(b"maya: hello\n")).decode()
            assert "maya: caf\ufffd \ufffd\n" in seen
            assert seen.count("!! That is too long") == 1

    run(scene())


def test_who_is_put_out_while_nobody_reads_from_them_is_gone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a fast sender has sent waits in the kernel, and does not keep their seat."""

    async def scene() -> None:
        lost = asyncio.Event()
        monkeypatch.setattr(SshSeat, "lost", lambda seat, reason: lost.set())
        over = {"limits.flood": True, "limits.line_rate": 1}
        async with a_house(tmp_path, **over) as door, door.chat("maya") as maya:
            await maya.sees("in #lobby")
            (seat,) = door.house.server.sessions
            link, paused = seat.link, asyncio.Event()
            assert isinstance(link, SshLink)

            def pause() -> None:
                SshLink.pause(link)
                paused.set()

            monkeypatch.setattr(link, "pause", pause)
            maya.types("hello\n" * 600)
            await paused.wait()
            seat.close("enough")
            await lost.wait()

    run(scene())


def test_it_is_a_chat_and_nothing_else(tmp_path: Path) -> None:
    """No commands, no files, no tunnels."""

    async def scene() -> None:
        async with a_house(tmp_path) as door, door.connect("maya") as connection:
            done = await connection.run("uptime")
            assert (done.exit_status, done.stderr) == (1, "This is a chat: ssh without a command opens it\n")
            with pytest.raises(asyncssh.ChannelOpenError):
                await connection.open_connection("127.0.0.1", door.port)
            with pytest.raises(asyncssh.ChannelOpenError):
                await connection.start_sftp_client()
            with pytest.raises(asyncssh.ChannelListenError):
                await connection.forward_remote_port("127.0.0.1", 0, "127.0.0.1", 1)

    run(scene())


@pytest.mark.parametrize(("term", "seen"), [(None, "in #lobby"), ("xterm", "maya joined")])
def test_the_end_of_the_house_is_told(term: str | None, seen: str, tmp_path: Path) -> None:
    """And the channel is closed in time; no screen stays that nobody is behind."""

    async def scene() -> None:
        house = House(settings(tmp_path))
        door = Door(house, (await house.open())[0])
        async with door.chat("maya", term=term) as maya:
            await maya.sees(seen)
            closing = asyncio.ensure_future(house.close("Tea time"))
            assert (await maya.end()).rstrip().endswith("Tea time")
        await closing

    run(scene())


def test_a_reader_that_stops_is_cut_off(tmp_path: Path) -> None:
    """At its send queue's limit behind what the channel takes; the others notice nothing."""

    async def scene() -> None:
        async with (
            a_house(tmp_path, **{"limits.sendq_bytes": 65536}) as door,
            door.chat("leo") as leo,
            door.connect("maya") as connection,
        ):
            process = await connection.create_process(window=65536)
            process.channel.pause_reading()
            await leo.sees("maya joined")
            while "maya quit" not in leo.seen:
                leo.types("".join(f"{'x' * 4000} {number}\n" for number in range(20)))
                await leo.sees("x 19\n")
            assert "maya quit (SendQ exceeded)" in leo.seen

    run(scene())


def test_the_host_key_is_made_once_and_kept_secret(tmp_path: Path) -> None:
    async def fingerprint() -> str:
        async with a_house(tmp_path) as door, door.connect("maya") as connection:
            key = connection.get_server_host_key()
            assert key is not None
            return key.get_fingerprint()

    async def scene() -> None:
        assert await fingerprint() == await fingerprint()
        file = tmp_path / "ssh" / "host_key"
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        file.write_text("no key")
        with pytest.raises(CannotStart, match="no host key for ssh"):
            await fingerprint()

    run(scene())


def test_without_the_library_the_error_names_the_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything else works without it."""
    monkeypatch.setitem(sys.modules, "asyncssh", None)
    monkeypatch.delitem(sys.modules, "hubbub.net.ssh", raising=False)

    async def scene() -> None:
        with pytest.raises(CannotStart, match=r"pip install 'hubbub\[ssh\]'"):
            async with a_house(tmp_path):
                pass

    run(scene())
