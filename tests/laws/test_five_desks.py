"""Five desks and a hostile author: whatever travels, in any order, again and in part, they end in one state.

And nothing is lost: what any desk or packet ever held is held by all in the end, unless it was forgotten.
"""

from __future__ import annotations

import sys
from collections import Counter

import pytest

from kzdoc.crypto.identity import author_of
from kzdoc.ledger.absence import statement_digests
from kzdoc.ledger.history import RIGHTS, Ledger, Policy
from kzdoc.ledger.revision import Revision
from tests.laws import histories as h
from tests.laws.five_desks import HOSTILE, SEEDS, STEPS, Office, grown, settle

FIRST = 20_261_122
FEW, MANY = 120, 20_000
ALL = dict.fromkeys(map(author_of, SEEDS), RIGHTS)
OFFICE = Policy(rights=ALL)
"""Everybody of the office may do all; the hostile author may do nothing over others."""


def broken(office: Office, ledgers: list[Ledger]) -> str:
    """Return which law the desks' ends break, or nothing."""
    if any(one != ledgers[0] for one in ledgers[1:]):
        return "one ledger"
    first, second = office.chance.sample(ledgers, 2)
    if first.states(OFFICE, h.many) != second.states(OFFICE, h.many):
        return "one state"
    if first.states(many=h.many) != second.states(many=h.many):
        return "one state without rights"
    if not all(kept(ledgers[0], one) for packet in office.packets for one in packet.revisions.values()):
        return "nothing lost"
    if not all(kept(ledgers[0], one) for desk in office.desks for one in desk.ledger.revisions.values()):
        return "nothing lost"
    return "" if nothing_taken(ledgers[0]) else "nothing taken by a stranger"


def kept(whole: Ledger, one: Revision) -> bool:
    """Return whether all of a revision is there, but for what was forgotten."""
    mine = whole.revisions.get(one.id)
    if mine is None or not mine.entries.items() >= one.entries.items():
        return False
    digests = statement_digests(one)
    said = {index: raw for index, raw in one.statements.items() if digests[index] not in whole.erased}
    gone = one.statements.keys() - said.keys()
    return mine.statements.items() >= said.items() and not mine.statements.keys() & gone


def nothing_taken(whole: Ledger) -> bool:
    """Return whether what the office said lives on beside whatever the hostile author says."""
    guest = author_of(HOSTILE)
    honest = Ledger({key: one for key, one in whole.revisions.items() if one.skeleton.author != guest}, whole.erased)
    after = whole.states(OFFICE, h.many)
    for record, state in honest.states(OFFICE, h.many).items():
        for name, lives in state.fields.items():
            live = {ref for one in after[record].fields.get(name, ()) for ref in one.refs}
            if not {ref for one in lives for ref in one.refs} <= live:
                return False
    return True


def run(count: int, merge=Ledger.union) -> tuple[Counter[str], Counter[str]]:
    """Return how many of ``count`` histories break which law, and how many had which step in them."""
    laws: Counter[str] = Counter()
    steps: Counter[str] = Counter()
    for seed in range(FIRST, FIRST + count):
        office = grown(seed)
        law = broken(office, settle(office, merge))
        if law:
            laws[f"{law} (first: {seed})" if not laws else law] += 1
        steps.update(office.happened)
    return laws, steps


@pytest.mark.parametrize("count", [FEW, pytest.param(MANY, marks=pytest.mark.long)])
def test_five_desks_end_in_one_state_and_nothing_is_lost(count: int, capsys: pytest.CaptureFixture[str]) -> None:
    laws, steps = run(count)
    with capsys.disabled():
        rare = ", ".join(f"{name} in {steps[name]}" for name in ("hostile", "restore", "copy", "part", "replay"))
        sys.stdout.write(f"\n{count} histories of five desks, {sum(laws.values())} break a law; {rare}\n")
    assert not laws
    assert steps.keys() == set(STEPS), "every step happened in some history"


def newest_copy(mine: Ledger, other: Ledger) -> Ledger:
    """Merge as a careless desk would: what came last stands for what was there."""
    return Ledger({**mine.revisions, **other.revisions}, mine.erased | other.erased)


def forgetful(mine: Ledger, other: Ledger) -> Ledger:
    """Merge without knowing what was forgotten."""
    return Ledger(Ledger(mine.revisions).union(Ledger(other.revisions)).revisions, mine.erased)


def first_of_a_number(mine: Ledger, other: Ledger) -> Ledger:
    """Merge, but believe that an author signs each number once."""
    whole = mine.union(other)
    taken = {
        (one.skeleton.author, one.skeleton.chain, one.skeleton.sequence): key for key, one in whole.revisions.items()
    }
    return Ledger({key: whole.revisions[key] for key in taken.values()}, whole.erased)


@pytest.mark.parametrize("twin", [newest_copy, forgetful, first_of_a_number])
def test_the_twins_that_merge_carelessly_are_caught(twin) -> None:
    assert run(25, twin)[0]


def test_the_twin_that_lets_a_stranger_replace_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    everybody = Policy(rights={**ALL, author_of(HOSTILE): RIGHTS})
    monkeypatch.setattr("tests.laws.test_five_desks.OFFICE", everybody)
    assert any("stranger" in law for law in run(60)[0])
