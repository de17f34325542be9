"""Doubles in a vault: proposed, joined, parted, kept apart, handed to Splink; conflicts settled as a group."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Any

import pytest

from kzdoc import casework, joining, linkage, matching, naming, oversight
from kzdoc.casework import Change
from kzdoc.errors import InputError
from kzdoc.ledger.revision import NewEntry, NewStatement

if TYPE_CHECKING:
    from pathlib import Path

    from kzdoc.session import Session
    from tests.offices import Office


def put(session: Session, kind: str = "person", **fields: Any) -> bytes:
    """Write a record."""
    return casework.add(session, kind, [Change(name, "set", value) for name, value in fields.items()])


def dispute(session: Session, record: bytes, field: str, *values: Any) -> None:
    """Say several values of a field beside each other, as several people do who know nothing of each other."""
    kind = casework.state(session, record).kind
    for value in values:
        session.write([NewEntry(record, kind, (NewStatement(field, value),))])


def refusal(act: Any, *args: Any) -> str:
    with pytest.raises(InputError) as caught:
        act(*args)
    return caught.value.code


@pytest.fixture
def session(office: Office) -> Session:
    return office.open()


@pytest.fixture
def two(session: Session) -> tuple[bytes, bytes]:
    return (
        put(session, name_ru="Тестов Данияр", born="1990"),
        put(session, name_latin="Daniyar Testov", born="1990-05-01"),
    )


def proposed(session: Session, *args: Any, **more: Any) -> list[set[bytes]]:
    return [{match.one, match.other} for match in matching.candidates(session, *args, **more)]


def test_two_records_are_proposed_joined_and_parted(session: Session, two: tuple[bytes, bytes], tmp_path: Path) -> None:
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(b"\xff\xd8\xff made up")
    (item,) = casework.attach(session, two[1], [photo])
    assert proposed(session) == [set(two)]
    assert proposed(session, [two[1]]) == [set(two)]
    assert proposed(session, [item]) == []
    before = [casework.plain(casework.state(session, key))["fields"] for key in two]
    changes = joining.same_person(session, *two)
    assert len(changes.revisions) == 1
    assert joining.group(session, two[0]) == joining.group(session, two[1]) == sorted(two)
    assert proposed(session) == []
    assert casework.state(session, item).values("about") == [two[1]]
    joining.part(session, two[1])
    assert [casework.plain(casework.state(session, key))["fields"] for key in two] == before
    assert proposed(session) == [set(two)]


def test_joining_can_be_taken_back_as_any_revision(session: Session, two: tuple[bytes, bytes]) -> None:
    changes = joining.same_person(session, *two)
    casework.undo(session, changes.revisions[0])
    assert joining.group(session, two[0]) == [two[0]]


def test_who_leaves_a_group_leaves_the_others_joined(session: Session, two: tuple[bytes, bytes]) -> None:
    third = put(session, name_kk="Тестов Данияр", born="1990")
    joining.same_person(session, two[0], two[1])
    joining.same_person(session, two[0], third)
    joining.part(session, two[0])
    assert joining.group(session, two[0]) == [two[0]]
    assert joining.group(session, third) == sorted([two[1], third])


def test_a_pair_found_to_be_different_is_not_proposed_again(session: Session, two: tuple[bytes, bytes]) -> None:
    joining.part(session, *two)
    assert proposed(session) == []
    joining.same_person(session, two[1], two[0])
    assert joining.group(session, two[0]) == sorted(two)
    assert casework.state(session, two[0]).values("not_same_as") == []


def test_what_cannot_be_joined_or_parted_is_refused(session: Session, two: tuple[bytes, bytes]) -> None:
    event = put(session, "event", title="Задержания")
    gone = put(session, name_ru="Мысалов Ғалым")
    casework.remove(session, gone, "double")
    assert refusal(joining.same_person, session, two[0], two[0]) == "match.not-two"
    assert refusal(joining.same_person, session, two[0], event) == "match.not-two"
    assert refusal(joining.same_person, session, two[0], gone) == "match.removed"
    assert refusal(joining.part, session, two[0]) == "match.not-joined"
    joining.same_person(session, *two)
    assert refusal(joining.same_person, session, *two) == "match.joined"
    assert refusal(joining.part, session, *two) == "match.joined"
    with pytest.raises(InputError) as caught:
        matching.candidates(session, kind_id="charge")
    assert caught.value.code == "match.kind"


def test_events_are_proposed_by_who_was_there(session: Session, two: tuple[bytes, bytes]) -> None:
    shown = [
        put(session, "event", title=title, date="2024-06-01", region="almaty", persons=[person])
        for title, person in zip(("Задержания у акимата", "Аким алдындағы ұстау"), two, strict=True)
    ]
    assert proposed(session, kind_id="event") == [set(shown)]


def test_the_table_for_splink_has_folded_columns_only(
    session: Session, two: tuple[bytes, bytes], tmp_path: Path
) -> None:
    joining.same_person(session, *two)
    told = linkage.export(session, tmp_path / "out")
    with (tmp_path / "out" / "people.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert told["rows"] == len(rows) == len(two)
    assert {row["cluster_id"] for row in rows} == {min(two).hex()}
    assert {row["name_key"] for row in rows} == {"daniar testov"}
    assert {row["birth_year"] for row in rows} == {"1990"}
    assert all(cell.isascii() for row in rows for cell in row.values())
    assert refusal(linkage.export, session, tmp_path / "out") == "file.exists"


def test_who_is_joined_has_the_strictest_consent_of_both(session: Session, two: tuple[bytes, bytes]) -> None:
    casework.change(session, two[0], [Change("naming_basis", "set", "official")])
    assert naming.read_everybody(session).allowed.basis == {two[0]: "official"}
    joining.same_person(session, *two)
    assert naming.read_everybody(session).allowed.basis == {}
    joining.part(session, two[0])
    assert naming.read_everybody(session).allowed.basis == {two[0]: "official"}


# --- conflicts in groups


def test_what_only_spells_differently_is_settled_and_taken_back_as_a_group(session: Session) -> None:
    people = [put(session, occupation="токарь") for _ in range(12)]
    for number, person in enumerate(people):
        dispute(
            session,
            person,
            "name_kk",
            f"Үлгіқызы Әсем {'абвгдежзикл'[number % 11]}",
            f"Улгикызы Асем {'абвгдежзикл'[number % 11]}",
        )
    true = put(session, occupation="слесарь")
    dispute(session, true, "name_kk", "Үлгіқызы Әсем", "Мысалов Ғалым")
    groups = oversight.conflict_groups(session)
    assert [len(groups["spelling"]), len(groups["precision"])] == [len(people), 0]
    changes = oversight.settle_group(session, "spelling")
    assert {shown.id for shown in session.records.in_conflict()} == {true}
    assert str(casework.state(session, people[0]).value("name_kk")).startswith("Үлгіқызы Әсем")
    back = oversight.unsettle_group(session, changes.revisions)
    assert len(back.revisions) == 1
    assert {shown.id for shown in session.records.in_conflict()} == {true, *people}
    assert oversight.conflict_groups(session) == groups
    oversight.unsettle_group(session, back.revisions)
    assert {shown.id for shown in session.records.in_conflict()} == {true}


@pytest.mark.parametrize(
    ("kind", "field", "values", "kept"),
    [
        ("event", "date", ("2019", "2019-03"), "2019-03"),
        ("event", "date", ("2019-03-05", "2019", "2019-03"), "2019-03-05"),
        ("event", "date", ("2019", "2020-03"), None),
        ("event", "place", ("Алматы", "Алматы, Абай даңғылы 5"), "Алматы, Абай даңғылы 5"),
        ("event", "place", ("Алматы, Абай даңғылы 5", "Алматы, Абай даңғылы 7"), None),
        ("person", "born", ("1990", "1990-05-01"), "1990-05-01"),
        ("person", "occupation", ("токарь", "Токарь"), None),
        ("person", "name_ru", ("Тестов Данияр", "Данияр Тестов"), "Тестов Данияр"),
        ("person", "name_ru", ("Тестов Данияр", "Тестова Данияр"), None),
        ("person", "name_ru", ("Ахмэтов Мысал", "Ахметов Мысал"), "Ахметов Мысал"),
        ("person", "name_ru", ("Ельмира", "Эльмира"), "Эльмира"),
        ("person", "name_latin", ("Ahmetov Mysal", "Akhmetov Mysal"), "Akhmetov Mysal"),
    ],
)
def test_the_sort_of_a_conflict(session: Session, kind: str, field: str, values: tuple[str, ...], kept: str) -> None:
    record = put(session, kind, work_notes="x")
    dispute(session, record, field, *values)
    found = [one["keep"] for group in oversight.conflict_groups(session).values() for one in group]
    assert found == ([kept] if kept else [])


def test_a_group_that_is_not_there_is_refused(session: Session, two: tuple[bytes, bytes]) -> None:
    assert refusal(oversight.settle_group, session, "all") == "conflict.group"
    assert refusal(oversight.settle_group, session, "precision") == "conflict.group-empty"
    assert refusal(oversight.unsettle_group, session, [bytes(32)]) == "conflict.not-a-settling"
    assert refusal(oversight.unsettle_group, session, []) == "conflict.not-a-settling"
