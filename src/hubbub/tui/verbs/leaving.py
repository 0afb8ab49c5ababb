"""Leaving hubbub."""

from typing import TYPE_CHECKING

from hubbub.tui.verbs import verb

if TYPE_CHECKING:
    from hubbub.tui.screens.chat import Chat


@verb("quit", "leave hubbub", keys="ctrl+q", usage="/quit [REASON]")
def quit_(chat: "Chat", rest: str) -> None:
    chat.leave(rest)


@verb("interrupt", "copy what is selected", keys="ctrl+c")
def interrupt(chat: "Chat", _rest: str) -> None:
    """Ctrl-C is pressed by those who want to copy, and by those who want to go."""
    text = chat.composer.selected_text or chat.get_selected_text()
    if text:
        chat.app.copy_to_clipboard(text)
        chat.clear_selection()
        chat.tell("copied")
    else:
        chat.tell("ctrl+q leaves; nothing is selected that could be copied")
