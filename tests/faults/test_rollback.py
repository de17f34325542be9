"""History cannot be put back unseen: the attacks that SQLCipher does not notice, each found beside a head and named.

Who attacks has the medium, not the key: older copies of pages and files, and a knife.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from kzdoc import casework, oversight
from kzdoc.casework import Change
from kzdoc.errors import KzdocError
from kzdoc.exchange import trust
from kzdoc.session import Session
from tests.faults.figures import report
from tests.offices import NAMES, Office

PAGE = 4096


@dataclass
class Scene:
    """A vault as it was, as it is closed now, and as it is with all of the last hour in its WAL."""

    office: Office
    then: Path
    now: Path
    running: Path
    head: bytes

    @contextmanager
    def open(self, folder: Path) -> Iterator[Session]:
        """Open whatever lies in a folder, as the vault it pretends to be."""
        target = self.office.folder / NAMES[0]
        shutil.rmtree(target)
        shutil.copytree(folder, target)
        session = self.office.open()
        try:
            yield session
        finally:
            session.close()

    def check(self, folder: Path, *, head: bool = True) -> dict[str, Any]:
        """Return what `vault check` says, or the refusal to open it at all."""
        try:
            with self.open(folder) as session:
                return oversight.check(session, head=self.head if head else None)
        except KzdocError as error:
            item = str(error.params.get("item", ""))
            return {"result": "bad", "head": "not opened", "findings": [{"code": error.code, "item": item}]}


def write(session: Session, folder: Path, numbers: range) -> None:
    """Work as people do: persons, files, a partner."""
    picture = folder / "picture.bin"
    for number in numbers:
        record = casework.add(session, "person", [Change("name_ru", "set", f"Мысалов {number}")])
        picture.write_bytes(os.urandom(2000))
        casework.attach(session, record, [picture])


@pytest.fixture
def scene(office: Office, tmp_path: Path) -> Scene:
    vault = office.folder / NAMES[0]
    session = office.open()
    write(session, tmp_path, range(12))
    session.close()
    shutil.copytree(vault, tmp_path / "then")
    session = office.open()
    write(session, tmp_path, range(12, 18))
    trust.revoke_contact(session, NAMES[2], lang="en")
    session.vault.settings.put("сынақ", b"1")
    head = oversight.head(session)
    shutil.copytree(vault, tmp_path / "running")
    session.close()
    shutil.copytree(vault, tmp_path / "now")
    return Scene(office, tmp_path / "then", tmp_path / "now", tmp_path / "running", head)


def codes(found: dict[str, Any]) -> set[str]:
    return {one["code"] for one in found["findings"]}


def test_untouched_it_extends_the_head_and_without_one_nothing_is_said(scene: Scene) -> None:
    for folder in (scene.now, scene.running):
        assert scene.check(folder) == {"result": "good", "head": "extends", "findings": []}
        assert scene.check(folder, head=False)["head"] == "not checked"


def older_file(scene: Scene, here: Path) -> None:
    shutil.copyfile(scene.then / "vault.db", here / "vault.db")


def older_folder(scene: Scene, here: Path) -> None:
    shutil.rmtree(here)
    shutil.copytree(scene.then, here)


def cut_tail(scene: Scene, here: Path) -> None:
    data = (here / "vault.db").read_bytes()
    (here / "vault.db").write_bytes(data[: -5 * PAGE])


def no_wal(scene: Scene, here: Path) -> None:
    shutil.rmtree(here)
    shutil.copytree(scene.running, here)
    (here / "vault.db-wal").unlink()


def cut_wal(scene: Scene, here: Path) -> None:
    shutil.rmtree(here)
    shutil.copytree(scene.running, here)
    data = (here / "vault.db-wal").read_bytes()
    (here / "vault.db-wal").write_bytes(data[: len(data) // 2])


def one_bit_of_the_wal(scene: Scene, here: Path) -> None:
    shutil.rmtree(here)
    shutil.copytree(scene.running, here)
    data = bytearray((here / "vault.db-wal").read_bytes())
    data[len(data) // 2] ^= 1
    (here / "vault.db-wal").write_bytes(data)


def missing_piece(scene: Scene, here: Path) -> None:
    sorted((here / "blobs").iterdir())[3].unlink()


def added_piece(scene: Scene, here: Path) -> None:
    (here / "blobs" / ("ab" * 16)).write_bytes(os.urandom(700))


ATTACKS: list[tuple[Callable[[Scene, Path], None], str, bool]] = [
    (older_file, "head.missing", False),
    (older_folder, "head.missing", True),
    (cut_tail, "", False),
    (no_wal, "head.missing", True),
    (cut_wal, "head.missing", True),
    (one_bit_of_the_wal, "head.missing", True),
    (missing_piece, "vault.blob-damaged", False),
]


@pytest.mark.parametrize(("attack", "named", "only_with_head"), ATTACKS, ids=[one[0].__name__ for one in ATTACKS])
def test_an_attack_is_found_beside_a_head_and_named(
    attack: Callable[[Scene, Path], None], named: str, only_with_head: bool, scene: Scene, tmp_path: Path
) -> None:
    here = shutil.copytree(scene.now, tmp_path / "here")
    attack(scene, here)
    found = scene.check(here)
    assert found["result"] == "bad"
    assert all(one["item"] for one in found["findings"])
    if named:
        assert named in codes(found)
    alone = scene.check(here, head=False)
    assert alone["head"] in ("not checked", "not opened")
    if only_with_head:  # the twin: from inside, nothing is to be seen
        assert {one for one in codes(alone) if one != "vault.blob-left-over"} == set()


def test_an_added_piece_is_kept_at_opening_and_named(scene: Scene, tmp_path: Path) -> None:
    here = shutil.copytree(scene.now, tmp_path / "here")
    added_piece(scene, here)
    for _ in range(2):
        assert scene.check(here)["findings"] == [{"code": "vault.blob-left-over", "item": "ab" * 16}]


NOT_COUNTED = ("search", "near_")
"""The index is read by a word instead; who is still to be compared with whom is no promise (docs/formats/vault.md)."""


def contents(session: Session) -> dict[str, list[tuple[Any, ...]]]:
    """Return every row of every table, and every word of the index with the records it leads to."""
    database = session.vault.database
    names = [row[0] for row in database.rows("SELECT name FROM sqlite_master WHERE type = 'table'")]
    tables = [name for name in names if not name.startswith(NOT_COUNTED)]
    found = {table: database.rows(f"SELECT * FROM {table}") for table in tables}  # noqa: S608 - its own tables
    found["search"] = database.rows("SELECT rowid FROM search WHERE search MATCH 'мысалов'")
    return {table: sorted(rows, key=repr) for table, rows in found.items()}


def test_every_older_page_is_found(scene: Scene, tmp_path: Path) -> None:
    here = shutil.copytree(scene.now, tmp_path / "here")
    old, new = ((folder / "vault.db").read_bytes() for folder in (scene.then, scene.now))
    with scene.open(scene.now) as session:
        good = contents(session)
    tried, idle = 0, 0
    for place in range(0, len(old), PAGE):
        page = old[place : place + PAGE]
        if page == new[place : place + PAGE]:
            continue
        tried += 1
        (here / "vault.db").write_bytes(new[:place] + page + new[place + PAGE :])
        found = scene.check(here)
        if found["result"] == "good":  # then it was a page that nothing is read from: free, or without a difference
            idle += 1
            with scene.open(here) as session:
                assert contents(session) == good
    report(f"{tried} older pages put back: {tried - idle} found and named, {idle} from which nothing is read")
    assert tried - idle >= 10


def test_an_older_table_and_its_note_are_seen_beside_the_head_alone(scene: Scene, tmp_path: Path) -> None:
    """A partner's revoking undone with all its pages: whole from inside, older than the head says."""
    here = shutil.copytree(scene.now, tmp_path / "here")
    with scene.open(scene.then) as session:
        rows = session.vault.database.rows("SELECT * FROM contact")
        note = session.vault.database.rows("SELECT value FROM meta WHERE name = 'tally.contact'")[0]
    with scene.open(scene.now) as session:
        database = session.vault.database
        for name in database.rows("SELECT name FROM sqlite_temp_master WHERE type = 'trigger'"):
            database.run(f"DROP TRIGGER temp.{name[0]}")
        with database.transaction():
            database.run("DELETE FROM contact")
            database.run_many(f"INSERT INTO contact VALUES ({', '.join('?' * len(rows[0]))})", rows)  # noqa: S608 - numbers
            database.run("UPDATE meta SET value = ? WHERE name = 'tally.contact'", note)
    shutil.rmtree(here)
    shutil.copytree(scene.office.folder / NAMES[0], here)
    assert scene.check(here, head=False) == {"result": "good", "head": "not checked", "findings": []}
    assert scene.check(here) == {
        "result": "bad",
        "head": "behind",
        "findings": [{"code": "head.older", "item": "contact"}],
    }
