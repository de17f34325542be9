"""The look of a finished paper: nothing invisible, and no width that gives away what a token stands for.

Rules: all text lies on the page, is dark enough against what is under it, is not tiny, is painted (not render mode 3),
and is not covered by anything painted after it; every token stands in a box and all boxes of tokens have one width
(or exactly twice that width, for a long word); its label is a word, or a word and a number that counts the people of
the paper and not the records of a vault; there are no pictures. Reads pdfium's page
objects, in the order in which they are painted.
"""

from __future__ import annotations

import ctypes
import re
from collections.abc import Callable
from dataclasses import dataclass

import pypdfium2
import pypdfium2.raw as pdfium

from kzdoc.leakcheck.finding import Box, Finding

SMALLEST_SIZE = 5.0
LEAST_CONTRAST = 2.5
COVERED = 0.35
TOLERANCE = 0.6
TOKEN = re.compile(r"^\[[^\[\]]{2,40}\]$")
SPARE_NUMBERS = 8
"""People whom a view counts and a page need not show."""
LABEL = re.compile(r"\[([^\W\d_]+)(?:-([1-9]\d{0,3}))?\]")
FILL_MODES = (0, 2, 4, 6)
WHITE = (255, 255, 255)
Colour = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Piece:
    """One page object: what it is, where it lies, how it is painted."""

    kind: int
    box: Box
    fill: Colour
    opaque: bool
    filled: bool
    mode: int
    size: float
    text: str


def check_layout(document: pypdfium2.PdfDocument) -> list[Finding]:
    """Return the findings in the look of every page."""
    findings: list[Finding] = []
    widths: list[tuple[int, int, float, Box]] = []
    labels: list[tuple[int, int, str, Box]] = []
    for number in range(1, len(document) + 1):
        page = document[number - 1]
        pieces = _pieces(page)
        left, bottom, right, top = page.get_mediabox()
        findings += _invisible(number, pieces, (left, bottom, right, top))
        boxed = _tokens(number, pieces, findings)
        widths += boxed
        labels += [(number, at, pieces[at].text.strip(), box) for _, at, _, box in boxed]
        page.close()
    return [*findings, *_unequal(widths), *_misnumbered(labels)]


def _misnumbered(labels: list[tuple[int, int, str, Box]]) -> list[Finding]:
    """Return a finding for each token whose label is not of our form, or whose number is no count of a paper."""
    read = [(LABEL.fullmatch(label), number, at, box) for number, at, label, box in labels]
    used: dict[str, set[int]] = {}
    for match, _, _, _ in read:
        if match and match.group(2):
            used.setdefault(match.group(1), set()).add(int(match.group(2)))
    findings = []
    for match, number, at, box in read:
        if match is None:
            findings.append(Finding(number, "layout.token-form", "", (at, at), box))
        elif match.group(2) and int(match.group(2)) > 2 * len(used[match.group(1)]) + SPARE_NUMBERS:
            findings.append(Finding(number, "layout.token-number", "", (at, at), box))
    return findings


def _invisible(number: int, pieces: list[Piece], sheet: Box) -> list[Finding]:
    findings = []
    for at, piece in enumerate(pieces):
        if piece.kind == pdfium.FPDF_PAGEOBJ_IMAGE:
            findings.append(Finding(number, "layout.picture", "", (at, at), piece.box))
        if piece.kind != pdfium.FPDF_PAGEOBJ_TEXT or not piece.text.strip():
            continue
        rules = [
            ("off-page", _outside(piece.box, sheet)),
            ("render-mode", piece.mode not in FILL_MODES or not piece.opaque),
            ("tiny", piece.size < SMALLEST_SIZE),
            ("covered", _covered(piece.box, pieces[at + 1 :])),
            ("same-colour", _contrast(piece.fill, _under(piece.box, pieces[:at])) < LEAST_CONTRAST),
        ]
        findings += [Finding(number, f"layout.{rule}", "", (at, at), piece.box) for rule, broken in rules if broken]
    return findings


def _tokens(number: int, pieces: list[Piece], findings: list[Finding]) -> list[tuple[int, int, float, Box]]:
    """Return the widths of the boxes around tokens; a token without a box is a finding at once."""
    widths = []
    for at, piece in enumerate(pieces):
        if piece.kind != pdfium.FPDF_PAGEOBJ_TEXT or not TOKEN.match(piece.text.strip()):
            continue
        boxes = [other.box for other in pieces[:at] if other.filled and other.opaque and _inside(piece.box, other.box)]
        if boxes:
            box = min(boxes, key=lambda item: item[2] - item[0])
            widths.append((number, at, box[2] - box[0], box))
        else:
            findings.append(Finding(number, "layout.token-unboxed", "", (at, at), piece.box))
    return widths


def _unequal(widths: list[tuple[int, int, float, Box]]) -> list[Finding]:
    if not widths:
        return []
    unit = min(width for _, _, width, _ in widths)
    return [
        Finding(number, "layout.token-width", "", (at, at), box)
        for number, at, width, box in widths
        if min(abs(width - unit), abs(width - 2 * unit)) > TOLERANCE
    ]


def pieces_of(document: pypdfium2.PdfDocument, number: int) -> list[Piece]:
    """Return what page ``number`` (from 1) paints, in order."""
    page = document[number - 1]
    pieces = _pieces(page)
    page.close()
    return pieces


def _pieces(page: pypdfium2.PdfPage) -> list[Piece]:
    text_page = page.get_textpage()
    pieces = [_piece(item, text_page) for item in page.get_objects(max_depth=8)]
    text_page.close()
    return pieces


def _piece(item: pypdfium2.PdfObject, text_page: pypdfium2.PdfTextPage) -> Piece:
    raw = item.raw
    fill, alpha = _colour(raw)
    mode, size, text, filled = 0, 0.0, "", False
    if item.type == pdfium.FPDF_PAGEOBJ_TEXT:
        mode = pdfium.FPDFTextObj_GetTextRenderMode(raw)
        size = _size(raw)
        text = _text(raw, text_page)
    elif item.type == pdfium.FPDF_PAGEOBJ_PATH:
        how, stroke = ctypes.c_int(), ctypes.c_int()
        pdfium.FPDFPath_GetDrawMode(raw, how, stroke)
        filled = how.value != 0
    elif item.type == pdfium.FPDF_PAGEOBJ_IMAGE:
        filled = True
    return Piece(item.type, _bounds(item), fill, alpha > 200, filled, mode, size, text)  # noqa: PLR2004 - of 255


def _bounds(item: pypdfium2.PdfObject) -> Box:
    try:
        left, bottom, right, top = item.get_bounds()
    except pypdfium2.PdfiumError:
        return (0.0, 0.0, 0.0, 0.0)
    return (round(left, 1), round(bottom, 1), round(right, 1), round(top, 1))


def _colour(raw: object) -> tuple[Colour, int]:
    red, green, blue, alpha = (ctypes.c_uint(0) for _ in range(4))
    if not pdfium.FPDFPageObj_GetFillColor(raw, red, green, blue, alpha):
        return (0, 0, 0), 255
    return (red.value, green.value, blue.value), alpha.value


def _size(raw: object) -> float:
    """Return the height at which text is painted: the font's size times the scale of its matrix."""
    size, matrix = ctypes.c_float(), pdfium.FS_MATRIX()
    pdfium.FPDFTextObj_GetFontSize(raw, size)
    pdfium.FPDFPageObj_GetMatrix(raw, matrix)
    scale: float = min((matrix.a**2 + matrix.b**2) ** 0.5, (matrix.c**2 + matrix.d**2) ** 0.5)
    return abs(float(size.value)) * scale


def _text(raw: object, text_page: pypdfium2.PdfTextPage) -> str:
    read: Callable[..., int] = pdfium.FPDFTextObj_GetText
    length = read(raw, text_page.raw, None, 0)
    buffer = ctypes.create_string_buffer(max(2, length))
    read(raw, text_page.raw, ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort)), length)
    return buffer.raw[: max(0, length - 2)].decode("utf-16-le", errors="replace")


def _outside(box: Box, sheet: Box) -> bool:
    return box[0] < sheet[0] - 1 or box[1] < sheet[1] - 1 or box[2] > sheet[2] + 1 or box[3] > sheet[3] + 1


def _inside(box: Box, other: Box) -> bool:
    return other[0] - 1 <= box[0] and box[2] <= other[2] + 1 and other[1] - 2 <= box[1] and box[3] <= other[3] + 2


def _overlap(box: Box, other: Box) -> float:
    """Return which part of ``box`` lies under ``other``."""
    wide = min(box[2], other[2]) - max(box[0], other[0])
    high = min(box[3], other[3]) - max(box[1], other[1])
    area = max(0.1, box[2] - box[0]) * max(0.1, box[3] - box[1])
    return max(0.0, wide) * max(0.0, high) / area


def _covered(box: Box, later: list[Piece]) -> bool:
    return any(piece.filled and _overlap(box, piece.box) > COVERED for piece in later)


def _under(box: Box, earlier: list[Piece]) -> Colour:
    """Return the colour a text stands on: of the last filled thing under most of it, else the paper's."""
    grounds = [piece.fill for piece in earlier if piece.filled and _overlap(box, piece.box) > COVERED]
    return grounds[-1] if grounds else WHITE


def _luminance(colour: Colour) -> float:
    """Return the relative luminance (WCAG 2.2)."""
    parts = [value / 255 for value in colour]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]  # noqa: PLR2004 - the constants of sRGB (IEC 61966-2-1)
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: Colour, other: Colour) -> float:
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)
