"""Finding one's way among the lines somebody heard."""

from __future__ import annotations

from collections.abc import Iterable

from hubbub.wire.line import Line, parse


def commands(heard: Iterable[str]) -> list[str]:
    """The command or numeric of each line."""
    return [parse(line).command for line in heard]


def every(heard: Iterable[str], command: str) -> list[Line]:
    """All lines with that command."""
    return [line for line in map(parse, heard) if line.command == command]


def only(heard: Iterable[str], command: str) -> Line:
    """The one line with that command."""
    found = every(heard, command)
    assert len(found) == 1, f"expected one {command}, got {found}"
    return found[0]


def params(heard: Iterable[str], command: str) -> tuple[str, ...]:
    """The parameters of the one line with that command."""
    return only(heard, command).params


def without_tags(heard: Iterable[str]) -> list[str]:
    """The lines as those hear them who negotiated nothing."""
    return [line.partition(" ")[2] if line.startswith("@") else line for line in heard]


def tag_free(line: str) -> int:
    """How many bytes a line has on the wire without its tags, its line end included."""
    return len(without_tags([line])[0].encode()) + len("\r\n")
