"""A listener stands where its URL says; where it cannot, a sentence says why and what to do."""

import socket
import stat
from contextlib import closing
from pathlib import Path

import pytest

from hubbub.config import Endpoint
from hubbub.config.endpoint import parse
from hubbub.net.connection import Connection
from hubbub.net.sockets import CannotListen, bound, open_sockets
from tests.net.desk import Desk, Run, a_place


def complaint(url: str) -> str:
    with pytest.raises(CannotListen) as caught:
        open_sockets(parse(url))
    return str(caught.value)


@pytest.mark.parametrize("url", ["irc://127.0.0.1:0", "irc://[::1]:0", "irc://[::]:0", "irc://0.0.0.0:0"])
def test_a_free_port_is_found_and_told(run: Run, url: str) -> None:
    async def scene() -> None:
        async with a_place(Desk(echo=True), url=url) as place:
            assert place.endpoint.port > 0
            assert place.endpoint.host == parse(url).host
            maya = await place.connect()
            maya.say(b"hello")
            assert await maya.read(5) == b"hello"
            link = (await place.desk.guest()).link
            assert link.address == ("::1" if ":" in place.endpoint.host else "127.0.0.1")

    run(scene())


def test_a_door_is_told_with_all_that_its_url_says() -> None:
    """But for the port, which is the one that the system chose."""
    endpoint = parse("ssh://127.0.0.1:0/?room=den&face=plain")
    with closing(open_sockets(endpoint)[0]) as listener:
        assert bound(endpoint, listener).url == f"ssh://127.0.0.1:{listener.getsockname()[1]}/?room=%23den&face=plain"


def test_the_kernel_looks_after_those_who_answer_no_pings(run: Run) -> None:
    """Programs after tutorials are silent for hours, and gone without a word."""

    async def scene() -> None:
        for url, kept in (("raw://127.0.0.1:0", True), ("irc://127.0.0.1:0", False)):
            async with a_place(url=url) as place:
                await place.connect()
                link = (await place.desk.guest()).link
                assert isinstance(link, Connection)
                assert link.direct is not None
                assert bool(link.direct.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)) == kept

    run(scene())


def test_a_name_is_looked_up(run: Run) -> None:
    async def scene() -> None:
        async with a_place(url="irc://localhost:0") as place:
            await place.connect()
            assert (await place.desk.guest()).link.address in ("127.0.0.1", "::1")

    run(scene())


def test_both_families_can_share_a_port() -> None:
    with closing(open_sockets(Endpoint("irc", "0.0.0.0", 0))[0]) as four:
        port = four.getsockname()[1]
        for six in open_sockets(Endpoint("irc", "::", port)):
            assert six.getsockname()[1] == port
            six.close()


def test_a_taken_port_is_named_with_what_to_do() -> None:
    with closing(open_sockets(Endpoint("irc", "127.0.0.1", 0))[0]) as taken:
        url = f"irc://127.0.0.1:{taken.getsockname()[1]}"
        assert complaint(url) == (
            f"cannot listen on {url}: the port is taken, maybe by another hubbub; "
            "stop that program, or choose another port"
        )


def test_a_foreign_address_is_named_with_what_to_do() -> None:
    assert complaint("irc://192.0.2.1:0") == (
        "cannot listen on irc://192.0.2.1:0: this machine has no such address; "
        "choose one of its own, or 0.0.0.0 for all"
    )


def test_an_unknown_name_is_refused() -> None:
    nowhere = "x" * 64  # too long for a label: no name server is asked
    assert complaint(f"irc://{nowhere}:0").endswith(f"no address is known for '{nowhere}'; choose an address")


def test_a_restart_does_not_wait_for_old_connections(run: Run) -> None:
    """The side that closes first keeps the port in TIME-WAIT."""

    async def scene() -> None:
        async with a_place() as place:
            maya = await place.connect()
            (await place.desk.guest()).link.close("Bye")
            await maya.rest()
        async with a_place(url=place.endpoint.url) as again:
            assert again.endpoint == place.endpoint

    run(scene())


# --- unix sockets -------------------------------------------------------------------------------------------------


def test_a_unix_socket_is_for_its_owner_and_group(run: Run, tmp_path: Path) -> None:
    async def scene() -> None:
        path = tmp_path / "hubbub.sock"
        async with a_place(Desk(echo=True), url=f"unix:{path}") as place:
            assert stat.S_IMODE(path.stat().st_mode) == 0o660
            maya = await place.connect()
            maya.say(b"hello")
            assert await maya.read(5) == b"hello"
            link = (await place.desk.guest()).link
            assert (link.address, link.port, link.secure) == ("unix", 0, False)
        assert not path.exists()

    run(scene())


def test_a_stale_socket_is_replaced(run: Run, tmp_path: Path) -> None:
    async def scene() -> None:
        path = tmp_path / "hubbub.sock"
        with socket.socket(socket.AF_UNIX) as crashed:
            crashed.bind(str(path))
        async with a_place(url=f"unix:{path}") as place:
            await place.connect()
            await place.desk.guest()

    run(scene())


def test_a_living_server_keeps_its_socket(tmp_path: Path) -> None:
    path = tmp_path / "hubbub.sock"
    with closing(open_sockets(parse(f"unix:{path}"))[0]):
        assert complaint(f"unix:{path}") == (
            f"cannot listen on unix:{path}: another server answers there; stop it, or choose another path"
        )
        assert path.exists()


def test_a_file_that_is_no_socket_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "letters.txt"
    path.write_text("dear maya")
    assert complaint(f"unix:{path}").endswith("a file that is no socket stands there; choose another path")
    assert path.read_text() == "dear maya"


def test_a_path_that_cannot_be_is_refused(tmp_path: Path) -> None:
    assert complaint(f"unix:{tmp_path}/nowhere/hubbub.sock").endswith("No such file or directory; choose another path")
    assert complaint(f"unix:{tmp_path}/{'x' * 120}").endswith("AF_UNIX path too long; choose another path")


def test_a_successors_socket_is_not_removed(run: Run, tmp_path: Path) -> None:
    async def scene() -> None:
        path = tmp_path / "hubbub.sock"
        async with a_place(url=f"unix:{path}"):
            path.rename(tmp_path / "aside.sock")
            with closing(open_sockets(parse(f"unix:{path}"))[0]):
                pass
        assert path.exists()

    run(scene())
