"""Deterministic CBOR, the one encoding of everything that is signed or travels.

Rules (RFC 8949 §4.2.1): shortest lengths, sorted map keys, no indefinite lengths, no tags, no floats; the only
types are null, booleans, integers of 64 bits, byte strings, text, arrays and maps with text or integer keys. The
reader is strict: what does not encode back to the same bytes is refused, so there is one spelling of every value.
Text is taken as it is; normalising to NFC is the domain's work, before signing.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any, Final, NoReturn

import cbor2

from kzdoc.errors import KzdocError

MAX_DEPTH = 16

Value = None | bool | int | bytes | str | list[Any] | tuple[Any, ...] | Mapping[Any, Any]


def _refuse(*_: object) -> NoReturn:
    raise ValueError


_NO_TAGS: Final = dict.fromkeys(
    (*range(6), 25, 28, 29, 30, 35, 36, 37, 52, 54, 100, 256, 258, 260, 261, 1004, 43000, 55799), _refuse
)
"""Tags the library would act on, among them references by which a few bytes stand for more than memory holds."""

_SHORT: Final = 24
_HEADS: Final = ((1, 24), (2, 25), (4, 26), (8, 27))
"""In how many bytes a length that is not short is told, and the mark that says so."""

_LONG: Final = 2**16
_NUMBERS: Final = [cbor2.dumps(number) for number in range(1024)]

_STRICT: Final[dict[str, Any]] = {"tag_hook": _refuse, "semantic_decoders": _NO_TAGS}


def encode(value: Value) -> bytes:
    """Return the deterministic CBOR of ``value``.

    Raises:
        KzdocError: ``encoding.type`` for a type outside the module's list, ``encoding.depth`` when nested too deep.
    """
    _check(value, 0)
    return cbor2.dumps(value, canonical=True)


def encode_trusted(value: Value) -> bytes:
    """Return the deterministic CBOR of a value this program built itself, skipping the type walk (hot paths)."""
    return cbor2.dumps(value, canonical=True)


def encode_ordered(value: Value) -> bytes:
    """Return the deterministic CBOR of a value whose maps stand in their order already, at half the cost (hot paths).

    Of bytes that were decoded it is the same bytes only if they had the shortest lengths and no doubled key; whether
    the keys stood in their order is the caller's to see.
    """
    return cbor2.dumps(value)


def spelled_head(kind: int, size: int) -> bytes:
    """Return the CBOR that stands before ``size`` bytes (``kind`` 2), letters (3), members (4) or pairs (5).

    With ``kind`` 0 it is the whole of a number that is not negative.
    """
    if size < _SHORT:
        return bytes((kind << 5 | size,))
    for width, mark in _HEADS:
        if size < 256**width:
            return bytes((kind << 5 | mark,)) + size.to_bytes(width, "big")
    raise KzdocError("encoding.type")


def spelled_number(number: int) -> bytes:
    """Return the CBOR of an integer; one of a time or a place is spelled here at a tenth of the cost (hot paths)."""
    if _LONG <= number < 2**32:
        return b"\x1a" + number.to_bytes(4, "big")
    return _NUMBERS[number] if 0 <= number < len(_NUMBERS) else cbor2.dumps(number)


def decode(data: bytes) -> Any:
    """Return the value in ``data``: arrays as lists, maps as dicts.

    Raises:
        KzdocError: ``encoding.malformed`` when it is not CBOR or not one of the types, ``encoding.not-canonical``
            when the same value has another, deterministic spelling (also: duplicate keys, trailing bytes).
    """
    try:
        value = cbor2.CBORDecoder(io.BytesIO(data), **_STRICT).decode()
        _check(value, 0)
        again = cbor2.dumps(value, canonical=True)
    except KzdocError:
        raise
    except Exception as error:
        raise _unreadable(error) from error
    if again != data:
        raise KzdocError("encoding.not-canonical")
    return value


def decode_flat(data: bytes) -> Any:
    """Return the value in ``data`` as ``decode`` does, but leave the types of its parts to the caller.

    For readers that look at the type of every part themselves (skeletons, entries); what they do not look at they must
    give to ``check_types``. The spelling is judged here all the same.

    Raises:
        KzdocError: ``encoding.malformed``, ``encoding.not-canonical``.
    """
    try:
        value = cbor2.loads(data, **_STRICT)
        again = cbor2.dumps(value, canonical=True)
    except Exception as error:
        raise _unreadable(error) from error
    if again != data:
        raise KzdocError("encoding.not-canonical")
    return value


def decode_unjudged(data: bytes) -> Any:
    """Return the value in ``data`` and judge neither types nor spelling: both are left to the caller.

    Raises:
        KzdocError: ``encoding.malformed``.
    """
    try:
        return cbor2.loads(data, **_STRICT)
    except Exception as error:
        raise _unreadable(error) from error


def _unreadable(error: Exception) -> Exception:
    """Return what is raised for bytes that could not be read: that memory did not suffice says nothing of them."""
    short = isinstance(error, MemoryError) or isinstance(error.__cause__, MemoryError)
    return MemoryError() if short else KzdocError("encoding.malformed")


def check_types(value: Any) -> None:
    """Raise ``KzdocError`` (``encoding.type``, ``encoding.depth``) for what this module's rules do not know."""
    _check(value, 0)


def _check(value: Any, depth: int) -> None:
    if depth > MAX_DEPTH:
        raise KzdocError("encoding.depth", limit=MAX_DEPTH)
    kind = type(value)
    if kind is str or kind is bytes or kind is bool or value is None:
        return
    if kind is int:
        if not -(2**63) <= value < 2**64:
            raise KzdocError("encoding.type")
    elif kind is list or kind is tuple:
        for item in value:
            _check(item, depth + 1)
    elif isinstance(value, Mapping):
        for key, item in value.items():
            if type(key) not in (str, int):
                raise KzdocError("encoding.type")
            _check(item, depth + 1)
    else:
        raise KzdocError("encoding.type")
