"""The leak check of a redacted picture: nothing in it but its pixels, and the covered places of one colour.

Rules: it reads the file's own structure, byte by byte, without the library that wrote it: a PNG has only the chunks
that make pixels, a JPEG only the segments that do (its first header without a thumbnail), and nothing comes after the
end. A covered place is one colour throughout: what is blurred or coarse can be made out again. It is no larger than
what a person looked at. Only the pixels themselves are opened by a library.
"""

from __future__ import annotations

import io
import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence

from PIL import Image

from kzdoc.leakcheck.finding import Finding, Forbidden
from kzdoc.leakcheck.index import Index
from kzdoc.leakcheck.spellings import spelled

Area = tuple[int, int, int, int]
"""Left, top, right, bottom in pixels; right and bottom are outside."""
Covered = Callable[[int, tuple[int, int]], Sequence[Area]]
"""What is covered on a page (from 0) of a size in pixels."""

PNG_START = b"\x89PNG\r\n\x1a\n"
PNG_CHUNKS = {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS"}
PNG_RULES = {b"tEXt": "text", b"zTXt": "text", b"iTXt": "text", b"eXIf": "exif", b"iCCP": "profile", b"tIME": "time"}
JPEG_START = b"\xff\xd8"
JPEG_END = 0xD9
JPEG_SCAN = 0xDA
JPEG_MARKERS = {0xC0, 0xC1, 0xC2, 0xC4, 0xDB, 0xDD, JPEG_SCAN}
JPEG_RULES = {0xE1: "exif", 0xE2: "profile", 0xED: "text", 0xFE: "text"}
JFIF_SIZE = 16
"""A JFIF header without a thumbnail, its length included."""
EDGE = 16
"""Pixels at the edge of a covered place that a JPEG with coarse colours mixes with what is beside it."""
NOISE = 6
"""How far apart the values of one colour may come out of a JPEG."""
SMALL_NOISE = 128
"""The same where a covered place is all edge: what is beside it rings into it."""


def nothing_covered(_page: int, _size: tuple[int, int]) -> Sequence[Area]:
    """Return that nothing is covered."""
    return ()


def check_picture(
    data: bytes, *, covered: Covered, forbidden: Iterable[Forbidden], largest: int, page: int = 0
) -> list[Finding]:
    """Return everything in a PNG or JPEG beside its pixels, and each covered place in which something can be seen.

    ``largest``: how many pixels a person saw along the longer side; ``page``: of which page of a document it is.
    """
    try:
        parts = list(_png(data) if data.startswith(PNG_START) else _jpeg(data))
    except (ValueError, IndexError):
        return [Finding(0, "picture.unreadable")]
    rules = dict.fromkeys(rule for rule, _ in parts if rule)
    found = [Finding(0, f"picture.{rule}") for rule in rules]
    index = Index(forbidden)
    for _, body in parts:
        for text in spelled(body, whole=False):
            found += [Finding(0, f"picture.{hit.rule}", hit.sensitivity) for hit in index.search(text)]
    lossy = 0 if data.startswith(PNG_START) else NOISE
    try:
        with Image.open(io.BytesIO(data)) as opened:
            pixels = opened.convert("RGB")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return sorted({*found, Finding(0, "picture.unreadable")})
    if max(pixels.size) > largest:
        found.append(Finding(0, "picture.larger"))
    return sorted({*found, *_seen_through(pixels, covered(page, pixels.size), lossy)})


def _png(data: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield each chunk with the rule it breaks, and what comes after the end."""
    at = len(PNG_START)
    while True:
        length, kind = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        body = data[at + 8 : at + 8 + length]
        if len(kind) != 4 or len(body) != length:  # noqa: PLR2004 - a chunk's name has four letters
            raise ValueError
        yield ("" if kind in PNG_CHUNKS else PNG_RULES.get(kind, "chunk")), body
        at += length + 12
        if kind == b"IEND":
            break
    if data[at:]:
        yield "after-end", data[at:]


def _jpeg(data: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield each segment with the rule it breaks, and what comes after the end."""
    if not data.startswith(JPEG_START):
        raise ValueError
    at = len(JPEG_START)
    for place in itertools.count():
        if data[at] != 0xFF:  # noqa: PLR2004 - every marker begins so
            raise ValueError
        marker = data[at + 1]
        if marker == JPEG_END:
            break
        length = int.from_bytes(data[at + 2 : at + 4], "big")
        body = data[at + 4 : at + 2 + length]
        plain_header = marker == 0xE0 and place == 0 and length == JFIF_SIZE and body.startswith(b"JFIF\x00")  # noqa: PLR2004 - APP0
        known = marker in JPEG_MARKERS or plain_header
        thumbnail = marker == 0xE0 or JPEG_START in body  # noqa: PLR2004 - APP0
        yield ("" if known else "thumbnail" if thumbnail else JPEG_RULES.get(marker, "segment")), body
        at += 2 + length
        if marker == JPEG_SCAN:
            at = _after_scan(data, at)
    if data[at + 2 :]:
        yield "after-end", data[at + 2 :]


def _after_scan(data: bytes, at: int) -> int:
    """Return where the next marker stands after the coded pixels that begin at ``at``."""
    while True:
        at = data.index(b"\xff", at)
        if data[at + 1] != 0 and not 0xD0 <= data[at + 1] <= 0xD7:  # noqa: PLR2004 - stuffing and restarts
            return at
        at += 2


def _seen_through(pixels: Image.Image, covered: Sequence[Area], noise: int) -> Iterator[Finding]:
    for place, area in enumerate(covered):
        edge = EDGE if noise else 0
        inner = (area[0] + edge, area[1] + edge, area[2] - edge, area[3] - edge)
        small = inner[0] >= inner[2] or inner[1] >= inner[3]
        extremes: Sequence[tuple[int, int]] = pixels.crop(area if small else inner).getextrema()  # type: ignore[assignment]  # three bands
        if any(high - low > (SMALL_NOISE if small and noise else noise) for low, high in extremes):
            yield Finding(0, "picture.seen-through", "photo", (place, place))
