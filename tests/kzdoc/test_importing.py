"""Importing many records: all or none, from JSON and from the tables that spreadsheets write."""

from __future__ import annotations

import io
import json
from datetime import date
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from kzdoc import casework
from kzdoc.errors import InputError
from kzdoc.importing import RowsError, take_file
from kzdoc.vault.check import state_hash

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kzdoc.session import Session
    from tests.offices import Office


def take(
    session: Session, text: str | bytes, *, name: str = ".csv", columns: Mapping[str, str] | None = None, **more: Any
) -> dict[str, Any]:
    """Import a text."""
    data = text.encode() if isinstance(text, str) else text
    kind = more.get("kind", "person")
    preview = bool(more.get("preview"))
    return take_file(session, data, name=name, kind_id=kind, columns=columns or {}, preview=preview)


def refused(session: Session, text: str | bytes, *, name: str = ".csv", **more: Any) -> tuple[str, Mapping[str, Any]]:
    """Return code and parameters of a refusal after which nothing has changed."""
    before, records = state_hash(session.vault), session.vault.chains.heads()
    with pytest.raises(InputError) as caught:
        take(session, text, name=name, **more)
    assert (state_hash(session.vault), session.vault.chains.heads()) == (before, records)
    return caught.value.code, caught.value.params


def names(session: Session) -> list[str]:
    """Return the Kazakh names of everybody, sorted."""
    return sorted(one["fields"].get("name_kk", "") for one in casework.listing(session, "person", {}))


@pytest.mark.parametrize(
    "text",
    [
        "name_kk,born\nТестов Данияр,1980-03\nСынақова Айгүл,1990\n",
        "\ufeffname_kk;born\r\nТестов Данияр;1980-03\r\nСынақова Айгүл;1990\r\n",
        "sep=;\r\nname_kk;born\r\nТестов Данияр;1980-03\r\nСынақова Айгүл;1990",
        "\ufeffsep=\t\r\nname_kk\tborn\r\nТестов Данияр\t1980-03\r\nСынақова Айгүл\t1990",
        "Қазақша аты-жөні?born",
        '"born","name_kk"\r"1980-03","Тестов Данияр"\r"1990","Сынақова Айгүл"\r',
        "\n\nname_kk,born,,\n,,,\nТестов Данияр,1980-03,,\nСынақова Айгүл,1990,,\n,,,\n",
        "NAME IN KAZAKH,Born\nТестов Данияр,March 1980\nСынақова Айгүл,1990",
    ],
)
def test_tables_as_spreadsheets_write_them(office: Office, text: str) -> None:
    session = office.open()
    if "?" in text:
        label = casework.kind("person").field("name_kk").label.kk
        text = f"{label},born\nТестов Данияр,1980-03\nСынақова Айгүл,1990"
    done = take(session, text)
    assert (done["new"], done["changed"], len(done["ids"])) == (2, 0, 2)
    assert names(session) == ["Сынақова Айгүл", "Тестов Данияр"]
    assert {one["fields"]["born"] for one in casework.listing(session, "person", {})} == {"1980-03", "1990"}


def test_quotes_run_over_lines_and_hold_delimiters(office: Office) -> None:
    session = office.open()
    text = 'name_kk,aliases,description\r\n"Тестов, Данияр","Дан; ""Дәке""","бірінші жол\r\nекінші жол"\r\n'
    (record,) = take(session, text)["ids"]
    fields = casework.plain(casework.state(session, bytes.fromhex(record)))["fields"]
    assert fields["name_kk"] == "Тестов, Данияр"
    assert set(fields["aliases"]) == {"Дан", '"Дәке"'}
    assert fields["description"].splitlines() == ["бірінші жол", "екінші жол"]


GOOD = "name_kk,born,description\nТестов,1980,\n"


@pytest.mark.parametrize(
    ("bad", "line", "reason", "field"),
    [
        ("Сынақова,кеше ғой,\n", 3, "date.not-understood", "born"),
        ("Сынақова,05/03/2019,\n", 3, "date.ambiguous", "born"),
        ("Сынақова,1980\n", 3, "import.cells", "-"),
        ("Сынақова,1980,,артық\n", 3, "import.cells", "-"),
        ('Мысалов,1970,"екі\nжол"\nСынақова,бұрын,\n', 5, "date.not-understood", "born"),
        ('Мысалов,1970,"екі\nжол" артық\n', 3, "import.not-csv", "-"),
        ('Мысалов,1970,\n"жабылмаған,1970,\nСынақова,1980,\n', 4, "import.not-csv", "-"),
        ("Мысалов,1970,\n\n\nСынақова,13.13.2019,\n", 6, "date.no-such-day", "born"),
    ],
)
def test_a_bad_row_is_named_and_nothing_is_imported(
    office: Office, bad: str, line: int, reason: str, field: str
) -> None:
    session = office.open()
    code, params = refused(session, GOOD + bad)
    assert (code, params["line"], params["reason"], params["field"]) == ("import.row", line, reason, field)
    code, params = refused(session, "sep=,\n" + GOOD + bad)
    assert (params["line"], params["reason"]) == (line + 1, reason)
    assert names(session) == []


@pytest.mark.parametrize(
    ("text", "code", "number"),
    [
        ("name_kk,name_kk\nТестов,Сынақова\n", "import.column-twice", 2),
        ("name_kk,born,Name in Kazakh\nТестов,1980,Т\n", "import.column-twice", 3),
        ("id,name_kk,id\n,Тестов,\n", "import.column-twice", 3),
        ("name_kk,shoe size\nТестов,43\n", "import.column", 2),
        ("name_kk,,born\nТестов,,1980\n", "import.column", 2),
        ("", "import.nothing", None),
        ("\ufeff\r\n\r\n", "import.nothing", None),
        ("name_kk\nТестов".encode("utf-16"), "import.not-text", None),
        ("имя\nТестов".encode("cp1251"), "import.not-text", None),
    ],
)
def test_a_heading_that_does_not_fit_is_refused(office: Office, text: str | bytes, code: str, number: int) -> None:
    found, params = refused(office.open(), text)
    assert (found, params.get("number")) == (code, number)


def test_columns_can_be_named(office: Office) -> None:
    session = office.open()
    take(session, "Аты;Туған жылы\nТестов;1980\n", columns={"Аты": "name_kk", "Туған жылы": "born"})
    assert names(session) == ["Тестов"]


def test_rows_with_an_id_change_records(office: Office) -> None:
    session = office.open()
    one = casework.add(session, "person", [casework.Change("name_kk", "set", "Тестов")])
    text = f"id,name_kk,born\n{one.hex()},Тестов,1980\n,Сынақова,1990\n"
    told = {"new": 1, "changed": 1, "alike": 0, "alike_lines": [], "ids": [], "rows": 2, "preview": True}
    assert take(session, text, preview=True) == told
    assert names(session) == ["Тестов"]
    done = take(session, text)
    assert (done["new"], done["changed"]) == (1, 1)
    assert casework.plain(casework.state(session, one))["fields"]["born"] == "1980"
    assert take(session, f"id,name_kk\n{one.hex()},Тестов\n")["changed"] == 0
    event = casework.add(session, "event", [casework.Change("title", "set", "Митинг")])
    for text, reason, line in (
        (f"id,born\n{'0' * 32},1980\n", "record.unknown", 2),
        ("id,born\nжоқ,1980\n", "record.not-an-id", 2),
        (f"id,born\n{event.hex()},1980\n", "import.other-kind", 2),
        (f"id,born\n{one.hex()},1981\n{one.hex()},1982\n", "import.record-twice", 3),
    ):
        code, params = refused(session, text)
        assert (code, params["reason"], params["line"]) == ("import.row", reason, line)


def test_records_of_a_file_link_to_each_other(office: Office) -> None:
    session = office.open()
    items: list[dict[str, Any]] = [
        {"kind": "detention", "fields": {"person": "@who", "event": "@what"}},
        {"kind": "person", "ref": "who", "fields": {"name_kk": "Тестов", "aliases": ["Дан", "Дәке"]}},
        {"kind": "event", "ref": "what", "fields": {"title": "Митинг", "persons": ["@who"], "date": None}},
    ]
    done = take(session, json.dumps(items), name=".json", kind=None)
    shown = {one: casework.plain(casework.state(session, bytes.fromhex(one)))["fields"] for one in done["ids"]}
    detention, person, event = done["ids"]
    assert shown[detention] == {"person": person, "event": event}
    assert shown[event]["persons"] == [person]


@pytest.mark.parametrize(
    ("items", "line", "reason"),
    [
        ([{"kind": "person", "fields": {"born": "x"}}], 1, "date.not-understood"),
        ([{"kind": "person", "name_kk": "Т"}, {"kind": "nobody", "fields": {}}], 2, "kind.unknown"),
        ([{"fields": {}}], 1, "import.no-kind"),
        ([{"kind": "person", "fields": {"related": ["@x"]}}], 1, "field.link-unknown"),
        ([{"kind": "person", "ref": "x", "sex": "male"}, {"kind": "event", "ref": "x"}], 2, "import.ref-twice"),
        ([{"kind": "event", "fields": {"persons": ["@e"]}}, {"kind": "event", "ref": "e"}], 1, "field.link-kind"),
        (["x"], 1, "import.not-an-object"),
        ([{"kind": "person", "fields": {"shoe": 1}}], 1, "field.unknown"),
        ([{"kind": "person", "nam": "x"}], 1, "field.unknown"),
        ([{"kind": "person", "fields": {"name_kk": "Т"}, "name_ru": "Т"}], 1, "import.unknown-key"),
        ([{"kind": "person"}], 1, "import.no-field"),
        ([{"kind": "person", "fields": {}}], 1, "import.no-field"),
        ([{"kind": "person", "name_kk": None, "description": "  "}], 1, "import.no-field"),
        ([{"kind": "person", "fields": {"born": {"a": float("nan")}}}], 1, "field.type"),
    ],
)
def test_a_bad_item_is_named_and_nothing_is_imported(office: Office, items: list[Any], line: int, reason: str) -> None:
    good = {"kind": "person", "fields": {"name_kk": "Тестов"}}
    code, params = refused(office.open(), json.dumps([*items, good]), name=".json", kind=None)
    assert (code, params["line"], params["reason"]) == ("import.row", line, reason)


def test_flat_objects_are_taken_too_in_one_document_or_one_a_line(office: Office) -> None:
    session = office.open()
    flat = [{"kind": "person", "name_kk": "Тестов", "aliases": ["Дан"], "ref": "a"}, {"name_kk": "Сынақова"}]
    done = take(session, json.dumps(flat), name=".json")
    assert (done["new"], len(done["ids"])) == (2, 2)
    assert names(session) == ["Сынақова", "Тестов"]
    lines = "\n".join(json.dumps(one) for one in casework.listing(session, "person", {}))
    assert take(session, lines, name=".json", kind=None)["changed"] == 0
    named = [{"Аты": "Мысалов"}]
    assert take(session, json.dumps(named), name=".json", columns={"Аты": "name_kk"})["new"] == 1
    assert len(names(session)) == 3


def test_of_two_values_for_one_key_none_is_lost(office: Office) -> None:
    text = '[{"kind": "person", "name_kk": "Тестов", "name_kk": "Сынақова"}]'
    assert refused(office.open(), text, name=".json")[0] == "import.key-twice"


def test_every_bad_row_is_named_and_counted(office: Office) -> None:
    session = office.open()
    rows = "".join(f"Тестов,{'1980' if number % 2 else 'бұрын'}\n" for number in range(60))
    with pytest.raises(RowsError) as caught:
        take(session, "name_kk,born\n" + rows)
    assert (caught.value.total, len(caught.value.rows)) == (30, 20)
    assert [error.params["line"] for error in caught.value.rows] == list(range(2, 42, 2))
    assert caught.value.params == caught.value.rows[0].params
    assert names(session) == []
    items = [{"kind": "person", "born": "x"}, {"nam": 1}, "x", {"kind": "person", "born": "1980"}]
    with pytest.raises(RowsError) as caught:
        take(session, json.dumps(items), name=".json", kind=None)
    assert [error.params["line"] for error in caught.value.rows] == [1, 2, 3]


def test_what_looks_the_same_is_counted_and_taken(office: Office) -> None:
    session = office.open()
    text = "name_kk,born\nТестов Данияр,1980\nСынақова Айгүл,\nТестов Данияр,1981\nТЕСТОВ ДАНИЯР,1980\n"
    first = take(session, text, preview=True)
    assert (first["new"], first["alike"], first["alike_lines"]) == (4, 1, [5])
    take(session, text)
    again = take(session, text, preview=True)
    assert (again["new"], again["alike"], again["alike_lines"]) == (4, 4, [2, 3, 4, 5])
    charge = json.dumps([{"kind": "charge", "case_number": "1-23"}])
    assert take(session, charge, name=".json")["alike"] == 0
    assert take(session, charge, name=".json")["alike"] == 1


def test_a_document_may_be_a_single_record(office: Office) -> None:
    session = office.open()
    flat = {"kind": "person", "name_kk": "Тестов Данияр"}
    nested = {"kind": "person", "fields": {"name_kk": "Сынақова Айгүл"}}
    for text in (json.dumps(flat), json.dumps(nested, indent=2)):
        assert take(session, text, name=".json", kind=None)["new"] == 1
    assert take(session, json.dumps({"name_kk": "Мысалов Ғалым"}), name=".json")["new"] == 1
    assert take(session, json.dumps({"records": [flat, nested]}), name=".json", kind=None)["new"] == 2


@pytest.mark.parametrize("text", [b"", b"{", b"\xff\xfe", b"7", b'{"a": 1}', b"[" * 100_000, b'"x"'])
def test_what_is_not_json_is_refused(office: Office, text: bytes) -> None:
    assert refused(office.open(), text, name=".json")[0] == "import.not-json"


def test_other_files_and_tables_without_a_kind_are_refused(office: Office) -> None:
    session = office.open()
    assert refused(session, "x", name=".pdf")[0] == "import.format"
    assert refused(session, "name_kk\nТестов", kind=None)[0] == "import.no-kind"
    assert refused(session, "name_kk\nТестов", kind="nobody")[0] == "kind.unknown"


def workbook(*rows: list[Any], form: str = "") -> bytes:
    """Return a workbook as a spreadsheet program writes it, its first data cell in a number format."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    if form:
        book.active["A2"].number_format = form
    book.save(target := io.BytesIO())
    return target.getvalue()


@pytest.mark.parametrize(
    ("field", "value", "form", "read"),
    [
        ("born", date(2019, 3, 5), "", "2019-03-05"),
        ("born", date(2019, 3, 1), "mmm-yy", "2019-03"),
        ("born", date(2019, 1, 1), "yyyy", "2019"),
        ("born", 1980, "", "1980"),
        ("iin", 801231500012, "", "801231500012"),
        ("iin", 1231500012, "000000000000", "001231500012"),
        ("name_kk", "'Тестов", "", "'Тестов"),
        ("born", 43529, "", "import.number-cell"),
        ("iin", 1231500012, "", "import.number-cell"),
        ("name_kk", 77010000001, "", "import.number-cell"),
        ("name_kk", date(2019, 3, 5), "", "import.date-cell"),
        ("name_kk", True, "", "import.truth-cell"),
        ("name_kk", "=1+1", "", "import.formula"),
        ("name_kk", "#N/A", "", "import.broken-cell"),
    ],
)
def test_cells_of_a_workbook_are_read_by_what_the_field_expects(
    office: Office, field: str, value: Any, form: str, read: str
) -> None:
    session = office.open()
    data = workbook([field, "description"], [value, "бірінші"], [None, "екінші"], form=form)
    if read.startswith("import."):
        code, params = refused(session, data, name=".xlsx")
        assert (code, params["line"], params["reason"], params["field"]) == ("import.row", 2, read, field)
        return
    record = take(session, data, name=".xlsx")["ids"][0]
    assert casework.plain(casework.state(session, bytes.fromhex(record)))["fields"][field] == read


def test_a_long_cell_is_taken_up_to_what_its_field_keeps(office: Office) -> None:
    session = office.open()
    (record,) = take(session, f'name_kk,description\nТестов,"{"x" * 150_000}"\n')["ids"]
    shown = casework.plain(casework.state(session, bytes.fromhex(record)))
    assert len(shown["fields"]["description"]) == 150_000
    code, params = refused(session, f'name_kk,description\nСынақова,"{"x" * 1_000_001}"\n')
    assert (code, params["reason"], params["field"]) == ("import.row", "field.too-long", "description")
