"""About the server: MOTD, LUSERS, VERSION, TIME, INFO, HELP. https://modern.ircdocs.horse/#server-queries-and-commands"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from hubbub.dialects.irc.commands.support import send_isupport
from hubbub.dialects.irc.letter import figure
from hubbub.dialects.irc.look import iso_time
from hubbub.dialects.irc.registry import COMMANDS, Command, Kind, Who, alias, command
from hubbub.dialects.irc.replies import SENTENCES
from hubbub.dialects.irc.request import Request
from hubbub.wire import numerics as n
from hubbub.wire.line import Line

if TYPE_CHECKING:
    from hubbub.dialects.irc.dialect import Irc

_MOTD_WIDTH = 400
"""Bytes of one line of the message of the day: what fits beside server name and nick."""


@command("MOTD", usage="[<server>]", help="Show the message of the day.")
async def motd(request: Request, line: Line) -> None:
    if is_here(request, line):
        request.letter(motd_lines)


@command("LUSERS", help="Count users, channels and connections.")
async def lusers(request: Request, line: Line) -> None:
    request.letter(lusers_lines, census(request))


@command("VERSION", usage="[<server>]", help="Tell the version and what is supported.")
async def version(request: Request, line: Line) -> None:
    if not is_here(request, line):
        return
    request.reply(n.RPL_VERSION, f"hubbub-{request.irc.version}", request.irc.name, "one room, every door")
    send_isupport(request)


@command("TIME", usage="[<server>]", help="Tell the server's time.")
async def time(request: Request, line: Line) -> None:
    if is_here(request, line):
        now = request.server.clock.now()
        shown = datetime.fromtimestamp(now // 1000, UTC).strftime("%A %d %B %Y, %H:%M:%S UTC")
        request.reply(n.RPL_TIME, request.irc.name, str(now // 1000), "0", shown)


@command("INFO", usage="[<server>]", help="Tell what this server is.")
async def info(request: Request, line: Line) -> None:
    if not is_here(request, line):
        return
    irc = request.irc
    for text in (
        f"This is {irc.network}, run by hubbub {irc.version}: one room, every door.",
        "Nobody here sees a message before it is safely stored; all see the same order.",
        f"Up since {iso_time(request.server.started)}.",
    ):
        request.reply(n.RPL_INFO, text)
    request.error(n.RPL_ENDOFINFO)


@command("HELP", who=Who.ANYONE, kind=Kind.READ, usage="[<command>]", help="Explain the commands.")
async def help_(request: Request, line: Line) -> None:
    subject = line.params[0].upper() if line.params else ""
    row = COMMANDS.get(subject)
    if subject and row is None:
        request.error(n.ERR_HELPNOTFOUND, subject)
        return
    texts = _about(row) if row is not None else _all()
    request.reply(n.RPL_HELPSTART, subject or "*", texts[0])
    for text in ("", *texts[1:]):
        request.reply(n.RPL_HELPTXT, subject or "*", text)
    request.reply(n.RPL_ENDOFHELP, subject or "*", "End of HELP")


alias("HELPOP", "HELP")  # "some servers [...] use HELPOP": https://modern.ircdocs.horse/#help-message


def _about(row: Command) -> list[str]:
    return [row.name, f"Usage: {row.name} {row.usage}".rstrip(), row.help]


def _all() -> list[str]:
    width = max(map(len, COMMANDS))
    rows = [f"{name:{width}}  {row.help}" for name, row in sorted(COMMANDS.items()) if name == row.name]
    return ["The commands; HELP and a name tells more", *rows]


def motd_lines(irc: Irc) -> Iterator[tuple[str, Sequence[str]]]:
    if not irc.settings.motd:
        yield n.ERR_NOMOTD, (SENTENCES[n.ERR_NOMOTD],)
        return
    yield n.RPL_MOTDSTART, (f"- {irc.name} message of the day -",)
    for text in irc.settings.motd:
        yield n.RPL_MOTD, (f"- {text[:_MOTD_WIDTH]}",)
    yield n.RPL_ENDOFMOTD, (SENTENCES[n.RPL_ENDOFMOTD],)


def census(request: Request) -> dict[bytes, int]:
    """The figures of `lusers_lines`."""
    hub = request.hub
    here, invisible = len(hub.users), len(hub.invisible)
    return {
        b"here": here,
        b"invisible": invisible,
        b"visible": here - invisible,
        b"operators": len(hub.operators),
        b"newcomers": len(request.server.newcomers),
        b"channels": len(hub.channels),
        b"most": hub.most_users,
    }


def lusers_lines(irc: Irc) -> Iterator[tuple[str, Sequence[str]]]:
    here, most = figure("here"), figure("most")
    visible, invisible = figure("visible"), figure("invisible")
    yield n.RPL_LUSERCLIENT, (f"There are {visible} users and {invisible} invisible on 1 server",)
    yield n.RPL_LUSEROP, (figure("operators"), "operators online")
    yield n.RPL_LUSERUNKNOWN, (figure("newcomers"), "connections not registered yet")
    yield n.RPL_LUSERCHANNELS, (figure("channels"), "channels")
    yield n.RPL_LUSERME, (f"I have {here} clients and 0 servers",)
    for numeric, scope in ((n.RPL_LOCALUSERS, "local"), (n.RPL_GLOBALUSERS, "global")):
        yield numeric, (here, most, f"Current {scope} users {here}, max {most}")


def is_here(request: Request, line: Line) -> bool:
    """Whether the command means this server: there is no other to pass it on to."""
    if not line.params or line.params[0] in ("", "*") or request.hub.fold(line.params[0]) == request.irc.name.lower():
        return True
    if request.hub.fold(line.params[0]) in request.hub.users:
        return True  # "the server that this nick is on"
    request.error(n.ERR_NOSUCHSERVER, line.params[0])
    return False
