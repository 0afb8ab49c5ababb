"""The core as its users see it: rooms, replies, and a peer that need not be trusted."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hubbub.client.events import (
    CaughtUp,
    Joined,
    JoinRefused,
    Kicked,
    Names,
    Offline,
    Online,
    Parted,
    Presence,
    Said,
    Told,
    Topic,
)
from hubbub.client.hearing import HEARD
from hubbub.client.protocol import Protocol
from hubbub.client.reflect import REFLECTIONS
from hubbub.client.registration import Identity
from hubbub.wire.line import BadLine
from tests.client.village import NO_HISTORY, Village, Visit

ROOM = "#general"


def test_a_line_may_come_in_any_pieces() -> None:
    """Byte by byte, the client understands the same."""
    village = Village()
    leo = Visit(village)
    leo.client.join(ROOM)
    leo.connect()
    while leo.guest is not None and (leo._up or leo.guest.out):
        leo.up(3)
        leo.down(1)
    assert leo.client.settled
    assert leo.client.mirror.names(leo.client.mirror.rooms[ROOM]) == ("@maya", "leo")


def test_rooms_asked_for_early_are_joined_when_we_are_in() -> None:
    """With their keys, several in one line."""
    leo = Visit(Village())
    for room, key in (("#a", ""), ("#b", "sesame"), ("#c", ""), ("#d", ""), ("#e", "")):
        leo.client.join(room, key)
    leo.connect()
    leo.run_until(b"JOIN")
    assert b"JOIN #b,#a,#c,#d sesame\r\nJOIN #e\r\n" in leo._up
    assert not leo.client.settled
    leo.run()
    assert leo.client.rooms == ("#a", "#b", "#c", "#d", "#e")
    assert leo.client.settled


def test_rooms_are_joined_again_after_a_cut() -> None:
    """Those we are in, not those we left or were put out of."""
    leo = Visit(Village()).come("#a", "#b", "#c")
    leo.client.part("#a", "bye")
    leo.run()
    leo.client.receive(b":maya!m@v KICK #b leo :out\r\n")
    leo.cut()
    leo.connect()
    leo.run()
    assert [event.conversation for event in leo.of(Parted)] == ["#a"]
    assert [(event.conversation, event.by) for event in leo.of(Kicked)] == [("#b", "maya")]
    assert leo.client.rooms == ("#c",)
    assert leo.client.mirror.room("#c") is not None


def test_a_room_that_does_not_let_us_in_is_told_and_not_tried_again() -> None:
    """With the words of the server."""
    leo = Visit(Village(caps=NO_HISTORY)).come()
    leo.client.join("#staff")
    leo.client.receive(b":village 473 leo #staff :Cannot join channel (+i)\r\n")
    assert leo.client.events() == [JoinRefused("#staff", "473", "Cannot join channel (+i)")]
    assert leo.client.rooms == ()


def test_a_room_that_is_not_spoken_of_again_is_given_up() -> None:
    """The server passed our JOIN without a word."""
    village = Village()
    leo = Visit(village).come()
    village._do_join = lambda guest, line: None  # type: ignore[method-assign]
    leo.client.join("#nowhere")
    leo.run()
    assert leo.of(JoinRefused) == [JoinRefused("#nowhere", "", "the server did not say why")]


def test_a_forward_leads_to_another_room() -> None:
    """We are not in the one, and are in the other."""
    leo = Visit(Village()).come()
    leo.client.join("#python")
    leo.client.receive(b":village 470 leo #python ##python :Forwarding\r\n:leo!l@v JOIN ##python\r\n")
    assert leo.client.rooms == ("##python",)


def test_a_room_that_the_server_chose_is_kept() -> None:
    """An account that stays present has its rooms before we say a word."""
    leo = Visit(Village()).come()
    leo.client.receive(b":leo!l@v JOIN #Home\r\n")
    leo.cut()
    assert leo.client.rooms == ("#Home",)


def test_what_a_room_is_comes_with_it() -> None:
    """Topic and names, then changes."""
    leo = Visit(Village()).come()
    leo.client.receive(
        b":leo!l@v JOIN #general\r\n"
        b":village 332 leo #general :Lunch at 12\r\n"
        b":village 353 leo = #general :leo @maya\r\n"
        b":village 366 leo #general :End of /NAMES list\r\n"
        b":maya!m@v AWAY :lunch\r\n"
        b":maya!m@v AWAY\r\n"
    )
    events = leo.client.events()
    assert isinstance(events[0], Joined)
    assert events[1:] == [
        CaughtUp("#general"),
        Topic("#general", "Lunch at 12"),
        Names("#general", ("@maya", "leo")),
        Presence("maya", "lunch"),
        Presence("maya", None),
    ]


def test_what_people_do_is_said_in_irc() -> None:
    """One line for each verb; a PING behind a NICK tells when it was answered."""
    leo = Visit(Village()).come(ROOM)
    leo.client.topic(ROOM)
    leo.client.topic(ROOM, "Lunch at 12")
    leo.client.topic(ROOM, "")
    leo.client.names(ROOM)
    leo.client.nick("leonard")
    leo.client.away("lunch")
    leo.client.away()
    leo.client.notice("sam", "psst")
    leo.client.raw("WHOIS", "sam")
    leo.client.ping()
    leo.client.quit("bye bye")
    lines = leo.client.data_to_send().decode().split("\r\n")[:-1]
    assert [line.split(" ", 1)[1] if line.startswith("@") else line for line in lines] == [
        "TOPIC #general",
        "TOPIC #general :Lunch at 12",
        "TOPIC #general :",
        "NAMES #general",
        "NICK leonard",
        "PING hubbub-2",
        "AWAY lunch",
        "AWAY",
        "NOTICE sam :psst",
        "WHOIS sam",
        "PING hubbub-3",
        "QUIT :bye bye",
    ]


def test_the_server_says_why_it_hangs_up() -> None:
    """That is the better reason for being offline."""
    leo = Visit(Village()).come()
    leo.client.receive(b"ERROR :Closing Link: (Excess Flood)\r\n")
    leo.client.connection_lost("the connection was closed")
    assert leo.client.events() == [Offline("Closing Link: (Excess Flood)")]


def test_replies_that_nobody_expected_are_told() -> None:
    """WHOIS by hand, standard replies, the message of the day."""
    leo = Visit(Village()).come()
    leo.client.receive(
        b"FAIL CHATHISTORY MESSAGE_ERROR :not asked\r\n"
        b":village CAP leo\r\n"
        b":village 311 leo sam s host * :Sam\r\n"
        b"NOTE * X :done\r\nWARN JOIN Y #a :careful\r\nFAIL * Z :no\r\nFAIL\r\n"
    )
    events = [event for event in leo.client.events() if isinstance(event, Told)]
    assert [(told.code, told.text, told.is_error) for told in events] == [
        ("FAIL", "not asked", True),
        ("311", "Sam", False),
        ("NOTE", "done", False),
        ("WARN", "careful", False),
        ("FAIL", "no", True),
        ("FAIL", "", True),
    ]


def test_old_encodings_are_read() -> None:
    """What is not UTF-8 is what Windows had."""
    leo = Visit(Village()).come(ROOM)
    leo.client.receive(b":sam!s@v PRIVMSG #general :caf\xe9\r\n")
    leo.run()
    assert leo.texts(ROOM) == ["café"]


def test_lines_that_are_none_are_passed_over() -> None:
    """Too long, without a command, with a NUL: the next line counts again."""
    leo = Visit(Village()).come(ROOM)
    leo.client.receive(b":\r\n\x00\r\n" + b"x" * 20_000 + b"\r\n:sam!s@v PRIVMSG #general :hi\r\n")
    leo.run()
    assert leo.texts(ROOM) == ["hi"]


@given(st.binary(max_size=300))
def test_no_bytes_break_the_client(data: bytes) -> None:
    """Whatever a server sends, the client goes on."""
    client = Protocol(Identity("leo"))
    client.connection_made()
    client.receive(b":v 001 leo :x\r\n:v 376 leo :x\r\n:leo!l@x JOIN #general\r\n" + data + b"\r\n")
    client.receive(b":sam!s@v PRIVMSG #general :still here\r\n")
    assert [event.text for event in client.events() if isinstance(event, Said)][-1:] == ["still here"]


words = st.sampled_from(
    [
        "",
        "*",
        "+1",
        "-1",
        "leo",
        "sam",
        "#general",
        "chathistory",
        "#two words",
        "=",
        "@sam",
        "ACK",
        "LS",
        "CHATHISTORY",
        "x",
        "9",
    ]
)
commands = st.sampled_from([*HEARD, *REFLECTIONS, "CHATHISTORY", "401", "404", "421", "433", "470", "473", "904"])
tags = st.sampled_from(
    ["", "@batch=1 ", "@label=x ", "@msgid=1 ", "@msgid=a\\sb\\r ", "@time=x ", "@time=2025-11-20T09:00:00.000Z "]
)
lines = st.tuples(tags, st.sampled_from(["", ":leo!l@x ", ":sam!s@x "]), commands, st.lists(words, max_size=4))


@given(st.lists(lines, max_size=30))
def test_no_lines_break_the_client(said: list[tuple[str, str, str, list[str]]]) -> None:
    """Known commands with parameters that make no sense, in any order."""
    client = Protocol(Identity("leo"), backlog=5)
    client.join("#general")
    client.connection_made()
    client.receive(b":v CAP * LS :batch draft/chathistory message-tags server-time labeled-response\r\n")
    client.receive(b":v CAP * ACK :batch draft/chathistory message-tags server-time\r\n")
    client.receive(b":v 001 leo :x\r\n:v 376 leo :x\r\n")
    for tag, source, command, params in said:
        middles = [param.replace(" ", "") or "x" for param in params[:-1]]
        text = " ".join([command, *middles, *(f":{param}" for param in params[-1:])])
        client.receive(f"{tag}{source}{text}\r\n".encode())
    client.connection_lost()
    client.connection_made()
    client.receive(b":v 001 leo :x\r\n:v 376 leo :x\r\n")
    assert client.online


def test_a_room_with_an_impossible_name_is_refused_at_once() -> None:
    """Before anything is sent."""
    with pytest.raises(BadLine):
        Protocol(Identity("leo")).join("two words")
    with pytest.raises(BadLine):
        Visit(Village()).come().client.history("two words", 5)


def test_a_client_that_comes_back_says_so() -> None:
    """The first time it is online, later it has resumed."""
    leo = Visit(Village()).come()
    leo.cut()
    leo.connect()
    leo.run()
    assert [event.resumed for event in leo.of(Online)] == [False, True]
    assert leo.client.online


def test_half_a_batch_does_not_outlive_its_connection() -> None:
    """A server that numbers its batches anew may not end the one of the connection before."""
    leo = Visit(Village()).come(ROOM)
    leo.client.receive(b":v BATCH +1 netsplit a b\r\n@batch=1 :sam!s@v PRIVMSG #general :half\r\n")
    leo.cut()
    leo.connect()
    leo.run()
    leo.client.receive(b"@batch=1 :sam!s@v PRIVMSG #general :whole\r\n:v BATCH -1\r\n")
    leo.run()
    assert leo.texts(ROOM) == ["whole"]
