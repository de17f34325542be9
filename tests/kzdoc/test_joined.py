"""What was joined: every group is listed at the cost of what is joined, and parting keeps every file of everybody."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from kzdoc import browsing, casework, joining
from kzdoc.casework import Change
from kzdoc.domain.kinds.recurring import SAME_AS
from kzdoc.vault.check import check

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from kzdoc.session import Session
    from tests.offices import Office

JOINED = "SELECT l.source FROM link l WHERE l.field = "


@pytest.fixture
def session(office: Office) -> Session:
    return office.open()


def people(session: Session, count: int) -> list[bytes]:
    names = ("Тестов", "Мысалов", "Сынақов", "Үлгінов", "Жобаев", "Көрсетов", "Байқауов", "Ойданов")
    return [casework.add(session, "person", [Change("name_kk", "set", f"{one} Данияр")]) for one in names[:count]]


def test_the_groups_are_those_of_each_record(session: Session) -> None:
    chance = random.Random(5)
    some = people(session, 8)
    for turn in range(12):
        one, other = chance.sample(some, 2)
        if other in joining.group(session, one):
            if turn % 2:
                joining.part(session, one)
        else:
            joining.same_person(session, one, other)
        each = {tuple(joining.group(session, record)) for record in some}
        assert joining.groups(session) == sorted(list(group) for group in each if len(group) > 1)


def test_of_a_removed_record_nothing_begins(session: Session) -> None:
    one, other = people(session, 2)
    joining.same_person(session, one, other)
    casework.remove(session, one, "қате")
    assert joining.groups(session) == []


def plan_of(session: Session, condition: str) -> str:
    rows = session.vault.database.rows(f"EXPLAIN QUERY PLAN {JOINED}{condition}")
    return " ".join(str(row[-1]) for row in rows)


def test_what_is_joined_has_an_index_of_its_own(session: Session) -> None:
    assert SAME_AS == "same_as", "the index names it"
    assert "link_joined" in plan_of(session, "'same_as'")


def test_any_other_field_has_none_and_goes_over_every_link(session: Session) -> None:
    assert "SCAN" in plan_of(session, "'persons'")


def with_files(session: Session, record: bytes, folder: Path, count: int) -> dict[bytes, bytes]:
    """Attach files to a record; return the bytes by item of evidence."""
    found = {}
    for number in range(count):
        file = folder / f"{record.hex()[:6]}-{number}.bin"
        file.write_bytes(record + bytes([number]) * 50_000)
        (item,) = casework.attach(session, record, [file])
        found[item] = file.read_bytes()
    return found


def shown_files(session: Session, record: bytes) -> dict[bytes, bytes]:
    return {one.record: browsing.file_bytes(session, one.sha256) for one in browsing.sheet(session, record).items}


def joined_and_parted(session: Session, folder: Path, part: Callable[[Session, bytes], object]) -> bool:
    """Join three people with files, part one of them; return whether every file is with whom it was."""
    three = people(session, 3)
    files = {record: with_files(session, record, folder, 2) for record in three}
    joining.same_person(session, three[0], three[1])
    joining.same_person(session, three[1], three[2])
    casework.change(session, three[1], [Change("occupation", "set", "мұғалім")])
    later = with_files(session, three[1], folder, 3)
    files[three[1]] |= later
    kept = [shown_files(session, record) == files[record] for record in three]
    part(session, three[1])
    kept += [shown_files(session, record) == files[record] for record in three]
    return all(kept) and check(session.vault) == []


def test_every_file_stays_with_whom_it_was_when_one_is_parted_again(session: Session, tmp_path: Path) -> None:
    assert joined_and_parted(session, tmp_path, joining.part)
    assert [len(group) for group in joining.groups(session)] == [2]


def test_a_parting_that_takes_a_file_along_is_caught(session: Session, tmp_path: Path) -> None:
    def part(session: Session, record: bytes) -> None:
        joining.part(session, record)
        casework.remove(session, next(iter(shown_files(session, record))), "қате")

    assert not joined_and_parted(session, tmp_path, part)
