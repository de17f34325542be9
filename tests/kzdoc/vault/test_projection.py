"""Packing keeps everything; the shortcut for newborn records gives what the long way gives."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kzdoc.ledger.history import held_entries
from kzdoc.ledger.merge import Absence, Held, LiveValue, RecordState, anyone, project
from kzdoc.ledger.revision import NewEntry, NewStatement, write_revision
from kzdoc.moment import Moment
from kzdoc.vault.packing import pack, unpack
from kzdoc.vault.projection import fits_kind, from_state, many_of, projected
from kzdoc.vault.truth import held_fast, held_strictly
from tests.conftest import CountedRandomness

RECORD = b"\7" * 16
refs = st.tuples(st.binary(min_size=32, max_size=32), st.integers(0, 200_000))
values = st.one_of(st.none(), st.booleans(), st.integers(-9, 2**40), st.text(max_size=9), st.binary(max_size=16))
fields = st.sampled_from(["name_kk", "name_ru", "sex", "aliases", "born", "notes", "elsewhere"])


def live(value: Any, several: list[tuple[bytes, int]], author: bytes, seconds: int) -> LiveValue:
    return LiveValue(value, tuple(sorted(set(several))), author, Moment(seconds, 300))


# One (revision, entry) has one author and one time; the strategy keeps to that as the ledger does.
lives = st.builds(
    lambda value, several: live(value, several, min(several)[0][::-1], min(several)[0][0]),
    values,
    st.lists(refs, min_size=1, max_size=3),
)
absences = st.builds(
    Absence,
    refs,
    st.sampled_from(["sealed", "erased"]),
    st.binary(min_size=32, max_size=32),
    st.one_of(st.none(), fields),
    st.lists(refs, max_size=2).map(tuple),
)
states = st.builds(
    RecordState,
    st.just(RECORD),
    st.just("person"),
    st.dictionaries(fields, st.lists(lives, min_size=1, max_size=3).map(tuple), max_size=5),
    st.frozensets(fields, max_size=3),
    st.lists(absences, max_size=3).map(tuple),
    st.booleans(),
    st.lists(refs, max_size=2).map(tuple),
)


@given(states)
def test_packing_keeps_everything(state: RecordState) -> None:
    again = unpack(RECORD, "person", pack(state))
    assert again == RecordState(
        state.id,
        state.kind,
        {name: state.fields[name] for name in sorted(state.fields)},
        state.conflicts,
        state.absent,
        state.removed,
        state.void,
    )


@given(states, states)
def test_different_states_are_spelled_differently(one: RecordState, other: RecordState) -> None:
    assert (pack(one) == pack(other)) == (one == other)


def newborn(statements: dict[str, Any], several: bool = False) -> list[Held]:
    entry = NewEntry(RECORD, "person", tuple(NewStatement(name, value) for name, value in statements.items()))
    revision = write_revision(
        [entry, NewEntry(b"\1" * 16, "event", (NewStatement("title", "x"),))] if several else [entry],
        sign=lambda _: bytes(64),
        author=b"a" * 32,
        chain=b"c" * 16,
        sequence=0,
        previous=b"",
        moment=Moment(5, 300),
        randomness=CountedRandomness(repr(statements)),
    )
    held = [one for one in held_strictly(revision) if one.entry.record == RECORD]
    assert held == [one for one in held_entries(revision) if one.entry.record == RECORD]
    fast = held_fast(revision.id, b"a" * 32, revision.entries, revision.statements, {})
    assert held == [one for one in fast if one.entry.record == RECORD]
    return held


@given(st.dictionaries(fields, values, min_size=1), st.booleans())
def test_the_short_way_gives_what_the_long_way_gives(statements: dict[str, Any], several: bool) -> None:
    held = newborn(statements, several)
    state = project(RECORD, held, many=many_of, fits=fits_kind)
    assert state
    assert projected(RECORD, held, excluded=(), may_replace=anyone) == from_state(state)


def test_the_twin_that_forgets_a_field_is_caught() -> None:
    held = newborn({"name_kk": "Үлгіқызы Әсем", "sex": "female"})
    state = project(RECORD, held, many=many_of, fits=fits_kind)
    assert state
    (one,) = held
    kept = dict(list(one.statements.items())[:1])
    short = Held(one.revision, one.author, one.number, one.entry, kept, {})
    assert projected(RECORD, [short], excluded=(), may_replace=anyone) != from_state(state)


@pytest.mark.parametrize("value", [1.5, [1.5], {"a": 1.5}])
def test_what_no_reader_may_let_in_is_refused_here_too(value: object) -> None:
    import cbor2

    from kzdoc.errors import LedgerError
    from kzdoc.vault.truth import _disclosure_strictly

    with pytest.raises(LedgerError):
        _disclosure_strictly(cbor2.dumps([bytes(16), "notes", value], canonical=True))
    for raw in (b"", b"\x83", b"\x80", cbor2.dumps(["short", "notes", "x"]), b"\x9f\xff", b"\xff"):
        with pytest.raises(LedgerError):
            _disclosure_strictly(raw)
    loose = cbor2.dumps([bytes(16), "notes", "x"], canonical=True).replace(b"\x61x", b"\x78\x01x")
    with pytest.raises(LedgerError):
        _disclosure_strictly(loose)
