"""Some of a bundle: what closes something comes along unchosen and is told; what opens a chain brings no record."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from kzdoc import casework, joining
from kzdoc.casework import Change
from kzdoc.exchange import governing, incoming
from kzdoc.exchange.arriving import Choice
from tests.kzdoc.exchange.test_taking_back import CONSENT, named_in_public, take
from tests.kzdoc.exchange.test_taking_back_strict import GIVEN
from tests.kzdoc.test_exchange import change, put, send
from tests.offices import NAMES

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from kzdoc.session import Session
    from tests.offices import Office

A, B, C = NAMES


def basis_cleared(a: Session, one: bytes) -> bytes:
    change(a, one, naming_basis=None)
    return one


def basis_weaker(a: Session, one: bytes) -> bytes:
    change(a, one, naming_basis="own_consent")
    return one


def removed(a: Session, one: bytes) -> bytes:
    casework.remove(a, one, "entered_twice")
    return one


def joined_by_the_double(a: Session, one: bytes) -> bytes:
    double = put(a, name_kk="Тестов Данияр")
    put(a, "consent", person=double.hex(), **GIVEN, withdrawn_on="2026-02-01")
    casework.change(a, double, [Change("same_as", "add", one.hex())])
    return double


CLOSING = [basis_cleared, basis_weaker, removed, joined_by_the_double]


def taken_with_another(
    office: Office, tmp_path: Path, closing: Callable[[Session, bytes], bytes]
) -> tuple[Session, bytes, bytes, dict[str, list[str]]]:
    a, _, c = office.all()
    one = put(a, name_kk="Тестов Данияр", naming_basis="already_public")
    take(c, send(a, tmp_path / "0.kzb"))
    assert named_in_public(c, one)
    comes = closing(a, one)
    chosen = put(a, "event", title="Сход")
    put(a, name_kk="Мысалов Ғалым", naming_basis="already_public")
    told = incoming.take(c, send(a, tmp_path / "1.kzb"), choice=Choice(frozenset([chosen])))
    return c, one, comes, told


@pytest.mark.parametrize("closing", CLOSING)
def test_what_closes_something_comes_along_and_is_told(
    office: Office, tmp_path: Path, closing: Callable[[Session, bytes], bytes]
) -> None:
    c, one, comes, told = taken_with_another(office, tmp_path, closing)
    assert not named_in_public(c, one)
    assert comes.hex() in told["along"]
    assert told["not_chosen"], "who has nothing to do with it stays out"


@pytest.mark.parametrize("closing", CLOSING)
def test_the_twin_that_takes_what_was_chosen_alone_leaves_it_open(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, closing: Callable[[Session, bytes], bytes]
) -> None:
    monkeypatch.setattr(governing, "_closing", lambda *_: set())
    monkeypatch.setattr(governing, "_governing", lambda *_: set())
    c, one, _, _ = taken_with_another(office, tmp_path, closing)
    assert named_in_public(c, one)


def test_a_double_comes_whichever_of_the_two_says_so(office: Office, tmp_path: Path) -> None:
    a, _, c = office.all()
    one = put(a, name_kk="Тестов Данияр")
    double = put(a, name_kk="Тестов Данияр")
    casework.change(a, double, [Change("same_as", "add", one.hex())])
    withdrawn = put(a, "consent", person=double.hex(), **CONSENT, withdrawn_on="2026-02-01")
    told = incoming.take(c, send(a, tmp_path / "1.kzb"), choice=Choice(frozenset([one])))
    assert set(told["along"]) == {double.hex(), withdrawn.hex()}


def test_what_is_here_already_brings_nobody_along(office: Office, tmp_path: Path) -> None:
    a, _, c = office.all()
    one, double = put(a, name_kk="Тестов Данияр", naming_basis="official"), put(a, name_kk="Тестов Данияр")
    joining.same_person(a, one, double)
    take(c, send(a, tmp_path / "0.kzb"))
    change(a, one, born="1990")
    chosen = put(a, "event", title="Сход")
    told = incoming.take(c, send(a, tmp_path / "1.kzb"), choice=Choice(frozenset([chosen])))
    assert told["along"] == []
    assert told["not_chosen"] == [one.hex()]


@pytest.mark.parametrize("known", [False, True])
def test_the_first_record_of_a_chain_comes_only_when_it_is_chosen(office: Office, tmp_path: Path, known: bool) -> None:
    a, b, c = office.all()
    if known:  # then his chain opens with what he knew
        put(b, "event", title="Сход")
        take(a, send(b, tmp_path / "0.kzb", A))
    first, other = put(a, name_kk="Тестов Данияр"), put(a, name_kk="Мысалов Ғалым")
    files = send(a, tmp_path / "1.kzb")
    told = incoming.take(c, files, choice=Choice(frozenset([other])))
    assert c.records.record(first) is None
    assert first.hex() in told["not_chosen"]
    assert incoming.take(c, files)["new"] >= 1
    assert c.records.record(first) is not None
