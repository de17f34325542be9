"""Redacted pictures: nothing under a shape and nothing beside the pixels of the original reaches the new file."""

from __future__ import annotations

import io
import random
import struct
import zlib
from typing import Any

import pikepdf
import pypdfium2
import pytest
from PIL import Image, PngImagePlugin

from kzdoc.errors import InputError, KzdocError
from kzdoc.leakcheck.pictures import check_picture
from kzdoc.limits import LIMITS
from kzdoc.platform.pdfium import ALONE
from kzdoc.redaction import images as painting
from kzdoc.redaction.images import JPEG, PNG, Pixels, areas, bound, covered, encoded, foreign_parts, shape
from kzdoc.report import images as reading
from kzdoc.report.images import DPI, form_of, page_count, page_pixels, redacted

CANARY = "КАНАРЕЙКА-Мысалова".encode()
BOX = shape("box", (2000, 2500, 7000, 6000))


def noise(seed: int, width: int = 64, height: int = 48) -> Image.Image:
    return Image.frombytes("RGB", (width, height), random.Random(seed).randbytes(3 * width * height))


def saved(image: Image.Image, form: str, **how: Any) -> bytes:
    target = io.BytesIO()
    image.save(target, form, **how)
    return target.getvalue()


def pixels(image: Image.Image) -> Pixels:
    return Pixels(image.width, image.height, image.tobytes())


def under(one: painting.Shape, image: Image.Image, seed: int) -> Image.Image:
    """Return the picture with other noise wherever the shape is painted, and nowhere else."""
    empty = Pixels(image.width, image.height, bytes([255]) * len(image.tobytes()))
    mask = covered(empty, [one]).convert("L").point(lambda value: 255 if value == 0 else 0)
    changed = image.copy()
    changed.paste(noise(seed, *image.size), mask=mask)
    return changed


def differing(count: int) -> int:
    """Return in how many of ``count`` pictures what lay under a shape can be seen in the bytes of the new one."""
    found = 0
    for seed in range(count):
        chance = random.Random(f"shape {seed}")
        left, top = chance.randint(0, 6000), chance.randint(0, 6000)
        sides = (left, top, left + chance.randint(400, 4000), top + chance.randint(400, 4000))
        one, form = shape(chance.choice(painting.SHAPES), sides), chance.choice((PNG, JPEG))
        first = noise(seed)
        second = under(one, first, seed + 100_000)
        assert first.tobytes() != second.tobytes()
        found += encoded(covered(pixels(first), [one]), form) != encoded(covered(pixels(second), [one]), form)
    return found


def test_what_lay_under_a_shape_changes_no_byte() -> None:
    assert differing(150) == 0


@pytest.mark.long
def test_what_lay_under_a_shape_changes_no_byte_of_thousands() -> None:
    assert differing(5000) == 0


def test_twin_a_shape_that_lets_a_hundredth_through_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    honest = painting.covered

    def thin(given: Pixels, shapes: Any) -> Image.Image:
        return Image.blend(painting.upright(given), honest(given, shapes), 254 / 255)

    monkeypatch.setattr(
        f"{__name__}.covered", lambda given, shapes: thin(given, shapes) if _real(given) else honest(given, shapes)
    )
    assert differing(20) > 0


def _real(given: Pixels) -> bool:
    return given.rgb != bytes([255]) * len(given.rgb)


def test_twin_a_shape_laid_over_the_picture_is_caught() -> None:
    """The original's file kept, the box as a layer above it: the pixels are all there."""
    first, second = noise(1), under(BOX, noise(1), 2)
    layered = [
        saved(one, "TIFF", save_all=True, append_images=[covered(pixels(one), [BOX])]) for one in (first, second)
    ]
    assert layered[0] != layered[1]


@pytest.mark.parametrize("form", ["PNG", "TIFF", "BMP", "WEBP"])
def test_from_file_to_file_what_lay_under_a_box_changes_no_byte(form: str) -> None:
    how = {"lossless": True} if form == "WEBP" else {}
    first, second = noise(3), under(BOX, noise(3), 4)
    made = [redacted(saved(one, form, **how), [BOX]) for one in (first, second)]
    assert made[0] == made[1]
    assert made[0][1] == PNG
    shown = Image.open(io.BytesIO(made[0][0]))
    assert shown.tobytes() == covered(pixels(first), [BOX]).tobytes()


@pytest.mark.parametrize(("side", "form"), [(64, "png"), (88, "png"), (100, "jpeg"), (400, "jpeg")])
def test_a_place_too_small_for_a_jpeg_makes_a_png_and_the_check_is_exact(side: int, form: str) -> None:
    """Whoever changes one pixel under the cover is found in the PNG; a JPEG is made only where its middle is exact."""
    out, made = redacted(saved(noise(3, side, side), "JPEG"), [BOX])
    assert made == form

    def codes(data: bytes) -> list[str]:
        found = check_picture(data, covered=lambda _, size: areas([BOX], 0, size), forbidden=(), largest=2_000)
        return [one.rule for one in found]

    assert codes(out) == []
    seen = Image.open(io.BytesIO(out)).convert("RGB")
    left, top, right, bottom = areas([BOX], 0, seen.size)[0]
    if made == PNG:
        seen.putpixel((left, bottom - 1), (1, 0, 0))
    else:
        seen.paste((40, 40, 40), ((left + right) // 2, (top + bottom) // 2, right - 20, bottom - 16))
    how = {} if made == PNG else {"quality": 88, "subsampling": 2}
    assert codes(saved(seen, made.upper(), **how)) == ["picture.seen-through"]


def full_of_more() -> dict[str, bytes]:
    """Return pictures with everything a file can carry beside its pixels."""
    image, exif = noise(5), Image.Exif()
    exif[0x010E], exif[0x927C] = CANARY.decode(), CANARY
    thumbnail = saved(noise(6, 16, 12), "JPEG", comment=CANARY)
    chunks = PngImagePlugin.PngInfo()
    chunks.add_text("Author", CANARY.decode())
    chunks.add_itxt("XML:com.adobe.xmp", CANARY.decode())
    jpeg = saved(image, "JPEG", exif=exif, comment=CANARY, xmp=b"<x:xmpmeta>" + CANARY, icc_profile=CANARY * 40)
    iptc = b"\xff\xed" + struct.pack(">H", len(CANARY) + 16) + b"Photoshop 3.0\0" + CANARY
    second = saved(image, "MPO", save_all=True, append_images=[noise(7)])
    frames = [noise(8), noise(9)]
    return {
        "jpeg": jpeg[:2] + iptc + jpeg[2:] + thumbnail + CANARY,
        "mpo": second + CANARY,
        "png": saved(image, "PNG", pnginfo=chunks, exif=exif) + CANARY,
        "gif": saved(frames[0], "GIF", save_all=True, append_images=frames[1:], comment=CANARY),
        "webp": saved(frames[0], "WEBP", save_all=True, append_images=frames[1:], exif=exif, xmp=CANARY),
        "tiff": saved(image, "TIFF", tiffinfo={700: CANARY}, save_all=True, append_images=[noise(10)]),
    }


@pytest.mark.parametrize("name", sorted(full_of_more()))
def test_nothing_but_pixels_comes_through(name: str) -> None:
    data = full_of_more()[name]
    out, _ = redacted(data, [])
    assert list(foreign_parts(out)) == []
    assert CANARY not in out
    again = Image.open(io.BytesIO(out))
    assert (again.mode, getattr(again, "n_frames", 1), dict(again.getexif())) == ("RGB", 1, {})
    assert set(again.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def test_twin_what_a_file_carries_is_seen_in_it() -> None:
    carrying = full_of_more()
    assert all(CANARY in carrying[name] for name in ("jpeg", "mpo", "png", "gif", "webp"))
    assert {"marker-e1", "marker-ed", "marker-e2", "marker-fe", "after-end"} <= set(foreign_parts(carrying["jpeg"]))
    assert {"iTXt", "eXIf", "after-end"} <= set(foreign_parts(carrying["png"]))
    assert list(foreign_parts(saved(noise(1).convert("RGBA"), "PNG"))) == ["alpha"]


def test_an_encoder_that_adds_something_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    honest = Image.Image.save
    monkeypatch.setattr(
        Image.Image, "save", lambda self, to, form, **how: honest(self, to, form, comment=CANARY, **how)
    )
    with pytest.raises(KzdocError, match=r"picture\.not-clean"):
        encoded(noise(1), JPEG)


def test_what_is_transparent_hides_nothing() -> None:
    hidden = noise(11).convert("RGBA")
    hidden.putalpha(0)
    blank = Image.new("RGBA", hidden.size, (1, 2, 3, 0))
    assert redacted(saved(hidden, "PNG"), []) == redacted(saved(blank, "PNG"), [])


@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
def test_a_picture_stands_upright_and_shapes_where_they_were_seen(orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    lying = noise(12)
    out, _ = redacted(saved(lying, "PNG", exif=exif), [BOX])
    turns = painting._UPRIGHT.get(orientation, ())
    upright = lying
    for turn in turns:
        upright = upright.transpose(turn)
    assert Image.open(io.BytesIO(out)).tobytes() == covered(pixels(upright), [BOX]).tobytes()


def bomb(side: int) -> bytes:
    """Return a PNG of a few bytes that says it is ``side`` × ``side``."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(4096))) + chunk(b"IEND", b"")
    )


def pdf_of(pages: int) -> bytes:
    with ALONE:
        document = pypdfium2.PdfDocument.new()
        for _ in range(pages):
            document.new_page(144, 72)
        target = io.BytesIO()
        document.save(target)
        document.close()
    return target.getvalue()


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "picture.heic"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "picture.unknown"),
        (b"", "picture.unknown"),
        (b"\xff\xd8\xff\xe0" + bytes(50), "picture.unreadable"),
        (saved(noise(1), "PNG")[:500], "picture.unreadable"),
        (b"%PDF-1.4\n%%EOF", "picture.unreadable"),
        (bomb(60_000), "picture.too-large"),
        (bomb(8_000), "picture.too-large"),
        (bytes(LIMITS.picture_file + 1), "picture.too-large"),
        (pdf_of(LIMITS.picture_pages + 1), "picture.pages"),
    ],
    ids=["heic", "svg", "empty", "jpeg", "cut", "pdf", "bomb", "large", "file", "pages"],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_by_its_reason(data: bytes, code: str) -> None:
    with pytest.raises(InputError) as refused:
        redacted(data, [])
    assert refused.value.code == code


def test_a_pdf_becomes_pictures_of_its_pages() -> None:
    data = bound([noise(13, 300, 150), noise(14, 300, 150)], DPI)
    assert (form_of(data), page_count(data)) == ("pdf", 2)
    out, form = redacted(data, [shape("box", (0, 0, 10_000, 10_000), page=1)])
    assert form == "pdf"
    assert (page_pixels(out).width, page_pixels(out).height) == (300, 150)
    assert set(page_pixels(out, 1).rgb) == {0}
    assert len(set(page_pixels(out).rgb)) > 100
    with pytest.raises(InputError, match=r"picture\.page"):
        redacted(out, [shape("box", (0, 0, 1, 1), page=2)])


@pytest.mark.parametrize("sides", [(0, 0, 0, 10), (5, 5, 4, 9), (-1, 0, 5, 5), (0, 0, 10_001, 5), (1, 2, 3)])
def test_a_shape_that_covers_nothing_is_refused(sides: tuple[int, ...]) -> None:
    with pytest.raises(InputError, match=r"picture\.shape"):
        shape("box", sides)


def mutants(count: int) -> list[str]:
    """Return how reading damaged pictures ends otherwise than by a picture or a refusal."""
    wrong = []
    good = list(full_of_more().values())
    for seed in range(count):
        chance = random.Random(f"mutant {seed}")
        data = bytearray(chance.choice(good))
        for _ in range(chance.randint(1, 12)):
            data[chance.randrange(min(len(data), 600))] = chance.randrange(256)
        try:
            out, _ = redacted(bytes(data), [])
            wrong += [f"{seed}: {part}" for part in foreign_parts(out)]
        except InputError:
            continue
        except Exception as error:  # noqa: BLE001 - that is what is looked for
            wrong.append(f"{seed}: {error!r}")
    return wrong


def test_damaged_pictures_end_by_a_picture_or_a_refusal() -> None:
    assert mutants(6) == []


@pytest.mark.long
def test_hundreds_of_damaged_pictures_end_by_a_picture_or_a_refusal() -> None:
    assert mutants(300) == []


@pytest.mark.parametrize("turned", range(1, 9))
@pytest.mark.parametrize("how", [{}, {"compression": "tiff_lzw"}], ids=["raw", "lzw"])
def test_a_tiff_is_turned_upright_once(turned: int, how: dict[str, Any]) -> None:
    image = noise(30, 6, 4)
    said = Image.Exif()
    said[0x0112] = turned
    for form, options in (("PNG", {"exif": said}), ("TIFF", {"tiffinfo": {0x0112: turned}, **how})):
        given = page_pixels(saved(image, form, **options))
        assert painting.upright(given).tobytes() == painting.upright(Pixels(6, 4, image.tobytes(), turned)).tobytes()


def test_the_pages_of_a_document_have_a_bound_together(monkeypatch: pytest.MonkeyPatch) -> None:
    document = bound([noise(31, 150, 100), noise(32, 150, 100)], DPI)
    assert redacted(document, [])[1] == "pdf"
    at_once: list[int] = []
    honest = painting.encoded
    monkeypatch.setattr(painting, "encoded", lambda page, form: (at_once.append(0), honest(page, form))[1])
    monkeypatch.setattr(reading, "MOST_PIXELS", 29_999)
    with pytest.raises(InputError, match=r"picture\.too-large"):
        redacted(document, [])
    assert len(at_once) == 1, "the first page was encoded before the second was decoded"


def test_a_document_locked_by_a_password_is_said_to_be_locked() -> None:
    target = io.BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        document.save(target, encryption=pikepdf.Encryption(user="пароль", owner="пароль"))
    with pytest.raises(InputError, match=r"picture\.locked"):
        page_count(target.getvalue())
