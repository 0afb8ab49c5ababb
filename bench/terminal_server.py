"""A server for one client under measurement: it lets in, opens rooms without being asked, and says what it is told to.

What it costs is not measured, so it is as little as can be: a thread, a socket, no history.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterable
from typing import Final

PATIENCE: Final = 20.0
_CAPS: Final = "message-tags server-time"


class Chatter:
    """Listens on a port of 127.0.0.1; the one who comes is leo, and finds himself in `rooms`."""

    def __init__(self, rooms: Iterable[str]) -> None:
        self._rooms = tuple(rooms)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._inside, self._answers = threading.Event(), threading.Semaphore(0)
        self._said = 0
        threading.Thread(target=self._serve, daemon=True).start()

    def wait(self) -> None:
        """Until leo is in all rooms, and has taken that in. Raises TimeoutError."""
        if not self._inside.wait(PATIENCE):
            raise TimeoutError("the client did not come in")
        self.fence()

    def say(self, room: str, *texts: str) -> None:
        """Somebody says things in a room."""
        lines = []
        for text in texts:
            self._said += 1
            seconds, rest = divmod(self._said, 1000)
            stamp = f"2025-11-20T{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.{rest:03}Z"
            nick = ("maya", "sam", "priya", "tom")[self._said // 3 % 4]
            lines.append(f"@time={stamp};msgid=m{self._said} :{nick}!{nick}@bench.test PRIVMSG {room} :{text}\r\n")
        self._wire.sendall("".join(lines).encode())

    def fence(self) -> None:
        """Wait until all that was said so far has been taken in."""
        self._wire.sendall(b"PING :fence\r\n")
        if not self._answers.acquire(timeout=PATIENCE):
            raise TimeoutError("the client answers no more")

    def close(self) -> None:
        self._listener.close()

    def _serve(self) -> None:
        try:
            self._wire, _ = self._listener.accept()
            for line in self._wire.makefile(encoding="utf-8", errors="replace"):
                self._hear(line.split())
        except OSError:
            return

    def _hear(self, words: list[str]) -> None:
        if words[:2] == ["CAP", "LS"]:
            self._tell(f":bench.test CAP * LS :{_CAPS}")
        elif words[:2] == ["CAP", "REQ"]:
            self._tell(f":bench.test CAP leo ACK {' '.join(words[2:])}")
        elif words[:2] == ["CAP", "END"]:
            self._welcome()
        elif words[:1] == ["PING"]:
            self._tell(f":bench.test PONG bench.test {words[1]}")
        elif words[:1] == ["PONG"] and "fence" in words[-1]:
            self._answers.release()

    def _welcome(self) -> None:
        self._tell(":bench.test 001 leo :Welcome", ":bench.test 005 leo NETWORK=Bench :are supported by this server")
        self._tell(":bench.test 422 leo :No message of the day")
        for room in self._rooms:
            self._tell(f":leo!leo@bench.test JOIN {room}", f":bench.test 353 leo = {room} :leo maya sam priya tom")
            self._tell(f":bench.test 366 leo {room} :End of /NAMES list")
        self._inside.set()

    def _tell(self, *lines: str) -> None:
        self._wire.sendall("".join(f"{line}\r\n" for line in lines).encode())
