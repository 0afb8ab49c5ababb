"""PERSISTENCE: staying present without a device, asked for by a client.

The draft that Ergo and its clients speak: https://github.com/ergochat/ergo/blob/stable/docs/MANUAL.md#always-on
"""

from __future__ import annotations

from typing import Final

from hubbub.dialects.irc.login import choose_to_stay
from hubbub.dialects.irc.registry import Kind, capability, command
from hubbub.dialects.irc.request import Request
from hubbub.hub.account import Account
from hubbub.server.logins import ALWAYS_ON
from hubbub.wire.line import Line

PERSISTENCE: Final = capability(
    "draft/persistence", "https://github.com/ergochat/ergo/blob/stable/docs/MANUAL.md#always-on"
)

_VALUES: Final = {"ON": "true", "OFF": "false", "DEFAULT": ""}
_NAMES: Final = {value: name for name, value in _VALUES.items()}


@command(
    "PERSISTENCE",
    1,
    kind=Kind.CHANGE,
    usage="GET|SET ON|OFF|DEFAULT",
    help="Say whether you stay present when your last device goes.",
)
async def persistence(request: Request, line: Line) -> None:
    verb, value = line.params[0].upper(), _VALUES.get("".join(line.params[1:2]).upper())
    account = await request.irc.logins.find(request.user.account) if request.user.account else None
    if account is None:
        request.fail("ACCOUNT_REQUIRED", "Only somebody with an account can stay; register one first")
    elif verb == "GET":
        request.send(_status(request, account))
    elif verb == "SET" and value is not None:
        account = await choose_to_stay(request, account.name, value)
        for device in (request, *request.siblings()):
            if device is request or PERSISTENCE in device.session.caps:
                device.send(_status(request, account))
    else:
        request.fail("INVALID_PARAMS", verb or "*", "Expected GET, or SET with ON, OFF or DEFAULT")


def _status(request: Request, account: Account) -> Line:
    chosen = _NAMES.get(account.options.get(ALWAYS_ON, ""), "DEFAULT")
    effective = "ON" if request.irc.logins.rules.stays(account) else "OFF"
    return Line("PERSISTENCE", ("STATUS", chosen, effective), request.irc.name)
