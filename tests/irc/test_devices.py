"""Several devices of one account: one nick, one presence, several sessions."""

from __future__ import annotations

from hubbub.hub.ports import Account
from tests.scene import Person, Scene, quiet


def device(scene: Scene, nick: str = "maya", *caps: str) -> Person:
    """One more connection of maya, by her password."""
    person = scene.connect()
    if caps:
        person.say(f"CAP REQ :{' '.join(caps)}", "CAP END")
    person.say("PASS maya:secret", f"NICK {nick}", "USER maya 0 * :Maya")
    return person


def home() -> Scene:
    scene = Scene()
    scene.accounts.save("maya", Account("maya", "secret", 0), new=True)
    return scene


def test_a_second_device_joins_the_first() -> None:
    """It wears the same nick, is told of each room it is in, and nobody else hears of it."""
    scene = home()
    phone = device(scene)
    leo = scene.enter("leo", rooms=["#den"])
    phone.say("JOIN #den")
    quiet(phone, leo)
    desk = device(scene)
    heard = desk.hears()
    assert heard[1].startswith(":hub.example 001 maya ")
    start = next(i for i, line in enumerate(heard) if " JOIN " in line)
    assert heard[start:] == [
        ":maya!maya@192.0.2.7 JOIN #den",
        ":hub.example 353 maya = #den :@leo maya",
        ":hub.example 366 maya #den :End of names",
    ]
    assert leo.hears() == []
    assert phone.hears() == []


def test_what_one_device_says_the_others_read() -> None:
    """In rooms and in private; the device that speaks hears itself only with echo-message."""
    scene = home()
    phone, desk = device(scene), device(scene)
    leo = scene.enter("leo", rooms=["#den"])
    phone.say("JOIN #den")
    quiet(phone, desk, leo)
    phone.say("PRIVMSG #den :hello", "PRIVMSG leo :psst")
    assert phone.hears() == []
    assert desk.hears() == [":maya!maya@192.0.2.7 PRIVMSG #den :hello", ":maya!maya@192.0.2.7 PRIVMSG leo :psst"]


def test_a_join_shows_the_room_to_every_device() -> None:
    """Names and all."""
    scene = home()
    phone, desk = device(scene), device(scene)
    quiet(phone, desk)
    phone.say("JOIN #new")
    assert phone.hears() == desk.hears() != []


def test_only_the_last_device_to_go_leaves() -> None:
    """The others stay, and the rooms hear nothing of it."""
    scene = home()
    phone, desk = device(scene), device(scene)
    leo = scene.enter("leo", rooms=["#den"])
    phone.say("JOIN #den")
    quiet(leo)
    phone.leaves()
    assert leo.hears() == []
    desk.leaves("Gone")
    assert leo.hears() == [":maya!maya@192.0.2.7 QUIT :Gone"]


def test_another_nick_is_another_presence() -> None:
    """Somebody may be here twice, as two."""
    scene = home()
    phone = device(scene)
    phone.say("NICK maya_phone")
    desk = device(scene, "mayas_desk")
    quiet(phone, desk)
    desk.say("PRIVMSG maya_phone :me?")
    assert phone.hears() == [":mayas_desk!maya@192.0.2.7 PRIVMSG maya_phone :me?"]


def test_a_device_that_comes_while_the_last_one_goes_gets_a_chair_of_its_own() -> None:
    """The farewell is on its way to the store: nobody sits down in a chair that is being carried out."""
    scene = Scene(slow=True)
    scene.accounts.save("maya", Account("maya", "secret", 0), new=True)
    phone = device(scene)
    phone.say("JOIN #den")
    scene.slow.held = True
    phone.leaves()
    desk = device(scene)
    assert desk.hears() == []
    scene.slow.land()
    scene.turn()
    assert desk.hears()[1].startswith(":hub.example 001 maya ")
    assert len(scene.hub.users) == 1
