"""The paper of an exposure: what a laptop that was taken held. For those inside, to be read together and destroyed.

Rules: it is marked internal on every page and is no publication: nothing is withheld from it, it is never signed and
never checked as one that leaves. It is made of plain words handed in; nothing here reads a vault.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kzdoc.language import catalogue
from kzdoc.report.flow import Block, fill, heading, paragraph, row
from kzdoc.report.page import BODY_HEIGHT, Margins, draw
from kzdoc.report.setting import BODY, LABEL, TITLE, text_atoms

Rows = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class ExposurePaper:
    """What the paper says: a title, a note on how to read it, and sections of (label, words) rows."""

    title: str
    note: str
    sections: Sequence[tuple[str, Rows]]
    day: str
    practice: bool


def draw_exposure(paper: ExposurePaper, *, lang: str) -> bytes:
    """Return the PDF."""
    say = catalogue("report", lang).say
    blocks: list[Block] = [
        paragraph(text_atoms(paper.title, TITLE), style=TITLE, keep=True),
        paragraph(text_atoms(paper.note, LABEL), style=LABEL, before=4),
    ]
    for title, rows in paper.sections:
        blocks.append(heading(title))
        blocks += [row(label, [text_atoms(words, BODY)]) for label, words in rows]
        if not rows:
            blocks.append(paragraph(text_atoms(say("exposure.none"), LABEL), style=LABEL))
    margins = Margins(
        say("paper.internal"),
        paper.day,
        say("paper.internal"),
        lambda page, total: say("page.counter", page=page, total=total),
        paper.practice,
    )
    return draw(fill(blocks, {}, BODY_HEIGHT), margins, lang=lang)
