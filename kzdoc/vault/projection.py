"""Records as they now are: packed, unpacked, and kept true to the ledger.

Everything here can be dropped and made again from truth.py's rows. Rules: the state of a record is what
``kzdoc.ledger.merge.project`` says; the one shortcut (a record with a single entry, nothing absent, nothing replaced)
gives the same bytes and a test holds it to that. Only what was touched is written.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import cbor2

from kzdoc.domain.catalogue import KINDS
from kzdoc.domain.field import Type
from kzdoc.encoding import encode_trusted
from kzdoc.ledger.merge import REMOVED, Absence, Held, LiveValue, RecordState, project
from kzdoc.ledger.revision import INDEX_BASE
from kzdoc.moment import Moment
from kzdoc.vault.search import folded, sort_key, words_of
from kzdoc.vault.truth import in_chunks

if TYPE_CHECKING:
    from collections.abc import Container, Sequence

    from kzdoc.domain.field import Kind
    from kzdoc.ledger.merge import MayReplace
    from kzdoc.vault.connection import Database


@dataclass(frozen=True, slots=True)
class Shape:
    """What projecting needs to know of a kind."""

    kind: Kind | None
    many: frozenset[str]
    facets: frozenset[str]
    title: tuple[str, ...]
    names: frozenset[str]


@dataclass(frozen=True, slots=True)
class Projected:
    """One record ready to be written; ``facets`` are (field, value) pairs, ``links`` (field, target)."""

    id: bytes
    kind: str
    title: str
    sort: str
    state: bytes
    conflicts: int
    withheld: int
    removed: bool
    facets: tuple[tuple[str, str | int | bytes], ...]
    links: tuple[tuple[str, bytes], ...]
    names: str
    words: str


_NOTHING: Final = Shape(None, frozenset(), frozenset(), (), frozenset())
_shapes: dict[str, Shape] = {}


def shape_of(kind: str) -> Shape:
    """Return the shape of a kind; an unknown one has no titles, facets or `many` fields."""
    declared = KINDS.get(kind)
    if declared is None:
        return _NOTHING
    shape = _shapes.get(kind)
    if shape is None or shape.kind is not declared:
        shape = _shapes[kind] = Shape(
            declared,
            frozenset(field.id for field in declared.fields if field.many),
            frozenset(field.id for field in declared.fields if field.facet and field.type is not Type.LINK),
            declared.title,
            frozenset(declared.title) | frozenset(field.id for field in declared.fields if field.name_of),
        )
    return shape


def many_of(kind: str) -> frozenset[str]:
    """Return the `many` fields of a kind, as ``project`` asks."""
    return shape_of(kind).many


def projected(
    record: bytes, held: Sequence[Held], *, excluded: Container[bytes], may_replace: MayReplace
) -> Projected | None:
    """Return the record as it now is, or None when nothing in force is about it."""
    if len(held) == 1:
        quick = _only_entry(held[0], excluded)
        if quick is not None:
            return quick
    state = project(record, held, many=many_of, excluded=excluded, may_replace=may_replace)
    return None if state is None else from_state(state)


def _only_entry(held: Held, excluded: Container[bytes]) -> Projected | None:
    """Return the projection of a record just born, or None when it is not that simple."""
    if held.absent or held.revision in excluded:
        return None
    entry = held.entry
    for slot in entry.slots:
        if slot.replaces:
            return None
    said = held.statements
    fields: dict[str, list[Any]] = {}
    for index in sorted(said):
        disclosure = said[index]
        name = disclosure.field
        if name in fields or name == REMOVED or disclosure.value is None:
            return None
        fields[name] = [[disclosure.value, [0, index]]]
    time = entry.time
    state = encode_trusted([[[held.revision, held.author, time.seconds, time.offset]], fields, [], [], [], False])
    values = {name: (live[0][0],) for name, live in fields.items()}
    return _with_columns(entry.record, entry.kind, values, state)


def from_state(state: RecordState) -> Projected:
    """Return what is written for a record's state."""
    values = {name: tuple([live.value for live in lives]) for name, lives in state.fields.items()}
    return _with_columns(
        state.id,
        state.kind,
        values,
        pack(state),
        conflicts=len(state.conflicts),
        withheld=len(state.absent),
        removed=state.removed,
    )


def _with_columns(
    record: bytes,
    kind: str,
    values: Mapping[str, tuple[Any, ...]],
    state: bytes,
    *,
    conflicts: int = 0,
    withheld: int = 0,
    removed: bool = False,
) -> Projected:
    shape = shape_of(kind)
    title = next((values[name][0] for name in shape.title if name in values and values[name][0]), "")
    title = title if isinstance(title, str) else ""
    facets: list[tuple[str, str | int | bytes]] = []
    links: list[tuple[str, bytes]] = []
    names: list[str] = []
    words: list[str] = []
    for name, several in values.items():
        into = names if name in shape.names else words
        faceted = name in shape.facets
        for value in several:
            kind_of_value = type(value)
            if kind_of_value is str:
                into.append(value)
            elif kind_of_value is bytes:
                if len(value) == 16:  # noqa: PLR2004 - a record id; every link is one
                    links.append((name, value))
            elif value is not None:
                into.extend(words_of(value))
            if faceted and value is not None:
                facets.append((name, facet_value(value)))
    return Projected(
        record, kind, title, sort_key(title), state, conflicts, withheld, removed,
        tuple(facets), tuple(links), folded(names), folded(words),
    )  # fmt: skip


def facet_value(value: Any) -> str | int | bytes:
    """Return what a list is narrowed by for a value: codes, texts and numbers as they are, an address by its region."""
    if isinstance(value, str | int | bytes):
        return value
    if isinstance(value, Mapping) and isinstance(value.get("region"), str):
        return str(value["region"])
    return encode_trusted(value)


def pack(state: RecordState) -> bytes:
    """Return the CBOR of docs/formats/vault.md, "Projection"."""
    origins: dict[tuple[bytes, int], int] = {}
    sources: list[list[Any]] = []

    def origin(ref: tuple[bytes, int], author: bytes, time: Moment) -> list[int]:
        place = (ref[0], ref[1] // INDEX_BASE)
        if place not in origins:
            origins[place] = len(sources)
            sources.append([ref[0], author, time.seconds, time.offset])
        return [origins[place], ref[1]]

    fields = {
        name: [[live.value, *[origin(ref, live.author, live.time) for ref in live.refs]] for live in lives]
        for name, lives in state.fields.items()
    }
    absent = [
        [list(absence.ref), absence.reason, absence.author, absence.field, [list(ref) for ref in absence.replaced]]
        for absence in state.absent
    ]
    void = [list(ref) for ref in state.void]
    return encode_trusted([sources, fields, sorted(state.conflicts), absent, void, state.removed])


def unpack(record: bytes, kind: str, packed: bytes) -> RecordState:
    """Return the state that ``pack`` was given."""
    sources, fields, conflicts, absent, void, removed = cbor2.loads(packed)
    times = [Moment(source[2], source[3]) for source in sources]
    return RecordState(
        record,
        kind,
        {
            name: tuple(
                [
                    LiveValue(
                        live[0],
                        tuple([(sources[ref[0]][0], ref[1]) for ref in live[1:]]),
                        sources[live[1][0]][1],
                        times[live[1][0]],
                    )
                    for live in fields[name]
                ]
            )
            for name in sorted(fields)
        },
        frozenset(conflicts),
        tuple(
            [
                Absence((ref[0], ref[1]), reason, author, field, tuple([(one[0], one[1]) for one in replaced]))
                for ref, reason, author, field, replaced in absent
            ]
        ),
        removed,
        tuple([(ref[0], ref[1]) for ref in void]),
    )


class Projections:
    """The projection tables; inside the caller's transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def known(self, records: Sequence[bytes]) -> set[bytes]:
        """Return which of the records any entry here is about."""
        rows = in_chunks(self._database, "SELECT DISTINCT record FROM entry_of WHERE record IN", records)
        return {row[0] for row in rows}

    def note_entries(self, held: Sequence[tuple[int, Held]]) -> None:
        """Note which record each new entry is about; ``held`` are (seq, entry) pairs."""
        self._database.run_many(
            "INSERT OR IGNORE INTO entry_of VALUES (?, ?, ?)",
            [(one.entry.record, seq, one.number) for seq, one in held],
        )

    def write(self, born: Sequence[Projected], *, origin: int) -> None:
        """Insert records that were not here before."""
        row = self._database.row("SELECT max(number) FROM record")
        first = (row[0] or 0) + 1 if row else 1
        self._insert([(number, one, origin) for number, one in enumerate(born, first)])

    def rewrite(self, changed: Sequence[tuple[bytes, Projected | None]], *, origin: int | None) -> None:
        """Put records that were here before, or may have been, into their present state; None takes one out.

        ``origin`` None leaves the note of where else they exist as it was.
        """
        anew = []
        born = []
        for record, now in changed:
            row = self._database.row("SELECT number, kind, state, origin FROM record WHERE id = ?", (record,))
            if row is None:
                if now is not None:
                    born.append(now)
                continue
            number, kind, state, was = row
            self._clear(number, record, kind, state)
            if now is not None:
                anew.append((number, now, was if origin is None else origin))
        self._insert(anew)
        if born:
            self.write(born, origin=origin or 0)

    def _clear(self, number: int, record: bytes, kind: str, state: bytes) -> None:
        old = from_state(unpack(record, kind, state))
        self._database.run_many(
            "DELETE FROM facet WHERE field = ? AND value = ? AND record = ?",
            [(field, value, record) for field, value in old.facets],
        )
        self._database.run_many(
            "DELETE FROM link WHERE target = ? AND source = ? AND field = ?",
            [(target, record, field) for field, target in old.links],
        )
        self._database.run("DELETE FROM search WHERE rowid = ?", (number,))
        self._database.run("DELETE FROM record WHERE number = ?", (number,))

    def _insert(self, rows: Sequence[tuple[int, Projected, int]]) -> None:
        self._database.run_many(
            "INSERT INTO record VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    number, one.id, one.kind, one.title, one.sort, one.state, one.conflicts, one.withheld,
                    one.removed, origin,
                )
                for number, one, origin in rows
            ],
        )  # fmt: skip
        self._database.run_many(
            "INSERT OR IGNORE INTO facet VALUES (?, ?, ?)",
            [(field, value, one.id) for _, one, _ in rows for field, value in one.facets],
        )
        self._database.run_many(
            "INSERT OR IGNORE INTO link VALUES (?, ?, ?)",
            [(target, one.id, field) for _, one, _ in rows for field, target in one.links],
        )
        self._database.run_many(
            "INSERT INTO search (rowid, names, words) VALUES (?, ?, ?)",
            [(number, one.names, one.words) for number, one, _ in rows if one.names or one.words],
        )
