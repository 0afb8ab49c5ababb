"""What a doctor says: how it is, what that means, and what helps."""

from __future__ import annotations

from typing import Literal

import msgspec

Grade = Literal["fine", "note", "warning", "problem"]
"""From nothing to do, by what to know and what to do soon, to what keeps people out or loses what they say."""


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """`about` is one word, `found` a sentence with what it stands for; `means` and `helps` are "" where all is fine."""

    about: str
    grade: Grade = "fine"
    found: str
    means: str = ""
    helps: str = ""

    @property
    def asks(self) -> bool:
        """Whether somebody has to do something."""
        return self.grade in {"warning", "problem"}
