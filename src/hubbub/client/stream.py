"""Opening the way to a server, and saying in words why it cannot be opened."""

import asyncio
import socket
import ssl
from collections.abc import Callable
from typing import Final

from hubbub.client.trust import Trust, Untrusted, fingerprint_of, spell
from hubbub.client.url import Address

Stream = tuple[asyncio.StreamReader, asyncio.StreamWriter]

# Longer than a lost SYN is sent again, shorter than a person waits.
_CONNECT_S: Final = 20.0

# IPv6 and IPv4 are tried side by side: RFC 8305, "Happy Eyeballs", recommends 250 ms.
_NEXT_FAMILY_S: Final = 0.25


async def open_stream(address: Address, trust: Trust) -> Stream:
    """Connect; raises OSError (ssl.SSLError and TimeoutError are among them)."""
    async with asyncio.timeout(_CONNECT_S):
        if address.path and not hasattr(socket, "AF_UNIX"):
            raise OSError(0, "this computer has no unix sockets; write HOST:PORT")
        if address.path:
            return await asyncio.open_unix_connection(address.path)
        if address.descriptor >= 0:
            return await asyncio.open_connection(sock=socket.socket(fileno=address.descriptor))
        if not address.tls:
            return await _open(address, None)
        context = await asyncio.to_thread(trust.context, address)  # reads the system's certificates from disk
        stream = await _open(address, context)
    try:
        trust.check(address, certificate_of(stream))
    except Untrusted:
        stream[1].transport.abort()
        raise
    return stream


async def explain(error: OSError, address: Address) -> str:
    """Why there is no way to a server, and what to do."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return await _explain_certificate(error, address)
    for kind, sentence in _SENTENCES.items():
        if isinstance(error, kind):
            return sentence(error, address)
    return f"cannot connect to {address}: {error.strerror or error}"


def certificate_of(stream: Stream) -> bytes:
    """What the server shows (DER)."""
    ssl_object: ssl.SSLObject = stream[1].get_extra_info("ssl_object")
    return ssl_object.getpeercert(binary_form=True) or b""


async def _open(address: Address, context: ssl.SSLContext | None) -> Stream:
    try:
        return await asyncio.open_connection(
            address.host, address.port, ssl=context, happy_eyeballs_delay=_NEXT_FAMILY_S
        )
    except UnicodeError as error:  # a name that cannot be one, "a..b"
        raise socket.gaierror(socket.EAI_NONAME, "no such name") from error


async def _explain_certificate(error: ssl.SSLCertVerificationError, address: Address) -> str:
    """Name the fingerprint, so that the person can compare it with what the server's owner says."""
    words = f"the certificate of {address} is not trusted ({error.verify_message.lower()})"
    try:
        async with asyncio.timeout(_CONNECT_S):
            stream = await _open(address, Trust(insecure=True).context(address))
    except OSError:
        return f"{words}; ask for the server's fingerprint, and give it with --fingerprint"
    seen = fingerprint_of(certificate_of(stream))
    stream[1].transport.abort()
    return (
        f"{words}. Its fingerprint is {spell(seen)}. If that is what the person who runs the server says, "
        f"add --fingerprint {seen}"
    )


def _another_certificate(error: OSError, address: Address) -> str:
    seen, file = (error.fingerprint, error.remembered) if isinstance(error, Untrusted) else ("", "")
    if not file:
        return (
            f"{address} has another certificate than the one you were told of: its fingerprint is {spell(seen)}. "
            "Ask the person who runs the server whether it was changed; if not, someone is listening in"
        )
    return (
        f"STOP: {address} has another certificate than when you were there before. Its fingerprint is {spell(seen)}. "
        "Either the server was set up anew, or somebody is in between and would hear all that you say. Ask the person "
        f"who runs it, not in this chat. If that is its fingerprint: hubbub join {address} --fingerprint {seen} "
        f"(what is remembered stands in {file})"
    )


_HINT: Final = "; check the address, and that no firewall is in between"
_TLS_HINT: Final = " in TLS; check the address, and whether it speaks plain IRC: irc://"

_SENTENCES: Final[dict[type[OSError], Callable[[OSError, Address], str]]] = {
    Untrusted: _another_certificate,
    ssl.SSLError: lambda _, address: f"{address} does not answer in TLS; if it speaks plain IRC, write irc://{address}",
    socket.gaierror: lambda _, address: f"there is no host '{address.host}'; check the name, and that you are online",
    TimeoutError: lambda _, address: f"no answer from {address}{_TLS_HINT if address.tls else _HINT}",
    ConnectionRefusedError: lambda _, address: (
        f"nobody listens at {address}; is the server running, and is that its port?"
    ),
    FileNotFoundError: lambda _, address: f"there is no socket at {address}; is the server running?",
    PermissionError: lambda _, address: f"you may not use {address}; ask the person who runs the server for access",
}
