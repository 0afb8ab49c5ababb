"""CTCP: what stands in a text behind a control character, for clients to act on. https://modern.ircdocs.horse/ctcp"""

from typing import Final

ACTION: Final = "\x01ACTION "
"""What somebody does, as in "maya waves": of all CTCP this alone is words for people."""


def is_query(text: str) -> bool:
    """Whether it is from program to program, with no words for people."""
    return text[:1] == "\x01" and not text.startswith(ACTION)
