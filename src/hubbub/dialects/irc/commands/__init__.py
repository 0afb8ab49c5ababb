"""The commands of the dialect, one family to a module. A new module is added to this list."""

from hubbub.dialects.irc.commands import (
    away,
    caps,
    connection,
    history,
    invite,
    kick,
    modes,
    names,
    nick,
    people,
    rooms,
    server,
    talk,
    topic,
    who,
    whois,
)

ALL = (
    away,
    caps,
    connection,
    history,
    invite,
    kick,
    modes,
    names,
    nick,
    people,
    rooms,
    server,
    talk,
    topic,
    who,
    whois,
)
