"""Nobody is left out of what a laptop that was taken held: whatever became here of the words that were in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from kzdoc import casework, filling, sealing, withholding
from kzdoc.casework import Change
from kzdoc.domain.audience import Audience
from kzdoc.errors import BundleError
from kzdoc.exchange import exposure, incoming, laptop, quarantine, trust
from kzdoc.exchange.arriving import Choice
from kzdoc.exchange.laptop import laptop_of
from kzdoc.filling import Draft
from kzdoc.language import LANGUAGES
from tests.kzdoc.test_exchange import put, send
from tests.offices import NAMES

if TYPE_CHECKING:
    from pathlib import Path

    from kzdoc.session import Session
    from tests.offices import Office

A, B, C = NAMES


def people(session: Session, name: str | None) -> dict[str, Any]:
    """Return the people a laptop held, by id."""
    return {one["id"]: one for one in exposure.exposure(session, name)["people"]}


def not_judged(session: Session, name: str | None) -> list[str]:
    return list(exposure.exposure(session, name)["not_judged"])


def test_what_was_here_already_and_his_bundle_carried_too(office: Office, tmp_path: Path) -> None:
    a, b, c = office.all()
    person = put(b, name_ru="Тестов Данияр", phone="+7 701 000 00 01")
    incoming.take(c, send(b, tmp_path / "1"))
    incoming.take(a, send(b, tmp_path / "2", A))
    assert people(c, A) == {}
    incoming.take(c, send(a, tmp_path / "3"))
    assert people(c, A)[person.hex()]["by_class"]["contact"] == 1
    assert B in [one["name"] for one in exposure.exposure(c, A)["partners"]]


def test_of_what_his_bundle_carried_in_part_he_held_that_part(office: Office, tmp_path: Path) -> None:
    a, b, c = office.all()
    person = put(b, name_ru="Тестов Данияр", occupation="ұста")
    incoming.take(c, send(b, tmp_path / "1"))
    incoming.take(a, send(b, tmp_path / "2", A))
    incoming.take(c, send(a, tmp_path / "3", audience=Audience.PARTNER, purpose="хабар"))
    contact = trust.named(c, A)
    assert laptop_of(c, contact).held[person].keys() == {"occupation"}
    incoming.take(c, send(a, tmp_path / "4", again=True))
    assert laptop_of(c, contact).held[person].keys() == {"occupation", "name_ru"}


def test_what_he_had_in_part_is_not_made_whole_by_who_brings_the_rest(office: Office, tmp_path: Path) -> None:
    a, b, c = office.all()
    person = put(b, name_ru="Тестов Данияр", occupation="ұста")
    incoming.take(a, send(b, tmp_path / "1", A, audience=Audience.PARTNER, purpose="хабар"))
    incoming.take(c, send(a, tmp_path / "2"))
    incoming.take(c, send(b, tmp_path / "3", C))
    assert laptop_of(c, trust.named(c, A)).held[person].keys() == {"occupation"}
    assert laptop_of(c, trust.named(c, B)).held[person].keys() == {"occupation", "name_ru"}


def test_words_withheld_here_since(office: Office, tmp_path: Path) -> None:
    a, _, c = office.all()
    person, mine = put(a, name_ru="Тестов Данияр", phone="+7 701 000 00 01"), put(c, name_ru="Сынақова Айгүл")
    incoming.take(c, send(a, tmp_path / "1"))
    send(c, tmp_path / "2", A)
    before = exposure.exposure(c, A)
    for record in (person, mine):
        withholding.withhold(c, record, [], "сұралды")
    assert exposure.exposure(c, A) == before
    assert people(c, None).keys() == {person.hex(), mine.hex()}
    withheld_when_it_came = send(a, tmp_path / "3", again=True)
    incoming.take(c, withheld_when_it_came)
    assert people(c, A)[person.hex()]["names"] == ["Тестов Данияр"]


def test_words_that_are_forgotten_or_sealed_here_are_counted_and_said_not_to_be_known(
    office: Office, tmp_path: Path
) -> None:
    a, b, c = office.all()
    person, mine = put(a, name_ru="Тестов Данияр"), put(c, name_ru="Сынақова Айгүл")
    incoming.take(c, send(a, tmp_path / "1"))
    send(c, tmp_path / "2", A)
    assert not_judged(c, A) == ["sent-by-others"]
    withholding.forget(c, person, [], leave_texts=True)
    sealing.seal(c, [mine], [A, B], leave_texts=False)
    assert people(c, A).keys() == {person.hex(), mine.hex()}
    assert not_judged(c, A) == ["sent-by-others", "words-gone"]
    assert (people(c, None), not_judged(c, None)) == ({}, []), "what is gone from this laptop is not on it"
    del b


def test_a_bundle_that_waits_for_its_sender_or_for_the_rest_of_it(office: Office, tmp_path: Path) -> None:
    a, b, c = office.all()
    one, other = put(a, name_ru="Тестов Данияр"), put(a, name_ru="Мысалов Ғалым")
    told = incoming.take(c, send(a, tmp_path / "1"), choice=Choice(frozenset([one])))
    assert people(c, A).keys() == {one.hex(), other.hex()}
    assert not_judged(c, A) == ["sent-by-others"]
    quarantine.let_go(c, bytes.fromhex(told["bundle"]))
    assert people(c, A).keys() == {one.hex()}
    assert not_judged(c, A) == ["sent-by-others", "stayed-out"]
    person = put(b, name_ru="Сынақова Айгүл")
    c.vault.contacts.set_state(B, trust.UNVERIFIED, how="")
    with pytest.raises(BundleError, match=r"bundle\.unverified-sender"):
        incoming.take(c, send(b, tmp_path / "2"))
    assert people(c, B).keys() == {person.hex()}
    assert [one["direction"] for one in exposure.exposure(c, B)["bundles"]] == ["waiting"]
    assert people(c, None).keys() == {one.hex(), person.hex()}
    spoilt = c.vault.quarantine.all()[0]
    c.vault.quarantine.put(spoilt.id, sender=spoilt.sender, reason=spoilt.reason, content=b"age-encryption.org/v1")
    assert (people(c, B), not_judged(c, B)) == ({}, ["sent-by-others", "waiting-unread"])


def test_what_he_replaced_he_had_seen(office: Office, tmp_path: Path) -> None:
    a, b, c = office.all()
    person = put(b, name_ru="Тестов Данияр", occupation="ұста")
    incoming.take(c, send(b, tmp_path / "1"))
    incoming.take(a, send(b, tmp_path / "2", A))
    casework.change(a, person, [Change("name_ru", "set", "Тестов Дәниял"), Change("occupation", "set", "мұғалім")])
    incoming.take(c, send(a, tmp_path / "3", audience=Audience.PARTNER, purpose="хабар"))
    his = laptop_of(c, trust.named(c, A))
    assert his.held[person]["name_ru"] == ["Тестов Данияр"]
    assert set(his.held[person]["occupation"]) == {"ұста", "мұғалім"}
    assert laptop.WORDS_GONE in his.unknown, "what he wrote in its place he did not share"


def test_what_is_not_saved_here_is_said_not_to_be_known(office: Office) -> None:
    c = office.open(C)
    assert not_judged(c, None) == []
    filling.keep_draft(c, Draft(b"d" * 16, "person", None, "t", {"name_ru": "Тестов Данияр"}))
    assert not_judged(c, None) == ["drafts"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_is_not_known_is_said_in_words(lang: str) -> None:
    codes = [laptop.SENT_BY_OTHERS, laptop.WORDS_GONE, laptop.STAYED_OUT, laptop.WAITING_UNREAD, laptop.DRAFTS]
    said = exposure.not_known({"not_judged": codes}, lang)
    assert len(set(said)) == len(codes)
    assert not [words for words in said if words.startswith("exposure.")]
