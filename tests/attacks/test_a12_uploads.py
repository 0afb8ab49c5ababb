"""What somebody shares: it lies where we say, is what its bytes say, and runs in nobody's browser.

https://cheatsheetseries.owasp.org/cheatsheets/File_Upload_Cheat_Sheet.html
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest

from hubbub.net.media import disposition, media_type, name_in
from tests.attacks.house import House
from tests.net.test_pictures import photo

WORD = "rosebud-sled"
SCRIPT = b"<script>globalThis.hit=1</script>"

PATHS = (
    "../evil", "..\\evil", "/etc/passwd", "C:\\evil", "....//evil", "%2e%2e%2fevil", "..%00/evil", "evil\0.png", ".",
    "..", "~/evil", "files/../../evil", "index.db", "hubbub.db", "a" * 5000, "CON", "\u202egnp.exe", "e\r\nvil: 1",
)  # fmt: skip

POLYGLOTS = {
    "a page": SCRIPT,
    "a page that says it is a picture": b"\x89PNG\r\n\x1a\n" + SCRIPT,
    "a picture and a script": b"GIF89a/*" + bytes(100) + b"*/=1;alert(1)",
    "a photograph with a page in it": photo("JPEG")[:2] + b"\xff\xfe\x00\x23" + SCRIPT + photo("JPEG")[2:],
    "a photograph with an archive behind it": photo("JPEG") + b"PK\x03\x04" + SCRIPT,
    "a photograph that is cut off": photo("JPEG")[:300],
    "a drawing that is a program": b"<svg xmlns='http://www.w3.org/2000/svg' onload='globalThis.hit=1'/>",
    "a program for Java and a picture": photo("PNG") + b"PK\x05\x06" + bytes(18) + SCRIPT,
    "a document": b"%PDF-1.7 " + SCRIPT,
    "XML": b"<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'>" + SCRIPT + b"</html>",
    "a module": b"export const hit = globalThis.hit = 1",
    "film that is a page": b"\0\0\0\x20ftypisom" + SCRIPT,
}
CLAIMS = ("text/html", "image/svg+xml", "image/png")


@pytest.fixture(scope="module")
def accounts(whole_house: House) -> dict[str, str]:
    """Credentials of two people, for HTTP."""
    for name in ("maya-a12", "tom-a12"):
        whole_house.come(name).asks(f"NS REGISTER {WORD}")
    whole_house.hang_up()
    return {name: "Basic " + b64encode(f"{name}-a12:{WORD}".encode()).decode() for name in ("maya", "tom")}


def share(house: House, who: str, body: bytes, **headers: str) -> str:
    """The path of its link."""
    answer, _ = house.ask("POST", "/", body, Authorization=who, **headers)
    assert answer.status == 201
    return urlsplit(answer.headers["Location"]).path


def lying_there(house: House) -> set[Path]:
    return {path for path in house.directory.rglob("*") if path.is_file()}


@pytest.mark.parametrize("path", PATHS, ids=range(len(PATHS)))
def test_where_a_file_lies_is_not_said_by_who_shares_it(house: House, accounts: dict[str, str], path: str) -> None:
    """Its name is a word for those who save it; on the disk it has that of its content, in one directory.

    Seen to fail where a file is kept under its name.
    """
    before = lying_there(house)
    name = f"attachment; filename*=utf-8''{quote(path, safe='')}"
    link = share(house, accounts["maya"], path.encode(), Content_Disposition=name)
    new = [found for found in lying_there(house) - before if found.parent != house.data]
    assert [found.parent for found in new] == [house.data / "files"]
    assert re.fullmatch("[0-9a-f]{64}", new[0].name)
    got, _ = house.ask("GET", link, Authorization=accounts["maya"])
    told = str(got.headers["Content-Disposition"])
    assert not re.search(r"[/\\\x00-\x1f]|\.\.|%2F|%5C|%0", told.partition("filename=")[2])


def test_no_path_leads_out_of_what_was_shared(
    house: House, accounts: dict[str, str], record_property: Callable[[str, object], None]
) -> None:
    """Neither a link nor that of an upload under way is a path: all that is no such word is not there.

    Seen to fail where what begins with a link is taken for that link, whatever follows.
    """
    link = share(house, accounts["maya"], b"canary")
    own = link[1:]
    inner = ["../hubbub.db", "index.db", "../../hubbub.toml", "%2e%2e/hubbub.db", "..%2fhubbub.db", "%00", own.upper()]
    inner += [f"{own}/../index.db", f"{own}%00", f"{own}/preview/..", f"{own}.part", own[:-1], f"{own}0"]
    paths = [f"{start}{path}" for path in inner for start in ("/", "//", "/uploads/", "/files/")]
    record_property("payloads", len(paths) + len(PATHS) + len(POLYGLOTS))
    for path in paths:
        for method in ("GET", "HEAD", "DELETE"):
            answer, body = house.ask(method, path, Authorization=accounts["maya"])
            assert answer.status in {400, 404, 405}, (method, path)
            assert b"SQLite" not in body
    assert house.ask("GET", link, Authorization=accounts["maya"])[1] == b"canary"


def test_an_upload_goes_on_for_its_owner_alone(house: House, accounts: dict[str, str]) -> None:
    """Whoever knows where somebody's upload is under way neither adds to it, nor ends it, nor learns how far it is.

    Seen to fail where an upload is found by its token alone.
    """
    begun, _ = house.ask("POST", "/", b"half", Authorization=accounts["maya"], Upload_Complete="?0")
    path = urlsplit(begun.headers["Location"]).path
    more = {"Upload_Complete": "?1", "Upload_Offset": "4", "Content_Type": "application/partial-upload"}
    for method in ("HEAD", "PATCH", "DELETE"):
        answer, _ = house.ask(method, path, b"x" if method == "PATCH" else None, Authorization=accounts["tom"], **more)
        assert answer.status == 404
    done, _ = house.ask("PATCH", path, b" whole", Authorization=accounts["maya"], **more)
    assert done.status in {200, 201}


@pytest.mark.parametrize("what", POLYGLOTS)
def test_what_could_run_is_saved_and_not_shown(house: House, accounts: dict[str, str], what: str) -> None:
    """Whatever its sender calls it: nothing is sniffed, all is in a sandbox, and a picture is only a picture.

    Seen to fail where a sender's type is believed, where what begins like a picture is one, and without `nosniff`.
    """
    claim = CLAIMS[[*POLYGLOTS].index(what) % len(CLAIMS)]
    name = f"attachment; filename=x.{claim.partition('/')[2]}"
    link = share(house, accounts["maya"], POLYGLOTS[what], Content_Type=claim, Content_Disposition=name)
    got, body = house.ask("GET", link, Authorization=accounts["maya"])
    assert got.headers["X-Content-Type-Options"] == "nosniff"
    assert got.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    kind, how = str(got.headers["Content-Type"]), str(got.headers["Content-Disposition"])
    assert how.startswith("attachment") or kind.startswith(("image/", "video/"))
    assert "html" not in kind
    assert "svg" not in kind
    assert not (kind.startswith("image/") and SCRIPT in body)


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ('attachment; filename="tea.png"', "tea.png"),
        ("attachment; filename*=utf-8''caf%C3%A9.txt", "café.txt"),
        ('attachment; filename="/etc/passwd"', "passwd"),
        ('attachment; filename="C:\\\\x\\\\tea.txt"', "tea.txt"),
        ("attachment; filename*=utf-8''a%0d%0aX%3a%20y%E2%80%AEgnp.exe", "aX: ygnp.exe"),
        ("attachment; filename*=nonsense''a%FF", "aÿ"),
        ("attachment; filename*0; filename*", ""),
        ("attachment", ""),
        ("", ""),
    ],
)
def test_a_name_says_nothing_but_a_name(said: str, name: str) -> None:
    """No path, no line of its own, no letters that turn others around.

    Seen to fail where a name is told as it came.
    """
    found = name_in(said)
    assert found == name
    assert disposition(found, shown=False).isascii()


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "image/webp"),
        (b"\0\0\0\x20ftypisom", "video/mp4"),
        (b"<svg xmlns=", ""),
        (b"%PDF-1.7", ""),
        (b"", ""),
    ],
)
def test_only_what_cannot_run_is_shown(head: bytes, kind: str) -> None:
    """Pictures, sound and film; SVG is a program.

    Seen to fail where what begins with `<` is text.
    """
    assert media_type(head) == kind
