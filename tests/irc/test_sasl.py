"""AUTHENTICATE. https://ircv3.net/specs/extensions/sasl-3.1 and https://ircv3.net/specs/extensions/sasl-3.2"""

from __future__ import annotations

import hmac
from base64 import b64decode
from collections import deque
from collections.abc import Callable
from hashlib import pbkdf2_hmac, sha256

import pytest
from msgspec.structs import replace

from hubbub.hub.account import AppPassword, TooBusy, app_secret
from hubbub.hub.ports import StoreFailed
from hubbub.hub.promise import Promise, broken
from tests.irc.lines import commands, every, only, params
from tests.irc.logins import account, found, log_in, member, newcomer, plain, said
from tests.scene import Person, Scene

BAD = "sesame 321"


@pytest.fixture
def scene(build: Callable[..., Scene]) -> Scene:
    """A house in which Maya and leo have accounts."""
    scene = build()
    account(scene, "Maya")
    account(scene, "leo")
    return scene


def test_the_capability_names_the_mechanisms(scene: Scene) -> None:
    """ "a comma (,) separated list of SASL authentication mechanisms", for those who know values."""
    maya = scene.connect()
    names = " ".join(line.params[-1] for line in every(maya.asks("CAP LS 302"), "CAP")).split()
    assert "sasl=PLAIN,SCRAM-SHA-256" in names
    old = scene.connect()
    assert "sasl=" not in "".join(old.asks("CAP LS"))


def test_the_right_password_logs_in_before_registration(scene: Scene) -> None:
    """ "If authentication is successful, a 900 and 903 numeric will be sent"; the account is spelled as it was made."""
    maya = newcomer(scene)
    assert maya.asks("AUTHENTICATE PLAIN") == ["AUTHENTICATE +"]
    assert maya.asks("NICK maya", plain("MAYA")) == [
        ":hub.example 900 maya maya!*@192.0.2.7 Maya :You are now logged in as Maya",
        ":hub.example 903 maya :SASL authentication successful",
    ]
    assert commands(maya.asks("USER maya 0 * :Maya", "CAP END"))[:1] == ["001"]
    user = scene.hub.users["maya"]
    assert (user.account, user.identity) == ("Maya", "maya")


def test_one_may_try_again(scene: Scene) -> None:
    """ "the client MAY retry from the AUTHENTICATE <mechanism> command"."""
    maya = newcomer(scene)
    for line in (plain("maya", BAD), "AUTHENTICATE !!!", f"AUTHENTICATE {'A' * 401}", "AUTHENTICATE *"):
        assert commands(maya.asks("AUTHENTICATE PLAIN", line))[0] == "AUTHENTICATE"
    assert commands(log_in(maya, "maya")) == ["AUTHENTICATE", "900", "903"]


def test_nobody_acts_as_somebody_else(scene: Scene) -> None:
    """The server verifies "that the authentication credentials permit the client to act as the [...] authzid"."""
    maya = newcomer(scene)
    assert commands(maya.asks("AUTHENTICATE PLAIN", plain("maya", authzid="leo")))[-1] == "904"
    assert commands(maya.asks("AUTHENTICATE PLAIN", plain("maya", authzid="MAYA")))[-1] == "903"


def test_a_long_response_comes_in_chunks(scene: Scene) -> None:
    """ "The response is encoded in Base64, then split to 400-byte chunks"; a full last one is followed by a +."""
    account(scene, "tom", "x" * 592)
    tom = newcomer(scene)
    text = plain("tom", "x" * 592, authzid="tom").removeprefix("AUTHENTICATE ")
    assert len(text) == 804 - 4
    assert tom.asks("AUTHENTICATE PLAIN", f"AUTHENTICATE {text[:400]}", f"AUTHENTICATE {text[400:]}") == [
        "AUTHENTICATE +"
    ]
    assert commands(tom.asks("AUTHENTICATE +")) == ["900", "903"]


def test_a_chunk_that_is_too_long_is_told_apart(scene: Scene) -> None:
    """ "905 [...] the client-sent AUTHENTICATE command was too long (i.e. the parameter longer than 400 bytes)"."""
    maya = newcomer(scene)
    assert commands(maya.asks("AUTHENTICATE PLAIN", f"AUTHENTICATE {'A' * 401}")) == ["AUTHENTICATE", "905"]
    assert commands(maya.asks(f"AUTHENTICATE {'A' * 401}")) == ["905"]


def test_a_response_without_end_is_refused(scene: Scene) -> None:
    """ "The server MAY place a limit on the total length of a response"."""
    maya = newcomer(scene)
    heard = maya.asks("AUTHENTICATE PLAIN", *["AUTHENTICATE " + "A" * 400] * 11)
    assert commands(heard) == ["AUTHENTICATE", "904"]


@pytest.mark.parametrize("response", ["!!!", "AAA", said("maya"), said("\0\0sesame123"), said("\0maya\0"), "+"])
def test_a_response_that_cannot_be_read_is_refused(scene: Scene, response: str) -> None:
    """ "904 [...] because of invalid credentials or other errors not explicitly mentioned by other numerics"."""
    assert commands(newcomer(scene).asks("AUTHENTICATE PLAIN", f"AUTHENTICATE {response}")) == ["AUTHENTICATE", "904"]


def test_an_unknown_mechanism_is_answered_with_those_that_are_known(scene: Scene) -> None:
    """908 "MAY be sent in reply to an AUTHENTICATE command which requests an unsupported mechanism"."""
    heard = newcomer(scene).asks("AUTHENTICATE FOO")
    assert commands(heard) == ["908", "904"]
    assert params(heard, "908")[1] == "PLAIN,SCRAM-SHA-256"


def test_a_mechanism_is_known_in_any_case(scene: Scene) -> None:
    """Clients that whisper are understood."""
    assert newcomer(scene).asks("AUTHENTICATE plain") == ["AUTHENTICATE +"]


def test_a_star_ends_the_exchange(scene: Scene) -> None:
    """ "The client can abort an authentication by sending an asterisk as the data. The server will send a 906"."""
    maya = newcomer(scene)
    assert commands(maya.asks("AUTHENTICATE PLAIN", "AUTHENTICATE *")) == ["AUTHENTICATE", "906"]
    assert commands(maya.asks(plain("maya"))) == ["908", "904"]


def test_registering_ends_the_exchange(scene: Scene) -> None:
    """ "the server SHOULD abort it and send a 906 numeric, then register the client without authentication"."""
    maya = newcomer(scene)
    heard = maya.asks("AUTHENTICATE PLAIN", "NICK tom", "USER tom 0 * :Tom", "CAP END")
    assert commands(heard)[:3] == ["AUTHENTICATE", "906", "001"]
    assert scene.hub.users["tom"].account == ""


def test_nick_and_user_may_come_in_between(scene: Scene) -> None:
    """ "The server MAY intersperse other IRC protocol messages", and so may the client."""
    maya = newcomer(scene)
    heard = maya.asks("AUTHENTICATE PLAIN", "NICK maya", "USER maya 0 * :Maya", plain("maya"))
    assert commands(heard) == ["AUTHENTICATE", "900", "903"]


def test_the_capability_comes_first(scene: Scene) -> None:
    """ "The client MUST enable the sasl capability before using the AUTHENTICATE command"."""
    maya = scene.connect()
    assert commands(maya.asks("CAP LS 302", "AUTHENTICATE PLAIN", "NICK maya"))[-1] == "904"


def test_one_logs_in_after_registration_as_well(scene: Scene) -> None:
    """ "Servers SHOULD allow a client, authenticated or otherwise, to reauthenticate [...] at any time"."""
    tom = scene.enter("tom", "sasl")
    assert log_in(tom, "maya") == [
        "AUTHENTICATE +",
        ":hub.example 900 tom tom!tom@192.0.2.7 Maya :You are now logged in as Maya",
        ":hub.example 903 tom :SASL authentication successful",
    ]
    assert commands(log_in(tom, "leo")) == ["AUTHENTICATE", "900", "903"]
    assert scene.hub.users["tom"].who.account == "leo"


def test_who_fails_to_log_in_anew_stays_who_they_are(scene: Scene) -> None:
    """A mistyped password takes nothing away."""
    maya = member(scene, "maya")
    assert commands(log_in(maya, "leo", BAD)) == ["AUTHENTICATE", "904"]
    assert scene.hub.users["maya"].account == "Maya"


def test_a_nick_that_was_worn_by_right_is_given_back(scene: Scene) -> None:
    """Whoever becomes somebody else is called otherwise, unless the new account is called so."""
    maya = member(scene, "maya")
    heard = log_in(maya, "leo")
    assert only(heard, "NICK").source == "maya!maya@192.0.2.7"
    assert only(heard, "NICK").params[0].startswith("Guest")


def test_several_devices_do_not_become_somebody_else(scene: Scene) -> None:
    """They stand behind one nick: the others would be taken along."""
    phone = member(scene, "maya")
    member(scene, "maya")
    assert "Other devices" in log_in(phone, "leo")[-1]
    assert commands(log_in(phone, "maya")) == ["AUTHENTICATE", "900", "903"]


def test_a_labelled_answer_carries_its_label(scene: Scene) -> None:
    """AUTHENTICATE is a command like any other."""
    maya = newcomer(scene, "labeled-response", "batch")
    assert maya.asks("@label=1 AUTHENTICATE PLAIN") == ["@label=1 AUTHENTICATE +"]
    heard = maya.asks(f"@label=2 {plain('maya')}")
    assert heard[0].startswith("@label=2 :hub.example BATCH +")
    assert commands(heard) == ["BATCH", "900", "903", "BATCH"]


# SCRAM-SHA-256: https://www.rfc-editor.org/rfc/rfc5802


def challenge(person: Person, name: str) -> str:
    """Say who it is; what the server says to that."""
    heard = person.asks("AUTHENTICATE SCRAM-SHA-256", f"AUTHENTICATE {said(f'n,,n={name},r=fyko')}")
    assert heard[0] == "AUTHENTICATE +"
    return b64decode(heard[1].removeprefix("AUTHENTICATE ")).decode()


def proof(name: str, password: str, server_first: str) -> tuple[str, str]:
    """The line that proves the password, and what the server then has to prove."""
    fields = dict(part.split("=", 1) for part in server_first.split(","))
    salted = pbkdf2_hmac("sha256", password.encode(), b64decode(fields["s"]), int(fields["i"]))
    key, server = (hmac.digest(salted, word, "sha256") for word in (b"Client Key", b"Server Key"))
    without = f"c=biws,r={fields['r']}"
    agreed = f"n={name},r=fyko,{server_first},{without}".encode()
    signature = hmac.digest(sha256(key).digest(), agreed, "sha256")
    answer = bytes(one ^ other for one, other in zip(key, signature, strict=True))
    signed = said(b"v=" + said(hmac.digest(server, agreed, "sha256")).encode())
    return f"AUTHENTICATE {said(f'{without},p={said(answer)}')}", f"AUTHENTICATE {signed}"


def test_a_password_is_proved_without_being_told(scene: Scene) -> None:
    """The server proves that it knows it, too; "clients MUST still send an empty response" to that."""
    maya = newcomer(scene)
    line, signed = proof("MAYA", "sesame123", challenge(maya, "MAYA"))
    assert maya.asks(line) == [signed]
    heard = maya.asks("AUTHENTICATE +")
    assert commands(heard) == ["900", "903"]
    assert params(heard, "900")[2] == "Maya"


def test_a_wrong_proof_is_refused(scene: Scene) -> None:
    """Without saying more than that."""
    maya = newcomer(scene)
    line, _ = proof("maya", BAD, challenge(maya, "maya"))
    assert maya.asks(line) == [":hub.example 904 * :SASL authentication failed: Wrong or missing password"]


def test_an_account_without_keys_for_scram_is_not_told_apart(scene: Scene) -> None:
    """Its owner can use PLAIN."""
    scene.accounts.change("maya", lambda maya: replace(maya, scram=None))
    tom = newcomer(scene)
    line, _ = proof("maya", "sesame123", challenge(tom, "maya"))
    assert commands(tom.asks(line)) == ["904"]
    assert commands(log_in(tom, "maya"))[-1] == "903"


def test_a_message_out_of_order_ends_it(scene: Scene) -> None:
    """Nobody is logged in by skipping a step."""
    tom = newcomer(scene)
    assert commands(tom.asks("AUTHENTICATE SCRAM-SHA-256", "AUTHENTICATE +"))[-1] == "904"
    challenge(tom, "maya")
    assert commands(tom.asks("AUTHENTICATE +")) == ["904"]
    assert tom.session.login is None


# EXTERNAL: https://www.rfc-editor.org/rfc/rfc4422#appendix-A


@pytest.fixture
def certified(scene: Scene) -> Person:
    """A connection with a certificate that Maya has registered."""
    scene.accounts.change("maya", lambda maya: replace(maya, certs=("ab" * 32,)))
    person = newcomer(scene)
    person.cable.fingerprint = "ab" * 32
    return person


@pytest.mark.parametrize("name", ["+", said("maya"), said("MAYA")])
def test_a_certificate_logs_in(certified: Person, name: str) -> None:
    """Whether the client says whose it is or leaves that to the server."""
    assert "sasl=PLAIN,SCRAM-SHA-256,EXTERNAL" in " ".join(certified.asks("CAP LS 302"))
    heard = certified.asks("AUTHENTICATE EXTERNAL", f"AUTHENTICATE {name}")
    assert commands(heard) == ["AUTHENTICATE", "900", "903"]
    assert params(heard, "900")[2] == "Maya"


def test_a_certificate_is_good_for_its_owner_alone(certified: Person) -> None:
    """Not for another name, and an unknown one for nobody."""
    assert commands(certified.asks("AUTHENTICATE EXTERNAL", f"AUTHENTICATE {said('leo')}"))[-1] == "904"
    certified.cable.fingerprint = "cd" * 32
    assert commands(certified.asks("AUTHENTICATE EXTERNAL", "AUTHENTICATE +"))[-1] == "904"


def test_without_a_certificate_there_is_no_external(scene: Scene) -> None:
    """It is a mechanism that is not known on this connection."""
    assert commands(newcomer(scene).asks("AUTHENTICATE EXTERNAL")) == ["908", "904"]


# The passwords of devices


def test_a_device_logs_in_by_a_password_of_its_own(scene: Scene) -> None:
    """By PLAIN and by PASS, and it is kept when it was last here."""
    app = AppPassword("phone", app_secret("word-1"), 0)
    scene.accounts.change("maya", lambda maya: maya.with_app(app))
    assert commands(log_in(newcomer(scene), "maya", "word-1"))[-1] == "903"
    heard = scene.connect().asks("PASS maya:word-1", "NICK maya", "USER maya 0 * :Maya")
    assert params(heard, "900")[2] == "Maya"
    assert found(scene, "maya").apps == (replace(app, used=scene.clock.now()),)


# What may go wrong with us


def test_too_many_logins_at_once_are_put_off(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is told that their password is wrong when nobody looked at it."""
    monkeypatch.setattr(scene.logins.passwords, "verify", lambda secret, given: broken(TooBusy("busy")))
    assert "try again in a few seconds" in log_in(newcomer(scene), "maya")[-1]


def test_accounts_that_cannot_be_read_are_no_fault_of_the_clients(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The session lives on, and may try later."""
    monkeypatch.setattr(scene.accounts, "find", lambda key: broken(StoreFailed("gone")))
    maya = newcomer(scene)
    assert "cannot reach its accounts" in log_in(maya, "maya")[-1]
    assert not maya.cable.closed


def test_who_leaves_while_the_password_is_checked_is_gone(scene: Scene) -> None:
    """An answer that comes late finds nobody, and no harm is done."""
    scene.checks = deque()
    tom = scene.enter("tom", "sasl")
    log_in(tom, "maya")
    tom.leaves()
    scene.checks.popleft().keep(True)
    scene.turn()
    assert "tom" not in scene.hub.users
    assert scene.hub.identities == {}


def test_a_login_is_one_change_among_others(scene: Scene) -> None:
    """Lines behind it wait for it: what is said next is said as the account."""
    leo = scene.enter("leo2", "account-tag", rooms=["#tea"])
    tom = scene.enter("tom", "sasl", rooms=["#tea"])
    leo.hears()
    checks: deque[Promise[bool]] = deque()
    scene.checks = checks
    tom.say("AUTHENTICATE PLAIN", plain("maya"), "PRIVMSG #tea :it is me")
    assert leo.hears() == []
    checks.popleft().keep(True)
    scene.turn()
    assert only(leo.hears(), "PRIVMSG").tags["account"] == "Maya"
