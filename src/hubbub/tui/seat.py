"""What the words of `hubbub.client.commands` need of a view: the network and the room in front."""

from typing import TYPE_CHECKING

from hubbub.client.model.buffer import Place
from hubbub.client.protocol import Protocol

if TYPE_CHECKING:
    from hubbub.tui.screens.chat import Chat


class Seat:
    """`hubbub.client.commands.View`, for the screen."""

    def __init__(self, chat: "Chat") -> None:
        self._chat = chat

    @property
    def client(self) -> Protocol:
        """That of the network in front."""
        return self._chat.desk.network.client

    @property
    def room(self) -> str:
        """What is in front, a room or a person; "" for a network's own buffer."""
        front = self._chat.desk.front
        return "" if front.place is Place.STATUS else front.name

    def tell(self, line: str) -> None:
        """Tell the person something, where they are."""
        self._chat.desk.network.note(self._chat.desk.front, line)

    def enter(self, room: str) -> None:
        """Have a room in front."""
        network = self._chat.desk.network
        self._chat.show(network.open(room) if room else network.status)

    def leave(self, reason: str) -> None:
        """Go."""
        self._chat.leave(reason)
