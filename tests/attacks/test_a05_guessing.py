"""Guessing passwords and finding out who has one: every guess counts, at whichever door, and tells nothing else.

https://cheatsheetseries.owasp.org/cheatsheets/Authentication_Cheat_Sheet.html
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

import pytest

from hubbub import passwords
from hubbub.dialects.irc.dialect import Gateway, OperatorLogin, Settings
from hubbub.hub.account import AppPassword, app_secret
from hubbub.hub.promise import Promise, drive
from hubbub.server.logins import AccountRules
from hubbub.server.sharing import Sharers
from tests.attacks.house import ATTEMPTS, House
from tests.irc.lines import commands, only
from tests.irc.logins import account, log_in, newcomer, plain, said
from tests.irc.test_sasl import challenge, proof
from tests.scene import Scene
from tests.test_passwords import Desk

BAD = "sesame 321"
HERE = "192.0.2.7"


@pytest.fixture
def scene(build: Callable[..., Scene]) -> Scene:
    """A house where three guesses may be wrong in a minute; Maya and leo have accounts, root is an operator."""
    settings = Settings(
        operators={"maya": OperatorLogin("sesame", "admin")}, gateways=(Gateway("sesame", ("192.0.2.0/24",)),)
    )
    scene = build(settings=settings, accounts=AccountRules(attempts=3, window=60))
    account(scene, "Maya")
    account(scene, "leo")
    return scene


# Every door


def by_sasl(scene: Scene, name: str) -> list[str]:
    return log_in(newcomer(scene), name, BAD)


def by_scram(scene: Scene, name: str) -> list[str]:
    tom = newcomer(scene)
    heard = tom.asks("AUTHENTICATE SCRAM-SHA-256", f"AUTHENTICATE {said(f'n,,n={name},r=fyko')}")
    if len(heard) < 2 or not heard[1].startswith("AUTHENTICATE "):
        return heard
    tom.say("AUTHENTICATE *")
    return tom.asks(proof(name, BAD, challenge(tom, name))[0])


def by_pass(scene: Scene, name: str) -> list[str]:
    tom = scene.connect()
    return tom.asks(f"PASS {name}:{BAD}", "NICK tom", "USER tom 0 * :Tom", "QUIT")[:1]


def by_oper(scene: Scene, name: str) -> list[str]:
    tom = scene.enter("tom")
    heard = tom.asks(f"OPER {name} :{BAD}")
    tom.leaves()
    return heard


def by_nickserv(scene: Scene, name: str) -> list[str]:
    tom = scene.enter("tom")
    heard = tom.asks(f"PRIVMSG NickServ :IDENTIFY {name} {BAD.replace(' ', '-')}")
    tom.leaves()
    return heard


def by_http(scene: Scene, name: str) -> list[str]:
    told: list[str] = []
    drive(Sharers(scene.logins).share(name, BAD, HERE, ""), lambda _, error: told.append(repr(error)))
    return told


def by_webirc(scene: Scene, name: str) -> list[str]:
    return scene.connect().asks(f"WEBIRC {name}-guess kiwi 198.51.100.3 198.51.100.3")


def by_invite(scene: Scene, name: str) -> list[str]:
    return scene.connect().asks("INVITATION USE 000000")


def by_code(scene: Scene, name: str) -> list[str]:
    return scene.connect().asks(f"VERIFY {name} guess")


NAMED = (by_sasl, by_scram, by_pass, by_oper, by_nickserv, by_http, by_code)
Door = Callable[[Scene, str], list[str]]


@pytest.mark.parametrize("door", [*NAMED, by_webirc, by_invite])
def test_every_guess_counts_at_every_door(scene: Scene, door: Door) -> None:
    """After three of them the right password waits, too, at this address, and at no other.

    Seen to fail for each door whose guesses are not counted.
    """
    for _ in range(3):
        door(scene, "nobody")
    assert "Too many" in log_in(newcomer(scene), "maya")[-1]
    assert commands(log_in(newcomer(scene, address="203.0.113.9"), "maya"))[-1] == "903"


@pytest.mark.parametrize("door", NAMED)
def test_a_name_that_nobody_has_is_one_answer_with_a_wrong_password(
    scene: Scene, door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After as many checks of passwords, so that the time tells nothing either.

    Seen to fail where a name without an account is refused before anything is checked.
    """
    checked: list[str] = []
    verify = scene.logins.passwords.verify

    def counted(secret: str | None, password: str) -> Promise[bool]:
        checked.append(password)
        return verify(secret, password)

    monkeypatch.setattr(scene.logins.passwords, "verify", counted)
    known = [line.lower().replace("maya", "NAME") for line in door(scene, "maya")]
    counts = len(checked)
    assert [line.lower().replace("nobody", "NAME") for line in door(scene, "nobody")] == known
    assert len(checked) == 2 * counts


@pytest.mark.parametrize("name", [None, "maya"])
def test_a_check_for_nobody_is_a_real_one(name: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    """One hash by argon2 with the very parameters of an account's, counted and not timed.

    Seen to fail where the password of nobody is just wrong.
    """
    asked: list[str] = []
    fits = passwords.fits

    def counted(secret: str, password: str) -> bool:
        asked.append(secret)
        return fits(secret, password)

    monkeypatch.setattr(passwords, "fits", counted)
    desk = Desk()
    keys = passwords.encode("rosebud")
    assert desk.wait(desk.checker.verify(keys.secret if name else None, "wrong")) is False
    assert [secret.rsplit("$", 2)[0] for secret in asked] == [keys.secret.rsplit("$", 2)[0]]
    desk.checker.close()


@pytest.mark.parametrize("right", [0, 3, 19])
def test_guesses_that_are_made_at_once_are_no_more_than_one_after_the_other(scene: Scene, right: int) -> None:
    """Twenty connections that guess before any was answered learn as much as three: the rest is not looked at.

    Seen to fail where patience is asked for before a check only.
    """
    scene.checks = deque()
    crowd = [newcomer(scene) for _ in range(20)]
    for tom in crowd:
        tom.say("AUTHENTICATE PLAIN", plain("maya", BAD))
    waiting, scene.checks = scene.checks, None
    for number, check in enumerate(waiting):
        check.keep(number == right)
        scene.turn()
    answers = [tom.hears()[-1] for tom in crowd]
    assert sum("Wrong or missing" in answer for answer in answers) == 3
    assert sum(" 903 " in answer for answer in answers) == (right < 3)


def test_proofs_that_are_prepared_at_once_are_no_more_either(scene: Scene) -> None:
    """SCRAM's challenges may be had by the dozen before the first proof is given.

    Seen to fail where a proof is looked at that comes too late.
    """
    crowd = [newcomer(scene) for _ in range(10)]
    proofs = [proof("maya", "sesame123" if tom is crowd[-1] else BAD, challenge(tom, "maya"))[0] for tom in crowd]
    answers = [tom.asks(line)[-1] for tom, line in zip(crowd, proofs, strict=True)]
    assert sum("Wrong or missing" in answer for answer in answers) == 3
    assert "Too many" in answers[-1]


# How long, and for whom


def fail(scene: Scene, times: int, name: str = "maya", address: str = "192.0.2.7") -> list[str]:
    """The sentences of so many wrong logins."""
    return [only(log_in(newcomer(scene, address=address), name, BAD), "904").params[-1] for _ in range(times)]


def test_who_fails_too_often_has_to_wait(scene: Scene) -> None:
    """Whatever name they ask for, from the same address or the same IPv6 network, and with the right password.

    Seen to fail where addresses are not counted, and where IPv6 addresses are counted one by one.
    """
    sentences = fail(scene, 4, address="2001:db8::1")
    assert [sentence.endswith("Wrong or missing password") for sentence in sentences] == [True] * 3 + [False]
    assert sentences[3] == "SASL authentication failed: Too many logins failed; try again in 2 minutes"
    late = newcomer(scene, address="2001:db8::2")
    assert "Too many" in log_in(late, "leo")[-1]
    assert commands(log_in(newcomer(scene, address="2001:db8:1::1"), "leo"))[-1] == "903"


def test_waiting_helps(scene: Scene) -> None:
    """The window begins with the first failure.

    Seen to fail where a window never ends.
    """
    fail(scene, 3)
    scene.pass_time(61)
    assert commands(log_in(newcomer(scene), "maya"))[-1] == "903"


def test_a_name_is_not_guessed_from_everywhere(scene: Scene) -> None:
    """Failures count for the account as well, for one that is not there, too; a device's password is no guess.

    Seen to fail where names are not counted.
    """
    scene.accounts.change("maya", lambda maya: maya.with_app(AppPassword("phone", app_secret("word-1"), 0)))
    for net, name in enumerate(("maya", "nobody")):
        for number in range(10):
            fail(scene, 3, name, f"198.51.{net}.{number}")
        assert "Too many" in fail(scene, 1, name, "203.0.113.1")[0]
    assert "Too many" in log_in(newcomer(scene, address="203.0.113.1"), "maya")[-1]
    assert commands(log_in(newcomer(scene, address="203.0.113.1"), "maya", "word-1"))[-1] == "903"


def test_a_name_without_account_is_challenged_like_any_other(scene: Scene) -> None:
    """Twice with the same salt, and refused only at the end.

    Seen to fail where a stranger's salt is made anew each time.
    """
    tom = newcomer(scene)
    first = challenge(tom, "nobody")
    tom.say("AUTHENTICATE *")
    again = challenge(tom, "nobody")
    assert first.split(",")[1:] == again.split(",")[1:]
    line, _ = proof("nobody", "sesame123", again)
    assert tom.asks(line) == [":hub.example 904 * :SASL authentication failed: Wrong or missing password"]


def test_one_place_has_one_count_whichever_door_it_takes(house: House) -> None:
    """On a real server: guesses by IRC from one end of a /64 stop HTTP at its other end, and a restart of the client.

    Seen to fail where IPv6 addresses are counted one by one.
    """
    for number in range(ATTEMPTS):
        tom = house.knock(address=f"2001:db8:5:5::{number + 1}")
        heard = tom.asks("CAP REQ sasl", "AUTHENTICATE PLAIN", plain("nobody"))
        assert heard[-1].params[-1].endswith("Wrong or missing password")
    basic = "Basic " + said("nobody:sesame123")
    assert house.ask("POST", "/", b"x", Authorization=basic, X_Forwarded_For="2001:db8:5:5:ffff::1")[0].status == 429
    assert house.ask("POST", "/", b"x", Authorization=basic, X_Forwarded_For="2001:db8:5:6::1")[0].status == 401
