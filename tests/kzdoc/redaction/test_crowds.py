"""Lists for strangers: nobody without a name stands alone in one by what a row shows."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from kzdoc import casework, exporting, joining, publishing
from kzdoc.casework import Change
from kzdoc.domain.audience import Audience
from kzdoc.redaction import crowds
from kzdoc.redaction.cells import K
from kzdoc.together import TogetherError
from tests.kzdoc.redaction.test_papers import READER, add

if TYPE_CHECKING:
    from pathlib import Path

    from kzdoc.session import Session
    from tests.offices import Office

NAMES = (
    "Мысалов Ерлан", "Сынақов Данияр", "Үлгіұлы Ғалым", "Тестов Арман", "Примеров Кайрат", "Образцов Нурлан",
    "Пробаев Серик", "Шаблонов Тимур", "Вымыслов Олжас", "Опытов Самат", "Черновиков Азат", "Вариантов Бекзат",
)  # fmt: skip


@pytest.fixture
def session(office: Office) -> Session:
    """Return an empty vault."""
    return office.open()


def somebody(session: Session, number: int, *, classes: tuple[str, ...] = ("narrative",), **said: Any) -> bytes:
    """Write down somebody who agreed to an account, and a detention; return the person."""
    who = add(session, "person", name_ru=NAMES[number])
    told = {"classes": list(classes), "audiences": ["public"], "given_on": "2020-01-01"}
    add(session, "consent", person=who.hex(), voluntary="yes", risks_explained="yes", **told)
    add(session, "detention", person=who.hex(), **said)
    return who


def rows(
    session: Session, out: Path, audience: Audience = Audience.PUBLIC, *, lang: str | None = None, although: str = ""
) -> list[Any]:
    """Export the detentions and return the rows of the file, the headings first where it has any."""
    exporting.export_table(session, "detention", out, audience=audience, lang=lang, although=although, **READER)
    if out.suffix == ".json":
        return [one["fields"] for one in json.loads(out.read_text(encoding="utf-8"))]
    if out.suffix == ".csv":
        return list(csv.DictReader(io.StringIO(out.read_text(encoding="utf-8-sig"), newline="")))
    head, *lines = openpyxl.load_workbook(out).active.values
    return [dict(zip(head, line, strict=True)) for line in lines]


def alike(found: list[Any]) -> int:
    """Return how many rows the loneliest row is like, itself among them, by all but who it is of and the account."""
    signs = [
        tuple(sorted((name, str(said)) for name, said in row.items() if name not in ("person", "narrative") and said))
        for row in found
    ]
    return min(Counter(signs).values())


def six_alone(session: Session) -> None:
    """Write down six people, each alone in region and month."""
    for number, region in enumerate(("KZ-75", "KZ-71", "KZ-75", "KZ-71", "KZ-10", "KZ-75")):
        somebody(session, number, region=region, actual_time=f"20{10 + number}-01-05", narrative="Держали ночь.")


@pytest.mark.parametrize("form", [".csv", ".xlsx", ".json"])
def test_who_is_alone_in_region_and_month_shows_neither(session: Session, tmp_path: Path, form: str) -> None:
    six_alone(session)
    found = rows(session, tmp_path / f"a{form}")
    assert len(found) == 6
    assert alike(found) >= K
    assert not any(row.get("region") or row.get("actual_time") for row in found)
    assert all(row["narrative"] == "Держали ночь." for row in found), "what they agreed to is told"


def test_those_who_are_many_keep_what_they_share(session: Session, tmp_path: Path) -> None:
    for number in range(6):
        somebody(session, number, region="KZ-75", actual_time=f"2022-01-0{number + 1}", force_used="yes")
    for number in range(6, 12):
        somebody(session, number, region="KZ-71", actual_time=f"20{10 + number}-01-05")
    found = rows(session, tmp_path / "a.csv")
    told = Counter((row["region"], row["actual_time"], row["force_used"]) for row in found)
    assert told == {("KZ-75", "January 2022", "yes"): 6, ("KZ-71", "", ""): 6}
    assert alike(found) >= K


def test_fewer_than_enough_show_nothing_and_not_that_rows_are_of_one_person(session: Session, tmp_path: Path) -> None:
    twice = somebody(session, 0, region="KZ-75", narrative="Первый раз.")
    add(session, "detention", person=twice.hex(), region="KZ-75", narrative="Второй раз.")
    for number in range(1, 4):
        somebody(session, number, region="KZ-75", narrative="Держали ночь.")
    found = rows(session, tmp_path / "a.csv", lang="ru")
    assert [len(row) for row in found] == [1] * 5


def test_the_named_are_left_as_they_are_and_are_no_crowd(session: Session, tmp_path: Path) -> None:
    for number in range(4):
        somebody(session, number, region="KZ-75")
    for number in range(4, 10):
        somebody(session, number, classes=("identity", "narrative"), region="KZ-75", actual_time="2022-01-05")
    found = rows(session, tmp_path / "a.csv")
    assert Counter((row["region"], row["actual_time"][:7]) for row in found) == {("KZ-75", "2022-01"): 6, ("", ""): 4}


def test_consent_to_exact_signs_lifts_nothing_in_a_list(session: Session, tmp_path: Path) -> None:
    for number in range(6):
        somebody(session, number, classes=("narrative", "quasi"), region="KZ-75", actual_time=f"2022-01-0{number + 1}")
    found = rows(session, tmp_path / "a.csv")
    assert {(row["region"], row.get("actual_time", "")) for row in found} == {("KZ-75", "")}


def test_two_records_of_one_person_are_no_two_people(session: Session, tmp_path: Path) -> None:
    people = [somebody(session, number, region="KZ-75") for number in range(5)]
    assert {row.get("region") for row in rows(session, tmp_path / "a.csv")} == {"KZ-75"}
    casework.change(session, people[0], [Change("same_as", "set", [people[1].hex()])])
    with pytest.raises(TogetherError):
        rows(session, tmp_path / "b.csv")
    found = rows(session, tmp_path / "b.csv", although="сынақ")
    assert not any(row.get("region") for row in found)


def happened(session: Session, *numbers: int, kind: str = "event", link: str = "persons", **said: Any) -> None:
    """Write down what happened to some people without a name."""
    whom = [add(session, "person", name_ru=NAMES[number]).hex() for number in numbers]
    add(session, kind, **({link: whom if link in ("persons", "about") else whom[0]} if whom else {}), **said)


def told_of(session: Session, kind: str, out: Path, audience: Audience = Audience.PUBLIC) -> list[dict[str, str]]:
    exporting.export_table(session, kind, out, audience=audience, lang=None, **READER)
    return list(csv.DictReader(io.StringIO(out.read_text(encoding="utf-8-sig"), newline="")))


def six_taken(session: Session) -> None:
    """Write down six events, each of one person: alone by unit, place and month."""
    for number, region in enumerate(("KZ-75", "KZ-71", "KZ-75", "KZ-71", "KZ-10", "KZ-75")):
        happened(
            session, number, title=f"Допрос {number}", region=region, date=f"20{10 + number}-01-05",
            description=f"Привезли ночью, случай {number}.",
        )  # fmt: skip


def test_an_event_of_one_person_without_a_name_is_theirs(session: Session, tmp_path: Path) -> None:
    """Unit, day and place of an event tell who was taken there, and so does an account nobody was asked about."""
    six_taken(session)
    happened(session, title="Сход у акимата", region="KZ-75", date="2021-05-05", description="Пришли сотни людей.")
    found = told_of(session, "event", tmp_path / "a.csv")
    of_nobody = [row for row in found if row["title"]]
    assert [(row["title"], row["date"]) for row in of_nobody] == [("Сход у акимата", "2021-05-05")]
    theirs = [row for row in found if not row["title"]]
    assert len(theirs) == 6
    assert not any(row[name] for row in theirs for name in ("region", "date", "description"))
    assert len(told_of(session, "event", tmp_path / "b.csv", Audience.LAWYER)) == 7
    assert all(row["title"] for row in told_of(session, "event", tmp_path / "c.csv", Audience.UN))


def test_a_crowd_a_named_one_and_what_is_alike_stay(session: Session, tmp_path: Path) -> None:
    happened(session, 0, 1, 2, 3, 4, title="Пятеро", region="KZ-75", date="2021-05-05")
    happened(session, 5, title="Марш", region="KZ-71", date="2021-06-05", participants="не менее 300 человек")
    happened(session, 6, title="Пикет", region="KZ-71", date="2021-06-05", participants="до 300 человек")
    hero = add(session, "person", name_ru="Мысалова Айгүл", naming_basis="already_public")
    add(session, "event", title="Названная", region="KZ-10", date="2021-07-05", persons=[hero.hex()])
    found = told_of(session, "event", tmp_path / "a.csv")
    assert {row["title"] for row in found} == {"Пятеро", "Марш", "Названная", ""}


def test_five_records_of_three_people_are_no_crowd(session: Session, tmp_path: Path) -> None:
    happened(session, 0, 1, 2, 3, 4, title="Пятеро", region="KZ-75", date="2021-05-05")
    people = sorted(one.id for one in session.records.records("person"))
    for double in people[1:3]:
        joining.same_person(session, people[0], double)
    assert [row for row in told_of(session, "event", tmp_path / "a.csv") if row.get("region")] == []
    event = next(iter(session.records.records("event"))).id
    case = publishing.view_of(session, event, audience=Audience.PUBLIC, lang="en", recipient="-", purpose="-")
    assert "2021-05-05" not in "".join(case.view.texts())
    assert "May 2021" in "".join(case.view.texts())


def test_five_alike_share_their_region(session: Session, tmp_path: Path) -> None:
    for number in range(5):
        happened(session, number, title=f"Допрос {number}", region="KZ-75", date=f"2021-0{number + 1}-05")
    found = told_of(session, "event", tmp_path / "a.csv")
    assert {(row["region"], row.get("title", ""), row.get("date", "")) for row in found} == {("KZ-75", "", "")}


def test_figures_and_sources_of_one_person_are_theirs(session: Session, tmp_path: Path) -> None:
    happened(session, 0, kind="figure", link="about", measure="tortured", figure="15 days", region="KZ-75")
    happened(session, kind="figure", measure="tortured", figure="300 persons", region="KZ-71")
    assert [row["region"] for row in told_of(session, "figure", tmp_path / "a.csv")].count("") == 1
    happened(session, 1, kind="source", link="person", type="person", date="2020-01", language="ug")
    happened(session, kind="source", type="media", title="Газет", published="yes", language="kk")
    found = told_of(session, "source", tmp_path / "b.csv")
    assert "ug" not in {row["language"] for row in found}
    assert "kk" in {row["language"] for row in found}


def test_a_twin_that_takes_every_event_for_the_world_s_is_caught(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    six_taken(session)
    monkeypatch.setattr(crowds, "_of_a_crowd", lambda _: True)
    assert sum(bool(row["region"]) for row in told_of(session, "event", tmp_path / "a.csv")) == 6


def test_known_readers_get_the_list_whole(session: Session, tmp_path: Path) -> None:
    six_alone(session)
    for audience in (Audience.LAWYER, Audience.UN, Audience.PARTNER):
        assert sum(bool(row["region"]) for row in rows(session, tmp_path / f"{audience.value}.csv", audience)) == 6


def test_it_is_told_before_there_is_a_file_and_kept_in_the_ledger(session: Session, tmp_path: Path) -> None:
    six_alone(session)
    out, told = tmp_path / "a.csv", []

    def tell(withheld: Any) -> None:
        assert not out.exists()
        told.extend((one.sensitivity, one.reason, one.count) for one in withheld)

    done = exporting.export_table(session, "detention", out, audience=Audience.PUBLIC, lang="ru", tell=tell, **READER)
    assert ("open", "few", 6) in told
    assert ("quasi", "few", 6) in told
    assert [(one["class"], one["reason"], one["count"]) for one in done["withheld"]] == told
    detail: Any = next(iter(session.vault.exports.all())).detail
    assert detail["few"] == [["actual_time", "region"]] * 6


def test_a_twin_that_hides_nobody_in_a_list_is_caught(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    six_alone(session)
    monkeypatch.setattr(crowds, "keep_in_rows", lambda units, *, k: [frozenset(range(99))] * len(units))  # noqa: ARG005
    assert alike(rows(session, tmp_path / "a.csv")) == 1
