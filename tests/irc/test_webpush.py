"""Web Push: being told of messages while one is not connected.

https://github.com/ircv3/ircv3-specifications/pull/471 and
https://codeberg.org/emersion/soju/src/branch/master/doc/ext/webpush.md
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from hubbub.dialects.irc.dialect import Settings
from hubbub.hub.events import Subscription
from hubbub.hub.ports import StoreFailed
from hubbub.net.https import place_of
from hubbub.net.webpush import receiver
from hubbub.wire.line import parse
from tests.devices import Device
from tests.irc.lines import only, params
from tests.irc.logins import account, member
from tests.scene import Person, Scene, quiet

PHONE = "https://push.example/phone"
CAPS = ("draft/webpush", "message-tags", "server-time", "account-tag")


class Postbox:
    """A pusher that keeps what it was given; whoever is `gone` is told so when the test says."""

    key = "BPublicKey"

    def __init__(self) -> None:
        self.pushed: list[tuple[Subscription, str]] = []
        self.gone: list[Callable[[], Any]] = []

    def objection(self, endpoint: str, p256dh: str, auth: str) -> str:
        try:
            place_of(endpoint)
            receiver(p256dh, auth)
        except ValueError as problem:
            return str(problem)
        return ""

    def push(self, to: Subscription, payload: bytes, gone: Callable[[], Any]) -> None:
        self.pushed.append((to, payload.decode()))
        self.gone.append(gone)

    def letters(self) -> list[str]:
        """What was pushed since last asked."""
        letters = [letter for _, letter in self.pushed]
        self.pushed.clear()
        return letters


@pytest.fixture
def box() -> Postbox:
    return Postbox()


@pytest.fixture
def scene(build: Callable[..., Scene], box: Postbox) -> Scene:
    house = build(pusher=box, slow=True)
    account(house, "maya")
    account(house, "leo")
    return house


@pytest.fixture
def phone() -> Device:
    return Device()


@pytest.fixture
def maya(scene: Scene, phone: Device) -> Person:
    """Her phone is to be told, and she stays."""
    maya = member(scene, "maya", *CAPS, rooms=("#tea",))
    maya.say("NS SET always-on on", f"WEBPUSH REGISTER {PHONE} {phone.words}")
    maya.hears()
    return maya


@pytest.fixture
def leo(scene: Scene, maya: Person) -> Person:
    return member(scene, "leo", "message-tags", rooms=("#tea",))


# --- the command --------------------------------------------------------------------------------------------------


def test_the_key_is_told(scene: Scene) -> None:
    """ "the server MUST advertise its public key in the VAPID ISUPPORT token"."""
    words = scene.enter("sam", "draft/webpush").asks("VERSION")
    assert any("VAPID=BPublicKey" in line.split(" ") for line in words)


def test_where_nothing_is_pushed_nothing_is_offered(build: Callable[..., Scene]) -> None:
    """Off until an operator says otherwise."""
    bare = build()
    account(bare, "maya")
    maya = bare.connect()
    assert "webpush" not in " ".join(maya.asks("CAP LS 302"))
    assert params(maya.asks("CAP REQ draft/webpush"), "CAP")[1] == "NAK"
    maya = member(bare, "maya")
    assert "VAPID" not in " ".join(maya.asks("VERSION"))
    heard = maya.asks(f"WEBPUSH REGISTER {PHONE} {Device().words}")
    assert params(heard, "FAIL")[:4] == ("WEBPUSH", "FORBIDDEN", "REGISTER", PHONE)


@pytest.mark.parametrize("name", ["draft/webpush", "soju.im/webpush"])
def test_it_is_offered_by_both_its_names(scene: Scene, name: str) -> None:
    """Clients know one or the other."""
    assert params(scene.connect().asks(f"CAP REQ {name}"), "CAP")[1:] == ("ACK", name)


@pytest.mark.parametrize("verb", ["REGISTER", "register"])
def test_a_device_is_registered(scene: Scene, maya: Person, phone: Device, verb: str) -> None:
    """ "If the registration is successful, the server MUST reply with a WEBPUSH REGISTER message"."""
    heard = maya.asks(f"WEBPUSH {verb} https://push.example/tablet {phone.words}")
    assert heard == [":hub.example WEBPUSH REGISTER https://push.example/tablet"]
    tablet = scene.hub.pushes.of("maya")[1]
    assert (tablet.p256dh, tablet.auth, tablet.at) == (phone.p256dh, phone.auth, scene.clock.now())


def test_keys_come_in_any_order_with_others_beside_them(scene: Scene, maya: Person, phone: Device) -> None:
    """ "it MUST contain at least" these two."""
    words = f"auth={phone.auth};new=x;p256dh={phone.p256dh}"
    assert params(maya.asks(f"WEBPUSH REGISTER {PHONE} {words}"), "WEBPUSH") == ("REGISTER", PHONE)


def test_who_does_not_stay_is_warned(scene: Scene, phone: Device) -> None:
    """Nobody can write to somebody who is not present."""
    heard = member(scene, "maya").asks(f"WEBPUSH REGISTER {PHONE} {phone.words}")
    assert only(heard, "WEBPUSH").params == ("REGISTER", PHONE)
    assert params(heard, "WARN")[:2] == ("WEBPUSH", "PERSISTENCE_REQUIRED")


def test_a_device_is_unregistered(scene: Scene, maya: Person) -> None:
    """ "If the unregistration is successful, the server MUST echo back the WEBPUSH UNREGISTER message"."""
    assert maya.asks(f"WEBPUSH UNREGISTER {PHONE}") == [f":hub.example WEBPUSH UNREGISTER {PHONE}"]
    assert not scene.hub.pushes


def test_one_that_is_not_there_is_no_error(scene: Scene, maya: Person) -> None:
    """ "Servers MUST silently ignore UNREGISTER commands for non-existing subscriptions"."""
    heard = maya.asks("WEBPUSH UNREGISTER https://push.example/other")
    assert heard == [":hub.example WEBPUSH UNREGISTER https://push.example/other"]
    assert scene.hub.pushes.of("maya")


@pytest.mark.parametrize(
    ("line", "about"),
    [
        ("WEBPUSH", ("*", "*")),
        ("WEBPUSH REGISTER", ("REGISTER", "*")),
        (f"WEBPUSH REGISTER {PHONE}", ("REGISTER", PHONE)),
        (f"WEBPUSH REGISTER {PHONE} KEYS more", ("REGISTER", PHONE)),
        ("WEBPUSH UNREGISTER", ("UNREGISTER", "*")),
        (f"WEBPUSH UNREGISTER {PHONE} more", ("UNREGISTER", PHONE)),
        (f"WEBPUSH RENEW {PHONE} KEYS", ("RENEW", PHONE)),
        (f"WEBPUSH REGISTER {PHONE} :", ("REGISTER", PHONE)),
        (f"WEBPUSH REGISTER {PHONE} p256dh=x;auth=y", ("REGISTER", PHONE)),
        (f"WEBPUSH REGISTER {PHONE} p256dh;auth", ("REGISTER", PHONE)),
        ("WEBPUSH REGISTER http://push.example/ KEYS", ("REGISTER", "http://push.example/")),
        ("WEBPUSH REGISTER nonsense KEYS", ("REGISTER", "nonsense")),
    ],
)
def test_what_cannot_be_read_is_said(maya: Person, phone: Device, line: str, about: tuple[str, str]) -> None:
    """ "an unknown subcommand, missing parameters, excess parameters, or parameters that cannot be parsed"."""
    heard = maya.asks(line.replace("KEYS", phone.words))
    assert params(heard, "FAIL")[:4] == ("WEBPUSH", "INVALID_PARAMS", *about)


def test_guests_are_told_to_log_in(scene: Scene, phone: Device) -> None:
    """Their name falls to the next."""
    heard = scene.enter("sam").asks(f"WEBPUSH REGISTER {PHONE} {phone.words}")
    assert params(heard, "FAIL")[:4] == ("WEBPUSH", "FORBIDDEN", "REGISTER", PHONE)


@pytest.mark.parametrize("verb", ["REGISTER", "UNREGISTER"])
def test_what_could_not_be_stored_is_said(scene: Scene, maya: Person, phone: Device, verb: str) -> None:
    """ "the INTERNAL_ERROR error code SHOULD be returned", and all is as it was."""
    scene.slow.held = True
    before = scene.hub.pushes.of("maya")
    maya.say(f"WEBPUSH {verb} {PHONE}" + (f" {phone.words}" if verb == "REGISTER" else ""))
    scene.slow.fail(StoreFailed("disk full"))
    scene.turn()
    assert params(maya.hears(), "FAIL")[:4] == ("WEBPUSH", "INTERNAL_ERROR", verb, PHONE)
    assert scene.hub.pushes.of("maya") == before
    assert len(scene.faults) == 1
    scene.faults.clear()


def test_help_tells_of_it(maya: Person) -> None:
    """In a sentence."""
    assert "pushed" in " ".join(maya.asks("HELP WEBPUSH"))


# --- what is pushed -----------------------------------------------------------------------------------------------


def test_who_is_there_is_not_told_twice(box: Postbox, leo: Person, maya: Person) -> None:
    """They read it where they are."""
    leo.say("PRIVMSG maya :hi")
    assert "hi" in maya.hears()[-1]
    assert box.letters() == []


def test_who_has_gone_is_told(scene: Scene, box: Postbox, leo: Person, maya: Person) -> None:
    """ "exactly one IRC message as the payload, without the final CRLF", as her phone would have read it."""
    maya.leaves()
    leo.say("PRIVMSG maya :hi", "NOTICE maya :note")
    letters = [parse(letter) for letter in box.letters()]
    assert [(each.command, each.params) for each in letters] == [
        ("PRIVMSG", ("maya", "hi")),
        ("NOTICE", ("maya", "note")),
    ]
    assert letters[0].source == "leo!leo@192.0.2.7"
    assert letters[0].tags["account"] == "leo"
    assert set(letters[0].tags) == {"time", "msgid", "account"}
    back = member(scene, "maya", "draft/chathistory", *CAPS)
    page = back.asks("CHATHISTORY LATEST leo * 10")
    assert f"msgid={letters[0].tags['msgid']}" in page[0]


def test_in_a_room_they_are_told_where_they_are_named(box: Postbox, leo: Person, maya: Person) -> None:
    """The rest they read when they come."""
    maya.leaves()
    leo.say("PRIVMSG #tea :tea?", "PRIVMSG #tea :maya: tea?")
    assert [parse(letter).params for letter in box.letters()] == [("#tea", "maya: tea?")]


@pytest.mark.parametrize("words", ["AWAY :lunch", "AWAY *"])
def test_who_is_away_is_told(box: Postbox, leo: Person, maya: Person, words: str) -> None:
    """By themselves, or as an app that is in the background says it."""
    maya.say(words)
    leo.say("PRIVMSG maya :hi")
    assert len(box.letters()) == 1
    maya.say("AWAY")
    leo.say("PRIVMSG maya :hi")
    assert box.letters() == []


def test_a_device_that_does_not_answer_is_not_there(box: Postbox, leo: Person, maya: Person) -> None:
    """A phone leaves without a word; what comes before that is noticed would be lost on it."""
    maya.session.idle(Settings().ping_seconds)
    leo.say("PRIVMSG maya :hi")
    assert len(box.letters()) == 1
    maya.say("PONG x")
    leo.say("PRIVMSG maya :hi")
    assert box.letters() == []


def test_tags_are_those_that_the_device_knew(scene: Scene, box: Postbox, phone: Device) -> None:
    """ "The messages follow the same capabilities [...] as when the client registered"."""
    maya = member(scene, "maya")
    maya.say("NS SET always-on on", f"WEBPUSH REGISTER {PHONE} {phone.words}")
    maya.leaves()
    member(scene, "leo").say("PRIVMSG maya :hi")
    assert box.letters() == [":leo!leo@192.0.2.7 PRIVMSG maya :hi"]


def test_of_several_lines_the_first_is_pushed(scene: Scene, box: Postbox, maya: Person) -> None:
    """One message has one line."""
    sam = scene.enter("sam", "batch", "draft/multiline", "message-tags")
    maya.leaves()
    sam.say("BATCH +1 draft/multiline maya", "@batch=1 PRIVMSG maya :one", "@batch=1 PRIVMSG maya :two", "BATCH -1")
    assert [parse(letter).params for letter in box.letters()] == [("maya", "one")]


def test_long_words_are_cut_and_fit(scene: Scene, box: Postbox, leo: Person, maya: Person) -> None:
    """A push is a line as any other."""
    maya.leaves()
    leo.say(f"PRIVMSG maya :{'ä' * 200}")
    (letter,) = box.letters()
    assert len(letter.partition(" ")[2].encode()) <= 510


def test_a_message_that_is_sent_again_is_pushed_once(box: Postbox, scene: Scene, maya: Person) -> None:
    """It is stored once, too."""
    sam = scene.enter("sam", "labeled-response", "batch", "message-tags")
    maya.leaves()
    for _ in range(2):
        sam.say("@label=0123456789abcdef PRIVMSG maya :hi")
    assert len(box.letters()) == 1


def test_every_device_is_told(scene: Scene, box: Postbox, leo: Person, maya: Person, phone: Device) -> None:
    """Each by its endpoint."""
    maya.say(f"WEBPUSH REGISTER https://push.example/tablet {phone.words}")
    maya.leaves()
    leo.say("PRIVMSG maya :hi")
    assert [to.endpoint for to, _ in box.pushed] == [PHONE, "https://push.example/tablet"]


# --- what ends it -------------------------------------------------------------------------------------------------


def test_a_device_that_is_gone_is_forgotten(scene: Scene, box: Postbox, leo: Person, maya: Person) -> None:
    """Its push service says so; told twice it is gone once."""
    maya.leaves()
    leo.say("PRIVMSG maya :hi", "PRIVMSG maya :hi again")
    for gone in box.gone:
        gone()
        scene.turn()
    assert not scene.hub.pushes
    assert [fact for fact in scene.memory.facts().result() if fact.scope == "push"] == []


def test_one_that_was_renewed_meanwhile_is_not(scene: Scene, box: Postbox, maya: Person, phone: Device) -> None:
    """What is gone is what was there before."""
    maya.say("AWAY :lunch")
    scene.enter("sam").say("PRIVMSG maya :hi")
    scene.pass_time(1)
    maya.say(f"WEBPUSH REGISTER {PHONE} {phone.words}")
    box.gone[0]()
    scene.turn()
    assert scene.hub.pushes.of("maya")


def test_a_password_that_was_taken_back_reads_no_more(scene: Scene, box: Postbox, leo: Person, maya: Person) -> None:
    """Its devices are logged out, and what they registered ends with that."""
    maya.say("AWAY :lunch")
    scene.accounts.change("maya", lambda was: was.with_keys(scene.logins.passwords.encode("another1").result()))
    leo.say("PRIVMSG maya :secret")
    scene.turn()
    assert box.letters() == []
    assert not scene.hub.pushes


def test_an_account_that_was_deleted_is_told_nothing(scene: Scene, box: Postbox, leo: Person, maya: Person) -> None:
    """And its devices are forgotten."""
    maya.say("AWAY :lunch")
    scene.accounts.delete("maya")
    leo.say("PRIVMSG maya :secret")
    assert box.letters() == []
    assert not scene.hub.pushes


def test_a_restart_forgets_nothing(scene: Scene, build: Callable[..., Scene], box: Postbox, maya: Person) -> None:
    """What was registered is a fact."""
    maya.leaves()
    facts = scene.memory.facts().result()
    house = build(pusher=box)
    account(house, "maya")
    house.hub.remember(facts, house.clock.now())
    house.enter("sam").say("PRIVMSG maya :hi")
    assert len(box.letters()) == 1


def test_a_fault_in_it_ends_no_conversation(scene: Scene, leo: Person, maya: Person) -> None:
    """It is ours: reported, and both talk on."""

    def stumble(entry: object) -> None:
        raise LookupError("stumbled")

    scene.server.overhear = stumble
    quiet(maya, leo)
    leo.say("PRIVMSG maya :hi")
    assert len(maya.hears()) == 1
    assert leo.hears() == []
    assert [str(fault) for fault in scene.faults] == ["stumbled"]
    scene.faults.clear()
