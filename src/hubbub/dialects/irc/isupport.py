"""What the server tells of itself in numeric 005. https://modern.ircdocs.horse/#rplisupport-parameters"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final

from hubbub.dialects.irc.fit import packed
from hubbub.dialects.irc.registry import TOKENS
from hubbub.hub import modes
from hubbub.hub.modes import Kind

if TYPE_CHECKING:
    from hubbub.dialects.irc.dialect import Irc

_ESCAPES: Final = str.maketrans({" ": "\\x20", "\\": "\\x5C", "=": "\\x3D"})

PER_LINE: Final = 13
"""Tokens on one 005: with the nick and the sentence they make the 15 parameters that old clients can read."""

_ROOM: Final = 350
"""Bytes of tokens on one 005: what is left of 512 beside the longest server name, the nick and the sentence."""


def tokens(irc: Irc) -> list[str]:
    rules = irc.server.hub.rules
    groups = ",".join(modes.letters(kind) for kind in (Kind.LIST, Kind.KEY, Kind.LIMIT, Kind.FLAG))
    given = {
        "AWAYLEN": rules.away_length,
        "CASEMAPPING": "ascii",
        "CHANLIMIT": f"#:{rules.channels_per_user}",
        "CHANMODES": groups,
        "CHANNELLEN": rules.channel_length,
        "CHANTYPES": "#",
        "CHATHISTORY": irc.settings.page,
        "EXCEPTS": "e",
        "INVEX": "I",
        "KEYLEN": rules.key_length,
        "KICKLEN": rules.kick_length,
        "MONITOR": rules.watched,
        "NAMELEN": rules.realname_length,
        "MAXLIST": f"{modes.letters(Kind.LIST)}:{rules.list_entries}",
        "NETWORK": irc.network.translate(_ESCAPES),
        "NICKLEN": rules.nick_length,
        "PREFIX": f"({modes.STATUSES}){modes.SYMBOLS}",
        "STATUSMSG": modes.SYMBOLS,
        "TARGMAX": f"JOIN:,KICK:{rules.targets},LIST:,NAMES:,NOTICE:{rules.targets},PART:,"
        f"PRIVMSG:{rules.targets},TAGMSG:{rules.targets},WHOIS:1,WHOWAS:1",
        "TOPICLEN": rules.topic_length,
        "SAFELIST": "",
        "USERLEN": rules.user_length,
        "UTF8ONLY": "",
    }
    if not irc.logins.rules.guests:
        given["draft/ACCOUNTREQUIRED"] = ""  # https://ircv3.net/specs/extensions/account-registration
    if irc.settings.icon_url:
        given["draft/ICON"] = irc.settings.icon_url.translate(_ESCAPES)
    if irc.pusher is not None:
        given["VAPID"] = irc.pusher.key  # in base64, whose "=" are left out
    if irc.filehost:  # https://codeberg.org/emersion/soju/src/branch/master/doc/ext/filehost.md
        given["draft/FILEHOST"] = given["soju.im/FILEHOST"] = irc.filehost.translate(_ESCAPES)
    if irc.switchboard is not None and irc.switchboard.tells_arrival:
        given["hubbub.chat/DIRECT"] = ""
    given |= TOKENS
    return [f"{key}={value}" if value != "" else key for key, value in sorted(given.items())]


def lines(given: Iterable[str]) -> Iterator[list[str]]:
    """The tokens, as many to a line as fit."""
    for text in packed(given, _ROOM):
        words = text.split(" ")
        for start in range(0, len(words), PER_LINE):
            yield words[start : start + PER_LINE]
