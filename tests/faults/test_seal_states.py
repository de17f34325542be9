"""Whenever power fails while a testimony is sealed: its words are here as before, or whole in the file."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from kzdoc import casework, sealing
from kzdoc.casework import Change
from kzdoc.crypto import age
from kzdoc.crypto.age import HybridIdentity
from kzdoc.session import Session
from kzdoc.vault.check import check
from tests.faults.crashes import record
from tests.faults.test_crash_states import LEFT_OVER, Whole, given, replay, scratch, snapshot  # noqa: F401 - a fixture
from tests.kzdoc.adversary import found, spoils
from tests.offices import NAMES, Office
from tests.vaults import NOW

pytestmark = pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not here")

TEXT, FILE = "құпиясөз айтылды", "суретбелгі".encode() * 3000
WORDS = ("құпиясөз", "piasoz", "суретбелгі")


@dataclass
class Kept:
    """Judges a state: nothing was lost, and once sealing was acknowledged nothing here opens it."""

    key: bytes
    headquarters: HybridIdentity
    record: bytes
    sealed: int = 0

    def __call__(self, folder: Path, said: list[dict[str, Any]]) -> None:
        with Whole(self.key).open(folder / "vault") as vault:
            session = Session(vault, lambda: NOW, os.urandom)
            wrong = [one for one in check(vault) if one.code != LEFT_OVER]
            assert not wrong, f"found {wrong}"
            text = casework.plain(casework.state(session, self.record))["fields"].get("text")
            rows = sealing.outbox(session)
            if text is None:
                assert [row["kept"] for row in rows] == [True], "the words are nowhere"
                (file,) = vault.outbox.all()[0].files
                inside = age.open_bytes(b"".join(vault.blobs.read(file)), identity=self.headquarters)
                assert TEXT.encode() in inside, "the words are lost"
                assert FILE in inside, "the file is lost"
                self.sealed += 1
            else:
                assert text == TEXT
                assert rows == [], "in the outbox and not withheld"
                assert FILE in [b"".join(vault.blobs.read(blob.sha256)) for blob in vault.blobs.all()]
        if given(said, "sealed"):
            assert text is None, "a sealing that was acknowledged is undone"
            assert found(spoils(folder / "vault", self.key), *WORDS) == [], "something here opens it"


def prepared(office: Office, tmp_path: Path) -> tuple[Path, Kept]:
    a, b, _ = office.all()
    testimony = casework.add(a, "testimony", [Change("text", "set", TEXT)])
    (tmp_path / "f.txt").write_bytes(FILE)
    casework.attach(a, testimony, [tmp_path / "f.txt"])
    identity = b.identity()
    a.close()
    folder = tmp_path / "here"
    folder.mkdir()
    shutil.copytree(a.vault.folder, folder / "vault")
    return folder, Kept(office.template.keys[NAMES[0]], identity, testimony)


def test_every_crash_state_of_a_sealing(office: Office, tmp_path: Path, scratch: Path) -> None:  # noqa: F811 - the fixture
    folder, judge = prepared(office, tmp_path)
    before = snapshot(folder)
    steps = record(folder, "tests.faults.sealing_work", "seal", judge.record.hex(), given=judge.key.hex() + "\n")
    told = replay("seal", before, steps, judge, scratch)
    assert not told.bad, told.bad[:5]
    assert told.states > 50
    assert 0 < judge.sealed < told.states


def test_the_twin_that_withholds_before_the_file_is_kept_is_caught(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, judge = prepared(office, tmp_path)
    with Whole(judge.key).open(folder / "vault") as vault:
        session = Session(vault, lambda: NOW, os.urandom)
        ids = vault.chains.of_records([judge.record])[judge.record]
        words = {one.id: list(one.statements) for one in vault.chains.revisions(ids).values()}
        session.store.withhold(words, reason="sealed")
    with pytest.raises(AssertionError, match="nowhere"):
        judge(folder, [])
