"""The village behind a real socket: TCP, TLS or a unix socket on this machine, with connections that can be cut."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from hubbub.client.connection import Patience
from hubbub.client.trust import fingerprint_of
from hubbub.client.url import Address
from tests.client.village import Guest, Village

# A client that waits for nothing longer than a test may.
SOON = Patience(silence=0.05, registration=5, quiet=5, answer=5, first=0.01, most=0.02, leave=1)


class Harbour:
    """A listening village. `deaf` makes it read and never answer."""

    def __init__(self, village: Village) -> None:
        self.village = village
        self.address = Address()
        self.deaf = False
        self.arrivals = 0
        self._news = asyncio.Event()
        self._ships: dict[asyncio.StreamWriter, Guest] = {}

    def flush(self) -> None:
        """What the village has to say goes out."""
        for writer, guest in self._ships.items():
            if guest.out and not self.deaf:
                writer.write(bytes(guest.out))
                guest.out.clear()

    def cut(self) -> None:
        """Every connection breaks."""
        for writer, guest in list(self._ships.items()):
            self.village.cut(guest)
            writer.transport.abort()

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait until clients have said something that makes it so."""
        while not condition():
            self._news.clear()
            await self._news.wait()

    async def receive(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, as long as it lasts."""
        self.arrivals += 1
        guest = self._ships[writer] = self.village.welcome()
        try:
            while data := await reader.read(4096):
                self.village.feed(guest, data)
                self.flush()
                self._news.set()
                if guest not in self.village.guests:
                    break
        except ConnectionError:
            pass
        finally:
            del self._ships[writer]
            self.village.cut(guest)
            writer.close()


@asynccontextmanager
async def harbour(village: Village, path: str = "", tls: ssl.SSLContext | None = None) -> AsyncIterator[Harbour]:
    """A harbour on a free port of this machine, or at the path of a unix socket."""
    made = Harbour(village)
    if path:
        server = await asyncio.start_unix_server(made.receive, path)
        made.address = Address(path=path)
    else:
        server = await asyncio.start_server(made.receive, "127.0.0.1", 0, ssl=tls)
        made.address = Address("127.0.0.1", server.sockets[0].getsockname()[1], tls=tls is not None)
    async with server:
        yield made
        made.cut()


def run(scene: Callable[[Harbour], Awaitable[None]], village: Village | None = None) -> None:
    """Act a scene at a harbour of its own, to its end or to that of all patience."""

    async def sail() -> None:
        async with asyncio.timeout(40), harbour(village or Village()) as port:
            await scene(port)

    asyncio.run(sail())


class Certificate:
    """A certificate that nobody vouches for, for 127.0.0.1."""

    def __init__(self, directory: Path) -> None:
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
        now = datetime.now(UTC)
        certificate = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(key.public_key())
            .serial_number(1)
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=1))
            .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
            .sign(key, hashes.SHA256())
        )
        self.fingerprint = fingerprint_of(certificate.public_bytes(serialization.Encoding.DER))
        self.path = directory / "certificate.pem"
        self.path.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
            + certificate.public_bytes(serialization.Encoding.PEM)
        )

    def context(self) -> ssl.SSLContext:
        """What a server needs to show it."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.path)
        return context
