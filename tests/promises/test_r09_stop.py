"""R9: SIGTERM stores and tells what was decided, tells everybody why, and ends with exit code 0 within five seconds."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from tests.promises.writers import WRITERS, Writer, agree, history
from tests.system.running import Running, Tally

SECONDS = 5.0
SOME = 2_000
"""Messages that are echoed before it is stopped."""


def test_who_is_connected_is_told_why_and_what_was_said_is_kept(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    """In the middle of talk: all that was stored was told, everybody reads why it ends, and the end comes in time.

    Seen to fail where it does not wait for what is being stored, and where it closes sockets at once: who still talks
    then is reset, and loses what they have not read.
    """
    tally = Tally()
    server = Running(tmp_path)
    try:
        writers = [Writer(nick, tally) for nick in WRITERS]
        threads = [writer.write(server) for writer in writers]
        tally.wait_for(SOME)
        started = time.monotonic()
        assert server.stop() == 0
        took = time.monotonic() - started
        for thread in threads:
            thread.join()
        server.start()
        stored = history(server)
    finally:
        server.close()
    record_property("seconds from SIGTERM to the end", round(took, 1))
    assert took < SECONDS
    assert all("shutting down" in writer.farewell for writer in writers)
    assert {text for _, text in stored} == {text for writer in writers for text in writer.echoed}
    agree(writers, stored)
