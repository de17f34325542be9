"""The pages of an own finished paper as pictures: by PDFium, in memory, without a file.

The paper comes from our own writer and passed the leak check, so it is drawn in this process. PDFium works for one
thread at a time; while the worker's leak check is in it, ``Busy`` is raised at once and the window asks again later.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pypdfium2
from PySide6.QtGui import QImage

from kzdoc.errors import KzdocError
from kzdoc.platform.pdfium import ALONE


class Busy(Exception):  # noqa: N818 - a state, not a failure
    """Another thread is in PDFium; nothing was done."""


def page_sizes(pdf: bytes) -> tuple[tuple[float, float], ...]:
    """Return width and height of every page in points.

    Raises:
        KzdocError: ``desk.no-preview`` when the bytes are not a PDF that can be shown.
        Busy: ask again.
    """
    with _opened(pdf) as document:
        return tuple(document.get_page_size(number) for number in range(len(document)))


def page_picture(pdf: bytes, page: int, width: int) -> QImage:
    """Return a page, counted from 0, drawn ``width`` pixels wide on white.

    Raises:
        KzdocError: ``desk.no-preview``.
        Busy: ask again.
    """
    with _opened(pdf) as document:
        scale = width / max(1.0, document.get_page_size(page)[0])
        bitmap = document[page].render(scale=scale, prefer_bgrx=True)
        pixels = bytes(bitmap.buffer)
        drawn = QImage(pixels, bitmap.width, bitmap.height, bitmap.stride, QImage.Format.Format_RGB32).copy()
        bitmap.close()
        return drawn


@contextmanager
def _opened(pdf: bytes) -> Iterator[pypdfium2.PdfDocument]:
    if not ALONE.acquire(blocking=False):
        raise Busy
    try:
        document = pypdfium2.PdfDocument(pdf)
        try:
            if not len(document):
                raise KzdocError("desk.no-preview")
            yield document
        finally:
            document.close()
    except pypdfium2.PdfiumError as error:
        raise KzdocError("desk.no-preview") from error
    finally:
        ALONE.release()
