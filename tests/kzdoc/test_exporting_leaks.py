"""A table for readers outside is leak-checked as it would be written; a finding leaves no file."""

from __future__ import annotations

from pathlib import Path

import pytest

from kzdoc import casework, exporting
from kzdoc.casework import Change
from kzdoc.domain.audience import Audience
from kzdoc.errors import PublicationError
from kzdoc.leaving import LeakError
from kzdoc.session import Session
from tests.offices import Office

READER = {"audience": Audience.PUBLIC, "recipient": "Читатели", "purpose": "Доклад", "lang": "ru"}


@pytest.fixture
def session(office: Office) -> Session:
    session = office.open()
    named = [Change("name_ru", "set", "Тестов Данияр"), Change("naming_basis", "set", "already_public")]
    casework.add(session, "person", named)
    casework.add(session, "person", [Change("name_ru", "set", "Мысалова Үлгісұлу")])
    return session


@pytest.mark.parametrize("form", [".csv", ".xlsx", ".json"])
def test_a_table_that_leaks_is_not_written(
    form: str, session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The twin: an exporter that writes the name of a withheld person into every row."""
    honest = exporting._said
    monkeypatch.setattr(exporting, "_said", lambda shown: honest(shown) | {"occupation": "подруга Мысаловой"})
    out = tmp_path / f"people{form}"
    with pytest.raises(LeakError) as refused:
        exporting.export_table(session, "person", out, **READER)
    assert {(one.rule, one.sensitivity) for one in refused.value.findings} == {("table.name", "identity")}
    assert not list(tmp_path.glob("people*"))
    assert session.vault.exports.all() == []


@pytest.mark.parametrize("form", [".csv", ".xlsx", ".json"])
def test_an_honest_table_is(form: str, session: Session, tmp_path: Path) -> None:
    out = tmp_path / f"people{form}"
    assert exporting.export_table(session, "person", out, **READER)["rows"] == 1
    assert out.is_file()


def test_a_file_is_not_called_after_somebody_withheld(session: Session, tmp_path: Path) -> None:
    out = tmp_path / "дело_Мысаловой.csv"
    with pytest.raises(PublicationError, match=r"publication\.leak-name"):
        exporting.export_table(session, "person", out, **READER)
    assert exporting.export_table(session, "person", out, **READER | {"audience": Audience.INTERNAL})["rows"] == 2
