"""The embedded font looked into: which codes its ToUnicode map names, how many outlines the subset carries.

Rules: a subset may hold an outline only if visible text uses it (or one that does is composed of it). Reads the
TrueType tables by itself (head, loca, glyf, maxp); does not judge the shapes.
"""

from __future__ import annotations

import itertools
import re
import struct

_BFCHAR = re.compile(rb"beginbfchar(.*?)endbfchar", re.DOTALL)
_BFRANGE = re.compile(rb"beginbfrange(.*?)endbfrange", re.DOTALL)
_HEX = re.compile(rb"<([0-9A-Fa-f\s]*)>")
_RANGE = re.compile(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*(?:<([0-9A-Fa-f]+)>|\[([^\]]*)\])")
_MORE_COMPONENTS, _WORDS, _SCALE, _XY_SCALE, _TWO_BY_TWO = 0x20, 0x01, 0x08, 0x40, 0x80


def to_unicode(cmap: bytes) -> dict[int, str]:
    """Return the text of each code of a ToUnicode map."""
    mapped: dict[int, str] = {}
    for section in _BFCHAR.findall(cmap):
        codes = _HEX.findall(section)
        for code, text in zip(codes[::2], codes[1::2], strict=False):
            mapped[int(code, 16)] = _utf16(text)
    for section in _BFRANGE.findall(cmap):
        for first, last, start, listed in _RANGE.findall(section):
            texts = [_utf16(item) for item in _HEX.findall(listed)]
            for at, code in enumerate(range(int(first, 16), min(int(last, 16), int(first, 16) + 65_535) + 1)):
                if start:
                    mapped[code] = chr((int(start, 16) + at) & 0xFFFF)
                elif at < len(texts):
                    mapped[code] = texts[at]
    return mapped


def _utf16(digits: bytes) -> str:
    raw = bytes.fromhex(re.sub(rb"\s", b"", digits).decode("ascii").rjust(4, "0"))
    return raw.decode("utf-16-be", errors="replace")


def spare_outlines(font: bytes, used: int) -> int:
    """Return how many outlines ``font`` has beyond ``used`` characters, ``.notdef``, and the parts they are made of.

    A font that cannot be read counts as one spare outline.
    """
    try:
        outlines, parts = _count(font)
    except (struct.error, KeyError, ValueError, IndexError):
        return 1
    return max(0, outlines - parts - used - 1)


def _tables(font: bytes) -> dict[bytes, bytes]:
    count = struct.unpack_from(">H", font, 4)[0]
    tables = {}
    for at in range(count):
        tag, _, offset, length = struct.unpack_from(">4sLLL", font, 12 + 16 * at)
        tables[tag] = font[offset : offset + length]
    return tables


def _count(font: bytes) -> tuple[int, int]:
    """Return the number of glyphs with an outline, and of glyphs that others are composed of."""
    tables = _tables(font)
    glyphs = struct.unpack_from(">H", tables[b"maxp"], 4)[0]
    long_offsets = struct.unpack_from(">h", tables[b"head"], 50)[0]
    shape = ">L" if long_offsets else ">H"
    factor = 1 if long_offsets else 2
    step = struct.calcsize(shape)
    offsets = [struct.unpack_from(shape, tables[b"loca"], step * at)[0] * factor for at in range(glyphs + 1)]
    outlines, parts = 0, set()
    for start, end in itertools.pairwise(offsets):
        if end > start:
            outlines += 1
            parts |= _components(tables[b"glyf"][start:end])
    return outlines, len(parts)


def _components(glyph: bytes) -> set[int]:
    """Return the glyphs a composite glyph is made of (OpenType, ``glyf``)."""
    if struct.unpack_from(">h", glyph, 0)[0] >= 0:
        return set()
    parts, at, flags = set(), 10, _MORE_COMPONENTS
    while flags & _MORE_COMPONENTS:
        flags, part = struct.unpack_from(">HH", glyph, at)
        parts.add(part)
        at += 4 + (4 if flags & _WORDS else 2)
        at += 2 if flags & _SCALE else 4 if flags & _XY_SCALE else 8 if flags & _TWO_BY_TWO else 0
    return parts
