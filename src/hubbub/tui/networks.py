"""Several networks at once: those that a person names, and those that are kept in the settings."""

from collections.abc import Iterable

from hubbub.client.known import Known
from hubbub.client.model.network import Network
from hubbub.client.trust import Trust
from hubbub.client.url import Address, BadAddress, parse_address
from hubbub.client.way import Way, identity
from hubbub.tui.links import Links


def connect_all(links: Links, urls: Iterable[str], nick: str) -> None:
    """Connect to those of them that are not there yet, behind the one that is in front."""
    front = links.desk.front
    for url in urls:
        try:
            address = parse_address(url)
        except BadAddress as error:
            links.desk.network.note(front, f"not connected to {url}: {error}", refused=True)
        else:
            if connected(links, address) is None:
                links.open(way_to(address, nick))
    links.desk.show(front)


def connected(links: Links, address: Address) -> Network | None:
    """The network at an address, if there is a connection to it or one is tried."""
    return next((one for one in links.desk.networks if str(links.way(one).address) == str(address)), None)


def way_to(address: Address, nick: str) -> Way:
    """As whom to go there: by the nick in the address, or else this one. A server that is known has to be the same."""
    trust = Trust(address.fingerprint, known=Known() if address.tls else None)
    return Way(address, identity(address, address.nick or nick, "", ""), trust)


def without(urls: Iterable[str], address: Address) -> tuple[str, ...]:
    """Those that lead elsewhere."""
    return tuple(url for url in urls if not _leads_to(url, address))


def _leads_to(url: str, address: Address) -> bool:
    try:
        return str(parse_address(url)) == str(address)
    except BadAddress:
        return False
