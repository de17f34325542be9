"""Saving, taking in, withholding, restoring, forgetting; what is projected follows each."""

from __future__ import annotations

import os
import shutil

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from kzdoc.crypto.identity import author_of
from kzdoc.errors import Cancelled, LedgerError
from kzdoc.ledger.absence import withhold
from kzdoc.ledger.history import Policy, aside_entry
from kzdoc.ledger.merge import REMOVED
from kzdoc.ledger.revision import NewEntry, NewStatement, Revision
from kzdoc.vault.check import check, state_hash
from kzdoc.vault.store import ELSEWHERE, ONLY_HERE
from kzdoc.vault.truth import Incoming, verified
from kzdoc.vault.vault import Vault
from tests.conftest import HandClock
from tests.vaults import NewVault, Template, Writer

PERSON = {"name_kk": "Үлгіқызы Әсем", "name_ru": "Улгикызы Асем", "sex": "female", "notes": "сынақ жазбасы"}
ROOT = b"r" * 32


def incoming(*revisions: Revision) -> list[Incoming]:
    return [verified(revision, checked=True) for revision in revisions]


def copied(source: Vault, target: Vault) -> None:
    target.store.accept(incoming(*source.chains.since()), origin=ROOT)


def found(vault: Vault, text: str) -> list[bytes]:
    return [state.id for state in vault.records.find(text)]


def test_a_save_is_read_back_found_and_counted(vault: Vault) -> None:
    record = os.urandom(16)
    writer = Writer(vault)
    first = writer.sign([writer.entry(record, PERSON)])
    changes = vault.store.append([first])
    assert (changes.records, changes.kinds, changes.revisions) == ({record}, {"person"}, (first.id,))
    state = vault.records.record(record)
    assert state
    assert {name: state.value(name) for name in state.fields} == PERSON
    assert found(vault, "ulgik") == [record]
    assert vault.records.counts() == {"person": 1}
    assert vault.records.facet_counts("person", "sex") == {"female": 1}
    assert [brief.title for brief in vault.records.briefs("person")] == [PERSON["name_kk"]]
    assert vault.records.briefs("person")[0].origin == ONLY_HERE

    writer.save(record, {"sex": "male", "notes": None})
    state = vault.records.record(record)
    assert state
    assert state.values("sex") == ["male"]
    assert state.values("notes") == []
    assert found(vault, "жазбасы") == []
    assert [one.id for one in vault.records.records("person", {"sex": "male"})] == [record]
    assert not list(vault.records.records("person", {"sex": "female"}))
    assert [step.fields for step in vault.records.history(record)] == [tuple(sorted(PERSON)), ("notes", "sex")]
    assert not check(vault)


def test_revisions_out_of_turn_are_not_saved(vault: Vault) -> None:
    writer = Writer(vault)
    one = writer.sign([writer.entry(os.urandom(16), PERSON)])
    other = writer.sign([writer.entry(os.urandom(16), PERSON)])
    vault.store.append([one])
    with pytest.raises(LedgerError, match="not-next"):
        vault.store.append([other])
    assert vault.records.counts() == {"person": 1}
    assert len(list(vault.chains.since())) == 1


def test_taking_in_twice_changes_nothing(new_vault: NewVault) -> None:
    mine, theirs = new_vault("mine"), new_vault("theirs")
    writer = Writer(theirs, 2)
    record = os.urandom(16)
    writer.save(record, PERSON)
    writer.save(record, {"sex": "male"})
    revisions = list(theirs.chains.since())
    changes = mine.store.accept(incoming(*revisions), origin=ROOT)
    assert changes.records == {record}
    assert state_hash(mine) == state_hash(theirs)
    again = mine.store.accept(incoming(*revisions), origin=b"s" * 32)
    assert (again.records, again.revisions) == (frozenset(), ())
    assert mine.records.briefs("person")[0].origin == ELSEWHERE
    assert not check(mine)


def test_concurrent_edits_are_a_conflict_until_settled(new_vault: NewVault) -> None:
    mine, theirs = new_vault("mine"), new_vault("theirs")
    record = os.urandom(16)
    Writer(mine).save(record, PERSON)
    copied(mine, theirs)
    Writer(mine).save(record, {"sex": "male"})
    Writer(theirs, 2).save(record, {"sex": "unknown"})
    copied(theirs, mine)
    copied(mine, theirs)
    assert state_hash(mine) == state_hash(theirs)
    (state,) = mine.records.in_conflict()
    assert state.conflicts == {"sex"}
    assert sorted(state.values("sex")) == ["male", "unknown"]
    assert {one.id for value in ("male", "unknown") for one in mine.records.records("person", {"sex": value})} == {
        record
    }
    Writer(mine).save(record, {"sex": "female"})
    assert not mine.records.in_conflict()


def test_withheld_is_gone_from_everywhere_and_comes_back_whole(vault: Vault) -> None:
    record = os.urandom(16)
    revision = Writer(vault).save(record, PERSON)
    before = state_hash(vault)
    changes = vault.store.withhold({revision.id: list(revision.statements)}, reason="sealed")
    assert changes.records == {record}
    state = vault.records.record(record)
    assert state
    assert not state.fields
    assert {absence.reason for absence in state.absent} == {"sealed"}
    assert found(vault, "Үлгіқызы") == []
    assert vault.records.facet_counts("person", "sex") == {}
    assert vault.records.briefs("person")[0].title == ""
    assert not check(vault)

    vault.store.accept(incoming(revision), origin=ROOT)
    assert state_hash(vault) == before
    assert found(vault, "Үлгіқызы") == [record]


def test_no_page_of_the_database_keeps_a_word_that_was_withheld(vault: Vault, template_vault: Template) -> None:
    revision = Writer(vault).save(os.urandom(16), {"notes": "құпиябелгі"})
    Writer(vault).save(os.urandom(16), {"notes": "басқа сөз"})
    before = pages_in_the_clear(vault, template_vault.key)  # the twin: what is not withheld is seen
    assert "құпиябелгі".encode() in before
    assert b"kupiabelgi" in before  # the folded word, in the index
    vault.store.withhold({revision.id: list(revision.statements)}, reason="travelled")
    after = pages_in_the_clear(vault, template_vault.key)
    assert "құпиябелгі".encode() not in after
    assert b"piabelgi" not in after
    assert "басқа сөз".encode() in after


def pages_in_the_clear(vault: Vault, key: bytes) -> bytes:
    """Return every page as one who has the key can read it, free ones too, from docs/formats/vault.md alone."""
    vault.database.empty_wal()
    data = (vault.folder / "vault.db").read_bytes()
    clear = []
    for start in range(0, len(data), 4096):
        page = data[start : start + 4096]
        first = 16 if start == 0 else 0
        cipher = Cipher(algorithms.AES(key[:32]), modes.CBC(page[4016:4032])).decryptor()
        clear.append(cipher.update(page[first:4016]))
    return b"".join(clear)


def test_forgotten_never_comes_back(new_vault: NewVault) -> None:
    vault, partner = new_vault("one"), new_vault("two")
    record = os.urandom(16)
    revision = Writer(vault).save(record, PERSON)
    copied(vault, partner)
    vault.store.forget({revision.id: list(revision.statements)})
    vault.store.accept(incoming(revision), origin=ROOT)
    copied(partner, vault)
    state = vault.records.record(record)
    assert state
    assert not state.fields
    assert {absence.reason for absence in state.absent} == {"erased"}
    assert len(vault.chains.erased()) == len(PERSON)
    assert not check(vault)
    fresh = new_vault("three")
    fresh.store.accept(incoming(vault.chains.revision(revision.id) or revision), origin=ROOT)
    assert not (fresh.records.record(record) or state).fields


def test_parts_of_a_revision_come_together(new_vault: NewVault) -> None:
    vault, partner = new_vault("one"), new_vault("two")
    record = os.urandom(16)
    revision = Writer(vault).save(record, PERSON)
    half = sorted(revision.statements)[:2]
    rest = [index for index in revision.statements if index not in half]
    partner.store.accept(incoming(withhold(revision, half, "not_shared")), origin=ROOT)
    assert len((partner.records.record(record) or pytest.fail("no record")).fields) == 2
    partner.store.accept(incoming(withhold(revision, rest, "not_shared")), origin=b"s" * 32)
    assert state_hash(partner) == state_hash(vault)


def test_a_statement_that_is_not_the_signed_one_is_refused(vault: Vault, new_vault: NewVault) -> None:
    revision = Writer(new_vault("other"), 2).save(os.urandom(16), PERSON)
    index, raw = next(iter(revision.statements.items()))
    forged = Revision(
        revision.skeleton, revision.signature, revision.entries, {**revision.statements, index: raw[:-1] + b"!"}
    )
    with pytest.raises(LedgerError, match="statement-digest"):
        vault.store.accept(incoming(revision, forged), origin=ROOT)
    assert not vault.records.counts()


def test_cancelling_takes_nothing_in(new_vault: NewVault) -> None:
    mine, theirs = new_vault("mine"), new_vault("theirs")
    Writer(theirs, 2).save(os.urandom(16), PERSON)

    def stop(step: str, done: int, total: int) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        mine.store.accept(incoming(*theirs.chains.since()), origin=ROOT, progress=stop)
    assert not mine.records.counts()
    assert not list(mine.chains.since())


def test_set_aside_is_undone_by_setting_that_aside(vault: Vault) -> None:
    writer = Writer(vault)
    record = os.urandom(16)
    writer.save(record, {"sex": "male"})
    before = state_hash(vault)
    edit = writer.save(record, {"sex": "female"})
    undo = writer.sign([aside_entry(edit.id, "undo")])
    changes = vault.store.append([undo])
    assert record in changes.records
    assert state_hash(vault) == before
    redo = writer.sign([aside_entry(undo.id, "redo")])
    vault.store.append([redo])
    assert (vault.records.record(record) or pytest.fail("gone")).values("sex") == ["female"]
    assert not check(vault)
    now = state_hash(vault)
    vault.store.rebuild()
    assert state_hash(vault) == now


def test_setting_aside_what_is_not_here_yet_waits(new_vault: NewVault) -> None:
    mine, theirs = new_vault("mine"), new_vault("theirs")
    writer = Writer(theirs, 2)
    record = os.urandom(16)
    writer.save(record, {"sex": "male"})
    edit = writer.save(record, {"sex": "female"})
    undo = writer.sign([aside_entry(edit.id, "undo")])
    theirs.store.append([undo])
    revisions = list(theirs.chains.since())
    for revision in reversed(revisions):
        mine.store.accept(incoming(revision), origin=ROOT)
    assert state_hash(mine) == state_hash(theirs)


def test_what_a_revoked_author_wrote_after_the_good_head_is_out_of_force(new_vault: NewVault) -> None:
    mine, theirs = new_vault("mine"), new_vault("theirs")
    writer = Writer(theirs, 2)
    record, later = os.urandom(16), os.urandom(16)
    good = writer.save(record, {"sex": "male"})
    writer.save(record, {"sex": "female"})
    writer.save(later, PERSON)
    copied(theirs, mine)
    skeleton = good.skeleton
    revoked = {skeleton.author: {skeleton.chain: (skeleton.sequence, skeleton.id)}}
    changes = mine.store.set_policy(Policy(revoked=revoked))
    assert changes.records == {record, later}
    assert (mine.records.record(record) or pytest.fail("gone")).values("sex") == ["male"]
    assert mine.records.record(later) is None
    assert not check(mine)
    mine.store.set_policy(Policy())
    assert state_hash(mine) == state_hash(theirs)


def test_with_a_roster_only_who_may_replaces(new_vault: NewVault) -> None:
    mine, theirs = new_vault("mine"), new_vault("theirs")
    record = os.urandom(16)
    Writer(mine).save(record, {"sex": "male"})
    copied(mine, theirs)
    Writer(theirs, 2).save(record, {"sex": "female"})
    mine.store.set_policy(Policy(rights={author_of(b"\1" * 32): frozenset({"replace"})}))
    copied(theirs, mine)
    assert mine.records.in_conflict()
    mine.store.set_policy(Policy())
    assert not mine.records.in_conflict()


def test_a_removed_record_is_in_no_list_but_can_be_read(vault: Vault) -> None:
    writer = Writer(vault)
    record = os.urandom(16)
    revision = writer.save(record, {"name_ru": "Тестов Данияр"})
    (index,) = revision.statements
    seen = {"reason": "double", "seen": [[revision.id, index]]}
    vault.store.append([writer.sign([NewEntry(record, "person", (NewStatement(REMOVED, seen),))])])
    assert (vault.records.record(record) or pytest.fail("gone")).removed
    assert not list(vault.records.records("person"))
    assert not vault.records.find("Тестов")
    assert vault.records.counts() == {}


def test_links_go_both_ways(vault: Vault) -> None:
    writer = Writer(vault)
    person, event = os.urandom(16), os.urandom(16)
    writer.save(person, {"name_ru": "Тестов Данияр"})
    writer.save(event, {"person": person, "date": "2019-03"}, kind="detention")
    (link,) = vault.records.linked(person)
    assert (link.source, link.field, link.target) == (event, "person", person)
    assert vault.records.linked(event) == [link]
    assert [state.id for state in vault.records.records("detention", {"person": person})] == [event]
    writer.save(event, {"person": None}, kind="detention")
    assert vault.records.linked(person) == []


def test_a_copy_opens_a_new_chain_that_names_what_it_knows(new_vault: NewVault, template_vault: Template) -> None:
    vault = new_vault("one")
    writer = Writer(vault)
    record = os.urandom(16)
    last = writer.save(record, PERSON)
    vault.close()
    twin = vault.folder.parent / "twin"
    shutil.copytree(vault.folder, twin)

    with template_vault.open(vault.folder, clock=HandClock(), randomness=os.urandom) as here:
        assert Writer(here).save(record, {"sex": "male"}).skeleton.chain == last.skeleton.chain
    with template_vault.open(twin, clock=HandClock(), randomness=os.urandom) as there:
        first = Writer(there).save(record, {"sex": "unknown"})
        assert first.skeleton.chain != last.skeleton.chain
        assert first.skeleton.sequence == 0
        second = Writer(there).save(record, {"sex": "female"})
        assert second.skeleton.previous == first.id
        assert not there.chains.forks()
        about = there.chains.about(first)
        assert (first.skeleton.chain, "_chain") in about.values()
        assert not check(there)


def test_what_a_partner_lacks_is_what_his_heads_do_not_contain(new_vault: NewVault) -> None:
    vault = new_vault("one")
    writer = Writer(vault)
    revisions = [writer.save(os.urandom(16), PERSON) for _ in range(4)]
    assert [revision.id for revision in vault.chains.since()] == [revision.id for revision in revisions]
    (head,) = vault.chains.heads()
    assert head.revision == revisions[-1].id
    assert list(vault.chains.since([head])) == []
    middle = type(head)(head.author, head.chain, 1, revisions[1].id)
    assert [revision.id for revision in vault.chains.since([middle])] == [one.id for one in revisions[2:]]
    unknown = type(head)(head.author, head.chain, 9, bytes(32))
    assert len(list(vault.chains.since([unknown]))) == 4
