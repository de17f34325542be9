"""Conflicts with their ancestry; keeping both as claims; forks and copies named."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from kzdoc import casework, oversight, settling
from kzdoc.analysis.ancestry import COPY, FORK, Step, seen_by, standing
from kzdoc.analysis.differences import Piece, side_by_side, word_difference
from kzdoc.casework import Change
from kzdoc.domain.audience import Audience
from kzdoc.errors import InputError
from kzdoc.exchange import incoming, outgoing
from kzdoc.ledger.history import Head
from tests.offices import NAMES

if TYPE_CHECKING:
    from pathlib import Path

    from kzdoc.session import Session
    from tests.offices import Office

A, B, C = NAMES


def carry(source: Session, to: Session, folder: Path) -> None:
    """Bring everything of one desk to another."""
    out = folder / f"{source.name}-{to.name}-{len(list(folder.iterdir()))}.kzb"
    outgoing.make_bundle(source, [to.name], out, audience=Audience.INTERNAL)
    incoming.take(to, [out])


@pytest.fixture
def contested(office: Office, tmp_path: Path) -> tuple[Session, Session, Session, bytes]:
    """Return two monitors who changed one person each without the other, and the coordinator who has both."""
    a, b, c = office.all()
    person = casework.add(a, "person", [Change("name_ru", "set", "Тестов Данияр")])
    carry(a, b, tmp_path)
    casework.change(a, person, [Change("occupation", "set", "учитель")])
    casework.change(b, person, [Change("occupation", "set", "редактор")])
    carry(a, c, tmp_path)
    carry(b, c, tmp_path)
    return a, b, c, person


def test_neither_knew_of_the_other(contested: tuple[Session, Session, Session, bytes]) -> None:
    a, b, c, person = contested
    (one,) = settling.contentions(c)
    assert (one.record.id, one.field, one.standing, one.kept_both) == (person, "occupation", "", False)
    assert {claim.author: claim.seen for claim in one.claims} == {a.author: (), b.author: ()}


def test_both_are_kept_as_claims_travel_are_taken_back_and_end_with_a_third(
    contested: tuple[Session, Session, Session, bytes], tmp_path: Path
) -> None:
    a, b, c, person = contested
    changes = settling.keep_both(c, person, "occupation")
    assert settling.contentions(c) == []
    assert oversight.today(c)["conflicts"] == 0
    (kept,) = settling.contentions(c, kept=True)
    assert {claim.live.value: claim.author for claim in kept.claims} == {"учитель": a.author, "редактор": b.author}
    assert {claim.kept_by for claim in kept.claims} == {c.author}
    assert casework.state(c, person).conflicts == {"occupation"}, "both live on, and papers see both"
    carry(c, a, tmp_path)
    assert settling.contentions(a) == []
    assert len(settling.contentions(a, kept=True)) == 1
    casework.undo(c, changes.revisions[0])
    assert len(settling.contentions(c)) == 1
    casework.change(b, person, [Change("occupation", "set", "блогер")])
    carry(b, a, tmp_path)
    (again,) = settling.contentions(a)
    assert {claim.live.value for claim in again.claims} >= {"блогер", "учитель"}


def test_what_is_kept_side_by_side_is_in_no_group_and_can_still_be_settled(session_of: Session) -> None:
    session = session_of
    person = casework.add(session, "person", [Change("occupation", "set", "x")])
    for value in ("1990", "1990-05-01"):
        session.write([settling.NewEntry(person, "person", (settling.NewStatement("born", value),))])
    assert len(oversight.conflict_groups(session)["precision"]) == 1
    settling.keep_both(session, person, "born")
    assert oversight.conflict_groups(session)["precision"] == []
    with pytest.raises(InputError, match=r"conflict\.none"):
        settling.keep_both(session, person, "born")
    casework.settle(session, person, "born", value="1991")
    assert casework.state(session, person).conflicts == frozenset()


def test_a_removal_cannot_be_kept_beside_what_it_removes(
    contested: tuple[Session, Session, Session, bytes], tmp_path: Path
) -> None:
    a, b, c, person = contested
    casework.remove(a, person, "қате")
    casework.change(b, person, [Change("born", "set", "1990")])
    carry(a, c, tmp_path)
    carry(b, c, tmp_path)
    assert "_removed" in {one.field for one in settling.contentions(c)}
    with pytest.raises(InputError, match=r"conflict\.not-both"):
        settling.keep_both(c, person, "_removed")


@pytest.fixture
def session_of(office: Office) -> Session:
    return office.open()


# --- ancestry and standing, pure


def step(name: str, author: str, sequence: int, *names: str, chain: str = "") -> Step:
    named = frozenset(one.encode() for one in names)
    return Step(name.encode(), author.encode(), (chain or author).encode(), sequence, named)


def test_who_had_seen_whom() -> None:
    steps = [
        step("a0", "a", 0),
        step("b0", "b", 0, "a0"),
        step("b1", "b", 1),
        step("c0", "c", 0, "b1"),
        step("d", "d", 7),
    ]
    seen = seen_by(steps, {})
    assert seen[b"c0"] == {b"a0", b"b0", b"b1"}
    assert seen[b"b0"] == {b"a0"}
    assert seen[b"d"] == frozenset()
    opened = seen_by(steps, {(b"d", b"d"): [Head(b"b", b"b", 1, b"b1")]})
    assert opened[b"d"] == {b"a0", b"b0", b"b1"}
    assert b"c0" not in opened[b"d"], "a head says nothing of what came after it"


def test_a_fork_shows_no_order_and_has_its_name() -> None:
    fork = [step("a1", "a", 1), step("a1x", "a", 1), step("a2", "a", 2)]
    assert seen_by(fork, {})[b"a2"] == frozenset()
    assert standing(fork[:2]) == FORK
    assert standing([step("a1", "a", 1, chain="k"), step("a9", "a", 9, chain="m")]) == COPY
    assert standing([step("a1", "a", 1), step("b1", "b", 1)]) == ""


# --- words


def test_the_words_that_differ() -> None:
    left, right = word_difference("Был задержан у рынка, в 11:20.", "Был задержан у нового рынка в 11:20.")
    assert "".join(piece.text for piece in left) == "Был задержан у рынка, в 11:20."
    assert "".join(piece.text for piece in right) == "Был задержан у нового рынка в 11:20."
    assert [piece.text.strip() for piece in right if piece.own] == ["нового"]
    assert [piece.text for piece in left if piece.own] == [","]


def test_very_long_texts_are_compared_from_both_ends() -> None:
    many = "сөз " * 4_000
    left, right = word_difference(many + "бір " + many, many + "екі үш " + many)
    assert [piece.text for piece in left if piece.own] == ["бір"]
    assert [piece.text for piece in right if piece.own] == ["екі үш"]
    assert word_difference("", "") == ((), ())
    assert word_difference("", "а") == ((), (Piece("а", own=True),))


def test_values_of_two_revisions_do_not_stand_side_by_side(contested: tuple[Session, Session, Session, bytes]) -> None:
    """The twin: were any two live values taken for a decision, the open conflict would be hidden."""
    _, _, c, person = contested
    assert not side_by_side(casework.state(c, person), "occupation")
    assert not side_by_side(casework.state(c, person), "name_ru")
