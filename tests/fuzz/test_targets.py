"""Each parser against a few bytes that nobody would send; `make fuzz` looks for more of them, and for longer."""

from __future__ import annotations

from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fuzz.targets import TARGETS, Target

TRIES: Final = 60
TRIES_OF_THE_SLOW: Final = 6


def inputs(target: Target) -> st.SearchStrategy[bytes]:
    """What means something to it, in any order, between bytes that do not."""
    known = st.sampled_from((*target.seeds, *target.words, b"\r\n"))
    return st.binary(max_size=64) | st.lists(known | st.binary(max_size=8), max_size=8).map(b"".join)


@pytest.mark.parametrize("name", TARGETS)
def test_nothing_that_it_reads_breaks_it(name: str) -> None:
    """What it is used to, pieces of that, and noise."""
    target = TARGETS[name]
    for seed in (b"", *target.seeds):
        target.run(seed)

    @settings(max_examples=TRIES_OF_THE_SLOW if target.slow else TRIES)
    @given(inputs(target))
    def tried(data: bytes) -> None:
        target.run(data)

    tried()
