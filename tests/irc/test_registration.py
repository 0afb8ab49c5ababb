"""Who is let in, and when. https://modern.ircdocs.horse/#connection-registration"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from itertools import permutations

import pytest

from hubbub.dialects.irc.dialect import Settings
from hubbub.hub.ports import Account
from tests.irc.lines import commands, every, only, params
from tests.scene import Scene

WELCOME = ["001", "002", "003", "004"]


@pytest.mark.parametrize("order", list(permutations(("PASS unasked", "NICK maya", "USER maya 0 * :Maya"))))
def test_the_order_of_pass_nick_and_user_does_not_matter(scene: Scene, order: tuple[str, ...]) -> None:
    """ "these commands will end the registration process": whichever of NICK and USER comes last does."""
    maya = scene.connect()
    heard = [maya.asks(line) for line in order]
    assert heard[0] == []
    welcome = next(answer for answer in heard if answer)
    assert commands(welcome)[:4] == WELCOME


def test_the_welcome_comes_in_the_order_that_clients_rely_on(scene: Scene) -> None:
    """The server MUST send 001 to 004, at least one 005, then LUSERS' numerics, then the MOTD or 422, in this order."""
    heard = commands(scene.connect().asks("NICK maya", "USER maya 0 * :Maya"))
    assert list(dict.fromkeys(heard)) == [*WELCOME, "005", "251", "252", "253", "254", "255", "265", "266", "422"]


def test_the_welcome_names_the_nick_that_was_given(scene: Scene) -> None:
    """ "The first parameter of the RPL_WELCOME message is the nickname assigned by the network to the client"."""
    heard = scene.connect().asks("NICK Maya", "USER maya 0 * :Maya")
    assert params(heard, "001")[0] == "Maya"


def test_nothing_but_registering_is_possible_before_it(scene: Scene) -> None:
    """ "Until registration is complete, only a limited subset of commands SHOULD be accepted"."""
    tom = scene.connect()
    for line in ("JOIN #room", "PRIVMSG maya :hi", "WHO", "LIST", "CHATHISTORY LATEST #room * 1", "NONSENSE"):
        assert params(tom.asks(line), "451")[0] == "*"
    assert scene.hub.channels == {}


def test_cap_ls_holds_the_welcome_back_until_cap_end(scene: Scene) -> None:
    """The server "MUST not complete registration until the client sends a CAP END"."""
    maya = scene.connect()
    assert set(commands(maya.asks("CAP LS 302", "NICK maya", "USER maya 0 * :Maya"))) == {"CAP"}
    assert commands(maya.asks("CAP END"))[:1] == ["001"]


def test_a_blind_cap_req_holds_the_welcome_back_too(scene: Scene) -> None:
    """ "If a server receives a REQ subcommand while registration is in progress, it MUST suspend registration"."""
    maya = scene.connect()
    assert commands(maya.asks("CAP REQ batch", "NICK maya", "USER maya 0 * :Maya")) == ["CAP"]
    assert commands(maya.asks("CAP END"))[:1] == ["001"]


def test_cap_end_alone_does_not_let_anybody_in(scene: Scene) -> None:
    """Who ends the negotiation early still has to say NICK and USER."""
    maya = scene.connect()
    assert commands(maya.asks("CAP LS", "CAP END", "NICK maya")) == ["CAP"]
    assert commands(maya.asks("USER maya 0 * :Maya"))[:1] == ["001"]


def test_cap_end_after_registration_is_ignored(scene: Scene) -> None:
    """ "If the client is already registered, this command MUST be ignored by the server"."""
    assert scene.enter("maya").asks("CAP END") == []


@pytest.mark.parametrize("nick", ["9lives", "-maya", "ma ya", "maya!", "m@ya", "#maya", "mayá", "m" * 33, "*", "a,b"])
def test_a_nick_that_others_could_not_read_is_erroneous(scene: Scene, nick: str) -> None:
    """ "If the server does not accept the new nickname supplied [...] it should issue an ERR_ERRONEUSNICKNAME"."""
    maya = scene.connect()
    heard = maya.asks("USER maya 0 * :Maya", f"NICK :{nick}")
    assert commands(heard) == ["432"]
    assert commands(maya.asks("NICK maya"))[:1] == ["001"]


@pytest.mark.parametrize("nick", ["m", "Maya[]", "{maya}", "m\\a|y^a`", "_maya-9", "m" * 32])
def test_a_nick_may_have_what_irc_allows(scene: Scene, nick: str) -> None:
    """ "Servers MUST allow at least all alphanumerical characters, square and curly brackets", \\ and |."""
    assert params(scene.connect().asks(f"NICK {nick}", "USER maya 0 * :Maya"), "001")[0] == nick


@pytest.mark.parametrize("line", ["NICK", "NICK :"])
def test_a_nick_has_to_be_said(scene: Scene, line: str) -> None:
    """ "If the server does not receive the <nickname> parameter [...] it should issue an ERR_NONICKNAMEGIVEN"."""
    assert commands(scene.connect().asks(line)) == ["431"]


def test_a_taken_nick_is_refused_in_any_case(scene: Scene) -> None:
    """ "where the desired nickname is already in use [...] it should issue an ERR_NICKNAMEINUSE and ignore it"."""
    scene.enter("maya")
    leo = scene.connect()
    assert params(leo.asks("USER leo 0 * :Leo", "NICK MAYA"), "433")[:2] == ("*", "MAYA")
    assert commands(leo.asks("NICK leo"))[:1] == ["001"]


def test_a_nick_that_was_taken_meanwhile_is_refused_at_the_end(scene: Scene) -> None:
    """Of two who ask for one nick, whoever is done first has it, and the other may choose again."""
    leo = scene.connect()
    leo.say("NICK maya")
    scene.enter("maya")
    assert commands(leo.asks("USER leo 0 * :Leo")) == ["433"]
    assert params(leo.asks("NICK leo"), "001")[0] == "leo"


def test_whoever_lost_their_nick_meanwhile_does_not_lose_their_password(build: Callable[..., Scene]) -> None:
    """The password that was given opens the house on the second try as well."""
    scene = build(settings=Settings(password="sesame"))
    leo, maya = scene.connect(), scene.connect()
    leo.say("PASS sesame", "NICK maya")
    maya.say("PASS sesame", "NICK maya", "USER maya 0 * :Maya")
    assert commands(leo.asks("USER leo 0 * :Leo")) == ["433"]
    assert commands(leo.asks("NICK leo"))[:1] == ["001"]
    assert leo.session.password == ""


@pytest.mark.parametrize("line", ["USER", "USER maya", "USER maya 0 *", "USER maya 0 * :", "USER : 0 * Maya"])
def test_user_needs_a_name_and_a_real_name(scene: Scene, line: str) -> None:
    """ "The minimum length of <username> is 1 [...] If it is empty, the server SHOULD reject the command" with 461."""
    assert params(scene.connect().asks("NICK maya", line), "461")[1] == "USER"


def test_a_user_name_is_cut_and_stripped_of_what_masks_could_not_hold(scene: Scene) -> None:
    """ "the username MUST be silently truncated to the given length before being used"."""
    scene.connect().say("NICK maya", f"USER ma!y@a:*é{'x' * 40} 0 * :Maya")
    assert scene.hub.users["maya"].username == "maya" + "x" * 16


def test_a_user_name_of_which_nothing_is_left_is_user(scene: Scene) -> None:
    """A mask always has a name between its ! and its @."""
    scene.connect().say("NICK maya", "USER @@@ 0 * :Maya")
    assert scene.hub.users["maya"].who.mask == "maya!user@192.0.2.7"


@pytest.mark.parametrize("line", ["USER maya 0 * :Maya", "PASS sesame"])
def test_nobody_registers_twice(scene: Scene, line: str) -> None:
    """ "the ERR_ALREADYREGISTERED reply should be sent and the attempt should fail"."""
    assert commands(scene.enter("maya").asks(line)) == ["462"]


def test_an_ipv6_address_is_never_read_as_a_last_parameter(scene: Scene) -> None:
    """ "<host> CANNOT start with a colon [...] addresses such as "::1" are prefixed with a zero"."""
    maya = scene.connect(address="::1")
    maya.say("NICK maya", "USER maya 0 * :Maya")
    assert params(maya.asks("WHOIS maya"), "311")[3] == "0::1"
    assert params(maya.asks("WHO maya"), "352")[3] == "0::1"


# PASS


@pytest.fixture
def locked(build: Callable[..., Scene]) -> Scene:
    """A house with a password, in which maya has an account."""
    scene = build(settings=Settings(password="sesame"))
    scene.accounts.save("maya", Account("Maya", "rosebud", 0), new=True)
    return scene


def test_the_right_password_opens_the_house(locked: Scene) -> None:
    """ "The password supplied must match the one defined in the server configuration"."""
    heard = locked.connect().asks("PASS sesame", "NICK tom", "USER tom 0 * :Tom")
    assert commands(heard)[:1] == ["001"]
    assert every(heard, "900") == []


def test_the_last_of_several_passwords_counts(locked: Scene) -> None:
    """ "It is possible to send multiple PASS commands before registering but only the last one sent is used"."""
    assert commands(locked.connect().asks("PASS no", "PASS sesame", "NICK tom", "USER tom 0 * :Tom"))[:1] == ["001"]
    assert commands(locked.connect().asks("PASS sesame", "PASS no", "NICK leo", "USER leo 0 * :Leo"))[:1] == ["464"]


@pytest.mark.parametrize("words", [[], ["PASS wrong"], ["PASS :"], ["PASS maya:wrong"], ["PASS nobody:rosebud"]])
def test_a_wrong_or_missing_password_ends_the_connection(locked: Scene, words: list[str]) -> None:
    """ "the server SHOULD send ERR_PASSWDMISMATCH and MAY then close the connection with ERROR"."""
    tom = locked.connect()
    assert commands(tom.asks(*words, "NICK tom", "USER tom 0 * :Tom")) == ["464", "ERROR"]
    assert tom.cable.closed
    assert locked.hub.users == {}


def test_account_and_password_open_the_house_and_log_in(locked: Scene) -> None:
    """PASS account:password is for clients that know no SASL: 900 says as whom they are logged in."""
    heard = locked.connect().asks("PASS MAYA:rosebud", "NICK tom", "USER tom 0 * :Tom")
    assert params(heard, "900")[:3] == ("tom", "tom!tom@192.0.2.7", "Maya")
    assert locked.hub.users["tom"].account == "Maya"


def test_a_password_with_a_colon_is_still_the_password_of_the_house(build: Callable[..., Scene]) -> None:
    """What names no account is compared as a whole."""
    scene = build(settings=Settings(password="open:sesame"))
    assert commands(scene.connect().asks("PASS open:sesame", "NICK tom", "USER tom 0 * :Tom"))[:1] == ["001"]


def test_pass_without_a_password_needs_one(scene: Scene) -> None:
    """PASS says what it lacks with ERR_NEEDMOREPARAMS."""
    assert params(scene.connect().asks("PASS"), "461")[1] == "PASS"


def test_who_leaves_while_the_password_is_checked_was_never_here(locked: Scene) -> None:
    """A check takes time; nobody is welcomed on a connection that has gone meanwhile."""
    locked.checks = deque()
    tom = locked.connect()
    tom.say("PASS sesame", "NICK tom", "USER tom 0 * :Tom")
    tom.leaves()
    locked.checks.popleft().keep(True)
    locked.turn()
    assert locked.hub.users == {}


def test_two_connections_may_check_passwords_for_one_nick(locked: Scene) -> None:
    """Both were free to ask for it, and only one gets it."""
    locked.checks = deque()
    one, other = locked.connect(), locked.connect()
    one.say("PASS sesame", "NICK tom", "USER tom 0 * :Tom")
    other.say("PASS sesame", "NICK tom", "USER tom 0 * :Tom")
    for check in locked.checks:
        check.keep(True)
    locked.turn()
    assert commands(one.hears())[:1] == ["001"]
    assert commands(other.hears()) == ["433"]


# QUIT, PING and silence


def test_quit_before_registration_is_answered_with_error(scene: Scene) -> None:
    """ "The server acknowledges this by replying with an ERROR message and closing the connection"."""
    tom = scene.connect()
    assert commands(tom.asks("QUIT")) == ["ERROR"]
    assert tom.cable.closed


@pytest.mark.parametrize(("line", "text"), [("QUIT :lunch", "Quit: lunch"), ("QUIT", "Quit: "), ("QUIT :", "Quit: ")])
def test_a_quit_of_ones_own_is_marked_as_such(scene: Scene, line: str, text: str) -> None:
    """ "servers SHOULD prepend <reason> with the ASCII string "Quit: " [...] This applies even if it is empty"."""
    maya, leo = scene.enter("maya", rooms=["#room"]), scene.enter("leo", rooms=["#room"])
    maya.hears()
    assert commands(leo.asks(line)) == ["ERROR"]
    assert only(maya.hears(), "QUIT").params == (text,)


def test_a_lost_connection_is_told_with_its_reason(scene: Scene) -> None:
    """ "If a client connection is closed without the client issuing a QUIT [...] the server MUST distribute a QUIT"."""
    maya, leo = scene.enter("maya", rooms=["#room"]), scene.enter("leo", rooms=["#room"])
    maya.hears()
    leo.leaves("Connection reset by peer")
    assert maya.hears() == [":leo!leo@192.0.2.7 QUIT :Connection reset by peer"]


def test_what_stands_behind_a_quit_is_not_done(scene: Scene) -> None:
    """A connection that said goodbye says nothing more."""
    maya = scene.enter("maya", rooms=["#room"])
    scene.enter("leo", rooms=["#room"]).say("QUIT", "PRIVMSG #room :ghost")
    assert "PRIVMSG" not in commands(maya.hears())


def test_a_ping_is_answered_with_its_token(scene: Scene) -> None:
    """ "clients or servers must reply to it with a PONG message with the same <token> value"."""
    assert scene.enter("maya").asks("PING :one two") == [":hub.example PONG hub.example :one two"]


@pytest.mark.parametrize("line", ["PING", "PING :"])
def test_a_ping_has_something_to_send_back(scene: Scene, line: str) -> None:
    """ "The <token> may be any non-empty string", and ERR_NOORIGIN is for those that are empty."""
    assert commands(scene.enter("maya").asks(line)) == ["409"]


@pytest.mark.parametrize("line", ["PONG", "PONG :token", "ERROR :nonsense"])
def test_pong_and_error_are_heard_in_silence(scene: Scene, line: str) -> None:
    """Neither has an answer: "Numeric Replies: None"."""
    assert scene.enter("maya").asks(line) == []


def test_whoever_is_silent_is_pinged_once_and_then_closed(scene: Scene) -> None:
    """A connection that does not answer is gone, and the reason tells after how long."""
    maya = scene.enter("maya")
    for seconds in (89, 90, 100):
        maya.session.idle(seconds)
    scene.turn()
    assert commands(maya.hears()) == ["PING"]
    maya.session.idle(150)
    scene.turn()
    assert maya.hears() == ["ERROR :Ping timeout: 150 seconds"]
    assert maya.cable.closed


def test_an_answer_of_any_kind_is_a_sign_of_life(scene: Scene) -> None:
    """Who says something after a PING is pinged anew before being given up."""
    maya = scene.enter("maya")
    maya.session.idle(90)
    maya.say("PONG hub.example")
    maya.session.idle(150)
    scene.turn()
    assert commands(maya.hears()) == ["PING", "PING"]
    assert not maya.cable.closed


# NICK


def test_a_new_nick_is_told_to_all_who_share_a_room_once(scene: Scene) -> None:
    """ "to inform other clients about the change of nickname [...] the <source> will be the old nickname"."""
    maya = scene.enter("maya", rooms=["#one", "#two"])
    leo = scene.enter("leo", rooms=["#one", "#two"])
    sam = scene.enter("sam", rooms=["#other"])
    maya.hears()
    assert leo.asks("NICK leonard") == [":leo!leo@192.0.2.7 NICK :leonard"]
    assert maya.hears() == [":leo!leo@192.0.2.7 NICK :leonard"]
    assert sam.hears() == []


def test_a_nick_may_change_its_case(scene: Scene) -> None:
    """One's own nick is taken by nobody else."""
    maya = scene.enter("maya")
    assert params(maya.asks("NICK Maya"), "NICK") == ("Maya",)
    assert params(maya.asks("WHOIS maya"), "311")[1] == "Maya"


def test_the_same_nick_again_is_no_news(scene: Scene) -> None:
    """Nothing changes, so nobody is told."""
    assert scene.enter("maya").asks("NICK maya") == []


def test_an_old_nick_is_free_again(scene: Scene) -> None:
    """Whoever asks for a nick that was given up gets it."""
    scene.enter("maya").say("NICK priya")
    assert params(scene.enter("sam").asks("NICK maya"), "NICK") == ("maya",)


def test_a_taken_or_illegal_nick_leaves_the_old_one(scene: Scene) -> None:
    """A refused NICK is ignored."""
    scene.enter("maya")
    leo = scene.enter("leo")
    assert params(leo.asks("NICK maya"), "433")[:2] == ("leo", "maya")
    assert params(leo.asks("NICK 1leo"), "432")[:2] == ("leo", "1leo")
    assert "leo" in scene.hub.users
