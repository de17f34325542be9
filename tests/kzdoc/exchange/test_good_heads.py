"""What counts of a revoked author while the last good heads that were told are not here."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from kzdoc.bundle.frames import ALERT
from kzdoc.bundle.items import Notice
from kzdoc.exchange import alerts, held, incoming, notices
from kzdoc.ledger.history import Head
from kzdoc.vault.truth import Incoming, verified
from tests.kzdoc.test_exchange import change, put, send, shown
from tests.offices import NAMES

if TYPE_CHECKING:
    from pathlib import Path

    from kzdoc.ledger.revision import Revision
    from kzdoc.session import Session
    from tests.offices import Office

A, B, C = NAMES


def follow(session: Session, teller: Session) -> None:
    """Let a desk follow what another tells of B, without the bundle that carries what counts of him."""
    with session.vault.transaction():
        notices.receive(session, [Notice(ALERT, held.own_alerts(teller)[0])], (), teller.author)
    alerts.follow_alert(session, alerts.alerts(session)[0]["alert"], follow=True)


def taken(office: Office, before: Path, *years: str) -> Session:
    """Return B's desk as whoever took the laptop goes on with it from what was there before, in the same chain."""
    folder = office.folder / B
    for file in [one for one in folder.rglob("*") if one.is_file()]:
        file.unlink()
    shutil.copytree(before, folder, dirs_exist_ok=True)
    b = office.open(B)
    [person] = b.records.records("person")
    for year in years:
        change(b, person.id, born=year)
    return b


def told_of(office: Office, tmp_path: Path, *years: str) -> tuple[Session, bytes, Path]:
    """Write a person at B, go on with ``years`` and let C, who has them, tell that B was detained."""
    b, c = office.open(B), office.open(C)
    person = put(b, name_kk="Тестов Данияр", born="1980")
    b.close()
    before = tmp_path / "before"
    shutil.copytree(b.vault.folder, before)
    b = office.open(B)
    for year in years:
        change(b, person, born=year)
    incoming.take(c, send(b, tmp_path / "honest", C))
    alerts.detained(c, B, since="", lang="en")
    b.close()
    return c, person, before


def chain_of(session: Session, author: bytes) -> list[Revision]:
    """Return the revisions of an author that are here, as they follow each other."""
    return [one for one in session.vault.chains.since() if one.skeleton.author == author]


def checked(one: Revision) -> Incoming:
    return verified(one, checked=True)


def born(session: Session, person: bytes) -> str:
    return str(shown(session, person)["fields"]["born"])


def test_beyond_a_fork_nothing_counts_and_before_it_all(office: Office, tmp_path: Path) -> None:
    c, person, before = told_of(office, tmp_path, "1981")
    a = office.open(A)
    b = taken(office, before, "1997", "1998")
    incoming.take(a, send(b, tmp_path / "forged", A))
    assert born(a, person) == "1998"
    follow(a, c)
    assert born(a, person) == "1980", "what both have is before the head that was told"
    incoming.take(a, send(c, tmp_path / "true", A))
    assert born(a, person) == "1981"


def test_what_has_the_number_of_the_head_and_is_not_it_does_not_count(office: Office, tmp_path: Path) -> None:
    c, person, before = told_of(office, tmp_path, "1981")
    a = office.open(A)
    b = taken(office, before, "1997")
    incoming.take(a, send(b, tmp_path / "forged", A))
    follow(a, c)
    assert born(a, person) == "1980"


def test_of_branches_before_the_head_none_counts_until_it_is_here(office: Office, tmp_path: Path) -> None:
    c, person, before = told_of(office, tmp_path, "1981", "1982", "1983")
    a = office.open(A)
    b = taken(office, before, "1997")
    incoming.take(a, send(b, tmp_path / "1", A))
    a.store.accept(list(map(checked, chain_of(c, b.author)[:-1])), origin=bytes(31) + b"\1")
    assert len(a.vault.chains.forks()) == 1
    follow(a, c)
    assert born(a, person) == "1980"
    incoming.take(a, send(c, tmp_path / "true", A))
    assert born(a, person) == "1983"


def test_before_a_missing_revision_all_counts(office: Office, tmp_path: Path) -> None:
    c, _, _ = told_of(office, tmp_path, "1981", "1982", "1983")
    a, chain = office.open(A), chain_of(c, office.open(B).author)
    a.store.accept([checked(one) for one in chain if one is not chain[-2]], origin=bytes(31) + b"\1")
    follow(a, c)
    assert not a.store.in_force()[0]


def test_as_many_branches_count_as_heads_were_told_of(office: Office, tmp_path: Path) -> None:
    c, _, before = told_of(office, tmp_path, "1981", "1982")
    a = office.open(A)
    b = taken(office, before, "1997")
    incoming.take(a, send(b, tmp_path / "1", A))
    honest = chain_of(c, b.author)
    a.store.accept(list(map(checked, honest)), origin=bytes(31) + b"\1")
    forked = chain_of(a, b.author)
    chain = honest[-1].skeleton.chain
    told = [Head(b.author, chain, 99, bytes(32)), Head(b.author, chain, 99, bytes(31) + b"\1")]
    ends = {one.id for one in forked} - {one.skeleton.previous for one in forked}
    assert len(ends) == 2
    assert {head.revision for head in a.vault.chains.counting_before(told)} == ends
    [stem] = a.vault.chains.counting_before(told[:1])
    assert stem.revision == honest[-3].id
    assert a.vault.chains.counting_before([Head(b.author, bytes(16), 99, bytes(32))]) == []
