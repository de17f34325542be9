"""Papers and tables whose own labels look like a withheld name: what is let stand, and what somebody wrote is not."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence
from dataclasses import replace

from kzdoc.leakcheck.check import check_pdf
from kzdoc.leakcheck.finding import Forbidden
from kzdoc.leakcheck.index import Hit
from kzdoc.leakcheck.tables import check_table
from kzdoc.names.words import words_of
from kzdoc.report.page import Printed
from kzdoc.report.render import printed
from kzdoc.tables.csvfile import write_csv
from kzdoc.tables.writing import write_sheet
from tests.kzdoc.report import cases

WITHHELD = "Ким Сынақ"
LABEL = "Кімге"
"""The first word of a Kazakh label, which may be a form of "Ким"."""
FORBIDDEN = (Forbidden(WITHHELD, "identity"),)
HEADING = ["Аты", "Кімге қатысты"]


@functools.cache
def made(account: str | None = None) -> Printed:
    """Return a Kazakh paper one of whose labels looks like the withheld name; in its account something may be said."""
    view = cases.russian_case(account)
    first = view.records[0]
    fields = (*first.fields[:2], replace(first.fields[2], label=HEADING[1]), *first.fields[3:])
    return printed(replace(view, lang="kk", records=(replace(first, fields=fields), *view.records[1:])))


def paper(account: str | None = None, own: Sequence[Sequence[str]] | None = None) -> set[str]:
    """Return the codes of such a paper; ``own``: what is told that the program set, when it is not what it did set."""
    one = made(account)
    told = one.own if own is None else own
    return {found.rule for found in check_pdf(one.pdf, forbidden=FORBIDDEN, view_text=["Тестов Данияр"], own=told)}


def table(form: str, cell: str, *, own: bool = True) -> set[str]:
    """Return the codes of a table whose heading looks like a withheld name, with something said in a cell."""
    rows = [HEADING, ["Тестов Данияр", cell]]
    data = write_csv(rows) if form == ".csv" else write_sheet(rows, "event")
    told = {(1, 1): [HEADING[0]], (1, 2): [HEADING[1]]} if own else {}
    return {one.rule for one in check_table(data, form, forbidden=FORBIDDEN, own=told)}


def by_word(hits: Sequence[Hit], text: str, own: Iterable[str], *, beside: Sequence[str] = ()) -> list[Hit]:
    """Excuse a word wherever it stands because the program set it somewhere: the twin that must be caught."""
    ours = {word.key for one in own for word in words_of(one)}
    return [hit for hit in hits if not {word.key for word in words_of(text[hit.start : hit.end])} <= ours]
