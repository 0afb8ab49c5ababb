"""PRIVMSG and NOTICE: what people say. https://modern.ircdocs.horse/#sending-messages"""

from __future__ import annotations

import pytest

from tests.irc.lines import commands, every, params, tag_free
from tests.scene import Person, Scene, quiet

VERBS = pytest.mark.parametrize("verb", ["PRIVMSG", "NOTICE"])


@pytest.fixture
def maya(scene: Scene) -> Person:
    """She runs #room."""
    return scene.enter("maya", rooms=["#room"])


@pytest.fixture
def leo(scene: Scene, maya: Person) -> Person:
    """He is in #room, too."""
    person = scene.enter("leo", rooms=["#room"])
    quiet(maya)
    return person


@VERBS
def test_a_room_hears_what_is_said_in_it(scene: Scene, maya: Person, leo: Person, verb: str) -> None:
    """All in the room hear it but whoever said it, and nobody else does."""
    sam, tom = scene.enter("sam", rooms=["#room"]), scene.enter("tom")
    quiet(maya, leo)
    assert maya.asks(f"{verb} #ROOM :Morning!") == []
    for person in (leo, sam):
        assert person.hears() == [f":maya!maya@192.0.2.7 {verb} #room :Morning!"]
    assert tom.hears() == []


@pytest.mark.parametrize(
    "text",
    [b":Morning!", b"Morning!", b":", b"", b":with\0nothing", b":with\rbreaks", b":\xff\xfe", ":\ufffd".encode(),
     b": :", b":" + b"x" * 460, b":" + b"x" * 490, b":" + "\u00e9".encode() * 240, b":\x01VERSION\x01"],
)  # fmt: skip
def test_the_short_way_is_the_same(scene: Scene, maya: Person, leo: Person, text: bytes) -> None:
    """Words for a room are taken a shorter way: with a blank more they go the long one, to the same end."""
    tom = scene.enter("tom")
    for person in (leo, tom):
        answers = []
        for line in (b"PRIVMSG #room %b\r\n", b"PRIVMSG  #room %b\r\n"):
            quiet(maya, leo, tom)
            person.send(line % text)
            answers.append([heard.replace("  ", " ") for heard in (*person.hears(), "and", *maya.hears())])
        assert answers[0] == answers[1]


@VERBS
def test_a_person_hears_what_is_said_to_them(scene: Scene, maya: Person, leo: Person, verb: str) -> None:
    """ "<target> is the nickname of a client": nobody else hears."""
    sam = scene.enter("sam", rooms=["#room"])
    leo.hears()
    assert maya.asks(f"{verb} LEO :psst") == []
    assert leo.hears() == [f":maya!maya@192.0.2.7 {verb} leo :psst"]
    assert sam.hears() == []


@pytest.mark.parametrize(
    "text", [" ", "  two  spaces  ", ":-)", ":", "\x02bold\x02", "日本語 🎉", "a\tb", "\x01ACTION waves\x01"]
)
def test_a_text_arrives_as_it_was_said(maya: Person, leo: Person, text: str) -> None:
    """Nothing is trimmed, escaped or normalised."""
    maya.say(f"PRIVMSG #room :{text}")
    assert params(leo.hears(), "PRIVMSG") == ("#room", text)


@VERBS
def test_several_targets_hear_the_same_once(scene: Scene, maya: Person, leo: Person, verb: str) -> None:
    """ "<target>{,<target>}": each of them gets a message of its own."""
    sam = scene.enter("sam")
    maya.say(f"{verb} #room,leo,sam,leo :all of you")
    assert [line.params[0] for line in every(leo.hears(), verb)] == ["#room", "leo"]
    assert [line.params[0] for line in every(sam.hears(), verb)] == ["sam"]


def test_one_target_that_is_not_there_does_not_silence_the_others(maya: Person, leo: Person) -> None:
    """A refusal concerns its own target."""
    heard = maya.asks("PRIVMSG nobody,#nowhere,leo :hello")
    assert params(heard, "401")[1] == "nobody"
    assert params(heard, "403")[1] == "#nowhere"
    assert commands(leo.hears()) == ["PRIVMSG"]


def test_there_is_a_limit_to_the_targets_of_one_line(scene: Scene, maya: Person) -> None:
    """TARGMAX says how many; whoever did not get it is named by ERR_TOOMANYTARGETS."""
    people = [scene.enter(f"guest{number}") for number in range(6)]
    heard = maya.asks(f"PRIVMSG {','.join(f'guest{number}' for number in range(6))} :hi")
    assert [line.params[1] for line in every(heard, "407")] == ["guest4", "guest5"]
    assert [len(person.hears()) for person in people] == [1, 1, 1, 1, 0, 0]


@pytest.mark.parametrize("line", ["PRIVMSG", "PRIVMSG :"])
def test_a_message_is_for_somebody(maya: Person, line: str) -> None:
    """ERR_NORECIPIENT: "the message wasn't delivered because there was no recipient given"."""
    assert commands(maya.asks(line)) == ["411"]


@pytest.mark.parametrize("line", ["PRIVMSG #room", "PRIVMSG #room :"])
def test_a_message_says_something(maya: Person, leo: Person, line: str) -> None:
    """ERR_NOTEXTTOSEND: "the message wasn't delivered because there was no text to send"."""
    assert commands(maya.asks(line)) == ["412"]
    assert leo.hears() == []


@pytest.mark.parametrize(
    "line", ["NOTICE", "NOTICE :", "NOTICE #room", "NOTICE nobody :x", "NOTICE #nowhere :x", "NOTICE a,b,c,d,e :x"]
)
def test_a_notice_is_never_answered(maya: Person, line: str) -> None:
    """ "they must not send any error back to the client on receipt of a NOTICE command"."""
    assert maya.asks(line) == []


@pytest.mark.parametrize("target", [",", "@", "@%+", "$*", "$$hub.example", "leo!leo@192.0.2.7", "#", "@#"])
def test_odd_targets_are_nobody(maya: Person, leo: Person, target: str) -> None:
    """What names neither a person nor a room is answered so."""
    assert set(commands(maya.asks(f"PRIVMSG {target} :hello"))) <= {"401", "403"}
    assert leo.hears() == []


def test_who_is_away_says_so_to_those_who_write(maya: Person, leo: Person) -> None:
    """ "If <target> is a user and that user has been set as away, the server may reply with RPL_AWAY"."""
    leo.say("AWAY :at lunch")
    assert params(maya.asks("PRIVMSG leo :hungry?"), "301") == ("maya", "leo", "at lunch")
    assert commands(leo.hears()) == ["306", "PRIVMSG"]
    assert maya.asks("NOTICE leo :hungry?", "PRIVMSG #room :hungry?") == []


# Rooms that do not let everybody speak


def test_outsiders_do_not_speak_into_a_room_with_n(scene: Scene, maya: Person) -> None:
    """ "they will receive an ERR_CANNOTSENDTOCHAN numeric and the message will not be sent to that channel"."""
    sam = scene.enter("sam")
    assert params(sam.asks("PRIVMSG #room :hello"), "404")[1] == "#room"
    maya.say("MODE #room -n")
    maya.hears()
    assert sam.asks("PRIVMSG #room :hello") == []
    assert commands(maya.hears()) == ["PRIVMSG"]


def test_only_the_ranked_speak_in_a_moderated_room(maya: Person, leo: Person) -> None:
    """ "only users who have channel privileges may send messages to that channel"."""
    maya.say("MODE #room +m")
    leo.hears()
    assert params(leo.asks("PRIVMSG #room :may I?"), "404")[1] == "#room"
    maya.say("MODE #room +v leo")
    maya.hears()
    leo.say("PRIVMSG #room :thank you")
    assert commands(maya.hears()) == ["PRIVMSG"]


def test_the_banned_do_not_speak(maya: Person, leo: Person) -> None:
    """Clients that match "are 'banned' from joining or speaking in the channel", unless they have a rank."""
    maya.say("MODE #room +b leo")
    leo.hears()
    assert commands(leo.asks("PRIVMSG #room :hey")) == ["404"]
    maya.say("MODE #room +v leo")
    leo.hears()
    assert leo.asks("PRIVMSG #room :hey") == []


def test_a_room_without_ctcp_lets_actions_pass(maya: Person, leo: Person) -> None:
    """+C stops requests that make clients answer by themselves; /me is talk."""
    maya.say("MODE #room +C")
    leo.hears()
    assert params(leo.asks("PRIVMSG #room :\x01VERSION\x01"), "404")[1] == "#room"
    assert leo.asks("NOTICE #room :\x01VERSION 1\x01") == []
    maya.hears()
    leo.say("PRIVMSG #room :\x01ACTION waves\x01")
    assert params(maya.hears(), "PRIVMSG")[1] == "\x01ACTION waves\x01"


# STATUSMSG


@pytest.mark.parametrize(
    ("symbol", "hearers"),
    [("@", {"maya"}), ("%", {"maya", "priya"}), ("+", {"maya", "priya", "sam"})],
)
def test_some_ranks_can_be_spoken_to_alone(scene: Scene, symbol: str, hearers: set[str]) -> None:
    """ "delivered only to the members of that channel with the given or higher status in the channel"."""
    people = {nick: scene.enter(nick, rooms=["#room"]) for nick in ("maya", "priya", "sam", "tom", "leo")}
    people["maya"].say("MODE #room +hv priya sam")
    quiet(*people.values())
    assert people["leo"].asks(f"PRIVMSG {symbol}#ROOM :help") == []
    heard = {nick: person.hears() for nick, person in people.items()}
    assert {nick for nick, lines in heard.items() if lines} == hearers
    assert heard["maya"] == [f":leo!leo@192.0.2.7 PRIVMSG {symbol}#room :help"]


def test_a_rank_is_spoken_to_by_those_who_may_speak(scene: Scene, maya: Person) -> None:
    """The room's rules hold for STATUSMSG as well."""
    assert commands(scene.enter("sam").asks("PRIVMSG @#room :help")) == ["404"]
    assert commands(scene.enter("tom").asks("PRIVMSG @#nowhere :help")) == ["403"]


def test_all_ranks_together_are_the_lowest(scene: Scene, maya: Person, leo: Person) -> None:
    """ "@%#bunny [...] is functionally identical" to %#bunny."""
    priya = scene.enter("priya", rooms=["#room"])
    maya.say("MODE #room +h priya")
    quiet(maya, leo, priya)
    assert leo.asks("PRIVMSG @%#room :help") == []
    assert params(priya.hears(), "PRIVMSG")[0] == "%#room"
    assert params(maya.hears(), "PRIVMSG")[0] == "%#room"


# Length


@VERBS
def test_what_would_be_cut_for_its_readers_is_refused(maya: Person, leo: Person, verb: str) -> None:
    """Who gets no ERR_INPUTTOOLONG can trust that every byte arrived; a NOTICE is refused in silence."""
    frame = len(f":maya!maya@192.0.2.7 {verb} #room :\r\n")
    fits = "x" * (512 - frame)
    assert maya.asks(f"{verb} #room :{fits}") == []
    heard = leo.hears()
    assert params(heard, verb)[1] == fits
    assert tag_free(heard[0]) == 512
    assert commands(maya.asks(f"{verb} #room :{fits}x")) == (["417"] if verb == "PRIVMSG" else [])
    assert leo.hears() == []


def test_length_is_counted_in_bytes(maya: Person, leo: Person) -> None:
    """A character of four bytes takes the room of four."""
    room = 512 - len(":maya!maya@192.0.2.7 PRIVMSG #room :\r\n")
    assert maya.asks(f"PRIVMSG #room :{'🎉' * (room // 4)}") == []
    assert commands(maya.asks(f"PRIVMSG #room :{'🎉' * (room // 4 + 1)}")) == ["417"]
    assert commands(leo.hears()) == ["PRIVMSG"]


def test_a_long_target_counts_as_well(scene: Scene) -> None:
    """What fits beside a short name need not fit beside a long one."""
    room = "#" + "é" * 31
    maya = scene.enter("m" * 32, rooms=[room])
    leo = scene.enter("leo", rooms=[room])
    maya.say(f"PRIVMSG {room} :{'x' * 400}")
    assert commands(maya.hears())[-1] == "417"
    assert leo.hears() == []
