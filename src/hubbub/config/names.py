"""The names that a house goes by: of all settings that name where it is found, the hosts."""

import socket
from urllib.parse import urlsplit

from hubbub.config.tree import Config


def names_of(config: Config) -> frozenset[str]:
    """In small letters, with this machine's own."""
    urls = (config.invites.url, config.files.url, *config.web.origins)
    told = (
        socket.gethostname(),
        config.server_name,
        config.tls.domain,
        *config.web.hosts,
        *(listen.endpoint.host for listen in config.listen),
        *(urlsplit(url).hostname or "" for url in urls),
    )
    return frozenset(name.lower() for name in told if name)
