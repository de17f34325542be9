"""What is refused before anything secret is opened.

Rules: no core dump, no look into the process from beside it, files for the user alone; a fault nobody foresaw is told
by its kind and place, without its words and values; Qt only on platforms that draw on this machine's own screen; the
database only through a library that was seen to encrypt.

Why the last: another SQLite in the same process can take over the symbols of the one that encrypts. Keying it then
succeeds, says nothing, and every page goes to the disk in the clear; it happened to Signal Desktop in 2021. So the
import is isolated from other libraries, and whatever came of it is tried on a probe that holds nothing.
"""

from __future__ import annotations

import contextlib
import functools
import os
import secrets
import shutil
import sys
import tempfile
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from kzdoc.errors import KzdocError, VaultError

if sys.platform == "win32":
    from kzdoc.platform import windows as system
else:
    from kzdoc.platform import posix as system

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from types import ModuleType, TracebackType

_QT_PLATFORMS: Final = ("xcb", "wayland", "windows", "cocoa", "offscreen")
_QT_FOLDERS: Final = ("QT_QPA_PLATFORM_PLUGIN_PATH", "QT_PLUGIN_PATH")
_QT_OPTIONS: Final = ("-platform", "-platformpluginpath", "-plugin")
_PLAIN_HEADER: Final = b"SQLite format 3\0"
_KEY_HEX = 96


def harden_process() -> tuple[str, ...]:
    """Leave no dumps, let nobody look in, make files private, quiet faults; return the measures refused here."""
    quiet_faults()
    return tuple(system.prevent_dumps() + system.private_files())


def quiet_faults() -> None:
    """Let every error nobody caught, on any thread, be told by its kind and place alone.

    A traceback ends with the error's words, and those may be a value of a record; stderr goes to the system's journal.
    """
    sys.excepthook = _tell_fault
    threading.excepthook = lambda fault: _tell_fault(fault.exc_type, fault.exc_value, fault.exc_traceback)
    sys.unraisablehook = lambda fault: _tell_fault(fault.exc_type, fault.exc_value, fault.exc_traceback)


def _tell_fault(kind: type[BaseException], _words: BaseException | None, trace: TracebackType | None) -> None:
    if issubclass(kind, SystemExit):  # a thread that ends so has no fault
        return
    where = "an unknown place"
    while trace is not None:
        where = f"{trace.tb_frame.f_code.co_name}:{trace.tb_lineno}"
        trace = trace.tb_next
    if sys.stderr is not None:  # None in a program without a console
        with contextlib.suppress(OSError, ValueError):
            sys.stderr.write(f"kzdoc: {kind.__name__} in {where}\n")


def allowed_qt_platforms() -> tuple[str, ...]:
    """Return the Qt platforms that draw on this machine's own screen, or on none."""
    return _QT_PLATFORMS


def check_qt_platform(environment: Mapping[str, str], arguments: Sequence[str] = ()) -> None:
    """Refuse an environment or command line that sends the window elsewhere or loads plugins from elsewhere.

    Qt's wheel carries a ``vnc`` platform that would serve the screen over the network, and a generic plugin that
    listens on it; names may be a list with options (``wayland;xcb:opt``).

    Raises:
        KzdocError: ``platform.qt-platform``.
    """
    names = environment.get("QT_QPA_PLATFORM", "").split(";")
    unknown = any(name.split(":")[0].strip() not in ("", *_QT_PLATFORMS) for name in names)
    generic = bool(environment.get("QT_QPA_GENERIC_PLUGINS"))
    loaders = any(not _own_folders(environment.get(name, "")) for name in _QT_FOLDERS)
    options = any(option.replace("--", "-").split("=")[0] in _QT_OPTIONS for option in arguments)
    if unknown or generic or loaders or options:
        raise KzdocError("platform.qt-platform")


def _own_folders(value: str) -> bool:
    """Tell whether all folders of plugins lie in the packaged program, which names its own so."""
    folders = [Path(name).resolve() for name in value.split(os.pathsep) if name]
    packaged = getattr(sys, "_MEIPASS", None)
    if packaged is None:
        return not folders
    return all(folder.is_relative_to(Path(packaged).resolve()) for folder in folders)


@functools.cache
def load_sqlcipher() -> ModuleType:
    """Return ``sqlcipher3.dbapi2`` once it was seen to encrypt; call it before anything else imports it.

    Raises:
        VaultError: ``platform.no-encryption``; nothing was created.
    """
    return _load(isolated=True)


def check_encrypting(connection: Any) -> None:
    """Refuse a connection, just keyed, that does not encrypt; cheap, to be asked of every one that is opened.

    Raises:
        VaultError: ``platform.no-encryption``.
    """
    version = connection.execute("PRAGMA cipher_version").fetchone()
    status = connection.execute("PRAGMA cipher_status").fetchone()
    if not version or not version[0] or not status or str(status[0]) != "1":
        raise VaultError("platform.no-encryption")


def _load(*, isolated: bool) -> ModuleType:
    """Import and try the library; ``isolated=False`` leaves the guard alone with whatever the process holds."""
    try:
        library = system.import_isolated("sqlcipher3.dbapi2", isolated=isolated)
        _try_in_memory(library)
        with _probe_folder() as folder:
            _try_on_disk(library, folder / "probe")
    except VaultError:
        raise
    except Exception as error:  # whatever a foreign library answers with, it is not the one we need
        raise VaultError("platform.no-encryption") from error
    return library


def _key() -> bytearray:
    return bytearray(b"x'" + secrets.token_hex(_KEY_HEX // 2).encode() + b"'")


def _try_in_memory(library: ModuleType) -> None:
    """Ask the library who it is before it may touch a disk."""
    connection = library.connect(":memory:")
    try:
        connection.set_key(_key())
        check_encrypting(connection)
    finally:
        connection.close()


def _try_on_disk(library: ModuleType, path: Path) -> None:
    """Write a probe, look at its bytes, and try to open it with another key."""
    connection = library.connect(str(path))
    try:
        connection.set_key(_key())
        connection.execute("PRAGMA cipher_log_level = NONE").fetchall()
        connection.execute("PRAGMA journal_mode = OFF").fetchall()
        connection.execute("CREATE TABLE probe (number)")
        connection.commit()
        check_encrypting(connection)
    finally:
        connection.close()
    if path.read_bytes()[: len(_PLAIN_HEADER)] == _PLAIN_HEADER:
        raise VaultError("platform.no-encryption")
    stranger = library.connect(str(path))
    try:
        stranger.set_key(_key())
        stranger.execute("PRAGMA cipher_log_level = NONE").fetchall()
        opened = True
        try:
            stranger.execute("SELECT count(*) FROM sqlite_master").fetchone()
        except library.DatabaseError:
            opened = False
    finally:
        stranger.close()
    if opened:
        raise VaultError("platform.no-encryption")


@contextlib.contextmanager
def _probe_folder() -> Iterator[Path]:
    """Give a private folder, in memory where the system has such a place, and leave nothing of it."""
    shared_memory = Path("/dev/shm")  # noqa: S108 - mkdtemp makes a private folder in it
    try:
        name = tempfile.mkdtemp(dir=shared_memory)
    except OSError:
        name = tempfile.mkdtemp()
    try:
        yield Path(name)
    finally:
        shutil.rmtree(name, ignore_errors=True)
