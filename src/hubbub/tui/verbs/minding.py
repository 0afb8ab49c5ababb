"""Whom not to hear, and by what words to be called: lists that are kept in the settings."""

from typing import TYPE_CHECKING, Final

from hubbub.client.commands import BadCommand
from hubbub.tui.settings.tree import shown
from hubbub.tui.verbs import verb
from hubbub.tui.verbs.setting import put

if TYPE_CHECKING:
    from hubbub.tui.screens.chat import Chat

# When a word is added, and when it is taken away.
_SAID: Final = {
    "ignore": ("you see nothing more of what {0} says; /unignore {0} ends it", "you see again what {0} says"),
    "highlight": ("{0} calls you from now on; /unhighlight {0} ends it", "{0} calls you no more"),
}


@verb("ignore", "see no more of what somebody says; alone, who that is", usage="/ignore [NICK]")
def ignore(chat: "Chat", rest: str) -> None:
    _add(chat, "ignore", rest)


@verb("unignore", "see again what somebody says", usage="/unignore NICK")
def unignore(chat: "Chat", rest: str) -> None:
    _remove(chat, "ignore", rest)


verb("mute", "another word for /ignore", usage="/mute [NICK]")(ignore)
verb("unmute", "another word for /unignore", usage="/unmute NICK")(unignore)


@verb("highlight", "be called by a word; alone, by which you are", usage="/highlight [WORD]")
def highlight(chat: "Chat", rest: str) -> None:
    _add(chat, "highlight", rest)


@verb("unhighlight", "be called by a word no more", usage="/unhighlight WORD")
def unhighlight(chat: "Chat", rest: str) -> None:
    _remove(chat, "highlight", rest)


def _add(chat: "Chat", name: str, word: str) -> None:
    known: tuple[str, ...] = getattr(chat.kept.now, name)
    if not word:
        chat.seat.tell(f"{name}: {shown(known)}")
    elif word.lower() not in map(str.lower, known):
        put(chat, name, (*known, word), _SAID[name][0].format(word))


def _remove(chat: "Chat", name: str, word: str) -> None:
    known: tuple[str, ...] = getattr(chat.kept.now, name)
    left = tuple(other for other in known if other.lower() != word.lower())
    if left == known:
        raise BadCommand(f"expected one of those in the list, got '{word}'; {name}: {shown(known)}")
    put(chat, name, left, _SAID[name][1].format(word))
