"""Redacting a picture: boxes and ellipses painted opaque into its pixels, and a new picture made of these alone.

Rules: what comes in is bare pixels, decoded elsewhere (kzdoc/report/images.py); what goes out is encoded anew from the
painted ones, so nothing of the original's file is in it: no metadata, no thumbnail, no second image, no transparency,
no byte after the end. A shape covers every pixel it touches, in one colour; blurring and pixelating are not offered,
they can be undone. What lay under a shape changes no byte of the result. What was encoded is looked through once more:
only the parts a bare picture needs may be there. No picture goes out finer than a person saw it: the screen and the new
picture have the same pixels, ``LARGEST`` along the longer side. Pure: no file, no clock, no chance.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from PIL import Image, ImageDraw

from kzdoc.errors import InputError, KzdocError

BOX, ELLIPSE = "box", "ellipse"
SHAPES = (BOX, ELLIPSE)
WHOLE: Final = 10_000
"""Places in a picture are told in ten-thousandths of its width and height, as it is seen upright."""
MOST_SHAPES: Final = 400
LARGEST: Final = 2_000
"""Pixels along the longer side of what a person looks at, and of what goes."""
PNG, JPEG, PDF = "png", "jpeg", "pdf"
MEDIA = {PNG: "image/png", JPEG: "image/jpeg", PDF: "application/pdf"}
REVIEWS = "picture-reviews"
"""Where a vault keeps what was made of which picture: rows of the original item, its file, the new file, the new item
and the shapes."""
_COLOUR = (0, 0, 0)
_QUALITY = 88
ALL_EDGE = 32
"""Pixels across which a place of a JPEG with coarse colours is mixed with what is beside it from both sides."""
_UPRIGHT = {
    2: (Image.Transpose.FLIP_LEFT_RIGHT,),
    3: (Image.Transpose.ROTATE_180,),
    4: (Image.Transpose.FLIP_TOP_BOTTOM,),
    5: (Image.Transpose.TRANSPOSE,),
    6: (Image.Transpose.ROTATE_270,),
    7: (Image.Transpose.TRANSVERSE,),
    8: (Image.Transpose.ROTATE_90,),
}
"""What makes a picture upright, by EXIF's orientation."""
_CHUNKS = {b"IHDR", b"IDAT", b"IEND"}
_MARKERS = {0xE0, 0xDB, 0xC0, 0xC4, 0xDA}
_JFIF = re.compile(rb"JFIF\x00\x01[\x01\x02]\x00\x00\x01\x00\x01\x00\x00")


@dataclass(frozen=True, slots=True)
class Shape:
    """Something to cover on a page (from 0): its sides in ten-thousandths of the picture, from the upper left."""

    how: str
    left: int
    top: int
    right: int
    bottom: int
    page: int = 0


@dataclass(frozen=True, slots=True)
class Pixels:
    """A decoded picture: rows of RGB, three bytes a pixel, and EXIF's orientation (1 is upright)."""

    width: int
    height: int
    rgb: bytes
    orientation: int = 1


def shape(how: str, sides: Sequence[int], *, page: int = 0) -> Shape:
    """Return a shape from left, top, right and bottom; raises ``InputError("picture.shape")`` if it covers nothing."""
    if how not in SHAPES or len(sides) != 4 or page < 0:  # noqa: PLR2004 - four sides
        raise InputError("picture.shape", limit=WHOLE)
    left, top, right, bottom = sides
    if not (0 <= left < right <= WHOLE and 0 <= top < bottom <= WHOLE):
        raise InputError("picture.shape", limit=WHOLE)
    return Shape(how, left, top, right, bottom, page)


def upright(pixels: Pixels) -> Image.Image:
    """Return the picture as it is to be seen."""
    image = Image.frombytes("RGB", (pixels.width, pixels.height), pixels.rgb)
    for turn in _UPRIGHT.get(pixels.orientation, ()):
        image = image.transpose(turn)
    return image


def as_seen(pixels: Pixels) -> Image.Image:
    """Return the picture as a person looks at it: upright, its longer side of ``LARGEST`` pixels at most."""
    return _no_larger(upright(pixels))


def covered(pixels: Pixels, shapes: Sequence[Shape]) -> Image.Image:
    """Return the picture as it is seen, with every pixel that a shape touches in one colour.

    Painted before it is made smaller, so that nothing from under a shape gets into the pixels beside it, and after, so
    that nothing from beside gets under it.
    """
    image = upright(pixels)
    _paint(image, shapes)
    smaller = _no_larger(image)
    _paint(smaller, shapes)
    return smaller


def areas(shapes: Iterable[Shape], page: int, size: tuple[int, int]) -> list[tuple[int, int, int, int]]:
    """Return what must be of one colour on a page of a size: left, top, right, bottom, the last two outside.

    Of an ellipse the largest upright box inside it.
    """
    found = []
    for one in shapes:
        if one.page != page:
            continue
        (left, right), (top, bottom) = _span(one.left, one.right, size[0]), _span(one.top, one.bottom, size[1])
        if one.how == ELLIPSE:
            aside, down = (right - left) * 15 // 100 + 1, (bottom - top) * 15 // 100 + 1
            left, right, top, bottom = left + aside, right - aside, top + down, bottom - down
        if left <= right and top <= bottom:
            found.append((left, top, right + 1, bottom + 1))
    return found


def _no_larger(image: Image.Image) -> Image.Image:
    if max(image.size) > LARGEST:
        image.thumbnail((LARGEST, LARGEST))
    return image


def _paint(image: Image.Image, shapes: Iterable[Shape]) -> None:
    brush = ImageDraw.Draw(image)
    for one in shapes:
        left, right = _span(one.left, one.right, image.width)
        top, bottom = _span(one.top, one.bottom, image.height)
        if one.how == ELLIPSE:
            brush.ellipse((left, top, right, bottom), fill=_COLOUR)
        else:
            brush.rectangle((left, top, right, bottom), fill=_COLOUR)


def _span(start: int, end: int, size: int) -> tuple[int, int]:
    """Return the first and the last pixel that a stretch touches."""
    first = min(start * size // WHOLE, size - 1)
    return first, max(first, min(-(-end * size // WHOLE), size) - 1)


def encoded(image: Image.Image, form: str) -> bytes:
    """Return a picture as PNG or JPEG, of its pixels alone; raises ``KzdocError("picture.not-clean")``."""
    bare = Image.frombytes("RGB", image.size, image.tobytes())  # whatever else the object carries stays behind
    target = io.BytesIO()
    if form == JPEG:
        bare.save(target, "JPEG", quality=_QUALITY, subsampling=2)
    else:
        bare.save(target, "PNG", compress_level=6)
    data = target.getvalue()
    if list(foreign_parts(data)):
        raise KzdocError("picture.not-clean")
    return data


def foreign_parts(data: bytes) -> Iterator[str]:
    """Yield what a PNG or JPEG has beside the parts a bare picture needs, by the names of the formats."""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        yield from _foreign_chunks(data)
    elif data.startswith(b"\xff\xd8"):
        yield from _foreign_markers(data)
    else:
        yield "unknown"


def _foreign_chunks(data: bytes) -> Iterator[str]:
    at = 8
    kind = b""
    while at + 12 <= len(data):
        size, kind = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        if kind not in _CHUNKS:
            yield kind.decode("latin-1")
        at += 12 + size
        if kind == b"IEND":
            break
    if kind != b"IEND" or at != len(data):
        yield "after-end"
    if data[25:26] != b"\x02":  # colour type: RGB without transparency
        yield "alpha"


def _foreign_markers(data: bytes) -> Iterator[str]:
    at = 2
    while at + 4 <= len(data) and data[at] == 0xFF:  # noqa: PLR2004 - a marker
        marker, size = data[at + 1], int.from_bytes(data[at + 2 : at + 4], "big")
        if marker not in _MARKERS:
            yield f"marker-{marker:02x}"
        if marker == 0xE0 and not _JFIF.fullmatch(data[at + 4 : at + 2 + size]):  # noqa: PLR2004 - APP0
            yield "jfif"
        at += 2 + size
        if marker == 0xDA:  # noqa: PLR2004 - the scan: to the end there is nothing but it
            break
    scan = re.compile(rb"(?:[^\xff]|\xff\x00)*\xff\xd9", re.DOTALL)
    if not scan.fullmatch(data, at):
        yield "after-end"


def tiny(shapes: Iterable[Shape], size: tuple[int, int]) -> bool:
    """Return whether a place of a picture of one page is all edge in a JPEG, where no check can tell it from a face."""
    return any(min(right - left, bottom - top) <= ALL_EDGE for left, top, right, bottom in areas(shapes, 0, size))


def bound(pages: Iterable[Image.Image], dpi: int) -> bytes:
    """Return pages as a PDF that has nothing in it but their pictures; the same pages, the same bytes."""
    objects: list[bytes] = [b"<< /Type /Catalog /Pages 2 0 R >>", b""]
    for number, page in enumerate(pages):
        width, height = (f"{side * 72 / dpi:.2f}" for side in page.size)
        first = 3 * number + 3
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {width} {height}] /Contents {first + 1} 0 R"
            f" /Resources << /XObject << /P {first + 2} 0 R >> >> >>".encode()
        )
        objects.append(_stream("", f"{width} 0 0 {height} 0 0 cm /P Do".encode()))
        said = f"/Type /XObject /Subtype /Image /Width {page.width} /Height {page.height} /ColorSpace /DeviceRGB"
        objects.append(_stream(f"{said} /BitsPerComponent 8 /Filter /DCTDecode", encoded(page, JPEG)))
    count = (len(objects) - 2) // 3
    kids = " ".join(f"{3 * number + 3} 0 R" for number in range(count))
    objects[1] = f"<< /Type /Pages /Kids [{kids}] /Count {count} >>".encode()
    return _file(objects)


def _stream(said: str, data: bytes) -> bytes:
    return f"<< {said} /Length {len(data)} >>\nstream\n".encode() + data + b"\nendstream"


def _file(objects: Sequence[bytes]) -> bytes:
    out = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
    places = []
    for number, one in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, one)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(out)
