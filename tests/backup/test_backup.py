"""A backup has all that is kept, says when it is damaged, and brings back what was said and no id twice."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from hashlib import sha256
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from hubbub.backup.checking import look_through
from hubbub.backup.inventory import Broken
from hubbub.backup.restoring import restore
from hubbub.backup.taking import take
from hubbub.cli import main
from hubbub.hub.events import Redacted, Said, Who
from hubbub.net.files import Allowance, Files
from hubbub.stores.directory import Claim
from hubbub.stores.sqlite import Visit
from hubbub.stores.sqlite_errands import SqliteErrands
from tests.stores import conftest as stores
from tests.stores.shelf import MAYA, log_of, meddle, said

PICTURE = b"how the tea was"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """What a server leaves behind: talk, an answer to it, a key, and something that was shared."""
    directory = tmp_path / "data"
    files = stores.Files(directory)
    shelf = files.open()
    ((place,),) = shelf.add(said("tea?"))
    shelf.add(Said(Who("leo!l@h"), ("#lobby",), "PRIVMSG", "#lobby", "yes", {"+draft/reply": place.msgid}))
    shelf.add(said("in private", "leo,maya"))
    files.close()
    (directory / "tls").mkdir()
    (directory / "tls" / "key.pem").write_text("a secret")
    (directory / "hubbub.log").write_text("what the system says")
    share(directory)
    return directory


def share(directory: Path) -> None:
    shelf = Files(directory / "files", b"secret", Allowance(), lambda: 1.0e9)
    upload = shelf.begin("maya", len(PICTURE))
    upload.write(PICTURE)
    upload.finish("tea.txt")
    shelf.close()


def wrong(directory: Path) -> list[str]:
    return [looked.words for looked in look_through(directory) if not looked.sound]


def hubbub(*words: object) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


def test_a_backup_has_all_that_lasts(data: Path, tmp_path: Path) -> None:
    """The database as one file, keys, and what was shared; not the lock, nor logs about the server."""
    take(data, tmp_path / "copy", None)
    names = {str(path.relative_to(tmp_path / "copy")) for path in (tmp_path / "copy").rglob("*") if path.is_file()}
    shared = f"files/{sha256(PICTURE).hexdigest()}"
    assert names == {"backup.json", "hubbub.db", "tls/key.pem", "files/index.db", shared}
    assert log_of(tmp_path / "copy") == log_of(data)
    assert wrong(tmp_path / "copy") == []


def test_what_was_shared_is_linked_and_not_copied_again(data: Path, tmp_path: Path) -> None:
    """It never changes; on one disk it takes up its room once."""
    assert take(data, tmp_path / "copy").linked == 1


def test_a_backup_that_is_there_is_replaced_only_when_told(data: Path, tmp_path: Path) -> None:
    """And something else than a backup never."""
    take(data, tmp_path / "copy")
    with pytest.raises(Broken, match="--replace"):
        take(data, tmp_path / "copy")
    take(data, tmp_path / "copy", replace=True)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["copy", "data"]
    (tmp_path / "mine").mkdir()
    with pytest.raises(Broken, match="no backup"):
        take(data, tmp_path / "mine", replace=True)


def test_no_backup_is_made_inside_of_what_it_is_of(data: Path) -> None:
    """It would be lost with it."""
    with pytest.raises(Broken, match="another disk"):
        take(data, data / "copy")


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        ("DELETE FROM msg WHERE body = 'tea?'", "#lobby: 1 of the entries 1 to 2 are missing"),
        ("UPDATE msg SET id = id + 9 WHERE body = 'yes'", "1 entries are in no log"),
        ("UPDATE msg SET ts = 1 WHERE body = 'yes'", "1 entries are not later than the one before"),
        ("DELETE FROM meta WHERE key = 'epoch'", "epoch"),
        ("DROP TABLE msg", "no such table"),
        ("UPDATE conv SET indexed = head; DELETE FROM found_data WHERE id > 10", "hubbub.db"),
    ],
)
def test_verify_says_what_is_lost(data: Path, statement: str, says: str) -> None:
    """Whatever was done to the file."""
    assert wrong(data) == []
    meddle(data, statement)
    assert any(says in words for words in wrong(data)), wrong(data)
    assert all(words.count("hubbub.db") == 1 for words in wrong(data)), wrong(data)


def test_verify_reads_every_byte_of_a_backup(data: Path, tmp_path: Path) -> None:
    """Of what was shared, and of what nothing else is known than how it was."""
    copy = tmp_path / "copy"
    take(data, copy)
    shared = copy / "files" / sha256(PICTURE).hexdigest()
    shared.unlink()  # the same file lies in the data directory
    shared.write_bytes(b"how the tea is")
    (copy / "tls" / "key.pem").write_text("no secret")
    assert len(wrong(copy)) == 2
    with pytest.raises(Broken, match="damaged"):
        restore(copy, tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_what_is_restored_is_what_was_said_and_what_answers_it(data: Path, tmp_path: Path) -> None:
    """Every entry has a new id, and an answer names the new one."""
    take(data, tmp_path / "copy")
    assert restore(tmp_path / "copy", tmp_path / "new") is None
    (old, _), (first, answer) = log_of(data), log_of(tmp_path / "new")
    assert (first.event, first.place.seq, first.place.ts) == (old.event, old.place.seq, old.place.ts)
    assert first.place.msgid != old.place.msgid
    assert isinstance(answer.event, Said)
    assert answer.event.tags == {"+draft/reply": first.place.msgid}
    assert (tmp_path / "new" / "tls" / "key.pem").read_text() == "a secret"
    assert wrong(tmp_path / "new") == []


def test_an_id_of_a_lost_future_is_never_given_again(data: Path, tmp_path: Path) -> None:
    """Whoever kept one finds nothing by it, instead of something else; also after two restores of one backup."""
    take(data, tmp_path / "copy")
    seen: set[str] = set()
    for words in ("lost", "lost again", "kept"):
        seen.add(goes_on(data, words))
        restore(tmp_path / "copy", data, replace=True)
    assert len(seen) == 3


def goes_on(directory: Path, words: str) -> str:
    """A server stores one message more; its id."""
    files = stores.Files(directory)
    try:
        ((place,),) = files.open().add(said(words))
    finally:
        files.close()
    return place.msgid


def test_what_was_taken_back_stays_so(data: Path, tmp_path: Path) -> None:
    """The entry that says so names the message by its new id."""
    files = stores.Files(data)
    shelf = files.open()
    shelf.add(Redacted(MAYA, ("#lobby",), "#lobby", shelf.page()[0].place.msgid))
    files.close()
    take(data, tmp_path / "copy")
    restore(tmp_path / "copy", tmp_path / "new")
    first, *_, last = log_of(tmp_path / "new")
    assert isinstance(last.event, Redacted)
    assert last.event.msgid == first.place.msgid


def test_what_was_there_is_moved_aside_when_told(data: Path, tmp_path: Path) -> None:
    """A restore loses nothing, and the next backup has none of what it moved."""
    take(data, tmp_path / "copy")
    goes_on(data, "since then")
    with pytest.raises(Broken, match="--replace"):
        restore(tmp_path / "copy", data)
    aside = restore(tmp_path / "copy", data, replace=True)
    assert aside is not None
    assert len(log_of(aside)) == len(log_of(data)) + 1
    take(data, tmp_path / "next")
    assert not list((tmp_path / "next").glob("replaced*"))


def test_a_running_server_is_not_restored_into(data: Path, tmp_path: Path) -> None:
    """It would go on writing to what was moved away."""
    take(data, tmp_path / "copy")
    claim = Claim(data)
    with pytest.raises(Broken, match="in use by process"):
        restore(tmp_path / "copy", data, replace=True)
    claim.release()


def test_a_backup_of_a_newer_hubbub_names_what_helps(data: Path, tmp_path: Path) -> None:
    """Nothing is touched."""
    take(data, tmp_path / "copy")
    meddle(tmp_path / "copy", "UPDATE meta SET value = '9.0' WHERE key = 'schema'")
    with pytest.raises(Broken, match="pip install --upgrade hubbub"):
        restore(tmp_path / "copy", tmp_path / "new")


def audited(directory: Path) -> list[object]:
    return [getattr(errand, "text", "") for errand in SqliteErrands(Visit(directory)).waiting().result()]


def test_the_commands_say_what_they_did_and_leave_it_to_the_audit_log(data: Path, tmp_path: Path) -> None:
    """The server that runs, or the next, writes it there."""
    copy, config = tmp_path / "copy", tmp_path / "mine.toml"
    config.write_text(f'data = "{data}"\n')
    steps: Sequence[tuple[Result, str]] = (
        (hubbub("backup", copy, "--config", config), "6 files"),
        (hubbub("verify", copy), "3 entries in 2 logs"),
        (hubbub("restore", copy, "--data", tmp_path / "new"), "start the server"),
        (hubbub("verify", "--data", tmp_path / "new"), "1 that were shared"),
    )
    for result, words in steps:
        assert result.exit_code == 0, result.output
        assert words in result.output
    assert (copy / "hubbub.toml").exists()
    assert any("took a backup" in str(text) for text in audited(data))
    assert any("restored the backup" in str(text) for text in audited(tmp_path / "new"))


@pytest.mark.parametrize(
    "words", [lambda there: ("backup", there / "x", "--data", there), lambda there: ("restore", there)]
)
def test_what_cannot_be_done_is_said_in_a_sentence(words: Callable[[Path], Sequence[object]], tmp_path: Path) -> None:
    """With the exit code of what is refused."""
    result = hubbub(*words(tmp_path))
    assert result.exit_code == 1
    assert "there is no hubbub.db" in result.output
