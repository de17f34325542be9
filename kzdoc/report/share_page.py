"""The paper of one recovery share: what it is, who keeps it and how, what to do with it, its 20 words, a square code.

Rules: no vault, no folder, no person and no office is named; the words stand once more in plain text behind the end
of the PDF, so that the program reads its own paper without taking a PDF apart. The square code says just the words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import segno
from reportlab.lib.colors import HexColor
from reportlab.pdfgen.canvas import Canvas

from kzdoc.language import Catalogue, catalogue
from kzdoc.report.flow import TEXT_WIDTH, Block, fill, heading, paragraph
from kzdoc.report.page import BODY_HEIGHT, BOTTOM, LEFT, Margins, draw
from kzdoc.report.setting import INK, LABEL, SMALL, TITLE, Atom, Line, Style, text_atoms

_WORD = Style("kzdoc-bold", 12, 23)
_COLUMNS = 4
_NUMBER_WIDTH = 20.0
_CODE_SIDE = 128.0
_QUIET_ZONE = 4
_TAIL = b"\n%kzdoc-share "


@dataclass(frozen=True, slots=True)
class SharePaper:
    """One share as it is printed."""

    words: Sequence[str] = field(repr=False)
    number: int
    total: int
    needed: int
    set_id: str
    day: str
    practice: bool = False


def draw_share(paper: SharePaper, *, lang: str) -> bytes:
    """Return the PDF of one page."""
    say = catalogue("report", lang)
    sheets = fill(_blocks(paper, say), {}, BODY_HEIGHT)
    margins = Margins("kzdoc", say.say("share.set", set=paper.set_id, day=paper.day), "", lambda *_: "", paper.practice)
    words = " ".join(paper.words)
    pdf = draw(sheets, margins, lang=lang, paint=lambda canvas: _code(canvas, words))
    return pdf + _TAIL + words.encode("utf-8") + b"\n"


def words_in_paper(untrusted: bytes) -> str:
    """Return the words in a paper as ``draw_share`` made it, or in a text file; raises ``UnicodeDecodeError``."""
    _, found, tail = untrusted.rpartition(_TAIL)
    return (tail if found else untrusted).decode("utf-8-sig")


def _blocks(paper: SharePaper, say: Catalogue) -> list[Block]:
    title = say.say("share.title", number=paper.number, total=paper.total)
    what = say.say("share.what", needed=paper.needed, total=paper.total)
    blocks = [
        paragraph(text_atoms(title, TITLE), style=TITLE, keep=True),
        paragraph(text_atoms(what, LABEL), style=LABEL, before=4),
        heading(say.say("share.words")),
        Block(_word_lines(paper.words), before=4),
    ]
    for part in ("keep", "use"):
        blocks.append(heading(say.say(f"share.{part}")))
        blocks += [
            paragraph(text_atoms(line, LABEL), style=LABEL) for line in say.say(f"share.{part}_text").split("\n")
        ]
    blocks.append(paragraph(text_atoms(say.say("share.code"), SMALL), style=SMALL, before=24))
    return blocks


def _word_lines(words: Sequence[str]) -> tuple[Line, ...]:
    """Return the words in columns, read downwards, each with its number."""
    rows = -(-len(words) // _COLUMNS)
    width = TEXT_WIDTH / _COLUMNS
    lines = []
    for row in range(rows):
        atoms = []
        for place in range(row, len(words), rows):
            x = place // rows * width
            atoms.append(Atom(str(place + 1), SMALL, x=x, column=place // rows))
            atoms.append(Atom(words[place], _WORD, x=x + _NUMBER_WIDTH, column=place // rows))
        lines.append(Line(tuple(atoms), _WORD.leading))
    return tuple(lines)


def _code(canvas: Canvas, words: str) -> None:
    matrix = segno.make(words, error="m", micro=False, encoding="utf-8").matrix
    step = _CODE_SIDE / (len(matrix) + 2 * _QUIET_ZONE)
    canvas.setFillColor(HexColor(INK))
    for y, line in enumerate(matrix):
        for x, dark in enumerate(line):
            if dark:
                left = LEFT + (x + _QUIET_ZONE) * step
                bottom = BOTTOM + _CODE_SIDE - (y + _QUIET_ZONE + 1) * step
                canvas.rect(left, bottom, step + 0.05, step + 0.05, stroke=0, fill=1)
