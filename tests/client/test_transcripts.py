"""What was shown is remembered for as long as it can come again, and no longer."""

import pytest

from hubbub.client import transcripts as module
from hubbub.client.events import Happening, Said
from hubbub.client.mirror import Mirror
from hubbub.client.reading import Scene, read
from hubbub.client.transcripts import Transcripts
from hubbub.wire.line import Line, parse
from tests.client.village import START


def line(number: int, msgid: bool = True) -> Line:
    tag = f"msgid=m{number};" if msgid else ""
    return parse(f"@{tag}time=2025-11-20T09:12:00.{number:03}Z :maya!m@x PRIVMSG #general :line {number}")


class Book:
    """A transcript of #general, with what was given out."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.mirror = Mirror("leo")
        self.talks = Transcripts(self.mirror, self._keep)
        self.talk = self.talks.get("#general")

    def _keep(self, event: Happening) -> None:
        assert isinstance(event, Said)
        self.texts.append(event.text)

    def hear(self, *lines: Line) -> None:
        for one in lines:
            event = read(one, Scene(self.mirror, START))
            assert event is not None
            self.talks.offer(event)


@pytest.mark.parametrize("msgid", [True, False])
def test_what_a_page_shows_need_not_wait_any_more(msgid: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also when more lines wait than are remembered."""
    monkeypatch.setattr(module, "_SEEN_MAX", 3)
    book = Book()
    lines = [line(number, msgid) for number in range(10)]
    book.talks.hold(book.talk)
    book.hear(*lines[2:])
    book.talks.show_page(book.talk, lines[:8], START)
    book.talks.release(book.talk)
    assert book.texts == [f"line {number}" for number in range(10)]


def test_lines_that_cannot_be_read_count_as_progress() -> None:
    """A page of commands that we do not know moves the cursor all the same."""
    book = Book()
    unknown = parse("@msgid=m7;time=2025-11-20T09:12:00.007Z :maya!m@x SHRUG #general m1")
    assert book.talks.show_page(book.talk, [unknown], START) == 1
    assert book.talks.show_page(book.talk, [unknown], START) == 0
    assert book.talk.cursor is not None
    assert book.talk.cursor.msgid == "m7"


def test_memory_for_what_was_seen_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """A client that runs for a year remembers the last lines."""
    monkeypatch.setattr(module, "_SEEN_MAX", 100)
    book = Book()
    book.hear(*(line(number) for number in range(500)))
    assert len(book.talks._seen) == 100
