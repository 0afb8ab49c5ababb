"""The visible tables of the dialect: commands, capabilities and renderers, filled by the modules in `commands/`.

A feature is one module there with both directions in it: the rows of its commands, its capability's line, its
renderer.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterable
from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING, Any, Final, TypeAlias, TypeVar

from hubbub.hub.events import Detail, Event
from hubbub.hub.promise import Promise
from hubbub.wire.line import Line

if TYPE_CHECKING:
    from hubbub.dialects.irc.look import IrcLook
    from hubbub.dialects.irc.request import Request
    from hubbub.dialects.irc.session import IrcSession

Work: TypeAlias = Coroutine[Promise[Any], None, None]
Run: TypeAlias = Callable[["Request", Line], Work | None]
"""A command that waits is a coroutine; one that may not have to does what it can, and returns the rest."""
Render: TypeAlias = Callable[[Any, "IrcLook"], str]
Offer: TypeAlias = "Callable[[IrcSession], str | None]"
"""What a capability is worth to a session: the value that stands behind its `=`, "" for none, None to offer it not."""
E = TypeVar("E", bound=Event)


class Who(Enum):
    """Who may use a command."""

    ANYONE = auto()  # before registration, too
    NEWCOMER = auto()  # only before it
    USER = auto()  # only after it


class Kind(Enum):
    """How a command stands to what is still on its way to the store."""

    TALK = auto()  # goes on its way at once, many at a time
    CHANGE = auto()  # goes on its way at once and is waited for
    READ = auto()  # answers from a state in which all that was decided has happened


@dataclass(frozen=True, slots=True)
class Command:
    """One row. `arity` is how many parameters it needs; `usage` shows them, `help` is one sentence."""

    name: str
    arity: int
    who: Who
    kind: Kind
    usage: str
    help: str
    run: Run


@dataclass(frozen=True, slots=True)
class Capability:
    """`shows` says that it changes the bytes of entries, and so belongs to a look, if what it `needs` is there, too."""

    name: str
    url: str
    shows: bool = False
    offer: Offer = lambda session: ""
    needs: frozenset[str] = frozenset()


NO_CAPS: Final[frozenset[str]] = frozenset()
COMMANDS: Final[dict[str, Command]] = {}
CAPABILITIES: Final[dict[str, Capability]] = {}
RENDERERS: Final[dict[type[Event], Render]] = {}
DETAIL_TAGS: Final[list[Callable[[Detail, IrcLook], str]]] = []
"""Tags of the server that few messages have: each function gives `key=value`, or "" where a look does not show it."""
REFERENCE: Final = "\0"
"""Stands in written lines for a name of the entry, until it is known."""
TOKENS: Final[dict[str, int | str]] = {}
"""What features tell of themselves in ISUPPORT, beside what the hub's rules say."""


def command(
    name: str, arity: int = 0, *, who: Who = Who.USER, kind: Kind = Kind.READ, usage: str = "", help: str
) -> Callable[[Run], Run]:
    """Add a row to the table."""

    def add(run: Run) -> Run:
        COMMANDS[name] = Command(name, arity, who, kind, usage, help, run)
        return run

    return add


def alias(name: str, known: str) -> None:
    """Another name for a command."""
    COMMANDS[name] = COMMANDS[known]


def capability(
    name: str, url: str, *, shows: bool = False, offer: Offer = lambda session: "", needs: Iterable[str] = ()
) -> str:
    CAPABILITIES[name] = Capability(name, url, shows, offer, frozenset(needs))
    return name


def shared(caps: frozenset[str]) -> frozenset[str]:
    """The same object for all sessions that agreed on the same, as those of one client do: twenty names are 2 KB."""
    return _AGREED.setdefault(caps, caps) if len(_AGREED) < _AGREED_MAX else _AGREED.get(caps, caps)


_AGREED: Final[dict[frozenset[str], frozenset[str]]] = {NO_CAPS: NO_CAPS}
_AGREED_MAX: Final = 500
"""More than there are kinds of clients, so that nobody fills our memory with kinds of their own."""


def token(name: str, value: int | str) -> int | str:
    TOKENS[name] = value
    return value


def detail_tag(tag: Callable[[Detail, IrcLook], str]) -> Callable[[Detail, IrcLook], str]:
    DETAIL_TAGS.append(tag)
    return tag


def renderer(event: type[E]) -> Callable[[Callable[[E, IrcLook], str]], Callable[[E, IrcLook], str]]:
    """Register how an event is written: a line without tags, or "" where a look does not show it.

    Several lines are told apart by "\\n". Those that begin with a colon get the entry's tags, its id on the first of
    them alone; others are written as they are. `REFERENCE` in them becomes a name for this entry.
    """

    def add(render: Callable[[E, IrcLook], str]) -> Callable[[E, IrcLook], str]:
        RENDERERS[event] = render
        return render

    return add
