"""RENAME: another name for a room, with all that is in it. https://ircv3.net/specs/extensions/channel-rename"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubbub.dialects.irc.commands.forwarding import CHANNEL_RENAME
from hubbub.dialects.irc.commands.rooms import introduce
from hubbub.dialects.irc.registry import Kind, command, renderer
from hubbub.dialects.irc.request import Request
from hubbub.hub.channel import Channel
from hubbub.hub.events import Entry, Joined, Parted, Place, RoomRenamed
from hubbub.hub.refusals import Refused, Why
from hubbub.hub.user import User
from hubbub.wire.line import Line

if TYPE_CHECKING:
    from hubbub.dialects.irc.look import IrcLook


@command(
    "RENAME",
    2,
    kind=Kind.CHANGE,
    usage="<channel> <new name> [<reason>]",
    help="Give a channel another name; all stays.",
)
async def rename(request: Request, line: Line) -> None:
    name, wanted = line.params[:2]
    await rename_room(request, name, wanted, "".join(line.params[2:3]))


async def rename_room(request: Request, name: str, wanted: str, text: str) -> None:
    """Raises `Refused`. Nobody makes a room of the new name meanwhile: nothing is decided there."""
    hub, server = request.hub, request.server
    if len(wanted.encode()) > hub.rules.channel_length:  # in bytes: it stands on every line of the room
        raise Refused(Why.CANNOT_RENAME, name, wanted, "that name is too long")
    await server.caught_up()
    event = hub.rename_room(request.user, name, wanted, text)
    if event.moves:
        entry = await server.held(event.key, event, request)
        _tell_others(request, hub.channels[event.key], event, entry.place.ts)
    else:
        await server.commit(event, request)


def _tell_others(request: Request, channel: Channel, event: RoomRenamed, ts: int) -> None:
    """ "Server implementations MUST implement a fallback mechanism": they part from the old room and join the new."""
    for user in list(channel.members):
        for device in request.devices(user):
            if CHANNEL_RENAME not in device.session.caps:
                mine = request if device.session is request.session else device
                _move(mine, user, channel, event, ts)


def _move(request: Request, user: User, channel: Channel, event: RoomRenamed, ts: int) -> None:
    place = Place("", 0, ts, "")
    look = request.session.plain
    for told in (Parted(user.who, (), event.old, event.text), Joined(user.who, (), channel.name, user.realname)):
        request.unit([look.render(Entry(told, place))])
    introduce(request, channel)


@renderer(RoomRenamed)
def render_renamed(event: RoomRenamed, look: IrcLook) -> str:
    """ "The server to client command MUST always include the third parameter"."""
    if not look.has(CHANNEL_RENAME):
        return ""
    return f":{event.who.mask} RENAME {event.old} {event.name} :{event.text}"
