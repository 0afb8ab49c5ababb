"""What can be done with a message: it is brought into focus, never named by an id."""

import os
import sys
from typing import TYPE_CHECKING, Final

from hubbub.client.commands import BadCommand
from hubbub.client.formatting import links
from hubbub.client.model.buffer import Place
from hubbub.client.model.entry import SPOKEN, Entry, State
from hubbub.tui.purpose import Editing, Replying
from hubbub.tui.screens.ask import Ask
from hubbub.tui.verbs import Where, verb

if TYPE_CHECKING:
    from hubbub.tui.screens.chat import Chat

_NONE: Final = "bring a message into focus first: Esc, then the arrows"

_NAMELESS: Final = {
    State.SENDING: "it is not sent yet",
    State.FAILED: "it is not sent yet: Enter sends it again, Del gives it up",
    State.THERE: "the server gives messages no names: this needs one",
}


@verb("pick", "bring messages into focus, the newest first; esc does, too", keys="alt+up,ctrl+up")
def pick(chat: "Chat", _rest: str) -> None:
    if chat.transcript.pick(-1):
        chat.transcript.focus()
        _tell_reactions(chat)


@verb("older", "the message above", keys="up,k", where=Where.MESSAGE)
def older(chat: "Chat", _rest: str) -> None:
    if not chat.transcript.pick(-1):
        chat.desk.network.earlier(chat.desk.front)
    _tell_reactions(chat)


@verb("newer", "the message below, and back to writing", keys="down,j", where=Where.MESSAGE)
def newer(chat: "Chat", _rest: str) -> None:
    if chat.transcript.pick(1):
        _tell_reactions(chat)
    else:
        chat.write()


@verb("reply", "reply to it", keys="r", where=Where.MESSAGE)
def reply(chat: "Chat", _rest: str) -> None:
    entry = _picked(chat)
    if entry is not None:
        _reply(chat, entry)


@verb("react", "react to it", keys="+,plus,e", where=Where.MESSAGE)
def react(chat: "Chat", _rest: str) -> None:
    from hubbub.client.emoji import USUAL, find
    from hubbub.tui.screens.choose import Choice, Choose

    entry = _sent(chat)
    if entry is None:
        return

    def offer(text: str) -> list[Choice]:
        found = find(text, 30) if text else [(sign, "") for sign in [*entry.detail.reactions, *USUAL]]
        return [Choice(sign, name, sign) for sign, name in dict(found).items()]

    def chosen(sign: object) -> None:
        if isinstance(sign, str):
            chat.attempt(lambda: chat.desk.network.react(chat.desk.front, entry, sign))
            chat.write()

    chat.app.push_screen(Choose("React with", offer), chosen)


@verb("edit", "change what you said", keys="c", where=Where.MESSAGE)
def edit(chat: "Chat", _rest: str) -> None:
    entry = _sent(chat)
    if entry is None:
        return
    if entry.own:
        chat.intend(Editing(entry, chat.composer.draft))
    else:
        chat.tell("only your own messages can be changed")


@verb("redact", "take it back", keys="d,delete", where=Where.MESSAGE)
def redact(chat: "Chat", _rest: str) -> None:
    entry = _picked(chat)
    if entry is None:
        return
    network, front = chat.desk.network, chat.desk.front
    if entry.state is State.FAILED:
        network.discard(front, entry)
        chat.news()
        return

    def answered(yes: bool | None) -> None:
        if yes:
            chat.attempt(lambda: network.redact(front, entry))
        chat.write()

    if not (entry.own or _leads(chat)):
        chat.tell("what others said is theirs to take back, or whoever runs this room may")
        chat.write()
    elif entry.msgid:
        chat.app.push_screen(
            Ask("Take this message back?", entry.text, {"y": "Yes", "n": "No"}), lambda a: answered(a == "y")
        )


@verb("copy", "copy its text", keys="y,ctrl+c", where=Where.MESSAGE)
def copy(chat: "Chat", _rest: str) -> None:
    from hubbub.tui.widgets.composer import legible

    entry = _picked(chat)
    if entry is not None:
        chat.app.copy_to_clipboard(legible(entry.text))
        chat.tell("copied")
        chat.write()


@verb("link", "open its link", keys="o", where=Where.MESSAGE)
def link(chat: "Chat", _rest: str) -> None:
    entry = _picked(chat)
    found = links(entry.text) if entry else ()
    if found:
        _open(chat, found[0])
    elif entry:
        chat.tell("there is no link in it")


@verb("open", "open the newest link or file that was said here", usage="/open")
def open_newest(chat: "Chat", _rest: str) -> None:
    entries = reversed(chat.desk.front.entries)
    said = (one.text for one in entries if one.kind in SPOKEN and not one.detail.redacted)
    found = next(filter(None, map(links, said)), ())
    if not found:
        raise BadCommand("there is no link in what is loaded here; PgUp shows more, and o opens that of a message")
    _open(chat, found[0])


def _open(chat: "Chat", url: str) -> None:
    """In the browser of whoever sits here; where there is none, the link goes to their clipboard."""
    if chat.kept.lent or not _has_desktop():
        chat.app.copy_to_clipboard(url)
        chat.tell("copied, for your browser")
    else:
        chat.app.open_url(url)
        chat.tell(f"opening {url}")


@verb("enter", "unfold it, go to what it answers, or send it again", keys="enter", where=Where.MESSAGE)
def enter(chat: "Chat", _rest: str) -> None:
    block = chat.transcript.picked
    if block is None:
        return
    entry, front = block.entry, chat.desk.front
    if entry is None or "\n" in entry.text:
        chat.transcript.open(block)
    elif entry.state is State.FAILED:
        chat.attempt(lambda: chat.desk.network.again(front, entry))
    elif entry.detail.reply:
        meant = front.find(entry.detail.reply)
        if meant is None or not chat.transcript.find(meant):
            chat.tell("the message that it answers is further up")
    else:
        _reply(chat, entry)


@verb("write", "back to writing", keys="escape", where=Where.MESSAGE)
def write(chat: "Chat", _rest: str) -> None:
    chat.write()


def _has_desktop() -> bool:
    """Whether a browser has a place to open; one for terminals would draw over the chat."""
    return sys.platform in {"darwin", "win32"} or not os.environ.keys().isdisjoint({"DISPLAY", "WAYLAND_DISPLAY"})


def _picked(chat: "Chat") -> Entry | None:
    block = chat.transcript.picked
    entry = block.entry if block is not None else None
    if entry is None or entry.kind not in SPOKEN:
        chat.tell(_NONE if block is None else "Enter shows each of them; the arrows go to messages")
        return None
    if entry.detail.redacted:
        chat.tell("it was taken back")
        return None
    return entry


def _tell_reactions(chat: "Chat") -> None:
    """Who reacted to the message in focus: below it there is only room for how many."""
    block = chat.transcript.picked
    reactions = block.entry.detail.reactions if block is not None and block.entry is not None else {}
    chat.tell("   ".join(f"{emoji} {', '.join(people)}" for emoji, people in reactions.items()))


def _leads(chat: "Chat") -> bool:
    """Whether the server may let us take back what others say: whoever ranks above a voice here, or runs the server."""
    mirror = chat.desk.network.client.mirror
    room = mirror.room(chat.desk.front.name)
    member = room.members.get(mirror.features.fold(mirror.nick)) if room is not None else None
    return mirror.is_operator or (member is not None and bool(member.ranks.replace("v", "")))


def _reply(chat: "Chat", entry: Entry) -> None:
    """Where the server gives messages no names, they are answered as on IRC of old: by whom they are from."""
    if entry.msgid:
        chat.intend(Replying(entry))
        return
    chat.write()
    if chat.desk.front.place is Place.ROOM and not entry.own:
        chat.begin(f"{entry.nick}: {chat.composer.text}")


def _sent(chat: "Chat") -> Entry | None:
    """The one in focus, if the server has given it a name that others know it by."""
    entry = _picked(chat)
    if entry is not None and not entry.msgid:
        chat.tell(_NAMELESS[entry.state])
        return None
    return entry
