"""leo asks for what a link leads to: he gets all of it, or a sentence."""

from __future__ import annotations

import asyncio

import pytest

from hubbub.client import download as fetching
from hubbub.client.download import CannotFetch, download
from hubbub.client.isupport import Features
from hubbub.client.registration import Identity
from hubbub.client.trust import Trust
from hubbub.client.url import Address
from hubbub.client.way import Way
from tests.client.shelf import Shelf, said, shelf

WAY = Way(Address(host="127.0.0.1"), Identity("leo", account="leo", password="sesame"), Trust())


def fetched(place: Shelf, path: str, filehost: str = "") -> bytes:
    """What is at a path, once all of it is there."""

    async def act() -> bytes:
        async with shelf() as made:
            made.answers.update(place.answers)
            features = Features()
            features.update([f"draft/FILEHOST={made.url}"] if filehost else [])
            try:
                return await download(WAY, features, made.url + path, lambda *_: None)
            finally:
                place.asked[:] = made.asked

    return asyncio.run(act())


def test_what_is_there_comes_whole() -> None:
    """Also by a detour; nobody elsewhere is shown a password."""
    place = Shelf({"/a": said(b"", "302 Found", "Location: /b"), "/b": said(b"petrol" * 9000)})
    assert fetched(place, "/a") == b"petrol" * 9000
    assert [head.split()[1] for head in place.asked] == ["/a", "/b"]
    assert "uthorization" not in str(place.asked)


def test_the_servers_own_place_for_files_is_shown_who_asks() -> None:
    """It may be that only members read them."""
    place = Shelf({"/a": said(b"petrol")})
    assert fetched(place, "/a", filehost="here") == b"petrol"
    assert "authorization: basic" in place.asked[0].lower()


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (said(b"", "404 Not Found"), "has it not, or not for us"),
        (said(b"", "302 Found", "Location: /a"), "on and on"),
        (said(b"", "302 Found", "Location: file:///etc/passwd"), "not of the web"),
        (said(b"x" * 300), "more than 200 are not fetched"),
        (b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 300, "more than 200 bytes"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nshort", "broke off"),
        (b"220 mail.example.org ESMTP\r\n", "does not speak HTTP"),
        (b"", "does not speak HTTP"),
    ],
)
def test_what_does_not_come_is_told_in_a_sentence(
    answer: bytes, sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever answers there."""
    monkeypatch.setattr(fetching, "BYTES_MAX", 200)
    with pytest.raises(CannotFetch, match=sentence):
        fetched(Shelf({"/a": answer}), "/a")


@pytest.mark.parametrize(
    "url", ["http://[", "http://h:99999999/", "http:///a", "file:///etc/passwd", "http://127.0.0.1:1/"]
)
def test_a_link_that_leads_nowhere_is_told_in_a_sentence(url: str) -> None:
    """As people and programs write them."""
    with pytest.raises(CannotFetch):
        asyncio.run(download(WAY, Features(), url, lambda *_: None))
