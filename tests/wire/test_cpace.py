"""CPace: the vectors of its specification, and what each side learns.

https://datatracker.ietf.org/doc/draft-irtf-cfrg-cpace/, appendix "CPace using group X25519 and hash SHA-512"
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hubbub.wire.cpace import BadPoint, Party, generator, tag

PASSWORD = b"Password"
CHANNEL = b"\x0bA_initiator\x0bB_responder"
SID = bytes.fromhex("7e4b4791d6a8ef019b936c79fb7f2c57")
YA = bytes.fromhex("21b4f4bd9e64ed355c3eb676a28ebedaf6d8f17bdc365995b319097153044080")
YB = bytes.fromhex("848b0779ff415f0af4ea14df9dd1d3c29ac41d836c7808896c4eba19c51ac40a")


def test_the_generator_is_that_of_the_specification() -> None:
    """Hash and map are right."""
    expected = "d04bf6d41f6a289632a2e929fa29bebd51092512a7829fdde7d314b62f05a73f"
    assert generator(PASSWORD, CHANNEL, SID).hex() == expected


def test_the_points_are_those_of_the_specification() -> None:
    """What A and B tell each other."""
    ya, yb = (Party(PASSWORD, CHANNEL, SID, scalar).point.hex() for scalar in (YA, YB))
    assert ya == "1d13c89278cdadd826f6d8d7f887701430f8380ddc17611cdd6dc989ce0c9f32"
    assert yb == "248cccf6d5cdc3646f0ad593f9e6cef4e69d4945f8372e623512ecea32185623"


@given(st.binary(max_size=200), st.binary(max_size=64))
def test_who_knows_the_secret_comes_to_the_same_key(secret: bytes, channel: bytes) -> None:
    """Whatever it is, and however long."""
    maya, leo = Party(secret, channel, SID), Party(secret, channel, SID)
    assert maya.key(leo.point, began=True) == leo.key(maya.point, began=False)


@pytest.mark.parametrize(
    ("secret", "channel", "sid"),
    [(b"Passwort", CHANNEL, SID), (PASSWORD, b"another certificate", SID), (PASSWORD, CHANNEL, SID[::-1])],
    ids=["another secret", "somebody in between", "another run"],
)
def test_who_does_not_comes_to_another(secret: bytes, channel: bytes, sid: bytes) -> None:
    """Nor does one whose certificate is not the one that the other sees."""
    maya, eve = Party(PASSWORD, CHANNEL, SID), Party(secret, channel, sid)
    assert maya.key(eve.point, began=True) != eve.key(maya.point, began=False)


def test_a_proof_cannot_be_sent_back() -> None:
    """Each role has its own."""
    assert tag(b"key", b"server") != tag(b"key", b"client")


@pytest.mark.parametrize(
    "point",
    [
        "",
        "00" * 31,
        "00" * 32,
        "01" + "00" * 31,
        "ec" + "ff" * 30 + "7f",
        "ed" + "ff" * 30 + "7f",
        "ee" + "ff" * 30 + "7f",
        "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
        "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
    ],
)
def test_a_point_that_would_give_the_key_away_is_refused(point: str) -> None:
    """Those of small order, which the specification lists, lead everybody to one key."""
    with pytest.raises(BadPoint):
        Party(PASSWORD, CHANNEL, SID).key(bytes.fromhex(point), began=True)
