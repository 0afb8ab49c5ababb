"""One TLS or TCP connection as lines of JSON: what a stranger says is bounded in length and in time."""

from __future__ import annotations

import asyncio
from typing import Final, TypeVar

import msgspec

from hubbub.net.direct.words import No, Word

W = TypeVar("W")

LINE_MAX: Final = 64 * 1024
"""Bytes in a line. The longest honest one is a message of 16 KiB in JSON, where a character may take six."""

ANSWERS_S: Final = 10.0
"""Within which a stranger has to say the next word: longer than bad networks take, short enough to hold a place."""

_words: Final[msgspec.json.Decoder[Word]] = msgspec.json.Decoder(Word)


class NoContact(Exception):
    """Why two ends did not come into contact, in a sentence for people."""


class Stream:
    """`name` is what sentences call the other end."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, name: str = "") -> None:
        self.reader, self.writer = reader, writer
        self.address = str(writer.get_extra_info("peername")[0])
        self.name = name or self.address

    def say(self, word: Word) -> None:
        self.writer.write(msgspec.json.encode(word) + b"\n")

    async def hear(self, kind: type[W], seconds: float = ANSWERS_S) -> W:
        """The next word, which has to be of that kind. Raises `NoContact`."""
        word = await self.hear_any(seconds)
        if isinstance(word, No):
            raise NoContact(f"{self.name} says no: {word.why[:300]}")
        if not isinstance(word, kind):
            raise NoContact(f"{self.name} does not keep to the protocol: expected {kind.__name__}, got {_name(word)}")
        return word

    async def hear_any(self, seconds: float = ANSWERS_S) -> Word:
        """The next word. Raises `NoContact`."""
        try:
            async with asyncio.timeout(seconds):
                line = await self.reader.readuntil(b"\n")
        except TimeoutError:
            raise NoContact(f"{self.name} said nothing for {seconds:g} s") from None
        except asyncio.IncompleteReadError:
            raise NoContact(f"{self.name} hung up") from None
        except asyncio.LimitOverrunError:
            raise NoContact(f"{self.name} sent a line without an end") from None
        except OSError as error:
            raise NoContact(f"the connection to {self.name} broke ({error.strerror or error})") from None
        return self._read(line)

    def certificate(self) -> bytes:
        """What the other end showed in TLS (DER)."""
        tls = self.writer.get_extra_info("ssl_object")
        return (tls.getpeercert(binary_form=True) or b"") if tls is not None else b""

    def abort(self) -> None:
        self.writer.transport.abort()

    def close(self) -> None:
        self.writer.close()

    def _read(self, line: bytes) -> Word:
        try:
            return _words.decode(line)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise NoContact(f"{self.name} does not speak this protocol ({error})") from None


def _name(word: Word) -> str:
    return type(word).__name__
