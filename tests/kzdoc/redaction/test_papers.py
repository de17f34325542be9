"""From a real vault to the paper: what is published, what stops it, what a table and our own list say."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import pytest

from kzdoc import casework, correcting, exporting, naming, publishing
from kzdoc.casework import Change
from kzdoc.domain.audience import Audience
from kzdoc.errors import PublicationError
from kzdoc.leakcheck.check import check_pdf
from kzdoc.leakcheck.finding import Forbidden
from kzdoc.redaction.consent import Permissions
from kzdoc.session import Session
from tests.offices import Office

IIN = "870101400121"
READER = {"recipient": "Читатели", "purpose": "Доклад"}


def add(session: Session, kind: str, **fields: object) -> bytes:
    changes = [
        Change(name, "add" if isinstance(value, list) else "set", one)
        for name, value in fields.items()
        for one in (value if isinstance(value, list) else [value])
    ]
    return casework.add(session, kind, changes)


@pytest.fixture
def session(office: Office) -> Session:
    return office.open()


def case(session: Session) -> tuple[bytes, bytes]:
    """Return a hero and a witness of one event, told about in a published report."""
    hero = add(session, "person", name_ru="Тестов Данияр", naming_basis="already_public", iin=IIN)
    witness = add(session, "person", name_ru="Мысалова Үлгісұлу", phone="+77010001122")
    report = add(session, "source", title="Доклад Мысаловой", author=["Мысалова Ү."], published="yes",
                 url="https://example.org/mysalova")  # fmt: skip
    add(session, "event", title="Собрание у школы", date="2019-03-03", persons=[hero.hex(), witness.hex()],
        organiser="Мысалова Үлгісұлу", source=[report.hex()],
        response="Мысаловой Ү. отказали, +7 701 000 11 22.")  # fmt: skip
    add(session, "detention", person=hero.hex(), narrative="Увезли и Мысалову Үлгісұлу.", source=[report.hex()])
    return hero, witness


def paper(session: Session, root: bytes, audience: Audience, lang: str = "ru") -> publishing.Paper:
    return publishing.preview(session, root, template="case-file", audience=audience, lang=lang, **READER)


@pytest.mark.parametrize("audience", [Audience.PUBLIC, Audience.PARTNER, Audience.COURT, Audience.EMBASSY])
def test_a_paper_holds_nothing_of_the_witness_and_passes(session: Session, audience: Audience) -> None:
    hero, _ = case(session)
    made = paper(session, hero, audience)
    assert made.findings == ()
    secrets = [Forbidden("Мысалова Үлгісұлу", "identity"), Forbidden("+77010001122", "contact", number=True)]
    assert check_pdf(made.pdf, forbidden=secrets, view_text=["Тестов Данияр"]) == []
    assert any(note.count > 1 for note in made.withheld)


def names_the_kin(session: Session, **hero: str) -> bool:
    """Return whether the paper of somebody says whose kin they are; the kin agreed to be named."""
    kin = add(session, "person", name_ru="Сынақов Ерлан", naming_basis="own_consent")
    agree(session, kin)
    root = add(session, "person", name_ru="Тестов Данияр", related=[kin.hex()], **hero)
    return "Сынақов Ерлан" in set(paper(session, root, Audience.PUBLIC).view.texts())


def test_kin_who_may_be_named_tell_nothing_of_who_may_not(session: Session) -> None:
    assert names_the_kin(session, naming_basis="already_public")
    assert not names_the_kin(session)


def copied(session: Session) -> tuple[bytes, bytes]:
    """Return a hero with a copy of the recording, itself outside the case, of what a witness told; and the witness."""
    hero = add(session, "person", name_ru="Тестов Данияр", naming_basis="already_public")
    witness = add(session, "person", name_ru="Мысалова Үлгісұлу")
    agree(session, hero)
    story = add(session, "testimony", witness=witness.hex(), text="Рассказ")
    original = add(session, "evidence_item", title="Запись", about=[story.hex()])
    held = add(session, "detention", person=hero.hex())
    add(
        session, "evidence_item", title="Список", about=[held.hex()], derived_from=original.hex(), description="В сарае"
    )
    return hero, witness


def agree(session: Session, person: bytes) -> bytes:
    said = {"classes": ["identity", "narrative", "photo"], "audiences": ["public"], "given_on": "2020-01-01"}
    return add(session, "consent", person=person.hex(), **said, voluntary="yes", risks_explained="yes")


def shows_the_copy(session: Session, hero: bytes) -> bool:
    return any("сарае" in text or "Список" in text for text in paper(session, hero, Audience.PUBLIC).view.texts())


def test_a_copy_of_what_a_witness_told_needs_the_witness_however_far_away(session: Session, tmp_path: Path) -> None:
    hero, witness = copied(session)
    table = {"audience": Audience.PUBLIC, "lang": None, **READER}
    assert not shows_the_copy(session, hero)
    exporting.export_table(session, "evidence_item", tmp_path / "a.csv", **table)
    assert "Список" not in (tmp_path / "a.csv").read_text(encoding="utf-8")
    consent = agree(session, witness)
    assert shows_the_copy(session, hero)
    exporting.export_table(session, "evidence_item", tmp_path / "b.csv", **table)
    assert "Список" in (tmp_path / "b.csv").read_text(encoding="utf-8")
    publishing.make_report(session, hero, tmp_path / "c.pdf", template="case-file", audience=Audience.PUBLIC, lang="ru",
                           pack=False, **READER)  # fmt: skip
    assert correcting.overtaken(session) == []
    casework.change(session, consent, [Change("withdrawn_on", "set", "2021-01-01")])
    assert {one.root for one in correcting.overtaken(session)} == {hero, b""}, "the paper, and the table with its line"


def test_the_twin_that_judges_by_the_case_alone_is_caught(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publishing, "led_to", lambda *_: [])
    assert shows_the_copy(session, copied(session)[0])


def test_a_name_written_as_text_alone_is_taken_out_of_texts(session: Session) -> None:
    hero = add(session, "person", name_ru="Тестов Данияр", naming_basis="already_public")
    add(session, "event", title="Собрание", persons=[hero.hex()], organiser="Чужаков Некто",
        response="Чужакова Некто искали, Тестова тоже.")  # fmt: skip
    made = paper(session, hero, Audience.PUBLIC)
    assert made.findings == ()
    assert "[ПЕРСОНА-1] искали, Тестова тоже." in set(made.view.texts())
    add(session, "event", title="Ещё", persons=[hero.hex()], organiser="Данияр Тестов", response="Тестов ушёл.")
    assert "Данияр Тестов" in set(paper(session, hero, Audience.PUBLIC).view.texts())


def test_and_is_looked_for_in_the_paper(session: Session, tmp_path: Path) -> None:
    hero = add(session, "person", name_ru="Тестов Данияр", naming_basis="already_public")
    add(session, "event", title="Собрание", persons=[hero.hex()], organiser="Чужаков Некто",
        response="Чужакова Некто искали.")  # fmt: skip
    naming.catch_up(session)
    session.vault.database.change("DELETE FROM name_key WHERE key IN ('chuzhakov', 'nekto')")
    assert {finding.sensitivity for finding in paper(session, hero, Audience.PUBLIC).findings} == {"identity"}
    with pytest.raises(PublicationError, match=r"publication\.leak"):
        publishing.make_report(session, hero, tmp_path / "a.pdf", template="case-file", audience=Audience.PUBLIC,
                               lang="ru", pack=False, **READER)  # fmt: skip
    assert not list(tmp_path.glob("a.pdf*"))


def test_a_number_its_owner_let_the_lawyer_see_is_no_leak(session: Session) -> None:
    hero, _ = case(session)
    add(session, "consent", person=hero.hex(), classes=["identity"], audiences=["lawyer"])
    lawyer = paper(session, hero, Audience.LAWYER)
    assert lawyer.findings == ()
    assert IIN in set(lawyer.view.texts())
    assert IIN not in set(paper(session, hero, Audience.COURT).view.texts())


def test_a_withdrawal_holds_at_once(session: Session) -> None:
    hero, _ = case(session)
    agreed = add(session, "consent", person=hero.hex(), classes=["identity"], audiences=["public"])
    assert "Тестов Данияр" in set(paper(session, hero, Audience.PUBLIC).view.texts())
    casework.change(session, agreed, [Change("withdrawn_on", "set", "2026-01-01")])
    assert "[ПЕРСОНА-1]" in set(paper(session, hero, Audience.PUBLIC).view.texts())
    assert "Тестов Данияр" not in set(paper(session, hero, Audience.PUBLIC).view.texts())


def test_tables_have_no_row_and_no_name_that_papers_have_not(session: Session, tmp_path: Path) -> None:
    case(session)
    for kind in ("person", "event", "detention", "source", "testimony", "consent"):
        out = tmp_path / f"{kind}.csv"
        exporting.export_table(session, kind, out, audience=Audience.PUBLIC, lang="ru", **READER)
        text = out.read_text(encoding="utf-8-sig")
        assert "Мысал" not in text
        assert "mysal" not in text
        assert IIN not in text
        rows = list(csv.reader(text.splitlines()))
        assert len(rows) - 1 == (0 if kind in ("testimony", "consent") else 1), kind


def test_the_twin_that_lets_everybody_be_named_is_stopped_by_the_leak_check(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    hero, _ = case(session)
    honest = Permissions.may_name
    view_of = publishing.view_of

    def careless(*args: object, **kwargs: object) -> object:
        monkeypatch.setattr(Permissions, "may_name", lambda *_: True)
        try:
            made = view_of(*args, **kwargs)
        finally:
            monkeypatch.setattr(Permissions, "may_name", honest)
        return replace(made, known=replace(naming.read_everybody(args[0]), _books={}))

    monkeypatch.setattr(publishing, "view_of", careless)
    assert "identity" in {finding.sensitivity for finding in paper(session, hero, Audience.PUBLIC).findings}


def test_a_paper_with_emoji_and_a_title_in_another_script_comes_out(session: Session) -> None:
    hero = add(session, "person", name_ru="Тестов Данияр", naming_basis="already_public")
    add(session, "event", title="Собрание", persons=[hero.hex()], response="Написал: «Выйду 😀❤️👍🏽»")
    event = add(session, "event", title="სახალხო კრება", persons=[hero.hex()])
    for root in (hero, event):
        assert paper(session, root, Audience.PUBLIC).findings == ()
