"""What is meant as bold, code or a link is found, and nothing else is."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hubbub.client.formatting import links, read, text_of
from hubbub.wire.clean import clean


def marked(line: str) -> list[tuple[str, str]]:
    found = read(line)
    return [(span.mark, found.text[span.start : span.end]) for span in found.spans]


@pytest.mark.parametrize(
    ("line", "marks"),
    [
        ("it is *really* bold", [("bold", "*really*")]),
        ("**so** is this", [("bold", "**so**")]),
        ("_slanted_ and ~~gone~~", [("italic", "_slanted_"), ("strike", "~~gone~~")]),
        ("run `make *all*` now", [("code", "`make *all*`")]),
        ("2 * 3 * 4, snake_case_name, a*b*c, * list", []),
        ("*open", []),
        ("\x02bold\x02 \x1dslant\x1d \x11mono", [("bold", "bold"), ("italic", "slant"), ("code", "mono")]),
        ("\x02all\x1f of\x0f none", [("bold", "all of"), ("underline", " of")]),
        ("see https://example.org/a_b_c?x=(1). ok", [("link", "https://example.org/a_b_c?x=(1)")]),
        ("(https://example.org/x)", [("link", "https://example.org/x")]),
        ("javascript://x file:///etc/passwd", []),
    ],
)
def test_marks_are_where_people_meant_them(line: str, marks: list[tuple[str, str]]) -> None:
    """Signs stay in the text; IRC's codes go."""
    assert marked(line) == marks


def test_a_link_leads_where_it_says() -> None:
    """Only what is plain ASCII leads anywhere; a look-alike is just text."""
    assert links("https://example.org and https://ex\u0430mple.org") == ("https://example.org",)


def test_accents_do_not_pile_up_over_codes() -> None:
    """A letter has as many as without them, however often its marks are switched between."""
    assert read("z" + "\u0301\x02" * 60).text == clean("z" + "\u0301" * 60)


@given(st.text())
def test_the_text_is_what_clean_leaves_of_it(line: str) -> None:
    """However it is marked, nothing comes through that `clean` keeps out, and spans lie in the text."""
    found = read(line)
    assert clean(found.text) == found.text == text_of(line)
    assert all(0 <= span.start <= span.end <= len(found.text) for span in found.spans)


@pytest.mark.parametrize("line", ["*a " * 5000, "`" * 9999, "_a_" * 3000, "https://" * 900, "\x02" * 9999, "~~a" * 300])
def test_a_line_made_to_be_slow_is_not(line: str) -> None:
    """Bounded, whatever somebody thinks of."""
    start = time.process_time()
    read(line)
    read(line[:999])
    assert time.process_time() - start < 0.2
