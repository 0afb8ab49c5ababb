"""The side paths, all of them: every command in every form, by everybody who should not know; no answer has a secret.

What is asked is made of the tables of commands themselves: whoever adds a command, adds it here. Secrets are songs that
no question holds; what a song is about, and who may hear it, stands in `SONGS` and `ROLES`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

import pytest
from msgspec.structs import replace as changed

from hubbub.dialects.irc.dialect import OperatorLogin, Settings
from hubbub.dialects.irc.registry import CAPABILITIES, COMMANDS
from hubbub.dialects.irc.services.listed import ALL as SERVICES
from hubbub.hub.account import AppPassword, app_secret
from tests.devices import Device
from tests.irc.logins import account, log_in, member, newcomer
from tests.irc.test_webpush import Postbox
from tests.scene import RULES, Person, Scene

SONGS = {
    "said": "chirrup",
    "said to a rank": "twitter",
    "said in private": "trill",
    "taken back": "peep",
    "the topic": "warble",
    "the key": "whistle",
    "a fact": "cheep",
    "a ban": "tweet",
    "an address": "198.51.100.99",
    "a device": "nightingale",
    "where it is told": "push.example",
    "a mail address": "nest@home.example",
}
RULED = {"the topic", "a ban", "an address"}

SUNG = (("#canary", "said"), ("@#canary", "said to a rank"), ("leo", "said in private"), ("#canary", "taken back"))
"""To whom, and which song."""

ROLES: dict[str, set[str]] = {
    "newcomer": set(),
    "guest": set(),
    "account": set(),
    "banned": set(),
    "invited": {"the topic", "a ban"},  # they know of the room
    "elsewhere": set(),
    "mod": RULED,
    "root": RULED,
    "eye": RULED | {"said", "said to a rank", "the key"},
}
"""Who asks, and which songs they may hear."""

SETTINGS = Settings(
    operators={
        "mod": OperatorLogin("sesame", "moderator"),
        "root": OperatorLogin("sesame", "admin"),
        "eye": OperatorLogin("sesame", "owner", reads=True),
    }
)

RULED_BY = replace(RULES, host_of=lambda _: "cloak.example")
LISTENING = sorted(CAPABILITIES.keys() - {"labeled-response"})  # which would cut answers in two
LEAVING = {"QUIT", "SETNAME"}

ROOMS = ("#canary", "@#canary", "#can*")
PEOPLE = ("maya", "leo", "leo,maya")
EVER = "timestamp=2020-01-01T00:00:00.000Z", "timestamp=2040-01-01T00:00:00.000Z"
_VERB = re.compile(r"\b[A-Z]{2,}\b")


@dataclass
class Town:
    """A house with Maya's room in it, in which songs were sung. `ids` name what was said."""

    scene: Scene
    box: Postbox
    ids: tuple[str, ...]


def founded(scene: Scene, box: Postbox) -> Town:
    """Maya and leo are in her room, and talked in private; everybody else came too late, or never."""
    for name in ("maya", "leo"):
        account(scene, name)
    app = AppPassword(SONGS["a device"], app_secret("word"), 0)
    scene.accounts.change("maya", lambda maya: changed(maya, options={"email": SONGS["a mail address"]}, apps=(app,)))
    leo, maya = member(scene, "leo"), newcomer(scene, "message-tags", "echo-message", address=SONGS["an address"])
    log_in(maya, "maya")
    maya.say(
        "NICK maya",
        "USER maya 0 * :Maya",
        "CAP END",
        "JOIN #canary",
        "CS REGISTER #canary",
        f"TOPIC #canary :{SONGS['the topic']}",
        f"MODE #canary +sikb {SONGS['the key']} {SONGS['a ban']}!*@*",
        f"METADATA #canary SET url :{SONGS['a fact']}",
        f"WEBPUSH REGISTER https://{SONGS['where it is told']}/x {Device().words}",
        "INVITE leo #canary",
    )
    leo.say("JOIN #canary")
    maya.hears()
    maya.say(*(f"PRIVMSG {where} :the canary sings {SONGS[what]}, tom" for where, what in SUNG))
    ids = tuple(line.tags["msgid"] for line in maya.reads() if line.command == "PRIVMSG")
    maya.say(f"REDACT #canary {ids[-1]}", f"@+draft/react=:);+reply={ids[0]} TAGMSG #canary")
    assert len(ids) == len(SUNG)
    maya.say("MODE maya +i", "AWAY")
    return Town(scene, box, ids)


def tom_as(role: str, town: Town) -> Person:
    """Somebody who knows what there is to ask for, and has all capabilities to hear the answer with."""
    scene = town.scene
    if role == "newcomer":
        return scene.connect()
    if role == "account":
        account(scene, "tom")
        return member(scene, "tom", *LISTENING)
    tom = scene.enter("tom", *LISTENING)
    maya = scene.hub.users["maya"]
    if role in SETTINGS.operators:
        tom.say(f"OPER {role} sesame")
    elif role == "elsewhere":
        tom.say("JOIN #elsewhere", "MODE #elsewhere +f #canary")
    elif role != "guest":
        maya.sessions[0].receive(f"{MADE[role]}\r\n".encode())  # type: ignore[attr-defined]  # it is one of IRC
        scene.turn()
    return tom


MADE = {"banned": "MODE #canary +b tom!*@*", "invited": "INVITE tom #canary", "named": "CS ACCESS #canary SET leo op"}


def questions(name: str, ids: tuple[str, ...]) -> Iterator[str]:
    """Every form of a command: each of its verbs, before and behind each thing it could be about."""
    for verb in ("", *dict.fromkeys(_VERB.findall(COMMANDS[name].usage))):
        for about in ("", *abouts(ids)):
            yield f"{name} {verb} {about}".replace("  ", " ").strip()
            if verb:
                yield " ".join((name, *about.split(" ")[:1], verb, *about.split(" ")[1:]))


def abouts(ids: tuple[str, ...]) -> Iterator[str]:
    first, last = EVER
    for target in (*ROOMS, *PEOPLE):
        yield from (target, f"{target} * 10", f"{target} {first} {last} 10", f"{target} {last} 10", f"in={target}")
        yield from (f"{target} url", f"{target} b", f"{target} :canary", f"tom {target}", f"text=canary;in={target}")
    for target in ("#canary", "#mine", "leo"):
        yield from (f"{target} {msgid}" for msgid in ids)
        yield from (f"{target} msgid={msgid} 10" for msgid in ids)
    yield from (
        f"{first} {last} 10",
        "#canary -k",
        "#canary -k x",
        "o",
        "k",
        "text=canary",
        "from=maya",
        "after=2020-01-01T00:00Z",
    )
    yield from ("maya %tcuihsnfdlaor,1", "#canary %tcuihsnfdlaor,1", "198.51.100.* %i", "*ALL", "100")


def orders(ids: tuple[str, ...]) -> Iterator[str]:
    """What services may be asked, and what may be said of what others said."""
    for service in SERVICES:
        for verb, row in service.verbs.items():
            for inner in dict.fromkeys(("", *_VERB.findall(row.usage), "LIST", "GET")):
                for about in ("", "#canary", "maya", "#canary maya", "#canary url", "#canary b"):
                    yield f"PRIVMSG {service.nick} :{verb} {about} {inner}"
                    yield f"PRIVMSG {service.nick} :{verb} {inner} {about}"
    for msgid in ids:
        for target in ("#canary", "maya", "#mine", "tom"):
            yield f"@+reply={msgid} PRIVMSG {target} :what was that?"
            yield f"@+draft/react=x;+reply={msgid} TAGMSG {target}"


def heard_of(tom: Person, lines: Iterable[str]) -> dict[str, str]:
    """The songs that came to him, each with the first question that brought it up."""
    found: dict[str, str] = {}
    for line in lines:
        tom.say(line)
        heard = " ".join(tom.hears()).lower()
        for what, song in SONGS.items():
            if song in heard:
                found.setdefault(what, line)
    return found


@pytest.fixture
def found(build: Callable[..., Scene]) -> Callable[[], Town]:
    def found() -> Town:
        box = Postbox()
        return founded(build(settings=SETTINGS, pusher=box, rules=RULED_BY), box)

    return found


@pytest.mark.parametrize("role", ROLES)
def test_no_question_brings_a_secret_up(
    found: Callable[[], Town], role: str, record_property: Callable[[str, object], None]
) -> None:
    """Of what is said, set and known in a secret room and in private, nobody hears what is not theirs.

    Seen to fail for each of `can`'s answers that is yes for all, and where the audit log tells keys.
    """
    asked = 0
    heard: dict[str, str] = {}
    for name in {row.run: name for name, row in COMMANDS.items() if name not in LEAVING}.values():
        town = found()
        lines = list(questions(name, town.ids))
        heard |= heard_of(tom_as(role, town), lines)
        asked += len(lines)
    record_property("questions", asked)
    assert {what: line for what, line in heard.items() if what not in ROLES[role]} == {}


@pytest.mark.parametrize("role", ROLES.keys() - {"newcomer"})
def test_no_order_brings_a_secret_up(found: Callable[[], Town], role: str) -> None:
    """Services, replies and reactions know no more than commands do; and no device of an outsider is told.

    Seen to fail where ChanServ's INFO is for everybody, and where a message is quoted to a room it was not said in.
    """
    town = found()
    tom = tom_as(role, town)
    old = town.scene.enter("sam", rooms=["#mine"])  # who reads no tags is told what somebody replies to
    tom.say("JOIN #mine")
    heard = heard_of(tom, orders(town.ids)) | heard_of(old, [""])
    assert {what: line for what, line in heard.items() if what not in ROLES[role]} == {}
    assert not [letter for letter in town.box.letters() if "tom" not in letter.partition(" PRIVMSG ")[0]]
