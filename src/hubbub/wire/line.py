"""One line of IRC: tags, source, command and parameters, read from text and written back.

https://modern.ircdocs.horse/#message-format and https://ircv3.net/specs/extensions/message-tags
"""

import re
from typing import Final

import msgspec

from hubbub.wire.numerics import RPL_NAMREPLY, RPL_USERHOST, RPL_WHOISCHANNELS

# "Most IRC servers limit messages to 512 bytes in length, including the trailing CR-LF": old clients read no more.
# https://modern.ircdocs.horse/#message-format
LINE_MAX: Final = 512

# "The size limit for message tags is 8191 bytes, including the leading '@' and trailing space": what a client must
# be ready to read, made of what the other client sent and what the server added.
# https://ircv3.net/specs/extensions/message-tags#size-limit
TAGS_MAX: Final = 8191

# "Clients MUST NOT send messages with tag data exceeding 4094 bytes": without '@' and space. It leaves the server
# the other half of TAGS_MAX, so that what it adds always fits.
# https://ircv3.net/specs/extensions/message-tags#size-limit
CLIENT_TAGS_MAX: Final = 4094


class BadLine(ValueError):
    """Text that is no line, or a line that cannot be spoken; says what was expected and what came."""


class Line(msgspec.Struct, frozen=True, gc=False):
    """What one line says. A missing tag value is "". Lines without tags share one dict: never write into `tags`."""

    command: str
    params: tuple[str, ...] = ()
    source: str | None = None
    tags: dict[str, str] = {}


_NO_TAGS: Final[dict[str, str]] = {}

# The colon before a last parameter without spaces is optional to the grammar, but not to some clients: they read
# these lines as if it always stood there.
_ALWAYS_COLON: Final = frozenset({"PRIVMSG", "NOTICE", RPL_USERHOST, RPL_WHOISCHANNELS, RPL_NAMREPLY})

# https://ircv3.net/specs/extensions/message-tags#escaping-values
_UNESCAPES: Final = {":": ";", "s": " ", "\\": "\\", "r": "\r", "n": "\n"}
_ESCAPE: Final = re.compile(r"\\(.?)", re.DOTALL)


def parse(text: str) -> Line:
    """Read one line, given without its CR LF. The command comes back in upper case; known or not is not asked here.

    Generous as the specifications want it: runs of spaces are one, any tag key will do, of two same keys the last
    counts. Raises BadLine where there is no command, a source without a name, or CR, LF or NUL.
    """
    if "\n" in text or "\r" in text or "\0" in text:
        raise BadLine(f"expected one line without CR, LF and NUL, got {_excerpt(text)}; send lines one by one")
    tags, source, rest = _NO_TAGS, None, text
    if text[:1] in "@: ":  # true of an empty text, too
        tags, source, rest = _parse_head(text)
    front, colon, last = rest.partition(" :")
    words = front.split(" ")
    if "" in words:
        words = [word for word in words if word]
    if colon:
        words.append(last)
    command = words.pop(0)
    # Only ASCII has an upper case here: "jo\u0131n".upper() would be a JOIN.
    return Line(command.upper() if command.isascii() else command, tuple(words), source, tags)


def serialise(line: Line) -> str:
    """The text of a line, without CR LF, such that parse(serialise(line)) == line; raises BadLine where none exists."""
    if not _is_command(line.command):
        raise BadLine(f"expected a command of capital letters or three digits, got {_excerpt(line.command)}")
    text = _tags_text(line.tags) + _source_text(line.source) + line.command + _params_text(line)
    if "\n" in text or "\r" in text or "\0" in text:
        raise BadLine(f"expected a line without CR, LF and NUL, got {_excerpt(text)}; send one line for each")
    return text


def encode(line: Line) -> bytes:
    """The bytes of a line in UTF-8, with CR LF; raises BadLine as `serialise` does, and for lone surrogates."""
    try:
        return f"{serialise(line)}\r\n".encode()
    except UnicodeEncodeError as error:
        raise BadLine(f"expected text that UTF-8 can carry, got {_excerpt(error.object[error.start :])}") from error


def escape_tag(value: str) -> str:
    """A tag's value as it stands in a line."""
    # Backslashes first, or those of the other escapes would be doubled; a translation table takes three times as long.
    value = value.replace("\\", "\\\\").replace(";", "\\:").replace(" ", "\\s")
    return value.replace("\r", "\\r").replace("\n", "\\n")


def unescape_tag(raw: str) -> str:
    """What an escaped value means: an unknown escape is its character, a lone backslash at the end is nothing."""
    return _ESCAPE.sub(lambda found: _UNESCAPES.get(found[1], found[1]), raw)


def _parse_head(text: str) -> tuple[dict[str, str], str | None, str]:
    tags, source, rest = _NO_TAGS, None, text.lstrip(" ")
    if rest[:1] == "@":
        raw, _, rest = rest[1:].partition(" ")
        tags, rest = _parse_tags(raw), rest.lstrip(" ")
    if rest[:1] == ":":
        source, _, rest = rest[1:].partition(" ")
        rest = rest.lstrip(" ")
    if source == "" or not rest or rest[0] == ":":
        raise BadLine(f"expected ['@' tags] [':' source] command, got {_excerpt(text)}; a command is never left out")
    return tags, source, rest


def _parse_tags(raw: str) -> dict[str, str]:
    tags = {}
    for tag in raw.split(";"):
        key, _, value = tag.partition("=")
        tags[key] = unescape_tag(value) if "\\" in value else value
    tags.pop("", None)  # ";;" and "=value" name nothing; a bad key may not cost the line
    return tags


def _is_command(word: str) -> bool:
    return word.isascii() and ((word.isalpha() and word.isupper()) or (len(word) == 3 and word.isdigit()))


def _tags_text(tags: dict[str, str]) -> str:
    if not tags:
        return ""
    return f"@{';'.join([_tag_text(key, value) for key, value in tags.items()])} "


def _tag_text(key: str, value: str) -> str:
    if not key or "=" in key or ";" in key or " " in key:
        raise BadLine(f"expected a tag key without '=', ';' and spaces, got {_excerpt(key)}")
    return f"{key}={escape_tag(value)}" if value else key


def _source_text(source: str | None) -> str:
    if source is None:
        return ""
    if not source or " " in source:
        raise BadLine(f"expected a source without spaces, got {_excerpt(source)}; leave out an empty one")
    return f":{source} "


def _params_text(line: Line) -> str:
    if not line.params:
        return ""
    *middles, last = line.params
    front = " ".join(("", *middles, ""))
    # All at once: where a word is empty or holds a space, the spaces are side by side or too many.
    if " :" in front or "  " in front or front.count(" ") > len(line.params):
        raise BadLine(f"expected only the last parameter to be empty, spaced or ':'-led, got {_excerpt(front)}")
    return f"{front}:{last}" if line.command in _ALWAYS_COLON or _needs_colon(last) else front + last


def _needs_colon(param: str) -> bool:
    return not param or " " in param or param[0] == ":"


def _excerpt(text: str) -> str:
    """Enough of a text to know it by: a whole line of tags would drown the error."""
    return repr(text if len(text) <= 40 else f"{text[:40]}...")
