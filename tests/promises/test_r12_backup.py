"""R12: a backup taken while people talk is sound, and is a prefix of every log."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from hubbub.backup.taking import take
from hubbub.hub.events import Entry
from hubbub.hub.ports import Window
from hubbub.stores.sqlite import open_reader
from tests.promises.writers import WRITERS, Writer, agree, history
from tests.stores.conftest import Files
from tests.stores.shelf import Shelf, said
from tests.system.running import Running, Tally

BACKUPS = 5
BETWEEN = 300
"""Messages that are echoed from one to the next."""


def log_of(data: Path) -> list[Entry]:
    with open_reader(data) as reader:
        return reader.page("#busy", Window(1_000_000))


def test_a_backup_under_writes_is_sound_and_a_prefix_of_every_log(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    """Taken again and again in the middle of talk: each has all that was echoed before it, and nothing but that order.

    Seen to fail where the database's file is copied as it is.
    """
    tally = Tally()
    server = Running(tmp_path)
    taken: list[tuple[Path, set[str]]] = []
    try:
        writers = [Writer(nick, tally) for nick in WRITERS]
        threads = [writer.write(server) for writer in writers]
        for number in range(BACKUPS):
            tally.wait_for(tally.count + BETWEEN)
            promised = {text for writer in writers for text in list(writer.echoed)}
            taken.append((tmp_path / f"backup {number}", promised))
            take(server.data, taken[-1][0])
        for writer in writers:
            writer.stop()
        for thread in threads:
            thread.join()
        agree(writers, history(server))
        server.stop()
        whole = log_of(server.data)
    finally:
        server.close()
    for directory, promised in taken:
        check(directory, promised, whole)
    record_property("backups taken under writes", BACKUPS)
    record_property("messages in the last of them", len(log_of(taken[-1][0])))


def check(directory: Path, promised: set[str], whole: list[Entry]) -> None:
    copied = log_of(directory)
    assert copied == whole[: len(copied)]
    assert promised <= {getattr(entry.event, "text", "") for entry in copied}
    files = Files(directory)
    shelf = files.open()
    try:
        assert shelf.wait(files.current.write(lambda db: db.execute("PRAGMA integrity_check").get)) == "ok"
        assert goes_on(shelf) == len(copied) + 1
    finally:
        files.close()


def goes_on(shelf: Shelf) -> int:
    """A server that starts from it stores the next message behind the last."""
    ((place,),) = shelf.add(said("after the fire", "#busy"))
    return place.seq
