"""Pushing to a real push service on this machine: what arrives, what is forgotten, what is dropped, and the end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from hubbub.hub.events import Subscription
from hubbub.net.https import Https
from hubbub.net.push import WAITING_EACH, WAITING_MAX, Pusher
from hubbub.net.webpush import Vapid
from tests.devices import Device
from tests.net.desk import PATIENCE, Run, trusting
from tests.net.service import Service, a_service

Pair = tuple[Path, Path]


class Desk:
    """What the server's thread is told. `seconds` is its clock."""

    def __init__(self) -> None:
        self.loop = asyncio.get_running_loop()
        self.gone: list[str] = []
        self.problems: list[tuple[str, str]] = []
        self.told = 0
        self.seconds = 1000.0
        self._news = asyncio.Event()

    def soon(self, action: Callable[[], object]) -> None:
        self.loop.call_soon_threadsafe(self._do, action)

    def _do(self, action: Callable[[], object]) -> None:
        action()
        self.told += 1
        self._news.set()

    async def hears(self, count: int) -> None:
        """Until so many pushes have come to an end."""
        async with asyncio.timeout(PATIENCE):
            while self.told < count:
                self._news.clear()
                await self._news.wait()


@asynccontextmanager
async def pushing(
    pair: Pair, answer: str | bytes | None = "201 Created", *, public: bool = True
) -> AsyncIterator[tuple[Pusher, Service, Desk]]:
    """A pusher for which this machine is a public one, unless it is told otherwise."""
    desk = Desk()

    async def here(host: str, port: int) -> list[str]:
        return ["127.0.0.1"]

    async with a_service(pair, answer) as service:
        https = Https(here, lambda address: public, trusting(pair[0]))
        vapid = Vapid(b"s" * 32, "mailto:maya@example.org", lambda: 1_790_000_000.0)
        pusher = Pusher(vapid, https, desk.soon, lambda *what: desk.problems.append(what), lambda: desk.seconds)
        try:
            yield pusher, service, desk
        finally:
            pusher.close()


def at(service: Service, device: Device, path: str = "x") -> Subscription:
    return Subscription(f"https://localhost:{service.port}/{path}", device.p256dh, device.auth, "proof", 0)


def test_a_device_reads_what_was_pushed(run: Run, pair: Pair) -> None:
    async def scene() -> None:
        async with pushing(pair) as (pusher, service, desk):
            phone = Device()
            pusher.push(at(service, phone), b":leo PRIVMSG maya :hi", lambda: desk.gone.append("phone"))
            (posted,) = await service.posted(1)
            assert phone.read(posted.body) == b":leo PRIVMSG maya :hi"
            assert posted.line == "POST /x HTTP/1.1"
            assert posted.headers["content-encoding"] == "aes128gcm"
            assert (posted.headers["ttl"], posted.headers["urgency"]) == ("604800", "high")
            assert posted.headers["authorization"].endswith(f"k={pusher.key}")
            await desk.hears(1)
            assert (desk.gone, desk.problems) == ([], [])

    run(scene())


@pytest.mark.parametrize("status", ["404 Not Found", "410 Gone"])
def test_a_subscription_that_is_no_more_is_told(run: Run, pair: Pair, status: str) -> None:
    async def scene() -> None:
        async with pushing(pair, status) as (pusher, service, desk):
            pusher.push(at(service, Device()), b"hi", lambda: desk.gone.append("phone"))
            await desk.hears(1)
            assert (desk.gone, desk.problems) == (["phone"], [])

    run(scene())


@pytest.mark.parametrize("status", ["307 Elsewhere", "400 Bad", "401 Who", "413 Big", "429 Slower", "500 Oh", "503 No"])
def test_an_endpoint_that_fails_rests_and_is_not_forgotten(run: Run, pair: Pair, status: str) -> None:
    """For a minute; others are pushed to meanwhile. Of the endpoint only the host is told: the rest is a secret."""

    async def scene() -> None:
        async with pushing(pair, status) as (pusher, service, desk):
            phone, tablet = at(service, Device(), "phone"), at(service, Device(), "tablet")
            pusher.push(phone, b"one", lambda: desk.gone.append("phone"))
            await desk.hears(1)
            assert (desk.gone, desk.problems) == ([], [("localhost", f"it answered {status[:3]}")])
            pusher.push(phone, b"two", lambda: None)
            pusher.push(tablet, b"one", lambda: None)
            await desk.hears(2)
            assert [posted.line for posted in service.requests] == ["POST /phone HTTP/1.1", "POST /tablet HTTP/1.1"]
            desk.seconds += 60
            pusher.push(phone, b"three", lambda: None)
            await desk.hears(3)
            assert len(service.requests) == 3

    run(scene())


def test_who_is_not_public_is_not_called(run: Run, pair: Pair) -> None:
    async def scene() -> None:
        async with pushing(pair, public=False) as (pusher, service, desk):
            pusher.push(at(service, Device()), b"hi", lambda: None)
            await desk.hears(1)
            assert desk.problems == [("localhost", "localhost has no public address")]
            assert service.calls == 0

    run(scene())


def test_what_cannot_be_sealed_fails_alone(run: Run, pair: Pair) -> None:
    """Keys that are none any more, from an older file: told, and the next push goes out."""

    async def scene() -> None:
        async with pushing(pair) as (pusher, service, desk):
            pusher.push(Subscription("https://localhost/x", "", "", "", 0), b"hi", lambda: None)
            await desk.hears(1)
            assert [host for host, _ in desk.problems] == ["localhost"]
            pusher.push(at(service, Device()), b"hi", lambda: None)
            await service.posted(1)

    run(scene())


def test_nobody_waits_for_a_push_service_that_does_not_answer(run: Run, pair: Pair) -> None:
    """Few wait for one endpoint, others pass it, and the end comes at once."""

    async def scene() -> None:
        async with pushing(pair, None) as (pusher, service, desk):
            phone = Device()
            for number in range(WAITING_EACH + 3):
                pusher.push(at(service, phone), b"%d" % number, lambda: None)
            pusher.push(at(service, phone, "other"), b"other", lambda: None)
            posted = await service.posted(WAITING_EACH + 1)
            assert sorted(phone.read(each.body) for each in posted) == [b"0", b"1", b"2", b"3", b"other"]
            assert desk.told == 0

    run(scene())


def test_there_is_an_end_to_what_waits(run: Run, pair: Pair) -> None:
    """What comes then is dropped, and costs nothing."""

    async def scene() -> None:
        async with pushing(pair, None) as (pusher, service, _):
            phone = Device()
            for number in range(WAITING_MAX + 50):
                pusher.push(at(service, phone, str(number)), b"hi", lambda: None)
            assert pusher.waiting == WAITING_MAX

    run(scene())


def test_after_the_end_nothing_is_pushed(run: Run, pair: Pair) -> None:
    """A message may still be delivered while the house is closing."""

    async def scene() -> None:
        async with pushing(pair) as (pusher, service, _):
            pusher.close()
            pusher.push(at(service, Device()), b"hi", lambda: None)
            assert service.calls == 0

    run(scene())


@pytest.mark.parametrize(
    ("endpoint", "problem"),
    [
        ("https://push.example/x", ""),
        ("https://1.1.1.1/x", ""),
        ("http://push.example/x", "expected a URL that begins with https://"),
        ("https://127.0.0.1/x", "expected a public host"),
        ("https://127.1/x", "expected a public host"),
        ("https://2130706433/x", "expected a public host"),
        ("https://[::1]/x", "expected a public host"),
        ("https://[::ffff:10.0.0.1]/x", "expected a public host"),
    ],
)
def test_what_can_never_be_pushed_to_is_said_at_once(endpoint: str, problem: str) -> None:
    """Names are looked up when there is something to push."""
    phone, vapid = Device(), Vapid(b"s" * 32, "mailto:a@b", lambda: 0.0)
    pusher = Pusher(vapid, Https(), lambda action: None, lambda *what: None, lambda: 0.0)
    assert pusher.objection(endpoint, phone.p256dh, phone.auth) == problem
    assert pusher.objection("https://push.example/x", phone.p256dh, "") == "expected 16 bytes in base64 as auth"
    pusher.close()
