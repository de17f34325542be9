"""The pages of a paper as PDF bytes: A4, margins, header, footer, notes at the foot, one embedded font in two weights.

Rules: the bytes are a function of the sheets and the words given, the same in every run (no clock, no random
identifier, document information of constants); every glyph in the embedded subset is used by visible text; no font
but ours, no annotation, outline, form, script, attachment or picture; nothing is ever changed after it was written.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from reportlab.lib.colors import HexColor
from reportlab.pdfgen.canvas import Canvas

from kzdoc.language import LANGUAGES, catalogue
from kzdoc.report.flow import RULE_HEIGHT, TEXT_WIDTH, Sheet
from kzdoc.report.setting import (
    CHIP_GAP,
    HELD_WEAK,
    LINE,
    SMALL,
    STRONG,
    Atom,
    Line,
    printable,
    register_fonts,
    text_width,
)

A4 = (595.2756, 841.8898)
LEFT = 66.0
TOP = 86.0
BOTTOM = 70.0
BODY_HEIGHT = A4[1] - TOP - BOTTOM
HEADER_BASELINE = A4[1] - 50.0
PRACTICE_BASELINE = A4[1] - 30.0
FOOTER_BASELINE = 38.0
NOTE_RULE = 64.0
CHIP_HEIGHT = 11.5
CHIP_RADIUS = 3.0
DATE = "D:20000101000000+00'00'"
IDENTITY = b"6b7a646f632d7075626c69636174696f"  # "kzdoc-publicatio": the same in every paper
RAISE = 0.36  # of the size


@dataclass(frozen=True, slots=True)
class Margins:
    """What stands on every page: header left and right, footer right, and the words for "page 1 of 4".

    ``practice``: the paper comes from a practice vault and says so at the top of every page, in three languages.
    """

    left: str
    right: str
    foot: str
    counter: Callable[[int, int], str]
    practice: bool = False

    def own(self, number: int, total: int) -> tuple[str, ...]:
        """Return what of it on one page is in words of the program: all but the footer's right."""
        practice = [printable(practice_mark(), STRONG.font)] if self.practice else []
        return (
            *practice,
            *(printable(text, SMALL.font) for text in (self.left, self.right, self.counter(number, total))),
        )


@dataclass(frozen=True, slots=True)
class Printed:
    """A finished paper: its bytes, and by page what the program itself set there, piece by piece as it was set."""

    pdf: bytes
    own: tuple[tuple[str, ...], ...]


def printed(sheets: Sequence[Sheet], margins: Margins, *, lang: str) -> Printed:
    """Return ``sheets`` as a paper, with the program's own words on each page."""
    return Printed(draw(sheets, margins, lang=lang), own_words(sheets, margins))


def own_words(sheets: Sequence[Sheet], margins: Margins) -> tuple[tuple[str, ...], ...]:
    """Return by page what ``draw`` sets in words of the program: labels, dates, tokens, header and footer."""
    return tuple(
        (*margins.own(number, len(sheets)), *(atom.text for line in _lines(sheet) for atom in line.atoms if atom.own))
        for number, sheet in enumerate(sheets, start=1)
    )


def _lines(sheet: Sheet) -> list[Line]:
    return [*(line for _, line, _ in sheet.lines), *sheet.notes]


def draw(
    sheets: Sequence[Sheet], margins: Margins, *, lang: str, paint: Callable[[Canvas], None] | None = None
) -> bytes:
    """Return the PDF of ``sheets``; ``paint`` adds to every page what is not text."""
    register_fonts()
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=A4, pageCompression=1, invariant=1, initialFontName=SMALL.font, lang=lang)
    canvas.setTitle("kzdoc")
    canvas.setAuthor("")
    canvas.setSubject("")
    canvas.setKeywords("")
    canvas.setCreator("kzdoc")
    canvas.setProducer("kzdoc")
    canvas.setDateFormatter(lambda *_: DATE)  # whatever SOURCE_DATE_EPOCH says
    canvas._doc._ID = b"[<%b><%b>]\n" % (IDENTITY, IDENTITY)  # noqa: SLF001 - ReportLab's own would hold that time
    for number, sheet in enumerate(sheets, start=1):
        _margins(canvas, margins, number, len(sheets))
        _sheet(canvas, sheet)
        if paint is not None:
            paint(canvas)
        canvas.showPage()
    canvas.save()
    return target.getvalue()


def practice_mark() -> str:
    """Return what every page of a practice vault's paper says, in three languages."""
    return "  ·  ".join(catalogue("report", lang).say("paper.practice") for lang in LANGUAGES)


def _margins(canvas: Canvas, margins: Margins, number: int, total: int) -> None:
    if margins.practice:
        words = printable(practice_mark(), STRONG.font)
        canvas.setFont(STRONG.font, STRONG.size)
        canvas.setFillColor(HexColor(STRONG.colour))
        middle = LEFT + (TEXT_WIDTH - text_width(words, STRONG)) / 2
        canvas.drawString(_round(middle), _round(PRACTICE_BASELINE), words)
    _text(canvas, margins.left, LEFT, HEADER_BASELINE)
    right = printable(margins.right, SMALL.font)
    _text(canvas, right, LEFT + TEXT_WIDTH - text_width(right, SMALL), HEADER_BASELINE)
    _hairline(canvas, HEADER_BASELINE - 9, TEXT_WIDTH)
    _text(canvas, margins.counter(number, total), LEFT, FOOTER_BASELINE)
    foot = printable(margins.foot, SMALL.font)
    _text(canvas, foot, LEFT + TEXT_WIDTH - text_width(foot, SMALL), FOOTER_BASELINE)


def _text(canvas: Canvas, words: str, x: float, y: float) -> None:
    if not words:
        return
    canvas.setFont(SMALL.font, SMALL.size)
    canvas.setFillColor(HexColor(SMALL.colour))
    canvas.drawString(_round(x), _round(y), printable(words, SMALL.font))


def _hairline(canvas: Canvas, y: float, width: float) -> None:
    canvas.setStrokeColor(HexColor(LINE))
    canvas.setLineWidth(0.6)
    canvas.line(LEFT, _round(y), _round(LEFT + width), _round(y))


def _sheet(canvas: Canvas, sheet: Sheet) -> None:
    top = A4[1] - TOP
    for rule in sheet.rules:
        _hairline(canvas, top - rule, TEXT_WIDTH)
    placed = [
        (block, atom.column, at, y, atom) for at, (y, line, block) in enumerate(sheet.lines) for atom in line.atoms
    ]
    heights = [line.height for _, line, _ in sheet.lines]
    for _, _, at, y, atom in sorted(placed, key=lambda item: (item[0], item[1], item[2], item[4].x)):
        _atom(canvas, atom, top - y - _ascent(heights[at]))
    if sheet.notes:
        _notes(canvas, sheet.notes)


def _notes(canvas: Canvas, notes: Sequence[Line]) -> None:
    y = BOTTOM + sum(line.height for line in notes)
    _hairline(canvas, y + RULE_HEIGHT / 2, NOTE_RULE)
    for line in notes:
        for atom in line.atoms:
            _atom(canvas, atom, y - _ascent(line.height))
        y -= line.height


def _ascent(height: float) -> float:
    """Return how far below a line's top its baseline lies."""
    return height * 0.72


def _atom(canvas: Canvas, atom: Atom, baseline: float) -> None:
    x = LEFT + atom.x
    if atom.chip:
        box = atom.width - 2 * CHIP_GAP
        bottom = baseline - (CHIP_HEIGHT - atom.style.size * 0.72) / 2
        canvas.setFillColor(HexColor(HELD_WEAK))
        canvas.roundRect(_round(x + CHIP_GAP), _round(bottom), _round(box), CHIP_HEIGHT, CHIP_RADIUS, stroke=0, fill=1)
        x += (atom.width - text_width(atom.text, atom.style)) / 2
    elif atom.raised:
        baseline += atom.style.size * RAISE / 0.68
    canvas.setFillColor(HexColor(atom.style.colour))
    canvas.setFont(atom.style.font, atom.style.size)
    canvas.drawString(_round(x), _round(baseline), atom.text)


def _round(value: float) -> float:
    """Return ``value`` to a hundredth of a point, so that no platform's last digit reaches the file."""
    return round(value, 2)
