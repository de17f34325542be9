"""`match export` feeds Splink on DuckDB: the table is read as docs/matching.md says, and the settings there run."""

from __future__ import annotations

import csv
import re
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pytest
from splink import Linker, SettingsCreator, block_on
from splink import comparison_library as cl
from splink.internals.duckdb.database_api import DuckDBAPI

from kzdoc import casework, linkage
from kzdoc.casework import Change
from tests.bench.doubles import best, rows_of, splink_pairs
from tests.corpus.doubles import lists, true_pairs

if TYPE_CHECKING:
    from tests.offices import Office

PEOPLE = (("Тестов Данияр", "1990"), ("Daniyar Testov", "1990-05-01"), ("Мысалов Ғалым", "1971"))


def test_the_exported_table_is_read_and_linked(office: Office, tmp_path: Path) -> None:
    session = office.open()
    ids = [
        casework.add(session, "person", [Change("name_ru", "set", name), Change("born", "set", born)])
        for name, born in PEOPLE
    ]
    table = tmp_path / "out" / "people.csv"
    assert linkage.export(session, table.parent)["rows"] == len(PEOPLE)
    connection = duckdb.connect(":memory:")
    connection.execute(
        "CREATE TABLE people AS SELECT * FROM read_csv($table, header = true, all_varchar = true)",
        {"table": str(table)},
    )
    api = DuckDBAPI(connection)
    settings = SettingsCreator(
        link_type="dedupe_only",
        comparisons=[cl.ForenameSurnameComparison("given_key", "surname_key"), cl.ExactMatch("birth_year")],
        blocking_rules_to_generate_predictions=[
            block_on("surname_bones", "birth_year"),
            block_on("given_bones", "birth_year"),
        ],
    )
    linked = Linker(api.register("people"), settings, log_level=40).inference.deterministic_link().as_record_list()
    assert {frozenset((one["unique_id_l"], one["unique_id_r"])) for one in linked} == {
        frozenset((ids[0].hex(), ids[1].hex()))
    }


@pytest.mark.long
def test_trained_weights_find_most_doubles_in_the_same_columns() -> None:
    entries = lists(600, 3)
    truth = {frozenset(map(str, pair)) for pair in true_pairs(entries)}
    pairs, seconds = splink_pairs(rows_of(entries))
    assert best(pairs, truth, seconds, 0.9).recall > 0.7


def test_the_columns_of_the_page_are_those_of_the_table(tmp_path: Path, office: Office) -> None:
    session = office.open()
    linkage.export(session, tmp_path / "out")
    with (tmp_path / "out" / "people.csv").open(encoding="utf-8", newline="") as file:
        header = next(csv.reader(file))
    page = (Path(__file__).resolve().parents[2] / "docs" / "matching.md").read_text(encoding="utf-8")
    told = [name for row in re.findall(r"^\| (`[^|]*) \|", page, re.MULTILINE) for name in re.findall(r"`(\w+)`", row)]
    assert header == told == list(linkage.COLUMNS)
