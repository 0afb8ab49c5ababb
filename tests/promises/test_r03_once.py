"""R3: no msgid is given twice, and a message that is sent again is stored once and answered with its first msgid."""

from __future__ import annotations

import pytest

from hubbub.dialects.irc.commands.talk import NONCE_MIN
from hubbub.hub.events import Said
from hubbub.hub.ports import StoreFailed
from tests.irc.lines import every, only
from tests.promises.scribe import ROOMS
from tests.scene import Person, Scene
from tests.server.stage import EVERYTHING
from tests.stores.conftest import Files
from tests.stores.shelf import said

CAPS = ("batch", "echo-message", "labeled-response", "message-tags")
LINE = f"@label={'nonce-of-maya-1'.ljust(NONCE_MIN, '-')} PRIVMSG #den :hello"

MOMENTS = {
    "in the middle of the line": (LINE[:40], ()),
    "before it is with the store": (f"{LINE}\r\n", ()),
    "while it is being stored": (f"{LINE}\r\n", ("turn",)),
    "when it could not be stored": (f"{LINE}\r\n", ("turn", "fail")),
    "before the echo is read": (f"{LINE}\r\n", ("turn", "land")),
}
"""What has come of it, and what has happened since."""


class Den(Scene):
    """leo is in #den, and maya comes and goes; commits end when the test says so."""

    def __init__(self) -> None:
        super().__init__(slow=True)
        self.leo = self.enter("leo", "message-tags", rooms=["#den"])
        self.maya = self.enter("maya", *CAPS, rooms=["#den"])
        self.leo.hears()
        self.slow.held = True

    def land(self) -> None:
        while self.slow.groups:
            self.slow.land()
            self.turn()

    def fail(self) -> None:
        self.slow.fail(StoreFailed("the disk is full"))
        self.turn()

    def cut(self, person: Person) -> Person:
        """Her connection breaks, and she is back."""
        person.leaves("Connection reset")
        self.land()
        self.slow.held = False
        return self.enter("maya", *CAPS, rooms=["#den"])


@pytest.mark.parametrize("moment", MOMENTS)
def test_who_is_cut_off_before_the_echo_sends_it_again(moment: str) -> None:
    """Whenever that is: everybody reads it once, history has it once, and the echo has the msgid that leo knows.

    Seen to fail where nonces are forgotten.
    """
    came, since = MOMENTS[moment]
    den = Den()
    den.maya.session.receive(came.encode())
    for step in since:
        getattr(den, step)()
    maya = den.cut(den.maya)
    echo = only(maya.asks(LINE), "PRIVMSG")
    heard = only(den.leo.hears(), "PRIVMSG")
    assert echo.tags["msgid"] == heard.tags["msgid"]
    log = den.memory.page("#den", EVERYTHING).result()
    assert [entry.place.msgid for entry in log if isinstance(entry.event, Said)] == [heard.tags["msgid"]]


def test_however_often_it_is_sent_the_answer_is_the_same() -> None:
    """Three more times, each on a connection of its own: one message, one msgid.

    Seen to fail where nonces are forgotten.
    """
    den = Den()
    den.slow.held = False
    maya, told = den.maya, set()
    for _ in range(4):
        told.add(only(maya.asks(LINE), "PRIVMSG").tags["msgid"])
        maya = den.cut(maya)
    assert len(told) == len(every(den.leo.hears(), "PRIVMSG")) == 1


def test_no_msgid_is_given_twice(files: Files) -> None:
    """In no room, and not after a restart.

    Seen to fail where msgids are made from the seq alone.
    """
    given: list[str] = []
    for _ in range(3):
        shelf = files.open()
        places = shelf.add(*[said(str(n), ROOMS[n % 3]) for n in range(2_000)])
        given += [place.msgid for (place,) in places]
        files.close()
    assert len(set(given)) == len(given) == 6_000
