"""Partners, what went and came, exports, drafts, quarantine, small values."""

from __future__ import annotations

import os

import pytest

from kzdoc.errors import VaultError
from kzdoc.vault.store import ELSEWHERE, ONLY_HERE, RECEIPTED
from kzdoc.vault.vault import Vault
from tests.conftest import HandClock
from tests.vaults import Writer

ROOT, OTHER = b"r" * 32, b"o" * 32


def test_partners(vault: Vault) -> None:
    added = vault.contacts.add("Үйлестіруші", author=b"a" * 32, card=b"card")
    assert (added.state, added.card) == ("unverified", b"card")
    with pytest.raises(VaultError, match="contact-exists"):
        vault.contacts.add("Үйлестіруші", author=b"b" * 32, card=b"")
    assert vault.contacts.set_state("Үйлестіруші", "verified", how="person").how == "person"
    with pytest.raises(VaultError, match="contact-unknown"):
        vault.contacts.set_state("Ешкім", "verified", how="person")
    with pytest.raises(VaultError, match="contact-state"):
        vault.contacts.set_state("Үйлестіруші", "friend", how="")
    changed = vault.contacts.add("Үйлестіруші, жаңа кілт", author=b"c" * 32, card=b"new")
    assert (changed.state, changed.how) == ("unverified", "")
    assert vault.contacts.by_author(b"c" * 32) == [changed]
    assert vault.contacts.numbered(changed.number) == changed
    assert changed.number != added.number, "what the old key was sent or receipted counts for the old key alone"


def test_an_older_vault_is_noted_once_in_whatever_order_its_bundles_come(vault: Vault) -> None:
    partner = vault.contacts.add("Заңгер", author=b"a" * 32, card=b"").number
    kept, first, second, third, other = (bytes([number]) * 32 for number in range(5))
    older = vault.older_vaults

    def noted(root: bytes, previous: bytes) -> bool:
        return older.note(partner, root=root, previous=previous, last=vault.sent.next_number(partner) - 1)

    assert noted(second, first)
    assert not noted(first, kept), "the one before it, which came later"
    assert not noted(second, first)
    assert not noted(third, second)
    assert older.counting_from(partner) == 0
    vault.sent.note(ROOT, profile="internal", purpose="", recipients={partner: 1}, carried={})
    assert not noted(third, second)
    assert older.counting_from(partner) == 0, "what was made since counts"
    assert noted(other, kept), "another one from the same backup"
    assert older.counting_from(partner) == 1


def test_where_a_record_is_known_to_be_follows_bundles_and_receipts(vault: Vault, clock: HandClock) -> None:
    partner = vault.contacts.add("Заңгер", author=b"a" * 32, card=b"").number
    writer = Writer(vault)
    record = os.urandom(16)
    first = writer.save(record, {"name_ru": "Тестов Данияр", "sex": "male"})
    indexes = sorted(first.statements)

    def origin() -> int:
        brief = vault.records.brief(record)
        assert brief
        return brief.origin

    assert origin() == ONLY_HERE
    assert vault.sent.next_number(partner) == 1
    half = {"profile": "partner", "purpose": "", "recipients": {partner: 1}}
    vault.sent.note(ROOT, carried={first.id: indexes[:1]}, **half)  # type: ignore[arg-type]
    assert origin() == ONLY_HERE  # only half of it went
    rest = {"profile": "internal", "purpose": "", "recipients": {partner: 2}}
    vault.sent.note(OTHER, carried={first.id: indexes[1:]}, blobs=[b"s" * 32], **rest)  # type: ignore[arg-type]
    assert origin() == ELSEWHERE
    assert vault.sent.next_number(partner) == 3
    assert vault.sent.note_receipt(ROOT, contact=partner, receipt=b"signed", forgotten=False)
    assert not vault.sent.note_receipt(ROOT, contact=partner, receipt=b"signed", forgotten=False)
    assert origin() == ELSEWHERE
    clock.advance(5)
    assert vault.sent.note_receipt(OTHER, contact=partner, receipt=b"signed too", forgotten=False)
    assert origin() == RECEIPTED
    with pytest.raises(VaultError, match="receipt-unknown"):
        vault.sent.note_receipt(b"x" * 32, contact=partner, receipt=b"", forgotten=False)
    assert vault.sent.carried(partner, receipted_only=True) == {first.id: set(indexes)}
    assert vault.sent.carried_blobs(partner, receipted_only=False) == {b"s" * 32}
    assert [bundle.root for bundle in vault.sent.bundles()] == [OTHER, ROOT]
    writer.save(record, {"sex": "female"})
    assert origin() == ONLY_HERE


def test_bundles_taken_in(vault: Vault) -> None:
    assert vault.taken_in.bundle(ROOT) is None
    vault.taken_in.note(ROOT, sender=b"a" * 32, sequence=4, whole=True, counts={"new": 2})
    vault.taken_in.keep_receipt(ROOT, b"receipt")
    noted = vault.taken_in.bundle(ROOT)
    assert noted
    assert (noted.sequence, noted.whole, noted.counts, noted.receipt) == (4, True, {"new": 2}, b"receipt")
    assert vault.taken_in.bundles() == [noted]


def test_exports_are_noted_and_told_by_record(vault: Vault) -> None:
    one, two = os.urandom(16), os.urandom(16)
    number = vault.exports.note(
        audience="un", recipient="РГ", purpose="жалоба", form="case-file", sha256=b"s" * 32, records=[one, two],
        detail={"lang": "ru"},
    )  # fmt: skip
    vault.exports.note(audience="public", recipient="", purpose="", form="csv", sha256=b"t" * 32, records=[two])
    assert [export.number for export in vault.exports.of_record(one)] == [number]
    assert len(vault.exports.of_record(two)) == 2
    assert vault.exports.all()[-1].detail == {"lang": "ru"}


def test_a_draft_is_sealed_and_destroyed_with_its_key(vault: Vault) -> None:
    draft = os.urandom(16)
    vault.drafts.keep(draft, "алғашқы".encode())
    vault.drafts.keep(draft, "соңғы".encode())
    assert vault.drafts.open(draft) == "соңғы".encode()
    assert [note.id for note in vault.drafts.all()] == [draft]
    vault.database.change("UPDATE draft SET sealed = substr(sealed, 2)")
    with pytest.raises(VaultError, match="damaged"):
        vault.drafts.open(draft)
    vault.drafts.drop(draft)
    assert vault.drafts.open(draft) is None
    assert not vault.database.rows("SELECT * FROM draft")


def test_quarantine_keeps_until_it_is_dropped(vault: Vault) -> None:
    vault.quarantine.put(ROOT, sender=b"a" * 32, reason="sender.unverified", content=b"bundle")
    (waiting,) = vault.quarantine.all()
    assert (waiting.id, waiting.reason) == (ROOT, "sender.unverified")
    assert vault.quarantine.content(ROOT) == b"bundle"
    vault.quarantine.drop(ROOT)
    assert vault.quarantine.all() == []
    assert vault.quarantine.content(ROOT) is None


def test_small_values(vault: Vault) -> None:
    assert vault.secrets.get("seed") is None
    vault.secrets.put("seed", b"1")
    vault.secrets.put("seed", b"2")
    assert vault.secrets.get("seed") == b"2"
    assert vault.secrets.names() == ["seed"]
    vault.secrets.drop("seed")
    assert vault.secrets.names() == []
    assert vault.settings.names() == []
