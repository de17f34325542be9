"""Lists for strangers: nobody without a name stands alone in one by what a row shows."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from kzdoc import casework, exporting
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
