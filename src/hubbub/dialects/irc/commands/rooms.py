"""JOIN, PART and LIST: into rooms, out of them, and which there are. https://modern.ircdocs.horse/#channel-operations"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from itertools import zip_longest
from typing import TYPE_CHECKING, Final, TypeAlias

from hubbub.dialects.irc.commands.backlog import send_backlog
from hubbub.dialects.irc.commands.forwarding import elsewhere
from hubbub.dialects.irc.commands.markers import send_marker
from hubbub.dialects.irc.commands.metadata import greet
from hubbub.dialects.irc.commands.names import send_names
from hubbub.dialects.irc.commands.topic import send_topic
from hubbub.dialects.irc.registry import Kind, capability, command, renderer, token
from hubbub.dialects.irc.request import Request
from hubbub.hub.channel import Channel
from hubbub.hub.events import Joined, Parted, Place, WentAway
from hubbub.hub.ports import Mark
from hubbub.hub.refusals import Refused, Why
from hubbub.hub.rights import Right, can
from hubbub.server.entrance import enter
from hubbub.wire import numerics as n
from hubbub.wire.line import Line
from hubbub.wire.masks import matches

if TYPE_CHECKING:
    from hubbub.dialects.irc.look import IrcLook

EXTENDED_JOIN: Final = capability("extended-join", "https://ircv3.net/specs/extensions/extended-join", shows=True)


@command(
    "JOIN", 1, kind=Kind.CHANGE, usage="<channel>{,<channel>} [<key>{,<key>}]", help="Enter a channel, or make it."
)
async def join(request: Request, line: Line) -> None:
    if line.params[0] == "0":
        await _part_all(request, list(request.user.memberships), "")
        return
    keys = line.params[1].split(",") if len(line.params) > 1 else []
    names = [name for name in line.params[0].split(",") if name]
    for name, key in zip_longest(names, keys[: len(names)], fillvalue=""):
        await _join(request, name, key)


async def _join(request: Request, name: str, key: str, *, sent_on: bool = False) -> None:
    """One channel; being in it already is no news. Nobody is sent on twice: two rooms may forward to each other."""
    try:
        joined = await _enter(request, name, key)
    except Refused as refused:
        other = "" if sent_on else elsewhere(request, name, refused)
        if other:
            await _join(request, other, "", sent_on=True)
        else:
            request.refuse(refused)
        return
    channel = request.hub.channels.get(joined.log) if joined is not None else None
    if joined is None or channel is None:
        return
    if request.user.away:
        request.server.submit(WentAway(request.user.who, (), request.user.away, channel.name), request)
    devices = (request, *request.siblings())
    for device in devices:
        introduce(device, channel)
    await send_backlog(devices, channel, Mark(ts=joined.ts))


async def _enter(request: Request, name: str, key: str) -> Place | None:
    if len(name.encode()) > request.hub.rules.channel_length:  # in bytes: it stands on every line of the room
        raise Refused(Why.CHANNEL_ILLEGAL, name)
    await request.server.settled(request.hub.fold(name))
    event = request.hub.join(request.user, name, key)
    if event is None:
        return None
    try:
        return (await enter(request.server, request.user, event, request)).place
    except Refused as refused:  # of several rooms, clients have to know which
        raise Refused(refused.why, name) from None


def introduce(request: Request, channel: Channel) -> None:
    """Tell a session that is in a room from now on what it is about and who is there."""
    if channel.topic is not None:
        send_topic(request, channel)
    send_marker(request, channel)
    send_names(request, channel)
    greet(request, channel)


@command("PART", 1, kind=Kind.CHANGE, usage="<channel>{,<channel>} [<reason>]", help="Leave a channel.")
async def part(request: Request, line: Line) -> None:
    text = line.params[1] if len(line.params) > 1 else ""
    await _part_all(request, [name for name in line.params[0].split(",") if name], text)


async def _part_all(request: Request, names: Iterable[str], text: str) -> None:
    for name in names:
        try:
            await request.server.settled(request.hub.fold(name))
            await request.server.commit(request.hub.part(request.user, name, text), request)
        except Refused as refused:
            request.refuse(refused)


@renderer(Joined)
def render_joined(event: Joined, look: IrcLook) -> str:
    if look.has(EXTENDED_JOIN):
        return f":{event.who.mask} JOIN {event.channel} {event.who.account or '*'} :{event.realname}"
    return f":{event.who.mask} JOIN {event.channel}"


@renderer(Parted)
def render_parted(event: Parted, look: IrcLook) -> str:
    return f":{event.who.mask} PART {event.channel}" + (f" :{event.text}" if event.text else "")


# LIST

Filter: TypeAlias = Callable[[Channel, int], bool]
"""Whether a channel is wanted, at a time in ms."""

token("ELIST", "CMNTU")

_CONDITION: Final = re.compile(r"([CT]?)([<>])(\d{1,9})")
_MINUTE_MS: Final = 60_000


@command("LIST", usage="[<mask>|>users|<users|C>min|T<min{,...}]", help="List channels: by name, by users, by age.")
async def list_(request: Request, line: Line) -> None:
    words = [word for param in line.params for word in param.split(",") if word]
    names = [word for word in words if word[0] != "!" and not _CONDITION.fullmatch(word)]
    conditions = [_condition(word) for word in words if word not in names]
    now = request.server.clock.now()
    request.reply(n.RPL_LISTSTART, "Channel", "Users  Name")
    for channel in request.hub.channels.values():
        named = not names or any(matches(mask, channel.name) for mask in names)
        if named and can(request.user, Right.SEE_ROOM, channel) and all(fits(channel, now) for fits in conditions):
            topic = channel.topic.text if channel.topic else ""
            request.reply(n.RPL_LIST, channel.name, str(len(channel.members)), topic)
    request.error(n.RPL_LISTEND)


def _condition(word: str) -> Filter:
    """One condition of ELIST. https://modern.ircdocs.horse/#elist-parameter"""
    condition = _CONDITION.fullmatch(word)
    if condition is None:
        return lambda channel, now: not matches(word[1:], channel.name)
    kind, sign, number = condition[1], condition[2], int(condition[3])
    return lambda channel, now: _compare(_measure(channel, kind, now), sign, number)


def _measure(channel: Channel, kind: str, now: int) -> float | None:
    """Users, or minutes since the channel was made (C) or its topic was set (T)."""
    match kind:
        case "C":
            return (now - channel.created) / _MINUTE_MS
        case "T":
            return (now - channel.topic.at) / _MINUTE_MS if channel.topic else None
    return len(channel.members)


def _compare(measured: float | None, sign: str, number: int) -> bool:
    if measured is None:
        return False
    return measured < number if sign == "<" else measured > number
