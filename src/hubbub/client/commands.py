"""What a person can type after a slash, in one table, which `/help` prints."""

import shlex
from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Final, Protocol

from hubbub.client.protocol import Protocol as Client


class View(Protocol):
    """What commands need of the view they are typed in."""

    @property
    def client(self) -> Client:
        """What to say things by."""

    @property
    def room(self) -> str:
        """The room in front, or ""."""

    def tell(self, line: str) -> None:
        """Show a line to the person."""

    def enter(self, room: str) -> None:
        """Have a room in front from here on: what is typed without a command is said there."""

    def share(self, path: Path, target: str, text: str) -> None:
        """Share a file, and say its link behind `text`."""

    def leave(self, reason: str) -> None:
        """End the session."""


class BadCommand(ValueError):
    """Something typed that cannot be done; says what was expected."""


Run = Callable[[View, str], None]


@dataclass(frozen=True, slots=True)
class Command:
    """A row of the table: `usage` is what to type, `about` what it does. `local` ones reach the computer itself."""

    usage: str
    about: str
    run: Run
    local: bool = False


COMMANDS: Final[dict[str, Command]] = {}

_HISTORY_LINES: Final = 20


def obey(view: View, line: str) -> None:
    """Do what a typed line says; raises BadCommand, and what the client raises."""
    if not line.strip():
        return
    if not line.startswith("/") or line.startswith("//"):
        view.client.say(_here(view), line.removeprefix("/") if line.startswith("//") else line)
        return
    name, _, rest = line[1:].partition(" ")
    command = COMMANDS.get(name.lower())
    if command is None:
        raise BadCommand(_unknown(name))
    command.run(view, rest.strip())


def _command(usage: str, about: str, *, local: bool = False) -> Callable[[Run], Run]:
    def register(run: Run) -> Run:
        COMMANDS[usage.split(maxsplit=1)[0].removeprefix("/")] = Command(usage, about, run, local)
        return run

    return register


@_command("/join ROOM [KEY]", "go into a room, or back to one you are in")
def _join(view: View, rest: str) -> None:
    room, _, key = _needs(rest, "join").partition(" ")
    room = room if view.client.mirror.features.is_room(room) else f"#{room}"
    if view.client.mirror.room(room) is None:
        view.client.join(room, key.strip())
    view.enter(room)


@_command("/part [ROOM] [REASON]", "leave a room, the one in front if you name none")
def _part(view: View, rest: str) -> None:
    first, _, reason = rest.partition(" ")
    named = view.client.mirror.features.is_room(first)
    room = first if named else _here(view)
    view.client.part(room, reason.strip() if named else rest)
    if view.client.mirror.features.same(room, view.room):
        view.enter(next(iter(view.client.rooms), ""))


@_command("/msg WHO TEXT", "say something to one person, or in another room")
def _msg(view: View, rest: str) -> None:
    who, _, text = _needs(rest, "msg").partition(" ")
    view.client.say(who, _needs(text.strip(), "msg"))


@_command("/me TEXT", "say what you do: /me waves")
def _me(view: View, rest: str) -> None:
    view.client.act(_here(view), _needs(rest, "me"))


@_command("/nick NAME", "be called something else")
def _nick(view: View, rest: str) -> None:
    view.client.nick(_needs(rest, "nick"))


@_command("/topic [TEXT]", "show what the room is about, or set it")
def _topic(view: View, rest: str) -> None:
    view.client.topic(_here(view), rest or None)


@_command("/names [ROOM]", "show who is here")
def _names(view: View, rest: str) -> None:
    view.client.names(rest or _here(view))


@_command("/history [N]", f"show the last N lines ({_HISTORY_LINES})")
def _history(view: View, rest: str) -> None:
    if rest and not (rest.isascii() and rest.isdigit() and int(rest) > 0):
        raise BadCommand(f"/history: expected how many lines, got '{rest}'; try /history 50")
    view.client.history(_here(view), int(rest or _HISTORY_LINES))


@_command("/whois NICK", "ask the server who somebody is")
def _whois(view: View, rest: str) -> None:
    nick = _needs(rest, "whois").split()[0]
    view.client.raw("WHOIS", nick)


@_command("/kick NICK [REASON]", "put somebody out of the room in front")
def _kick(view: View, rest: str) -> None:
    nick, _, reason = _needs(rest, "kick").partition(" ")
    view.client.raw("KICK", _here(view), nick, *([reason.strip()] if reason.strip() else []))


@_command("/mode [MODES]", "show the modes of the room in front, or set them: /mode +o sam")
def _mode(view: View, rest: str) -> None:
    view.client.raw("MODE", _here(view), *rest.split())


@_command("/away [REASON]", "be away, or back if you give no reason")
def _away(view: View, rest: str) -> None:
    view.client.away(rest)


@_command("/upload FILE [TEXT]", "share a file here; a name with spaces stands in quotes", local=True)
def _upload(view: View, rest: str) -> None:
    try:
        name, *words = shlex.split(_needs(rest, "upload"))
    except ValueError:
        raise BadCommand("/upload: a quote is opened and not closed") from None
    path = Path(name).expanduser()
    if not path.is_file():
        raise BadCommand(f"/upload: there is no file {path}")
    view.share(path, _here(view), " ".join(words))


@_command("/direct [WHO]", "call somebody or take their call, where there is no server (hubbub direct)")
def _direct(view: View, rest: str) -> None:
    view.client.raw("DIRECT", *rest.split())


@_command("/raw LINE", "say a line of IRC as it is: /raw WHOIS sam")
def _raw(view: View, rest: str) -> None:
    words, colon, last = f" {_needs(rest, 'raw')}".partition(" :")
    command, *params = words.split() or [""]
    view.client.raw(command.upper(), *params, *([last] if colon else []))


@_command("/quit [REASON]", "leave hubbub")
def _quit(view: View, rest: str) -> None:
    view.leave(rest)


@_command("/help", "show this; a line that begins with // is said with one /")
def _help(view: View, _rest: str) -> None:
    width = max(len(command.usage) for command in COMMANDS.values())
    for command in COMMANDS.values():
        view.tell(f"{command.usage:{width}}  {command.about}")


def _here(view: View) -> str:
    if not view.room:
        raise BadCommand("you are in no room; go into one first: /join #general")
    return view.room


def _needs(rest: str, name: str) -> str:
    if not rest:
        raise BadCommand(f"expected {COMMANDS[name].usage}, got too little; /help shows all commands")
    return rest


def _unknown(name: str) -> str:
    close = get_close_matches(name.lower(), COMMANDS, n=1)
    return f"there is no command /{name}; " + (f"did you mean /{close[0]}?" if close else "/help shows all commands")
