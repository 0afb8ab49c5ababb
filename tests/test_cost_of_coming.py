"""What it costs that somebody comes, enters a room, and sits there in silence; counted as in `test_cost.py`.

Bounds are half as much again as was counted when they were set.
"""

import gc
import tracemalloc

from tests.scene import Scene
from tests.test_cost import steps


def come(scene: Scene, first: int, count: int, caps: str = "") -> None:
    """So many people, each of whom says who they are in one piece."""
    ask = f"CAP REQ :{caps}\r\nCAP END\r\n" if caps else ""
    for number in range(first, first + count):
        person = scene.connect(address=f"192.0.{number // 256}.{number % 256}")
        person.send(f"{ask}NICK guest{number}\r\nUSER guest 0 * :Guest\r\n".encode())
        person.cable.data.clear()


def test_coming_in_is_so_cheap() -> None:
    """From the first bytes to the end of the welcome, most of which is written already; 3,010 were counted."""
    scene = Scene()
    come(scene, 0, 1)
    assert steps(lambda: come(scene, 1, 20)) / 20 < 4500


def test_a_room_is_entered_so_cheaply() -> None:
    """One of their own: from JOIN to the end of the names; 5,070 were counted."""
    scene = Scene()
    scene.enter("maya", rooms=["#tea"])
    leo = scene.enter("leo")
    assert steps(lambda: leo.send(b"JOIN #coffee\r\n")) < 7600


def test_a_join_is_so_cheap_for_each_who_is_in() -> None:
    """They hear it, and they are named: nothing else is done for each, in a small room and in a large one; 40 were
    counted."""

    def joins(members: int) -> float:
        scene = Scene()
        people = [scene.enter(f"guest{number}", rooms=["#tea"]) for number in range(members)]
        late = [scene.enter(f"late{number}") for number in range(8)]

        def turn() -> None:
            for person in late:
                person.session.receive(b"JOIN #tea\r\n")
            scene.turn()

        cost = steps(turn)
        assert all("late7" in "".join(person.hears()) for person in (*people, *late))
        return cost / len(late)

    small, large = (joins(200) - joins(100)) / 100, (joins(600) - joins(500)) / 100
    assert large <= small * 1.05
    assert large < 60


def test_who_is_silent_takes_up_little() -> None:
    """Of what most people have nothing in they have no sets and queues of their own; and clients of a kind share what
    they agreed on."""
    for caps, most in (("", 2400), ("batch echo-message labeled-response message-tags server-time setname", 2400)):
        scene = Scene()
        come(scene, 0, 10, caps)
        gc.collect()
        tracemalloc.start()
        before = tracemalloc.get_traced_memory()[0]
        come(scene, 10, 200, caps)
        gc.collect()
        taken = (tracemalloc.get_traced_memory()[0] - before) / 200
        tracemalloc.stop()
        assert taken < most, f"{taken:.0f} bytes for each"
