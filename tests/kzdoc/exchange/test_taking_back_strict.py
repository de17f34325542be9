"""What a bundle closed by setting something aside stays closed when the bundle is taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from kzdoc import casework
from kzdoc.errors import InputError
from kzdoc.exchange import incoming, receipting, taking_back
from tests.kzdoc.exchange.test_taking_back import CONSENT, named_in_public, sound, take
from tests.kzdoc.test_exchange import change, put, send

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from kzdoc.session import Session
    from tests.offices import Office

GIVEN = {**CONSENT, "voluntary": "yes", "risks_explained": "yes"}


def new(session: Session, act: Callable[[], object]) -> bytes:
    """Do something and return the revision that says it."""
    before = {one.id for one in session.vault.chains.since()}
    act()
    return next(one.id for one in session.vault.chains.since() if one.id not in before)


def receipted(source: Session, reader: Session, path: Path) -> None:
    """Send all, and take its receipt: the next bundle brings what is new alone."""
    files = send(source, path)
    incoming.take(reader, files)
    receipting.take_receipt(source, receipting.make_receipt(reader, files))


def set_aside_again(a: Session, c: Session, tmp_path: Path) -> tuple[bytes, list[Path]]:
    """A withdrawal that was set aside by mistake is put in force again by a bundle; return the person, and it."""
    one = put(a, name_kk="Тестов Данияр")
    given = put(a, "consent", person=one.hex(), **GIVEN)
    withdrawn = new(a, lambda: change(a, given, withdrawn_on="2026-02-01"))
    mistake = new(a, lambda: casework.undo(a, withdrawn))
    receipted(a, c, tmp_path / "0.kzb")
    casework.undo(a, mistake)
    return one, send(a, tmp_path / "1.kzb")


def given_set_aside(a: Session, c: Session, tmp_path: Path) -> tuple[bytes, list[Path]]:
    """What gave a consent is set aside by a bundle: of the consent nothing is there any more."""
    one = put(a, name_kk="Тестов Данияр")
    given = new(a, lambda: put(a, "consent", person=one.hex(), **GIVEN))
    receipted(a, c, tmp_path / "0.kzb")
    casework.undo(a, given)
    return one, send(a, tmp_path / "1.kzb")


def anothers_now(a: Session, c: Session, tmp_path: Path) -> tuple[bytes, list[Path]]:
    """A bundle says that a consent is another person's."""
    one, other = put(a, name_kk="Тестов Данияр"), put(a, name_kk="Мысалов Ғалым")
    given = put(a, "consent", person=one.hex(), **GIVEN)
    receipted(a, c, tmp_path / "0.kzb")
    change(a, given, person=other.hex())
    return one, send(a, tmp_path / "1.kzb")


@pytest.mark.parametrize("closing", [set_aside_again, given_set_aside, anothers_now])
def test_what_was_closed_by_setting_aside_stays_closed(
    office: Office, tmp_path: Path, closing: Callable[[Session, Session, Path], tuple[bytes, list[Path]]]
) -> None:
    a, _, c = office.all()
    one, files = closing(a, c, tmp_path)
    assert named_in_public(c, one)
    root = take(c, files)
    assert not named_in_public(c, one)
    with pytest.raises(InputError, match=r"bundle\.nothing-to-take-back"):
        taking_back.take_back(c, root)
    assert not named_in_public(c, one)
    put(a, "event", title="Сход")
    later = take(c, send(a, tmp_path / "2.kzb"))
    assert taking_back.take_back(c, later)["strict"] == [], "what is about something else goes"
    sound(c)


def test_the_twin_that_looks_at_what_is_there_now_opens_it(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kzdoc.exchange.loosening._once_named", lambda *_: set())
    a, _, c = office.all()
    one, files = given_set_aside(a, c, tmp_path)
    root = take(c, files)
    taking_back.take_back(c, root)
    assert named_in_public(c, one)
