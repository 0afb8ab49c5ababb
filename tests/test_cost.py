"""What a message costs, counted and not timed, so that making it twice as dear is seen on any machine, however busy.

The measure is the bytecodes that Python runs; loops inside C, such as the system calls of a fan-out, are not in it.
Two costs are kept apart: that of a message, which knows nothing of how many hear it, and that of a receiver in a turn,
which knows nothing of how much it hears. Bounds are half as much again as was counted when they were set; where one
must rise, say why in the commit. Rendering once per receiver in `delivery.py` instead of once per look fails three of
these tests: a message to a hundred then costs six times as much.
"""

from __future__ import annotations

import asyncio
import gc
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from types import FrameType
from typing import Any, cast

from hubbub.hub.events import Said, Who
from hubbub.net.connection import Connection
from hubbub.net.fanout import Way
from hubbub.stores.sqlite_file import for_writing, msgids
from hubbub.stores.sqlite_writer import Writer
from tests.net.desk import a_place
from tests.scene import Person, Scene

KINDS = ((), ("server-time",), ("server-time", "message-tags"), ("message-tags",))
"""Capabilities with which four clients read the same entry as different bytes."""


def steps(work: Callable[[], object]) -> int:
    """How many bytecodes Python runs in it, on this thread."""
    count = 0

    def trace(frame: FrameType, event: str, _: Any) -> Any:
        nonlocal count
        frame.f_trace_opcodes, frame.f_trace_lines = True, False
        count += event == "opcode"
        return trace

    before = sys.gettrace()
    gc.collect()
    gc.disable()  # what somebody has it call is not ours
    sys.settrace(trace)
    try:
        work()
    finally:
        sys.settrace(before)
        gc.enable()
    return count


def speaker(members: int, kinds: Sequence[Sequence[str]] = KINDS[:1]) -> Person:
    """maya, in a room of so many, whose clients are of these kinds in turn; she has said something already."""
    scene = Scene()
    maya = scene.enter("maya", *kinds[0], rooms=["#tea"])
    for number in range(1, members):
        scene.enter(f"guest{number}", *kinds[number % len(kinds)], rooms=["#tea"])
    maya.say("PRIVMSG #tea :the first", "PRIVMSG #tea :the second")
    return maya


def says(maya: Person, messages: int) -> int:
    """What so many messages cost that come in one piece, and go out in one turn."""
    lines = "".join(f"PRIVMSG #tea :{number} leaves\r\n" for number in range(messages))
    return steps(lambda: maya.send(lines.encode()))


def one_more(members: int, kinds: Sequence[Sequence[str]] = KINDS[:1]) -> float:
    """What another message in the same turn costs."""
    return (says(speaker(members, kinds), 40) - says(speaker(members, kinds), 20)) / 20


def test_a_message_is_so_dear() -> None:
    """From its bytes to the bytes that all its readers share; 1,106 were counted."""
    assert one_more(2) < 1660


def test_a_message_costs_the_same_however_many_hear_it() -> None:
    """Nothing is done again for each of them."""
    assert one_more(100) <= one_more(2) * 1.01


def test_a_receiver_costs_the_same_however_much_it_hears() -> None:
    """All of a turn is one piece; 32 were counted for it."""
    costs = [(says(speaker(100), messages) - says(speaker(50), messages)) / 50 for messages in (1, 20)]
    assert costs[1] <= costs[0] * 1.01
    assert costs[0] < 48


def test_a_message_is_written_once_for_each_kind_of_client() -> None:
    """Not for each client: 173 were counted for a kind."""
    alone, together = one_more(40), one_more(40, KINDS)
    assert (together - alone) / (len(KINDS) - 1) < 260


def test_many_rooms_in_one_turn_cost_no_more_than_each() -> None:
    """Ten hear each message, and all share the turn; 2,489 were counted for a message and its receivers."""

    def talk(rooms: int) -> int:
        scene = Scene()
        people = [scene.enter(f"guest{number}", rooms=[f"#tea{number // 10}"]) for number in range(rooms * 10)]

        def turn() -> None:
            for number, person in enumerate(people[::10]):
                person.session.receive(f"PRIVMSG #tea{number} :all at once\r\n".encode())
            scene.turn()

        turn()
        return steps(turn)

    assert (talk(20) - talk(10)) / 10 < 3740


def test_fanning_out_is_so_cheap() -> None:
    """Along a known way Python does nothing for each: the writing is a loop in C; 103 were counted for all of it."""

    async def measured(count: int) -> int:
        async with a_place() as place:
            clients = [await place.connect() for _ in range(count)]
            await place.desk.guest(count - 1)
            links = [cast(Connection, guest.link) for guest in place.desk.guests]
            way = Way(links)
            cost = steps(lambda: way.write(b"hello"))
            assert [await client.read(5) for client in clients] == [b"hello"] * count
            return cost

    assert asyncio.run(measured(20)) == asyncio.run(measured(10)) < 160


def test_a_row_is_so_cheap(tmp_path: Path) -> None:
    """What the store does with a message in Python, in groups as they come under load; 104 were counted."""
    database = for_writing(tmp_path)
    writer = Writer(database, msgids(database), lambda: None, lambda: None)
    maya = Who("maya!maya@host.example", "maya")

    def store(count: int) -> int:
        group = [Said(maya, ("#tea",), "PRIVMSG", "#tea", f"{number} leaves") for number in range(count)]
        return steps(lambda: writer.append(group, 1_790_000_000_000))

    store(1)
    assert (store(40) - store(20)) / 20 < 156
    writer.close()
