"""A sum over every small table, kept as it changes: a page put back from an older copy no longer fits it.

SQLCipher authenticates pages, not history. The ledger's chains vouch for revisions; for the other tables that nothing
else can prove (partners, files, what was erased, who was revoked, what left the vault) each row inserted, changed or
deleted changes a note in ``meta``: a counter and the sum of the digests of the rows that are there. ``misfits`` names
the tables whose rows are not what their note says. When table and note were both put back they fit again, but the
counter is lower than it was: that is seen beside a head kept elsewhere, which carries the counters (``counters``).

Rules: the triggers are of the connection, not of the file, so another reader sees plain tables; drafts, projections
and the note of what each bundle carried line by line are not watched.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from kzdoc.vault.connection import Database

WATCHED = (
    "secret", "setting", "slot", "erased", "roster", "revoked", "contact", "bundle_in", "bundle_out", "sent_to",
    "export", "quarantine", "blob",
)  # fmt: skip
PREFIX = "tally."
"""In ``meta``, and in the counts of a head."""

_MODULUS = 2**256
_COUNTER = 8
_NONE = bytes(_COUNTER + 32)


def watch(database: Database) -> None:
    """Keep the notes from now on; a table that has none yet is summed up once. Not for a vault only read."""
    database.function("kzdoc_tally", _step)
    database.rows("PRAGMA recursive_triggers = ON")  # else a row that is replaced goes without its trigger
    there = {row[0] for row in database.rows("SELECT name FROM meta WHERE name LIKE 'tally.%'")}
    missing = [table for table in WATCHED if PREFIX + table not in there]
    if missing:
        with database.transaction():
            for table in missing:
                note = (0).to_bytes(_COUNTER, "big") + _sum(database, table)
                database.run("INSERT INTO meta VALUES (?, ?)", (PREFIX + table, note))
    for table in WATCHED:
        columns = _columns(database, table)
        old, new = (", ".join(f"{row}.{name}" for name in columns) for row in ("OLD", "NEW"))
        for event, sign, values in (("INSERT", 1, new), ("DELETE", -1, old), ("UPDATE", 0, f"{old}, {new}")):
            database.run(
                f"CREATE TEMP TRIGGER tally_{table}_{event} AFTER {event} ON main.{table} BEGIN"  # noqa: S608 - our names
                f" UPDATE meta SET value = kzdoc_tally('{table}', {sign}, value, {values})"
                f" WHERE name = '{PREFIX}{table}'; END"
            )


def counters(database: Database) -> dict[str, int]:
    """Return how often each watched table was changed, by ``tally.TABLE``; they only grow."""
    rows = database.rows("SELECT name, value FROM meta WHERE name LIKE 'tally.%' ORDER BY name")
    return {name: int.from_bytes(value[:_COUNTER], "big") for name, value in rows}


def older(database: Database, kept: Mapping[str, int]) -> list[str]:
    """Return the watched tables that are older than the counters kept elsewhere say; other counts are passed over."""
    now = counters(database)
    return [table for table in WATCHED if now.get(PREFIX + table, 0) < kept.get(PREFIX + table, 0)]


def misfits(database: Database) -> list[str]:
    """Return the watched tables whose rows are not what their note says."""
    notes = dict(database.rows("SELECT name, value FROM meta WHERE name LIKE 'tally.%'"))
    return [
        table for table in WATCHED if notes and notes.get(PREFIX + table, _NONE)[_COUNTER:] != _sum(database, table)
    ]


def _step(table: str, sign: int, note: bytes, *values: Any) -> bytes:
    """Return the note after a row came (1), went (-1), or became another (0: the old values, then the new)."""
    half = len(values) // 2
    total = int.from_bytes(note[_COUNTER:], "big")
    if sign:
        total += sign * _digest(table, values)
    else:
        total += _digest(table, values[half:]) - _digest(table, values[:half])
    counter = int.from_bytes(note[:_COUNTER], "big") + 1
    return counter.to_bytes(_COUNTER, "big") + (total % _MODULUS).to_bytes(32, "big")


def _sum(database: Database, table: str) -> bytes:
    total = sum(_digest(table, row) for row in database.stream(f"SELECT * FROM {table}"))  # noqa: S608 - our own name
    return (total % _MODULUS).to_bytes(32, "big")


def _digest(table: str, values: Iterable[Any]) -> int:
    digest = hashlib.sha256(table.encode())
    for value in values:
        data = value if isinstance(value, bytes) else str(value).encode()
        digest.update(b"%c%d:" % (type(value).__name__.encode()[:1], len(data)) + data)
    return int.from_bytes(digest.digest(), "big")


def _columns(database: Database, table: str) -> list[str]:
    return [row[0] for row in database.rows("SELECT name FROM pragma_table_info(?) ORDER BY cid", (table,))]
