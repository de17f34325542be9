"""An exchange folder between desks: what is taken, put, receipted and cleaned up, and what is waited for."""

from __future__ import annotations

import contextlib
import shutil
import unicodedata
from typing import TYPE_CHECKING, Any

import pytest

from kzdoc import casework, withholding
from kzdoc.domain.audience import Audience
from kzdoc.errors import BundleError, Cancelled, InputError
from kzdoc.exchange import folder, folder_writing, incoming, outgoing, quarantine, trust
from kzdoc.vault.check import state_hash
from tests.kzdoc.test_exchange import change, put, send, shown
from tests.offices import NAMES

if TYPE_CHECKING:
    from pathlib import Path

    from kzdoc.session import Session
    from tests.offices import Office

A, B, C = NAMES

pytestmark = pytest.mark.usefixtures("nearby")


def arrange(session: Session, shared: Path, *to: str, audience: Audience = Audience.INTERNAL) -> None:
    folder.arrange(session, shared, to, audience=audience, purpose="алмасу")


def once(session: Session, shared: Path) -> dict[str, Any]:
    """Do a round, and a second one that must have nothing left to do."""
    told = folder.exchange(session, shared)
    before = listing(shared)
    again = folder.exchange(session, shared)
    assert not again["taken"]
    assert not again["receipts"]
    assert (again["written"], again["receipts_written"], again["removed"]) == (None, 0, 0), "a round twice is one round"
    assert listing(shared) == before
    return told


def listing(shared: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in shared.iterdir() if file.is_file()}


def test_two_desks_meet_in_a_folder_and_leave_it_empty(office: Office, shared: Path) -> None:
    a, _, c = office.all()
    arrange(a, shared, C)
    arrange(c, shared, A)
    person = put(a, name_kk="Тестов Данияр")
    put(c, "event", title="Митинг")
    told = once(a, shared)
    assert told["written"]["statements"] == 1
    assert [told["written"]["files"], told["safe_to_pull"]] == [list(listing(shared)), True]
    told = once(c, shared)
    assert [(one["sender"], one["new"]) for one in told["taken"]] == [(A, 1)]
    assert told["receipts_written"] == 1
    assert len(listing(shared)) == 3, "the bundle, its receipt, the answer"
    told = once(a, shared)
    assert [one["from"] for one in told["receipts"]] == [C]
    assert told["removed"] == 1
    assert shown(c, person)["fields"]["name_kk"] == "Тестов Данияр"
    once(c, shared)
    once(a, shared)
    once(c, shared)
    assert listing(shared) == {}
    assert state_hash(a.vault) == state_hash(c.vault)


def test_nothing_is_put_there_for_nobody_and_what_was_arranged_is_remembered(office: Office, shared: Path) -> None:
    a, _, c = office.all()
    put(a, name_kk="Тестов Данияр")
    assert once(a, shared)["written"] is None
    arrange(a, shared, C)
    a.close()
    a = office.open(A)
    assert once(a, shared)["written"]["to"] == [C]
    arrange(a, shared)
    put(a, name_kk="Мысалов Ғалым")
    assert once(a, shared)["written"] is None
    assert once(c, shared)["written"] is None


def test_what_lies_there_is_on_its_way_and_is_not_sent_again(office: Office, shared: Path) -> None:
    a, _, c = office.all()
    arrange(a, shared, C)
    put(a, name_kk="Тестов Данияр", description="сөз " * 3_000)
    large = once(a, shared)["written"]
    put(a, name_kk="Мысалов Ғалым")
    small = once(a, shared)["written"]
    assert small["statements"] == 1
    assert small["bundle"] != large["bundle"]
    for name in large["files"]:
        (shared / name).unlink()
    again = once(a, shared)["written"]
    assert again["statements"] == large["statements"], "what was lost goes again, what still lies there does not"
    assert [one["new"] for one in once(c, shared)["taken"]] != []
    assert state_hash(c.vault) == state_hash(a.vault)


def test_one_bundle_serves_many_and_goes_when_the_last_has_it(office: Office, shared: Path) -> None:
    a, b, c = office.all()
    arrange(a, shared, B, C)
    put(a, name_kk="Тестов Данияр")
    (name,) = once(a, shared)["written"]["files"]
    once(b, shared)
    assert once(a, shared)["removed"] == 0
    assert (shared / name).exists(), "C has not receipted it"
    once(b, shared)
    once(c, shared)
    assert once(a, shared)["removed"] == 1
    once(b, shared)
    once(c, shared)
    assert listing(shared) == {}


def test_a_desk_that_would_clean_up_without_receipts_is_caught(
    office: Office, shared: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    a, _, _ = office.all()
    arrange(a, shared, B, C)
    put(a, name_kk="Тестов Данияр")
    monkeypatch.setattr(folder, "_receipted", lambda *_: True)
    assert folder.exchange(a, shared)["removed"] == 0
    first = listing(shared).keys()
    assert folder.exchange(a, shared)["removed"] == 1, "the rule of the test above breaks without the receipts"
    assert not first & listing(shared).keys()


def test_a_file_of_somebody_else_is_never_touched(office: Office, shared: Path) -> None:
    a, b, c = office.all()
    arrange(a, shared, C)
    (shared / "Отчёт.docx").write_bytes(b"PK")
    (shared / "empty.bin").write_bytes(b"")
    (shared / "link.bin").symlink_to(shared / "Отчёт.docx")
    (shared / "folder.bin").mkdir()
    put(b, name_kk="Тестов Данияр")
    send(b, shared / "for-a.bin", A)
    send(b, shared / "for-c.bin", C)
    before = listing(shared)
    told = once(a, shared)
    assert [one["sender"] for one in told["taken"]] == [B]
    assert (told["not_for_us"], told["other_files"]) == (1, 4)
    once(c, shared)
    assert listing(shared).items() >= before.items()


RENAMED = (
    "0011223344556677.sync-conflict-20260302-140000-ABCDEFG.bin",
    "Копия (1).BIN",
    unicodedata.normalize("NFD", "Ёлка й.bin"),
    "АЙҒАҚ.BIN",
    "x" * 200,
)


@pytest.mark.parametrize("name", RENAMED)
def test_whatever_carriers_call_it_a_bundle_is_one_bundle(office: Office, shared: Path, name: str) -> None:
    a, _, c = office.all()
    arrange(a, shared, C)
    put(a, name_kk="Тестов Данияр")
    (file,) = once(a, shared)["written"]["files"]
    shutil.copy2(shared / file, shared / name)
    (shared / file).rename(shared / "renamed")
    told = once(c, shared)
    assert ([one["new"] for one in told["taken"]], told["known"], told["receipts_written"]) == ([1], 1, 1)
    told = once(a, shared)
    assert told["removed"] == 2, "the copy was a copy of its own"
    once(c, shared)
    assert listing(shared) == {}


@pytest.mark.parametrize(
    "name",
    [
        ".syncthing.0011223344556677.bin.tmp",
        "~syncthing~0011223344556677.bin.tmp",
        "0011223344556677.bin.partial",
        "0011223344556677.BIN.PART",
        "0011223344556677.bin.k3j4h5g6.partial",
        ".0011223344556677.bin.Xk3j4h",
        "0011223344556677.bin.filepart",
        "0011223344556677.bin.crdownload",
    ],
)
def test_a_file_in_the_making_is_passed_over(office: Office, shared: Path, name: str) -> None:
    a, _, c = office.all()
    arrange(a, shared, C)
    put(a, name_kk="Тестов Данияр")
    (file,) = once(a, shared)["written"]["files"]
    (shared / file).rename(shared / name)
    assert once(c, shared)["taken"] == []
    (shared / name).rename(shared / file)
    assert len(once(c, shared)["taken"]) == 1


def test_half_a_file_is_waited_for(office: Office, shared: Path) -> None:
    a, _, c = office.all()
    arrange(a, shared, C)
    put(a, name_kk="Тестов Данияр", description="сөз " * 30_000)
    (name,) = once(a, shared)["written"]["files"]
    whole = (shared / name).read_bytes()
    before = state_hash(c.vault)
    for part in (0, 10, 100, 7_000, len(whole) - 1):
        (shared / name).write_bytes(whole[:part])
        assert once(c, shared)["taken"] == []
        assert state_hash(c.vault) == before
    (shared / name).write_bytes(whole[:-5_000] + bytes(5_000))
    assert [one["file"] for one in once(c, shared)["refused"]] == [name], "as long as it will be, and not yet full"
    assert state_hash(c.vault) == before
    (shared / name).write_bytes(whole)
    assert len(once(c, shared)["taken"]) == 1


def test_volumes_are_waited_for_in_any_order(office: Office, shared: Path, tmp_path: Path) -> None:
    a, _, c = office.all()
    arrange(a, shared, C)
    for title in ("Митинг", "Жиын"):
        put(a, "event", title=title, description="сөз " * 50_000, response="көше " * 40_000)
    files = folder.exchange(a, shared, volume_size=600_000)["written"]["files"]
    assert len(files) > 2
    assert len({name[:4] for name in files}) == len(files), "names of volumes do not belong together"
    for name in files[:-1]:
        (shared / name).rename(tmp_path / name)
    told = once(c, shared)
    assert told["unfinished"] == [
        {"bundle": told["unfinished"][0]["bundle"], "missing": list(range(1, len(files))), "of": len(files)}
    ]
    for name in files[:-1]:
        shutil.copy(tmp_path / name, shared / f"copy of {name}")
        shutil.move(tmp_path / name, shared / name)
    told = once(c, shared)
    assert [one["new"] for one in told["taken"]] == [2]
    assert told["receipts_written"] == 1
    assert once(a, shared)["removed"] == 2 * len(files) - 1
    assert state_hash(a.vault) == state_hash(c.vault)


def test_an_unverified_sender_waits_and_comes_in_once_verified(office: Office, shared: Path) -> None:
    a, _, c = office.all()
    c.vault.contacts.set_state(A, "unverified", how="")
    arrange(a, shared, C)
    put(a, name_kk="Тестов Данияр")
    before = state_hash(c.vault)
    once(a, shared)
    told = once(c, shared)
    assert [(one["sender"], one["kept"]) for one in told["waiting"]] == [(A, True)]
    assert (told["taken"], told["receipts_written"]) == ([], 0)
    assert state_hash(c.vault) == before
    assert folder.exchange(c, shared)["waiting"] == told["waiting"], "it is said each time"
    digits = trust.own_fingerprint(a, "en")["fingerprint"]
    trust.verify_contact(c, A, digits=digits, by="person", lang="en")
    told = once(c, shared)
    assert [one["new"] for one in told["taken"]] == [1]
    assert told["waiting"] == quarantine.waiting(c) == []
    assert once(a, shared)["removed"] == 1


def test_a_flood_of_an_unverified_sender_does_not_fill_the_vault(
    office: Office, shared: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    a, _, c = office.all()
    c.vault.contacts.set_state(A, "unverified", how="")
    monkeypatch.setattr(incoming, "WAITING_MOST", 2)
    for number in range(4):
        put(a, name_kk="Тестов Данияр")
        send(a, shared / f"{number}.bin", C)
    told = once(c, shared)
    assert sorted(one["kept"] for one in told["waiting"]) == [False, False, True, True]
    assert len(quarantine.waiting(c)) == 2


def test_a_revoked_partner_gets_nothing_and_what_lay_there_for_him_goes(office: Office, shared: Path) -> None:
    a, b, c = office.all()
    arrange(a, shared, B, C)
    put(a, name_kk="Тестов Данияр")
    once(a, shared)
    once(b, shared)
    trust.revoke_contact(a, C, lang="en")
    told = once(a, shared)
    assert (told["without"], told["removed"]) == ([C], 1)
    once(b, shared)
    assert once(c, shared)["taken"] == []
    put(a, name_kk="Мысалов Ғалым")
    assert once(a, shared)["written"]["to"] == [B]
    assert once(c, shared)["taken"] == []


def test_a_round_that_was_stopped_goes_on(office: Office, shared: Path, tmp_path: Path) -> None:
    a, _, c = office.all()
    arrange(a, shared, C)
    event = put(a, "event", title="Митинг")
    (tmp_path / "видео.mp4").write_bytes(b"v" * 3_000_000)
    casework.attach(a, event, [tmp_path / "видео.mp4"])
    for step in ("bundle.choose", "bundle.survey", "bundle.write"):

        def stop(at: str, *_: int, step: str = step) -> None:
            if at == step:
                raise Cancelled

        with pytest.raises(Cancelled):
            folder.exchange(a, shared, progress=stop)
        assert list(shared.iterdir()) == [], step
    assert once(a, shared)["written"]["files_inside"] == 1

    def stop_reading(at: str, *_: int) -> None:
        if at == "bundle.read":
            raise Cancelled

    before = state_hash(c.vault)
    with pytest.raises(Cancelled):
        folder.exchange(c, shared, progress=stop_reading)
    assert state_hash(c.vault) == before
    assert len(once(c, shared)["taken"]) == 1
    assert once(a, shared)["removed"] == 1


@pytest.mark.parametrize("noted", [False, True])
def test_what_a_power_cut_left_in_the_folder_is_finished_or_removed(
    office: Office, shared: Path, monkeypatch: pytest.MonkeyPatch, *, noted: bool
) -> None:
    a, _, c = office.all()
    arrange(a, shared, C)
    put(a, name_kk="Тестов Данияр")

    def cut(*_: object, **__: object) -> None:
        message = "power cut"
        raise RuntimeError(message)

    with monkeypatch.context() as power:
        power.setattr(folder_writing, "move_durably" if noted else "_finish", cut)
        power.setattr(folder_writing.shutil, "rmtree", cut)
        if not noted:
            power.setattr(a.vault.sent, "note", cut)
            power.setattr(outgoing, "_or_none_is_left", lambda _: contextlib.nullcontext())
        with pytest.raises(RuntimeError, match="power cut"):
            folder.exchange(a, shared)
    (inner,) = shared.iterdir()
    assert len(list(inner.iterdir())) == 1, "whole, and under no name that anybody looks at"
    assert folder.exchange(c, shared)["taken"] == []
    told = once(a, shared)
    assert (told["written"] is None) == noted
    assert len(listing(shared)) == len(list(shared.iterdir())) == 1
    assert len(once(c, shared)["taken"]) == 1
    assert once(a, shared)["removed"] == 1


def test_a_folder_must_be_there_and_not_in_a_vault(office: Office, shared: Path) -> None:
    a, b, _ = office.all()
    with pytest.raises(InputError, match=r"folder\.missing"):
        folder.exchange(a, shared / "gone")
    inside = office.folder / B / "blobs"
    assert inside.is_dir()
    with pytest.raises(InputError, match=r"file\.in-vault"):
        folder.exchange(a, inside)
    b.vault.contacts.set_state(A, "unverified", how="")
    with pytest.raises(BundleError, match=r"contact\.not-verified"):
        arrange(b, shared, A)


def test_a_change_goes_on_and_an_alert_once(office: Office, shared: Path) -> None:
    a, b, c = office.all()
    arrange(a, shared, B, C)
    person = put(a, name_kk="Тестов Данияр")
    for desk in (a, b, c, a, b, c):
        once(desk, shared)
    change(a, person, born="1980")
    assert once(a, shared)["written"]["statements"] == 1
    for desk in (b, c, a):
        once(desk, shared)
    assert shown(c, person)["fields"]["born"] == "1980"


def test_a_bundle_without_a_receipt_is_looked_at_again_when_its_words_are_back(office: Office, shared: Path) -> None:
    a, _, c = office.all()
    arrange(a, shared, C)
    person = put(a, name_kk="Тестов Данияр", born="1980")
    (name,) = once(a, shared)["written"]["files"]
    incoming.take(c, [shared / name])
    withholding.withhold(c, person, ["born"], reason="travelled")
    assert once(c, shared)["receipts_written"] == 0
    withholding.restore(c, person)
    assert once(c, shared)["receipts_written"] == 1
    assert once(a, shared)["removed"] == 1


def test_a_noted_file_that_cannot_be_read_for_a_moment_is_not_removed(
    office: Office, shared: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    a, _, c = office.all()
    arrange(a, shared, C)
    put(a, name_kk="Тестов Данияр")
    with monkeypatch.context() as moment:
        moment.setattr(folder_writing, "read_mark", lambda _: None)
        folder.exchange(a, shared)
    assert not listing(shared)
    assert once(a, shared)["written"] is None
    assert len(once(c, shared)["taken"]) == 1
