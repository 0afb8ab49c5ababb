"""What hubbub.wire.line promises: any line read as the specifications say, none written that is not one."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hubbub.wire.line import BadLine, Line, encode, escape_tag, parse, serialise, unescape_tag
from tests.wire.vectors import vectors

# Characters that mean something on the wire are few among all of Unicode: without help they would hardly be met.
_ANY_TEXT = st.text(st.sampled_from("aZ09:; =@\\+\r\n\0é") | st.characters(exclude_categories=["Cs"]))
_SPOKEN = _ANY_TEXT.map(lambda text: text.translate(dict.fromkeys(map(ord, "\r\n\0"))))
_WORD = _SPOKEN.map(lambda text: text.replace(" ", "")).filter(bool)
_MIDDLE = _WORD.filter(lambda word: not word.startswith(":"))
_COMMAND = st.from_regex(r"[A-Z]{1,14}|[0-9]{3}", fullmatch=True)
_KEY = _WORD.map(lambda word: word.translate(dict.fromkeys(map(ord, "=;")))).filter(bool)
_VALUE = _ANY_TEXT.map(lambda text: text.replace("\0", ""))
_PARAMS = st.builds(lambda middles, last: (*middles, *last), st.lists(_MIDDLE), st.lists(_SPOKEN, max_size=1))

_GOOD_LINES = st.builds(Line, _COMMAND, _PARAMS, st.none() | _WORD, st.dictionaries(_KEY, _VALUE))
_ANY_LINES = st.builds(
    Line,
    _COMMAND | _ANY_TEXT,
    st.lists(_ANY_TEXT).map(tuple),
    st.none() | _ANY_TEXT,
    st.dictionaries(_ANY_TEXT, _ANY_TEXT),
)


def _line(atoms: dict[str, Any]) -> Line:
    params = tuple(atoms.get("params", ()))
    return Line(atoms["verb"].upper(), params, atoms.get("source"), atoms.get("tags", {}))


@pytest.mark.parametrize("example", vectors("msg-split"), ids=lambda example: example["input"])
def test_the_shared_lines_are_split_as_everybody_splits_them(example: dict[str, Any]) -> None:
    """Each line of msg-split.yaml gives its tags, source, command and parameters."""
    assert parse(example["input"]) == _line(example["atoms"])


@pytest.mark.parametrize("example", vectors("msg-join"), ids=lambda example: example["desc"])
def test_the_shared_lines_are_joined_as_everybody_joins_them(example: dict[str, Any]) -> None:
    """Each set of atoms in msg-join.yaml gives one of its texts, the command in capitals."""
    verb = example["atoms"]["verb"]
    accepted = [text.replace(verb, verb.upper(), 1) for text in example["matches"]]
    assert serialise(_line(example["atoms"])) in accepted


@given(_GOOD_LINES)
def test_a_line_is_read_as_it_was_written(line: Line) -> None:
    """What the grammar allows is written, and reading it gives the same line."""
    assert parse(serialise(line)) == line


@given(_ANY_LINES)
def test_whatever_is_written_is_one_line(line: Line) -> None:
    """A line is refused or written without CR, LF and NUL, and then it means the same to its reader."""
    try:
        text = serialise(line)
    except BadLine:
        return
    assert not set(text) & set("\r\n\0")
    assert parse(text) == line


@given(_ANY_TEXT)
def test_any_text_is_a_line_or_a_bad_line(text: str) -> None:
    """Whatever a peer sends is parsed or refused as BadLine, and what is parsed can be passed on."""
    try:
        line = parse(text)
    except BadLine:
        return
    command = line.command if line.command.isascii() and line.command.isalpha() else "NOTICE"
    passed_on = Line(command, line.params, line.source, line.tags)
    assert parse(serialise(passed_on)) == passed_on


@pytest.mark.parametrize("text", ["", "   ", ":maya", ":maya ", ": JOIN", "@a=b", "@a=b :maya", ":maya :JOIN", "@a  "])
def test_a_line_without_a_command_is_bad(text: str) -> None:
    """Tags and a named source may stand before a command, never instead of it."""
    with pytest.raises(BadLine, match="expected"):
        parse(text)


@pytest.mark.parametrize("char", ["\r", "\n", "\0"])
def test_a_line_holds_no_line_end_and_no_nul(char: str) -> None:
    """CR, LF and NUL are refused wherever they stand."""
    with pytest.raises(BadLine, match="CR, LF and NUL"):
        parse(f"PRIVMSG #room :hello{char}QUIT")


def test_a_command_is_known_by_its_capitals() -> None:
    """Commands are read in any case."""
    assert parse("privMsg #room hello").command == "PRIVMSG"


@pytest.mark.parametrize("word", ["jo\u0131n", "pa\u00df", "\u017ftats"])
def test_a_command_in_other_letters_becomes_no_other_command(word: str) -> None:
    """Letters whose upper case is an ASCII one do not smuggle a command in."""
    assert parse(word).command == word


def test_an_unknown_command_is_parsed_for_its_answer() -> None:
    """A line that nobody knows keeps its label, so that its refusal can carry it."""
    assert parse("@label=7 hello, everybody") == Line("HELLO,", ("everybody",), None, {"label": "7"})


def test_only_a_space_parts_words() -> None:
    """Tabs and the spaces of other scripts belong to the word."""
    assert parse("JOIN #a\tb\u00a0c\u3000d").params == ("#a\tb\u00a0c\u3000d",)


def test_more_than_fifteen_parameters_are_read() -> None:
    """The old maximum of fifteen is not a limit for readers."""
    words = [f"word{number}" for number in range(40)]
    assert parse(f"WHO {' '.join(words)}").params == tuple(words)


def test_spaces_before_each_part_are_skipped() -> None:
    """One space or many is the same, at the start, after tags and after a source."""
    assert parse("  @id=1   :maya   PING   tom ") == Line("PING", ("tom",), "maya", {"id": "1"})


@pytest.mark.parametrize("raw", ["", ";", "=value", ";=;"])
def test_tags_without_a_name_are_dropped_and_the_line_kept(raw: str) -> None:
    """A tag key is no reason to refuse a line, not even a missing one."""
    assert parse(f"@{raw} PING tom") == Line("PING", ("tom",))


def test_a_missing_tag_value_is_written_without_an_equals_sign() -> None:
    """Empty and missing values are the same, and the shorter form is spoken."""
    assert serialise(Line("TAGMSG", ("#room",), tags={"+seen": ""})) == "@+seen TAGMSG #room"


def test_lines_without_tags_do_not_share_them_with_lines_that_are_built() -> None:
    """Two lines that a program builds have tags of their own."""
    assert Line("PING").tags is not Line("PING").tags


@pytest.mark.parametrize("command", ["PRIVMSG", "NOTICE", "302", "319", "353"])
def test_talk_and_names_keep_their_colon(command: str) -> None:
    """Clients that only read a last parameter after a colon find it, even around a single word."""
    assert serialise(Line(command, ("leo", "hello"))) == f"{command} leo :hello"


@pytest.mark.parametrize("middle", ["", "two words", ":smile"])
def test_only_the_last_parameter_may_need_a_colon(middle: str) -> None:
    """A middle parameter that would be read as something else is refused."""
    with pytest.raises(BadLine, match="only the last parameter"):
        serialise(Line("TOPIC", (middle, "#room")))


@pytest.mark.parametrize("command", ["", "privmsg", "PRIV MSG", "12", "1234", "\u0661\u0662\u0663", "\u00c9T\u00c9"])
def test_a_command_is_capital_letters_or_three_digits(command: str) -> None:
    """Other commands are not spoken."""
    with pytest.raises(BadLine, match="expected a command"):
        serialise(Line(command))


@pytest.mark.parametrize("source", ["", "maya the first"])
def test_a_source_is_one_word(source: str) -> None:
    """An empty or spaced source would be read as something else."""
    with pytest.raises(BadLine, match="expected a source"):
        serialise(Line("JOIN", ("#room",), source))


@pytest.mark.parametrize("key", ["", "a=b", "a;b", "a b"])
def test_a_tag_key_is_one_word(key: str) -> None:
    """A key that would be read as two things is refused."""
    with pytest.raises(BadLine, match="expected a tag key"):
        serialise(Line("TAGMSG", ("#room",), tags={key: "1"}))


def test_a_line_goes_out_as_utf8_with_its_line_end() -> None:
    """The bytes of a line end with CR LF."""
    assert encode(Line("PRIVMSG", ("#café", "où ?"))) == "PRIVMSG #café :où ?\r\n".encode()


def test_what_utf8_cannot_carry_is_refused() -> None:
    """A lone surrogate is a bad line, not a crash."""
    with pytest.raises(BadLine, match="UTF-8"):
        encode(Line("PRIVMSG", ("#room", "half \ud83d")))


def test_an_error_shows_the_start_of_a_long_line_only() -> None:
    """An error is readable whatever caused it."""
    with pytest.raises(BadLine) as caught:
        parse("@" + "a" * 8000)
    assert len(str(caught.value)) < 200


@given(_ANY_TEXT)
def test_an_escaped_value_comes_back(value: str) -> None:
    """Escaping loses nothing and leaves nothing that would end a tag."""
    escaped = escape_tag(value)
    assert unescape_tag(escaped) == value
    assert not set(escaped) & set("; \r\n")


@pytest.mark.parametrize(("raw", "value"), [("test\\", "test"), ("\\b", "b"), ("\\\\s", "\\s"), ("\\\\\\s\\", "\\ ")])
def test_a_bad_escape_loses_its_backslash_only(raw: str, value: str) -> None:
    """A lone backslash at the end is dropped, as is one before a character that needs none."""
    assert unescape_tag(raw) == value
