"""Sealed files that wait here for their readers: which sealings there were, and where their bytes lie.

Rules: a sealed file is kept as any file of the vault is (blobs.py), so that a check, a backup and a stop find it like
any other; nothing in this vault opens what is inside it. A row says nothing of what was sealed but the records' ids
and a label the person chose. Rows stay when the bytes have gone, so that what was sealed keeps its label. The format is
docs/formats/sealed.md.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kzdoc.encoding import decode, encode
from kzdoc.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from kzdoc.vault.rows import NamedBytes

SEALED_MEDIA = "application/vnd.kzdoc.sealed"
_PREFIX, _SEALED_BY = "outbox:", "sealed-by:"


@dataclass(frozen=True, slots=True)
class Sealing:
    """One act of sealing; ``root`` is the bundle's, ``files`` are the SHA-256 of its volumes, none when dropped.

    ``written`` counts how often it was copied out. ``made`` is in claimed seconds.
    """

    root: bytes
    number: int
    label: str
    made: int
    records: tuple[bytes, ...]
    files: tuple[bytes, ...]
    written: int = 0


class Outbox:
    """The sealings of an open vault."""

    def __init__(self, settings: NamedBytes) -> None:
        self._settings = settings

    def all(self) -> list[Sealing]:
        """Return every sealing, the newest first."""
        found = [self._read(name) for name in self._settings.under(_PREFIX)]
        return sorted([one for one in found if one is not None], key=lambda one: -one.number)

    def one(self, root: bytes) -> Sealing:
        """Return a sealing; raises ``InputError("outbox.unknown")``."""
        found = self._read(_PREFIX + root.hex())
        if found is None:
            raise InputError("outbox.unknown")
        return found

    def of_record(self, record: bytes) -> list[Sealing]:
        """Return the sealings a record was in, the newest first."""
        return [one for one in self.all() if record in one.records]

    def next_number(self) -> int:
        """Return the number of the next sealing, from 1."""
        return max((one.number for one in self.all()), default=0) + 1

    def note(self, sealing: Sealing) -> None:
        """Keep a row, over an older one of the same root."""
        told = [
            sealing.number, sealing.label, sealing.made, list(sealing.records), list(sealing.files), sealing.written
        ]  # fmt: skip
        self._settings.put(_PREFIX + sealing.root.hex(), encode(told))

    def note_written(self, root: bytes) -> None:
        """Note that the files were copied out once more."""
        one = self.one(root)
        self.note(replace(one, written=one.written + 1))

    def note_dropped(self, root: bytes) -> None:
        """Note that the files are not kept here any more; the caller forgets them."""
        self.note(replace(self.one(root), files=()))

    def note_sealed_by(self, author: bytes, records: AbstractSet[bytes]) -> None:
        """Note that a partner sealed records of which words came here: they do not go back to him unasked."""
        known = self.sealed_by(author)
        if not records <= known:
            self._settings.put(_SEALED_BY + author.hex(), encode(sorted(known | records)))

    def sealed_by(self, author: bytes) -> frozenset[bytes]:
        """Return the records that a partner is known to have sealed."""
        kept = self._settings.get(_SEALED_BY + author.hex())
        return frozenset(decode(kept)) if kept else frozenset()

    def _read(self, name: str) -> Sealing | None:
        kept = self._settings.get(name)
        if kept is None:
            return None
        number, label, made, records, files, written = decode(kept)
        return Sealing(
            bytes.fromhex(name.removeprefix(_PREFIX)), number, label, made, tuple(records), tuple(files), written
        )
