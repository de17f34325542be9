"""A name that was corrected, cleared, settled against or withheld on this desk is still met in the texts of before."""

from __future__ import annotations

from pathlib import Path

import pytest

from kzdoc import casework, guard, naming, publishing, reviewing, withholding
from kzdoc.casework import Change
from kzdoc.domain.audience import Audience
from kzdoc.exchange import incoming, outgoing
from kzdoc.leakcheck.finding import Forbidden
from kzdoc.session import Session
from tests.offices import NAMES, Office

READER = {"recipient": "Читатели", "purpose": "Доклад"}
OLD, NEW = "Мысалова Үлгісұлу", "Мисалина Ульгисулу"


@pytest.fixture
def session(office: Office) -> Session:
    return office.open()


def add(session: Session, kind: str, **fields: object) -> bytes:
    changes = [
        Change(name, "add" if isinstance(value, list) else "set", one)
        for name, value in fields.items()
        for one in (value if isinstance(value, list) else [value])
    ]
    return casework.add(session, kind, changes)


def told(session: Session, text: str) -> tuple[bytes, bytes]:
    """Return somebody public and a witness of whom a text of the case speaks."""
    hero = add(session, "person", name_ru="Тестов Данияр", naming_basis="already_public")
    witness = add(session, "person", name_ru=OLD, phone="+77010001122", address={"text": "Мысал көшесі, 17"})
    add(session, "event", title="Собрание у школы", persons=[hero.hex(), witness.hex()], response=text)
    return hero, witness


def redacted(session: Session, text: str) -> str:
    return str(reviewing.redact(session, text, audience=Audience.PUBLIC, lang="ru")["text"])


def forbidden(session: Session) -> list[Forbidden]:
    return guard.forbidden(naming.people(session), Audience.PUBLIC)


@pytest.mark.parametrize("how", ["set", "clear", "withhold"])
def test_the_old_spelling_is_taken_out_and_looked_for(session: Session, how: str) -> None:
    hero, witness = told(session, "Жалоба Мысаловой Үлгісұлу отклонена.")
    if how == "withhold":
        withholding.withhold(session, witness, ["name_ru"], "sealed")
    else:
        casework.change(session, witness, [Change("name_ru", how, NEW if how == "set" else "")])
    assert "Мысалов" not in redacted(session, "Жалоба Мысаловой отклонена.")
    assert Forbidden(OLD, "identity") in forbidden(session)
    made = publishing.preview(session, hero, template="case-file", audience=Audience.PUBLIC, lang="ru", **READER)
    assert not any("Мысалов" in text for text in made.view.texts())


def test_the_losing_value_of_a_conflict_stays_a_name_of_the_person(office: Office, tmp_path: Path) -> None:
    first, second = office.open(), office.open(NAMES[1])
    _, witness = told(first, "")
    outgoing.make_bundle(first, [second.name], tmp_path / "there", audience=Audience.INTERNAL)
    incoming.take(second, [tmp_path / "there"])
    casework.change(first, witness, [Change("name_ru", "set", NEW)])
    casework.change(second, witness, [Change("name_ru", "set", "Образцова Үлгі")])
    outgoing.make_bundle(second, [first.name], tmp_path / "back", audience=Audience.INTERNAL)
    incoming.take(first, [tmp_path / "back"])
    (conflict,) = casework.conflicts(first)
    keep = next(one["statement"] for one in conflict["values"] if one["value"] == NEW)
    casework.settle(first, witness, "name_ru", keep=keep)
    assert "Образц" not in redacted(first, "Жалоба Образцовой отклонена.")


def test_numbers_and_addresses_of_before_are_taken_out(session: Session) -> None:
    _, witness = told(session, "")
    casework.change(session, witness, [Change("phone", "take", "+77010001122"), Change("address", "clear", "")])
    left = redacted(session, "Звоните 8 701 000 11 22, Мысал көшесі, 17.")
    assert "701" not in left
    assert "17" not in left


def test_an_earlier_name_that_is_somebody_elses_own_name_was_a_mistake(session: Session) -> None:
    _, witness = told(session, "")
    casework.change(session, witness, [Change("name_ru", "set", "Тестов Данияр")])
    casework.change(session, witness, [Change("name_ru", "set", OLD)])
    assert redacted(session, "Данияр Тестов пришёл.") == "Данияр Тестов пришёл."


def test_what_was_forgotten_is_not_known_any_more(session: Session) -> None:
    _, witness = told(session, "")
    withholding.forget(session, witness, [], leave_texts=True)
    assert "Мысаловой" in redacted(session, "Жалоба Мысаловой отклонена.")


def test_a_name_cleared_before_the_record_was_removed_is_taken_out(session: Session) -> None:
    _, witness = told(session, "")
    casework.change(session, witness, [Change("name_ru", "clear", "")])
    casework.remove(session, witness, "по ошибке")
    assert "Мысалов" not in redacted(session, "Жалоба Мысаловой отклонена.")
