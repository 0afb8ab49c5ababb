"""SASL's responses: cut into chunks, put together again, read. https://ircv3.net/specs/extensions/sasl-3.1"""

from base64 import b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hubbub.wire.sasl import CHUNK, EMPTY, RESPONSE_MAX, BadResponse, ChunkTooLong, Plain, Response, chunks, plain


def test_an_empty_response_is_a_plus() -> None:
    """ "Empty (zero-length) responses are sent as AUTHENTICATE +"."""
    assert chunks(b"") == ["+"]
    assert Response().feed("+") == b""


@pytest.mark.parametrize("size", [300, 600])
def test_a_full_last_chunk_is_followed_by_an_empty_one(size: int) -> None:
    """ "If the last chunk was exactly 400 bytes long, it must also be followed by AUTHENTICATE +"."""
    said = chunks(b"x" * size)
    assert [len(chunk) for chunk in said] == [CHUNK] * (size // 300) + [1]
    assert said[-1] == EMPTY


@given(st.binary(max_size=1500))
def test_what_is_cut_is_put_together_again(data: bytes) -> None:
    """Nothing comes out before the last chunk, and then all of it."""
    response = Response()
    *first, last = chunks(data)
    assert [response.feed(chunk) for chunk in first] == [None] * len(first)
    assert response.feed(last) == data


def test_a_chunk_of_more_than_400_is_too_long() -> None:
    """ "the client-sent AUTHENTICATE command was too long (i.e. the parameter longer than 400 bytes)"."""
    with pytest.raises(ChunkTooLong):
        Response().feed("A" * (CHUNK + 1))


def test_a_response_without_end_is_refused_and_forgotten() -> None:
    """ "The server MAY place a limit on the total length of a response"; what follows is a new one."""
    response = Response()
    assert [response.feed("A" * CHUNK) for _ in range(RESPONSE_MAX // CHUNK)] == [None] * (RESPONSE_MAX // CHUNK)
    with pytest.raises(BadResponse, match="in all"):
        response.feed("A" * CHUNK)
    assert response.feed("AAAA") == b"\0\0\0"


@pytest.mark.parametrize("text", ["!!!", "AAA", "A", "AA=A", "ÄÄÄÄ", " AAA", "AAAA\t"])
def test_what_is_not_base64_is_refused(text: str) -> None:
    """ "The response is encoded in Base64 (RFC 4648)"."""
    with pytest.raises(BadResponse, match="Base64"):
        Response().feed(text)


@pytest.mark.parametrize(
    ("response", "said"),
    [
        (b"\0maya\0sesame", Plain("", "maya", "sesame")),
        (b"maya\0maya\0sesame", Plain("maya", "maya", "sesame")),
        ("\0maya\0sésame \N{KEY}".encode(), Plain("", "maya", "sésame \N{KEY}")),
    ],
)
def test_plain_says_who_and_with_which_password(response: bytes, said: Plain) -> None:
    """ "message = [authzid] UTF8NUL authcid UTF8NUL passwd"."""
    assert plain(response) == said


@pytest.mark.parametrize(
    "response", [b"", b"maya", b"maya\0sesame", b"\0\0sesame", b"\0maya\0", b"\0maya\0se\0same", b"\0maya\0\xff"]
)
def test_plain_needs_both_and_nothing_more(response: bytes) -> None:
    """ "If preparation fails or results in an empty string, verification SHALL fail", and no part may hold NUL."""
    with pytest.raises(BadResponse):
        plain(response)


def test_base64_of_a_response_is_what_others_write() -> None:
    """The example of the specification."""
    assert chunks(b"jilles\0jilles\0sesame") == [b64encode(b"jilles\0jilles\0sesame").decode()]
    assert Response().feed("amlsbGVzAGppbGxlcwBzZXNhbWU=") == b"jilles\0jilles\0sesame"
