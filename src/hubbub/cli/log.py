"""`hubbub log`: conversations out of the store, for reading or for programs."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import click
from msgspec.structs import replace

from hubbub import compose
from hubbub.cli.options import config_option, data_option, fail, read_config
from hubbub.dialects import readable
from hubbub.foreign.json_lines import line_of
from hubbub.hub import events as ev
from hubbub.hub.ctcp import ACTION
from hubbub.hub.ports import Mark, NotFound, Window

_AGE: Final = re.compile(r"(\d+)([mhdw])")
_UNITS: Final = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_PAGE: Final = 1000


@click.command()
@click.argument("target", required=False)
@click.option("--since", help="From then on: 2026-01-31, 2026-01-31T09:30, or an age like 90m, 12h, 7d, 2w.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@config_option
@data_option
def log(target: str | None, since: str | None, as_json: bool, config_path: Path | None, data: Path | None) -> None:
    """Print a conversation: TARGET is a room, in quotes as '#room', or two people as NAME,NAME.

    Without TARGET, list all there are.

    The server may be running.
    """
    try:
        archive = compose.open_archive(read_config(config_path, data))
    except compose.CannotStart as error:
        fail(str(error))
    start = moment(since) if since else 0
    if target is None:
        for found in archive.conversations():
            click.echo(f"{_local(found.ts):%Y-%m-%d %H:%M}  {found.log}{_guests(archive, found.log)}")
        return
    name = log_name(target)
    if all(found.log != name for found in archive.conversations()):
        fail(f"nothing was ever said in {target}; 'hubbub log' lists the conversations there are")
    for entry in entries(archive, name, start):
        click.echo(line_of(entry) if as_json else _line(_with_quote(archive, name, entry)))


def entries(archive: compose.Archive, name: str, start: int) -> Iterator[ev.Entry]:
    """From then on (ms), a page at a time."""
    after = Mark(ts=start - 1)
    while page := archive.page(name, Window(_PAGE, after=after, newest=False)):
        yield from page
        after = Mark(ts=page[-1].place.ts)


def _guests(archive: compose.Archive, name: str) -> str:
    """Who spoke to whom, where the name of a pair does not say it: an identity without an account is made up."""
    if not any(party.startswith("~") for party in ev.parties(name)):
        return ""
    last = (entry.event for entry in archive.page(name, Window(1, verbs=("PRIVMSG", "NOTICE"))))
    return "".join(f"  ({said.who.nick} and {said.target})" for said in last if isinstance(said, ev.Said))


def log_name(target: str) -> str:
    """Of a room, or of NAME,NAME."""
    folded = compose.fold(target)
    one, comma, other = folded.partition(",")
    return ev.pair_log(one, other) if comma else folded


def moment(text: str) -> int:
    """Ms since the epoch of a date, a time or an age."""
    age = _AGE.fullmatch(text)
    if age is not None:
        then = datetime.now(UTC) - timedelta(**{_UNITS[age[2]]: int(age[1])})
        return round(then.timestamp() * 1000)
    try:
        return round(datetime.fromisoformat(text).astimezone().timestamp() * 1000)
    except ValueError:
        raise click.BadParameter(f"expected 2026-01-31, 2026-01-31T09:30 or 90m, 12h, 7d, 2w, got {text!r}") from None


def _with_quote(archive: compose.Archive, name: str, entry: ev.Entry) -> ev.Entry:
    """An answer, or a reaction, with the beginning of what it is about."""
    said = entry.event
    if not isinstance(said, ev.Said) or not (msgid := readable.answered(said.tags or {})):
        return entry
    try:
        about = [found.event for found in archive.around(name, Mark(msgid), Window(1))]
    except NotFound:
        return entry
    quotes = [readable.quote(one) for one in about if isinstance(one, ev.Said)]
    detail = replace(said.detail or ev.Detail(), quote="".join(quotes))
    return replace(entry, event=replace(said, detail=detail))


def _local(ts: int) -> datetime:
    return datetime.fromtimestamp(ts / 1000, UTC).astimezone()


def _line(entry: ev.Entry) -> str:
    first, *others = map(_visible, _words(entry.event).split("\n"))
    when = f"{_local(entry.place.ts):%Y-%m-%d %H:%M:%S}  "
    return "\n".join((when + first, *(" " * len(when) + other for other in others)))


def _words(event: ev.Event) -> str:
    words = _WORDS.get(type(event))
    return words(event) if words is not None else f"-- {event.who.nick}: {type(event).__name__}"


def _said(event: ev.Said) -> str:
    nick = event.who.nick
    if event.verb == ev.GONE:
        return f"-- a message of {nick} was taken back"
    if event.verb == "TAGMSG":
        tags = " ".join(f"{key}={value}" for key, value in (event.tags or {}).items())
        return f"-- {nick} {readable.reacted(event) or f'sent {tags}'}"
    if event.text.startswith(ACTION):
        return f"* {nick} {event.text.removeprefix(ACTION).rstrip(chr(1))}"
    about = f"(to {event.detail.quote}) " if event.detail is not None and event.detail.quote else ""
    return f"-{nick}- {about}{event.text}" if event.verb == "NOTICE" else f"<{nick}> {about}{event.text}"


def _left(event: ev.Parted | ev.Quit) -> str:
    given = event.text not in ("", "Quit: ")  # the latter is what stands before a reason, and there is none
    return f"<- {event.who.nick} left" + (f" ({event.text})" if given else "")


def _changed(event: ev.ModesChanged) -> str:
    changes = " ".join(f"{'+' if c.adding else '-'}{c.letter} {c.argument}".rstrip() for c in event.changes)
    return f"-- {event.who.nick} set modes: {changes}"


_WORDS: Final[dict[type[ev.Event], Callable[[Any], str]]] = {
    ev.Said: _said,
    ev.Redacted: lambda event: f"-- {event.who.nick} took a message back" + (f" ({event.text})" if event.text else ""),
    ev.Edited: lambda event: f"-- {event.who.nick} edited: {event.text}",
    ev.Joined: lambda event: f"-> {event.who.nick} joined",
    ev.Parted: _left,
    ev.Quit: _left,
    ev.Kicked: lambda event: f"<- {event.nick} was put out by {event.who.nick} ({event.text})",
    ev.TopicChanged: lambda event: f"-- {event.who.nick} set the topic: {event.text}",
    ev.Renamed: lambda event: f"-- {event.who.nick} is now {event.nick}",
    ev.ModesChanged: _changed,
    ev.OwnerChanged: lambda event: f"-- {event.who.nick} made {event.owner or 'nobody'} the owner",
    ev.AccessChanged: lambda event: f"-- {event.who.nick} gave {event.account} {event.status or 'no letters'}",
    ev.SettingChanged: lambda event: f"-- {event.who.nick} set {event.name} to {event.value or 'nothing'}",
    ev.RoomRenamed: lambda event: f"-- {event.who.nick} renamed {event.old} to {event.name} ({event.text})",
}
"""How each kind of event reads in a conversation log."""


def _visible(text: str) -> str:
    """What a stranger wrote cannot move the reader's cursor."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)
