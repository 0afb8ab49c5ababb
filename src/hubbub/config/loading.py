"""From a TOML file and the command line to a checked tree."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import msgspec

from hubbub.config.checks import lines
from hubbub.config.problems import ConfigError, Wrong, place_of, sentence_of
from hubbub.config.tree import Config
from hubbub.config.values import File, Secret

COMMAND_LINE: Final = "command line"

_TOML_PLACE: Final = re.compile(r"(?P<what>.*) \((?:at )?(?P<place>.*)\)$")


def load(path: Path | str | None = None, overrides: Mapping[str, object] | None = None) -> Config:
    """The tree in the file at `path`, or the defaults; `overrides` are dotted keys (`limits.flood`) that win.

    Relative paths in the file start at its directory. Raises ConfigError.
    """
    file = Path(path) if path is not None else None
    raw, base = (_read(file), file.absolute().parent) if file else ({}, Path.cwd())
    over = dict(overrides or {})
    for key, value in over.items():
        _put(raw, key, value)
    try:
        return _with_motd(msgspec.convert(raw, Config, dec_hook=_Values(base)))
    except msgspec.ValidationError as error:
        place = place_of(error)
        source = file.name if file and not _given_by(over, place) else COMMAND_LINE
        raise ConfigError(f"{source}: {place}: {sentence_of(error, raw, Config)}") from None
    except Wrong as wrong:
        raise ConfigError(f"{file.name if file else COMMAND_LINE}: {wrong.key}: {wrong}") from None


class _Values:
    """Turns texts into the kinds of text we know; relative paths start at `base`."""

    def __init__(self, base: Path) -> None:
        self._base = base

    def __call__(self, kind: type, value: object) -> object:
        if not isinstance(value, str):
            raise TypeError(f"expected a string, got {type(value).__name__}")
        if kind is Secret:
            return Secret(value)
        return File(self._base / Path(value).expanduser()) if value else File("")


def _read(file: Path) -> dict[str, Any]:
    import tomllib

    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"{file.name}: cannot be read ({error.strerror}); check the path {file.absolute()}") from None
    except UnicodeDecodeError as error:
        raise ConfigError(f"{file.name}: expected UTF-8, got byte 0x{error.object[error.start]:02x}") from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{file.name}: {_toml_problem(str(error))}") from None


def _toml_problem(text: str) -> str:
    """`Invalid value (at line 3, column 7)` with the place in front, as in every other sentence."""
    found = _TOML_PLACE.match(text)
    return f"{found['place']}: not TOML: {found['what']}" if found else f"not TOML: {text}"


def _put(raw: dict[str, Any], dotted: str, value: object) -> None:
    *tables, key = dotted.split(".")
    for table in tables:
        raw = raw.setdefault(table, {})
    raw[key] = value


def _given_by(overrides: Mapping[str, object], place: str) -> bool:
    return any(place == key or place.startswith((f"{key}.", f"{key}[")) for key in overrides)


def _with_motd(config: Config) -> Config:
    """`motd_file` is read here, so that a missing one is a sentence at start and not at the first connection."""
    if not config.motd_file:
        return config
    try:
        text = Path(config.motd_file).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8"
        raise Wrong("motd_file", f"cannot be read ({reason}): {config.motd_file}") from None
    msgspec.structs.force_setattr(config, "motd", lines(text))
    return config
