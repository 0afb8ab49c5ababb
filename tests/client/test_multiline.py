"""A message of several lines is one message, whatever it takes on the wire.

https://ircv3.net/specs/extensions/multiline
"""

from hypothesis import given
from hypothesis import strategies as st

from hubbub.client.batches import Batch, Batches
from hubbub.client.events import Failed, Said, Sent, Written
from hubbub.client.multiline import Limits, limits, messages, pieces_of, whole
from hubbub.client.protocol import Protocol
from hubbub.client.registration import Identity
from hubbub.wire.line import Line, parse

CAPS = "batch draft/multiline echo-message labeled-response message-tags"


def online(caps: str = CAPS, multiline: str = "draft/multiline=max-bytes=4096,max-lines=4") -> Protocol:
    client = Protocol(Identity("leo"))
    client.connection_made()
    hear(client, f":v CAP * LS :{caps.replace('draft/multiline', multiline)}", f":v CAP * ACK :{caps}")
    hear(client, ":v 001 leo :Welcome", ":v 005 leo hubbub.chat/NONCE :are supported", ":v 422 leo :no MOTD")
    client.data_to_send()
    client.events()
    return client


def hear(client: Protocol, *lines: str) -> None:
    client.receive("".join(f"{line}\r\n" for line in lines).encode())


def spoken(client: Protocol) -> list[Line]:
    return [parse(raw.decode()) for raw in client.data_to_send().split(b"\r\n") if raw]


def test_what_leo_writes_in_three_lines_is_one_message() -> None:
    """One label for all of it, on the line that opens the batch."""
    client = online()
    (label,) = client.say("#general", "one\n\nthree", reply="m1")
    opened, *lines, closed = spoken(client)
    assert opened.params == ("+lines", "draft/multiline", "#general")
    assert opened.tags == {"label": label, "+draft/reply": "m1"}
    assert [line.params for line in lines] == [("#general", "one"), ("#general", ""), ("#general", "three")]
    assert {line.tags["batch"] for line in lines} == {"lines"}
    assert closed.params == ("-lines",)


def test_the_echo_of_a_batch_confirms_it() -> None:
    """Heard once, with its line breaks, and Sent."""
    client = online()
    (label,) = client.say("#general", "one\ntwo")
    hear(
        client,
        f"@label={label};msgid=m1 :leo!l@v BATCH +b draft/multiline #general",
        "@batch=b :leo!l@v PRIVMSG #general :one",
        "@batch=b :leo!l@v PRIVMSG #general :two",
        "BATCH -b",
    )
    written, said, sent = client.events()
    assert isinstance(written, Written)
    assert isinstance(said, Said)
    assert (said.text, said.msgid, said.label) == ("one\ntwo", "m1", label)
    assert sent == Sent(label, "#general", "one\ntwo", "m1")


def test_a_server_without_it_gets_line_by_line() -> None:
    """As ever: one message for each line that is not blank."""
    client = online(caps="echo-message labeled-response message-tags")
    assert len(client.say("#general", "one\n\nthree")) == 2
    assert [line.params[1] for line in spoken(client)] == ["one", "three"]


def test_lines_that_wait_for_a_server_which_takes_none_are_given_back() -> None:
    """What was written for one server is not torn for the next: the person decides."""
    client = online()
    client.connection_lost()
    client.say("#general", "one\ntwo")
    client.connection_made()
    hear(client, ":v CAP * LS :batch", ":v CAP * ACK :batch", ":v 001 leo :Hi", ":v 422 leo :no MOTD")
    (failed,) = [event for event in client.events() if isinstance(event, Failed)]
    assert (failed.text, failed.code) == ("one\ntwo", "")


def test_a_failed_message_is_sent_again_under_its_own_label() -> None:
    """Should the first one have arrived after all, a server that keeps nonces stores it once."""
    client = online()
    (label,) = client.say("#general", "hello")
    spoken(client)
    hear(client, f"@label={label} :v 404 leo #general :Cannot send to channel")
    client.events()
    client.again(label)
    (line,) = spoken(client)
    assert line.tags["label"] == label
    assert [type(event) for event in client.events()] == [Written]


def test_what_cannot_be_a_message_of_lines_is_none() -> None:
    """A batch without a spoken line says nothing."""
    assert whole(Batch("draft/multiline", ("#general",), items=[parse("TAGMSG #general"), parse("PRIVMSG x")])) is None


def test_batches_are_not_opened_without_end() -> None:
    """A server that opens one in another for ever costs neither memory nor our call stack."""
    batches = Batches()
    for number in range(5000):
        outer = f"@batch={number - 1} " if number else ""
        batches.take(parse(f"{outer}BATCH +{number} labeled-response"))
    assert len(batches._open) <= 100


def test_limits_are_read_from_the_capability() -> None:
    """A value that is missing or nonsense is the specification's own example."""
    assert limits("max-bytes=16384,max-lines=64") == Limits(16384, 64)
    assert limits("max-bytes=-1,max-lines=x,what=ever") == Limits()
    assert limits("") == Limits()


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0\r")), st.integers(8, 40), st.integers(1, 5))
def test_nothing_is_lost_in_cutting(text: str, room: int, lines: int) -> None:
    """Put together again the messages are the text, without blank lines about them; none is beyond the limits."""
    most = Limits(max(120, 8 * room), lines)
    cut = list(messages(text, room, most))
    assert "".join("".join(cut).split()) == "".join(text.split())
    for message in cut:
        sent = pieces_of(message, room)
        assert len(message.encode()) <= most.bytes
        assert len(sent) <= max(lines, 1) or len(message.encode()) <= room * lines
        joined = "".join(("" if goes_on else "\n") + piece for piece, goes_on in sent)
        assert joined.removeprefix("\n") == message
