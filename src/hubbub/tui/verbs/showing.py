"""What there is: the keys, the words, the palette."""

from typing import TYPE_CHECKING

from hubbub.tui.verbs import Where, verb

if TYPE_CHECKING:
    from hubbub.tui.screens.chat import Chat


@verb("keys", "show the keys", keys="f1", usage="/keys")
def keys(chat: "Chat", _rest: str) -> None:
    from hubbub.tui.screens.keys import Keys

    chat.app.push_screen(Keys(chat.verbs))


@verb("help", "show what can be typed; a line that begins with // is said with one /", usage="/help")
def help_(chat: "Chat", _rest: str) -> None:
    typed = [row for row in chat.verbs.values() if row.usage]
    width = max(len(row.usage) for row in typed)
    for row in sorted(typed, key=lambda row: row.usage):
        chat.seat.tell(f"{row.usage:{width}}  {row.about}")


@verb("palette", "find anything that can be done", keys="alt+x,f9")
def palette(chat: "Chat", _rest: str) -> None:
    from hubbub.client.model.desk import rank
    from hubbub.tui.screens.choose import Choice, Choose

    table = [row for row in chat.verbs.values() if row.where is Where.ANYWHERE and row.name != "palette"]

    def offer(text: str) -> list[Choice]:
        fitting = [(rank(text, f"{row.name} {row.about}"), place, row) for place, row in enumerate(table)]
        known = sorted((score, place, row.name) for score, place, row in fitting if score is not None)
        rows = (table[place] for _, place, _ in known)
        return [Choice(row.about, row.usage or row.keys.split(",")[0], row) for row in rows]

    def chosen(row: object) -> None:
        if row in table:
            chat.choose(row)

    chat.app.push_screen(Choose("Do", offer), chosen)


@verb("redraw", "draw everything anew", keys="ctrl+l")
def redraw(chat: "Chat", _rest: str) -> None:
    chat.app.refresh(layout=True)
