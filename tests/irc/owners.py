"""People who own rooms, and houses that are shut down and opened again."""

from __future__ import annotations

from collections.abc import Callable

from tests.irc.lines import every
from tests.irc.logins import account, member
from tests.scene import Person, Scene


def person(scene: Scene, nick: str, *caps: str, rooms: tuple[str, ...] = ()) -> Person:
    """Somebody with an account of their own name, logged in."""
    if scene.accounts.find(nick).result() is None:
        account(scene, nick)
    return member(scene, nick, *caps, rooms=rooms)


def owner(scene: Scene, nick: str, room: str, *caps: str) -> Person:
    """Somebody in a room that is theirs."""
    one = person(scene, nick, *caps, rooms=(room,))
    assert said(one, f"CS REGISTER {room}")[0].startswith(f"{room} belongs to {nick} now")
    return one


def said(one: Person, *lines: str) -> list[str]:
    """What services answer: the words of their notices."""
    return [line.params[1] for line in every(one.asks(*lines), "NOTICE")]


def reopened(scene: Scene, build: Callable[..., Scene]) -> Scene:
    """The house after a restart: what was remembered holds, and nobody is in."""
    after = build()
    after.clock.wall, after.clock.seconds = scene.clock.wall + 60_000, scene.clock.seconds + 60
    for kept in scene.accounts.every().result():
        after.accounts.save(after.hub.fold(kept.name), kept, new=True)
    after.hub.remember(scene.memory.facts().result(), after.clock.now())
    return after
