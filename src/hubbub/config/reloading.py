"""What SIGHUP may change, and what waits for a restart."""

from typing import Final

from msgspec.structs import replace

from hubbub.config.tree import Config

RELOADABLE: Final = {
    "name": False,  # told once, at registration: clients keep it
    "server_name": False,  # is the source of every line, and other nodes know us by it
    "description": True,
    "icon_url": True,
    "admin": True,
    "motd": True,
    "motd_file": True,
    "password": True,
    "data": False,  # the store is open
    "listen": False,  # sockets stay; their certificates are read anew
    "tls": True,
    "proxy": True,
    "limits": True,
    "store": False,  # it is open
    "history": True,
    "accounts": True,
    "mail": False,  # codes that were sent wait in memory for those who asked
    "invites": True,
    "channels": True,
    "lan": False,  # it was said at the start
    "operator": True,
    "cloak": True,  # for those who come from then on
    "webirc": True,
    "sts": True,
    "web": True,
    "push": False,  # clients have the key that they found, or none
    "files": False,  # clients have been told where to share, and uploads are under way
    "metrics": True,
    "log": True,
}
"""Top-level key to whether a reload takes it in."""


def reload(old: Config, new: Config) -> tuple[Config, tuple[str, ...]]:
    """What holds after a reload, and the keys whose change waits for a restart."""
    fixed = {key: getattr(old, key) for key, may in RELOADABLE.items() if not may}
    waiting = tuple(key for key, value in fixed.items() if getattr(new, key) != value)
    return replace(new, **fixed), waiting
