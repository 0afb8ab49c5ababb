"""What ssh:// runs for each who comes with a terminal: `python -m hubbub.cli.screen NAME ROOM DESCRIPTOR`.

It draws on the terminal in standard input, talks to the server by the socket that the descriptor is, and can do nothing
else to the computer that it runs on: whoever types here is elsewhere. No command of `hubbub`, since nobody types it.
"""

from __future__ import annotations

import fcntl
import os
import resource
import sys
import termios
from typing import Final

from hubbub.cli import face
from hubbub.client.cli import end
from hubbub.client.registration import Identity
from hubbub.client.trust import Trust
from hubbub.client.url import Address
from hubbub.client.way import Way

_USER: Final = "ssh"

_LIMITS: Final = {
    resource.RLIMIT_FSIZE: 0,  # it writes no files
    resource.RLIMIT_CORE: 0,
    resource.RLIMIT_AS: 1 << 30,  # some ten times what it takes: who scrolls for hours ends nobody else's chat
}

_OPEN_MAX: Final = 1 << 16

_BEHIND: Final = 5
"""By how much it is nicer than the server, which others wait for."""


def main(name: str, room: str, descriptor: str) -> None:
    os.closerange(3, int(descriptor))
    os.closerange(int(descriptor) + 1, _OPEN_MAX)  # whatever the server's own parent left open
    fcntl.ioctl(sys.stdin, termios.TIOCSCTTY, 0)  # from here on its end is told, and its size
    os.nice(_BEHIND)
    for what, limit in _LIMITS.items():
        resource.setrlimit(what, (limit, limit))
    address = Address(host="ssh", descriptor=int(descriptor), rooms=(room,))
    end(face.chat(Way(address, Identity(name, user=_USER), Trust()), lent=True))


if __name__ == "__main__":
    main(*sys.argv[1:])
