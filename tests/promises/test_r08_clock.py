"""R8: a clock that jumps changes neither order nor timers: only what people read as the time of day comes from it."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from hubbub.hub.events import Said
from tests.irc.lines import every
from tests.promises.test_r02_one_order import ROOMS, Village, schedules
from tests.scene import Person, Scene
from tests.server.stage import EVERYTHING

DAY = 24 * 60 * 60 * 1000
CAPS = ("batch", "draft/chathistory", "echo-message", "message-tags", "server-time")
jumps = st.lists(st.integers(-3 * DAY, 3 * DAY), min_size=1, max_size=40)


def told(schedule: list[tuple[str, ...]], jumps: list[int]) -> tuple[dict[str, list[str]], list[list[tuple[int, str]]]]:
    """What everybody hears and the logs hold when the clock jumps before each deed, times and msgids left out."""
    village = Village()
    noon = village.clock.wall
    for number, deed in enumerate(schedule):
        village.clock.wall = noon + jumps[number % len(jumps)]
        village.do(*deed)
    village.finish()
    heard = {nick: [without_times(line) for line in person.hears()] for nick, person in village.folk.items()}
    logs = [village.memory.page(room, EVERYTHING).result() for room in ROOMS]
    for log in logs:
        assert all(one.place.ts < other.place.ts for one, other in pairwise(log)), "time went back within a log"
    return heard, [[(entry.place.seq, repr(entry.event)) for entry in log] for log in logs]


def without_times(line: str) -> str:
    """Its label and what stands behind the tags. (329 and 333 tell when a room or a topic was made.)"""
    tags, _, rest = line.partition(" ") if line.startswith("@") else ("", "", line)
    kept = [tag for tag in tags[1:].split(";") if tag.startswith("label")]
    words = rest.split()
    return " ".join([*kept, *(words[:-1] if len(words) > 1 and words[1] in {"329", "333"} else words)])


@settings(max_examples=30)
@given(schedules, jumps)
def test_people_hear_the_same_whatever_the_clock_does(schedule: list[tuple[str, ...]], jumps: list[int]) -> None:
    """One story told twice, by a clock that stands and by one that jumps by days: lines and logs are alike.

    Seen to fail where the time of an entry is the clock's alone.
    """
    assert told(schedule, jumps) == told(schedule, [0])


@settings(max_examples=50)
@given(jumps)
def test_history_by_time_is_in_order_and_complete(jumps: list[int]) -> None:
    """What was said while the clock jumped is read back page by page, by time alone, as it was heard.

    Seen to fail where the time of an entry is the clock's alone.
    """
    scene = Scene()
    maya = scene.enter("maya", *CAPS, rooms=["#den"])
    for number, jump in enumerate(jumps):
        scene.clock.wall += jump
        maya.say(f"PRIVMSG #den :{number}")
    assert read_back(maya) == [str(number) for number in range(len(jumps))]


def read_back(person: Person) -> list[str]:
    read: list[str] = []
    after = "1980-01-01T00:00:00.000Z"
    while page := every(person.asks(f"CHATHISTORY AFTER #den timestamp={after} 3"), "PRIVMSG"):
        read += [line.params[1] for line in page]
        after = page[-1].tags["time"]
    return read


def test_budgets_count_on_the_clock_that_never_goes_back() -> None:
    """A jump ahead buys nobody more lines, a jump back holds nobody up.

    Seen to fail where budgets ask for the time of day.
    """
    scene = Scene()
    scene.server.budget = (8, 1.0)
    maya = scene.enter("maya", "echo-message", rooms=["#den"])
    scene.pass_time(60)
    for jump in (DAY, -2 * DAY):
        scene.clock.wall += jump
        maya.say(*(f"PRIVMSG #den :{n}" for n in range(9)))
        assert len(every(maya.hears(), "PRIVMSG")) == 8
        scene.pass_time(1)
        assert len(every(maya.hears(), "PRIVMSG")) == 1
        scene.pass_time(60)


def test_a_nonce_is_known_while_the_clock_jumps_back() -> None:
    """A resend is a resend, though it seems to come days before its first sending.

    Seen to fail where a nonce from the future counts as old.
    """
    scene = Scene()
    maya = scene.enter("maya", *CAPS, "labeled-response", rooms=["#den"])
    line = f"@label={'x' * 40} PRIVMSG #den :once"
    maya.say(line)
    scene.clock.wall -= 3 * DAY
    maya.say(line)
    log = scene.memory.page("#den", EVERYTHING).result()
    assert len([entry for entry in log if isinstance(entry.event, Said)]) == 1
