"""Everything that reads what others wrote, as functions from bytes to nothing: they raise only where there is a defect.

What is checked of each is what its readers rely on: it answers or refuses, as its docstring says, and raises nothing
else; what it wrote it reads as the same; what it hands on is bounded and has in it only what may be there. `make fuzz`
looks for bytes that break one of these, and `test_targets.py` tries a few at each `make test`.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import h11
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from websockets.frames import Frame
from websockets.streams import StreamReader

from hubbub.client import formatting
from hubbub.client.protocol import Protocol
from hubbub.client.registration import Identity
from hubbub.client.url import BadAddress, parse_address
from hubbub.config.endpoint import parse as parse_endpoint
from hubbub.config.loading import load
from hubbub.config.problems import ConfigError
from hubbub.dialects.direct import frames
from hubbub.dialects.doors import SEATS
from hubbub.dialects.irc.registry import CAPABILITIES
from hubbub.hub.invites import ALPHABET, LENGTHS, read_code
from hubbub.net import body, headers, media, metadata, proxy, ranges
from hubbub.net.direct import keys
from hubbub.net.direct.code import BITS, BadCode, code_of, prefix_of
from hubbub.net.frames import as_binary, as_text
from hubbub.net.https import place_of
from hubbub.net.origins import may_connect
from hubbub.net.webpush import receiver
from hubbub.wire import sasl, scram
from hubbub.wire.casemap import fold
from hubbub.wire.chunks import TEXT_MAX, ChunkReader
from hubbub.wire.clean import clean, typed
from hubbub.wire.framing import LineReader
from hubbub.wire.line import BadLine, Line, encode, escape_tag, parse, serialise, unescape_tag
from hubbub.wire.masks import matches, normalise
from hubbub.wire.telnet import Telnet
from tests.client.test_model_hostile import GREETING, Desk
from tests.client.village import START
from tests.doors.porch import Porch
from tests.irc.test_bad_input import check
from tests.scene import Scene

BREAKS: Final = set("\r\n\0")


@dataclass(frozen=True, slots=True)
class Target:
    """`seeds` are what it is used to, for those who look for what it is not; `words` mean something to it."""

    run: Callable[[bytes], None]
    seeds: tuple[bytes, ...]
    words: tuple[bytes, ...]
    slow: bool


TARGETS: Final[dict[str, Target]] = {}


def target(
    *seeds: bytes, words: tuple[bytes, ...] = (), slow: bool = False
) -> Callable[[Callable[[bytes], None]], Callable[[bytes], None]]:
    """`slow` is what builds a house for each try."""

    def known(run: Callable[[bytes], None]) -> Callable[[bytes], None]:
        TARGETS[run.__name__] = Target(run, seeds, words, slow)
        return run

    return known


def text_of(data: bytes) -> str:
    return data.decode("utf-8", "replace")


def cut(data: bytes) -> tuple[list[bytes], bytes]:
    """Pieces as a network may cut them, by the first byte, and the whole."""
    size, rest = (data[0] % 32 + 1, data[1:]) if data else (1, b"")
    return [rest[start : start + size] for start in range(0, len(rest), size)], rest


# Of the wire.


@target(
    b"@a=\\s;b :maya!m@h PRIVMSG #tea :good morning", b":hub 001 maya", b"NICK maya", words=(b" :", b"@", b";", b"=")
)
def line(data: bytes) -> None:
    """What is read is written as something that is read as the same."""
    try:
        told = parse(text_of(data))
        written = serialise(told)
    except BadLine:
        return
    assert not BREAKS & set(written)
    assert parse(written) == told
    assert encode(told) == f"{written}\r\n".encode()


@target(b"a;b c\\d\r\n", b"\\s\\:\\\\", words=(b"\\", b";"))
def tag(data: bytes) -> None:
    """A value is what it was before it was escaped."""
    value = text_of(data).replace("\0", "")
    assert unescape_tag(escape_tag(value)) == value
    told = Line("TAGMSG", ("#tea",), tags={"+a": value})
    assert parse(serialise(told)) == told


@target(b"\x03NICK maya\r\nUSER m 0 * :m\r\n", b"\x01" + b"x" * 200 + b"\n\nb\n", words=(b"\r\n", b"\n", b"\r"))
def framing(data: bytes) -> None:
    """However it is cut, the same lines come of it, each below the limit."""
    pieces, whole = cut(data)
    reader = LineReader(64)
    lines = [one for piece in pieces for one in reader.feed(piece)]
    assert lines == LineReader(64).feed(whole)
    for one in lines:
        if isinstance(one, bytes):
            assert one
            assert b"\n" not in one
            assert len(one) < 64


@target(b"\x05hello\nthere", b"\x01caf\xc3\xa9", words=(b"\n", b"\xe2\x82\xac", b"\xf0\x9f"))
def chunks(data: bytes) -> None:
    """Each text is within the limit, and has no line of its own in it."""
    reader = ChunkReader()
    for piece in cut(data)[0]:
        for one in (*reader.feed(piece, 0.0), *(reader.rest() if len(piece) % 2 else ())):
            assert one
            assert not isinstance(one, str) or (len(one) <= TEXT_MAX and not BREAKS & set(one))


@target(
    b"\x02maya\xff\xfd\x01\r\n",
    b"\x01\xff\xfa\x18\x00xterm\xff\xf0hi",
    words=(b"\xff", b"\xff\xf0", b"\xff\xfa", b"\xfb"),
)
def telnet(data: bytes) -> None:
    """However it is cut, the same is typed and answered: without commands, and no more than was asked."""
    pieces, whole = cut(data)
    one, at_once = Telnet(), Telnet().feed(whole)
    told = [one.feed(piece) for piece in pieces]
    assert (b"".join(words for words, _ in told), b"".join(answer for _, answer in told)) == at_once
    assert b"\xff" not in at_once[0]
    assert len(at_once[1]) <= len(whole)


@target(
    b"\x1b[31mred\x1b[0m \x02bold\x02",
    "\u202eabc\u2066 e\u0301\u0301\u0301".encode(),
    words=(b"\x1b[", b"\x03", b"\x9b"),
)
def cleaning(data: bytes) -> None:
    """Nothing is left that steers a terminal, and what is clean stays as it is."""
    told = clean(text_of(data))
    assert clean(told) == told
    assert not any(ord(c) < 32 or 127 <= ord(c) < 160 for c in told + typed(text_of(data)))


@target(b"maya!*@*.example.org\nmaya!m@a.example.org", b"*?\\*\nx", words=(b"*", b"?", b"\\", b"!", b"@"))
def mask(data: bytes) -> None:
    """A full mask is its own full form; `*` fits everybody."""
    told, _, text = text_of(data).partition("\n")
    full = normalise(told)
    assert normalise(full) == full
    matches(told[:80], text[:200])
    assert matches("*", text)
    assert fold(fold(text)) == fold(text)


# Of logins.


@target(b"PLAIN\nAG1heWEAc2VjcmV0", b"+\n+", b"QQ" * 200 + b"\n+", words=(b"+", b"*", b"\n", b"="))
def login(data: bytes) -> None:
    """A response is read, or refused as one; what we say in pieces is heard as it was."""
    response = sasl.Response()
    for chunk in text_of(data).split("\n"):
        with suppress(sasl.BadResponse):
            whole = response.feed(chunk)
            if whole is not None:
                sasl.plain(whole)
    challenge, again = data[:3000], sasl.Response()
    *some, last = (again.feed(chunk) for chunk in sasl.chunks(challenge))
    assert (set(some) <= {None}, last) == (True, challenge)


@target(b"n,,n=maya,r=abc\nc=biws,r=abcxyz,p=AAAA", b"y,a=m,n=m,r=x,e=1\nc=,r=", words=(b"n,,", b"n=", b",r=", b"=2C"))
def challenge(data: bytes) -> None:
    """Nobody proves a password by chance, and what cannot be read is refused."""
    first, _, final = data.partition(b"\n")
    with suppress(sasl.BadResponse):
        exchange = scram.Exchange(first, "xyz")
        exchange.challenge(b"salt", 4096)
        assert exchange.finish(final, b"s" * 32, b"k" * 32) is None
    with suppress(sasl.BadResponse):
        assert scram.prepared(text_of(data))


@target(b"k7q4m2", b"K7Q4-M2", b"o0il1")
def invite(data: bytes) -> None:
    """A code is of our letters, and is read as itself."""
    code = read_code(text_of(data))
    assert not code or (len(code) in LENGTHS and set(code) <= set(ALPHABET) and read_code(code) == code)


@target(code_of("0123456789abcdef0123").encode(), b"7K3FA-9QXMC-2T8VH-H4WDN", words=(b"-", b"O", b"L"))
def spoken(data: bytes) -> None:
    """Whatever is taken for a code is one, and is said as it was heard."""
    prefix = data[: BITS // 8].ljust(BITS // 8, b"\0").hex()
    assert prefix_of(code_of(prefix)) == prefix
    with suppress(BadCode):
        heard = prefix_of(text_of(data))
        assert prefix_of(code_of(heard)) == heard


# Of the net.


@target(
    b"PROXY TCP4 192.0.2.1 192.0.2.2 1024 6667\r\nNICK maya",
    b"PROXY UNKNOWN\r\n",
    b"\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0c\xc0\0\2\1\xc0\0\2\2\4\0\x1a\x0b",
    words=(b"TCP6", b"::1", b"\r\n\r\n\0\r\nQUIT\n\x21\x21"),
)
def proxied(data: bytes) -> None:
    """A header is within what came, and nothing in front of its end is one."""
    try:
        told = proxy.parse(data)
    except proxy.BadHeader:
        return
    if told is not None:
        assert 0 < told.length <= min(len(data), proxy.LENGTH_MAX)
        assert proxy.parse(data[: told.length]) == told
        assert proxy.parse(data[: told.length - 1]) is None


@target(b"bytes=0-99", b"bytes=-5", b"bytes=5-", b"bytes=1-2,3-4", words=(b"bytes=", b"-", b","))
def part(data: bytes) -> None:
    """A part lies within the file."""
    for size in (0, 1, 1000):
        with suppress(ranges.Unsatisfiable):
            told = ranges.wanted(text_of(data), size)
            assert told is None or 0 <= told[0] < told[1] <= size


@target(
    b"GET /ws HTTP/1.1\r\nHost: a\r\nOrigin: http://a\r\nAuthorization: Basic bWF5YTp4\r\n\r\n",
    b'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nForwarded: for="[::1]:1"\r\n\r\nabc',
    words=(b"Transfer-Encoding: chunked\r\n", b"Content-Length: ", b"X-Forwarded-For: ", b"\r\n ", b"0\r\n\r\n"),
)
def request(data: bytes) -> None:
    """A request is read in one way, or refused; a body is as long as it was said to be."""
    connection = h11.Connection(h11.SERVER, max_incomplete_event_size=16_384)
    try:
        body.check_lines(data)
        connection.receive_data(data)
        asked = connection.next_event()
        if not isinstance(asked, h11.Request):
            return
        body.check_lengths(asked)
    except h11.RemoteProtocolError:
        return
    for text in (headers.forwarded_for(asked), *headers.basic(asked), headers.first(asked, b"host")):
        assert "\n" not in text or text in headers.basic(asked)
    may_connect(headers.every(asked, b"origin"), headers.every(asked, b"host"), (), ())
    come = connection.trailing_data[0]
    told = body.body_of(asked, come)
    assert told is None or len(told.take()) <= len(come)


@target(
    b'attachment; filename="plan.pdf"',
    b"inline; filename*=UTF-8''%e2%82%ac.txt",
    words=(b"filename", b"*0", b"'", b"%0d"),
)
def name(data: bytes) -> None:
    """A name is neither a path nor a header, however it was said."""
    told = media.name_in(data.decode("latin-1"))
    assert len(told) <= 100
    assert not set(told) & {"/", "\\", *BREAKS}
    assert not told.startswith(".")
    written = media.disposition(told, shown=False)
    assert written.isascii()
    assert not BREAKS & set(written)
    assert not media.media_type(data) or "/" in media.media_type(data)


@target(
    b"\xff\xd8\xff\xe0\0\x04ab\xff\xda\0\x02xyz\xff\xd9",
    b"\x89PNG\r\n\x1a\n\0\0\0\x04IHDRabcd\0\0\0\0\0\0\0\0IEND\0\0\0\0",
    b"GIF89a\1\0\1\0\0\0\0\x2c\0\0\0\0\1\0\1\0\0\x02\x01\0\0\x3b",
    b"RIFF\x16\0\0\0WEBPVP8 \x02\0\0\0abEXIF\0\0\0\0",
    words=(b"\xff\xe1", b"tEXt", b"EXIF", b"VP8X", b"\x21\xf9"),
)
def picture(data: bytes) -> None:
    """What is bare stays as it is, and grows by no more than which way up it is."""
    with suppress(metadata.BadPicture):
        told = metadata.bare(data, metadata.UPRIGHT)
        assert len(told) <= len(data) + 2
        assert metadata.bare(told, metadata.UPRIGHT) == told
    with suppress(metadata.BadPicture):
        assert len(metadata.bare(data, 6)) <= len(data) + 256


@target(b"PING a\r\nPING b\r\n", b"x" * 130 + b"\r\n", words=(b"\r\n",))
def websocket(data: bytes) -> None:
    """Lines in frames are the same lines, by somebody else's parser."""
    lines = [bytes(one) for one in LineReader().feed(data) if isinstance(one, bytes) and b"\r" not in one]
    wire = b"".join(one + b"\r\n" for one in lines)
    for framed in (as_text, as_binary):
        assert [frame.data for frame in _frames(framed(wire))] == lines


def _frames(data: bytes) -> Iterator[Frame]:
    reader = StreamReader()
    reader.feed_data(data)
    reader.feed_eof()
    while reader.buffer:
        yield from _one(reader)


def _one(reader: StreamReader) -> Iterator[Frame]:
    parser = Frame.parse(reader.read_exact, mask=False, max_size=None)
    try:
        next(parser)
    except StopIteration as done:
        yield done.value


@target(b"https://push.example.org/x?y", b"https://[::1]:8443/", words=(b"https://", b"@", b"[", b"]", b":443"))
def endpoint(data: bytes) -> None:
    """Where a device is told lies at a host, and nothing else is in its lines; keys are points, or refused."""
    text = text_of(data)
    with suppress(ValueError):
        told = place_of(text)
        assert not set(told.host + told.target) & {" ", *BREAKS}
        assert 0 < told.port < 65536
    first, _, rest = text.partition("\n")
    with suppress(ValueError):
        receiver(first, rest)


# Of direct conversations.


@target(
    frames.encode(frames.Bye("later")),
    frames.encode(frames.Said("room", 5, 0, "PRIVMSG", "hi")),
    words=(b'"t":"have"', b'"to":"you"'),
)
def direct(data: bytes) -> None:
    """What an end says is a frame that is read as itself, or refused."""
    with suppress(frames.BadFrame):
        told = frames.decode(data)
        written = frames.encode(told)
        assert written.count(b"\n") == 1
        assert frames.decode(written) == told


def _stranger() -> bytes:
    """A certificate (DER), and a good one."""
    key, named = ec.derive_private_key(7, ec.SECP256R1()), x509.Name([])
    begun = datetime(2026, 1, 1, tzinfo=UTC)
    bare = x509.CertificateBuilder(named, named, key.public_key(), 7, begun, begun + timedelta(days=1))
    return bare.sign(key, hashes.SHA256()).public_bytes(Encoding.DER)


@target(_stranger(), words=(b"\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07", b"\x30\x13\x06\x07"))
def certificate(data: bytes) -> None:
    """A stranger's certificate signs nothing that it did not sign."""
    assert not keys.signed_by(data, b"signature", b"said")


# Of what people write.


@target(
    b'name = "here"\n[[listen]]\nurl = "irc://127.0.0.1:0"\n',
    b"[limits]\nline_rate = 3\n",
    words=(b"[[", b'"""', b"= -1", b"[tls]"),
)
def config(data: bytes) -> None:
    """A configuration is taken, or refused with a sentence."""
    with _written(data) as file, suppress(ConfigError):
        load(file)


@contextmanager
def _written(data: bytes) -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as directory:
        file = Path(directory, "hubbub.toml")
        file.write_bytes(data)
        yield file


@target(
    b"ircs://maya:x@hub.example:6697/#tea?key=s",
    b"unix:/run/x#a",
    b"[::1]:6667",
    words=(b"irc://", b"?fp=", b"#", b"@"),
)
def address(data: bytes) -> None:
    """Where a server is has a place, or is refused."""
    try:
        told = parse_address(text_of(data))
    except BadAddress:
        return
    assert told.path or (told.host and 0 < told.port < 65536)


@target(
    b"ircs://0.0.0.0:6697",
    b"plain://127.0.0.1:4000/?room=%23den",
    b"ssh://[::]:22?face=plain",
    words=(b"://", b"?room=", b"&"),
)
def listener(data: bytes) -> None:
    """A listener's URL is written as one that is read as the same, or refused."""
    with suppress(ValueError):
        told = parse_endpoint(text_of(data))
        assert parse_endpoint(told.url) == told


@target(
    b"\x02bold\x02 and `code` http://a.b/ \x0304,12red",
    b"*a* _b_ ~c~ ||d||",
    words=(b"\x02", b"\x03", b"\x04", b"`", b"*"),
)
def marked(data: bytes) -> None:
    """Nothing that is drawn of a line steers a terminal; marks lie within it, and links lead where they say."""
    told = formatting.read(text_of(data))
    assert clean(told.text) == told.text
    for span in told.spans:
        assert 0 <= span.start <= span.end <= len(told.text)
        assert span.link.isascii()
        assert span.link in {"", told.text[span.start : span.end]}


# Of whole ends: a house for each try.


@target(
    b"\x10CAP LS 302\r\nNICK leo\r\nUSER leo 0 * :Leo\r\nCAP END\r\nJOIN #room\r\n",
    b"\x20@label=1 PRIVMSG #room :hi\r\nCHATHISTORY LATEST #room * 10\r\nMODE #room +k x\r\n",
    words=(b"\r\n", b"AUTHENTICATE PLAIN", b"BATCH +x draft/multiline #room", b"METADATA * SET", b"REDACT #room "),
    slow=True,
)
def irc(data: bytes) -> None:
    """Whatever a newcomer and a member send, nothing of ours goes wrong, and all that goes out are lines."""
    scene = Scene()
    maya = scene.enter("maya", *CAPABILITIES, rooms=["#room", "#other"])
    people = [scene.connect(), maya]
    for number, piece in enumerate([*cut(data)[0][:200], b"\r\n"]):
        people[data[0] % 2 if data else number % 2].send(piece)
    for person in people:
        check(person)
    assert scene.faults == []


@target(
    b"\x00maya\nhello\n/quit\n", b"\x01@maya: hi", b"\x05login ida x\n", words=(b"\n", b"/", b"@", b"#lobby"), slow=True
)
def door(data: bytes) -> None:
    """Whatever comes through a door without a protocol, what is told there is UTF-8, and nothing goes wrong."""
    kinds = sorted(SEATS)
    porch = Porch()
    ida, tom = porch.enter("ida", rooms=["#lobby"]), porch.at(kinds[data[0] % len(kinds) if data else 0])
    for piece in cut(data[1:])[0][:200]:
        if not tom.cable.closed:
            tom.sends(piece)
    tom.hears()
    tom.leaves()
    ida.reads()
    assert porch.faults == []


@target(
    b"\x20:maya!m@h PRIVMSG #general :hi\r\n",
    b"\x10@batch=b :v BATCH +b chathistory #general\r\n",
    words=(b"\r\n", b":v ", b"@msgid=m1", b"BATCH"),
    slow=True,
)
def server(data: bytes) -> None:
    """Whatever a server says, our client goes on, and says only lines; what is on its desk stays whole."""
    desk = Desk()
    for piece in cut(data)[0][:200]:
        desk.hear(piece)
    said = desk.client.data_to_send()
    assert not said or said.endswith(b"\r\n")
    newcomer = Protocol(Identity("leo"), clock=lambda: START)
    newcomer.connection_made()
    for piece in (data, GREETING):
        newcomer.receive(piece)
