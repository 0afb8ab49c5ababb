"""Once a second somebody looks who is late, who is silent, and who does not let go."""

import pytest

from hubbub.net import crowd
from hubbub.net.door import Terms
from hubbub.net.limits import Gate
from tests.net.desk import Clock, Desk, Place, Run, a_place

TERMS = Terms(registration_seconds=30, idle_seconds=90)


def test_a_session_hears_of_its_deadline_once(run: Run) -> None:
    async def scene() -> None:
        clock = Clock()
        async with a_place(clock=clock, terms=TERMS) as place:
            await place.connect()
            guest = await place.desk.guest()
            clock.tick(place.listeners, 29)
            assert guest.overdues == 0
            clock.tick(place.listeners, 1)
            assert guest.overdues == 1
            clock.tick(place.listeners, 60)
            assert guest.overdues == 1

    run(scene())


def test_a_deadline_between_two_sweeps_does_not_come_early(run: Run) -> None:
    async def scene() -> None:
        clock = Clock()
        async with a_place(clock=clock, terms=Terms(registration_seconds=1)) as place:
            clock.seconds += 0.75
            await place.connect()
            guest = await place.desk.guest()
            clock.seconds += 0.25
            place.listeners.crowd.sweep()
            assert guest.overdues == 0
            clock.tick(place.listeners, 1)
            assert guest.overdues == 1

    run(scene())


def test_silence_is_told_from_its_limit_on_each_second(run: Run) -> None:
    async def scene() -> None:
        clock = Clock()
        async with a_place(clock=clock, terms=TERMS) as place:
            await place.connect()
            guest = await place.desk.guest()
            clock.tick(place.listeners, 92)
            assert guest.silences == [90, 91, 92]

    run(scene())


def test_a_word_ends_a_silence(run: Run) -> None:
    async def scene() -> None:
        clock = Clock()
        async with a_place(clock=clock, terms=TERMS) as place:
            maya = await place.connect()
            guest = await place.desk.guest()
            clock.tick(place.listeners, 89)
            maya.say(b"here")
            await place.desk.heard(b"here")
            clock.tick(place.listeners, 90)
            assert guest.silences == []
            clock.tick(place.listeners, 1)
            assert guest.silences == [90]

    run(scene())


def test_a_paused_link_is_not_silent(run: Run) -> None:
    """We do not listen to it: whatever it says waits in its socket."""

    async def scene() -> None:
        clock = Clock()
        async with a_place(clock=clock, terms=TERMS) as place:
            await place.connect()
            guest = await place.desk.guest()
            guest.link.pause()
            clock.tick(place.listeners, 200)
            assert guest.silences == []
            guest.link.resume()
            clock.tick(place.listeners, 90)
            assert guest.silences == [90]

    run(scene())


def test_the_time_a_server_was_stopped_is_not_its_clients_silence(run: Run) -> None:
    async def scene() -> None:
        clock = Clock()
        async with a_place(clock=clock, terms=TERMS) as place:
            await place.connect()
            guest = await place.desk.guest()
            clock.seconds += 3600
            place.listeners.crowd.sweep()
            assert (guest.silences, guest.overdues) == ([], 0)

    run(scene())


def test_new_terms_hold_for_who_is_inside(run: Run) -> None:
    async def scene() -> None:
        clock = Clock()
        async with a_place(clock=clock, terms=TERMS) as place:
            await place.connect()
            guest = await place.desk.guest()
            place.listeners.adopt(Terms(idle_seconds=10), Gate(total=1))
            clock.tick(place.listeners, 10)
            assert guest.silences == [10]
            leo = await place.connect()
            assert (await leo.rest()).startswith(b"SORRY The server is full")

    run(scene())


def test_a_large_crowd_is_looked_at_bit_by_bit(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each of them once a second, and never so many at once that others would have to wait."""
    monkeypatch.setattr(crowd, "SLICE", 2)

    async def scene() -> None:
        clock = Clock()
        async with a_place(clock=clock, terms=Terms(registration_seconds=0)) as place:
            for _ in range(5):
                await place.connect()
            await place.desk.guest(4)
            looks = []
            for _ in range(3):
                place.listeners.crowd.sweep()
                looks.append([guest.overdues for guest in place.desk.guests].count(1))
            assert looks == [2, 4, 5]

    run(scene())


def test_the_sweep_runs_by_itself(run: Run) -> None:
    async def scene() -> None:
        desk = Desk()
        async with a_place(desk, clock=Clock(), terms=Terms(registration_seconds=0)) as place:
            await place.connect()
            guest = await desk.guest()
            await desk.until(lambda: guest.overdues == 1)

    run(scene())


# --- the end of the day -------------------------------------------------------------------------------------------


def test_a_shut_server_lets_nobody_in_and_keeps_who_is_inside(run: Run) -> None:
    async def scene() -> None:
        async with a_place(Desk(echo=True)) as place:
            maya = await place.connect()
            await place.desk.guest()
            place.listeners.shut()
            assert await _refused(place)
            maya.say(b"still here")
            assert await maya.read(10) == b"still here"

    run(scene())


async def _refused(place: Place) -> bool:
    try:
        leo = await place.connect()
    except ConnectionRefusedError:
        return True
    return await leo.rest() == b""


def test_a_closing_server_tells_every_session_why(run: Run) -> None:
    async def scene() -> None:
        async with a_place() as place:
            for number in range(5):
                await place.connect()
                await place.desk.guest(number)
            await place.listeners.close("The server stops", 5)
            assert [guest.ends for guest in place.desk.guests] == [["The server stops"]] * 5
            assert len(place.listeners.crowd) == 0

    run(scene())


def test_a_closing_server_does_not_wait_for_who_never_reads(run: Run) -> None:
    async def scene() -> None:
        async with a_place(terms=Terms(sendq_bytes=2**30)) as place:
            await place.connect()
            guest = await place.desk.guest()
            guest.link.write(b"x" * 2**25)
            await place.listeners.close("The server stops", 0.05)
            assert guest.ends == ["The server stops"]

    run(scene())
