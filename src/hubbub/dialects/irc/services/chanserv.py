"""ChanServ: channels that belong to somebody, in words. What it is asked is done as the commands would do it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from hubbub.dialects.irc.commands import audit
from hubbub.dialects.irc.commands.rename import rename_room
from hubbub.dialects.irc.commands.uban import seconds
from hubbub.dialects.irc.look import iso_time
from hubbub.dialects.irc.services.front import Order, Service
from hubbub.hub.channel import Channel, Listed
from hubbub.hub.deeds import FILTER
from hubbub.hub.events import TALK, Event, ModeChange, Said
from hubbub.hub.listings import ACCOUNT
from hubbub.hub.patterns import Pattern, Unreadable
from hubbub.hub.ports import Window
from hubbub.hub.refusals import Refused, Why
from hubbub.hub.rights import Right, can
from hubbub.hub.settings import SETTINGS
from hubbub.hub.user import User

CHANSERV: Final = Service("ChanServ", "ChanServ keeps channels for accounts: their owner, modes, topic and lists last.")
CHANSERV.commands("CS", "CHANSERV")

_LETTERS: Final = {"op": "o", "halfop": "h", "voice": "v", "o": "o", "h": "h", "v": "v"}
_TESTED: Final = 200


# To own a channel


@CHANSERV.verb("REGISTER", 1, usage="<channel>", help="Make a channel that you run yours; it lasts from then on.")
async def register(order: Order) -> None:
    event = order.request.hub.register_room(order.request.user, order.word(0))
    await _commit(order, event)
    order.say(f"{event.channel} belongs to {event.owner} now; it lasts, with its modes, topic and lists")


@CHANSERV.verb("INFO", 1, usage="<channel>", help="Tell whose a channel is, and how it is set.")
async def info(order: Order) -> None:
    hub, me = order.request.hub, order.request.user
    channel = hub.owned_room(me, order.word(0))
    order.say(f"{channel.name} belongs to {channel.access[channel.owner].account}")
    order.say(f"Made {iso_time(channel.created)}, modes +{channel.mode_letters()}")
    if channel.former:
        order.say(f"Before, it was called {', '.join(channel.former)}")
    if channel.standing(me) or can(me, Right.RULE_ROOM, channel):
        settings = (f"{name} {value}" for name, value in channel.settings.items() if name != FILTER)
        order.say(f"Settings: {', '.join(settings) or 'none'}; {len(channel.filters)} filters")


@CHANSERV.verb("LIST", help="List the channels that you own or have a say in.")
async def list_(order: Order) -> None:
    me, rooms = order.request.user, order.request.hub.channels.values()
    for channel in rooms:
        if me.identity in channel.access:
            letters = "owner" if channel.owner == me.identity else f"+{channel.standing(me)}"
            order.say(f"{channel.name} ({letters})")
    order.say("End of the list")


@CHANSERV.verb("TRANSFER", 2, usage="<channel> <account>", help="Give a channel of yours to another account.")
async def transfer(order: Order) -> None:
    account = await _account(order, order.word(1))
    event = order.request.hub.transfer_room(order.request.user, order.word(0), account)
    await _commit(order, event)
    order.say(f"{event.channel} belongs to {event.owner} now")


@CHANSERV.verb(
    "DROP",
    1,
    usage="<channel> <channel>",
    help="Give a channel up; say its name twice. It lasts as long as people are in.",
)
async def drop(order: Order) -> None:
    hub = order.request.hub
    event = hub.drop_room(order.request.user, order.word(0))
    if hub.fold(order.word(1)) != hub.fold(order.word(0)):
        order.say(
            f"All that is kept of {event.channel} would be forgotten; to do it, say DROP {event.channel} twice its name"
        )
        return
    await _commit(order, event)
    order.say(f"{event.channel} belongs to nobody any more")


@CHANSERV.verb(
    "RENAME", 2, usage="<channel> <new name> [<reason>]", help="Call a channel of yours otherwise; all stays."
)
async def rename(order: Order) -> None:
    await rename_room(order.request, order.word(0), order.word(1), order.rest(2))
    order.say(f"{order.word(0)} is called {order.word(1)} now")


@CHANSERV.verb(
    "SET", 1, usage="<channel> [<setting> [<value>]]", help="Show or change the settings of a channel of yours."
)
async def set_(order: Order) -> None:
    hub, me, name, setting = order.request.hub, order.request.user, order.word(0), order.word(1).lower()
    if len(order.words) < 3:
        channel = hub.owned_room(me, name)
        for row in SETTINGS.values():
            shown = (
                channel.settings.get(row.name, "not set")
                if row.name != FILTER
                else f"{len(channel.filters)}, see FILTER"
            )
            order.say(f"{row.name}: {shown} ({row.meaning})")
        return
    event = hub.set_room(me, name, setting, order.rest(2))
    if event is not None:
        await _commit(order, event)
    order.say(f"{setting} of {name} is {order.rest(2)}")


# Who has a say in it


@CHANSERV.verb(
    "ACCESS",
    1,
    usage="<channel> [LIST | ADD <account> op|halfop|voice | DEL <account>]",
    help="Who is operator, half-operator or voice of a channel whenever they are logged in.",
)
async def access(order: Order) -> None:
    hub, me, name, action = order.request.hub, order.request.user, order.word(0), order.word(1).upper() or "LIST"
    if action == "LIST":
        _list_access(order, hub.owned_room(me, name))
    elif action == "ADD" and order.word(3).lower() in _LETTERS:
        await _grant(order, name, await _account(order, order.word(2)), _LETTERS[order.word(3).lower()])
    elif action == "DEL" and order.word(2):
        await _grant(order, name, order.word(2), "")
    else:
        order.say("Expected ACCESS <channel> LIST, ADD <account> op|halfop|voice, or DEL <account>")


def _list_access(order: Order, channel: Channel) -> None:
    for identity, line in sorted(channel.access.items()):
        letters = "owner" if identity == channel.owner else f"+{line.status}"
        order.say(f"{line.account} {letters}")
    order.say(f"End of the access list of {channel.name}")


async def _grant(order: Order, name: str, account: str, status: str) -> None:
    """From now on, and for those of that account who are in just now."""
    hub = order.request.hub
    event = hub.grant(order.request.user, name, account, status)
    if event is None:
        order.say(f"{account} has {f'+{status}' if status else 'no letters'} in {name} already")
        return
    await _commit(order, event)
    order.say(f"{event.account} has {f'+{status}' if status else 'no letters any more'} in {event.channel}")
    channel = hub.channels.get(event.logs[0])
    present = [user for user in hub.wearers(hub.fold(account)) if channel is not None and user in channel.members]
    for user in present if status else ():
        await _change(order, event.channel, [ModeChange(True, status, user.nick)])


@CHANSERV.verb("OP", 1, usage="<channel> [<nick>]", help="Make somebody, or yourself, an operator of a channel.")
@CHANSERV.verb("DEOP", 1, usage="<channel> [<nick>]", help="Take an operator's rank, or yours, back.")
@CHANSERV.verb("VOICE", 1, usage="<channel> [<nick>]", help="Give somebody, or yourself, a voice in a channel.")
@CHANSERV.verb("DEVOICE", 1, usage="<channel> [<nick>]", help="Take a voice back.")
async def rank(order: Order) -> None:
    letter = "o" if order.name.endswith("OP") else "v"
    nick = order.word(1) or order.request.user.nick
    done = await _change(order, order.word(0), [ModeChange(not order.name.startswith("DE"), letter, nick)])
    order.say("Done" if done else "Nothing had to be changed")


# Who is kept out


@CHANSERV.verb(
    "BAN",
    1,
    usage="<channel> [<nick, account or mask> [<duration>] [<reason>]]",
    help="List the bans of a channel, or ban somebody, for a time such as 2h or 7d, or for good, and put them out.",
)
async def ban(order: Order) -> None:
    request, name = order.request, order.word(0)
    if len(order.words) < 2:
        _list_bans(order, request.hub.ruled_by(request.user, name, "h"))
        return
    lasts = seconds(order.word(2))
    until = request.server.clock.now() + lasts * 1000 if lasts else 0
    mask, reason = _meant(order, order.word(1)), order.rest(3 if lasts else 2)
    if not _speakable(mask, reason):
        order.say("A mask is one word of up to 200 bytes, and a reason has up to 200 characters")
        return
    await _change(order, name, [ModeChange(True, "b", mask, reason, until)])
    channel = request.hub.channel(name)
    out = [user for user in list(channel.members) if user is not request.user and request.hub.banned(user, channel)]
    for user in out:
        await _put_out(order, channel, user, reason or "Banned")
    how_long = f"until {iso_time(until)}" if until else "for good"
    order.say(f"{mask} is banned from {channel.name} {how_long}; {len(out)} put out")


def _meant(order: Order, word: str) -> str:
    """Somebody's account, or else where they come from; anything that is nobody's nick is a mask."""
    user = order.request.hub.users.get(order.request.hub.fold(word))
    if user is None:
        return word
    return f"{ACCOUNT}{user.account}" if user.account else f"*!*@{user.host}"


def _speakable(mask: str, reason: str) -> bool:
    return mask[:1] != ":" and len(mask.encode()) <= 200 and len(reason) <= 200


async def _put_out(order: Order, channel: Channel, user: User, reason: str) -> None:
    """Whoever may not be put out stays: the owner, and operators for those who are less."""
    request = order.request
    try:
        event = request.hub.kick(request.user, channel.name, user.nick, reason)
    except Refused as refused:
        order.say(f"{user.nick}: they stay, since you may not put them out ({refused.why.name.lower()})")
    else:
        await request.server.commit(event, request)
        await request.server.caught_up()


def _list_bans(order: Order, channel: Channel) -> None:
    for line in channel.lists["b"].values():
        order.say(_ban_line(line))
    order.say(f"End of the bans of {channel.name}")


def _ban_line(line: Listed) -> str:
    end = f" until {iso_time(line.until)}" if line.until else ""
    why = f": {line.reason}" if line.reason else ""
    return f"{line.mask} by {line.setter} since {iso_time(line.at)}{end}{why}"


@CHANSERV.verb("UNBAN", 2, usage="<channel> <nick, account or mask>", help="Take a ban off.")
async def unban(order: Order) -> None:
    request = order.request
    channel = request.hub.ruled_by(request.user, order.word(0), "h")
    user = request.hub.users.get(request.hub.fold(order.word(1)))
    masks = [order.word(1)]
    if user is not None:
        masks = [line.mask for line in channel.lists["b"].values() if request.hub.meant(user, [line.mask])]
    done = await _change(order, channel.name, [ModeChange(False, "b", mask) for mask in masks])
    order.say("Done" if done else "No such ban is set")


@CHANSERV.verb("KICK", 2, usage="<channel> <nick> [<reason>]", help="Put somebody out of a channel.")
async def kick(order: Order) -> None:
    request = order.request
    event = request.hub.kick(request.user, order.word(0), order.word(1), order.rest(2) or request.user.nick)
    await request.server.commit(event, request)


@CHANSERV.verb("TOPIC", 1, usage="<channel> [<topic>]", help="Set what a channel is about; without one, remove it.")
async def topic(order: Order) -> None:
    request = order.request
    await request.server.commit(request.hub.topic(request.user, order.word(0), order.rest(1)), request)


# What is not said


@CHANSERV.verb(
    "FILTER",
    1,
    usage="<channel> [LIST | ADD <words or /expression/> | DEL <words or /expression/> | TEST <words or /expression/>]",
    help="What nobody without a rank may say in a channel of yours; TEST shows what it would have stopped lately.",
)
async def filter_(order: Order) -> None:
    request, name, action, pattern = order.request, order.word(0), order.word(1).upper() or "LIST", order.rest(2)
    channel = request.hub.owned_room(request.user, name)
    if not request.hub.rules_in(request.user, channel, "o"):
        raise Refused(Why.NOT_OPERATOR, channel.name)
    known = [each.text for each in channel.filters]
    if action == "LIST":
        order.say(*known, f"End of the filters of {channel.name}")
    elif action == "TEST":
        await _test(order, channel, pattern)
    elif action in ("ADD", "DEL") and pattern:
        wanted = [*known, pattern] if action == "ADD" else [text for text in known if text != pattern]
        event = request.hub.set_room(request.user, name, FILTER, "\n".join(wanted))
        if event is not None:
            await _commit(order, event)
        order.say("Done" if event is not None else "Nothing had to be changed")
    else:
        order.say("Expected LIST, ADD, DEL or TEST, and behind the last three a pattern")


async def _test(order: Order, channel: Channel, text: str) -> None:
    """A dry run over what was said last."""
    patterns: Iterable[Pattern] = (Pattern(text),) if text else channel.filters
    try:
        for pattern in patterns:
            pattern.check()
    except Unreadable as why:
        order.say(str(why))
        return
    page = await order.request.server.store.page(channel.key, Window(_TESTED, verbs=TALK))
    said = [(entry.place.ts, entry.event) for entry in page if isinstance(entry.event, Said)]
    stopped = [(ts, each) for ts, each in said if any(pattern.finds(each.text) for pattern in patterns)]
    for ts, each in stopped[-10:]:
        order.say(f"{iso_time(ts)} <{each.who.nick}> {each.text.splitlines()[0]}")
    order.say(f"{len(stopped)} of the latest {len(said)} messages would have been stopped")


# Who did what


@CHANSERV.verb(
    "AUDIT", 1, usage="<channel> [<number>]", help="Who did what to a channel that you run, the latest last."
)
async def audit_(order: Order) -> None:
    request = order.request
    channel = request.hub.owned_room(request.user, order.word(0))
    if not channel.ranks(request.user, "o") and not can(request.user, Right.READ_AUDIT):
        raise Refused(Why.NOT_OPERATOR, channel.name)
    fold = request.hub.fold
    names = {fold(name) for name in (channel.name, *channel.former)}

    def concerns(event: Event) -> bool:
        return fold(audit.room_of(event)) in names

    order.say(*await audit.latest(request, audit.number(order.word(1)), concerns))


# What they share


async def _commit(order: Order, event: Event) -> None:
    await order.request.server.commit(event, order.request)


async def _change(order: Order, name: str, changes: list[ModeChange]) -> bool:
    """Whether anything was changed. Raises the first refusal."""
    request = order.request
    await request.server.settled(request.hub.fold(name))
    event, refused = request.hub.change_modes(request.user, name, changes)
    if event is not None:
        await _commit(order, event)
    elif refused:
        raise refused[0]
    return event is not None


async def _account(order: Order, name: str) -> str:
    """The account as it is spelled."""
    account = await order.request.server.accounts.find(order.request.hub.fold(name))
    if account is None:
        raise Refused(Why.NO_SUCH_ACCOUNT, name)
    return account.name
