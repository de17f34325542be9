"""Pictures that people brought, as bare pixels and as new pictures: the half that asks a limited process.

The process that decodes has no keys, no network, no files and half a gigabyte (images_child.py); what it answers is
measured before it is believed. Painting and encoding are done here, of pixels alone (kzdoc/redaction/images.py). A PDF
becomes pictures of its pages at ``DPI``. HEIC is refused with a sentence of its own: kzdoc has no decoder for it.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence

from PIL import Image

from kzdoc.errors import InputError, KzdocError
from kzdoc.limits import LIMITS
from kzdoc.platform.sandbox import run_limited
from kzdoc.progress import Progress, silent
from kzdoc.redaction.images import JPEG, MOST_SHAPES, PDF, PNG, Pixels, Shape, bound, covered, encoded, tiny
from kzdoc.report.images_child import COUNT, PAGE, TOO_LARGE

DPI = 150
MOST_PIXELS = 4 * LIMITS.picture_pixels
"""Of all pages of a document together: sixty of A4 at ``DPI`` have 130 million."""
HEIC = "heic"
_CHILD = "kzdoc.report.images_child"
_SIGNS = (
    (b"\xff\xd8\xff", "jpeg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"II*\0", "tiff"),
    (b"MM\0*", "tiff"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"BM", "bmp"),
    (b"%PDF-", PDF),
)
_HEIC_BRANDS = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1")


def form_of(data: bytes) -> str:
    """Return what a file is by its first bytes: jpeg, png, tiff, webp, gif, bmp, pdf, heic, or "" for anything else."""
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "webp"
    if data[4:8] == b"ftyp" and data[8:12] in _HEIC_BRANDS:
        return HEIC
    return next((form for sign, form in _SIGNS if data.startswith(sign)), "")


def page_count(data: bytes, progress: Progress = silent) -> int:
    """Return how many pages a PDF has, 1 for a picture; raises as ``page_pixels``."""
    form = _known(data)
    if form != PDF:
        return 1
    answer = _asked(data, ["count", form], COUNT.size, progress)
    if len(answer) != COUNT.size:
        raise InputError("picture.unreadable")
    (count,) = COUNT.unpack(answer)
    if not 0 < count <= LIMITS.picture_pages:
        raise InputError("picture.pages", limit=LIMITS.picture_pages)
    return int(count)


def page_pixels(data: bytes, page: int = 0, progress: Progress = silent) -> Pixels:
    """Return a picture, or a page of a PDF at ``DPI``, as bare pixels.

    Raises:
        InputError: ``picture.unknown`` (no form we read), ``picture.heic``, ``picture.unreadable`` (broken),
            ``picture.locked`` (by a password),
            ``picture.too-large`` (file, pixels, or what decoding takes), ``picture.page``, ``picture.pages``.
        KzdocError: ``sandbox.failed``; what ``progress`` raises.
    """
    answer = _asked(data, ["page", _known(data), str(page), str(DPI)], PAGE.size + 3 * LIMITS.picture_pixels, progress)
    if len(answer) < PAGE.size:
        raise InputError("picture.unreadable")
    width, height, orientation = PAGE.unpack_from(answer)
    fits = 0 < width <= LIMITS.picture_side and 0 < height <= LIMITS.picture_side
    if not fits or len(answer) != PAGE.size + 3 * width * height:
        raise InputError("picture.unreadable")
    return Pixels(width, height, answer[PAGE.size :], orientation)


def redacted(data: bytes, shapes: Sequence[Shape], progress: Progress = silent) -> tuple[bytes, str]:
    """Return a new picture with every shape painted, and its form: JPEG stays JPEG, a PDF pages of pictures, else PNG.

    A JPEG becomes PNG when a place is so small that a JPEG would mix all of it with what is beside it.

    Raises as ``page_pixels``; ``InputError("picture.page")`` also for a shape on a page that is not there,
    ``picture.shapes`` for too many.
    """
    if len(shapes) > MOST_SHAPES:
        raise InputError("picture.shapes", limit=MOST_SHAPES)
    count = page_count(data, progress)
    if any(one.page >= count for one in shapes):
        raise InputError("picture.page")
    form = _known(data)
    pages = _covered_pages(data, count, shapes, progress)
    if form == PDF:
        return bound(pages, DPI), PDF
    page = next(pages)
    made = JPEG if form == "jpeg" and not tiny(shapes, page.size) else PNG
    return encoded(page, made), made


def _covered_pages(data: bytes, count: int, shapes: Sequence[Shape], progress: Progress) -> Iterator[Image.Image]:
    """Yield the pages one by one, so that one is in memory at a time; all of them have ``MOST_PIXELS`` at most."""
    total = 0
    for number in range(count):
        progress("picture.decode", number, count)
        pixels = page_pixels(data, number, progress)
        total += pixels.width * pixels.height
        if total > MOST_PIXELS:
            raise InputError("picture.too-large", **{**TOO_LARGE, "limit": MOST_PIXELS // 1_000_000})
        yield covered(pixels, [one for one in shapes if one.page == number])


def _known(data: bytes) -> str:
    if len(data) > LIMITS.picture_file:
        raise InputError("picture.too-large", **TOO_LARGE)
    form = form_of(data)
    if form in ("", HEIC):
        raise InputError("picture.heic" if form else "picture.unknown")
    return form


def _asked(data: bytes, words: Sequence[str], most: int, progress: Progress) -> bytes:
    answer = io.BytesIO()
    try:
        run_limited(
            _CHILD,
            words,
            stdin=io.BytesIO(data),
            stdout=answer,
            memory=LIMITS.picture_memory,
            cpu_seconds=LIMITS.picture_cpu_seconds,
            progress=lambda _what, done, _total: progress("picture.decode", done, 0),
            output_bytes=most,
        )
    except KzdocError as error:
        if error.code == "sandbox.limit":
            raise InputError("picture.too-large", **TOO_LARGE) from error
        if error.code == "sandbox.failed":
            raise InputError("picture.unreadable") from error
        raise
    return answer.getvalue()
