"""Files on any system: one writer, durable replacing, where a folder lies, how much room is left.

Rules: what this module says is written is on the medium; a failed flush is never tried again (a second one would
report success for data that is lost); no ``OSError`` leaves it, each becomes a typed error with its own sentence.
The calls that differ between systems stand in posix.py and windows.py, function for function.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import re
import secrets
import shutil
import stat
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Self, cast

from kzdoc.errors import InputError, KzdocError, VaultError

if sys.platform == "win32":
    from kzdoc.platform import windows as system
else:
    from kzdoc.platform import posix as system

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kzdoc.moment import Moment

VFS_WITHOUT_LOCKS = system.VFS_WITHOUT_LOCKS
"""SQLite's way to the files that takes no locks, for a medium that cannot keep any."""

_HOLDER_BYTES = 80
_SINCE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}")
_MACHINE_TAG = b"kzdoc holder 1\0"
_CODES = {
    errno.ENOSPC: "platform.disk-full",
    getattr(errno, "EDQUOT", errno.ENOSPC): "platform.disk-full",
    errno.EFBIG: "platform.disk-full",
    errno.EACCES: "platform.no-access",
    errno.EPERM: "platform.no-access",
    errno.EROFS: "platform.no-access",
    errno.ENOENT: "platform.missing",
    errno.ENOTDIR: "platform.missing",
    errno.EEXIST: "platform.exists",
    errno.EISDIR: "platform.not-a-file",
}
_STEP = 2**20


def file_error(error: OSError) -> KzdocError:
    """Return the typed error for what the system refused; the path is left out on purpose."""
    return KzdocError(_CODES.get(error.errno or 0, "platform.disk-error"))


@contextlib.contextmanager
def file_errors() -> Iterator[None]:
    """Turn every ``OSError`` of the block into a ``KzdocError``: disk-full, no-access, missing, not-a-file, others."""
    try:
        yield
    except OSError as error:
        raise file_error(error) from error


def open_given(path: Path) -> BinaryIO:
    """Open a file that somebody named, to be read: a regular file, never a folder, a device or a pipe without end.

    Raises ``InputError("file.not-read")``.
    """
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
    try:
        descriptor = os.open(path, flags)  # without waiting, as the opening of a pipe would
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            os.close(descriptor)
            raise InputError("file.not-read")
        return os.fdopen(descriptor, "rb")
    except (OSError, ValueError) as error:  # a name with a zero in it is no name
        raise InputError("file.not-read") from error


def read_given(path: Path, *, limit: int) -> bytes:
    """Return all of a file that somebody named; no more than ``limit`` bytes are ever held.

    Raises ``InputError``: ``file.not-read``, ``file.too-large``.
    """
    with open_given(path) as file:
        try:
            return read_stream(file, limit=limit)
        except OSError as error:
            raise InputError("file.not-read") from error


def read_stream(stream: BinaryIO, *, limit: int) -> bytes:
    """Return all that is left of a stream; raises ``InputError("file.too-large")`` when that is more than ``limit``."""
    parts: list[bytes] = []
    left = limit + 1
    while left and (part := stream.read(min(left, _STEP))):
        parts.append(part)
        left -= len(part)
    if not left:
        raise InputError("file.too-large", limit=limit)
    return b"".join(parts)


class Lock:
    """The right to write, held until ``release`` or the end of the process, however it ends.

    One that is ``read_only`` keeps writers away and gives no right to write.
    """

    def __init__(self, descriptor: int, *, read_only: bool = False) -> None:
        self._descriptor = descriptor
        self.read_only = read_only
        self.full = False
        """Read-only for want of room alone."""

    def release(self) -> None:
        """Give the right back; a second call does nothing."""
        if self._descriptor < 0:
            return
        descriptor, self._descriptor = self._descriptor, -1
        with contextlib.suppress(OSError):
            if not self.read_only:
                os.ftruncate(descriptor, 0)
            system.drop_lock(descriptor)
        os.close(descriptor)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.release()


def lock_file(path: Path, *, now: Moment | None = None) -> Lock:
    """Become the one writer that ``path`` stands for; the file is made when missing and stays.

    While the lock is held the file tells the holder's process number, the moment (``now``, if given) and a mark of
    the machine; no name of a person or a machine, and nothing once it is given back.

    Raises:
        VaultError: ``vault.locked`` with the ``pid`` of the process that holds it (0 when it cannot be told) and
            ``since`` when ("?" when it cannot be told); ``vault.locked-elsewhere`` when that is another machine.
        KzdocError: ``platform.…`` when the file cannot be made.
    """
    with file_errors():
        descriptor = os.open(path, system.LOCK_FLAGS, 0o600)
        taken = _take(descriptor)
        if taken:
            try:
                os.ftruncate(descriptor, 0)
                os.write(descriptor, _holder(now))
            except OSError:
                os.close(descriptor)
                raise
    return _lock_or_refusal(descriptor, taken=taken)


def lock_to_read(path: Path) -> Lock:
    """Hold off writers where nothing can be written; without the file there is nobody to hold off.

    Raises:
        VaultError: as ``lock_file`` when a writer holds it.
        KzdocError: ``platform.…`` when the file cannot be read.
    """
    with file_errors():
        try:
            descriptor = os.open(path, system.LOCK_FLAGS & ~(os.O_RDWR | os.O_CREAT) | os.O_RDONLY)
        except FileNotFoundError:
            return Lock(-1, read_only=True)
        return _lock_or_refusal(descriptor, taken=_take(descriptor), read_only=True)


def _take(descriptor: int) -> bool:
    try:
        return system.take_lock(descriptor)
    except OSError:
        os.close(descriptor)
        raise


def _lock_or_refusal(descriptor: int, *, taken: bool, read_only: bool = False) -> Lock:
    if taken:
        return Lock(descriptor, read_only=read_only)
    try:
        with file_errors():
            os.lseek(descriptor, 0, os.SEEK_SET)
            told = os.read(descriptor, _HOLDER_BYTES).decode("ascii", "replace").split(" ")
    finally:
        os.close(descriptor)
    pid, since, salt, machine = [*told, "", "", "", ""][:4]
    elsewhere = bool(machine) and machine != _mark_of_this_machine(salt)
    raise VaultError(
        "vault.locked-elsewhere" if elsewhere else "vault.locked",
        pid=int(pid) if pid.isdecimal() else 0,
        since=since.replace("T", " ") if _SINCE.fullmatch(since) else "?",
    )


def _holder(now: Moment | None) -> bytes:
    salt = secrets.token_hex(8)
    return f"{os.getpid()} {now.iso()[:16] if now else '?'} {salt} {_mark_of_this_machine(salt)}".encode("ascii")


def _mark_of_this_machine(salt: str) -> str:
    """Return a mark by which this machine knows itself; two of them do not show that they are of one machine."""
    return hashlib.sha256(_MACHINE_TAG + salt.encode() + system.machine_id()).hexdigest()[:16]


def sync_file(handle: BinaryIO) -> None:
    """Return when everything written to the open file is on the medium.

    Raises:
        KzdocError: ``platform.sync-failed``; nothing may be written to that file again, reopen it for reading only.
    """
    try:
        handle.flush()
        system.sync_descriptor(handle.fileno())
    except OSError as error:
        raise KzdocError(_CODES.get(error.errno or 0, "platform.sync-failed")) from error


def fsync_directory(folder: Path) -> None:
    """Return when the names in ``folder`` are on the medium.

    Raises:
        KzdocError: ``platform.sync-failed``.
    """
    try:
        system.sync_folder(folder)
    except OSError as error:
        raise KzdocError("platform.sync-failed") from error


@contextlib.contextmanager
def writing_durably(path: Path) -> Iterator[BinaryIO]:
    """Give a file to write; when the block ends well it stands at ``path``, whole and on the medium, else not at all.

    It is written beside ``path`` under a random name, flushed, renamed, and the folder flushed; what stood at
    ``path`` before stays until that moment.

    Raises:
        KzdocError: ``platform.disk-full`` and the others of ``file_errors``, ``platform.sync-failed``.
    """
    with file_errors():
        descriptor, name = tempfile.mkstemp(prefix=".", suffix=".part", dir=path.parent)
    part = Path(name)
    try:
        with file_errors(), os.fdopen(descriptor, "wb") as handle:
            yield cast("BinaryIO", handle)
            sync_file(cast("BinaryIO", handle))
        with file_errors():
            system.rename_over(part, path)
    except BaseException:
        with contextlib.suppress(OSError):
            part.unlink()
        raise
    fsync_directory(path.parent)


def replace_durably(path: Path, data: bytes) -> None:
    """Put ``data`` at ``path``: after a power cut there is the old file or the new one, whole, and never neither.

    Raises:
        KzdocError: as ``writing_durably``; then the old file still stands.
    """
    with writing_durably(path) as handle:
        handle.write(data)


def digest_on_medium(path: Path) -> bytes:
    """Return the SHA-256 of a flushed file as the medium gives it back, not as the system remembers it where it can.

    Raises:
        KzdocError: ``platform.…`` when it cannot be read.
    """
    digest = hashlib.sha256()
    with file_errors(), path.open("rb") as file:
        system.drop_cached(file.fileno())
        while piece := file.read(_STEP):
            digest.update(piece)
    return digest.digest()


def is_own_folder(path: Path) -> bool:
    """Return whether a path is a folder itself: no link to one, on Windows no junction either."""
    try:
        found = path.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(found.st_mode) and not getattr(found, "st_reparse_tag", 0)


def move_durably(source: Path, target: Path) -> None:
    """Give a file or an empty-target folder its final name on the same medium and flush the folder it lies in."""
    with file_errors():
        system.rename_over(source, target)
    fsync_directory(target.parent)


def keep_older(path: Path, generations: int) -> None:
    """Keep what stands at ``path`` as ``NAME.1``, what was that as ``NAME.2`` and so on; the oldest goes.

    ``generations`` counts the one at ``path``. Where the medium knows links, ``path`` itself stays as it is as well
    until something is put in its place; elsewhere (FAT) it has its new name from now on.
    """
    if not path.exists():
        return
    names = [path, *(path.with_name(f"{path.name}.{number}") for number in range(1, generations))]
    with file_errors():
        for older, newer in zip(reversed(names[2:]), reversed(names[1:-1]), strict=True):
            if newer.exists():
                system.rename_over(newer, older)
        if len(names) > 1:
            try:
                os.link(path, names[1])
            except OSError:
                system.rename_over(path, names[1])
    fsync_directory(path.parent)


def make_private_folder(path: Path) -> None:
    """Make a folder that only the present user can enter; its name, and those above it made here, are on the medium.

    Raises:
        KzdocError: ``platform.exists`` when something has that name, and the others of ``file_errors``;
            ``platform.sync-failed``.
    """
    with file_errors():
        missing = [folder for folder in (path, *path.parents) if not folder.exists()]
        path.mkdir(mode=0o700, parents=True)
        system.owner_only(path)
    for made in reversed(missing):
        fsync_directory(made.parent)


def place_id(folder: Path) -> bytes:
    """Return 32 bytes that change when the folder is copied to another place, disk or machine.

    They stay the same when it is renamed or moved on its own disk and when what it contains changes. What a copy of
    the whole disk with its system would look like cannot be told apart; neither can a folder be recognised on a
    disk that keeps no such numbers, then it is taken for a copy. They say nothing by themselves: keep them inside.

    Raises:
        KzdocError: ``platform.missing`` and the others of ``file_errors``.
    """
    with file_errors():
        place = system.place_of(folder)
    machine = system.machine_id()
    return hashlib.sha256(b"kzdoc place 1\0" + len(machine).to_bytes(4, "big") + machine + place).digest()


def on_one_disk(first: Path, second: Path) -> bool:
    """Return whether two existing folders lie on one mounted file system (a drive, a stick)."""
    with file_errors():
        return first.stat().st_dev == second.stat().st_dev


def free_space(path: Path) -> int:
    """Return how many bytes the present user may still write where ``path`` (an existing folder or file) lies."""
    with file_errors():
        return shutil.disk_usage(path).free
