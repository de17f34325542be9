"""An open vault: made, opened by passphrase or by key, closed; everything in it hangs on one object.

Rules: the folder is locked before anything is read from the database and until it is closed; a key handed in is left
to the caller to wipe, one derived here is wiped here; wrong passphrase, damage, a newer version and somebody else's
lock are four different answers. One thread uses a vault. Where the medium takes no writes, a vault opens to be read
(``read_only``), and every act that would write is refused. A failed flush, of whichever of its files, ends the
writing until it is opened again.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Self

from kzdoc.crypto.age import HybridIdentity
from kzdoc.crypto.passphrase import judge
from kzdoc.errors import KzdocError, VaultError
from kzdoc.platform.files import Lock, lock_file, lock_to_read, make_private_folder, place_id
from kzdoc.progress import Progress, silent
from kzdoc.vault import slots, tally
from kzdoc.vault.blobs import Blobs
from kzdoc.vault.brought import Brought
from kzdoc.vault.chains import Chains
from kzdoc.vault.connection import KEY_BYTES, Database, open_database, wipe
from kzdoc.vault.contacts import Contacts
from kzdoc.vault.drafts import Drafts
from kzdoc.vault.export_log import Exports
from kzdoc.vault.lacking import Lacking
from kzdoc.vault.names import Names
from kzdoc.vault.older_vaults import OlderVaults
from kzdoc.vault.outbox import Outbox
from kzdoc.vault.projection import declarations
from kzdoc.vault.quarantine import Quarantine
from kzdoc.vault.reading import Records
from kzdoc.vault.rekey import settle
from kzdoc.vault.rows import NamedBytes
from kzdoc.vault.schema import migrate
from kzdoc.vault.sent import Sent
from kzdoc.vault.shelf import Shelf
from kzdoc.vault.slots import STANDARD_COST, KdfCost, SlotFile
from kzdoc.vault.store import Store
from kzdoc.vault.taken_in import TakenIn
from kzdoc.vault.told import Told
from kzdoc.vault.ways import PASSPHRASE, Way, Ways, note_way
from kzdoc.vault.whereabouts import Whereabouts

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kzdoc.moment import Clock, Moment, Randomness

DATABASE = "vault.db"
BLOBS = "blobs"
LOCK = "vault.lock"


class Vault:
    """An open vault. Its parts are attributes; what they promise stands in their own files."""

    def __init__(
        self,
        folder: Path,
        database: Database,
        file: SlotFile,
        lock: Lock,
        *,
        clock: Clock,
        randomness: Randomness,
        progress: Progress = silent,
    ) -> None:
        """``progress`` tells of projections made anew after a change of declarations, and may stop the opening."""
        self.folder = folder
        self.id = file.vault_id
        self._database = database
        self._lock = lock
        self._meta = NamedBytes(database, "meta")
        self.ways = Ways(database, folder, file, clock=clock, randomness=randomness)
        self.store = Store(database, self._meta, place=place_id(folder), randomness=randomness)
        self.records = Records(database)
        self.chains = Chains(database)
        self.blobs = Blobs(database, folder / BLOBS, clock=clock, randomness=randomness)
        self.secrets = NamedBytes(database, "secret")
        self.settings = NamedBytes(database, "setting")
        self.outbox = Outbox(self.settings)
        self.contacts = Contacts(database, clock=clock)
        self.older_vaults = OlderVaults(database)
        self.whereabouts = Whereabouts(database, self.older_vaults)
        self.sent = Sent(database, self.whereabouts, self.older_vaults, clock=clock)
        self.taken_in = TakenIn(database, clock=clock)
        self.brought = Brought(database)
        self.store.where_else = self.whereabouts.follow_records
        self.lacking = Lacking(database)
        self.told = Told(database, self.settings)
        self.exports = Exports(database, clock=clock)
        self.drafts = Drafts(database, clock=clock, randomness=randomness)
        self.quarantine = Quarantine(database, clock=clock)
        self.names = Names(database)
        self.shelf = Shelf(database)
        self.blobs.sweep()
        with contextlib.suppress(VaultError):  # of what a stop left of things forgotten; a later opening does it else
            database.empty_wal()
        if self._meta.get("projection") != declarations():
            self.rebuild(progress=progress)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def database(self) -> Database:
        """Return the database, for this floor's own check and backup; actions never see it."""
        return self._database

    @property
    def changed(self) -> int:
        """A number that differs whenever anything in the vault may; for what is read once and kept meanwhile."""
        return self._database.changed

    @property
    def in_transaction(self) -> bool:
        """Tell whether something is under way that may still be taken back."""
        return self._database.in_transaction

    def stop_asking(self) -> None:
        """Make whatever is being read, and read from now on, raise ``Cancelled``; from any thread."""
        self._database.stop_asking()

    def ask_again(self) -> None:
        """Let it be read again."""
        self._database.ask_again()

    @property
    def read_only(self) -> bool:
        """Tell whether it was opened on a medium that takes no writes: all can be read, nothing saved."""
        return self._database.read_only

    @property
    def stopped(self) -> bool:
        """Tell whether a flush or a write failed since it was opened: it takes nothing more until opened again."""
        return self._database.stopped

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """Make several acts one: all of them happen, or none does (a save and its draft, a bundle and its note)."""
        try:
            with self._database.transaction():
                yield
        except BaseException:
            self.store.forget_what_failed()
            self.blobs.undo_adding()
            raise
        self.blobs.finish_adding()

    def rebuild(self, *, progress: Progress = silent) -> int:
        """Make every projection anew from the revisions and return how many records there are."""
        with self.transaction():
            count = self.store.rebuild(progress=progress)
            self._meta.put("projection", declarations())
        return count

    def close(self) -> None:
        """Empty the WAL, close the database, give the lock back; a second call does nothing."""
        self._database.close()
        self._lock.release()


_NO_ROOM = ("vault.disk-full", "platform.disk-full")


def create(
    folder: Path,
    passphrase: str,
    *,
    clock: Clock,
    randomness: Randomness,
    label: str = "",
    kdf: KdfCost = STANDARD_COST,
) -> Vault:
    """Make a new vault in a folder that is not there yet or empty, and return it open.

    Raises:
        InputError: ``passphrase.weak-…``.
        VaultError: ``vault.exists``, ``vault.disk-full``, ``platform.no-encryption``; then nothing is left behind.
    """
    judge(passphrase)
    made_folder = not folder.exists()
    if not made_folder and (not folder.is_dir() or any(folder.iterdir())):
        raise VaultError("vault.exists")
    if made_folder:
        make_private_folder(folder)
    key = bytearray(randomness(KEY_BYTES))
    lock: Lock | None = None
    try:
        lock = lock_file(folder / LOCK, now=clock())
        (folder / BLOBS).mkdir(mode=0o700)
        file = slots.new_slot_file(key, vault_id=randomness(16), cost=kdf, randomness=randomness)
        file, recipient = slots.with_passphrase_and_recipient(file, 0, key, passphrase, cost=kdf, randomness=randomness)
        database = open_database(folder / DATABASE, key, create=True)
        try:
            migrate(database, clock())
            tally.watch(database)
            NamedBytes(database, "meta").put("vault", file.vault_id)
            note_way(database, file, Way(0, PASSPHRASE, label, clock().seconds, recipient))
            file = slots.write_slot_file(folder, file)
            return Vault(folder, database, file, lock, clock=clock, randomness=randomness)
        except BaseException:
            database.close()
            raise
    except BaseException:
        if lock is not None:
            lock.release()
        _remove(folder, with_folder=made_folder)
        raise
    finally:
        wipe(key)


def unlock_key(folder: Path, passphrase: str | bytearray) -> bytearray:
    """Return the database key, for a short-lived process that does nothing else; the caller wipes it.

    Raises:
        VaultError: ``vault.not-a-vault``, ``vault.wrong-passphrase``, ``vault.damaged``, ``vault.newer-version``.
    """
    return slots.unlock(slots.read_slot_file(folder), passphrase)


def unlock_key_with(folder: Path, identity: HybridIdentity) -> bytearray | None:
    """Return the database key when a slot is wrapped to this identity, else None; the caller wipes it.

    Raises:
        VaultError: ``vault.not-a-vault``, ``vault.damaged``, ``vault.newer-version``.
    """
    found = slots.unlock_with(slots.read_slot_file(folder), identity)
    return found[1] if found else None


def open_vault(
    folder: Path, passphrase: str | bytearray, *, clock: Clock, randomness: Randomness, progress: Progress = silent
) -> Vault:
    """Open the vault with a passphrase; after a change of declarations its lists are made anew, and that is told.

    Raises:
        Cancelled: nothing was changed, and the vault is not open.
        VaultError: as ``unlock_key``, and ``vault.locked`` (``pid``, ``since``), ``vault.locked-elsewhere``,
            ``vault.read-only`` when it cannot even be read so, ``platform.no-encryption``.
    """
    slots.read_slot_file(folder)
    with _locked(folder, clock()) as lock:
        file = slots.read_slot_file(folder)  # again: whoever held the lock until now may have changed it
        key = slots.unlock(file, passphrase)
        try:
            return _open(folder, key, file, lock, clock=clock, randomness=randomness, progress=progress)
        finally:
            wipe(key)


def open_with_key(
    folder: Path, key: bytearray, *, clock: Clock, randomness: Randomness, progress: Progress = silent
) -> Vault:
    """Open the vault with its database key, which is left to the caller to wipe; else as ``open_vault``.

    Raises:
        Cancelled: as ``open_vault``.
        VaultError: ``vault.not-a-vault``, ``vault.damaged`` (also when the key is not this vault's),
            ``vault.newer-version``, ``vault.locked`` (``pid``), ``vault.read-only``, ``platform.no-encryption``.
    """
    slots.read_slot_file(folder)
    with _locked(folder, clock()) as lock:
        file = slots.read_slot_file(folder)
        return _open(folder, key, file, lock, clock=clock, randomness=randomness, progress=progress)


def _open(
    folder: Path,
    key: bytearray,
    file: SlotFile,
    lock: Lock,
    *,
    clock: Clock,
    randomness: Randomness,
    progress: Progress,
) -> Vault:
    """Open with the lock held; where opening finds no room to write, open to read alone: a full disk can be read."""
    slots.check_key(file, key)
    if not lock.read_only:
        try:
            return _open_as(
                folder, key, file, lock, clock=clock, randomness=randomness, read_only=False, progress=progress
            )
        except KzdocError as error:
            if error.code not in _NO_ROOM:
                raise
    return _open_as(folder, key, file, lock, clock=clock, randomness=randomness, read_only=True, progress=progress)


def _open_as(
    folder: Path,
    key: bytearray,
    file: SlotFile,
    lock: Lock,
    *,
    clock: Clock,
    randomness: Randomness,
    read_only: bool,
    progress: Progress,
) -> Vault:
    if not read_only:
        settle(folder, key)
    database = open_database(folder / DATABASE, key, read_only=read_only)
    database.full = read_only and (lock.full or not lock.read_only)
    try:
        migrate(database, clock())
        _check_same(database, file)
        if not read_only:
            tally.watch(database)
            (folder / BLOBS).mkdir(mode=0o700, exist_ok=True)
        vault = Vault(folder, database, file, lock, clock=clock, randomness=randomness, progress=progress)
        if not read_only:
            with contextlib.suppress(KzdocError), database.writing_beside():
                slots.mend(folder, file)
    except BaseException:
        database.close()
        raise
    return vault


def _check_same(database: Database, file: SlotFile) -> None:
    if NamedBytes(database, "meta").get("vault") != file.vault_id:
        raise VaultError("vault.damaged", item="database")


@contextlib.contextmanager
def _locked(folder: Path, now: Moment) -> Iterator[Lock]:
    """Give the lock to the block, which passes it on; when the block fails it is given back."""
    try:
        lock = lock_file(folder / LOCK, now=now)
    except VaultError:
        raise
    except KzdocError as error:
        lock = _lock_to_read(folder)
        lock.full = error.code in _NO_ROOM
    try:
        yield lock
    except BaseException:
        lock.release()
        raise


def _lock_to_read(folder: Path) -> Lock:
    """Hold the place of a vault that cannot be written to: it will be read alone."""
    try:
        return lock_to_read(folder / LOCK)
    except VaultError:
        raise
    except KzdocError as error:
        raise VaultError("vault.read-only") from error


def _remove(folder: Path, *, with_folder: bool) -> None:
    """Take away what an unfinished ``create`` made, and nothing else."""
    for name in (DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm", f"{DATABASE}-journal", LOCK, *slots.NAMES):
        with contextlib.suppress(OSError):
            (folder / name).unlink(missing_ok=True)
    for emptied in (folder / BLOBS, *([folder] if with_folder else [])):
        with contextlib.suppress(OSError):
            emptied.rmdir()
