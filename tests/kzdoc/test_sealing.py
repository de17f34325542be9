"""Sealing: headquarters opens what nothing here does any more; a stub stays; the outbox waits for the receipt."""

from __future__ import annotations

import contextlib
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from kzdoc import casework, filling, naming, sealing, withholding
from kzdoc.casework import Change
from kzdoc.errors import BundleError, InputError, KzdocError, VaultError
from kzdoc.exchange import incoming, outgoing, receipting
from kzdoc.filling import Draft
from kzdoc.vault.check import check
from kzdoc.vault.projection import Projections
from tests.kzdoc.adversary import found, spoils
from tests.kzdoc.test_exchange import put, send, shown
from tests.offices import NAMES

if TYPE_CHECKING:
    from pathlib import Path

    from kzdoc.session import Session
    from tests.offices import Office

A, B, C = NAMES
CANARIES = (
    "құпиясөз",
    "ескімәтін",
    "жазбабелгі",
    "суретбелгі",
    "жобабелгі",
    "piasoz",
    "kimatin",
)  # the folded ones without their beginnings, which an index may share
STORY = {"text": "құпиясөз айтылды", "work_notes": "жазбабелгі"}


def furnished(session: Session, tmp_path: Path) -> bytes:
    """Write a testimony with an earlier version, an attached file, words withheld, and a draft of it."""
    record = put(session, "testimony", text="ескімәтін")
    casework.change(session, record, [Change("text", "set", STORY["text"]), Change("work_notes", "set", "жазбабелгі")])
    (tmp_path / "қосымша.txt").write_bytes("суретбелгі".encode() * 5000)
    casework.attach(session, record, [tmp_path / "қосымша.txt"])
    withholding.withhold(session, record, ["work_notes"], "for now")
    filling.keep_draft(session, Draft(b"d" * 16, "testimony", record, "t", {"text": "жобабелгі"}))
    naming.decide(session, ["құпиясөз"], "name")
    return record


def seal(session: Session, *records: bytes, to: Any = (B, C), **more: Any) -> dict[str, Any]:
    return sealing.seal(session, records, to, leave_texts=False, **more)


def opened_up(office: Office, session: Session) -> list[bytes]:
    """Return all an adversary reads in the vault as it lies there now, unlocked, with its WAL."""
    copy = office.folder / f"taken-{len(list(office.folder.iterdir()))}"
    shutil.copytree(session.vault.folder, copy)
    return spoils(copy, office.template.keys[session.vault.folder.name])


def sealed_files(session: Session, made: dict[str, Any], out: Path) -> list[Path]:
    out.mkdir(exist_ok=True)
    return [out / name for name in sealing.write_sealed(session, bytes.fromhex(made["sealing"]), out)]


def test_with_every_key_here_a_sealed_testimony_stays_closed_and_headquarters_opens_it(
    office: Office, tmp_path: Path
) -> None:
    a, b, c = office.all()
    record = furnished(a, tmp_path)
    before = found(opened_up(office, a), *CANARIES)
    assert set(before) == set(CANARIES), "the twin: before sealing the same search finds every word"
    before_hash = {session.name: shown(a, record) for session in (a,)}
    made = seal(a, record)
    assert made["statements"] > 5
    assert made["files"] == 1
    assert found(opened_up(office, a), *CANARIES) == []
    a.close()
    assert found(spoils(a.vault.folder, office.template.keys[A]), *CANARIES) == []
    a = office.open(A)
    assert found(opened_up(office, a), *CANARIES) == []
    assert check(a.vault) == []
    files = sealed_files(a, made, tmp_path / "stick")
    with pytest.raises(BundleError, match=r"bundle\.not-for-you"):
        incoming.take(a, files)
    for headquarters in (b, c):
        told = sealing.open_sealed(headquarters, files)
        assert told["refused"] == []
        seen = shown(headquarters, record)
        assert seen["fields"]["text"] == STORY["text"]
        assert seen["fields"]["work_notes"] == STORY["work_notes"], "internal notes and words withheld go as well"
        assert seen["withheld"] == 0
        (blob,) = headquarters.blobs.all()
        assert b"".join(headquarters.blobs.read(blob.sha256)) == "суретбелгі".encode() * 5000
        assert casework.history(headquarters, record)[0]["fields"]["text"] == "ескімәтін"
        assert check(headquarters.vault) == []
    assert before_hash


def test_a_stub_stays_and_takes_addenda_which_can_be_sealed_again(office: Office, tmp_path: Path) -> None:
    a, b, _ = office.all()
    record = furnished(a, tmp_path)
    made = seal(a, record, label="Сейсенбі, бірінші")
    stub = shown(a, record)
    assert (stub["kind"], stub["fields"]) == ("testimony", {})
    assert stub["withheld"] == 2, "the text that stood last, and the notes"
    assert {one.reason for one in casework.state(a, record).absent} == {"sealed"}
    assert sealing.labels(a, {record})[record]["label"] == "Сейсенбі, бірінші"
    assert a.records.find("құпиясөз") == []
    casework.change(a, record, [Change("text", "set", "қосымша айтты")])
    assert shown(a, record)["fields"]["text"] == "қосымша айтты"
    incoming.take(b, sealed_files(a, made, tmp_path / "1"))
    incoming.take(b, send(a, tmp_path / "addendum", B))
    assert set(shown(b, record)["fields"]["text"]) == {STORY["text"], "қосымша айтты"}, "nothing is lost"
    again = seal(a, record)
    assert (again["number"], again["statements"]) == (2, 1)
    assert shown(a, record)["fields"] == {}


def test_one_headquarters_is_not_enough_without_a_rehearsed_recovery(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    a = office.open(A)
    record = furnished(a, tmp_path)
    for to in ([C], [C, C], []):
        with pytest.raises(InputError, match=r"seal\.one-key"):
            seal(a, record, to=to)
    assert shown(a, record)["fields"]
    monkeypatch.setattr(sealing, "recovery", lambda _: {"state": "made"})
    with pytest.raises(InputError, match=r"seal\.one-key"):
        seal(a, record, to=[C])
    monkeypatch.setattr(sealing, "recovery", lambda _: {"state": "rehearsed"})
    assert seal(a, record, to=[C])["to"] == [C]


def test_refusals_change_nothing(office: Office, tmp_path: Path) -> None:
    a = office.open(A)
    record = furnished(a, tmp_path)
    for records, to, label, code in (
        ([record], [B, "Ешкім"], "", r"contact\.unknown"),
        ([b"x" * 16], [B, C], "", r"record\.unknown"),
        ([record], [B, C], "a\nb", r"seal\.label"),
        ([record], [B, C], "a" * 61, r"seal\.label"),
    ):
        with pytest.raises(KzdocError, match=code):
            sealing.seal(a, records, to, label=label, leave_texts=False)
    assert shown(a, record)["fields"]["text"] == STORY["text"]
    assert sealing.outbox(a) == []
    seal(a, record)
    with pytest.raises(InputError, match=r"record\.nothing-there"):
        seal(a, record)


def test_a_person_who_is_still_named_elsewhere_is_not_sealed_unasked(office: Office) -> None:
    a = office.open(A)
    person = put(a, name_ru="Мысалов Ғалым")
    other = put(a, "event", title="Митинг", description="Там был Мысалов Ғалым")
    with pytest.raises(InputError, match=r"seal\.still-named"):
        sealing.seal(a, [person], [B, C], leave_texts=False)
    assert sealing.foresee(a, [person], [B, C])["still_named"] == [other.hex()]
    sealing.seal(a, [person], [B, C], leave_texts=True)
    sealing.seal(a, [other], [B, C], leave_texts=False)


def test_the_outbox_waits_for_the_receipt_and_only_then_lets_the_file_go(office: Office, tmp_path: Path) -> None:
    a, b, _ = office.all()
    record = furnished(a, tmp_path)
    made = seal(a, record)
    (row,) = sealing.outbox(a)
    assert (row["state"], row["kept"], row["records"][0]) == ("waiting", True, record.hex())
    assert sealing.clear(a) == 0, "nothing goes without a receipt"
    files = sealed_files(a, made, tmp_path / "stick")
    assert sealing.outbox(a)[0]["state"] == "written"
    incoming.take(b, files)
    told = receipting.take_receipt(a, receipting.make_receipt(b, files))
    assert told["from"] == B
    (row,) = sealing.outbox(a)
    assert row["state"] == "receipted"
    assert {one["name"]: bool(one["receipted"]) for one in row["to"]} == {B: True, C: False}
    assert sealing.clear(a) == 1
    assert a.blobs.all() == []
    with pytest.raises(InputError, match=r"outbox\.gone"):
        sealing.write_sealed(a, bytes.fromhex(made["sealing"]), tmp_path)
    assert sealing.labels(a, {record})[record]["number"] == 1, "the stub keeps its label"


def test_a_file_another_record_speaks_of_stays_and_is_told(office: Office, tmp_path: Path) -> None:
    a = office.open(A)
    (tmp_path / "f.txt").write_bytes(b"shared")
    one, other = put(a, "event", title="Бір"), put(a, "event", title="Екі")
    casework.attach(a, one, [tmp_path / "f.txt"])
    casework.attach(a, other, [tmp_path / "f.txt"])
    made = seal(a, one)
    assert made["files_left"] == 1
    assert len([blob for blob in a.blobs.all() if blob.size == 6]) == 1


def test_words_of_another_author_are_sealed_and_introduced(office: Office, tmp_path: Path) -> None:
    a, b, c = office.all()
    record = put(b, "testimony", text="құпиясөз")
    incoming.take(a, send(b, tmp_path / "from-b", A))
    made = seal(a, record)
    assert shown(a, record)["fields"] == {}
    incoming.take(c, sealed_files(a, made, tmp_path / "stick"))
    assert shown(c, record)["fields"]["text"] == "құпиясөз"


def test_what_was_sealed_does_not_come_back_unasked(office: Office, tmp_path: Path) -> None:
    a, b, _ = office.all()
    record = furnished(a, tmp_path)
    other = put(a, "event", title="Митинг")
    incoming.take(b, sealed_files(a, seal(a, record), tmp_path / "stick"))
    incoming.take(b, send(a, tmp_path / "rest", B))
    incoming.take(a, send(b, tmp_path / "all", A))
    assert shown(a, record)["fields"] == {}
    assert shown(a, other)["fields"]
    incoming.take(a, send(b, tmp_path / "asked", A, records=[record]))
    assert shown(a, record)["fields"]["text"] == STORY["text"], "headquarters may give it back by name"


# --- twins: a sealing that forgets something is found by the same search


LEAKY = {
    "projection": (Projections, "rewrite", ["құпиясөз", "piasoz"]),
    "draft": (filling, "drafts", ["жобабелгі"]),
    "aside": (sealing, "kept_aside", ["жазбабелгі"]),
    "decision": (sealing, "_ask_again", ["құпиясөз"]),
}


def _leave_alone(monkeypatch: pytest.MonkeyPatch, session: Session, table: str) -> None:
    """Let nothing that is done to a table happen."""
    kind = type(session.vault.database)
    for name in ("run", "run_many", "insert"):
        real = getattr(kind, name)
        monkeypatch.setattr(
            kind, name, lambda self, sql, *rest, real=real: None if table in sql else real(self, sql, *rest)
        )


@pytest.mark.parametrize("what", [*LEAKY, "search", "wal", "blob"])
def test_a_sealing_that_leaves_something_would_be_caught(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    a = office.open(A)
    record = furnished(a, tmp_path)
    expected = {"search": ["piasoz"], "wal": ["құпиясөз"], "blob": ["суретбелгі"]}.get(what) or LEAKY[what][2]
    if what in LEAKY:
        where, name, _ = LEAKY[what]
        monkeypatch.setattr(
            where, name, {"aside": lambda *_: {}, "draft": lambda _: []}.get(what, lambda *_, **__: None)
        )
    elif what == "search":
        _leave_alone(monkeypatch, a, "search")
    elif what == "wal":
        monkeypatch.setattr(type(a.vault.database), "empty_wal", lambda _: None)
    else:
        monkeypatch.setattr(type(a.blobs), "forget", lambda *_: None)
    if what == "aside":
        monkeypatch.setattr(a.vault.quarantine, "drop", lambda _: None)
    seal(a, record)
    assert set(expected) <= set(found(opened_up(office, a), *CANARIES))


# --- whatever stops it, the words are here or in a file that headquarters opens


@pytest.mark.parametrize("where", ["write", "open", "keep", "note", "withhold", "commit"])
def test_a_sealing_that_stops_loses_nothing(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    a = office.open(A)
    record = furnished(a, tmp_path)
    before = shown(a, record)
    words = found(opened_up(office, a), *CANARIES)

    def stop(*_: Any, **__: Any) -> Any:
        raise VaultError("vault.disk-full")

    targets: dict[str, tuple[Any, str]] = {
        "write": (sealing, "write_whole"),
        "open": (sealing, "seen_in"),
        "keep": (sealing, "_keep"),
        "note": (a.vault.sent, "note"),
        "withhold": (a.store, "withhold"),
        "commit": (a.vault.taken_in, "forget_receipts"),
    }
    with monkeypatch.context() as patched:
        patched.setattr(*targets[where], stop)
        with pytest.raises(VaultError):
            seal(a, record)
    assert shown(a, record) == before
    assert sealing.outbox(a) == []
    assert found(opened_up(office, a), *CANARIES) == words
    a.blobs.sweep()
    assert check(a.vault) == []
    seal(a, record)


def test_a_sealed_file_that_lacks_a_word_is_not_relied_on(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    a = office.open(A)
    record = furnished(a, tmp_path)
    real = sealing.write_whole

    def poorer(session: Session, whole: Any, *rest: Any, **more: Any) -> Any:
        parts = [type(one)(one.skeleton, one.signature, one.entries, {}, {}) for one in whole.parts]
        return real(session, type(whole)(tuple(parts), (), whole.files, whole.authors), *rest, **more)

    monkeypatch.setattr(sealing, "write_whole", poorer)
    with pytest.raises(BundleError, match=r"seal\.not-whole"):
        seal(a, record)
    assert shown(a, record)["fields"]["text"] == STORY["text"]
    assert [path for path in a.blobs.unnamed.iterdir() if path.suffix] == []


def test_bundles_made_by_others_acts_are_not_in_the_outbox(office: Office, tmp_path: Path) -> None:
    a = office.open(A)
    put(a, "event", title="Митинг")
    with contextlib.suppress(KzdocError):
        send(a, tmp_path / "bundle", C)
    assert len(outgoing.bundles_made(a)) == 1
    assert sealing.outbox(a) == []
