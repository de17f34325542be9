from __future__ import annotations

import json

import pytest

from kzdoc.leakcheck.finding import Forbidden
from kzdoc.leakcheck.tables import check_table
from kzdoc.tables.csvfile import write_csv
from tests.kzdoc.leakcheck import table_twins

FORBIDDEN = (Forbidden(table_twins.SECRET, "identity"), Forbidden("870101400121", "identity", number=True))


def rules(data: bytes, form: str = ".xlsx") -> set[str]:
    return {finding.rule for finding in check_table(data, form, forbidden=FORBIDDEN)}


def test_a_clean_table_gives_no_finding() -> None:
    assert rules(table_twins.sheet()) == set()
    assert rules(table_twins.rewritten(lambda _, said: said)) == set()
    assert rules(write_csv(table_twins.ROWS), ".csv") == set()
    assert rules(json.dumps([{"kind": "person", "fields": {"name_ru": "Тестов"}}]).encode(), ".json") == set()


@pytest.mark.parametrize("name", table_twins.TWINS)
def test_each_twin_is_caught_by_its_rule(name: str) -> None:
    spoil, rule = table_twins.TWINS[name]
    assert rule in rules(spoil())


@pytest.mark.parametrize(
    ("cell", "rule"),
    [("Рассказала Сынакова.", "table.name"), ("870101 400 121", "table.number"), ("Сына-\nкова", "table.split-name")],
)
def test_a_name_in_a_cell_of_any_form_is_found_where_it_stands(cell: str, rule: str) -> None:
    rows = [["a", "b"], ["1", cell]]
    found = check_table(write_csv(rows), ".csv", forbidden=FORBIDDEN)
    assert (rule, "identity", (2, 2)) in {(one.rule, one.sensitivity, one.position) for one in found}
    assert not [one for one in found if "Сына" in repr(one)]
    assert rule in rules(json.dumps([{"fields": {"b": cell}}]).encode(), ".json")


@pytest.mark.parametrize("form", [".csv", ".xlsx", ".json"])
def test_what_cannot_be_read_is_a_finding(form: str) -> None:
    assert rules(b"PK\x03\x04\xff\xfe", form) == {"table.unreadable"}
