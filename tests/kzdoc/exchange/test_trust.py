"""Who stands over whom: verified here, only vouched for, revoked, and those whom a revoked one vouched for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from kzdoc.errors import BundleError
from kzdoc.exchange import incoming, rosters, trust
from kzdoc.session import Session, create_vault
from tests.kzdoc.test_exchange import change, put, send, shown
from tests.offices import NAMES, PASSPHRASE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.offices import Office

A, B, C = NAMES
STRANGER = "Бөтен"


def know(session: Session, other: Session, name: str) -> None:
    """Take another's card in and verify it."""
    trust.add_contact(session, trust.card(other), name=name, lang="en")
    digits = trust.own_fingerprint(other, "en")["fingerprint"]
    trust.verify_contact(session, name, digits=digits, by="person", lang="en")


@pytest.fixture
def stranger(office: Office, tmp_path: Path) -> Iterator[Session]:
    """Return somebody whom only B knows, and who knows only B."""
    b = office.open(B)
    one = create_vault(tmp_path / "stranger", PASSPHRASE, author=STRANGER, clock=office.clock)
    know(one, b, B)
    know(b, one, STRANGER)
    b.close()
    yield one
    one.close()


def test_an_author_only_vouched_for_stands_beside_and_not_over(
    office: Office, stranger: Session, tmp_path: Path
) -> None:
    a, b, c = office.all()
    person = put(a, name_kk="Тестов Данияр", born="1980")
    incoming.take(b, send(a, tmp_path / "1", B))
    incoming.take(c, send(a, tmp_path / "2", C))
    incoming.take(stranger, send(b, tmp_path / "3", STRANGER))
    change(stranger, person, born="1990", occupation="мұғалім")
    incoming.take(b, send(stranger, tmp_path / "4", B))
    assert shown(b, person)["fields"]["born"] == "1990", "B has verified who wrote it"
    incoming.take(c, send(b, tmp_path / "5", C))
    assert shown(c, person)["conflicts"] == ["born"]
    assert shown(c, person)["fields"]["born"] == ["1980", "1990"]
    assert shown(c, person)["fields"]["occupation"] == "мұғалім"
    change(stranger, person, occupation="дәрігер")
    incoming.take(b, send(stranger, tmp_path / "6", B))
    incoming.take(c, send(b, tmp_path / "7", C))
    assert shown(c, person)["fields"]["occupation"] == "дәрігер", "what is his own he replaces"
    know(c, stranger, STRANGER)
    assert shown(c, person)["conflicts"] == []
    assert shown(c, person) == shown(b, person)


def test_whom_only_a_revoked_partner_vouched_for_says_nothing_new(
    office: Office, stranger: Session, tmp_path: Path
) -> None:
    a, b, c = office.all()
    record = put(stranger, name_kk="Сынақова Айгүл", born="1980")
    incoming.take(b, send(stranger, tmp_path / "1", B))
    incoming.take(c, send(b, tmp_path / "2", C))
    assert shown(c, record)["fields"]["born"] == "1980"
    trust.revoke_contact(c, B, lang="en")
    assert shown(c, record)["fields"]["born"] == "1980", "what was known stays"
    change(stranger, record, born="1990")
    incoming.take(b, send(stranger, tmp_path / "3", B))
    incoming.take(a, send(b, tmp_path / "4", A))
    revisions = [one for one in a.vault.chains.since() if one.skeleton.author == stranger.author]
    assert len(revisions) == 2
    assert c.store.policy().revoked.keys() == {b.author, stranger.author}
    incoming.take(c, send(a, tmp_path / "5", C))
    assert c.store.policy().revoked.keys() == {b.author}, "A vouches for the stranger now"
    assert shown(c, record)["fields"]["born"] == "1990"


def test_a_revoked_partner_cannot_be_brought_back_by_an_introduction(office: Office, tmp_path: Path) -> None:
    a, b, c = office.all()
    record = put(b, name_kk="Тестов Данияр", born="1980")
    incoming.take(c, send(b, tmp_path / "1", C))
    trust.revoke_contact(c, B, lang="en")
    change(b, record, born="1990")
    incoming.take(a, send(b, tmp_path / "2", A))
    incoming.take(c, send(a, tmp_path / "3", C))
    assert shown(c, record)["fields"]["born"] == "1980"
    assert b.author in c.store.policy().revoked


def test_a_settlement_stays_settled_when_its_author_is_revoked(office: Office, tmp_path: Path) -> None:
    a, b, c = office.all()
    person = put(a, name_kk="Тестов Данияр", born="1980")
    incoming.take(b, send(a, tmp_path / "1", B))
    change(b, person, born="1981")
    incoming.take(c, send(b, tmp_path / "2", C))
    trust.revoke_contact(c, B, lang="en")
    assert shown(c, person)["fields"]["born"] == "1981"
    assert shown(c, person)["conflicts"] == []


def test_a_roster_says_who_replaces_whom(office: Office, tmp_path: Path) -> None:
    a, b, c = office.all()
    person = put(a, name_kk="Тестов Данияр", born="1980")
    incoming.take(b, send(a, tmp_path / "1", B))
    change(b, person, born="1990")
    incoming.take(c, send(b, tmp_path / "2", C))
    assert shown(c, person)["conflicts"] == []
    draft = rosters.new_roster(c, {A: frozenset(("replace",)), B: frozenset()}, [])
    assert rosters.take_roster(c, draft) == {"version": 1, "coordinators": 1, "members": 3}
    rosters.take_roster(a, draft)
    assert shown(c, person)["fields"]["born"] == ["1980", "1990"], "without the right it stands beside"
    incoming.take(a, send(c, tmp_path / "3", A))
    assert shown(a, person) == shown(c, person)
    with pytest.raises(BundleError, match=r"roster\.older"):
        rosters.take_roster(c, draft)
    foreign = rosters.new_roster(b, {}, [])
    with pytest.raises(BundleError, match=r"roster\.other"):
        rosters.take_roster(c, foreign)
    both = rosters.new_roster(c, {B: frozenset(("replace",))}, [A])
    with pytest.raises(BundleError, match=r"roster\.too-few"):
        rosters.take_roster(c, both)
    rosters.take_roster(c, rosters.sign_roster(a, both))
    assert shown(c, person)["fields"]["born"] == "1990"
