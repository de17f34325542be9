"""The export ledger: every paper, table or redacted text that left the vault, for whom and what for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cbor2

from kzdoc.encoding import encode_trusted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kzdoc.encoding import Value
    from kzdoc.moment import Clock
    from kzdoc.vault.connection import Database

_COLUMNS = "SELECT id, made, audience, recipient, purpose, form, sha256, records, detail FROM export"


@dataclass(frozen=True, slots=True)
class Export:
    """One thing that left; ``form`` says what it was (case-file, csv, text …), ``detail`` what the action notes."""

    number: int
    made: int
    audience: str
    recipient: str
    purpose: str
    form: str
    sha256: bytes
    records: tuple[bytes, ...]
    detail: Mapping[str, object]


class Exports:
    """The export ledger of an open vault; rows are only added."""

    def __init__(self, database: Database, *, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def note(
        self,
        *,
        audience: str,
        recipient: str,
        purpose: str,
        form: str,
        sha256: bytes,
        records: Sequence[bytes],
        detail: Mapping[str, Value] | None = None,
    ) -> int:
        """Write one row and return its number; to be called before the file gets its name."""
        self._database.change(
            "INSERT INTO export (made, audience, recipient, purpose, form, sha256, records, detail)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                self._clock().seconds, audience, recipient, purpose, form, sha256, b"".join(records),
                encode_trusted(dict(detail or {})),
            ),
        )  # fmt: skip
        row = self._database.row("SELECT max(id) FROM export")
        return int(row[0]) if row else 0

    def all(self) -> list[Export]:
        """Return all rows, the newest first."""
        return [_export(row) for row in self._database.rows(_COLUMNS + " ORDER BY id DESC")]

    def one(self, number: int) -> Export | None:
        """Return one row, None when there is none of that number."""
        row = self._database.row(_COLUMNS + " WHERE id = ?", (number,))
        return _export(row) if row else None

    def of_form(self, *forms: str) -> list[Export]:
        """Return the rows of these forms, the newest first."""
        marks = ",".join("?" * len(forms))
        return [
            _export(row) for row in self._database.rows(f"{_COLUMNS} WHERE form IN ({marks}) ORDER BY id DESC", forms)
        ]

    def numbered(self, start: bytes) -> list[int]:
        """Return the numbers of the rows whose SHA-256 begins so, the newest first."""
        rows = self._database.rows(
            "SELECT id FROM export WHERE substr(sha256, 1, ?) = ? ORDER BY id DESC", (len(start), start)
        )
        return [row[0] for row in rows]

    def of_record(self, record: bytes) -> list[Export]:
        """Return the exports a record was in, the newest first."""
        return [export for export in self.all() if record in export.records]


def _export(row: tuple[object, ...]) -> Export:
    number, made, audience, recipient, purpose, form, sha256, records, detail = row
    joined = bytes(records)  # type: ignore[call-overload]  # the column is a blob
    ids = tuple([joined[start : start + 16] for start in range(0, len(joined), 16)])
    return Export(number, made, audience, recipient, purpose, form, sha256, ids, cbor2.loads(detail))  # type: ignore[arg-type]  # STRICT columns
