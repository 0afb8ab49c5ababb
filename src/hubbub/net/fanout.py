"""One payload to many connections: a loop in C over their descriptors, which is half of what makes delivery fast.

A transport's `write` costs 1 to 2.5 us more than the system call itself. So what is to be written is offered to the
kernel directly, and the transport gets what the kernel did not take: it waits, counts, and finds out what is wrong
with a broken connection.
"""

import os
from collections.abc import Sequence
from itertools import repeat

from hubbub.net.connection import Connection


def fan_out(links: Sequence[Connection], data: bytes) -> None:
    """Write `data` to all of them, as `Connection.write` would to each."""
    descriptors = [link.descriptor for link in links]
    if -1 in descriptors:
        for link in links:
            if link.descriptor < 0:
                link.write(data)
        links = [link for link in links if link.descriptor >= 0]
        descriptors = [link.descriptor for link in links]
    size = len(data)
    written: list[int] = []
    while len(written) < len(descriptors):
        try:
            written.extend(map(os.write, descriptors[len(written) :], repeat(data)))
        except OSError:  # would block, or is broken: its transport takes it from here
            written.append(0)
    if written.count(size) < len(written):
        for link, taken in zip(links, written, strict=True):
            if taken < size:
                link.follow_up(data[taken:])
