"""A backup is whole or is not there; what is restored is the same vault in another place."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pytest

from kzdoc.errors import Cancelled, VaultError
from kzdoc.vault import backup
from kzdoc.vault.check import check, state_hash
from kzdoc.vault.vault import Vault
from tests.conftest import HandClock
from tests.vaults import Template, Writer


@pytest.fixture
def full(vault: Vault) -> Vault:
    writer = Writer(vault)
    for number in range(10):
        writer.save(os.urandom(16), {"name_ru": f"Мысалов {number}"})
    vault.blobs.add(io.BytesIO(os.urandom(5000)), media="image/png")
    return vault


def test_what_is_restored_is_the_same_and_goes_on_in_a_new_chain(
    full: Vault, tmp_path: Path, template_vault: Template
) -> None:
    backup.back_up(full, tmp_path / "copy.kzbak")
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []
    assert "Мысалов".encode() not in (tmp_path / "copy.kzbak").read_bytes()
    backup.restore(tmp_path / "copy.kzbak", tmp_path / "again")
    with template_vault.open(tmp_path / "again", clock=HandClock(), randomness=os.urandom) as again:
        assert check(again) == []
        assert state_hash(again) == state_hash(full)
        (blob,) = again.blobs.all()
        assert b"".join(again.blobs.read(blob.sha256)) == b"".join(full.blobs.read(blob.sha256))
        (head,) = again.chains.heads()
        assert Writer(again).save(os.urandom(16), {"sex": "male"}).skeleton.chain != head.chain


def test_a_backup_of_a_damaged_vault_does_not_replace_the_good_one(
    full: Vault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "copy.kzbak"
    backup.back_up(full, target)
    good = target.read_bytes()
    real = backup._verify

    def spoiled(database: object, copy: Path) -> None:
        data = bytearray(copy.read_bytes())
        data[4096 * 7 + 99] ^= 1
        copy.write_bytes(data)
        real(database, copy)  # type: ignore[arg-type]

    monkeypatch.setattr(backup, "_verify", spoiled)
    with pytest.raises(VaultError, match="backup-failed"):
        backup.back_up(full, target)
    assert target.read_bytes() == good
    assert check(full) == []


def test_a_cancelled_backup_leaves_the_older_one(full: Vault, tmp_path: Path) -> None:
    target = tmp_path / "copy.kzbak"
    target.write_bytes(b"older")

    def stop(step: str, done: int, total: int) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        backup.back_up(full, target, progress=stop)
    assert target.read_bytes() == b"older"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["copy.kzbak", "vault"]


def test_a_spoiled_backup_restores_nothing(full: Vault, tmp_path: Path) -> None:
    target = tmp_path / "copy.kzbak"
    backup.back_up(full, target)
    good = target.read_bytes()
    spoiled = [good[:-1], good + b"\0", good[:100], b"", b"PK\3\4" + good, good[:5000] + b"!" + good[5001:]]
    for data in spoiled:
        target.write_bytes(data)
        with pytest.raises(VaultError, match="backup-damaged"):
            backup.restore(target, tmp_path / "again")
        assert not (tmp_path / "again").exists()
    target.write_bytes(good[:8] + b"\0\2" + good[10:])
    with pytest.raises(VaultError, match="newer-version"):
        backup.restore(target, tmp_path / "again")
    target.write_bytes(good)
    with pytest.raises(VaultError, match="exists"):
        backup.restore(target, full.folder)
