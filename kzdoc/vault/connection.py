"""The one connection to ``vault.db``: keyed without text, set as docs/formats/vault.md says, errors by code.

Rules: the key reaches the library through ``set_key(bytearray)`` and is wiped after; no ``PRAGMA key``, which would
leave copies and does nothing at all in a library that does not encrypt. Every setting is read back. What the library
raises leaves here as a ``VaultError`` with a code, without its text. After a failed write or flush the vault takes no
more writes until it is opened again, for nobody knows what reached the medium. One thread uses a connection.

``cipher_memory_security`` is off (docs/adr/0005-memory-security.md): keys are locked and wiped without it.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

from kzdoc.errors import VaultError
from kzdoc.platform.hardening import check_encrypting, load_sqlcipher

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from sqlcipher3.dbapi2 import Connection

KEY_BYTES = 48
"""32 of AES key and 16 of SQLCipher salt."""

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
)
_READONLY, _IOERR, _CORRUPT, _FULL, _NOTADB, _BUSY, _LOCKED = 8, 10, 11, 13, 26, 5, 6
_CODES = {
    _READONLY: "vault.read-only",
    _IOERR: "vault.disk-error",
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

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._errors: type[Exception] = load_sqlcipher().Error
        self.stopped = False

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Return all rows of one statement."""
        with self._typed():
            return self._connection.execute(sql, parameters).fetchall()

    def row(self, sql: str, parameters: Sequence[Any] = ()) -> tuple[Any, ...] | None:
        """Return the first row or None."""
        with self._typed():
            return self._connection.execute(sql, parameters).fetchone()

    def stream(self, sql: str, parameters: Sequence[Any] = ()) -> Iterator[tuple[Any, ...]]:
        """Yield rows as they are read; the statement stays open until the last or until the iterator is closed."""
        with self._typed():
            yield from self._connection.execute(sql, parameters)

    def run(self, sql: str, parameters: Sequence[Any] = ()) -> int:
        """Run one statement that changes something; return how many rows it changed."""
        with self._typed():
            return self._connection.execute(sql, parameters).rowcount

    def run_many(self, sql: str, parameters: Iterable[Sequence[Any]]) -> None:
        """Run one statement for each set of parameters."""
        with self._typed():
            self._connection.executemany(sql, parameters)

    def change(self, sql: str, parameters: Sequence[Any] = ()) -> int:
        """Run one statement as a step of its own, or inside the open transaction when there is one."""
        with self.transaction():
            return self.run(sql, parameters)

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """Make what the block does one step: all of it is on the medium when it ends, or none of it happened.

        Inside an open transaction the block joins it, and the outermost decides.

        Raises:
            VaultError: ``vault.disk-full``, ``vault.read-only``, ``vault.disk-error``, ``vault.damaged``.
        """
        if self._connection.in_transaction:
            yield
            return
        if self.stopped:
            raise VaultError("vault.stopped")
        self.run("BEGIN IMMEDIATE")
        try:
            yield
            self.run("COMMIT")
        except BaseException:
            with contextlib.suppress(VaultError):
                if self._connection.in_transaction:
                    self.run("ROLLBACK")
            raise

    @contextlib.contextmanager
    def _typed(self) -> Iterator[None]:
        try:
            yield
        except self._errors as error:
            code = getattr(error, "sqlite_errorcode", 0) & 0xFF
            if code == _IOERR:
                self.stopped = True
            if code in (_BUSY, _LOCKED):
                raise VaultError("vault.locked", pid=0) from None
            if code in (_CORRUPT, _NOTADB):
                raise VaultError("vault.damaged", item="database") from None
            if code in _CODES:
                raise VaultError(_CODES[code]) from None
            raise VaultError("vault.internal", reason=getattr(error, "sqlite_errorname", "") or "") from error

    def empty_wal(self) -> None:
        """Move everything from the WAL into the database and cut the WAL to nothing; not inside a transaction."""
        if not self._connection.in_transaction:
            self.rows("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        """Empty the WAL and close; a second call does nothing."""
        with contextlib.suppress(VaultError, self._errors):
            self.empty_wal()
        with contextlib.suppress(self._errors):
            self._connection.close()


def open_database(path: Path, key: bytearray, *, create: bool = False) -> Database:
    """Open (or make) the database with its raw key of 48 bytes; ``key`` itself is left to the caller to wipe.

    Raises:
        VaultError: ``vault.damaged`` when the file is missing or does not open with this key,
            ``vault.exists`` when it should be made and is there, ``platform.no-encryption``.
    """
    library = load_sqlcipher()
    if create and path.exists():
        raise VaultError("vault.exists")
    if not create and not path.is_file():
        raise VaultError("vault.damaged", item="database")
    text = _key_text(key)
    try:
        connection = library.connect(str(path), isolation_level=None, cached_statements=256)
    except library.Error:
        wipe(text)
        raise VaultError("vault.read-only") from None
    database = Database(connection)
    try:
        try:
            connection.set_key(text)
        finally:
            wipe(text)
        database.rows("PRAGMA cipher_log_level = NONE")
        check_encrypting(connection)
        database.rows("SELECT count(*) FROM sqlite_master")
        _settle(database)
    except BaseException:
        with contextlib.suppress(library.Error):
            connection.close()
        raise
    return database


def _settle(database: Database) -> None:
    for name, value, expected in _SETTINGS:
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
