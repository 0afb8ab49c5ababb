"""An end of direct conversations: a house for one person, a main listener, the local network, and who is in contact."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, Final

from hubbub import compose, logs
from hubbub.config import Config, load
from hubbub.dialects.direct.circle import Circle
from hubbub.dialects.direct.frames import With
from hubbub.dialects.direct.friends import Friend
from hubbub.direct.contacts import Contacts
from hubbub.direct.places import KEY, KIND, PORT, Directory, Found, Place, parse_place
from hubbub.direct.waited import kept, waited
from hubbub.direct.words import Words
from hubbub.hub.account import Account
from hubbub.hub.promise import Promise
from hubbub.net.direct.code import code_of
from hubbub.net.direct.handshake import Me
from hubbub.net.direct.keys import BadKey, Keys
from hubbub.net.direct.meeting import MainListener
from hubbub.net.lan import Announcement, Neighbour, NoNetwork, announce, heard, own_addresses
from hubbub.net.sockets import CannotListen

_LOG: Final = logs.logger("direct")

ROOM: Final = "#direct"
VIEW: Final = "view"
"""The device of our own account that the view logs in as; it has a new password at each start."""

LISTEN_S: Final = 60.0
"""How long the network is listened to before it is asked anew."""

SILENT_S: Final = 8.0
"""After which a network on which nobody was heard is said to be silent: mDNS answers within two."""

_LOOPBACK: Final = "127.0.0.1"
"""All of 127.0.0.0/8 is there, and this is the one that the system lists."""

_TOLD_MAX: Final = 100
"""Sentences that wait for somebody to sit down at this end."""


@dataclass(frozen=True, slots=True)
class Setup:
    """`host` is the address to listen on; `port` 0 asks for any. `name` is who sits at this end."""

    data: Path
    name: str
    host: str = "0.0.0.0"  # noqa: S104 - others are to reach it
    port: int = PORT


def config_of(data: Path) -> Config:
    """The house of a direct conversation: a door for ourselves, and nobody else."""
    return load(
        None,
        {
            "name": "direct",
            "server_name": "direct.hubbub",
            "description": "A direct conversation",
            "data": str(data),
            "listen": [{"url": "irc://127.0.0.1:0"}],
            "accounts": {"guests": False, "registration": "closed"},
            "cloak": {"enabled": False},
            "limits": {"flood": False},
            "history": {"backlog": 0},
            "log": {"file": str(data / "system.log")},
        },
    )


class Node:
    """Made, opened and closed once, within an event loop. Raises `CannotStart`."""

    def __init__(self, setup: Setup) -> None:
        self.usual_port = PORT
        self._setup = setup
        setup.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            self._keys = Keys(setup.data / "direct")
        except BadKey as error:
            raise compose.CannotStart(str(error)) from None
        self.me = Me(setup.name, self._keys, setup.host, setup.port)
        self.house = compose.House(config_of(setup.data))
        self.circle = Circle(self.house.server, ROOM, self)
        self.words = Words(self)
        self.directory = Directory(self._keys.fingerprint)
        self.contacts = Contacts(self, self.say, self._spawn)
        self.house.switch_by(self)
        self._tasks: set[asyncio.Task[None]] = set()
        self._untold: list[str] = []
        self._sought: dict[str, str] = {}
        self._introduced: set[str] = set()
        self._announcement: Announcement | None = None
        self._main: MainListener | None = None
        self.password = ""

    async def open(self) -> str:
        """Be as before the last stop, and listen; the URL of the door for ourselves."""
        urls = await self.house.open()
        try:
            await self._settle_in()
            self._main = self._listen()
        except (CannotListen, compose.CannotStart) as error:
            await self.house.close("could not start")
            raise compose.CannotStart(str(error)) from None
        self.me = self._main.me
        await self._main.open()
        for friend in self.circle.friends.values():
            self.contacts.keep(friend)
        self._spawn(self._look_around())
        return urls[0]

    async def close(self) -> None:
        if self._main is not None:
            await self._main.close()
        await self.house.close(f"{self.me.name} has left")
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._announcement is not None:
            await self._announcement.close()

    # What others in this room ask

    @property
    def shown_address(self) -> str:
        """Where others on this network reach us."""
        return next(iter(self._addresses()), "THIS-COMPUTER")

    def free_nick(self, name: str) -> str:
        """What somebody is called here who calls themselves so."""
        hub = self.house.server.hub
        base = name if hub.rules.legal_nick(name) and hub.fold(name) not in hub.rules.services else "friend"
        names = (base, *(f"{base[: hub.rules.nick_length - 3]}{number}" for number in range(2, 1000)))
        return next(nick for nick in names if hub.fold(nick) not in hub.users)

    async def stranger(self, nick: str) -> Account:
        """The account of somebody elsewhere: its password is told to nobody."""
        house = self.house
        keys = await house.passwords.encode(house.passwords.invent())
        return Account(nick, keys.secret, house.server.clock.now(), keys.scram)

    def places_of(self, friend: Friend) -> Iterator[Place]:
        """Where a friend may be: where the network says, and where they were."""
        found = self.directory.by_key(friend.fingerprint)
        places = [(found.host, found.port)] if found and found.port else []
        if friend.kept.port:
            places.append((friend.kept.host, friend.kept.port))
        for host, port in dict.fromkeys(places):
            yield Place(host, port, friend.fingerprint, friend.nick)

    def say(self, sentence: str) -> None:
        """Tell the person at this end, or keep it until somebody sits down there."""
        _LOG.info("told", words=sentence)
        if self.circle.seated and self.circle.me.sessions:
            self.house.tell(self.circle.me, sentence)
        elif len(self._untold) < _TOLD_MAX:
            self._untold.append(sentence)

    # What the circle tells

    def arrived(self, friend: Friend) -> None:
        self.say(f"{friend.nick} is here")

    def parted(self, friend: Friend, reason: str) -> None:
        self.say(f"{friend.nick} is not here any more ({reason}); what you say waits for them")
        self.contacts.nudge(friend.fingerprint)

    def declined(self, friend: Friend, why: str) -> None:
        self.say(f"!! {friend.nick}'s end did not take what you said: {why}")

    def introduced(self, friend: Friend, other: With) -> None:
        """Somebody who hears a friend, and not us: the friend's word for where they are."""
        if other.fingerprint in self._introduced or other.fingerprint in self.circle.friends or not other.port:
            return
        self._introduced.add(other.fingerprint)
        self.directory.add(Found(other.name, other.fingerprint[:20], other.host, other.port, by=friend.nick))
        self.say(
            f"{other.name} is in the room with {friend.nick}, and does not hear you: /direct {other.name} calls "
            f"(code {code_of(other.fingerprint)})"
        )

    # What is asked by DIRECT

    async def attended(self) -> list[str]:
        told, self._untold = self._untold, []
        await self.circle.waiting.recall()
        return told

    async def ask(self, words: Sequence[str]) -> list[str]:
        if not words:
            return list(self.words.overview())
        verb = self._VERBS.get(words[0].lower()) if len(words) > 1 else None
        if verb is not None:
            return await verb(self, " ".join(words[1:]))
        return self.call("".join(words) if len(words) == 4 else " ".join(words))

    def call(self, text: str) -> list[str]:
        """Have contact with whoever that is; what to say at once."""
        try:
            place = parse_place(text)
        except ValueError as bad:
            return [f"!! {bad}"]
        waiting = self._waiting(text)
        if waiting is not None:
            self._spawn(self.contacts.answer(self.contacts.calls[waiting]))
            return []
        try:
            located = self._locate(place)
        except LookupError as problem:
            return [f"!! {problem.args[0]}"]
        if located is None:
            self._sought[place.pinned] = text
            wait = "nobody with that code was heard on this network yet; they are called as soon as they are. "
            return [wait + "Elsewhere: CODE@HOST:PORT"]
        self._spawn(self.contacts.dial(located, text))
        return [f"calling {text} ..."]

    async def _same(self, name: str) -> list[str]:
        friend = self.circle.called(name)
        if friend is None:
            return [f"!! nobody here is called {name}"]
        self.circle.note(friend, compared=True)
        return [
            f"{friend.nick}'s key is remembered as compared; if it ever changes you will be told, and nothing is sent"
        ]

    async def _forget(self, name: str) -> list[str]:
        friend = self.circle.called(name)
        if friend is None:
            return [f"!! nobody here is called {name}"]
        await self.circle.forget(friend)
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
        self.contacts.refuse(waiting)
        return [f"refused; {name} learns no more than that"]

    _VERBS: Final[dict[str, Callable[[Any, str], Coroutine[Promise[Any], None, list[str]]]]] = {
        "same": _same,
        "differs": _differs,
        "forget": _forget,
        "no": _refuse,
    }

    # Inside

    @property
    def _interface(self) -> str:
        """The one to be found on, "" for all."""
        if self.me.source is None:
            return ""
        return _LOOPBACK if self.me.host.startswith("127.") else self.me.host

    def _addresses(self) -> tuple[str, ...]:
        return own_addresses("" if self.me.source is None else self.me.host)

    def _listen(self) -> MainListener:
        """On the usual port, or any where that is taken."""
        make = partial(MainListener, objection=self.contacts.objection, welcome=self.contacts.welcome)
        try:
            return make(self.me)
        except CannotListen:
            if self._setup.port != PORT:
                raise
            return make(replace(self.me, port=0))

    async def _settle_in(self) -> None:
        """Somebody sits down at this end, whose view has a password for this time alone."""
        house, name = self.house, self._setup.name
        facts = await kept(house.server.store.facts())
        account = await kept(house.server.accounts.find(house.server.hub.fold(name)))
        if account is None:
            account = await waited(self.stranger(name))
        await waited(self.circle.open(name, account, facts))
        self.password = house.passwords.invent()
        app = compose.app_password(VIEW, self.password)
        await kept(house.server.accounts.change(house.server.hub.fold(name), lambda found: found.with_app(app)))

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (fault := task.exception()) is not None:
            _LOG.error("fault", why=repr(fault))

    async def _look_around(self) -> None:
        """Let the network know of us, and hear who else is there, for as long as we are."""
        about = {KEY: self._keys.fingerprint[:20]}
        self_ = Neighbour(self.me.name, self._addresses(), self.me.port, about)
        try:
            self._announcement = announce(KIND, self_, self._interface)
        except NoNetwork as error:
            self.say(f"nobody can be found on this network ({error}); {self.words.how_to_call()}")
            return
        silence = asyncio.get_running_loop().call_later(SILENT_S, self._silent)
        while True:
            async for neighbour in heard(KIND, LISTEN_S, self._interface):
                found = self.directory.hear(neighbour)
                if found is not None:
                    silence.cancel()
                    self._heard(found)

    def _silent(self) -> None:
        if not any(friend.present for friend in self.circle.friends.values()) and not self.contacts.calls:
            self.say(f"nobody was heard on this network yet, or it does not let us hear; {self.words.how_to_call()}")

    def _heard(self, found: Found) -> None:
        for friend in self.circle.friends.values():
            if friend.fingerprint.startswith(found.prefix):
                self.contacts.nudge(friend.fingerprint)
                return
        sought = self._sought.pop(found.prefix, None)
        if sought is not None:
            self._spawn(self.contacts.dial(Place(found.host, found.port, found.prefix), sought))
        else:
            self.say(f"{found.name} is on this network (code {found.code}): /direct {found.name} calls")

    def _waiting(self, text: str) -> str | None:
        """Whose call is meant, by name or by code."""
        for fingerprint, pair in self.contacts.calls.items():
            if text.lower() == pair.met.name.lower() or text.upper() == code_of(fingerprint):
                return fingerprint
        return None

    def _locate(self, place: Place) -> Place | None:
        """Where that is. None for a code that nobody was heard with; raises `LookupError` with a sentence."""
        if place.host:
            return place
        if place.pinned:
            friend = next((f for key, f in self.circle.friends.items() if key.startswith(place.pinned)), None)
            found = self.directory.by_key(place.pinned)
            known = next(self.places_of(friend), None) if friend else None
            return Place(found.host, found.port, place.pinned) if found else known
        return self._locate_name(place.name)

    def _locate_name(self, name: str) -> Place:
        friend = self.circle.called(name)
        if friend is not None and friend.present:
            raise LookupError(f"{friend.nick} is here already: just type")
        known = next(self.places_of(friend), None) if friend else None
        if known is not None:
            return known
        found = self.directory.called(name)
        if len(found) > 1:
            codes = " or ".join(one.code for one in found)
            raise LookupError(f"there are {len(found)} of that name; say which: /direct {codes}")
        if not found:
            raise LookupError(
                f"nobody called {name} was heard of; /direct shows who was. By address: /direct HOST:PORT"
            )
        return Place(found[0].host, found[0].port, found[0].prefix, name)


async def talk(
    setup: Setup, target: str, view: Callable[[str, str], Awaitable[int]], opened: Callable[[Node], None]
) -> int:
    """Be there until the person leaves: `view` is given a URL and a password, `opened` the node; an exit status."""
    node = Node(setup)
    url = await node.open()
    opened(node)
    if target:
        for sentence in node.call(target):
            node.say(sentence)
    try:
        return await view(url, node.password)
    finally:
        await node.close()
