"""Setting things: by name, or from the list of all that can be set."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from hubbub.client.commands import BadCommand
from hubbub.tui.settings.tree import BadSetting, Row, Value, read, row, rows, shown
from hubbub.tui.verbs import verb

if TYPE_CHECKING:
    from hubbub.tui.screens.chat import Chat


def _offer(before: str) -> Iterable[str]:
    """The names, and behind one of them its values, where there are some to choose from."""
    if not before:
        return rows()
    known = rows().get(before)
    return known.values if known is not None else ()


@verb("set", "show what can be set, or set it", keys="f2", usage="/set [NAME [VALUE]]", offer=_offer)
def set_(chat: "Chat", rest: str) -> None:
    name, _, text = rest.partition(" ")
    try:
        if not name:
            _offer_all(chat)
        elif text:
            put(chat, name, read(name, text.strip()))
        else:
            known = row(name)
            chat.seat.tell(f"{name} is {_current(chat, known)}: {known.about}. It may be {known.wants}.")
    except BadSetting as error:
        raise BadCommand(str(error)) from error


def put(chat: "Chat", name: str, value: Value, said: str = "") -> None:
    """Set it, save it, and say so, in words of its own if it has some. Raises BadCommand."""
    try:
        chat.kept.put(name, value)
    except BadSetting as error:
        raise BadCommand(str(error)) from error
    chat.tell(said or f"{name} is {shown(value)} from now on")


def _offer_all(chat: "Chat") -> None:
    from hubbub.client.model.desk import rank
    from hubbub.tui.screens.choose import Choice, Choose

    def offer(text: str) -> list[Choice]:
        fitting = [
            known
            for known in rows(lent=chat.kept.lent).values()
            if rank(text, f"{known.name} {known.about}") is not None
        ]
        return [Choice(known.about, f"{known.name}: {_current(chat, known)}", known) for known in fitting]

    def chosen(known: object) -> None:
        if isinstance(known, Row):
            chat.attempt(lambda: _change(chat, known))

    chat.app.push_screen(Choose("Settings", offer, 110), chosen)


def _change(chat: "Chat", known: Row) -> None:
    """A switch is turned, one of some is chosen, a list is typed."""
    from hubbub.tui.screens.choose import Choice, Choose

    if isinstance(known.default, bool):
        put(chat, known.name, not getattr(chat.kept.now, known.name))
    elif known.choices:
        choices = [Choice(choice, "", choice) for choice in known.choices]
        choose = Choose(known.name, lambda text: [choice for choice in choices if text.lower() in choice.label])
        chat.app.push_screen(choose, lambda value: _take(chat, known, value))
    else:
        present = _current(chat, known) if getattr(chat.kept.now, known.name) else ""
        chat.begin(f"/set {known.name} {present}")


def _take(chat: "Chat", known: Row, value: object) -> None:
    if isinstance(value, str):
        chat.attempt(lambda: put(chat, known.name, value))


def _current(chat: "Chat", known: Row) -> str:
    return shown(getattr(chat.kept.now, known.name))
