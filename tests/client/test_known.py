"""The servers that are known by their certificates, in a file for people."""

from __future__ import annotations

from pathlib import Path

import pytest

from hubbub.client.known import Known
from hubbub.client.trust import Trust, Untrusted, fingerprint_of
from hubbub.client.url import Address

PLACE = Address(host="192.168.1.20", port=6697, tls=True)
ELSEWHERE = Address(host="192.168.1.20", port=6698, tls=True)
OURS, ANOTHER = b"a certificate", b"another certificate"


@pytest.fixture
def known(tmp_path: Path) -> Known:
    return Known(tmp_path / "hubbub" / "known_servers")


def test_who_was_trusted_by_a_fingerprint_is_known_by_it(known: Known) -> None:
    """Without it next time, and no other certificate is taken for theirs."""
    Trust(fingerprint_of(OURS), known=known).check(PLACE, OURS)
    Trust(known=Known(known.path)).check(PLACE, OURS)
    with pytest.raises(Untrusted) as no:
        Trust(known=known).check(PLACE, ANOTHER)
    assert (no.value.fingerprint, no.value.remembered) == (fingerprint_of(ANOTHER), str(known.path))
    Trust(known=known).check(ELSEWHERE, ANOTHER)  # another port is another server


def test_what_one_is_told_now_counts_for_more(known: Known) -> None:
    """The server was set up anew, and its owner said so: from then on that is known."""
    Trust(fingerprint_of(OURS), known=known).check(PLACE, OURS)
    Trust(fingerprint_of(ANOTHER), known=known).check(PLACE, ANOTHER)
    assert known.fingerprint(PLACE) == fingerprint_of(ANOTHER)


def test_what_was_not_the_one_that_was_told_is_not_remembered(known: Known) -> None:
    """Whoever was in between this once is not let in for good."""
    with pytest.raises(Untrusted):
        Trust(fingerprint_of(OURS), known=known).check(PLACE, ANOTHER)
    assert known.fingerprint(PLACE) == ""


@pytest.mark.parametrize("text", ["", "# a remark\n", "192.168.1.20:6697\n", "192.168.1.20:6697 none\n", "\x00 \xff"])
def test_a_line_that_says_nothing_is_passed_over(known: Known, text: str) -> None:
    """People may edit the file; what they keep in it stays readable."""
    known.path.parent.mkdir()
    known.path.write_bytes(text.encode("latin-1"))
    assert known.fingerprint(PLACE) == ""


def test_a_place_that_cannot_be_written_forgets(tmp_path: Path) -> None:
    """Who cannot keep anything is asked again."""
    (tmp_path / "file").write_text("no directory")
    known = Known(tmp_path / "file" / "known_servers")
    known.remember(PLACE, fingerprint_of(OURS))
    assert known.fingerprint(PLACE) == ""
