"""The side paths beside IRC: files, the page and what programs ask of it, and the door for `nc`."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

import pytest

from hubbub.dialects.plain.commands import COMMANDS
from hubbub.net.pages import Pages
from tests.attacks.house import House
from tests.doors.porch import Porch
from tests.irc.owners import owner, person
from tests.net.test_pages import WEB, paths_in

BODY = b"the canary sings chirrup"
WORD = "rosebud and sled"


@dataclass(frozen=True)
class Shared:
    """A file that Maya shared with her secret room: where it lies, and the invite to the room."""

    house: House
    path: str
    code: str


def basic(name: str, word: str = WORD) -> str:
    return "Basic " + b64encode(f"{name}:{word}".encode()).decode()


@pytest.fixture(scope="module")
def shared(whole_house: House) -> Iterator[Shared]:
    for name in ("maya-file", "tom-file"):
        one = whole_house.come(name)
        one.asks(f"NS REGISTER {quote(WORD)}")
    maya = one = whole_house.come("maya-f2", "hubbub.chat/invite")
    maya.asks(f"NS IDENTIFY maya-file {quote(WORD)}", "JOIN #secret-files", "CS REGISTER #secret-files")
    maya.asks("MODE #secret-files +sik whistle", "TOPIC #secret-files :warble")
    code = next(line for line in maya.asks("INVITATION CREATE #secret-files") if line.command == "INVITATION").params[1]
    answer, _ = whole_house.ask(
        "POST",
        "/?room=" + quote("#secret-files"),
        BODY,
        Authorization=basic("maya-file", quote(WORD)),
        Content_Disposition="attachment; filename=peep.txt",
    )
    assert answer.status == 201
    yield Shared(whole_house, urlsplit(answer.headers["Location"]).path, code)
    whole_house.hang_up()


def test_a_link_alone_opens_nothing_where_readers_are_members(shared: Shared) -> None:
    """Neither a stranger nor another account reads the file, whole, in part, small or by its head; Maya does.

    Seen to fail where `READ_FILE` is everybody's, and where a file is given before anybody is asked.
    """
    asked: list[dict[str, str]] = [
        {"Authorization": basic("tom-file", quote(WORD))},
        {"Authorization": basic("maya-file", "wrong")},
        {},
    ]
    for headers in asked:
        for more in ({}, {"Range": "bytes=0-3"}, {"If_None_Match": "*"}):
            for method in ("GET", "HEAD"):
                for path in (shared.path, f"{shared.path}/preview", f"{shared.path}?x", f"/./{shared.path}"):
                    told = {**headers, **more, "X_Forwarded_For": "203.0.113.77"}
                    answer, body = shared.house.ask(method, path, None, **told)
                    assert answer.status in {401, 403, 404, 429}, (method, path, more)
                    assert b"chirrup" not in body
                    assert "peep" not in str(answer.headers)
    mine, body = shared.house.ask("GET", shared.path, Authorization=basic("maya-file", quote(WORD)))
    assert (mine.status, body) == (200, BODY)


def test_who_runs_the_server_is_not_given_the_key_to_a_file(shared: Shared) -> None:
    """They see that it lies there, and may remove it; the link is told only to who may read the room.

    Seen to fail where HOUSE FILES tells every link.
    """
    link = shared.path.strip("/")
    for login, told in (("root :correct horse", False), ("eye :battery staple", True)):
        boss = shared.house.come("boss-files", "batch")
        boss.asks(f"OPER {login}")
        rows = " ".join(" ".join(line.params) for line in boss.asks("HOUSE FILES"))
        assert "peep.txt" in rows
        assert (link in rows) == told
        boss.asks("QUIT")


def test_the_page_tells_strangers_nothing_of_a_room(shared: Shared) -> None:
    """Everything that is served, with every name that somebody may try, as a browser and as a program.

    Seen to fail where metrics are for everybody.
    """
    found = [*paths_in(Pages(WEB, "x")), "/", "/metrics", "/healthz", "/hubbub.json", "/j/000000", "/ws"]
    found += [f"/{quote(name, safe='')}" for name in ("#secret-files", "secret-files", "..", "hubbub.db", "files")]
    found += [
        "/index.db",
        "/files/index.db",
        "/../data/hubbub.db",
        "/%2e%2e/hubbub.toml",
        "//etc/passwd",
        "/.git/config",
    ]
    for path in dict.fromkeys(found):
        for accept in ("text/html", "*/*"):
            answer, body = shared.house.ask("GET", path, Accept=accept)
            told = body.decode("latin-1") + str(answer.headers)
            assert not [song for song in ("#secret", "chirrup", "warble", "whistle", "peep") if song in told], path
    assert shared.house.ask("GET", "/metrics", X_Forwarded_For="203.0.113.78")[0].status == 403


@pytest.mark.parametrize("room", ["#canary", "#CANARY", "#lobby"])
def test_the_door_for_nc_tells_outsiders_nothing(room: str) -> None:
    """Each of its commands, with the name of the room, of who is in it, and of what was said there.

    Seen to fail where `/names` shows any room.
    """
    porch = Porch()
    maya = owner(porch, "maya", "#canary")
    leo = person(porch, "leo", rooms=())
    maya.say("TOPIC #canary :warble", "MODE #canary +sik whistle", "PRIVMSG #canary :chirrup", "PRIVMSG leo :trill")
    leo.hears()
    tom = porch.at("plain", "tom\r\n")
    heard = ""
    for name in COMMANDS.keys() - {"quit"}:
        for about in ("", room, f"{room} x", "maya", "leo", "500", f"maya {room}"):
            heard += "\n".join(tom.asks(f"/{name} {about}\r\n"))
    assert not [song for song in ("warble", "whistle", "chirrup", "trill") if song in heard]
    hidden, missing = tom.asks(f"/names {room}\r\n"), tom.asks("/names #nobody\r\n")
    assert [line.replace(room, "#nobody") for line in hidden] == missing or room == "#lobby"
    assert porch.faults == []
