"""What there is: the keys, the words, the palette."""

from typing import TYPE_CHECKING

from hubbub.tui.verbs import Verb, Where, verb

if TYPE_CHECKING:
    from hubbub.tui.screens.chat import Chat


@verb("keys", "show the keys, and what can be typed", keys="f1", usage="/keys")
def keys(chat: "Chat", _rest: str) -> None:
    from hubbub.tui.screens.keys import Keys

    chat.app.push_screen(Keys(chat.verbs))


@verb("help", "show what can be typed, and the keys", usage="/help")
def help_(chat: "Chat", _rest: str) -> None:
    from hubbub.tui.screens.keys import Keys

    chat.app.push_screen(Keys(chat.verbs, commands=True))


@verb("palette", "find anything that can be done", keys="alt+x,f9")
def palette(chat: "Chat", _rest: str) -> None:
    from hubbub.client.model.desk import rank
    from hubbub.tui.screens.choose import Choice, Choose

    table = [row for row in chat.verbs.values() if row.where is Where.ANYWHERE and not _is_at_hand(row)]

    def offer(text: str) -> list[Choice]:
        fitting = [(rank(text, f"{row.name} {row.about}"), place, row) for place, row in enumerate(table)]
        known = sorted((score, place, row.name) for score, place, row in fitting if score is not None)
        rows = (table[place] for _, place, _ in known)
        return [Choice(row.about, row.usage or row.keys.split(",")[0], row) for row in rows]

    def chosen(row: object) -> None:
        if row in table:
            chat.choose(row)

    chat.app.push_screen(Choose("Do", offer), chosen)


def _is_at_hand(row: Verb) -> bool:
    """Not worth a line in the palette: itself, and numbers of conversations, which the list at the left shows."""
    return row.name == "palette" or (row.keys.startswith("alt+") and row.keys[4:].isdecimal())


@verb("redraw", "draw everything anew", keys="ctrl+l")
def redraw(chat: "Chat", _rest: str) -> None:
    chat.app.refresh(layout=True)
