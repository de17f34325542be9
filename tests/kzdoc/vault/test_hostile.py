"""What a partner may sign or spoil, and what it must not do to the vault that takes it in."""

from __future__ import annotations

import os

import pytest

from kzdoc.crypto.identity import verify_revision
from kzdoc.ledger.revision import Revision
from kzdoc.vault.check import check
from kzdoc.vault.truth import verified
from kzdoc.vault.vault import Vault
from tests.vaults import NewVault, Writer

ROOT = b"r" * 32


@pytest.mark.parametrize("value", [2**63, 2**64 - 1, -(2**63)])
def test_a_number_greater_than_the_database_holds_blocks_nothing(vault: Vault, value: int) -> None:
    record = os.urandom(16)
    Writer(vault).save(record, {"sex": value, "name_ru": value})
    Writer(vault).save(record, {"sex": "male"})
    state = vault.records.record(record)
    assert state
    assert (state.values("sex"), state.values("name_ru")) == (["male"], [value])
    assert check(vault) == []


def test_a_signature_spoilt_inside_a_run_is_mended_by_whoever_brings_the_true_one(new_vault: NewVault) -> None:
    writer = Writer(new_vault("author"))
    true = [writer.save(os.urandom(16), {"name_ru": f"Тестов {number}"}) for number in range(2)]
    spoilt = Revision(true[0].skeleton, b"\1" * 64, true[0].entries, true[0].statements)
    vault = new_vault("reader")
    vault.store.accept([verified(spoilt, checked=False), verified(true[1], checked=True)], origin=ROOT)
    assert vault.chains.revisions([spoilt.id])[spoilt.id].signature == spoilt.signature

    vault.store.accept([verified(one, checked=False) for one in (spoilt, true[0], spoilt)], origin=ROOT)
    kept = vault.chains.revisions([spoilt.id])[spoilt.id]
    assert verify_revision(kept.skeleton.author, kept.skeleton.raw, kept.signature)
    assert vault.chains.arrivals([kept.id])[kept.id].checked
