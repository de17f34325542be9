"""A backup is as good as its restoring: the drill, three generations, one that does not stand its check."""

from __future__ import annotations

import io
import os
import shutil
import time
from pathlib import Path

import pytest

from kzdoc.errors import KzdocError, VaultError
from kzdoc.vault import backup
from kzdoc.vault.backup import back_up, restore
from kzdoc.vault.check import check, state_hash
from kzdoc.vault.vault import Vault
from tests.conftest import HandClock
from tests.faults.figures import report
from tests.vaults import Template, Writer


def opened(template: Template, folder: Path) -> Vault:
    return template.open(folder, clock=HandClock(), randomness=os.urandom)


@pytest.mark.parametrize("records", [200, pytest.param(10_000, marks=pytest.mark.long)])
def test_the_drill(records: int, template_vault: Template, tmp_path: Path) -> None:
    """Write, back up, lose the vault, restore: the same state, in less than five minutes for 10,000 records."""
    home = template_vault.copy(tmp_path / "home")
    with opened(template_vault, home) as vault:
        writer = Writer(vault)
        with vault.transaction():
            for number in range(records):
                writer.save(os.urandom(16), {"name_ru": f"Мысалов {number}"})
        blob = vault.blobs.add(io.BytesIO(os.urandom(200_000)), media="")
        before = state_hash(vault)
        start = time.monotonic()
        back_up(vault, tmp_path / "copy.kzbak")
    shutil.rmtree(home)
    restore(tmp_path / "copy.kzbak", home)
    with opened(template_vault, home) as vault:
        assert state_hash(vault) == before
        assert check(vault) == []
        assert b"".join(vault.blobs.read(blob.sha256))
    took = time.monotonic() - start
    report(f"restore drill: {records} records, {took:.1f} s from backup to a checked vault")
    assert took < 300


def test_three_generations_are_kept(template_vault: Template, tmp_path: Path) -> None:
    home = template_vault.copy(tmp_path / "home")
    with opened(template_vault, home) as vault:
        writer = Writer(vault)
        for number in range(5):
            writer.save(os.urandom(16), {"name_ru": f"Мысалов {number}"})
            back_up(vault, tmp_path / "copy.kzbak")
    there = sorted(path.name for path in tmp_path.iterdir() if path.is_file())
    assert there == ["copy.kzbak", "copy.kzbak.1", "copy.kzbak.2"]
    for name, count in zip(there, (5, 4, 3), strict=True):
        restore(tmp_path / name, tmp_path / f"of-{name}")
        with opened(template_vault, tmp_path / f"of-{name}") as vault:
            assert vault.records.counts() == {"person": count}


def test_where_no_links_are_known_three_are_kept_as_well(
    template_vault: Template, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none(*_: object) -> None:
        raise PermissionError(1, "no links on this medium")

    monkeypatch.setattr(os, "link", none)
    test_three_generations_are_kept(template_vault, tmp_path)


def test_a_backup_that_does_not_restore_as_the_vault_is_does_not_get_the_name(
    template_vault: Template, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = template_vault.copy(tmp_path / "home")
    target = tmp_path / "copy.kzbak"
    real = backup._write
    with opened(template_vault, home) as vault:
        vault.blobs.add(io.BytesIO(os.urandom(4000)), media="")
        back_up(vault, target)
        good = target.read_bytes()

        def spoiled(*arguments: object) -> None:
            real(*arguments)  # type: ignore[arg-type]
            made = arguments[2]
            assert isinstance(made, Path)
            data = bytearray(made.read_bytes())
            data[-1000] ^= 1
            made.write_bytes(data)

        monkeypatch.setattr(backup, "_write", spoiled)
        with pytest.raises(VaultError, match="backup-failed"):
            back_up(vault, target)
    assert target.read_bytes() == good
    assert sorted(path.name for path in tmp_path.iterdir()) == ["copy.kzbak", "home"]


def test_what_a_stopped_backup_left_is_cleared_by_the_next(template_vault: Template, tmp_path: Path) -> None:
    home = template_vault.copy(tmp_path / "home")
    (tmp_path / ".copy.kzbak-abc.part").mkdir()
    (tmp_path / ".other.kzbak-abc.part").mkdir()
    with opened(template_vault, home) as vault:
        back_up(vault, tmp_path / "copy.kzbak")
    assert sorted(path.name for path in tmp_path.iterdir()) == [".other.kzbak-abc.part", "copy.kzbak", "home"]


def is_found(template: Template, folder: Path) -> bool:
    """Tell whether opening or checking says that something is wrong."""
    try:
        with opened(template, folder) as vault:
            return bool(check(vault))
    except KzdocError as error:
        return error.code in ("vault.damaged", "vault.disk-error")


@pytest.mark.parametrize("flips", [40, pytest.param(600, marks=pytest.mark.long)])
def test_a_flipped_bit_anywhere_is_found(flips: int, template_vault: Template, tmp_path: Path) -> None:
    """Bit rot in the database, either file of keys, or a piece of a file."""
    home = template_vault.copy(tmp_path / "home")
    with opened(template_vault, home) as vault:
        Writer(vault).save(os.urandom(16), {"name_ru": "Тестов Данияр"})
        vault.blobs.add(io.BytesIO(os.urandom(4000)), media="")
    names = ["vault.db", *(f"blobs/{path.name}" for path in (home / "blobs").iterdir())]
    found = 0
    for number in range(flips):
        here = tmp_path / "here"
        shutil.rmtree(here, ignore_errors=True)
        shutil.copytree(home, here)
        path = here / names[number % len(names)]
        data = bytearray(path.read_bytes())
        place = int.from_bytes(os.urandom(4), "big") % len(data)
        data[place] ^= 1 << (number % 8)
        path.write_bytes(data)
        found += is_found(template_vault, here)
    report(f"flipped bits: {found} of {flips} found")
    assert found == flips
