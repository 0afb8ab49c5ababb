"""METADATA: what people let be known about themselves and their rooms. https://ircv3.net/specs/extensions/metadata

`draft/metadata-3` tells changes with the numerics of answers, `draft/metadata-2` with a METADATA message. Where the
specification leaves a code open, it is the one that Ergo gives.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Coroutine, Iterable, Iterator, Mapping
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from hubbub.dialects.irc import replies
from hubbub.dialects.irc.fit import fitting
from hubbub.dialects.irc.registry import Kind, Who, capability, command, renderer
from hubbub.dialects.irc.request import BATCH, Request
from hubbub.hub.channel import Channel
from hubbub.hub.events import Entry, MetadataChanged
from hubbub.hub.profiles import KEYS_MAX
from hubbub.hub.promise import Promise
from hubbub.hub.refusals import Refused, Why
from hubbub.hub.user import User, without
from hubbub.wire import numerics as n
from hubbub.wire.line import LINE_MAX, Line, encode

if TYPE_CHECKING:
    from hubbub.dialects.irc.look import IrcLook
    from hubbub.dialects.irc.session import IrcSession

URL: Final = "https://ircv3.net/specs/extensions/metadata"

NO_PROFILE: Final[Mapping[str, str]] = {}

SUBS_MAX: Final = 50
VALUE_MAX: Final = 300
_KEY: Final = re.compile(r"[a-z0-9_./-]{1,64}")

_ALL: Final = "*ALL"
"""The target of a SYNC that means everything one has subscribed to."""

_CROWD: Final = 200
"""Members of a room above which whoever comes in is told to ask later, when the rest of joining has been read."""

_LINES_MAX: Final = 2000
"""Values in one answer: what waits in the send queue stays well below its limit."""


def _limits(session: IrcSession) -> str:
    return f"before-connect,max-subs={SUBS_MAX},max-keys={KEYS_MAX},max-value-bytes={VALUE_MAX}"


METADATA: Final = capability("draft/metadata-3", URL, shows=True, offer=_limits, needs=(BATCH,))
METADATA_2: Final = capability("draft/metadata-2", URL, shows=True, offer=_limits, needs=(BATCH,))


def knows_metadata(session: IrcSession) -> bool:
    return METADATA in session.caps or METADATA_2 in session.caps


@command(
    "METADATA",
    2,
    who=Who.ANYONE,
    kind=Kind.READ,
    usage="<target> GET|LIST|SET|CLEAR|SUB|UNSUB|SUBS|SYNC [...]",
    help="Read and set what is known about you, about others and about channels.",
)
async def metadata(request: Request, line: Line) -> None:
    target, verb, rest = line.params[0], line.params[1].upper(), line.params[2:]
    run, arity = _SUBCOMMANDS.get(verb, (None, 0))
    if run is None:
        request.fail("INVALID_PARAMS", verb, "Expected GET, LIST, SET, CLEAR, SUB, UNSUB, SUBS or SYNC")
    elif len(rest) < arity:
        request.error(n.ERR_NEEDMOREPARAMS, "METADATA")
    elif request.session.user is None and target != "*":
        request.fail("KEY_NO_PERMISSION", target, "*", "Until you are registered, you can only set your own, as *")
    else:
        await _run(request, run, target, rest)


async def _run(request: Request, run: Subcommand, target: str, rest: tuple[str, ...]) -> None:
    me = request.session.user
    try:
        await run(request, me.nick if me is not None and target == "*" else target, rest)
    except Refused as refused:
        if refused.why not in (Why.NO_SUCH_NICK, Why.NO_SUCH_CHANNEL):
            raise
        request.fail("INVALID_TARGET", target, "There is nobody and no channel of that name")


# Reading


async def _get(request: Request, target: str, keys: tuple[str, ...]) -> None:
    name, known = _known(request, target)
    _batch(request, name, (_value(request, name, key, known) for key in keys))


async def _list(request: Request, target: str, rest: tuple[str, ...]) -> None:
    name, known = _known(request, target)
    _batch(request, name, (_value(request, name, key, known) for key in sorted(known)))


def _known(request: Request, target: str) -> tuple[str, Mapping[str, str]]:
    session = request.session
    return (target, session.profile) if session.user is None else request.hub.known(session.user, target)


def _value(request: Request, name: str, key: str, known: Mapping[str, str]) -> bytes:
    if not _KEY.fullmatch(key):
        params = "METADATA", "INVALID_KEY", replies.middle(key), _KEY_SENTENCE
        return encode(Line("FAIL", params, request.irc.name))
    nick = request.session.shown_nick
    if key not in known:
        return _numeric(request, nick, n.RPL_KEYNOTSET, name, key, "That key is not set")
    return _numeric(request, nick, n.RPL_KEYVALUE, name, key, "*", known[key])


_KEY_SENTENCE: Final = "A key is up to 64 of a-z, 0-9, _, ., / and -"
_VALUE_SENTENCE: Final = f"A value has at most {VALUE_MAX} bytes, and fewer beside long names"


def _numeric(request: Request, nick: str, code: str, *params: str) -> bytes:
    return fitting(replies.numeric(request.irc.name, nick, code, params))


def _batch(request: Request, name: str, lines: Iterable[bytes]) -> None:
    request.batch("metadata", (name,), lines)


# Setting


class _Quietly:
    """The session that sets something is answered, and not told of it as others are."""

    def __init__(self, request: Request) -> None:
        self.session = request.session
        self._request = request

    def heard(self, entry: Entry, data: bytes) -> bytes:
        return b""

    def failed(self, refused: Refused) -> None:
        self._request.refuse(refused)


async def _set(request: Request, target: str, rest: tuple[str, ...]) -> None:
    """ "If no value is given, the key is removed"; an empty one is none, as in Ergo."""
    key, value = rest[0], "".join(rest[1:2]) or None
    if not _KEY.fullmatch(key):
        request.fail("INVALID_KEY", key, _KEY_SENTENCE)
        return
    if request.session.user is None:
        _set_before(request, key, value)
        return
    name, known = request.hub.known(request.user, target)
    if value is None and key not in known:
        request.hub.set_metadata(request.user, target, key, value)  # who may not set it learns that, and no more
        request.fail("KEY_NOT_SET", name, key, "That key is not set")
    elif value is not None and not _fits(request, name, key, value):
        request.fail("INVALID_VALUE", key, _VALUE_SENTENCE)
    else:
        await _commit(request, request.hub.set_metadata(request.user, target, key, value))
        _confirm(request, name, key, value)


def _set_before(request: Request, key: str, value: str | None) -> None:
    """Somebody who is not registered yet: it is kept for when they are."""
    profile = request.session.profile
    if value is None:
        request.session.profile = without(profile, key)
    elif not _fits(request, "*", key, value):
        request.fail("INVALID_VALUE", key, _VALUE_SENTENCE)
        return
    elif key not in profile and len(profile) >= KEYS_MAX:
        request.fail("LIMIT_REACHED", "*", str(KEYS_MAX), replies.words(Refused(Why.METADATA_FULL)))
        return
    else:
        request.session.profile = {**profile, key: value}
    _confirm(request, "*", key, value)


def _confirm(request: Request, name: str, key: str, value: str | None) -> None:
    if value is None:
        request.reply(n.RPL_KEYNOTSET, name, key, "That key is not set any more")
    else:
        request.reply(n.RPL_KEYVALUE, name, key, "*", value)


def _fits(request: Request, name: str, key: str, value: str) -> bool:
    """Whether everybody can be told all of it on one line."""
    longest = "n" * request.hub.rules.nick_length
    shown = longest if name[0] != "#" else name
    line = replies.numeric(request.irc.name, longest, n.RPL_KEYVALUE, (shown, key, "*", value))
    return len(value.encode()) <= VALUE_MAX and len(encode(line)) <= LINE_MAX


async def _clear(request: Request, target: str, rest: tuple[str, ...]) -> None:
    """ "one [...] event per cleared key"."""
    if request.session.user is None:
        name, keys = target, sorted(request.session.profile)
        request.session.profile = NO_PROFILE
    else:
        name, events = request.hub.clear_metadata(request.user, target)
        keys = [event.key for event in events]
        for event in events:
            await _commit(request, event)
    nick = request.session.shown_nick
    _batch(request, name, (_numeric(request, nick, n.RPL_KEYNOTSET, name, key, "Removed") for key in keys))


async def _commit(request: Request, event: MetadataChanged | None) -> None:
    if event is not None:
        await request.server.commit(event, _Quietly(request))


# Subscribing


async def _sub(request: Request, target: str, keys: tuple[str, ...]) -> None:
    """ "The server MUST process each key in order"."""
    session = request.session
    heeds, done = set(session.heeds), []
    for key in keys:
        if not _KEY.fullmatch(key):
            request.fail("INVALID_KEY", key, _KEY_SENTENCE)
            continue
        if key not in heeds and len(heeds) >= SUBS_MAX:
            request.fail("LIMIT_REACHED", key, str(SUBS_MAX), "You have subscribed to as many keys as you may")
            break
        heeds.add(key)
        done.append(key)
    session.heeds = frozenset(heeds)
    _list_keys(request, n.RPL_METADATASUBOK, done)
    if session.user is not None and done:
        request.reply(n.RPL_METADATASYNCLATER, _ALL, "0", "Ask for what is known with METADATA * SYNC, or with *ALL")


async def _unsub(request: Request, target: str, keys: tuple[str, ...]) -> None:
    for key in keys:
        if not _KEY.fullmatch(key):
            request.fail("INVALID_KEY", key, _KEY_SENTENCE)
    done = list(dict.fromkeys(key for key in keys if _KEY.fullmatch(key)))
    request.session.heeds = request.session.heeds.difference(done)
    _list_keys(request, n.RPL_METADATAUNSUBOK, done)


async def _subs(request: Request, target: str, rest: tuple[str, ...]) -> None:
    nick, lines = request.session.shown_nick, _parcels(sorted(request.session.heeds))
    request.batch("metadata-subs", (), (_numeric(request, nick, n.RPL_METADATASUBS, *keys) for keys in lines))


def _list_keys(request: Request, code: str, keys: list[str]) -> None:
    for parcel in _parcels(keys):
        request.reply(code, *parcel)


def _parcels(keys: list[str]) -> Iterator[list[str]]:
    """So many keys to a line that the longest of them fit."""
    for start in range(0, len(keys), 5):
        yield keys[start : start + 5]


# What one has subscribed to


async def _sync(request: Request, target: str, rest: tuple[str, ...]) -> None:
    if request.session.user is None:
        request.reply(n.RPL_METADATASYNCLATER, target, "10", "Ask again when you are registered")
        return
    me = request.user
    if target.upper() == _ALL:
        rooms = [member.channel for member in me.memberships.values()]
        _send(request, _ALL, _heeded(request, rooms, [*request.hub.neighbours(me), *_watched(request)]))
        return
    name, _ = request.hub.known(me, target)
    rooms = [request.hub.channel(target)] if target[:1] == "#" else []
    people = list(rooms[0].members) if rooms else [request.hub.user(target)]
    _send(request, name, _heeded(request, rooms, people))


def _watched(request: Request) -> Iterator[User]:
    hub = request.hub
    for nick in hub.watch.listed(request.session):
        user = hub.users.get(hub.fold(nick))
        if user is not None:
            yield user


Told: TypeAlias = Iterator[tuple[str, str, str]]
"""What is told: about whom, the key and the value."""


def _heeded(request: Request, rooms: Iterable[Channel], people: Iterable[User]) -> Told:
    """What the session has subscribed to of all these."""
    about = [(room.name, room.metadata) for room in rooms]
    about += [(user.nick, dict(request.hub.known_about(user))) for user in dict.fromkeys(people)]
    heeds = request.session.heeds
    for name, known in about:
        yield from ((name, key, known[key]) for key in sorted(heeds & known.keys()))


def _send(request: Request, name: str, told: Told) -> None:
    caps = request.session.caps
    shown = (_tell(request.irc.name, *each, old=METADATA not in caps).encode() + b"\r\n" for each in told)
    _batch(request, name, islice(shown, _LINES_MAX))


def _tell(server: str, name: str, key: str, value: str | None, *, old: bool) -> str:
    """A value that is told without having been asked for by its key; the `old` way is that of metadata-2."""
    if old and value is not None:
        return f":{server} METADATA {name} {key} * :{value}"
    if value is None:
        return f":{server} {n.RPL_KEYNOTSET} * {name} {key} :That key is not set any more"
    return f":{server} {n.RPL_KEYVALUE} * {name} {key} * :{value}"


def greet(request: Request, channel: Channel) -> None:
    """ "On joining a channel, users will get the channel's current metadata [...] and [that of] all users"."""
    if not request.session.heeds or not knows_metadata(request.session):
        return
    if len(channel.members) > _CROWD:
        request.reply(n.RPL_METADATASYNCLATER, channel.name, "4", "Many are here: ask for what is known in a moment")
        return
    told = list(_heeded(request, [channel], channel.members))
    if told:
        _send(request, channel.name, iter(told))


def welcome(request: Request) -> None:
    """ "clients receive their current metadata [...] as part of the registration burst", with what they set before."""
    session, me = request.session, request.user
    before, session.profile = session.profile, NO_PROFILE
    for key, value in before.items():
        _keep(request, key, value)
    if knows_metadata(session):
        known = {**request.hub.known_about(me), **before}
        _send(request, me.nick, ((me.nick, key, known[key]) for key in sorted(known)))


def _keep(request: Request, key: str, value: str) -> None:
    try:
        event = request.hub.set_metadata(request.user, request.user.nick, key, value)
    except Refused as refused:
        request.refuse(refused)
    else:
        if event is not None:
            request.server.submit(event, _Quietly(request))


def send_whois(request: Request, user: User) -> None:
    """ "a subset of that metadata MAY be sent with RPL_WHOISKEYVALUE numerics"."""
    if knows_metadata(request.session):
        for key, value in sorted(request.hub.known_about(user).items()):
            request.reply(n.RPL_WHOISKEYVALUE, user.nick, key, "*", value)


@renderer(MetadataChanged)
def render_metadata(event: MetadataChanged, look: IrcLook) -> str:
    if not look.has(METADATA) and not look.has(METADATA_2):
        return ""
    return _tell(event.who.mask, event.target, event.key, event.value, old=not look.has(METADATA))


Subcommand: TypeAlias = Callable[[Request, str, tuple[str, ...]], Coroutine[Promise[Any], None, None]]

_SUBCOMMANDS: Final[dict[str, tuple[Subcommand, int]]] = {
    "GET": (_get, 1),
    "LIST": (_list, 0),
    "SET": (_set, 1),
    "CLEAR": (_clear, 0),
    "SUB": (_sub, 1),
    "UNSUB": (_unsub, 1),
    "SUBS": (_subs, 0),
    "SYNC": (_sync, 0),
}
"""Each subcommand with the number of parameters that it needs behind itself."""
