"""Small signed things as text files: cards, receipts, heads (docs/formats/card.md, "Card").

One spelling: a first line, canonical base64 in lines of 64 characters, a last line; LF or CRLF, blank space around it
passed over. Inside: u32 length, body, signatures. What is refused is refused as ``AREA.malformed``.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from typing import Any

from kzdoc.encoding import decode
from kzdoc.errors import BundleError, KzdocError

_LINE = 64


def wrap(area: str, body: bytes, *signatures: bytes) -> str:
    """Return ``body`` and its signatures as an armoured text of kind ``area`` (card, receipt, head)."""
    text = base64.b64encode(len(body).to_bytes(4, "big") + body + b"".join(signatures)).decode("ascii")
    lines = [text[start : start + _LINE] for start in range(0, len(text), _LINE)]
    word = area.upper()
    return "\n".join([f"-----BEGIN KZDOC {word}-----", *lines, f"-----END KZDOC {word}-----", ""])


def unwrap(area: str, text: str | bytes, *, signature_sizes: tuple[int, ...], limit: int) -> tuple[bytes, list[bytes]]:
    """Return (body, signatures) of an armoured text; nothing is verified yet.

    Raises:
        BundleError: ``AREA.malformed``.
    """
    if len(text) > limit:
        raise BundleError(f"{area}.malformed")
    try:
        plain = text if isinstance(text, str) else text.decode("ascii")
        data = _bytes_between(plain.replace("\r\n", "\n").strip(" \t\n"), area.upper())
        size = int.from_bytes(data[:4], "big")
        if len(data) != 4 + size + sum(signature_sizes):
            raise BundleError(f"{area}.malformed")
    except ValueError as error:  # of both codecs
        raise BundleError(f"{area}.malformed") from error
    signatures, start = [], 4 + size
    for length in signature_sizes:
        signatures.append(data[start : start + length])
        start += length
    return data[4 : 4 + size], signatures


def _bytes_between(text: str, word: str) -> bytes:
    lines = text.split("\n")
    if len(lines) < 3 or lines[0] != f"-----BEGIN KZDOC {word}-----" or lines[-1] != f"-----END KZDOC {word}-----":  # noqa: PLR2004 - two fences and something between them
        raise binascii.Error
    inner = lines[1:-1]
    if any(len(line) != _LINE for line in inner[:-1]) or not 0 < len(inner[-1]) <= _LINE:
        raise binascii.Error
    joined = "".join(inner)
    data = base64.b64decode(joined, validate=True)
    if base64.b64encode(data).decode("ascii") != joined:
        raise binascii.Error
    return data


def read_body(
    area: str, body: bytes, version: str, keys: frozenset[str], *, may_have: frozenset[str] = frozenset()
) -> Mapping[str, Any]:
    """Return the map in ``body`` once it is known to be of this version and to have exactly ``keys``.

    Those of ``may_have`` may be missing; keys that begin with ``x-`` are passed over.

    Raises:
        BundleError: ``AREA.malformed``, or ``AREA.newer-version`` for a later format or an unknown key.
    """
    try:
        value = decode(body)
    except KzdocError as error:
        raise BundleError(f"{area}.malformed") from error
    if not isinstance(value, dict) or not all(isinstance(key, str) for key in value):
        raise BundleError(f"{area}.malformed")
    told = value.get("format")
    if told != version:
        family = version.rsplit("-", 1)[0] + "-"
        newer = isinstance(told, str) and told.startswith(family) and told[len(family) :].isdigit()
        raise BundleError(f"{area}.newer-version" if newer else f"{area}.malformed")
    own = {key for key in value if not key.startswith("x-")}
    if own - keys - may_have:
        raise BundleError(f"{area}.newer-version")
    if keys - own:
        raise BundleError(f"{area}.malformed")
    return value


def is_day(value: object) -> bool:
    """Return whether ``value`` is spelled ``YYYY-MM-DD`` (digits only; a claim, not judged further)."""
    shape = isinstance(value, str) and len(value) == 10  # noqa: PLR2004 - ISO day
    return shape and all(
        (char == "-") if place in (4, 7) else char in "0123456789" for place, char in enumerate(str(value))
    )


def sized(value: object, size: int) -> bool:
    """Return whether ``value`` is exactly ``size`` bytes."""
    return type(value) is bytes and len(value) == size
