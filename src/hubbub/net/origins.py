"""Whose pages may connect: a browser says in `Origin` which site's script asks, and every site can make it ask.

https://www.rfc-editor.org/rfc/rfc6455#section-10.2
"""

from collections.abc import Collection, Sequence
from typing import Final

from hubbub.net.hosts import is_ours

_USUAL_PORTS: Final = {"http": ":80", "https": ":443"}


def may_connect(
    origins: Sequence[str], hosts: Sequence[str], allowed: Sequence[str], names: Collection[str] | None
) -> bool:
    """`origins` and `hosts` are what the headers of these names say.

    Programs that are no browsers say no origin: nobody is tricked into running them. Where none is `allowed` by name,
    pages of this very host and port are, if the host is one of our `names`; None where a certificate has shown that.
    """
    if not origins:
        return True
    if len(origins) > 1:
        return False
    if allowed:
        return origins[0] in allowed
    return _is_own(origins[0], hosts) and (names is None or is_ours(hosts[0], names))


def _is_own(origin: str, hosts: Sequence[str]) -> bool:
    """Which scheme a page came by does not matter: behind a proxy that ends TLS we would not know ours."""
    scheme, _, place = origin.partition("://")
    port = _USUAL_PORTS.get(scheme)
    return port is not None and [_bare(host, port) for host in hosts] == [_bare(place, port)]


def _bare(host: str, port: str) -> str:
    return host.lower().removesuffix(port)
