"""`bundle make`: what it says of what stays out is what the reader sees; who gets it that is not of the office."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kzdoc import withholding
from kzdoc.domain.audience import Audience
from kzdoc.exchange import outgoing, rosters
from tests.kzdoc.cli.conftest import call
from tests.kzdoc.test_exchange import change, put
from tests.offices import NAMES

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from kzdoc.session import Session
    from tests.offices import Office

A, B, C = NAMES


def sent(a: Session, b: Session, name: str, *more: str) -> tuple[int, int, int]:
    """Return what the sender says is withheld and marked of a bundle, and what its reader says is withheld."""
    profile = more or ("--profile", "internal")
    made = call(a, "bundle", "make", "VAULT", "--to", b.name, *profile, "-o", name, "--json").document
    taken = call(b, "bundle", "take", "VAULT", name, "--yes", "--json").document
    receipt = name + ".rc"
    assert call(b, "receipt", "make", "VAULT", name, "-o", receipt).status == 0
    assert call(a, "receipt", "take", "VAULT", receipt).status == 0
    return made["withheld"], made["marked"], taken["withheld"]


def test_the_sender_is_told_what_the_reader_sees(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    a, b, _ = office.all()
    person = put(a, name_kk="Тестов Данияр", phone=["+77010000000"], occupation="мұғалім")
    withholding.withhold(a, person, ["phone"], "not_shared")
    assert outgoing.foresee_bundle(a, [B], audience=Audience.INTERNAL)["withheld"] == 1
    assert sent(a, b, "1") == (1, 1, 1)
    withholding.restore(a, person)
    assert sent(a, b, "2") == (0, 0, 0)
    event = put(a, "event", title="Митинг", work_notes="ішкі сөз")
    assert sent(a, b, "3") == (1, 1, 1)
    change(a, event, title="Пикет")
    assert sent(a, b, "4") == (1, 0, 0), "the note stays out as before; this bundle does not speak of it"
    withholding.forget(a, person, ["occupation"], leave_texts=True)
    _, marked, seen = sent(a, b, "5", "--again", "--profile", "internal")
    assert marked == seen == 2


def test_what_stays_in_the_office_and_goes_outside_the_roster_is_said_before(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    a, _, _ = office.all()
    put(a, name_kk="Тестов Данияр")
    make = ("bundle", "make", "VAULT", "--to", B, "--to", C, "-o")
    assert "roster" not in call(a, *make, "1", "--profile", "internal", "--ui-lang", "en").err
    rosters.take_roster(a, rosters.new_roster(a, {B: frozenset()}, []))
    for lang in ("en", "ru", "kk"):
        said = call(a, *make, lang, "--profile", "internal", "--ui-lang", lang).err.splitlines()
        assert C in said[0]
        assert B not in said[0]
        assert len(said) == 2
    outside = ("--profile", "partner", "--for", C, "--purpose", "алмасу")
    assert len(call(a, *make, "2", *outside).err.splitlines()) == 1
    assert len(call(a, "bundle", "make", "VAULT", "--to", B, "--profile", "internal", "-o", "3").err.splitlines()) == 1
