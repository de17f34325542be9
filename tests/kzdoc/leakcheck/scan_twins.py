"""Leaky documents: pages of pictures with something beside them, or a page covered badly."""

from __future__ import annotations

from collections.abc import Callable

from PIL import Image, ImageFilter

from kzdoc.leakcheck.finding import Finding, Forbidden
from kzdoc.leakcheck.scans import check_scan
from kzdoc.redaction.images import bound
from tests.kzdoc.leakcheck import picture_twins

FORBIDDEN = (Forbidden(picture_twins.SECRET, "identity"),)
LARGEST = 200


def found(data: bytes) -> list[Finding]:
    """Return what is found in a document of two pages of which the second is covered."""
    return check_scan(
        data,
        covered=lambda page, _size: [picture_twins.COVERED] if page == 1 else [],
        forbidden=FORBIDDEN,
        largest=LARGEST,
    )


def codes(data: bytes) -> set[str]:
    return {one.rule for one in found(data)}


def pages(second: Image.Image | None = None) -> bytes:
    return bound([picture_twins.scene(), second or picture_twins.masked()], 150)


def blurred() -> bytes:
    picture = picture_twins.scene()
    picture.paste(picture.crop(picture_twins.COVERED).filter(ImageFilter.GaussianBlur(3)), picture_twins.COVERED)
    return pages(picture)


def with_text() -> bytes:
    """Return the document with a word painted under its first picture, every length and place put right."""
    data, said = pages(), b"BT /F 9 Tf (" + b"Synakova" + b") Tj ET "
    old = data[data.index(b"<<  /Length ") : data.index(b" /P Do") + 6]
    line = old[old.index(b"stream\n") + 7 :]
    return data.replace(old, b"<<  /Length %d >>\nstream\n%b%b" % (len(said + line), said, line), 1)


TWINS: dict[str, tuple[Callable[[], bytes], str]] = {
    "text in a document of pictures": (with_text, "picture.document"),
    "information about a document of pictures": (
        lambda: pages().replace(b"/Root 1 0 R >>", b"/Root 1 0 R /Info << /A (Synakova) >> >>"), "picture.document"),
    "after the end": (lambda: pages() + b"Synakova", "picture.document"),
    "second revision": (lambda: pages() + pages(), "picture.document"),
    "object that nothing leads to": (
        lambda: pages().replace(b"xref\n", b"9 0 obj\n(Synakova)\nendobj\nxref\n", 1), "picture.document"),
    "page that is blurred": (blurred, "picture.seen-through"),
    "page that is not covered": (lambda: pages(picture_twins.scene()), "picture.seen-through"),
    "page finer than it was seen": (lambda: pages(picture_twins.masked().resize((320, 240))), "picture.larger"),
}  # fmt: skip
"""Each with the rule that must name it."""
