"""Web Push as bytes: the specifications' own examples, and what a device and a push service make of it."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from hubbub.net.webpush import PAYLOAD_MAX, Vapid, encrypt, receiver, sealed
from tests.devices import CURVE, Device, encoded

NOON = 1_790_000_000.0

# https://www.rfc-editor.org/rfc/rfc8291#section-5 and its appendix
WATERMELON = b"When I grow up, I want to be a watermelon"
SENDER = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"
READER = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
AUTH = "BTBZMqHH6r4Tts7J_aSIgg"
SALT = "DGv6ra1nlYgDCS1FRnbzlw"
BODY = (
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_y"
    "l95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
)


def decoded(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def token_of(header: str) -> tuple[str, str]:
    """The token and the key of an Authorization header."""
    scheme, token, key = header.split(" ")
    assert scheme == "vapid"
    return token.removeprefix("t=").rstrip(","), key.removeprefix("k=")


def claims(token: str) -> dict[str, object]:
    read: dict[str, object] = json.loads(decoded(token.split(".")[1]))
    return read


@pytest.fixture
def vapid() -> Vapid:
    return Vapid(b"s" * 32, "mailto:maya@example.org", lambda: NOON)


def test_the_specifications_example_comes_out() -> None:
    """ "Push Message Encryption Example", byte for byte."""
    sender = ec.derive_private_key(int.from_bytes(decoded(SENDER), "big"), CURVE)
    assert encoded(sealed(WATERMELON, b"", receiver(READER, AUTH), sender, decoded(SALT))) == BODY


@pytest.mark.parametrize("size", [0, 1, 510, 511, 512, PAYLOAD_MAX])
def test_a_device_reads_what_was_sealed_for_it(size: int) -> None:
    """A body of at most 4096 bytes is what push services have to take."""
    phone = Device()
    body = encrypt(b"x" * size, receiver(phone.p256dh, phone.auth))
    assert phone.read(body) == b"x" * size
    assert len(body) <= 4096


def test_lengths_tell_little() -> None:
    """A yes and a no cannot be told apart, and not two of the same either."""
    phone = receiver(READER, AUTH)
    yes, no, again = encrypt(b"yes", phone), encrypt(b"no", phone), encrypt(b"no", phone)
    assert len(yes) == len(no)
    assert no != again


def test_there_is_an_end_to_what_can_be_pushed() -> None:
    """It is said, and not cut."""
    with pytest.raises(ValueError, match=f"at most {PAYLOAD_MAX} bytes"):
        encrypt(b"x" * (PAYLOAD_MAX + 1), receiver(READER, AUTH))


@pytest.mark.parametrize(
    ("p256dh", "auth", "expected"),
    [
        ("", AUTH, "uncompressed P-256"),
        (READER[:40], AUTH, "uncompressed P-256"),
        (encoded(b"\x04" + b"x" * 64), AUTH, "point on the curve"),
        (encoded(b"\x02" + b"x" * 64), AUTH, "point on the curve"),
        (READER, "", "16 bytes"),
        (READER, encoded(b"x" * 15), "16 bytes"),
        (READER, "not base64!", "base64"),
        ("ä" * 87, AUTH, "base64"),
    ],
)
def test_keys_that_are_none_are_refused(p256dh: str, auth: str, expected: str) -> None:
    """With what was expected."""
    with pytest.raises(ValueError, match=expected):
        receiver(p256dh, auth)


def test_padding_of_base64_is_taken_and_not_needed() -> None:
    """Browsers leave it out, other clients do not."""
    assert receiver(READER + "=", AUTH + "==") == receiver(READER, AUTH)


def test_a_push_service_can_tell_who_we_are(vapid: Vapid) -> None:
    """ES256 over the token, by the key that clients were given: RFC 8292, sections 2 and 3."""
    token, key = token_of(vapid.authorization("https://push.example"))
    assert key == vapid.public
    assert claims(token) == {
        "aud": "https://push.example",
        "exp": int(NOON) + 12 * 3600,
        "sub": "mailto:maya@example.org",
    }
    text, _, signature = token.rpartition(".")
    raw = decoded(signature)
    ours = ec.EllipticCurvePublicKey.from_encoded_point(CURVE, decoded(key))
    pair = encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
    ours.verify(pair, text.encode(), ec.ECDSA(hashes.SHA256()))  # raises where it is not ours


def test_the_key_is_made_of_the_secret_alone() -> None:
    """A restart has the same, and another house another one."""
    one, same, other = (Vapid(secret * 32, "mailto:a@b", lambda: NOON).public for secret in (b"s", b"s", b"t"))
    assert one == same
    assert one != other
    assert len(decoded(one)) == 65


def test_a_token_serves_half_its_life() -> None:
    """Then there is a new one; each origin has its own."""
    now = NOON
    vapid = Vapid(b"s" * 32, "mailto:a@b", lambda: now)
    first, elsewhere = vapid.authorization("https://push.example"), vapid.authorization("https://other.example")
    now = NOON + 6 * 3600 - 1
    assert vapid.authorization("https://push.example") == first != elsewhere
    now = NOON + 6 * 3600
    later = claims(token_of(vapid.authorization("https://push.example"))[0])
    assert later["exp"] == int(now) + 12 * 3600


def test_tokens_are_not_kept_without_end(vapid: Vapid) -> None:
    """Whoever names a thousand origins costs signatures, and no memory."""
    for number in range(300):
        vapid.authorization(f"https://{number}.example")
    assert len(vapid._tokens) <= 256
