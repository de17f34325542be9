"""What a partner may sign or spoil, and what it must not do to the vault that takes it in."""

from __future__ import annotations

import os

import pytest

from kzdoc.crypto.identity import verify_revision
from kzdoc.domain.catalogue import KINDS
from kzdoc.ledger.revision import NewEntry, NewStatement, Revision
from kzdoc.vault.check import check
from kzdoc.vault.shape import fits
from kzdoc.vault.truth import verified
from kzdoc.vault.vault import Vault
from tests.vaults import NewVault, Writer

ROOT = b"r" * 32


@pytest.mark.parametrize("value", [2**63, 2**64 - 1, -(2**63)])
def test_a_number_greater_than_the_database_holds_blocks_nothing(vault: Vault, value: int) -> None:
    record = os.urandom(16)
    Writer(vault).save(record, {"sex": value, "name_ru": value, "elsewhere": value})
    Writer(vault).save(record, {"sex": "male"})
    state = vault.records.record(record)
    assert state
    assert (state.values("sex"), state.values("name_ru"), state.values("elsewhere")) == (["male"], [], [value])
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


MISSHAPEN = [True, 0, 2**64 - 1, b"", b"y" * 3, "", [], [1, "a"], {}, {"a": 1}, {1: 2}, {"sha256": b"q", "size": "x"}]
MISSHAPEN += [
    {"sha256": b"q" * 32, "size": -4, "media": 3},
    {"text": 5},
    {"text": "x", "region": []},
    {"value": "many"},
]


def test_no_value_of_a_strange_shape_reaches_those_who_read_records(vault: Vault) -> None:
    writer = Writer(vault)
    for kind in KINDS.values():
        for value in MISSHAPEN:
            record = os.urandom(16)
            writer.save(record, {field.id: value for field in kind.fields}, kind.id)
            state = vault.records.record(record)
            assert state
            for field in kind.fields:
                assert all(fits(field, live) for live in state.values(field.id))
                assert not state.values(field.id) or state.values(field.id) == [value]
    assert check(vault) == []


def test_a_value_of_a_strange_shape_is_nothing_beside_a_true_one_and_can_be_written_over(vault: Vault) -> None:
    writer, record = Writer(vault), os.urandom(16)
    strange = NewStatement("name_ru", {"text": ["x"]})
    vault.store.append([writer.sign([NewEntry(record, "person", (strange,))])])
    vault.store.append([writer.sign([NewEntry(record, "person", (NewStatement("name_ru", "Тестов"),))])])
    state = vault.records.record(record)
    assert state
    assert (state.values("name_ru"), state.conflicts) == (["Тестов"], frozenset({"name_ru"}))
    writer.save(record, {"name_ru": "Тестов Данияр"})
    state = vault.records.record(record)
    assert state
    assert (state.values("name_ru"), state.conflicts) == (["Тестов Данияр"], frozenset())
