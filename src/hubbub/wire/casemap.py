"""When two names are one: CASEMAPPING=ascii, where only A to Z have a lower case.

https://modern.ircdocs.horse/#casemapping-parameter
"""

from string import ascii_lowercase, ascii_uppercase
from typing import Final

_LOWER: Final = str.maketrans(ascii_uppercase, ascii_lowercase)


def fold(name: str) -> str:
    """The form under which a name is compared and kept. Names that look alike in other scripts stay different."""
    return name.lower() if name.isascii() else name.translate(_LOWER)
