"""Bringing people in: somebody who is here into a room, or guests by a code, where the server makes such codes."""

import re
from typing import TYPE_CHECKING, Final

from hubbub.client.commands import BadCommand
from hubbub.client.model.buffer import Place
from hubbub.client.model.invites import Invite
from hubbub.client.registration import INVITES
from hubbub.client.waits import TOKEN as DIRECT
from hubbub.tui.screens.ask import Ask
from hubbub.tui.verbs import verb

if TYPE_CHECKING:
    from hubbub.tui.screens.chat import Chat

_DURATION: Final = re.compile(r"\d+[mhd]|\*")

# What is offered: how long, how often, and in words.
_OFFERS: Final = (
    ("2h", "*", "guests, for two hours"),
    ("2h", "1", "one guest, for two hours"),
    ("7d", "10", "ten guests, for a week"),
    ("*", "*", "guests, until you take it back"),
)


@verb("invite", "bring guests in by a code, or somebody into this room", usage="/invite [NICK | DURATION [COUNT]]")
def invite(chat: "Chat", rest: str) -> None:
    first, _, count = rest.partition(" ")
    if first and not _DURATION.fullmatch(first):
        _ask_in(chat, first)
        return
    if DIRECT in chat.desk.network.client.mirror.features:
        raise BadCommand("there is no server here to invite to: /direct says how others call you, /direct NAME calls")
    if not chat.desk.network.client.can(INVITES):
        raise BadCommand("this server makes no codes for guests; /invite NICK asks somebody into this room")
    if first:
        _make(chat, first, count.strip() or "*")
    else:
        chat.desk.network.invites.listed = lambda known: _offer(chat, known)
        chat.desk.network.client.raw("INVITATION", "LIST")


def _ask_in(chat: "Chat", nick: str) -> None:
    if chat.desk.front.place is not Place.ROOM:
        raise BadCommand("you are in no room; go into the one that they are to come into")
    chat.desk.network.client.raw("INVITE", nick, chat.desk.front.name)


def _make(chat: "Chat", duration: str, count: str) -> None:
    network, front = chat.desk.network, chat.desk.front
    network.invites.made = lambda made: _show(chat, made)
    room = front.name if front.place is Place.ROOM else "*"
    network.client.raw("INVITATION", "CREATE", room, duration, count)


def _show(chat: "Chat", made: Invite) -> None:
    from hubbub.tui.screens.invite import Show

    chat.call_later(chat.app.push_screen, Show(made, chat.desk.network.clock()))


def _offer(chat: "Chat", known: list[Invite]) -> None:
    from hubbub.tui.screens.choose import Choice, Choose
    from hubbub.tui.screens.invite import terms

    front = chat.desk.front
    where = front.name if front.place is Place.ROOM else "the server"
    choices = [Choice(f"new: {words}", where, (lasts, uses)) for lasts, uses, words in _OFFERS]
    ending = sorted(known, key=lambda one: (one.until or "~", one.code))  # what holds for ever stands last
    choices += [Choice(f"take back {one.code}", terms(one, chat.desk.network.clock()), one) for one in ending]

    def fitting(text: str) -> list[Choice]:
        return [choice for choice in choices if text.lower() in f"{choice.label} {choice.about}".lower()]

    def chosen(value: object) -> None:
        if isinstance(value, Invite):
            _ask_back(chat, value)
        elif isinstance(value, tuple):
            chat.attempt(lambda: _make(chat, *value))

    chat.call_later(chat.app.push_screen, Choose("Invites", fitting), chosen)


def _ask_back(chat: "Chat", invite: Invite) -> None:
    """Once it is gone, those who were sent it stand before a closed door."""
    from hubbub.tui.screens.invite import terms

    def answered(answer: str | None) -> None:
        if answer == "y":
            chat.attempt(lambda: _take_back(chat, invite.code))

    about = terms(invite, chat.desk.network.clock())
    chat.app.push_screen(Ask(f"Take {invite.code} back?", about, {"y": "Yes", "n": "No"}), answered)


def _take_back(chat: "Chat", code: str) -> None:
    network = chat.desk.network
    network.invites.revoked = lambda gone: chat.tell(f"{gone} brings nobody in any more")
    network.client.raw("INVITATION", "REVOKE", code)
