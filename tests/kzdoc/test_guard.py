"""From a real vault: nobody elsewhere excuses a withheld name, and two of one surname in one case are told apart."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from kzdoc import exporting, guard, naming, publishing
from kzdoc.cli.report import _why
from kzdoc.domain.audience import Audience
from kzdoc.errors import PublicationError
from kzdoc.leakcheck.finding import Finding
from kzdoc.leaving import LeakError
from kzdoc.redaction.tokens import ViewText
from kzdoc.redaction.view import View
from kzdoc.session import Session
from tests.kzdoc.redaction.test_papers import READER, add, paper
from tests.offices import Office

PUBLIC = {"audience": Audience.PUBLIC, **READER}


@pytest.fixture
def session(office: Office) -> Session:
    return office.open()


def case(session: Session, withheld: str, told: str = "Потом всех отпустили.") -> bytes:
    """Return somebody who may be named, of one event with somebody who may not."""
    hero = add(session, "person", name_ru="Тестов Данияр", naming_basis="already_public")
    other = add(session, "person", name_ru=withheld)
    add(session, "event", title="Собрание", persons=[hero.hex(), other.hex()], response=told)
    return hero


def careless(monkeypatch: pytest.MonkeyPatch, said: str) -> None:
    """Let the renderer print something that the view does not say."""
    honest = publishing.printed

    def leaking(view: View, **how: Any) -> bytes:
        root = view.records[0]
        return honest(replace(view, records=(replace(root, title=ViewText((said,))), *view.records[1:])), **how)

    monkeypatch.setattr(publishing, "printed", leaking)


def rules(session: Session, hero: bytes) -> set[str]:
    return {one.rule for one in paper(session, hero, Audience.PUBLIC).findings if one.rule.startswith("text.")}


ELSEWHERE = [
    {"name_ru": "Мысалова Айгүл", "naming_basis": "already_public"},
    {"name_ru": "Мысалов Серик", "naming_basis": "official"},
]


@pytest.mark.parametrize("other", ELSEWHERE)
@pytest.mark.parametrize("leaked", ["Тестов Данияр и Мысалова Айгүл", "Тестов Данияр, Мысалова"])
def test_nobody_elsewhere_excuses_a_withheld_name(
    other: dict[str, str], leaked: str, session: Session, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    hero = case(session, "Мысалова Айгүл")
    add(session, "person", **other)
    assert paper(session, hero, Audience.PUBLIC).findings == ()
    careless(monkeypatch, leaked)
    assert "text.name" in rules(session, hero)
    with pytest.raises(LeakError):
        publishing.make_report(session, hero, tmp_path / "a.pdf", template="case-file", lang="ru", pack=False, **PUBLIC)
    assert not list(tmp_path.glob("a.pdf*"))


@pytest.mark.parametrize("other", ELSEWHERE)
@pytest.mark.parametrize("form", [".csv", ".xlsx"])
def test_nor_in_a_table(
    other: dict[str, str], form: str, session: Session, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    case(session, "Мысалова Айгүл")
    add(session, "person", **other)
    honest = exporting._said
    monkeypatch.setattr(exporting, "_said", lambda shown: honest(shown) | {"response": "сказала Мысалова"})
    with pytest.raises(LeakError) as refused:
        exporting.export_table(session, "event", tmp_path / f"a{form}", lang="ru", **PUBLIC)
    assert {one.rule for one in refused.value.findings} == {"table.name"}


def test_nor_beside_the_paper(session: Session, tmp_path: Path) -> None:
    hero = case(session, "Мысалова Айгүл")
    add(session, "person", name_ru="Мысалов Серик", naming_basis="official")
    make: Callable[..., object] = publishing.make_report
    for name in ("дело_Мысаловой", "ДелоМысаловой", "мысаловаайгүл", "AigulMysalova", "дом 43.2389, 76.8897"):
        with pytest.raises(PublicationError, match=r"publication\.leak-name"):
            make(session, hero, tmp_path / f"{name}.pdf", template="case-file", lang="ru", pack=False, **PUBLIC)
    with pytest.raises(PublicationError, match=r"publication\.leak-reader"):
        make(session, hero, tmp_path / "a.pdf", template="case-file", lang="ru", pack=False,
             **PUBLIC | {"purpose": "Для Мысаловой"})  # fmt: skip
    with pytest.raises(PublicationError, match=r"publication\.leak-reader"):
        make(session, hero, tmp_path / "a.pdf", template="case-file", lang="ru", pack=False,
             **PUBLIC | {"purpose": "Для #АйгүлМысалова"})  # fmt: skip


def test_nor_by_initials_or_cut_short(session: Session, tmp_path: Path) -> None:
    hero = case(session, "Мысалова Айгүл")
    make = partial(publishing.make_report, session, hero, template="case-file", lang="ru", pack=False)
    for name in ("М-ва", "дело А.М.", "М***ва", "Мыс…"):
        with pytest.raises(PublicationError, match=r"publication\.leak-name"):
            make(tmp_path / f"{name}.pdf", **PUBLIC)
        with pytest.raises(PublicationError, match=r"publication\.leak-reader"):
            make(tmp_path / "a.pdf", **PUBLIC | {"purpose": f"Доклад, {name}"})
    with pytest.raises(PublicationError, match=r"publication\.leak-name"):
        exporting.export_table(session, "event", tmp_path / "М-ва.csv", lang="ru", **PUBLIC)
    assert [one for one in tmp_path.iterdir() if one.is_file()] == []
    make(tmp_path / "М-ва.pdf", **PUBLIC | {"audience": Audience.LAWYER, "purpose": "Жалоба А.М."})
    make(tmp_path / "дело Д.Т. и К-ва.pdf", **PUBLIC)


def test_two_of_one_surname_in_one_case(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    hero = case(session, "Тестов Ерлан", "Данияра Тестова увезли. Потом увезли Тестова.")
    assert paper(session, hero, Audience.PUBLIC).findings == ()  # the lone surname is a token already
    careless(monkeypatch, "Тестова")
    assert rules(session, hero) == {"text.shared-name"}
    naming.decide(session, ["Тестова"], naming.OTHER, reason="Сестра, согласна", scope=naming.in_case(hero))
    assert rules(session, hero) == set()
    monkeypatch.undo()
    careless(monkeypatch, "Тестов Ерлан")
    assert "text.name" in rules(session, hero)


def of_both(session: Session, told: str) -> tuple[bytes, bytes]:
    """Return a brother who may be named and his sister who may not, of one event."""
    brother = add(session, "person", name_ru="Мысалов Данияр", naming_basis="already_public")
    sister = add(session, "person", name_ru="Мысалова Сауле")
    add(session, "event", title="Собрание", persons=[brother.hex(), sister.hex()], response=told)
    return brother, sister


def test_a_brother_is_told_from_his_sister_by_the_form_of_their_surname(session: Session) -> None:
    brother, _ = of_both(session, "Данияр Мысалов пришёл. Мысаловой не дали воды. Мысалов ждал.")
    made = paper(session, brother, Audience.PUBLIC)
    assert made.findings == ()
    said = " ".join(made.view.texts())
    assert "Мысалов ждал" in said
    assert "Мысаловой" not in said


def test_a_form_that_may_be_hers_is_still_a_finding(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    brother, _ = of_both(session, "Оба ушли.")
    careless(monkeypatch, "Мысалов")
    assert rules(session, brother) == set()
    for leaked in ("Мысалова", "Мысаловой"):
        monkeypatch.undo()
        careless(monkeypatch, leaked)
        assert rules(session, brother) & {"text.shared-name", "text.name"}, leaked


def test_what_a_man_did_is_not_told_of_the_withheld_woman_of_his_surname(session: Session) -> None:
    add(session, "person", name_ru="Мысалов Данияр", naming_basis="already_public")
    sister = add(session, "person", name_ru="Мысалова Сауле")
    told = "Мысалову Сауле держали долго. Мысалов вызвал адвоката. Мысаловой не дали воды."
    add(session, "event", title="Собрание", persons=[sister.hex()], response=told)
    said = " ".join(paper(session, sister, Audience.UN).view.texts())
    assert "[ПЕРСОНА-1] держали долго. [ПЕРСОНА-2] вызвал адвоката. [ПЕРСОНА-1] не дали воды." in said


def test_two_of_one_name_in_one_case_wait_for_a_decision(session: Session) -> None:
    hero = case(session, "Тестов Данияр")
    assert rules(session, hero) == {"text.same-name"}
    found = publishing.found_words(paper(session, hero, Audience.PUBLIC))
    assert {" ".join(sorted(one.split())) for one in found} <= {"Данияр", "Тестов", "Данияр Тестов"}
    naming.decide(
        session, ["Тестов Данияр"], naming.OTHER, reason="Это тот, кто согласился", scope=naming.in_case(hero)
    )
    assert rules(session, hero) == set()


def test_a_double_whose_record_was_removed_is_no_second_person(session: Session) -> None:
    from kzdoc import casework

    hero = case(session, "Тестов Данияр")
    double = next(one.id for one in session.records.records("person") if one.id != hero)
    casework.remove(session, double, reason="двойник")
    assert paper(session, hero, Audience.PUBLIC).findings == ()


def test_the_twin_that_takes_everybody_in_the_vault_for_named_is_caught(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    hero = case(session, "Мысалова Айгүл")
    add(session, "person", **ELSEWHERE[0])
    careless(monkeypatch, "Тестов Данияр и Мысалова Айгүл")
    assert "text.name" in rules(session, hero)
    monkeypatch.setattr(guard, "_shown", lambda _index, may, _texts, _around: set(may))
    assert rules(session, hero) == {"text.same-name"}  # still a finding: the withheld one belongs to the case
    monkeypatch.setattr(guard, "people_near", lambda _records: frozenset())
    assert rules(session, hero) == set()


@pytest.mark.parametrize("reader", ["Иванова Анна Адвокат", "Анна Иванова", "адвокату Ивановой Анне"])
def test_the_readers_own_first_name_is_no_leak(session: Session, reader: str) -> None:
    hero = case(session, "Ким Анна")
    guard.reader_clean(paper(session, hero, Audience.PUBLIC).guard, reader, "Доклад")


@pytest.mark.parametrize(
    ("reader", "purpose"),
    [
        ("Ким Анна", "Доклад"), ("Иванова Ким", "Доклад"), ("Анна", "Доклад"), ("Адвокат Анна", "Доклад"),
        ("Иванова, Анна", "Доклад"), ("Иванова Анна Ким", "Доклад"), ("Адвокат", "Иванова Анна"),
    ],
)  # fmt: skip
def test_the_twin_reader_who_names_somebody_withheld_is_caught(session: Session, reader: str, purpose: str) -> None:
    hero = case(session, "Ким Анна")
    with pytest.raises(PublicationError, match=r"publication\.leak-reader"):
        guard.reader_clean(paper(session, hero, Audience.PUBLIC).guard, reader, purpose)


@pytest.mark.parametrize(("reader", "purpose"), [("Суд\nКим", "Доклад"), ("С" * 201, "Доклад"), ("Суд", "д" * 5000)])
def test_reader_and_purpose_are_a_line_each(session: Session, tmp_path: Path, reader: str, purpose: str) -> None:
    hero = case(session, "Ким Анна")
    with pytest.raises(PublicationError, match=r"publication\.reader-line"):
        publishing.make_report(session, hero, tmp_path / "a.pdf", template="case-file", lang="ru", pack=False,
                               audience=Audience.PUBLIC, recipient=reader, purpose=purpose)  # fmt: skip


def test_a_spot_is_counted_once_and_has_a_true_page() -> None:
    found = [
        Finding(0, "streams.shown-text", "identity"),
        Finding(1, "text.name", "identity", (222, 227)),
        Finding(1, "text.split-name", "identity", (222, 227)),
        Finding(1, "third.name", "identity", (3, 8)),
        Finding(2, "text.name", "identity", (5, 9)),
    ]
    error = LeakError(found, {"Кім": [found[1]]})
    assert [(one.page, one.position[0]) for one in error.spots] == [(1, 222), (2, 5)]
    assert (error.params["n"], error.params["page"]) == (2, 1)
    assert _why(error, "en", screen=True)[0].endswith(": Кім")
    assert not any("Кім" in line for line in _why(error, "en", screen=False))
    assert LeakError([Finding(0, "streams.info")]).code == "publication.leak-file"


HOME = "г. Алматы, ул. Сынақова, д. 5, кв. 7"


@pytest.mark.parametrize("leaked", [
    "ул. Сынақова 5, кв. 7", "на Сынақове, 5", "5 Synaqova Street", "Сынақова көшесі, 5-үй", "дом 5 по ул. Сынакова",
])  # fmt: skip
def test_a_withheld_home_that_stands_in_a_paper_is_found(
    leaked: str, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    hero = add(session, "person", name_ru="Тестов Данияр", naming_basis="already_public")
    add(session, "person", name_ru="Мысалова Айгүл", address=[{"text": HOME}])
    assert paper(session, hero, Audience.PUBLIC).findings == ()
    careless(monkeypatch, f"Тестов Данияр, {leaked}")
    assert "text.address" in rules(session, hero)
    monkeypatch.setattr(guard, "_homes", lambda *_: [])
    assert rules(session, hero) == set(), "the twin that looks for no homes"


@pytest.mark.parametrize("free", ["ул. Сынақова", "ул. Сынақова 15", "Сынақова 5 января", "Алматы, 5", "дом 5, кв. 7"])
def test_a_street_alone_and_another_house_are_nobodys(
    free: str, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    hero = add(session, "person", name_ru="Тестов Данияр", naming_basis="already_public")
    add(session, "person", name_ru="Мысалова Айгүл", address=[{"text": HOME}])
    careless(monkeypatch, f"Тестов Данияр, {free}")
    assert rules(session, hero) == set()


def test_a_withheld_home_that_stands_in_a_table_is_found(
    session: Session, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    case(session, "Мысалова Айгүл")
    add(session, "person", name_ru="Сынақ Ерлан", address=[{"text": HOME}])
    honest = exporting._said
    monkeypatch.setattr(exporting, "_said", lambda shown: honest(shown) | {"response": "живёт на Сынақова, 5"})
    with pytest.raises(LeakError) as refused:
        exporting.export_table(session, "event", tmp_path / "a.csv", lang="ru", **PUBLIC)
    assert "table.address" in {one.rule for one in refused.value.findings}
