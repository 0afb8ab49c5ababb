"""The words that every face understands (`hubbub.client.commands`), and those that only make sense with buffers."""

from typing import TYPE_CHECKING

from hubbub.client.commands import COMMANDS, BadCommand, Command
from hubbub.client.model.buffer import Place
from hubbub.tui.screens.ask import Ask
from hubbub.tui.verbs import verb

if TYPE_CHECKING:
    from hubbub.tui.screens.chat import Chat


def _adopt(name: str, command: Command) -> None:
    def run(chat: "Chat", rest: str) -> None:
        command.run(chat.seat, rest)

    verb(name, command.about, usage=command.usage, local=command.local)(run)


for _name, _command in COMMANDS.items():
    _adopt(_name, _command)


@verb("query", "open a conversation with one person", usage="/query NICK")
def query(chat: "Chat", rest: str) -> None:
    nick = rest.split(" ", maxsplit=1)[0]
    if not nick or chat.desk.network.client.mirror.features.is_room(nick):
        raise BadCommand("expected /query NICK; /join goes into a room")
    chat.show(chat.desk.network.open(nick))


@verb("leave", "close the conversation in front; a room is left", keys="alt+w")
def leave(chat: "Chat", rest: str) -> None:
    """A key is soon pressed by mistake, and who has left a room hears nothing of it any more."""
    if chat.desk.front.place is not Place.ROOM:
        close(chat, rest)
        return

    def answered(answer: str | None) -> None:
        if answer == "y":
            chat.attempt(lambda: close(chat, rest))

    name = chat.desk.front.name
    chat.app.push_screen(Ask(f"Leave {name}?", f"/join {name} leads back.", {"y": "Leave", "n": "Stay"}), answered)


@verb("close", "close the conversation in front; a room is left", usage="/close")
def close(chat: "Chat", _rest: str) -> None:
    if chat.desk.front.place is Place.STATUS:
        raise BadCommand("this is the network itself; /disconnect leaves it, /quit leaves hubbub")
    front = chat.desk.front
    chat.desk.close(front)
    chat.show(chat.desk.front)


@verb("part", "leave a room, the one in front if you name none", usage="/part [ROOM] [REASON]")
def part(chat: "Chat", rest: str) -> None:
    network, front = chat.desk.network, chat.desk.front
    first, _, reason = rest.partition(" ")
    named = network.client.mirror.features.is_room(first)
    buffer = network.find(first) if named else front
    if buffer is None or buffer.place is not Place.ROOM:
        raise BadCommand(f"you are not in {first if named else 'a room'}")
    network.client.part(buffer.name, reason.strip() if named else rest)
    chat.desk.close(buffer)
    chat.show(chat.desk.front)


@verb("names", "show who is here", usage="/names")
def names(chat: "Chat", _rest: str) -> None:
    mirror, front = chat.desk.network.client.mirror, chat.desk.front
    room = mirror.room(front.name)
    if room is None:
        raise BadCommand("you are in no room; go into one first: /join #general")
    chat.seat.tell(f"{len(room.members)} in {room.name}: {' '.join(mirror.names(room)[:100])}")
