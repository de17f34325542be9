"""Any order, repetition and partition of parcels gives the model's state, in the columns of lists and search too."""

from __future__ import annotations

import itertools
import random
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kzdoc.domain.catalogue import register_for_test
from kzdoc.domain.field import Field, Kind, Sensitivity, Type
from kzdoc.language import Text
from kzdoc.ledger.absence import statement_digests
from kzdoc.ledger.history import Ledger
from kzdoc.ledger.merge import RecordState
from kzdoc.ledger.revision import Revision
from kzdoc.vault.check import check, state_hash
from kzdoc.vault.projection import from_state
from kzdoc.vault.truth import verified
from kzdoc.vault.vault import Vault
from tests.conftest import CountedRandomness, HandClock
from tests.laws import histories as h
from tests.vaults import Template

LABEL = Text("test", "проба", "сынақ")
KIND = Kind(
    "person",
    LABEL,
    LABEL,
    (
        Field(h.FIELDS[0], Type.TEXT, Sensitivity.IDENTITY, LABEL, name_of=True),
        Field(h.FIELDS[1], Type.TEXT, Sensitivity.LOCATION, LABEL, facet=True),
        Field(h.FIELDS[2], Type.TEXT, Sensitivity.WORK, LABEL, many=True),
    ),
    (h.FIELDS[0],),
    "people",
)
LAWS = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture],
)


@pytest.fixture(autouse=True, scope="module")
def test_kind() -> Iterator[None]:
    with register_for_test(KIND):
        yield


def parcels(ledgers: list[Ledger], chance: random.Random) -> list[list[Revision]]:
    """Return everything the ledgers hold, each revision at least once, cut and mixed at random."""
    pool = [revision for ledger in ledgers for revision in ledger.revisions.values()]
    pool += chance.sample(pool, len(pool) // 3)
    chance.shuffle(pool)
    cuts = sorted(chance.sample(range(len(pool) + 1), min(3, len(pool))))
    return [pool[start:end] for start, end in itertools.pairwise([0, *cuts, len(pool)])]


def take(vault: Vault, parcel: list[Revision], root: bytes) -> None:
    vault.store.accept([verified(revision, checked=True) for revision in parcel], origin=root)


def forget(vault: Vault, digests: frozenset[bytes]) -> None:
    """Forget whatever is here of the statements with these digests."""
    targets = {
        revision.id: [index for index, digest in statement_digests(revision).items() if digest in digests]
        for revision in vault.chains.since()
    }
    vault.store.forget({key: indexes for key, indexes in targets.items() if indexes})


def states(vault: Vault) -> dict[bytes, RecordState]:
    found = {record: vault.records.record(record) for record in h.RECORDS}
    return {record: state for record, state in found.items() if state}


def check_columns(vault: Vault, expected: dict[bytes, RecordState]) -> None:
    """See that lists, facets and search say what the states say."""
    for record, state in expected.items():
        columns = from_state(state)
        brief = vault.records.brief(record)
        assert brief
        assert (brief.title, brief.conflicts, brief.withheld) == (columns.title, columns.conflicts, columns.withheld)
        for value in {value for name, value in columns.facets if name == h.FIELDS[1]}:
            listed = {one.id for one in vault.records.records("person", {h.FIELDS[1]: value})}
            assert (record in listed) is not state.removed
    for word in ("value 0", "value 1", "note 2"):
        holding = {
            record
            for record, state in expected.items()
            if not state.removed and word in [value for name in state.fields for value in state.values(name)]
        }
        assert holding <= {one.id for one in vault.records.find(word)}


@LAWS
@given(h.histories, st.integers(0, 2**32))
def test_vaults_agree_with_the_model_whatever_the_order(
    template_vault: Template, desks: list[h.Desk], seed: int
) -> None:
    ledgers = [desk.ledger for desk in desks]
    whole = Ledger()
    for ledger in ledgers:
        whole = whole.union(ledger)
    expected = whole.states(many=h.many)
    hashes = set()
    for turn in range(2):
        chance = random.Random(seed + turn)
        with tempfile.TemporaryDirectory() as name:
            folder = template_vault.copy(Path(name) / "vault")
            randomness = CountedRandomness(f"{seed} {turn}")
            with template_vault.open(folder, clock=HandClock(), randomness=randomness) as vault:
                for number, parcel in enumerate(parcels(ledgers, chance)):
                    take(vault, parcel, bytes([turn, number]) * 16)
                    if chance.random() < 0.3:
                        forget(vault, whole.erased)
                forget(vault, whole.erased)
                assert states(vault) == expected
                check_columns(vault, expected)
                hashes.add(state_hash(vault))
                if chance.random() < 0.2:
                    assert not check(vault)
                    vault.rebuild()
                    hashes.add(state_hash(vault))
    assert len(hashes) == 1


@LAWS
@given(h.histories, st.integers(0, 2**32))
def test_withhold_then_restore_is_identity_in_a_vault(template_vault: Template, desks: list[h.Desk], seed: int) -> None:
    chance = random.Random(seed)
    ledger = desks[0].ledger
    with tempfile.TemporaryDirectory() as name:
        folder = template_vault.copy(Path(name) / "vault")
        randomness = CountedRandomness(str(seed))
        with template_vault.open(folder, clock=HandClock(), randomness=randomness) as vault:
            take(vault, list(ledger.revisions.values()), b"a" * 32)
            before = state_hash(vault)
            whole = list(vault.chains.since())
            targets = {
                revision.id: chance.sample(sorted(revision.statements), chance.randint(0, len(revision.statements)))
                for revision in whole
            }
            vault.store.withhold(targets, reason="travelled")
            for revision in vault.chains.since():
                assert not revision.statements.keys() & set(targets[revision.id])
            take(vault, whole, b"b" * 32)
            assert state_hash(vault) == before
