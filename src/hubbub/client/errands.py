"""What the commands do: chat, send one message, follow one conversation. Each ends with an exit status and a reason."""

import asyncio
from collections.abc import Coroutine
from functools import partial
from pathlib import Path
from typing import Any, Final

from hubbub.client.connection import CannotConnect, Link, connect
from hubbub.client.events import Failed, JoinRefused, Offline, Refused, Sent
from hubbub.client.exchange import Progress
from hubbub.client.following import Follower
from hubbub.client.isupport import ROOM_SIGNS
from hubbub.client.plain import Plain
from hubbub.client.protocol import Protocol
from hubbub.client.screens import screen
from hubbub.client.signals import on_signals
from hubbub.client.upload import CannotShare, upload
from hubbub.client.way import NO_WAY, OK, REFUSED, Outcome, Way, identity, own_name
from hubbub.wire.clean import clean
from hubbub.wire.line import BadLine
from hubbub.wire.numerics import ERR_CANNOTSENDTOCHAN, ERR_NOSUCHCHANNEL, ERR_NOSUCHNICK, ERR_NOTONCHANNEL

__all__ = ["NO_WAY", "OK", "REFUSED", "Outcome", "Way", "chat", "identity", "own_name", "send", "send_file", "tail"]

# Lines that a room shows when one comes into it.
_BACKLOG: Final = 20

_JOIN_FIRST: Final = frozenset({ERR_CANNOTSENDTOCHAN, ERR_NOTONCHANNEL, ERR_NOSUCHCHANNEL})


async def chat(way: Way) -> Outcome:
    """Chat in line mode until the person leaves or the input ends."""
    shown = screen()
    client = Protocol(way.identity, backlog=_BACKLOG)
    for room in way.address.rooms:
        client.join(room, way.address.key)
    async with connect(way.address, client, way.trust) as link:
        view = Plain(link, shown, share=partial(upload, way, client.mirror.features))
        view.enter(next(iter(way.address.rooms), ""))
        with on_signals(view.stop):
            try:
                await view.run()
            except CannotConnect as error:
                return Outcome(NO_WAY, str(error))
    if client.unconfirmed:
        return Outcome(REFUSED, f"{client.unconfirmed} of your messages were not confirmed by the server")
    if view.kept_out or (view.refusals and shown.patient):
        return Outcome(REFUSED, view.refusals[-1])
    return Outcome()


async def send(way: Way, target: str, text: str, seconds: float) -> Outcome:
    """Send a text, and wait until the server has confirmed all of it."""
    client = Protocol(way.identity)
    try:
        waiting = set(client.say(target, text))
    except BadLine as error:
        return Outcome(REFUSED, str(error))
    if not waiting:
        return Outcome(REFUSED, "there is nothing to send: the text is empty")
    async with connect(way.address, client, way.trust) as link:
        try:
            async with asyncio.timeout(seconds):
                outcome = await _confirmed(link, target, text, waiting)
        except TimeoutError:
            outcome = Outcome(
                REFUSED, f"{way.address} did not confirm the message within {seconds:g} s; it may arrive yet"
            )
        except CannotConnect as error:
            return Outcome(NO_WAY, str(error))
        await link.leave()
    return outcome


async def send_file(way: Way, target: str, path: Path, text: str, seconds: float, progress: Progress) -> Outcome:
    """Share a file and say its link, behind `text` if there is one; the rest as `send`."""
    client = Protocol(way.identity)
    try:
        if target.startswith(ROOM_SIGNS):
            client.join(target, way.address.key)
        async with connect(way.address, client, way.trust) as link:
            refusal = await _arrived(link)
            if refusal:
                return Outcome(REFUSED, refusal)
            url = await _beside(link, upload(way, client.mirror.features, path, target, progress))
            text = f"{text} {url}" if text else url
            waiting = set(client.say(target, text))
            link.flush()
            async with asyncio.timeout(seconds):
                outcome = await _confirmed(link, target, text, waiting)
            await link.leave()
    except (BadLine, CannotShare) as error:
        return Outcome(REFUSED, str(error))
    except TimeoutError:
        return Outcome(REFUSED, f"{way.address} did not confirm the message within {seconds:g} s; the link is {url}")
    except CannotConnect as error:
        return Outcome(NO_WAY, str(error))
    return outcome


async def _arrived(link: Link) -> str:
    """Wait until we are in, and in the room; why we are not let in, or ""."""
    async for event in link:
        if isinstance(event, Refused | JoinRefused):
            return clean(event.reason)
        if link.protocol.online and link.protocol.settled:
            return ""
    return "the connection ended before the server let us in"


async def _beside(link: Link, work: Coroutine[Any, Any, str]) -> str:
    """Do it while what happens is passed over."""

    async def listen() -> None:
        async for _ in link:
            link.flush()

    listening = asyncio.ensure_future(listen())
    try:
        return await work
    finally:
        listening.cancel()


async def tail(way: Way, target: str, count: int, as_json: bool) -> Outcome:
    """Print the last lines of a conversation and follow it, until someone says stop."""
    is_room = target.startswith(ROOM_SIGNS)
    client = Protocol(way.identity, backlog=count if is_room else 0)
    follower = Follower(client, target, 0 if is_room else count, as_json)
    if is_room:
        try:
            client.join(target, way.address.key)
        except BadLine as error:
            return Outcome(REFUSED, str(error))
    async with connect(way.address, client, way.trust) as link:
        with on_signals(link.stop):
            try:
                async for event in link:
                    refusal = "" if link.leaving and isinstance(event, Offline) else follower.hear(event)
                    link.flush()
                    if refusal:
                        return Outcome(REFUSED, clean(refusal))
            except CannotConnect as error:
                return Outcome(NO_WAY, str(error))
    return Outcome()


async def _confirmed(link: Link, target: str, text: str, waiting: set[str]) -> Outcome:
    """Until every piece is answered. Where only members may speak, or nobody has been yet, nothing of it arrives:
    join, and say it all again."""
    failures: list[Failed] = []
    sent = joined = False
    async for event in link:
        if isinstance(event, Refused | JoinRefused):
            return Outcome(REFUSED, clean(event.reason))
        if isinstance(event, Sent | Failed):
            waiting.discard(event.label)
            sent = sent or isinstance(event, Sent)
            failures += [event] if isinstance(event, Failed) else []
        if waiting:
            continue
        if joined or sent or not _outsider(failures):
            return Outcome(REFUSED, _not_sent(failures[0])) if failures else Outcome()
        joined, failures = True, []
        link.protocol.join(target)
        waiting = set(link.protocol.say(target, text))
        link.flush()
    return Outcome(REFUSED, "the connection ended before the server confirmed the message")


def _not_sent(failure: Failed) -> str:
    """Shells take a # for a comment where it is not quoted, so people leave it out."""
    words = f"not sent to {clean(failure.target)}: {clean(failure.reason)}"
    return f"{words}; a room is written '#{clean(failure.target)}'" if failure.code == ERR_NOSUCHNICK else words


def _outsider(failures: list[Failed]) -> bool:
    return bool(failures) and all(failure.code in _JOIN_FIRST for failure in failures)
