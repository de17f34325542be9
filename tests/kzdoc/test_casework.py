"""What people do with records: setting, adding, taking, clearing, links, listing, conflicts and their settling."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from kzdoc import casework
from kzdoc.casework import Change
from kzdoc.errors import InputError, KzdocError

if TYPE_CHECKING:
    from pathlib import Path

    from kzdoc.session import Session
    from tests.offices import Office


def put(session: Session, kind: str = "person", **fields: Any) -> bytes:
    """Write a record."""
    return casework.add(session, kind, [Change(name, "set", value) for name, value in fields.items()])


def fields_of(session: Session, record: bytes) -> dict[str, Any]:
    """Return a record's fields as the command line shows them."""
    return dict(casework.plain(casework.state(session, record))["fields"])


def refused(session: Session, record: bytes, *changes: Change) -> KzdocError:
    """Return the refusal of a change that leaves the record as it was."""
    before = casework.plain(casework.state(session, record))
    with pytest.raises(InputError) as caught:
        casework.change(session, record, changes)
    assert casework.plain(casework.state(session, record)) == before
    return caught.value


# --- fields of many values


def test_a_field_of_many_is_set_added_to_taken_from_and_cleared(office: Office) -> None:
    session = office.open()
    record = put(session, name_kk="Тестов Данияр", aliases=["Дан", "Дәке"])
    casework.change(session, record, [Change("aliases", "add", "Тест")])
    assert fields_of(session, record)["aliases"] == ["Дан", "Дәке", "Тест"]
    casework.change(session, record, [Change("aliases", "take", "Дан")])
    assert fields_of(session, record)["aliases"] == ["Дәке", "Тест"]
    casework.change(session, record, [Change("aliases", "set", "Жалғыз")])
    assert fields_of(session, record)["aliases"] == ["Жалғыз"]
    casework.change(session, record, [Change("aliases", "clear")])
    assert "aliases" not in fields_of(session, record)


def test_changes_of_one_field_of_many_follow_each_other(office: Office) -> None:
    session = office.open()
    record = put(session, aliases=["А", "Ә"])
    changes = [Change("aliases", "add", "Б"), Change("aliases", "take", "А"), Change("aliases", "add", "В")]
    casework.change(session, record, changes)
    assert fields_of(session, record)["aliases"] == sorted(["Ә", "Б", "В"], key=lambda one: one.encode())
    casework.change(session, record, [Change("aliases", "set", "Г"), Change("aliases", "set", "Ғ")])
    assert set(fields_of(session, record)["aliases"]) == {"Г", "Ғ"}
    casework.change(session, record, [Change("aliases", "add", "Д"), Change("aliases", "take", "Д")])
    assert set(fields_of(session, record)["aliases"]) == {"Г", "Ғ"}


def test_a_value_given_twice_is_one_statement(office: Office) -> None:
    session = office.open()
    record = put(session, aliases=["Дан", "Дан"])
    casework.change(session, record, [Change("aliases", "add", "Дан")])
    assert casework.history(session, record)[0]["fields"]["aliases"] == ["Дан"]
    assert len(casework.history(session, record)) == 1


def test_what_is_not_there_cannot_be_taken(office: Office) -> None:
    session = office.open()
    record = put(session, aliases="Дан", born="1980")
    assert refused(session, record, Change("aliases", "take", "Басқа")).code == "field.no-such-value"
    assert refused(session, record, Change("born", "take", "1980")).code == "field.not-many"
    assert refused(session, record, Change("born", "add", "1981")).code == "field.not-many"


# --- fields of one value


def test_one_value_cannot_be_given_twice(office: Office) -> None:
    session = office.open()
    record = put(session, born="1980")
    error = refused(session, record, Change("born", "set", "1981"), Change("born", "set", "1982"))
    assert (error.code, error.params["field"]) == ("field.twice", "born")
    with pytest.raises(InputError, match=r"field\.twice"):
        casework.add(session, "person", [Change("born", "set", "1981"), Change("born", "set", "1982")])


def test_equal_values_write_nothing(office: Office) -> None:
    session = office.open()
    record = put(session, name_kk="Тестов Данияр", aliases=["Дан"], born="1980")
    same = [
        Change("name_kk", "set", "Тестов  Данияр "),
        Change("aliases", "set", ["Дан"]),
        Change("born", "set", "1980"),
    ]
    nothing = [Change("died", "clear"), Change("sex", "set", " "), Change("related", "clear")]
    for changes in (same, nothing, [*same, *nothing]):
        assert not casework.change(session, record, changes).revisions
    assert len(casework.history(session, record)) == 1


def test_clearing_is_seen_and_can_be_written_over(office: Office) -> None:
    session = office.open()
    record = put(session, born="1980", name_kk="Тестов")
    casework.change(session, record, [Change("born", "clear")])
    assert "born" not in fields_of(session, record)
    assert not casework.change(session, record, [Change("born", "clear")]).revisions
    casework.change(session, record, [Change("born", "set", "1981")])
    assert fields_of(session, record)["born"] == "1981"
    assert casework.plain(casework.state(session, record))["conflicts"] == []


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (Change("born", "set", "бір кезде"), "date.not-understood"),
        (Change("nothing", "set", "x"), "field.unknown"),
        (Change("related", "set", "abc"), "field.link"),
        (Change("related", "set", "0" * 32), "field.link-unknown"),
        (Change("sex", "set", "x"), "field.choice"),
        (Change("aliases", "set", [["x"]]), "field.type"),
        (Change("born", "set", ["1980", "1981"]), "field.type"),
        (Change("name_kk", "set", "a\x07b"), "field.control-character"),
    ],
)
def test_what_does_not_fit_is_refused_and_nothing_is_written(office: Office, change: Change, code: str) -> None:
    session = office.open()
    record = put(session, name_kk="Тестов")
    assert refused(session, record, Change("died", "set", "2019"), change).code == code


# --- links


def test_links_are_ids_of_the_right_kind(office: Office) -> None:
    session = office.open()
    person, event = put(session, name_kk="Тестов"), put(session, "event", title="Митинг")
    detention = put(session, "detention", person=person.hex(), event=event.hex())
    assert fields_of(session, detention)["person"] == person.hex()
    assert refused(session, detention, Change("person", "set", event.hex())).code == "field.link-kind"
    shown = list(casework.listing(session, "detention", {"person": person.hex()}))
    assert [one["id"] for one in shown] == [detention.hex()]
    assert not list(casework.listing(session, "detention", {"person": event.hex()}))


# --- listing


def test_where_compares_every_type(office: Office) -> None:
    session = office.open()
    person = put(session, name_kk="Тестов Данияр", aliases=["Дан", "Т. Данияр"], born="1980-03", iin="850101400012")
    put(session, name_kk="Мысалов Ғалым", aliases=["Ғ"], born="1980-04")
    event = put(session, "event", title="Митинг", persons=[person.hex()], type=["assembly"])
    figure = {"value": 22, "qualifier": "at_least", "unit": "persons", "from": "2019", "to": "2019"}
    counted = put(session, "figure", figure=figure)

    def found(kind: str, **where: Any) -> list[str]:
        return [one["id"] for one in casework.listing(session, kind, where)]

    for where in (
        {"name_kk": "Тестов Данияр"},
        {"aliases": "Дан"},
        {"born": "1980-03"},
        {"born": "March 1980"},
        {"iin": "850101400012"},
        {"aliases": "Дан", "born": "1980-03"},
    ):
        assert found("person", **where) == [person.hex()], where
    assert found("person", aliases="Дан", born="1980-04") == []
    assert found("event", persons=person.hex()) == [event.hex()]
    assert found("event", type="assembly") == [event.hex()]
    assert found("figure", figure=figure) == [counted.hex()]
    assert found("event", region="") == [event.hex()]
    assert found("event", title="") == []


def test_lists_are_sorted_by_id_and_leave_removed_records_out(office: Office) -> None:
    session = office.open()
    records = [put(session, name_kk=f"Тестов {number}") for number in range(5)]
    assert [one["id"] for one in casework.listing(session, "person", {})] == sorted(one.hex() for one in records)
    casework.remove(session, records[2], "екі рет жазылған")
    assert records[2].hex() not in [one["id"] for one in casework.listing(session, "person", {})]
    assert casework.plain(casework.state(session, records[2]))["removed"] is True
    assert casework.find(session, "Тестов 2") == []


# --- attaching


def test_files_are_attached_all_or_none(office: Office, tmp_path: Path) -> None:
    session = office.open()
    record = put(session, "event", title="Митинг")
    (tmp_path / "видео.mp4").write_bytes(b"0" * 3000)
    (tmp_path / "note.txt").write_text("сөз", encoding="utf-8")
    with pytest.raises(InputError, match=r"file\.not-read"):
        casework.attach(session, record, [tmp_path / "note.txt", tmp_path / "missing.txt"])
    assert not list(casework.listing(session, "evidence_item", {}))
    assert not session.blobs.all()
    made = casework.attach(session, record, [tmp_path / "видео.mp4", tmp_path / "note.txt"])
    items = list(casework.listing(session, "evidence_item", {"about": record.hex()}))
    assert {one["id"] for one in items} == {one.hex() for one in made}
    assert {one["fields"]["original_name"] for one in items} == {"видео.mp4", "note.txt"}
    assert {one["fields"]["file"]["media"] for one in items} == {"video/mp4", "text/plain"}
