"""Reading records: one, many, found, linked, and how one came to be. Nothing here writes.

Rules: what is returned are values of the ledger's own types; lists are sorted by id, found ones by rank; a removed
record is in no list but can be read by its id.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kzdoc.errors import VaultError
from kzdoc.ledger.history import held_entries
from kzdoc.vault import search
from kzdoc.vault.packing import unpack, values_in
from kzdoc.vault.projection import facet_value, shape_of
from kzdoc.vault.truth import IN_ONE_QUESTION, Truth

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from kzdoc.encoding import Value
    from kzdoc.ledger.merge import RecordState
    from kzdoc.ledger.revision import Revision, StatementRef
    from kzdoc.moment import Moment
    from kzdoc.vault.connection import Database

_STATE = "SELECT r.id, r.kind, r.state FROM record r"


@dataclass(frozen=True, slots=True)
class Brief:
    """A row of a list: enough to show it without reading the record. ``origin`` as in store.py."""

    id: bytes
    kind: str
    title: str
    conflicts: int
    withheld: int
    origin: int


@dataclass(frozen=True, slots=True)
class Step:
    """One revision of a record's history; ``fields`` are those of disclosed statements, ``own`` if written here."""

    revision: bytes
    author: bytes
    time: Moment
    fields: tuple[str, ...]
    replaces: tuple[StatementRef, ...]
    own: bool


@dataclass(frozen=True, slots=True)
class Link:
    """A live link between two records."""

    source: bytes
    field: str
    target: bytes


class Records:
    """The reading half of an open vault."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._truth = Truth(database)

    def record(self, record: bytes) -> RecordState | None:
        """Return the record, also when it was removed, or None when there is none of that id."""
        row = self._database.row(_STATE + " WHERE r.id = ?", (record,))
        return unpack(*row) if row else None

    def states(self, records: Iterable[bytes]) -> dict[bytes, RecordState]:
        """Return those of the records that are here; inside an act under way, that were here before it."""
        found = ((record, self.record(record)) for record in records)
        return {record: state for record, state in found if state is not None}

    def known(self, records: Iterable[bytes]) -> set[bytes]:
        """Return those of the records that are here; inside an act under way, that were here before it."""
        wanted = sorted(set(records))
        found: set[bytes] = set()
        for start in range(0, len(wanted), IN_ONE_QUESTION):
            part = wanted[start : start + IN_ONE_QUESTION]
            marks = ",".join("?" * len(part))
            rows = self._database.ahead(f"SELECT id FROM record WHERE id IN ({marks})", part)  # noqa: S608 - marks only
            found |= {row[0] for row in rows}
        return found

    def resolve(self, prefix: str) -> list[bytes]:
        """Return up to ten record ids that begin with these hexadecimal digits."""
        even = prefix[: len(prefix) // 2 * 2]
        try:
            low = bytes.fromhex(even)
        except ValueError:
            return []
        high = low + b"\xff" * (17 - len(low))
        rows = self._database.rows("SELECT id FROM record WHERE id >= ? AND id <= ? ORDER BY id", (low, high))
        return [row[0] for row in rows if row[0].hex().startswith(prefix.lower())][:10]

    def records(self, kind: str | None = None, where: Mapping[str, Value] | None = None) -> Iterator[RecordState]:
        """Yield the records of a kind (None: of all kinds) that have all the given live values, sorted by id.

        A facet or a link is found by its index; any other field is compared record by record.
        """
        shape = shape_of(kind) if kind else None
        sql = _STATE
        parameters: list[str | int | bytes] = []
        rest: dict[str, Value] = {}
        for field, value in (where or {}).items():
            if isinstance(value, bytes) and len(value) == 16:  # noqa: PLR2004 - a record id
                sql += " JOIN link l{0} ON l{0}.source = r.number AND l{0}.target = ? AND l{0}.field = ?".format(
                    len(parameters)
                )
                parameters += [value, field]
            elif shape is not None and field in shape.facets and value is not None:
                sql += " JOIN facet f{0} ON f{0}.record = r.number AND f{0}.field = ? AND f{0}.value = ?".format(
                    len(parameters)
                )
                parameters += [field, facet_value(value)]
            else:
                rest[field] = value
        sql += " WHERE r.removed = 0" + (" AND r.kind = ?" if kind else "") + " ORDER BY r.id"
        for row in self._database.stream(sql, (*parameters, *((kind,) if kind else ()))):
            state = unpack(*row)
            if all(_has(state, field, value) for field, value in rest.items()):
                yield state

    def said(self, kind: str, names: Sequence[str]) -> Iterator[tuple[bytes, dict[str, list[Any]]]]:
        """Yield (record, live values of these fields) of every record of a kind, in no order.

        Nothing else of a record is built, so that many of them cost little.
        """
        for record, _, state in self._database.stream(_STATE + " WHERE r.removed = 0 AND r.kind = ?", (kind,)):
            yield record, values_in(state, names)

    def removed(self, kind: str) -> Iterator[RecordState]:
        """Yield the removed records of a kind, sorted by id: in no list, but their names are still met in texts."""
        for row in self._database.stream(_STATE + " WHERE r.removed = 1 AND r.kind = ? ORDER BY r.id", (kind,)):
            yield unpack(*row)

    def once_said(self, kind: str) -> Iterator[tuple[bytes, str, Any]]:
        """Yield (record, field, value) of every statement held, replaced ones too, of a kind's records written twice.

        A record of one entry says nothing that its state does not; set-aside revisions count. In no order.
        """
        rows = self._database.rows(
            "SELECT r.id, e.seq FROM entry_of e JOIN record r ON r.id = e.record WHERE r.kind = ?"
            " AND (SELECT count(*) FROM entry_of o WHERE o.record = r.id) > 1",
            (kind,),
        )
        wanted = {row[0] for row in rows}
        for _, revision in self._truth.revisions(sorted({row[1] for row in rows})):
            for held in held_entries(revision):
                if held.entry.record in wanted:
                    yield from ((held.entry.record, said.field, said.value) for said in held.statements.values())

    def briefs(self, kind: str) -> list[Brief]:
        """Return the rows of a list, in the order of their titles in the Kazakh alphabet."""
        rows = self._database.rows(
            "SELECT id, kind, title, conflicts, withheld, origin FROM record WHERE kind = ? AND removed = 0", (kind,)
        )
        return sorted([Brief(*row) for row in rows], key=lambda brief: (search.sort_key(brief.title), brief.id))

    def places(self) -> dict[tuple[str, int], int]:
        """Return how many records there are of each kind and ``origin``; from an index alone."""
        rows = self._database.rows("SELECT kind, origin, count(*) FROM record WHERE removed = 0 GROUP BY kind, origin")
        return {(kind, origin): count for kind, origin, count in rows}

    def newest(self, kind: str, *, origin: int, limit: int) -> list[tuple[int, RecordState]]:
        """Return (number, record) of the records of a kind and ``origin`` that came last, the newest first."""
        rows = self._database.rows(
            "SELECT r.number, r.id, r.kind, r.state FROM record r WHERE r.kind = ? AND r.removed = 0 AND r.origin = ?"
            " ORDER BY r.number DESC LIMIT ?",
            (kind, origin, limit),
        )
        return [(number, unpack(*row)) for number, *row in rows]

    def brief(self, record: bytes) -> Brief | None:
        """Return the row of one record, also when it was removed."""
        row = self._database.row(
            "SELECT id, kind, title, conflicts, withheld, origin FROM record WHERE id = ?", (record,)
        )
        return Brief(*row) if row else None

    def find(self, text: str, *, kind: str | None = None, limit: int = 50) -> list[RecordState]:
        """Return the records in which every word of ``text`` is found (the last as a beginning), best first."""
        found = search.find(self._database, text, kind=kind, limit=limit)
        return [state for _, record in found if (state := self.record(record)) is not None]

    def linked(self, record: bytes) -> list[Link]:
        """Return the live links from and to a record, removed records left out; sorted."""
        rows = self._database.rows(
            "SELECT r.id, l.field, l.target FROM link l JOIN record r ON r.number = l.source"
            " WHERE l.target = ? AND r.removed = 0",
            (record,),
        )
        links = {Link(*row) for row in rows}
        state = self.record(record)
        if state is not None:
            links |= {
                Link(record, field, live.value)
                for field, lives in state.fields.items()
                for live in lives
                if isinstance(live.value, bytes) and len(live.value) == 16  # noqa: PLR2004 - a record id
            }
        return sorted(links, key=lambda link: (link.source, link.field, link.target))

    def joined(self) -> list[tuple[bytes, bytes, bool]]:
        """Return (source, target, whether the source was removed) of all links of what is one; from an index."""
        rows = self._database.rows(
            "SELECT r.id, l.target, r.removed FROM link l JOIN record r ON r.number = l.source"
            " WHERE l.field = 'same_as'"
        )
        return sorted([(source, target, bool(removed)) for source, target, removed in rows])

    def signed(self, revisions: Iterable[bytes]) -> dict[bytes, Revision]:
        """Return those of the revisions that are here, by id, as their authors signed them."""
        seqs = self._truth.known(sorted(set(revisions)))
        return {revision.id: revision for _, revision in self._truth.revisions(sorted(seqs.values()))}

    def history(self, record: bytes) -> list[Step]:
        """Return the revisions of a record, what is replaced before what replaces it; ties by claimed time and id."""
        steps: dict[bytes, Step] = {}
        before: dict[bytes, set[bytes]] = {}
        last_of: dict[bytes, tuple[int, bytes]] = {}
        for arrival, revision in self._truth.revisions(self._seqs_of(record)):
            steps[revision.id] = _step(revision, record, own=not arrival.origin)
            before[revision.id] = {ref[0] for ref in steps[revision.id].replaces}
            skeleton = revision.skeleton
            last = last_of.get(skeleton.chain)
            if last and last[0] < skeleton.sequence:
                before[revision.id].add(last[1])
            last_of[skeleton.chain] = (skeleton.sequence, revision.id)
        return _in_order(steps, before)

    def counts(self) -> dict[str, int]:
        """Return how many records there are of each kind."""
        rows = self._database.rows("SELECT kind, count(*) FROM record WHERE removed = 0 GROUP BY kind ORDER BY kind")
        return dict(rows)

    def facet_counts(self, kind: str, field: str) -> dict[Any, int]:
        """Return how many records of a kind have each value of a facet."""
        rows = self._database.rows(
            "SELECT f.value, count(*) FROM facet f JOIN record r ON r.number = f.record"
            " WHERE f.field = ? AND r.kind = ? AND r.removed = 0 GROUP BY f.value ORDER BY f.value",
            (field, kind),
        )
        return dict(rows)

    def in_conflict(self) -> list[RecordState]:
        """Return the records with a conflict, sorted by id; without them no other is looked at (hence the sign)."""
        rows = self._database.rows(_STATE + " WHERE r.conflicts > 0 ORDER BY +r.id")
        return [unpack(*row) for row in rows]

    def _seqs_of(self, record: bytes) -> list[int]:
        rows = self._database.rows("SELECT DISTINCT seq FROM entry_of WHERE record = ? ORDER BY seq", (record,))
        return [row[0] for row in rows]


def _has(state: RecordState, field: str, value: Value) -> bool:
    values = state.values(field)
    return value in values if value is not None else not values


def _step(revision: Revision, record: bytes, *, own: bool) -> Step:
    fields: set[str] = set()
    replaces: set[StatementRef] = set()
    time = None
    for held in held_entries(revision):
        if held.entry.record != record:
            continue
        time = held.entry.time
        fields |= {said.field for said in held.statements.values()}
        replaces |= {ref for slot in held.entry.slots for ref in slot.replaces}
    if time is None:
        raise VaultError("vault.damaged", item="entry_of")
    return Step(revision.id, revision.skeleton.author, time, tuple(sorted(fields)), tuple(sorted(replaces)), own)


def _in_order(steps: Mapping[bytes, Step], before: Mapping[bytes, set[bytes]]) -> list[Step]:
    waiting = {key: {other for other in earlier if other in steps} for key, earlier in before.items()}
    ready = [(steps[key].time.seconds, key) for key, earlier in waiting.items() if not earlier]
    heapq.heapify(ready)
    after: dict[bytes, list[bytes]] = {}
    for key, earlier in waiting.items():
        for other in earlier:
            after.setdefault(other, []).append(key)
    ordered: list[Step] = []
    while ready:
        _, key = heapq.heappop(ready)
        ordered.append(steps[key])
        for other in after.get(key, ()):
            waiting[other].discard(key)
            if not waiting[other]:
                heapq.heappush(ready, (steps[other].time.seconds, other))
    return ordered
