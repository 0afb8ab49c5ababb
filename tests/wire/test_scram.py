"""SCRAM-SHA-256, the server's side. https://www.rfc-editor.org/rfc/rfc5802 and https://www.rfc-editor.org/rfc/rfc7677"""

import hmac
from base64 import b64decode, b64encode
from hashlib import pbkdf2_hmac, sha256

import pytest

from hubbub.wire.sasl import BadResponse
from hubbub.wire.scram import Derived, Exchange, prepared

SALT = b64decode("W22ZaJ0SNY7soEsUEjb6gQ==")
THEIRS, OURS = "rOprNGfwEbeRWgbNEkqO", "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0"
FIRST = f"n,,n=user,r={THEIRS}".encode()
FINAL = f"c=biws,r={THEIRS}{OURS},p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=".encode()


def begun(first: bytes = FIRST) -> Exchange:
    exchange = Exchange(first, OURS)
    exchange.challenge(SALT, 4096)
    return exchange


def finished(final: bytes, word: str = "pencil") -> bytes | None:
    keys = Derived(word, SALT, 4096)
    return begun().finish(final, keys.stored, keys.server)


def proof(first: str, without: str, password: str) -> bytes:
    """What a client says last, written down from the RFC once more."""
    said = f"r={THEIRS}{OURS},s={b64encode(SALT).decode()},i=4096"
    salted = pbkdf2_hmac("sha256", password.encode(), SALT, 4096)
    key = hmac.digest(salted, b"Client Key", "sha256")
    signature = hmac.digest(sha256(key).digest(), f"{first},{said},{without}".encode(), "sha256")
    xored = bytes(one ^ other for one, other in zip(key, signature, strict=True))
    return f"{without},p={b64encode(xored).decode()}".encode()


def test_the_example_of_the_rfc_passes() -> None:
    """RFC 7677, section 3: user, pencil, and every byte that both sides say."""
    exchange = Exchange(FIRST, OURS)
    assert exchange.name == "user"
    assert exchange.challenge(SALT, 4096) == f"r={THEIRS}{OURS},s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096".encode()
    keys = Derived("pencil", SALT, 4096)
    assert exchange.finish(FINAL, keys.stored, keys.server) == b"v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="


def test_another_password_does_not() -> None:
    """ "compares the result with the stored key [...] if these are not equal, authentication fails"."""
    assert finished(FINAL, "pencils") is None
    assert finished(FINAL.replace(b"p=dHzb", b"p=AAAA")) is None
    assert finished(FINAL.rpartition(b",p=")[0] + b",p=AAAA") is None


@pytest.mark.parametrize(
    "first",
    [
        b"",
        b"n,,",
        b"n,,n=user",
        b"n,,r=nonce,n=user",
        b"n,,n=,r=nonce",
        b"n,,n=user,r=",
        b"n,,n=us=er,r=nonce",
        b"n,,m=more,n=user,r=nonce",
        b"n,a=other,n=user,r=nonce",
        b"p=tls-unique,,n=user,r=nonce",
        b"x,,n=user,r=nonce",
        b"n,,n=\xff,r=nonce",
    ],
)
def test_a_first_message_that_cannot_be_read_is_refused(first: bytes) -> None:
    """Order and names of the attributes are fixed; `m=` and channel binding ask for what is not there."""
    with pytest.raises(BadResponse):
        Exchange(first, OURS)


@pytest.mark.parametrize("header", ["n,,", "y,,", "n,a=user,"])
def test_a_client_may_say_why_it_binds_no_channel_and_who_it_is(header: str) -> None:
    """The header comes back in the final message, whatever it was."""
    first, sent = f"n=user,r={THEIRS}", b64encode(header.encode()).decode()
    keys, exchange = Derived("pencil", SALT, 4096), begun(f"{header}{first}".encode())
    assert exchange.finish(proof(first, f"c={sent},r={THEIRS}{OURS}", "pencil"), keys.stored, keys.server)


def test_extensions_are_part_of_what_is_agreed() -> None:
    """Unknown attributes may stand behind the known ones, and are signed with them."""
    first = f"n=user,r={THEIRS},x=1"
    keys, exchange = Derived("pencil", SALT, 4096), begun(f"n,,{first}".encode())
    assert exchange.finish(proof(first, f"c=biws,r={THEIRS}{OURS},y=2", "pencil"), keys.stored, keys.server)


@pytest.mark.parametrize(
    "final",
    [
        b"",
        b"c=biws",
        FINAL.replace(b"c=biws", b"c=eSws"),
        FINAL.replace(b"c=biws,", b""),
        FINAL.replace(b"r=rO", b"r=Or"),
        FINAL.replace(OURS.encode(), b""),
        FINAL.rpartition(b",p=")[0],
        FINAL + b"!",
        b"\xff" + FINAL,
    ],
)
def test_a_final_message_of_another_exchange_is_refused(final: bytes) -> None:
    """ "The server verifies the nonce and the proof", and that nobody changed the header."""
    with pytest.raises(BadResponse):
        finished(final)


def test_names_with_commas_and_equals_are_escaped() -> None:
    """ "The characters ',' or '=' in usernames are sent as '=2C' and '=3D' respectively"."""
    assert Exchange(b"n,,n=a=2Cb=3Dc,r=nonce", OURS).name == "a,b=c"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("I\u00adX", "IX"),
        ("user", "user"),
        ("USER", "USER"),
        ("\u00aa", "a"),
        ("\u2168", "IX"),
        ("a\u00a0b", "a b"),
        ("\u0627\u0031\u0628", "\u0627\u0031\u0628"),
    ],
)
def test_one_password_has_one_form(typed: str, meant: str) -> None:
    """The examples of RFC 4013, section 3, a space of another kind, and Arabic around a digit."""
    assert prepared(typed) == meant


@pytest.mark.parametrize("typed", ["", "\u0007", "\u0627\u0031", "\u0627a\u0628", "\u0221", "\ufffd"])
def test_some_passwords_cannot_be_said(typed: str) -> None:
    """Controls, mixed directions, and what no alphabet held when the RFC was written."""
    with pytest.raises(BadResponse):
        Derived(typed, SALT, 1)
