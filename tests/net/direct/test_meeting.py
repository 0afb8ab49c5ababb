"""How two ends meet, over loopback: the handshake as it should be, and all that strangers do to it."""

from __future__ import annotations

import asyncio
import ssl
from base64 import b64encode
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from hashlib import sha256

import msgspec
import pytest

from hubbub.net.direct.doors import Door, reach
from hubbub.net.direct.handshake import Me, Met, introduce
from hubbub.net.direct.keys import Keys
from hubbub.net.direct.meeting import AnotherKey, MainListener, call
from hubbub.net.direct.pair import Pair
from hubbub.net.direct.stream import NoContact, Stream
from hubbub.net.direct.words import Answer, Greeting, Hello, No, OneWay, Proof, Stands, transcript

PATIENCE = 20.0


@dataclass(frozen=True)
class Scene:
    """leo is called, maya calls, and priya has a key, too. `met` is whom leo has met."""

    main: MainListener
    maya: Me
    priya: Me
    met: asyncio.Queue[Met]

    @property
    def port(self) -> int:
        return self.main.me.port

    async def greeted(self) -> tuple[Stream, int]:
        """maya at leo's main listener, and the port that was opened for her."""
        stream = await reach("127.0.0.3", self.port, None, self.maya.source, PATIENCE)
        return stream, (await stream.hear(Greeting)).port

    async def inside(self) -> Stream:
        """maya at her port, in TLS."""
        main, port = await self.greeted()
        main.abort()
        return await reach("127.0.0.3", port, self.maya.keys.client, self.maya.source, PATIENCE)


Story = Callable[[Scene], Awaitable[None]]


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Keys]:
    return {name: Keys(tmp_path_factory.mktemp(name)) for name in ("maya", "leo", "priya")}


@pytest.fixture
def tell(keys: dict[str, Keys]) -> Callable[[Story], None]:
    """Runs a story, with leo listening."""

    async def told(story: Story) -> None:
        met: asyncio.Queue[Met] = asyncio.Queue()
        main = MainListener(Me("leo", keys["leo"], "127.0.0.3"), objection, met.put)
        await main.open()
        maya, priya = Me("maya", keys["maya"], "127.0.0.2"), Me("priya", keys["priya"], "127.0.0.4")
        scene = Scene(main, maya, priya, met)
        try:
            async with asyncio.timeout(PATIENCE):
                await story(scene)
        finally:
            await main.close()
            while not met.empty():
                hang_up(met.get_nowait())

    return lambda story: asyncio.run(told(story))


def objection(met: Met) -> str:
    return "eve may not" if met.name == "eve" else ""


def hang_up(*met: Met) -> None:
    for one in met:
        for way in one.ways:
            way.abort()


def test_both_ends_know_each_other_and_two_ways_stand(tell: Callable[[Story], None]) -> None:
    """By their keys; both see the same seven emoji."""

    async def story(scene: Scene) -> None:
        leo = await call("127.0.0.3", scene.port, scene.maya)
        maya = await scene.met.get()
        assert (leo.name, leo.fingerprint) == ("leo", scene.main.me.keys.fingerprint)
        assert (maya.name, maya.fingerprint) == ("maya", scene.maya.keys.fingerprint)
        assert len(leo.ways) == len(maya.ways) == 2
        assert leo.emoji == maya.emoji
        assert len(leo.emoji) == 7
        hang_up(leo, maya)

    tell(story)


def test_each_contact_has_emoji_of_its_own(tell: Callable[[Story], None]) -> None:
    """So nobody can replay those that somebody has seen."""

    async def story(scene: Scene) -> None:
        seen = set()
        for _ in range(2):
            leo = await call("127.0.0.3", scene.port, scene.maya)
            seen.add(leo.emoji)
            hang_up(leo, await scene.met.get())
        assert len(seen) == 2

    tell(story)


def test_a_key_that_was_not_asked_for_is_told_nothing(tell: Callable[[Story], None]) -> None:
    """The caller hangs up before it says who it is."""

    async def story(scene: Scene) -> None:
        with pytest.raises(AnotherKey) as error:
            await call("127.0.0.3", scene.port, scene.maya, pinned="f" * 20)
        assert error.value.fingerprint == scene.main.me.keys.fingerprint

    tell(story)


def test_where_nobody_can_connect_back_it_goes_on_over_one_way(tell: Callable[[Story], None]) -> None:
    """Somebody behind a router: both ends are told why."""

    async def story(scene: Scene) -> None:
        own = await scene.inside()
        await introduce(own, scene.maya, "", 1, "token")
        assert "nobody listens" in (await own.hear(OneWay)).why
        met = await scene.met.get()
        assert len(met.ways) == 1
        assert "nobody listens" in met.oneway
        own.abort()

    tell(story)


def test_where_only_the_main_port_can_be_reached_it_goes_on_there(
    tell: Callable[[Story], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A firewall that lets one port in: the caller stays where it is, in TLS from then on."""
    from hubbub.net.direct import meeting

    async def only_main(
        host: str, port: int, context: ssl.SSLContext | None, source: tuple[str, int] | None, seconds: float
    ) -> Stream:
        if context is not None and host == "127.0.0.3":
            raise NoContact("no answer")
        return await reach(host, port, context, source, seconds)

    monkeypatch.setattr(meeting, "reach", only_main)

    async def story(scene: Scene) -> None:
        leo = await call("127.0.0.3", scene.port, scene.maya)
        maya = await scene.met.get()
        assert leo.fingerprint == scene.main.me.keys.fingerprint
        assert len(leo.ways) == 2
        hang_up(leo, maya)

    tell(story)


def test_a_call_ends_however_much_the_caller_has_sent(tell: Callable[[Story], None]) -> None:
    """Until it is taken little is read of it."""

    async def story(scene: Scene) -> None:
        leo = await call("127.0.0.3", scene.port, scene.maya)
        pair = Pair(await scene.met.get())
        ringing = asyncio.ensure_future(pair.run())
        while pair.readable.is_set():
            leo.ways[0].writer.write(b"x" * 1023 + b"\n")
            await asyncio.sleep(0)
        pair.close("nobody answered")
        await ringing
        hang_up(leo)

    tell(story)


def test_a_port_is_for_the_address_that_asked_for_it(tell: Callable[[Story], None]) -> None:
    """Who comes from elsewhere is hung up on, and the right one still comes in."""

    async def story(scene: Scene) -> None:
        main, port = await scene.greeted()
        stranger = await reach("127.0.0.3", port, scene.maya.keys.client, ("127.0.0.9", 0), PATIENCE)
        with pytest.raises(NoContact):
            await stranger.hear(Answer)
        own = await reach("127.0.0.3", port, scene.maya.keys.client, scene.maya.source, PATIENCE)
        await introduce(own, scene.maya, "", 0, "")
        await own.hear(OneWay)
        hang_up(await scene.met.get())
        for stream in (main, own, stranger):
            stream.abort()

    tell(story)


def test_a_caller_who_names_somebody_elses_port_is_found_out(tell: Callable[[Story], None]) -> None:
    """Whoever answers there has another key: no way back, and nothing is said to them."""

    async def story(scene: Scene) -> None:
        async with Door("127.0.0.2", "127.0.0.3", scene.priya.keys.server) as door:
            own = await scene.inside()
            await introduce(own, scene.maya, "", door.port, "token")
            assert "somebody else than maya" in (await own.hear(OneWay)).why
            hang_up(await scene.met.get())
            own.abort()
            (await door.visitor()).abort()

    tell(story)


async def prove(own: Stream, me: Me, signed_by: Me, commit: str = "") -> Answer:
    """The proof as it should be, but for what a story changes."""
    nonce = "ab" * 32
    own.say(Hello(1, me.name, commit or sha256(bytes.fromhex(nonce)).hexdigest()))
    answer = await own.hear(Answer)
    said = transcript(sha256(own.certificate()).hexdigest(), me.keys.fingerprint, answer, nonce)
    signature = b64encode(signed_by.keys.sign(said)).decode()
    own.say(Proof(nonce, b64encode(me.keys.certificate).decode(), signature))
    return answer


def test_a_certificate_without_its_key_is_found_out(tell: Callable[[Story], None]) -> None:
    """Certificates are no secret: priya shows maya's."""

    async def story(scene: Scene) -> None:
        own = await scene.inside()
        await prove(own, scene.maya, signed_by=scene.priya)
        assert "does not have the key" in (await own.hear_any()).why  # type: ignore[union-attr]
        own.abort()

    tell(story)


def test_a_proof_that_was_heard_once_is_good_for_nothing(tell: Callable[[Story], None]) -> None:
    """It is signed over numbers of that call, leo's among them."""

    async def story(scene: Scene) -> None:
        own = await scene.inside()
        nonce, answer = "ab" * 32, await prove(own, scene.maya, scene.maya)
        hang_up(await scene.met.get())
        own.abort()
        old = transcript(scene.main.me.keys.fingerprint, scene.maya.keys.fingerprint, answer, nonce)
        again = await scene.inside()
        again.say(Hello(1, "maya", sha256(bytes.fromhex(nonce)).hexdigest()))
        await again.hear(Answer)
        signature = b64encode(scene.maya.keys.sign(old)).decode()
        again.say(Proof(nonce, b64encode(scene.maya.keys.certificate).decode(), signature))
        assert isinstance(await again.hear_any(), No)
        again.abort()

    tell(story)


def test_a_number_that_was_chosen_afterwards_is_found_out(tell: Callable[[Story], None]) -> None:
    """Somebody in between cannot try numbers until the emoji fit."""

    async def story(scene: Scene) -> None:
        own = await scene.inside()
        await prove(own, scene.maya, scene.maya, commit="0" * 64)
        assert "another number" in (await own.hear_any()).why  # type: ignore[union-attr]
        own.abort()

    tell(story)


def test_a_name_is_one_visible_word(tell: Callable[[Story], None]) -> None:
    """Whatever somebody calls themselves: nobody's screen is steered by it."""

    async def story(scene: Scene) -> None:
        leo = await call("127.0.0.3", scene.port, replace(scene.maya, name="ma\x1b[2Jya !!\r\n" + "x" * 99))
        maya = await scene.met.get()
        assert maya.name == "ma[2Jya!!" + "x" * 23
        hang_up(leo, maya)

    tell(story)


def test_who_is_not_wanted_is_told_so(tell: Callable[[Story], None]) -> None:
    """In the words of the end that was called."""

    async def story(scene: Scene) -> None:
        with pytest.raises(NoContact, match="eve may not"):
            await call("127.0.0.3", scene.port, replace(scene.maya, name="eve"))

    tell(story)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (b"GET / HTTP/1.1\r\n", "does not speak this protocol"),
        (b'{"t":"stands"}\n', "expected Hello, got Stands"),
        (b'{"t":"hello","v":1,"name":7,"commit":""}\n', "does not speak this protocol"),
        (b"x" * 70_000, "a line without an end"),
        (msgspec.json.encode(Stands()) * 9_000, "a line without an end"),
    ],
)
def test_garbage_is_answered_by_a_sentence(tell: Callable[[Story], None], said: bytes, words: str) -> None:
    """And leo is there for the next."""

    async def story(scene: Scene) -> None:
        own = await scene.inside()
        own.writer.write(said)
        word = await own.hear_any()
        assert isinstance(word, No)
        assert words in word.why
        own.abort()
        leo = await call("127.0.0.3", scene.port, scene.maya)
        hang_up(leo, await scene.met.get())

    tell(story)


def test_callers_who_say_nothing_keep_nobody_out(tell: Callable[[Story], None]) -> None:
    """Four from one address may wait at a time; others come in meanwhile."""

    async def story(scene: Scene) -> None:
        silent = [await reach("127.0.0.3", scene.port, None, ("127.0.0.7", 0), PATIENCE) for _ in range(5)]
        with pytest.raises(NoContact, match="too many are calling"):
            await silent[-1].hear(Greeting)
        leo = await call("127.0.0.3", scene.port, scene.maya)
        hang_up(leo, await scene.met.get())
        for stream in silent:
            stream.abort()

    tell(story)


def test_where_nobody_listens_it_says_so() -> None:
    async def story() -> None:
        with pytest.raises(NoContact, match=r"nobody listens at 127\.0\.0\.3:1;"):
            await reach("127.0.0.3", 1, None, None, PATIENCE)

    asyncio.run(story())
