"""A place where files are shared by HTTP, on a real socket, and who comes to it."""

from __future__ import annotations

import asyncio
from base64 import b64encode
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from PIL import Image

import hubbub
from hubbub.config.endpoint import parse
from hubbub.net.door import Door, Terms
from hubbub.net.files import Allowance, Files, Stored
from hubbub.net.limits import Gate, Trusted
from hubbub.net.listeners import Listeners
from hubbub.net.pages import Pages
from hubbub.net.site import Asker, NotLetIn, Site
from tests.net.desk import PATIENCE, Clock, Desk
from tests.net.drawings import drawn

PAGE = Path(hubbub.__file__).parent / "web"
PNG = drawn(Image.new("RGB", (30, 20)), "PNG")
MAYA, LEO = ("Authorization: Basic " + b64encode(f"{name}:sesame".encode()).decode() for name in ("maya", "leo"))


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def path(self) -> str:
        return "/" + self.headers["location"].rpartition("/")[2]


@dataclass
class Shop:
    """A site, its directory, and the addresses that logged in."""

    files: Files
    port: int
    desk: Desk = field(default_factory=Desk)
    addresses: list[str] = field(default_factory=list)
    challenges: dict[str, str] = field(default_factory=dict)
    forget: Callable[[], None] = lambda: None
    """Lose what is under way, as by a new start."""
    clock: Clock = field(default_factory=Clock)
    listeners: Listeners | None = None
    site: Site = field(init=False)

    @property
    def kept(self) -> set[str]:
        return {path.name for path in self.files.directory.iterdir()} - {"index.db"}

    async def share(self, asker: Asker, room: str) -> tuple[str, str]:
        self.addresses.append(asker.address)
        if asker.password != "sesame":
            raise NotLetIn(401, "The name or the password is wrong")
        return asker.name, room

    async def read(self, asker: Asker, stored: Stored) -> None:
        """In this town, who shared something with a room reads all that was shared with it, and nobody else."""
        await self.share(asker, "")
        if asker.name not in {file.account for file in self.files.all() if file.room == stored.room}:
            raise NotLetIn(403, "You may not read that file")

    async def remove(self, asker: Asker, stored: Stored) -> None:
        await self.share(asker, "")
        if asker.name != stored.account:
            raise NotLetIn(403, "You may not take that file back")

    def pass_time(self, seconds: int) -> None:
        assert self.listeners is not None
        self.clock.tick(self.listeners, seconds)

    async def ask(self, method: str, path: str, *headers: str, body: bytes = b"") -> Answer:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            return await told(reader, writer, request(method, path, *headers, body=body))
        finally:
            writer.close()

    async def post(self, body: bytes, *headers: str, path: str = "/") -> Answer:
        return await self.ask("POST", path, MAYA, f"Content-Length: {len(body)}", *headers, body=body)


def request(method: str, path: str, *headers: str, body: bytes = b"") -> bytes:
    return "\r\n".join([f"{method} {path} HTTP/1.1", "Host: files.example", *headers, "", ""]).encode() + body


async def told(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, said: bytes) -> Answer:
    writer.write(said)
    return await answer(reader, is_head=said.startswith(b"HEAD"))


NAMES = frozenset({"files.example", "chat.example.org"})


async def answer(reader: asyncio.StreamReader, *, is_head: bool = False) -> Answer:
    async with asyncio.timeout(PATIENCE):
        first, *rows = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")[:-2]
        headers = {key.lower(): value.strip() for key, _, value in (row.partition(":") for row in rows)}
        body = b"" if is_head else await reader.readexactly(int(headers.get("content-length", 0)))
        return Answer(int(first.split(" ")[1]), headers, body)


@asynccontextmanager
async def open_shop(
    directory: Path,
    allowance: Allowance | None = None,
    *,
    for_members: bool = False,
    origins: tuple[str, ...] = (),
    url: str = "https://files.example/up/",
) -> AsyncIterator[Shop]:
    files = Files(directory / "files", b"secret", allowance or Allowance(), lambda: 1_000_000_000.0)
    shop = Shop(files, 0)
    site = Site(files, shop, lambda: Pages(PAGE, "Maya's <place>"), url, for_members=for_members)
    shop.site = site
    shop.challenges, shop.forget = site.challenges, site.resumables.close
    listeners = Listeners(Terms(origins=origins, names=NAMES), Gate(trusted=Trusted(["127.0.0.0/8"])), shop.clock)
    shop.listeners = listeners
    door = Door(parse("http://127.0.0.1:0"), shop.desk.accept, shop.desk.refuse, site=site)
    (endpoint,) = await listeners.open(door)
    shop.port = endpoint.port
    try:
        yield shop
    finally:
        await listeners.close("over", 0.1)
        assert listeners.crowd.gate.inside == 0
        await site.close()
