"""Lines are counted as they are drawn, and what is laid out bit by bit is laid out as a whole."""

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from hubbub.client.model.buffer import Buffer, Place
from hubbub.client.model.entry import Entry, EntryKind, More, State
from hubbub.client.model.network import Network
from hubbub.client.protocol import Protocol
from hubbub.client.registration import Identity
from hubbub.tui.ink import drawable, fit, width, wrap
from hubbub.tui.layout import Layout
from hubbub.tui.painting import Painter
from tests.client.village import START

NETWORK = Network(Protocol(Identity("leo")), "village", lambda: START)

texts = st.one_of(
    st.sampled_from(
        ["hello leo", "a\n\nb\n```\n  x\n```", "日本語" * 30, "x" * 500, "*b* `c` https://a.example/b", "", "\x02b"]
    ),
    st.text(max_size=120),
)
kinds: st.SearchStrategy[EntryKind] = st.sampled_from(
    ["message", "action", "notice", "joined", "quit", "topic", "told"]
)


@st.composite
def entries(draw: st.DrawFn) -> Entry:
    at = START + timedelta(hours=draw(st.integers(-40, 40)))
    entry = Entry(
        draw(kinds), at, draw(st.sampled_from(["maya", "a_very_long_nickname", "素子", "hub.example"])), draw(texts)
    )
    if entry.kind == "message" and draw(st.booleans()):
        state = draw(st.sampled_from(State))
        reactions = {"👍": ["sam"], "🎉\ufe0f": ["tom", "leo"]}
        entry.state, entry.more = state, More(reply="m1", reactions=reactions, edited=True, reason="no")
    return entry


def pictures(layout: Layout) -> list[str]:
    painter = Painter(layout, NETWORK)
    return [strip.text for block in layout.blocks for strip in painter.paint(block)]


@settings(max_examples=60)
@given(st.lists(entries(), max_size=12), st.integers(1, 120))
def test_every_block_is_as_high_as_it_is_drawn(found: list[Entry], cells: int) -> None:
    """And every line just as wide as the transcript."""
    layout = Layout(Buffer("#general", Place.ROOM, entries=found), cells)
    painter = Painter(layout, NETWORK)
    for block in layout.blocks:
        strips = painter.paint(block)
        assert len(strips) == block.height
        assert {strip.cell_length for strip in strips} <= {cells}
        assert {width(strip.text) for strip in strips} <= {cells}


@settings(max_examples=60)
@given(st.lists(st.lists(entries(), max_size=5), max_size=6), st.integers(10, 100))
def test_what_comes_bit_by_bit_is_laid_out_as_if_it_came_at_once(parts: list[list[Entry]], cells: int) -> None:
    """Days, comings that join those before, and what waits below all."""
    buffer = Buffer("#general", Place.ROOM)
    layout = Layout(buffer, cells)
    for number, part in enumerate(parts):
        buffer.entries += part
        if part:
            layout.append(len(part))
        buffer.waiting = [Entry("message", START, "leo", f"waiting {number}", own=True, state=State.SENDING)]
        layout.await_()
    fresh = Layout(buffer, cells)
    assert pictures(layout) == pictures(fresh)
    assert layout.height == fresh.height
    tops = [layout.at(line) for line in range(layout.height)]
    assert [place for place, row in tops if row == 0] == list(range(len(layout.blocks)))


@given(st.text(), st.integers(2, 60))
def test_wrapping_loses_no_word_and_fits(text: str, cells: int) -> None:
    """Only spaces at the ends of lines go."""
    text = drawable(text)
    rows = [text[start:end] for start, end in wrap(text, cells)]
    assert all(width(row) <= cells for row in rows)
    assert "".join("".join(rows).split()) == "".join(text.split())


def test_lines_break_at_spaces_and_inside_of_words_that_are_too_long() -> None:
    """Wide characters count twice."""

    def rows(text: str, cells: int) -> list[str]:
        return [text[start:end] for start, end in wrap(text, cells)]

    assert rows("the projector is fixed", 13) == ["the projector", "is fixed"]
    assert rows("aaaaaaaaaa bb", 4) == ["aaaa", "aaaa", "aa", "bb"]
    assert rows("日本語です", 5) == ["日本", "語で", "す"]
    assert rows("    indented code", 12) == ["    indented", "code"]
    assert rows("", 5) == [""]


def test_what_is_cut_off_leaves_a_mark() -> None:
    """Never half a wide character."""
    assert (fit("general", 7), fit("general", 6), fit("日本語", 5), fit("日本語", 4)) == (
        "general",
        "gener…",
        "日本…",
        "日…",
    )


def test_a_day_is_the_day_where_the_reader_is() -> None:
    """A line of it stands before the first entry of each."""
    found = [Entry("message", START + timedelta(days=day), "maya", "x") for day in (0, 0, 1)]
    layout = Layout(Buffer("#general", Place.ROOM, entries=found), 60)
    assert [block.kind for block in layout.blocks] == ["day", "said", "said", "day", "said"]


def test_the_server_speaks_by_a_sign_and_not_by_half_its_name() -> None:
    """Beside the text or before it; a person of a long name is cut, with a mark that says so."""
    told = Entry("notice", START, "direct.hubbub", "/direct shows who is there")
    sam = Entry("notice", START, "samantha_jones", "hi")
    for cells, shown in ((50, " --│ /direct"), (30, "-- /direct")):
        assert shown in pictures(Layout(Buffer("#direct", Place.ROOM, entries=[told]), cells))[1]
    assert "-saman…│ hi" in pictures(Layout(Buffer("#direct", Place.ROOM, entries=[sam]), 50))[1]


def test_what_is_out_of_sight_is_measured_and_not_drawn() -> None:
    """Ten thousand messages are so many numbers until somebody scrolls to them."""
    found = [Entry("message", START, "maya", "the projector in room B is fixed " * 3) for _ in range(10_000)]
    layout = Layout(Buffer("#general", Place.ROOM, entries=found), 66)
    assert layout.height == 20_001
    assert not any(block.strips for block in layout.blocks)
