"""Files beside the database: written once, in sealed pieces, never changed, forgotten by destroying their key.

The format is docs/formats/vault.md, "blobs/". Rules: the SHA-256 of the original is its name; a piece is on the medium
before any row names it; what was read counts only when the whole fits its SHA-256; nothing here keeps plaintext on
disk. What a stop leaves is told apart by what was noted before it: a piece is called ``NAME.new`` until its row is on
the medium, and what is forgotten stands in a list that is written with the loss of its row. Nothing else is ever
removed: a piece that no row names may be an older database's loss, and the check names it.
"""

from __future__ import annotations

import contextlib
import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kzdoc.crypto.sealing import open_bytes, seal_bytes
from kzdoc.errors import KzdocError, VaultError
from kzdoc.limits import LIMITS
from kzdoc.platform.files import fsync_directory, move_durably, replace_durably
from kzdoc.progress import Progress, silent
from kzdoc.vault.rows import NamedBytes

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import BinaryIO

    from kzdoc.moment import Clock, Randomness
    from kzdoc.vault.connection import Database

_TAG = b"kzdoc-blob-1\0"
_NAME = 16
_NEW = ".new"
_GOING = "blobs.going"
_NEVER_PIECES = (".part", ".bin")
"""How files end that are on their way and never pieces: of durable writing, and of a sealed file to be added."""


@dataclass(frozen=True, slots=True)
class Blob:
    """A file in the vault; ``sha256`` names it, ``media`` is its claimed media type."""

    sha256: bytes
    size: int
    media: str


class Blobs:
    """The files of an open vault."""

    def __init__(self, database: Database, folder: Path, *, clock: Clock, randomness: Randomness) -> None:
        self._database = database
        self._meta = NamedBytes(database, "meta")
        self._folder = folder
        self._clock = clock
        self._randomness = randomness
        self._piece = LIMITS.blob_piece
        self._coming: list[bytes] = []

    @property
    def unfinished(self) -> bool:
        """Tell whether something of what was forgotten is still to be removed (``finish_forgetting``)."""
        return self._database.owed is not None

    @property
    def unnamed(self) -> Path:
        """The folder where a file called ``….bin`` may lie until it is added; the next opening removes it."""
        return self._folder

    def add(
        self,
        source: BinaryIO,
        *,
        media: str,
        expected: bytes | None = None,
        progress: Progress = silent,
        total: int = 0,
    ) -> Blob:
        """Take in everything ``source`` gives and return what it is called; the same file is kept once.

        ``expected`` is the SHA-256 it must have, if it was promised. ``total`` is its size for the progress, if known.

        Raises:
            VaultError: ``vault.blob-hash`` when it is not what was expected, ``vault.blob-size`` when it is too
                large, ``vault.read-only``, ``vault.stopped``; ``platform.disk-full`` and the others of
                ``replace_durably`` (as ``KzdocError``). Then, and when ``progress`` cancels, nothing of it is kept.
        """
        key = self._randomness(32)
        names: list[bytes] = []
        digest = hashlib.sha256()
        size = 0
        try:
            for data, last in _pieces(source, self._piece):
                digest.update(data)
                size += len(data)
                _check_size(size)
                names.append(self._write(key, len(names), data, last=last))
                self._coming.append(names[-1])
                progress("vault.attach", size, total)
            blob = Blob(digest.digest(), size, media)
            _check_promise(blob, expected)
            if self.has(blob.sha256):
                self._unlink(names)
            else:
                self._database.change(
                    "INSERT INTO blob VALUES (?, ?, ?, ?, ?, ?)",
                    (blob.sha256, size, media, key, b"".join(names), self._clock().seconds),
                )
        except BaseException:
            if not self._database.stopped:  # else the row may have reached the medium, and would miss its pieces
                self._unlink(names)
            raise
        self.finish_adding()
        return blob

    def finish_adding(self) -> None:
        """Give the pieces of files added their names once their rows are on the medium; not inside a transaction.

        When nobody comes to that, reading finds them all the same, and the next opening names them.
        """
        if self._coming and not self._database.in_transaction:
            coming, self._coming = self._coming, []
            self._name(coming)

    def undo_adding(self) -> None:
        """Remove the pieces of files added in a transaction that was taken back."""
        if not self._database.in_transaction:
            coming, self._coming = self._coming, []
            if not self._database.stopped:
                self._unlink(coming)

    def has(self, sha256: bytes) -> bool:
        """Tell whether the file is here."""
        return self._database.row("SELECT 1 FROM blob WHERE sha256 = ?", (sha256,)) is not None

    def get(self, sha256: bytes) -> Blob | None:
        """Return what is known of the file, or None when it is not here."""
        row = self._database.row("SELECT sha256, size, media FROM blob WHERE sha256 = ?", (sha256,))
        return Blob(*row) if row else None

    def all(self) -> list[Blob]:
        """Return every file, sorted by its name."""
        return [Blob(*row) for row in self._database.rows("SELECT sha256, size, media FROM blob ORDER BY sha256")]

    def read(self, sha256: bytes) -> Iterator[bytes]:
        """Yield the file piece by piece; it is whole and true only when the iterator has ended by itself.

        Raises:
            VaultError: ``vault.blob-missing`` when it is not here, ``vault.blob-damaged`` when a piece is gone or
                altered.
        """
        row = self._database.row("SELECT key, pieces FROM blob WHERE sha256 = ?", (sha256,))
        if row is None:
            raise VaultError("vault.blob-missing")
        key, joined = row
        names = _split(joined)
        digest = hashlib.sha256()
        for number, name in enumerate(names):
            data = self._read(key, number, name, last=number == len(names) - 1)
            digest.update(data)
            yield data
        if digest.digest() != sha256:
            raise VaultError("vault.blob-damaged")

    def copy(self, sha256: bytes, target: BinaryIO) -> None:
        """Write the whole file to ``target``; raises as ``read`` does, and then ``target`` must not be used."""
        target.writelines(self.read(sha256))

    def forget(self, sha256: bytes) -> None:
        """Destroy the file's key, then its pieces; a file that is not here is forgotten already.

        Inside a transaction, which may still be taken back, the pieces stay until ``finish_forgetting`` after it; when
        nobody comes to that, they are removed at the next opening.
        """
        with self._database.transaction():
            row = self._database.row("SELECT pieces FROM blob WHERE sha256 = ?", (sha256,))
            if row is not None:
                self._meta.put(_GOING, (self._meta.get(_GOING) or b"") + row[0])
                self._database.run("DELETE FROM blob WHERE sha256 = ?", (sha256,))
        if not self._database.in_transaction:
            self.finish_forgetting()

    def finish_forgetting(self) -> bool:
        """Remove the pieces of files whose keys are gone, and what the WAL still has; return whether all is done.

        It comes after the commit: what was forgotten is forgotten, and no failure here may be told as if it were not.
        What is not done now is done after the next change (``Database.owed``) or at the next opening.
        """
        database, done = self._database, False
        database.owed = None
        with contextlib.suppress(KzdocError, OSError):
            emptied = database.empty_wal() or database.read_only
            self.sweep()
            done = emptied and self._meta.get(_GOING) is None
        database.owed = None if done else self.finish_forgetting
        return done

    def referred_to(self, sha256: bytes) -> bool:
        """Return whether a statement held here, or kept aside, speaks of the file; every statement is looked at."""
        return any(
            self._database.row(f"SELECT 1 FROM {table} WHERE instr({column}, ?) > 0 LIMIT 1", (sha256,)) is not None  # noqa: S608 - our own names
            for table, column in (("disclosure", "held"), ("quarantine", "content"))
        )

    def verify(self, *, progress: Progress = silent) -> list[tuple[str, str]]:
        """Read every file and return (code, item) of what is wrong; the item is a SHA-256 or a piece's name."""
        findings = []
        blobs = self.all()
        for number, blob in enumerate(blobs):
            progress("vault.check-blobs", number, len(blobs))
            try:
                for _ in self.read(blob.sha256):
                    pass
            except VaultError:
                findings.append(("vault.blob-damaged", blob.sha256.hex()))
        findings.extend([("vault.blob-left-over", name) for name in sorted(self.left_over())])
        return findings

    def left_over(self) -> set[str]:
        """Return the names of pieces that belong to no file: added, or of files that another database knows."""
        named = set(self.pieces())
        return {path.name for path in self._folder.iterdir() if path.name.removesuffix(_NEW) not in named}

    def sweep(self) -> int:
        """Finish what a stop left: name pieces that have a row, remove those noted as going or never come.

        Return how many were removed. Does nothing inside a transaction or where nothing may be written.
        """
        database = self._database
        if database.in_transaction or database.read_only or database.stopped:
            return 0
        named = set(self.pieces())
        going = _split(self._meta.get(_GOING) or b"")
        there = {path.name for path in self._folder.iterdir()} if self._folder.is_dir() else set()
        new = [name.removesuffix(_NEW) for name in there if name.endswith(_NEW)]
        self._name([bytes.fromhex(name) for name in new if name in named])
        gone = {name + _NEW for name in new if name not in named}
        gone |= {name for name in there if name.endswith(_NEVER_PIECES)}
        gone |= {name.hex() for name in going if name.hex() not in named} & there
        for name in gone:
            with contextlib.suppress(OSError):
                (self._folder / name).unlink()
        if going and not any((self._folder / name.hex()).exists() for name in going):
            with contextlib.suppress(KzdocError), database.writing_beside():  # else the list goes another time
                fsync_directory(self._folder)
                self._meta.drop(_GOING)
        return len(gone)

    def path_of(self, name: str) -> Path:
        """Return where the piece of this name lies."""
        path = self._folder / name
        new = path.with_name(name + _NEW)
        return new if new.exists() and not path.exists() else path

    def pieces(self) -> list[str]:
        """Return the names of all pieces of all files, sorted."""
        rows = self._database.rows("SELECT pieces FROM blob")
        return sorted(name.hex() for row in rows for name in _split(row[0]))

    def _write(self, key: bytes, number: int, data: bytes, *, last: bool) -> bytes:
        name = self._randomness(_NAME)
        sealed = seal_bytes(key, data, associated=_associated(number, last=last), randomness=self._randomness)
        with self._database.writing_beside():
            replace_durably(self._folder / (name.hex() + _NEW), sealed)
        return name

    def _name(self, names: list[bytes]) -> None:
        """Take ``.new`` from names; a row has them, so what fails here is done at the next opening."""
        with contextlib.suppress(OSError, KzdocError), self._database.writing_beside():
            for name in names:
                path = self._folder / name.hex()
                new = path.with_name(path.name + _NEW)
                if new.exists():
                    move_durably(new, path)

    def _read(self, key: bytes, number: int, name: bytes, *, last: bool) -> bytes:
        try:
            sealed = self.path_of(name.hex()).read_bytes()
            return open_bytes(key, sealed, associated=_associated(number, last=last))
        except (OSError, KzdocError) as error:
            raise VaultError("vault.blob-damaged") from error

    def _unlink(self, names: list[bytes]) -> None:
        for name in names:
            with contextlib.suppress(OSError):
                (self._folder / (name.hex() + _NEW)).unlink()


def _pieces(source: BinaryIO, size: int) -> Iterator[tuple[bytes, bool]]:
    """Yield (piece, whether it is the last); an empty source gives one empty piece."""
    data = _full(source, size)
    while True:
        following = _full(source, size) if len(data) == size else b""
        yield data, not following
        if not following:
            return
        data = following


def _full(source: BinaryIO, size: int) -> bytes:
    """Read until ``size`` bytes or the end: a pipe may give less at a time."""
    parts = []
    missing = size
    while missing and (part := source.read(missing)):
        parts.append(part)
        missing -= len(part)
    return b"".join(parts)


def _check_size(size: int) -> None:
    if size > LIMITS.blob:
        raise VaultError("vault.blob-size", limit=LIMITS.blob)


def _check_promise(blob: Blob, expected: bytes | None) -> None:
    if expected is not None and blob.sha256 != expected:
        raise VaultError("vault.blob-hash")


def _split(joined: bytes) -> list[bytes]:
    return [joined[start : start + _NAME] for start in range(0, len(joined), _NAME)]


def _associated(number: int, *, last: bool) -> bytes:
    return _TAG + number.to_bytes(8, "big") + (b"\1" if last else b"\0")
