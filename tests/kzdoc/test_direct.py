"""Direct seal: what is written so is never on the medium in a form this device opens, not even half written."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from kzdoc import casework, direct, filling, sealing
from kzdoc.casework import Change
from kzdoc.direct import DirectForm
from kzdoc.errors import InputError, VaultError
from kzdoc.exchange import incoming
from kzdoc.filling import Draft, Newborn
from kzdoc.vault.check import check
from tests.kzdoc.adversary import found
from tests.kzdoc.test_exchange import put, shown
from tests.kzdoc.test_sealing import opened_up
from tests.offices import NAMES

if TYPE_CHECKING:
    from pathlib import Path

    from tests.offices import Office

A, B, C = NAMES
WORDS = ("құпиясөз", "piasoz", "Сынақова", "суретбелгі")


def typed(form: DirectForm) -> Draft:
    return Draft(form.id, "testimony", b"", "Әңгіме", {"text": "құпиясөз айтылды"})


def test_while_it_is_written_nothing_here_opens_it_but_the_form_and_headquarters(
    office: Office, tmp_path: Path
) -> None:
    a, b, c = office.all()
    form = DirectForm(a, [B, C])
    form.keep(typed(form))
    form.keep(typed(form))
    assert found(opened_up(office, a), *WORDS) == []
    assert form.kept() == typed(form)
    assert filling.drafts(a) == []
    form.close()
    with pytest.raises(InputError, match=r"direct\.closed"):
        form.kept()
    (row,) = direct.cut_short(a)
    direct.write_cut_short(a, bytes.fromhex(row["draft"]), tmp_path / "form")
    data = (tmp_path / "form").read_bytes()
    with pytest.raises(InputError, match=r"direct\.not-for-you"):
        direct.open_cut_short(a, data)
    for headquarters in (b, c):
        assert dict(direct.open_cut_short(headquarters, data).typed) == {"text": "құпиясөз айтылды"}
        assert [one.name for one in filling.drafts(headquarters)] == ["Әңгіме"]


def test_an_ordinary_draft_would_be_caught(office: Office) -> None:
    a = office.open(A)
    filling.keep_draft(a, Draft(b"d" * 16, "testimony", b"", "Әңгіме", {"text": "құпиясөз айтылды"}))
    assert found(opened_up(office, a), *WORDS) == ["құпиясөз"]


def test_saved_it_is_sealed_at_once(office: Office, tmp_path: Path) -> None:
    a, b, _ = office.all()
    form = DirectForm(a, [B, C])
    form.keep(typed(form))
    person = Newborn(b"p" * 16, "person", "Сынақова Айгүл")
    (tmp_path / "f.txt").write_bytes("суретбелгі".encode() * 3000)
    changes = [Change("text", "set", "құпиясөз айтылды"), Change("witness", "set", person.id)]
    told = form.save("testimony", changes, born=[person], label="Бірінші")
    record = bytes.fromhex(told["record"])
    assert found(opened_up(office, a), *WORDS) == []
    assert direct.cut_short(a) == []
    assert (shown(a, record)["kind"], shown(a, record)["fields"]) == ("testimony", {})
    assert sealing.labels(a, {record, person.id}).keys() == {record, person.id}
    assert check(a.vault) == []
    casework.change(a, record, [Change("summary", "set", "кейін қосылды")])
    (out := tmp_path / "stick").mkdir()
    files = [out / name for name in sealing.write_sealed(a, bytes.fromhex(told["sealing"]), out)]
    assert incoming.take(b, files)["refused"] == []
    assert shown(b, record)["fields"]["text"] == "құпиясөз айтылды"
    assert shown(b, person.id)["fields"]["name_kk"] == "Сынақова Айгүл"


def test_a_file_in_it_is_kept_under_no_key_of_this_vault(office: Office, tmp_path: Path) -> None:
    a, b, _ = office.all()
    (tmp_path / "f.txt").write_bytes("суретбелгі".encode() * 3000)
    form = DirectForm(a, [B, C])
    told = form.save("evidence_item", [Change("title", "set", "құпиясөз"), Change("file", "set", tmp_path / "f.txt")])
    assert found(opened_up(office, a), *WORDS) == []
    (out := tmp_path / "stick").mkdir()
    files = [out / name for name in sealing.write_sealed(a, bytes.fromhex(told["sealing"]), out)]
    incoming.take(b, files)
    (blob,) = b.blobs.all()
    assert b"".join(b.blobs.read(blob.sha256)) == "суретбелгі".encode() * 3000
    assert len(a.blobs.all()) == 1, "the sealed file alone"


def test_when_saving_stops_the_form_goes_on(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    a = office.open(A)
    form = DirectForm(a, [B, C])
    form.keep(typed(form))

    def stop(*_: object, **__: object) -> None:
        raise VaultError("vault.disk-full")

    with monkeypatch.context() as patched:
        patched.setattr(a.vault.sent, "note", stop)
        with pytest.raises(VaultError):
            form.save("testimony", [Change("text", "set", "құпиясөз")])
    assert form.kept() == typed(form)
    assert sealing.outbox(a) == []
    assert list(a.records.records("testimony")) == []
    form.save("testimony", [Change("text", "set", "құпиясөз")])
    assert found(opened_up(office, a), *WORDS) == []


def test_what_fails_after_the_commit_is_left_to_the_next_opening_and_the_form_is_closed(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    a = office.open(A)
    form = DirectForm(a, [B, C])
    form.keep(typed(form))

    def fail() -> None:
        raise VaultError("vault.disk-full")

    with monkeypatch.context() as patched:
        patched.setattr(a.blobs, "finish_forgetting", fail)
        told = form.save("testimony", [Change("text", "set", "құпиясөз")])
        again = sealing.seal(a, [put(a, "testimony", text="құпиясөз")], [B, C], leave_texts=False)
    assert {one["number"] for one in sealing.outbox(a)} == {told["number"], again["number"]}, "saved, and told so"
    with pytest.raises(InputError, match=r"direct\.closed"):
        form.keep(typed(form))
    assert direct.cut_short(a) == []
    a.close()
    assert found(opened_up(office, a), *WORDS) == []


def test_a_form_that_is_thrown_away_leaves_nothing(office: Office) -> None:
    a = office.open(A)
    form = DirectForm(a, [B, C])
    form.keep(typed(form))
    form.drop()
    assert direct.cut_short(a) == []


@pytest.mark.parametrize("cut", [0, 5, 12, 27, 28, 500, 2000, -1])
def test_a_damaged_form_is_refused(office: Office, cut: int) -> None:
    a, b, _ = office.all()
    form = DirectForm(a, [B, C])
    form.keep(typed(form))
    data = a.vault.drafts.direct(form.id) or b""
    with pytest.raises(InputError, match=r"direct\."):
        direct.open_cut_short(b, data[:cut])
    assert filling.drafts(b) == []


def test_one_headquarters_is_not_enough(office: Office) -> None:
    with pytest.raises(InputError, match=r"seal\.one-key"):
        DirectForm(office.open(A), [B])
