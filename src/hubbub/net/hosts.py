"""What browsers may call us: whoever owns a name can have it lead to our address, and to a browser we are theirs then.

So a page that somebody visits would ask us from within their network, past every wall around it, and read the answers.
A browser says in `Host` which name it went by. https://crypto.stanford.edu/dns/dns-rebinding.pdf
"""

import re
from collections.abc import Collection
from ipaddress import ip_address
from typing import Final

_HOST: Final = re.compile(r"(?:\[(?P<six>[0-9a-f:.]+)\]|(?P<name>[^:\[\]]*))(?::[0-9]*)?")
_FOR_SALE_NOWHERE: Final = (".localhost", ".local", ".home.arpa", ".internal", ".lan")
"""RFC 6761, 6762, 8375, ICANN's own, and what home routers take for theirs: no public name server has any of them."""


def is_ours(host: str, names: Collection[str]) -> bool:
    """`host` is what the header says, "" for no browser's; `names`, in small letters, are those that were given to us.

    An address is nobody's to lead elsewhere, and neither is a name without a dot.
    """
    found = _HOST.fullmatch(host.lower())
    if found is None:
        return False
    name = found["six"] or found["name"].removesuffix(".")
    return "." not in name or name.endswith(_FOR_SALE_NOWHERE) or name in names or _is_address(name)


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True
