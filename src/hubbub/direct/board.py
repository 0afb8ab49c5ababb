"""What the person at this end asks for by DIRECT: who is there, call somebody, take a call, remember, forget."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Sequence
from typing import TYPE_CHECKING, Any, Final

from hubbub.direct.places import Found, Place, parse_place
from hubbub.hub.promise import Promise
from hubbub.net.direct.code import GROUPS, code_of

if TYPE_CHECKING:
    from hubbub.direct.node import Node


class Board:
    """`spawn` runs something beside."""

    def __init__(self, node: Node, spawn: Callable[[Coroutine[Any, Any, None]], Any]) -> None:
        self._node, self._spawn = node, spawn
        self._sought: dict[str, str] = {}
        """Codes that nobody was heard with yet, as the beginning of a fingerprint, and what was asked for."""

    async def ask(self, words: Sequence[str]) -> list[str]:
        if not words:
            return list(self._node.words.overview())
        verb = self._VERBS.get(words[0].lower()) if len(words) > 1 else None
        if verb is not None:
            return await verb(self, " ".join(words[1:]))
        return self.call("-".join(words) if len(words) == GROUPS else " ".join(words))

    def call(self, text: str) -> list[str]:
        """Have contact with whoever that is; what to say at once."""
        try:
            place = parse_place(text)
        except ValueError as bad:
            return [f"!! {bad}"]
        waiting = self._waiting(text)
        if waiting is not None:
            self._node.contacts.answer(waiting)
            return []
        try:
            located = self._locate(place)
        except LookupError as problem:
            return [f"!! {problem.args[0]}"]
        if located is None:
            self._sought[place.pinned] = text
            wait = "nobody with that code was heard on this network yet; they are called as soon as they are. "
            return [wait + "Elsewhere: CODE@HOST:PORT"]
        self._spawn(self._node.contacts.dial(located, text))
        return [f"calling {text} ..."]

    async def _same(self, name: str) -> list[str]:
        friend = self._node.circle.called(name)
        if friend is None:
            return [f"!! nobody here is called {name}"]
        self._node.circle.note(friend, compared=True)
        return [
            f"{friend.nick}'s key is remembered as compared; if it ever changes you will be told, and nothing is sent"
        ]

    async def _forget(self, name: str) -> list[str]:
        friend = self._node.circle.called(name)
        if friend is None:
            return [f"!! nobody here is called {name}"]
        await self._node.circle.forget(friend)
        return [
            f"{friend.nick} is forgotten; what was said stays in your log. The next call from there is a stranger's"
        ]

    async def _differs(self, name: str) -> list[str]:
        told = await self._forget(name)
        why = "somebody sits between you, or you compared two different calls. Say nothing secret; "
        return [*told, why + "call anew by code: CODE@HOST:PORT"]

    async def _refuse(self, name: str) -> list[str]:
        waiting = self._waiting(name)
        if waiting is None:
            return [f"!! nobody called {name} is calling"]
        self._node.contacts.refuse(waiting)
        return [f"refused; {name} learns no more than that"]

    _VERBS: Final[dict[str, Callable[[Any, str], Coroutine[Promise[Any], None, list[str]]]]] = {
        "same": _same,
        "differs": _differs,
        "forget": _forget,
        "no": _refuse,
    }

    def _waiting(self, text: str) -> str | None:
        """Whose call is meant, by name or by code."""
        for fingerprint, pair in self._node.contacts.calls.items():
            if text.lower() == pair.met.name.lower() or text.upper() == code_of(fingerprint):
                return fingerprint
        return None

    def _locate(self, place: Place) -> Place | None:
        """Where that is. None for a code that nobody was heard with; raises `LookupError` with a sentence."""
        if place.host:
            return place
        if place.pinned:
            friend = next((f for key, f in self._node.circle.friends.items() if key.startswith(place.pinned)), None)
            found = self._node.directory.by_key(place.pinned)
            known = next(self._node.places_of(friend), None) if friend else None
            return Place(found.host, found.port, place.pinned) if found else known
        return self._locate_name(place.name)

    def _locate_name(self, name: str) -> Place:
        friend = self._node.circle.called(name)
        if friend is not None and friend.present:
            raise LookupError(f"{friend.nick} is here already: just type")
        known = next(self._node.places_of(friend), None) if friend else None
        if known is not None:
            return known
        found = self._node.directory.called(name)
        if len(found) > 1:
            codes = " or ".join(one.code for one in found)
            raise LookupError(f"there are {len(found)} of that name; say which: /direct {codes}")
        if not found:
            raise LookupError(
                f"nobody was heard of who is called '{name}'; /direct shows who was. By address: /direct HOST:PORT"
            )
        return Place(found[0].host, found[0].port, found[0].prefix, name)

    def sought(self, found: Found) -> bool:
        """Somebody was heard of: whether they are called now, because they were asked for."""
        asked = self._sought.pop(found.prefix, None)
        if asked is not None:
            self._spawn(self._node.contacts.dial(Place(found.host, found.port, found.prefix), asked))
        return asked is not None
