"""A picture decoded by a process that holds no keys and reaches nothing: untrusted bytes in, plain pixels out.

The child answers eight bytes (width and height, big-endian) and then rows of RGB, three bytes a pixel; that is all
the desk reads. Formats load their plugins at import, because in the sandbox no file opens any more.
"""

from __future__ import annotations

import io
import struct
from typing import TYPE_CHECKING, BinaryIO

from PySide6.QtCore import QBuffer, QByteArray, QIODevice
from PySide6.QtGui import QImage, QImageReader

from kzdoc.errors import KzdocError
from kzdoc.platform.sandbox import run_limited

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kzdoc.progress import Progress

MEMORY = 2 << 30
CPU_SECONDS = 20
LARGEST_SIDE = 4096
_ALLOCATION_MB = 512
_SINGLE_THREADED = 1 << 16
"""Pixels up to which Qt converts on the thread it is called on; it cannot start another in the sandbox."""
_HEAD = struct.Struct(">II")
_FORMATS = (b"png", b"jpeg", b"gif", b"webp", b"bmp", b"ico", b"tiff")


def _load_formats() -> None:
    """Make Qt load the plugin of every format while it still can."""
    for name in _FORMATS:
        buffer = QBuffer()
        buffer.open(QIODevice.OpenModeFlag.ReadWrite)
        QImageReader(buffer, QByteArray(name)).canRead()


def in_sandbox(arguments: Sequence[str], source: BinaryIO, target: BinaryIO) -> None:
    """Decode ``source``, no side longer than ``arguments[0]`` pixels; raises ``KzdocError("picture.unreadable")``."""
    QImageReader.setAllocationLimit(_ALLOCATION_MB)
    data = QByteArray(source.read())
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer)
    reader.setAutoTransform(True)
    reader.setDecideFormatFromContent(True)
    image = reader.read()
    if image.isNull():
        raise KzdocError("picture.unreadable")
    most = min(int(arguments[0]), LARGEST_SIDE)
    step = max(1, -(-max(image.width(), image.height()) // most))
    width, height = -(-image.width() // step), -(-image.height() // step)
    target.write(_HEAD.pack(width, height))
    strip = max(1, _SINGLE_THREADED // image.width())
    for top in range(0, image.height(), strip):
        part = image.copy(0, top, image.width(), min(strip, image.height() - top))
        part = part.convertToFormat(QImage.Format.Format_RGB888)
        pixels = bytes(part.constBits())
        for line in range(-top % step, part.height(), step):
            start = line * part.bytesPerLine()
            target.write(_every(pixels[start : start + 3 * image.width()], step))


def _every(line: bytes, step: int) -> bytes:
    """Return every ``step``-th pixel of a line."""
    if step == 1:
        return line
    taken = bytearray(3 * len(line[:: 3 * step]))
    for colour in range(3):
        taken[colour::3] = line[colour :: 3 * step]
    return bytes(taken)


def decode_picture(untrusted: bytes, most: int, progress: Progress) -> QImage:
    """Return the picture in ``untrusted``, decoded elsewhere; raises ``KzdocError("picture.unreadable")``."""
    out = io.BytesIO()
    try:
        run_limited(
            "ui.screens.record_picture",
            [str(most)],
            stdin=io.BytesIO(untrusted),
            stdout=out,
            memory=MEMORY,
            cpu_seconds=CPU_SECONDS,
            progress=progress,
            output_bytes=_HEAD.size + 3 * most * most,
        )
    except KzdocError as error:
        raise error if error.code == "work.cancelled" else KzdocError("picture.unreadable") from error
    return read_pixels(out.getvalue(), most)


def read_pixels(answer: bytes, most: int) -> QImage:
    """Return the child's answer as a picture; an answer of another shape is refused."""
    if len(answer) < _HEAD.size:
        raise KzdocError("picture.unreadable")
    width, height = _HEAD.unpack_from(answer)
    if not (0 < width <= most and 0 < height <= most) or len(answer) != _HEAD.size + 3 * width * height:
        raise KzdocError("picture.unreadable")
    return QImage(answer[_HEAD.size :], width, height, 3 * width, QImage.Format.Format_RGB888).copy()


_load_formats()
