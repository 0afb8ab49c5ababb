"""What the words of `hubbub.client.commands` need of a view: the network and the room in front."""

from pathlib import Path
from typing import TYPE_CHECKING

from hubbub.client.model.buffer import Place
from hubbub.client.protocol import NotOnline, Protocol
from hubbub.wire.clean import clean
from hubbub.wire.line import BadLine

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

    def share(self, path: Path, target: str, text: str) -> None:
        """Share a file, and say its link behind `text`; the line at the bottom shows how far it is."""
        from hubbub.client.upload import CannotShare  # HTTP is loaded by whoever needs it

        chat, network, front = self._chat, self._chat.desk.network, self._chat.desk.front

        async def share() -> None:
            try:
                url = await chat.links.share(
                    network, path, target, lambda gone, size: chat.tell(_far(path, gone, size))
                )
                network.client.say(target, f"{text} {url}" if text else url)
            except (CannotShare, BadLine, NotOnline) as error:
                network.note(front, f"not shared: {error}", refused=True)
            chat.tell("")
            chat.links.flush()
            chat.news()

        chat.run_worker(share(), exit_on_error=False)

    def leave(self, reason: str) -> None:
        """Go."""
        self._chat.leave(reason)


def _far(path: Path, gone: int, size: int) -> str:
    return f"sharing {clean(path.name)}: {100 * gone // max(size, 1)} %"
