"""nick://, as the tutorial's own server would do it."""

from tests.doors.porch import Porch


def test_the_server_asks_with_one_word_alone(porch: Porch) -> None:
    """The tutorial's client compares what it reads with NICK, so nothing stands behind it."""
    assert porch.at("nick").hears() == "NICK"


def test_a_newcomer_is_greeted_and_all_are_told(porch: Porch) -> None:
    """The newcomer among them, as in the tutorial."""
    ida = porch.enter("ida", rooms=["#lobby"])
    leo = porch.at("nick", "leo")
    maya = porch.at("nick")
    assert maya.asks("maya") == ["maya joined!", "Connected to server!"]
    assert leo.lines() == ["maya joined!"]
    assert ":maya!nick@" in ida.hears()[-1]


def test_what_one_says_goes_to_everyone(porch: Porch) -> None:
    """The sender included; in IRC without the name before it, since it stands there already."""
    ida, maya, leo = porch.enter("ida", rooms=["#lobby"]), porch.at("nick", "maya"), porch.at("nick", "leo")
    ida.hears()
    maya.hears()
    assert maya.asks("maya: hello") == ["maya: hello"]
    assert leo.lines() == ["maya: hello"]
    assert [line.params for line in ida.reads()] == [("#lobby", "hello")]
    ida.say("PRIVMSG #lobby :hi maya")
    assert (maya.lines(), leo.lines()) == (["ida: hi maya"], ["ida: hi maya"])


def test_nobody_speaks_for_another(porch: Porch) -> None:
    """Who puts another name before their words says so under their own."""
    maya, leo = porch.at("nick", "maya"), porch.at("nick", "leo")
    maya.sends("leo: I am leo")
    assert leo.lines() == ["maya: leo: I am leo"]


def test_a_name_and_the_first_text_may_come_as_one(porch: Porch) -> None:
    """TCP is a stream: two sends arrive as one read."""
    maya = porch.at("nick", "mayamaya: hello")
    leo = porch.at("nick", "leo")
    assert porch.hub.users.keys() == {"maya", "leo"}
    maya.sends("maya: one\nmaya: two")
    assert leo.lines() == ["maya: one", "maya: two"]


def test_a_name_that_is_taken_is_the_next_free_one(porch: Porch) -> None:
    """She is told, goes on calling herself maya before her texts, and others tell the two apart."""
    porch.enter("Maya", rooms=["#lobby"])
    maya = porch.at("nick")
    assert maya.asks("maya") == [
        "The name maya cannot be had; you are maya2 here",
        "maya2 joined!",
        "Connected to server!",
    ]
    assert maya.asks("maya: hello") == ["maya2: hello"]


def test_who_was_taught_ascii_is_told_nothing_else(porch: Porch) -> None:
    """The tutorial's client ends at the first byte that is none. Who writes more reads more."""
    ida, maya, leo = porch.enter("ida", rooms=["#lobby"]), porch.at("nick", "maya"), porch.at("nick", "leo")
    leo.sends("leo: Grüße")
    maya.hears()
    leo.hears()
    ida.say("PRIVMSG #lobby :“Café” für 5 € 👍🏽 Привет…")
    assert maya.lines() == ['ida: "Cafe" fur 5 EUR :thumbs up sign: ??????...']
    assert leo.lines() == ["ida: “Café” für 5 € 👍🏽 Привет…"]


def test_a_private_message_is_marked_at_both_ends(porch: Porch) -> None:
    """`@leo:` with nothing between is for leo alone; with a space behind it is for all, as people write."""
    ida, maya, leo = porch.enter("ida", rooms=["#lobby"]), porch.at("nick", "maya"), porch.at("nick", "leo")
    ida.say("PRIVMSG maya :psst")
    assert maya.lines()[-1:] == ["(private to maya) ida: psst"]
    leo.hears()
    assert maya.asks("maya: @leo:between us") == ["(private to leo) maya: between us"]
    assert leo.lines() == ["(private to leo) maya: between us"]
    assert maya.asks("maya: @leo: for all") == ["maya: @leo: for all"]
    assert maya.asks("maya: @nobody:hello") == ["Nobody here is called nobody"]


def test_who_vanishes_has_left(porch: Porch) -> None:
    """Without a word, as connections end."""
    leo, maya = porch.at("nick", "leo"), porch.at("nick", "maya")
    leo.hears()
    maya.leaves()
    assert leo.lines() == ["maya left!"]
    assert porch.notes[-1] == ("left", {"nick": "maya", "door": "nick", "connections": 1})
