"""What the person at this end is told: one sentence or a few for each thing that happens."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from hubbub.dialects.direct.friends import Friend
from hubbub.net.direct.code import code_of
from hubbub.net.direct.handshake import Met
from hubbub.net.direct.meeting import AnotherKey

if TYPE_CHECKING:
    from hubbub.direct.node import Node

_LOUD: Final = "!! STOP:"


class Words:
    def __init__(self, node: Node) -> None:
        self._node = node

    def calls(self, met: Met) -> str:
        return (
            f"{met.name} calls from {met.host} (code {code_of(met.fingerprint)}). "
            f"/direct {met.name} takes the call, /direct no {met.name} refuses it. "
            f"Seven emoji to compare: {_emoji(met)}"
        )

    def met(self, friend: Friend, met: Met) -> str:
        waits = "" if met.called else f" {friend.nick} has to take the call; until then what you say waits."
        if friend.kept.compared:
            return f"{friend.nick} has the key of that code.{waits}"
        return (
            f"Compare with {friend.nick}, by voice: {_emoji(met)}. The same at both ends: /direct same {friend.nick}. "
            f"Not the same: /direct differs {friend.nick}, since somebody sits in between.{waits}"
        )

    def one_way(self, friend: Friend, met: Met) -> str:
        unreachable = friend.nick if met.called else "this end"
        return (
            f"Only one direction can be reached: nobody can connect to {unreachable} ({met.oneway}). "
            "Going on over the one connection; all works, but a cut of it is a cut of both"
        )

    def changed_key(self, known: Friend, met: Met) -> str:
        return (
            f"{_LOUD} somebody at {met.host} says to be {known.nick}, but has another key "
            f"(code {code_of(met.fingerprint)}) than the {known.nick} you know (code {code_of(known.fingerprint)}). "
            f"That is {known.nick} with a new machine or a lost data directory, or a stranger. They were not let in. "
            f"Ask {known.nick} for their code by voice; if it is this one: /direct forget {known.nick}, and call anew"
        )

    @staticmethod
    def wrong_key(name: str, other: AnotherKey) -> str:
        return (
            f"{_LOUD} no contact with {name}: {other}; its code is {code_of(other.fingerprint)}. Nothing was sent. "
            "Ask again for the code, by voice; if that is right, somebody sits in between, or took over the address"
        )

    def overview(self) -> Iterator[str]:
        """Who is who: the answer to a bare DIRECT."""
        node = self._node
        me = node.me
        yield f"you are {me.name}, code {code_of(me.keys.fingerprint)}; {self.how_to_call()}"
        for friend in node.circle.friends.values():
            yield f"{friend.nick} (code {code_of(friend.fingerprint)}) is {self._state(friend)}"
        for pair in node.contacts.calls.values():
            yield self.calls(pair.met)
        for found in node.directory:
            if not any(fingerprint.startswith(found.prefix) for fingerprint in node.circle.friends):
                where = f"with {found.by}" if found.by else "on this network"
                yield f"{found.name} (code {found.code}) is {where}: /direct {found.name}"

    def how_to_call(self) -> str:
        code, host = code_of(self._node.me.keys.fingerprint), self._node.shown_address
        port = "" if self._node.me.port == self._node.usual_port else f":{self._node.me.port}"
        address = f"[{host}]" if ":" in host else host
        return f"others call you by: hubbub direct {code}@{address}{port}"

    @staticmethod
    def _state(friend: Friend) -> str:
        compared = "" if friend.kept.compared else f"; not compared yet: /direct same {friend.nick} once it is"
        if not friend.present:
            return f"not here; what you say waits{compared}"
        return f"here{compared}"


def _emoji(met: Met) -> str:
    return ", ".join(met.emoji)
