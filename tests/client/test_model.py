"""What a person finds on the desk: rooms and people, what was said there, what is unread, what became of their own."""

from datetime import timedelta

import pytest

from hubbub.client.model.buffer import Buffer, Place
from hubbub.client.model.desk import Desk, rank
from hubbub.client.model.entry import State
from hubbub.client.model.network import Condition, Network
from hubbub.client.model.taking import take
from tests.client.village import EVERYTHING, NO_HISTORY, Village, Visit

ROOM = "#general"


class Seat:
    """leo at his desk, in a village."""

    def __init__(self, village: Village | None = None) -> None:
        self.village = village or Village()
        self.visit = Visit(self.village)
        self.network = Network(self.visit.client, "village", self.village.clock)
        self.desk = Desk()
        self.desk.add(self.network)

    def come(self, *rooms: str) -> "Seat":
        for room in rooms:
            self.visit.client.join(room)
        self.visit.connect()
        return self.run()

    def run(self) -> "Seat":
        """Everything arrives, and is taken in."""
        while True:
            self.visit.run()
            events, self.visit.events = self.visit.events, []
            for event in events:
                take(self.network, event)
            self.visit._collect()
            if not (self.visit.events or self.visit._up):
                return self

    def neighbour(self, nick: str, target: str, text: str) -> "Seat":
        self.village.neighbour(nick, target, text)
        return self.run()

    def server(self, *lines: str) -> "Seat":
        self.visit.client.receive("".join(f"{line}\r\n" for line in lines).encode())
        return self.run()

    def room(self, name: str = ROOM) -> Buffer:
        buffer = self.network.find(name)
        assert buffer is not None
        return buffer

    def texts(self, name: str = ROOM) -> list[str]:
        return [entry.text for entry in self.room(name).entries if entry.kind == "message"]


def test_a_room_shows_what_was_said_before_leo_came() -> None:
    """A page of history stands before his own coming, and there may be more before it."""
    village = Village(page=100)
    for number in range(120):
        village.neighbour("maya", ROOM, f"line {number}")
    seat = Seat(village).come(ROOM)
    assert seat.texts() == [f"line {number}" for number in range(20, 120)]
    assert seat.room().entries[-1].kind == "joined"
    assert not seat.room().whole


def test_a_device_that_is_told_where_leo_is_already_shows_nobody_coming() -> None:
    """Such a JOIN stands in no log, so it has no msgid; that by which he came is in the history."""
    seat = Seat().come()
    seat.server(f":leo!leo@village JOIN {ROOM}")
    assert seat.room().entries == []


def test_scrolling_up_asks_for_more_until_there_is_none() -> None:
    """One page at a time, however often leo scrolls; at the beginning he is told so."""
    village = Village(page=100)
    for number in range(250):
        village.neighbour("maya", ROOM, f"line {number}")
    seat = Seat(village).come(ROOM)
    for _ in range(5):
        seat.network.earlier(seat.room())
        seat.network.earlier(seat.room())
        seat.run()
    assert seat.texts() == [f"line {number}" for number in range(250)]
    assert seat.room().whole


def test_without_msgids_history_is_asked_for_by_time() -> None:
    """What was shown already is known by its time, nick and text."""
    village = Village(page=100, msgids=False)
    for number in range(150):
        village.neighbour("maya", ROOM, f"line {number}")
    seat = Seat(village).come(ROOM)
    seat.network.earlier(seat.room())
    seat.run()
    assert seat.texts() == [f"line {number}" for number in range(150)]


def test_a_server_without_history_has_none_before() -> None:
    """Nothing is asked for that cannot be had."""
    seat = Seat(Village(caps=NO_HISTORY)).come(ROOM)
    assert seat.room().whole
    assert [entry.kind for entry in seat.room().entries] == ["joined"]


def test_what_is_missed_while_away_stands_before_what_is_new() -> None:
    """A cut, three lines, a return: all of them once, in order."""
    seat = Seat().come(ROOM).neighbour("maya", ROOM, "before")
    seat.visit.cut()
    seat.run()
    for number in range(7):
        seat.village.neighbour("maya", ROOM, f"missed {number}")
    seat.visit.connect()
    seat.run().neighbour("maya", ROOM, "after")
    assert seat.texts() == ["before", *(f"missed {number}" for number in range(7)), "after"]


def test_our_message_is_sending_until_the_server_has_it() -> None:
    """It stands behind all others, and takes its place in the log with its echo."""
    seat = Seat().come(ROOM)
    seat.network.say(seat.room(), "on it")
    seat.visit._collect()
    events, seat.visit.events = seat.visit.events, []
    for event in events:
        take(seat.network, event)
    assert [(entry.text, entry.state) for entry in seat.room().waiting] == [("on it", State.SENDING)]
    seat.neighbour("maya", ROOM, "said first or last")
    assert seat.room().waiting == []
    assert "on it" in seat.texts()


def test_a_refused_message_stays_until_it_is_sent_again_or_given_up() -> None:
    """Failed with the server's reason; the same label goes out again."""
    seat = Seat().come()
    room = seat.network.open(ROOM)
    seat.network.say(room, "hello?")
    seat.run()
    (entry,) = room.waiting
    assert (entry.state, entry.detail.reason) == (State.FAILED, "Cannot send to channel")
    seat.visit.client.join(ROOM)
    seat.run()
    seat.network.again(room, entry)
    assert room.waiting == [entry]
    seat.run()
    assert (room.waiting, seat.texts()) == ([], ["hello?"])
    seat.visit.client.part(ROOM)
    seat.run()
    seat.network.say(room, "hello again?")
    seat.run()
    seat.network.discard(room, room.waiting[0])
    assert room.waiting == []


def test_what_people_say_elsewhere_is_counted() -> None:
    """Mentions apart, by whole words; comings and goings do not count."""
    seat = Seat().come(ROOM)
    for text in ("morning", "Leo: coffee?", "the leopard sleeps"):
        seat.neighbour("maya", ROOM, text)
    assert (seat.room().unread, seat.room().mentions) == (3, 1)
    assert seat.room().fresh is seat.room().entries[-3]


def test_the_unread_line_stays_until_leo_leaves() -> None:
    """He comes, reads, scrolls: it is still there. When he comes back there is none."""
    seat = Seat().come(ROOM)
    seat.room().look()
    seat.room().leave()
    seat.neighbour("maya", ROOM, "morning")
    seat.desk.show(seat.room())
    seat.room().look()
    assert (seat.room().unread, seat.room().fresh) == (0, seat.room().entries[-1])
    seat.neighbour("maya", ROOM, "more")
    assert seat.room().unread == 0
    seat.desk.show(seat.network.status)
    assert seat.room().fresh is None


def test_where_nobody_has_read_yet_all_is_new_and_no_line_says_so() -> None:
    """What is said before the first look is not told from what was there."""
    seat = Seat().come(ROOM).neighbour("maya", ROOM, "morning")
    seat.room().look()
    assert (seat.room().unread, seat.room().fresh) == (0, None)


def test_what_was_read_on_the_phone_is_read_here() -> None:
    """MARKREAD from another device; only what was said behind it is unread."""
    seat = Seat().come(ROOM).neighbour("maya", ROOM, "one").neighbour("maya", ROOM, "two")
    at = seat.room().entries[-2].at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    seat.server(f":village MARKREAD {ROOM} timestamp={at}")
    assert seat.room().unread == 1
    assert seat.room().fresh is seat.room().entries[-1]


def test_what_is_read_here_is_told_to_the_phone() -> None:
    """Once, with the time of the last entry."""
    seat = Seat(Village(caps=EVERYTHING | {"draft/read-marker"})).come(ROOM).neighbour("maya", ROOM, "one")
    seat.room().look()
    seat.network.tell_markers()
    seat.network.tell_markers()
    said = seat.visit.client.data_to_send().decode()
    assert said.count("MARKREAD #general timestamp=2025-") == 1


def test_reactions_are_counted_by_who_reacted() -> None:
    """Twice is once; taken back is gone; a reaction to what is not here waits for it."""
    seat = Seat().come(ROOM).neighbour("maya", ROOM, "we can demo at 11")
    msgid = seat.room().entries[-1].msgid
    react = f"@+draft/react=👍;+draft/reply={msgid}"
    seat.server(f"{react} :sam!s@v TAGMSG {ROOM}", f"{react} :sam!s@v TAGMSG {ROOM}", f"{react} :leo!l@v TAGMSG {ROOM}")
    assert seat.room().entries[-1].detail.reactions == {"👍": ["sam", "leo"]}
    seat.server(f"@+draft/unreact=👍;+draft/reply={msgid} :sam!s@v TAGMSG {ROOM}")
    assert seat.room().entries[-1].detail.reactions == {"👍": ["leo"]}
    seat.server(
        f"@+draft/react=🎉;+draft/reply=later :sam!s@v TAGMSG {ROOM}", f"@msgid=later :maya!m@v PRIVMSG {ROOM} :now"
    )
    assert seat.room().entries[-1].detail.reactions == {"🎉": ["sam"]}


def test_edits_and_redactions_change_the_entry() -> None:
    """The place stays, the words go."""
    seat = Seat().come(ROOM).neighbour("maya", ROOM, "tpyo").neighbour("maya", ROOM, "secret")
    typo, secret = seat.room().entries[-2:]
    seat.server(f":maya!m@v EDIT {ROOM} {typo.msgid} :typo", f":maya!m@v REDACT {ROOM} {secret.msgid}")
    assert (typo.text, typo.detail.edited, secret.detail.redacted) == ("typo", True, "maya")
    assert {id(entry) for entry in seat.room().take_change().touched} >= {id(typo), id(secret)}


def test_a_private_message_opens_its_conversation() -> None:
    """It calls for leo as a mention does, and goes by the other's new name."""
    seat = Seat().come(ROOM).neighbour("sam", "leo", "are you there?")
    assert (seat.room("sam").place, seat.room("sam").mentions) == (Place.PERSON, 1)
    seat.server(":sam!s@v NICK samantha")
    assert seat.network.find("samantha") is not None


def test_who_is_typing_is_known_for_some_seconds() -> None:
    """Until the message comes, or six seconds have passed."""
    seat = Seat().come(ROOM)
    seat.server(f"@+typing=active :sam!s@v TAGMSG {ROOM}")
    typists = seat.network.typing_in(seat.room())
    assert typists.at(seat.village.now) == ("sam",)
    assert typists.at(seat.village.now + timedelta(seconds=7)) == ()
    seat.neighbour("sam", ROOM, "hello")
    assert typists.at(seat.village.now) == ()


def test_who_stopped_typing_makes_room_for_others() -> None:
    """However many they were."""
    seat = Seat().come(ROOM)
    typists = seat.network.typing_in(seat.room())
    for number in range(100):
        typists.hear(f"guest{number}", "active", seat.village.now)
    later = seat.village.now + timedelta(seconds=7)
    typists.hear("sam", "active", later)
    assert typists.at(later) == ("sam",)


def test_typing_is_told_at_most_every_three_seconds() -> None:
    """And that it is over; a command is nobody's business."""
    seat = Seat().come(ROOM)
    for text in ("h", "he", "hel", "/hel", ""):
        seat.network.drafting(seat.room(), text)
    assert seat.visit.client.data_to_send().decode().splitlines() == [
        f"@+typing=active TAGMSG {ROOM}",
        f"@+typing=done TAGMSG {ROOM}",
    ]
    assert seat.room().draft == ""


def test_who_is_put_out_and_comes_back_begins_anew() -> None:
    """What was said in between is in the right place: the room is read again."""
    seat = Seat().come(ROOM).neighbour("maya", ROOM, "one")
    seat.visit.client.part(ROOM)
    seat.run()
    seat.village.neighbour("maya", ROOM, "two")
    seat.visit.client.join(ROOM)
    seat.run()
    assert seat.texts() == ["one", "two"]


def test_the_condition_of_the_connection_is_in_words() -> None:
    """Connecting, connected, offline with the reason."""
    seat = Seat()
    assert seat.network.condition is Condition.CONNECTING
    seat.come(ROOM)
    assert (seat.network.condition, seat.network.title) == (Condition.ONLINE, "Village")
    seat.visit.cut()
    seat.run()
    assert (seat.network.condition, seat.network.trouble) == (Condition.OFFLINE, "cut")


def test_the_next_active_one_is_where_leo_is_called() -> None:
    """Then where something is unread, then nothing more."""
    seat = Seat().come("#a", "#b", "#c").neighbour("maya", "#b", "hi").neighbour("maya", "#c", "leo!")
    order = []
    while (buffer := seat.desk.next_active()) is not None:
        seat.desk.show(buffer)
        buffer.look()
        order.append(buffer.name)
    assert order == ["#c", "#b"]


def test_buffers_are_numbered_rooms_first() -> None:
    """The numbers are those of alt+1 to alt+9; closing one brings its neighbour to the front."""
    seat = Seat().come("#a").neighbour("sam", "leo", "hi")
    seat.visit.client.join("#b")
    seat.run()
    assert [buffer.name for buffer in seat.desk.buffers] == ["#a", "#b", "sam"]
    second = seat.desk.numbered(2)
    assert second is not None
    seat.desk.show(second)
    seat.desk.close(second)
    assert (seat.desk.front.name, seat.desk.numbered(3)) == ("sam", None)


@pytest.mark.parametrize(
    ("typed", "best"), [("gen", "#general"), ("gnr", "#general"), ("pr", "priya"), ("#r", "#random")]
)
def test_a_few_letters_find_a_buffer(typed: str, best: str) -> None:
    """Letters in order, close together first."""
    names = ["#random", "#general", "#garden-party", "priya"]
    fitting = [(rank(typed, name), name) for name in names if rank(typed, name) is not None]
    assert min(fitting)[1] == best
