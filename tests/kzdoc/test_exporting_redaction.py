"""A table is signed and says beside it what it withholds, by class, rule and count, as papers do; never a value."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from kzdoc import checking, exporting
from kzdoc.cli.__main__ import main
from kzdoc.domain.audience import Audience
from kzdoc.errors import InputError
from kzdoc.session import Session
from tests.kzdoc.redaction.test_papers import add
from tests.offices import PASSPHRASE, Office

READER: dict[str, Any] = {"audience": Audience.LAWYER, "recipient": "Коллегия", "purpose": "Жалоба", "lang": "ru"}
SECRET, IIN = "Сынақова Айгүл", "001231500012"


@pytest.fixture
def session(office: Office) -> Session:
    session = office.open()
    hero = add(session, "person", name_ru="Тестов Данияр", naming_basis="already_public")
    witness = add(session, "person", name_ru=SECRET, iin=IIN)
    for who in (hero, witness):
        add(
            session,
            "event",
            title="Собрание у школы",
            date="2019-03-03",
            persons=[who.hex()],
            response=f"{SECRET} ушла",
        )
    return session


def exported(session: Session, out: Path, kind: str = "event", **asked: Any) -> dict[str, Any]:
    return exporting.export_table(session, kind, out, redaction=True, **(READER | asked))


@pytest.mark.parametrize("form", [".csv", ".xlsx", ".json"])
def test_it_is_judged_by_the_same_command_as_a_paper(form: str, session: Session, tmp_path: Path) -> None:
    out = tmp_path / f"a{form}"
    told = exported(session, out)
    assert (told["signature"], told["redaction"]) == (f"{out}.sig", f"{out}.redaction")
    judged = checking.check_report(out, card=None)
    assert (judged["signature"], judged["redaction"], judged["code"]) == ("good", "good", "")
    assert {"class": "identity", "reason": "no-basis"} in [
        {name: row[name] for name in ("class", "reason")} for row in judged["withheld"]
    ]
    assert sorted((row["class"], row["reason"], int(row["count"])) for row in judged["withheld"]) == sorted(
        (row["class"], row["reason"], row["count"]) for row in told["withheld"]
    )
    said = Path(told["redaction"]).read_text(encoding="ascii")
    assert "for lawyer\n" in said
    assert IIN not in said


def test_to_strangers_it_says_rules_alone(session: Session, tmp_path: Path) -> None:
    told = exported(session, tmp_path / "a.csv", "person", audience=Audience.PUBLIC)
    rows = checking.check_report(tmp_path / "a.csv", card=None)["withheld"]
    assert rows
    assert {row["class"] for row in rows} == {row["count"] for row in rows} == {"some"}
    assert {row["reason"] for row in rows} == {row["reason"] for row in told["withheld"]}


def test_what_was_changed_or_exchanged_is_refused(session: Session, tmp_path: Path) -> None:
    one, other = tmp_path / "a.csv", tmp_path / "b.csv"
    exported(session, one)
    exported(session, other, recipient="Другая коллегия", lang="kk")
    (tmp_path / "b.csv.redaction").replace(tmp_path / "a.csv.redaction")
    assert checking.check_report(one, card=None)["code"] == "redaction.other-paper"
    one.write_bytes(one.read_bytes().replace(b"2019", b"2018"))
    assert checking.check_report(one, card=None)["signature"] == "bad"


def test_unless_it_is_asked_for_there_is_none_and_nothing_is_overwritten(session: Session, tmp_path: Path) -> None:
    told = exporting.export_table(session, "event", tmp_path / "a.csv", **READER)
    assert (told["signature"], told["redaction"]) == (None, None)
    assert [one.name for one in tmp_path.glob("a.csv*")] == ["a.csv"]
    (tmp_path / "b.csv.redaction").write_bytes(b"mine")
    with pytest.raises(InputError, match=r"file\.exists"):
        exported(session, tmp_path / "b.csv")
    assert not (tmp_path / "b.csv").exists()


def test_by_the_command_line(
    office: Office, session: Session, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    vault = session.vault.folder
    session.close()
    secret, out = tmp_path / "passphrase", tmp_path / "a.csv"
    secret.write_text(PASSPHRASE, encoding="utf-8")
    words = ["record", "export", str(vault), "event", "-o", str(out), "--profile", "court", "--for", "Суд", "--purpose"]
    assert main([*words, "Иск", "--redaction", "--passphrase-file", str(secret)]) == 0
    capsys.readouterr()
    assert main(["report", "check", str(out), "--json"]) == 0
    judged = json.loads(capsys.readouterr().out)
    assert judged["redaction"] == "good"
    assert SECRET not in json.dumps(judged, ensure_ascii=False)
