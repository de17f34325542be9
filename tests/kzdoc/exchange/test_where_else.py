"""Only here, sent, receipted: the mark of a record is what partners who are not revoked are known to hold."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

from kzdoc import listing, oversight, withholding
from kzdoc.domain.audience import Audience
from kzdoc.exchange import alerts, incoming, outgoing, receipting, trust
from kzdoc.exchange.arriving import Choice
from tests.kzdoc.test_exchange import change, put, send
from tests.offices import NAMES

if TYPE_CHECKING:
    from pathlib import Path

    from kzdoc.session import Session
    from tests.offices import Office

A, B, C = NAMES


def place(session: Session, record: bytes) -> str:
    """Return where else a record is, as lists say it."""
    rows = listing.list_records(session, listing.Wanted(lang="kk", limit=1000)).rows
    return {row.id: row.place for row in rows}[record]


def only_here(session: Session) -> int:
    """Return the count Today shows."""
    assert oversight.today(session)["records"] >= 0
    return listing.list_records(session, listing.Wanted(place="only_here", lang="kk", limit=50)).total


def receipt(source: Session, reader: Session, files: list[Path]) -> None:
    incoming.take(reader, files)
    receipting.take_receipt(source, receipting.make_receipt(reader, files))


def test_from_only_here_to_receipted_and_back_with_every_change(office: Office, tmp_path: Path) -> None:
    a, b, c = office.all()
    person = put(a, name_kk="Тестов Данияр")
    assert (place(a, person), only_here(a)) == ("only_here", 1)
    first = send(a, tmp_path / "1", B)
    assert (place(a, person), only_here(a)) == ("sent", 0)
    receipt(a, b, first)
    assert place(a, person) == "receipted"
    change(a, person, born="1980")
    assert (place(a, person), only_here(a)) == ("only_here", 1), "the new word is only here"
    receipt(a, b, send(a, tmp_path / "2", B))
    assert place(a, person) == "receipted"
    incoming.take(c, send(a, tmp_path / "3", C))
    change(c, person, occupation="мұғалім")
    incoming.take(a, send(c, tmp_path / "4", A))
    assert place(a, person) == "sent", "what C said nobody has receipted to A"
    receipt(a, b, send(a, tmp_path / "5", B))
    assert place(a, person) == "receipted"


def test_who_else_has_what_is_to_be_forgotten_is_foreseen_and_nothing_is_changed(
    office: Office, tmp_path: Path
) -> None:
    a, b, c = office.all()
    person = put(a, name_kk="Тестов Данияр", occupation="ұста")
    event = put(a, "event", title="Митинг", description="Тестов Данияр сонда болды")
    nobody = {"confirmed": [], "sent": [], "from": []}
    told = withholding.foresee_forgetting(a, person)
    assert told == {"statements": 2, "files": 0, "still_named": [event.hex()], **nobody}
    assert withholding.foresee_forgetting(a, person, ["occupation"]) == {
        "statements": 1,
        "files": 0,
        "still_named": [],
        **nobody,
    }
    receipt(a, b, send(a, tmp_path / "1", B))
    incoming.take(c, send(a, tmp_path / "2", C))
    told = withholding.foresee_forgetting(a, person)
    assert (told["confirmed"], told["sent"], told["from"]) == ([B], [C], [])
    assert withholding.foresee_forgetting(c, person)["from"] == [A]
    withholding.withhold(a, person, ["occupation"], "")
    assert withholding.foresee_forgetting(a, person)["statements"] == 2, "what is kept aside goes too"
    withholding.forget(a, person, [], leave_texts=True)
    assert withholding.foresee_forgetting(a, person)["statements"] == 0


def test_internal_notes_stay_only_here(office: Office, tmp_path: Path) -> None:
    a, b, _ = office.all()
    person = put(a, name_kk="Тестов Данияр", work_notes="өзімізге")
    receipt(a, b, send(a, tmp_path / "1", B))
    assert place(a, person) == "only_here"


def test_what_only_a_detained_partner_has_is_nowhere_else(office: Office, tmp_path: Path) -> None:
    a, b, c = office.all()
    shared, both = put(c, name_kk="Тестов Данияр"), put(c, name_kk="Сынақова Айгүл")
    theirs = put(b, name_kk="Мысалов Ғалым")
    receipt(c, b, send(c, tmp_path / "1", B))
    incoming.take(c, send(b, tmp_path / "2", C))
    outgoing.make_bundle(c, [A], tmp_path / "3", audience=Audience.INTERNAL, records=[both])
    receipt(c, a, [tmp_path / "3"])
    assert [place(c, one) for one in (shared, both, theirs)] == ["receipted", "receipted", "sent"]
    alerts.detained(c, B, since="", lang="kk")
    assert [place(c, one) for one in (shared, both, theirs)] == ["only_here", "receipted", "only_here"]
    assert only_here(c) == 2
    receipt(c, a, send(c, tmp_path / "4", A))
    assert [place(c, one) for one in (shared, both, theirs)] == ["receipted"] * 3


def test_a_file_that_came_back_later_has_not_gone_with_its_statement(office: Office, tmp_path: Path) -> None:
    a, b, _ = office.all()
    scan = tmp_path / "scan.bin"
    scan.write_bytes(os.urandom(5000))
    with scan.open("rb") as source:
        blob = a.blobs.add(source, media="image/png")
    value = {"sha256": blob.sha256, "size": blob.size, "media": blob.media}
    item = put(a, "evidence_item", title="Сурет", file=value)
    a.blobs.forget(blob.sha256)
    receipt(a, b, send(a, tmp_path / "1", B))
    assert place(a, item) == "receipted", "all that is here of it went"
    with scan.open("rb") as source:
        a.blobs.add(source, media=blob.media)
    a.vault.whereabouts.follow_more([item])
    assert place(a, item) == "only_here", "the file did not"
    assert trust.state_of(a, b.author) == trust.VERIFIED


def test_a_record_that_first_came_as_a_skeleton_is_not_only_here_when_another_bundle_completes_it(
    office: Office, tmp_path: Path
) -> None:
    a, b, c = office.all()
    one, other = put(a, name_kk="Тестов Данияр"), put(a, name_kk="Мысалов Ғалым")
    incoming.take(c, send(a, tmp_path / "some.kzb"), choice=Choice(frozenset([one])))
    assert c.records.record(other) is None
    incoming.take(b, send(a, tmp_path / "b.kzb", B))
    incoming.take(c, send(b, tmp_path / "whole.kzb", C))
    assert (place(c, one), place(c, other)) == ("sent", "sent")
    assert only_here(c) == 0


def test_what_was_withheld_while_the_rest_was_receipted_is_only_here_when_it_is_back(
    office: Office, tmp_path: Path
) -> None:
    a, _, c = office.all()
    person = put(a, name_kk="Тестов Данияр", born="1980")
    withholding.withhold(a, person, ["born"], "asked_by_person")
    files = send(a, tmp_path / "b.kzb")
    incoming.take(c, files)
    receipting.take_receipt(a, receipting.make_receipt(c, files))
    assert place(a, person) == "receipted"
    withholding.restore(a, person)
    assert place(a, person) == "only_here"


def test_what_two_brought_is_elsewhere_when_the_first_of_them_is_revoked(office: Office, tmp_path: Path) -> None:
    a, b, c = office.all()
    one, other = put(b, name_kk="Тестов Данияр"), put(c, name_kk="Сынақова Айгүл")
    incoming.take(c, send(b, tmp_path / "1"))
    incoming.take(b, send(c, tmp_path / "2", B))
    incoming.take(a, send(b, tmp_path / "3", A))
    trust.revoke_contact(c, B, lang="kk")
    assert [place(c, each) for each in (one, other)] == ["only_here", "only_here"]
    incoming.take(c, send(a, tmp_path / "4"))
    assert [place(c, each) for each in (one, other)] == ["sent", "sent"], "A verifiably has both"
    trust.revoke_contact(c, A, lang="kk")
    assert [place(c, each) for each in (one, other)] == ["only_here", "only_here"]


def test_words_that_only_a_revoked_partner_brought_are_only_here_whoever_brought_the_rest(
    office: Office, tmp_path: Path
) -> None:
    a, b, c = office.all()
    person = put(b, name_kk="Тестов Данияр", occupation="ұста")
    incoming.take(a, send(b, tmp_path / "1", A, audience=Audience.PARTNER, purpose="хабар"))
    incoming.take(c, send(a, tmp_path / "2"))
    incoming.take(c, send(b, tmp_path / "3"))
    assert place(c, person) == "sent"
    trust.revoke_contact(c, B, lang="kk")
    assert place(c, person) == "only_here", "A never had the name"


def test_what_a_partner_brought_before_his_vault_was_an_older_one_again_is_only_here(
    office: Office, tmp_path: Path
) -> None:
    a, _, c = office.all()
    a.close()
    before = tmp_path / "before"
    shutil.copytree(a.vault.folder, before)
    a = office.open(A)
    lost = put(a, name_kk="Тестов Данияр")
    incoming.take(c, send(a, tmp_path / "1"))
    assert place(c, lost) == "sent"
    a.close()
    shutil.rmtree(a.vault.folder)
    shutil.copytree(before, a.vault.folder)
    a = office.open(A)
    kept = put(a, name_kk="Мысалов Ғалым")
    incoming.take(c, send(a, tmp_path / "2"))
    assert [place(c, each) for each in (lost, kept)] == ["only_here", "sent"]
    incoming.take(a, send(c, tmp_path / "3", A))
    incoming.take(c, send(a, tmp_path / "4", again=True))
    assert [place(c, each) for each in (lost, kept)] == ["sent", "sent"]
