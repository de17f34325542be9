"""Records as they now are: packed, unpacked, and kept true to the ledger.

Everything here can be dropped and made again from truth.py's rows. Rules: the state of a record is what
``kzdoc.ledger.merge.project`` says; the one shortcut (a record with a single entry, nothing absent, nothing replaced)
gives the same bytes and a test holds it to that. Only what was touched is written.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from kzdoc.analysis.words import called, companion_key
from kzdoc.domain.catalogue import KINDS
from kzdoc.domain.field import Type
from kzdoc.encoding import encode_trusted
from kzdoc.ledger.merge import REMOVED, Held, RecordState, project
from kzdoc.vault.names import CONSENT, PERSON, Names
from kzdoc.vault.names import KINDS as NAME_KINDS
from kzdoc.vault.near import EVENT
from kzdoc.vault.near import KINDS as NEAR_KINDS
from kzdoc.vault.packing import pack, pack_born, unpack
from kzdoc.vault.search import folded, words_of
from kzdoc.vault.shape import SHAPES, fits
from kzdoc.vault.truth import in_chunks

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Sequence

    from kzdoc.domain.field import Field, Kind
    from kzdoc.ledger.merge import MayReplace
    from kzdoc.vault.connection import Database
    from kzdoc.vault.near import Near


@dataclass(frozen=True, slots=True)
class Shape:
    """What projecting needs to know of a kind."""

    kind: Kind | None
    many: frozenset[str]
    facets: frozenset[str]
    title: tuple[str, ...]
    names: frozenset[str]
    fields: Mapping[str, Field]
    judges: Mapping[str, Callable[[Any], bool]]


class Projected(NamedTuple):
    """One record ready to be written; ``facets`` are (field, value) pairs, ``links`` (field, target)."""

    id: bytes
    kind: str
    title: str
    state: bytes
    conflicts: int
    withheld: int
    removed: bool
    facets: list[tuple[str, str | int | bytes]]
    links: list[tuple[str, bytes]]
    names: str
    words: str


_FORMAT: Final = 14
_SAMPLE: Final = "Әлия Ғалымқызы Жұмағұлова Щёголев-Цой Чингиз Юрьевич Nazarbayev Dzhumagulov Khan Şoqan"
_NOTHING: Final = Shape(None, frozenset(), frozenset(), (), frozenset(), {}, {})
_shapes: dict[str, Shape] = {}
_FAR: Final = (
    "DELETE FROM near_key WHERE record = ?",
    "DELETE FROM near_pair WHERE one = ?1 OR other = ?1",
    "DELETE FROM near_due WHERE record = ?",
)


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
            {field.id: field for field in declared.fields},
            {field.id: SHAPES[field.type] for field in declared.fields},
        )
    return shape


def declarations() -> bytes:
    """Return a digest of everything projections depend on besides the ledger: kinds, titles, facets, folding."""
    known = [
        [kind, sorted(shape.many), sorted(shape.facets), list(shape.title), sorted(shape.names)]
        for kind in sorted(KINDS)
        for shape in (shape_of(kind),)
    ]
    return hashlib.sha256(encode_trusted([_FORMAT, known, folded([_SAMPLE])])).digest()


def many_of(kind: str) -> frozenset[str]:
    """Return the `many` fields of a kind, as ``project`` asks."""
    return shape_of(kind).many


def fits_kind(kind: str, field: str, value: Any) -> bool:
    """Return whether a value has the shape its field is declared with, as ``project`` asks; unknown fields have any."""
    declared = shape_of(kind).fields.get(field)
    return declared is None or fits(declared, value)


def projected(
    record: bytes, held: Sequence[Held], *, excluded: Container[bytes], may_replace: MayReplace
) -> Projected | None:
    """Return the record as it now is, or None when nothing in force is about it."""
    if len(held) == 1:
        quick = _only_entry(held[0], excluded)
        if quick is not None:
            return quick
    state = project(record, held, many=many_of, excluded=excluded, may_replace=may_replace, fits=fits_kind)
    return None if state is None else from_state(state)


def _only_entry(held: Held, excluded: Container[bytes]) -> Projected | None:
    """Return the projection of a record just born, or None when it is not that simple."""
    if held.absent or held.revision in excluded:
        return None
    entry = held.entry
    for slot in entry.slots:
        if slot.replaces:
            return None
    judges = shape_of(entry.kind).judges
    said = sorted([(one.field, index, one) for index, one in held.statements.items()])
    values: dict[str, Any] = {}
    for name, _, one in said:
        value = one.value
        judge = judges.get(name)
        if value is None or name == REMOVED or not (judge is None or judge(value)):
            return None
        values[name] = value
    if not values or len(values) < len(said):
        return None
    return _with_columns(entry.record, entry.kind, values, values.items(), pack_born(held, said))


def from_state(state: RecordState) -> Projected:
    """Return what is written for a record's state."""
    first = {name: lives[0].value for name, lives in state.fields.items()}
    several = [(name, live.value) for name, lives in state.fields.items() for live in lives]
    columns = _with_columns(state.id, state.kind, first, several, pack(state))
    return columns._replace(conflicts=len(state.conflicts), withheld=len(state.absent), removed=state.removed)


def _with_columns(
    record: bytes, kind: str, first: Mapping[str, Any], values: Iterable[tuple[str, Any]], state: bytes
) -> Projected:
    """Return the row of a record with its live ``values``; ``first`` has one value of each field."""
    shape = shape_of(kind)
    facets: list[tuple[str, str | int | bytes]] = []
    links: list[tuple[str, bytes]] = []
    names: list[str] = []
    words: list[str] = []
    for name, value in values:
        if type(value) is str:
            (names if name in shape.names else words).append(value)
        elif type(value) is bytes:
            if len(value) == 16:  # noqa: PLR2004 - a record id; every link is one
                links.append((name, value))
        elif value is None:
            continue
        else:
            (names if name in shape.names else words).extend(words_of(value))
        if name in shape.facets:
            facets.append((name, facet_value(value)))
    title = next((first[name] for name in shape.title if first.get(name)), "")
    return Projected(
        record,
        kind,
        title if isinstance(title, str) else "",
        state,
        0,
        0,
        False,
        facets,
        links,
        folded(names),
        folded(words),
    )


def facet_value(value: Any) -> str | int | bytes:
    """Return what a list is narrowed by for a value: codes, texts and numbers as they are, an address by its region.

    A number greater than the database holds, which no field reads but anybody may sign, goes as its bytes.
    """
    if isinstance(value, str | bytes) or (isinstance(value, int) and -(2**63) <= value < 2**63):
        return value
    if isinstance(value, Mapping) and isinstance(value.get("region"), str):
        return str(value["region"])
    return encode_trusted(value)


class Projections:
    """The projection tables; inside the caller's transaction."""

    def __init__(self, database: Database, near: Near) -> None:
        self._database = database
        self._near = near
        self._names = Names(database)

    def known_before(self, records: Sequence[bytes]) -> set[bytes]:
        """Return which of the records any entry was about that was here before the act under way."""
        rows = in_chunks(self._database.ahead, "SELECT DISTINCT record FROM entry_of WHERE record IN", records)
        return {row[0] for row in rows}

    def note_entries(self, held: Sequence[tuple[int, Held]]) -> None:
        """Note which record each new entry is about; ``held`` are (seq, entry) pairs."""
        self._database.insert(
            "INSERT OR IGNORE INTO entry_of",
            sorted([(one.entry.record, seq, one.number) for seq, one in held]),
        )

    def next_number(self) -> int:
        """Return the number of the next record."""
        row = self._database.row("SELECT max(number) FROM record")
        return (row[0] or 0) + 1 if row else 1

    def write(self, born: Sequence[Projected], *, first: int, origin: int) -> None:
        """Insert records that were not here before, numbered from ``first``."""
        self._names.born(first)
        self._database.run("UPDATE hold_upto SET upto = ?1 WHERE upto > ?1", (first - 1,))
        self._insert([(number, one, origin) for number, one in enumerate(born, first)])
        self._near.due_about([one.id for one in born if one.kind in (PERSON, EVENT)])

    def unheard(self, records: Iterable[bytes]) -> None:
        """Note records that came and of which nothing is in force."""
        self._names.unheard(records)

    def rewrite(self, changed: Sequence[tuple[bytes, Projected | None]], *, origin: int | None) -> set[bytes]:
        """Put records that were here before, or may have been, into their present state; None takes one out.

        ``origin`` None leaves the note of where else they exist as it was; returned are the records that had none.
        """
        anew = []
        born = []
        other = []
        self._names.unheard([record for record, now in changed if now is None])
        for record, now in changed:
            row = self._database.row("SELECT number, kind, state, origin FROM record WHERE id = ?", (record,))
            if row is None:
                if now is not None:
                    born.append(now)
                continue
            number, kind, state, was = row
            if kind in NAME_KINDS or (now is not None and now.kind in NAME_KINDS):
                self._names.touch(number, unpack(record, kind, state))
            if now is not None and (kind, state) == (now.kind, now.state) and origin in (None, was):
                continue
            self._clear(number, unpack(record, kind, state), now)
            other.append((record, kind))
            if now is not None:
                anew.append((number, now, was if origin is None else origin))
        self._insert(anew)
        if other:
            self._due(other)
        if born:
            self.write(born, first=self.next_number(), origin=origin or 0)
        return {one.id for one in born}

    def _due(self, other: Sequence[tuple[bytes, str]]) -> None:
        """Have it looked at what left and may be other now (holding.py); until anything left, when consents end."""
        left = self._database.row("SELECT 1 FROM hold_now LIMIT 1") is not None
        due = [(record,) for record, kind in other if left or kind == CONSENT]
        self._database.insert("INSERT OR IGNORE INTO hold_due", due)

    def _clear(self, number: int, before: RecordState, now: Projected | None) -> None:
        """Take out a record's rows; of a person called otherwise ``now`` also where others are filed by that name."""
        old, kind = from_state(before), before.kind
        self._database.run_many(
            "DELETE FROM facet WHERE field = ? AND value = ? AND record = ?",
            [(field, value, number) for field, value in old.facets],
        )
        self._database.run_many(
            "DELETE FROM link WHERE target = ? AND source = ? AND field = ?",
            [(target, number, field) for field, target in old.links],
        )
        if kind in NEAR_KINDS:
            self._near_of(number, before, old, now)
        self._database.run("DELETE FROM search WHERE rowid = ?", (number,))
        self._database.run("DELETE FROM record WHERE number = ?", (number,))

    def _near_of(self, number: int, before: RecordState, old: Projected, now: Projected | None) -> None:
        """Take out what a record is filed near; whom it spoke of waits, and who is filed by a person's name."""
        for statement in _FAR:
            self._database.run(statement, (number,))
        was, comes = not before.removed, now is not None and not now.removed
        if before.kind == PERSON:
            other = now is None or now.names != old.names
            if was and (other or not comes) and (name := companion_key(called(before))):
                self._near.unsay(name)
            appears = other or not was
        else:
            kept = set(now.links) if now is not None and comes else set()
            self._near.due({target for one in old.links if one not in kept for target in one[1:]} if was else ())
            appears = was is not comes
        if appears:
            self._near.due_about([before.id])

    def _insert(self, rows: Sequence[tuple[int, Projected, int]]) -> None:
        self._database.insert(
            "INSERT INTO record",
            [
                (
                    number, one.id, one.kind, one.title, one.state, one.conflicts, one.withheld,
                    one.removed, origin,
                )
                for number, one, origin in rows
            ],
        )  # fmt: skip
        self._database.insert(
            "INSERT OR IGNORE INTO near_due", [(number,) for number, one, _ in rows if one.kind in NEAR_KINDS]
        )
        self._database.insert(
            "INSERT OR IGNORE INTO facet",
            [(field, value, number) for number, one, _ in rows for field, value in one.facets],
        )
        self._database.insert(
            "INSERT OR IGNORE INTO link",
            sorted([(target, number, field) for number, one, _ in rows for field, target in one.links]),
        )
        self._database.insert(
            "INSERT INTO search (rowid, names, words)",
            [(number, one.names, one.words) for number, one, _ in rows if one.names or one.words],
        )
