"""The leak check of a PDF that is nothing but pictures of pages: a document somebody brought, looked at and covered.

Rules: it is read byte for byte by the form it must have (docs/redaction.md), without any PDF library: a catalogue, a
list of pages, and for each page its box, one line that paints one picture over all of it, and that picture, a JPEG; a
cross-reference table, a trailer without document information, and nothing between them or after the end. So there is no
text, no font, no metadata, no second revision and no object that is not one of these. Each picture is checked like a
picture of its own (pictures.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from kzdoc.leakcheck.finding import Finding, Forbidden
from kzdoc.leakcheck.pictures import Covered, check_picture

_HEAD = re.compile(
    rb"%PDF-1\.4\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n"
    rb"2 0 obj\n<< /Type /Pages /Kids \[((?:\d+ 0 R ?)+)\] /Count (\d{1,3}) >>\nendobj\n"
)
_PAGE = re.compile(
    rb"(\d+) 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox \[0 0 (\d+\.\d\d) (\d+\.\d\d)\] /Contents (\d+) 0 R"
    rb" /Resources << /XObject << /P (\d+) 0 R >> >> >>\nendobj\n"
    rb"\4 0 obj\n<<  /Length (\d+) >>\nstream\n(\2 0 0 \3 0 0 cm /P Do)\nendstream\nendobj\n"
    rb"\5 0 obj\n<< /Type /XObject /Subtype /Image /Width (\d+) /Height (\d+) /ColorSpace /DeviceRGB"
    rb" /BitsPerComponent 8 /Filter /DCTDecode /Length (\d+) >>\nstream\n"
)
_PAGE_END = b"\nendstream\nendobj\n"
_TAIL = re.compile(
    rb"xref\n0 (\d+)\n0000000000 65535 f \n((?:\d{10} 00000 n \n)+)"
    rb"trailer\n<< /Size \1 /Root 1 0 R >>\nstartxref\n(\d+)\n%%EOF\n"
)


def check_scan(data: bytes, *, covered: Covered, forbidden: Iterable[Forbidden], largest: int) -> list[Finding]:
    """Return everything in a PDF of pictures beside its pictures, and what is found in these, by page."""
    names = list(forbidden)
    found: list[Finding] = []
    try:
        for number, picture in enumerate(_pictures(data)):
            met = check_picture(picture, covered=covered, forbidden=names, largest=largest, page=number)
            found += [Finding(number + 1, one.rule, one.sensitivity, one.position) for one in met]
    except ValueError:
        found.append(Finding(0, "picture.document"))
    return sorted(set(found))


def _pictures(data: bytes) -> Iterator[bytes]:
    """Yield the picture of each page; raises ``ValueError`` where the file is not of the one form it may have."""
    head = _met(_HEAD, data, 0)
    kids, count = head.group(1), int(head.group(2))
    if kids != b" ".join(b"%d 0 R" % (3 * number + 3) for number in range(count)):
        raise ValueError
    at, places = head.end(), [data.index(b"1 0 obj"), data.index(b"2 0 obj\n<< /Type /Pages")]
    for number in range(count):
        page = _met(_PAGE, data, at)
        first = 3 * number + 3
        if [int(page.group(one)) for one in (1, 4, 5)] != [first, first + 1, first + 2]:
            raise ValueError
        if int(page.group(6)) != len(page.group(7)):
            raise ValueError
        places += [at, page.start(7) - len(b"%d 0 obj\n<<  /Length %b >>\nstream\n" % (first + 1, page.group(6)))]
        places.append(data.index(b"%d 0 obj\n<< /Type /XObject" % (first + 2), page.start(7)))
        end = page.end() + int(page.group(10))
        if data[end : end + len(_PAGE_END)] != _PAGE_END:
            raise ValueError
        yield data[page.end() : end]
        at = end + len(_PAGE_END)
    tail = _met(_TAIL, data, at)
    listed = [int(one[:10]) for one in tail.group(2).splitlines()]
    if tail.end() != len(data) or int(tail.group(3)) != at or int(tail.group(1)) != len(places) + 1 or listed != places:
        raise ValueError


def _met(pattern: re.Pattern[bytes], data: bytes, at: int) -> re.Match[bytes]:
    match = pattern.match(data, at)
    if match is None:
        raise ValueError
    return match
