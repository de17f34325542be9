"""The ways to open a vault: added, changed, renamed, taken away with a new key, and stopped at every step of it."""

from __future__ import annotations

import contextlib
import os
import shutil
from typing import TYPE_CHECKING

import pytest

from kzdoc.crypto.age import HybridIdentity
from kzdoc.errors import InputError, KzdocError, VaultError
from kzdoc.vault import rekey as rekeys
from kzdoc.vault import slots, ways
from kzdoc.vault.rekey import rekey
from kzdoc.vault.vault import Vault, open_vault, open_with_key, unlock_key, unlock_key_with
from tests.vaults import NOW, PASSPHRASE, NewVault, Template, Writer

if TYPE_CHECKING:
    from pathlib import Path

SECOND = "екінші сынақ сөйлемі осы болады"


def clock():
    return NOW


def opened(folder: Path, passphrase: str = PASSPHRASE) -> None:
    open_vault(folder, passphrase, clock=clock, randomness=os.urandom).close()


def refused(folder: Path, passphrase: str) -> str:
    with pytest.raises(KzdocError) as caught:
        opened(folder, passphrase)
    return caught.value.code


def without(vault: Vault, *numbers: int, **more: object) -> list[ways.Way]:
    return rekey(vault, without=numbers, recipients={}, clock=clock, randomness=os.urandom, **more)


def test_passphrases_come_and_go_and_the_others_stay(new_vault: NewVault, template_vault: Template) -> None:
    vault = new_vault("one")
    person = Writer(vault).save(os.urandom(16), {"name_kk": "Тестов Данияр"})
    assert [(way.number, way.kind) for way in vault.ways.all()] == [(0, ways.PASSPHRASE)]
    with pytest.raises(VaultError, match="last-slot"):
        without(vault, 0)
    key = bytearray(template_vault.key)
    assert vault.ways.add_passphrase(key, SECOND, label="шеткі кеңсе") == 1
    with pytest.raises(VaultError, match="damaged"):
        vault.ways.add_passphrase(bytearray(48), SECOND)
    office, recovery = HybridIdentity.generate(os.urandom), HybridIdentity.generate(os.urandom)
    vault.ways.add_recipient(key, office.recipient, kind=ways.HEADQUARTERS, label="")
    vault.ways.add_recipient(key, recovery.recipient, kind=ways.RECOVERY, label="", needed=2, total=3, set_id=b"1234")
    assert without(vault, 0) == []
    assert refused(vault.folder, PASSPHRASE) == "vault.wrong-passphrase"
    fresh = unlock_key(vault.folder, SECOND)
    assert fresh != key
    assert unlock_key_with(vault.folder, office) == fresh == unlock_key_with(vault.folder, recovery)
    with pytest.raises(VaultError, match="damaged"):
        open_with_key(vault.folder, bytearray(key), clock=clock, randomness=os.urandom)
    with open_with_key(vault.folder, fresh, clock=clock, randomness=os.urandom) as again:
        assert [way.number for way in again.ways.all()] == [1, 2, 3]
        assert again.ways.one(3).needed == 2
        assert again.chains.known([person.id]) == {person.id}
        with pytest.raises(VaultError, match=r"vault\.slot"):
            without(again, 0)
        assert without(again, 2, 3) == []
    opened(vault.folder, SECOND)
    assert unlock_key_with(vault.folder, office) is None
    assert not list(vault.folder.glob("*.next*"))


def test_the_old_key_opens_nothing_in_the_folder_any_more(new_vault: NewVault, template_vault: Template) -> None:
    vault = new_vault("one")
    vault.ways.add_passphrase(bytearray(template_vault.key), SECOND)
    before = (vault.folder / "vault.db").read_bytes()
    without(vault, 0)
    after = (vault.folder / "vault.db").read_bytes()
    assert before[:16] != after[:16]
    assert not good_for(vault.folder, template_vault.key)
    old = bytearray(template_vault.key)
    with pytest.raises(VaultError, match="damaged"):
        rekeys.open_database(vault.folder / "vault.db", old)


def good_for(folder: Path, key: bytes) -> list[str]:
    """Return the slot files of a vault whose key this still is."""
    found = []
    for name in slots.NAMES:
        with contextlib.suppress(VaultError):
            slots.check_key(slots.decode_slot_file((folder / name).read_bytes()), bytearray(key))
            found.append(name)
    return found


def test_a_passphrase_merely_replaced_would_leave_the_old_key_good(
    new_vault: NewVault, template_vault: Template
) -> None:
    vault = new_vault("one")
    vault.ways.replace_passphrase(PASSPHRASE, SECOND)
    vault.close()
    assert refused(vault.folder, PASSPHRASE) == "vault.wrong-passphrase"
    assert good_for(vault.folder, template_vault.key) == list(slots.NAMES)


def test_eight_slots_and_no_more(new_vault: NewVault, template_vault: Template) -> None:
    vault = new_vault("one")
    key = bytearray(template_vault.key)
    anybody = HybridIdentity.generate(os.urandom).recipient
    for number in range(1, slots.SLOTS):
        assert vault.ways.add_recipient(key, anybody, kind=ways.HEADQUARTERS, label=str(number)) == number
    with pytest.raises(VaultError, match="slots-full"):
        vault.ways.add_passphrase(key, SECOND)
    vault.ways.rename(3, "үшінші")
    assert vault.ways.one(3).label == "үшінші"
    with pytest.raises(InputError, match=r"slot\.label"):
        vault.ways.rename(3, "x" * 81)
    assert len({slot[:32] for slot in vault.ways.file.slots}) == 1


class PowerCut(BaseException):
    """Nothing after this happens."""


def steps_of(act, monkeypatch) -> list[str]:
    """Return the durable steps an act takes, each named after what it puts on the medium."""
    taken: list[str] = []
    for module, name in ((slots, "replace_durably"), (rekeys, "move_durably"), (rekeys, "sync_file")):
        real = getattr(module, name)
        monkeypatch.setattr(module, name, lambda *args, _real=real, _name=name: (taken.append(_name), _real(*args))[1])
    act()
    monkeypatch.undo()
    return taken


def cut_at(step: int, monkeypatch, *, before: bool) -> None:
    """Let the power fail just before or just after the n-th durable step."""
    count = 0
    for module, name in ((slots, "replace_durably"), (rekeys, "move_durably"), (rekeys, "sync_file")):
        real = getattr(module, name)

        def cutting(*args, _real=real):
            nonlocal count
            count += 1
            if count == step and before:
                raise PowerCut
            _real(*args)
            if count == step:
                raise PowerCut

        monkeypatch.setattr(module, name, cutting)


def killed(vault: Vault, act, folder: Path) -> Path:
    """Run an act until the power fails and return a copy of what is on the medium at that moment."""
    real = rekeys._clear
    rekeys._clear = lambda *_: None  # a dead process tidies nothing up
    close = vault.database.close
    try:
        with pytest.raises(PowerCut):
            act()
        shutil.copytree(vault.folder, folder)
    finally:
        rekeys._clear = real
        close()
        vault.close()
    return folder


@pytest.mark.parametrize("before", [True, False])
@pytest.mark.parametrize("step", range(1, 5))
def test_a_change_of_key_stopped_anywhere_opens_as_before_or_as_after(
    step: int, *, before: bool, new_vault: NewVault, template_vault: Template, monkeypatch, tmp_path: Path
) -> None:
    vault = new_vault("one")
    person = Writer(vault).save(os.urandom(16), {"name_kk": "Тестов Данияр"})
    vault.ways.add_passphrase(bytearray(template_vault.key), SECOND)
    cut_at(step, monkeypatch, before=before)
    left = killed(vault, lambda: without(vault, 0), tmp_path / "left")
    monkeypatch.undo()
    key = unlock_key(left, SECOND)
    with open_with_key(left, key, clock=clock, randomness=os.urandom) as again:
        assert again.chains.known([person.id]) == {person.id}
        numbers = [way.number for way in again.ways.all()]
    assert numbers in ([0, 1], [1])
    assert (refused(left, PASSPHRASE) if numbers == [1] else opened(left)) in (None, "vault.wrong-passphrase")
    assert not list(left.glob("*.next*"))
    opened(left, SECOND)


def test_a_change_of_key_has_just_these_steps(new_vault: NewVault, template_vault: Template, monkeypatch) -> None:
    vault = new_vault("one")
    vault.ways.add_passphrase(bytearray(template_vault.key), SECOND)
    taken = steps_of(lambda: without(vault, 0), monkeypatch)
    assert taken == ["sync_file", "replace_durably", "replace_durably", "move_durably"]


def test_an_empty_database_left_beside_is_never_put_in_its_place(new_vault: NewVault) -> None:
    vault = new_vault("one")
    person = Writer(vault).save(os.urandom(16), {"name_kk": "Тестов Данияр"})
    vault.close()
    (vault.folder / rekeys.NEXT).write_bytes(b"")
    with open_vault(vault.folder, PASSPHRASE, clock=clock, randomness=os.urandom) as again:
        assert again.chains.known([person.id]) == {person.id}
    assert not (vault.folder / rekeys.NEXT).exists()


@pytest.mark.parametrize("before", [True, False])
@pytest.mark.parametrize("step", [1, 2])
def test_a_passphrase_added_and_stopped_anywhere(
    step: int, *, before: bool, new_vault: NewVault, template_vault: Template, monkeypatch, tmp_path: Path
) -> None:
    vault = new_vault("one")
    cut_at(step, monkeypatch, before=before)
    key = bytearray(template_vault.key)
    left = killed(vault, lambda: vault.ways.add_passphrase(key, SECOND), tmp_path / "left")
    monkeypatch.undo()
    with open_vault(left, PASSPHRASE, clock=clock, randomness=os.urandom) as again:
        listed = [way.number for way in again.ways.all()]
    try:
        opened(left, SECOND)
        works = True
    except VaultError:
        works = False
    assert (listed == [0, 1]) == works  # the list tells the truth, whatever happened


@pytest.mark.parametrize("before", [True, False])
@pytest.mark.parametrize("step", [1, 2])
def test_a_passphrase_changed_and_stopped_anywhere(
    step: int, *, before: bool, new_vault: NewVault, monkeypatch, tmp_path: Path
) -> None:
    vault = new_vault("one")
    cut_at(step, monkeypatch, before=before)
    left = killed(vault, lambda: vault.ways.replace_passphrase(PASSPHRASE, SECOND), tmp_path / "left")
    monkeypatch.undo()
    answers = []
    for passphrase in (PASSPHRASE, SECOND):
        try:
            with open_vault(left, passphrase, clock=clock, randomness=os.urandom) as again:
                assert [way.number for way in again.ways.all()] == [0]
            answers.append(passphrase)
        except VaultError:
            continue
    assert len(answers) == 1


def test_a_note_before_the_slot_is_written_would_be_believed_without_its_digest(new_vault: NewVault) -> None:
    vault = new_vault("one")
    way = ways.Way(4, ways.PASSPHRASE, "", 0)
    elsewhere = slots.fresh(vault.ways.file, bytearray(48), randomness=os.urandom)
    ways.note_way(vault.database, elsewhere, way)
    assert [one.number for one in vault.ways.all()] == [0]
    vault.database.change("DELETE FROM meta WHERE name = 'way:4'")
    assert [one.number for one in vault.ways.all()] == [0, 4]
