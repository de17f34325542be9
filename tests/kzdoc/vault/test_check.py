"""check finds what is wrong and names it; a whole vault has no findings."""

from __future__ import annotations

import os

import pytest

from kzdoc.errors import VaultError
from kzdoc.ledger.history import Head
from kzdoc.vault.check import Finding, check, missing_heads, state_hash
from kzdoc.vault.vault import Vault
from tests.conftest import HandClock
from tests.vaults import NewVault, Template, Writer


@pytest.fixture
def full(vault: Vault) -> Vault:
    writer = Writer(vault)
    for number in range(40):
        writer.save(os.urandom(16), {"name_ru": f"Мысалов {number}", "sex": "male", "notes": "сынақ " * 100})
    assert check(vault) == []
    return vault


def codes(vault: Vault) -> set[str]:
    return {finding.code for finding in check(vault)}


def test_a_record_that_does_not_match_its_revisions(full: Vault) -> None:
    before = state_hash(full)
    (record, *_) = [state.id for state in full.records.records("person")]
    packed = full.database.row("SELECT state FROM record WHERE id != ? LIMIT 1", (record,))
    assert packed
    full.database.change("UPDATE record SET state = ? WHERE id = ?", (packed[0], record))
    assert check(full) == [Finding("vault.projection", record.hex())]
    full.rebuild()
    assert check(full) == []
    assert state_hash(full) == before


def test_a_revision_taken_out_changed_or_not_signed_by_its_author(full: Vault) -> None:
    row = full.database.row("SELECT r.seq, r.id, d.signed FROM revision r JOIN disclosure d USING (seq) WHERE seq = 20")
    assert row
    seq, key, signed = row
    full.database.change("UPDATE disclosure SET signed = ? WHERE seq = ?", (bytes(64) + signed[64:], seq))
    assert codes(full) == set()  # the newest signature vouches for the run …
    last = full.database.row("SELECT signed FROM disclosure WHERE seq = 40")
    assert last
    flipped = bytes((last[0][0] ^ 1,)) + last[0][1:]
    full.database.change("UPDATE disclosure SET signed = ? WHERE seq = 40", (flipped,))
    found = check(full)  # … unless it fails: then each is checked alone
    assert Finding("vault.signature", key.hex()) in found
    assert len(found) == 2

    full.database.change("UPDATE disclosure SET signed = ? WHERE seq = ?", (signed[:-1] + b"!", seq))
    assert Finding("vault.revision", key.hex()) in check(full)
    full.database.change("DELETE FROM disclosure WHERE seq = ?", (seq,))
    full.database.change("DELETE FROM revision WHERE seq = ?", (seq,))
    assert "vault.chain-gap" in codes(full)


def test_a_statement_that_was_forgotten_and_is_back(full: Vault) -> None:
    revision = next(full.chains.since())
    row = full.database.row("SELECT held FROM disclosure WHERE seq = 1")
    assert row
    full.store.forget({revision.id: list(revision.statements)})
    assert check(full) == []
    full.database.change("UPDATE disclosure SET held = ? WHERE seq = 1", (row[0],))
    assert "vault.erased-is-back" in codes(full)


def test_every_flipped_bit_is_found(full: Vault, template_vault: Template) -> None:
    full.close()
    path = full.folder / "vault.db"
    good = path.read_bytes()
    for place in range(20, len(good), len(good) // 40):
        data = bytearray(good)
        data[place] ^= 1
        path.write_bytes(data)
        try:
            with template_vault.open(full.folder, clock=HandClock(), randomness=os.urandom) as vault:
                found = codes(vault)
        except VaultError as error:
            found = {error.code}
        assert found & {"vault.page", "vault.damaged", "vault.structure"}, place
        assert [name for name in os.listdir(full.folder) if name.endswith("-wal")] == []
    path.write_bytes(good)


def test_pages_cut_off_the_end_are_found(full: Vault, template_vault: Template) -> None:
    full.close()
    path = full.folder / "vault.db"
    path.write_bytes(path.read_bytes()[: -4096 * 3])
    try:
        with template_vault.open(full.folder, clock=HandClock(), randomness=os.urandom) as vault:
            found = codes(vault)
    except VaultError as error:
        found = {error.code}
    assert found & {"vault.structure", "vault.damaged", "vault.page"}


def test_what_was_rolled_back_is_known_against_a_head_kept_elsewhere(
    new_vault: NewVault, template_vault: Template
) -> None:
    vault = new_vault("one")
    writer = Writer(vault)
    writer.save(os.urandom(16), {"name_ru": "Тестов Данияр"})
    vault.database.empty_wal()
    old = (vault.folder / "vault.db").read_bytes()
    writer.save(os.urandom(16), {"name_ru": "Мысалов Ғалым"})
    heads: list[Head] = vault.chains.heads()
    assert missing_heads(vault, heads) == []
    vault.close()
    (vault.folder / "vault.db").write_bytes(old)
    with template_vault.open(vault.folder, clock=HandClock(), randomness=os.urandom) as again:
        assert check(again) == []  # in itself it is whole
        assert missing_heads(again, heads) == heads
