"""Records of which nothing is in force here: taken back, undone, or said beyond a revoked author's last good heads.

Rules: they have no row among the records and no list shows them; but their words are held, and whoever they name stays
known to redaction, as somebody removed who allows nothing: taking words back opens nothing. What was forgotten of them
is not held, and so not known.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from kzdoc.ledger.history import held_entries
from kzdoc.ledger.merge import project
from kzdoc.vault.names import CONSENT, KINDS, PERSON
from kzdoc.vault.projection import fits_kind, many_of
from kzdoc.vault.truth import Truth

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator

    from kzdoc.ledger.merge import RecordState
    from kzdoc.vault.connection import Database

NAMING = KINDS - {CONSENT}


class Unheard:
    """The records of one vault of which nothing is in force."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._truth = Truth(database)

    def record(self, record: bytes) -> RecordState | None:
        """Return such a record as all its words together make it, a person as removed; None when it is none."""
        if self._database.row("SELECT 1 FROM record WHERE id = ?", (record,)):
            return None
        held = self._truth.held_of([record]).get(record)
        state = project(record, held, many=many_of, fits=fits_kind) if held else None
        return replace(state, removed=state.kind == PERSON) if state is not None else None

    def at(self, seqs: Iterable[int], kinds: Container[str] = NAMING) -> Iterator[RecordState]:
        """Yield those of some kinds that the revisions at these places speak of."""
        read = self._truth.revisions(sorted(seqs))
        about = {held.entry.record for _, revision in read for held in held_entries(revision)}
        found = (self.record(one) for one in sorted(about))
        yield from (one for one in found if one is not None and one.kind in kinds)

    def among(self, excluded: Iterable[bytes], kinds: Container[str] = NAMING) -> Iterator[RecordState]:
        """Yield all of some kinds; ``excluded`` are the revisions out of force."""
        yield from self.at(self._truth.known(sorted(excluded)).values(), kinds)

    def said(self, record: bytes) -> list[tuple[str, Any]]:
        """Return (field, value) of everything that is held of one."""
        held = self._truth.held_of([record]).get(record, ())
        return [(said.field, said.value) for one in held for said in one.statements.values()]
