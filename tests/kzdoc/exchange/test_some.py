"""Some of a bundle: what was not chosen stays out, and comes when the same bundle is taken in again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from kzdoc import casework, joining, oversight, withholding
from kzdoc.casework import Change
from kzdoc.domain.audience import Audience
from kzdoc.errors import BundleError, InputError
from kzdoc.exchange import incoming, quarantine, receipting, taking_back
from kzdoc.exchange.arriving import Arriving, Choice
from kzdoc.naming import people
from kzdoc.vault.check import state_hash
from tests.kzdoc.test_exchange import change, put, send, shown

if TYPE_CHECKING:
    from pathlib import Path

    from kzdoc.session import Session
    from tests.offices import Office


def test_what_was_not_chosen_stays_out_and_comes_later(office: Office, tmp_path: Path) -> None:
    a, _, c = office.all()
    one, other = put(a, name_kk="Тестов Данияр"), put(a, name_kk="Мысалов Ғалым")
    event = put(a, "event", title="Митинг")
    (tmp_path / "видео.mp4").write_bytes(office.randomness(90_000))
    casework.attach(a, event, [tmp_path / "видео.mp4"])
    change(a, one, born="1990")
    files = send(a, tmp_path / "bundle.kzb")
    listed = incoming.inspect(c, files, listed_too=True)["records"]
    assert {(row["id"], row["kind"], row["state"]) for row in listed if row["kind"] == "person"} == {
        (one.hex(), "person", "new"),
        (other.hex(), "person", "new"),
    }
    assert "Тестов Данияр" in {row["title"] for row in listed}
    told = incoming.take(c, files, choice=Choice(frozenset([one])))
    assert (told["new"], told["refused"], told["whole"], len(told["not_chosen"])) == (1, [], False, 3)
    assert other.hex() in told["not_chosen"]
    assert shown(c, one)["fields"]["born"] == "1990"
    assert c.records.record(other) is None
    assert not c.records.find("Мысалов")
    assert not c.blobs.all()
    kept = c.vault.taken_in.bundle(bytes.fromhex(told["bundle"]))
    assert kept is not None
    assert not kept.whole
    with pytest.raises(BundleError, match=r"receipt\.not-whole"):
        receipting.make_receipt(c, files)
    again = incoming.take(c, files)
    assert (again["already"], again["new"], again["whole"], again["not_chosen"]) == (False, 3, True, [])
    assert receipting.make_receipt(c, files)
    assert incoming.take(c, files)["already"]
    assert len(c.blobs.all()) == 1


def test_in_two_steps_or_in_one_it_is_the_same(office: Office, tmp_path: Path) -> None:
    a, b, c = office.all()
    one, _ = put(a, name_kk="Тестов Данияр"), put(a, name_kk="Мысалов Ғалым")
    files = send(a, tmp_path / "bundle.kzb", b.name, c.name)
    incoming.take(b, files, choice=Choice(frozenset([one]), but=True))
    assert b.records.record(one) is None
    incoming.take(b, files)
    incoming.take(c, files)
    assert state_hash(b.vault) == state_hash(c.vault)
    assert b.records.counts() == c.records.counts() == {"person": 2}
    places = [{row.id: row.origin for row in each.records.briefs("person")} for each in (b, c)]
    assert places[0] == places[1]


def test_what_is_told_of_a_bundle_taken_in_two_steps_is_of_both(office: Office, tmp_path: Path) -> None:
    a, _, c = office.all()
    one, _ = put(a, name_kk="Тестов Данияр"), put(a, name_kk="Мысалов Ғалым")
    files = send(a, tmp_path / "bundle.kzb")
    incoming.take(c, files, choice=Choice(frozenset([one])))
    incoming.take(c, files)
    assert [row["new"] for row in taking_back.taken(c)] == [2]


def test_a_revision_about_several_comes_when_one_is_chosen(office: Office, tmp_path: Path) -> None:
    a, _, c = office.all()
    one, other = put(a, name_kk="Тестов Данияр"), put(a, "event", title="Митинг")
    files = send(a, tmp_path / "bundle.kzb")
    told = incoming.take(c, files, choice=Choice(kinds=frozenset(["person"])))
    assert told["not_chosen"] == [other.hex()]
    assert c.records.record(one) is not None


def test_a_record_that_is_not_in_it_is_told_and_nothing_is_taken_in(office: Office, tmp_path: Path) -> None:
    a, _, c = office.all()
    put(a, name_kk="Тестов Данияр")
    files = send(a, tmp_path / "bundle.kzb")
    before = state_hash(c.vault), c.vault.chains.heads()
    for choice in (Choice(frozenset([bytes(16)])), Choice(kinds=frozenset(["event"]), but=True)):
        with pytest.raises(InputError, match=r"bundle\.not-in-it"):
            incoming.take(c, files, choice=choice)
    assert (state_hash(c.vault), c.vault.chains.heads()) == before
    assert incoming.take(c, files)["new"] == 1


def test_the_rest_waits_in_quarantine_and_is_whole_in_any_steps(office: Office, tmp_path: Path) -> None:
    a, _, c = office.all()
    one, other = put(a, name_kk="Тестов Данияр"), put(a, name_kk="Мысалов Ғалым")
    third = put(a, "event", title="Митинг")
    files = send(a, tmp_path / "bundle.kzb")
    assert incoming.take(c, files, choice=Choice(frozenset([one])))["rest_waits"]
    files[0].unlink()
    (waits,) = quarantine.waiting(c)
    assert (waits["waits_for"], oversight.today(c)["waiting"]) == ("rest", 0)
    root = bytes.fromhex(waits["bundle"])
    seen = quarantine.inspect(c, root, listed_too=True)
    assert {row["id"] for row in seen["records"]} == {other.hex(), third.hex()}
    told = quarantine.take(c, root, choice=Choice(frozenset([other])))
    assert (told["not_chosen"], told["whole"], told["rest_waits"]) == ([third.hex()], False, True)
    told = quarantine.take(c, root, choice=Choice(frozenset([third])))
    assert (told["not_chosen"], told["whole"], told["rest_waits"]) == ([], True, False)
    assert quarantine.waiting(c) == []
    kept = c.vault.taken_in.bundle(root)
    assert kept is not None
    assert (kept.whole, bool(kept.receipt)) == (True, True)


def test_the_rest_is_let_go(office: Office, tmp_path: Path) -> None:
    a, _, c = office.all()
    one, _ = put(a, name_kk="Тестов Данияр"), put(a, name_kk="Мысалов Ғалым")
    incoming.take(c, send(a, tmp_path / "bundle.kzb"), choice=Choice(frozenset([one])))
    root = bytes.fromhex(quarantine.waiting(c)[0]["bundle"])
    quarantine.let_go(c, root)
    assert (quarantine.waiting(c), c.records.counts()) == ([], {"person": 1})
    with pytest.raises(InputError, match=r"bundle\.not-waiting"):
        quarantine.let_go(c, root)


CONSENT = {"classes": ["identity"], "audiences": ["public"], "given_on": "2026-01-01", "voluntary": "yes"}


def named_in_public(session: Session, person: bytes) -> bool:
    return people(session).allowed.may_name(person, Audience.PUBLIC)


@pytest.mark.parametrize("choice", ["only", "but", "kind"])
def test_a_withdrawal_comes_with_what_it_governs(office: Office, tmp_path: Path, choice: str) -> None:
    a, _, c = office.all()
    one = put(a, name_kk="Тестов Данияр")
    given = put(a, "consent", person=one.hex(), risks_explained="yes", **CONSENT)
    incoming.take(c, send(a, tmp_path / "1.kzb"))
    assert named_in_public(c, one)
    change(a, given, withdrawn_on="2026-02-01")
    change(a, one, born="1990")
    other = put(a, name_kk="Мысалов Ғалым")
    foreign = put(a, "consent", person=other.hex(), risks_explained="yes", **CONSENT)
    wanted = {
        "only": Choice(frozenset([one])),
        "but": Choice(frozenset([given, other, foreign]), but=True),
        "kind": Choice(frozenset([other]), frozenset(["consent"]), but=True),
    }
    told = incoming.take(c, send(a, tmp_path / "2.kzb"), choice=wanted[choice])
    assert shown(c, one)["fields"]["born"] == "1990"
    assert not named_in_public(c, one)
    assert told["not_chosen"] == sorted([other.hex(), foreign.hex()])
    assert told["along"] == [given.hex()]


def test_the_stricter_consent_of_a_double_comes_with_the_joined_person(office: Office, tmp_path: Path) -> None:
    a, _, c = office.all()
    one = put(a, name_kk="Тестов Данияр")
    put(a, "consent", person=one.hex(), risks_explained="yes", **CONSENT)
    incoming.take(c, send(a, tmp_path / "1.kzb"))
    double = put(a, name_kk="Тестов Данияр")
    put(a, "consent", person=double.hex(), risks_explained="yes", **CONSENT | {"audiences": ["lawyer"]})
    casework.change(a, one, [Change("same_as", "add", double.hex())])
    incoming.take(c, send(a, tmp_path / "2.kzb"), choice=Choice(frozenset([one])))
    assert not named_in_public(c, one)


def test_a_withdrawal_on_a_double_that_is_not_here_comes_along(office: Office, tmp_path: Path) -> None:
    """Only the person was chosen, who is here already; whom he is one with stays out, what was said there comes."""
    a, _, c = office.all()
    one, other = put(a, name_kk="Тестов Данияр", naming_basis="already_public"), put(a, name_kk="Тестов Д.")
    joining.same_person(a, one, other)
    incoming.take(c, send(a, tmp_path / "1.kzb", records=[one]))
    assert c.records.record(other) is None
    assert people(c).allowed.may_name(one, Audience.PUBLIC)
    event = put(a, "event", title="Митинг")
    consent = put(a, "consent", person=other.hex(), given_on="2024-01-01", withdrawn_on="2025-01-01")
    files = send(a, tmp_path / "2.kzb", records=[event, consent])
    told = incoming.take(c, files, choice=Choice(frozenset([event])))
    assert told["along"] == [consent.hex()]
    assert c.records.record(other) is None
    assert not people(c).allowed.may_name(one, Audience.PUBLIC)


def test_what_was_withheld_here_since_is_not_called_unchosen(office: Office, tmp_path: Path) -> None:
    """Words kept aside are here: the bundle is complete when all else of it is; its receipt stays refused."""
    a, _, c = office.all()
    one, other = put(a, name_kk="Тестов Данияр", born="1980"), put(a, name_kk="Мысалов Ғалым")
    files = send(a, tmp_path / "bundle.kzb")
    incoming.take(c, files, choice=Choice(frozenset([one])))
    withholding.withhold(c, one, ["born"], "asked_by_person")
    told = incoming.take(c, files, choice=Choice(frozenset([other])))
    assert (told["not_chosen"], told["whole"], told["rest_waits"]) == ([], True, False)
    assert "born" not in shown(c, one)["fields"], "it stays withheld"
    assert incoming.take(c, files)["already"]
    with pytest.raises(BundleError, match=r"receipt\.not-held"):
        receipting.make_receipt(c, files)
    withholding.restore(c, one)
    assert receipting.make_receipt(c, files)


def test_the_twin_that_forgets_what_is_kept_aside_would_never_end(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Arriving, "_kept_aside", lambda *_: {})
    with pytest.raises(AssertionError):
        test_what_was_withheld_here_since_is_not_called_unchosen(office, tmp_path)
