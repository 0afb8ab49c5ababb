"""Nonces make a resend harmless: for a day, the same sender's same nonce means the message that is stored already."""

from typing import Final

from hubbub.hub.events import Event, Said

DAY: Final = 24 * 60 * 60 * 1000
"""How long a nonce is remembered, in ms: longer than any client keeps trying to resend."""

Nonce = tuple[str, str]
"""Who used it (an account, or "~" and a guest's nick, which no account is called) and the nonce."""


def nonce_of(event: Event) -> Nonce | None:
    """What makes a second sending of this the same message, or None: ephemera are not stored, so never repeated."""
    if isinstance(event, Said) and event.nonce and event.logs:
        return event.who.account or f"~{event.who.nick}", event.nonce
    return None
