"""Making accounts in a scene, and logging in to them."""

from __future__ import annotations

from base64 import b64encode

from hubbub.hub.account import Account
from tests.scene import Person, Scene


def account(scene: Scene, name: str, word: str = "sesame123") -> Account:
    """Somebody has an account here, made by an operator."""
    keys = scene.logins.passwords.encode(word).result()
    made = Account(name, keys.secret, scene.clock.now(), keys.scram)
    assert scene.accounts.save(scene.hub.fold(name), made, new=True).result()
    return made


def found(scene: Scene, name: str) -> Account:
    """The account as it is now."""
    account = scene.accounts.find(scene.hub.fold(name)).result()
    assert account is not None
    return account


def plain(name: str, word: str = "sesame123", authzid: str = "") -> str:
    """What PLAIN says, as a line."""
    return "AUTHENTICATE " + said("\0".join((authzid, name, word)))


def said(text: str | bytes) -> str:
    data = text.encode() if isinstance(text, str) else text
    return b64encode(data).decode() or "+"


def newcomer(scene: Scene, *caps: str, address: str = "192.0.2.7") -> Person:
    """A connection with sasl and these capabilities, before registration."""
    person = scene.connect(address=address)
    person.say(*(f"CAP REQ {cap}" for cap in ("sasl", *caps)))
    person.hears()
    return person


def log_in(person: Person, name: str, word: str = "sesame123") -> list[str]:
    """By PLAIN; what is answered."""
    return person.asks("AUTHENTICATE PLAIN", plain(name, word))


def member(scene: Scene, nick: str, *caps: str, account: str = "", rooms: tuple[str, ...] = ()) -> Person:
    """Somebody who came in logged in, by SASL, and has heard all of that."""
    person = newcomer(scene, *caps)
    log_in(person, account or nick)
    person.say(f"NICK {nick}", f"USER {nick} 0 * :{nick.title()}", "CAP END", *(f"JOIN {room}" for room in rooms))
    assert person.session.user is not None
    person.hears()
    return person
