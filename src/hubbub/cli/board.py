"""Asking something of the server beside which a command runs: by errands, which it does within a second."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Final, TypeVar

from hubbub import compose
from hubbub.cli.options import fail
from hubbub.config import Config, doorplate
from hubbub.hub.errands import Tending
from hubbub.hub.promise import Promise

T = TypeVar("T")

_PATIENCE_S: Final = 2.0
_AGAIN_S: Final = 0.05
"""Between two looks into the database: the server is another process, and tells us in no other way."""


def note(config: Config, done: str) -> None:
    """Have it in the audit log: a running server writes it within a second, and else the next that runs."""
    now = compose.SystemClock().now()
    errand = Tending(f"{done} ({datetime.fromtimestamp(now / 1000, UTC):%Y-%m-%dT%H:%M:%SZ})")
    try:
        answered(compose.visit_board(config, make=True).leave(errand, now))
    except compose.CannotStart as error:
        fail(f"{done}, but the audit log cannot be told: {error}")


def until_done(board: compose.Board, plate: doorplate.Doorplate | None) -> None:
    """A server that runs does it within a second; one that only left its doorplate behind is not waited for longer."""
    give_up = time.monotonic() + _PATIENCE_S
    while plate is not None and answered(board.waiting()) and time.monotonic() < give_up:
        time.sleep(_AGAIN_S)


def answered(promise: Promise[T]) -> T:
    """What a visit promises is there at once."""
    try:
        return promise.result()
    except compose.StoreFailed as error:
        fail(str(error))
