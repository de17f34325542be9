"""Taking a bundle back: what it alone brought is set aside on this desk, nothing is lost, it can be brought back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from kzdoc import casework, joining, withholding
from kzdoc.domain.audience import Audience
from kzdoc.errors import Cancelled, InputError
from kzdoc.exchange import incoming, receipting, taking_back, trust
from kzdoc.ledger.history import aside_entry, back_entry, held_entries, stays_home
from kzdoc.naming import people
from kzdoc.vault.check import check, state_hash
from kzdoc.vault.truth import verified
from tests.kzdoc.test_exchange import change, put, send, shown
from tests.offices import NAMES

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from kzdoc.session import Session
    from tests.offices import Office

A, B, C = NAMES


def everything(session: Session) -> list[tuple[Any, ...]]:
    """Return all that lists show of a vault: records as they are, and where else they exist."""
    rows = session.vault.database.rows(
        "SELECT id, kind, title, state, conflicts, withheld, removed, origin FROM record ORDER BY id"
    )
    return [*rows, (state_hash(session.vault),)]


def take(session: Session, files: list[Path]) -> bytes:
    """Take a bundle in and return its root."""
    return bytes.fromhex(incoming.take(session, files)["bundle"])


def sound(session: Session) -> None:
    """Check that every list says what the revisions say, as it stands and made anew."""
    assert check(session.vault) == []
    before = everything(session)
    session.vault.rebuild()
    assert everything(session) == before


def test_what_it_brought_goes_what_was_before_comes_back_and_bringing_back_is_exact(
    office: Office, tmp_path: Path
) -> None:
    a, b, c = office.all()
    old = put(c, name_kk="Тестов Данияр", born="1980")
    take(a, send(c, tmp_path / "0.kzb", A))
    untouched = everything(c)
    change(a, old, born="1985")
    new = put(a, name_kk="Мысалов Ғалым")
    (tmp_path / "видео.mp4").write_bytes(office.randomness(90_000))
    casework.attach(a, new, [tmp_path / "видео.mp4"])
    files = send(a, tmp_path / "1.kzb")
    root = take(c, files)
    taken = everything(c)
    foreseen = taking_back.foresee(c, root)
    assert everything(c) == taken, "a preview changes nothing"
    told = taking_back.take_back(c, root)
    assert told == foreseen
    assert (told["vanish"], told["changed"], told["standing"]) == (2, 1, "back")
    assert {row["id"] for row in told["records"] if row["becomes"] == "gone"} >= {new.hex()}
    values = [row["values"] for row in told["records"] if row["id"] == old.hex()]
    assert values == [[{"field": "born", "before": "1985", "after": "1980"}]]
    assert everything(c) == untouched
    assert c.records.record(new) is None
    assert not c.records.find("Мысалов")
    assert len(c.blobs.all()) == 1, "every file stays"
    assert receipting.make_receipt(c, files), "a receipt says that all of it is here, and it is"
    sound(c)
    assert taking_back.standing(c, root) == "back"
    taking_back.bring_back(c, root)
    assert everything(c) == taken
    assert taking_back.standing(c, root) == "in"
    sound(c)
    assert b.name == B


def test_what_another_bundle_brought_too_stays_until_that_is_taken_back_as_well(office: Office, tmp_path: Path) -> None:
    a, b, c = office.all()
    one = put(a, name_kk="Тестов Данияр")
    take(b, send(a, tmp_path / "ab.kzb", B))
    other = put(b, name_kk="Мысалов Ғалым")
    first = take(c, send(a, tmp_path / "ac.kzb"))
    both = send(b, tmp_path / "bc.kzb", C)
    second = take(c, both)
    told = taking_back.take_back(c, second)
    assert (told["stay_also"] > 0, c.records.record(other), c.records.record(one) is None) == (True, None, False)
    taking_back.take_back(c, first)
    assert not c.records.counts()
    taking_back.bring_back(c, second)
    assert set(c.records.counts()) == {"person"}
    assert c.records.record(one) is not None, "all that the second brought is in force, whichever taking set it aside"
    assert {row["bundle"]: row["standing"] for row in taking_back.taken(c)}[second.hex()] == "in"
    sound(c)


@pytest.mark.parametrize("again", [False, True])
def test_of_two_bundles_with_the_same_in_them_the_first_taken_back_is_noted_and_the_second_takes_it_along(
    office: Office, tmp_path: Path, *, again: bool
) -> None:
    a, _, c = office.all()
    one = put(a, name_kk="Тестов Данияр")
    first, second = take(c, send(a, tmp_path / "1.kzb")), take(c, send(a, tmp_path / "2.kzb"))
    before = everything(c)
    told = taking_back.take_back(c, first)
    assert (told["revisions"], told["vanish"], told["records"], told["stay_also"] > 0) == (0, 0, [], True)
    assert everything(c) == before
    assert {row["bundle"]: row["standing"] for row in taking_back.taken(c)} == {first.hex(): "back", second.hex(): "in"}
    with pytest.raises(InputError, match=r"bundle\.nothing-to-take-back"):
        taking_back.take_back(c, first)
    sound(c)
    if again:
        assert incoming.take(c, [tmp_path / "1.kzb"])["already"], "there was nothing to bring"
        assert taking_back.standing(c, first) == "in"
        assert taking_back.take_back(c, second)["revisions"] == 0
        taking_back.take_back(c, first)
    else:
        taking_back.take_back(c, second)
    assert c.records.record(one) is None
    sound(c)
    taking_back.bring_back(c, first)
    assert everything(c) == before
    sound(c)


def test_what_it_only_set_aside_is_told_and_comes_back_but_no_consent_opens(office: Office, tmp_path: Path) -> None:
    a, _, c = office.all()
    one = put(a, name_kk="Тестов Данияр", born="1980")
    given = wrote(a, lambda: put(a, "consent", person=one.hex(), voluntary="yes", risks_explained="yes", **CONSENT))
    born = wrote(a, lambda: change(a, one, born="1985"))
    take(c, send(a, tmp_path / "1.kzb"))
    assert named_in_public(c, one)
    casework.undo(a, given)
    casework.undo(a, born)
    root = take(c, send(a, tmp_path / "2.kzb"))
    assert not named_in_public(c, one)
    told = taking_back.foresee(c, root)
    assert told["strict"] == [one.hex()]
    taking_back.take_back(c, root)
    assert not named_in_public(c, one)
    assert (told["changed"], shown(c, one)["fields"]["born"]) == (1, "1985")
    sound(c)


def wrote(session: Session, act: Callable[[], object]) -> bytes:
    """Return the one revision that an act writes."""
    before = {one.id for one in session.vault.chains.since()}
    act()
    [new] = [one.id for one in session.vault.chains.since() if one.id not in before]
    return new


def test_what_it_brought_a_second_time_does_not_come_back(office: Office, tmp_path: Path) -> None:
    a, _, c = office.all()
    put(a, name_kk="Тестов Данияр")
    take(c, send(a, tmp_path / "1.kzb"))
    put(a, "event", title="Тестовое собрание")
    told = taking_back.take_back(c, take(c, send(a, tmp_path / "2.kzb")))
    assert (told["vanish"], told["come_back"], told["changed"], told["stay_also"] > 0) == (1, 0, 0, True)


def test_nobody_else_sets_a_taking_back_aside(office: Office, tmp_path: Path) -> None:
    a, _, c = office.all()
    one = put(a, name_kk="Тестов Данияр")
    taking_back.take_back(c, take(c, send(a, tmp_path / "1.kzb")))
    [back] = [held.id for _, held in c.vault.chains.at(c.vault.brought.takings())]
    put(c, "event", title="Тестовое собрание")
    incoming.take(a, send(c, tmp_path / "c.kzb", A))
    a.write([aside_entry(back, "undo")])
    incoming.take(c, send(a, tmp_path / "2.kzb"))
    assert c.records.record(one) is None
    sound(c)


def test_own_work_upon_it_stays_and_is_told_before(office: Office, tmp_path: Path) -> None:
    a, _, c = office.all()
    one = put(a, name_kk="Тестов Данияр", born="1980")
    mine = put(c, name_kk="Тестов Данияр", born="1980")
    root = take(c, send(a, tmp_path / "1.kzb"))
    change(c, one, born="1981")
    joining.same_person(c, mine, one)
    told = taking_back.foresee(c, root)
    assert {tuple(sorted(row["fields"].values())) for row in told["own_work"]} == {("edited",), ("joined",)}
    taking_back.take_back(c, root)
    assert shown(c, one)["fields"] == {"born": "1981"}, "the own word stays"
    sound(c)


def test_it_holds_on_this_desk_alone_and_goes_to_nobody(office: Office, tmp_path: Path) -> None:
    a, b, c = office.all()
    one = put(a, name_kk="Тестов Данияр")
    kept = send(a, tmp_path / "1.kzb", B, C)
    take(b, kept)
    root = take(c, kept)
    taking_back.take_back(c, root)
    own = put(c, "event", title="Митинг")
    take(b, send(c, tmp_path / "2.kzb", B, audience=Audience.INTERNAL))
    assert b.records.record(one) is not None
    assert b.records.record(own) is not None
    assert not any(stays_home(held) for held in _all_held(b)), "not a word of the taking back"
    assert any(stays_home(held) for held in _all_held(c))
    taking_back.bring_back(c, root)
    take(b, send(c, tmp_path / "3.kzb", B, audience=Audience.INTERNAL))
    assert check(b.vault) == []


def _all_held(session: Session) -> list[Any]:
    return [held for revision in session.vault.chains.since() for held in held_entries(revision)]


def test_what_was_taken_back_is_not_passed_on_and_goes_once_it_is_back(office: Office, tmp_path: Path) -> None:
    a, b, c = office.all()
    one = put(a, name_kk="Тестов Данияр")
    root = take(c, send(a, tmp_path / "1.kzb"))
    taking_back.take_back(c, root)
    put(c, "event", title="Митинг")
    take(b, send(c, tmp_path / "2.kzb", B))
    assert b.records.record(one) is None
    assert b.records.counts() == {"event": 1}
    taking_back.bring_back(c, root)
    take(b, send(c, tmp_path / "3.kzb", B))
    assert b.records.record(one) is not None


def test_a_taking_back_of_somebody_else_sets_nothing_aside_here(office: Office, tmp_path: Path) -> None:
    """Twin: the same statement, signed by a partner and brought in a bundle, is no word of this desk."""
    a, _, c = office.all()
    one = put(a, name_kk="Тестов Данияр")
    take(c, send(a, tmp_path / "1.kzb"))
    mine = put(c, name_kk="Мысалов Ғалым")
    targets = [revision.id for revision in c.vault.chains.since()]
    forged = a.signed([back_entry(bytes(32), targets)])
    with c.vault.transaction():
        c.store.accept([verified(revision, checked=True) for revision in forged], origin=b"\7" * 32)
    assert c.records.record(one) is not None
    assert c.records.record(mine) is not None
    assert not c.store.in_force()[0]


CONSENT = {"classes": ["identity"], "audiences": ["public"], "given_on": "2026-01-01"}


def named_in_public(session: Session, person: bytes) -> bool:
    return people(session).allowed.may_name(person, Audience.PUBLIC)


def test_a_withdrawn_consent_stays_and_what_only_opened_goes(office: Office, tmp_path: Path) -> None:
    a, _, c = office.all()
    one, other = put(c, name_kk="Тестов Данияр"), put(c, name_kk="Мысалов Ғалым")
    given = put(c, "consent", person=one.hex(), voluntary="yes", risks_explained="yes", **CONSENT)
    take(a, send(c, tmp_path / "0.kzb", A))
    assert named_in_public(c, one)
    change(a, given, withdrawn_on="2026-02-01")
    put(a, "consent", person=other.hex(), voluntary="yes", risks_explained="yes", **CONSENT)
    third = put(a, name_kk="Үлгіқызы Әсем")
    root = take(c, send(a, tmp_path / "1.kzb"))
    assert (named_in_public(c, one), named_in_public(c, other)) == (False, True)
    told = taking_back.take_back(c, root)
    assert told["strict"] == [one.hex()]
    assert told["stay_strict"] == 1
    assert c.records.record(third) is None
    assert (named_in_public(c, one), named_in_public(c, other)) == (False, False)
    sound(c)


def test_without_the_rule_a_taking_back_would_open_what_somebody_closed(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Twin: nothing is held back, and the withdrawn consent allows again."""
    a, _, c = office.all()
    one = put(c, name_kk="Тестов Данияр")
    given = put(c, "consent", person=one.hex(), voluntary="yes", risks_explained="yes", **CONSENT)
    take(a, send(c, tmp_path / "0.kzb", A))
    change(a, given, withdrawn_on="2026-02-01")
    root = take(c, send(a, tmp_path / "1.kzb"))
    with pytest.raises(InputError, match=r"bundle\.nothing-to-take-back"):
        taking_back.take_back(c, root)
    assert not named_in_public(c, one)
    monkeypatch.setattr(taking_back, "closed_by", lambda *_: frozenset())
    taking_back.take_back(c, root)
    assert named_in_public(c, one)


def test_cancelled_nothing_is_changed(office: Office, tmp_path: Path) -> None:
    a, _, c = office.all()
    put(a, name_kk="Тестов Данияр")
    root = take(c, send(a, tmp_path / "1.kzb"))
    before, heads = everything(c), c.vault.chains.heads()

    def stop(step: str, done: int, total: int) -> None:
        del done, total
        if step == "vault.follow":
            raise Cancelled

    with pytest.raises(Cancelled):
        taking_back.take_back(c, root, progress=stop)
    assert (everything(c), c.vault.chains.heads()) == (before, heads)
    assert not c.store.in_force()[0]
    assert taking_back.standing(c, root) == "in"


def test_what_was_never_taken_in_or_not_taken_back_is_said(office: Office, tmp_path: Path) -> None:
    a, _, c = office.all()
    put(a, name_kk="Тестов Данияр")
    root = take(c, send(a, tmp_path / "1.kzb"))
    with pytest.raises(InputError, match=r"bundle\.not-taken-back"):
        taking_back.bring_back(c, root)
    with pytest.raises(InputError, match=r"bundle\.not-taken-in"):
        taking_back.take_back(c, bytes(32))
    trust.revoke_contact(c, A, lang="en")
    taking_back.take_back(c, root)
    assert not c.records.counts()


def test_taking_the_same_bundle_in_again_brings_it_back_and_its_preview_says_so(office: Office, tmp_path: Path) -> None:
    a, _, c = office.all()
    old = put(c, name_kk="Тестов Данияр", born="1980")
    take(a, send(c, tmp_path / "0.kzb", A))
    change(a, old, born="1985")
    put(a, name_kk="Мысалов Ғалым")
    files = send(a, tmp_path / "1.kzb")
    root = take(c, files)
    taken = everything(c)
    assert incoming.take(c, files)["already"]
    taking_back.take_back(c, root)
    without = everything(c)
    seen = incoming.inspect(c, files)
    assert (seen["already"], seen["new"], seen["changed"]) == (False, 1, 1)
    assert seen["brought_back"] > 0
    assert everything(c) == without
    told = incoming.take(c, files)
    assert (told["already"], told["new"], told["changed"], told["brought_back"]) == (False, 1, 1, seen["brought_back"])
    assert everything(c) == taken
    assert incoming.take(c, files)["already"]


def test_what_another_bundle_brings_again_stays_aside_and_is_told(office: Office, tmp_path: Path) -> None:
    a, b, c = office.all()
    one = put(a, name_kk="Тестов Данияр")
    take(b, send(a, tmp_path / "ab.kzb", B))
    root = take(c, send(a, tmp_path / "ac.kzb"))
    taking_back.take_back(c, root)
    other = put(b, name_kk="Мысалов Ғалым")
    told = incoming.take(c, send(b, tmp_path / "bc.kzb", C))
    assert told["aside"] == 1
    assert c.records.record(one) is None, "a person took it back; only a person brings it back"
    assert c.records.record(other) is not None
    second = told["bundle"]
    assert {row["bundle"]: row["standing"] for row in taking_back.taken(c)} == {root.hex(): "back", second: "some"}
    taking_back.bring_back(c, bytes.fromhex(second))
    assert c.records.record(one) is not None
    assert [row["standing"] for row in taking_back.taken(c)] == ["in", "in"]


def test_a_record_of_which_only_a_withheld_mark_goes_is_not_said_to_change(office: Office, tmp_path: Path) -> None:
    a, _, c = office.all()
    one = put(a, name_kk="Тестов Данияр")
    take(c, send(a, tmp_path / "1.kzb"))
    change(c, one, born="1980")
    change(a, one, born="1980", occupation="ұстаз")
    withholding.withhold(a, one, ["occupation"], "asked_by_person")
    root = take(c, send(a, tmp_path / "2.kzb"))
    state = c.records.record(one)
    assert state is not None
    assert state.absent
    told = taking_back.take_back(c, root)
    assert (told["changed"], told["vanish"], told["records"]) == (0, 0, [])
    state = c.records.record(one)
    assert state is not None
    assert not state.absent
    sound(c)
