"""Bech32 as the age format spells its keys: BIP 173, without its limit on length.

Rules: one case throughout, canonical padding, the checksum of BIP 173 (not Bech32m). Nothing is corrected: a text
that does not verify is refused.
"""

from __future__ import annotations

from collections.abc import Iterable

from kzdoc.errors import KzdocError

_ALPHABET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_VALUES = {letter: value for value, letter in enumerate(_ALPHABET)}
_GENERATOR = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_CHECKSUM = 6
_BYTE_BITS = 8
_LETTER_BITS = 5


def encode(prefix: str, data: bytes) -> str:
    """Return ``data`` as Bech32 under a lower-case ``prefix``."""
    values = list(_regroup(data, _BYTE_BITS, _LETTER_BITS))
    bits = len(data) * _BYTE_BITS % _LETTER_BITS
    if bits:
        last = int.from_bytes(data, "big") << (_LETTER_BITS - bits)
        values.append(last & 31)
    total = _polymod([*_expand(prefix), *values, *[0] * _CHECKSUM]) ^ 1
    values += [(total >> _LETTER_BITS * (_CHECKSUM - 1 - place)) & 31 for place in range(_CHECKSUM)]
    return prefix + "1" + "".join(_ALPHABET[value] for value in values)


def decode(prefix: str, text: str) -> bytes:
    """Return the bytes of ``text``, which must carry ``prefix`` (given in lower case).

    Raises:
        KzdocError: ``key.malformed`` for another prefix, mixed case, a wrong checksum or padding that is not zero.
    """
    if text not in (text.lower(), text.upper()) or not text.isascii():
        raise KzdocError("key.malformed")
    found, _, rest = text.lower().rpartition("1")
    if found != prefix or len(rest) < _CHECKSUM or any(letter not in _VALUES for letter in rest):
        raise KzdocError("key.malformed")
    values = [_VALUES[letter] for letter in rest]
    if _polymod([*_expand(prefix), *values]) != 1:
        raise KzdocError("key.malformed")
    values = values[:-_CHECKSUM]
    data = bytes(_regroup(values, _LETTER_BITS, _BYTE_BITS))
    if encode(prefix, data) != text.lower():
        raise KzdocError("key.malformed")
    return data


def _expand(prefix: str) -> list[int]:
    return [ord(letter) >> 5 for letter in prefix] + [0] + [ord(letter) & 31 for letter in prefix]


def _polymod(values: Iterable[int]) -> int:
    check = 1
    for value in values:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for place, term in enumerate(_GENERATOR):
            if top >> place & 1:
                check ^= term
    return check


def _regroup(values: Iterable[int], width: int, wanted: int) -> Iterable[int]:
    """Yield the bits of ``values`` in whole groups of ``wanted``; a rest is left out."""
    held = bits = 0
    for value in values:
        held = held << width | value
        bits += width
        while bits >= wanted:
            bits -= wanted
            yield held >> bits & (1 << wanted) - 1
        held &= (1 << bits) - 1
