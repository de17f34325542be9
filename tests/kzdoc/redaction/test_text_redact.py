"""`text redact` on a real vault: known people and numbers go, dates and offices stay, nothing is refused."""

from __future__ import annotations

import gc
import json
from collections.abc import Iterator
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kzdoc import casework, reviewing
from kzdoc.casework import Change
from kzdoc.domain.audience import Audience
from kzdoc.language import LANGUAGES
from kzdoc.session import Session
from tests.offices import Office

PEOPLE = [
    {"name_ru": "Тестов Данияр", "name_kk": "Тестов Данияр", "naming_basis": "already_public"},
    {"name_ru": "Тестова Айгуль Маратовна", "name_kk": "Тестова Айгүл Маратқызы", "iin": "870101400121",
     "phone": "+77010001122", "account": "aigul_test", "email": "aigul@example.org"},
    {"name_ru": "Мысалов Галым", "aliases": "Ғакең"},
    {"aliases": "Учитель"},
    {"name_latin": "Sample Aigerim"},
    {"name_ru": "Примеров Кайрат", "naming_basis": "official"},
]  # fmt: skip


@pytest.fixture
def session(office: Office) -> Session:
    opened = office.open()
    for fields in PEOPLE:
        casework.add(opened, "person", [Change(name, "set", value) for name, value in fields.items()])
    return opened


def redacted(session: Session, text: str, lang: str = "ru", audience: Audience = Audience.PUBLIC) -> str:
    done = reviewing.redact(session, text, audience=audience, lang=lang)
    json.dumps(done)
    assert all(text[span["start"] : span["end"]] for span in done["spans"])
    return str(done["text"])


SENTENCES = [
    ("ru", "5 марта 2019 года Тестов Данияр и Тестова Айгуль вышли на площадь.",
     "5 марта 2019 года Тестов Данияр и [ПЕРСОНА-1] вышли на площадь."),
    ("ru", "А. М. Тестовой позвонили по +7 701 000 11 22; ИИН 870101 400122, 14:30.",
     "[ПЕРСОНА-1] позвонили по [НОМЕР]; ИИН [НОМЕР], 14:30."),
    ("ru", "Мысалову Г. отказали, Ғакең ждал. Мысалов Галым ушёл.",
     "[ПЕРСОНА-1] отказали, [ПЕРСОНА-1] ждал. [ПЕРСОНА-1] ушёл."),
    ("ru", "Генеральный прокурор и министр внутренних дел выступили 16.12.2011 по ст. 174 УК.",
     "Генеральный прокурор и министр внутренних дел выступили 16.12.2011 по ст. 174 УК."),
    ("ru", "Судья Примеров Кайрат огласил приговор.", "Судья Примеров Кайрат огласил приговор."),
    ("kk", "2019 жылғы 5 наурызда Айгүл Маратқызының үйіне келді. Ішкі істер министрі үндемеді.",
     "2019 жылғы 5 наурызда [АДАМ-1] үйіне келді. Ішкі істер министрі үндемеді."),
    ("kk", "Мысаловтарға хабар берілмеді, Тестовқа айтылды.",
     "[АДАМ-1] хабар берілмеді, Тестовқа айтылды."),
    ("kk", "Көктемде айгүл гүлдейді.", "Көктемде айгүл гүлдейді."),
    ("en", "On 5 March 2019 Aigerim Sample's brother told the Prosecutor General about Daniyar Testov.",
     "On 5 March 2019 [PERSON-1] brother told the Prosecutor General about Daniyar Testov."),
    ("en", "Write to aigul@example.org or @aigul_test, t.me/aigul_test.",
     "Write to [NUMBER] or [NUMBER], [NUMBER]."),
    ("ru", "Написал aigul test, потом Учителю.", "Написал [НОМЕР], потом [ПЕРСОНА-1]."),
    ("ru", "Он хороший учитель.", "Он хороший учитель."),
]  # fmt: skip


@pytest.mark.parametrize(("lang", "text", "left"), SENTENCES)
def test_a_sentence(session: Session, lang: str, text: str, left: str) -> None:
    assert redacted(session, text, lang) == left


def test_strangers_are_candidates_in_json_and_stay_in_the_text(session: Session) -> None:
    text = "Пришла Незнакомова Дана, с ней Тестова Айгуль и А. Б. Чужаков."
    done = reviewing.redact(session, text, audience=Audience.PUBLIC, lang="ru")
    assert done["text"] == "Пришла Незнакомова Дана, с ней [ПЕРСОНА-1] и А. Б. Чужаков."
    assert any("Незнакомова Дана" in one["text"] for one in done["candidates"])
    assert any("Чужаков" in one["text"] for one in done["candidates"])
    assert not any("Тестова" in one["text"] for one in done["candidates"])
    assert {span["rule"] for span in done["spans"]} == {"person"}


def test_inside_nothing_is_replaced(session: Session) -> None:
    text = "Тестова Айгуль, ИИН 870101400121, +7 701 000 11 22."
    assert redacted(session, text, audience=Audience.INTERNAL) == text


def test_a_removed_person_is_still_met_in_texts(session: Session) -> None:
    gone = casework.record_id(next(iter(casework.listing(session, "person", {"name_ru": "Мысалов Галым"})))["id"])
    casework.remove(session, gone, "asked for it")
    assert redacted(session, "Мысалов ушёл.") == "[ПЕРСОНА-1] ушёл."


def test_a_removed_double_hides_nobody(session: Session) -> None:
    double = casework.add(session, "person", [Change("name_ru", "set", "Тестов Данияр")])
    casework.remove(session, double, "double")
    assert redacted(session, "Тестов Данияр и Тестов.") == "Тестов Данияр и Тестов."


def test_the_twin_that_names_everybody_is_told_apart(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kzdoc.redaction.consent.Permissions.may_name", lambda *_: True)
    assert redacted(session, "Мысалову Г. отказали.") == "Мысалову Г. отказали."


@pytest.fixture
def shared(session: Session) -> Iterator[Session]:
    return session


ANYTHING = st.one_of(
    st.text(max_size=400),
    st.lists(st.sampled_from(["Тестова", "\u00ad", "\u0306", " ", "-", "\n", ".", "А", "8701", "@", "+7", "\ud800",
                              "é"]),
             max_size=60).map("".join),
)  # fmt: skip


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ANYTHING, st.sampled_from(list(Audience)), st.sampled_from(LANGUAGES))
def test_no_text_is_refused(shared: Session, text: str, audience: Audience, lang: str) -> None:
    done = reviewing.redact(shared, text, audience=audience, lang=lang)
    spans = done["spans"]
    assert all(0 <= one["start"] < one["end"] <= len(text) for one in spans)
    assert all(one["end"] <= other["start"] for one, other in pairwise(spans))
    left, at = [], 0
    for span in spans:
        left.append(text[at : span["start"]])
        at = span["end"]
    kept = [part for part in [*left, text[at:]] if part]
    place = 0
    for part in kept:  # everything outside the spans stands, in order
        place = done["text"].index(part, place) + len(part)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_empty_text_is_an_empty_text(session: Session, lang: str) -> None:
    assert reviewing.redact(session, "", audience=Audience.PUBLIC, lang=lang) == {
        "text": "", "spans": [], "candidates": [], "hints": []
    }  # fmt: skip


def test_the_collector_of_garbage_waits_until_a_page_is_read(session: Session) -> None:
    page = " ".join(f"Свидетель{number} видел, как Тестову Айгуль Маратовну увезли." for number in range(100))
    begun: list[str] = []
    gc.callbacks.append(lambda phase, _: begun.append(phase) if phase == "start" else None)
    try:
        redacted(session, page)
    finally:
        gc.callbacks.pop()
    assert len(begun) <= 1
    assert gc.isenabled()
