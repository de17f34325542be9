"""Receipts sealed to the one they are for, as they lie in an exchange folder (docs/formats/exchange-folder.md).

Rules: whoever carries the folder reads no key, root or day. A file holds receipts for one reader and has one of a few
sizes that no volume of a bundle has, so that it is known by its size. It is opened in a limited process; a receipt in
it is worth what its own signature says. Nothing here judges it.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import BinaryIO

from kzdoc.crypto.age import HybridIdentity, HybridRecipient, open_bytes, seal_bytes
from kzdoc.errors import BundleError
from kzdoc.moment import Randomness
from kzdoc.platform.sandbox import run_limited
from kzdoc.progress import Progress, silent

MOST = 32
"""Receipts in one file."""
SIZES = tuple([8_192 * 2**step - 1 for step in range(6)])
"""Lengths of the plaintext; each is one less than a length that Padmé gives."""

_MAGIC = b"kzdoc-receipts-1\n"
_LENGTH = 4
_STANZAS = 4
_SEED = 32
_HEADER = 6_298
_CHUNK, _TAG, _NONCE = 64 * 2**10, 16, 16
_MEMORY, _SECONDS = 256 * 2**20, 10


def sealed_size(plaintext: int) -> int:
    """Return how long a sealed file of so many bytes is."""
    return _HEADER + _NONCE + plaintext + _TAG * -(-plaintext // _CHUNK)


FILE_SIZES = frozenset(sealed_size(size) for size in SIZES)


def seal_receipts(receipts: Sequence[bytes], *, recipient: HybridRecipient, randomness: Randomness) -> bytes:
    """Return a file with up to ``MOST`` receipts for one reader."""
    content = _MAGIC + b"".join(len(one).to_bytes(_LENGTH, "big") + one for one in receipts)
    size = next((size for size in SIZES if size >= len(content)), 0)
    if not size or len(receipts) > MOST:
        raise BundleError("bundle.limits-size", limit=SIZES[-1])
    plaintext = content + bytes(size - len(content))
    return seal_bytes(plaintext, recipients=[recipient], randomness=randomness, stanzas=(_STANZAS,))


def open_receipts(data: bytes, *, seed: bytes, progress: Progress = silent) -> list[bytes]:
    """Return the receipts in a file, unverified; ``seed`` is the reader's identity.

    Raises ``BundleError``: the codes of age.md; ``receipt.malformed``; ``KzdocError``: ``sandbox.…``.
    """
    target = io.BytesIO()
    run_limited(
        __name__,
        stdin=io.BytesIO(seed + data),
        stdout=target,
        memory=_MEMORY,
        cpu_seconds=_SECONDS,
        progress=progress,
        output_bytes=SIZES[-1],
    )
    return _split(target.getvalue())


def in_sandbox(_: Sequence[str], source: BinaryIO, target: BinaryIO) -> None:
    """Open one file without the world around: the identity's seed and the file come in, the plaintext goes out."""
    seed, data = source.read(_SEED), source.read(max(FILE_SIZES) + 1)
    target.write(open_bytes(data, identity=HybridIdentity.from_seed(seed)))


def _split(plaintext: bytes) -> list[bytes]:
    if not plaintext.startswith(_MAGIC):
        raise BundleError("receipt.malformed")
    found: list[bytes] = []
    place = len(_MAGIC)
    while len(found) <= MOST:
        size = int.from_bytes(plaintext[place : place + _LENGTH], "big")
        place += _LENGTH
        if not size:
            break
        found.append(plaintext[place : place + size])
        place += size
    if not found or len(found) > MOST or place > len(plaintext) or plaintext[place:].strip(b"\0"):
        raise BundleError("receipt.malformed")
    return found
