"""Mail: what reaches a mail server, and what becomes of it when it cannot."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from email import message_from_string
from functools import partial

import pytest

from hubbub.mail import Mailer, MailServer
from tests.stores.shelf import Loop


class PostOffice:
    """Just enough of a mail server: one connection at a time, `refuses` is the command it says no to."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.refuses = ""
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            with connection, connection.makefile("r", newline="\r\n") as lines:
                self._talk(lines.readline, partial(_say, connection))

    def _talk(self, read: Callable[[], str], say: Callable[[str], None]) -> None:
        say("220 post.example")
        while line := read().rstrip():
            self.said.append(line)
            command = line.partition(" ")[0].upper()
            if command == self.refuses:
                say("550 no")
            elif command == "DATA":
                say("354 go on")
                self.said.append("".join(iter(read, ".\r\n")))
                say("250 taken")
            else:
                say("221 bye" if command == "QUIT" else "250 fine")


def _say(connection: socket.socket, text: str) -> None:
    connection.sendall(f"{text}\r\n".encode())


@pytest.fixture
def office() -> Iterator[PostOffice]:
    office = PostOffice()
    yield office
    office.close()


class Sender:
    """A mailer, and the thread of the server that waits for its answers."""

    def __init__(self, port: int, security: str = "none") -> None:
        loop = Loop()
        self.wait = loop.wait
        self.problems: list[Exception] = []
        server = MailServer("127.0.0.1", port, security, "", "", "chat@hub.example")
        self.mailer = Mailer(server, "Tea House", loop.soon, self.problems.append)

    def send(self, address: str = "maya@home.example") -> bool:
        return self.wait(self.mailer.send(address, "maya", "c0de-w0rd"))


def test_a_code_reaches_whoever_asked(office: PostOffice) -> None:
    """With what to do, and what it is about."""
    sender = Sender(office.port)
    assert sender.send()
    assert "mail FROM:<chat@hub.example>" in [line.partition(" size")[0] for line in office.said]
    assert "rcpt TO:<maya@home.example>" in office.said
    mail = message_from_string(next(text for text in office.said if "Subject" in text))
    assert (mail["To"], mail["Subject"]) == ("maya@home.example", "Your account maya on Tea House")
    assert mail["Auto-Submitted"] == "auto-generated"
    assert "/quote VERIFY maya c0de-w0rd" in mail.get_payload()


@pytest.mark.parametrize("command", ["MAIL", "RCPT", "DATA"])
def test_a_mail_that_is_refused_was_not_sent(office: PostOffice, command: str) -> None:
    """The operator is told, and the next one may go through."""
    sender = Sender(office.port)
    office.refuses = command
    assert not sender.send()
    office.refuses = ""
    assert sender.send()
    assert len(sender.problems) == 1


def test_a_server_that_is_gone_is_no_reason_to_wait_for_ever() -> None:
    """Nobody listens: no mail, and a problem for the operator."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    sender = Sender(port)
    assert not sender.send()
    assert isinstance(sender.problems[0], ConnectionRefusedError)


def test_a_code_does_not_go_out_in_clear_where_tls_was_asked_for(office: PostOffice) -> None:
    """A server, or somebody in between, that offers no STARTTLS gets nothing to read."""
    sender = Sender(office.port, "starttls")
    assert not sender.send()
    assert not any("c0de" in text for text in office.said)


def test_only_so_many_mails_are_under_way() -> None:
    """A mail server that says nothing keeps few, and those who come then are told at once that it did not work."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        sender = Sender(silent.getsockname()[1])
        promises = [sender.mailer.send("maya@home.example", "maya", "c0de") for _ in range(9)]
        assert [promise.done for promise in promises] == [False] * 8 + [True]
        assert promises[8].result() is False
        waiting = [silent.accept()[0] for _ in range(8)]
        for connection in waiting:
            connection.close()
        assert not any(sender.wait(promise) for promise in promises)


def test_an_address_cannot_smuggle_anything_in(office: PostOffice) -> None:
    """What would be a second header or receiver is refused, should it ever come this far."""
    sender = Sender(office.port)
    assert not sender.send("maya@home.example\r\nBcc: leo@home.example")
    assert not any("leo@" in text for text in office.said)
