"""The third reader, written in Python from file to letter: it reads the paper anew, and all three must read the same.

Rules: it shares no code with qpdf and PDFium: its own table of objects, filters, fonts and code maps. What it cannot
read does not pass. Every object it finds is opened and every string and stream searched; every page is read as text;
and the letters and digits of a page must be the same for all three readers, or one of them is shown something that
the others are not. From the widths of the fonts it works out where each string ends, so that what stands beside a
token stands at one distance from it, whatever the token stands for.
"""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kzdoc.leakcheck.finding import Finding
from kzdoc.leakcheck.fontfile import to_unicode
from kzdoc.leakcheck.index import Index
from kzdoc.leakcheck.layout import TOKEN
from kzdoc.leakcheck.own import not_own, of_page
from kzdoc.leakcheck.spellings import spelled, without_form_words
from kzdoc.leakcheck.text import sees

if TYPE_CHECKING:
    from pypdf import PageObject, PdfReader

NEAR_TOKEN = 150.0
"""Points from a token's label on: what stands further stands in another column."""
BESIDE = (38.5, 75.5)
"""From the middle of a token to what follows it: half of its one width, or half of twice that, and the gap."""
RAISED = 5.0
"""How far the number of a note stands above the line."""
TOLERANCE = 0.3
UNITS = 1000
DEPTH = 40


def check_third(
    data: bytes,
    index: Index,
    known: Sequence[str] | None,
    others: Sequence[Sequence[str]],
    own: Sequence[Sequence[str]],
) -> list[Finding]:
    """Return what the third reader finds; ``others`` are the texts of each page as the other two read them.

    ``own``: by page, what the program itself set there (own.py).
    """
    from pypdf import PdfReader  # noqa: PLC0415 - 0.2 s that only a paper needs

    try:
        reader = PdfReader(io.BytesIO(data), strict=True)
        pages = list(reader.pages)
        texts = [page.extract_text() for page in pages]
        findings = [*_texts(texts, index, own), *_objects(reader, index), *_disagree(texts, others)]
        findings += [one for number, page in enumerate(pages, 1) for one in _beside(number, _strings(page, reader))]
    except Exception:  # noqa: BLE001 - whatever a reader of strange bytes raises, the paper does not pass
        return [Finding(0, "third.unreadable")]
    if known is not None and not sees(texts, known):
        findings.append(Finding(0, "leakcheck.blind"))
    return findings


def _texts(texts: Sequence[str], index: Index, own: Sequence[Sequence[str]]) -> Iterator[Finding]:
    for number, text in enumerate(texts, 1):
        for hit in not_own(index.search(text), text, of_page(own, number)):
            yield Finding(number, f"third.{hit.rule}", hit.sensitivity, (hit.start, hit.end))


def _disagree(texts: Sequence[str], others: Sequence[Sequence[str]]) -> Iterator[Finding]:
    """Yield the pages on which the readers do not read the same letters and digits, however often and in what order."""
    for other in others:
        if len(other) != len(texts):
            yield Finding(0, "third.disagree")
    for number, read in enumerate(zip(texts, *others, strict=False), 1):
        counted = [Counter(one for one in text if one.isalnum()) for text in read]
        if any(one != counted[0] for one in counted):
            yield Finding(number, "third.disagree")


def _objects(reader: PdfReader, index: Index) -> Iterator[Finding]:
    """Yield a finding for each class met in an object, whether anything leads to it or not."""
    from pypdf.generic import IndirectObject  # noqa: PLC0415 - see above

    numbers = {(number, generation) for generation, table in reader.xref.items() for number in table}
    numbers |= {(number, 0) for number in reader.xref_objStm}
    seen: set[tuple[str, int]] = set()
    for number, generation in sorted(numbers):
        value = IndirectObject(number, generation, reader).get_object()
        for text in _said(value, 0):
            for hit in index.search(text):
                if (hit.sensitivity, number) not in seen:
                    seen.add((hit.sensitivity, number))
                    yield Finding(0, "third.object", hit.sensitivity, (number, number))
    for text in _said(reader.trailer, 0):
        for hit in index.search(text):
            yield Finding(0, "third.object", hit.sensitivity)


def _said(value: Any, depth: int) -> Iterator[str]:
    """Yield everything an object says: strings, names, keys, opened streams; not what it refers to."""
    from pypdf.generic import IndirectObject, StreamObject  # noqa: PLC0415 - see above

    if depth > DEPTH or isinstance(value, IndirectObject):
        return
    if isinstance(value, str):
        yield without_form_words(str(value))
        original = getattr(value, "original_bytes", b"")
        if isinstance(original, bytes):
            yield from spelled(original, whole=True)
    elif isinstance(value, bytes):
        yield from spelled(value, whole=True)
    elif isinstance(value, list):
        for part in value:
            yield from _said(part, depth + 1)
    elif isinstance(value, dict):
        for key, part in dict.items(value):
            yield without_form_words(str(key))
            yield from _said(part, depth + 1)
        if isinstance(value, StreamObject):
            yield from spelled(value.get_data(), whole="/Length1" not in value)


@dataclass(frozen=True, slots=True)
class _String:
    """A string as it is set: its baseline, where it begins, where it ends by the widths of its font."""

    y: float
    start: float
    end: float
    text: str


def _strings(page: PageObject, reader: PdfReader) -> list[_String]:
    """Return the strings of a page in order of painting, read by the third reader's own rules."""
    from pypdf.generic import ContentStream  # noqa: PLC0415 - see above

    contents = page.get_contents()
    if contents is None:
        return []
    fonts = {name: _Font(font.get_object()) for name, font in page["/Resources"]["/Font"].items()}  # type: ignore[index]
    found: list[_String] = []
    font, size, at = None, 0.0, (0.0, 0.0)
    for operands, operator in ContentStream(contents, reader).operations:
        if operator == b"Tf":
            font, size = fonts.get(str(operands[0])), float(operands[1])
        elif operator == b"Tm":
            at = (float(operands[4]), float(operands[5]))
        elif operator == b"Tj" and font is not None:
            codes = _codes(operands[0])
            end = at[0] + sum(font.width(code) for code in codes) * size / UNITS
            found.append(_String(at[1], at[0], end, "".join(font.said.get(code, "?") for code in codes)))
            at = (end, at[1])
    return found


class _Font:
    """What a code of a font says and how wide it is."""

    def __init__(self, font: Any) -> None:
        self.first = int(font.get("/FirstChar", 0))
        self.widths = [float(width) for width in font.get("/Widths", [])]
        self.said = to_unicode(font["/ToUnicode"].get_object().get_data()) if "/ToUnicode" in font else {}

    def width(self, code: int) -> float:
        """Return the width of a code in thousandths of the size."""
        place = code - self.first
        return self.widths[place] if 0 <= place < len(self.widths) else 0.0


def _codes(operand: Any) -> bytes:
    original = getattr(operand, "original_bytes", operand)
    return bytes(original) if isinstance(original, bytes) else b""


def _beside(number: int, strings: Sequence[_String]) -> Iterator[Finding]:
    """Yield each token that something follows closely on its line, but at another distance than behind every token."""
    for at, one in enumerate(strings):
        if not TOKEN.match(one.text.strip()):
            continue
        middle = (one.start + one.end) / 2
        line = [other for other in strings if abs(other.y - one.y) < RAISED and other.start > one.start + 1]
        following = min(line, key=lambda other: other.start, default=None)
        if following is None or following.start - one.end > NEAR_TOKEN:
            continue
        places = [following.start - middle]
        if TOKEN.match(following.text.strip()):
            places = [(following.start + following.end) / 2 - middle - half for half in BESIDE]
        if not any(abs(place - half) < TOLERANCE for place in places for half in BESIDE):
            yield Finding(number, "third.token-gap", "", (at, at))
