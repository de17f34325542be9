"""A new database key: the whole database written anew under it, every slot but those taken away wrapped again.

Only this shuts somebody out who knows a passphrase and may have kept the old key. Steps, each of which leaves a vault
that opens as before or as after (docs/formats/slots.md): 1 the new database beside the old one, checked, on the
medium; 2 the old one closed, its WAL empty; 3 ``vault.keys`` with the slots of the new key: from here on the new one
counts; 4 the new database in the place of the old one. ``settle`` finishes or undoes at the next opening. What it
does not do: reach copies and backups that exist elsewhere, nor what flash storage keeps of overwritten bytes; files
keep the keys they have, of which a copy of the old database tells.
"""

from __future__ import annotations

import contextlib
from dataclasses import replace
from typing import TYPE_CHECKING

from kzdoc.crypto.age import HybridRecipient
from kzdoc.encoding import encode
from kzdoc.errors import VaultError
from kzdoc.platform.files import file_errors, free_space, fsync_directory, move_durably, sync_file
from kzdoc.progress import Progress, silent
from kzdoc.vault import slots, tally
from kzdoc.vault.connection import KEY_BYTES, Database, open_database, wipe
from kzdoc.vault.rows import NamedBytes
from kzdoc.vault.ways import Way, forget_ways, note_way

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from kzdoc.moment import Clock, Randomness
    from kzdoc.vault.vault import Vault

DATABASE, NEXT = "vault.db", "vault.db.next"
_SIDE_FILES = ("-wal", "-shm", "-journal")
_ROOM = 1.2
_WHAT_COUNTS = "SELECT count(*), max(seq) FROM revision"


def rekey(
    vault: Vault,
    *,
    without: Collection[int],
    recipients: dict[int, bytes],
    clock: Clock,
    randomness: Randomness,
    progress: Progress = silent,
) -> list[Way]:
    """Give the vault a new key that the slots ``without`` do not get; the vault is closed then.

    ``recipients`` are public keys of slots of which the vault knows none. Return the slots that could not be kept.

    Raises:
        VaultError: ``vault.slot``, ``vault.last-slot`` when no slot would be left, ``vault.disk-full``,
            ``vault.rekey-failed`` when the new database did not stand its check; then nothing was changed.
    """
    ways = vault.ways.all()
    for number in without:
        vault.ways.one(number)
    known = [replace(way, recipient=way.recipient or recipients.get(way.number, b"")) for way in ways]
    kept = [way for way in known if way.number not in without and way.recipient]
    if not kept:
        raise VaultError("vault.last-slot")
    folder, path = vault.folder, vault.folder / NEXT
    _clear(folder)
    if free_space(folder) < _ROOM * (folder / DATABASE).stat().st_size:
        raise VaultError("vault.disk-full")
    key = bytearray(randomness(KEY_BYTES))
    try:
        file = slots.fresh(vault.ways.file, key, randomness=randomness)
        for way in kept:
            recipient = HybridRecipient.from_bytes(way.recipient)
            file = slots.with_recipient(file, way.number, key, recipient, randomness=randomness)
        try:
            _write_next(vault.database, path, key, file, kept, now=clock().seconds, progress=progress)
        except BaseException:
            _clear(folder)
            raise
    finally:
        wipe(key)
    _swap(vault, file)
    return [way for way in known if way not in kept and way.number not in without]


def settle(folder: Path, key: bytearray) -> None:
    """Finish or undo a change of key that was stopped, before the database is opened with ``key``.

    Raises:
        KzdocError: ``platform.…`` when the files cannot be moved; they stay as they are.
    """
    path = folder / NEXT
    if not path.is_file():
        return
    if _opens(path, key):
        _drop_side_files(folder / DATABASE)
        move_durably(path, folder / DATABASE)
    elif _opens(folder / DATABASE, key):
        _clear(folder)


def _write_next(
    database: Database,
    path: Path,
    key: bytearray,
    file: slots.SlotFile,
    kept: list[Way],
    *,
    now: int,
    progress: Progress,
) -> None:
    made = open_database(path, key, create=True)
    try:
        database.copy_into(made, lambda done, total: progress("vault.rekey", done, total))
        tally.watch(made)
        with made.transaction():
            forget_ways(made)
            for way in kept:
                note_way(made, file, way)
            NamedBytes(made, "meta").put("rekeyed", encode(now))
        whole = (
            not made.rows("PRAGMA cipher_integrity_check")
            and made.rows("PRAGMA quick_check") == [("ok",)]
            and made.rows(_WHAT_COUNTS) == database.rows(_WHAT_COUNTS)
        )
        if not whole:
            raise VaultError("vault.rekey-failed")
    finally:
        made.close()
    if any(path.with_name(path.name + side).exists() for side in _SIDE_FILES):
        raise VaultError("vault.rekey-failed")
    with file_errors(), path.open("r+b") as handle:
        sync_file(handle)
    fsync_directory(path.parent)


def _swap(vault: Vault, file: slots.SlotFile) -> None:
    folder = vault.folder
    vault.database.close()
    try:
        wal = folder / f"{DATABASE}-wal"
        if wal.exists() and wal.stat().st_size:
            raise VaultError("vault.rekey-failed")  # the old database could not be closed in good order
        _drop_side_files(folder / DATABASE)
        slots.write_slot_file(folder, file)
        move_durably(folder / NEXT, folder / DATABASE)
    finally:
        vault.close()


def _opens(path: Path, key: bytearray) -> bool:
    """Tell whether this key opens a vault's database there: an empty file would open with any key."""
    if not path.is_file() or not path.stat().st_size:
        return False
    try:
        database = open_database(path, key)
    except VaultError as error:
        if error.code == "vault.damaged":
            return False
        raise
    try:
        tables = database.rows("SELECT 1 FROM sqlite_master WHERE name = 'meta'")
        return bool(tables) and NamedBytes(database, "meta").get("vault") is not None
    finally:
        database.close()


def _clear(folder: Path) -> None:
    path = folder / NEXT
    with file_errors():
        path.unlink(missing_ok=True)
    _drop_side_files(path)


def _drop_side_files(path: Path) -> None:
    for side in _SIDE_FILES:
        with contextlib.suppress(OSError):
            path.with_name(path.name + side).unlink(missing_ok=True)
