"""What goes wrong at doors without a protocol: each has its own sentence, and nobody else is disturbed."""

from collections.abc import Callable

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from hubbub.dialects.seats.doorkeeper import Terms
from hubbub.dialects.seats.names import legal
from hubbub.hub.ports import StoreFailed
from hubbub.hub.rules import Rules
from hubbub.server.logins import AccountRules
from tests.doors.porch import Porch

NAMED = ("nick", "getname")
NAMELESS = ("raw", "classic")
DOORS = (*NAMED, "addressed", *NAMELESS)
WORDS = ("@", "#", ":", "/", " ", "\n", "tom", "#lobby", "msg ", "join ", "nick ", "part ", "me ", "login ", "ida", "0")


def _texts() -> st.SearchStrategy[bytes]:
    """What means something at one of these doors, in any order."""
    return st.lists(st.sampled_from(WORDS), max_size=6).map(lambda words: "".join(words).encode())


@pytest.mark.parametrize("door", [*NAMED, "addressed"])
def test_who_says_no_name_is_shown_out(porch: Porch, door: str) -> None:
    """When the time to say one is up."""
    silent = porch.at(door)
    silent.hears()
    silent.seat.overdue()
    porch.turn()
    assert silent.lines() == ["No name came; connect again, and say what you are called"]
    assert silent.cable.closed
    assert not porch.hub.users


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        ("maya van Dam", "maya_van_Dam"),
        ("Zoë", "Zoe"),
        ("7of9", "_7of9"),
        ("  ", "guest"),
        ("Привет", "guest"),
        ("-", "guest"),
        ("m" * 500, "m" * 32),
        (b"Jos\xe9\n", "Jos"),
        ("NickServ", "NickServ2"),
    ],
)
def test_a_name_that_cannot_be_worn_becomes_one_that_can(porch: Porch, asked: str | bytes, given: str) -> None:
    """They are told what they are called, and go on."""
    told = porch.at("getname").asks(asked)
    assert told[0].endswith(f"cannot be had; you are {given} here")
    assert told[1] == f"{given} connected to server!"


def test_a_name_that_belongs_to_an_account_stays_its_owners(porch: Porch) -> None:
    """Whether the owner is here or not."""
    porch.account("maya", "correct horse")
    assert porch.at("nick").asks("MAYA")[0] == "The name MAYA cannot be had; you are MAYA2 here"


def test_twenty_of_one_name_are_twenty_people(porch: Porch) -> None:
    for _ in range(20):
        porch.at("getname", "maya")
    assert len(porch.hub.users) == 20


@pytest.mark.parametrize("door", DOORS)
def test_a_megabyte_without_a_line_end_is_refused_in_one_sentence(porch: Porch, door: str) -> None:
    """Nobody else hears of it, and what comes later is heard."""
    loud, leo = porch.at(door, "#loud"), porch.at("getname", "leo")
    porch.clock.advance(60)
    loud.hears()
    leo.hears()
    assert loud.asks(*[b"x" * 65536] * 16) == ["That is too long: a message has at most 4096 bytes"]
    assert leo.lines() == []
    porch.clock.advance(60)
    loud.sends("hello")
    assert leo.lines()[-1].endswith("hello")


@pytest.mark.parametrize("door", DOORS)
def test_bytes_that_are_no_utf8_are_shown_replaced(porch: Porch, door: str) -> None:
    """Nobody is sent broken ones; a character that never ends does not hold up what came before it."""
    tom = porch.at(door, "#tom")
    ida = porch.enter("ida", rooms=["#lobby"])
    tom.sends(b"caf\xe9 \xff\n")
    assert ida.reads()[-1].params == ("#lobby", "caf\ufffd \ufffd")
    tom.sends(b"caf\xe9")
    assert ida.reads() == []
    porch.pass_time(0.3)
    assert ida.reads()[-1].params == ("#lobby", "caf\ufffd")


@pytest.mark.parametrize("door", DOORS)
def test_what_steers_a_terminal_or_a_line_of_irc_is_left_out(porch: Porch, door: str) -> None:
    """In both directions."""
    tom = porch.at(door, "#tom")
    ida = porch.enter("ida", rooms=["#lobby"])
    tom.sends(b"one\x1b[31m\0 two\rthree \x01VERSION\x01\n")
    assert ida.reads()[-1].params == ("#lobby", "one two three VERSION")
    tom.hears()
    ida.say("PRIVMSG #lobby :\x1b]0;title\x07\x1b[2J\x02bold \u202ehere", "PRIVMSG #lobby :\x01VERSION\x01")
    assert tom.lines() == ["ida: ]0;titlebold here"]


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize(
    ("sent", "told"),
    [
        (b"GET / HTTP/1.1\r\nHost: chat\r\n\r\n", "This is a chat door, not a web server"),
        (b"CAP LS 302\r\nNICK maya\r\nUSER maya 0 * :Maya\r\n", "This is not an irc:// door"),
        (b"NICK maya\r\nUSER maya 0 * :Maya\r\n", "This is not an irc:// door"),
        (b"SSH-2.0-OpenSSH_9.2\r\n", "This is not an ssh:// door"),
    ],
)
def test_programs_at_the_wrong_door_are_shown_out(porch: Porch, door: str, sent: bytes, told: str) -> None:
    """Nothing of what they said reaches anybody."""
    ida = porch.enter("ida", rooms=["#lobby"])
    stray = porch.at(door)
    stray.hears()
    ida.hears()
    assert stray.asks(sent) == [told]
    assert stray.cable.closed
    assert [line.command for line in ida.reads()] == (["QUIT"] if door in NAMELESS else [])


@pytest.mark.parametrize("door", [*NAMED, "addressed"])
def test_tls_at_a_door_without_is_told_so(porch: Porch, door: str) -> None:
    stray = porch.at(door)
    assert stray.asks(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc") == ["There is no TLS at this door"]


@pytest.mark.parametrize("door", DOORS)
def test_a_house_for_members_has_no_seat_for_pupils(build: Callable[..., Porch], door: str) -> None:
    """These doors can carry neither a password nor an invite."""
    members = build(accounts=AccountRules(guests=False))
    closed = build(terms=Terms(password="open sesame"))
    for house, told in ((members, "Only people with an account"), (closed, "This server has a password")):
        stranger = house.at(door)
        if door not in NAMELESS:
            stranger.hears()
        stranger.sends("#tom")
        assert stranger.lines()[-1].startswith(told)
        assert stranger.cable.closed


@pytest.mark.parametrize("door", DOORS)
def test_a_room_for_those_who_were_invited_is_shut_in_a_sentence(porch: Porch, door: str) -> None:
    porch.enter("ida", rooms=["#lobby"]).say("MODE #lobby +i")
    stranger = porch.at(door)
    stranger.sends("#tom")
    assert stranger.lines()[-1] == "You are not let in: #lobby is for those who were invited"
    assert stranger.cable.closed


@pytest.mark.parametrize("door", DOORS)
def test_who_is_banned_stays_out(porch: Porch, door: str) -> None:
    """From the server, or from the room: each has its sentence."""
    ida = porch.enter("ida", rooms=["#lobby"])
    ida.say("MODE #lobby +b *!*@192.0.2.9")
    banned = porch.at(door)
    banned.sends("#tom")
    assert banned.lines()[-1] == "You are not let in: You are banned from #lobby"
    assert banned.cable.closed


def test_who_is_put_out_is_told_so(porch: Porch) -> None:
    """What they say then is heard by nobody; they come back by connecting again."""
    ida, tom = porch.enter("ida", rooms=["#lobby"]), porch.at("getname", "tom")
    ida.say("KICK #lobby tom :too loud")
    assert tom.lines() == ["tom was put out by ida (too loud)"]
    ida.hears()
    assert tom.asks("tom: but") == ["You are not in #lobby any more; connect again to come back"]
    assert tom.cable.closed
    assert [line.command for line in ida.reads()] == []


def test_a_room_that_is_renamed_stays_theirs(porch: Porch) -> None:
    """What they say goes on to where they are."""
    ida, tom = porch.enter("ida", rooms=["#lobby"]), porch.at("getname", "tom")
    ida.say("RENAME #lobby #parlour :nicer")
    assert tom.lines() == ["ida renamed #lobby: it is #parlour now (nicer)"]
    tom.sends("tom: lovely")
    assert ida.reads()[-1].params == ("#parlour", "lovely")


@pytest.mark.parametrize("wanted", ["maya", "Zoë", "", "-", "\u202e", "9" * 99, "a b" * 40, "#maya", "é" * 50])
def test_every_wish_has_a_legal_name(wanted: str, porch: Porch) -> None:
    rules: Rules = porch.hub.rules
    assert rules.legal_nick(legal(wanted, rules))


@example("addressed", [b"@:hello"])
@settings(max_examples=60, deadline=None)
@given(st.sampled_from([*DOORS, "plain"]), st.lists(st.binary(max_size=40) | _texts(), max_size=8))
def test_nothing_that_is_sent_is_our_fault(door: str, reads: list[bytes]) -> None:
    """Whatever comes, in whatever order, is an answer or nothing, and everything that is told is UTF-8."""
    porch = Porch()
    ida, tom = porch.enter("ida", rooms=["#lobby"]), porch.at(door)
    tom.sends("#tom" if door == "addressed" else "tom\n")
    for read in reads:
        if not tom.cable.closed:
            tom.sends(read)
    tom.leaves()
    tom.hears()
    ida.reads()
    assert porch.faults == []


def test_a_fast_sender_is_slowed_down(porch: Porch) -> None:
    """What exceeds the budget waits, as everywhere; nothing is lost."""
    porch.server.budget = (5, 1)
    leo, tom = porch.at("getname", "leo"), porch.at("getname", "tom")
    leo.hears()
    tom.sends("".join(f"number {number}\n" for number in range(10)))
    assert len(leo.lines()) == 4
    for _ in range(6):
        porch.pass_time(1.0)
    assert leo.lines() == [f"tom: number {number}" for number in range(4, 10)]


def test_a_message_that_cannot_be_stored_is_told_to_its_sender(build: Callable[..., Porch]) -> None:
    """Nobody else has seen it."""
    porch = build(slow=True)
    leo, tom = porch.at("getname", "leo"), porch.at("getname", "tom")
    leo.hears()
    porch.slow.held = True
    tom.sends("tom: hello")
    porch.slow.fail(StoreFailed("the disk is full"))
    porch.turn()
    porch.faults.clear()
    assert tom.lines() == ["The server could not store that, so nobody has seen it; try again"]
    assert leo.lines() == []
