"""How an exchange folder stands, told without opening anything: per partner, halves, copies, strangers' files."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from kzdoc.domain.audience import Audience
from kzdoc.exchange import folder, folder_memory, trust
from kzdoc.exchange.folder_standing import Standing, standing
from tests.kzdoc.test_exchange import put
from tests.offices import NAMES

if TYPE_CHECKING:
    from pathlib import Path

    from kzdoc.session import Session
    from tests.offices import Office

A, B, C = NAMES

pytestmark = pytest.mark.usefixtures("nearby")


def of(session: Session, shared: Path, name: str) -> tuple[int, int, int]:
    """Return what lies there of a partner and for him: taken, waits, ours."""
    one = next(one for one in standing(session, shared).partners if one.name == name)
    return one.taken, one.waits, one.ours


def give(session: Session, shared: Path, to: str) -> None:
    folder.arrange(session, shared, [to], audience=Audience.INTERNAL, purpose="алмасу")
    folder.exchange(session, shared)


def test_what_came_was_taken_and_waits_is_told_per_partner(office: Office, shared: Path) -> None:
    a, b = office.open(A), office.open(B)
    put(a, name_ru="Тестов Данияр")
    give(a, shared, B)
    assert of(a, shared, B) == (0, 0, 1)
    assert standing(b, shared).new == 1, "nobody looked at it yet"
    before = sorted(file.name for file in shared.iterdir())
    assert standing(b, shared) == standing(b, shared)
    assert sorted(file.name for file in shared.iterdir()) == before, "looking changes nothing"
    folder.exchange(b, shared)
    assert of(b, shared, A) == (1, 0, 0)
    assert standing(b, shared).new == 0, "the own receipt is known"
    assert of(a, shared, B) == (0, 0, 1), "the receipt was not read yet"
    folder.exchange(a, shared)
    assert [one.ours for one in standing(a, shared).partners] == [0]
    assert standing(a, shared).arranged is not None


def test_a_half_file_a_cut_one_and_a_conflict_copy_are_named_and_not_taken_for_news(
    office: Office, shared: Path
) -> None:
    a, b = office.open(A), office.open(B)
    for n in range(60):
        put(a, name_ru=f"Тестов {n}", description="ә" * 400)
    give(a, shared, B)
    whole = next(shared.glob("*.bin"))
    folder.exchange(b, shared)
    (shared / f".syncthing.{whole.name}.tmp").write_bytes(whole.read_bytes()[:100])
    (shared / "x.bin.part").write_bytes(b"?")
    (shared / ".DS_Store").write_bytes(b"?")
    (shared / "фото.jpg").write_bytes(b"?")
    copy = shared / f"{whole.stem}.sync-conflict-20261122-101010-ABCDEFG.bin"
    shutil.copyfile(whole, copy)
    found: Standing = standing(b, shared)
    assert found.half == (f".syncthing.{whole.name}.tmp", "x.bin.part")
    assert found.copies == (copy.name,)
    assert (found.new, found.others) == (0, 1)
    assert of(b, shared, A) == (1, 0, 0), "two copies are one bundle"
    data = whole.read_bytes()
    assert len(data) > 70_000
    copy.write_bytes(data[:70_000])
    assert standing(b, shared).copies == ()
    assert standing(b, shared).half[-1] == copy.name


def test_what_cannot_be_read_has_its_code_and_a_strangers_bundle_waits(office: Office, shared: Path) -> None:
    a, b = office.open(A), office.open(B)
    put(a, name_ru="Тестов Данияр")
    give(a, shared, B)
    folder.exchange(b, shared)
    (shared / "broken.bin").write_bytes(b"age-encryption.org/v1\nnothing more")
    assert standing(b, shared).new == 1
    folder.exchange(b, shared)
    assert [name for name, _ in standing(b, shared).refused] == ["broken.bin"]
    assert standing(b, shared).refused[0][1].startswith("bundle.")
    trust.revoke_contact(b, A, lang="kk")
    assert next(one for one in standing(b, shared).partners if one.name == A).state == "revoked"


def test_the_place_that_was_chosen_is_remembered(office: Office, shared: Path) -> None:
    a = office.open(A)
    assert folder_memory.place(a) is None
    folder_memory.remember_place(a, shared)
    assert folder_memory.place(a) == shared
