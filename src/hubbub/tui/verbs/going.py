"""Going from one conversation to another, and up and down in one."""

from typing import TYPE_CHECKING

from hubbub.tui.verbs import verb

if TYPE_CHECKING:
    from hubbub.tui.screens.chat import Chat


def _numbered(number: int) -> None:
    def go(chat: "Chat", _rest: str) -> None:
        buffer = chat.desk.numbered(number)
        if buffer is not None:
            chat.show(buffer)

    verb(f"go{number}", f"go to conversation {number}", keys=f"alt+{number}")(go)


for _number in range(1, 10):
    _numbered(_number)


@verb("active", "go to the next conversation that calls for you", keys="alt+a")
def active(chat: "Chat", _rest: str) -> None:
    buffer = chat.desk.next_active()
    if buffer is None:
        chat.tell("nothing is unread")
    else:
        chat.show(buffer)


@verb("next", "go to the next conversation", keys="ctrl+n")
def following(chat: "Chat", _rest: str) -> None:
    chat.show(chat.desk.beside(1))


@verb("previous", "go to the previous conversation", keys="ctrl+p")
def previous(chat: "Chat", _rest: str) -> None:
    chat.show(chat.desk.beside(-1))


@verb("jump", "find a conversation by some letters of its name", keys="ctrl+k")
def jump(chat: "Chat", _rest: str) -> None:
    from hubbub.tui.naming import network_title, title
    from hubbub.tui.screens.choose import Choice, Choose

    def offer(text: str) -> list[Choice]:
        return [
            Choice(title(network, buffer), network_title(network), buffer) for network, buffer in chat.desk.jump(text)
        ]

    chat.app.push_screen(Choose("Go to", offer), lambda buffer: chat.show(buffer) if buffer is not None else None)


@verb("up", "show earlier lines", keys="pageup")
def up(chat: "Chat", _rest: str) -> None:
    chat.transcript.page(-1)


@verb("down", "show later lines", keys="pagedown")
def down(chat: "Chat", _rest: str) -> None:
    chat.transcript.page(1)


@verb("end", "show the newest lines", keys="ctrl+end,alt+end")
def end(chat: "Chat", _rest: str) -> None:
    chat.transcript.to_end()
