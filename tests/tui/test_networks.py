"""leo is on several networks at once: each has its heading in the list, and the next start remembers."""

from hubbub.tui.networks import connect_all
from hubbub.tui.settings.kept import Kept
from tests.client.harbour import harbour
from tests.client.village import Village
from tests.tui.stage import CAPS, ROOM, Stage, play


def test_one_more_network_stands_in_the_list_and_is_remembered() -> None:
    """With its rooms below its name; the numbers go on; /disconnect leaves it and forgets it."""

    async def scene(leo: Stage) -> None:
        async with harbour(Village(caps=CAPS, page=100)) as other:
            url = f"irc://{other.address.host}:{other.address.port}/#python"
            await leo.types(f"/connect {url}")
            await leo.until(lambda: leo.desk.front.name == "#python")
            await leo.until(lambda: leo.desk.network.client.settled)
            await leo.sees("1 #general", "2 #python")
            assert Kept().now.networks == (url,)
            await leo.types(f"/connect {url}")
            assert len(leo.desk.networks) == 2
            await leo.types("/disconnect")
            await leo.until(lambda: leo.desk.front.name == ROOM)
            await leo.misses("#python")
            assert Kept().now.networks == ()

    play(scene)


def test_what_is_saved_is_connected_to_and_the_room_that_was_asked_for_is_in_front() -> None:
    """A network that cannot be had says so in the list and takes nothing else away; one that is there is so once."""

    async def scene(leo: Stage) -> None:
        async with harbour(Village(caps=CAPS, page=100)) as other:
            pass  # nobody listens there any more
        away = f"irc://{other.address.host}:{other.address.port}/#python"
        here = f"irc://{leo.port.address.host}:{leo.port.address.port}"
        connect_all(leo.app.links, (away, here, "irx://nowhere"), "leo")
        assert leo.desk.front.name == ROOM
        await leo.sees("(no)", "2 #python", "not connected to irx://nowhere: ")
        assert len(leo.desk.networks) == 2
        await leo.types("still here")
        await leo.sees("leo│ still here")

    play(scene)


def test_what_is_no_address_is_not_saved() -> None:
    """The words say what one is."""

    async def scene(leo: Stage) -> None:
        await leo.types("/connect irx://nowhere")
        await leo.sees("irx")
        assert Kept().now.networks == ()

    play(scene)
