"""What somebody with a key of his own may sign, and what it must not do to those who read it."""

from __future__ import annotations

import itertools
import os
from typing import Any

import pytest

from kzdoc.crypto.identity import author_of, sign_revision
from kzdoc.errors import LedgerError
from kzdoc.ledger.history import Ledger, Policy, asides, set_aside
from kzdoc.ledger.merge import REMOVED
from kzdoc.ledger.revision import EARLIEST, LATEST, NewEntry, NewStatement, Revision, read_entry, write_revision
from kzdoc.moment import Moment

RECORD = b"r" * 16
NOW = Moment(1_772_442_000, 300)


def signed(*entries: NewEntry, by: int = 1, moment: Moment = NOW) -> Revision:
    seed = bytes([by]) * 32
    return write_revision(
        list(entries),
        sign=lambda raw: sign_revision(seed, raw),
        author=author_of(seed),
        chain=os.urandom(16),
        sequence=0,
        previous=b"",
        moment=moment,
        randomness=os.urandom,
    )


def saying(name: str, value: Any, *, by: int = 1, kind: str = "person") -> Revision:
    return signed(NewEntry(RECORD, kind, (NewStatement(name, value),)), by=by)


@pytest.mark.parametrize("edges", list(itertools.permutations([(b"1", b"t"), (b"2", b"t"), (b"1", b"2")])))
def test_one_who_sets_aside_both_a_revision_and_its_setter_is_no_cycle(edges: list[tuple[bytes, bytes]]) -> None:
    assert set_aside(edges, set()) == {b"2", b"t"}
    assert set_aside(edges, {b"1"}) == {b"t"}


def test_setting_aside_is_decided_in_any_depth_and_at_the_cost_of_its_pairs() -> None:
    many = 200_000
    names = [number.to_bytes(4, "big") for number in range(many)]
    chain = list(itertools.pairwise(names))
    assert len(set_aside(chain, set())) == many // 2
    assert set_aside([(name, b"target") for name in names], set()) == {b"target"}


@pytest.mark.parametrize("value", [[], [b"x"], [b"x", "why", 1], ["x", "why"], 5, {"a": 1}, None])
def test_what_is_not_a_pair_sets_nothing_aside(value: Any) -> None:
    assert asides([signed(NewEntry(RECORD, "_aside", (NewStatement("aside", value),)))]) == []


@pytest.mark.parametrize("seconds", [EARLIEST - 1, LATEST + 1, 2**39, -(2**39)])
def test_a_time_that_no_calendar_shows_is_no_entry(seconds: int) -> None:
    revision = signed(NewEntry(RECORD, "person", (NewStatement("note", "x"),)), moment=Moment(seconds, 0))
    with pytest.raises(LedgerError, match=r"ledger\.entry"):
        read_entry(next(iter(revision.entries.values())))


@pytest.mark.parametrize("seconds", [EARLIEST, LATEST])
@pytest.mark.parametrize("offset", [-24 * 60 + 1, 24 * 60 - 1])
def test_every_time_that_is_read_can_be_shown(seconds: int, offset: int) -> None:
    revision = signed(NewEntry(RECORD, "person", (NewStatement("note", "x"),)), moment=Moment(seconds, offset))
    assert read_entry(next(iter(revision.entries.values()))).time.iso()


@pytest.mark.parametrize(
    "value",
    [5, "x", [], {}, {"seen": 5}, {"seen": [5]}, {"seen": [[{}, 1]]}, {"seen": [[[], []]]}, {"seen": [[b"x", b"y"]]}],
)
def test_a_removal_of_any_shape_is_read_and_removes_nothing_it_has_not_seen(value: Any) -> None:
    state = Ledger().add(saying("note", "x"), saying(REMOVED, value, by=2)).states()[RECORD]
    assert not state.removed
    assert REMOVED in state.conflicts


def test_who_may_not_replace_does_not_turn_another_s_record_into_something_else() -> None:
    mine, theirs = saying("name_ru", "Тестов", by=1), saying("note", "x", by=2, kind="aaa")
    ledger = Ledger().add(mine, theirs)
    chief, other = mine.skeleton.author, theirs.skeleton.author
    assert ledger.states(Policy({chief: frozenset({"replace"})}))[RECORD].kind == "person"
    assert ledger.states(Policy({other: frozenset({"replace"})}))[RECORD].kind == "aaa"
    assert ledger.states(Policy({}))[RECORD].kind == "aaa", "among equals the first by its letters"
    assert ledger.states()[RECORD].kind == "aaa"
