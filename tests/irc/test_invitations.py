"""Invites: codes that bring guests in, into the house and into a room, for a while and so many times."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from dataclasses import replace as replace_rules

import pytest

from hubbub.dialects.irc.dialect import OperatorLogin, Settings
from hubbub.hub.invites import ALPHABET, HOUR, Terms, code_length, read_code
from hubbub.server.logins import AccountRules
from hubbub.wire.cpace import Party, tag
from tests.irc.lines import commands, every, only, params
from tests.irc.logins import account, member
from tests.irc.owners import reopened
from tests.scene import RULES, Person, Scene

CAP = "hubbub.chat/invite"
OWNED = Settings(operators={"root": OperatorLogin("secret", "owner")})
KEY = "a-key-of-the-guest"


def owner(scene: Scene, nick: str = "maya", *rooms: str) -> Person:
    """She owns the server."""
    person = scene.enter(nick, CAP, rooms=rooms)
    person.asks("OPER root secret")
    return person


def code(person: Person, *words: str) -> str:
    """A new invite of hers."""
    return params(person.asks(f"INVITATION CREATE {' '.join(words)}"), "INVITATION")[1]


def guest(scene: Scene, nick: str, *lines: str, address: str = "198.51.100.4") -> Person:
    """Somebody who says these lines before they are in."""
    person = scene.connect(address=address)
    person.say(f"CAP REQ {CAP}", *lines, f"NICK {nick}", f"USER {nick} 0 * :{nick}", "CAP END")
    return person


@pytest.fixture
def scene(build: Callable[..., Scene]) -> Scene:
    return build(settings=OWNED)


@pytest.fixture
def closed(build: Callable[..., Scene]) -> Scene:
    """A house that takes in people with an account alone, and has a password besides."""
    house = build(settings=replace_rules(OWNED, password="sesame"), accounts=AccountRules(guests=False))
    account(house, "maya")
    return house


@pytest.fixture
def maya(closed: Scene) -> Person:
    person = member(closed, "maya", CAP, rooms=("#den",))
    person.asks("OPER root secret")
    return person


def test_an_invite_opens_a_house_that_is_closed(closed: Scene, maya: Person) -> None:
    """No account and no password are needed; the guest learns which room they are asked into."""
    invite = code(maya, "#den")
    leo = guest(closed, "leo", f"INVITATION USE {invite}")
    heard = leo.hears()
    assert params(heard, "INVITATION") == ("USED", invite, "#den")
    assert "001" in commands(heard)
    assert guest(closed, "tom").cable.closed


def test_a_client_that_knows_nothing_of_invites_gives_the_code_as_password(closed: Scene, maya: Person) -> None:
    """Every IRC client has PASS."""
    leo = closed.connect()
    leo.say(f"PASS {code(maya, '#den').upper()}", "NICK leo", "USER leo 0 * :Leo")
    assert "001" in commands(leo.hears())


@pytest.mark.parametrize("mode", ["+i", "+k secret", "+R"])
def test_an_invite_opens_a_room_that_is_shut(scene: Scene, mode: str) -> None:
    """Whoever came by it may go in, before they registered or after; others may not."""
    maya = owner(scene, "maya", "#den")
    maya.say(f"MODE #den {mode}")
    invite = code(maya, "#den")
    early, late, other = guest(scene, "leo", f"INVITATION USE {invite}"), scene.enter("sam", CAP), scene.enter("tom")
    late.say(f"INVITATION USE {invite}")
    assert "366" in commands(early.asks("JOIN #den"))
    assert "366" in commands(late.asks("JOIN #den"))
    assert "366" not in commands(other.asks("JOIN #den"))


def test_an_invite_is_no_way_round_a_ban(scene: Scene) -> None:
    """Whoever was put out could come by the same code again."""
    maya = owner(scene, "maya", "#den")
    invite = code(maya, "#den")
    maya.say("MODE #den +b leo!*@*")
    leo = guest(scene, "leo", f"INVITATION USE {invite}")
    assert "474" in commands(leo.asks("JOIN #den"))


def test_an_invite_opens_no_room_that_was_made_anew(scene: Scene) -> None:
    """The name is the same; the people who asked nobody in are others."""
    maya = owner(scene, "maya", "#den")
    invite = code(maya, "#den")
    maya.say("PART #den")
    scene.clock.advance(1)
    scene.enter("sam", rooms=["#den"]).say("MODE #den +i")
    leo = guest(scene, "leo", f"INVITATION USE {invite}")
    assert "473" in commands(leo.asks("JOIN #den"))


def test_a_guest_does_not_run_the_room_they_were_asked_into(scene: Scene) -> None:
    """It may be empty, after a restart or because the invite came before the room; those who asked them in run it."""
    maya = owner(scene, "maya", "#den")
    invite = code(maya, "#den")
    maya.say("PART #den")
    leo = guest(scene, "leo", f"INVITATION USE {invite}")
    assert "leo" in params(leo.asks("JOIN #den"), "353")[-1].split()
    assert "482" in commands(leo.asks("MODE #den +m"))
    assert "@leo" in params(leo.asks("JOIN #tea"), "353")[-1].split()


def test_who_has_an_account_runs_the_room_they_make(closed: Scene, maya: Person) -> None:
    """Also where guests are asked into it."""
    code(maya, "#den")
    maya.say("PART #den")
    assert "@maya" in params(maya.asks("JOIN #den"), "353")[-1].split()


def test_an_invite_follows_its_room_to_another_name(scene: Scene) -> None:
    """It is the room that one is asked into, not its name."""
    maya = scene.enter("maya", CAP, "draft/channel-rename", rooms=["#den"])
    maya.say("MODE #den +i")
    invite, early = code(maya, "#den"), scene.enter("sam", CAP)
    early.say(f"INVITATION USE {invite}")
    maya.say("RENAME #den #lair")
    leo = guest(scene, "leo", f"INVITATION USE {invite}")
    assert params(leo.hears(), "INVITATION") == ("USED", invite, "#lair")
    for person in (leo, early):
        assert "366" in commands(person.asks("JOIN #lair"))


def test_of_two_who_race_for_the_last_use_one_comes_in(build: Callable[..., Scene]) -> None:
    """A use is gone when it is stored, and who comes while that is under way waits for it."""
    scene = build(settings=OWNED, slow=True)
    invite = code(owner(scene), "*", "2h", "1")
    scene.slow.held = True
    leo, sam = (guest(scene, nick, f"INVITATION USE {invite}") for nick in ("leo", "sam"))
    scene.slow.held = False
    scene.slow.land()
    scene.turn()
    answers = [*every(leo.hears(), "INVITATION"), *every(sam.hears(), "FAIL")]
    assert [answer.params[:2] for answer in answers] == [("USED", invite), ("INVITATION", "INVITE_OVER")]
    assert answers[1].params[-1] == "That invite has been used as often as it may be; ask for a new one"


def test_a_use_that_could_not_be_stored_lets_nobody_in(build: Callable[..., Scene]) -> None:
    """And it is not gone."""
    scene = build(settings=OWNED, slow=True)
    invite = code(owner(scene), "*", "2h", "1")
    scene.slow.held = True
    leo = guest(scene, "leo", f"INVITATION USE {invite}")
    scene.slow.held = False
    scene.slow.fail(OSError("full"))
    scene.turn()
    assert [str(fault) for fault in scene.faults] == ["full"]
    scene.faults.clear()
    assert "NOT_STORED" in only(leo.hears(), "FAIL").params
    assert params(leo.asks(f"INVITATION USE {invite}"), "INVITATION")[0] == "USED"


def test_who_comes_again_by_their_own_key_is_counted_once(scene: Scene) -> None:
    """A connection that broke costs nobody their invite; nor does one more of somebody who is logged in."""
    account(scene, "sam")
    maya = owner(scene)
    invite = code(maya, "*", "2h", "3")
    for nick in ("leo", "leo_"):
        assert "001" in commands(guest(scene, nick, f"INVITATION USE {invite} {KEY}").hears())
    for _ in range(2):
        member(scene, "sam", CAP).say(f"INVITATION USE {invite}")
    assert every(maya.asks("INVITATION LIST"), "INVITATION")[0].params[4] == "2/3"
    assert "USED" in params(guest(scene, "tom", f"INVITATION USE {invite}").hears(), "INVITATION")
    assert every(guest(scene, "priya", f"INVITATION USE {invite}").hears(), "FAIL")


OVER = "That invite {}; ask for a new one"


@pytest.mark.parametrize(
    ("end", "words"),
    [
        (lambda scene, maya, invite: scene.pass_time(2 * 3600), OVER.format("has expired")),
        (lambda scene, maya, invite: scene.clock.advance(-2 * 3600), OVER.format("has expired")),
        (lambda scene, maya, invite: maya.say(f"INVITATION REVOKE {invite}"), OVER.format("was taken back")),
    ],
    ids=["it is late", "the clock was put right", "it was taken back"],
)
def test_an_invite_that_is_over_says_why(scene: Scene, end: Callable[[Scene, Person, str], None], words: str) -> None:
    """One clear sentence each; who has come by it stays."""
    maya = owner(scene)
    invite = code(maya)
    leo = guest(scene, "leo", f"INVITATION USE {invite}")
    end(scene, maya, invite)
    assert only(guest(scene, "sam", f"INVITATION USE {invite}").hears(), "FAIL").params == (
        "INVITATION",
        "INVITE_OVER",
        invite,
        words,
    )
    assert not leo.cable.closed


def test_guesses_are_counted_with_the_logins(scene: Scene) -> None:
    """After ten of them nobody at that address tries on for a while, not with the right code either."""
    invite = code(owner(scene))
    stranger = guest(scene, "mallory")
    for guess in range(10):
        assert "INVITE_UNKNOWN" in only(stranger.asks(f"INVITATION USE 00000{guess}"), "FAIL").params
    answer = only(guest(scene, "eve", f"INVITATION USE {invite}").hears(), "FAIL")
    assert answer.params[1] == "TEMPORARILY_UNAVAILABLE"
    elsewhere = guest(scene, "leo", f"INVITATION USE {invite}", address="203.0.113.9")
    assert every(elsewhere.hears(), "INVITATION")


def test_a_code_is_as_long_as_it_must_be() -> None:
    """Six characters for two hours, eight for a month, twelve for longer or where guesses are not counted."""
    lasts = [2 * HOUR, 2 * HOUR + 1, 30 * 24 * HOUR, 30 * 24 * HOUR + 1, 0]
    terms = [Terms(1, 1 + length if length else 0) for length in lasts]
    assert [code_length(each, guarded=True) for each in terms] == [6, 8, 8, 12, 12]
    assert {code_length(each, guarded=False) for each in terms} == {12}


@pytest.mark.parametrize("typed", ["K7Q4M2", "k7q4-m2", " k7q4 m2 "])
def test_a_code_is_read_as_it_was_meant(typed: str) -> None:
    """In capitals, in groups; and who reads a nought as an O, or a one as an l, is understood."""
    assert read_code(typed) == "k7q4m2"
    assert read_code("oOiIlL") == "001111"


@pytest.mark.parametrize("typed", ["", "k7q4m", "k7q4m2k", "k7q4mu", "k7q4mé", "#lobby", "٣٣٣٣٣٣"])
def test_what_is_no_code_is_none(typed: str) -> None:
    """Another length, or a letter that no code has."""
    assert read_code(typed) == ""
    assert set("uilo").isdisjoint(ALPHABET)


def test_who_may_make_invites(scene: Scene) -> None:
    """To the house those who run it; to a room those who run that; others if the house says so."""
    owner(scene, "maya", "#den")
    account(scene, "leo")
    sam, leo = scene.enter("sam", CAP, rooms=["#den"]), member(scene, "leo", CAP, rooms=("#den", "#lair"))
    assert only(sam.asks("INVITATION CREATE"), "481").params[-1] == "You may not make invites to this server"
    assert commands(sam.asks("INVITATION CREATE #den")) == ["482"]
    assert commands(sam.asks("INVITATION CREATE #lair")) == ["442"]
    assert code(leo, "#lair")
    scene.hub.rules = replace_rules(RULES, members_invite=True)
    assert commands(sam.asks("INVITATION CREATE #den")) == ["482"]  # a guest is no member
    assert code(leo, "#den")
    assert code(leo)


def test_who_only_runs_a_room_opens_that_alone(closed: Scene, maya: Person) -> None:
    """Whether a closed house takes guests in is for those to say who run the house."""
    account(closed, "leo")
    invite = code(member(closed, "leo", CAP, rooms=("#lair",)), "#lair")
    assert guest(closed, "tom", f"INVITATION USE {invite}").cable.closed


def test_invites_are_seen_and_taken_back_by_those_who_may(scene: Scene) -> None:
    """Whoever made it, whoever runs its room, whoever runs the house; others do not learn that it is there."""
    maya, leo, sam = owner(scene), scene.enter("leo", CAP, rooms=["#den"]), scene.enter("sam", CAP)
    house, room = code(maya), code(leo, "#den")
    assert [line.params[:2] for line in every(maya.asks("INVITATION LIST"), "INVITATION")] == [
        ("LISTED", house),
        ("LISTED", room),
        ("END",),
    ]
    assert params(sam.asks("INVITATION LIST"), "INVITATION") == ("END",)
    assert "INVITE_UNKNOWN" in only(sam.asks(f"INVITATION REVOKE {room}"), "FAIL").params
    assert params(leo.asks(f"INVITATION REVOKE {room}"), "INVITATION") == ("REVOKED", room)
    assert "INVITE_OVER" in only(maya.asks(f"INVITATION REVOKE {room}"), "FAIL").params


def test_people_without_the_capability_read_sentences(scene: Scene) -> None:
    """Whatever client they use, HELP shows them the command."""
    maya = scene.enter("maya", rooms=["#den"])
    made = only(maya.asks("INVITATION CREATE #den 30m 5"), "NOTICE").params[1]
    assert made.endswith(" brings guests to #den, until 2026-09-21T14:43:20.000Z, 5 times")
    invite = made.split()[0]
    listed = only(maya.asks("INVITATION LIST")[:1], "NOTICE").params[1]
    assert listed == f"{invite} to #den, until 2026-09-21T14:43:20.000Z, used 0/5, by maya"
    assert "/join #den leads there" in scene.enter("leo").asks(f"INVITATION USE {invite}")[0]
    assert maya.asks(f"INVITATION REVOKE {invite}")[0].endswith("lets nobody in any more; who came by it stays")


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("INVITATION DANCE", "INVALID_PARAMS"),
        ("INVITATION USE", "INVALID_PARAMS"),
        ("INVITATION USE k7q4m2 short", "INVALID_PARAMS"),
        ("INVITATION CREATE * soon", "INVALID_PARAMS"),
        ("INVITATION CREATE * 2h 0", "INVALID_PARAMS"),
        ("INVITATION CREATE * 2h 101", "INVALID_PARAMS"),
        ("INVITATION CREATE * 367d", "INVALID_PARAMS"),
        ("INVITATION CREATE * 2h -1", "INVALID_PARAMS"),
        ("INVITATION CREATE * 2h ²", "INVALID_PARAMS"),
        ("INVITATION USE :", "INVITE_UNKNOWN"),
        ("INVITATION USE :k7 :q4\x01m2", "INVITE_UNKNOWN"),
    ],
)
def test_what_cannot_be_meant_is_answered(scene: Scene, line: str, answer: str) -> None:
    """With what was expected."""
    maya = owner(scene)
    assert only(maya.asks(line), "FAIL").params[1] == answer


def test_nothing_but_coming_in_can_be_asked_before_one_is_in(scene: Scene) -> None:
    """An invite is made by somebody."""
    assert commands(scene.connect().asks("INVITATION CREATE")) == ["451"]


def test_a_wrong_code_as_password_is_said_where_no_password_is_needed(scene: Scene) -> None:
    """They come in all the same: the house is open."""
    leo = scene.connect()
    leo.say("PASS k7q4m2", "NICK leo", "USER leo 0 * :Leo")
    heard = leo.hears()
    assert "There is no such invite" in every(heard, "NOTICE")[0].params[1]
    assert "001" in commands(heard)


def test_a_password_that_looks_like_a_code_is_a_password(build: Callable[..., Scene]) -> None:
    """What is known opens, whichever of the two it is."""
    scene = build(settings=Settings(password="k7q4m2"))
    leo = scene.connect()
    leo.say("PASS k7q4m2", "NICK leo", "USER leo 0 * :Leo")
    assert "001" in commands(leo.hears())


def test_invites_outlast_a_restart(scene: Scene, build: Callable[..., Scene]) -> None:
    """With the uses that are left; those that have long been over are forgotten when the next is made."""
    maya = owner(scene)
    invite = code(maya, "*", "2h", "1")
    guest(scene, "leo", f"INVITATION USE {invite} {KEY}")
    after = reopened(scene, lambda: build(settings=OWNED))
    assert every(guest(after, "sam", f"INVITATION USE {invite}").hears(), "FAIL")
    assert every(guest(after, "leo", f"INVITATION USE {invite} {KEY}").hears(), "INVITATION")
    after.clock.advance(8 * 24 * 3600)
    code(owner(after))
    assert "INVITE_UNKNOWN" in only(guest(after, "tom", f"INVITATION USE {invite}").hears(), "FAIL").params


def test_a_link_leads_there_where_there_is_a_page(scene: Scene) -> None:
    """For those who have no client yet."""
    scene.irc.page = "http://192.0.2.1:6680"
    made = params(owner(scene).asks("INVITATION CREATE"), "INVITATION")
    assert made[-1] == f"http://192.0.2.1:6680/j/{made[1]}"


SEEN = "ab" * 32
"""The certificate that a client sees."""


def proofs(person: Person, typed: str, seen: str = SEEN) -> list[bool]:
    """Whether each proof is one, for somebody who knows this code and sees that certificate."""
    sid = bytes(16)
    party = Party(typed.encode(), bytes.fromhex(seen), sid)
    answer = person.asks(f"INVITATION PROVE {b64(sid)} {b64(party.point)}")
    assert params(answer[-1:], "INVITATION") == ("END",)
    told = [tuple(map(unb64, line.params[1:])) for line in every(answer, "INVITATION")[:-1]]
    return [tag(party.key(point, began=True), b"server") == mark for point, mark in told]


def b64(data: bytes) -> str:
    return urlsafe_b64encode(data).decode().rstrip("=")


def unb64(text: str) -> bytes:
    return urlsafe_b64decode(text + "==")


def test_the_server_proves_that_it_knows_a_code(scene: Scene) -> None:
    """One proof for each invite; who has one code finds one, and who sees another certificate finds none."""
    scene.irc.certificates = (SEEN,)
    maya = owner(scene)
    ours, _ = code(maya), code(maya)
    leo = scene.connect(secure=True)
    assert sorted(proofs(leo, ours)) == [False, True]
    assert proofs(leo, ours, "cd" * 32) == [False, False]
    assert proofs(leo, "k7q4m2") == [False, False]


def test_a_try_counts_as_a_wrong_code_until_they_come_in(scene: Scene) -> None:
    """Whoever guesses has ten of them, too; whoever comes in has none."""
    scene.irc.certificates = (SEEN,)
    invite = code(owner(scene))
    for _ in range(12):
        leo = scene.connect(secure=True)
        assert proofs(leo, invite) == [True]
        assert every(leo.asks(f"INVITATION USE {invite}"), "NOTICE")
    eve = scene.connect(secure=True)
    for _ in range(10):
        proofs(eve, "000000")
    answer = only(eve.asks(f"INVITATION PROVE {b64(bytes(16))} {b64(bytes(32))}"), "FAIL")
    assert answer.params[1] == "TEMPORARILY_UNAVAILABLE"


@pytest.mark.parametrize("words", ["x", "x y", f"{'A' * 22} {'A' * 42}", "é é", ": :"])
def test_what_is_no_question_is_answered(scene: Scene, words: str) -> None:
    """With what was expected; and where there is no certificate, nothing can be proved of it."""
    scene.irc.certificates = (SEEN,)
    assert only(scene.connect(secure=True).asks(f"INVITATION PROVE {words}"), "FAIL").params[1] == "INVALID_PARAMS"
    plain = scene.connect().asks(f"INVITATION PROVE {b64(bytes(16))} {b64(bytes(32))}")
    assert only(plain, "FAIL").params[-1].endswith("use TLS")


def test_what_became_of_an_invite_stands_in_the_audit_log(scene: Scene) -> None:
    """Who made it, who came by it, who took it back."""
    maya = owner(scene, "maya", "#den")
    invite = code(maya, "#den")
    guest(scene, "leo", f"INVITATION USE {invite}")
    maya.say(f"INVITATION REVOKE {invite}")
    told = [line.params[1] for line in every(maya.asks("AUDIT 3"), "NOTICE")]
    assert [words.partition("192.0.2.7 ")[2] or words.partition("198.51.100.4 ")[2] for words in told] == [
        f"made the invite {invite} to #den until 2026-09-21T16:13:20.000Z",
        f"came by the invite {invite} to #den",
        f"took the invite {invite} to #den back",
    ]
