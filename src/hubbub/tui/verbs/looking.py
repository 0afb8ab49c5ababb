"""Looking at the picture that a message leads to: nothing is fetched before somebody asks for it."""

import asyncio
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from hubbub.client.formatting import links
from hubbub.tui.verbs import Where, verb

if TYPE_CHECKING:
    from PIL.Image import Image

    from hubbub.client.exchange import Progress
    from hubbub.tui.screens.chat import Chat

_ENDINGS: Final = (".jpg", ".jpeg", ".png", ".gif", ".webp", ".avif")


@verb("picture", "look at its picture", keys="i", where=Where.MESSAGE, local=True)
def picture(chat: "Chat", _rest: str) -> None:
    from hubbub.tui.screens.picture import Look

    url = _found(chat)
    if not url:
        chat.tell("there is no link to a picture in it; o opens other links")
        return
    network = chat.desk.network

    async def fetch(progress: "Progress") -> "Image":
        from hubbub.tui.pictures import develop

        return await asyncio.to_thread(develop, await chat.links.fetch(network, url, progress))

    chat.app.push_screen(Look(url, fetch))


def _found(chat: "Chat") -> str:
    """The first link of the message in focus that may lead to a picture: by its ending, or to what was shared."""
    from hubbub.client.download import is_shared

    block, features = chat.transcript.picked, chat.desk.network.client.mirror.features
    entry = block.entry if block is not None else None
    for url in links(entry.text) if entry is not None else ():
        if is_shared(features, url) or _path(url).lower().endswith(_ENDINGS):
            return url
    return ""


def _path(url: str) -> str:
    try:
        return urlsplit(url).path
    except ValueError:
        return ""
