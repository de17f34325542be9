"""Another reader, made from the format's pages alone, reads a vault: open, closed, re-keyed, and out of a backup."""

from __future__ import annotations

import ast
import hashlib
import io
import os
import shutil
from pathlib import Path

import pytest

from kzdoc.crypto.age import HybridIdentity
from kzdoc.vault.backup import back_up, restore
from kzdoc.vault.rekey import rekey
from kzdoc.vault.vault import Vault
from kzdoc.vault.ways import HEADQUARTERS
from tests.faults import second_reader
from tests.vaults import NOW, PASSPHRASE, NewVault, Template, Writer


@pytest.fixture
def full(new_vault: NewVault) -> Vault:
    vault = new_vault("one")
    vault.blobs._piece = 2000
    writer = Writer(vault)
    for number in range(30):
        writer.save(os.urandom(16), {"name_ru": f"Мысалов {number}", "notes": "сынақ " * 100})
    vault.database.empty_wal()
    writer.save(os.urandom(16), {"name_ru": "Тестов Данияр"})
    vault.blobs.add(io.BytesIO(b"file" * 1700), media="text/plain")
    return vault


def test_it_has_nothing_of_the_program() -> None:
    tree = ast.parse(Path(second_reader.__file__).read_text(encoding="utf-8"))
    names = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)} | {
        alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names
    }
    assert not [name for name in names if name and name.split(".")[0] in ("kzdoc", "tests", "sqlcipher3")]


@pytest.mark.parametrize("when", ["running", "closed", "restored", "re-keyed"])
def test_a_second_reader_reads_the_vault(when: str, full: Vault, template_vault: Template, tmp_path: Path) -> None:
    told = full.database.rows("SELECT id, signed, held FROM revision JOIN disclosure USING (seq) ORDER BY seq")
    (blob,) = full.blobs.all()
    folder = tmp_path / "read"
    if when == "running":
        shutil.copytree(full.folder, folder)
        assert (folder / "vault.db-wal").stat().st_size
    elif when == "closed":
        full.close()
        shutil.copytree(full.folder, folder)
    elif when == "re-keyed":
        other = HybridIdentity.generate(os.urandom)
        number = full.ways.add_recipient(bytearray(template_vault.key), other.recipient, kind=HEADQUARTERS, label="")
        assert second_reader.unlock_with(full.folder, other.seed) == template_vault.key
        rekey(full, without=(number,), recipients={}, clock=lambda: NOW, randomness=os.urandom)
        shutil.copytree(full.folder, folder)
        assert second_reader.unlock(folder, PASSPHRASE) != template_vault.key
        with pytest.raises(second_reader.NotReadableError, match="no slot"):
            second_reader.unlock_with(folder, other.seed)
    else:
        back_up(full, tmp_path / "copy.kzbak")
        restore(tmp_path / "copy.kzbak", folder)
    key = second_reader.unlock(folder, PASSPHRASE.replace(" ", "-").upper())
    database = second_reader.read_database(folder, key)
    assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert database.execute("PRAGMA application_id").fetchone() == (0x6B7A646F,)
    rows = database.execute("SELECT id, signed, held FROM revision JOIN disclosure USING (seq) ORDER BY seq").fetchall()
    assert rows == told
    for row in rows:  # the id of a revision is the digest of its skeleton (revision.md)
        assert row[0] == hashlib.sha256(b"kzdoc-revision-id-1\0" + row[1][64:]).digest()
    sha256, piece_key, pieces = database.execute("SELECT sha256, key, pieces FROM blob").fetchone()
    assert sha256 == blob.sha256
    assert hashlib.sha256(second_reader.read_blob(folder, piece_key, pieces)).digest() == blob.sha256
    database.close()


def test_the_second_reader_refuses_a_page_that_was_touched(full: Vault) -> None:
    full.close()
    path = full.folder / "vault.db"
    data = bytearray(path.read_bytes())
    data[5 * 4096 + 100] ^= 1
    path.write_bytes(data)
    key = second_reader.unlock(full.folder, PASSPHRASE)
    with pytest.raises(second_reader.NotReadableError, match="page 6"):
        second_reader.read_database(full.folder, key)
