"""WEBIRC: a gateway says for whom it speaks. https://ircv3.net/specs/extensions/webirc"""

from __future__ import annotations

import re
from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING, Final

from hubbub.dialects.irc.registry import Who, command
from hubbub.dialects.irc.request import Request
from hubbub.hub.addresses import plain
from hubbub.hub.refusals import Refused
from hubbub.server.logins import asked
from hubbub.wire.line import Line, unescape_tag

if TYPE_CHECKING:
    from hubbub.dialects.irc.dialect import Gateway
    from hubbub.dialects.irc.session import IrcSession

_SHA256: Final = re.compile(r"[0-9a-f]{64}")


@command(
    "WEBIRC",
    4,
    who=Who.NEWCOMER,
    usage="<password> <gateway> <hostname> <ip> [<options>]",
    help="For trusted gateways: say which client this connection is of.",
)
async def webirc(request: Request, line: Line) -> None:
    """ "MUST be the first command sent", and only from where it was agreed on; all else is ended with an ERROR."""
    session = request.session
    password, name, _, address, *options = line.params
    if _has_spoken(session) or session.gateway:
        session.close("WEBIRC has to be the first command")
    elif not await _trusted(request, password):
        session.close("Invalid WebIRC password, or not from your address")
    elif not plain(address):
        session.close("WEBIRC: expected an IP address as the fourth parameter")
    else:
        session.gateway = name
        refusal = _hand_over(request, plain(address), _read(" ".join(options)))
        if refusal:
            session.close(refusal)


def _hand_over(request: Request, address: str, options: dict[str, str]) -> str:
    """ "Servers MUST ONLY treat the connection as secure if this flag is sent and the connection from the gateway [...]
    is also secure". The reason why it may not come in, or ""."""
    link = request.session.link
    secure = link.secure and "secure" in options
    print_ = options.get("certfp-sha-256", "").lower() if secure else ""
    return link.stand_for(address, secure, print_ if _SHA256.fullmatch(print_) else "")


async def _trusted(request: Request, password: str) -> bool:
    """Whether a gateway that may call from there has this password; one that none has counts as a wrong guess."""
    logins, here = request.irc.logins, request.session.link.address
    secrets = [gateway.secret for gateway in request.irc.settings.gateways if _calls_from(gateway, here)]
    try:
        logins.check_patience(here)
        for secret in secrets:
            if await asked(logins.passwords.verify(secret, password)):
                return True
    except Refused:
        return False
    if secrets:
        logins.failed(here)
    return False


def _calls_from(gateway: Gateway, address: str) -> bool:
    """A local socket is the address "unix", and is in no network."""
    if not plain(address):
        return address in gateway.addresses
    networks = (network for network in gateway.addresses if network != "unix")
    return any(ip_address(address) in ip_network(network) for network in networks)


def _has_spoken(session: IrcSession) -> bool:
    return bool(session.caps or session.nick or session.username or session.password) or session.negotiating


def _read(options: str) -> dict[str, str]:
    """ "a space-separated set of additional arguments, each argument having the form <name>[=<value>]"."""
    pairs = (option.partition("=") for option in options.split())
    return {name: unescape_tag(value) for name, _, value in pairs}
