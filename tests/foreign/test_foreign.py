"""What was said goes out as lines of JSON and comes in again, from here and from other programs."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import apsw
import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as some

from hubbub.backup.checking import look_through
from hubbub.cli import main
from hubbub.cli.log import entries
from hubbub.hub.events import Edited, Event, Joined, Redacted, Said, Who
from hubbub.stores.sqlite import open_reader
from tests.stores.conftest import Files
from tests.stores.shelf import LEO, MAYA, log_of, said

IRSSI = """\
--- Log opened Sat Oct 24 23:58:01 2026
23:58 -!- leo [leo@host.example] has joined #tea
23:58 <@maya> tea?
23:59  * leo nods
--- Day changed Sun Oct 25 2026
02:30 < leo> the hour that comes twice
02:10 < leo> and here it is again
02:11 -!- mode/#tea [+o leo] by maya
02:11 what is this?
02:12 -!- Irssi: #tea: Total of 2 nicks
02:13 -maya:#tea- notice me
02:14 -!- leo is now known as leon
02:15 -!- leon was kicked from #tea by maya [enough]
--- Log closed Sun Oct 25 02:16:00 2026
"""

WRITTEN = """\
--- Log opened Fri Nov 20 16:35:26 2026
16:35 -!- maya [root@localhost] has joined #den
16:35 -!- Irssi: #den: Total of 2 nicks [1 ops, 0 halfops, 0 voices, 1 normal]
16:35 <@leo> welcome, maya
16:35 < maya> hello leo
16:35  * maya waves
16:35 [notice(#den)] psst
16:35  * leo nods
16:35 -leo:#den- hey
16:35 -!- leo changed the topic of #den to: tea & more
16:35 -!- mode/#den [+v maya] by leo
16:35 -!- leo is now known as leon
16:35 -!- leon is now known as leo
16:35 -!- leo [leo@localhost] has left #den [bye]
16:35 -!- leo [leo@localhost] has joined #den
--- Log closed Fri Nov 20 16:35:28 2026
"""
"""By irssi 1.4.3, of a room here."""

ZNC = """\
[10:00:00] *** Joins: leo (leo@host.example)
[10:00:01] <maya> <tea>?
[10:00:01] <leo> yes
[10:00:02] * maya pours
[10:00:03] -maya- notice me
[10:00:04] *** maya changes topic to 'it's tea'
[10:00:05] *** maya sets mode: +o leo
[10:00:05] *** Server sets mode: +nt\x20
[10:00:06] *** leo is now known as leon
[10:00:07] *** leon was kicked by maya (enough)
[10:00:08] *** Parts: maya (m@h) (bye)
[10:00:09] *** Quits: sam (s@h) (gone)
"""


def hubbub(*words: object) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


def fill(directory: Path, *events: Event) -> None:
    files = Files(directory)
    try:
        shelf = files.open()
        for event in events:
            shelf.add(event)
    finally:
        files.close()


def told(directory: Path, log: str = "#tea") -> list[str]:
    found = [entry.event for entry in log_of(directory, log)]
    return [f"{type(event).__name__} {event.who.nick} {getattr(event, 'text', '')}".rstrip() for event in found]


def exported(directory: Path) -> list[str]:
    """Without ids, which are enciphered by each database's own key: by the place that they name."""
    result = hubbub("export", "--data", directory)
    assert result.exit_code == 0, result.output
    places = {json.loads(line)["msgid"]: json.loads(line)["seq"] for line in result.output.splitlines()}
    text = result.output
    for msgid, seq in places.items():
        text = text.replace(msgid, f"the {seq}.")
    return text.splitlines()


def carry(directory: Path, new: Path, file: Path) -> Result:
    assert hubbub("export", "--data", directory, "--to", file).exit_code == 0
    return hubbub("import", file, "--data", new)


TEXTS = some.text(some.characters(exclude_categories=["Cs"], exclude_characters="\0\r"), max_size=30)
EVENTS = some.one_of(
    some.builds(said, TEXTS, some.sampled_from(["#lobby", "leo,maya"]), who=some.sampled_from([MAYA, LEO])),
    some.builds(lambda bot: Joined(Who("bo!b@h", "bo", bot=bot), ("#lobby",), "#Lobby", "Bo"), some.booleans()),
)


@settings(max_examples=5, deadline=None)
@given(some.lists(EVENTS, max_size=8))
def test_what_was_exported_and_imported_is_exported_alike(
    tmp_path_factory: pytest.TempPathFactory, events: list[Event]
) -> None:
    """Every entry, in the same place, of the same time."""
    path = tmp_path_factory.mktemp("carry")
    fill(path / "old", *events)
    assert carry(path / "old", path / "new", path / "lines").exit_code == 0
    assert exported(path / "new") == exported(path / "old")
    again = hubbub("import", path / "lines", "--data", path / "new")
    assert again.exit_code == 0
    assert "0 taken" in again.output
    assert exported(path / "new") == exported(path / "old")


def test_answers_edits_and_what_was_taken_back_name_the_same_messages(tmp_path: Path) -> None:
    """By the ids that these have now; the log is sound."""
    files = Files(tmp_path / "old")
    shelf = files.open()
    ((one,),), ((two,),) = shelf.add(said("one")), shelf.add(said("two"))
    shelf.add(Said(LEO, ("#lobby",), "PRIVMSG", "#lobby", "yes", {"+draft/reply": one.msgid}))
    shelf.add(Edited(MAYA, ("#lobby",), "PRIVMSG", "#lobby", one.msgid, "three"))
    shelf.add(Redacted(MAYA, ("#lobby",), "#lobby", two.msgid))
    files.close()
    assert carry(tmp_path / "old", tmp_path / "new", tmp_path / "lines").exit_code == 0
    assert exported(tmp_path / "new") == exported(tmp_path / "old")
    first, second, answer, edit, gone = log_of(tmp_path / "new", "#lobby")
    assert isinstance(answer.event, Said)
    assert answer.event.tags == {"+draft/reply": first.place.msgid}
    assert isinstance(edit.event, Edited)
    assert edit.event.msgid == first.place.msgid
    assert isinstance(gone.event, Redacted)
    assert gone.event.msgid == second.place.msgid
    assert all(looked.sound for looked in look_through(tmp_path / "new"))


def test_a_server_goes_on_behind_what_was_imported_and_finds_it(tmp_path: Path) -> None:
    """Search reads it like anything else."""
    fill(tmp_path / "old", said("tea?"))
    carry(tmp_path / "old", tmp_path / "new", tmp_path / "lines")
    fill(tmp_path / "new", said("coffee?"))
    with open_reader(tmp_path / "new") as reader:
        assert [entry.place.seq for entry in entries(reader, "#lobby", 0)] == [1, 2]
    assert all(looked.sound for looked in look_through(tmp_path / "new"))


def test_irssi_tells_a_room_through_the_hour_that_comes_twice(tmp_path: Path) -> None:
    """A bad line is named by its number, and the rest goes on; a second time nothing is taken."""
    (tmp_path / "#tea.log").write_text(IRSSI)
    command = ("import", tmp_path / "#tea.log", "--zone", "Europe/Berlin", "--data", tmp_path / "data")
    result = hubbub(*command)
    assert result.exit_code == 1
    assert "#tea.log:9: it has none of the shapes that we know" in result.output
    assert told(tmp_path / "data") == [
        "Joined leo",
        "Said maya tea?",
        "Said leo \x01ACTION nods\x01",
        "Said leo the hour that comes twice",
        "Said leo and here it is again",
        "ModesChanged maya",
        "Said maya notice me",
        "Renamed leo",
        "Kicked maya enough",
    ]
    times = [entry.place.ts for entry in log_of(tmp_path / "data", "#tea")]
    assert times == sorted(times)
    assert times[4] - times[3] == 40 * 60 * 1000
    assert times[0] == datetime(2026, 10, 24, 23, 58, tzinfo=ZoneInfo("Europe/Berlin")).timestamp() * 1000
    assert "0 taken, 9 were here already" in hubbub(*command).output
    assert len(told(tmp_path / "data")) == 9


def test_what_irssi_wrote_of_a_room_here_is_read(tmp_path: Path) -> None:
    """All but what its own user noticed: it does not say who that is."""
    (tmp_path / "#den.log").write_text(WRITTEN)
    result = hubbub("import", tmp_path / "#den.log", "--data", tmp_path / "data")
    assert "12 taken, 1 could not be read" in result.output
    assert "#den.log:7: it does not say who its own user is" in result.output
    assert told(tmp_path / "data", "#den")[4:7] == [
        "Said leo \x01ACTION nods\x01",
        "Said leo hey",
        "TopicChanged leo tea & more",
    ]
    assert log_of(tmp_path / "data", "#den")[0].event.who.mask == "maya!root@localhost"


def test_znc_tells_a_room_a_day_to_a_file(tmp_path: Path) -> None:
    """The directory is the room's name, the file's the day's; modes that nobody set are passed over."""
    day = tmp_path / "#tea" / "2026-11-20.log"
    day.parent.mkdir()
    day.write_text(ZNC)
    result = hubbub("import", day, "--zone", "UTC", "--data", tmp_path / "data")
    assert (result.exit_code, "11 taken" in result.output) == (0, True), result.output
    assert told(tmp_path / "data")[1:4] == ["Said maya <tea>?", "Said leo yes", "Said maya \x01ACTION pours\x01"]
    assert told(tmp_path / "data")[5] == "TopicChanged maya it's tea"
    assert told(tmp_path / "data")[-1] == "Quit sam gone"


def item(text: str, kind: int = 1, **more: object) -> str:
    message = {"Msgid": "kxh4ai7gyfmrz7sr7gtuajc5ja", "Message": text, "Time": "2026-11-20T10:00:00.123456789Z"}
    about = {"Type": kind, "Nick": "Maya!~u@host.example", "AccountName": "Maya", "Message": message, "Params": [""]}
    return json.dumps(about | more)


def test_ergo_exports_what_one_account_said(tmp_path: Path) -> None:
    """In rooms and to people."""
    lines = [item("tea?", CfCorrespondent="#tea"), item("you too?", CfCorrespondent="leo"), item("", 12)]
    (tmp_path / "maya.json").write_text("\n".join(lines))
    result = hubbub("import", tmp_path / "maya.json", "--data", tmp_path / "data")
    assert "maya.json:3:" in result.output
    assert told(tmp_path / "data") == ["Said Maya tea?"]
    assert told(tmp_path / "data", "leo,maya") == ["Said Maya you too?"]


def test_ergo_keeps_its_history_in_sqlite(tmp_path: Path) -> None:
    """Its three tables that matter, as its own code makes them."""
    database = apsw.Connection(str(tmp_path / "history.db"))
    database.execute("CREATE TABLE history (id INTEGER PRIMARY KEY, data BLOB, msgid TEXT)")
    database.execute("CREATE TABLE sequence (history_id INTEGER PRIMARY KEY, target TEXT, nanotime INTEGER)")
    database.execute(
        "CREATE TABLE conversations (id INTEGER PRIMARY KEY, target TEXT, correspondent TEXT, nanotime INTEGER,"
        " history_id INTEGER)"
    )
    database.execute(
        "INSERT INTO history VALUES (1, ?, ''), (2, ?, '')", (item("tea?").encode(), item("psst").encode())
    )
    database.execute("INSERT INTO sequence VALUES (1, '#tea', 1)")
    database.execute("INSERT INTO conversations VALUES (1, 'maya', 'leo', 2, 2), (2, 'leo', 'maya', 2, 2)")
    database.close()
    result = hubbub("import", tmp_path / "history.db", "--data", tmp_path / "data")
    assert result.exit_code == 0, result.output
    assert told(tmp_path / "data") == ["Said Maya tea?"]
    assert told(tmp_path / "data", "leo,maya") == ["Said Maya psst"]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ('{"kind": "Said"}', "there is no 'source'"),
        ("{", "truncated"),
        ('{"kind":"Said","source":"m!m@h","log":"&audit","ts":"2026-01-01T00:00:00Z"}', "expected a room"),
        (
            '{"kind":"Joined","source":"m!m@h","log":"#a","ts":"2026-01-01T00:00:00Z","channel":"#a\\nQUIT","realname":""}',
            "a character that no message can have",
        ),
        ('{"kind":"Said","source":"m m","log":"#a","ts":"2026-01-01T00:00:00Z"}', "expected a source"),
    ],
)
def test_a_bad_line_is_named_and_the_rest_goes_on(tmp_path: Path, line: str, says: str) -> None:
    """Nothing comes in that could not have been said here."""
    good = (
        '{"kind":"Said","verb":"NOTICE","source":"m!m@h","log":"#a","target":"#a","text":"x",'
        '"ts":"2026-01-01T00:00:00Z"}'
    )
    (tmp_path / "lines").write_text(f"{line}\n{good}\n")
    result = hubbub("import", tmp_path / "lines", "--data", tmp_path / "data", "--format", "hubbub")
    assert result.exit_code == 1
    assert "lines:1: " in result.output
    assert says in result.output
    assert told(tmp_path / "data", "#a") == ["Said m x"]


def test_nothing_is_put_before_what_a_log_holds(tmp_path: Path) -> None:
    """Whoever has an id or a place in it keeps it; a room of its own takes what is older."""
    (tmp_path / "#tea.log").write_text(IRSSI.replace("2026", "2016"))
    fill(tmp_path / "data", said("new", "#tea"))
    result = hubbub("import", tmp_path / "#tea.log", "--data", tmp_path / "data")
    assert result.exit_code == 1
    assert "--into names another room" in result.output
    assert told(tmp_path / "data") == ["Said maya new"]
    hubbub("import", tmp_path / "#tea.log", "--data", tmp_path / "data", "--into", "#tea-2016")
    assert len(told(tmp_path / "data", "#tea-2016")) == 9


def test_a_running_server_takes_nothing_in(tmp_path: Path) -> None:
    """It alone writes to its logs."""
    (tmp_path / "#tea.log").write_text(IRSSI)
    files = Files(tmp_path / "data")
    files.open()
    result = hubbub("import", tmp_path / "#tea.log", "--data", tmp_path / "data")
    files.close()
    assert result.exit_code == 1
    assert "in use by process" in result.output
