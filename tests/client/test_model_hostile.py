"""A server may say anything, in any order, cut anywhere: what is on the desk stays whole."""

from hypothesis import given, settings
from hypothesis import strategies as st

from hubbub.client.model.buffer import KEPT, Buffer, Place
from hubbub.client.model.entry import Entry
from hubbub.client.model.network import Network
from hubbub.client.model.taking import take
from hubbub.client.protocol import Protocol
from hubbub.client.registration import Identity
from tests.client.village import START

names = st.sampled_from(["leo", "maya", "sam", "#general", "#demo", "*", "a.b", "", "leo_", "#", "&x", "@#general"])
msgids = st.sampled_from(["m1", "m2", "m3", "m 4", "", "m5"])
times = st.sampled_from(["2025-11-20T09:12:00.000Z", "1970-01-01T00:00:00Z", "9998-01-01T00:00:00Z", "noon", ""])
texts = st.sampled_from(
    ["hello leo", "\x1b[2J", "", "a" * 600, "\x01ACTION waves\x01", "\x01", "timestamp=*", "*", "leo"]
)
words = st.sampled_from(
    ["PRIVMSG", "NOTICE", "TAGMSG", "JOIN", "PART", "QUIT", "NICK", "KICK", "TOPIC", "MODE", "INVITE", "EDIT", "REDACT",
     "MARKREAD", "AWAY", "BATCH", "FAIL", "CAP", "ERROR", "001", "005", "306", "332", "353", "366", "376", "401", "404",
     "730", "731", "ACK", "PONG"]
)  # fmt: skip
tags = st.fixed_dictionaries(
    {},
    optional={
        "msgid": msgids,
        "time": times,
        "label": msgids,
        "batch": st.sampled_from(["b", "c"]),
        "+typing": st.sampled_from(["active", "done", "x"]),
        "+draft/react": texts,
        "+draft/unreact": texts,
        "+draft/reply": msgids,
        "hubbub.chat/edited": times,
    },
)


@st.composite
def lines(draw: st.DrawFn) -> bytes:
    """A line that looks like one, whatever it says."""
    said = ";".join(f"{key}={value.replace(' ', '')}" for key, value in draw(tags).items())
    source = draw(names)
    params = draw(st.lists(st.one_of(names, msgids, texts, st.sampled_from(["+b", "-b", "chathistory"])), max_size=4))
    middle = " ".join(param for param in params[:-1] if param and " " not in param and not param.startswith(":"))
    head = f"{f'@{said} ' if said else ''}{f':{source}!u@h ' if source else ''}"
    return f"{head}{draw(words)} {middle} :{''.join(params[-1:])}\r\n".encode()


GREETING = (
    b":v CAP * LS :batch draft/chathistory draft/event-playback echo-message labeled-response message-tags server-time "
    b"draft/read-marker draft/multiline\r\n"
    b":v CAP * ACK :batch draft/chathistory draft/event-playback echo-message labeled-response message-tags "
    b"server-time draft/read-marker draft/multiline\r\n"
    b":v 001 leo :Welcome\r\n:v 005 leo CASEMAPPING=ascii MONITOR=9 :are supported\r\n:v 422 leo :no MOTD\r\n"
    b":leo!l@h JOIN #general\r\n:v 366 leo #general :End\r\n"
)
steps = st.lists(
    st.one_of(
        st.builds(lambda line: ("hear", line), lines()),
        st.builds(lambda line: ("hear", line), lines()),
        st.builds(lambda data: ("hear", data), st.binary(max_size=40)),
        st.just(("answer",)),
        st.just(("cut",)),
        st.sampled_from([("say",), ("earlier",), ("look",), ("leave",), ("mark",), ("close",), ("again",)]),
    ),
    max_size=40,
)


class Desk:
    """leo's side of it; `again` is the last line once more, as a server that repeats itself says it."""

    def __init__(self) -> None:
        self.client = Protocol(Identity("leo"), clock=lambda: START)
        self.network = Network(self.client, "village", lambda: START)
        self.pictures: dict[int, tuple[Buffer, list[Entry]]] = {}
        self.client.join("#general")
        self.client.connection_made()
        self.last = b""
        self.hear(GREETING)

    def hear(self, data: bytes) -> None:
        self.last = data
        self.client.receive(data)
        self.taken_in()

    def again(self) -> None:
        self.hear(self.last)

    def answer(self) -> None:
        """The server answers every PING: it is behind everything."""
        for line in self.client.data_to_send().split(b"\r\n"):
            if line.startswith(b"PING "):
                self.hear(b":v PONG v " + line[5:] + b"\r\n")

    def cut(self) -> None:
        self.client.connection_lost()
        self.taken_in()
        self.client.connection_made()
        self.hear(GREETING)

    def say(self) -> None:
        self.network.say(self.network.open("#general"), "one\ntwo leo")

    def earlier(self) -> None:
        for buffer in self.network.buffers:
            self.network.earlier(buffer)

    def look(self) -> None:
        for buffer in self.network.buffers[:1]:
            buffer.look()

    def leave(self) -> None:
        for buffer in self.network.buffers:
            buffer.leave()

    def mark(self) -> None:
        self.network.tell_markers()

    def close(self) -> None:
        for buffer in self.network.buffers[1:2]:
            self.network.close(buffer)

    def taken_in(self) -> None:
        for event in self.client.events():
            take(self.network, event)
        for buffer in [*self.network.buffers, self.network.status]:
            self.is_whole(buffer)
            self.is_told(buffer)

    def is_whole(self, buffer: Buffer) -> None:
        named = [entry.msgid for entry in buffer.entries if entry.msgid]
        assert len(named) == len(set(named))
        assert 0 <= buffer.mentions <= buffer.unread <= len(buffer.entries)
        assert buffer.fresh is None or buffer.fresh in buffer.entries
        assert all(buffer.find(msgid) in buffer.entries for msgid in named)
        assert not (buffer.watched and buffer.unread)

    def is_told(self, buffer: Buffer) -> None:
        """A view that follows the changes has the entries, without looking at those it knows."""
        _, shown = self.pictures.get(id(buffer), (buffer, []))
        change = buffer.take_change()
        if change.rest:
            shown = buffer.entries[:]
        else:
            appended = buffer.entries[len(buffer.entries) - change.appended :]
            shown = buffer.entries[: change.prepended] + shown[change.dropped :] + appended
        assert shown == buffer.entries
        self.pictures[id(buffer)] = buffer, shown


@settings(max_examples=250)
@given(steps)
def test_whatever_a_server_says_the_desk_stays_whole(steps: list[tuple[object, ...]]) -> None:
    """No line is twice, counts are counts, and a view that follows the changes has just what is there."""
    desk = Desk()
    for name, *arguments in steps:
        getattr(desk, str(name))(*arguments)
        desk.taken_in()


def test_a_buffer_holds_so_much_and_no_more() -> None:
    """The oldest go; they can be asked for again."""
    buffer = Buffer("#general", Place.ROOM, whole=True)
    for number in range(KEPT + 1500):
        buffer.add(Entry("message", START, "maya", f"line {number}", msgid=f"m{number}"))
    assert KEPT <= len(buffer.entries) <= KEPT + 1000
    assert buffer.entries[-1].text == f"line {KEPT + 1499}"
    assert (buffer.whole, buffer.find("m0")) == (False, None)
