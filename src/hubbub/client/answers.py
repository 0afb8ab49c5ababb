"""What servers answer in pieces, as sentences. https://modern.ircdocs.horse/#numerics"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final

from hubbub.wire import numerics as n

Params = tuple[str, ...]


def sentence(code: str, params: Params) -> str | None:
    """What a numeric says, from its parameters without our nick; "" for what nobody needs to read, None for others."""
    fewest, words = _SENTENCES.get(code, (0, None))
    if words is None or len(params) < fewest:
        return None
    return words.format(*params) if isinstance(words, str) else words(params)


def _idle(params: Params) -> str | None:
    nick, idle, since = params[:3]
    if not (idle.isdecimal() and len(idle) < 10):
        return None
    return f"{nick} has said nothing for {_long(timedelta(seconds=int(idle)))}{_since(since)}"


def _since(stamp: str) -> str:
    try:
        return f", and is here since {datetime.fromtimestamp(int(stamp), UTC).astimezone():%Y-%m-%d %H:%M}"
    except (ValueError, OverflowError, OSError):
        return ""  # older servers do not say


def _long(time: timedelta) -> str:
    minutes, seconds = divmod(time.seconds, 60)
    hours, minutes = divmod(minutes, 60)
    parts = ((time.days, "d"), (hours, "h"), (minutes, "min"), (seconds, "s"))
    return " ".join(f"{count} {unit}" for count, unit in parts if count) or "no time"


def _last(params: Params) -> str:
    return params[-1]


_SENTENCES: Final[dict[str, tuple[int, str | Callable[[Params], str | None]]]] = {
    n.RPL_AWAY: (2, "{0} is away: {1}"),
    n.RPL_INVITING: (2, "{0} is invited to {1}"),
    n.ERR_USERONCHANNEL: (2, "{0} is in {1} already"),
    n.RPL_CHANNELMODEIS: (2, "modes of {0}: {1}"),
    n.RPL_LOGGEDIN: (2, "you are logged in as {1}"),
    n.RPL_LOCALUSERS: (1, _last),
    n.RPL_GLOBALUSERS: (1, _last),
    n.RPL_WHOISUSER: (5, "{0} is {1}@{2}, and says: {4}"),
    n.RPL_WHOWASUSER: (5, "{0} was {1}@{2}, and said: {4}"),
    n.RPL_WHOISSERVER: (3, "{0} is at {1} ({2})"),
    n.RPL_WHOISIDLE: (3, _idle),
    n.RPL_WHOISCHANNELS: (2, "{0} is in {1}"),
    n.RPL_WHOISACCOUNT: (2, "{0} is logged in as {1}"),
    n.RPL_WHOISACTUALLY: (3, "{0} comes from {1}"),
    n.RPL_ENDOFWHOIS: (0, ""),
    n.RPL_ENDOFWHOWAS: (0, ""),
}
"""So many parameters at least, and what they say."""
