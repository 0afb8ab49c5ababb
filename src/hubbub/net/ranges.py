"""The part of a file that is asked for. https://www.rfc-editor.org/rfc/rfc9110#section-14.1.2"""

import re
from typing import Final

_RANGE: Final = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.ASCII)


class Unsatisfiable(Exception):
    """Nothing of the file lies there."""


def wanted(said: str, size: int) -> tuple[int, int] | None:
    """Its first byte and the one after its last; None for the whole, also where several parts are asked for.

    Raises `Unsatisfiable`.
    """
    found = _RANGE.fullmatch(said.replace(" ", ""))
    if found is None or not (found[1] or found[2]):
        return None
    if found[1]:
        start, end = int(found[1]), min(int(found[2] or size), size - 1) + 1
        if found[2] and int(found[2]) < int(found[1]):
            return None  # not a range at all
    else:
        start, end = max(size - int(found[2]), 0), size
    if start >= end:
        raise Unsatisfiable
    return start, end
