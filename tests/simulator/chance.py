"""Chance: everything that is random in a house and its clients comes from the seed, and so comes again."""

import os
import random
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from itertools import count
from random import Random
from typing import Any
from unittest.mock import patch

from hubbub.client import connection
from hubbub.net.connection import Connection
from hubbub.server import Session, arrival
from hubbub.stores import memory


def _of_session(session: Session[Any]) -> int:
    return session.link.port


def _of_connection(connection: Connection) -> int:
    return connection.port


@contextmanager
def chance(seed: str) -> Iterator[None]:
    """While it lasts, what asks the system for random bytes gets the seed's, and sets have an order of their own."""
    source = Random(f"{seed}/system")
    ours: tuple[tuple[Any, str, Any], ...] = (
        (random, "_urandom", source.randbytes),  # which `secrets` draws from
        (os, "urandom", source.randbytes),
        (memory, "urandom", source.randbytes),
        (connection, "random", source),
        (arrival, "_GUESTS", count(1)),
        (arrival, "_RUN", "run"),
        (Session, "__hash__", _of_session),  # else a set of them is in the order of their addresses
        (Connection, "__hash__", _of_connection),
    )
    with ExitStack() as stack:
        for where, name, value in ours:
            stack.enter_context(patch.object(where, name, value))
        yield
