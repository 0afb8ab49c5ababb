"""What a server says of itself in 005: the names it takes for equal, its modes, its limits.

https://modern.ircdocs.horse/#rplisupport-parameters
"""

import re
from collections.abc import Iterable
from string import ascii_lowercase, ascii_uppercase
from typing import Final

from hubbub.wire.line import LINE_MAX

# "If the value is not specified, the server SHOULD be assumed to use rfc1459", where {}|^ are the lower []\~.
_FOLDINGS: Final = {
    "ascii": str.maketrans(ascii_uppercase, ascii_lowercase),
    "rfc1459": str.maketrans(ascii_uppercase + "[]\\~", ascii_lowercase + "{}|^"),
    "rfc1459-strict": str.maketrans(ascii_uppercase + "[]\\", ascii_lowercase + "{}|"),
}

# What begins the name of a room anywhere: for when no server has said yet, or is not there to ask.
ROOM_SIGNS: Final = ("#", "&", "+", "!")

_ESCAPE: Final = re.compile(r"\\x([0-9A-Fa-f]{2})")

# Few enough for a screen or two, whatever more the server would give.
_PAGE: Final = 100

# CHANMODES' four kinds: lists, always a parameter, a parameter when set, none. This is what RFC 2812 has.
_CHANMODES: Final = "beI,k,l,imnpst"


class Features:
    """The tokens of one connection, each with the default that holds where the server is silent."""

    def __init__(self) -> None:
        self._tokens: dict[str, str] = {}
        self._folding = _FOLDINGS["rfc1459"]

    def forget(self) -> None:
        """A new connection: the server will say it all again. Until then names are compared as before."""
        self._tokens.clear()

    def update(self, tokens: Iterable[str]) -> None:
        """Take in the tokens of one 005: "KEY", "KEY=value" or "-KEY"."""
        for token in tokens:
            key, _, value = token.partition("=")
            if key.startswith("-"):
                self._tokens.pop(key[1:].upper(), None)
            else:
                self._tokens[key.upper()] = _ESCAPE.sub(lambda found: chr(int(found[1], 16)), value)
        self._folding = _FOLDINGS.get(self.get("CASEMAPPING", "rfc1459").lower(), _FOLDINGS["ascii"])

    def __contains__(self, key: str) -> bool:
        return key.upper() in self._tokens

    def get(self, key: str, default: str = "") -> str:
        """The value of a token; `default` where it is missing."""
        return self._tokens.get(key.upper(), default)

    def number(self, key: str, default: int) -> int:
        """The value of a token that counts; `default` where it is missing or no number."""
        value = self.get(key)
        return int(value) if value.isascii() and value.isdigit() else default

    def fold(self, name: str) -> str:
        """The form under which this server compares names."""
        return name.translate(self._folding)

    def same(self, one: str, other: str) -> bool:
        """Whether two names are one to this server."""
        return self.fold(one) == self.fold(other)

    def is_room(self, target: str) -> bool:
        """Whether a target is a room and no person. No room has a space or a comma in its name."""
        return target[:1] in {*self.get("CHANTYPES", "#&")} and " " not in target and "," not in target

    def room_of(self, target: str) -> str:
        """The room that "@#room" speaks to a part of; other targets as they are."""
        bare = target.lstrip(self.get("STATUSMSG", ""))
        return bare if self.is_room(bare) else target

    @property
    def prefixes(self) -> dict[str, str]:
        """Mode letter to sign, highest first: {"o": "@", "v": "+"}."""
        modes, _, signs = self.get("PREFIX", "(ov)@+").removeprefix("(").partition(")")
        return dict(zip(modes, signs, strict=False))

    def passes_tag(self, name: str) -> bool:
        """Whether the server passes on a client's tag: CLIENTTAGDENY=*,-typing refuses all but this one."""
        denied = self.get("CLIENTTAGDENY").split(",")
        return f"-{name}" in denied if "*" in denied else name not in denied

    def takes_parameter(self, mode: str, setting: bool) -> bool:
        """Whether a channel mode has a parameter when it is set (or, `setting` False, unset)."""
        lists, always, when_set, *_ = [*self.get("CHANMODES", _CHANMODES).split(","), "", "", ""]
        return mode in self.prefixes or mode in lists + always or (setting and mode in when_set)

    @property
    def filehost(self) -> str:
        """Where files go, https://codeberg.org/emersion/soju/src/branch/master/doc/ext/filehost.md; "" for nowhere."""
        return self.get("draft/FILEHOST") or self.get("soju.im/FILEHOST")

    @property
    def page(self) -> int:
        """How many lines to ask for at once: CHATHISTORY's limit, where 0 means none."""
        return min(self.number("CHATHISTORY", _PAGE) or _PAGE, _PAGE)

    @property
    def line_max(self) -> int:
        """The most bytes of a line, CR LF included, tags not."""
        return max(self.number("LINELEN", LINE_MAX), LINE_MAX)

    @property
    def knows_msgids(self) -> bool:
        """Whether history may be asked for by msgid. "If MSGREFTYPES is missing, clients SHOULD assume both"."""
        return "msgid" in self.get("MSGREFTYPES", "msgid").split(",")

    @property
    def keeps_nonces(self) -> bool:
        """Whether the label of a message makes sending it twice the same as sending it once."""
        return "hubbub.chat/NONCE" in self
