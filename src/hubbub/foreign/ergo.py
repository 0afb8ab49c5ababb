"""What Ergo keeps: its items as lines of JSON, as `HISTSERV EXPORT` writes them, or out of its SQLite file.

https://github.com/ergochat/ergo, `irc/history/history.go` and `irc/sqlite/history.go`: an item has a number for its
type, who it was, the message with its time and id, tags, and (`CfCorrespondent`) the room or the other person.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import apsw
import msgspec

from hubbub.foreign.heard import Bad, Heard, Narrator, Origin, Read, Unreadable
from hubbub.foreign.json_lines import checked_log
from hubbub.hub.events import Event, Said, Who, pair_log

_PRIVMSG, _NOTICE, _JOIN, _PART, _KICK, _QUIT = range(1, 7)
_NICK, _TOPIC = 9, 10
_SQLITE: Final = b"SQLite format 3\0"
_ITEMS: Final = """
SELECT coalesce(sequence.target, ''), conversations.target, conversations.correspondent, data FROM history
LEFT JOIN sequence ON sequence.history_id = history.id LEFT JOIN conversations ON conversations.history_id = history.id
GROUP BY history.id ORDER BY coalesce(sequence.nanotime, conversations.nanotime), history.id
"""


def is_store(path: Path) -> bool:
    """Whether it is the file of a database, rather than lines."""
    with path.open("rb") as file:
        return file.read(len(_SQLITE)) == _SQLITE


def read(lines: Iterable[str], origin: Origin) -> Read:
    for number, line in enumerate(lines, 1):
        if line.strip():
            yield _heard(number, line, origin, "")


def read_store(origin: Origin) -> Read:
    """Numbers are those of its items, in the order of time."""
    for number, (log, item) in enumerate(_items(origin.path), 1):
        yield _heard(number, item, origin, log)


def _items(path: Path) -> Iterator[tuple[str, bytes]]:
    database = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READONLY)
    try:
        for room, one, other, data in database.execute(_ITEMS):
            item: Any = data
            yield str(room) if room else pair_log(str(one), str(other)), item
    finally:
        database.close()


def _heard(number: int, line: str | bytes, origin: Origin, log: str) -> Heard | Bad:
    try:
        item: dict[str, Any] = msgspec.json.decode(line, type=dict[str, Any])
        mask = str(item["Nick"])
        account = "" if item.get("AccountName", "*") == "*" else str(item["AccountName"])
        with_whom = str(item.get("CfCorrespondent", ""))
        log = checked_log(log or _log_of(with_whom, account or mask.partition("!")[0], origin))
        message = item["Message"]
        ts = round(datetime.fromisoformat(message["Time"]).timestamp() * 1000)
        event = _event(item, Narrator(log, log, "ergo"), Who(mask, account, bool(item.get("IsBot"))), log)
        if event is None:
            raise Unreadable(f"items of type {item['Type']} are not kept")
        return Heard(number, log, ts, event, 0, str(message.get("Msgid", "")))
    except (Unreadable, KeyError, TypeError, ValueError, msgspec.MsgspecError) as bad:
        return Bad(number, f"there is no {bad}" if isinstance(bad, KeyError) else str(bad))


def _log_of(with_whom: str, sender: str, origin: Origin) -> str:
    if not with_whom:
        return origin.room
    return with_whom if with_whom.startswith("#") else pair_log(sender.lower(), with_whom)


def _event(item: dict[str, Any], narrator: Narrator, who: Who, log: str) -> Event | None:
    message, kind = item["Message"], item["Type"]
    text = _text(message)
    params = [str(each) for each in item.get("Params") or [""]]
    if kind in {_PRIVMSG, _NOTICE}:
        tags = {str(k): str(v) for k, v in (item.get("Tags") or {}).items() if str(k).startswith("+")}
        return Said(who, (log,), "NOTICE" if kind == _NOTICE else "PRIVMSG", log, text, tags or None)
    nick, _, host = who.mask.partition("!")
    makers = {
        _JOIN: lambda: narrator.joined(nick, host),
        _PART: lambda: narrator.left(nick, host, text),
        _KICK: lambda: narrator.kicked(params[0], nick, text),
        _QUIT: lambda: narrator.quit(nick, host, text),
        _NICK: lambda: narrator.renamed(nick, params[0]),
        _TOPIC: lambda: narrator.topic(nick, text),
    }
    return makers[kind]() if kind in makers else None


def _text(message: dict[str, Any]) -> str:
    """Messages of several lines are kept in pieces, of which some go on where the one before ended."""
    pieces = message.get("Split") or []
    whole = "".join(
        ("" if piece.get("Concat") or not at else "\n") + piece["Message"] for at, piece in enumerate(pieces)
    )
    text = whole or str(message.get("Message", ""))
    if "\0" in text or "\r" in text:
        raise Unreadable("its text has a character that no message can have")
    return text
