"""Several kinds for one record are a conflict that can be settled; a successor stands over his predecessor alone."""

from __future__ import annotations

import itertools
import random

from hypothesis import given
from hypothesis import strategies as st

from kzdoc.ledger.history import Ledger, Policy, heirs
from kzdoc.ledger.merge import KIND, RecordState
from kzdoc.ledger.revision import NewEntry, NewStatement
from tests.laws.histories import AUTHORS, RECORDS, SEEDS, Desk, many

RECORD = RECORDS[0]
ALL = dict.fromkeys(AUTHORS, frozenset(("replace", "settle")))
EQUAL, NOBODY = Policy(ALL), Policy({})


def desks() -> list[Desk]:
    return [Desk(seed, random.Random(number)) for number, seed in enumerate(SEEDS)]


def state(policy: Policy, *ledgers: Ledger) -> RecordState:
    whole = Ledger()
    for one in ledgers:
        whole = whole.union(one)
    return whole.states(policy, many=many)[RECORD]


def two_kinds() -> list[Desk]:
    one, two, three = desks()
    one.edit(RECORD, "name_ru", "Тестов", "person")
    two.edit(RECORD, "name_ru", "Собрание", "event")
    three.ledger = one.ledger.union(two.ledger)
    return [one, two, three]


def test_two_kinds_by_equals_are_a_conflict_with_both_authors() -> None:
    for policy in (EQUAL, NOBODY, Policy()):
        one, two, _ = two_kinds()
        shown = state(policy, one.ledger, two.ledger)
        assert KIND in shown.conflicts
        assert [(live.value, live.author) for live in shown.fields[KIND]] == [
            ("event", AUTHORS[1]),
            ("person", AUTHORS[0]),
        ]
        assert shown == state(policy, two.ledger, one.ledger)


def test_with_more_rights_it_is_settled_without_a_word() -> None:
    one, two, _ = two_kinds()
    shown = state(Policy({AUTHORS[0]: frozenset(("replace",))}), one.ledger, two.ledger)
    assert (shown.kind, KIND in shown.conflicts) == ("person", False)


def test_a_settlement_by_somebody_who_may_stands_and_by_another_does_not() -> None:
    one, two, three = two_kinds()
    three.write([NewEntry(RECORD, "person", (NewStatement(KIND, "person"),))])
    settled = state(EQUAL, three.ledger)
    assert (settled.kind, KIND in settled.conflicts) == ("person", False)
    assert settled.value(KIND) == "person"
    others = Policy({one: frozenset() for one in AUTHORS})
    assert KIND in state(others, three.ledger).conflicts, "who may replace nobody settles nothing"
    two.ledger = one.ledger.union(two.ledger)
    two.write([NewEntry(RECORD, "event", (NewStatement(KIND, "event"),))])
    again = state(EQUAL, two.ledger, three.ledger)
    assert KIND in again.conflicts, "two settled it differently"
    refs = tuple(ref for live in again.fields[KIND] for ref in live.refs)
    three.ledger = three.ledger.union(two.ledger)
    three.write([NewEntry(RECORD, "event", (NewStatement(KIND, "event", refs),))])
    assert (state(EQUAL, three.ledger).kind, state(EQUAL, three.ledger).conflicts - {"name_ru"}) == ("event", set())


def test_a_kind_nobody_claimed_cannot_be_settled_upon() -> None:
    _, _, three = two_kinds()
    three.write([NewEntry(RECORD, "person", (NewStatement(KIND, "medal"),))])
    shown = state(EQUAL, three.ledger)
    assert (shown.kind, KIND in shown.conflicts) == ("event", True)


def test_a_successor_stands_over_his_predecessor_and_nobody_else() -> None:
    one, two, three = desks()
    one.edit(RECORD, "name_ru", "Тестов")
    three.edit(RECORD, "occupation", "врач")
    two.ledger = one.ledger.union(three.ledger)
    two.edit(RECORD, "name_ru", "Тестов Данияр")
    two.edit(RECORD, "occupation", "учитель")
    heir = Policy({}, successors=heirs([(AUTHORS[0], AUTHORS[1])]))
    assert state(NOBODY, two.ledger).conflicts == {"name_ru", "occupation"}
    assert state(heir, two.ledger).conflicts == {"occupation"}
    assert state(heir, two.ledger).value("name_ru") == "Тестов Данияр"
    assert heir.may_set_aside(AUTHORS[1], AUTHORS[0])
    assert not heir.may_set_aside(AUTHORS[0], AUTHORS[1])


@given(st.lists(st.tuples(st.sampled_from(AUTHORS), st.sampled_from(AUTHORS)), max_size=8), st.randoms())
def test_heirs_are_the_same_in_any_order_reach_through_heirs_and_never_oneself(
    pairs: list[tuple[bytes, bytes]], chance: random.Random
) -> None:
    told = heirs(pairs)
    mixed = list(pairs)
    chance.shuffle(mixed)
    assert heirs(mixed + pairs) == told
    reached = set(pairs)
    for _ in pairs:
        reached |= {(a, d) for (a, b), (c, d) in itertools.product(reached, reached) if b == c}
    assert {(a, b) for a, several in told.items() for b in several} == {(a, b) for a, b in reached if a != b}
