"""Names that look like another's, or that hide something: nobody can be called so, and no room either.

https://www.unicode.org/reports/tr39/ and https://www.rfc-editor.org/rfc/rfc8264
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from hubbub.hub.lettering import is_honest
from tests.attacks.house import House

LETTERS = {
    "t": "тτｔ𝐭𝓉ꭲ",
    "e": "еεｅ𝐞ℯҽ",
    "a": "аαａ𝐚",
    "m": "ⅿм𝐦ｍ",
    "y": "уүγｙ𝐲",
}
INVISIBLE = (
    "\u00ad", "\u034f", "\u061c", "\u115f", "\u1160", "\u17b4", "\u180b", "\u180e", "\u200b", "\u200c", "\u200d",
    "\u200e", "\u202e", "\u2060", "\u2063", "\u2066", "\u2800", "\u3000", "\u3164", "\ufe00", "\ufe0f", "\ufeff",
    "\uffa0", "\ufff9", "\U000e0041", "\U000e0100", "\u0007", "\u0085", "\u2028", "\ue000", "\u0378",
)  # fmt: skip


def dressed(word: str) -> list[str]:
    """The word with one letter exchanged for each that looks like it, and with what nobody sees in it."""
    found = [word[:at] + other + word[at + 1 :] for at, c in enumerate(word) for other in LETTERS.get(c, "")]
    return [*found, *(word[:2] + blank + word[2:] for blank in INVISIBLE), *(word + blank for blank in INVISIBLE)]


SPOKEN = "café новости linux-новости 日本語 ｛｝ ☕ ☕️ ελληνικά naïve c++ 한국어 العربية हिन्दी O₂ m² 你好！ ქართული Ω"


@pytest.mark.parametrize("name", SPOKEN.split())
def test_names_of_every_script_are_names(name: str) -> None:
    """People call their rooms as they speak, in signs and with punctuation of any width.

    Seen to fail where names are ASCII, and where whole names have to be in one script.
    """
    assert is_honest(f"#{name}")


def test_nobody_is_called_almost_like_somebody(house: House, record_property: Callable[[str, object], None]) -> None:
    """Neither by NICK nor as an account, at IRC's door or at another: names are ASCII.

    Seen to fail where a nick may have letters of any script.
    """
    tom = house.come("tom-a06")
    record_property("payloads", len(dressed("maya")) + len(dressed("#tea")))
    for name in dressed("maya"):
        heard = tom.asks(f"NICK {name}", f"REGISTER {name} * sesame123", f"PRIVMSG NickServ :SET name {name}")
        assert {line.command for line in heard} <= {"432", "FAIL", "461", "NOTICE", "431"}, name
    assert [line.params[1] for line in tom.asks("WHOIS tom-a06") if line.command == "311"] == ["tom-a06"]


def test_no_room_is_called_almost_like_another(house: House) -> None:
    """Nor renamed so; and nobody is relayed under a name that hides something.

    Seen to fail for blanks that are letters, wide letters and Cyrillic ones as long as only controls were refused.
    """
    tom = house.come("tom-rooms", "draft/channel-rename", "draft/relaymsg", "echo-message", room="#tea")
    for name in dressed("#tea"):
        heard = tom.asks(f"JOIN :{name}", f"RENAME #tea :{name}")
        told = [line for line in heard if line.command in {"JOIN", "RENAME", "PRIVMSG"}]
        assert told == [] or told[0].params[0] == "#tea", (name, told)
    for blank in INVISIBLE:
        assert "PRIVMSG" not in {line.command for line in tom.asks(f"RELAYMSG #tea maya{blank}/x :hello")}, blank
    rooms = {line.params[1] for line in tom.asks("LIST") if line.command == "322"}
    assert {name for name in rooms if not name.isascii()} == set()


def test_a_room_is_one_whatever_its_case(house: House) -> None:
    """Who writes it otherwise comes into the same room, and finds it under its own name.

    Seen to fail where names are compared as they are written.
    """
    maya = house.come("maya-case", room="#Teatime")
    tom = house.come("tom-case")
    assert next(line for line in tom.asks("JOIN #tEATIME") if line.command == "JOIN").params[0] == "#Teatime"
    assert "JOIN" in {line.command for line in maya.hears()}
