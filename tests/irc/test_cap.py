"""Agreeing on capabilities. https://ircv3.net/specs/extensions/capability-negotiation"""

from __future__ import annotations

from pathlib import Path

import pytest

from hubbub.dialects.irc.registry import CAPABILITIES, Capability
from tests.irc.lines import commands, every, params, tag_free
from tests.scene import Scene

# What the modules of the dialect offer; a new capability is added here and gets a test of its own.
OFFERED = {
    "account-notify",
    "account-tag",
    "away-notify",
    "batch",
    "cap-notify",
    "chghost",
    "draft/chathistory",
    "draft/event-playback",
    "draft/extended-isupport",
    "draft/message-redaction",
    "draft/multiline",
    "draft/no-implicit-names",
    "draft/oper-tag",
    "draft/pre-away",
    "draft/read-marker",
    "draft/relaymsg",
    "draft/whoami",
    "echo-message",
    "extended-join",
    "extended-monitor",
    "hubbub.chat/edit",
    "invite-notify",
    "labeled-response",
    "message-tags",
    "multi-prefix",
    "no-implicit-names",
    "sasl",
    "server-time",
    "setname",
    "standard-replies",
    "userhost-in-names",
}


@pytest.fixture
def crowded(monkeypatch: pytest.MonkeyPatch) -> None:
    """So many capabilities that no single line can hold them."""
    for number in range(40):
        name = f"example.org/capability-{number}"
        monkeypatch.setitem(CAPABILITIES, name, Capability(name, "https://example.org"))


def test_ls_lists_all_that_is_offered(scene: Scene) -> None:
    """ "the last parameter is a space-separated list of capabilities"."""
    heard = every(scene.connect().asks("CAP LS 302"), "CAP")
    assert {line.params[:2] for line in heard} == {("*", "LS")}
    assert {name.partition("=")[0] for line in heard for name in line.params[-1].split()} >= OFFERED


def test_old_clients_are_offered_all_that_is_ratified(scene: Scene) -> None:
    """They read one line, so drafts are what is left out."""
    names = params(scene.connect().asks("CAP LS"), "CAP")[2].split()
    assert set(names) >= {name for name in OFFERED if "/" not in name}


def test_values_are_for_those_who_know_them(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """ "If the client supports CAP version 302, the server MAY specify additional data", and in LS alone."""
    url = "https://ircv3.net/specs/extensions/batch"
    monkeypatch.setitem(CAPABILITIES, "batch", Capability("batch", url, offer=lambda session: "one,two"))
    modern, old = scene.connect(), scene.connect()
    offered = " ".join(line.params[-1] for line in every(modern.asks("CAP LS 302"), "CAP"))
    assert "batch=one,two" in offered.split()
    assert "batch" in params(old.asks("CAP LS"), "CAP")[-1].split()
    assert params(modern.asks("CAP REQ batch"), "CAP") == ("*", "ACK", "batch")
    assert "batch" in params(modern.asks("CAP LIST"), "CAP")[-1].split()


def test_what_is_not_offered_cannot_be_had(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """A capability may be for some sessions alone."""
    name, url = "example.org/exclusive", "https://example.org"
    monkeypatch.setitem(
        CAPABILITIES, name, Capability(name, url, offer=lambda session: "" if session.link.secure else None)
    )
    plain, secure = scene.connect(), scene.connect(secure=True)
    assert name not in " ".join(plain.asks("CAP LS 302"))
    assert params(plain.asks(f"CAP REQ {name}"), "CAP")[1] == "NAK"
    assert name in " ".join(secure.asks("CAP LS 302"))
    assert params(secure.asks(f"CAP REQ {name}"), "CAP")[1] == "ACK"


def test_each_capability_says_where_it_is_specified() -> None:
    """A row of the table leads to what its name promises; what is our own, to a chapter of ours."""
    ours = (Path(__file__).parents[2] / "docs" / "extensions.md").read_text(encoding="utf-8")
    for capability in CAPABILITIES.values():
        at_home = capability.url.startswith("extensions.md#") and f"`{capability.name}`" in ours
        assert capability.url.startswith("https://") or at_home


def test_replies_name_the_client_once_it_has_a_name(scene: Scene) -> None:
    """ "Replies from the server must contain the client identifier name or asterisk if one is not yet available"."""
    maya = scene.connect()
    assert params(maya.asks("CAP LS"), "CAP")[0] == "*"
    maya.say("NICK maya", "USER maya 0 * :Maya", "CAP END")
    assert params(maya.asks("CAP LS"), "CAP")[0] == "maya"


def test_list_begins_empty(scene: Scene) -> None:
    """ "If no capabilities are enabled, an empty parameter must be sent"."""
    assert scene.connect().asks("CAP LIST") == [":hub.example CAP * LIST :"]


def test_list_names_what_is_enabled(scene: Scene) -> None:
    """LIST is used to list the capabilities enabled on the client's connection."""
    maya = scene.connect()
    maya.say("CAP REQ :batch", "CAP REQ :echo-message batch", "CAP REQ -batch")
    assert params(maya.asks("CAP LIST"), "CAP")[-1] == "echo-message"


def test_req_is_acknowledged_in_its_own_words(scene: Scene) -> None:
    """ACK lets the client know that exactly what it requested has been enabled."""
    heard = scene.connect().asks("CAP REQ :server-time -batch echo-message ")
    assert params(heard, "CAP") == ("*", "ACK", "server-time -batch echo-message ")


@pytest.mark.parametrize("asked", ["foo batch", "batch foo", "batch -foo", "batch =", "Batch", "-", "batch=1"])
def test_one_unknown_capability_refuses_them_all(scene: Scene, asked: str) -> None:
    """ "The capability identifier set must be accepted as a whole, or rejected entirely"."""
    maya = scene.connect()
    assert params(maya.asks(f"CAP REQ :{asked}"), "CAP") == ("*", "NAK", asked)
    assert maya.session.caps == set()


def test_a_minus_disables(scene: Scene) -> None:
    """ "Each capability identifier may be prefixed with a dash (`-`) to designate that it should be disabled"."""
    maya = scene.enter("maya", "echo-message", rooms=["#room"])
    assert commands(maya.asks("PRIVMSG #room :one")) == ["PRIVMSG"]
    assert commands(maya.asks("CAP REQ -echo-message", "PRIVMSG #room :two")) == ["CAP"]


def test_what_is_as_it_was_asked_to_be_is_acknowledged(scene: Scene) -> None:
    """Enabling the enabled or disabling the disabled goes on "as though handling this capability was successful"."""
    maya = scene.connect()
    maya.say("CAP REQ batch")
    assert params(maya.asks("CAP REQ :batch -echo-message"), "CAP")[1] == "ACK"


def test_the_last_word_on_a_capability_counts(scene: Scene) -> None:
    """ "The list of capabilities MUST be parsed and processed from left to right"."""
    maya = scene.connect()
    maya.say("CAP REQ :batch -batch")
    assert "batch" not in maya.session.caps


def test_capabilities_change_at_any_time(scene: Scene) -> None:
    """ "The server MUST accept the CAP command at any time, including after registration"."""
    maya = scene.enter("maya", rooms=["#room"])
    leo = scene.enter("leo", rooms=["#room"])
    maya.say("CAP REQ server-time")
    maya.hears()
    leo.say("PRIVMSG #room :hi")
    assert maya.hears()[0].startswith("@time=")


def test_an_unknown_subcommand_is_invalid(scene: Scene) -> None:
    """ "numeric 410 (ERR_INVALIDCAPCMD) should be sent", the first parameter after the client its name."""
    maya = scene.connect()
    assert params(maya.asks("CAP FOO"), "410")[:2] == ("*", "FOO")
    assert params(maya.asks("CAP :"), "410")[:2] == ("*", "*")
    assert params(maya.asks("CAP ACK :batch"), "410")[1] == "ACK"


def test_cap_alone_lacks_its_subcommand(scene: Scene) -> None:
    """CAP takes a single required subcommand."""
    assert params(scene.connect().asks("CAP"), "461")[1] == "CAP"


def test_subcommands_are_known_in_any_case(scene: Scene) -> None:
    """Commands of IRC are case-insensitive, those within CAP among them."""
    assert params(scene.connect().asks("cap ls"), "CAP")[1] == "LS"


# Version 302


def test_version_302_brings_cap_notify(scene: Scene) -> None:
    """ "This capability MUST be implicitly enabled if the client requests CAP LS with a version of 302 or newer"."""
    for number, version in enumerate(("302", "307", "0302")):
        maya = scene.connect()
        maya.say(f"NICK maya{number}", f"CAP LS {version}")
        assert maya.session.caps == {"cap-notify"}


@pytest.mark.parametrize("version", ["", "301", "abc", "\u0663\u0660\u0662", "-302"])
def test_other_versions_do_not(scene: Scene, version: str) -> None:
    """ "Clients that do not send any version number are presumed to not support these extra features"."""
    maya = scene.connect()
    maya.say(f"CAP LS {version}".rstrip())
    assert maya.session.caps == set()


def test_cap_notify_stays_with_version_302(scene: Scene) -> None:
    """ "servers MUST NOT disable the cap-notify capability if the client requests CAP LS with [...] 302 or newer"."""
    maya = scene.connect()
    maya.say("CAP LS 302")
    assert params(maya.asks("CAP REQ cap-notify"), "CAP")[1] == "ACK"
    assert params(maya.asks("CAP REQ -cap-notify"), "CAP")[1] == "NAK"
    assert "cap-notify" in maya.session.caps


def test_cap_notify_comes_and_goes_for_older_clients(scene: Scene) -> None:
    """ "Such clients MAY explicitly disable the capability, and servers MUST allow these clients to do so"."""
    maya = scene.connect()
    maya.say("CAP LS", "CAP REQ cap-notify")
    assert params(maya.asks("CAP REQ -cap-notify"), "CAP")[1] == "ACK"
    assert "cap-notify" not in maya.session.caps


@pytest.mark.usefixtures("crowded")
def test_a_long_list_takes_several_lines_for_those_who_know_them(scene: Scene) -> None:
    """ "all but the last reply MUST have a parameter containing only an asterisk preceding the capability list"."""
    maya = scene.connect()
    heard = maya.asks("CAP LS 302")
    *more, last = every(heard, "CAP")
    assert len(more) >= 2
    assert {line.params[2] for line in more} == {"*"}
    assert len(last.params) == 3
    names = {name.partition("=")[0] for line in (*more, last) for name in line.params[-1].split()}
    assert names == {name for name, row in CAPABILITIES.items() if row.offer(maya.session) is not None}
    assert max(map(tag_free, heard)) <= 512


@pytest.mark.usefixtures("crowded")
def test_old_clients_get_one_line_of_whole_names(scene: Scene) -> None:
    """ "If a client has not indicated support for CAP LS 302 features, the server MUST NOT send these new features"."""
    heard = scene.connect().asks("CAP LS")
    assert set(params(heard, "CAP")[2].split()) <= set(CAPABILITIES)
    assert max(map(tag_free, heard)) <= 512


@pytest.mark.usefixtures("crowded")
def test_a_long_list_of_ones_own_takes_several_lines(scene: Scene) -> None:
    """CAP LIST is split as CAP LS is."""
    maya = scene.connect()
    maya.say("CAP LS 302")
    for number in range(40):
        maya.say(f"CAP REQ example.org/capability-{number}")
    heard = every(maya.asks("CAP LIST"), "CAP")
    assert [line.params[2] for line in heard[:-1]] == ["*"] * (len(heard) - 1)
    assert " ".join(line.params[-1] for line in heard).split() == sorted(maya.session.caps)


@pytest.mark.usefixtures("crowded")
def test_a_req_too_long_for_one_answer_gets_several(scene: Scene) -> None:
    """No capability that was enabled or refused is missing in the answer, nor cut in two."""
    names = [f"example.org/capability-{number}" for number in range(18)]
    maya = scene.enter("m" * 32)
    for asked, verb in ((names[:18], "ACK"), ([*names[:17], "foo"], "NAK")):
        heard = maya.asks(f"CAP REQ :{' '.join(asked)}")
        assert {line.params[1] for line in every(heard, "CAP")} == {verb}
        assert " ".join(line.params[-1] for line in every(heard, "CAP")).split() == asked
        assert max(map(tag_free, heard)) <= 512
