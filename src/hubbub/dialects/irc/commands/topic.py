"""TOPIC: what a room is about. https://modern.ircdocs.horse/#topic-message"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubbub.dialects.irc.registry import Kind, command, renderer
from hubbub.dialects.irc.request import Request
from hubbub.hub.channel import Channel
from hubbub.hub.events import TopicChanged
from hubbub.wire import numerics as n
from hubbub.wire.line import Line

if TYPE_CHECKING:
    from hubbub.dialects.irc.look import IrcLook


@command("TOPIC", 1, kind=Kind.CHANGE, usage="<channel> [<topic>]", help="Show or set what a channel is about.")
async def topic(request: Request, line: Line) -> None:
    name = line.params[0]
    if len(line.params) > 1:
        await request.server.settled(request.hub.fold(name))
        await request.server.commit(request.hub.topic(request.user, name, line.params[1]), request)
        return
    await request.server.caught_up()
    send_topic(request, request.hub.channel_for(request.user, name))


def send_topic(request: Request, channel: Channel) -> None:
    if channel.topic is None:
        request.error(n.RPL_NOTOPIC, channel.name)
        return
    request.reply(n.RPL_TOPIC, channel.name, channel.topic.text)
    request.reply(n.RPL_TOPICWHOTIME, channel.name, channel.topic.setter, str(channel.topic.at // 1000))


@renderer(TopicChanged)
def render_topic(event: TopicChanged, look: IrcLook) -> str:
    return f":{event.who.mask} TOPIC {event.channel} :{event.text}"
