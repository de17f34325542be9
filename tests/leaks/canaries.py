"""Invented values that must stay inside, every spelling they could leak in, and the search for them in bytes.

All of them carry one marker word that exists in no language, so that a search looks for a few dozen byte strings and
not for thousands. Й and ё fall apart under NFD; the words are also searched as capitals, as the fold that search and
comparison of names keep, and in the encodings a file system, a settings file, a URL, an e-mail or a log would use.
"""

from __future__ import annotations

import base64
import functools
import json
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import quote

from kzdoc.names.fold import fold

MARKER = "Йғылқайөңұш"
NUMBERS = ("850101400012", "77017654321", "N98765431")
"""An identity number of the right shape, a telephone number and a passport: what a field of numbers keeps."""
PLAIN = "zqxvkanarjw"
"""The marker for what is read as ASCII only: addresses of pages and e-mail, attached bytes, names of files."""
_CONTEXT = 24


@dataclass(frozen=True, slots=True)
class Hit:
    """One canary found: in which spelling, where, and a few bytes around it."""

    spelling: str
    place: int
    around: bytes


def value(label: str) -> str:
    """Return an invented text that carries the marker and says which field it was written in."""
    return f"Тестов {MARKER} {label}"


def _forms(word: str) -> Iterator[tuple[str, str]]:
    for case, cased in (("", word), ("lower ", word.lower()), ("upper ", word.upper()), ("folded ", fold(word))):
        for name in ("NFC", "NFD"):
            yield case + name, unicodedata.normalize(name, cased)


def _base64(data: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield the letters that stand for ``data`` whatever stood before it, at each of the three offsets."""
    for offset in range(3):
        coded = base64.b64encode(bytes(offset) + data).rstrip(b"=")
        first, last = -(-offset * 8 // 6), (offset + len(data)) * 8 // 6
        yield f"base64+{offset}", coded[first:last]


def _coded(text: str) -> Iterator[tuple[str, bytes]]:
    utf8 = text.encode()
    for name in ("utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"):
        yield name, text.encode(name)
    for name in ("cp1251", "kz1048"):
        yield name, text.encode(name, "replace")
    yield "percent", quote(text, safe="").encode()
    yield "percent lower", re.sub(rb"%..", lambda found: found[0].lower(), quote(text, safe="").encode())
    yield "hex", utf8.hex().encode()
    yield "HEX", utf8.hex().upper().encode()
    yield "json", json.dumps(text)[1:-1].encode()
    yield "octal", "".join(f"\\{byte:o}" for byte in utf8).encode()
    yield "\\x", repr(utf8)[2:-1].encode()
    yield "html", "".join(f"&#{ord(letter)};" for letter in text).encode()
    yield from _base64(utf8)
    for name in ("utf-16-le", "utf-16-be"):
        for offset, data in _base64(text.encode(name)):
            yield f"{name} {offset}", data


@functools.cache
def spellings(words: tuple[str, ...] = (MARKER, PLAIN, *NUMBERS)) -> dict[bytes, str]:
    """Return every byte string to look for, with its name."""
    made: dict[bytes, str] = {}
    for word in words:
        for form, text in _forms(word):
            for coding, data in _coded(text):
                if data.count(b"?") < len(data) // 4 and len(data) > 8:  # what a code page cannot say says nothing
                    made.setdefault(data, f"{form} {coding}")
    return made


def longest() -> int:
    """Return the length of the longest spelling: what a search over pieces must let overlap."""
    return max(map(len, spellings()))


def search(data: bytes | bytearray, words: dict[bytes, str] | None = None) -> list[Hit]:
    """Return the first place of each spelling that stands in ``data``."""
    found = []
    for spelling, name in (words or spellings()).items():
        place = data.find(spelling)
        if place >= 0:
            around = bytes(data[max(0, place - _CONTEXT) : place + len(spelling) + _CONTEXT])
            found.append(Hit(name, place, around))
    return found


def search_all(pieces: Iterable[bytes]) -> list[Hit]:
    """Return the hits in pieces that belong together, also those that two pieces share."""
    found: dict[str, Hit] = {}
    tail = b""
    for piece in pieces:
        for hit in search(tail + piece):
            found.setdefault(hit.spelling, hit)
        tail = (tail + piece)[-longest() :]
    return list(found.values())
