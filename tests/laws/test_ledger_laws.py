"""The laws of the ledger on the pure model (docs/formats/revision.md, architecture rules 2–10)."""

from __future__ import annotations

import itertools

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from kzdoc.crypto.identity import verify_revision
from kzdoc.ledger.absence import restore, statement_digests, withhold
from kzdoc.ledger.history import RIGHTS, Ledger, Policy, out_of_force, verify_run, void_edges
from kzdoc.ledger.merge import anyone
from kzdoc.ledger.revision import (
    NewEntry,
    NewStatement,
    check_digests,
    read_entry,
    read_skeleton,
)
from tests.laws import histories as h

LAWS = settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


def ledgers(desks: list[h.Desk]) -> list[Ledger]:
    return [desk.ledger for desk in desks]


@LAWS
@given(h.histories)
def test_merge_commutes_associates_and_is_idempotent(desks: list[h.Desk]) -> None:
    a, b, c = ledgers(desks)
    assert a.union(b) == b.union(a)
    assert a.union(b).union(c) == a.union(b.union(c))
    assert a.union(a) == a
    whole = a.union(b).union(c)
    for order in itertools.permutations([a, b, c, b]):
        merged = Ledger()
        for part in order:
            merged = merged.union(part)
        assert merged == whole
        assert merged.states(many=h.many) == whole.states(many=h.many)


@LAWS
@given(h.histories)
def test_merge_loses_nothing_but_what_was_forgotten(desks: list[h.Desk]) -> None:
    whole = Ledger()
    for ledger in ledgers(desks):
        whole = whole.union(ledger)
    for ledger in ledgers(desks):
        for key, revision in ledger.revisions.items():
            kept = whole.revisions[key]
            assert kept.entries.items() >= revision.entries.items()
            digests = statement_digests(revision)
            for index, raw in revision.statements.items():
                if digests[index] in whole.erased:
                    assert index not in kept.statements
                    assert kept.absent[index] == "erased"
                else:
                    assert kept.statements[index] == raw


@LAWS
@given(h.histories)
def test_what_is_forgotten_stays_forgotten(desks: list[h.Desk]) -> None:
    a, b, _ = ledgers(desks)
    merged = a.union(b).union(a).union(b)
    for revision in merged.revisions.values():
        digests = statement_digests(revision)
        assert not [i for i in revision.statements if digests[i] in merged.erased]


@LAWS
@given(h.histories, st.randoms(use_true_random=False))
def test_withhold_then_restore_is_identity(desks: list[h.Desk], chance: object) -> None:
    for revision in desks[0].ledger.revisions.values():
        chosen = [index for index in revision.statements if chance.random() < 0.5]  # type: ignore[attr-defined] # a Random
        part = withhold(revision, chosen, "sealed")
        assert check_digests(part).keys() == revision.entries.keys()
        assert restore(part, revision) == restore(revision, part)
        assert restore(part, revision).statements == revision.statements
        assert restore(part, revision).absent == {
            i: r for i, r in revision.absent.items() if i not in revision.statements
        }


ONLY_STATEMENT_OF_A_CLAIM = h.grow(1, [*[(0, "edit", 0, 0, 0)] * 4, (2, "kind", 0, 0, 0), (2, "send", 0, 0, 0)])


@LAWS
@example(ONLY_STATEMENT_OF_A_CLAIM)
@given(h.histories)
def test_a_withheld_leaf_never_blocks_another(desks: list[h.Desk]) -> None:
    """Every state that does not concern the withheld statement stays as it is."""
    ledger = desks[0].ledger
    before = ledger.states(many=h.many)
    for key, revision in ledger.revisions.items():
        for index in revision.statements:
            part = Ledger({**ledger.revisions, key: withhold(revision, [index], "sealed")}, ledger.erased)
            after = part.states(many=h.many)
            touched = read_entry(revision.entries[index // 65536]).record
            if read_entry(revision.entries[index // 65536]).kind.startswith("_"):
                continue
            for record, state in before.items():
                if record != touched:
                    assert after[record] == state
                    continue
                hidden = (revision.id, index)
                for name, values in state.fields.items():
                    kept = [ref for live in values for ref in live.refs if ref != hidden]
                    left = {ref for live in after[record].fields.get(name, ()) for ref in live.refs}
                    assert left >= set(kept)
                    assert hidden not in left


@LAWS
@given(h.histories)
def test_every_revision_reads_back_verifies_and_says_nothing(desks: list[h.Desk]) -> None:
    for revision in desks[0].ledger.revisions.values():
        assert read_skeleton(revision.skeleton.raw) == revision.skeleton
        assert verify_revision(revision.skeleton.author, revision.skeleton.raw, revision.signature)
        check_digests(revision)
        assert len(revision.skeleton.entries) % 8 == 0
        for raw in revision.entries.values():
            assert len(read_entry(raw).slots) % 8 == 0
            for record in h.RECORDS:
                assert record not in revision.skeleton.raw


@LAWS
@given(h.histories, st.integers(0, 3))
def test_revoking_takes_what_is_beyond_the_good_heads_and_nothing_else(desks: list[h.Desk], upto: int) -> None:
    whole = desks[0].ledger.union(desks[1].ledger)
    author = h.AUTHORS[1]
    policy = Policy(revoked={author: h.good_heads(whole, author, upto)})
    without = out_of_force(whole.revisions.values(), Policy())
    with_it = out_of_force(whole.revisions.values(), policy)
    beyond = {r.id for r in whole.revisions.values() if r.skeleton.author == author and r.skeleton.sequence > upto}
    assert beyond <= with_it
    mine = {r.id for r in whole.revisions.values() if r.skeleton.author != author}
    for revision in mine & with_it - without:
        raise AssertionError(revision)


@LAWS
@given(h.histories)
def test_a_run_is_vouched_for_by_its_newest_and_a_bad_one_is_found(desks: list[h.Desk]) -> None:
    desk = desks[0]
    run = sorted(
        (r for r in desk.ledger.revisions.values() if r.skeleton.chain == desk.chain),
        key=lambda r: (r.skeleton.sequence, r.id),
    )
    good, checked = verify_run(run, verify=verify_revision)
    assert all(good)
    assert sum(checked) <= max(1, len(run))
    if run:
        last = run[-1]
        forged = type(last)(last.skeleton, bytes(64), last.entries, last.statements, last.absent)
        good, checked = verify_run([*run[:-1], forged], verify=verify_revision)
        assert good == [True] * (len(run) - 1) + [False]
        assert checked[-1]


@LAWS
@given(h.histories)
def test_no_honest_edge_is_void(desks: list[h.Desk]) -> None:
    assert void_edges(desks[0].ledger.union(desks[1].ledger)) == []


@LAWS
@given(h.histories)
def test_an_author_without_rights_takes_nothing_from_the_others(desks: list[h.Desk]) -> None:
    """Whatever he writes, what the others said lives on, and no record changes its kind."""
    whole = desks[0].ledger.union(desks[1].ledger).union(desks[2].ledger)
    guest = h.AUTHORS[2]
    office = Policy(rights=dict.fromkeys(h.AUTHORS[:2], RIGHTS))
    without = Ledger({key: one for key, one in whole.revisions.items() if one.skeleton.author != guest}, whole.erased)
    after = whole.states(office, many=h.many)
    for record, state in without.states(office, many=h.many).items():
        assert after[record].kind == state.kind
        for name, lives in state.fields.items():
            live = {ref for one in after[record].fields.get(name, ()) for ref in one.refs}
            assert {ref for one in lives for ref in one.refs} <= live


@LAWS
@given(h.histories)
def test_rights_are_an_input_of_state_and_not_of_merging(desks: list[h.Desk]) -> None:
    a, b, c = ledgers(desks)
    for rights in (None, {}, {h.AUTHORS[0]: RIGHTS}, {h.AUTHORS[1]: frozenset({"settle"})}):
        policy = Policy(rights=rights)
        assert a.union(b).union(c).states(policy, h.many) == c.union(b).union(a).union(b).states(policy, h.many)


def two_desks() -> tuple[h.Desk, h.Desk]:
    a, b, _ = h.grow(7, [(0, "edit", 0, 0, 1), (0, "send", 0, 0, 1)])
    return a, b


def test_an_edge_to_another_record_is_void_and_changes_nothing() -> None:
    a, _ = two_desks()
    first = next(iter(a.ledger.states(many=h.many)[h.RECORDS[0]].fields["name_ru"]))
    a.write([NewEntry(h.RECORDS[1], "person", (NewStatement("name_ru", "x", first.refs),))])
    assert len(void_edges(a.ledger)) == 1
    assert a.ledger.states(many=h.many)[h.RECORDS[0]].fields["name_ru"] == (first,)


def test_an_edge_to_another_field_is_void_and_changes_nothing() -> None:
    a, _ = two_desks()
    first = next(iter(a.ledger.states(many=h.many)[h.RECORDS[0]].fields["name_ru"]))
    a.write([NewEntry(h.RECORDS[0], "person", (NewStatement("occupation", "x", first.refs),))])
    assert len(void_edges(a.ledger)) == 1
    assert a.ledger.states(many=h.many)[h.RECORDS[0]].fields["name_ru"] == (first,)


def test_two_edits_conflict_and_a_third_settles() -> None:
    a, b = two_desks()
    a.edit(h.RECORDS[0], "name_ru", "Сынақова")
    b.edit(h.RECORDS[0], "name_ru", "Сынакова")
    a.ledger = a.ledger.union(b.ledger)
    state = a.ledger.states(many=h.many)[h.RECORDS[0]]
    assert state.conflicts == {"name_ru"}
    assert sorted(state.values("name_ru")) == ["Сынакова", "Сынақова"]
    a.edit(h.RECORDS[0], "name_ru", "Сынақова Айгүл")
    b.ledger = b.ledger.union(a.ledger)
    assert b.ledger.states(many=h.many)[h.RECORDS[0]].conflicts == frozenset()


def test_a_replacing_statement_that_is_withheld_hides_the_old_value() -> None:
    a, _ = two_desks()
    old = a.ledger.states(many=h.many)[h.RECORDS[0]].fields["name_ru"][0]
    revision = a.edit(h.RECORDS[0], "name_ru", "secret")
    part = Ledger({**a.ledger.revisions, revision.id: withhold(revision, revision.statements, "not_shared")})
    state = part.states(many=h.many)[h.RECORDS[0]]
    assert "name_ru" not in state.fields
    assert [(x.field, x.reason, x.replaced) for x in state.absent] == [("name_ru", "not_shared", old.refs)]


def test_removal_conflicts_with_a_concurrent_edit() -> None:
    a, b = two_desks()
    a.remove(h.RECORDS[0])
    assert a.ledger.states(many=h.many)[h.RECORDS[0]].removed
    b.edit(h.RECORDS[0], "occupation", "Алматы")
    state = a.ledger.union(b.ledger).states(many=h.many)[h.RECORDS[0]]
    assert not state.removed
    assert "_removed" in state.conflicts


def test_setting_aside_an_undo_brings_the_change_back() -> None:
    a, _ = two_desks()
    before = a.ledger.states(many=h.many)
    change = a.edit(h.RECORDS[0], "name_ru", "new")
    after = a.ledger.states(many=h.many)
    undo = a.write([h.aside_entry(change.id, "undo")])
    assert a.ledger.states(many=h.many) == before
    a.write([h.aside_entry(undo.id, "redo")])
    assert a.ledger.states(many=h.many) == after


def test_without_the_right_a_statement_stands_beside() -> None:
    a, b = two_desks()
    b.edit(h.RECORDS[0], "name_ru", "other")
    whole = a.ledger.union(b.ledger)
    assert whole.states(many=h.many)[h.RECORDS[0]].values("name_ru") == ["other"]
    roster = Policy(rights={h.AUTHORS[0]: frozenset({"replace", "settle"})})
    assert whole.states(roster, many=h.many)[h.RECORDS[0]].conflicts == {"name_ru"}
    assert anyone(b"", b"")


def test_the_twin_that_takes_the_last_writer_is_caught() -> None:
    """A merge that let the newest clock win would lose a value; the law above must see it."""
    a, b = two_desks()
    a.edit(h.RECORDS[0], "name_ru", "A")
    b.edit(h.RECORDS[0], "name_ru", "B")
    whole = a.ledger.union(b.ledger)
    state = whole.states(many=h.many)[h.RECORDS[0]]
    last_writer = max(state.fields["name_ru"], key=lambda live: live.time)
    assert {last_writer.value} != set(state.values("name_ru"))
