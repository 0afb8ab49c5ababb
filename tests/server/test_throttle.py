"""The throttle: failures counted by name, within a window, in bounded memory."""

from hubbub.server.throttle import Throttle

ATTEMPTS, WINDOW = 3, 60.0


def wait(throttle: Throttle, *names: str, now: float) -> float:
    return throttle.wait(names, now, ATTEMPTS, WINDOW)


def fail(throttle: Throttle, *names: str, now: float, times: int = ATTEMPTS) -> None:
    for _ in range(times):
        throttle.failed(names, now, WINDOW)


def test_nobody_waits_before_the_last_attempt() -> None:
    """As many may fail as are allowed, and then one waits for the rest of the window."""
    throttle = Throttle()
    fail(throttle, "maya", now=100, times=2)
    assert wait(throttle, "maya", now=110) == 0
    fail(throttle, "maya", now=110, times=1)
    assert wait(throttle, "maya", now=120) == 40


def test_the_longest_wait_counts() -> None:
    """Whoever is counted under several names waits for all of them; names without failures say nothing."""
    throttle = Throttle()
    fail(throttle, "maya", now=100)
    fail(throttle, "home", now=120)
    assert wait(throttle, "maya", "home", "leo", now=130) == 50
    assert wait(throttle, "leo", now=130) == 0
    assert wait(throttle, now=130) == 0


def test_a_window_that_is_over_counts_no_more() -> None:
    """The next failure begins another."""
    throttle = Throttle()
    fail(throttle, "maya", now=100)
    assert wait(throttle, "maya", now=160) == 0
    fail(throttle, "maya", now=161, times=1)
    assert wait(throttle, "maya", now=162) == 0


def test_no_limit_is_no_wait() -> None:
    """For tests and measurements."""
    throttle = Throttle()
    fail(throttle, "maya", now=100, times=1000)
    assert throttle.wait(["maya"], 100, 0, WINDOW) == 0


def test_only_so_many_names_are_remembered() -> None:
    """Those that failed first are forgotten first; who fails again stands last."""
    throttle = Throttle()
    fail(throttle, "old", now=0)
    fail(throttle, "maya", now=0)
    fail(throttle, "old", now=61)
    for number in range(9_999):
        fail(throttle, f"name {number}", now=62, times=1)
    assert wait(throttle, "old", now=63) > 0
    assert wait(throttle, "maya", now=1) == 0
