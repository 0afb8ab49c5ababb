"""A small honest server without IO: one guest with a real client, and neighbours who talk whenever a test wants."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from hubbub.client.events import Event, Said
from hubbub.client.protocol import Protocol
from hubbub.client.registration import Identity
from hubbub.wire.framing import LineReader, TooLong
from hubbub.wire.line import Line, encode, parse

E = TypeVar("E")
EVERYTHING = frozenset(
    {
        "batch",
        "draft/chathistory",
        "draft/event-playback",
        "echo-message",
        "labeled-response",
        "message-tags",
        "server-time",
    }
)
NO_HISTORY = EVERYTHING - {"draft/chathistory", "draft/event-playback"}
START = datetime(2025, 11, 20, 9, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Entry:
    """A line in a log, with its place among all lines of the village."""

    seq: int
    at: datetime
    line: Line

    @property
    def msgid(self) -> str:
        return f"m{self.seq}"


@dataclass
class Guest:
    """One connection to the village."""

    nick: str = "*"
    caps: set[str] = field(default_factory=set)
    rooms: list[str] = field(default_factory=list)
    negotiating: bool = False
    introduced: bool = False
    welcome: bool = False
    welcomed: datetime = START
    out: bytearray = field(default_factory=bytearray)
    reader: LineReader = field(default_factory=LineReader)


@dataclass
class Village:
    """The server. What it offers can be set: `caps`, whether it keeps nonces, how long its pages are."""

    caps: frozenset[str] = EVERYTHING
    nonces: bool = True
    page: int = 3
    msgids: bool = True
    private: bool = True  # whether private lines are kept
    tokens: str = ""
    now: datetime = START
    tick: timedelta = timedelta(milliseconds=1)  # between one line and the next
    logs: dict[str, list[Entry]] = field(default_factory=dict)
    guests: list[Guest] = field(default_factory=list)
    known_nonces: dict[tuple[str, str], Entry] = field(default_factory=dict)
    seq: int = 0
    forgotten: set[str] = field(default_factory=set)

    def clock(self) -> datetime:
        return self.now

    # What a test does.

    def welcome(self) -> Guest:
        """Someone connects."""
        self.guests.append(Guest())
        return self.guests[-1]

    def cut(self, guest: Guest) -> None:
        """A connection is gone, and the village has noticed."""
        if guest in self.guests:
            self.guests.remove(guest)
            for room in guest.rooms:
                self._log(room, Line("QUIT", ("cut",), self._mask(guest.nick)))

    def neighbour(self, nick: str, target: str, text: str, command: str = "PRIVMSG") -> Entry:
        """Someone who has no connection here says something in a room or to a guest."""
        return self._say(nick, command, target, text)

    def said(self, name: str, since: datetime | None) -> list[str]:
        """The msgids of what was said in a conversation after a time."""
        said = [entry for entry in self.logs.get(name, []) if entry.line.command in {"PRIVMSG", "NOTICE"}]
        return [entry.msgid for entry in said if entry.at > (since or START)]

    def feed(self, guest: Guest, data: bytes) -> None:
        """Bytes of a client arrive."""
        for raw in guest.reader.feed(data):
            assert not isinstance(raw, TooLong)
            line = parse(raw.decode())
            getattr(self, f"_do_{line.command.lower()}", self._unknown)(guest, line)

    # What clients ask for.

    def _do_cap(self, guest: Guest, line: Line) -> None:
        if line.params[0] == "LS":
            guest.negotiating = True
            self._tell(guest, "CAP", "*", "LS", " ".join(sorted(self.caps)))
        elif line.params[0] == "REQ":
            guest.caps.update(line.params[1].split())
            self._tell(guest, "CAP", "*", "ACK", line.params[1])
        else:
            guest.negotiating = False
            self._register(guest)

    def _do_nick(self, guest: Guest, line: Line) -> None:
        if any(other.nick == line.params[0] for other in self.guests):
            self._tell(guest, "433", "*", line.params[0], "Nickname is already in use")
        elif guest.welcome:
            renamed = Line("NICK", line.params, self._mask(guest.nick))
            guest.nick = line.params[0]
            for other in self.guests:
                self._write(other, renamed, self.now, {})
        else:
            guest.nick = line.params[0]
            self._register(guest)

    def _do_user(self, guest: Guest, _line: Line) -> None:
        guest.introduced = True
        self._register(guest)

    def _do_ping(self, guest: Guest, line: Line) -> None:
        self._tell(guest, "PONG", "village", line.params[0])

    def _do_join(self, guest: Guest, line: Line) -> None:
        for room in line.params[0].split(","):
            if room not in guest.rooms:
                guest.rooms.append(room)
                entry = self._log(room, Line("JOIN", (room,), self._mask(guest.nick)))
                self._deliver(guest, entry)
                self._tell(guest, "353", guest.nick, "=", room, f"@maya {guest.nick}")
                self._tell(guest, "366", guest.nick, room, "End of /NAMES list")

    def _do_part(self, guest: Guest, line: Line) -> None:
        guest.rooms.remove(line.params[0])
        self._deliver(guest, self._log(line.params[0], Line("PART", line.params, self._mask(guest.nick))))

    def _do_privmsg(self, guest: Guest, line: Line) -> None:
        target, text = line.params
        label = line.tags.get("label", "")
        if target.startswith("#") and target not in guest.rooms:
            self._tell(guest, "404", guest.nick, target, "Cannot send to channel", label=label)
            return
        known = self.known_nonces.get((guest.nick, label)) if label and self.nonces else None
        entry = known or self._say(guest.nick, "PRIVMSG", target, text, by=guest)
        self.known_nonces[guest.nick, label] = entry
        if "echo-message" in guest.caps:
            self._deliver(guest, entry, label=label)
        elif label:
            self._tell(guest, "ACK", label=label)

    def _do_chathistory(self, guest: Guest, line: Line) -> None:
        subcommand, target, *rest = line.params
        if subcommand == "TARGETS":
            self._targets(guest, target)
            return
        reference, limit = rest[0], min(int(rest[1]), self.page)
        log = self.logs.get(target if target.startswith("#") else self._pair(guest.nick, target), [])
        place = None if reference == "*" else self._place(log, reference)
        if place is None and reference != "*":
            self._tell(guest, "FAIL", "CHATHISTORY", "INVALID_MSGREFTYPE", subcommand, target, "unknown reference")
            return
        if subcommand == "AROUND" and place is not None:
            entries = self._visible(guest, log[max(place - limit // 2, 0) :])[:limit]
        elif subcommand == "AFTER":
            entries = self._visible(guest, log[place:])[:limit]
        else:
            earlier = log[: self._before(log, reference)] if subcommand == "BEFORE" else log
            entries = self._visible(guest, earlier)[-limit:]
        self._tell(guest, "BATCH", "+h", "chathistory", target)
        for entry in entries:
            self._deliver(guest, entry, batch="h")
        self._tell(guest, "BATCH", "-h")

    def _do_search(self, guest: Guest, line: Line) -> None:
        """One word or the beginning of one, in one log or all of them."""
        wish = dict(attribute.partition("=")[::2] for attribute in line.params[0].split(";"))
        logs = [self.logs[wish["in"]]] if "in" in wish else list(self.logs.values())
        visible = [entry for log in logs for entry in self._visible(guest, log)]
        entries = [entry for entry in visible if wish["text"].rstrip("*") in entry.line.params[-1]]
        self._tell(guest, "BATCH", "+s", "soju.im/search")
        for entry in entries:
            self._deliver(guest, entry, batch="s")
        self._tell(guest, "BATCH", "-s")

    def _do_markread(self, guest: Guest, line: Line) -> None:
        """A village remembers nothing of it, and tells all devices: there is one."""
        self._tell(guest, "MARKREAD", *line.params, *([] if len(line.params) > 1 else ["*"]))

    def _do_tagmsg(self, guest: Guest, line: Line) -> None:
        """Neither kept nor heard by anyone who is here."""

    def _do_quit(self, guest: Guest, _line: Line) -> None:
        self._tell(guest, "ERROR", "bye")
        self.cut(guest)

    def _unknown(self, guest: Guest, line: Line) -> None:
        self._tell(guest, "421", guest.nick, line.command, "Unknown command")

    # How the village works.

    def _register(self, guest: Guest) -> None:
        if guest.welcome or guest.negotiating or not guest.introduced or guest.nick == "*":
            return
        self.now += timedelta(milliseconds=5)  # nothing is said in the very millisecond of a welcome
        guest.welcome, guest.welcomed = True, self.now
        nonce = "hubbub.chat/NONCE " if self.nonces else ""
        history = f"CHATHISTORY={self.page} " if "draft/chathistory" in self.caps else ""
        references = "" if self.msgids else "MSGREFTYPES=timestamp "
        self._tell(guest, "001", guest.nick, f"Welcome, {guest.nick}")
        tokens = f"CASEMAPPING=ascii NETWORK=Village {nonce}{history}{references}{self.tokens}".split()
        self._tell(guest, "005", guest.nick, *tokens, "are supported by this server")
        self._tell(guest, "422", guest.nick, "MOTD File is missing")

    def _targets(self, guest: Guest, start: str) -> None:
        since = datetime.fromisoformat(start.removeprefix("timestamp="))
        self._tell(guest, "BATCH", "+t", "draft/chathistory-targets")
        for name, log in self.logs.items() if self.private else ():
            if not name.startswith("#") and guest.nick in name.split() and log[-1].at > since:
                other = next((nick for nick in name.split() if nick != guest.nick), guest.nick)
                stamp = log[-1].at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
                self._tell(guest, "CHATHISTORY", "TARGETS", other, stamp, batch="t")
        self._tell(guest, "BATCH", "-t")

    @staticmethod
    def _visible(guest: Guest, entries: list[Entry]) -> list[Entry]:
        everything = "draft/event-playback" in guest.caps
        return [entry for entry in entries if everything or entry.line.command == "PRIVMSG"]

    def _place(self, log: list[Entry], reference: str) -> int | None:
        """The index of the first entry after a reference; None for a msgid that was forgotten."""
        kind, _, value = reference.partition("=")
        if kind == "timestamp":
            at = datetime.fromisoformat(value)
            return sum(entry.at <= at for entry in log)
        if value in self.forgotten or not self.msgids:
            return None
        return next((index + 1 for index, entry in enumerate(log) if entry.msgid == value), None)

    def _before(self, log: list[Entry], reference: str) -> int:
        if reference.startswith("timestamp="):
            at = datetime.fromisoformat(reference.partition("=")[2])
            return sum(entry.at < at for entry in log)
        place = self._place(log, reference)
        assert place is not None
        return place - 1

    def _say(self, nick: str, command: str, target: str, text: str, by: Guest | None = None) -> Entry:
        entry = self._log(
            target if target.startswith("#") else self._pair(nick, target),
            Line(command, (target, text), self._mask(nick)),
        )
        for guest in self.guests:
            if guest is not by and guest.welcome and (target in guest.rooms or target == guest.nick):
                self._deliver(guest, entry)
        return entry

    def _log(self, name: str, line: Line) -> Entry:
        self.seq += 1
        self.now += self.tick
        entry = Entry(self.seq, self.now, line)
        self.logs.setdefault(name, []).append(entry)
        return entry

    def _deliver(self, guest: Guest, entry: Entry, **tags: str) -> None:
        if self.msgids and "message-tags" in guest.caps:
            tags["msgid"] = entry.msgid
        self._write(guest, entry.line, entry.at, tags)

    def _tell(self, guest: Guest, command: str, *params: str, **tags: str) -> None:
        self._write(guest, Line(command, params, "village"), self.now, tags)

    def _write(self, guest: Guest, line: Line, at: datetime, tags: dict[str, str]) -> None:
        if "server-time" in guest.caps:
            tags["time"] = at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
        spoken = replace_tags(line, {key: value for key, value in tags.items() if value})
        guest.out += encode(spoken)

    @staticmethod
    def _pair(one: str, other: str) -> str:
        return " ".join(sorted({one, other}))

    @staticmethod
    def _mask(nick: str) -> str:
        return f"{nick}!{nick}@village"


def replace_tags(line: Line, tags: dict[str, str]) -> Line:
    return Line(line.command, line.params, line.source, tags)


class Visit:
    """A client in the village: moves bytes between the two, in pieces of any size, and keeps what the client told."""

    def __init__(self, village: Village, nick: str = "leo", backlog: int = 0) -> None:
        self.village = village
        self.client = Protocol(Identity(nick), backlog=backlog, clock=village.clock)
        self.events: list[Event] = []
        self.guest: Guest | None = None
        self.since: datetime | None = None  # when the village first took us in
        self._up = bytearray()

    def connect(self) -> None:
        self.guest = self.village.welcome()
        self._up.clear()
        self.client.connection_made()
        self._collect()

    def cut(self) -> None:
        """The connection breaks: what is under way in both directions is gone."""
        if self.guest is not None:
            self.village.cut(self.guest)
            self.guest = None
            self.client.connection_lost("cut")
            self._collect()

    def up(self, count: int) -> None:
        """The server reads some bytes."""
        self._collect()
        data, self._up = bytes(self._up[:count]), self._up[count:]
        if self.guest is not None:
            self.village.feed(self.guest, data)

    def down(self, count: int) -> None:
        """The client reads some bytes."""
        if self.guest is not None:
            data = bytes(self.guest.out[:count])
            del self.guest.out[:count]
            self.client.receive(data)
            self._collect()

    def run(self) -> None:
        """Everything arrives."""
        self._collect()
        while self.guest is not None and (self._up or self.guest.out):
            self.up(len(self._up))
            self.down(len(self.guest.out))

    def run_until(self, text: bytes) -> None:
        """Everything arrives until the client wants to send this, which stays under way."""
        self._collect()
        while text not in self._up:
            assert self.guest is not None
            assert self._up or self.guest.out, f"the client never says {text!r}"
            self.up(len(self._up))
            self.down(len(self.guest.out))

    def come(self, *rooms: str) -> "Visit":
        """Connect, and go into rooms."""
        for room in rooms:
            self.client.join(room)
        self.connect()
        self.run()
        return self

    def of(self, kind: type[E]) -> list[E]:
        return [event for event in self.events if isinstance(event, kind)]

    def said(self, conversation: str) -> list[Said]:
        return [event for event in self.events if isinstance(event, Said) and event.conversation == conversation]

    def texts(self, conversation: str) -> list[str]:
        return [said.text for said in self.said(conversation)]

    def _collect(self) -> None:
        self._up += self.client.data_to_send()
        self.events += self.client.events()
        if self.since is None and self.guest is not None and self.client.online:
            self.since = self.guest.welcomed
