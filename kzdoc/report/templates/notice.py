"""The notice that corrects a table or numbers: which, for whom, what of it no longer holds, and no value at all."""

from __future__ import annotations

from dataclasses import replace

from kzdoc.redaction.view import Corrects, View
from kzdoc.report.flow import Block, fill, paragraph
from kzdoc.report.page import BODY_HEIGHT, Margins, Printed, printed
from kzdoc.report.setting import BODY, SMALL_INK, STRONG, own_atoms
from kzdoc.report.templates.case_file import CaseFile


class Notice(CaseFile):
    """One notice being laid out; it opens as the papers do."""

    def lay_out(self) -> list[Block]:
        """Return its blocks, in order."""
        self._opening()
        signed = own_atoms(self.words.say("method.signature"), SMALL_INK)
        self.blocks.append(paragraph(signed, style=SMALL_INK, before=16))
        return self.blocks

    def margins(self, *, practice: bool) -> Margins:
        """Return what stands on every page."""
        left = f"{self.words.say('paper.correction')} · {self.words.say(f'audience.{self.view.audience.value}')}"
        return replace(super().margins(practice=practice), left=left)

    def _correction(self, earlier: Corrects) -> None:
        for at, text in enumerate(earlier.told):
            self.blocks.append(paragraph(own_atoms(text, BODY if at else STRONG), before=6 if at else 10))


def render(view: View, *, practice: bool = False) -> Printed:
    """Return the notice of ``view``, marked when it comes from a practice vault."""
    paper = Notice(view)
    return printed(fill(paper.lay_out(), {}, BODY_HEIGHT), paper.margins(practice=practice), lang=view.lang)
