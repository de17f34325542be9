"""The one connection to ``vault.db``: keyed without text, set as docs/formats/vault.md says, errors by code.

Rules: the key reaches the library through ``set_key(bytearray)`` and is wiped after; no ``PRAGMA key``, which would
leave copies and does nothing at all in a library that does not encrypt. Every setting is read back. What the library
raises leaves here as a ``VaultError`` with a code, without its text. After a failed write or flush the vault takes no
more writes until it is opened again, for nobody knows what reached the medium. The WAL is moved into the database
here and not by the library after a commit, which would keep a failed flush to itself; that failure takes no save
back, for what was saved stays in the WAL. One statement at a time uses the connection, whichever thread asks.

On a medium that takes no writes the database opens to be read alone: without locks that medium cannot keep, and with
its WAL when there is one.

``cipher_memory_security`` is off (docs/adr/0005-memory-security.md): keys are locked and wiped without it.
"""

from __future__ import annotations

import contextlib
import threading
from typing import TYPE_CHECKING, Any

from kzdoc.errors import Cancelled, KzdocError, VaultError
from kzdoc.platform.files import VFS_WITHOUT_LOCKS, fsync_directory
from kzdoc.platform.hardening import check_encrypting, load_sqlcipher
from kzdoc.vault.behind import Behind, insertions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from sqlcipher3.dbapi2 import Connection

KEY_BYTES = 48
"""32 of AES key and 16 of SQLCipher salt."""

_PAGES_AT_ONCE = 8192
_BOUND_AS = ((bytes, bytearray), (bool, int))
"""The library binds texts, numbers and bytearrays as they are and searches, slowly, for what else to do with others."""

_HEX = b"0123456789abcdef"
_SETTINGS = (
    ("cipher_memory_security", "OFF", "0"),
    ("locking_mode", "EXCLUSIVE", "exclusive"),
    ("journal_mode", "WAL", "wal"),
    ("synchronous", "FULL", "2"),
    ("temp_store", "MEMORY", "2"),
    ("mmap_size", "0", "0"),
    ("trusted_schema", "OFF", "0"),
    ("cell_size_check", "ON", "1"),
    ("secure_delete", "ON", "1"),
    ("foreign_keys", "ON", "1"),
    ("cache_size", "-32000", "-32000"),
    ("wal_autocheckpoint", "0", "0"),
)
_WRITING = frozenset(["journal_mode"])
"""Settings that a database opened to be read cannot have."""

_WAL_PAGES = 1000
"""The WAL is moved into the database when it has grown by so many pages (four megabytes), as SQLite itself does."""

_READONLY, _IOERR, _CORRUPT, _FULL, _CANTOPEN, _NOTADB, _BUSY, _LOCKED = 8, 10, 11, 13, 14, 26, 5, 6
_INTERRUPTED = 9
_UNREAD = frozenset([_CANTOPEN, 266, 522, 1802])  # SQLITE_IOERR_READ, _SHORT_READ, _FSTAT
_CODES = {
    _READONLY: "vault.read-only",
    _IOERR: "vault.disk-error",
    _CANTOPEN: "vault.disk-gone",
    _CORRUPT: "vault.damaged",
    _NOTADB: "vault.damaged",
    _FULL: "vault.disk-full",
}


def wipe(secret: bytearray) -> None:
    """Overwrite a secret in place."""
    for place in range(len(secret)):
        secret[place] = 0


class Database:
    """An open encrypted database: statements, one transaction at a time, typed errors."""

    def __init__(self, connection: Connection, *, read_only: bool = False, wal_aside: bool = False) -> None:
        self._connection = connection
        self._errors: type[Exception] = load_sqlcipher().Error
        self.read_only = read_only
        self.wal_aside = wal_aside
        """Read-only, with pages in a WAL that cannot be moved to their place: those in the database may be torn."""
        self.stopped = False
        self.full = False
        """Read-only for want of room alone: what would write is told so."""
        self.owed: Callable[[], object] | None = None
        """What an earlier change left to be done after its commit: tried again after the next; it raises nothing."""
        self._asks_nothing = False
        self._behind: Behind | None = None
        self._one_at_a_time = threading.RLock()

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Return all rows of one statement."""
        with self._asking():
            return self._connection.execute(sql, parameters).fetchall()

    def row(self, sql: str, parameters: Sequence[Any] = ()) -> tuple[Any, ...] | None:
        """Return the first row or None."""
        with self._asking():
            return self._connection.execute(sql, parameters).fetchone()

    def ahead(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Return all rows of a question whose answer does not depend on rows still under way (``writing_behind``)."""
        with self._by_code():
            return self._connection.execute(sql, parameters).fetchall()

    def stream(self, sql: str, parameters: Sequence[Any] = ()) -> Iterator[tuple[Any, ...]]:
        """Yield rows as they are read; the statement stays open until the last or until the iterator is closed."""
        with self._asking():
            for found in self._connection.execute(sql, parameters):
                self._may_ask()
                yield found

    def run(self, sql: str, parameters: Sequence[Any] = ()) -> int:
        """Run one statement that changes something; return how many rows it changed."""
        with self._typed():
            return self._connection.execute(sql, parameters).rowcount

    def run_many(self, sql: str, parameters: Iterable[Sequence[Any]]) -> None:
        """Run one statement for each set of parameters."""
        with self._typed():
            self._connection.executemany(sql, parameters)

    def insert(self, into: str, rows: Sequence[Sequence[Any]]) -> None:
        """Insert rows; ``into`` is the statement up to VALUES.

        Inside ``writing_behind`` they may still be under way when this returns; whatever else uses the database waits
        for them and raises what became of them.
        """
        if self._behind is None:
            self._insert(into, rows)
        else:
            self._behind.put(lambda: self._insert(into, rows))

    def _insert(self, into: str, rows: Sequence[Sequence[Any]]) -> None:
        for statement, values in insertions(into, rows):
            with self._by_code():
                self._connection.execute(statement, values)

    @contextlib.contextmanager
    def writing_behind(self) -> Iterator[None]:
        """Have rows inserted on a thread of its own while the block goes on; all are in when it ends."""
        if self._behind is not None:
            yield
            return
        self._behind = Behind()
        try:
            yield
            self._behind.finish()
        finally:
            behind, self._behind = self._behind, None
            behind.close()

    def change(self, sql: str, parameters: Sequence[Any] = ()) -> int:
        """Run one statement as a step of its own, or inside the open transaction when there is one."""
        with self.transaction():
            return self.run(sql, parameters)

    def function(self, name: str, call: Callable[..., Any]) -> None:
        """Give this connection a function of ours, the same for the same arguments, for triggers of its own."""
        with self._typed():
            self._connection.create_function(name, -1, call, deterministic=True)

    @property
    def changed(self) -> int:
        """How many rows were changed since it was opened, undone ones too: the same number, the same vault."""
        return int(self._connection.total_changes)

    @property
    def in_transaction(self) -> bool:
        """Whether a step is open that may still be taken back."""
        return bool(self._connection.in_transaction)

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """Make what the block does one step: all of it is on the medium when it ends, or none of it happened.

        Inside an open transaction the block joins it, and the outermost decides.

        Raises:
            VaultError: ``vault.disk-full``, ``vault.read-only``, ``vault.disk-error``, ``vault.damaged``,
                ``vault.stopped`` after a failed flush.
        """
        if self._connection.in_transaction:
            yield
            return
        self.check_writable()
        self.run("BEGIN IMMEDIATE")
        try:
            yield
            self.run("COMMIT")
        except BaseException:
            with contextlib.suppress(VaultError):
                if self._connection.in_transaction:
                    self.run("ROLLBACK")
            raise
        self._shorten_wal()
        if self.owed is not None:
            self.owed()

    def check_writable(self) -> None:
        """Refuse what would write, here or beside it: ``vault.read-only``, ``vault.disk-full``, ``vault.stopped``."""
        if self.read_only:
            raise VaultError("vault.disk-full" if self.full else "vault.read-only")
        if self.stopped:
            raise VaultError("vault.stopped")

    @contextlib.contextmanager
    def writing_beside(self) -> Iterator[None]:
        """Write other files of the vault in the block; a flush that fails there ends the writing here as well.

        Raises:
            VaultError: as ``check_writable``.
        """
        self.check_writable()
        try:
            yield
        except KzdocError as error:
            self.stopped = self.stopped or error.code == "platform.sync-failed"
            raise

    def _shorten_wal(self) -> None:
        """Move a long WAL into the database; when that fails the save stands, in the WAL, and nothing more is taken."""
        with contextlib.suppress(VaultError, Cancelled):
            row = self.row("PRAGMA wal_checkpoint(NOOP)")
            if row and row[1] - row[2] >= _WAL_PAGES:
                self.rows("PRAGMA wal_checkpoint(PASSIVE)")

    def stop_asking(self) -> None:
        """Make the question under way, and each after it until ``ask_again``, raise ``Cancelled``; from any thread.

        What changes something, and ends or takes back a transaction, goes on as before.
        """
        self._asks_nothing = True
        with contextlib.suppress(self._errors):
            self._connection.interrupt()

    def ask_again(self) -> None:
        """Let questions be asked again after ``stop_asking``."""
        self._asks_nothing = False

    def _may_ask(self) -> None:
        if self._asks_nothing:
            raise Cancelled

    @contextlib.contextmanager
    def _asking(self) -> Iterator[None]:
        self._may_ask()
        with self._typed():
            yield

    @contextlib.contextmanager
    def _typed(self) -> Iterator[None]:
        if self._behind is not None:
            self._behind.finish()
        with self._by_code():
            yield

    @contextlib.contextmanager
    def _by_code(self) -> Iterator[None]:
        """Let one statement at a time use the connection, and tell its errors by code."""
        try:
            with self._one_at_a_time:
                yield
        except self._errors as error:
            whole = getattr(error, "sqlite_errorcode", 0)
            code = whole & 0xFF
            if code in (_IOERR, _CANTOPEN):
                self.stopped = True
            if code == _INTERRUPTED:
                raise Cancelled from None
            if whole in _UNREAD:
                raise VaultError("vault.disk-gone") from None
            if code in (_BUSY, _LOCKED):
                raise VaultError("vault.locked", pid=0, since="?") from None
            if code in (_CORRUPT, _NOTADB):
                raise VaultError("vault.damaged", item="database") from None
            if code in _CODES:
                raise VaultError(_CODES[code]) from None
            raise VaultError("vault.internal", reason=getattr(error, "sqlite_errorname", "") or "") from error

    def copy_into(self, other: Database, progress: Callable[[int, int], None]) -> None:
        """Copy every page into another, empty database, which keeps its own key; ``progress`` gets done and all."""

        def told(_status: int, left: int, total: int) -> None:
            progress(total - left, total)

        with self._typed():
            self._connection.backup(other._connection, pages=_PAGES_AT_ONCE, progress=told)

    def empty_wal(self) -> bool:
        """Move everything from the WAL into the database and cut the WAL to nothing; return whether that was done.

        Does nothing inside a transaction and where nothing may be written.
        """
        if self._connection.in_transaction or self.read_only or self.stopped:
            return False
        busy = self.rows("PRAGMA wal_checkpoint(TRUNCATE)")[0][0]
        return not busy

    def close(self) -> None:
        """Empty the WAL and close; a second call does nothing.

        After a failed flush the library still moves the WAL when it closes: only what was flushed before, written and
        flushed anew, never what failed.
        """
        self.ask_again()
        with contextlib.suppress(VaultError, self._errors):
            self.empty_wal()
        with contextlib.suppress(self._errors):
            self._connection.close()


def open_database(path: Path, key: bytearray, *, create: bool = False, read_only: bool = False) -> Database:
    """Open (or make) the database with its raw key of 48 bytes; ``key`` itself is left to the caller to wipe.

    ``read_only`` is for a medium that takes no writes: nothing may be writing to it elsewhere.

    Raises:
        VaultError: ``vault.damaged`` when the file is missing or does not open with this key,
            ``vault.exists`` when it should be made and is there, ``vault.read-only``, ``vault.disk-gone``,
            ``platform.no-encryption``.
        KzdocError: ``platform.sync-failed``.
    """
    library = load_sqlcipher()
    for kind, bound_as in _BOUND_AS:
        library.register_adapter(kind, bound_as)
    if create and path.exists():
        raise VaultError("vault.exists")
    if not create and not path.is_file():
        raise VaultError("vault.damaged", item="database")
    text = _key_text(key)
    wal = path.with_name(path.name + "-wal")
    wal_aside = read_only and wal.is_file() and wal.stat().st_size > 0
    where = _to_be_read(path, with_wal=wal_aside) if read_only else str(path)
    try:
        connection = library.connect(
            where, isolation_level=None, cached_statements=256, uri=read_only, check_same_thread=False
        )
    except library.Error:
        wipe(text)
        raise VaultError("vault.read-only") from None
    database = Database(connection, read_only=read_only, wal_aside=wal_aside)
    try:
        try:
            connection.set_key(text)
        finally:
            wipe(text)
        database.rows("PRAGMA cipher_log_level = NONE")
        check_encrypting(connection)
        database.rows("PRAGMA locking_mode = EXCLUSIVE")  # before the first look: else it makes a file beside it
        database.rows("SELECT count(*) FROM sqlite_master")
        _settle(database)
        if not read_only:
            fsync_directory(path.parent)  # the WAL's own name: the library flushes it, and passes over a failure
    except BaseException:
        with contextlib.suppress(library.Error):
            connection.close()
        raise
    return database


def _to_be_read(path: Path, *, with_wal: bool) -> str:
    """Return the address under which the library asks the medium for no lock and no write."""
    return path.absolute().as_uri() + (f"?mode=ro&vfs={VFS_WITHOUT_LOCKS}" if with_wal else "?immutable=1")


def _settle(database: Database) -> None:
    for name, value, expected in _SETTINGS:
        if database.read_only and name in _WRITING:
            continue
        database.rows(f"PRAGMA {name} = {value}")
        row = database.row(f"PRAGMA {name}")
        if row is None or str(row[0]).lower() != expected:
            raise VaultError("vault.setting", name=name)


def _key_text(key: bytearray) -> bytearray:
    """Return ``x'<96 hex>'`` built from bytes alone: no string ever holds the key."""
    if len(key) != KEY_BYTES:
        raise VaultError("vault.damaged", item="keys")
    text = bytearray(2 * KEY_BYTES + 3)
    text[0:2] = b"x'"
    text[-1] = ord("'")
    for place, byte in enumerate(key):
        text[2 + 2 * place] = _HEX[byte >> 4]
        text[3 + 2 * place] = _HEX[byte & 15]
    return text
