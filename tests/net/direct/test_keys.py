"""Keys of direct conversations, and strangers' certificates."""

from __future__ import annotations

from pathlib import Path

import pytest

from hubbub.net.direct.keys import Keys, signed_by

P_256 = bytes.fromhex("06082a8648ce3d030107")
"""The curve that a key is of, as a certificate names it. https://www.rfc-editor.org/rfc/rfc5480#section-2.1.1.1"""


def test_who_has_a_key_signs_with_it(tmp_path: Path) -> None:
    """And signs nothing else by that."""
    keys = Keys(tmp_path)
    assert signed_by(keys.certificate, keys.sign(b"said"), b"said")
    assert not signed_by(keys.certificate, keys.sign(b"said"), b"something else")


@pytest.mark.parametrize("name", [b"\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x0f", b"\x05" + P_256[1:]])
def test_a_certificate_of_no_known_curve_signs_nothing(tmp_path: Path, name: bytes) -> None:
    """It is refused as a wrong signature is; nothing of ours goes wrong."""
    keys = Keys(tmp_path)
    assert P_256 in keys.certificate
    assert not signed_by(keys.certificate.replace(P_256, name, 1), keys.sign(b"said"), b"said")


def test_a_certificate_of_no_known_version_signs_nothing(tmp_path: Path) -> None:
    keys = Keys(tmp_path)
    assert b"\xa0\x03\x02\x01\x02" in keys.certificate
    strange = keys.certificate.replace(b"\xa0\x03\x02\x01\x02", b"\xa0\x03\x02\x01\x09", 1)
    assert not signed_by(strange, keys.sign(b"said"), b"said")
