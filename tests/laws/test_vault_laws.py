"""The laws of the ledger through real vaults and real bundle files: what the model says is what desks see.

The desks of the office know each other and nobody else, so the histories' authors have no rights over each other there
(docs/adr/0007-rights.md); where every author has all, the test says so.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from kzdoc.bundle.items import Introduction
from kzdoc.bundle.writer import FOR_STICKS, Addressee, write_bundle
from kzdoc.exchange import incoming
from kzdoc.ledger.absence import statement_digests
from kzdoc.ledger.history import Ledger, Policy
from kzdoc.ledger.merge import RecordState
from kzdoc.ledger.revision import Revision
from kzdoc.progress import silent
from kzdoc.session import Session
from kzdoc.vault.check import check, state_hash
from kzdoc.vault.truth import verified
from tests.laws import histories as h
from tests.offices import NAMES, Office

HISTORIES = 220
IN_ONE = 20
SEEDS = range(HISTORIES // IN_ONE)


def grown(seed: int) -> list[Ledger]:
    """Return what three desks hold after ``IN_ONE`` histories, each about records of its own."""
    chance = random.Random(seed)
    desks = [Ledger(), Ledger(), Ledger()]
    before = h.RECORDS
    for _ in range(IN_ONE):
        h.RECORDS = [chance.randbytes(16) for _ in range(3)]
        steps = [
            (chance.randrange(3), chance.choice(h.STEPS), chance.randrange(3), chance.randrange(3), chance.randrange(3))
            for _ in range(chance.randrange(4, 16))
        ]
        for number, desk in enumerate(h.grow(chance.randrange(2**32), steps)):
            desks[number] = desks[number].union(desk.ledger)
    h.RECORDS = before
    return desks


def accept(session: Session, ledger: Ledger, origin: bytes) -> None:
    revisions = sorted(ledger.revisions.values(), key=lambda one: (one.skeleton.chain, one.skeleton.sequence, one.id))
    session.store.accept([verified(one, checked=True) for one in revisions], origin=origin)


def states(session: Session) -> dict[bytes, RecordState]:
    """Return every record the vault has, removed ones too."""
    rows = session.vault.database.rows("SELECT id FROM record")
    return {row[0]: state for row in rows if (state := session.records.record(row[0])) is not None}


def modelled(ledger: Ledger, policy: Policy | None = None) -> dict[bytes, RecordState]:
    return ledger.states(policy, many=h.many) if policy else ledger.states(many=h.many)


def without_erasures(ledgers: Sequence[Ledger]) -> list[Ledger]:
    """Return what the desks' bundles carry: erasures stay at the desk that made them."""
    return [Ledger(one.revisions) for one in ledgers]


@pytest.mark.parametrize("seed", SEEDS)
def test_real_vaults_agree_with_the_model_in_any_order(seed: int, office: Office) -> None:
    a, b, c = without_erasures(grown(seed))
    one, two = office.open(NAMES[0]), office.open(NAMES[1])
    for number, part in enumerate((a, b, c)):
        accept(one, part, b"bundle" + bytes([number]))
    for number, part in enumerate((c, a, c, b, a)):
        accept(two, part, b"other" + bytes([number]))
    whole = a.union(b).union(c)
    assert states(one) == modelled(whole, one.vault.store.policy())
    assert state_hash(one.vault) == state_hash(two.vault)
    assert check(one.vault) == []


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_forgotten_on_a_real_desk_stays_forgotten(seed: int, office: Office) -> None:
    a, b, _ = without_erasures(grown(seed))
    session = office.open()
    accept(session, a, b"a")
    chance = random.Random(seed)
    gone: dict[bytes, list[int]] = {}
    for revision in a.revisions.values():
        for index in revision.statements:
            if chance.random() < 0.2:
                gone.setdefault(revision.id, []).append(index)
    session.store.forget(gone)
    accept(session, b, b"b")
    accept(session, a, b"again")
    digests = frozenset(
        statement_digests(a.revisions[key])[index] for key, indexes in gone.items() for index in indexes
    )
    expected = Ledger({}, digests).union(a).union(b)
    assert states(session) == modelled(expected, session.vault.store.policy())
    held = session.vault.chains.revisions(list(gone))
    assert not [1 for key, indexes in gone.items() for index in indexes if index in held[key].statements]


@pytest.mark.parametrize("seed", SEEDS)
def test_withholding_and_restoring_on_a_real_desk_is_identity(seed: int, office: Office) -> None:
    a, _, _ = without_erasures(grown(seed))
    session = office.open()
    accept(session, a, b"a")
    before = state_hash(session.vault)
    chance = random.Random(seed)
    taken = {
        revision.id: [index for index in revision.statements if chance.random() < 0.4]
        for revision in a.revisions.values()
    }
    session.store.withhold(taken, reason="travelled")
    assert any(taken.values())
    assert state_hash(session.vault) != before
    accept(session, a, b"back")
    assert state_hash(session.vault) == before


@pytest.mark.parametrize("seed", SEEDS)
def test_revoking_on_a_real_desk_is_what_the_model_says(seed: int, office: Office) -> None:
    a, b, c = without_erasures(grown(seed))
    whole = a.union(b).union(c)
    policy = Policy(revoked={h.AUTHORS[1]: h.good_heads(whole, h.AUTHORS[1], seed % 3)})
    session = office.open()
    accept(session, whole, b"a")
    session.store.set_policy(policy)
    assert states(session) == modelled(whole, policy)
    session.store.set_policy(Policy())
    assert states(session) == modelled(whole)


def carried(ledger: Ledger) -> Iterator[Revision]:
    yield from sorted(ledger.revisions.values(), key=lambda one: (one.skeleton.chain, one.skeleton.sequence, one.id))


@pytest.mark.parametrize("seed", SEEDS)
def test_through_bundle_files_two_desks_come_to_the_same(seed: int, office: Office, tmp_path: Path) -> None:
    a, b, _ = without_erasures(grown(seed))
    first, second, third = office.all()
    for reader, order in ((second, (a, b)), (third, (b, a, b))):
        for number, part in enumerate(order):
            file = tmp_path / f"{reader.name}-{number}"
            write_bundle(
                [Introduction([(author, "invented") for author in h.AUTHORS]), *carried(part)],
                sender=first.signer(),
                recipients=[Addressee(reader.identity().recipient, number + 1)],
                target=file,
                volume_size=FOR_STICKS,
                office=b"",
                practice=False,
                created_day="2026-03-02",
                randomness=first.randomness,
                progress=silent,
            )
            told = incoming.take(reader, [file])
            assert told["refused"] == []
            assert incoming.take(reader, [file])["already"]
    assert states(second) == modelled(a.union(b), second.vault.store.policy())
    assert state_hash(second.vault) == state_hash(third.vault)


def test_the_twin_that_keeps_only_the_last_value_is_caught(office: Office) -> None:
    """A desk that lost one live value of a conflict would not agree with the model."""
    a, b, c = without_erasures(grown(3))
    session = office.open()
    accept(session, a.union(b).union(c), b"a")
    session.store.set_policy(Policy())
    seen = states(session)
    loser = next(state for state in seen.values() if any(len(lives) > 1 for lives in state.fields.values()))
    name = next(name for name, lives in loser.fields.items() if len(lives) > 1)
    fields = {**loser.fields, name: loser.fields[name][-1:]}
    seen[loser.id] = RecordState(loser.id, loser.kind, fields, loser.conflicts, loser.absent, loser.removed, loser.void)
    assert seen != modelled(a.union(b).union(c))
