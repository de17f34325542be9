"""The Windows half of the platform floor, function for function as posix.py.

It is written from Microsoft's documentation and checked by types alone: docs/windows.md says what never ran. Network
cannot be taken from a process here without an AppContainer; ``limit_self`` reports that as a measure that failed.
"""

from __future__ import annotations

import sys

if sys.platform != "win32":
    raise ImportError("kzdoc.platform.windows")

import ctypes
import importlib
import msvcrt
import os
import winreg
from ctypes import wintypes
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

LOCK_FLAGS: Final = os.O_RDWR | os.O_CREAT | os.O_BINARY | os.O_NOINHERIT
LIMIT_SIGNALS: Final = frozenset({0xC0000017, 0xC000012D, 0xC0000044, 1816})
"""Exit codes of a process its job ended: no memory, commitment limit, quota exceeded, not enough quota."""
INHERITED_ENVIRONMENT: Final = ("SYSTEMROOT", "TEMP", "TMP")
CREATION_FLAGS: Final = 0x08000000  # no console window of its own

VFS_WITHOUT_LOCKS: Final = "win32-none"
TELLS_BY_MESSAGE: Final = True

_LOCKED_AT = 4096  # beyond the process number, which stays readable for the one who is refused
_MOVEFILE_REPLACE_EXISTING = 0x1
_MOVEFILE_WRITE_THROUGH = 0x8
_SEM_FAILCRITICALERRORS = 0x1
_SEM_NOGPFAULTERRORBOX = 0x2
_SEM_NOOPENFILEERRORBOX = 0x8000
_WER_FAULT_REPORTING_FLAG_NOHEAP = 0x1
_GENERIC_NONE = 0
_FILE_SHARE_ALL = 0x7
_OPEN_EXISTING = 3
_FILE_FLAG_BACKUP_SEMANTICS = 0x02000000
_INVALID_HANDLE = ctypes.c_void_p(-1).value
_JOB_EXTENDED_LIMITS = 9
_JOB_UI_RESTRICTIONS = 4
_JOB_UI_ALL = 0xFF
_LIMIT_PROCESS_TIME = 0x2
_LIMIT_ACTIVE_PROCESS = 0x8
_LIMIT_PROCESS_MEMORY = 0x100
_LIMIT_DIE_ON_UNHANDLED_EXCEPTION = 0x400
_LIMIT_KILL_ON_JOB_CLOSE = 0x2000
_WM_POWERBROADCAST = 0x0218
_PBT_APMSUSPEND = 0x0004
_TICKS_A_SECOND = 10_000_000


class _FileInformation(ctypes.Structure):
    _fields_ = (
        ("attributes", wintypes.DWORD),
        ("created", wintypes.FILETIME),
        ("accessed", wintypes.FILETIME),
        ("written", wintypes.FILETIME),
        ("volume", wintypes.DWORD),
        ("size_high", wintypes.DWORD),
        ("size_low", wintypes.DWORD),
        ("links", wintypes.DWORD),
        ("index_high", wintypes.DWORD),
        ("index_low", wintypes.DWORD),
    )


class _ExtendedLimits(ctypes.Structure):
    """JOBOBJECT_EXTENDED_LIMIT_INFORMATION with its two inner structures written out in order."""

    _fields_ = (
        ("process_time", wintypes.LARGE_INTEGER),
        ("job_time", wintypes.LARGE_INTEGER),
        ("flags", wintypes.DWORD),
        ("minimum_set", ctypes.c_size_t),
        ("maximum_set", ctypes.c_size_t),
        ("active_processes", wintypes.DWORD),
        ("affinity", ctypes.c_size_t),
        ("priority", wintypes.DWORD),
        ("scheduling", wintypes.DWORD),
        ("io_counters", ctypes.c_ulonglong * 6),
        ("process_memory", ctypes.c_size_t),
        ("job_memory", ctypes.c_size_t),
        ("peak_process_memory", ctypes.c_size_t),
        ("peak_job_memory", ctypes.c_size_t),
    )


def widen_pipe(descriptor: int) -> None:
    """Do nothing: here a pipe grows as it must."""


def _kernel() -> Any:
    kernel = ctypes.WinDLL("kernel32", use_last_error=True)
    kernel.CreateFileW.restype = wintypes.HANDLE
    kernel.CreateFileW.argtypes = (
        wintypes.LPCWSTR,
        wintypes.DWORD,
        wintypes.DWORD,
        wintypes.LPVOID,
        wintypes.DWORD,
        wintypes.DWORD,
        wintypes.HANDLE,
    )
    kernel.GetFileInformationByHandle.argtypes = (wintypes.HANDLE, ctypes.POINTER(_FileInformation))
    kernel.CloseHandle.argtypes = (wintypes.HANDLE,)
    kernel.MoveFileExW.argtypes = (wintypes.LPCWSTR, wintypes.LPCWSTR, wintypes.DWORD)
    kernel.CreateJobObjectW.restype = wintypes.HANDLE
    kernel.CreateJobObjectW.argtypes = (wintypes.LPVOID, wintypes.LPCWSTR)
    kernel.SetInformationJobObject.argtypes = (wintypes.HANDLE, ctypes.c_int, wintypes.LPVOID, wintypes.DWORD)
    kernel.AssignProcessToJobObject.argtypes = (wintypes.HANDLE, wintypes.HANDLE)
    kernel.GetCurrentProcess.restype = wintypes.HANDLE
    return kernel


# -- files --------------------------------------------------------------------------------------------------------


def take_lock(descriptor: int) -> bool:
    """Take the exclusive lock of an open file without waiting; False when another opening of it holds the lock."""
    os.lseek(descriptor, _LOCKED_AT, os.SEEK_SET)
    try:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
    except PermissionError:
        return False
    finally:
        os.lseek(descriptor, 0, os.SEEK_SET)
    return True


def drop_lock(descriptor: int) -> None:
    """Give up the lock taken by ``take_lock``."""
    os.lseek(descriptor, _LOCKED_AT, os.SEEK_SET)
    msvcrt.locking(descriptor, msvcrt.LK_UNLCK, 1)


def sync_descriptor(descriptor: int) -> None:
    """Return when what was written to the open file is on the medium (FlushFileBuffers)."""
    os.fsync(descriptor)


def drop_cached(descriptor: int) -> None:
    """Do nothing: the system cannot be told to forget what it keeps in memory of a file."""
    del descriptor


def sync_folder(folder: Path) -> None:
    """Do nothing: a folder cannot be flushed here; ``rename_over`` writes the new name through instead."""
    del folder


def rename_over(source: Path, target: Path) -> None:
    """Give the file another name on the same medium, replacing what had it; returns when that is on the medium."""
    flags = _MOVEFILE_REPLACE_EXISTING | _MOVEFILE_WRITE_THROUGH
    if source.is_dir():
        flags = _MOVEFILE_WRITE_THROUGH
    if not _kernel().MoveFileExW(str(source), str(target), flags):
        raise ctypes.WinError(ctypes.get_last_error())


def owner_only(path: Path) -> None:
    """Do nothing: a folder below the user's profile inherits rights for that user alone (docs/windows.md)."""
    del path


def place_of(path: Path) -> bytes:
    """Return what identifies this very file or folder on this machine's disk; a copy of it has another.

    Volume serial number and file index; NTFS counts up a part of the index when it gives a place to another file.
    """
    kernel = _kernel()
    handle = kernel.CreateFileW(
        str(path), _GENERIC_NONE, _FILE_SHARE_ALL, None, _OPEN_EXISTING, _FILE_FLAG_BACKUP_SEMANTICS, None
    )
    if handle == _INVALID_HANDLE:
        raise ctypes.WinError(ctypes.get_last_error())
    try:
        found = _FileInformation()
        if not kernel.GetFileInformationByHandle(handle, ctypes.byref(found)):
            raise ctypes.WinError(ctypes.get_last_error())
    finally:
        kernel.CloseHandle(handle)
    return f"{found.volume}:{found.index_high << 32 | found.index_low}".encode()


def machine_id() -> bytes:
    """Return what identifies this installation of the system, or nothing when it has no such thing."""
    try:
        access = winreg.KEY_READ | winreg.KEY_WOW64_64KEY
        with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, r"SOFTWARE\Microsoft\Cryptography", 0, access) as key:
            value, _ = winreg.QueryValueEx(key, "MachineGuid")
    except OSError:
        return b""
    return str(value).encode()


# -- the process --------------------------------------------------------------------------------------------------


def prevent_dumps() -> list[str]:
    """Keep this program out of error reports and their dumps; return the measures that failed."""
    failed = []
    kernel = _kernel()
    kernel.SetErrorMode(_SEM_FAILCRITICALERRORS | _SEM_NOGPFAULTERRORBOX | _SEM_NOOPENFILEERRORBOX)
    try:
        if kernel.WerSetFlags(_WER_FAULT_REPORTING_FLAG_NOHEAP) != 0:
            failed.append("report-without-heap")
        if ctypes.WinDLL("wer").WerAddExcludedApplication(ctypes.c_wchar_p(Path(sys.executable).name), False) != 0:
            failed.append("no-error-report")
    except (OSError, AttributeError):
        failed.append("no-error-report")
    if not kernel.SetDllDirectoryW(""):
        failed.append("dll-search")
    return failed


def private_files() -> list[str]:
    """Do nothing: rights are inherited from the folder here, see ``owner_only``."""
    return []


def import_isolated(name: str, *, isolated: bool) -> ModuleType:
    """Import a compiled module; each library is bound to its own symbols by itself here."""
    del isolated
    return importlib.import_module(name)


# -- limits a child sets on itself --------------------------------------------------------------------------------


def limit_self(*, memory: int, cpu_seconds: int, file_bytes: int) -> list[str]:
    """Bound this process for good by a job of its own, without children; return the measures that failed.

    The size of files cannot be bounded and the network cannot be taken away here.
    """
    del file_bytes
    failed = ["network", "file-size"]
    kernel = _kernel()
    job = kernel.CreateJobObjectW(None, None)  # its handle is held until the end of the process on purpose
    limits = _ExtendedLimits()
    limits.process_time = cpu_seconds * 10**7
    limits.process_memory = memory
    limits.active_processes = 1
    limits.flags = (
        _LIMIT_PROCESS_TIME
        | _LIMIT_PROCESS_MEMORY
        | _LIMIT_ACTIVE_PROCESS
        | _LIMIT_DIE_ON_UNHANDLED_EXCEPTION
        | _LIMIT_KILL_ON_JOB_CLOSE
    )
    restrictions = wintypes.DWORD(_JOB_UI_ALL)
    if not (
        job
        and kernel.SetInformationJobObject(job, _JOB_EXTENDED_LIMITS, ctypes.byref(limits), ctypes.sizeof(limits))
        and kernel.AssignProcessToJobObject(job, kernel.GetCurrentProcess())
    ):
        failed.append("job")
    elif not kernel.SetInformationJobObject(
        job, _JOB_UI_RESTRICTIONS, ctypes.byref(restrictions), ctypes.sizeof(restrictions)
    ):
        failed.append("desktop")
    return failed


def close_world(*, open_files: int) -> list[str]:
    """Do nothing more: the job already forbids new processes; files cannot be forbidden here."""
    del open_files
    return ["files"]


def hostile_attempts() -> dict[str, Callable[[], bool]]:
    """Return nothing: no attempt was written for this system, so none is reported as stopped."""
    return {}


# -- sleep --------------------------------------------------------------------------------------------------------


def seconds_asleep() -> float:
    """Return how long this machine has slept since it started: what one clock counts and the other does not."""
    kernel = _kernel()
    kernel.GetTickCount64.restype = ctypes.c_ulonglong
    awake = ctypes.c_ulonglong()
    if not kernel.QueryUnbiasedInterruptTime(ctypes.byref(awake)):
        raise ctypes.WinError(ctypes.get_last_error())
    return float(kernel.GetTickCount64()) / 1000 - awake.value / _TICKS_A_SECOND


def tells_of_sleep(message: int) -> bool:
    """Tell whether the window message at that address says that the machine goes to sleep."""
    told = wintypes.MSG.from_address(message)
    return bool(told.message == _WM_POWERBROADCAST and told.wParam == _PBT_APMSUSPEND)
