"""Whom a line of a ban, exception or invitation list means.

A line is a mask (`nick!user@host`), an account (`a:maya`, wildcards allowed), or either of them behind `m:`, which
keeps people from speaking and lets them in. https://modern.ircdocs.horse/#extban-parameter and
https://ircv3.net/specs/extensions/account-extban
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

ACCOUNT: Final = "a:"
MUTE: Final = "m:"
KINDS: Final = "am"

_FORMS: Final = {"~a:": ACCOUNT, "~m:": MUTE, "account:": ACCOUNT, "mute:": MUTE}
"""How other servers write them."""


def canonical(text: str, normalise: Callable[[str], str]) -> str:
    """The line as it is listed; `normalise` makes a mask whole."""
    for form, short in _FORMS.items():
        if text[: len(form)].lower() == form:
            text = short + text[len(form) :]
    if text[:2].lower() == ACCOUNT:
        return ACCOUNT + (text[2:] or "*")
    if text[:2].lower() == MUTE:
        return MUTE + canonical(text[2:], normalise).removeprefix(MUTE)
    return normalise(text)


def mutes_only(line: str) -> bool:
    return line.startswith(MUTE)


def means(line: str, masks: Sequence[str], account: str, matches: Callable[[str, str], bool]) -> bool:
    """Whether it means somebody with these masks who is logged in as `account` ("" for nobody)."""
    line = line.removeprefix(MUTE)
    if line.startswith(ACCOUNT):
        return bool(account) and matches(line[2:], account)
    return any(matches(line, mask) for mask in masks)
