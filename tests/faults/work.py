"""What is recorded, killed and spoilt: pieces of real work in ``FOLDER/vault``, run as ``python -m tests.faults.work``.

Every piece says on its standard output what it was told is done, one JSON object a line, the moment it was told so.
The key of the vault comes on the standard input: no derivation, except where slots change.
"""

from __future__ import annotations

import io
import itertools
import json
import os
import resource
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from kzdoc.crypto.age import HybridIdentity
from kzdoc.errors import KzdocError
from kzdoc.exchange import incoming
from kzdoc.moment import Moment
from kzdoc.platform import files
from kzdoc.session import open_session_with_key
from kzdoc.vault import backup, rekey, schema, slots
from kzdoc.vault import vault as vaults
from kzdoc.vault.vault import Vault
from kzdoc.vault.ways import HEADQUARTERS, RECOVERY
from tests.conftest import CountedRandomness
from tests.vaults import NOW, PASSPHRASE, Writer

NEW_PASSPHRASE = "өзге сөздер мен тағы да жаңа кілт"
STEP = "step"
"""The setting in which a save notes its number, in the save's own transaction."""

DRAFT = bytes(16)


def say(**what: Any) -> None:
    """Tell what is done."""
    os.writev(1, [json.dumps(what).encode() + b"\n"])  # not as files are written: those writes are made to fail


def clock() -> Moment:
    """Return always the same moment."""
    return NOW


def opened(folder: Path) -> Vault:
    """Open the vault with the key that is given on the standard input; the ways to spoil it come as arguments."""
    key = bytearray.fromhex(sys.stdin.readline())
    vault = vaults.open_with_key(folder / "vault", key, clock=clock, randomness=os.urandom)
    for way in sys.argv[3:]:
        if way.startswith("synchronous="):
            vault.database.rows(f"PRAGMA {way}")
    return vault


def one_save(vault: Vault, writer: Writer, number: int, *, too_early: bool = False) -> bytes:
    """Save as the form does: the record, what hangs on it, and its draft gone, all in one transaction."""
    vault.drafts.keep(DRAFT, str(number).encode())
    with vault.transaction():
        revision = writer.save(os.urandom(16), {"name_ru": f"Мысалов {number}", "notes": "сынақ " * 300})
        vault.settings.put(STEP, str(number).encode())
        if too_early:
            say(saved=revision.id.hex(), step=number)
        vault.drafts.drop(DRAFT)
    return revision.id


def create(folder: Path) -> None:
    """Make a vault; its key is the first that this randomness gives."""
    vaults.create(folder / "vault", PASSPHRASE, clock=clock, randomness=CountedRandomness("made")).close()
    say(done="create")


def save(folder: Path) -> None:
    """Save so often that the WAL is emptied in between, then close."""
    with opened(folder) as vault:
        writer = Writer(vault)
        for number in range(1, int(next(filter(str.isdecimal, sys.argv[3:]), "8")) + 1):
            say(saved=one_save(vault, writer, number).hex(), step=number)
            if number % 3 == 0:
                vault.database.empty_wal()
    say(done="close")


def endless(folder: Path) -> None:
    """Save until killed; a line before each save and one after it."""
    with opened(folder) as vault:
        writer = Writer(vault)
        first = int(vault.settings.get(STEP) or b"0") + 1
        for number in itertools.count(first):
            say(begun=number)
            key = one_save(vault, writer, number, too_early="too-early" in sys.argv)
            say(saved=key.hex(), step=number)


def attach(folder: Path) -> None:
    """Attach a file of one piece and one of several, and forget the first."""
    with opened(folder) as vault:
        vault.blobs._piece = 4096
        small = vault.blobs.add(io.BytesIO(b"first" * 100), media="image/png")
        say(blob=small.sha256.hex())
        say(blob=vault.blobs.add(io.BytesIO(b"second" * 2000), media="").sha256.hex())
        say(forgetting=small.sha256.hex())
        vault.blobs.forget(small.sha256)
        say(forgotten=small.sha256.hex())


def forget(folder: Path) -> None:
    """Save twice and forget the first for ever."""
    with opened(folder) as vault:
        writer = Writer(vault)
        first = writer.save(os.urandom(16), {"name_ru": "Тестов Данияр", "notes": "сынақ " * 300})
        say(saved=first.id.hex(), step=0)
        say(saved=writer.save(os.urandom(16), {"sex": "male"}).id.hex(), step=0)
        vault.store.forget({first.id: list(first.statements)})
        say(erased=len(first.statements))


def change_slots(folder: Path) -> None:
    """Put a new passphrase in the place of the old one."""
    with opened(folder) as vault:
        vault.ways.replace_passphrase(PASSPHRASE, NEW_PASSPHRASE)
        say(slot="new")


def owner(number: int) -> HybridIdentity:
    """Return whoever the slots of ``take_away`` and ``add_ways`` are wrapped for; of 1 the slot stays."""
    return HybridIdentity.from_seed(bytes([number]) * 32)


def add_way(vault: Vault, key: bytearray, number: int, *, kind: str = HEADQUARTERS) -> int:
    """Give the owner a slot; return it."""
    shares = {"needed": 2, "total": 3, "set_id": bytes(4)} if kind == RECOVERY else {}
    return vault.ways.add_recipient(key, owner(number).recipient, kind=kind, label="", **shares)  # type: ignore[arg-type]


def add_ways(folder: Path) -> None:
    """Add a headquarters' slot, and one that recovery shares open."""
    key = bytearray.fromhex(sys.stdin.readline())
    with vaults.open_with_key(folder / "vault", key, clock=clock, randomness=os.urandom) as vault:
        for number, kind in ((3, HEADQUARTERS), (4, RECOVERY)):
            add_way(vault, key, number, kind=kind)
            say(added=number)


def take_away(folder: Path) -> None:
    """Save, and take the slot of the second owner away: a new key."""
    vault = opened(folder)
    say(saved=one_save(vault, Writer(vault), 1).hex(), step=1)
    rekey.rekey(vault, without=(2,), recipients={}, clock=clock, randomness=os.urandom)
    say(removed=2)


def back_up(folder: Path) -> None:
    """Save and write a backup, once or as often as is said, over the older one."""
    with opened(folder) as vault:
        writer = Writer(vault)
        for number in range(1, int(next(filter(str.isdecimal, sys.argv[3:]), "1")) + 1):
            one_save(vault, writer, number)
            say(step=number)
            backup.back_up(vault, folder / "copy.kzbak")
            say(backup=number)


def migrate(folder: Path) -> None:
    """Open the vault with a program that has one more step of the schema."""
    with_one_more_step()
    with opened(folder):
        say(done="migrate")


def with_one_more_step() -> None:
    """Let this process know a schema one step further, as a later program does."""
    first = schema._STEPS[1]
    schema._STEPS = {
        1: first,
        2: "CREATE TABLE later (number INTEGER PRIMARY KEY) STRICT;"
        "INSERT INTO later SELECT seq FROM revision; ALTER TABLE draft ADD COLUMN more TEXT NOT NULL DEFAULT ''",
    }
    schema.VERSION = 2


def take_in(folder: Path) -> None:
    """Take a partner's bundle in, with its file."""
    key = bytearray.fromhex(sys.stdin.readline())
    session = open_session_with_key(folder / "vault", key)
    told = incoming.take(session, [Path(sys.argv[3])])
    say(taken=told["new"])
    session.close()
    say(done="close")


def restore(folder: Path) -> None:
    """Make a vault out of the backup."""
    backup.restore(folder / "copy.kzbak", folder / "again")
    say(done="restore")


def without_flushes(way: str) -> None:
    """Spoil this process on purpose: durable replacing that does not flush."""
    if way == "no-file-sync":
        files.sync_file = lambda handle: handle.flush()
    if way == "no-folder-sync":
        files.fsync_directory = lambda _: None


def faulty(folder: Path) -> None:
    """Save and attach once with a disk that fails somewhere; tell what was refused and what the vault does next."""
    refused: list[str] = []
    for way in sys.argv[3:]:
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(way), int(way)))
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    vault = _or_refusal(lambda: opened(folder), refused)
    if vault is None:
        say(refused=refused, opened=False)
        return
    writer = _or_refusal(lambda: Writer(vault), refused)
    for number in (1, 2, 3) if writer else ():
        saved = _or_refusal(lambda number=number: one_save(vault, writer, number), refused)  # type: ignore[misc]
        if saved:
            say(saved=saved.hex(), step=number)
        blob = _or_refusal(lambda: vault.blobs.add(io.BytesIO(os.urandom(3000)), media=""), refused)
        if blob:
            say(blob=blob.sha256.hex())
    changed = _or_refusal(lambda: _write_slots(vault), refused)
    if changed:
        say(generation=changed)
    say(refused=refused, opened=True, stopped=vault.database.stopped)
    vault.close()
    say(done="close")


def _write_slots(vault: Vault) -> int:
    with vault.database.writing_beside():
        return slots.write_slot_file(vault.folder, slots.read_slot_file(vault.folder)).generation


def _or_refusal(act: Callable[[], Any], refused: list[str]) -> Any:
    try:
        return act()
    except KzdocError as error:
        refused.append(error.code)
        return None


def lines(said: Iterator[str]) -> Iterator[dict[str, Any]]:
    """Read what a piece of work said."""
    return (json.loads(line) for line in said)


WORK: dict[str, Callable[[Path], None]] = {
    "create": create,
    "save": save,
    "endless": endless,
    "attach": attach,
    "forget": forget,
    "slots": change_slots,
    "ways": add_ways,
    "rekey": take_away,
    "backup": back_up,
    "migrate": migrate,
    "take": take_in,
    "restore": restore,
    "faulty": faulty,
}

if __name__ == "__main__":
    for spoilt in sys.argv[3:]:
        without_flushes(spoilt)
    WORK[sys.argv[2]](Path(sys.argv[1]))
