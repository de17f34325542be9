"""Leaks that a namesake could excuse: the guard is made from people, as the program makes it, and must not let it."""

from __future__ import annotations

from typing import Any

from kzdoc.domain.audience import Audience
from kzdoc.guard import Guard, guard_of
from kzdoc.leakcheck.check import check_pdf
from kzdoc.leakcheck.tables import check_table
from kzdoc.redaction.people import everybody
from kzdoc.report.render import render
from kzdoc.tables.csvfile import write_csv
from kzdoc.tables.writing import write_sheet
from tests.kzdoc.leakcheck import twins
from tests.kzdoc.redaction.cases import DAY, state
from tests.kzdoc.report import cases

HERO, WITNESS, ELSEWHERE, CAUGHT = (bytes([number]) * 16 for number in (1, 2, 3, 4))
NAMESAKE = {"name_ru": twins.SECRET, "naming_basis": "already_public"}
OFFICIAL = {"name_ru": "Сынақова Шолпан", "naming_basis": "official"}

AT_HOME = {"name_ru": "Мысалова Айгүл", "address": [{"text": "г. Алматы, ул. Үлгі, д. 5, кв. 7"}]}


def guarding(texts: list[str], withheld: str = twins.SECRET, **elsewhere: Any) -> Guard:
    """Return the guard of a case of somebody shown and somebody withheld; ``elsewhere``: a record of no case."""
    people = [
        state(HERO, "person", name_ru="Тестов Данияр", naming_basis="already_public"),
        state(WITNESS, "person", name_ru=withheld),
        *([state(ELSEWHERE, "person", **elsewhere)] if elsewhere else []),
    ]
    known = everybody(people, [], [], day=DAY)
    records = [people[0], state(CAUGHT, "event", persons=[HERO, WITNESS])]
    return guard_of(known, records, texts, audience=Audience.PUBLIC)


def paper(account: str | None, withheld: str = twins.SECRET, **elsewhere: Any) -> set[str]:
    """Return the codes of a paper in whose account something was left."""
    view = cases.russian_case(account)
    guard = guarding(list(view.texts()), withheld, **elsewhere)
    found = check_pdf(render(view), forbidden=guard.forbidden, view_text=["Хронология"], **guard.lists())
    return {one.rule for one in found}


def table(form: str, cell: str, withheld: str = twins.SECRET, **elsewhere: Any) -> set[str]:
    """Return the codes of a table in which a cell says more than its view."""
    guard = guarding(["Тестов Данияр"], withheld, **elsewhere)
    rows = [["Имя", "Что сказано"], ["Тестов Данияр", cell]]
    data = write_csv(rows) if form == ".csv" else write_sheet(rows, "person")
    return {one.rule for one in check_table(data, form, forbidden=guard.forbidden, **guard.lists())}
