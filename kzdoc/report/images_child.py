"""The half that meets strangers' files: a picture or a page of a PDF decoded to bare pixels, in a limited process.

The child gets the file on its standard input and answers numbers and pixels, nothing else: how many pages there are
(four bytes), or one page: width, height and EXIF's orientation (four bytes each) and rows of RGB. It reads only the
decoders named in ``DECODERS``; sizes are looked at before anything is decoded. Colours come as sRGB, what is
transparent stands on white, of an animation there is the first picture alone.
"""

from __future__ import annotations

import contextlib
import io
import struct
import warnings
from collections.abc import Sequence
from typing import Any, BinaryIO

import pypdfium2
from PIL import (
    BmpImagePlugin,
    GifImagePlugin,
    Image,
    ImageCms,
    JpegImagePlugin,
    MpoImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
    WebPImagePlugin,
)

from kzdoc.errors import InputError, KzdocError
from kzdoc.limits import LIMITS
from kzdoc.platform.pdfium import ALONE

COUNT, PAGE = struct.Struct(">I"), struct.Struct(">III")
TOO_LARGE = {"limit": LIMITS.picture_pixels // 1_000_000, "size": LIMITS.picture_file >> 20}
ORIENTATION = 0x0112
STRIP = 64
"""Rows converted at a time, so that a large picture is in memory once."""
DECODERS = {
    "jpeg": JpegImagePlugin.JpegImageFile.format,
    "png": PngImagePlugin.PngImageFile.format,
    "tiff": TiffImagePlugin.TiffImageFile.format,
    "webp": WebPImagePlugin.WebPImageFile.format,
    "gif": GifImagePlugin.GifImageFile.format,
    "bmp": BmpImagePlugin.BmpImageFile.format,
}
LOADED = (MpoImagePlugin,)
Image.preinit()  # in the sandbox nothing can be loaded any more, and a JPEG of several pictures asks for MPO's
_SRGB = ImageCms.createProfile("sRGB")


def in_sandbox(arguments: Sequence[str], source: BinaryIO, target: BinaryIO) -> None:
    """Answer what ``arguments`` ask of the file: "count FORM" or "page FORM NUMBER DPI".

    Raises ``InputError``: ``picture.unreadable``, ``picture.locked``, ``picture.too-large``, ``picture.page``,
    ``picture.pages``.
    """
    Image.MAX_IMAGE_PIXELS = LIMITS.picture_pixels
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    what, form, *rest = arguments
    data = source.read()
    try:
        if form == "pdf":
            _pdf(data, what, [int(word) for word in rest], target)
        elif what == "count":
            target.write(COUNT.pack(1))
        else:
            _picture(data, form, target)
    except (KzdocError, MemoryError):
        raise
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise InputError("picture.too-large", **TOO_LARGE) from error
    except Exception as error:
        raise InputError("picture.unreadable") from error


def _check_size(width: int, height: int) -> None:
    if width < 1 or height < 1:
        raise InputError("picture.unreadable")
    if width * height > LIMITS.picture_pixels or max(width, height) > LIMITS.picture_side:
        raise InputError("picture.too-large", **TOO_LARGE)


def _picture(data: bytes, form: str, target: BinaryIO) -> None:
    image = Image.open(io.BytesIO(data), formats=[str(DECODERS[form])])
    _check_size(*image.size)
    turned = 1 if form == "tiff" else image.getexif().get(ORIENTATION, 1)  # a TIFF is upright once it is loaded
    convert = _conversion(image)
    image.load()
    orientation = turned if isinstance(turned, int) and 1 <= turned <= 8 else 1  # noqa: PLR2004 - EXIF's values
    target.write(PAGE.pack(*image.size, orientation))
    for top in range(0, image.height, STRIP):
        strip = image.crop((0, top, image.width, min(top + STRIP, image.height)))
        target.write(convert(strip).tobytes())


def _conversion(image: Image.Image) -> Any:
    """Return what makes a strip of this picture bare RGB: sRGB where its profile can be followed, on white."""
    transform = None
    profile = image.info.get("icc_profile")
    if isinstance(profile, bytes) and image.mode in ("RGB", "CMYK", "L"):
        with contextlib.suppress(Exception):  # a broken profile is none
            transform = ImageCms.buildTransform(ImageCms.ImageCmsProfile(io.BytesIO(profile)), _SRGB, image.mode, "RGB")

    def convert(strip: Image.Image) -> Image.Image:
        if transform is not None:
            done = ImageCms.applyTransform(strip, transform)
            return done if done is not None else strip.convert("RGB")
        if strip.mode.startswith(("I", "F")):  # sixteen bits and more
            strip = strip.convert("I").point(lambda value: value / 256).convert("L")
        if strip.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in strip.info:
            strip = strip.convert("RGBA")
            ground = Image.new("RGBA", strip.size, (255, 255, 255, 255))
            strip = Image.alpha_composite(ground, strip)
        return strip.convert("RGB")

    return convert


def _pdf(data: bytes, what: str, numbers: Sequence[int], target: BinaryIO) -> None:
    with ALONE:
        try:
            document = pypdfium2.PdfDocument(data)
        except pypdfium2.PdfiumError as error:
            locked = error.err_code == pypdfium2.raw.FPDF_ERR_PASSWORD
            raise InputError("picture.locked" if locked else "picture.unreadable") from error
        try:
            if not 0 < len(document) <= LIMITS.picture_pages:
                raise InputError("picture.pages", limit=LIMITS.picture_pages)
            if what == "count":
                target.write(COUNT.pack(len(document)))
                return
            number, dpi = numbers
            if not 0 <= number < len(document):
                raise InputError("picture.page")
            width, height = document.get_page_size(number)
            _check_size(int(width * dpi / 72) + 1, int(height * dpi / 72) + 1)
            bitmap = document[number].render(scale=dpi / 72, rev_byteorder=True, may_draw_forms=True)
            image = bitmap.to_pil().convert("RGB")
            target.write(PAGE.pack(*image.size, 1))
            target.write(image.tobytes())
            bitmap.close()
        finally:
            document.close()
