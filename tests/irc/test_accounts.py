"""REGISTER, VERIFY, ACCOUNT, and nicks that belong to accounts.

https://ircv3.net/specs/extensions/account-registration and https://ircv3.net/specs/extensions/account-notify
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from hubbub.dialects.irc.dialect import Settings
from hubbub.hub.account import TooBusy, app_secret
from hubbub.hub.promise import Promise, broken, kept
from hubbub.server.logins import AccountRules
from tests.irc.lines import commands, every, only, params
from tests.irc.logins import account, found, log_in, member, newcomer
from tests.scene import Scene

WORDS = "rosebud-and-sled"
CAP = "draft/account-registration"


def offer(scene: Scene) -> str | None:
    """The value of the capability as a client sees it, None where it is not offered."""
    names = " ".join(line.params[-1] for line in every(scene.connect().asks("CAP LS 302"), "CAP")).split()
    values = dict(name.partition("=")[::2] for name in names)
    return values.get(CAP)


def refusal(heard: list[str]) -> tuple[str, ...]:
    """Command, code and context of the one FAIL, without its sentence."""
    return only(heard, "FAIL").params[:-1]


# REGISTER


@pytest.mark.parametrize("name", ["*", "maya", "MAYA"])
def test_an_account_is_made_and_logged_in_to(scene: Scene, name: str) -> None:
    """ "Afterward, the client is assumed to be authenticated to the <account> as if it used SASL"."""
    maya = scene.enter("maya")
    spelled = "maya" if name == "*" else name
    assert maya.asks(f"REGISTER {name} * {WORDS}") == [
        f":hub.example REGISTER SUCCESS {spelled} :Your account {spelled} is made",
        f":hub.example 900 maya maya!maya@192.0.2.7 {spelled} :You are now logged in as {spelled}",
    ]
    assert scene.hub.users["maya"].who.account == spelled
    assert commands(log_in(newcomer(scene), "maya", WORDS))[-1] == "903"


def test_it_may_have_another_name_than_the_nick(scene: Scene) -> None:
    """ "custom-account-name - if present, the account name can be different from the user's current nickname"."""
    assert "custom-account-name" in (offer(scene) or "").split(",")
    maya = scene.enter("maya")
    assert params(maya.asks(f"REGISTER mayflower * {WORDS}"), "REGISTER")[:2] == ("SUCCESS", "mayflower")


def test_it_may_be_made_before_registration(scene: Scene) -> None:
    """ "before-connect - if present, indicates the server supports early registration"."""
    assert "before-connect" in (offer(scene) or "").split(",")
    maya = newcomer(scene)
    heard = maya.asks("NICK maya", f"REGISTER * * {WORDS}")
    assert commands(heard) == ["REGISTER", "900"]
    assert commands(maya.asks("USER maya 0 * :Maya", "CAP END"))[:1] == ["001"]
    assert scene.hub.users["maya"].account == "maya"


def test_before_registration_it_needs_a_nick(scene: Scene) -> None:
    """ "FAIL REGISTER NEED_NICK * <message>"."""
    assert refusal(newcomer(scene).asks(f"REGISTER * * {WORDS}")) == ("REGISTER", "NEED_NICK", "*")


@pytest.mark.parametrize(
    "house",
    [{"accounts": AccountRules(before_connect=False)}, {"settings": Settings(password="sesame")}],
    ids=["not wanted", "a password first"],
)
@pytest.mark.parametrize("line", [f"REGISTER maya * {WORDS}", "VERIFY maya c0de"])
def test_a_house_may_want_the_connection_first(
    build: Callable[..., Scene], house: dict[str, object], line: str
) -> None:
    """REGISTER "cannot be used to bypass [...] requirements that clients send a server password with PASS"."""
    scene = build(**house)
    assert "before-connect" not in (offer(scene) or "").split(",")
    heard = newcomer(scene).asks("NICK maya", line)
    assert refusal(heard) == (line.partition(" ")[0], "COMPLETE_CONNECTION_REQUIRED", "maya")


def test_a_taken_name_is_taken_in_any_case(scene: Scene) -> None:
    """ "ACCOUNT_EXISTS [...] because someone already registered it"."""
    account(scene, "Maya")
    assert refusal(scene.enter("tom").asks(f"REGISTER maYA * {WORDS}")) == ("REGISTER", "ACCOUNT_EXISTS", "maYA")


def test_nobodys_nick_is_taken_from_them(scene: Scene) -> None:
    """A guest who is here may make the account that is called like them, and nobody else."""
    scene.enter("maya")
    assert refusal(scene.enter("tom").asks(f"REGISTER maya * {WORDS}")) == ("REGISTER", "ACCOUNT_EXISTS", "maya")
    assert refusal(newcomer(scene).asks("NICK maya", f"REGISTER * * {WORDS}"))[1] == "ACCOUNT_EXISTS"


@pytest.mark.parametrize("name", ["9lives", "#maya", "m@ya", "NickServ"])
def test_a_name_that_nobody_could_wear_is_refused(scene: Scene, name: str) -> None:
    """ "BAD_ACCOUNT_NAME [...] the desired account name is invalid or otherwise restricted/disallowed"."""
    assert refusal(scene.enter("tom").asks(f"REGISTER {name} * {WORDS}")) == ("REGISTER", "BAD_ACCOUNT_NAME", name)


def test_whoever_is_logged_in_has_an_account(scene: Scene) -> None:
    """ "ALREADY_AUTHENTICATED [...] if the client is already authenticated"."""
    account(scene, "maya")
    maya = member(scene, "maya")
    assert refusal(maya.asks(f"REGISTER other * {WORDS}")) == ("REGISTER", "ALREADY_AUTHENTICATED", "maya")
    assert refusal(maya.asks("VERIFY other c0de")) == ("VERIFY", "ALREADY_AUTHENTICATED", "maya")


@pytest.mark.parametrize(
    ("password", "code"),
    [("sesame", "WEAK_PASSWORD"), ("mayflower", "WEAK_PASSWORD"), ("x1" * 151, "UNACCEPTABLE_PASSWORD")],
)
def test_bad_passwords_are_refused(scene: Scene, password: str, code: str) -> None:
    """ "WEAK_PASSWORD [...] if the password is considered too weak", and UNACCEPTABLE_PASSWORD for anything else."""
    assert refusal(scene.enter("tom").asks(f"REGISTER mayflower * {password}")) == ("REGISTER", code, "mayflower")


def test_parameters_are_needed(scene: Scene) -> None:
    """REGISTER takes three, VERIFY two."""
    tom = scene.enter("tom")
    assert commands(tom.asks("REGISTER", "REGISTER tom *", "VERIFY tom")) == ["461"] * 3


def test_one_address_does_not_make_accounts_without_end(build: Callable[..., Scene]) -> None:
    """ "TEMPORARILY_UNAVAILABLE", with the reason in words; elsewhere it goes on."""
    scene = build(accounts=AccountRules(attempts=2, window=60))
    for nick in ("leo", "sam"):
        assert commands(scene.enter(nick).asks(f"REGISTER * * {WORDS}"))[0] == "REGISTER"
    assert refusal(scene.enter("tom").asks(f"REGISTER * * {WORDS}")) == ("REGISTER", "TEMPORARILY_UNAVAILABLE", "tom")
    priya = newcomer(scene, address="198.51.100.1")
    assert commands(priya.asks("NICK priya", f"REGISTER * * {WORDS}"))[0] == "REGISTER"


def test_a_busy_house_says_so(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """ "temporarily unavailable", and the account's name in its place."""
    monkeypatch.setattr(scene.logins.passwords, "encode", lambda password: broken(TooBusy("busy")))
    heard = scene.enter("tom").asks(f"REGISTER * * {WORDS}")
    assert refusal(heard) == ("REGISTER", "TEMPORARILY_UNAVAILABLE", "tom")


def test_where_operators_make_the_accounts_nobody_else_does(build: Callable[..., Scene]) -> None:
    """The capability "signifies that the server accepts the REGISTER command": it is not offered."""
    scene = build(accounts=AccountRules(registration="closed"))
    assert offer(scene) is None
    assert commands(scene.connect().asks(f"CAP REQ {CAP}", "CAP LIST")) == ["CAP", "CAP"]
    assert refusal(scene.enter("tom").asks(f"REGISTER * * {WORDS}")) == ("REGISTER", "DISALLOWED", "tom")


# VERIFY


class Post:
    """A mailer that keeps its letters, or loses them."""

    def __init__(self) -> None:
        self.letters: list[tuple[str, str, str]] = []
        self.works = True

    def send(self, address: str, account: str, code: str) -> Promise[bool]:
        self.letters.append((address, account, code))
        return kept(self.works)


@pytest.fixture
def post() -> Post:
    return Post()


@pytest.fixture
def careful(build: Callable[..., Scene], post: Post) -> Scene:
    """A house that wants to know an address of everybody."""
    scene = build(accounts=AccountRules(email_required=True, attempts=5, window=60))
    scene.registrar.mailer = post
    return scene


def test_a_code_is_sent_and_makes_the_account(careful: Scene, post: Post) -> None:
    """ "VERIFICATION_REQUIRED [...] when further action is required"; "The VERIFY command completes" it."""
    assert "email-required" in (offer(careful) or "").split(",")
    maya = careful.enter("maya")
    sentence = "A code was sent to maya@home.example: send VERIFY maya and that code"
    heard = maya.asks(f"REGISTER * maya@home.example {WORDS}")
    assert heard == [f":hub.example REGISTER VERIFICATION_REQUIRED maya :{sentence}"]
    assert careful.accounts.every().result() == []
    ((address, name, code),) = post.letters
    assert (address, name) == ("maya@home.example", "maya")
    assert commands(maya.asks(f"VERIFY MAYA {code}")) == ["VERIFY", "900"]
    assert found(careful, "maya").options == {"email": "maya@home.example"}
    assert commands(log_in(newcomer(careful), "maya", WORDS))[-1] == "903"


def test_the_code_may_be_given_on_another_connection(careful: Scene, post: Post) -> None:
    """The mail is read elsewhere, and clients reconnect."""
    careful.enter("maya").say(f"REGISTER * maya@home.example {WORDS}", "QUIT")
    maya = newcomer(careful)
    assert commands(maya.asks("NICK maya", f"VERIFY maya {post.letters[0][2]}")) == ["VERIFY", "900"]


@pytest.mark.parametrize("code", ["wrong", "word-2", "*"])
def test_a_wrong_code_makes_nothing(careful: Scene, code: str) -> None:
    """ "INVALID_CODE [...] if the <code> in the VERIFY command is invalid or expired"."""
    maya = careful.enter("maya")
    maya.say(f"REGISTER * maya@home.example {WORDS}")
    assert refusal(maya.asks(f"VERIFY maya {code}")) == ("VERIFY", "INVALID_CODE", "maya")
    assert refusal(maya.asks(f"VERIFY nobody {code}")) == ("VERIFY", "INVALID_CODE", "nobody")


def test_a_code_expires(careful: Scene, post: Post) -> None:
    """After an hour one has to begin anew."""
    maya = careful.enter("maya")
    maya.say(f"REGISTER * maya@home.example {WORDS}")
    careful.pass_time(3601)
    assert refusal(maya.asks(f"VERIFY maya {post.letters[0][2]}")) == ("VERIFY", "INVALID_CODE", "maya")


def test_codes_are_not_guessed(careful: Scene, post: Post) -> None:
    """Wrong codes count as wrong passwords do, and then the right one has to wait as well."""
    maya = careful.enter("maya")
    maya.say(f"REGISTER * maya@home.example {WORDS}", *["VERIFY maya guess"] * 5)
    heard = maya.asks(f"VERIFY maya {post.letters[0][2]}")
    assert refusal(heard) == ("VERIFY", "TEMPORARILY_UNAVAILABLE", "maya")


@pytest.mark.parametrize("email", ["*", "maya", "maya@home", "@home.example", "a@b@c.de", "maya@home.example,leo@x.yz"])
def test_an_address_is_needed(careful: Scene, email: str) -> None:
    """ "INVALID_EMAIL [...] if it cannot send emails to the provided address"."""
    heard = careful.enter("maya").asks(f"REGISTER * {email} {WORDS}")
    assert refusal(heard) == ("REGISTER", "INVALID_EMAIL", "maya")


def test_a_mail_that_cannot_be_sent_is_no_code(careful: Scene, post: Post) -> None:
    """They are told, and may try again later."""
    post.works = False
    heard = careful.enter("maya").asks(f"REGISTER * maya@home.example {WORDS}")
    assert refusal(heard) == ("REGISTER", "TEMPORARILY_UNAVAILABLE", "maya")


def test_without_a_mailer_nobody_waits_for_a_mail(careful: Scene) -> None:
    """The server says honestly that it cannot send any."""
    careful.registrar.mailer = None
    heard = careful.enter("maya").asks(f"REGISTER * maya@home.example {WORDS}")
    assert refusal(heard) == ("REGISTER", "TEMPORARILY_UNAVAILABLE", "maya")


@pytest.fixture
def exclusive(build: Callable[..., Scene]) -> Scene:
    """A house where one needs an invitation, of which there is one."""
    scene = build(accounts=AccountRules(registration="invite"))
    scene.accounts.invite(app_secret("c0de"), 0)
    return scene


def test_an_invitation_makes_one_account(exclusive: Scene) -> None:
    """It is given by VERIFY, and used up."""
    maya, leo = exclusive.enter("maya"), exclusive.enter("leo")
    for person in (maya, leo):
        assert params(person.asks(f"REGISTER * * {WORDS}"), "REGISTER")[0] == "VERIFICATION_REQUIRED"
    assert commands(maya.asks("VERIFY maya c0de")) == ["VERIFY", "900"]
    assert refusal(leo.asks("VERIFY leo c0de")) == ("VERIFY", "INVALID_CODE", "leo")


def test_an_invitation_that_made_nothing_is_still_good(exclusive: Scene) -> None:
    """Somebody else was quicker with that name."""
    maya = exclusive.enter("maya")
    maya.say(f"REGISTER mayflower * {WORDS}", f"REGISTER * * {WORDS}")
    account(exclusive, "mayflower")
    assert refusal(maya.asks("VERIFY mayflower c0de")) == ("VERIFY", "ACCOUNT_EXISTS", "mayflower")
    assert commands(maya.asks("VERIFY maya c0de")) == ["VERIFY", "900"]


# ACCOUNTREQUIRED


@pytest.fixture
def private(build: Callable[..., Scene]) -> Scene:
    """A house for people with an account."""
    scene = build(accounts=AccountRules(guests=False))
    account(scene, "maya")
    return scene


def test_guests_are_told_that_they_need_an_account(private: Scene) -> None:
    """ "FAIL * ACCOUNT_REQUIRED <message>", in response to the end of registration; they may still log in then."""
    tom = newcomer(private)
    heard = tom.asks("NICK maya", "USER tom 0 * :Tom", "CAP END")
    assert refusal(heard) == ("*", "ACCOUNT_REQUIRED")
    assert not tom.cable.closed
    assert commands(log_in(tom, "maya"))[:4] == ["AUTHENTICATE", "900", "903", "001"]


def test_or_make_one(private: Scene) -> None:
    """ "clients should respond to both of these conditions by suggesting that the user register an account"."""
    tom = newcomer(private)
    tom.say("NICK tom", "USER tom 0 * :Tom", "CAP END")
    assert commands(tom.asks(f"REGISTER * * {WORDS}"))[:3] == ["REGISTER", "900", "001"]


def test_the_house_says_so_in_isupport(private: Scene, build: Callable[..., Scene]) -> None:
    """ "If present, it indicates that the connection to the server cannot be completed unless the clients" log in."""
    for scene, required in ((private, True), (build(), False)):
        if not required:
            account(scene, "maya")
        maya = newcomer(scene)
        log_in(maya, "maya")
        heard = maya.asks("NICK maya", "USER maya 0 * :Maya", "CAP END")
        tokens = [word for line in every(heard, "005") for word in line.params]
        assert ("draft/ACCOUNTREQUIRED" in tokens) == required


def test_whoever_logs_out_there_leaves(private: Scene) -> None:
    """Guests are not let in, and so do not stay either."""
    maya = member(private, "maya")
    assert commands(maya.asks("PRIVMSG NickServ LOGOUT"))[-1] == "ERROR"
    assert maya.cable.closed


# account-notify


def test_neighbours_are_told_who_logs_in_and_out(scene: Scene) -> None:
    """ "clients will get the ACCOUNT message [...] for clients on common channels with them, including themselves"."""
    account(scene, "Maya")
    maya = scene.enter("maya2", "sasl", "account-notify", rooms=["#tea", "#den"])
    leo = scene.enter("leo", "account-notify", rooms=["#tea", "#den"])
    sam, tom = scene.enter("sam", rooms=["#tea"]), scene.enter("tom", "account-notify")
    for person in (maya, leo, sam):
        person.hears()
    heard = log_in(maya, "maya")
    assert commands(heard) == ["AUTHENTICATE", "900", "ACCOUNT", "903"]
    assert heard[2] == ":maya2!maya2@192.0.2.7 ACCOUNT Maya"
    assert leo.hears() == [":maya2!maya2@192.0.2.7 ACCOUNT Maya"]
    assert maya.asks("PRIVMSG NickServ :LOGOUT")[0] == ":maya2!maya2@192.0.2.7 ACCOUNT *"
    assert leo.hears() == [":maya2!maya2@192.0.2.7 ACCOUNT *"]
    assert sam.hears() == tom.hears() == []


def test_other_devices_of_the_same_guest_are_told_nothing_new(scene: Scene) -> None:
    """Logging in again as the same account changes nothing, and is confirmed to the one who did."""
    account(scene, "maya")
    phone = member(scene, "maya", "account-notify")
    desk = member(scene, "maya", "account-notify")
    assert commands(log_in(phone, "maya")) == ["AUTHENTICATE", "900", "903"]
    assert desk.hears() == []


def test_private_talk_follows_the_account(scene: Scene) -> None:
    """What is said after a login is the account's, whatever the nick; what was said before is the guest's."""
    account(scene, "maya")
    caps = ("sasl", "draft/chathistory", "batch")
    guest, leo = scene.enter("guest", *caps), scene.enter("leo")
    leo.say("PRIVMSG guest :to the guest")
    log_in(guest, "maya")
    leo.say("PRIVMSG guest :to maya")
    guest.leaves()
    maya = member(scene, "mayflower", *caps, account="maya")
    heard = maya.asks("CHATHISTORY LATEST leo * 9")
    assert [line.params[-1] for line in every(heard, "PRIVMSG")] == ["to maya"]


# Nicks


@pytest.fixture
def owned(scene: Scene) -> Scene:
    """A house in which maya has an account, and is not here."""
    account(scene, "Maya")
    return scene


def taken(heard: list[str]) -> bool:
    line = only(heard, "433")
    return line.params[-1].startswith("That nick belongs to an account: log in to it first")


@pytest.mark.parametrize("nick", ["maya", "MAYA"])
def test_the_name_of_an_account_is_its_owners_nick(owned: Scene, nick: str) -> None:
    """Nobody else may wear it: not when they come, and not later."""
    tom = owned.connect()
    assert taken(tom.asks(f"NICK {nick}", "USER tom 0 * :Tom"))
    assert commands(tom.asks("NICK tom"))[:1] == ["001"]
    assert taken(tom.asks(f"NICK {nick}"))
    assert set(owned.hub.users) == {"tom"}


def test_its_owner_may_wear_it(owned: Scene) -> None:
    """Once they have shown who they are: before they come in, by PASS, or when they are here."""
    assert member(owned, "maya").asks("QUIT")
    passed = owned.connect()
    assert params(passed.asks("PASS maya:sesame123", "NICK maya", "USER maya 0 * :Maya"), "001")[0] == "maya"
    passed.say("QUIT")
    late = owned.enter("late", "sasl")
    log_in(late, "maya")
    assert params(late.asks("NICK Maya"), "NICK") == ("Maya",)


def test_a_house_may_leave_nicks_to_whoever_comes_first(build: Callable[..., Scene]) -> None:
    """Then a guest may wear the name of an account, without being taken for its owner."""
    scene = build(accounts=AccountRules(reserve_nicks=False))
    account(scene, "maya")
    assert "maya" in {user.nick for user in [scene.enter("maya").session.user] if user is not None}
    assert scene.hub.users["maya"].account == ""


@pytest.mark.parametrize("nick", ["NickServ", "CHANSERV"])
def test_services_are_not_impersonated(scene: Scene, nick: str) -> None:
    """People send their passwords to these names."""
    tom = scene.connect()
    assert only(tom.asks("USER tom 0 * :Tom", f"NICK {nick}"), "433").params[1] == nick
    assert only(scene.enter("leo").asks(f"NICK {nick}"), "433").params[-1].startswith("That nick belongs to a service")
