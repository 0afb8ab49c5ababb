"""What is wrong with a configuration, in one sentence: where, what was expected, what came, what to do."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from hubbub.config.values import Secret

_PLACE = re.compile(r" - at `\$\.?(?P<path>.*)`$")
_UNKNOWN = re.compile(r"unknown field `(?P<key>.*?)`")
_MISSING = re.compile(r"missing required field `(?P<key>.*?)`")
_STEP = re.compile(r"(?P<key>[^.\[\]]+)|\[(?P<index>\d+)\]")


class ConfigError(Exception):
    """A configuration that cannot be used. The text is one sentence and starts with the file it is about."""


class Wrong(ValueError):
    """A value that has the right type and still cannot be: `key` is its name within its table."""

    def __init__(self, key: str, sentence: str) -> None:
        super().__init__(sentence)
        self.key = key


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """The nearest of `known` as the end of a sentence, or "" where none is near."""
    import difflib

    words = list(known)
    # Two letters swapped is the commonest slip, and difflib thinks 'irsc' nearer to 'irc' than to 'ircs'.
    swapped = [other for other in words if sorted(other) == sorted(word)]
    near = swapped or difflib.get_close_matches(word, words, n=1)
    return f"; did you mean '{near[0]}'?" if near else ""


def place_of(error: msgspec.ValidationError) -> str:
    """The key the error is about, as `listen[1].url`; "" where it is about the whole."""
    path, cause = _path(error), error.__cause__
    named = _UNKNOWN.search(str(error)) or _MISSING.search(str(error))
    key = cause.key if isinstance(cause, Wrong) else named["key"] if named else ""
    return ".".join(part for part in (path, key) if part)


def sentence_of(error: msgspec.ValidationError, raw: Mapping[str, Any], tree: type[msgspec.Struct]) -> str:
    """What is wrong at `place_of(error)`, without the place."""
    if isinstance(error.__cause__, Wrong):
        return str(error.__cause__)
    inspect, text = msgspec.inspect, str(error)
    kind, value = _look_up(inspect.type_info(tree), raw, _path(error))
    if unknown := _UNKNOWN.search(text):
        return _unknown(unknown["key"], kind)
    if missing := _MISSING.search(text):
        return f"missing: expected {describe(_field(kind, missing['key']))}"
    return _mismatch(kind, value) + _form(kind, _path(error))


def _form(kind: msgspec.inspect.Type, path: str) -> str:
    """How an array of tables is written, which TOML has its own form for."""
    if isinstance(kind, msgspec.inspect.VarTupleType):
        kind = kind.item_type
    elif not path.endswith("]"):
        return ""
    if not isinstance(kind, msgspec.inspect.StructType):
        return ""
    return f'; write a line [[{path.partition("[")[0]}]] and below it {kind.fields[0].name} = "…", for each'


def _path(error: msgspec.ValidationError) -> str:
    found = _PLACE.search(str(error))
    return found["path"] if found else ""


def _unknown(key: str, kind: msgspec.inspect.Type) -> str:
    known = [field.name for field in kind.fields] if isinstance(kind, msgspec.inspect.StructType) else []
    return f"unknown key{did_you_mean(key, known) or '; known are ' + ', '.join(known)}"


def _mismatch(kind: msgspec.inspect.Type, value: object) -> str:
    near = ""
    if isinstance(kind, msgspec.inspect.LiteralType) and isinstance(value, str):
        near = did_you_mean(value, map(str, kind.values))
    return f"expected {describe(kind)}, got {_came(kind, value)}{near}"


def _look_up(kind: msgspec.inspect.Type, value: Any, path: str) -> tuple[msgspec.inspect.Type, Any]:
    """The type and the value at a path: both are walked side by side."""
    for step in _STEP.finditer(path):
        if step["index"] is not None:
            kind, value = _item(kind), value[int(step["index"])]
        else:
            kind, value = _field(kind, step["key"]), value[step["key"]]
    return kind, value


def _field(kind: msgspec.inspect.Type, key: str) -> msgspec.inspect.Type:
    fields = kind.fields if isinstance(kind, msgspec.inspect.StructType) else ()
    return next(field.type for field in fields if field.name == key)


def _item(kind: msgspec.inspect.Type) -> msgspec.inspect.Type:
    kinds = kind.types if isinstance(kind, msgspec.inspect.UnionType) else (kind,)
    return next(kind.item_type for kind in kinds if isinstance(kind, msgspec.inspect.VarTupleType))


def describe(kind: msgspec.inspect.Type) -> str:
    """A type in words: `an integer of at least 4096`."""
    words = "a string"
    match kind:
        case msgspec.inspect.IntType(ge=low, le=high):
            words = f"an integer{_range(low, high)}"
        case msgspec.inspect.StrType(min_length=int()):
            words = "a string that is not empty"
        case msgspec.inspect.LiteralType(values=values):
            words = "one of " + ", ".join(f'"{value}"' for value in values)
        case msgspec.inspect.VarTupleType(item_type=item):
            words = f"an array of {describe(item).split(' ', 1)[1]}s"
        case msgspec.inspect.UnionType(types=kinds):
            words = " or ".join(map(describe, kinds))
        case msgspec.inspect.BoolType():
            words = "true or false"
        case msgspec.inspect.StructType():
            words = "a table"
    return words


def _range(low: int | None, high: int | None) -> str:
    if low is not None and high is not None:
        return f" from {low} to {high}"
    return f" of at least {low}" if low is not None else ""


def _came(kind: msgspec.inspect.Type, value: object) -> str:
    """What came, in TOML's words. A value that was meant to be a secret, or to hold one, is not shown."""
    secretive = isinstance(kind, msgspec.inspect.CustomType) and kind.cls is Secret
    holds_more = isinstance(kind, msgspec.inspect.StructType | msgspec.inspect.VarTupleType)
    match value:
        case list():
            return "an array"
        case dict():
            return "a table"
        case _ if secretive or holds_more:
            return "a value of another type"
        case str():
            shown = value if len(value) <= 40 else value[:39] + "…"
            return msgspec.json.encode(shown).decode()
    return str(value).lower() if isinstance(value, bool) else str(value)
