"""Finding what was said and which rooms there are, and going there."""

from typing import TYPE_CHECKING, Final

from hubbub.client.model.buffer import Buffer, Place
from hubbub.tui.verbs import verb

if TYPE_CHECKING:
    from hubbub.client.model.listing import Listed
    from hubbub.client.searching import Found
    from hubbub.tui.screens.chat import Chat
    from hubbub.tui.screens.find import Hit

# Enough to see what it was about.
_AROUND: Final = 50


@verb("find", "find what was said here", keys="ctrl+f", usage="/find [WORDS]")
def find(chat: "Chat", rest: str) -> None:
    front = chat.desk.front
    _find(chat, None if front.place is Place.STATUS else front, rest)


@verb("findall", "find what was said anywhere", keys="ctrl+shift+f,alt+f", usage="/findall [WORDS]")
def findall(chat: "Chat", rest: str) -> None:
    _find(chat, None, rest)


@verb("list", "show which rooms there are, to go into one", usage="/list")
def list_(chat: "Chat", _rest: str) -> None:
    network = chat.desk.network
    network.client.raw("LIST")
    network.listing.ask(lambda rooms: _offer(chat, rooms))


def _offer(chat: "Chat", rooms: "list[Listed]") -> None:
    from hubbub.client.commands import COMMANDS
    from hubbub.client.model.desk import rank
    from hubbub.tui.screens.choose import Choice, Choose

    def offer(text: str) -> list[Choice]:
        fitting = [room for room in rooms if rank(text, f"{room.name} {room.topic}") is not None]
        return [Choice(f"{room.name}  {room.topic}", f"{room.people} here", room.name) for room in fitting]

    def chosen(room: object) -> None:
        if isinstance(room, str):
            chat.attempt(lambda: COMMANDS["join"].run(chat.seat, room))

    if rooms:
        chat.call_later(chat.app.push_screen, Choose("Rooms", offer, 90), chosen)
    else:
        chat.tell("there are no rooms yet; /join #room makes one")


def _find(chat: "Chat", place: Buffer | None, text: str) -> None:
    from hubbub.tui.screens.find import Find

    def chosen(hit: "Hit | None") -> None:
        if hit is not None:
            _go(chat, hit)

    chat.app.push_screen(Find(chat.desk.network, place, text, chat.links.flush), chosen)


def _go(chat: "Chat", hit: "Hit") -> None:
    """To the message where it is loaded; where it is not, what was said around it is shown."""
    network = chat.desk.network
    buffer = network.open(hit.conversation)
    chat.show(buffer)
    entry = next(
        (one for one in buffer.entries if (one.msgid, one.at, one.text) == (hit.msgid, hit.at, hit.text)), None
    )
    if entry is not None:
        chat.call_after_refresh(lambda: chat.transcript.find(entry) and chat.transcript.focus())
    elif hit.msgid:
        chat.attempt(
            lambda: network.client.around(
                hit.conversation, hit.msgid, _AROUND, lambda it: chat.call_later(_show, chat, hit, it)
            )
        )


def _show(chat: "Chat", hit: "Hit", found: "Found") -> None:
    from hubbub.tui.screens.around import Around

    if found.problem:
        chat.tell(f"what was said around it cannot be shown: {found.problem}")
    else:
        chat.app.push_screen(Around(f"{hit.conversation}, {hit.at.astimezone():%d %B %Y}", found.said, hit.msgid))
