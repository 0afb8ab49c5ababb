"""What a person reads."""

from datetime import UTC, datetime, timedelta

import pytest

from hubbub.client.events import (
    Edited,
    Event,
    Failed,
    Gap,
    Invited,
    Joined,
    JoinRefused,
    Kicked,
    ModeSet,
    Names,
    Offline,
    Online,
    Page,
    Parted,
    Presence,
    Quit,
    Redacted,
    Refused,
    Renamed,
    Said,
    Sent,
    Tagged,
    Told,
    Topic,
    TopicSet,
    Waiting,
)
from hubbub.client.render import Lines

NOW = datetime(2025, 11, 20, 9, 12, tzinfo=UTC)
SINCE = datetime.fromtimestamp(1763629920).astimezone()
ROOM = "#general"


def shown(*events: Event, room: str = ROOM) -> list[str]:
    lines = Lines(lambda: NOW)
    lines.room = room
    return [line for event in events for line in lines.render(event)]


def said(text: str, **fields: object) -> Said:
    known = {"at": NOW, "nick": "maya", "conversation": ROOM, "target": ROOM, "text": text}
    return Said(**{**known, **fields})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("event", "line"),
    [
        (said("hello"), "[09:12] maya: hello"),
        (said("waves", kind="action"), "[09:12] * maya waves"),
        (said("lunch", kind="notice"), "[09:12] -maya- lunch"),
        (Edited(at=NOW, nick="maya", conversation=ROOM, edited="m1", text="hello"), "[09:12] * maya edited: hello"),
        (
            Redacted(at=NOW, nick="sam", conversation=ROOM, redacted="m1", reason="spam"),
            "[09:12] * sam took back a message (spam)",
        ),
        (said("VERSION", kind="ctcp"), "[09:12] maya asks your program: VERSION"),
        (said("hi", conversation="#demo", target="#demo"), "[09:12] #demo maya: hi"),
        (said("hi", conversation="maya", target="leo"), "[09:12] (private) maya: hi"),
        (said("hi", conversation="sam", target="sam", nick="leo", own=True), "[09:12] (private to sam) leo: hi"),
        (said("hi", conversation="a.b", nick="a.b", kind="notice", target="leo"), "[09:12] -- hi"),
        (Joined(at=NOW, nick="leo", conversation=ROOM), "[09:12] -> leo joined"),
        (Joined(at=NOW, nick="leo", conversation="#demo"), "[09:12] -> #demo leo joined"),
        (Joined(at=NOW, nick="leo", conversation=ROOM, own=True), "[09:12] -> you are in #general"),
        (Joined(at=NOW, nick="leo", conversation=ROOM, own=True, history=True), "[09:12] -> leo joined"),
        (Parted(at=NOW, nick="tom", conversation=ROOM, reason="bye"), "[09:12] <- tom left (bye)"),
        (Parted(at=NOW, nick="leo", conversation=ROOM, own=True), "[09:12] <- you left #general"),
        (Quit(at=NOW, nick="tom", reason="ping timeout"), "[09:12] <- tom quit (ping timeout)"),
        (Quit(at=NOW, nick="tom", reason="Quit: "), "[09:12] <- tom quit"),
        (Kicked(at=NOW, nick="tom", conversation=ROOM, by="maya"), "[09:12] <- tom was put out by maya"),
        (
            Kicked(at=NOW, nick="leo", conversation=ROOM, by="maya", own=True, reason="no"),
            "[09:12] <- you were put out of #general by maya (no)",
        ),
        (Renamed(at=NOW, nick="sam", new="samuel"), "[09:12] -- sam is now called samuel"),
        (Renamed(at=NOW, nick="leo", new="leon", own=True), "[09:12] -- you are now called leon"),
        (TopicSet(at=NOW, nick="maya", conversation=ROOM, topic="Lunch"), "[09:12] -- maya set the topic: Lunch"),
        (TopicSet(at=NOW, nick="maya", conversation=ROOM, topic=""), "[09:12] -- maya took the topic away"),
        (Topic(ROOM, "Lunch"), "[09:12] -- topic of #general: Lunch"),
        (Topic(ROOM, ""), "[09:12] -- #general has no topic"),
        (Names(ROOM, ("@maya", "leo")), "[09:12] -- 2 in #general: @maya leo"),
        (Names(ROOM, ("leo",) * 100), f"[09:12] -- 100 in #general: {'leo ' * 60}and 40 more"),
        (ModeSet(at=NOW, nick="maya", conversation=ROOM, modes="+o leo"), "[09:12] -- maya set +o leo"),
        (
            Invited(at=NOW, nick="maya", conversation="#demo", who="leo", own=True),
            "[09:12] -- maya invites you: /join #demo",
        ),
        (Invited(at=NOW, nick="maya", conversation=ROOM, who="tom"), "[09:12] -- maya invites tom to #general"),
        (Failed("1", ROOM, "hello", "404", "No"), '[09:12] !! not sent to #general: "hello" (No)'),
        (
            Gap(ROOM, NOW - timedelta(minutes=7), NOW, "no history"),
            "[09:12] -- lines in #general between 09:05 and 09:12 may be missing: no history",
        ),
        (
            Gap("", NOW - timedelta(days=1), NOW, "no history"),
            "[09:12] -- private messages between 09:12 on Wednesday 19 November and 09:12 may be missing: no history",
        ),
        (JoinRefused("#staff", "473", "Invite only"), "[09:12] !! not let into #staff: Invite only"),
        (Told("401", ("sam", "No such nick")), "[09:12] !! sam: No such nick"),
        (Told("432", ("*", "No nick")), "[09:12] !! No nick"),
        (Told("FAIL", ("NICK", "X", "No")), "[09:12] !! X: No"),
        (Told("311", ("sam", "s", "host", "*", "Sam")), "[09:12] -- sam is s@host, and says: Sam"),
        (
            Told("317", ("sam", "97", "1763629920", "seconds idle, signon time")),
            f"[09:12] -- sam has said nothing for 1 min 37 s, and is here since {SINCE:%Y-%m-%d %H:%M}",
        ),
        (Told("317", ("sam", "", "x", "y")), "[09:12] -- sam  x y"),
        (Told("301", ("sam", "at lunch")), "[09:12] -- sam is away: at lunch"),
        (Told("341", ("sam", "#maths")), "[09:12] -- sam is invited to #maths"),
        (Told("443", ("sam", "#maths", "is already in that channel")), "[09:12] !! sam is in #maths already"),
        (Told("671", ("sam", "is using a secure connection")), "[09:12] -- sam is using a secure connection"),
        (Online("leo", "Village", False), "[09:12] -- connected to Village as leo"),
        (Online("leo", "", True), "[09:12] -- connected again as leo"),
        (Offline("cut"), "[09:12] -- offline: cut"),
        (Waiting(0.4, "cut"), "[09:12] -- trying again in 1 s: cut"),
        (Refused("464", "Password incorrect"), "[09:12] !! not let in: Password incorrect"),
    ],
)
def test_an_event_is_one_line(event: Event, line: str) -> None:
    """With the time, who, and what, in this order, so that it can be read aloud."""
    assert shown(event) == [line]


def test_a_message_of_several_lines_is_several_lines() -> None:
    """Blank ones are left out, as for those who hear them one by one."""
    assert shown(said("one\n\nthree")) == ["[09:12] maya: one", "[09:12] maya: three"]


@pytest.mark.parametrize(
    "event",
    [
        Sent("1", ROOM, "x"),
        Presence("maya", "lunch"),
        Tagged(at=NOW, nick="maya", target=ROOM),
        ModeSet(at=NOW, nick="leo", conversation="leo", modes="+i"),
        Told("001", ("Welcome",)),
        Told("318", ("sam", "End of /WHOIS list")),
        Told("372", ("- motd",)),
        Told("422", ("No motd",)),
    ],
)
def test_what_nobody_need_read_is_not_shown(event: Event) -> None:
    """Programs need it, and the screens that draw it elsewhere."""
    assert shown(event) == []


def test_the_same_trouble_is_told_once() -> None:
    """Then only when the next attempt is."""
    assert shown(Offline("cut"), Waiting(1, "cut"), Waiting(2, "nobody listens"), Waiting(4, "nobody listens")) == [
        "[09:12] -- offline: cut",
        "[09:12] -- trying again in 1 s",
        "[09:12] -- trying again in 2 s: nobody listens",
        "[09:12] -- trying again in 4 s",
    ]


def test_a_new_day_is_told() -> None:
    """History begins yesterday and goes on today."""
    yesterday = said("good night", at=NOW - timedelta(days=1))
    assert shown(yesterday, said("good morning")) == [
        "--- Wednesday 19 November 2025 ---",
        "[09:12] maya: good night",
        "--- Thursday 20 November 2025 ---",
        "[09:12] maya: good morning",
    ]


def test_a_page_of_history_is_told_from_the_talk_of_now() -> None:
    """It has a beginning and an end; where there is none, a reason."""
    assert shown(Page(ROOM, (said("one"), said("two")))) == [
        "-- the last 2 lines of #general",
        "[09:12] maya: one",
        "[09:12] maya: two",
        "-- now",
    ]
    assert shown(Page(ROOM, (), "gone")) == ["!! no history of #general: gone"]


def test_nothing_in_a_line_steers_the_terminal() -> None:
    """Not the text, not the nick, not the reason; and no piece can eat the punctuation behind it."""
    assert shown(said("\x1b[2Jboo\x07", nick="ma\x1bya\u202e\x1b[")) == ["[09:12] maya[: boo"]
    assert shown(Quit(at=NOW, nick="tom\r\n", reason="\x03")) == ["[09:12] <- tom  quit"]
    assert shown(Names(ROOM, ("@ma\x00ya",))) == ["[09:12] -- 1 in #general: @maya"]


def test_a_line_from_another_room_is_marked() -> None:
    """With no room in front, every line is."""
    assert shown(said("hi"), room="#demo") == shown(said("hi"), room="") == ["[09:12] #general maya: hi"]
