"""R2: one order. Whatever people do and however commits end, what was heard is what is in the log, in its order.

People do things at random in a house whose commits land or fail at random moments. Afterwards all that was taken in is
told again, one thing at a time, to a house of its own: there each of these things must have been allowed, and from
there we know what everybody must have heard.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from random import Random

import msgspec
from hypothesis import event as note
from hypothesis import example, given
from hypothesis import strategies as st

from hubbub.dialects.irc.dialect import Settings
from hubbub.dialects.irc.look import look_for
from hubbub.hub.channel import Audience
from hubbub.hub.events import (
    Entry,
    Event,
    Joined,
    Kicked,
    ModesChanged,
    Parted,
    Quit,
    Renamed,
    Said,
    TopicChanged,
)
from hubbub.hub.hub import Hub
from hubbub.hub.ports import StoreFailed
from hubbub.hub.refusals import Why
from hubbub.hub.user import User
from hubbub.wire.line import Line
from tests.hub.hall import Ear, names, scenery
from tests.scene import RULES, Person, Scene, quiet
from tests.server.stage import EVERYTHING

PEOPLE = {
    "maya": ("echo-message",),
    "leo": ("echo-message",),
    "sam": ("echo-message", "message-tags", "labeled-response"),
    "priya": ("echo-message", "server-time", "labeled-response"),
}
PHONE = "phone"
"""A second session of leo's."""
ROOMS = ("#tea", "#coffee")
WORDLESS = look_for(frozenset())

folk = st.sampled_from((*PEOPLE, PHONE))
operators = st.sampled_from(("maya", "leo", "sam"))
rooms = st.sampled_from(ROOMS)
ranks = st.sampled_from(("+o", "-o", "+v", "-v", "+b", "-b", "+b-b"))
deeds = st.one_of(
    st.tuples(st.just("say"), folk, rooms),
    st.tuples(st.just("say"), folk, rooms),
    st.tuples(st.just("tell"), folk, folk),
    st.tuples(st.just("join"), folk, rooms),
    st.tuples(st.just("part"), folk, rooms),
    st.tuples(st.just("topic"), operators, rooms),
    st.tuples(st.just("kick"), operators, rooms, folk),
    st.tuples(st.just("mode"), operators, rooms, st.sampled_from(("+m", "-m", "+l 3", "-l"))),
    st.tuples(st.just("rank"), operators, rooms, folk, ranks),
    st.tuples(st.just("nick"), folk, st.sampled_from(("ghost", "Ghost", "maya", "leo_"))),
    st.tuples(st.sampled_from(("ping", "look", "quit", "lose")), folk),
    st.tuples(st.sampled_from(("turn", "land", "land", "land", "fail"))),
    st.tuples(st.sampled_from(("turn", "land", "land", "land"))),
)
schedules = st.lists(deeds, min_size=30, max_size=60)


class Village(Scene):
    """Four people, one of them twice, who do what they are told, and a record of all that the hub took in."""

    def __init__(self) -> None:
        super().__init__(slow=True, settings=Settings(backlog=0))
        self.taken: list[Entry] = []
        self.texts = 0
        self.said: dict[str, int] = defaultdict(int)
        self.before_ping: dict[str, list[int]] = defaultdict(list)
        self._record(self.hub.apply)
        self.folk = {nick: self.enter(nick, *caps) for nick, caps in PEOPLE.items()}
        self.twin = twin_of(self.hub)
        for person in self.folk.values():
            person.say("JOIN #tea,#coffee")
        self.folk[PHONE] = self.connect()
        leo = self.folk[PHONE].session.user = self.hub.user("leo")
        self.hub.attach(leo, self.folk[PHONE].session)
        self.folk["maya"].say("MODE #tea +o leo", "MODE #coffee +o sam")
        self.slow.held = True

    def _record(self, apply: Callable[[Entry], Audience]) -> None:
        def recorded(entry: Entry) -> Audience:
            self.taken.append(entry)
            return apply(entry)

        self.hub.apply = recorded  # type: ignore[method-assign]  # what passes here is what everybody is told

    def do(self, deed: str, *about: str) -> None:
        """One deed; the loop turns only when a deed says so."""
        if deed == "turn":
            self.turn()
        elif deed == "land" and self.slow.groups:
            self.slow.land()
        elif deed == "fail" and self.slow.groups:
            self.slow.fail(StoreFailed("the disk is full"))
        elif about and self.folk[about[0]].session.user is not None:
            getattr(self, deed)(*about)

    def finish(self) -> None:
        self.turn()
        while self.slow.groups:
            self.slow.land()
            self.turn()

    def line(self, who: str, line: str) -> None:
        self.folk[who].session.receive(f"{line}\r\n".encode())

    def nick_of(self, who: str) -> str:
        user = self.folk[who].session.user
        return user.nick if user is not None else who

    def say(self, who: str, target: str) -> None:
        self.texts += 1
        self.said[who] += 1
        label = f"@label={self.texts} " if "labeled-response" in PEOPLE.get(who, ()) else ""
        self.line(who, f"{label}PRIVMSG {target} :text {self.texts}")

    def tell(self, who: str, other: str) -> None:
        if other != who:  # what one hears who talks to oneself is the dialect's affair
            self.say(who, self.nick_of(other))

    def join(self, who: str, room: str) -> None:
        self.line(who, f"JOIN {room}")

    def part(self, who: str, room: str) -> None:
        self.line(who, f"PART {room}")

    def topic(self, who: str, room: str) -> None:
        self.line(who, f"TOPIC {room} :by {who}")

    def kick(self, who: str, room: str, other: str) -> None:
        self.line(who, f"KICK {room} {self.nick_of(other)}")

    def mode(self, who: str, room: str, change: str) -> None:
        self.line(who, f"MODE {room} {change}")

    def rank(self, who: str, room: str, other: str, change: str) -> None:
        self.line(who, f"MODE {room} {change} {self.nick_of(other)} {self.nick_of(other)}")

    def nick(self, who: str, nick: str) -> None:
        self.line(who, f"NICK {nick}")

    def ping(self, who: str) -> None:
        self.before_ping[who].append(self.said[who])
        self.line(who, f"PING {len(self.before_ping[who])}")

    def look(self, who: str) -> None:
        sign = "-" if "server-time" in self.folk[who].session.caps else ""
        self.line(who, f"CAP REQ {sign}server-time")

    def quit(self, who: str) -> None:
        self.line(who, "QUIT :late")

    def lose(self, who: str) -> None:
        self.folk[who].session.lost("Connection reset")


def twin_of(hub: Hub) -> Hub:
    """A house with the same people in it, who did nothing yet."""
    twin = Hub(RULES)
    for user in hub.users.values():
        copy = User(user.nick, user.key, user.username, user.host, user.realname)
        copy.identity = user.identity
        twin.enter(copy)
        twin.attach(copy, Ear(copy))
    return twin


@dataclass(frozen=True)
class Heard:
    """A line, and the room that it is about; "" for what is about nobody's room."""

    text: str
    room: str


class Judge:
    """Takes the entries in again, one by one, in the twin: is each allowed there, and who has to hear it?"""

    def __init__(self, twin: Hub) -> None:
        self.twin = twin
        self.users = {user.username: user for user in twin.users.values()}
        self.heard: dict[str, list[Heard]] = {name: [] for name in self.users}

    def take(self, entry: Entry) -> None:
        event = entry.event
        user = self.users[event.who.mask.partition("!")[2].partition("@")[0]]
        assert event.who.mask == user.who.mask, "signed with a name that they did not have at that place"
        getattr(self, f"allow_{type(event).__name__.lower()}")(user, event)
        before = self.inside(user, event)
        audience = self.twin.apply(entry)
        hearers = before if isinstance(event, Parted | Kicked | Quit) else self.inside(user, event)
        assert sorted(name.nick for name in hearers) == names(audience) or user not in hearers
        room = event.logs[0] if event.logs and event.logs[0] in ROOMS and not isinstance(event, Renamed | Quit) else ""
        times = 2 if isinstance(event, Said) and event.target == user.nick else 1  # to oneself: the word and its echo
        for hearer in {*hearers, user}:
            if not (isinstance(event, Quit) and hearer is user):
                self.heard[hearer.username] += [Heard(WORDLESS.text(entry), room)] * times

    def inside(self, user: User, event: Event) -> set[User]:
        """Who is there to hear it, by the twin as it is now."""
        if isinstance(event, Renamed):
            return self.twin.neighbours(user)
        if isinstance(event, Quit):
            return self.twin.neighbours(user).union(*map(self.members, event.logs)) - {user}
        if isinstance(event, Said) and event.logs[0] not in ROOMS:
            return {other for other in self.twin.users.values() if other.identity in event.logs[0].split(",")}
        return self.members(event.logs[0])

    def members(self, room: str) -> set[User]:
        """Also where who it is about has gone meanwhile: what a log keeps, its room is told."""
        channel = self.twin.channels.get(room)
        return set(channel.members) if channel is not None else set()

    def absent(self, event: Kicked) -> bool:
        """A leave may have been on its way when somebody was put out: then nobody is."""
        target = self.twin.users.get(self.twin.fold(event.nick))
        return target is None or event.logs[0] not in target.memberships

    def allow_said(self, user: User, event: Said) -> None:
        if event.logs[0] in ROOMS:
            assert self.twin.say(user, event.verb, event.target, event.text) == event

    def allow_joined(self, user: User, event: Joined) -> None:
        allowed = self.twin.join(user, event.channel)
        assert allowed is not None
        assert allowed.channel == event.channel

    def allow_parted(self, user: User, event: Parted) -> None:
        """Somebody may be put out while they leave."""

    def allow_kicked(self, user: User, event: Kicked) -> None:
        if self.absent(event):
            assert self.twin.channels[event.logs[0]].ranks(user, "h")
        else:
            allowed = self.twin.kick(user, event.channel, event.nick, event.text)
            assert repr(allowed).lower() == repr(event).lower()

    def allow_topicchanged(self, user: User, event: TopicChanged) -> None:
        assert self.twin.topic(user, event.channel, event.text) == event

    def allow_modeschanged(self, user: User, event: ModesChanged) -> None:
        """A rank may be given to somebody who is leaving, or who is changing the case of their nick."""
        allowed, refused = self.twin.change_modes(user, event.channel, event.changes)
        assert {no.why for no in refused} <= {Why.NOT_THERE, Why.NO_SUCH_NICK}
        assert refused or repr(allowed).lower() == repr(event).lower()

    def allow_renamed(self, user: User, event: Renamed) -> None:
        assert self.twin.check_nick(event.nick, user) == self.twin.fold(event.nick)

    def allow_quit(self, user: User, event: Quit) -> None:
        """Always."""


def entries(lines: list[str]) -> list[str]:
    """What somebody heard of others and of themselves, without tags."""
    bare = (line.partition(" ")[2] if line[0] == "@" else line for line in lines)
    return [line for line in bare if line[0] == ":" and "!" in line.partition(" ")[0]]


def about(lines: list[str], room: str) -> list[str]:
    """What is about one room or about none: talk of several rooms in one turn may be told room by room."""
    other = next(name for name in ROOMS if name != room)
    return [line for line in lines if line.split()[2].lstrip(":") != other]


@given(schedules)
@example([("part", "leo", "#tea"), ("kick", "maya", "#tea", "leo"), ("turn",)])
def test_what_was_heard_is_what_is_in_the_log(schedule: list[tuple[str, ...]]) -> None:
    """All that was taken in was allowed at its place, was heard in that order by all it concerned, and is kept so.

    Seen to fail where a group is told from its end, and where others decide while rights are being taken away.
    """
    village = Village()
    for deed in schedule:
        village.do(*deed)
    village.finish()
    judge = Judge(village.twin)
    for entry in village.taken:
        judge.take(entry)
        note(type(entry.event).__name__)
    for name in ("maya", "sam", "priya"):
        lines = village.folk[name].hears()
        for room in ROOMS:
            expected = [heard.text for heard in judge.heard[name] if heard.room in ("", room)]
            assert about(entries(lines), room) == expected
        if "labeled-response" in PEOPLE[name]:
            check_answers(village, name, lines)
    check_history(village)
    check_rest(village, judge.twin)


def check_answers(village: Village, name: str, lines: list[str]) -> None:
    """Each message had one outcome, and each PONG came behind those of all that was said before its PING."""
    settled = 0
    pongs = []
    for line in lines:
        if line[0] == "@" and "label=" in line.partition(" ")[0]:
            settled += 1
        elif " PONG " in line:
            pongs.append(settled)
    assert pongs == village.before_ping[name][: len(pongs)]
    if village.folk[name].session.user is not None:
        assert (settled, len(pongs)) == (village.said[name], len(village.before_ping[name]))


def check_history(village: Village) -> None:
    """Every log is gapless, and holds what was taken in and nothing else."""
    logs = {log for entry in village.taken if entry.place.log for log in entry.event.logs}
    for log in logs | set(ROOMS):
        kept = village.memory.page(log, EVERYTHING).result()
        taken = [entry for entry in village.taken if log in entry.event.logs and entry.place.log]
        assert [entry.place.seq for entry in kept] == list(range(1, len(kept) + 1))
        assert [entry.event for entry in kept] == [msgspec.structs.replace(e.event, logs=(log,)) for e in taken]
        assert [e.place for e in kept if isinstance(e.event, Said)] == [
            e.place for e in taken if isinstance(e.event, Said)
        ]


def check_rest(village: Village, twin: Hub) -> None:
    """Nothing is left on its way, and the house is as the log says."""
    assert scenery(village.hub) == scenery(twin)
    assert not village.server.behind
    assert not village.server.settling
    assert not village.hub.claims
    assert {str(fault) for fault in village.faults} <= {"the disk is full"}


def test_live_talk_history_and_search_have_one_order(chance: Random) -> None:
    """Three talk at once, groups land whenever they do: what each heard, what pages hold and what is found is one list.

    Seen to fail where search gives the newest first.
    """
    scene = Scene(slow=True, settings=Settings(backlog=0))
    caps = ("batch", "draft/chathistory", "echo-message", "message-tags", "soju.im/search")
    people = [scene.enter(nick, *caps, rooms=["#tea"]) for nick in ("maya", "leo", "sam")]
    quiet(*people)
    scene.slow.held = True
    for number in range(300):
        chance.choice(people).session.receive(f"PRIVMSG #tea :tea {number}\r\n".encode())
        if chance.random() < 0.4:
            scene.turn()
        if scene.slow.groups and chance.random() < 0.3:
            scene.slow.land()
    scene.turn()
    while scene.slow.groups:
        scene.slow.land()
        scene.turn()
    heard = [msgids(person.reads()) for person in people]
    assert heard[0] == heard[1] == heard[2]
    assert len(heard[0]) == 300
    assert list(paged(people[0], chance)) == heard[0]
    found = msgids(asked(people[1], "SEARCH in=#tea;text=tea;limit=100"))
    assert found == heard[0][-len(found) :]


def msgids(lines: Iterable[Line]) -> list[str]:
    return [line.tags["msgid"] for line in lines if line.command == "PRIVMSG"]


def asked(person: Person, line: str) -> list[Line]:
    quiet(person)
    person.say(line)
    return person.reads()


def paged(person: Person, chance: Random) -> Iterator[str]:
    """The whole log, in pages of any size."""
    after = "timestamp=2000-01-01T00:00:00.000Z"
    while page := msgids(asked(person, f"CHATHISTORY AFTER #tea {after} {chance.randint(1, 50)}")):
        yield from page
        after = f"msgid={page[-1]}"
