"""What could not go when a partner got the rest goes as soon as it may, though nothing new is written about it."""

from __future__ import annotations

import hashlib
import io
from typing import TYPE_CHECKING

import pytest

from kzdoc import casework
from kzdoc.casework import Change
from kzdoc.domain.audience import Audience
from kzdoc.exchange import folder, incoming
from kzdoc.progress import silent
from tests.kzdoc.test_exchange import change, put, send, shown
from tests.offices import NAMES

if TYPE_CHECKING:
    from pathlib import Path

    from kzdoc.session import Session
    from tests.offices import Office

A, B, C = NAMES

pytestmark = pytest.mark.usefixtures("nearby")


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


def test_a_late_file_goes_until_it_is_receipted(office: Office, tmp_path: Path) -> None:
    a, _, c = office.all()
    shared = made(tmp_path / "shared")
    folder.arrange(a, shared, [C], audience=Audience.INTERNAL)
    data = b"film" * 1000
    key = hashlib.sha256(data).digest()
    item = put(a, "evidence_item", file={"sha256": key, "size": len(data), "media": "video/mp4"})
    rounds(shared, a, c)
    assert "file" in shown(c, item)["fields"]
    assert not c.blobs.has(key)
    a.blobs.add(io.BytesIO(data), media="video/mp4", expected=key, progress=silent, total=len(data))
    assert folder.exchange(a, shared)["written"]["files_inside"] == 1
    for lost in [file for file in shared.iterdir() if file.is_file()]:
        lost.unlink()
    rounds(shared, a, c)
    assert c.blobs.has(key)
    assert folder.exchange(a, shared)["written"] is None
