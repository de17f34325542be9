"""The lines of a table as its reader gets them: which records have one, what each shows, what must not be in it.

Nothing is written here: kzdoc/exporting.py makes a file of one, kzdoc/comparing.py asks what one that left says now.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from kzdoc.analysis.handed import HIDDEN, NOTHING, PART, WHOLE, Lines, Row, lines_of
from kzdoc.domain.audience import Audience
from kzdoc.domain.catalogue import kind
from kzdoc.domain.field import Field, Kind, Sensitivity
from kzdoc.encoding import Value, encode
from kzdoc.gathering import led_to, targets_of
from kzdoc.guard import Guard, guard_of
from kzdoc.hinting import hinted
from kzdoc.ledger.merge import RecordState
from kzdoc.naming import in_tables, people
from kzdoc.redaction.crowds import Few, few_in
from kzdoc.redaction.hints import Hint, Hinted
from kzdoc.redaction.judge import Judge, Way
from kzdoc.redaction.text import Numbering
from kzdoc.redaction.tokens import Token, ViewText
from kzdoc.redaction.unknown import shown_texts
from kzdoc.redaction.view import ViewRecord, Withheld, make_table, people_near, told_of
from kzdoc.session import Session


@dataclass(frozen=True, slots=True)
class Table:
    """The lines of a table for a reader: each record with what is shown of it, and what the leak check looks for.

    ``few``: what is left out of them because too few others are alike; ``withheld``, for ourselves: everything that is.
    """

    of: Kind
    judge: Judge
    rows: list[tuple[RecordState, ViewRecord]]
    guard: Guard
    hinted: Hinted
    few: Few
    withheld: tuple[Withheld, ...]

    def hints(self) -> tuple[Hint, ...]:
        """Return what tells a reader outside who somebody is without a name, in the cells that are written freely."""
        texts = shown_texts(one for _, one in self.rows)
        return self.hinted.hints(texts, self.records) if self.judge.outside() else ()

    @property
    def audience(self) -> Audience:
        """Who reads it."""
        return self.judge.audience

    @property
    def records(self) -> list[bytes]:
        """The records that have a line, in its order."""
        return [record.id for record, _ in self.rows]

    def signs(self) -> list[dict[str, int]]:
        """Return, by line, one of 256 signs for each class of what is shown, as of papers (redaction/marks.py)."""
        return [self._signs(shown) for _, shown in self.rows]

    def _signs(self, shown: ViewRecord) -> dict[str, int]:
        told: dict[str, list[Value]] = {}
        for one in shown.fields:
            sensitivity = self.of.field(one.id).sensitivity or Sensitivity.OPEN
            told.setdefault(sensitivity.value, []).extend([one.id, *map(_unnumbered, one.values)])
        return {name: hashlib.sha256(encode(texts)).digest()[0] for name, texts in told.items()}

    def lines(self) -> Lines:
        """Return how each field of each line is shown."""
        return lines_of(self.of, (_row(self.judge, record, shown) for record, shown in self.rows))

    def people(self) -> frozenset[bytes]:
        """Return the people the lines are of."""
        return people_near(record for record, _ in self.rows)

    def said(self) -> bytes:
        """Return a digest of what the lines say: another one when any of it would be said otherwise now."""
        told: list[Value] = [
            [record.id, [[one.id, *map(_unnumbered, one.values)] for one in shown.fields]]
            for record, shown in sorted(self.rows, key=lambda row: row[0].id)
        ]
        return hashlib.sha256(encode([self.of.id, told])).digest()


def _unnumbered(text: ViewText) -> Value:
    """Return a shown value with its tokens without their numbers, which are each table's own."""
    return [[part.sensitivity, part.reason] if isinstance(part, Token) else str(part) for part in text.parts]


def table_of(
    session: Session,
    kind_id: str,
    *,
    audience: Audience,
    lang: str | None,
    only: Collection[bytes] | None = None,
    few: Few | None = None,
) -> Table:
    """Return the lines of a table as they would be now, of these records ``only``; ``InputError("kind.unknown")``.

    ``few``: what was left out of them for being like too few others; None: what is to be now.
    """
    of = kind(kind_id)
    if only is None:
        records = list(session.records.records(of.id))
    else:
        records = [one for one in session.records.states(only).values() if one.kind == of.id and not one.removed]
    return _shown(session, records, of, audience, lang or "en", few=few)


def left_alone(few: Few, records: Sequence[bytes]) -> list[Value]:
    """Return, by line, the fields left out because too few others are alike, as the export ledger keeps them."""
    return [sorted(few.get(record, ())) for record in records]


def joined_lines(session: Session, records: Sequence[bytes]) -> list[int]:
    """Return the places of those lines of people that are of one person with another line."""
    states, here = session.records.states(records), set(records)
    found = [one for one in states.values() if one.kind == "person" and here & session.vault.names.joined(one.id)]
    joined = {one.id for one in found}
    return [place for place, record in enumerate(records) if record in joined]


def _row(judge: Judge, record: RecordState, shown: ViewRecord) -> Row:
    """Return how each field of a line is shown, and its values that are, each with whether it is coarser there."""
    texts = {one.id: one.values for one in shown.fields}

    def told(one: Field) -> tuple[str, Sequence[tuple[Any, bool]]]:
        values = record.values(one.id)
        ways = [judge.judge(record, one, value).way for value in values]
        here = [(value, way is Way.COARSE) for value, way in zip(values, ways, strict=True) if way is not Way.HIDDEN]
        if not values:
            return NOTHING, ()
        if one.id not in texts:
            return HIDDEN, ()
        bare = all(isinstance(part, str) for value in texts[one.id] for part in value.parts)
        return (WHOLE if bare and set(ways) == {Way.WHOLE} else PART), here

    return told


def _shown(
    session: Session, records: list[RecordState], of: Kind, audience: Audience, lang: str, *, few: Few | None
) -> Table:
    """Return the lines of a table."""
    known = people(session)
    book, numbering, said_of = known.book(audience), Numbering(), hinted(session)
    if audience is not Audience.INTERNAL:
        records = _shuffled(records, session.randomness(16))
    around = session.records.states({key for one in records for key in targets_of(one)})
    if audience is not Audience.INTERNAL:
        around.update((one.id, one) for one in led_to(session, [*around.values(), *records]))
    judge = Judge(audience, known.allowed, book, {one.id: one for one in (*around.values(), *records)}.get)
    alone = few_in(judge, records, lang) if few is None else few
    withheld: dict[tuple[str, str], int] = {}
    view = make_table(
        records,
        around.values(),
        audience=audience,
        lang=lang,
        allowed=known.allowed,
        book=book,
        numbering=numbering,
        hinted=said_of,
        few=alone,
        withheld=withheld,
    )
    appearing = [record for record in records if judge.appears(record).way is Way.WHOLE]
    texts = (text for one in view for texts in ([one.title.plain()], *texts_by_field(one).values()) for text in texts)
    guard = guard_of(known, appearing, texts, audience=audience, met=numbering.numbers, scope=in_tables(of.id))
    rows = list(zip(appearing, view, strict=True))
    return Table(of, judge, rows, guard, said_of, alone, told_of(withheld, audience, lang))


def _shuffled(records: Sequence[RecordState], chance: bytes) -> list[RecordState]:
    """Return records in an order of this one table's own: places join no lines of two tables."""
    return sorted(records, key=lambda one: hashlib.sha256(chance + one.id).digest())


def texts_by_field(shown: ViewRecord) -> dict[str, list[str]]:
    """Return what is shown of a record, tokens by their labels."""
    return {
        one.id: [
            "".join(part.label if isinstance(part, Token) else part for part in value.parts) for value in one.values
        ]
        for one in shown.fields
    }
