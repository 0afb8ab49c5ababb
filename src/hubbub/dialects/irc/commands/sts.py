"""Strict transport security: come by TLS, and from then on only so. https://ircv3.net/specs/extensions/sts"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hubbub.dialects.irc.registry import capability

if TYPE_CHECKING:
    from hubbub.dialects.irc.session import IrcSession


def policy(session: IrcSession) -> str | None:
    """Where to go, for those who came without TLS; how long that holds, for those who came by it.

    Without a value it would mean nothing, so clients before 302 are not told of it; nor are browsers, which come by
    WebSocket and can go to no port of IRC.
    """
    sts = session.irc.settings.sts
    if sts is None or not session.modern_caps or session.link.framing is not None:
        return None
    if not session.link.secure:
        return f"port={sts.port}"
    return f"duration={sts.duration}" + (",preload" if sts.preload else "")


STS: Final = capability("sts", "https://ircv3.net/specs/extensions/sts", offer=policy)
