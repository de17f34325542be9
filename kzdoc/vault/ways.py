"""The ways to open a vault: which slots are in use, of what kind, and how one is added, changed, renamed.

``vault.keys`` holds the slots, the database what each is. Rules: a slot counts as in use when the database knows its
very bytes, so after a stop between the two writings the list still tells the truth; the note is written before the
slot file, and the older bytes stay known until the newer ones are on the medium. Nothing here takes a way from
anybody: that is a new key (rekey.py).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kzdoc.crypto.age import HybridRecipient
from kzdoc.crypto.passphrase import judge
from kzdoc.encoding import decode, encode
from kzdoc.errors import InputError, VaultError
from kzdoc.vault import slots
from kzdoc.vault.connection import wipe
from kzdoc.vault.rows import NamedBytes
from kzdoc.vault.slots import STANDARD_COST, KdfCost, SlotFile

if TYPE_CHECKING:
    from pathlib import Path

    from kzdoc.moment import Clock, Randomness
    from kzdoc.vault.connection import Database

PASSPHRASE, RECOVERY, HEADQUARTERS = "passphrase", "recovery", "headquarters"
LABEL_LIMIT = 80
_NOTE = "way:"


@dataclass(frozen=True, slots=True)
class Way:
    """A slot in use; ``recipient`` is its public key, empty when an older program made it."""

    number: int
    kind: str
    label: str
    added: int
    recipient: bytes = b""
    needed: int = 0
    total: int = 0
    set_id: bytes = b""
    rehearsed: str = ""
    """The day the shares were last shown to open the slot, or nothing."""


class Ways:
    """The slots of an open vault."""

    def __init__(
        self, database: Database, folder: Path, file: SlotFile, *, clock: Clock, randomness: Randomness
    ) -> None:
        self._database = database
        self._meta = NamedBytes(database, "meta")
        self._folder = folder
        self._clock = clock
        self._randomness = randomness
        self.file = file

    def all(self) -> list[Way]:
        """Return the slots in use, by number."""
        found = []
        for number, kind, label, added in self._database.rows("SELECT number, kind, label, added FROM slot"):
            note = self._meta.get(f"{_NOTE}{number}")
            told = decode(note) if note else {"digests": []}
            if told["digests"] and slots.slot_digest(self.file, number) not in told["digests"]:
                continue  # the slot file was never written, or an older one was put back
            details = {key: told[key] for key in told if key != "digests"}
            found.append(Way(number, kind, label, added, **details))
        return sorted(found, key=lambda way: way.number)

    def one(self, number: int) -> Way:
        """Return a slot in use; raises ``VaultError("vault.slot")``."""
        for way in self.all():
            if way.number == number:
                return way
        raise VaultError("vault.slot", number=number)

    def add_passphrase(self, key: bytearray, passphrase: str, *, label: str = "", cost: KdfCost = STANDARD_COST) -> int:
        """Add a passphrase that opens this vault and return its slot; ``key`` is the database key.

        Raises:
            InputError: ``passphrase.weak-…``, ``slot.label``.
            VaultError: ``vault.slots-full``, ``vault.damaged`` when the key is not this vault's.
        """
        judge(passphrase)
        slots.check_key(self.file, key)
        number = self._free()
        self._put_passphrase(number, key, passphrase, label=label, cost=cost)
        return number

    def replace_passphrase(self, old: str, new: str, *, label: str = "", cost: KdfCost = STANDARD_COST) -> int:
        """Put a passphrase in the slot that the old one opens and return that slot.

        This shuts out nobody who kept a copy of the vault.

        Raises:
            InputError: ``passphrase.weak-…``, ``slot.label``.
            VaultError: ``vault.wrong-passphrase``; then nothing was changed.
        """
        judge(new)
        number, key = slots.unlock_slot(self.file, old)
        try:
            kept = next((way.label for way in self.all() if way.number == number), "")
            self._put_passphrase(number, key, new, label=label or kept, cost=cost)
        finally:
            wipe(key)
        return number

    def add_recipient(
        self,
        key: bytearray,
        recipient: HybridRecipient,
        *,
        kind: str,
        label: str,
        needed: int = 0,
        total: int = 0,
        set_id: bytes = b"",
    ) -> int:
        """Let whoever holds the private key of ``recipient`` open this vault; return the slot.

        Raises:
            InputError: ``slot.label``.
            VaultError: ``vault.slots-full``, ``vault.damaged`` when the key is not this vault's.
        """
        slots.check_key(self.file, key)
        number = self._free()
        changed = slots.with_recipient(self.file, number, key, recipient, randomness=self._randomness)
        way = Way(number, kind, label, self._clock().seconds, recipient.raw, needed, total, set_id)
        self._write(changed, way)
        return number

    def rename(self, number: int, label: str) -> None:
        """Call a slot otherwise; raises ``VaultError("vault.slot")``, ``InputError("slot.label")``."""
        note_way(self._database, self.file, replace(self.one(number), label=_checked(label)))

    def rehearsed(self, number: int) -> None:
        """Note that its shares were shown today to open a slot; raises ``VaultError("vault.slot")``."""
        note_way(self._database, self.file, replace(self.one(number), rehearsed=self._clock().day()))

    def _put_passphrase(self, number: int, key: bytearray, passphrase: str, *, label: str, cost: KdfCost) -> None:
        changed, recipient = slots.with_passphrase_and_recipient(
            self.file, number, key, passphrase, cost=cost, randomness=self._randomness
        )
        self._write(changed, Way(number, PASSPHRASE, label, self._clock().seconds, recipient))

    def _free(self) -> int:
        taken = {way.number for way in self.all()}
        free = [number for number in range(slots.SLOTS) if number not in taken]
        if not free:
            raise VaultError("vault.slots-full", limit=slots.SLOTS)
        return free[0]

    def _write(self, changed: SlotFile, way: Way) -> None:
        """Note the way, write the slot file, and forget the bytes it had before."""
        way = replace(way, label=_checked(way.label))
        before = slots.slot_digest(self.file, way.number)
        in_use = any(one.number == way.number for one in self.all())
        note_way(self._database, changed, way, also=(before,) if in_use else ())
        try:
            with self._database.writing_beside():
                self.file = slots.write_slot_file(self._folder, changed)
        except BaseException:
            self.file = slots.read_slot_file(self._folder)
            raise
        note_way(self._database, self.file, way)


def note_way(database: Database, file: SlotFile, way: Way, *, also: tuple[bytes, ...] = ()) -> None:
    """Note what a slot of ``file`` is, and which other bytes of it count as well."""
    told = {
        "digests": [slots.slot_digest(file, way.number), *also],
        "recipient": way.recipient,
        "needed": way.needed,
        "total": way.total,
        "set_id": way.set_id,
        "rehearsed": way.rehearsed,
    }
    with database.transaction():
        database.run("INSERT OR REPLACE INTO slot VALUES (?, ?, ?, ?)", (way.number, way.kind, way.label, way.added))
        NamedBytes(database, "meta").put(f"{_NOTE}{way.number}", encode(told))


def forget_ways(database: Database) -> None:
    """Forget what all slots are; inside a transaction."""
    database.run("DELETE FROM slot")
    for name in NamedBytes(database, "meta").names():
        if name.startswith(_NOTE):
            NamedBytes(database, "meta").drop(name)


def _checked(label: str) -> str:
    if len(label) > LABEL_LIMIT or not label.isprintable():
        raise InputError("slot.label", limit=LABEL_LIMIT)
    return label
