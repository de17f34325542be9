"""In a crowd: what is left out of a list for strangers, so that nobody unnamed stands alone in it by their signs.

Rules: whoever is in a list without a name stands there like four others at least (``cells.K``) by all that a row shows
but texts that its people agreed to: when, where, what for, yes and no, who else was there. What tells somebody apart
goes from their rows, the most telling first; of whom even the number of rows would tell, all of it goes, and the link
that makes these rows one person's. Consent to an account or to exact signs lifts nothing of it; to be named does. Those
who are named are left as they are and are no crowd for others; records of one person are one, and several unnamed
people of one row are one too. An event, a source, a figure, an opinion that concerns fewer than five people, none of
them named, is theirs as well: place, day and unit tell who was taken there. What concerns nobody on record, or a crowd
(five people, or as many participants), is of the world and stays, and so does what somebody in office said in public.
Case files are not lists: whoever reads one has been told whose it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from kzdoc.domain.catalogue import KINDS
from kzdoc.domain.field import Field, Kind, Sensitivity, Type
from kzdoc.ledger.merge import RecordState
from kzdoc.redaction.cells import K, keep_in_rows
from kzdoc.redaction.judge import FREE_TEXT, HAPPENINGS, MENTIONED, Judge, Way
from kzdoc.redaction.profile import strict
from kzdoc.redaction.showing import Showing, values_shown

SAID_IN_PUBLIC = ("official_statement",)
AGREED = (Sensitivity.NARRATIVE, Sensitivity.MEDICAL, Sensitivity.PHOTO)
"""Classes whose texts stand by the consent of their people; hints and the names in them are looked at elsewhere.

Not so where no consent is asked for them: what happened, in events, figures and opinions."""
NOT_LESS = ("exactly", "at_least", "more_than", "stated", "about", "nearly")
"""What may be said of a number of participants for them to be a crowd."""
Few = Mapping[bytes, frozenset[str]]
"""By record, the fields of its row that are left out because too few others are like it."""


@dataclass(slots=True)
class _Together:
    """Keys that are one: records of one person, and people of one row."""

    above: dict[bytes, bytes] = field(default_factory=dict)

    def of(self, key: bytes) -> bytes:
        """Return the key that stands for all that are one with ``key``."""
        while (other := self.above.get(key, key)) != key:
            key = other
        return key

    def join(self, keys: Iterable[bytes]) -> None:
        """Take keys for one."""
        first, *rest = [self.of(key) for key in keys]
        for other in rest:
            if self.of(other) != self.of(first):
                self.above[self.of(other)] = self.of(first)


def few_in(judge: Judge, records: Sequence[RecordState], lang: str, *, k: int = K) -> Few:
    """Return what is left out of the rows of a list, for strangers."""
    if not strict(judge.audience):
        return {}
    rows = [one for one in records if judge.appears(one).way is Way.WHOLE and _of_unnamed(judge, one)]
    one_with = _Together()
    whose = [[judge.allowed.one_of(one) for one in judge.about(record)] or [record.id] for record in rows]
    for people in whose:
        one_with.join(people)
    units: dict[bytes, list[RecordState]] = {}
    for record, people in zip(rows, whose, strict=True):
        units.setdefault(one_with.of(people[0]), []).append(record)
    if not units:
        return {}
    signs = _columns(KINDS[rows[0].kind])
    showing = Showing(judge, lang, {})
    told = [[[_sign(showing, record, one) for one in signs] for record in unit] for unit in units.values()]
    found: dict[bytes, frozenset[str]] = {}
    for unit, kept in zip(units.values(), keep_in_rows(told, k=k), strict=True):
        gone = {one.id for place, one in enumerate(signs) if kept is None or place not in kept}
        found.update((record.id, frozenset(gone & record.fields.keys())) for record in unit)
    return {key: fields for key, fields in found.items() if fields}


def _of_unnamed(judge: Judge, record: RecordState) -> bool:
    """Return whether a row is somebody's and of nobody who may be named."""
    if record.kind in SAID_IN_PUBLIC or record.kind == "person":
        return False
    about = judge.about(record)
    if record.kind in HAPPENINGS and (not 0 < judge.how_many(record) < K or _of_a_crowd(record)):
        return False
    return not any(judge.named(one) for one in about) if about else bool(_subjects(KINDS[record.kind]))


def _of_a_crowd(record: RecordState) -> bool:
    """Return whether so many took part in an event that whom it concerns is one of many."""
    said = [value for value in record.values("participants") if isinstance(value, Mapping)]
    return bool(said) and all(one["value"] >= K and one["qualifier"] in NOT_LESS for one in said)


def _subjects(of: Kind) -> tuple[str, ...]:
    """Return the links that tell whose a record is."""
    return tuple(one.id for one in of.fields if one.to == "person" and one.id not in MENTIONED)


def _columns(of: Kind) -> list[Field]:
    """Return what a row shows but agreed texts, the most useful to readers and least telling first."""
    asked = of.id not in HAPPENINGS or of.id == "source"
    told = [one for one in of.fields if not (asked and one.type in FREE_TEXT and one.sensitivity in AGREED)]
    return sorted(told, key=_telling)


def _telling(one: Field) -> int:
    if one.vocabulary == "region" or one.type is Type.ADDRESS:
        return 0
    order = (Type.CHOICE, Type.DATE, Type.TIME, Type.YESNO, Type.NUMBER)
    return order.index(one.type) + 1 if one.type in order else len(order) + 1


def _sign(showing: Showing, record: RecordState, one: Field) -> str:
    """Return what a row shows in a field as one text, empty when nothing; links by whom they lead to."""
    judge = showing.judge
    judged = [(value, judge.judge(record, one, value)) for value in record.values(one.id)]
    free = [(value, verdict) for value, verdict in judged if verdict.way is not Way.HIDDEN]
    if one.type is Type.LINK:
        own = judge.about(record)
        others = [value for value, _ in free if value in judge.book.persons and value not in own]
        return " ".join(sorted(value.hex() for value in others))
    if one.type in FREE_TEXT:
        return "\0".join(sorted(str(value) for value, verdict in free if verdict.way is Way.WHOLE))
    return "\0".join(sorted(text.plain() for text in values_shown(showing, one, free)))
