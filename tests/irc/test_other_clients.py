"""How clients we did not write open a conversation, in the order of their sources."""

from __future__ import annotations

from base64 import b64encode

from tests.irc.lines import commands, every
from tests.irc.logins import account
from tests.scene import Scene

# senpai, irc/session.go: everything is sent without waiting for an answer, one CAP REQ for each capability, two of
# which only bouncers have.
SENPAI = [
    "batch",
    "cap-notify",
    "echo-message",
    "labeled-response",
    "message-tags",
    "multi-prefix",
    "sasl",
    "server-time",
    "standard-replies",
    "draft/chathistory",
    "draft/event-playback",
    "draft/metadata-2",
    "draft/read-marker",
    "soju.im/bouncer-networks-notify",
    "soju.im/bouncer-networks",
]

# Halloy, data/src/capabilities.rs: waits for CAP LS, then asks for what is offered of these in one or more requests.
HALLOY = [
    "account-notify",
    "away-notify",
    "batch",
    "cap-notify",
    "chghost",
    "draft/chathistory",
    "draft/event-playback",
    "draft/multiline",
    "draft/read-marker",
    "echo-message",
    "extended-join",
    "extended-monitor",
    "invite-notify",
    "labeled-response",
    "message-tags",
    "draft/message-redaction",
    "draft/metadata-2",
    "draft/no-implicit-names",
    "multi-prefix",
    "sasl",
    "server-time",
    "setname",
    "userhost-in-names",
    "standard-replies",
]


def early(name: str, word: str) -> str:
    return b64encode(f"{name}\0{name}\0{word}".encode()).decode()


def test_senpais_opening_without_a_pause(scene: Scene) -> None:
    """It ends logged in, with all it asked for but what only bouncers have, and with its rooms' history."""
    account(scene, "maya")
    scene.enter("leo", rooms=["#den"]).say("PRIVMSG #den :while you were away")
    maya = scene.connect()
    maya.say(
        "CAP LS 302",
        *(f"CAP REQ {name}" for name in SENPAI),
        "NICK maya",
        "USER senpai 0 * :Maya",
        "AUTHENTICATE PLAIN",
        f"AUTHENTICATE {early('maya', 'sesame123')}",
        "METADATA * SUB soju.im/pinned soju.im/muted",
        "CAP END",
        "BOUNCER LISTNETWORKS",
    )
    heard = maya.hears()
    refused = [line.params[2] for line in every(heard, "CAP") if line.params[1] == "NAK"]
    assert refused == ["soju.im/bouncer-networks-notify", "soju.im/bouncer-networks"]
    assert every(heard, "900")[0].params[2] == "maya"
    assert every(heard, "001")[0].params[0] == "maya"
    assert scene.hub.user("maya").account == "maya"
    maya.say("JOIN #den", "MARKREAD #den", "CHATHISTORY LATEST #den * 100")
    assert [line.params for line in every(maya.hears(), "PRIVMSG")] == [("#den", "while you were away")]


def test_halloys_opening_step_by_step(scene: Scene) -> None:
    """All that it knows is offered, and acknowledged in one go; then it logs in and waits for each answer."""
    account(scene, "maya")
    maya = scene.connect()
    offered = " ".join(
        line.params[-1] for line in every(maya.asks("CAP LS 302", "NICK maya", "USER maya 0 * :m"), "CAP")
    )
    names = [word.partition("=")[0] for word in offered.split()]
    assert set(HALLOY) <= set(names)
    answer = every(maya.asks(f"CAP REQ :{' '.join(HALLOY[:12])}", f"CAP REQ :{' '.join(HALLOY[12:])}"), "CAP")
    assert [line.params[1] for line in answer] == ["ACK", "ACK"]
    assert maya.asks("AUTHENTICATE PLAIN") == ["AUTHENTICATE +"]
    assert commands(maya.asks(f"AUTHENTICATE {early('maya', 'sesame123')}")) == ["900", "903"]
    assert every(maya.asks("CAP END"), "001")
    heard = maya.asks("JOIN #den")
    assert [line.params[0] for line in every(heard, "JOIN")] == ["#den"]
    assert not every(heard, "353"), "it asked for no names"
