"""What a list is made of, read without the records themselves: their rows, what names them, what narrows them.

Rules: one question for all records of a kind; a removed record is on no shelf. What a list shows of the few records
in sight is read by ``Records``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from kzdoc.vault.connection import Database

_ROWS = "SELECT number, id, kind, title, conflicts, origin FROM record WHERE removed = 0 AND kind = ?"


class Placed(NamedTuple):
    """The row of a record; ``origin`` as in store.py."""

    number: int
    id: bytes
    kind: str
    title: str
    conflicts: int
    origin: int


class Shelf:
    """The records of a kind as rows."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def rows(self, kind: str) -> list[Placed]:
        """Return the rows of a kind's records, in no order."""
        return [Placed(*row) for row in self._database.rows(_ROWS, (kind,))]

    def named_by(self, kind: str, field: str, *, to: str) -> dict[int, str]:
        """Return the titles of the records of kind ``to`` that a link of a kind's records leads to, by their numbers.

        Of several links of one record, any.
        """
        rows = self._database.rows(
            "SELECT s.number, t.title FROM link l CROSS JOIN record s ON s.number = l.source"
            " CROSS JOIN record t ON t.id = l.target WHERE l.field = ? AND s.kind = ? AND s.removed = 0 AND t.kind = ?",
            (field, kind, to),
        )
        return dict(rows)

    def with_value(self, kind: str, field: str, value: str | int) -> frozenset[int]:
        """Return the numbers of a kind's records that have this value of a facet."""
        rows = self._database.rows(
            "SELECT r.number FROM facet f CROSS JOIN record r ON r.number = f.record"
            " WHERE f.field = ? AND f.value = ? AND r.kind = ? AND r.removed = 0",
            (field, value, kind),
        )
        return frozenset([row[0] for row in rows])

    def facets(self, kind: str, fields: Collection[str]) -> Iterator[tuple[int, str, str | int]]:
        """Yield (number, field, value) of the facets of a kind's records that are texts or whole numbers."""
        for field in sorted(fields):
            for number, value in self._database.rows(
                "SELECT r.number, f.value FROM facet f CROSS JOIN record r ON r.number = f.record"
                " WHERE f.field = ? AND r.kind = ? AND r.removed = 0",
                (field, kind),
            ):
                if isinstance(value, str | int):
                    yield number, field, value
