"""What can be typed after a slash, in one table. Where the client has a command of the same name, it does the same."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from hubbub.dialects.plain.form import symbol
from hubbub.dialects.seats.seat import LEFT
from hubbub.hub.account import Login
from hubbub.hub.channel import Channel
from hubbub.hub.ctcp import ACTION
from hubbub.hub.events import TALK
from hubbub.hub.ports import StoreFailed, Window
from hubbub.hub.promise import Promise
from hubbub.hub.refusals import Refused, Why
from hubbub.hub.rights import Right, can
from hubbub.server.registrar import Wish

if TYPE_CHECKING:
    from hubbub.dialects.plain.session import PlainSeat

Run: TypeAlias = "Callable[[PlainSeat, str], Coroutine[Promise[Any], None, None]]"

_HISTORY_LINES: Final = 20
_HISTORY_MAX: Final = 500
"""Lines of one answer; they wait in the send queue."""

_NAMES_MAX: Final = 60
"""A room of thousands is not a screen of names."""


class BadCommand(Exception):
    """Something typed that cannot be done; says what was expected."""


@dataclass(frozen=True, slots=True)
class Command:
    """A row of the table: `usage` is what to type, `about` what it does. `anyone` may use it who has no name yet."""

    usage: str
    about: str
    run: Run
    anyone: bool


COMMANDS: Final[dict[str, Command]] = {}


def look_up(name: str) -> Command:
    """Raises `BadCommand`."""
    command = COMMANDS.get(name.lower())
    if command is None:
        close = get_close_matches(name.lower(), COMMANDS, n=1)
        hint = f"did you mean /{close[0]}?" if close else "/help shows all commands"
        raise BadCommand(f"There is no command /{name}; {hint}")
    return command


def _command(usage: str, about: str, *, anyone: bool = False) -> Callable[[Run], Run]:
    def register(run: Run) -> Run:
        COMMANDS[usage.split(maxsplit=1)[0].removeprefix("/")] = Command(usage, about, run, anyone)
        return run

    return register


# Rooms and talk


@_command("/join ROOM [KEY]", "go into a room, or back to one you are in")
async def join(seat: PlainSeat, rest: str) -> None:
    room, _, key = _needs(rest, "join").partition(" ")
    await seat.go_to(room if room[0] == "#" else f"#{room}", key.strip())


@_command("/part [ROOM] [REASON]", "leave a room, the one in front if you name none")
async def part(seat: PlainSeat, rest: str) -> None:
    first, _, reason = rest.partition(" ")
    named = first[:1] == "#"
    hub, room = seat.server.hub, first if named else seat.here
    await seat.server.settled(hub.fold(room))
    event = hub.part(seat.me, room, reason.strip() if named else rest)
    await seat.server.commit(event, seat)
    seat.tell(f"<- you left {event.channel}")
    if event.channel == seat.look.front:
        seat.step_back()


@_command("/msg WHO TEXT", "say something to one person, or in another room")
async def msg(seat: PlainSeat, rest: str) -> None:
    who, _, text = _needs(rest, "msg").partition(" ")
    await seat.say(who, _needs(text.strip(), "msg"))


@_command("/me TEXT", "say what you do: /me waves")
async def me(seat: PlainSeat, rest: str) -> None:
    await seat.say(seat.here, f"{ACTION}{_needs(rest, 'me')}\x01")


@_command("/nick NAME", "be called something else")
async def nick(seat: PlainSeat, rest: str) -> None:
    await seat.rename(_needs(rest, "nick"))


@_command("/topic [TEXT]", "show what the room is about, or set it")
async def topic(seat: PlainSeat, rest: str) -> None:
    server, hub = seat.server, seat.server.hub
    if rest:
        await server.settled(hub.fold(seat.here))
        await server.commit(hub.topic(seat.me, seat.here, rest), seat)
    else:
        await _caught_up(seat)
        tell_topic(seat, hub.channel_for(seat.me, seat.here))


def tell_topic(seat: PlainSeat, channel: Channel) -> None:
    words = f"topic of {channel.name}: {channel.topic.text}" if channel.topic else f"{channel.name} has no topic"
    seat.tell(f"-- {words}")


@_command("/names [ROOM]", "show who is here")
async def names(seat: PlainSeat, rest: str) -> None:
    await _caught_up(seat)
    tell_names(seat, seat.server.hub.channel_for(seat.me, rest or seat.here))


def tell_names(seat: PlainSeat, channel: Channel) -> None:
    """Those of rank come first."""
    inside = seat.me in channel.members
    shown = [m for m in channel.members.values() if inside or can(seat.me, Right.SEE_PERSON, m.user)]
    shown.sort(key=lambda member: not member.status)
    words = [f"{symbol(member.status)}{member.user.nick}" for member in shown]
    more = len(words) - _NAMES_MAX
    rest = f" and {more} more" if more > 0 else ""
    seat.tell(f"-- {len(words)} in {channel.name}: {' '.join(words[:_NAMES_MAX])}{rest}")


@_command("/history [N]", f"show the last N lines ({_HISTORY_LINES})")
async def history(seat: PlainSeat, rest: str) -> None:
    if rest and not (rest.isascii() and rest.isdigit() and int(rest[:9])):
        raise BadCommand(f"Expected how many lines, got '{rest}'; try /history 50")
    await _caught_up(seat)
    if not await tell_history(seat, seat.here, min(int(rest[:9] or _HISTORY_LINES), _HISTORY_MAX)):
        seat.tell(f"-- nothing has been said in {seat.here} yet")


async def tell_history(seat: PlainSeat, room: str, count: int) -> bool:
    """The last messages of a room they are in; whether there are any."""
    server = seat.server
    log, name = server.hub.log_for(seat.me, room)
    try:
        page = await server.store.page(log, Window(count, verbs=TALK))
    except StoreFailed as fault:
        server.report(fault, seat)
        seat.tell("!! The server could not read its log; try again")
        return True
    lines = list(seat.look.history(page, server.clock.now()))
    if lines:
        seat.tell(f"-- the last {'line' if len(lines) == 1 else f'{len(lines)} lines'} of {name}", *lines, "-- now")
    return bool(lines)


# Oneself


@_command("/away [REASON]", "be away, or back if you give no reason")
async def away(seat: PlainSeat, rest: str) -> None:
    event = seat.server.hub.away(seat.me, rest)
    if event.text != seat.me.away:
        await seat.server.commit(event, seat)
    seat.tell(f"-- you are away{f': {rest}' if rest else ' no longer'}")


@_command("/invite CODE", "come in by an invite, and into the room that it leads to", anyone=True)
async def invite(seat: PlainSeat, rest: str) -> None:
    await seat.come_by(_needs(rest, "invite"))


@_command("/login NAME PASSWORD", "show that an account is yours, and be called like it", anyone=True)
async def login(seat: PlainSeat, rest: str) -> None:
    name, _, password = _needs(rest, "login").partition(" ")
    given = _needs(password.strip(), "login")
    await seat.log_in(await seat.keeper.logins.by_password(name, given, seat.link.address))
    if seat.user is None:
        await seat.come_in(name)


@_command("/register PASSWORD [EMAIL]", "make an account, so that nobody else can be called like you")
async def register(seat: PlainSeat, rest: str) -> None:
    if seat.login is not None:
        raise Refused(Why.LOGGED_IN, seat.account)
    if not rest and not seat.link.fingerprint:
        raise BadCommand(_too_little("register"))
    password, email = _password_and_email(rest)
    wish = Wish(seat.me.nick, password, email, seat.link.address, seat.user, seat.link.fingerprint)
    await _registered(seat, await seat.keeper.registrar.register(wish))


def _password_and_email(rest: str) -> tuple[str, str]:
    """A password may have spaces in it, and what looks like an address is one only at the end."""
    front, _, last = rest.rpartition(" ")
    return (front.strip(), last) if "@" in last[1:-1] and front else (rest, "")


@_command("/verify CODE", "finish making an account with the code that you were given")
async def verify(seat: PlainSeat, rest: str) -> None:
    code = _needs(rest, "verify")
    await _registered(seat, await seat.keeper.registrar.verify(seat.me.nick, code, seat.link.address))


async def _registered(seat: PlainSeat, answer: Login | str) -> None:
    if isinstance(answer, Login):
        seat.tell(f"-- the account {answer.account} is yours")
        await seat.log_in(answer)
    else:
        seat.tell(f"-- {answer.replace('send VERIFY', 'type /verify').replace(f' {seat.me.nick} and', '')}")


@_command("/quit [REASON]", "leave hubbub", anyone=True)
async def quit_(seat: PlainSeat, rest: str) -> None:
    seat.close(LEFT, rest or LEFT)


@_command("/help", "show this; a line that begins with // is said with one /", anyone=True)
async def help_(seat: PlainSeat, _rest: str) -> None:
    width = max(len(command.usage) for command in COMMANDS.values())
    seat.tell(*(f"{command.usage:{width}}  {command.about}" for command in COMMANDS.values()))


async def _caught_up(seat: PlainSeat) -> None:
    """What is shown is how things are when all that was decided before has happened."""
    if seat.server.behind:
        await seat.server.caught_up()


def _needs(rest: str, name: str) -> str:
    if not rest:
        raise BadCommand(_too_little(name))
    return rest


def _too_little(name: str) -> str:
    return f"Expected {COMMANDS[name].usage}, got too little; /help shows all commands"
