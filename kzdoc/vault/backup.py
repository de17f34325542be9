"""A whole vault in one encrypted file, verified by opening it, and a new vault out of such a file.

The format is docs/formats/vault.md, "Backup". Rules: a backup gets its name when it was restored and stood the check,
never before; three generations of a name are kept; restoring makes a new folder and never writes over an old one.
"""

from __future__ import annotations

import contextlib
import glob
import hashlib
import shutil
import struct
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from kzdoc.errors import KzdocError, VaultError
from kzdoc.limits import LIMITS
from kzdoc.platform.files import (
    file_errors,
    keep_older,
    make_private_folder,
    move_durably,
    open_given,
    replace_durably,
    writing_durably,
)
from kzdoc.progress import Progress, silent
from kzdoc.vault.slots import NAMES, SlotFile, decode_slot_file
from kzdoc.vault.vault import BLOBS, DATABASE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

    from kzdoc.vault.blobs import Blobs
    from kzdoc.vault.connection import Database
    from kzdoc.vault.vault import Vault

GENERATIONS = 3
"""The newest backup of a name and two older ones are kept."""

_MAGIC = b"KZDOCBAK"
_VERSION = 1
_U64 = struct.Struct(">Q")
_STEP = 2**20
_NAME = 16
_ASIDE = ".drill-"


class _Hashing:
    """Writes or reads through to a file and digests what passes."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.digest = hashlib.sha256()

    def write(self, data: bytes) -> None:
        self.digest.update(data)
        self._file.write(data)

    def read(self, size: int) -> bytes:
        data = self._file.read(size)
        if len(data) != size:
            raise VaultError("vault.backup-damaged")
        self.digest.update(data)
        return data

    def number(self) -> int:
        return int(_U64.unpack(self.read(8))[0])


def back_up(vault: Vault, target: Path, *, progress: Progress = silent) -> None:
    """Write the vault to ``target`` once it was restored from that very file and stood its check.

    What stood there before is kept as ``NAME.1``, and the one before it as ``NAME.2``.

    Raises:
        VaultError: ``vault.backup-failed`` when what was restored did not stand its check, ``vault.disk-full``;
            ``platform.…`` (as ``KzdocError``). Then ``target`` is as it was.
    """
    prefix = f".{target.name}-"
    with file_errors():
        for left in target.parent.glob(f"{glob.escape(prefix)}*.part"):  # by a stop in the middle of an earlier one
            shutil.rmtree(left, ignore_errors=True)
        work = Path(tempfile.mkdtemp(prefix=prefix, suffix=".part", dir=target.parent))
    try:
        copy, made = work / "copy", work / "made"
        vault.database.run("VACUUM INTO ?", (str(copy),))
        _write(vault, copy, made, progress)
        with file_errors():
            copy.unlink()
        _drill(vault, made, work / "restored", progress)
        keep_older(target, GENERATIONS)
        move_durably(made, target)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def restore(source: Path, folder: Path, *, progress: Progress = silent) -> None:
    """Make a vault out of a backup in a folder that is not there yet or empty; nobody's passphrase is needed.

    Raises:
        VaultError: ``vault.exists``, ``vault.backup-damaged``, ``vault.newer-version``, ``vault.disk-full``; then
            nothing is left of it.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise VaultError("vault.exists")
    _check_sum(source)
    made_folder = not folder.exists()
    if made_folder:
        make_private_folder(folder)
    try:
        with file_errors(), open_given(source) as file:
            _unpack(_Hashing(file), folder, progress)
    except BaseException:
        _remove(folder, with_folder=made_folder)
        raise


@contextlib.contextmanager
def aside(folder: Path) -> Iterator[Path]:
    """Give a folder inside a vault's own, in which a backup may be tried out; it goes afterwards, and what a stop left.

    Raises:
        KzdocError: ``platform.…`` when it cannot be made.
    """
    with file_errors():
        for left in folder.glob(f"{_ASIDE}*"):
            shutil.rmtree(left, ignore_errors=True)
        work = Path(tempfile.mkdtemp(prefix=_ASIDE, dir=folder))
    try:
        yield work
    finally:
        shutil.rmtree(work, ignore_errors=True)


def keys_of(source: Path) -> SlotFile:
    """Return the slots a backup has, to see who can open it before anything is made of it.

    Raises ``InputError("file.not-read")``; ``VaultError``: ``vault.backup-damaged``, ``vault.newer-version``.
    """
    with file_errors(), open_given(source) as file:
        read = _Hashing(file)
        if read.read(len(_MAGIC) + 2)[: len(_MAGIC)] != _MAGIC:
            raise VaultError("vault.backup-damaged")
        size = read.number()
        if size > LIMITS.slot_file:
            raise VaultError("vault.backup-damaged")
        try:
            return decode_slot_file(read.read(size))
        except VaultError as error:
            raise error if error.code == "vault.newer-version" else VaultError("vault.backup-damaged") from error


def _drill(vault: Vault, made: Path, folder: Path, progress: Progress) -> None:
    """Restore keys and database from the backup and judge them; compare its pieces of files with the vault's."""
    try:
        _check_sum(made)
        make_private_folder(folder)
        with file_errors(), made.open("rb") as file:
            _unpack(_Hashing(file), folder, progress, beside=vault.blobs)
        decode_slot_file((folder / NAMES[0]).read_bytes())
    except VaultError as error:
        raise VaultError("vault.backup-failed") from error
    _verify(vault.database, folder / DATABASE)


def _verify(database: Database, copy: Path) -> None:
    """Open the copy beside the vault, under the same key, and look at all of it."""
    try:
        database.run("ATTACH ? AS copy", (str(copy),))
        try:
            whole = (
                not database.rows("PRAGMA copy.cipher_integrity_check")
                and database.rows("PRAGMA copy.quick_check") == [("ok",)]
                and database.rows("SELECT count(*), max(seq) FROM copy.revision")
                == database.rows("SELECT count(*), max(seq) FROM main.revision")
            )
        finally:
            database.run("DETACH copy")
    except VaultError as error:
        raise VaultError("vault.backup-failed") from error
    if not whole:
        raise VaultError("vault.backup-failed")


def _write(vault: Vault, copy: Path, target: Path, progress: Progress) -> None:
    pieces = vault.blobs.pieces()
    with writing_durably(target) as file, file_errors():
        out = _Hashing(file)
        out.write(_MAGIC + _VERSION.to_bytes(2, "big"))
        keys = (vault.folder / NAMES[0]).read_bytes()
        out.write(_U64.pack(len(keys)) + keys)
        _append(out, copy)
        out.write(_U64.pack(len(pieces)))
        for number, name in enumerate(pieces):
            progress("vault.backup", number, len(pieces))
            out.write(bytes.fromhex(name))
            _append(out, vault.blobs.path_of(name))
        file.write(out.digest.digest())


def _append(out: _Hashing, path: Path) -> None:
    out.write(_U64.pack(path.stat().st_size))
    with path.open("rb") as source:
        while data := source.read(_STEP):
            out.write(data)


def _check_sum(source: Path) -> None:
    """Refuse a file that is not a whole backup before anything is made of it."""
    with file_errors(), open_given(source) as file:
        size = source.stat().st_size
        head = file.read(len(_MAGIC) + 2)
        if head[: len(_MAGIC)] != _MAGIC or size < len(head) + 32:
            raise VaultError("vault.backup-damaged")
        if int.from_bytes(head[len(_MAGIC) :], "big") > _VERSION:
            raise VaultError("vault.newer-version", version=int.from_bytes(head[len(_MAGIC) :], "big"))
        digest = hashlib.sha256(head)
        left = size - len(head) - 32
        while left > 0 and (data := file.read(min(_STEP, left))):
            digest.update(data)
            left -= len(data)
        if left or file.read() != digest.digest():
            raise VaultError("vault.backup-damaged")


def _unpack(read: _Hashing, folder: Path, progress: Progress, *, beside: Blobs | None = None) -> None:
    """Write what the backup contains to an empty folder; its pieces are compared with those ``beside``, if given."""
    read.read(len(_MAGIC) + 2)
    keys = read.read(read.number())
    decode_slot_file(keys)
    with writing_durably(folder / DATABASE) as file:
        file.writelines(_parts(read, read.number()))
    with file_errors():
        (folder / BLOBS).mkdir(mode=0o700)
    count = read.number()
    for number in range(count):
        progress("vault.restore", number, count)
        name = read.read(_NAME).hex()
        if beside:
            _compare(read, beside.path_of(name))
            continue
        with writing_durably(folder / BLOBS / name) as file:
            file.writelines(_parts(read, read.number()))
    for name in NAMES:
        replace_durably(folder / name, keys)


def _compare(read: _Hashing, piece: Path) -> None:
    with file_errors(), piece.open("rb") as original:
        for part in _parts(read, read.number()):
            if original.read(len(part)) != part:
                raise VaultError("vault.backup-damaged")
        if original.read(1):
            raise VaultError("vault.backup-damaged")


def _parts(read: _Hashing, size: int) -> Iterator[bytes]:
    while size:
        data = read.read(min(_STEP, size))
        size -= len(data)
        yield data


def _remove(folder: Path, *, with_folder: bool) -> None:
    """Take away what an unfinished restore made; the folder was empty before."""
    with contextlib.suppress(OSError, KzdocError):
        for path in folder.iterdir():
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink()
        if with_folder:
            folder.rmdir()
