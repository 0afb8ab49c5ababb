"""What becomes of our own messages: each is Sent or Failed, once, and only on proof."""

import pytest

from hubbub.client.events import Failed, JoinRefused, Said, Sent, Told
from hubbub.client.protocol import NotOnline
from hubbub.wire.line import BadLine
from tests.client.village import EVERYTHING, NO_HISTORY, Village, Visit

ROOM = "#general"
PLAIN = frozenset({"multi-prefix"})


def test_an_echo_with_our_label_confirms_a_message() -> None:
    """Leo's message is shown once, as the server has it, and is told to be sent under the label that `say` gave."""
    leo = Visit(Village()).come(ROOM)
    (label,) = leo.client.say(ROOM, "hello")
    leo.run()
    (sent,) = leo.of(Sent)
    (said,) = leo.said(ROOM)
    assert (sent.label, sent.text, sent.msgid) == (label, "hello", said.msgid)
    assert said.own
    assert said.label == label


def test_without_labels_the_echo_is_known_by_its_text() -> None:
    """Two messages under way, answered in any order: each echo confirms its own."""
    leo = Visit(Village(caps=frozenset({"echo-message"}))).come(ROOM)
    first, second = leo.client.say(ROOM, "one") + leo.client.say(ROOM, "two")
    leo.client.receive(b":leo!leo@village PRIVMSG #GENERAL :two\r\n")
    leo.client.receive(b":leo!leo@village PRIVMSG #general :one\r\n")
    assert [event.label for event in leo.client.events() if isinstance(event, Sent)] == [second, first]


def test_an_echo_that_was_changed_on_the_way_still_confirms() -> None:
    """The room takes colours out of what is said in it."""
    leo = Visit(Village(caps=frozenset({"echo-message"}))).come(ROOM)
    leo.client.say(ROOM, "\x0304red")
    leo.client.receive(b":leo!leo@village PRIVMSG #general :red\r\n")
    assert [event.text for event in leo.client.events() if isinstance(event, Sent)] == ["\x0304red"]


def test_without_echoes_the_pong_from_behind_a_message_confirms_it() -> None:
    """An old server says nothing about a message that it took; leo sees it nevertheless, when it is sure."""
    leo = Visit(Village(caps=PLAIN)).come(ROOM)
    leo.client.say(ROOM, "hello")
    leo.client.act(ROOM, "waves")
    assert leo.texts(ROOM) == []
    leo.run()
    assert [(said.kind, said.text, said.own) for said in leo.said(ROOM)] == [
        ("message", "hello", True),
        ("action", "waves", True),
    ]
    assert [sent.text for sent in leo.of(Sent)] == ["hello", "waves"]


def test_an_acknowledgement_confirms_where_there_are_labels_but_no_echoes() -> None:
    """`ACK` is all that a server without echo-message has to say about a message that arrived."""
    leo = Visit(Village(caps=frozenset({"labeled-response", "batch", "message-tags"}))).come(ROOM)
    leo.client.say(ROOM, "hello")
    leo.run()
    assert [sent.text for sent in leo.of(Sent)] == leo.texts(ROOM) == ["hello"]


@pytest.mark.parametrize("caps", [EVERYTHING, frozenset({"echo-message"}), PLAIN])
def test_a_refused_message_fails_with_the_words_of_the_server(caps: frozenset[str]) -> None:
    """By its label, or by its target: leo is not in #staff and may not speak there."""
    leo = Visit(Village(caps=caps)).come(ROOM)
    (label,) = leo.client.say("#staff", "hello")
    leo.run()
    assert leo.of(Failed) == [Failed(label, "#staff", "hello", "404", "Cannot send to channel")]
    assert leo.of(Sent) == []


def test_a_standard_reply_refuses_a_message_too() -> None:
    """FAIL names the command; without a label the oldest message under way is meant."""
    leo = Visit(Village(caps=PLAIN)).come(ROOM)
    leo.client.say(ROOM, "one")
    leo.client.receive(b"FAIL PRIVMSG RATE_LIMITED :Slow down\r\n")
    (failed,) = [event for event in leo.client.events() if isinstance(event, Failed)]
    assert (failed.text, failed.code, failed.reason) == ("one", "RATE_LIMITED", "Slow down")


def test_an_error_about_something_else_is_told_as_it_came() -> None:
    """No message of leo's is under way to sam, so this is an answer to something else."""
    leo = Visit(Village()).come(ROOM)
    leo.client.receive(b":village 401 leo sam :No such nick\r\n")
    (told,) = leo.client.events()
    assert told == Told("401", ("sam", "No such nick"))
    assert told.is_error


def test_a_message_that_is_neither_echoed_nor_refused_is_not_claimed_to_be_sent() -> None:
    """The server echoes, and it did not echo this one: something swallowed it."""
    village = Village(caps=frozenset({"echo-message"}))
    leo = Visit(village).come(ROOM)
    village._do_privmsg = lambda guest, line: None  # type: ignore[method-assign]
    leo.client.say(ROOM, "hello")
    leo.run()
    assert [failed.reason for failed in leo.of(Failed)] == ["the server neither echoed nor refused it"]


def test_a_labelled_batch_is_one_answer() -> None:
    """Sam is away: the server answers with two lines, of which one is the echo."""
    leo = Visit(Village()).come()
    (label,) = leo.client.say("sam", "hi")
    leo.client.receive(
        f"@label={label} :village BATCH +1 labeled-response\r\n"
        "@batch=1 :village 301 leo sam :at lunch\r\n"
        "@batch=1;msgid=m9 :leo!leo@village PRIVMSG sam :hi\r\n"
        ":village BATCH -1\r\n".encode()
    )
    events = leo.client.events()
    assert Told("301", ("sam", "at lunch")) in events
    assert [(event.label, event.msgid) for event in events if isinstance(event, Sent)] == [(label, "m9")]
    assert len([event for event in events if isinstance(event, Said)]) == 1


def test_a_message_to_oneself_is_shown_once() -> None:
    """It comes as an echo and as a message, under one msgid."""
    leo = Visit(Village()).come()
    leo.client.say("leo", "buy milk")
    leo.client.receive(b"@msgid=m1 :leo!leo@village PRIVMSG leo :buy milk\r\n")
    leo.client.receive(b"@label=x;msgid=m1 :leo!leo@village PRIVMSG leo :buy milk\r\n")
    assert [event.text for event in leo.client.events() if isinstance(event, Said)] == ["buy milk"]


def test_what_is_written_while_offline_waits_for_the_room() -> None:
    """Leo types in the train; it is said once he is back in the room and has read what he missed."""
    village = Village()
    leo = Visit(village).come(ROOM)
    leo.cut()
    leo.client.say(ROOM, "in a tunnel")
    village.neighbour("maya", ROOM, "where is leo?")
    leo.connect()
    leo.run()
    assert leo.texts(ROOM) == ["where is leo?", "in a tunnel"]
    assert [sent.text for sent in leo.of(Sent)] == ["in a tunnel"]


def test_what_waits_for_a_room_that_we_are_not_let_into_fails() -> None:
    """The server only says that it could not do that, and does not name the room."""
    leo = Visit(Village()).come()
    leo.client.join(ROOM)
    leo.client.say(ROOM, "anybody here?")
    leo.client.data_to_send()
    leo.client.receive(b"FAIL JOIN NOT_STORED :The disk is full\r\nPONG village hubbub-1\r\n")
    leo.run()
    assert [(refused.room, refused.reason) for refused in leo.of(JoinRefused)] == [(ROOM, "the server did not say why")]
    assert [(failed.text, failed.code) for failed in leo.of(Failed)] == [("anybody here?", "404")]


def test_what_waits_for_a_room_that_we_leave_does_not_wait_for_ever() -> None:
    """Leo was still being shown what he had missed there when the connection broke, and changes his mind."""
    village = Village()
    leo = Visit(village, backlog=5).come()
    leo.client.join(ROOM)
    leo.run_until(b"CHATHISTORY LATEST")
    leo.client.say(ROOM, "hello")
    leo.cut()
    leo.client.part(ROOM)
    leo.connect()
    leo.run()
    assert [failed.text for failed in leo.of(Failed)] == ["hello"]
    assert leo.client.unconfirmed == 0


def test_what_waits_for_a_room_that_we_are_put_out_of_does_not_wait_either() -> None:
    """Leo was still being shown what had been said there."""
    leo = Visit(Village(), backlog=5).come()
    leo.client.join(ROOM)
    leo.run_until(b"CHATHISTORY LATEST")
    leo.client.say(ROOM, "hello")
    leo.client.receive(b":maya!maya@village KICK #general leo :not now\r\n")
    leo.run()
    assert leo.client.unconfirmed == 0


def test_a_refusal_of_what_was_sent_again_says_nothing_about_the_first_time() -> None:
    """The echo was lost with the connection, and leo is not let into the room any more: his message is there."""
    village = Village()
    leo = Visit(village).come(ROOM)
    leo.client.say(ROOM, "hello")
    leo.up(1000)
    leo.cut()
    leo.client.part(ROOM)
    leo.connect()
    leo.run()
    assert village.said(ROOM, None)
    assert [failed.code for failed in leo.of(Failed)] == [""]


def test_a_resend_under_the_same_label_is_stored_once() -> None:
    """The message arrived, its echo did not: the server knows the label and answers with the first msgid."""
    village = Village()
    leo = Visit(village).come(ROOM)
    leo.client.say(ROOM, "hello")
    leo.up(9999)
    leo.cut()
    leo.connect()
    leo.run()
    assert leo.texts(ROOM) == ["hello"]
    assert [sent.msgid for sent in leo.of(Sent)] == [leo.said(ROOM)[0].msgid]
    assert [entry.line.command for entry in village.logs[ROOM]].count("PRIVMSG") == 1


def test_a_message_in_doubt_that_history_shows_was_sent() -> None:
    """A server without nonces, but with history: what leo finds of himself in what he missed has arrived."""
    village = Village(nonces=False)
    leo = Visit(village).come(ROOM)
    leo.client.say(ROOM, "hello")
    leo.up(9999)
    leo.client.say(ROOM, "lost")
    leo.cut()
    leo.connect()
    leo.run()
    assert [sent.text for sent in leo.of(Sent)] == ["hello"]
    assert [(failed.text, failed.code) for failed in leo.of(Failed)] == [("lost", "")]


def test_a_private_message_in_doubt_is_looked_for_in_history_first() -> None:
    """The same between two people, where it must first be known with whom there is history at all."""
    village = Village(nonces=False)
    leo = Visit(village).come()
    leo.client.say("sam", "hello")
    leo.up(9999)
    leo.cut()
    leo.connect()
    leo.run()
    assert [sent.text for sent in leo.of(Sent)] == ["hello"]
    assert leo.of(Failed) == []


def test_without_proof_the_person_decides() -> None:
    """Nobody can say whether the message arrived: it is given back, and not sent a second time."""
    village = Village(caps=NO_HISTORY, nonces=False)
    leo = Visit(village).come(ROOM)
    leo.client.say(ROOM, "hello")
    leo.up(9999)
    leo.cut()
    leo.connect()
    leo.run()
    (failed,) = leo.of(Failed)
    assert failed.reason == "the connection broke before the server confirmed it: it may have arrived, or not"
    assert [entry.line.command for entry in village.logs[ROOM]].count("PRIVMSG") == 1


def test_under_another_nick_nothing_is_sent_twice() -> None:
    """A nonce belongs to its sender: as leo_ the same message would be another one."""
    village = Village(caps=NO_HISTORY)
    leo = Visit(village).come(ROOM)
    leo.client.say(ROOM, "hello")
    leo.up(9999)
    leo.cut()
    village.welcome().nick = "leo"
    leo.connect()
    leo.run()
    assert leo.client.mirror.nick == "leo_"
    assert [failed.text for failed in leo.of(Failed)] == ["hello"]


def test_what_was_not_sent_again_yet_is_not_sent_under_another_nick_either() -> None:
    """The connection breaks a second time, while leo still waits for the room; then somebody else is called leo."""
    village = Village()
    leo = Visit(village).come(ROOM)
    leo.client.say(ROOM, "hello")
    leo.up(9999)
    leo.cut()
    leo.connect()
    leo.run_until(b"JOIN #general")
    leo.cut()
    village.welcome().nick = "leo"
    village.logs[ROOM].clear()  # and history does not show it
    leo.connect()
    leo.run()
    assert [failed.text for failed in leo.of(Failed)] == ["hello"]
    assert village.said(ROOM, None) == []


@pytest.mark.parametrize("shown", [True, False])
def test_what_waits_to_be_sent_again_is_not_sent_under_a_new_nick(shown: bool) -> None:
    """leo is back under his name, and takes another one before the room is ready: what history showed was sent."""
    village = Village()
    leo = Visit(village).come(ROOM)
    leo.client.say(ROOM, "hello")
    leo.up(9999)
    leo.cut()
    if not shown:
        village.logs[ROOM].clear()
    leo.connect()
    leo.run_until(b"CHATHISTORY AFTER" if shown else b"CHATHISTORY")
    leo.client.nick("lion")
    leo.run()
    assert village.said(ROOM, None) == (["m2"] if shown else [])
    assert [(sent.text, sent.msgid) for sent in leo.of(Sent)] == ([("hello", "m2")] if shown else [])
    assert [failed.text for failed in leo.of(Failed)] == ([] if shown else ["hello"])


def test_whoever_wants_it_sent_again_under_a_new_nick_has_it_sent() -> None:
    """It may be there twice then; leo was told so."""
    village = Village(caps=NO_HISTORY)
    leo = Visit(village).come(ROOM)
    leo.client.say(ROOM, "hello")
    leo.up(9999)
    leo.cut()
    village.welcome().nick = "leo"
    leo.connect()
    leo.run()
    (failed,) = leo.of(Failed)
    leo.client.again(failed.label)
    leo.run()
    assert [sent.text for sent in leo.of(Sent)] == ["hello"]


def test_what_was_said_while_a_nick_was_changing_is_not_sent_again() -> None:
    """The server took it from lion, and leo does not know that: as leo it would be another message."""
    village = Village(caps=NO_HISTORY)
    leo = Visit(village).come(ROOM)
    leo.client.nick("lion")
    leo.client.say(ROOM, "hello")
    leo.up(9999)
    leo.cut()
    leo.connect()
    leo.run()
    assert len(village.said(ROOM, None)) == 1
    assert [failed.text for failed in leo.of(Failed)] == ["hello"]


def test_only_so_many_messages_are_under_way_at_once() -> None:
    """A pasted page does not drown a server that cuts floods off: each answer lets the next message go."""
    leo = Visit(Village()).come(ROOM)
    leo.client.say(ROOM, "\n".join(f"line {number}" for number in range(20)))
    assert leo.client.data_to_send().count(b"PRIVMSG") == 5
    assert leo.client.unconfirmed == 20


def test_a_pasted_page_arrives_whole_and_in_order() -> None:
    """Also where the window is small."""
    leo = Visit(Village()).come(ROOM)
    leo.client.say(ROOM, "\n".join(f"line {number}" for number in range(20)))
    leo.run()
    assert leo.texts(ROOM) == [f"line {number}" for number in range(20)]


def test_messages_to_others_do_not_wait_for_a_room() -> None:
    """#general is still being fetched; sam is not."""
    village = Village()
    leo = Visit(village).come(ROOM)
    leo.cut()
    leo.client.say(ROOM, "one")
    leo.client.say("sam", "two")
    leo.connect()
    leo.run_until(b"PRIVMSG sam")
    leo.run()
    texts = [sent.text for sent in leo.of(Sent)]
    assert sorted(texts) == ["one", "two"]


def test_a_target_that_no_line_can_carry_is_refused_before_anything_is_sent() -> None:
    """A space in a name would make it two."""
    leo = Visit(Village()).come()
    with pytest.raises(BadLine, match="spaced"):
        leo.client.say("two words", "hello")
    assert leo.client.unconfirmed == 0


def test_what_needs_a_server_says_so() -> None:
    """Names cannot be asked for in a tunnel."""
    leo = Visit(Village())
    with pytest.raises(NotOnline, match="NAMES needs a connection"):
        leo.client.names(ROOM)
