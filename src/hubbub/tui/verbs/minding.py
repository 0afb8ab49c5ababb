"""Whom not to hear, and by what words to be called: lists that are kept in the settings."""

from typing import TYPE_CHECKING

from hubbub.client.commands import BadCommand
from hubbub.tui.settings.tree import shown
from hubbub.tui.verbs import verb
from hubbub.tui.verbs.setting import put

if TYPE_CHECKING:
    from hubbub.tui.screens.chat import Chat


@verb("ignore", "see no more of what somebody says; alone, who that is", usage="/ignore [NICK]")
def ignore(chat: "Chat", rest: str) -> None:
    if _add(chat, "ignore", rest):
        chat.tell(f"you see nothing more of what {rest} says; /unignore {rest} ends it")


@verb("unignore", "see again what somebody says", usage="/unignore NICK")
def unignore(chat: "Chat", rest: str) -> None:
    _remove(chat, "ignore", rest)
    chat.tell(f"you see again what {rest} says")


@verb("highlight", "be called by a word; alone, by which you are", usage="/highlight [WORD]")
def highlight(chat: "Chat", rest: str) -> None:
    _add(chat, "highlight", rest)


@verb("unhighlight", "be called by a word no more", usage="/unhighlight WORD")
def unhighlight(chat: "Chat", rest: str) -> None:
    _remove(chat, "highlight", rest)


def _add(chat: "Chat", name: str, word: str) -> bool:
    """Whether it is there for the first time."""
    known: tuple[str, ...] = getattr(chat.kept.now, name)
    if not word:
        chat.seat.tell(f"{name}: {shown(known)}")
    elif word.lower() not in map(str.lower, known):
        put(chat, name, (*known, word))
        return True
    return False


def _remove(chat: "Chat", name: str, word: str) -> None:
    known: tuple[str, ...] = getattr(chat.kept.now, name)
    left = tuple(other for other in known if other.lower() != word.lower())
    if left == known:
        raise BadCommand(f"expected one of those in the list, got '{word}'; {name}: {shown(known)}")
    put(chat, name, left)
