"""Conflicts as a coordinator meets them: who wrote what, who had seen whose words, and keeping both as claims.

Rules: nothing is settled without a person, and whatever is chosen stays in history. Keeping both says every value anew
in one revision, each in the place of its own, so that the decision travels, can be taken back, and ends by itself when
somebody writes another value. Choosing one of them, or a third, is `casework.settle`; `settle` takes what people name.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kzdoc import casework
from kzdoc.analysis.ancestry import Step, seen_by, standing
from kzdoc.analysis.differences import side_by_side
from kzdoc.authority import check_replaceable
from kzdoc.casework import statement_name
from kzdoc.domain.catalogue import KINDS
from kzdoc.errors import InputError
from kzdoc.ledger.history import held_entries
from kzdoc.ledger.merge import KIND, REMOVED, LiveValue, RecordState
from kzdoc.ledger.revision import INDEX_BASE, NewEntry, NewStatement, Revision, StatementRef
from kzdoc.session import Session
from kzdoc.vault.store import Changes


@dataclass(frozen=True, slots=True)
class Claim:
    """One live value of a field in conflict; ``seen`` are the numbers of the others its author had seen.

    ``author`` is who claims it; ``kept_by`` whoever decided that it stands beside the others, or nothing.
    """

    live: LiveValue
    author: bytes
    seen: tuple[int, ...]
    kept_by: bytes = b""


@dataclass(frozen=True, slots=True)
class Contention:
    """A field about which people wrote different things; ``standing`` as in analysis/ancestry.py."""

    record: RecordState
    field: str
    claims: tuple[Claim, ...]
    standing: str

    @property
    def kept_both(self) -> bool:
        """Whether somebody decided that the values stand beside each other."""
        return side_by_side(self.record, self.field)


def contentions(session: Session, *, kept: bool = False) -> list[Contention]:
    """Return the conflicts that wait for a decision; with ``kept`` those instead whose values stand as claims."""
    return [
        _contention(session, shown, name)
        for shown in session.records.in_conflict()
        for name in sorted(shown.conflicts)
        if side_by_side(shown, name) is kept
    ]


def _contention(session: Session, shown: RecordState, name: str) -> Contention:
    lives = shown.fields.get(name, ())
    revisions = session.vault.chains.revisions([one.revision for one in session.records.history(shown.id)])
    told = {key: _statements(one, shown.id) for key, one in revisions.items()}
    first = [_first(live, told) for live in lives]
    steps = {key: _step(one, told[key]) for key, one in revisions.items()}
    openings = session.vault.chains.openings((step.author, step.chain) for step in steps.values())
    seen = seen_by(steps.values(), openings)
    kept = side_by_side(shown, name)
    claims = tuple(
        [
            Claim(
                live,
                steps[key].author if key in steps else live.author,
                tuple([other for other, its in enumerate(first) if its in seen.get(key, ())]),
                live.author if kept else b"",
            )
            for live, key in zip(lives, first, strict=True)
        ]
    )
    return Contention(shown, name, claims, standing([steps[key] for key in dict.fromkeys(first) if key in steps]))


@dataclass(frozen=True, slots=True)
class _Told:
    """One statement about the record: field, value, what it replaces, and what a removal says it has seen."""

    field: str
    value: object
    replaces: tuple[StatementRef, ...]

    def names(self) -> Iterator[bytes]:
        yield from (ref[0] for ref in self.replaces)
        seen = self.value.get("seen") if self.field == REMOVED and isinstance(self.value, Mapping) else None
        for pair in seen if isinstance(seen, list) else ():
            if isinstance(pair, list) and pair and isinstance(pair[0], bytes):
                yield pair[0]


def _statements(revision: Revision, record: bytes) -> dict[int, _Told]:
    """Return what a revision says about a record, by index; also of words that are not here what they replace."""
    told: dict[int, _Told] = {}
    for held in held_entries(revision):
        if held.entry.record != record:
            continue
        for where, slot in enumerate(held.entry.slots):
            index = held.number * INDEX_BASE + where
            said = held.statements.get(index)
            if said is not None or slot.replaces:
                told[index] = _Told(said.field if said else "", said.value if said else None, slot.replaces)
    return told


def _step(revision: Revision, told: Mapping[int, _Told]) -> Step:
    one = revision.skeleton
    names = frozenset(name for said in told.values() for name in said.names())
    return Step(revision.id, one.author, one.chain, one.sequence, names)


def _first(live: LiveValue, told: Mapping[bytes, Mapping[int, _Told]]) -> bytes:
    """Return the revision that first claimed a value: keeping both says it anew in the place of what was said."""
    ref, found = live.refs[0], live.refs[0][0]
    for _ in range(len(told)):
        said = told.get(ref[0], {}).get(ref[1])
        same = [one for one in said.replaces if _value(told, one) == [live.value]] if said is not None else []
        if not same:
            break
        ref = same[0]
        found = ref[0]
    return found


def _value(told: Mapping[bytes, Mapping[int, _Told]], ref: StatementRef) -> list[object]:
    said = told.get(ref[0], {}).get(ref[1])
    return [said.value] if said is not None and said.field else []


KEPT_REMOVED, KEPT_STAYS = "removed", "stays"
"""What a removal in conflict is settled by."""
_SHORT = 8


def short_name(ref: StatementRef) -> str:
    """Return a statement's name as a person writes it: how its revision begins, and the index."""
    return f"{ref[0].hex()[:_SHORT]}:{ref[1]}"


def settle(session: Session, record: bytes, field: str, *, keep: Sequence[str] = (), value: Any = None) -> Changes:
    """Settle a conflict by what a person names: one statement, several that all stand as claims, or a third value.

    A statement is named in full or by how its revision alone begins, a removal also as ``removed``, its contrary as
    ``stays``. Raises ``InputError`` as ``casework.settle`` and ``keep_both``; ``conflict.several-begin-so``.
    """
    present = casework.state(session, record)
    if field not in present.conflicts:
        raise InputError("conflict.none", field=field)
    names = list(dict.fromkeys([_named(present, field, one) for one in keep]))
    if len(names) > 1:
        return keep_both(session, record, field, only=names)
    return casework.settle(session, record, field, keep=names[0] or None if names else None, value=value)


def _named(present: RecordState, field: str, keep: str) -> str:
    """Return the full name of the one live statement that ``keep`` means, "" for none: the record stays."""
    if field == REMOVED and keep in (KEPT_REMOVED, KEPT_STAYS):
        removals = [live for live in present.fields[field] if live.value is not None]
        return "" if keep == KEPT_STAYS else statement_name(removals[0].refs[0])
    begin, _, index = keep.lower().partition(":")
    found = {
        statement_name(live.refs[0])
        for live in present.fields[field]
        for ref in live.refs
        if begin and ref[0].hex().startswith(begin) and index in ("", str(ref[1]))
    }
    if not found:
        raise InputError("conflict.no-such-statement", field=field)
    if len(found) > 1:
        raise InputError("conflict.several-begin-so", field=field, keep=keep)
    return found.pop()


def keep_both(session: Session, record: bytes, field: str, *, only: Collection[str] = ()) -> Changes:
    """Keep all values of a conflict, or ``only`` those named, as claims that stand beside each other, in one revision.

    Raises ``InputError``: ``record.unknown``, ``conflict.none``, ``conflict.not-both`` for a removal or a kind, of
    which only one can hold, ``conflict.no-right`` when the roster lets others alone settle for the authors.
    """
    present = casework.state(session, record)
    lives = present.fields.get(field, ())
    kept = [live for live in lives if not only or any(statement_name(ref) in only for ref in live.refs)]
    if field not in present.conflicts or (side_by_side(present, field) and len(kept) == len(lives)):
        raise InputError("conflict.none", field=field)
    if field in (REMOVED, KIND) or present.kind not in KINDS:
        raise InputError("conflict.not-both")
    check_replaceable(session, present.refs(field))
    gone = tuple([ref for live in lives if live not in kept for ref in live.refs])
    said = [NewStatement(field, live.value, live.refs + (gone if live is kept[0] else ())) for live in kept]
    return session.write([NewEntry(record, present.kind, tuple(said))])
