"""Two kinds of text with a meaning: a path beside the file that names it, and a secret that nothing prints."""


class File(str):
    """A path, absolute once loaded; empty where none is set."""

    __slots__ = ()


class Secret:
    """A text that shows itself only to who asks for it by `reveal`.

    Whatever formats, logs or compares a tree of settings meets three stars, so a secret cannot slip into a log by
    way of an innocent `repr`. Equality is for comparing trees, not for checking what a stranger says.
    """

    __slots__ = ("_text",)

    def __init__(self, text: str = "") -> None:
        self._text = text

    def reveal(self) -> str:
        return self._text

    def __bool__(self) -> bool:
        return bool(self._text)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        return self._text == other._text

    def __hash__(self) -> int:
        return hash((Secret, self._text))

    def __repr__(self) -> str:
        return "***"

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return format("***", spec)
