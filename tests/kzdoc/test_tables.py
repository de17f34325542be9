"""Laws of tables: what is written as CSV or XLSX is read back to the same values, and nothing in it is computed."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kzdoc.domain.catalogue import KINDS
from kzdoc.domain.field import Field, Type, read_value
from kzdoc.errors import InputError, KzdocError
from kzdoc.progress import silent
from kzdoc.rows import asked
from kzdoc.tables import cells
from kzdoc.tables.cells import TABLE, guarded, joined, parted, unguarded, written
from kzdoc.tables.csvfile import read_csv, write_csv
from kzdoc.tables.reading import read_table
from kzdoc.tables.sheet import read_sheet
from kzdoc.tables.writing import column_name, write_sheet
from tests.kzdoc.table_values import TEXTS, values

FIELDS = [(kind.id, field) for kind in KINDS.values() for field in kind.fields if field.type is not Type.LINK]
COMPUTED = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def back(field: Field, cell: str | list[str], *, form: str) -> Any:
    """Return the values of a field from a table of one cell."""
    rows = [["x"], [cell]]
    table = list(read_csv(write_csv(rows))) if form == "csv" else read_sheet(write_sheet(rows, "x"))
    said = asked(field, table[1][1][0])
    return [read_value(field, one) for one in said] if field.many else [read_value(field, said)]


@settings(max_examples=600, deadline=None)
@given(st.data())
def test_every_value_of_every_field_comes_back(data: st.DataObject) -> None:
    kind_id, field = data.draw(st.sampled_from(FIELDS))
    many = data.draw(st.lists(values(field), min_size=1, max_size=3 if field.many else 1))
    texts = [written(field, value) for value in many]
    for form in ("csv", "xlsx"):
        assert back(field, texts if field.many else texts[0], form=form) == many, (kind_id, field.id)


@given(st.lists(TEXTS.map(str.strip).filter(bool), max_size=5))
def test_values_of_one_cell_part_as_they_were_joined(texts: list[str]) -> None:
    assert parted(joined(texts)) == texts
    assert [unguarded(one) for one in parted(joined(map(guarded, texts)))] == texts


@given(TEXTS)
def test_no_cell_of_a_csv_is_computed(text: str) -> None:
    assert unguarded(guarded(text)) == text
    assert not guarded(text).startswith(COMPUTED)
    row = next(csv.reader(io.StringIO(write_csv([[text, [text, text]]]).decode("utf-8-sig"), newline="")))
    assert not any(cell.startswith(COMPUTED) for cell in row)
    assert not any(part.lstrip(" ").startswith(COMPUTED) for part in parted(row[1])) or not text.strip()


def test_the_twin_without_the_apostrophe_would_be_computed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kzdoc.tables.csvfile.guarded", lambda text: text)
    with pytest.raises(AssertionError):
        test_no_cell_of_a_csv_is_computed.hypothesis.inner_test("=1+1")  # type: ignore[attr-defined]


SIGNS = st.text(alphabet=";\n\r\t'=+-@＝ a\\\"", max_size=12)


def parted_at_semicolons(texts: list[str]) -> list[str]:
    """Return the cells of a row as a spreadsheet set to semicolons takes them: quotes inside a cell are letters."""
    raw = write_csv([["x", *texts]]).decode("utf-8-sig")
    return [cell for line in re.split("[\r\n]", raw) for cell in line.split(";")]


@given(SIGNS, SIGNS)
def test_nor_where_a_spreadsheet_parts_it_at_semicolons(text: str, other: str) -> None:
    for one in (text, other):
        assert unguarded(guarded(one)) == one
    cells = parted_at_semicolons([text, other])
    assert not any(cell.lstrip("\t").startswith(("=", "+", "-", "@", "＝")) for cell in cells)


@pytest.mark.parametrize("text", ["x;=1+1;", "x\n=1+1", "x;\t@a"])
def test_a_twin_that_looks_at_the_beginning_alone_is_caught(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kzdoc.tables.csvfile.guarded", lambda text: f"'{text}" if text.startswith(COMPUTED) else text)
    with pytest.raises(AssertionError):
        test_nor_where_a_spreadsheet_parts_it_at_semicolons.hypothesis.inner_test(text, "")  # type: ignore[attr-defined]


@settings(max_examples=50, deadline=None)
@given(st.lists(st.lists(TEXTS, min_size=2, max_size=3), min_size=1, max_size=4))
def test_a_sheet_is_text_and_the_same_bytes_every_time(rows: list[list[str]]) -> None:
    made = write_sheet(rows, "person")
    assert made == write_sheet(rows, "person")
    book = openpyxl.load_workbook(io.BytesIO(made))
    for row in book.active.iter_rows():
        for cell in row:
            assert cell.value is None or (cell.data_type == "s" and cell.number_format == "@")


def test_a_sheet_says_nothing_of_who_and_when() -> None:
    with zipfile.ZipFile(io.BytesIO(write_sheet([["id"], ["x"]], "person"))) as made:
        assert [part.filename for part in made.infolist() if "docProps" in part.filename] == []
        assert {part.date_time for part in made.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_a_text_longer_than_a_cell_is_refused_and_not_cut() -> None:
    assert read_sheet(write_sheet([["х" * TABLE.sheet_cell]], "x"))[0][1][0].text == "х" * TABLE.sheet_cell
    with pytest.raises(InputError) as caught:
        write_sheet([["a", "b"], ["", "😀" * 16_384]], "x")
    assert (caught.value.code, caught.value.params) == ("export.cell-too-long", {"column": 2, "line": 2})


def test_columns_have_letters() -> None:
    assert [column_name(number) for number in (1, 26, 27, 702, 703)] == ["A", "Z", "AA", "ZZ", "AAA"]


# -- workbooks that are not as ours ----------------------------------------------------------------------------------


def changed(rows: list[list[str]], **parts: str | bytes) -> bytes:
    """Return a workbook of ours with parts put in; ``{old: new}`` texts of the sheet are for the caller."""
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(write_sheet(rows, "x"))) as made,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as other,
    ):
        for part in made.namelist():
            other.writestr(part, parts.pop(part, made.read(part)))
        for name, data in parts.items():
            other.writestr(name, data)
    return target.getvalue()


def code_of(data: bytes) -> str:
    """Return the code with which the limited process refuses a workbook."""
    with pytest.raises(KzdocError) as caught:
        read_table(data, ".xlsx", silent)
    return caught.value.code


ROWS = [["name_kk"], ["Тестов"]]
BOMB = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>'


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        ({"xl/vbaProject.bin": b"x"}, "import.sheet-active"),
        ({"xl/externalLinks/externalLink1.xml": "<x/>"}, "import.sheet-active"),
        ({"xl/embeddings/oleObject1.bin": b"x"}, "import.sheet-active"),
        ({"xl/connections.xml": "<x/>"}, "import.sheet-active"),
        ({"xl/sharedStrings.xml": BOMB}, "import.sheet-active"),
        ({"xl/sharedStrings.xml": BOMB.replace("1.0", "1.0").encode("utf-16")}, "import.sheet-active"),
        ({"docProps/app.xml": '<!DOCTYPE x SYSTEM "http://example.kz/x.dtd"><x/>'}, "import.sheet-active"),
        ({"xl/worksheets/sheet1.xml": "<not-closed>"}, "import.not-xlsx"),
        ({"xl/worksheets/sheet1.xml": b"\x00" * 10}, "import.not-xlsx"),
        ({"XL/STYLES.XML": "<x/>"}, "import.not-xlsx"),
        ({f"x/{number}.xml": "<x/>" for number in range(TABLE.parts)}, "import.table-too-large"),
    ],
)
def test_workbooks_that_compute_reach_out_or_break_are_refused(parts: dict[str, Any], code: str) -> None:
    assert code_of(changed(ROWS, **parts)) == code


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"name_kk\nx", b"\xd0\xcf\x11\xe0" + b"\0" * 600])
def test_what_is_no_workbook_is_refused(data: bytes) -> None:
    assert code_of(data) == "import.not-xlsx"


def test_a_zip_bomb_is_refused_before_it_is_opened() -> None:
    target = io.BytesIO()
    with (
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made,
        made.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part,
    ):
        for _ in range(TABLE.unpacked // 2**20 + 1):
            part.write(b" " * 2**20)
    assert len(target.getvalue()) < 2**20
    assert code_of(target.getvalue()) == "import.table-too-large"


def test_a_size_that_is_lied_about_ends_the_reading() -> None:
    honest = changed([["x"], ["y" * 5_000]])
    size = next(
        part.file_size
        for part in zipfile.ZipFile(io.BytesIO(honest)).infolist()
        if part.filename == "xl/worksheets/sheet1.xml"
    )
    lying = honest.replace(size.to_bytes(4, "little"), (100).to_bytes(4, "little"))
    assert lying != honest
    assert code_of(lying) == "import.not-xlsx"


def sheet(rows: str) -> bytes:
    """Return a workbook whose sheet holds these rows as XML."""
    head = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    return changed(ROWS, **{"xl/worksheets/sheet1.xml": f"{head}{rows}</sheetData></worksheet>"})


def test_rows_and_columns_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    cell = '<c r="{}" t="inlineStr"><is><t>x</t></is></c>'
    assert code_of(sheet(f'<row r="2000000">{cell.format("A2000000")}</row>')) == "import.table-too-large"
    assert code_of(sheet(f'<row r="1">{cell.format("XFD1")}</row>')) == "import.columns"
    assert code_of(sheet(f'<row r="1">{cell.format("ZZZZ1")}</row>')) == "import.not-xlsx"
    monkeypatch.setattr(cells.TableLimits, "__setattr__", object.__setattr__)
    monkeypatch.setattr(TABLE, "rows", 3)
    rows = [["x"]] * 4
    for read in (lambda: list(read_csv(write_csv(rows))), lambda: read_sheet(write_sheet(rows, "x"))):
        with pytest.raises(InputError) as caught:
            read()
        assert caught.value.code == "import.too-many"


def test_two_filled_sheets_are_refused_and_empty_ones_passed_over() -> None:
    book = openpyxl.Workbook()
    book.active.append(["name_kk"])
    book.create_sheet("empty")
    target = io.BytesIO()
    book.save(target)
    assert [line for line, _ in read_table(target.getvalue(), ".xlsx", silent)] == [1]
    book["empty"]["C7"] = "x"
    book.save(target := io.BytesIO())
    assert code_of(target.getvalue()) == "import.sheets"
