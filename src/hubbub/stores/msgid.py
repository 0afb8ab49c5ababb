"""The ids that clients see: an entry's number enciphered, so nobody can guess one and no index has to keep them.

AES on a single block is a keyed permutation (https://csrc.nist.gov/pubs/fips/197/final). The block is the number, the
epoch and four zero bytes: a made-up id does not decipher to such a block, and one from before a backup was restored
has another epoch, so it is never taken for a message that was stored since.
"""

from binascii import Error, a2b_base64, b2a_base64
from collections.abc import Sequence
from struct import Struct, pack
from typing import Final

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

SEQ_BITS: Final = 40
"""An entry's number is its conversation's number above this many bits, and its `seq` within it below."""

SEQ_MASK: Final = (1 << SEQ_BITS) - 1

LENGTH: Final = 22
"""Characters of an id: 16 bytes in base64 without the padding, which says nothing here."""

_BLOCK: Final = Struct(">QII")
_NUMBER: Final = Struct(">Q")
_ROOM: Final = LENGTH + 2
_TO_URL: Final = bytes.maketrans(b"+/", b"-_")
_FROM_URL: Final = bytes.maketrans(b"-_+/=", b"+/!!!")  # the plain alphabet and padding are not ours


def number_of(cid: int, seq: int) -> int:
    """The number of an entry: the `seq`-th of conversation `cid`."""
    return cid << SEQ_BITS | seq


def place_of(number: int) -> tuple[int, int]:
    """The conversation and the seq of a number."""
    return number >> SEQ_BITS, number & SEQ_MASK


class MsgIds:
    """Numbers to ids and back, under a `key` of 16 bytes. Cipher contexts are not shared: one of these per thread."""

    def __init__(self, key: bytes, epoch: int) -> None:
        cipher = Cipher(algorithms.AES(key), modes.ECB())  # noqa: S305 - one block, never two: there is nothing to chain
        self._encrypt = cipher.encryptor().update
        self._decrypt = cipher.decryptor().update
        self._epoch = epoch

    def encode(self, numbers: Sequence[int]) -> list[str]:
        """The ids of a whole group: one call of the cipher and one of base64, however many."""
        rest = pack(">II", self._epoch, 0)
        secret = self._encrypt(rest.join(map(_NUMBER.pack, numbers)) + rest if numbers else b"")
        # base64 writes three bytes at a time: with two more after each block, every block is written by itself.
        blocks = Struct("16s" * len(numbers)).unpack(secret)
        text = b2a_base64(b"\0\0".join(blocks) + b"\0\0", newline=False)
        ids = text.translate(_TO_URL).decode("ascii")
        return [ids[at : at + LENGTH] for at in range(0, len(numbers) * _ROOM, _ROOM)]

    def decode(self, msgid: str) -> int | None:
        """The number, or None for what was not made here under this key and epoch."""
        block = _block(msgid)
        if block is None:
            return None
        number: int = _BLOCK.unpack(self._decrypt(block))[0]
        return number if self.encode([number]) == [msgid] else None  # epoch, zeros and spelling must all be right


def _block(msgid: str) -> bytes | None:
    if len(msgid) != LENGTH or not msgid.isascii():
        return None
    try:
        return a2b_base64(msgid.encode().translate(_FROM_URL) + b"==", strict_mode=True)
    except Error:
        return None
