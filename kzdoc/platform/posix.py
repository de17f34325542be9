"""The POSIX half of the platform floor (Linux; macOS where a call exists there).

Rules: one function here has one of the same name and signature in windows.py; nothing else in the program calls
the operating system in a way that differs between systems. Functions raise ``OSError`` and are called only by the
neutral modules beside this one, which turn it into a typed error.
"""

from __future__ import annotations

import sys

if sys.platform == "win32":
    raise ImportError("kzdoc.platform.posix")

import contextlib
import ctypes
import fcntl
import importlib
import os
import resource
import signal
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

LOCK_FLAGS: Final = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
LIMIT_SIGNALS: Final = frozenset({-signal.SIGXCPU, -signal.SIGXFSZ, -signal.SIGKILL})
INHERITED_ENVIRONMENT: Final = ("LD_LIBRARY_PATH",)
CREATION_FLAGS: Final = 0
VFS_WITHOUT_LOCKS: Final = "unix-none"
TELLS_BY_MESSAGE: Final = False

_PR_SET_PDEATHSIG = 1
_PR_SET_DUMPABLE = 4
_PR_SET_NO_NEW_PRIVS = 38
_PT_DENY_ATTACH = 31
_CLONE_NEWUSER = 0x10000000
_CLONE_NEWNET = 0x40000000
_CAPABILITY_VERSION_3 = 0x20080522
_AT_FDCWD = -100
_CHILD_FILES = 4  # its three streams and the one it reports its end on
_STATX_BTIME = 0x800
_STATX_SIZE = 256
_STATX_BTIME_OFFSET = 80
_FAT_MAGIC = frozenset({0x4D44, 0x2011BAB0})
_STATFS_SIZE = 256


_WIDE_PIPE = 1 << 20


def widen_pipe(descriptor: int) -> None:
    """Let a pipe hold a megabyte where that can be chosen, so that neither end waits for the other at every piece."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError):  # the user has too many pipes, or it is none
            fcntl.fcntl(descriptor, fcntl.F_SETPIPE_SZ, _WIDE_PIPE)


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


# -- files --------------------------------------------------------------------------------------------------------


def take_lock(descriptor: int) -> bool:
    """Take the exclusive lock of an open file without waiting; False when another opening of it holds the lock."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def drop_lock(descriptor: int) -> None:
    """Give up the lock taken by ``take_lock``."""
    fcntl.flock(descriptor, fcntl.LOCK_UN)


def sync_descriptor(descriptor: int) -> None:
    """Return when what was written to the open file is on the medium."""
    if sys.platform == "darwin":
        fcntl.fcntl(descriptor, fcntl.F_FULLFSYNC)
    else:
        os.fsync(descriptor)


def drop_cached(descriptor: int) -> None:
    """Let the system forget what it keeps in memory of a file that was flushed, where it can be told to."""
    if hasattr(os, "posix_fadvise"):
        os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)


def sync_folder(folder: Path) -> None:
    """Return when the names in the folder are on the medium."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def rename_over(source: Path, target: Path) -> None:
    """Give the file another name on the same medium, replacing what had it; all or nothing."""
    source.replace(target)


def owner_only(path: Path) -> None:
    """Let only the present user read, write and enter the folder or file."""
    path.chmod(0o700 if path.is_dir() else 0o600)


def place_of(path: Path) -> bytes:
    """Return what identifies this very file or folder on this machine's disk; a copy of it has another.

    File system identity, inode and time of birth: ext4 gives a freed inode number to the next folder, so the number
    alone would take a deleted and restored vault for the same one. FAT makes its numbers up at each mounting, so
    there the time of birth stands alone.
    """
    status = path.stat()
    volume = os.statvfs(path).f_fsid or status.st_dev
    born = _birth(path)
    number = 0 if born and _is_fat(path) else status.st_ino
    return f"{volume}:{number}:{born}".encode()


def machine_id() -> bytes:
    """Return what identifies this installation of the system, or nothing when it has no such thing."""
    if sys.platform == "darwin":
        buffer = ctypes.create_string_buffer(16)
        wait = (ctypes.c_long * 2)(1, 0)
        return buffer.raw if _libc().gethostuuid(buffer, wait) == 0 else b""
    for name in ("/etc/machine-id", "/var/lib/dbus/machine-id"):
        try:
            return Path(name).read_bytes().strip()
        except OSError:
            continue
    return b""


def _birth(path: Path) -> int:
    """Return the time of birth in nanoseconds, 0 when the file system does not keep it (statx(2))."""
    if sys.platform == "darwin":
        return int(path.stat().st_birthtime * 1e9)
    buffer = ctypes.create_string_buffer(_STATX_SIZE)
    try:
        failed = _libc().statx(_AT_FDCWD, os.fsencode(path), 0, _STATX_BTIME, buffer)
    except AttributeError:
        return 0
    mask = int.from_bytes(buffer.raw[:4], sys.byteorder)
    if failed or not mask & _STATX_BTIME:
        return 0
    born = buffer.raw[_STATX_BTIME_OFFSET : _STATX_BTIME_OFFSET + 12]
    return int.from_bytes(born[:8], sys.byteorder) * 10**9 + int.from_bytes(born[8:], sys.byteorder)


def _is_fat(path: Path) -> bool:
    if sys.platform == "darwin":
        return False
    buffer = ctypes.create_string_buffer(_STATFS_SIZE)
    failed = _libc().statfs(os.fsencode(path), buffer)
    return not failed and int.from_bytes(buffer.raw[:4], sys.byteorder) in _FAT_MAGIC


# -- the process --------------------------------------------------------------------------------------------------


def prevent_dumps() -> list[str]:
    """Leave no core dump and let no other process of the user look inside; return the measures that failed."""
    failed = []
    try:
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    except (OSError, ValueError):
        failed.append("core-limit")
    if sys.platform == "darwin":
        if _libc().ptrace(_PT_DENY_ATTACH, 0, 0, 0) != 0:
            failed.append("deny-attach")
    elif _libc().prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0) != 0:
        failed.append("not-dumpable")
    return failed


def private_files() -> list[str]:
    """Make every file created from now on readable by the present user alone; return the measures that failed."""
    os.umask(0o077)
    return []


def import_isolated(name: str, *, isolated: bool) -> ModuleType:
    """Import a compiled module so that its own symbols win over those already in the process (RTLD_DEEPBIND).

    ``isolated=False`` imports it as any other; that is the unsafe way and for tests alone.
    """
    if not isolated or sys.platform == "darwin":  # macOS binds each library to its own symbols by itself
        return importlib.import_module(name)
    before = sys.getdlopenflags()
    sys.setdlopenflags(os.RTLD_NOW | os.RTLD_DEEPBIND)
    try:
        return importlib.import_module(name)
    finally:
        sys.setdlopenflags(before)


# -- limits a child sets on itself --------------------------------------------------------------------------------


def limit_self(*, memory: int, cpu_seconds: int, file_bytes: int) -> list[str]:
    """Bound this process for good, and take it out of every network; return the measures that failed."""
    failed = _leave_network()
    wanted = {
        resource.RLIMIT_CORE: (0, 0),
        resource.RLIMIT_AS: (memory, memory),
        resource.RLIMIT_CPU: (cpu_seconds, cpu_seconds + 1),
        resource.RLIMIT_FSIZE: (file_bytes, file_bytes),
    }
    for limit, (soft, hard) in wanted.items():
        try:
            resource.setrlimit(limit, (soft, hard))
        except (OSError, ValueError):
            failed.append(f"limit-{limit}")
    return failed


def close_world(*, open_files: int) -> list[str]:
    """Forbid this process new files, new processes and all capabilities; return the measures that failed.

    Called when everything it needs is loaded. Where namespaces work its root becomes an empty folder as well.
    """
    failed = []
    files = _CHILD_FILES + open_files if open_files else 0  # 0: not even the place of a closed one can be taken
    if open_files == 0:
        failed += _empty_root()
    for limit, count in ((resource.RLIMIT_NPROC, 0), (resource.RLIMIT_NOFILE, files)):
        try:
            resource.setrlimit(limit, (count, count))
        except (OSError, ValueError):
            failed.append(f"limit-{limit}")
    if sys.platform != "darwin":
        failed += _drop_rights()
    return failed


def _leave_network() -> list[str]:
    if sys.platform == "darwin":
        return ["network"]
    libc = _libc()
    libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET) == 0:
        return []
    return [] if libc.unshare(_CLONE_NEWNET) == 0 else ["network"]


def _empty_root() -> list[str]:
    try:
        os.chroot("/proc/self/fdinfo")
        os.chdir("/")
    except OSError:
        return ["empty-root"]
    return []


def _drop_rights() -> list[str]:
    libc = _libc()
    failed = [] if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 else ["no-new-rights"]
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)
    nothing = (ctypes.c_uint32 * 6)()
    if libc.capset(header, nothing) != 0:
        failed.append("capabilities")
    return failed


def hostile_attempts() -> dict[str, Callable[[], bool]]:
    """Return what code that took a process over would try, below Python and its audit hook; True is success.

    A descriptor is closed first, to make room for another where only their number is bounded. The address is one
    that RFC 5737 gives to nobody; a datagram socket sends nothing when it is connected.
    """
    libc = _libc()
    close, make_socket, connect, open_ = libc.close, libc.socket, libc.connect, libc.open
    fork, execv, waitpid = libc.fork, libc.execv, libc.waitpid
    arguments = (ctypes.c_char_p * 2)(b"/bin/true", None)
    address = b"\x02\x00\x00\x09\xc0\x00\x02\x01" + bytes(8)
    if sys.platform == "darwin":
        address = b"\x10\x02" + address[2:]

    def network() -> bool:
        close(0)
        line = make_socket(2, 2, 0)
        return bool(line >= 0 and connect(line, address, 16) == 0)

    def files() -> bool:
        close(0)
        return bool(open_(b"/etc/passwd", 0) >= 0)

    def program() -> bool:
        child = fork()
        if child == 0:
            execv(b"/bin/true", arguments)
            os._exit(1)
        status = ctypes.c_int(-1)
        return bool(child > 0 and waitpid(child, ctypes.byref(status), 0) == child and status.value == 0)

    return {"network": network, "files": files, "program": program}


# -- sleep --------------------------------------------------------------------------------------------------------


def seconds_asleep() -> float:
    """Return how long this machine has slept since it started: what one clock counts and the other does not."""
    if sys.platform == "darwin":
        return time.clock_gettime(time.CLOCK_MONOTONIC) - time.clock_gettime(time.CLOCK_UPTIME_RAW)
    return time.clock_gettime(time.CLOCK_BOOTTIME) - time.clock_gettime(time.CLOCK_MONOTONIC)


def tells_of_sleep(message: int) -> bool:
    """Tell whether the window message at that address says that the machine goes to sleep; none does here."""
    del message
    return False
