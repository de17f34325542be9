"""What left turns out wrong: who has it is told and gets a notice, by the command line, real processes.

A paper for a court, a paper and a table for a lawyer and numbers for the United Nations left. Then a date was wrong
and a witness withdrew consent. Everybody here is invented.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.journeys.test_cli_office import CASE, good, text_of
from tests.kzdoc.cli.shell import Desk

if TYPE_CHECKING:
    from pathlib import Path

V, COURT, LAWYER, UN = "vault", "Сынақ соты", "Қорғаушы", "Комитет"
WITNESS = ("Сынақова", "Сынакова", "Айгүл", "Айгуль")


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """Return a desk with a case whose witness agreed to be named to lawyers."""
    desk = Desk(tmp_path / "office")
    desk("vault", "new", V, "--author", "Мысалов")
    desk.write("case.json", json.dumps(CASE))
    return desk


def reader(audience: str, name: str) -> list[str]:
    return ["--profile", audience, "--for", name, "--purpose", "Сынақ"]


def report(person: str, audience: str, name: str, out: str) -> list[str]:
    asked = ["--template", "case-file", "--record", person, "--lang", "ru"]
    return ["report", "make", *asked, *reader(audience, name), "-o", out]


def given_out(desk: Desk) -> tuple[list[str], Any]:
    """Let everything leave; return the ids of the case, and the consent's."""
    ids = good(desk.batch(V, ["record", "import", "case.json"]))[0]["ids"]
    consent = ["record", "add", "consent", f"person={ids[2]}", "audiences=lawyer", "classes=identity"]
    made = good(
        desk.batch(
            V,
            [*consent, "given_on=2026-01-01", "form=oral"],
            report(ids[1], "court", COURT, "court.pdf"),
            report(ids[1], "lawyer", LAWYER, "lawyer.pdf"),
            ["record", "export", "event", "-o", "events.csv", "--lang", "ru", *reader("lawyer", LAWYER)],
            ["count", "event", "--unit", "events", *reader("un", UN)],
            ["report", "corrections"],
        )
    )
    assert made[-1] == [], "nothing is to be corrected while everything holds"
    assert "Сынакова" in text_of(desk.folder / "lawyer.pdf"), "lawyers may read her name, and the court may not"
    assert "Сынакова" not in text_of(desk.folder / "court.pdf")
    return ids, made[0]["id"]


def test_who_has_what_no_longer_holds_gets_a_notice_and_is_crossed_off(desk: Desk) -> None:
    ids, consent = given_out(desk)
    wrong = ["record", "set", ids[5], "date=2020-03-01"]
    withdrawn = ["record", "set", consent, "withdrawn_on=2026-02-01"]
    correct = ["report", "correct", "--all", "-o", "notices"]
    lines = [wrong, withdrawn, ["report", "corrections"], correct, ["report", "notices"], ["report", "corrections"]]
    *_, waiting, done, notices, left = good(desk.batch(V, *lines, ["contact", "card", "-o", "own.card"])[:-1])
    had = {("paper", COURT), ("paper", LAWYER), ("table", LAWYER)}
    assert {(one["form"], one["recipient"]) for one in waiting} == had, "numbers that still hold are not among them"
    assert (len(done["made"]), done["refused"], left) == (len(waiting), [], [])
    assert [one["handed"] for one in notices] == [[]] * len(waiting)
    for one in done["made"]:
        said = text_of(desk.folder / one["file"])
        assert one["corrects"]["paper"][:16] in said.replace(" ", "").replace("\n", "")
        assert not [name for name in WITNESS if name in said]
    checked = desk.bare("report", "check", done["made"][0]["file"], "--signer", "own.card", "--json")
    assert checked.document["signature"] == "good"
    lines = [["report", "handed", notices[0]["notice"]], ["report", "notices"]]
    handed, told = good(desk.batch(V, *lines))
    assert (handed["notice"], len(handed["handed"])) == (notices[0]["notice"], 1)
    assert [len(one["handed"]) for one in told].count(1) == 1
    again = good(desk.batch(V, ["record", "set", ids[5], "date=2020-03-02"], ["report", "corrections"]))[-1]
    assert {(one["form"], one["recipient"]) for one in again} >= {("paper", COURT), ("table", LAWYER)}
