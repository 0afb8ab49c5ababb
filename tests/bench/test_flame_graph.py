"""From sampled stacks to a picture: idle threads are left out, our functions stay, and the rest has a name."""

from bench.flame_graph import drawn, folded

LOOP = "thread (7): MainThread;main (click/core.py:1);run (hubbub/net/loop.py:15);run_forever (loop.c:3)"
WRITE = f"{LOOP};fan_out (hubbub/net/fanout.py:28);builtin_map (libpython3.11.so.1.0);write (libc.so.6) 6"
STORE = "thread (8): hubbub-store-1;Thread.run (threading.py:9);Crew._work (hubbub/stores/crew.py:66)"
COMMIT = (
    f"{STORE};Writer._commit (hubbub/stores/sqlite_writer.py:99);sqlite3_step (__init__.so);fdatasync (libc.so.6) 3"
)
WAITING = f"{STORE};Crew._next (hubbub/stores/crew.py:76);PyThread_acquire_lock_timed (libc.so.6) 900"


def test_threads_that_wait_for_work_do_not_count() -> None:
    root = folded([WRITE, COMMIT, WAITING])
    assert root.samples == 9
    assert {name: thread.samples for name, thread in root.below.items()} == {"the loop": 6, "hubbub-store-1": 3}


def test_a_stack_is_our_functions_and_what_they_had_done_elsewhere() -> None:
    """What every stack begins with says nothing, nor do the interpreter's own functions."""
    (fan_out,) = folded([WRITE]).below["the loop"].below.values()
    assert (fan_out.name, fan_out.room) == ("fan_out (net/fanout.py)", "net")
    assert list(fan_out.below) == ["kernel: write"]
    (commit,) = folded([COMMIT]).below["hubbub-store-1"].below.values()
    assert list(commit.below) == ["SQLite"]
    assert list(commit.below["SQLite"].below) == ["kernel: fdatasync"]


def test_the_picture_names_functions_and_shares() -> None:
    picture = drawn(folded([WRITE, COMMIT]), "many <loudly>")
    assert picture.startswith("<svg ")
    assert "many &lt;loudly&gt;" in picture
    assert "<title>fan_out (net/fanout.py): 66.7%</title>" in picture
