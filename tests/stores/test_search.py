"""Search: every store finds the same, in every script; and the file's index follows the log."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import apsw
import pytest

from hubbub.hub.events import Edited, Entry, Event, Parted, Redacted, pair_log
from hubbub.hub.ports import Mark, Sought, StoreFailed, Window
from hubbub.stores.sqlite import SqliteStore
from hubbub.stores.sqlite_file import for_writing
from hubbub.stores.sqlite_index import CROWD, MOST_PUT_OFF, PATIENCE_SECONDS, SLICE, Index
from tests.promises.fixtures.make import HERE as FIXTURES
from tests.stores.conftest import Files
from tests.stores.shelf import LEO, MAYA, NOON, Shelf, meddle, said, texts


def find(
    shelf: Shelf, text: str = "", *, logs: Sequence[str] = ("#lobby",), who: str = "", by: str = "", **bounds: object
) -> list[str]:
    """The texts found."""
    window = Window(**{"limit": 100, **bounds})  # type: ignore[arg-type]  # the tests' own words
    found: list[Entry] = shelf.wait(shelf.store.search(list(logs), who, Sought(text, by), window))
    return texts(found)


SAMPLES = (
    "Hello, World! It's snake_case and foo-bar.",
    "Привет, ёлка зелёная",
    "ÉCOLE Ångström naïve straße",
    "日本語の全文検索を試す ﾃｽﾄ Ｗｉｄｅ",
    "한국어를 배워요",
    "مَرحَبًا بالعالم",
    "สวัสดีครับ ยินดีที่ได้รู้จัก",
    "हिन्दी में खोज",
    "Xin chào thế giới Đà Nẵng",
    "ΟΔΥΣΣΕΥΣ",
    "\x01ACTION waves at C3PO\x01",
)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("hello", 0), ("HELLO world", 0), ('"hello world"', 0), ("hel*", 0), ("snake", 0), ("foo-bar", 0), ("it's", 0),
        ("елка", 1), ("ПРИВЕТ", 1), ("зел*", 1), ("ecole", 2), ("angstrom", 2), ("naïve", 2), ("strasse", 2),
        ("検索", 3), ("全文", 3), ("日本語の全文検索", 3), ("テスト", 3), ("wide", 3), ("한국", 4), ("배워", 4),
        ("مرحبا", 5), ("العالم*", None), ("بالعالم", 5), ("ครับ", 6), ("ยินดี", 6), ("हिन्दी", 7), ("खोज", 7),
        ("the gioi", 8), ("da nang", 8), ("Đà", 8), ("οδυσσευς", 9), ("c3po", 10), ("wave", None), ("wav*", 10),
        ("索検", None), ('"world hello"', None), ("hell", None), ("hello ёлка", None), ("!?", None), ('"', None),
        ("AND", 0), ("NOT hello", None), ("words:hello", None), ("he*", None),
    ],
)  # fmt: skip
def test_words_are_found_in_every_script(shelf: Shelf, text: str, found: int | None) -> None:
    """By their letters, whatever their case and accents; nothing in a question is a command."""
    shelf.add(*map(said, SAMPLES))
    assert find(shelf, text) == ([] if found is None else [SAMPLES[found]])


def test_a_beginning_stands_for_many_words(shelf: Shelf) -> None:
    """For more of them than are asked for one by one, too."""
    several, many = [f"abc{n}" for n in range(50)], [f"xyz{n}" for n in range(200)]
    shelf.add(*map(said, (*several, *many)))
    assert find(shelf, "abc*") == several
    assert find(shelf, '"abc1"') == ["abc1"]
    assert find(shelf, "xyz*", limit=300) == many
    assert find(shelf, "xyz19*", limit=300) == ["xyz19", *(f"xyz19{n}" for n in range(10))]


def test_who_said_it_is_a_nick_and_nothing_like_it(shelf: Shelf) -> None:
    """Signs in nicks part no words."""
    shelf.add(said("a"), said("a leo", who=MAYA), said("b", who=LEO))
    assert find(shelf, by="LEO") == ["b"]
    assert find(shelf, "a", by="maya") == ["a", "a leo"]
    assert find(shelf, "a", by="may") == []


def test_only_talk_is_found(shelf: Shelf) -> None:
    """Notices are talk, partings and reactions are not."""
    event: Event = Parted(LEO, ("#lobby",), "#lobby", "one")
    shelf.add(said("one"), event, said("one", verb="TAGMSG"), said("one!", verb="NOTICE"))
    assert find(shelf, "one") == ["one", "one!"]
    assert find(shelf) == ["one", "one!"]


def test_logs_are_searched_together_by_time(shelf: Shelf) -> None:
    """Those that were named, and the pairs of whoever asks."""
    pair, foreign = pair_log("maya", "~leo"), pair_log("tom", "~leo")
    for text, log in (("a 1", "#lobby"), ("a 2", pair), ("a 3", "#other"), ("a 4", "#lobby"), ("a 5", foreign)):
        shelf.add(said(text, log))
        shelf.clock.wall += 10
    assert find(shelf, "a", logs=["#lobby", "#none"], who="maya") == ["a 1", "a 2", "a 4"]
    assert find(shelf, "a", logs=["#lobby"], who="maya", limit=2) == ["a 2", "a 4"]
    assert find(shelf, "a", logs=["#lobby"], who="maya", limit=2, newest=False) == ["a 1", "a 2"]
    assert find(shelf, "a", logs=[], who="") == []
    assert find(shelf, logs=["#lobby", "#other"], limit=2) == ["a 3", "a 4"]


def test_a_window_bounds_what_is_found(shelf: Shelf) -> None:
    """By time, and counted from either end."""
    for n in range(5):
        shelf.clock.wall = NOON + n * 10
        shelf.add(said(f"a {n}"), said("b"))
    assert find(shelf, "a", after=Mark(ts=NOON)) == ["a 1", "a 2", "a 3", "a 4"]
    assert find(shelf, "a", before=Mark(ts=NOON + 20)) == ["a 0", "a 1"]
    assert find(shelf, "a", after=Mark(ts=NOON), newest=False, limit=2) == ["a 1", "a 2"]
    assert find(shelf, "a", limit=2) == ["a 3", "a 4"]
    assert find(shelf, "a", limit=0) == []


@pytest.mark.parametrize("read", [False, True], ids=["before it was read", "after it was read"])
def test_revisions_are_followed(shelf: Shelf, read: bool) -> None:
    """What was taken back is not found, what was edited is found by its new words alone."""
    first, second = (place.msgid for (place,) in shelf.add(said("one secret"), said("two secrets")))
    if read:
        assert find(shelf, "secret*") == ["one secret", "two secrets"]
    shelf.add(Redacted(MAYA, ("#lobby",), "#lobby", first, "oops", "maya", 1))
    shelf.add(Edited(MAYA, ("#lobby",), "PRIVMSG", "#lobby", second, "two plain words"))
    assert find(shelf, "secret*") == []
    assert find(shelf, "plain") == ["two plain words"]


# The file's index


def test_search_reads_on_by_itself(files: Files) -> None:
    """Nobody has to ask for it."""
    shelf = files.open()
    shelf.add(said("hello"), said("hello", "#other"))
    while behind(shelf):
        pass


def test_a_question_waits_for_what_it_is_about(files: Files) -> None:
    """All is found that was stored before; of what else waits nothing is read, however much it is."""
    shelf = files.open()
    private = pair_log("maya", "leo")
    shelf.add(said("hello"), *(said(f"hello {n}", "#other") for n in range(CROWD)), said("hello leo", private))
    assert find(shelf, "hello", who="maya") == ["hello", "hello leo"]
    assert files.current.unread == CROWD
    assert len(find(shelf, "hello", logs=["#lobby", "#other"])) == CROWD + 1
    assert not files.current.unread


def test_what_is_said_all_at_once_is_read_when_it_is_quiet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """To read along would take its time from those who talk; but only so much may wait."""
    monkeypatch.setattr("hubbub.stores.sqlite_index.monotonic", lambda: 100.0)
    with closing(for_writing(tmp_path)) as database:
        index = Index(database)
        assert not index.turn()
        index.saw([(1, 0, CROWD - 1), (2, 0, SLICE)])
        assert index.wish(busy=False) == PATIENCE_SECONDS
        index.saw([(1, CROWD - 1, MOST_PUT_OFF)])
        assert index.wish(busy=False) == 0


def test_search_goes_on_where_it_was(files: Files) -> None:
    """A server that ended before it had read everything reads it when it is back."""
    shelf = files.open()
    shelf.add(*(said(f"hello {n}") for n in range(1000)))
    files.close()
    shelf = files.open()
    while behind(shelf):
        pass
    found: list[Entry] = shelf.wait(shelf.store.search(["#lobby"], "", Sought("hello"), Window(2000)))
    assert len(found) == 1000


def test_what_failed_is_tried_again(files: Files) -> None:
    """A group that came to nothing leaves nothing in the index."""
    shelf = files.open()
    shelf.add(said("hello"))
    with pytest.raises(StoreFailed, match="expected an event that logs keep"):
        shelf.add(said("nobody"), Event(MAYA, ("#lobby",)))
    shelf.add(said("world"))
    assert find(shelf, "hello") + find(shelf, "nobody") + find(shelf, "world") == ["hello", "world"]


def test_the_index_is_sound(files: Files) -> None:
    """SQLite's own check of it, after revisions."""
    shelf = files.open()
    places = shelf.add(*map(said, SAMPLES))
    find(shelf, "hello")
    shelf.add(Redacted(MAYA, ("#lobby",), "#lobby", places[0][0].msgid, "", "maya", 1))
    shelf.add(Edited(MAYA, ("#lobby",), "PRIVMSG", "#lobby", places[1][0].msgid, "two"))
    check = "INSERT INTO found (found) VALUES ('integrity-check')"
    shelf.wait(files.current.write(lambda database: database.execute(check).fetchall()))


def behind(shelf: Shelf) -> bool:
    """Whether search has something to read."""

    def work(database: apsw.Connection) -> bool:
        return bool(database.execute("SELECT count(*) FROM conv WHERE indexed < head").get)

    assert isinstance(shelf.store, SqliteStore)
    return shelf.wait(shelf.store.read(work))


def test_what_was_taken_back_leaves_the_file(files: Files) -> None:
    """Not only the log: whoever reads the index byte by byte finds none of its words."""
    shelf = files.open()
    shelf.add(*(said(f"word{n}") for n in range(300)))
    place = shelf.add(said("xylophonecanary"))[0][0]
    assert find(shelf, "xylophonecanary") == ["xylophonecanary"]
    assert b"canary" in index_bytes(shelf)
    shelf.add(Redacted(MAYA, ("#lobby",), "#lobby", place.msgid, "", "maya", 1))
    assert b"canary" not in index_bytes(shelf)


def index_bytes(shelf: Shelf) -> bytes:
    def work(database: apsw.Connection) -> bytes:
        return b"".join(bytes(block) for (block,) in database.execute("SELECT block FROM found_data"))

    assert isinstance(shelf.store, SqliteStore)
    return shelf.wait(shelf.store.read(work))


def test_a_fault_of_the_index_costs_no_message(files: Files, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is written down for whoever looks, and read again later."""

    def fault(*_: object) -> None:
        raise apsw.FullError("no room")

    shelf = files.open()
    with monkeypatch.context() as patch:
        patch.setattr("hubbub.stores.sqlite_index.put", fault)
        shelf.add(said("hello"))
        assert shelf.wait(files.current.catch_up()) is False
        assert files.current.stats.behind == "the disk is full: make room, and it goes on by itself"
    shelf.add(said("hello"))
    assert find(shelf, "hello") == ["hello", "hello"]
    assert not files.current.stats.behind


def test_a_file_from_before_search_is_read_too(files: Files) -> None:
    """All of it, once the server runs."""
    files.directory.mkdir()
    meddle(files.directory, (FIXTURES / "schema-1.0.sql").read_text("utf-8"))
    assert find(files.open(), "morning") == ["Morning!"]
