"""A secret cut into n shares of which any k give it back and k - 1 say nothing: Shamir's scheme as SLIP-39 fixes it.

Source: A. Shamir, "How to share a secret" (1979); SLIP-0039, "Sharing a secret". Each byte of the secret is the value
at 255 of a polynomial of degree k - 1 over GF(256) (the field of AES, x^8 + x^4 + x^3 + x + 1); at 254 it has a digest
of the secret, so that shares that do not belong together are noticed; the shares are its values at 0 … n - 1. What
SLIP-39 adds on top (groups, its own cipher, its English words) is left out; its published vectors of one group are
tested. Python is not constant in time: shares are put together once in years, on one's own machine.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping

from kzdoc.errors import InputError
from kzdoc.moment import Randomness

FEWEST, MOST = 2, 16
"""How many shares may be needed, and how many made."""

_DIGEST_AT, _SECRET_AT = 254, 255
_DIGEST = 4
_POLYNOMIAL = 0x11B


def _tables() -> tuple[list[int], list[int]]:
    """Return powers of the generator 3 and their logarithms."""
    powers, logs, value = [0] * 255, [0] * 256, 1
    for exponent in range(255):
        powers[exponent], logs[value] = value, exponent
        value ^= value << 1
        if value >> 8:
            value ^= _POLYNOMIAL
    return powers, logs


_POWERS, _LOGS = _tables()


def split(secret: bytes | bytearray, *, needed: int, total: int, randomness: Randomness) -> list[bytearray]:
    """Return ``total`` shares as long as the secret (16 bytes or more); the place in the list is a share's number.

    Raises:
        InputError: ``share.counts`` unless 2 ≤ needed ≤ total ≤ 16.
    """
    if not FEWEST <= needed <= total <= MOST:
        raise InputError("share.counts", fewest=FEWEST, limit=MOST)
    points = {number: bytearray(randomness(len(secret))) for number in range(needed - 2)}
    filler = randomness(len(secret) - _DIGEST)
    points[_DIGEST_AT] = bytearray(_digest(filler, secret) + filler)
    points[_SECRET_AT] = bytearray(secret)
    return [points[number] if number in points else interpolate(points, number) for number in range(total)]


def combine(shares: Mapping[int, bytes | bytearray]) -> bytearray:
    """Return the secret of exactly as many shares as were needed, by number; the caller wipes it.

    Raises:
        InputError: ``share.together`` when they do not belong together, or are not as many as were needed.
    """
    if len({len(share) for share in shares.values()}) != 1 or not all(0 <= number < MOST for number in shares):
        raise InputError("share.together")
    secret = interpolate(shares, _SECRET_AT)
    digest = interpolate(shares, _DIGEST_AT)
    if not hmac.compare_digest(bytes(digest[:_DIGEST]), _digest(bytes(digest[_DIGEST:]), secret)):
        secret[:] = bytes(len(secret))
        raise InputError("share.together")
    return secret


def interpolate(points: Mapping[int, bytes | bytearray], at: int) -> bytearray:
    """Return the value at ``at`` of the polynomials through ``points`` (Lagrange, byte by byte); ``at`` is no point."""
    every = sum(_LOGS[place ^ at] for place in points)
    found = bytearray(len(next(iter(points.values()))))
    for place, value in points.items():
        others = sum(_LOGS[place ^ other] for other in points if other != place)
        factor = every - _LOGS[place ^ at] - others
        for index, byte in enumerate(value):
            if byte:
                found[index] ^= _POWERS[(_LOGS[byte] + factor) % 255]
    return found


def _digest(filler: bytes | bytearray, secret: bytes | bytearray) -> bytes:
    return hmac.new(bytes(filler), bytes(secret), hashlib.sha256).digest()[:_DIGEST]
