"""Going to one more network, and leaving one: the next start remembers."""

from typing import TYPE_CHECKING

from hubbub.client.commands import BadCommand
from hubbub.client.model.network import Condition
from hubbub.client.url import BadAddress, parse_address
from hubbub.tui.networks import connected, way_to, without
from hubbub.tui.verbs import verb
from hubbub.tui.verbs.setting import put

if TYPE_CHECKING:
    from hubbub.tui.screens.chat import Chat


@verb("connect", "go to one more network, now and at each start", usage="/connect URL", local=True)
def connect(chat: "Chat", rest: str) -> None:
    try:
        address = parse_address(rest)
    except BadAddress as error:
        raise BadCommand(str(error)) from error
    nick, network = chat.desk.network.nick, connected(chat.links, address)
    if network is None or network.condition is Condition.REFUSED:
        failed, network = network, chat.links.open(way_to(address, nick))
        if failed is not None:
            chat.links.drop(failed)
    chat.show(network.front)
    put(chat, "networks", (*without(chat.kept.now.networks, address), rest))


@verb("disconnect", "leave this network, now and at the next start", usage="/disconnect [REASON]", local=True)
def disconnect(chat: "Chat", rest: str) -> None:
    saved = chat.kept.now.networks
    left = without(saved, chat.links.way(chat.desk.network).address)
    if left != saved:
        put(chat, "networks", left)
    if len(chat.desk.networks) == 1:
        chat.leave(rest)
        return
    chat.links.drop(chat.desk.network, rest)
    chat.show(chat.desk.front)
