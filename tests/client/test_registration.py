"""From the first byte to RPL_WELCOME, with servers of every age.

https://ircv3.net/specs/extensions/capability-negotiation
"""

import base64

import pytest

from hubbub.client.events import Event, Online, Refused
from hubbub.client.protocol import Protocol
from hubbub.client.registration import WANTED, Identity

WELCOME = [":v 001 leo :Welcome", ":v 005 leo NETWORK=Village :are supported", ":v 422 leo :MOTD File is missing"]


class Dialogue:
    """What leo's client says to what a server says, line by line."""

    def __init__(self, identity: Identity | None = None) -> None:
        self.client = Protocol(identity or Identity("leo", realname="Leo L"))
        self.client.connection_made()

    def said(self) -> list[str]:
        return self.client.data_to_send().decode().split("\r\n")[:-1]

    def hear(self, *lines: str) -> list[str]:
        self.client.receive("".join(f"{line}\r\n" for line in lines).encode())
        return self.said()

    def events(self, kind: type[Event]) -> list[Event]:
        return [event for event in self.client.events() if isinstance(event, kind)]


def test_everything_is_said_at_once_without_a_password() -> None:
    """One round trip less, and a server that knows no CAP has all it needs."""
    assert Dialogue().said() == ["CAP LS 302", "NICK leo", "USER hubbub 0 * :Leo L"]


def test_only_what_is_offered_is_asked_for() -> None:
    """ "A whole CAP REQ is refused when one of it is unknown"; the offer may take several lines."""
    dialogue = Dialogue()
    dialogue.said()
    assert dialogue.hear(":v CAP * LS * :batch sts=port=6697 server-time") == []
    assert dialogue.hear(":v CAP * LS :echo-message unheard-of sasl=PLAIN") == [
        "CAP REQ :batch echo-message server-time"
    ]
    assert dialogue.hear(":v CAP leo ACK :batch echo-message server-time") == ["CAP END"]
    dialogue.hear(*WELCOME)
    assert dialogue.events(Online) == [Online("leo", "Village", False)]


def test_all_that_we_understand_fits_into_one_line() -> None:
    """With a password it is all that is said before the answer."""
    dialogue = Dialogue(Identity("leo", password="opensesame"))
    dialogue.said()
    (request,) = dialogue.hear(f":v CAP * LS :sasl {' '.join(WANTED)}")
    assert set(request.removeprefix("CAP REQ :").split()) == {*WANTED, "sasl"}
    assert len(request) < 510


def test_a_refused_request_is_asked_for_one_by_one() -> None:
    """One capability spoils the others; those that can be had are had."""
    dialogue = Dialogue()
    dialogue.said()
    dialogue.hear(":v CAP * LS :batch server-time")
    assert dialogue.hear(":v CAP leo NAK :batch server-time") == ["CAP REQ batch", "CAP REQ server-time"]
    assert dialogue.hear(":v CAP leo ACK :batch") == []
    assert dialogue.hear(":v CAP leo NAK :server-time") == ["CAP END"]


def test_an_empty_offer_ends_at_once() -> None:
    """A server may know CAP and nothing else."""
    dialogue = Dialogue()
    dialogue.said()
    assert dialogue.hear(":v CAP * LS :") == ["CAP END"]


def test_capabilities_come_and_go_later() -> None:
    """cap-notify: what is new is asked for, what is gone is not counted on."""
    dialogue = Dialogue()
    dialogue.hear(":v CAP * LS :batch", ":v CAP leo ACK :batch", *WELCOME)
    assert dialogue.hear(":v CAP leo NEW :echo-message unheard-of=1") == ["CAP REQ echo-message"]
    assert dialogue.hear(":v CAP leo ACK :echo-message") == []
    assert dialogue.hear(":v CAP leo DEL :batch") == []
    assert dialogue.client._parts.registration.caps == {"echo-message"}


@pytest.mark.parametrize("answer", [[":v 421 leo CAP :Unknown command"], [":v 451 * :You have not registered"], []])
def test_a_server_without_cap_takes_us_in(answer: list[str]) -> None:
    """It complains, or says nothing about it at all."""
    dialogue = Dialogue()
    dialogue.hear(*answer, *WELCOME)
    assert dialogue.events(Online) == [Online("leo", "Village", False)]


def test_a_password_is_a_login_where_the_server_has_logins() -> None:
    """SASL PLAIN, before the nick is asked for: it may be reserved for the account."""
    dialogue = Dialogue(Identity("leo", account="leonard", password="opensesame"))
    assert dialogue.said() == ["CAP LS 302"]
    assert dialogue.hear(":v CAP * LS :sasl=EXTERNAL,PLAIN") == ["CAP REQ sasl"]
    assert dialogue.hear(":v CAP * ACK :sasl") == ["AUTHENTICATE PLAIN"]
    (secret,) = dialogue.hear("AUTHENTICATE +")
    assert base64.b64decode(secret.split()[1]) == b"\0leonard\0opensesame"
    assert dialogue.hear(":v 900 * * leonard :You are logged in", ":v 903 * :SASL successful") == [
        "NICK leo",
        "USER hubbub 0 * leo",
        "CAP END",
    ]
    assert dialogue.client.mirror.account == "leonard"


def test_a_long_password_is_cut_into_pieces() -> None:
    """400 bytes each; one that fills its last piece is followed by an empty one."""
    dialogue = Dialogue(Identity("leo", password="x" * 295))  # with the rest 300 bytes, 400 in base64
    dialogue.hear(":v CAP * LS :sasl", ":v CAP * ACK :sasl")
    pieces = dialogue.hear("AUTHENTICATE +")
    assert [len(piece) for piece in pieces] == [len("AUTHENTICATE ") + 400, len("AUTHENTICATE +")]


@pytest.mark.parametrize("offer", [":v CAP * LS :sasl=EXTERNAL", ":v CAP * LS :batch"])
def test_a_password_is_the_servers_where_there_are_no_logins(offer: str) -> None:
    """PASS comes before NICK and USER."""
    dialogue = Dialogue(Identity("leo", password="opensesame"))
    said = dialogue.hear(offer, ":v CAP * ACK :batch")
    assert [line for line in said if not line.startswith("CAP REQ")][1:4] == [
        "PASS opensesame",
        "NICK leo",
        "USER hubbub 0 * leo",
    ]


@pytest.mark.parametrize("answer", [":v 421 * CAP :Unknown command", ""])
def test_a_password_reaches_a_server_without_cap_too(answer: str) -> None:
    """It complains about CAP, or is silent and waits for us as we wait for it."""
    dialogue = Dialogue(Identity("leo", password="opensesame"))
    dialogue.said()
    if answer:
        said = dialogue.hear(answer)
    else:
        dialogue.client.silence()
        said = dialogue.said()
    assert said == ["PASS opensesame", "NICK leo", "USER hubbub 0 * leo"]


def test_silence_changes_nothing_once_we_are_introduced() -> None:
    """A slow server is not told twice."""
    dialogue = Dialogue()
    dialogue.said()
    dialogue.client.silence()
    assert dialogue.said() == []


@pytest.mark.parametrize("numeric", ["902", "904", "905", "906", "464", "465"])
def test_a_wrong_password_ends_it(numeric: str) -> None:
    """Going on as a stranger is not what leo asked for."""
    dialogue = Dialogue(Identity("leo", password="wrong"))
    dialogue.hear(":v CAP * LS :sasl", ":v CAP * ACK :sasl", "AUTHENTICATE +", f":v {numeric} * :No")
    assert dialogue.events(Refused) == [Refused(numeric, "No")]


def test_the_password_is_in_no_repr() -> None:
    """Identities end up in logs."""
    assert "opensesame" not in repr(Identity("leo", password="opensesame"))


def test_a_taken_nick_gets_a_tail() -> None:
    """Then a shorter one, for servers that allow nine characters; the person is told who they are."""
    dialogue = Dialogue(Identity("christine"))
    dialogue.said()
    taken = ":v 433 * x :Nickname is already in use"
    assert dialogue.hear(taken) == ["NICK christine_"]
    assert dialogue.hear(":v 432 * christine_ :Nickname too long") == ["NICK christine__"]
    assert dialogue.hear(taken, taken) == ["NICK christin_", "NICK christi__"]
    dialogue.hear(":v 001 christi__ :Welcome", ":v 376 christi__ :End of MOTD")
    assert dialogue.events(Online) == [Online("christi__", "", False)]


def test_nicks_are_not_tried_without_end() -> None:
    """Where all are taken, leo is told about the one he wanted."""
    dialogue = Dialogue()
    for _ in range(8):
        dialogue.hear(":v 433 * x :Nickname is already in use")
    assert dialogue.events(Refused) == [Refused("433", "leo: Nickname is already in use")]


def test_a_nick_that_is_none_is_for_the_person_to_change() -> None:
    """The server says what is wrong with it."""
    dialogue = Dialogue(Identity("2fast"))
    dialogue.hear(":v 432 * 2fast :Erroneous nickname")
    assert dialogue.events(Refused) == [Refused("432", "2fast: Erroneous nickname")]


def test_a_nick_that_becomes_free_is_taken_back() -> None:
    """Leo's ghost has gone: he is leo again, and asks for that name next time."""
    dialogue = Dialogue()
    dialogue.hear(":v 433 * leo :in use", ":v 001 leo_ :Welcome", ":v 376 leo_ :End", ":leo_!l@x JOIN #general")
    dialogue.hear(":leo!l@x JOIN #general")
    assert dialogue.hear(":leo!l@x QUIT :Ping timeout") == ["NICK leo", "PING hubbub-1"]
    dialogue.hear(":leo_!l@x NICK leo")
    assert dialogue.client.mirror.nick == "leo"


def test_a_chosen_nick_is_asked_for_on_the_next_connection() -> None:
    """One that others gave us is not."""
    dialogue = Dialogue()
    dialogue.hear(*WELCOME)
    dialogue.client.nick("leonard")
    assert dialogue.hear(":leo!l@x NICK leonard") == ["NICK leonard", "PING hubbub-1"]
    dialogue.hear(":leonard!l@x NICK Guest42")
    dialogue.client.connection_lost()
    dialogue.client.connection_made()
    assert "NICK leonard" in dialogue.said()


def test_the_server_may_cut_a_nick() -> None:
    """RPL_WELCOME has the true one."""
    dialogue = Dialogue(Identity("christopher"))
    dialogue.hear(":v 001 christoph :Welcome", ":v 376 christoph :End")
    assert dialogue.events(Online) == [Online("christoph", "", False)]


def test_a_ping_before_the_welcome_is_answered() -> None:
    """Some servers want to see that we listen before they go on."""
    assert "PONG :1 2 3" in Dialogue().hear("PING :1 2 3")
