"""Making, opening, closing: the refusals are told apart, and nothing readable lies in the folder."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from kzdoc.errors import Cancelled, InputError, VaultError
from kzdoc.vault import schema
from kzdoc.vault.vault import create, open_vault, open_with_key, unlock_key
from tests.conftest import HandClock
from tests.vaults import PASSPHRASE, NewVault, Template, Writer

HOLDER = """
import pathlib, sys
from kzdoc.platform.files import lock_file
with lock_file(pathlib.Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def opened(folder: Path, passphrase: str = PASSPHRASE) -> None:
    open_vault(folder, passphrase, clock=HandClock(), randomness=os.urandom).close()


def test_a_new_vault_holds_nothing_readable(template_vault: Template) -> None:
    names = {path.name for path in template_vault.folder.iterdir()}
    assert names == {"vault.keys", "vault.keys.2", "vault.db", "vault.lock", "blobs"}
    assert not list((template_vault.folder / "blobs").iterdir())
    header = (template_vault.folder / "vault.db").read_bytes()[:16]
    assert header != b"SQLite format 3\0"
    assert header == template_vault.key[32:]  # SQLCipher's salt, as docs/formats/vault.md says


def test_the_wal_is_empty_once_closed_and_encrypted_while_open(new_vault: NewVault) -> None:
    vault = new_vault("one")
    Writer(vault).save(os.urandom(16), {"name_ru": "Мысалов Ғалым"})
    wal = (vault.folder / "vault.db-wal").read_bytes()
    assert not (vault.folder / "vault.db-shm").exists()
    assert wal
    assert "Мысалов".encode() not in wal
    vault.close()
    assert not (vault.folder / "vault.db-wal").exists() or not (vault.folder / "vault.db-wal").stat().st_size
    assert "Мысалов".encode() not in (vault.folder / "vault.db").read_bytes()


def test_the_four_refusals(template_vault: Template, tmp_path: Path) -> None:
    folder = template_vault.copy(tmp_path / "vault")
    opened(folder, PASSPHRASE.upper())
    with pytest.raises(VaultError, match="wrong-passphrase"):
        opened(folder, "мүлде бөлек сөйлем осы")
    with pytest.raises(VaultError, match="not-a-vault"):
        opened(tmp_path)
    with pytest.raises(VaultError, match="not-a-vault"):
        opened(tmp_path / "nowhere")

    data = bytearray((folder / "vault.db").read_bytes())
    data[100] ^= 1
    (folder / "vault.db").write_bytes(data)
    with pytest.raises(VaultError) as refused:
        opened(folder)
    assert (refused.value.code, refused.value.params) == ("vault.damaged", {"item": "database"})
    (folder / "vault.db").unlink()
    with pytest.raises(VaultError, match="damaged"):
        opened(folder)


def test_a_newer_database_is_not_opened(new_vault: NewVault, template_vault: Template) -> None:
    vault = new_vault("one")
    vault.database.run(f"PRAGMA user_version = {schema.VERSION + 1}")
    vault.close()
    with pytest.raises(VaultError) as refused:
        template_vault.open(vault.folder, clock=HandClock(), randomness=os.urandom)
    assert refused.value.code == "vault.newer-version"
    assert refused.value.params == {"version": schema.VERSION + 1}


def test_a_vault_open_elsewhere_is_locked_and_says_by_whom(template_vault: Template, tmp_path: Path) -> None:
    folder = template_vault.copy(tmp_path / "vault")
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(folder / "vault.lock")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[3],
    ) as other:
        assert other.stdout
        assert other.stdin
        assert other.stdout.readline() == b"held\n"
        with pytest.raises(VaultError) as refused:
            template_vault.open(folder, clock=HandClock(), randomness=os.urandom)
        assert (refused.value.code, refused.value.params) == ("vault.locked", {"pid": other.pid, "since": "?"})
        other.stdin.close()
    template_vault.open(folder, clock=HandClock(), randomness=os.urandom).close()


def test_a_wrong_key_is_not_taken_for_this_vaults(template_vault: Template, tmp_path: Path) -> None:
    folder = template_vault.copy(tmp_path / "vault")
    with pytest.raises(VaultError, match="damaged"):
        open_with_key(folder, bytearray(os.urandom(48)), clock=HandClock(), randomness=os.urandom)


def test_a_key_handed_in_is_left_to_its_owner(template_vault: Template, tmp_path: Path) -> None:
    key = unlock_key(template_vault.copy(tmp_path / "vault"), PASSPHRASE)
    assert bytes(key) == template_vault.key
    open_with_key(tmp_path / "vault", key, clock=HandClock(), randomness=os.urandom).close()
    assert bytes(key) == template_vault.key


def test_create_refuses_what_is_there_and_what_is_weak(tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "letter.txt").write_text("not ours")
    with pytest.raises(VaultError, match=r"vault\.exists"):
        create(tmp_path / "full", PASSPHRASE, clock=HandClock(), randomness=os.urandom)
    assert [path.name for path in (tmp_path / "full").iterdir()] == ["letter.txt"]
    with pytest.raises(InputError, match=r"passphrase\.weak"):
        create(tmp_path / "weak", "password", clock=HandClock(), randomness=os.urandom)
    assert not (tmp_path / "weak").exists()


def test_a_lost_copy_of_the_keys_is_made_again(new_vault: NewVault, template_vault: Template) -> None:
    vault = new_vault("one")
    vault.close()
    (vault.folder / "vault.keys").unlink()
    template_vault.open(vault.folder, clock=HandClock(), randomness=os.urandom).close()
    assert (vault.folder / "vault.keys").read_bytes() == (vault.folder / "vault.keys.2").read_bytes()


def test_several_acts_are_one_or_none(new_vault: NewVault) -> None:
    vault = new_vault("one")
    writer = Writer(vault)
    record = os.urandom(16)
    vault.drafts.keep(record, b"unsaved")
    revision = writer.sign([writer.entry(record, {"name_ru": "Тестов Данияр"})])

    def save_and_fail() -> None:
        with vault.transaction():
            vault.store.append([revision])
            vault.drafts.drop(record)
            raise KeyError

    with pytest.raises(KeyError):
        save_and_fail()
    assert vault.records.record(record) is None
    assert vault.drafts.open(record) == b"unsaved"
    with vault.transaction():
        vault.store.append([revision])
        vault.drafts.drop(record)
    assert vault.records.record(record) is not None
    assert vault.drafts.open(record) is None


def test_changed_declarations_make_the_projections_anew(new_vault: NewVault, template_vault: Template) -> None:
    vault = new_vault("one")
    Writer(vault).save(os.urandom(16), {"name_ru": "Тестов Данияр"})
    vault.database.change("UPDATE meta SET value = x'00' WHERE name = 'projection'")
    vault.database.change("DELETE FROM record")
    vault.close()
    with template_vault.open(vault.folder, clock=HandClock(), randomness=os.urandom) as again:
        assert again.records.counts() == {"person": 1}


FOR_EVER = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"


def test_what_is_being_read_is_cut_short_from_another_thread_and_what_is_saved_is_not(new_vault: NewVault) -> None:
    vault = new_vault("one")
    ended: list[str] = []

    def read_for_ever() -> None:
        try:
            vault.database.rows(FOR_EVER)
        except Cancelled:
            ended.append("cut short")

    reader = threading.Thread(target=read_for_ever)
    reader.start()
    while reader.is_alive():  # the library hears it only once the question has begun
        vault.stop_asking()
        reader.join(0.05)
    assert ended == ["cut short"]
    with pytest.raises(Cancelled):
        vault.records.counts()
    with vault.transaction():
        vault.database.run("INSERT INTO setting VALUES ('kept', x'01')")
    vault.ask_again()
    assert vault.settings.get("kept") == b"\1"


def test_closing_empties_the_wal_also_when_what_was_read_was_cut_short(new_vault: NewVault) -> None:
    vault = new_vault("one")
    Writer(vault).save(os.urandom(16), {"name_ru": "Мысалов Ғалым"})
    vault.stop_asking()
    vault.close()
    assert not (vault.folder / "vault.db-wal").exists()
