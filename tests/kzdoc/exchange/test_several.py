"""Several bundles at once: found by what is inside, previewed together, taken in one by one."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from kzdoc import casework
from kzdoc.errors import Cancelled, InputError
from kzdoc.exchange import finding, incoming, quarantine, receipting, several, taking_back, trust
from kzdoc.progress import silent
from kzdoc.vault.check import state_hash
from tests.kzdoc.test_exchange import flip_end, put, send
from tests.offices import NAMES

if TYPE_CHECKING:
    from kzdoc.session import Session
    from tests.offices import Office

A, B, C = NAMES
pytestmark = pytest.mark.usefixtures("nearby")


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    made = tmp_path / "stick"
    made.mkdir()
    return made


def made(session: Session, folder: Path, name: str, *people: str, **more: Any) -> list[Path]:
    """Write people and send them; return the files, whose names tell nothing."""
    for person in people:
        put(session, name_kk=person)
    return send(session, folder / name, C, **more)


def test_a_stick_is_previewed_whole_and_taken_in_in_the_senders_order(office: Office, stick: Path) -> None:
    a, b, c = office.all()
    made(a, stick, "z.doc", "Тестов Данияр")
    (stick / "deeper").mkdir()
    made(a, stick / "deeper", "a.jpg", "Мысалов Ғалым")
    made(b, stick, "m.bin", "Сынақова Айгүл", "Үлгіқызы Әсем")
    (stick / "photo.jpg").write_bytes(b"\xff\xd8 not a bundle")
    before = state_hash(c.vault)
    seen = several.look(c, [stick]).document()
    assert state_hash(c.vault) == before
    rows = [(one["sender"], one["number"], one["new"], one["standing"], one["counted"]) for one in seen["bundles"]]
    assert rows == [(A, 1, 1, "next", "after"), (A, 2, 1, "next", "after"), (B, 1, 2, "next", "after")]
    assert (seen["come"], seen["totals"]["new"]) == (3, 4)
    assert (seen["other_files"], seen["named"], seen["too_many"]) == (1, ["photo.jpg"], False)
    told = several.take(c, several.group(c, [stick]))
    assert [(one["sender"], one["new"], one["whole"]) for one in told["taken"]] == [
        (A, 1, True),
        (A, 1, True),
        (B, 2, True),
    ]
    assert (told["not_taken"], told["stopped"], c.records.counts()) == ([], "", {"person": 4})
    again = several.look(c, [stick]).document()
    assert (again["come"], [one["already"] for one in again["bundles"]]) == (0, [True] * 3)
    assert several.take(c, several.group(c, [stick]))["known"] == 3


def test_counts_are_of_what_a_bundle_adds_to_those_before_it(office: Office, stick: Path) -> None:
    a, b, c = office.all()
    one = put(a, name_kk="Тестов Данияр")
    send(a, stick / "1.kzb", B, C)
    incoming.take(b, [stick / "1.kzb"])
    put(b, name_kk="Сынақова Айгүл")
    send(b, stick / "2.kzb", C)
    rows = several.look(c, [stick]).document()["bundles"]
    assert [(row["new"], row["changed"]) for row in rows] == [(1, 0), (1, 0)]
    assert incoming.inspect(c, [stick / "2.kzb"])["new"] == len({one, b"other"})


def test_volumes_are_put_together_whatever_their_names_and_order(office: Office, stick: Path) -> None:
    a, _, c = office.all()
    event = put(a, "event", title="Митинг")
    (stick.parent / "видео.mp4").write_bytes(office.randomness(1_300_000))
    casework.attach(a, event, [stick.parent / "видео.mp4"])
    files = made(a, stick, "whole", "Тестов Данияр", volume_size=600_000)
    assert len(files) > 2
    for number, file in enumerate(reversed(files)):
        file.rename(stick / f"{number}.txt")
    last = stick / "0.txt"
    held = last.read_bytes()
    last.unlink()
    (row,) = several.look(c, [stick]).document()["bundles"]
    assert (row["why"], row["volumes_missing"], row["new"]) == ("bundle.volumes-missing", [len(files)], None)
    told = several.take(c, several.group(c, [stick]))
    assert [one["code"] for one in told["not_taken"]] == ["bundle.volumes-missing"]
    last.write_bytes(held)
    assert several.take(c, several.group(c, [stick]))["taken"][0]["whole"]
    assert (c.records.counts()["person"], len(c.blobs.all())) == (1, 1)


def test_a_bad_one_keeps_no_other_from_coming(office: Office, stick: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    a, b, c = office.all()
    (cut,) = made(a, stick, "1.kzb", "Тестов Данияр")
    made(a, stick, "2.kzb", "Мысалов Ғалым")
    made(b, stick, "3.kzb", "Сынақова Айгүл")
    flip_end(cut)
    several_of = several.group(c, [stick])
    several.foresee(c, several_of)
    seen = several_of.document()
    assert [one["code"] for one in seen["refused"]] == ["bundle.damaged"]
    assert [(one["sender"], one["standing"], one["why"]) for one in seen["bundles"]] == [
        (A, "gap", ""),
        (B, "next", ""),
    ]
    told = several.take(c, several_of)
    assert len(told["taken"]) == 2
    assert c.records.counts() == {"person": 3}  # what was not receipted goes again with the next one
    inside = made(b, stick, "4.kzb", "Үлгіқызы Әсем")
    made(a, stick, "5.kzb", "Тестова Әсем")
    judged = incoming._judge

    def bad(session: Session, arriving: Any, *, root: bytes, sender: bytes) -> dict[str, int]:
        counts = judged(session, arriving, root=root, sender=sender)
        if sender == b.author:
            raise incoming.BundleError("bundle.item")
        return counts

    monkeypatch.setattr(incoming, "_judge", bad)
    several_of = several.group(c, [stick])
    several.foresee(c, several_of)
    rows = {one["number"]: one for one in several_of.document()["bundles"] if not one["already"]}
    assert (rows[2]["why"], rows[2]["sender"]) == ("bundle.item", B)
    assert (rows[3]["new"], rows[3]["why"]) == (1, "")
    told = several.take(c, several_of)
    assert [one["files"] for one in told["not_taken"]] == [[inside[0].name]]
    assert [one["sender"] for one in told["taken"]] == [A]


@pytest.mark.parametrize("stop", [Cancelled, KeyboardInterrupt])
def test_whoever_stops_keeps_whole_bundles_and_hears_which(
    stop: type[BaseException], office: Office, stick: Path
) -> None:
    a, b, c = office.all()
    made(a, stick, "1.kzb", "Тестов Данияр")
    made(b, stick, "2.kzb", "Сынақова Айгүл")
    lying = several.group(c, [stick])

    def stop_inside_the_second(step: str, done: int, total: int) -> None:
        del total
        if (step, done) == ("several.take", 1):
            raise stop

    told = several.take(c, lying, progress=stop_inside_the_second)
    assert (told["stopped"], [one["sender"] for one in told["taken"]]) == ("work.cancelled", [A])
    assert c.records.counts() == {"person": 1}
    assert len(several.take(c, lying)["taken"]) == 1


def test_only_those_chosen_are_taken(office: Office, stick: Path) -> None:
    a, b, c = office.all()
    made(a, stick, "1.kzb", "Тестов Данияр")
    made(b, stick, "2.kzb", "Сынақова Айгүл")
    lying = several.group(c, [stick])
    told = several.take(c, lying, chosen={lying.bundles[1].root})
    assert [one["sender"] for one in told["taken"]] == [B]
    assert several.look(c, [stick]).document()["come"] == 1


def test_an_unverified_senders_waits_and_is_counted_alone(office: Office, stick: Path) -> None:
    a, b, c = office.all()
    c.vault.contacts.set_state(A, "unverified", how="")
    made(a, stick, "1.kzb", "Тестов Данияр")
    made(b, stick, "2.kzb", "Сынақова Айгүл")
    rows = several.look(c, [stick]).document()["bundles"]
    assert [(one["why"], one["counted"], one["new"]) for one in rows] == [
        ("bundle.unverified-sender", "alone", 1),
        ("", "after", 1),
    ]
    told = several.take(c, several.group(c, [stick]))
    assert [(one["code"], one["waits"]) for one in told["not_taken"]] == [("bundle.unverified-sender", True)]
    assert len(quarantine.waiting(c)) == len(told["taken"]) == 1


def test_receipts_are_found_and_noted(office: Office, stick: Path, tmp_path: Path) -> None:
    a, b, c = office.all()
    put(a, name_kk="Тестов Данияр")
    files = send(a, tmp_path / "1.kzb", B, C)
    for reader in (b, c):
        incoming.take(reader, files)
        (stick / f"{reader.name}.txt").write_bytes(receipting.make_receipt(reader, files))
    made(b, stick, "2.kzb", "Сынақова Айгүл")
    seen = several.look(c, [stick]).document()
    assert (seen["receipts"], seen["receipts_passed_over"], seen["come"]) == ([], 2, 1)
    seen = several.look(a, [stick]).document()
    assert sorted(one["from"] for one in seen["receipts"]) == sorted([B, C])
    assert seen["not_for_us"] == 1
    told = several.take(a, several.group(a, [stick]))
    assert [one["already"] for one in told["receipts"]] == [False, False]
    told = several.take(a, several.group(a, [stick]))
    assert [one["already"] for one in told["receipts"]] == [True, True]


def test_what_is_found_is_bounded_and_follows_no_link(stick: Path, tmp_path: Path, monkeypatch: Any) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "b").write_bytes(b"age-encryption.org/v1\nx")
    (stick / "link").symlink_to(outside)
    (stick / "file").symlink_to(outside / "b")
    (stick / ".Trash").mkdir()
    (stick / ".Trash" / "b").write_bytes(b"age-encryption.org/v1\nx")
    (stick / "vault").mkdir()
    (stick / "vault" / "vault.keys").write_bytes(b"")
    (stick / "vault" / "blobs").mkdir()
    (stick / "vault" / "blobs" / "b").write_bytes(b"age-encryption.org/v1\nx")
    os.mkfifo(stick / "pipe")
    deep = stick
    for _ in range(finding.DEPTH + 1):
        deep = deep / "d"
        deep.mkdir()
    (deep / "b").write_bytes(b"age-encryption.org/v1\nx")
    (stick / "card.txt").write_text("-----BEGIN KZDOC CARD-----\n", encoding="ascii")
    found = finding.find([stick], progress=silent)
    assert (found.sealed, found.receipts, found.named) == ([], [], ["card.txt", "vault/vault.keys"])
    assert found.vaults == 1
    for number in range(5):
        (stick / f"b{number}").write_bytes(b"age-encryption.org/v1\nx")
    monkeypatch.setattr(finding, "MOST_SEALED", 3)
    found = finding.find([stick], progress=silent)
    assert (len(found.sealed), found.more) == (3, True)
    monkeypatch.setattr(finding, "MOST_LOOKED", 4)
    assert finding.find([stick, stick], progress=silent).more
    with pytest.raises(InputError, match=r"file\.not-read"):
        finding.find([stick / "gone"], progress=silent)


def test_one_file_named_twice_is_one(office: Office, stick: Path) -> None:
    a, _, c = office.all()
    (file,) = made(a, stick, "1.kzb", "Тестов Данияр")
    lying = several.group(c, [file, stick, file])
    assert [len(one.files) for one in lying.bundles] == [1]
    assert len(lying.found.sealed) == 1


def test_a_roster_or_trust_tried_in_the_preview_is_rolled_back(office: Office, stick: Path) -> None:
    a, _, c = office.all()
    made(a, stick, "1.kzb", "Тестов Данияр")
    before = c.store.policy(), trust.contacts(c, "en"), c.vault.taken_in.taken_from(a.author, but=b"")
    several.look(c, [stick])
    assert (c.store.policy(), trust.contacts(c, "en"), c.vault.taken_in.taken_from(a.author, but=b"")) == before


def test_a_stick_that_still_carries_what_was_taken_back_changes_nothing(office: Office, stick: Path) -> None:
    a, _, c = office.all()
    made(a, stick, "1.kzb", "Тестов Данияр")
    lying = several.group(c, [stick])
    several.take(c, lying)
    taking_back.take_back(c, lying.bundles[0].root)
    assert c.records.counts() == {}
    several.take(c, several.group(c, [stick]))
    assert c.records.counts() == {}
    several.take(c, several.group(c, [stick]), chosen={lying.bundles[0].root})
    assert c.records.counts() == {"person": 1}


def test_a_file_called_as_a_vaults_keys_hides_nothing(office: Office, stick: Path) -> None:
    a, _, c = office.all()
    made(a, stick, "1.kzb", "Тестов Данияр")
    (stick / "deeper").mkdir()
    made(a, stick / "deeper", "2.kzb", "Мысалов Ғалым")
    for folder in (stick, stick / "deeper"):
        (folder / "vault.keys").write_bytes(b"planted")
    (stick / "blobs").mkdir()
    made(a, stick / "blobs", "3.kzb", "Сынақова Айгүл")
    seen = several.look(c, [stick]).document()
    assert [one["files"] for one in seen["bundles"]] == [["1.kzb"], ["deeper/2.kzb"]]
    assert seen["vaults"] == 1, "what is not looked into is told"


def test_no_choice_of_names_keeps_a_file_out_of_sight(stick: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(20):
        (stick / f"a{number:02}").write_bytes(b"age-encryption.org/v1\nx")
    file = stick / "zz"
    file.write_bytes(b"age-encryption.org/v1\nx")
    for most in ("MOST_SEALED", "MOST_LOOKED"):
        monkeypatch.setattr(finding, most, 10)
        looks = [finding.find([stick], draw=bytes([number]), progress=silent) for number in range(200)]
        assert all(one.more and one.sealed == sorted(one.sealed) and len(one.sealed) == 10 for one in looks)
        seen = sum(file in one.sealed for one in looks)
        assert 55 < seen < 140, "it is found as often as any other"
        monkeypatch.undo()
    monkeypatch.setattr(finding, "MOST_SEALED", 10)
    assert file in finding.find([stick, file], progress=silent).sealed, "what was named itself comes before the others"
