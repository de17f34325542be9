"""Names that markup, entities or signs nobody sees stand in: taken out whole, and found where they are left."""

from __future__ import annotations

import pytest

from kzdoc.leakcheck.finding import Forbidden
from kzdoc.leakcheck.index import Index
from kzdoc.names.index import NameIndex
from kzdoc.redaction.text import NameBook, Numbering, redact_text
from kzdoc.redaction.tokens import ViewText
from kzdoc.redaction.unknown import Decisions, unknown_names
from tests.kzdoc.redaction.cases import HERO, WITNESS, state

PEOPLE = [state(HERO, "person", name_ru="Мысалов Данияр"), state(WITNESS, "person", name_ru="Тестов Арман")]
BOOK = NameBook.build(PEOPLE, [HERO])
INSIDE = [
    "Тес<b>тов", "Тес</i>тов", "Тес&shy;тов", "Тес&amp;shy;тов", "Те&#769;стов", "Те&#x301;стов",
    "Т&#1077;стов", "&#1058;&#1077;&#1089;&#1090;&#1086;&#1074;", "&Tcy;естов", "Тес<wbr>тов", "Тес<!-- х -->тов",
    'Тес<span style="color:red">тов', "Тес[b]тов", "Тес[color=red]тов", "Тес\\u0442ов",
    "[Тес](http://x)тов", "Тес[тов](https://example.org/a)", "Т[ес](x)[тов](y)",
    "%D0%A2%D0%B5%D1%81%D1%82%D0%BE%D0%B2", "Тес\u200bтов", "Тес\u00adтов",
]  # fmt: skip
BESIDE = [
    "Тес**тов**", "*Тест*ов", "Тес_тов_", "Тес~~тов~~", "Тес<br>тов", "Тестов&nbsp;А.", "А.&nbsp;Тестов",
    "Тестов&nbsp;Арман", "Тестов<br>Арман", "Тес<b>тов</b> А<i>рман", "Т.е.с.т.о.в",
]  # fmt: skip


def left(text: str) -> str:
    return redact_text(text, book=BOOK, lang="ru", numbering=Numbering()).text.plain()


@pytest.mark.parametrize("name", [*INSIDE, *BESIDE])
def test_the_name_is_taken_out_with_the_markup_in_it(name: str) -> None:
    assert left(f"Потом {name} ушёл.") == "Потом [ПЕРСОНА-1] ушёл."


@pytest.mark.parametrize("name", [*INSIDE, *BESIDE])
def test_left_in_a_finished_text_it_is_a_finding_where_it_stands(name: str) -> None:
    text = f"Потом {name} ушёл."
    hits = Index([Forbidden("Тестов Арман", "identity")]).search(text)
    assert hits
    assert all(text[hit.start : hit.end] in name for hit in hits)


@pytest.mark.parametrize(
    "text",
    [
        "Потом <b>Мыс</b>алов Данияр ушёл.", "5 < 7 и a > b, [ссылка](https://example.org), ст. 174 &amp; 179.",
        "Тес <b>т</b> овощ.", "**Важно:** 100% и _так_.", "и т.д. А.Б.В.",
    ],
)  # fmt: skip
def test_nothing_else_goes(text: str) -> None:
    assert left(text) == text
    assert Index([Forbidden("Тестов Арман", "identity")]).search(text) == []


def test_names_of_nobody_known_are_asked_about_without_their_markup() -> None:
    texts = [(1, ViewText(("Пришла Незна<b>комова</b>&nbsp;Да&shy;на.",)))]
    asked = unknown_names(texts, NameIndex([]), Decisions())
    assert [one.text for one in asked] == ["Незнакомова Дана"]


def test_who_may_be_named_is_not_asked_about_for_the_markup_in_it() -> None:
    done = redact_text("Мыс<b>алов</b> Данияр ушёл.", book=BOOK, lang="ru", numbering=Numbering())
    assert done.candidates == ()
