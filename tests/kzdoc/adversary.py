"""Whoever has the laptop, its passphrase and time: everything in a vault's folder opened by everything found in it.

Written from docs/formats/*.md; of the program it uses only what opens (age, our own pieces), never what decides.
"""

from __future__ import annotations

import contextlib
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from kzdoc.crypto import age
from kzdoc.crypto.age import HybridIdentity
from kzdoc.crypto.sealing import open_bytes
from kzdoc.crypto.wrapping import unwrap_secret
from kzdoc.errors import KzdocError
from tests.faults.second_reader import PAGE, decrypt_page, page_key, read_database

PIECES = 64


def spoils(folder: Path, key: bytes) -> list[bytes]:
    """Return all that can be read: every page and frame, used or free, and every sealed piece some key here opens."""
    clear = list(_pages(folder, key))
    database = read_database(folder, key)
    keys = sorted(_keys(database))
    clear += [value for value in _values(database) if isinstance(value, bytes)]
    sealed = [path.read_bytes() for path in sorted((folder / "blobs").iterdir())]
    opened = [one for piece in sealed for one in _opened(piece, keys)]
    rows = [bytes(row[0]) for row in database.execute("SELECT sealed FROM draft")]
    ids = [bytes(row[0]) for row in database.execute("SELECT id FROM draft")]
    drafts = [one for row, draft in zip(rows, ids, strict=True) for one in _drafts(row, draft, keys)]
    unsealed = [one for piece in opened for one in _by_age(piece, keys)]
    return clear + sealed + opened + drafts + unsealed


def found(spoil: list[bytes], *words: str) -> list[str]:
    """Return which words stand in the spoil, as written or as search folds them."""
    return [word for word in words if any(_spelled(word, one) for one in spoil)]


def _spelled(word: str, where: bytes) -> bool:
    spellings = {word.encode(), word.encode("utf-16-le"), word.casefold().encode()}
    return any(spelling in where for spelling in spellings)


def _pages(folder: Path, key: bytes) -> Iterator[bytes]:
    mac = page_key(key)
    data = (folder / "vault.db").read_bytes()
    for at in range(0, len(data), PAGE):
        yield decrypt_page(key, mac, at // PAGE + 1, data[at : at + PAGE])
    wal = folder / "vault.db-wal"
    frames = wal.read_bytes() if wal.exists() else b""
    for at in range(32, len(frames) - PAGE - 23, PAGE + 24):
        number = int.from_bytes(frames[at : at + 4], "big")
        yield decrypt_page(key, mac, number, frames[at + 24 : at + 24 + PAGE])


def _values(database: sqlite3.Connection) -> Iterator[object]:
    for (table,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
        with contextlib.suppress(sqlite3.Error):  # the search index has functions of the program's
            for row in database.execute(f'SELECT * FROM "{table}"'):  # noqa: S608 - names of tables
                yield from row


def _keys(database: sqlite3.Connection) -> set[bytes]:
    """Return whatever could be a key: every 32 bytes that stand alone or begin or end a short value."""
    found: set[bytes] = set()
    for value in _values(database):
        if isinstance(value, bytes) and 32 <= len(value) <= 256:
            found |= {value[at : at + 32] for at in range(0, len(value) - 31, 16)} | {value[-32:]}
    return found


def _opened(piece: bytes, keys: list[bytes]) -> Iterator[bytes]:
    for key in keys:
        for number in range(PIECES):
            hit = False
            for last in (b"\1", b"\0"):
                with contextlib.suppress(KzdocError):
                    yield open_bytes(key, piece, associated=b"kzdoc-blob-1\0" + number.to_bytes(8, "big") + last)
                    hit = True
            if hit or number == 0:
                break


def _drafts(row: bytes, draft: bytes, keys: list[bytes]) -> Iterator[bytes]:
    for key in keys:
        with contextlib.suppress(KzdocError):
            yield open_bytes(key, row, associated=b"kzdoc-draft-1\0" + draft)
    identities = [HybridIdentity.from_seed(key) for key in keys]
    for identity in identities:
        for at in (match.start() for match in re.finditer(b"", row[:200])):
            wrapped = row[at : at + 32 + 28 + 1136]
            secret = unwrap_secret(identity, wrapped, associated=b"kzdoc-direct-1\0" + draft)
            if secret is not None:
                yield bytes(secret)


def _by_age(sealed: bytes, keys: list[bytes]) -> Iterator[bytes]:
    if not sealed.startswith(b"age-encryption.org/"):
        return
    for key in keys:
        with contextlib.suppress(KzdocError):
            yield age.open_bytes(sealed, identity=HybridIdentity.from_seed(key))
