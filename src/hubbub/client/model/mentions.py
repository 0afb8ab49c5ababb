"""Whether a line calls us: by our nick as a word of its own, whatever its case."""

import re
from functools import lru_cache


def is_mention(text: str, nick: str) -> bool:
    """Whether a nick stands in a text, not as a part of another word."""
    return bool(nick) and nick.lower() in text.lower() and _pattern(nick.lower()).search(text.lower()) is not None


@lru_cache(64)
def _pattern(nick: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-]){re.escape(nick)}(?![\w-])")
