"""NickServ: accounts in words."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from hubbub.dialects.irc.services.nickserv import NICKSERV
from hubbub.hub.account import AppPassword, app_secret
from hubbub.server.logins import AccountRules
from tests.irc.lines import commands, every, only, params
from tests.irc.logins import account, found, log_in, member, newcomer
from tests.scene import Person, Scene, quiet

WORDS = "rosebud-and-sled"
PRINT = "ab" * 32


@pytest.fixture
def scene(build: Callable[..., Scene]) -> Scene:
    """A house in which maya and leo have accounts."""
    scene = build()
    account(scene, "maya")
    account(scene, "leo")
    return scene


def order(person: Person, text: str) -> list[str]:
    """What NickServ says to that."""
    return [line.params[1] for line in every(person.asks(f"PRIVMSG NickServ :{text}"), "NOTICE")]


@pytest.mark.parametrize("line", ["PRIVMSG NickServ :help", "PRIVMSG nickserv :HELP", "NS HELP", "nickserv :help"])
def test_it_answers_by_notice_to_whoever_asks(scene: Scene, line: str) -> None:
    """As a message to its nick or as a command, in any case; each of its words is explained."""
    heard = scene.enter("tom").asks(line)
    assert heard[0].startswith(":NickServ!NickServ@hub.example NOTICE tom :NickServ keeps accounts")
    assert all(any(f":{name} " in text for text in heard) for name in NICKSERV.verbs)


@pytest.mark.parametrize("name", list(NICKSERV.verbs))
def test_each_word_explains_itself(scene: Scene, name: str) -> None:
    """How it is used, and one sentence."""
    usage, sentence = order(scene.enter("tom"), f"HELP {name}")
    assert usage.startswith(name)
    assert sentence.endswith(".")


@pytest.mark.parametrize("text", ["SET", "REGISTER", "DROP", "VERIFY maya"])
def test_a_word_too_few_is_answered_with_the_usage(scene: Scene, text: str) -> None:
    """And nothing is done."""
    name = text.partition(" ")[0]
    assert order(member(scene, "maya"), text) == [f"Usage: {name} {NICKSERV.verbs[name].usage}"]


@pytest.mark.parametrize("text", ["LOGOUT", "SET password other-words", "APP ADD phone", "CERT", "GHOST", "DROP x"])
def test_a_guest_has_nothing_to_change(scene: Scene, text: str) -> None:
    """What is about an account asks to log in first."""
    assert order(scene.enter("tom"), text) == ["You are not logged in"]


def test_what_is_said_to_it_is_kept_nowhere(scene: Scene) -> None:
    """It is a password, more often than not; who wants to see their own messages sees it."""
    tom = scene.enter("tom", "echo-message")
    heard = tom.asks(f"PRIVMSG NickServ :REGISTER {WORDS}")
    assert heard[0] == f":tom!tom@192.0.2.7 PRIVMSG NickServ :REGISTER {WORDS}"
    assert scene.memory.conversations().result() == []


def test_a_notice_to_it_is_not_answered(scene: Scene) -> None:
    """ "automatic replies must never be sent in response to a NOTICE"."""
    assert scene.enter("tom").asks("NOTICE NickServ :HELP") == []


def test_register_makes_an_account_called_like_the_nick(scene: Scene) -> None:
    """As REGISTER does, and logs in to it."""
    tom = scene.enter("tom")
    heard = tom.asks(f"PRIVMSG NickServ :REGISTER {WORDS} tom@home.example")
    assert commands(heard) == ["NOTICE", "900"]
    assert commands(log_in(newcomer(scene), "tom", WORDS))[-1] == "903"
    assert order(tom, f"REGISTER {WORDS}") == ["You are logged in already; log out first"]


def test_who_has_shown_a_key_needs_no_password(scene: Scene) -> None:
    """A certificate or the key of ssh opens the account from then on."""
    tom = scene.enter("tom")
    assert order(tom, "REGISTER") == ["Usage: REGISTER <password> [<email>]"]
    tom.cable.fingerprint = "ab" * 32
    assert order(tom, "REGISTER")[0].startswith("Your account tom is made")
    device = newcomer(scene)
    device.cable.fingerprint = "ab" * 32
    assert commands(device.asks("CAP REQ sasl", "AUTHENTICATE EXTERNAL", "AUTHENTICATE +"))[-1] == "903"


def test_what_register_refuses_it_refuses_in_words(scene: Scene) -> None:
    """The same rules, without codes."""
    assert "easily guessed" in order(scene.enter("tom"), "REGISTER sesame")[0]
    assert order(scene.enter("sam"), "VERIFY sam c0de") == ["That code is wrong or has expired"]


def test_an_invitation_is_taken_in_words(build: Callable[..., Scene]) -> None:
    """VERIFY finishes what REGISTER began."""
    scene = build(accounts=AccountRules(registration="invite"))
    scene.accounts.invite(app_secret("c0de"), 0)
    tom = scene.enter("tom")
    assert order(tom, f"REGISTER {WORDS}")[0].startswith("An invitation is needed")
    assert order(tom, "VERIFY tom c0de") == ["Your account tom is made"]


@pytest.mark.parametrize("text", ["IDENTIFY maya sesame123", "identify MAYA sesame123"])
def test_identify_logs_in(scene: Scene, text: str) -> None:
    """To the account that is named, and then its nick may be worn."""
    guest = scene.enter("guest")
    heard = guest.asks(f"PRIVMSG NickServ :{text}")
    assert commands(heard) == ["900", "NOTICE"]
    assert params(guest.asks("NICK maya"), "NICK") == ("maya",)


def test_identify_alone_means_the_account_called_like_the_nick(build: Callable[..., Scene]) -> None:
    """Where nicks are not kept, a guest may wear it before."""
    scene = build(accounts=AccountRules(reserve_nicks=False))
    account(scene, "maya")
    guest = scene.enter("maya")
    assert order(guest, "IDENTIFY wrong") == ["Wrong or missing password"]
    assert order(guest, "IDENTIFY sesame123") == ["You are logged in as maya"]


def test_logout_gives_the_nick_back(scene: Scene) -> None:
    """Who wears the name of the account is called otherwise from then on."""
    maya = member(scene, "maya")
    heard = maya.asks("NS LOGOUT")
    assert commands(heard) == ["901", "NICK", "NOTICE"]
    assert params(heard, "901") == ("maya", "maya!maya@192.0.2.7", "You are now logged out")
    assert only(heard, "NICK").params[0].startswith("Guest")
    other = member(scene, "lion", account="leo")
    assert commands(other.asks("NS LOGOUT")) == ["901", "NOTICE"]


def test_info_tells_the_owner_more(scene: Scene) -> None:
    """Of others it says that there is such an account, and since when."""
    scene.accounts.change("maya", lambda maya: maya.with_app(AppPassword("phone", "sha256:x", 0)).with_cert(PRINT))
    made = "maya is an account, made 2026-09-21T14:13:20.000Z"
    assert order(member(scene, "leo"), "INFO maya") == [made]
    own = order(member(scene, "maya"), "INFO")
    assert own[0] == made
    assert own[2:] == ["Device phone", f"Certificate {PRINT}"]
    assert order(scene.enter("tom"), "INFO") == ["There is no account of that name"]


def test_a_new_password_holds_at_once(scene: Scene) -> None:
    """The device that set it goes on; those that came by the old one do not."""
    scene.revocation.watch()
    desk, phone = member(scene, "maya"), member(scene, "maya")
    assert "easily guessed" in order(desk, "SET password short")[0]
    assert order(desk, f"SET password {WORDS}")[0].startswith("Your password is changed")
    scene.pass_time(1)
    assert not desk.cable.closed
    assert phone.cable.closed
    assert commands(log_in(newcomer(scene), "maya"))[-1] == "904"
    assert commands(log_in(newcomer(scene), "maya", WORDS))[-1] == "903"


@pytest.mark.parametrize("text", ["SET colour blue", "SET always-on perhaps"])
def test_unknown_settings_are_named(scene: Scene, text: str) -> None:
    """The sentence says which there are."""
    assert order(member(scene, "maya"), text)[0].startswith("Expected SET password")


def test_one_stays_by_setting_it(scene: Scene) -> None:
    """At once, and for as long as it is set."""
    maya = member(scene, "maya")
    stays = []
    for switch, answer in (("on", "You stay"), ("off", "You leave")):
        assert order(maya, f"SET always-on {switch}") == [f"{answer} when your last device goes"]
        stays.append(scene.hub.users["maya"].stays)
    assert stays == [True, False]
    assert found(scene, "maya").options == {"always-on": "false"}


def test_operators_may_let_nobody_stay(build: Callable[..., Scene]) -> None:
    """The wish is kept, and the owner is told."""
    scene = build(accounts=AccountRules(always_on="off"))
    account(scene, "maya")
    assert "let nobody stay" in order(member(scene, "maya"), "SET always-on on")[0]
    assert not scene.hub.users["maya"].stays


def test_who_identifies_later_stays_as_well(scene: Scene) -> None:
    """The account's wish holds from the login on, whichever way it came."""
    order(member(scene, "maya"), "SET always-on on")
    late, later = scene.enter("late"), scene.enter("later", "sasl")
    late.say("NS IDENTIFY maya sesame123")
    log_in(later, "maya")
    assert [scene.hub.users[nick].stays for nick in ("late", "later")] == [True, True]


# Devices and certificates


def test_a_device_gets_a_password_of_its_own(scene: Scene) -> None:
    """It is said once, and listed by its name from then on."""
    maya = member(scene, "maya")
    assert order(maya, "APP") == ["Your account is opened by its password alone"]
    assert order(maya, "APP ADD phone") == ["phone logs in as maya with this password, which is shown only now: word-1"]
    assert order(maya, "APP LIST") == ["Device phone"]
    assert commands(log_in(newcomer(scene), "maya", "word-1"))[-1] == "903"
    assert order(maya, "APP") == ["Device phone, last here 2026-09-21T14:13:20.000Z"]


def test_a_new_password_for_a_device_takes_the_old_ones_place(scene: Scene) -> None:
    """A lost phone is replaced by one of the same name."""
    maya = member(scene, "maya")
    order(maya, "APP ADD phone")
    order(maya, "APP ADD phone")
    assert commands(log_in(newcomer(scene), "maya", "word-1"))[-1] == "904"
    assert commands(log_in(newcomer(scene), "maya", "word-2"))[-1] == "903"
    assert [app.label for app in found(scene, "maya").apps] == ["phone"]


def test_a_device_is_logged_out_when_its_password_is_taken_back(scene: Scene) -> None:
    """Within a second, and it does not come in again."""
    scene.revocation.watch()
    desk = member(scene, "maya")
    order(desk, "APP ADD phone")
    phone = newcomer(scene)
    log_in(phone, "maya", "word-1")
    assert order(desk, "APP DEL phone") == ["The password of phone is taken back"]
    scene.pass_time(1)
    assert phone.cable.closed
    assert commands(log_in(newcomer(scene), "maya", "word-1"))[-1] == "904"
    assert order(desk, "APP DEL phone") == ["Nothing of that name opens your account"]


@pytest.mark.parametrize("label", ["x" * 33, "a\tb"])
def test_a_device_has_a_name_that_can_be_said(scene: Scene, label: str) -> None:
    """One word, and a short one."""
    assert order(member(scene, "maya"), f"APP ADD {label.replace(chr(9), chr(1))}")[0].startswith("A device is named")


def test_there_are_only_so_many_devices(scene: Scene) -> None:
    """More than anybody has; the old ones can be removed."""
    for number in range(32):
        app = AppPassword(f"phone{number}", f"sha256:{number}", 0)
        scene.accounts.change("maya", lambda maya, app=app: maya.with_app(app))  # type: ignore[misc]  # bound per turn
    maya = member(scene, "maya")
    assert "remove one first" in order(maya, "APP ADD phone32")[0]
    assert order(maya, "APP ADD phone31")[0].startswith("phone31 logs in")


@pytest.mark.parametrize("spelling", [PRINT, PRINT.upper(), ":".join(["AB"] * 32)])
def test_a_certificate_is_named_by_its_fingerprint(scene: Scene, spelling: str) -> None:
    """However it is spelled."""
    maya = member(scene, "maya")
    assert order(maya, f"CERT ADD {spelling}")[0].endswith(PRINT)
    assert order(maya, "CERT") == [f"Certificate {PRINT}"]
    assert order(maya, f"CERT DEL {spelling}") == ["That certificate opens your account no longer"]
    assert found(scene, "maya").certs == ()


def test_the_certificate_one_came_with_needs_no_naming(scene: Scene) -> None:
    """It is that of the connection."""
    maya = member(scene, "maya")
    assert "SHA-256 fingerprint" in order(maya, "CERT ADD")[0]
    maya.cable.fingerprint = PRINT
    order(maya, "CERT ADD")
    assert found(scene, "maya").certs == (PRINT,)


def test_a_certificate_opens_one_account(scene: Scene) -> None:
    """Whoever comes second is told."""
    order(member(scene, "maya"), f"CERT ADD {PRINT}")
    assert order(member(scene, "leo"), f"CERT ADD {PRINT}") == ["That certificate opens another account already"]


# The nick


@pytest.fixture
def squatted(build: Callable[..., Scene]) -> tuple[Person, Person]:
    """Maya, logged in under another nick, while tom wears hers: he came before she had an account."""
    scene = build()
    tom = scene.enter("maya", rooms=["#tea"])
    account(scene, "maya")
    account(scene, "leo")
    maya = member(scene, "mayflower", account="maya", rooms=("#tea",))
    quiet(tom, maya)
    return maya, tom


def test_ghost_disconnects_whoever_wears_the_nick(squatted: tuple[Person, Person]) -> None:
    """With the reason, for them and for the rooms they were in."""
    maya, tom = squatted
    heard = maya.asks("NS GHOST maya")
    assert commands(heard) == ["NOTICE", "QUIT"] or commands(heard) == ["QUIT", "NOTICE"]
    assert tom.hears() == ["ERROR :mayflower took this nick back"]
    assert tom.cable.closed


def test_regain_takes_the_nick_as_well(squatted: tuple[Person, Person]) -> None:
    """In one step, whether somebody wears it or not."""
    maya, tom = squatted
    assert params(maya.asks("NS REGAIN"), "NICK") == ("maya",)
    assert tom.cable.closed
    maya.say("NICK mayflower")
    assert params(maya.asks("NS REGAIN maya"), "NICK") == ("maya",)
    assert maya.asks("NS REGAIN maya") == []


@pytest.mark.parametrize("text", ["GHOST lion", "REGAIN lion"])
def test_nobodys_nick_is_taken_without_right(squatted: tuple[Person, Person], text: str) -> None:
    """Only the account's own, and one's own devices under other nicks."""
    maya, tom = squatted
    tom.say("NICK lion")
    assert order(maya, text)[0].startswith("That nick belongs to an account")
    assert not tom.cable.closed


def test_ones_own_other_presence_may_be_ended(scene: Scene) -> None:
    """A connection that hangs under another nick of the same account."""
    old, new = member(scene, "maya"), member(scene, "mayday", account="maya")
    assert order(new, "GHOST maya") == ["maya is free"]
    assert old.cable.closed
    assert order(new, "GHOST mayday") == ["mayday is free"]
    assert not new.cable.closed


def test_drop_deletes_the_account(scene: Scene) -> None:
    """After the password was given once more; nobody gets the name again."""
    maya = member(scene, "maya")
    assert order(maya, "DROP wrong") == ["Wrong or missing password"]
    heard = maya.asks("NS DROP sesame123")
    assert commands(heard) == ["901", "NOTICE"]
    assert scene.hub.users["maya"].account == ""
    assert only(maya.asks(f"REGISTER * * {WORDS}"), "FAIL").params[1] == "ACCOUNT_EXISTS"
    scene.revocation.watch()
    scene.pass_time(1)
    assert not maya.cable.closed


def test_drop_takes_no_other_device_along(scene: Scene) -> None:
    """They stand behind the same nick, and would be guests without having asked for it."""
    maya = member(scene, "maya")
    member(scene, "maya")
    assert order(maya, "DROP sesame123")[0].startswith("Other devices of yours")
    assert found(scene, "maya").name == "maya"
