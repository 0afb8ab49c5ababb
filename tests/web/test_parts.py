"""Single parts of the page's scripts, run where they live: in a browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

import pytest
import segno
import yaml
from playwright.sync_api import Browser

from tests.system.running import Running
from tests.web.conftest import Visit
from tests.web.visitor import Visitor

VECTORS = Path(__file__).parent.parent / "wire/parser-tests"


class Call(Protocol):
    def __call__(self, module: str, function: str, *given: object) -> Any: ...


@pytest.fixture(scope="module")
def call(browser: Browser, shared: Running) -> Iterator[Call]:
    """Call a function of a module with arguments, and have what it returns."""
    visitor = Visitor(browser, shared)
    visitor.page.goto(shared.urls[1])
    run = """async ([module, name, given]) => {
        const assets = document.querySelector("meta[name=assets]").content;
        const found = await import(`${assets}/app/${module}.js`);
        const answer = found[name](...given);
        return JSON.parse(JSON.stringify(answer, (_, value) => (value instanceof Set ? [...value] : value)) ?? "null");
    }"""

    def asked(module: str, function: str, *given: object) -> Any:
        return visitor.page.evaluate(run, [module, function, list(given)])

    yield asked
    visitor.leave()


def test_lines_are_read_as_everywhere(call: Call) -> None:
    """The public vectors for parsers, of which this one keeps tags without a value as empty ones."""
    for test in yaml.safe_load((VECTORS / "msg-split.yaml").read_text())["tests"]:
        line, wanted = call("wire", "parse", test["input"]), test["atoms"]
        assert line["command"] == wanted["verb"].upper()
        assert line["params"] == wanted.get("params", [])
        assert line["source"] == wanted.get("source", "")
        assert line["tags"] == {key: value or "" for key, value in wanted.get("tags", {}).items()}


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("plain *bold* end", [("plain ", []), ("bold", ["bold"]), (" end", [])]),
        ("2*3*4 and a_b_c", [("2*3*4 and a_b_c", [])]),
        ("_so_ `not *here*`", [("so", ["italic"]), (" ", []), ("not *here*", ["code"])]),
        ("\x02old\x02 \x0304red\x03 way", [("old", ["bold"]), (" red way", [])]),
        ("```py\nx = 1\n```", [("x = 1", ["block"])]),
        ("(https://example.org/a_b_).", [("(", []), ("https://example.org/a_b_", []), (").", [])]),
        ("javascript:alert(1)", [("javascript:alert(1)", [])]),
    ],
)
def test_text_is_marked_as_people_mean_it(call: Call, text: str, pieces: list[tuple[str, list[str]]]) -> None:
    """Emphasis stands around words; code is left alone, and only http and https are links."""
    assert [(span["text"], span["marks"]) for span in call("format", "spans", text)] == pieces


def test_long_lines_are_cut_between_characters(call: Call) -> None:
    """Nothing is lost, nothing is torn, and what goes on is marked."""
    text = "grüße 👩‍👩‍👧 " * 30
    pieces = call("posting", "pieces", f"{text}\nnext", 100)
    assert "".join(piece["text"] for piece in pieces[:-1]) == text
    assert all(len(piece["text"].encode()) <= 100 for piece in pieces)
    assert [piece["goesOn"] for piece in pieces] == [False, *[True] * (len(pieces) - 2), False]
    assert not any(piece["text"].startswith("\u200d") for piece in pieces)


FULL = [14, 26, 42, 62, 84, 106, 122, 152, 180, 213]
"""Bytes that fill a code of each version: what others fill up with is not always what the standard says."""


@pytest.mark.parametrize(
    "text", [("http://x/j/" + "k7q4m2" * 40)[:size] for size in FULL] + ["HTTP://192.168.1.20:6680/J/K7Q4M2"]
)
def test_a_code_is_what_others_make_of_it(call: Call, text: str) -> None:
    """Bytes, and capitals: the same modules as another program draws, for one of the eight masks."""
    drawn = [[int(dark) for dark in row] for row in call("later/qr", "matrix", text)]
    codes = [segno.make(text, error="m", boost_error=False, micro=False, mask=mask) for mask in range(8)]
    assert drawn in [[list(row) for row in code.matrix] for code in codes]


def test_what_comes_twice_is_kept_once(visit: Visit) -> None:
    """Live and in pages of history that overlap, in any order: each row stands once, at its time, as it is by now."""
    rows = """async () => {
        const assets = document.querySelector("meta[name=assets]").content;
        const { Transcript } = await import(`${assets}/app/transcript.js`);
        const { rowOf } = await import(`${assets}/app/reading.js`);
        const row = (at) => ({ row: rowOf({ id: `m${at}`, at, nick: "leo", text: `line ${at}` }) });
        const change = (verb, target, text) =>
            ({ revision: { id: `${verb}${target}`, at: 9, nick: "leo", verb, target, text } });
        const talk = new Transcript();
        talk.merge([change("edit", "m2", "other words"), row(4), row(5)]);
        const fresh = [talk.hear(row(6)), talk.hear(row(6)), talk.hear(row(5))];
        talk.merge([row(1), row(2), row(3), row(4), change("react", "m3", "x"), change("react", "m3", "x")]);
        talk.hear(change("redact", "m1", ""));
        talk.hear(change("redact", "reactm3", ""));
        const shown = ({ at, text, edited, removed, reactions }) => [at, text, edited, removed, reactions.length];
        return [fresh, talk.rows.map(shown)];
    }"""
    maya = visit("")
    maya.page.goto(maya.url)
    assert maya.page.evaluate(rows) == [
        [True, False, False],
        [
            [1, "", False, True, 0],
            [2, "other words", True, False, 0],
            [3, "line 3", False, False, 0],
            [4, "line 4", False, False, 0],
            [5, "line 5", False, False, 0],
            [6, "line 6", False, False, 0],
        ],
    ]
