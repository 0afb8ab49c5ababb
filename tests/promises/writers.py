"""People who talk without a pause, remember what the server has promised them, and hold it to that."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

from hubbub.wire.line import Line
from tests.system.running import Running, Tally

WRITERS = ("maya", "leo", "sam")
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
        self.farewell = ""
        """The server's reason for the end of the last connection, if it gave one."""
        self._enough = False

    def write(self, server: Running) -> threading.Thread:
        thread = threading.Thread(target=self._write, args=(server,))
        thread.start()
        return thread

    def stop(self) -> None:
        """Say nothing new, and leave with the next echo."""
        self._enough = True

    def _write(self, server: Running) -> None:
        try:
            wire = server.connect().enter(self.nick, *CAPS, room="#busy")
            with wire.socket:
                wire.say(*(self._line(label, text) for label, text in self.waiting.items()))
                self._fill(wire.say)
                for line in wire.lines():
                    self._hear(line, wire.say)
                    if self._enough:
                        return
        except (OSError, AssertionError):
            return  # the server has gone: that is what this is about

    def _hear(self, line: Line, say: Callable[[str], None]) -> None:
        if line.command == "ERROR":
            self.farewell = line.params[0]
        elif line.command == "PRIVMSG" and "label" in line.tags:
            self._take(line)
            self._fill(say)

    def _fill(self, say: Callable[[str], None]) -> None:
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


def history(server: Running) -> list[tuple[str, str]]:
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


def agree(writers: Sequence[Writer], stored: Sequence[tuple[str, str]]) -> None:
    """History has each echoed text once, under the msgid of its echo, and those of one writer in their order."""
    texts = [text for _, text in stored]
    assert len(texts) == len(set(texts))
    there = {text: msgid for msgid, text in stored}
    for writer in writers:
        assert not writer.doubts
        lost = {text: msgid for text, msgid in writer.echoed.items() if there.get(text) != msgid}
        assert not lost
        mine = [int(text.rpartition(" ")[2]) for text in texts if text.startswith(writer.nick)]
        assert mine == sorted(mine)
