"""A bundle is taken in, taken back and brought back by the command line: real processes, docs/cli.md to the letter."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.journeys.test_cli_office import good, meet
from tests.kzdoc.cli.shell import Desk

if TYPE_CHECKING:
    from pathlib import Path

A, C = "Мысалов", "Үйлестіруші"


@pytest.mark.long
def test_a_coordinator_takes_back_what_should_not_have_come_in(tmp_path: Path) -> None:
    desk, digits = Desk(tmp_path / "office"), {}
    for name in (A, C):
        desk("vault", "new", name, "--author", name)
        digits[name] = desk("contact", "card", name, "-o", f"{name}.card", "--json").document["fingerprint"]
    lines = [*meet(digits, A), ["record", "add", "person", "name_kk=Тестов Данияр", "born=1980"]]
    person = good(desk.batch(A, *lines))[-1]["id"]
    good(desk.batch(A, ["bundle", "make", "--to", C, "--profile", "internal", "-o", "a1"]))
    lines = [*meet(digits, C), ["bundle", "take", "a1"], ["record", "set", person, "occupation=мұғалім"]]
    root = good(desk.batch(C, *lines, ["receipt", "make", "a1", "-o", "receipt"]))[-3]["bundle"]
    seen = desk("bundle", "take-back", C, root, "--preview", "--json").document
    assert (seen["changed"], seen["vanish"], seen["stay_own"]) == (1, 0, 0)
    assert [row["field"] for row in seen["records"][0]["values"]] == ["born", "name_kk"]
    assert desk("record", "show", C, person, "--json").document["fields"]["born"] == "1980"
    assert desk("bundle", "take-back", C, "a1", "--yes", "--json").document == seen
    shown, taken, checked = good(desk.batch(C, ["record", "show", person], ["bundle", "taken"], ["vault", "check"]))
    assert shown["fields"] == {"occupation": "мұғалім"}, "one's own words stay"
    assert [(row["sender"], row["standing"]) for row in taken] == [(A, "back")]
    assert checked["result"] == "good"
    ended = desk("bundle", "take-back", C, "a1", "--yes")
    assert (ended.status, ended.code) == (1, "bundle.nothing-to-take-back")
    lines = [["bundle", "take-back", root, "--undo"], ["record", "show", person], ["bundle", "take", "a1"]]
    back, shown, again = good(desk.batch(C, *lines))
    assert (back["standing"], shown["fields"]["born"], shown["fields"]["occupation"]) == ("in", "1980", "мұғалім")
    assert (again["already"], again["brought_back"]) == (True, 0)
