"""What lines do to the mirror: one function for each command that changes who is where.

https://modern.ircdocs.horse; away-notify, account-notify, extended-join, chghost, setname, multi-prefix and
userhost-in-names at https://ircv3.net/irc/
"""

from collections.abc import Callable
from typing import Final

from hubbub.client.mirror import Mirror
from hubbub.wire.line import Line
from hubbub.wire.masks import parse_prefix
from hubbub.wire.numerics import (
    RPL_CHANNELMODEIS,
    RPL_ISUPPORT,
    RPL_LOGGEDIN,
    RPL_LOGGEDOUT,
    RPL_NAMREPLY,
    RPL_NOTOPIC,
    RPL_TOPIC,
    RPL_VISIBLEHOST,
    RPL_WELCOME,
    RPL_YOUREOPER,
)

Reflection = Callable[[Mirror, Line], None]

# A server may send a line shorter than it should be: the row says what is needed at least.
REFLECTIONS: Final[dict[str, tuple[int, Reflection]]] = {}


def reflect(mirror: Mirror, line: Line) -> None:
    """Take a line into the mirror; lines that change nothing there, or are about what has no name, pass by."""
    arity, reflection = REFLECTIONS.get(line.command, (0, None))
    if reflection is not None and len(line.params) >= arity and (not arity or line.params[0]):
        reflection(mirror, line)


def _reflects(command: str, arity: int) -> Callable[[Reflection], Reflection]:
    def register(reflection: Reflection) -> Reflection:
        REFLECTIONS[command] = (arity, reflection)
        return reflection

    return register


@_reflects(RPL_WELCOME, 1)
def _welcome(mirror: Mirror, line: Line) -> None:
    mirror.nick = line.params[0]  # a server may have cut what we asked for


@_reflects(RPL_ISUPPORT, 2)
def _features(mirror: Mirror, line: Line) -> None:
    mirror.features.update(token for token in line.params[1:] if " " not in token)


@_reflects("JOIN", 1)
def _join(mirror: Mirror, line: Line) -> None:
    user = mirror.enter(line.params[0], parse_prefix(line.source or ""))
    if len(line.params) > 2:  # extended-join: JOIN #room account :real name
        user.account, user.realname = _account(line.params[1]), line.params[2]


@_reflects("PART", 1)
def _part(mirror: Mirror, line: Line) -> None:
    for room in line.params[0].split(","):
        mirror.leave(room, _nick(line))


@_reflects("KICK", 2)
def _kick(mirror: Mirror, line: Line) -> None:
    mirror.leave(line.params[0], line.params[1])


@_reflects("QUIT", 0)
def _quit(mirror: Mirror, line: Line) -> None:
    mirror.quit(_nick(line))


@_reflects("NICK", 1)
def _rename(mirror: Mirror, line: Line) -> None:
    mirror.rename(_nick(line), line.params[0])


@_reflects("TOPIC", 2)
def _topic(mirror: Mirror, line: Line) -> None:
    _set_topic(mirror, line.params[0], line.params[1])


@_reflects(RPL_TOPIC, 3)
def _topic_reply(mirror: Mirror, line: Line) -> None:
    _set_topic(mirror, line.params[1], line.params[2])


@_reflects(RPL_NOTOPIC, 2)
def _no_topic(mirror: Mirror, line: Line) -> None:
    _set_topic(mirror, line.params[1], "")


@_reflects(RPL_NAMREPLY, 4)
def _names(mirror: Mirror, line: Line) -> None:
    room = mirror.room(line.params[2])
    if room is None:
        return
    letters = {sign: mode for mode, sign in mirror.features.prefixes.items()}
    for name in line.params[3].split():
        source = name.lstrip("".join(letters))
        mirror.enter(room.name, parse_prefix(source))
        for sign in name[: len(name) - len(source)]:
            mirror.rank(room.name, parse_prefix(source).nick, letters[sign], True)


@_reflects("MODE", 2)
def _mode(mirror: Mirror, line: Line) -> None:
    _apply_modes(mirror, line.params[0], line.params[1:])


@_reflects(RPL_YOUREOPER, 1)
def _operator(mirror: Mirror, _line: Line) -> None:
    mirror.is_operator = True


@_reflects(RPL_CHANNELMODEIS, 3)
def _modes_reply(mirror: Mirror, line: Line) -> None:
    _apply_modes(mirror, line.params[1], line.params[2:])


@_reflects("AWAY", 0)
def _away(mirror: Mirror, line: Line) -> None:
    user = mirror.user(_nick(line))
    if user is not None:
        user.away = line.params[0] if line.params else None


@_reflects("ACCOUNT", 1)
def _log_in(mirror: Mirror, line: Line) -> None:
    user = mirror.user(_nick(line))
    if user is not None:
        user.account = _account(line.params[0])
    if mirror.is_me(_nick(line)):
        mirror.account = _account(line.params[0])


@_reflects(RPL_LOGGEDIN, 3)
def _logged_in(mirror: Mirror, line: Line) -> None:
    mirror.account = line.params[2]


@_reflects(RPL_LOGGEDOUT, 1)
def _logged_out(mirror: Mirror, _line: Line) -> None:
    mirror.account = ""


@_reflects("CHGHOST", 2)
def _change_host(mirror: Mirror, line: Line) -> None:
    user = mirror.user(_nick(line))
    if user is not None:
        user.user, user.host = line.params[0], line.params[1]


@_reflects(RPL_VISIBLEHOST, 2)
def _own_host(mirror: Mirror, line: Line) -> None:
    user = mirror.user(mirror.nick)
    if user is not None:
        name, at, host = line.params[1].rpartition("@")
        user.user, user.host = (name if at else user.user), host


@_reflects("SETNAME", 1)
def _set_name(mirror: Mirror, line: Line) -> None:
    user = mirror.user(_nick(line))
    if user is not None:
        user.realname = line.params[0]


def _set_topic(mirror: Mirror, name: str, topic: str) -> None:
    room = mirror.room(name)
    if room is not None:
        room.topic = topic


def _apply_modes(mirror: Mirror, name: str, changes: tuple[str, ...]) -> None:
    """Follow "+ov-k leo sam key": only ranks are kept, the rest is read to know whose parameter is whose."""
    if not mirror.features.is_room(name):
        return
    setting, parameters = True, iter(changes[1:])
    for mode in changes[0]:
        if mode in "+-":
            setting = mode == "+"
        elif mirror.features.takes_parameter(mode, setting):
            mirror.rank(name, next(parameters, ""), mode, setting)


def _nick(line: Line) -> str:
    return parse_prefix(line.source or "").nick


def _account(name: str) -> str:
    return "" if name == "*" else name
