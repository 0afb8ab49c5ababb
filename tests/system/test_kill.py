"""Kill -9 of the server at any moment of a busy run: no echoed message is lost, none is there twice."""

from __future__ import annotations

import random
import threading
from pathlib import Path

from hubbub.wire.line import Line
from tests.system.running import Running, Tally

ROUNDS = 20
WINDOW = 40
"""Messages that a writer has on their way at once."""

CAPS = ("batch", "draft/chathistory", "echo-message", "labeled-response", "message-tags", "server-time")


class Writer:
    """Somebody who talks as fast as the server echoes, and after a cut sends again what was not echoed."""

    def __init__(self, nick: str, tally: Tally) -> None:
        self.nick = nick
        self.tally = tally
        self.sent = 0
        self.waiting: dict[str, str] = {}
        self.echoed: dict[str, str] = {}
        """Each text that came back, with the msgid it came under."""
        self.doubts: list[str] = []

    def write(self, server: Running) -> threading.Thread:
        thread = threading.Thread(target=self._write, args=(server,))
        thread.start()
        return thread

    def _write(self, server: Running) -> None:
        try:
            wire = server.connect().enter(self.nick, *CAPS, room="#busy")
            with wire.socket:
                wire.say(*(self._line(label, text) for label, text in self.waiting.items()))
                self._fill(wire.say)
                for line in wire.lines():
                    if line.command == "PRIVMSG" and "label" in line.tags:
                        self._take(line)
                        self._fill(wire.say)
        except (OSError, AssertionError):
            return  # the server was killed: that is what this is about

    def _fill(self, say: object) -> None:
        assert callable(say)
        while len(self.waiting) < WINDOW:
            self.sent += 1
            label, text = f"{self.nick}-0123456789abcdef-{self.sent}", f"{self.nick} says {self.sent}"
            self.waiting[label] = text
            say(self._line(label, text))

    @staticmethod
    def _line(label: str, text: str) -> str:
        return f"@label={label} PRIVMSG #busy :{text}"

    def _take(self, line: Line) -> None:
        text = self.waiting.pop(line.tags["label"])
        msgid = self.echoed.setdefault(text, line.tags["msgid"])
        if text != line.params[1] or msgid != line.tags["msgid"]:
            self.doubts.append(f"{text!r} came back as {line}")
        self.tally.add()


def test_kill_9_loses_no_echoed_message_and_doubles_none(tmp_path: Path) -> None:
    """Three people write through 20 kills; history holds each echoed text once, under the msgid of its echo."""
    chance = random.Random()  # the server's own timing is left to chance, too: a seed would promise what it cannot keep
    tally = Tally()
    writers = [Writer(nick, tally) for nick in ("maya", "leo", "sam")]
    server = Running(tmp_path)
    try:
        for _ in range(ROUNDS):
            threads = [writer.write(server) for writer in writers]
            tally.wait_for(tally.count + chance.randrange(1, 1500))
            server.kill()
            for thread in threads:
                thread.join()
            server.start()
        stored = _history(server)
    finally:
        server.close()
    texts = [text for _, text in stored]
    assert len(texts) == len(set(texts))
    there = {text: msgid for msgid, text in stored}
    for writer in writers:
        assert not writer.doubts
        lost = {text: msgid for text, msgid in writer.echoed.items() if there.get(text) != msgid}
        assert not lost
        mine = [int(text.rpartition(" ")[2]) for text in texts if text.startswith(writer.nick)]
        assert mine == sorted(mine)


def _history(server: Running) -> list[tuple[str, str]]:
    """All of #busy from the beginning, as (msgid, text)."""
    wire = server.connect().enter("priya", *CAPS, room="#busy")
    found: list[tuple[str, str]] = []
    after = "timestamp=2000-01-01T00:00:00.000Z"
    with wire.socket:
        while True:
            wire.say(f"CHATHISTORY AFTER #busy {after} 1000")
            wire.hear("BATCH")
            page = []
            while (line := next(wire.lines())).command != "BATCH":
                page.append((line.tags["msgid"], line.params[1]))
            if not page:
                return found
            found += page
            after = f"msgid={page[-1][0]}"
