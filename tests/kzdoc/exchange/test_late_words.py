"""What could not go when a partner got the rest goes as soon as it may, though nothing new is written about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from kzdoc import casework
from kzdoc.casework import Change
from kzdoc.domain.audience import Audience
from kzdoc.exchange import folder, incoming
from tests.kzdoc.test_exchange import change, put, send, shown
from tests.offices import NAMES
from tests.readers_nearby import read_nearby

if TYPE_CHECKING:
    from pathlib import Path

    from kzdoc.session import Session
    from tests.offices import Office

A, B, C = NAMES


@pytest.fixture(autouse=True)
def nearby(monkeypatch: pytest.MonkeyPatch) -> None:
    read_nearby(monkeypatch)


def rounds(shared: Path, *desks: Session) -> None:
    for _ in range(3):
        for desk in desks:
            folder.exchange(desk, shared)


def made(folder_of: Path) -> Path:
    folder_of.mkdir()
    return folder_of


def test_anothers_words_go_once_they_may(office: Office, tmp_path: Path) -> None:
    a, b, c = office.all()
    inside, out = made(tmp_path / "inside"), made(tmp_path / "out")
    folder.arrange(b, inside, [A], audience=Audience.INTERNAL)
    folder.arrange(a, out, [C], audience=Audience.PARTNER, purpose="алмасу")
    person = put(b, "person", name_kk="Тестов Данияр")
    rounds(inside, b, a)
    put(a, "event", title="Жиын")
    rounds(out, a, c)
    assert c.records.record(person) is None
    change(a, person, naming_basis="already_public")
    rounds(out, a, c)
    assert shown(c, person)["fields"]["name_kk"] == "Тестов Данияр"
    before = shown(c, person)
    incoming.take(c, send(a, tmp_path / "all", C, audience=Audience.PARTNER, purpose="алмасу", again=True))
    assert shown(c, person) == before, "what a bundle of everything would bring is there already"


def test_what_was_undone_goes_when_the_undoing_is_undone(office: Office, tmp_path: Path) -> None:
    a, _, c = office.all()
    shared = made(tmp_path / "shared")
    folder.arrange(a, shared, [C], audience=Audience.INTERNAL)
    put(a, "event", title="Жиын")
    rounds(shared, a, c)
    person = casework.add(a, "person", [Change("name_kk", "set", "Тестов Данияр")])
    undoing = casework.undo(a, a.records.history(person)[-1].revision)
    rounds(shared, a, c)
    assert c.records.record(person) is None
    casework.undo(a, undoing.revisions[-1])
    rounds(shared, a, c)
    assert shown(c, person)["fields"]["name_kk"] == "Тестов Данияр"
