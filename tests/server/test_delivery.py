"""Delivery: written once for each look, shared among all who read alike, and one write to each session in a turn."""

from collections import Counter
from itertools import count

import pytest

from hubbub.dialects.irc.look import IrcLook
from hubbub.dialects.irc.request import Request
from hubbub.hub.channel import by_look
from hubbub.hub.events import Entry, Place, Said
from hubbub.hub.user import User
from hubbub.server.delivery import Delivery
from tests.hub.hall import Ear, Hall, Plain
from tests.scene import Cable, quiet
from tests.server.stage import Stage

MAYA, LEO, TOM = (f":{nick}!{nick}@192.0.2.7" for nick in ("maya", "leo", "tom"))


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> Counter[IrcLook]:
    """How often each look has written an entry down."""
    times: Counter[IrcLook] = Counter()
    render = IrcLook.render

    def counted(look: IrcLook, entry: Entry) -> bytes:
        times[look] += 1
        return render(look, entry)

    monkeypatch.setattr(IrcLook, "render", counted)
    return times


@pytest.mark.parametrize("line", ["PRIVMSG #tea :hello", "NICK lion", "PART #tea", "PRIVMSG @#tea :psst", "QUIT"])
def test_an_entry_is_written_once_for_each_look(stage: Stage, written: Counter[IrcLook], line: str) -> None:
    """However many members read alike, and whoever did it among them."""
    stage.slow.held = False
    for number in range(5):
        stage.enter(f"plain{number}", rooms=["#tea"])
        stage.enter(f"timed{number}", "server-time", rooms=["#tea"])
    stage.maya.say("MODE #tea +v timed1")
    written.clear()
    stage.leo.say(line)
    assert set(written.values()) == {1}
    assert len(written) == (1 if "@" in line else 2)


def test_a_private_word_is_written_once_for_each_look(stage: Stage, written: Counter[IrcLook]) -> None:
    """Two who read alike cost one writing, the echo included."""
    stage.slow.held = False
    stage.leo.say("PRIVMSG tom :psst")
    assert sum(written.values()) == 1
    assert stage.heard() == {nick: [f"{LEO} PRIVMSG tom :psst"] for nick in ("leo", "tom")}


def test_members_share_the_same_bytes() -> None:
    """Not equal bytes: the very same object, single or joined."""
    hall = Hall()
    people = [hall.enter(nick) for nick in ("maya", "leo", "sam")]
    room = hall.room("#tea", *people)
    delivery = Delivery()
    ears = [ear for user in people for ear in user.sessions]
    for texts in (["one"], ["two", "three"]):
        for text in texts:
            entry = hall.entry(hall.hub.say(people[0], "PRIVMSG", "#tea", text))
            delivery.talk(entry, room.audience(), None)
        delivery.settle()
        (first,), *others = [ear.outbox for ear in ears]
        assert all(outbox[0] is first for outbox in others)
        assert first == b"Said maya\n" * len(texts)
        delivery.flush()


def test_a_look_that_shows_nothing_costs_no_write() -> None:
    """Entries that are b"" to a look are not put into an outbox."""

    class Blind(Plain):
        def render(self, entry: Entry) -> bytes:
            return b""

    user = User("maya", "maya", "maya", "home.example", "Maya")
    ear = Ear(user, Blind())
    delivery = Delivery()
    entry = Entry(Said(user.who, ("#tea",), "PRIVMSG", "#tea", "hi"), Place("#tea", 1, 1, "m1"))
    delivery.talk(entry, by_look([ear]), None)
    delivery.tell_all(entry, by_look([ear]), None)
    delivery.tell(ear, b"")
    assert ear.outbox == []
    delivery.flush()
    assert isinstance(ear.link, Cable)
    assert ear.link.writes == 0


def test_all_of_a_turn_leaves_in_one_write(stage: Stage) -> None:
    """What several people said, who came, and the answers between: one write to each session."""
    stage.sam.say("PRIVMSG tom :fill the store")
    stage.leo.say("PRIVMSG #tea :one", "PRIVMSG maya :two", "PING 1")
    stage.tom.say("JOIN #tea")
    stage.maya.say("PRIVMSG #tea :three", "PING 2")
    stage.land()
    quiet(*stage.everybody)
    before = {person: person.cable.writes for person in stage.everybody}
    stage.land()
    assert {person.cable.writes - before[person] for person in stage.everybody} == {1}
    assert [line.split()[1] for line in stage.maya.hears()] == ["PRIVMSG", "PRIVMSG", "JOIN", "PRIVMSG", "PONG"]


def test_everybody_reads_one_order_within_a_turn(stage: Stage) -> None:
    """Talk is joined for a room, and never past an entry of another kind."""
    stage.sam.say("PRIVMSG tom :fill the store")
    stage.leo.say("PRIVMSG #tea :one")
    stage.tom.say("JOIN #tea")
    stage.maya.say("PRIVMSG #tea :two")
    stage.leo.say("NICK lion")
    stage.maya.say("PRIVMSG #tea :three")
    stage.land()
    quiet(*stage.everybody)
    stage.land()
    expected = ["PRIVMSG", "JOIN", "PRIVMSG", "NICK", "PRIVMSG"]
    heard = {nick: [line.split()[1] for line in lines if " 3" not in line] for nick, lines in stage.heard().items()}
    assert heard == {"maya": expected, "leo": expected, "sam": expected, "tom": expected[1:]}


def test_whoever_wants_no_echo_hears_all_but_their_own(stage: Stage) -> None:
    """In a turn where a room hears several people, each reads what the others said, in order."""
    stage.slow.held = False
    priya = stage.enter("priya", rooms=["#tea"])
    quiet(*stage.everybody)
    stage.slow.held = True
    for number, person in zip(count(), (stage.leo, priya, stage.leo, priya, stage.leo), strict=False):
        person.say(f"PRIVMSG #tea :{number}")
    stage.land_all()
    assert [line[-1] for line in priya.hears()] == ["0", "2", "4"]
    assert [line[-1] for line in stage.maya.hears()] == ["0", "1", "2", "3", "4"]


def test_a_labelled_echo_is_the_speakers_alone(stage: Stage) -> None:
    """The label stands in the speaker's copy, in its place among what the others said."""
    stage.slow.held = False
    priya = stage.enter("priya", "labeled-response", "batch", "message-tags", "echo-message", rooms=["#tea"])
    quiet(*stage.everybody)
    stage.slow.held = True
    stage.sam.say("PRIVMSG tom :fill the store")
    stage.leo.say("PRIVMSG #tea :one")
    priya.say("@label=x PRIVMSG #tea :two")
    stage.leo.say("PRIVMSG #tea :three")
    stage.land_all()
    lines = priya.reads()
    assert [line.params[1] for line in lines] == ["one", "two", "three"]
    assert [line.tags.get("label") for line in lines] == [None, "x", None]
    assert not any("label" in line for line in stage.maya.hears())


def test_an_outsider_speaks_into_an_open_room(stage: Stage) -> None:
    """Members hear it; the outsider hears the echo alone, and nothing of the answer."""
    stage.slow.held = False
    stage.maya.say("MODE #tea -n")
    quiet(*stage.everybody)
    stage.tom.say("PRIVMSG #tea :hello in there")
    stage.leo.say("PRIVMSG #tea :hello out there")
    inside = [f"{TOM} PRIVMSG #tea :hello in there", f"{LEO} PRIVMSG #tea :hello out there"]
    assert stage.heard() == {"maya": inside, "leo": inside, "sam": inside, "tom": inside[:1]}


def test_a_word_to_the_operators_is_heard_by_them(stage: Stage) -> None:
    """And by whoever said it."""
    stage.slow.held = False
    stage.leo.say("PRIVMSG @#tea :psst")
    line = f"{LEO} PRIVMSG @#tea :psst"
    assert stage.heard() == {"maya": [line], "leo": [line]}


def test_a_look_may_change_within_a_turn(stage: Stage) -> None:
    """Whoever spoke and then asks for a capability reads in the old look what was written in it; nobody misses it."""
    stage.slow.held = False
    priya = stage.enter("priya", rooms=["#tea"])
    quiet(*stage.everybody)
    stage.slow.held = True
    priya.say("PRIVMSG #tea :one")
    stage.leo.say("PRIVMSG #tea :two")
    stage.slow.land()
    stage.slow.land()
    priya.session.receive(b"CAP REQ server-time\r\n")
    stage.turn()
    assert priya.hears() == [f"{LEO} PRIVMSG #tea :two", ":hub.example CAP priya ACK server-time"]
    assert [line[-3:] for line in stage.maya.hears()] == ["one", "two"]
    assert not stage.faults


def test_an_answer_may_be_in_a_new_look(stage: Stage) -> None:
    """What is delivered after the capability was agreed on is written in it."""
    stage.leo.say("CAP REQ server-time", "PRIVMSG #tea :hello")
    stage.land()
    assert stage.leo.hears()[-1].startswith("@time=")
    assert stage.maya.hears() == [f"{LEO} PRIVMSG #tea :hello"]


def test_a_resent_message_is_answered_and_not_heard_again(stage: Stage) -> None:
    """The same nonce from the same sender is the same message: its sender gets the first place, the others nothing."""
    leo = stage.leo.session.user
    assert leo is not None
    for _ in range(2):
        said = stage.hub.say(leo, "PRIVMSG", "#tea", "hello", None, "n1")
        stage.server.submit(said, Request(stage.leo.session, "PRIVMSG"))
        stage.turn()
        stage.land()
    line = f"{LEO} PRIVMSG #tea :hello"
    assert stage.heard() == {"maya": [line], "leo": [line, line], "sam": [line]}
    assert stage.events()[-2:] == ["Joined", "Said"]
