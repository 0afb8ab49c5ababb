"""What a server says of itself, and what holds when it says nothing."""

import pytest

from hubbub.client.isupport import Features


def features(*tokens: str) -> Features:
    made = Features()
    made.update(tokens)
    return made


@pytest.mark.parametrize(
    ("token", "one", "other", "same"),
    [
        ("CASEMAPPING=ascii", "Leo[a]", "leo[A]", True),
        ("CASEMAPPING=ascii", "leo[", "leo{", False),
        ("CASEMAPPING=rfc1459", "leo[~", "LEO{^", True),
        ("CASEMAPPING=rfc1459-strict", "leo[", "leo{", True),
        ("CASEMAPPING=rfc1459-strict", "leo~", "leo^", False),
        ("NETWORK=x", "leo[", "leo{", True),
        ("CASEMAPPING=rfc8265", "leo[", "leo{", False),
    ],
)
def test_names_are_compared_as_the_server_compares_them(token: str, one: str, other: str, same: bool) -> None:
    """The old Scandinavian letters are brackets' small forms, on servers that still think so."""
    assert features(token).same(one, other) is same


def test_names_are_compared_as_before_until_a_new_connection_says_otherwise() -> None:
    """The tokens go with the connection; the names in our books were folded by them."""
    made = features("CASEMAPPING=ascii", "NETWORK=Village")
    made.forget()
    assert not made.same("[", "{")
    assert "NETWORK" not in made


def test_a_token_can_be_taken_back_and_may_carry_escapes() -> None:
    """-KEY removes; \\x20 is a space."""
    made = features("NETWORK=Maya's\\x20place", "UTF8ONLY")
    assert made.get("network") == "Maya's place"
    made.update(["-UTF8ONLY"])
    assert "UTF8ONLY" not in made


def test_ranks_come_from_prefix_highest_first() -> None:
    """The founder's sign stands before the operator's."""
    assert features("PREFIX=(qov)~@+").prefixes == {"q": "~", "o": "@", "v": "+"}
    assert features().prefixes == {"o": "@", "v": "+"}


@pytest.mark.parametrize(
    ("mode", "setting", "takes"),
    [
        ("o", False, True),
        ("b", True, True),
        ("k", False, True),
        ("l", True, True),
        ("l", False, False),
        ("n", True, False),
    ],
)
def test_chanmodes_say_whose_parameter_is_whose(mode: str, setting: bool, takes: bool) -> None:
    """A limit has a number when it is set and none when it goes."""
    assert features("CHANMODES=beI,k,l,nt").takes_parameter(mode, setting) is takes


def test_a_message_to_the_operators_is_a_message_to_the_room() -> None:
    """@#room is heard in #room; a nick that begins with a sign stays a nick."""
    made = features("STATUSMSG=@+", "CHANTYPES=#")
    assert made.room_of("@#room") == "#room"
    assert made.room_of("leo") == "leo"
    assert made.is_room("#room")
    assert not made.is_room("&local")
    assert not made.is_room("")


@pytest.mark.parametrize(
    ("token", "page"), [("CHATHISTORY=50", 50), ("CHATHISTORY=0", 100), ("X", 100), ("CHATHISTORY=z", 100)]
)
def test_a_page_is_what_the_server_gives_at_once(token: str, page: int) -> None:
    """No limit and no sensible limit mean ours."""
    assert features(token).page == page


def test_lines_are_at_least_as_long_as_they_always_were() -> None:
    """LINELEN below 512 is a mistake."""
    assert (features("LINELEN=2048").line_max, features("LINELEN=1").line_max, features().line_max) == (2048, 512, 512)


def test_references_by_msgid_are_assumed_and_can_be_denied() -> None:
    """A missing MSGREFTYPES means both kinds."""
    assert features().knows_msgids
    assert not features("MSGREFTYPES=timestamp").knows_msgids


def test_a_server_says_that_it_keeps_nonces() -> None:
    """Only then may a message be sent twice."""
    assert features("hubbub.chat/NONCE").keeps_nonces
    assert not features().keeps_nonces
