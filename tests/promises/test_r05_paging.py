"""R5: paging by timestamp alone is exact, however much was said within a millisecond."""

from __future__ import annotations

import pytest

from hubbub.hub.ports import Mark, Window
from tests.irc.lines import every
from tests.scene import Scene
from tests.stores.shelf import KINDS, NOON, said, shelf_of, texts

BURST = 5_000
PAGE = 7


@pytest.mark.parametrize("kind", KINDS)
def test_a_burst_is_read_back_exactly(kind: str) -> None:
    """5,000 messages at once, read 7 at a time by a reader that knows timestamps only, in every kind of store.

    Seen to fail where two entries of a log may have the same time.
    """
    with shelf_of(kind) as shelf:
        shelf.add(*[said(str(n)) for n in range(BURST)])
        read: list[str] = []
        after = Mark(ts=0)
        while page := shelf.page("#lobby", Window(PAGE, after=after, newest=False)):
            read += texts(page)
            after = Mark(ts=page[-1].place.ts)
    assert read == [str(n) for n in range(BURST)]


@pytest.mark.parametrize("kind", KINDS)
def test_a_burst_is_read_backwards_as_exactly(kind: str) -> None:
    """Scrolling up by time meets every message once.

    Seen to fail where two entries of a log may have the same time.
    """
    with shelf_of(kind) as shelf:
        shelf.add(*[said(str(n)) for n in range(500)])
        read: list[str] = []
        before = Mark(ts=NOON + 1_000_000)
        while page := shelf.page("#lobby", Window(PAGE, before=before)):
            read = texts(page) + read
            before = Mark(ts=page[0].place.ts)
    assert read == [str(n) for n in range(500)]


def test_a_client_without_msgids_pages_as_exactly() -> None:
    """The same in a client's words: a time as it was told, and the next page behind it.

    Seen to fail where the times that clients are told are rounded to hundredths of a second.
    """
    scene = Scene()
    maya = scene.enter("maya", "batch", "server-time", "draft/chathistory", rooms=["#den"])
    for n in range(BURST):
        maya.say(f"PRIVMSG #den :{n}")
    read: list[str] = []
    after = "2000-01-01T00:00:00.000Z"
    while page := every(maya.asks(f"CHATHISTORY AFTER #den timestamp={after} {PAGE}"), "PRIVMSG"):
        read += [line.params[1] for line in page]
        after = page[-1].tags["time"]
    assert read == [str(n) for n in range(BURST)]
