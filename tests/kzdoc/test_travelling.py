"""Travelling light: what headquarters receipted leaves, what nobody else holds stays, and a bundle brings it back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from kzdoc import casework, travelling, withholding
from kzdoc.casework import Change
from kzdoc.errors import InputError
from kzdoc.exchange import incoming, receipting, taking_back
from kzdoc.vault.check import check, state_hash
from tests.kzdoc.adversary import found
from tests.kzdoc.test_exchange import put, send, shown
from tests.kzdoc.test_sealing import opened_up
from tests.offices import NAMES

if TYPE_CHECKING:
    from pathlib import Path

    from kzdoc.session import Session
    from tests.offices import Office

A, B, C = NAMES
CANARIES = ("құпиясөз", "ескімәтін", "суретбелгі")


def furnished(session: Session, tmp_path: Path) -> tuple[bytes, bytes]:
    """Write an event with an earlier title, a file, and a person."""
    event = put(session, "event", title="ескімәтін")
    casework.change(session, event, [Change("title", "set", "құпиясөз")])
    (tmp_path / "f.txt").write_bytes("суретбелгі".encode() * 3000)
    casework.attach(session, event, [tmp_path / "f.txt"])
    return event, put(session, name_kk="Тестов Данияр")


def receipted(source: Session, reader: Session, folder: Path) -> None:
    folder.mkdir()
    files = send(source, folder / "bundle", reader.name)
    incoming.take(reader, files)
    receipting.take_receipt(source, receipting.make_receipt(reader, files))


def test_what_was_receipted_leaves_and_a_bundle_brings_it_back(office: Office, tmp_path: Path) -> None:
    a, _, c = office.all()
    event, person = furnished(a, tmp_path)
    receipted(a, c, tmp_path / "1")
    before, whole = (shown(a, event), shown(a, person)), state_hash(a.vault)
    assert found(opened_up(office, a), *CANARIES) == list(CANARIES), "the twin: before leaving, all of it is found"
    told = travelling.travel(a, [C])
    assert [one["why"] for one in told["kept"]] == [{travelling.NOTE: 1}], "the file's own name: no bundle carries it"
    assert (told["records"], told["partly"], told["files"]) == (2, 1, 1)
    assert shown(a, event)["fields"] == {}
    assert {one.reason for one in casework.state(a, event).absent} == {"travelled"}
    assert found(opened_up(office, a), *CANARIES) == []
    assert a.blobs.all() == []
    assert check(a.vault) == []
    with pytest.raises(InputError, match=r"record\.nothing-withheld"):
        withholding.restore(a, event)
    casework.change(a, event, [Change("place", "set", "жолда")])
    incoming.take(a, send(c, tmp_path / "back", A))
    assert (shown(a, event)["fields"], shown(a, person)) == ({**before[0]["fields"], "place": "жолда"}, before[1])
    assert len(a.blobs.all()) == 1
    assert whole


def test_nothing_leaves_without_a_whole_copy_elsewhere_and_the_reason_is_told(office: Office, tmp_path: Path) -> None:
    a, _, c = office.all()
    event, person = furnished(a, tmp_path)
    with pytest.raises(InputError, match=r"travel\.no-receipt"):
        travelling.travel(a, [C])
    files = send(a, tmp_path / "bundle", C)
    with pytest.raises(InputError, match=r"travel\.no-receipt"):
        travelling.travel(a, [C])
    assert {why for one in travelling.foresee(a, [C])["kept"] for why in one["why"]} == {
        travelling.NOT_RECEIPTED,
        travelling.NOTE,
    }
    incoming.take(c, files)
    receipting.take_receipt(a, receipting.make_receipt(c, files))
    later = put(a, "event", title="кейін")
    casework.change(a, person, [Change("work_notes", "set", "өзіміз үшін"), Change("born", "set", "1980")])
    told = travelling.travel(a)
    kept = {one["id"]: one["why"] for one in told["kept"]}
    assert kept[later.hex()] == {travelling.NOT_SENT: 1}
    assert kept[person.hex()] == {travelling.NOT_SENT: 1, travelling.NOTE: 1}
    assert len(kept) == 3, "and the name the file had"
    assert shown(a, later)["fields"] == {"title": "кейін"}
    assert shown(a, person)["fields"] == {"work_notes": "өзіміз үшін", "born": "1980"}
    assert shown(a, event)["fields"] == {}


def test_only_a_key_compared_in_person_counts(office: Office, tmp_path: Path) -> None:
    a, _, c = office.all()
    event, _ = furnished(a, tmp_path)
    receipted(a, c, tmp_path / "1")
    a.vault.contacts.set_state(C, "verified", how="voice")
    with pytest.raises(InputError, match=r"travel\.not-in-person"):
        travelling.travel(a, [C])
    with pytest.raises(InputError, match=r"travel\.no-receipt"):
        travelling.travel(a)
    assert shown(a, event)["fields"] == {"title": "құпиясөз"}


@pytest.mark.parametrize("late", [False, True])
def test_who_says_that_he_has_forgotten_since_is_relied_on_no_more(
    office: Office, tmp_path: Path, *, late: bool
) -> None:
    """``late``: his first receipt comes after the one that says so."""
    a, _, c = office.all()
    one = put(a, name_kk="Тестов Данияр", born="1980")
    files = send(a, tmp_path / "1")
    incoming.take(c, files)
    receipts = [receipting.make_receipt(c, files)]
    withholding.forget(c, one, ["born"], leave_texts=True)
    receipts.append(receipting.make_receipt(c, files))
    for receipt in reversed(receipts) if late else receipts:
        receipting.take_receipt(a, receipt)
    assert travelling.foresee(a)["withheld"] == 0
    with pytest.raises(InputError, match=r"travel\.no-receipt"):
        travelling.travel(a, [C])
    assert shown(a, one)["fields"]["born"] == "1980"


def test_a_file_that_is_not_there_keeps_its_statement_here(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    a, _, c = office.all()
    furnished(a, tmp_path)
    receipted(a, c, tmp_path / "1")
    monkeypatch.setattr(a.vault.sent, "carried_blobs", lambda *_, **__: set())
    told = travelling.travel(a, [C])
    assert [one["why"] for one in told["kept"]] == [{travelling.FILE_NOT_RECEIPTED: 1, travelling.NOTE: 1}]
    assert len(a.blobs.all()) == 1


def test_words_kept_aside_would_be_found_and_leave_as_well(office: Office, tmp_path: Path) -> None:
    a, _, c = office.all()
    event, _ = furnished(a, tmp_path)
    receipted(a, c, tmp_path / "1")
    withholding.withhold(a, event, ["title"], "for now")
    assert "құпиясөз" in found(opened_up(office, a), *CANARIES), "the twin"
    travelling.travel(a, [C])
    assert found(opened_up(office, a), *CANARIES) == []


def test_what_was_given_back_before_comes_back_too(office: Office, tmp_path: Path) -> None:
    a, _, c = office.all()
    event, _ = furnished(a, tmp_path)
    receipted(a, c, tmp_path / "1")
    receipted(c, a, tmp_path / "2")
    travelling.travel(a, [C])
    incoming.take(a, send(c, tmp_path / "back", A, again=True))
    assert shown(a, event)["fields"] == {"title": "құпиясөз"}
    assert len(a.blobs.all()) == 1


def test_what_headquarters_took_back_goes_back_to_the_traveller_and_to_nobody_else(
    office: Office, tmp_path: Path
) -> None:
    a, b, c = office.all()
    event, person = furnished(a, tmp_path)
    relayed = put(b, name_kk="Мысалов Ғалым", born="1990")
    incoming.take(a, send(b, tmp_path / "0", A))
    (tmp_path / "1").mkdir()
    files = send(a, tmp_path / "1" / "bundle")
    root = bytes.fromhex(incoming.take(c, files)["bundle"])
    taking_back.take_back(c, root)
    receipting.take_receipt(a, receipting.make_receipt(c, files))
    travelling.travel(a, [C])
    assert [shown(a, one)["fields"] for one in (event, person, relayed)] == [{}, {}, {}]
    put(c, name_kk="Сынақова Айгүл")
    (tmp_path / "b").mkdir()
    incoming.take(b, send(c, tmp_path / "b" / "bundle", A, B, again=True))
    assert b.records.record(event) is None, "what a desk took back it passes on to nobody"
    incoming.take(a, send(c, tmp_path / "back", A, again=True))
    assert shown(a, event)["fields"] == {"title": "құпиясөз"}
    assert [shown(a, one)["fields"]["name_kk"] for one in (person, relayed)] == ["Тестов Данияр", "Мысалов Ғалым"]
    assert len(a.blobs.all()) == 1
    assert c.records.record(event) is None, "here it stays taken back"
    assert (check(a.vault), check(c.vault)) == ([], [])
