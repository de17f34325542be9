"""Leaky pictures: an invented face covered badly, or something left beside the pixels."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable

from PIL import Image, ImageFilter
from PIL.PngImagePlugin import PngInfo

from kzdoc.leakcheck.pictures import check_picture

SECRET = "Сынақова Айгүл"
COVERED = (40, 24, 104, 88)
SIZE = (160, 120)
LARGEST = 200


def scene() -> Image.Image:
    """Return a picture in which every pixel differs from its neighbours."""
    picture = Image.new("RGB", SIZE)
    for x in range(SIZE[0]):
        for y in range(SIZE[1]):
            picture.putpixel((x, y), (x * 7 % 256, y * 11 % 256, x * y % 256))
    return picture


def masked() -> Image.Image:
    picture = scene()
    picture.paste((20, 20, 20), COVERED)
    return picture


def saved(picture: Image.Image, form: str = "PNG", **more: object) -> bytes:
    target = io.BytesIO()
    picture.save(target, form, **more)
    return target.getvalue()


def clean_png() -> bytes:
    return saved(masked())


def clean_jpeg() -> bytes:
    return saved(masked(), "JPEG", quality=85)


def exif(tag: int, value: object) -> bytes:
    data = Image.Exif()
    data[tag] = value
    return data.tobytes()


def exif_gps() -> bytes:
    data = Image.Exif()
    place = data.get_ifd(0x8825)
    place[1], place[2] = "N", (43.0, 15.0, 0.0)
    data[0x8825] = place
    return saved(masked(), "JPEG", exif=data.tobytes())


def exif_thumbnail() -> bytes:
    """Return a picture whose EXIF holds a small one of the whole scene."""
    small = saved(scene().resize((40, 30)), "JPEG")
    header = b"Exif\x00\x00II*\x00\x08\x00\x00\x00\x00\x00\x1a\x00\x00\x00"
    return _with_segment(clean_jpeg(), 0xE1, header + small)


def jfif_thumbnail() -> bytes:
    small = scene().resize((8, 8)).tobytes()
    header = b"JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x08\x08" + small
    plain = clean_jpeg()
    length = int.from_bytes(plain[4:6], "big")
    return _with_segment(plain[:2] + plain[4 + length :], 0xE0, header)


def _with_segment(data: bytes, marker: int, body: bytes) -> bytes:
    return data[:2] + bytes([0xFF, marker]) + struct.pack(">H", len(body) + 2) + body + data[2:]


def png_text() -> bytes:
    told = PngInfo()
    told.add_itxt("Title", SECRET)
    return saved(masked(), pnginfo=told)


def png_tail() -> bytes:
    """Return a cropped picture written over the whole one, whose end stays in the file."""
    whole, cropped = saved(scene()), clean_png()
    return cropped + whole[-400:]


def unknown_chunk() -> bytes:
    data = clean_png()
    body = b"kzDc" + SECRET.encode()
    chunk = struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
    return data[:-12] + chunk + data[-12:]


def blurred(form: str = "PNG") -> bytes:
    picture = scene()
    picture.paste(picture.crop(COVERED).filter(ImageFilter.GaussianBlur(6)), COVERED)
    return saved(picture, form)


def pixelated() -> bytes:
    picture = scene()
    face = picture.crop(COVERED)
    picture.paste(face.resize((6, 6)).resize(face.size, Image.Resampling.NEAREST), COVERED)
    return saved(picture)


def half_opaque() -> bytes:
    picture = scene()
    face = picture.crop(COVERED)
    picture.paste(Image.blend(face, Image.new("RGB", face.size, (0, 0, 0)), 0.9), COVERED)
    return saved(picture)


def beside_the_place() -> bytes:
    picture = scene()
    picture.paste((20, 20, 20), (COVERED[0] + 10, COVERED[1], COVERED[2] + 10, COVERED[3]))
    return saved(picture)


TWINS: dict[str, tuple[Callable[[], bytes], str]] = {
    "EXIF GPS": (exif_gps, "picture.exif"),
    "EXIF maker": (lambda: saved(masked(), "JPEG", exif=exif(0x010F, "Synakova")), "picture.exif"),
    "EXIF thumbnail": (exif_thumbnail, "picture.thumbnail"),
    "JFIF thumbnail": (jfif_thumbnail, "picture.thumbnail"),
    "EXIF in a PNG": (lambda: saved(masked(), exif=exif(0x010E, "Synakova")), "picture.exif"),
    "JPEG comment": (lambda: saved(masked(), "JPEG", comment=SECRET.encode()), "picture.text"),
    "colour profile": (lambda: saved(masked(), icc_profile=SECRET.encode() * 20), "picture.profile"),
    "PNG text": (png_text, "picture.text"),
    "PNG tail": (png_tail, "picture.after-end"),
    "JPEG tail": (lambda: clean_jpeg() + saved(scene(), "JPEG")[-300:], "picture.after-end"),
    "unknown chunk": (unknown_chunk, "picture.chunk"),
    "blur instead of a mask": (blurred, "picture.seen-through"),
    "blur instead of a mask, JPEG": (lambda: blurred("JPEG"), "picture.seen-through"),
    "coarse pixels instead of a mask": (pixelated, "picture.seen-through"),
    "mask that lets through": (half_opaque, "picture.seen-through"),
    "mask beside the place": (beside_the_place, "picture.seen-through"),
    "finer than it was seen": (lambda: saved(masked().resize((320, 240))), "picture.larger"),
}
"""Each with the rule that must name it."""


def check(data: bytes) -> set[str]:
    """Return the codes of a picture whose covered place is known."""
    found = check_picture(data, covered=lambda *_: [COVERED], forbidden=(), largest=LARGEST)
    return {finding.rule for finding in found}
