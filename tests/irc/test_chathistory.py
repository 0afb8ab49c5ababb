"""CHATHISTORY: what was said before. https://ircv3.net/specs/extensions/chathistory"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from hubbub.dialects.irc.dialect import Settings
from hubbub.hub.events import Entry
from hubbub.hub.ports import Account, StoreFailed, Window
from hubbub.hub.promise import Promise, broken
from hubbub.server.logins import AccountRules
from hubbub.stores.memory import MemoryStore
from hubbub.wire.line import Line
from tests.irc.lines import commands, every, only, params
from tests.scene import Person, Scene, quiet

CAPS = ("draft/chathistory", "batch", "message-tags", "server-time", "echo-message")
ALWAYS = "timestamp=2000-01-01T00:00:00.000Z"
NEVER = "timestamp=2262-01-01T00:00:00.000Z"


@pytest.fixture
def maya(scene: Scene) -> Person:
    """She is in #room, where one to nine was said, a second apart."""
    person = scene.enter("maya", *CAPS, rooms=["#room"])
    for number in range(1, 10):
        scene.pass_time(1)
        person.say(f"PRIVMSG #room :{number}")
    return person


@pytest.fixture
def said(scene: Scene, maya: Person) -> dict[str, Line]:
    """What was said, by its text."""
    return {line.params[1]: line for line in maya.reads() if line.command == "PRIVMSG"}


def texts(person: Person, line: str) -> str:
    """The texts of the messages in the answer, which is one batch of history and nothing else."""
    person.hears()
    person.say(line)
    start, *inside, end = person.reads()
    name = start.params[0][1:]
    assert start.params == (f"+{name}", "chathistory", line.split()[2].lower())
    assert end.params == (f"-{name}",)
    assert {found.tags["batch"] for found in inside} <= {name}
    return "".join(found.params[1] for found in inside)


def mark(line: Line, kind: str) -> str:
    return f"msgid={line.tags['msgid']}" if kind == "msgid" else f"timestamp={line.tags['time']}"


MARKS = pytest.mark.parametrize("kind", ["msgid", "timestamp"])


# The subcommands


def test_latest_is_the_end_of_the_log(maya: Person, said: dict[str, Line]) -> None:
    """ "Request up to limit number of the most recent messages that have been sent", oldest first."""
    assert texts(maya, "CHATHISTORY LATEST #room * 3") == "789"
    assert texts(maya, "CHATHISTORY LATEST #room * 100") == "123456789"
    assert texts(maya, "chathistory latest #ROOM * 1") == "9"


@MARKS
def test_latest_stops_at_a_reference(maya: Person, said: dict[str, Line], kind: str) -> None:
    """ "restricted to those sent after and excluding that timestamp or msgid"."""
    assert texts(maya, f"CHATHISTORY LATEST #room {mark(said['5'], kind)} 100") == "6789"
    assert texts(maya, f"CHATHISTORY LATEST #room {mark(said['5'], kind)} 2") == "89"
    assert texts(maya, f"CHATHISTORY LATEST #room {mark(said['9'], kind)} 2") == ""


@MARKS
def test_before_counts_back_from_a_reference(maya: Person, said: dict[str, Line], kind: str) -> None:
    """ "up to limit number of messages before and excluding the given timestamp or msgid"."""
    assert texts(maya, f"CHATHISTORY BEFORE #room {mark(said['5'], kind)} 2") == "34"
    assert texts(maya, f"CHATHISTORY BEFORE #room {mark(said['5'], kind)} 100") == "1234"
    assert texts(maya, f"CHATHISTORY BEFORE #room {mark(said['1'], kind)} 100") == ""


@MARKS
def test_after_counts_on_from_a_reference(maya: Person, said: dict[str, Line], kind: str) -> None:
    """ "up to limit number of messages after and excluding the given timestamp or msgid"."""
    assert texts(maya, f"CHATHISTORY AFTER #room {mark(said['5'], kind)} 2") == "67"
    assert texts(maya, f"CHATHISTORY AFTER #room {mark(said['5'], kind)} 100") == "6789"
    assert texts(maya, f"CHATHISTORY AFTER #room {mark(said['9'], kind)} 100") == ""


@MARKS
def test_around_has_the_reference_in_its_middle(maya: Person, said: dict[str, Line], kind: str) -> None:
    """ "messages before and after [...] with the total number of returned messages not exceeding limit"."""
    assert texts(maya, f"CHATHISTORY AROUND #room {mark(said['5'], kind)} 3") == "456"
    assert texts(maya, f"CHATHISTORY AROUND #room {mark(said['5'], kind)} 1") == "5"
    assert texts(maya, f"CHATHISTORY AROUND #room {mark(said['1'], kind)} 4") == "12"


@MARKS
def test_between_counts_from_its_first_selector(maya: Person, said: dict[str, Line], kind: str) -> None:
    """ "counted starting from and excluding the first message selector [...] forwards or backwards in time"."""
    three, seven = mark(said["3"], kind), mark(said["7"], kind)
    assert texts(maya, f"CHATHISTORY BETWEEN #room {three} {seven} 100") == "456"
    assert texts(maya, f"CHATHISTORY BETWEEN #room {seven} {three} 100") == "456"
    assert texts(maya, f"CHATHISTORY BETWEEN #room {three} {seven} 2") == "45"
    assert texts(maya, f"CHATHISTORY BETWEEN #room {seven} {three} 2") == "56"
    assert texts(maya, f"CHATHISTORY BETWEEN #room {three} {three} 2") == ""


def test_between_takes_one_reference_of_each_kind(maya: Person, said: dict[str, Line]) -> None:
    """A message id and a time are both places in the log."""
    line = f"CHATHISTORY BETWEEN #room {mark(said['3'], 'msgid')} {mark(said['7'], 'timestamp')} 9"
    assert texts(maya, line) == "456"


@pytest.mark.parametrize("size", [1, 2, 4, 7])
@MARKS
def test_paging_meets_each_message_once(maya: Person, said: dict[str, Line], kind: str, size: int) -> None:
    """A client that goes back page by page, by ids or by times, misses nothing and sees nothing twice."""
    seen, end = "", "*"
    while page := texts(maya, f"CHATHISTORY {'BEFORE' if end != '*' else 'LATEST'} #room {end} {size}"):
        seen, end = page + seen, mark(said[page[0]], kind)
    assert seen == "123456789"


# What is in it


def test_history_is_what_was_delivered(maya: Person, said: dict[str, Line]) -> None:
    """ "The msgid tag [...] MUST be the msgid tag as originally sent", and so are source, text and time."""
    heard = every(maya.asks("CHATHISTORY LATEST #room * 1"), "PRIVMSG")
    assert [(line.source, line.params) for line in heard] == [("maya!maya@192.0.2.7", ("#room", "9"))]
    assert {key: value for key, value in heard[0].tags.items() if key != "batch"} == said["9"].tags


def test_client_tags_are_kept(scene: Scene) -> None:
    """Replies still say to what, long after they were said."""
    maya = scene.enter("maya", *CAPS, rooms=["#room"])
    maya.say("@+reply=abc;+x PRIVMSG #room :yes")
    tags = only(maya.asks("CHATHISTORY LATEST #room * 1"), "PRIVMSG").tags
    assert (tags["+reply"], tags["+x"]) == ("abc", "")


def test_talk_is_all_that_old_clients_are_sent(scene: Scene) -> None:
    """Without event-playback "the server MUST NOT send any lines other than PRIVMSG and NOTICE in the reply batch"."""
    maya = scene.enter("maya", *CAPS, rooms=["#room"])
    scene.enter("leo", rooms=["#room"]).say("NICK lion", "NOTICE #room :note", "PART #room")
    maya.say("TOPIC #room :x", "MODE #room +m", "PRIVMSG #room :hi", "@+typing TAGMSG #room")
    assert commands(maya.asks("CHATHISTORY LATEST #room * 100")) == ["BATCH", "NOTICE", "PRIVMSG", "BATCH"]


def test_a_limit_counts_what_is_sent(scene: Scene) -> None:
    """Comings and goings between messages take no place on a page of talk."""
    maya = scene.enter("maya", *CAPS, rooms=["#room"])
    for number in range(3):
        maya.say(f"PRIVMSG #room :{number}", f"TOPIC #room :{number}", "MODE #room +m-m+m")
    assert texts(maya, "CHATHISTORY LATEST #room * 2") == "12"


def test_event_playback_tells_what_happened(scene: Scene) -> None:
    """ "the server SHOULD send additional lines relevant to the chat history"."""
    maya = scene.enter("maya", *CAPS, "draft/event-playback", rooms=["#room"])
    leo = scene.enter("leo", rooms=["#room"])
    leo.say("NICK lion")
    maya.say("TOPIC #room :x", "MODE #room +v lion", "KICK #room lion")
    leo.say("JOIN #room", "PART #room", "JOIN #room", "QUIT :bye")
    happened = ["JOIN", "JOIN", "NICK", "TOPIC", "MODE", "KICK", "JOIN", "PART", "JOIN", "QUIT"]
    assert commands(maya.asks("CHATHISTORY LATEST #room * 100")) == ["BATCH", *happened, "BATCH"]


def test_playback_reads_as_the_events_did(scene: Scene) -> None:
    """An entry is written the same way, live or from history, but for its batch."""
    maya = scene.enter("maya", *CAPS, "draft/event-playback", "extended-join", "account-tag", rooms=["#room"])
    scene.accounts.save("leo", Account("Leo", "secret", 0), new=True)
    leo = scene.connect()
    leo.say(
        "PASS leo:secret", "NICK leo", "USER l 0 * :Leo the Lion", "JOIN #room", "PRIVMSG #room :hi", "PART #room :x"
    )
    live = maya.reads()
    maya.say("CHATHISTORY LATEST #room * 3")
    history = [line for line in maya.reads() if line.command != "BATCH"]
    assert [(line.source, line.command, line.params) for line in history] == [
        (line.source, line.command, line.params) for line in live
    ]
    assert [{**line.tags, "batch": ""} for line in history] == [{**line.tags, "batch": ""} for line in live]


# Limits and what cannot be read


def test_no_page_is_longer_than_isupport_says(build: Callable[..., Scene]) -> None:
    """ "CHATHISTORY MUST be sent to the client to state the maximum number of messages"."""
    scene = build(settings=Settings(page=5))
    maya = scene.enter("maya", *CAPS, rooms=["#room"])
    maya.say(*[f"PRIVMSG #room :{number}" for number in range(9)])
    assert texts(maya, "CHATHISTORY LATEST #room * 9999") == "45678"
    assert "CHATHISTORY=5" in " ".join(maya.asks("VERSION"))


@pytest.mark.parametrize(
    "line",
    [
        "",
        "LATEST",
        "LATEST #room",
        "LATEST #room *",
        "LATEST #room * 1 2",
        "BEFORE #room * 5",
        "BEFORE #room timestamp= 5",
        "BEFORE #room msgid= 5",
        "BEFORE #room timestamp=yesterday 5",
        "BEFORE #room timestamp=2026-01-01 5",
        "BEFORE #room timestamp=2026-01-01T00:00:00.000 5",
        "BEFORE #room timestamp=2026-13-01T00:00:00.000Z 5",
        "BETWEEN #room timestamp=2026-01-01T00:00:00.000Z 5",
        "AROUND #room nonsense 5",
        "LATEST #room * x",
        "LATEST #room * -1",
        "LATEST #room * 0",
        "LATEST #room * \u0663",
        "LATEST #room * :",
        "TARGETS #room * 5",
        "NONSENSE #room * 5",
        ":",
    ],
)
def test_what_cannot_be_read_is_said_to_be_so(maya: Person, line: str) -> None:
    """ "an unknown subcommand, missing parameters, excess parameters, or parameters that cannot be parsed"."""
    heard = params(maya.asks(f"CHATHISTORY {line}".rstrip()), "FAIL")
    assert heard[:2] == ("CHATHISTORY", "INVALID_PARAMS")
    assert heard[2] == (line.partition(" ")[0] if line not in ("", ":") else "*")


def test_an_unknown_kind_of_reference_is_named(maya: Person) -> None:
    """ "FAIL CHATHISTORY INVALID_MSGREFTYPE the_given_command the_given_target [extra_context]"."""
    heard = params(maya.asks("CHATHISTORY BEFORE #room seq=5 5"), "FAIL")
    assert heard[:-1] == ("CHATHISTORY", "INVALID_MSGREFTYPE", "BEFORE", "#room", "seq=5")


@pytest.mark.parametrize("subcommand", ["LATEST", "BEFORE", "AFTER", "AROUND"])
@pytest.mark.parametrize("msgid", ["nonsense", "x" * 22, "é" * 22, "A" * 22])
def test_an_unknown_message_is_an_error(maya: Person, subcommand: str, msgid: str) -> None:
    """ "If no message history can be returned due to an error, the MESSAGE_ERROR error code SHOULD be returned"."""
    heard = params(maya.asks(f"CHATHISTORY {subcommand} #room msgid={msgid} 5"), "FAIL")
    assert heard[:4] == ("CHATHISTORY", "MESSAGE_ERROR", subcommand, "#room")


def test_a_message_of_another_room_is_unknown(scene: Scene, maya: Person, said: dict[str, Line]) -> None:
    """An id is a place in one conversation, and says nothing about others."""
    maya.say("JOIN #other", "PRIVMSG #other :x")
    heard = params(maya.asks(f"CHATHISTORY BEFORE #other {mark(said['5'], 'msgid')} 5"), "FAIL")
    assert heard[1] == "MESSAGE_ERROR"


@pytest.mark.parametrize(
    "when",
    ["2026-09-21T14:13:25.000Z", "2026-09-21T14:13:25Z", "2026-09-21T16:13:25.000+02:00", "0001-01-01T00:00:00Z"],
)
def test_times_are_read_as_iso_8601_says(maya: Person, when: str) -> None:
    """ "A timestamp parameter MUST have the format timestamp=YYYY-MM-DDThh:mm:ss.sssZ"; close relatives will do."""
    assert texts(maya, f"CHATHISTORY AFTER #room timestamp={when} 1") in "1567"


# Who may read


def test_outsiders_are_refused_as_if_there_were_no_room(scene: Scene, maya: Person) -> None:
    """One answer for a room that is not there and for one that is hidden: "the client does not have permissions"."""
    maya.say("JOIN #hidden", "MODE #hidden +s")
    tom = scene.enter("tom", *CAPS)
    answers = {
        room: tom.asks(f"CHATHISTORY {subcommand} {room} {mark} 5")
        for room in ("#room", "#hidden", "#nowhere")
        for subcommand, mark in (("LATEST", "*"), ("BEFORE", NEVER))
    }
    assert params(answers["#room"], "FAIL")[:4] == ("CHATHISTORY", "INVALID_TARGET", "BEFORE", "#room")
    assert {"".join(heard).replace(room, "") for room, heard in answers.items()} == {
        "".join(answers["#room"]).replace("#room", "")
    }


def test_who_has_left_or_was_kicked_reads_no_more(scene: Scene, maya: Person) -> None:
    """Membership is what opens the log."""
    leo = scene.enter("leo", *CAPS, rooms=["#room"])
    assert texts(leo, "CHATHISTORY LATEST #room * 1") == "9"
    maya.say("KICK #room leo")
    leo.hears()
    assert params(leo.asks("CHATHISTORY LATEST #room * 1"), "FAIL")[1] == "INVALID_TARGET"


@pytest.mark.parametrize("target", ["@#room", "%#room"])
def test_what_was_said_to_a_rank_is_for_that_rank(scene: Scene, maya: Person, target: str) -> None:
    """What members could not hear they cannot read."""
    leo = scene.enter("leo", *CAPS, rooms=["#room"])
    maya.say(f"PRIVMSG {target} :among us")
    leo.hears()
    assert params(leo.asks(f"CHATHISTORY LATEST {target} * 5"), "FAIL")[1] == "INVALID_TARGET"
    assert "among us" not in texts(leo, "CHATHISTORY LATEST #room * 5")
    assert texts(maya, f"CHATHISTORY LATEST {target} * 5") == "among us"


# Private conversations


def login(scene: Scene, nick: str, account: str) -> Person:
    """Somebody with an account."""
    scene.accounts.save(account, Account(account, "secret", 0), new=True)
    person = scene.connect()
    person.say(f"PASS {account}:secret", f"CAP REQ :{' '.join(CAPS)}")
    person.say(f"NICK {nick}", f"USER {nick} 0 * :{nick}", "CAP END")
    return person


def test_both_ends_read_their_conversation(scene: Scene) -> None:
    """ "include history sent between the current user and the target nickname, including outgoing messages"."""
    maya, leo = scene.enter("maya", *CAPS), scene.enter("leo", *CAPS)
    maya.say("PRIVMSG leo :1")
    leo.say("PRIVMSG maya :2")
    maya.say("NOTICE LEO :3")
    assert texts(maya, "CHATHISTORY LATEST leo * 9") == "123"
    assert texts(leo, "CHATHISTORY LATEST maya * 9") == "123"


def test_a_third_person_reads_only_their_own(scene: Scene) -> None:
    """A nick as target means one's own conversation with whoever wears it."""
    maya, leo, tom = (scene.enter(nick, *CAPS) for nick in ("maya", "leo", "tom"))
    maya.say("PRIVMSG leo :secret")
    leo.say("PRIVMSG tom :hello")
    for target in ("maya", "leo,maya", "maya,leo", "nobody"):
        tom.hears()
        tom.say(f"CHATHISTORY LATEST {target} * 9")
        assert commands(tom.hears()) == ["BATCH", "BATCH"]
    assert texts(tom, "CHATHISTORY LATEST leo * 9") == "hello"


def test_a_conversation_follows_a_changed_nick(scene: Scene) -> None:
    """ "The server SHOULD attempt to include history involving other nicknames if [a] nickname has changed"."""
    maya, leo = scene.enter("maya", *CAPS), scene.enter("leo", *CAPS)
    maya.say("PRIVMSG leo :1")
    leo.say("NICK lion")
    leo.say("PRIVMSG maya :2")
    assert texts(maya, "CHATHISTORY LATEST lion * 9") == "12"


def test_a_guests_conversation_does_not_fall_to_the_next_wearer_of_the_nick(scene: Scene) -> None:
    """ "Servers MUST ensure that users cannot obtain history they are not authorised to view"."""
    maya, leo = scene.enter("maya", *CAPS), scene.enter("leo", *CAPS)
    maya.say("PRIVMSG leo :secret")
    maya.leaves()
    leo.leaves()
    impostors = scene.enter("maya", *CAPS), scene.enter("leo", *CAPS)
    for person, target in zip(impostors, ("leo", "maya"), strict=True):
        assert texts(person, f"CHATHISTORY LATEST {target} * 9") == ""
        heard = person.asks(f"CHATHISTORY TARGETS {ALWAYS} {NEVER} 9")
        assert commands(heard) == ["BATCH", "BATCH"]


def test_a_nick_given_up_takes_no_conversation_along(scene: Scene) -> None:
    """Whoever takes a nick that a living guest gave up reads nothing of theirs."""
    maya, leo = scene.enter("maya", *CAPS), scene.enter("leo", *CAPS)
    maya.say("PRIVMSG leo :secret")
    maya.say("NICK priya")
    tom = scene.enter("maya", *CAPS)
    assert texts(tom, "CHATHISTORY LATEST leo * 9") == ""
    assert texts(leo, "CHATHISTORY LATEST maya * 9") == ""
    assert texts(leo, "CHATHISTORY LATEST priya * 9") == "secret"


def test_conversations_of_accounts_outlive_the_connection(scene: Scene) -> None:
    """ "Servers SHOULD use secure identification mechanisms such as account names"."""
    maya, leo = login(scene, "maya", "maya"), login(scene, "leo", "leo")
    maya.say("PRIVMSG leo :1")
    for person in (maya, leo):
        person.leaves()
    maya = login(scene, "mm", "maya")
    assert texts(maya, "CHATHISTORY LATEST leo * 9") == "1"
    leo = login(scene, "lion", "leo")
    assert texts(leo, "CHATHISTORY LATEST mm * 9") == "1"
    assert texts(maya, "CHATHISTORY LATEST lion * 9") == "1"


def test_who_wears_the_nick_of_an_account_is_not_that_account(build: Callable[..., Scene]) -> None:
    """A guest called leo has none of what was said to the account leo."""
    scene = build(accounts=AccountRules(reserve_nicks=False))
    maya, leo = login(scene, "maya", "maya"), login(scene, "leo", "leo")
    maya.say("PRIVMSG leo :for the account")
    leo.leaves()
    guest = scene.enter("leo", *CAPS)
    assert texts(guest, "CHATHISTORY LATEST maya * 9") == ""
    assert texts(maya, "CHATHISTORY LATEST leo * 9") == ""


def test_notes_to_oneself_are_kept_once(scene: Scene) -> None:
    """A conversation with oneself has one log."""
    maya = scene.enter("maya", *CAPS)
    maya.say("PRIVMSG maya :milk")
    assert texts(maya, "CHATHISTORY LATEST maya * 9") == "milk"


# TARGETS


def targets(person: Person, line: str) -> list[str]:
    heard = person.asks(f"CHATHISTORY TARGETS {line}")
    start = every(heard, "BATCH")[0]
    assert start.params[1:] == ("draft/chathistory-targets",)
    return [found.params[1] for found in every(heard, "CHATHISTORY")]


@pytest.fixture
def talkative(scene: Scene) -> Person:
    """Maya, who wrote to #one, leo, #two and sam, a minute apart."""
    maya = scene.enter("maya", *CAPS, rooms=["#one", "#two", "#silent"])
    scene.enter("leo")
    scene.enter("Sam", *CAPS).say("PRIVMSG leo :none of her business")
    for target in ("#one", "leo", "#two", "sam"):
        scene.pass_time(60)
        maya.say(f"PRIVMSG {target} :hi")
    return maya


def test_targets_are_listed_by_their_latest_message(talkative: Person) -> None:
    """ "it lists channels [...], together with users with which the user has exchanged direct messages"."""
    heard = talkative.asks(f"CHATHISTORY TARGETS {ALWAYS} {NEVER} 9")
    assert [line.params[1:] for line in every(heard, "CHATHISTORY")] == [
        ("#one", "2026-09-21T14:14:20.000Z"),
        ("leo", "2026-09-21T14:15:20.000Z"),
        ("#two", "2026-09-21T14:16:20.000Z"),
        ("Sam", "2026-09-21T14:17:20.000Z"),
    ]


def test_targets_count_from_the_first_selector(talkative: Person) -> None:
    """ "The parameters have the same semantics as BETWEEN"."""
    assert targets(talkative, f"{ALWAYS} {NEVER} 2") == ["#one", "leo"]
    assert targets(talkative, f"{NEVER} {ALWAYS} 2") == ["#two", "Sam"]
    first, last = "timestamp=2026-09-21T14:14:20.000Z", "timestamp=2026-09-21T14:17:20.000Z"
    assert targets(talkative, f"{first} {last} 9") == ["leo", "#two"]


def test_targets_go_by_the_latest_message_alone(talkative: Person) -> None:
    """ "a target is not returned if its latest message is outside of the selection parameters"."""
    talkative.say("PRIVMSG #one :again")
    before = "timestamp=2026-09-21T14:15:00.000Z"
    assert targets(talkative, f"{ALWAYS} {before} 9") == []


def test_rooms_one_has_left_are_no_targets(talkative: Person) -> None:
    """It lists channels "the user has visible history in"."""
    talkative.say("PART #one")
    assert "#one" not in targets(talkative, f"{ALWAYS} {NEVER} 9")


def test_a_guest_who_is_gone_is_no_target(scene: Scene, talkative: Person) -> None:
    """The nick means nobody now, and may mean somebody else tomorrow."""
    scene.enter("tom").say("PRIVMSG maya :bye", "QUIT")
    assert "tom" not in targets(talkative, f"{ALWAYS} {NEVER} 9")


def test_an_account_that_is_gone_is_still_a_target(scene: Scene) -> None:
    """Its conversation can be read under its name."""
    maya, leo = login(scene, "maya", "maya"), login(scene, "leo", "leo")
    leo.say("PRIVMSG maya :1")
    leo.leaves()
    maya.hears()
    assert targets(maya, f"{ALWAYS} {NEVER} 9") == ["leo"]


@pytest.mark.parametrize("line", [f"msgid=x {NEVER} 9", f"{ALWAYS} msgid=x 9"])
def test_targets_take_times_alone(maya: Person, line: str) -> None:
    """ "they MUST be timestamps and not msgids"."""
    assert params(maya.asks(f"CHATHISTORY TARGETS {line}"), "FAIL")[:3] == (
        "CHATHISTORY",
        "INVALID_MSGREFTYPE",
        "TARGETS",
    )


# With the store at work


def test_history_does_not_overtake_what_is_on_its_way(build: Callable[..., Scene]) -> None:
    """A page comes behind all that was said before it was asked for, and has it in it."""
    scene = build(slow=True)
    maya, leo = (scene.enter(nick, *CAPS, rooms=["#room"]) for nick in ("maya", "leo"))
    quiet(maya, leo)
    scene.slow.held = True
    leo.say("PRIVMSG #room :1")
    maya.say("CHATHISTORY LATEST #room * 5")
    assert maya.hears() == []
    scene.slow.land()
    scene.turn()
    assert commands(maya.hears()) == ["PRIVMSG", "BATCH", "PRIVMSG", "BATCH"]


class Unreadable(MemoryStore):
    """A store whose disk does not give back what it took."""

    def page(self, log: str, window: Window) -> Promise[list[Entry]]:
        return broken(StoreFailed("disk I/O error"))


def test_a_log_that_cannot_be_read_is_an_error_of_ours() -> None:
    """ "FAIL CHATHISTORY MESSAGE_ERROR the_given_command the_given_target": the connection lives, the fault is told."""
    scene = Scene()
    maya = scene.enter("maya", *CAPS, rooms=["#room"])
    scene.server.store = Unreadable(scene.clock)
    heard = params(maya.asks("CHATHISTORY LATEST #room * 5"), "FAIL")
    assert heard[:4] == ("CHATHISTORY", "MESSAGE_ERROR", "LATEST", "#room")
    assert commands(maya.asks("PING x")) == ["PONG"]
    assert [str(fault) for fault in scene.faults] == ["disk I/O error"]


# What one answer takes up


@pytest.mark.parametrize(
    ("line", "texts"),
    [
        ("LATEST #room * 100", ["8", "9"]),
        ("BEFORE #room timestamp=2100-01-01T00:00:00.000Z 100", ["8", "9"]),
        ("AFTER #room timestamp=2000-01-01T00:00:00.000Z 100", ["0", "1"]),
        ("BETWEEN #room timestamp=2000-01-01T00:00:00.000Z timestamp=2100-01-01T00:00:00.000Z 100", ["0", "1"]),
        ("BETWEEN #room timestamp=2100-01-01T00:00:00.000Z timestamp=2000-01-01T00:00:00.000Z 100", ["8", "9"]),
    ],
)
def test_a_page_never_overflows_the_send_queue(build: Callable[..., Scene], line: str, texts: list[str]) -> None:
    """It has fewer messages than were asked for then, those at the end that is counted from."""
    scene = build(settings=Settings(page_bytes=120))
    maya = scene.enter("maya", "draft/chathistory", rooms=["#room"])
    maya.say(*(f"PRIVMSG #room :{number}" for number in range(10)))
    assert [heard.params[1] for heard in every(maya.asks(f"CHATHISTORY {line}"), "PRIVMSG")] == texts


def test_the_longest_message_is_a_page_by_itself(build: Callable[..., Scene]) -> None:
    """Who pages on comes to the end of the log."""
    scene = build(settings=Settings(page_bytes=1))
    maya = scene.enter("maya", "draft/chathistory", rooms=["#room"])
    maya.say("PRIVMSG #room :a", "PRIVMSG #room :b")
    assert [heard.params[1] for heard in every(maya.asks("CHATHISTORY LATEST #room * 9"), "PRIVMSG")] == ["b"]


def test_a_person_is_called_as_they_were_asked_for(scene: Scene) -> None:
    """A client finds its own window by that name."""
    maya = scene.enter("maya", "batch", "draft/chathistory")
    scene.enter("leo")
    assert only(maya.asks("CHATHISTORY LATEST LEO * 9")[:1], "BATCH").params[1:] == ("chathistory", "LEO")
