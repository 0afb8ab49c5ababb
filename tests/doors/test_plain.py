"""plain://, for whoever has nc or telnet and nothing else."""

from collections.abc import Callable

import pytest

from hubbub.client.commands import COMMANDS as CLIENT
from hubbub.dialects.plain.commands import COMMANDS
from hubbub.dialects.seats.doorkeeper import Terms
from hubbub.hub.server_bans import ServerBan
from hubbub.server.logins import AccountRules
from tests.doors.porch import Porch, Visitor

OWN = {"invite", "login", "register", "verify"}
"""Commands for what a client does before it is in, by its options or by itself."""


def said(lines: list[str]) -> list[str]:
    """Without the times."""
    return [line.partition("] ")[2] if line[:1] == "[" else line for line in lines]


def enters(porch: Porch, name: str, **where: str) -> Visitor:
    return porch.at("plain", f"{name}\n", **where)


def test_the_commands_are_those_of_the_client() -> None:
    """Whoever knows `hubbub join --plain` knows this door: words of the same name are typed alike and do the same."""
    assert set(COMMANDS) - set(CLIENT) == OWN
    for name in set(COMMANDS) - OWN:
        assert (COMMANDS[name].usage, COMMANDS[name].about) == (CLIENT[name].usage, CLIENT[name].about)


def test_one_says_a_name_and_is_in_the_room(porch: Porch) -> None:
    """And is shown what it is about, who is there, and what was said last."""
    ida = porch.enter("ida", rooms=["#lobby"])
    ida.say("TOPIC #lobby :tea", "PRIVMSG #lobby :morning", "PRIVMSG #lobby :\x01ACTION yawns\x01")
    maya = porch.at("plain")
    assert maya.hears() == "This is hubbub. What is your name?\n"
    assert said(maya.asks("maya\n")) == [
        "-- you are maya here; times are UTC; /help shows what you can type",
        "-> you are in #lobby",
        "-- topic of #lobby: tea",
        "-- 2 in #lobby: @ida maya",
        "-- the last 2 lines of #lobby",
        "ida: morning",
        "* ida yawns",
        "-- now",
    ]


def test_lines_are_said_and_heard(porch: Porch) -> None:
    """One's own are not repeated: they stand there already. Times are of the entry, in UTC."""
    ida, maya = porch.enter("ida", rooms=["#lobby"]), enters(porch, "maya")
    assert maya.asks("hello\r\n", "//shrug\n", "two in ", "pieces\nand one more\n") == []
    heard = [line.params[1] for line in ida.reads() if line.command == "PRIVMSG"]
    assert heard == ["hello", "/shrug", "two in pieces", "and one more"]
    ida.say("PRIVMSG #lobby :hi", "PRIVMSG maya :psst", "NICK ida2")
    assert maya.lines() == [
        "[14:13] ida: hi",
        "[14:13] (private to maya) ida: psst",
        "[14:13] -- ida is now called ida2",
    ]


def test_a_name_that_cannot_be_had_is_asked_for_again(porch: Porch) -> None:
    """Each reason has its sentence."""
    porch.enter("ida", rooms=["#lobby"])
    porch.account("leo", "correct horse")
    maya = porch.at("plain")
    assert maya.asks("ida\n") == ["!! ida is taken"]
    assert maya.asks("maya smith\n")[0].startswith("!! A name has ASCII letters")
    assert maya.asks("leo\n") == ["!! leo belongs to an account: type /login leo PASSWORD, or another name"]
    assert maya.asks("x" * 5000 + "\n") == ["!! That is too long: a message has at most 4096 bytes"]
    assert maya.asks("\n", "   \n") == []
    assert maya.asks("/me waves\n") == ["!! Say your name first"]
    assert maya.asks("maya\n")[1] == "-> you are in #lobby"


def test_rooms_are_entered_left_and_told_apart(porch: Porch) -> None:
    """What happens in a room that is not in front is marked with its name."""
    ida, maya = porch.enter("ida", rooms=["#lobby", "#den"]), enters(porch, "maya")
    assert maya.asks("/join den\n")[:2] == ["-> you are in #den", "-- 2 in #den: @ida maya"]
    ida.say("PRIVMSG #lobby :here", "PRIVMSG #den :there")
    assert said(maya.lines()) == ["#lobby ida: here", "ida: there"]
    ida.hears()
    maya.sends("in the den\n", "/msg #lobby in the lobby\n", "/msg ida for you\n", "/me waves\n")
    assert [line.params for line in ida.reads()] == [
        ("#den", "in the den"),
        ("#lobby", "in the lobby"),
        ("ida", "for you"),
        ("#den", "\x01ACTION waves\x01"),
    ]
    assert maya.asks("/join #lobby\n")[0] == "-> you are in #lobby"
    assert maya.asks("/part #den bye\n") == ["<- you left #den"]
    assert ida.reads()[-1].params == ("#den", "bye")
    assert maya.asks("/part\n") == ["<- you left #lobby"]
    assert maya.asks("hello?\n") == ["!! You are in no room; go into one first: /join #general"]


def test_commands_do_what_help_says(porch: Porch) -> None:
    """All that can be typed is listed."""
    ida, maya = porch.enter("ida", rooms=["#lobby"]), enters(porch, "maya")
    helped = maya.asks("/help\n")
    assert [line.split()[0] for line in helped] == [f"/{name}" for name in COMMANDS]
    assert said(maya.asks("/nick maya_\n")) == ["-- maya is now called maya_"]
    assert maya.asks("/nick ida\n") == ["!! ida is taken"]
    assert maya.asks("/names\n") == ["-- 2 in #lobby: @ida maya_"]
    assert maya.asks("/topic\n") == ["-- #lobby has no topic"]
    assert maya.asks("/topic soup\n") == ["!! Only an operator of #lobby may do that"]
    ida.say("MODE #lobby +o maya_")
    assert said(maya.lines()) == ["-- ida set +o maya_"]
    assert said(maya.asks("/topic soup\n")) == ["-- maya_ set the topic: soup"]
    assert maya.asks("/away lunch\n") == ["-- you are away: lunch"]
    assert maya.asks("/away\n") == ["-- you are away no longer"]
    ida.say("PRIVMSG #lobby :one", "PRIVMSG #lobby :two")
    assert said(maya.asks("/history 1\n"))[-2:] == ["ida: two", "-- now"]
    ida.hears()
    maya.sends("/quit so long\n")
    assert maya.cable.closed
    assert ida.reads()[-1].params == ("so long",)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("/jion #den", "There is no command /jion; did you mean /join?"),
        ("/frobnicate", "There is no command /frobnicate; /help shows all commands"),
        ("/msg ida", "Expected /msg WHO TEXT, got too little; /help shows all commands"),
        ("/history soon", "Expected how many lines, got 'soon'; try /history 50"),
        ("/history 0", "Expected how many lines, got '0'; try /history 50"),
        ("/msg nobody hello", "Nobody here is called nobody"),
        ("/part #nowhere", "There is no room #nowhere"),
        ("/login maya", "Expected /login NAME PASSWORD, got too little; /help shows all commands"),
        ("/register", "Expected /register PASSWORD [EMAIL], got too little; /help shows all commands"),
        ("/register 12345", "That is easily guessed: take at least 8 characters, and not your name"),
        ("/verify 12345", "That code is wrong or has expired"),
        ("/", "There is no command /; /help shows all commands"),
    ],
)
def test_what_cannot_be_done_has_a_sentence(porch: Porch, typed: str, told: str) -> None:
    assert enters(porch, "maya").asks(f"{typed}\n") == [f"!! {told}"]


def test_an_account_is_made_and_logged_in_to(porch: Porch) -> None:
    """From then on the name is theirs, and a second device shares it."""
    leo = enters(porch, "leo")
    told = said(leo.asks("/register correct horse\n"))
    assert told == ["-- the account leo is yours", "-- you are logged in as leo"]
    second = porch.at("plain")
    second.hears()
    assert second.asks("/login leo wrong\n") == ["!! The name or the password is wrong"]
    ida = porch.enter("ida", rooms=["#lobby"])
    leo.sends("/join den\n")
    told = second.asks("/login leo correct horse\n")
    assert told[:2] == ["-- you are leo here; times are UTC; /help shows what you can type", "-> you are in #lobby"]
    leo.hears()
    ida.hears()
    second.sends("from my other device\n")
    assert said(leo.lines()) == ["#lobby leo: from my other device"]
    leo.leaves()
    assert [line.command for line in ida.reads()] == ["PRIVMSG"]


def test_somebody_inside_logs_in(porch: Porch) -> None:
    """And goes on under the name they have."""
    porch.account("maya", "correct horse")
    guest = enters(porch, "guest")
    assert said(guest.asks("/login maya correct horse\n")) == ["-- you are logged in as maya"]
    assert said(guest.asks("/nick maya\n")) == ["-- guest is now called maya"]
    assert guest.asks("/register another one\n") == ["!! You are logged in already, as maya"]


def test_a_house_for_members_lets_members_in(build: Callable[..., Porch]) -> None:
    """Guests are told how."""
    porch = build(accounts=AccountRules(guests=False))
    porch.account("maya", "correct horse")
    maya = porch.at("plain")
    assert maya.asks("leo\n")[0].startswith("!! Only people with an account or an invite are let in")
    assert maya.asks("/login maya correct horse\n")[1] == "-> you are in #lobby"


def test_an_invite_opens_a_house_for_members(build: Callable[..., Porch]) -> None:
    """And leads into its room, under the name that was given before or after; who has none is told what is needed."""
    porch = build(accounts=AccountRules(guests=False))
    porch.account("maya", "correct horse")
    maya = porch.at("plain", "/login maya correct horse\n")
    maya.sends("/join #den\n", "/join #lobby\n")
    code = porch.invite("#den")
    for typed in ((f"/invite {code}\n", "leo\n"), ("sam\n", f"/invite {code.upper()}\n")):
        told = porch.at("plain").asks(*typed)
        assert "-- that invite leads to #den" in told
        assert "-> you are in #den" in told
    assert [who for who in ("leo", "sam") if who in porch.hub.users] == ["leo", "sam"]
    tom = porch.at("plain")
    assert "type /login NAME PASSWORD, or /invite CODE" in tom.asks("tom\n")[-1]
    assert tom.asks("/invite a1b2c3\n") == ["!! There is no such invite here: look at it again, or ask for a new one"]
    assert tom.asks("tom\n")[-1].startswith("!! Only people with an account or an invite")


def test_an_invite_is_no_way_to_the_name_of_an_account(build: Callable[..., Porch]) -> None:
    porch = build(accounts=AccountRules(guests=False))
    porch.account("maya", "correct horse")
    leo = porch.at("plain", f"/invite {porch.invite()}\n")
    assert leo.asks("maya\n") == ["!! maya belongs to an account: type /login maya PASSWORD, or another name"]
    assert leo.asks("leo\n")[1] == "-> you are in #lobby"


@pytest.mark.parametrize("mode", ["+i", "+R", "+k secret"])
def test_an_invite_opens_a_room_that_is_shut(porch: Porch, mode: str) -> None:
    """To somebody inside; what to type is said where the door is shut to those without an invite or an account."""
    ida = porch.enter("ida", rooms=["#lobby"])
    ida.say(f"MODE #lobby {mode}")
    code, leo = porch.invite("#lobby"), porch.at("plain")
    refusal = leo.asks("leo\n")[-1]
    assert refusal.startswith("!! #lobby ")
    assert ("/invite CODE" in refusal) == (mode != "+k secret")
    assert leo.asks(f"/invite {code}\n")[:2] == ["-- that invite leads to #lobby", "-> you are in #lobby"]


def test_a_house_with_a_password_takes_the_code_of_an_invite_in_its_place(build: Callable[..., Porch]) -> None:
    """As it does at other doors."""
    porch = build(terms=Terms(password="open sesame"))
    leo = porch.at("plain")
    assert leo.asks(f"{porch.invite()}\n") == ["-- that invite leads to hubbub", "This is hubbub. What is your name?"]
    assert leo.asks("leo\n")[1] == "-> you are in #lobby"


def test_a_house_with_a_password_asks_for_it_first(build: Callable[..., Porch]) -> None:
    """Before the name; an account does as well."""
    porch = build(terms=Terms(password="open sesame"))
    porch.account("leo", "correct horse")
    maya = porch.at("plain")
    assert maya.hears() == "This is hubbub. What is the password of this house?\n"
    assert maya.asks("maya\n") == ["!! The name or the password is wrong"]
    assert maya.asks("open sesame\n") == ["This is hubbub. What is your name?"]
    assert maya.asks("maya\n")[1] == "-> you are in #lobby"
    assert porch.at("plain").asks("/login leo correct horse\n")[1] == "-> you are in #lobby"


def test_telnet_is_understood(porch: Porch) -> None:
    """What it asks is refused, and nothing of it is said."""
    ida, maya = porch.enter("ida", rooms=["#lobby"]), porch.at("plain")
    maya.hears()
    maya.sends(b"\xff\xfb\x1f\xff\xfd\x03maya\r\n")
    assert bytes(maya.cable.data[:6]) == b"\xff\xfe\x1f\xff\xfc\x03"
    maya.sends(b"hel\xff\xf4lo\r\n")
    assert ida.reads()[-1].params == ("#lobby", "hello")


@pytest.mark.parametrize(
    ("reads", "heard"),
    [
        ([b"caf\xe9 \xfe\n"], "caf\ufffd \ufffd"),
        ([b"caf\xc3", b"\xa9\n"], "café"),
        ([b"caf\xc3"], "caf\ufffd"),
        ([b"\x1b[2Jred\x07 \xff\xf4alert\n"], "red alert"),
    ],
)
def test_bytes_that_are_no_text_are_shown_replaced_or_left_out(porch: Porch, reads: list[bytes], heard: str) -> None:
    """Also where they are cut inside a character, for good or for a moment."""
    ida, maya = porch.enter("ida", rooms=["#lobby"]), enters(porch, "maya")
    maya.sends(*reads)
    maya.leaves()
    assert next(line.params[1] for line in ida.reads() if line.command == "PRIVMSG") == heard


def test_a_megabyte_without_a_line_end_is_refused_in_one_sentence(porch: Porch) -> None:
    """What comes behind its end is heard."""
    ida, maya = porch.enter("ida", rooms=["#lobby"]), enters(porch, "maya")
    ida.hears()
    told = maya.asks(*[b"x" * 65536] * 16, "\n", "hello\n")
    assert told == ["!! That is too long: a message has at most 4096 bytes"]
    assert [line.params[1] for line in ida.reads() if line.command == "PRIVMSG"] == ["hello"]


def test_the_last_line_of_a_pipe_needs_no_end(porch: Porch) -> None:
    ida, maya = porch.enter("ida", rooms=["#lobby"]), enters(porch, "maya")
    maya.sends("no line end")
    maya.leaves()
    assert [line.command for line in ida.reads()] == ["JOIN", "PRIVMSG", "QUIT"]
    scanner = porch.at("plain", "nobo")
    scanner.leaves()
    assert ida.reads() == []


def test_the_room_in_front_follows_what_happens_to_it(porch: Porch) -> None:
    """It may be renamed, and one may be put out of it."""
    ida, maya = porch.enter("ida", rooms=["#lobby"]), enters(porch, "maya")
    ida.say("RENAME #lobby #parlour :nicer")
    maya.sends("hello\n")
    assert ida.reads()[-1].params == ("#parlour", "hello")
    maya.sends("/join #den\n", "/join #parlour\n")
    ida.say("KICK #parlour maya :enough")
    assert maya.asks("but\n") == [
        "-- #den is in front of you now",
        "!! You are not in #parlour any more, so that was not done",
    ]
    assert maya.asks("/part\n") == ["<- you left #den"]
    assert maya.asks("but\n") == ["!! You are in no room; go into one first: /join #general"]


def test_a_room_that_is_closed_leaves_one_outside(porch: Porch) -> None:
    """One is in, and may go elsewhere."""
    ida = porch.enter("ida", rooms=["#lobby"])
    ida.say("MODE #lobby +k sesame")
    maya = porch.at("plain")
    assert maya.asks("maya\n")[-1] == "!! #lobby needs its key"
    assert maya.asks("/join #lobby sesame\n")[0] == "-> you are in #lobby"


def test_programs_at_the_wrong_door_are_shown_out(porch: Porch) -> None:
    """Before they are anybody."""
    stray = porch.at("plain")
    stray.hears()
    assert stray.asks(b"GET / HTTP/1.1\r\nHost: chat\r\n\r\n") == ["This is a chat door, not a web server"]
    late = porch.at("plain")
    late.hears()
    late.seat.overdue()
    assert late.lines() == ["No name came; connect again, and say what you are called"]


def test_who_is_banned_by_account_is_shown_out_when_they_log_in(porch: Porch) -> None:
    """Whatever name they came in under."""
    porch.account("maya", "correct horse")
    porch.hub.bans.add(ServerBan("a:maya", "ida", "spam", 0))
    guest = enters(porch, "guest")
    assert said(guest.asks("/login maya correct horse\n")) == ["You are banned from this server: spam"]
    assert guest.cable.closed
