"""What left and no longer holds is known, and a notice reaches each who has it, in the language of the paper."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pypdfium2
import pytest

from kzdoc import casework, correcting
from kzdoc.casework import Change
from kzdoc.cli.__main__ import main
from kzdoc.domain.audience import Audience
from kzdoc.errors import InputError
from kzdoc.leakcheck.text import page_texts
from kzdoc.platform.pdfium import ALONE
from kzdoc.publishing import make_report
from kzdoc.session import Session
from tests.kzdoc.redaction.test_papers import add
from tests.offices import PASSPHRASE, Office

PURPOSE = "Жалоба"


@pytest.fixture
def session(office: Office) -> Session:
    return office.open()


def case(session: Session) -> tuple[bytes, bytes, bytes]:
    """Return somebody who agreed to be named, the consent and an event."""
    hero = add(session, "person", name_ru="Тестов Данияр", naming_basis="own_consent")
    agreed = add(session, "consent", person=hero.hex(), classes=["identity"], audiences=["lawyer", "partner"])
    event = add(session, "event", title="Собрание у школы", date="2019-03-03", persons=[hero.hex()])
    return hero, agreed, event


def sent(session: Session, root: bytes, out: Path, recipient: str = "Адвокат Мысалова", lang: str = "ru") -> str:
    """Make a paper and return its number."""
    made = make_report(session, root, out, template="case-file", audience=Audience.LAWYER, lang=lang, pack=False,
                       recipient=recipient, purpose=PURPOSE)  # fmt: skip
    return str(made["sha256"])[:12]


def text_of(file: Path) -> str:
    with ALONE:
        document = pypdfium2.PdfDocument(file.read_bytes())
        said = " ".join(" ".join(page_texts(document)).split())
        document.close()
    return said


def listed(session: Session) -> list[str]:
    return [one.plain()["paper"] for one in correcting.overtaken(session)]


@pytest.mark.parametrize(("lang", "word"), [("en", "Correction of"), ("ru", "Исправление к"), ("kk", "құжатқа түзету")])
def test_a_corrected_fact_reaches_who_has_the_paper(lang: str, word: str, session: Session, tmp_path: Path) -> None:
    hero, _, event = case(session)
    number = sent(session, hero, tmp_path / "a.pdf", lang=lang)
    assert listed(session) == []
    casework.change(session, event, [Change("date", "set", "2019-03-05")])
    (one,) = correcting.overtaken(session)
    assert (one.plain()["paper"], one.recipient, one.withdrawn) == (number, "Адвокат Мысалова", False)
    told = correcting.correct(session, one, tmp_path / "b.pdf")
    said = text_of(tmp_path / "b.pdf")
    assert word in said
    assert number in said
    assert hashlib.sha256((tmp_path / "b.pdf").read_bytes()).hexdigest() == told["sha256"]
    assert (tmp_path / "b.pdf.sig").is_file()
    assert listed(session) == []
    assert session.vault.exports.all()[0].form == "correction"
    casework.change(session, event, [Change("date", "set", "2019-03-06")])
    assert listed(session) == [number]


def test_a_withdrawn_consent_takes_the_name_out_of_the_notice(session: Session, tmp_path: Path) -> None:
    hero, agreed, _ = case(session)
    sent(session, hero, tmp_path / "a.pdf")
    sent(session, hero, tmp_path / "b.pdf", recipient="Другой адвокат")
    assert "Тестов" in text_of(tmp_path / "a.pdf")
    casework.change(session, agreed, [Change("withdrawn_on", "set", "2026-01-01")])
    both = correcting.overtaken(session)
    assert [one.recipient for one in both] == ["Другой адвокат", "Адвокат Мысалова"]
    correcting.correct(session, both[0], tmp_path / "c.pdf")
    assert "Тестов" not in text_of(tmp_path / "c.pdf")
    assert [one.recipient for one in correcting.overtaken(session)] == ["Адвокат Мысалова"]


def test_a_removed_case_is_withdrawn_and_nothing_of_it_is_said(session: Session, tmp_path: Path) -> None:
    hero, _, event = case(session)
    sent(session, event, tmp_path / "a.pdf")
    casework.remove(session, event, reason="Не было такого")
    (one,) = correcting.overtaken(session)
    assert one.withdrawn
    correcting.correct(session, one, tmp_path / "b.pdf")
    said = text_of(tmp_path / "b.pdf")
    assert "отозван" in said
    assert "школы" not in said
    assert hero
    assert listed(session) == []


def test_what_holds_is_not_corrected(session: Session, tmp_path: Path) -> None:
    hero, _, event = case(session)
    number = sent(session, hero, tmp_path / "a.pdf")
    casework.change(session, event, [Change("work_notes", "set", "только нам")])
    with pytest.raises(InputError, match=r"correction\.holds"):
        correcting.find(session, number)
    for unknown in ("", "abc", "000000000000"):
        with pytest.raises(InputError, match=r"correction\.none"):
            correcting.find(session, unknown)


def test_by_the_command_line(office: Office, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    session = office.open()
    hero, _, event = case(session)
    number = sent(session, hero, tmp_path / "a.pdf")
    casework.change(session, event, [Change("date", "set", "2019-03-05")])
    vault = session.vault.folder
    session.close()
    secret = tmp_path / "passphrase"
    secret.write_text(PASSPHRASE, encoding="utf-8")
    given = [str(vault), "--passphrase-file", str(secret), "--json"]
    assert main(["report", "corrections", *given]) == 0
    assert json.loads(capsys.readouterr().out)["paper"] == number
    assert main(["report", "correct", given[0], number, "-o", str(tmp_path / "b.pdf"), *given[1:]]) == 0
    assert json.loads(capsys.readouterr().out)["corrects"]["recipient"] == "Адвокат Мысалова"
    assert main(["report", "corrections", *given]) == 0
    assert capsys.readouterr().out == ""


def test_a_twin_that_does_not_compare_what_would_be_said_is_caught(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hero, agreed, _ = case(session)
    number = sent(session, hero, tmp_path / "a.pdf")
    casework.change(session, agreed, [Change("withdrawn_on", "set", "2026-01-01")])
    assert listed(session) == [number]
    said = bytes.fromhex(str(session.vault.exports.all()[0].detail["said"]))
    monkeypatch.setattr(correcting, "_said_now", lambda *_: correcting._Looked(said, frozenset(), {}))
    assert [one.paper for one in correcting.overtaken(session, again=True)] == []
