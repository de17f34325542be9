"""The view: what is left of a case for one reader, in one language. The only thing a template gets.

Nothing withheld is in it, in any form: a withheld name is a ``Token``, a withheld value a sentence. It is built field
by field from the declaration of each kind and from what the judge (judge.py) says of each value; what no rule allows is
not let through. People who may not be named have no record of their own in a view, unless the case is theirs. Neither
the order of values nor that of records tells what was taken out of them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kzdoc.domain.audience import AUDIENCE_LABELS, Audience
from kzdoc.domain.catalogue import KINDS
from kzdoc.domain.field import Kind, Sensitivity, Type
from kzdoc.domain.sections import SENSITIVITY_LABELS
from kzdoc.encoding import encode
from kzdoc.errors import PublicationError
from kzdoc.language import catalogue
from kzdoc.ledger.merge import RecordState
from kzdoc.redaction.consent import Allowed
from kzdoc.redaction.crowds import Few, few_in
from kzdoc.redaction.hints import Hinted
from kzdoc.redaction.judge import TOO_FEW, Judge, Way
from kzdoc.redaction.profile import strict
from kzdoc.redaction.showing import Showing, show_field, show_title, sort_key
from kzdoc.redaction.text import NameBook, Numbering
from kzdoc.redaction.tokens import HIDDEN, Own, Token, ViewText, token_label

_ORDER = {kind_id: place for place, kind_id in enumerate(KINDS)}


@dataclass(frozen=True, slots=True)
class ViewField:
    """A field with what is shown of it; several values of a field that is not `many` are competing claims."""

    id: str
    label: str
    values: tuple[ViewText, ...]
    conflict: bool
    sort: str


@dataclass(frozen=True, slots=True)
class ViewRecord:
    """A record; ``ref`` and ``links`` (field → refs) are numbers within this view, by appearance."""

    ref: int
    kind: str
    title: ViewText
    fields: tuple[ViewField, ...]
    links: Mapping[str, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class Withheld:
    """What is withheld and why: how often, and one sentence in the view's language."""

    sensitivity: str
    reason: str
    count: int
    sentence: str


@dataclass(frozen=True, slots=True)
class Corrects:
    """The earlier paper that a notice corrects: its SHA-256 and day; ``withdrawn``: nothing of it holds any more.

    Of a table or of numbers the notice has nothing but its ``name`` and the sentences of ``told``. ``export``: its
    number in the export ledger, which keeps ``said``, a digest of what it would say now.
    """

    paper: bytes
    date: str
    withdrawn: bool = False
    name: str = ""
    told: tuple[str, ...] = ()
    export: int = 0
    said: str = ""


@dataclass(frozen=True, slots=True)
class View:
    """A case for one reader; ``root`` is the ref of the record it is about, ``date`` YYYY-MM-DD."""

    audience: Audience
    lang: str
    root: int
    records: tuple[ViewRecord, ...]
    withheld: tuple[Withheld, ...]
    recipient: str
    purpose: str
    date: str
    organisation: str
    shown: int
    corrects: Corrects | None = None

    def texts(self) -> Iterator[str]:
        """Yield every text the view holds, tokens by their labels."""
        for record in self.records:
            yield record.title.plain()
            for one in record.fields:
                for value in one.values:
                    yield value.plain()
        for note in self.withheld:
            yield note.sentence


def make_case(
    records: Sequence[RecordState],
    *,
    root: bytes,
    audience: Audience,
    lang: str,
    allowed: Allowed,
    book: NameBook,
    recipient: str,
    purpose: str,
    date: str,
    organisation: str,
    beyond: Iterable[RecordState] = (),
    numbering: Numbering | None = None,
    hinted: Hinted | None = None,
) -> tuple[View, tuple[Withheld, ...], tuple[bytes, ...]]:
    """Return the view of a case, and for ourselves what is withheld from it and which records are shown, by ``ref``.

    What is withheld is told by every class and reason with its count.

    ``records`` are all that belong to the case, ``root`` the one it is about, ``beyond`` those outside it that its
    records are about or were made of; ``book`` must hold every person a text
    may speak of, not only those of the case. The view of a case for strangers tells no count (docs/redaction.md).
    ``numbering`` keeps for ourselves whom each token stands for; ``hinted``: what was decided of hints.

    Raises:
        PublicationError: ``publication.no-reader`` when an audience outside has no recipient or purpose,
            ``publication.root`` when the root is not among the records or was removed.
    """
    if audience is not Audience.INTERNAL and not (recipient.strip() and purpose.strip()):
        raise PublicationError("publication.no-reader")
    by_id = {record.id: record for record in records}
    if root not in by_id or by_id[root].removed:
        raise PublicationError("publication.root")
    find = {**{record.id: record for record in beyond}, **by_id}.get
    judge = Judge(audience, allowed, book, find, people_near(records), root)
    chosen, left = _chosen(records, root, judge)
    refs = {record.id: number for number, record in enumerate(chosen, 1)}
    showing = Showing(judge, lang, refs, numbering or Numbering(), hinted=hinted or Hinted())
    for _, reason in left:
        showing.hide(*_left_out(reason))
    shown = tuple([_record(showing, record) for record in chosen])
    notes = told_of(showing.withheld, audience, lang)
    told = _without_counts(showing) if strict(audience) else notes
    view = View(audience, lang, showing.refs[root], shown, told, recipient, purpose, date, organisation, showing.shown)
    return view, notes, tuple([record.id for record in chosen])


def withdrawn_case(
    corrects: Corrects, audience: Audience, lang: str, *, recipient: str, purpose: str, date: str
) -> View:
    """Return the view of a notice that a case is withdrawn: what it was about stands as a token, and nothing else.

    Of a table or of numbers its name stands there.
    """
    hidden = ViewText((Token(token_label(HIDDEN, lang), "identity", "no-basis"),))
    title = ViewText((Own(corrects.name),)) if corrects.name else hidden
    record = ViewRecord(1, "event", title, (), {})
    return View(audience, lang, 1, (record,), (), recipient, purpose, date, "", 0, corrects)


def said(view: View) -> bytes:
    """Return a digest of what a view says of its records: another one when any of it would be said otherwise now."""
    records = [
        [one.kind, one.title.plain(), [[each.id, *(text.plain() for text in each.values)] for each in one.fields]]
        for one in view.records
    ]
    return hashlib.sha256(encode([view.audience.value, view.lang, records])).digest()


def make_view(records: Sequence[RecordState], **reader: Any) -> View:
    """Return the view of a case alone; see ``make_case``."""
    return make_case(records, **reader)[0]


def make_table(
    records: Sequence[RecordState],
    around: Iterable[RecordState],
    *,
    audience: Audience,
    lang: str,
    allowed: Allowed,
    book: NameBook,
    numbering: Numbering | None = None,
    hinted: Hinted | None = None,
    few: Few | None = None,
    withheld: dict[tuple[str, str], int] | None = None,
) -> tuple[ViewRecord, ...]:
    """Return the rows of a table for a reader: records of one kind, in the order given, under the same rules.

    ``around``: the records they link to, their sources among them; what may not appear has no row.
    ``numbering`` and ``hinted`` as of a case. ``few``: what is left out because too few others are alike (crowds.py),
    None: as these records have it now. ``withheld`` takes, for ourselves, how often what is withheld and why.
    """
    by_id = {record.id: record for record in (*around, *records)}
    judge = Judge(audience, allowed, book, by_id.get)
    ways = {record.id: judge.appears(record) for record in records}
    rows = [record for record in records if ways[record.id].way is Way.WHOLE]
    refs = {record.id: number for number, record in enumerate(rows, 1)}
    alone = few_in(judge, rows, lang) if few is None else few
    noted = {} if withheld is None else withheld
    showing = Showing(judge, lang, refs, numbering or Numbering(), noted, hinted=hinted or Hinted(), few=alone)
    for record in records:
        if ways[record.id].way is Way.HIDDEN and not record.removed and KINDS[record.kind].group != "consent":
            showing.hide(*_left_out(ways[record.id].reason))
    return tuple([_record(showing, record) for record in rows])


def _left_out(reason: str) -> tuple[Sensitivity, str]:
    """Return under which class a record that does not appear is counted, and why it does not."""
    return (Sensitivity.IDENTITY if reason == "no-basis" else Sensitivity.NARRATIVE), reason


def people_near(records: Iterable[RecordState]) -> frozenset[bytes]:
    """Return the people of a case: those with a record in it, and those its records link to."""
    near: set[bytes] = set()
    for record in records:
        if record.kind == "person":
            near.add(record.id)
        for one in KINDS[record.kind].fields if record.kind in KINDS else ():
            if one.type is Type.LINK and one.to in ("person", "*"):
                near.update(value for value in record.values(one.id) if isinstance(value, bytes))
    return frozenset(near)


def _chosen(
    records: Sequence[RecordState], root: bytes, judge: Judge
) -> tuple[list[RecordState], list[tuple[RecordState, str]]]:
    """Return the records that have a place of their own, in order (the root, then by kind and date), and the others."""
    kept: list[RecordState] = []
    left: list[tuple[RecordState, str]] = []
    for record in records:
        verdict = judge.appears(record)
        if record.id == root:
            continue
        if verdict.way is Way.WHOLE:
            kept.append(record)
        elif record.kind in KINDS and not record.removed and KINDS[record.kind].group != "consent":
            left.append((record, verdict.reason))
    first = next(record for record in records if record.id == root)
    if judge.outside() and first.kind == "person" and not judge.named(root):
        met = _told_of(kept, judge)
        left += [(one, "no-basis") for one in kept if one.kind == "person" and one.id not in met]
        kept = [one for one in kept if one.kind != "person" or one.id in met]
    return [first, *sorted(kept, key=lambda one: (_ORDER[one.kind], _day(judge, one), one.id))], left


def _told_of(records: Iterable[RecordState], judge: Judge) -> set[Any]:
    """Return whom these records speak of by links that are shown; those of people (kin) tell who somebody is."""
    told = [one for one in records if one.kind != "person"]
    links = [(one, each) for one in told for each in KINDS[one.kind].fields if each.type is Type.LINK]
    return {
        value for one, each in links for value in one.values(each.id) if judge.judge(one, each, value).way is Way.WHOLE
    }


def _day(judge: Judge, record: RecordState) -> str:
    """Return what orders a record among its kind: its first open date, no finer than the reader may see it."""
    for one in KINDS[record.kind].fields:
        if one.type in (Type.DATE, Type.TIME) and one.sensitivity is Sensitivity.OPEN:
            for value in record.values(one.id):
                verdict = judge.judge(record, one, value)
                if verdict.way is not Way.HIDDEN:
                    return sort_key(one, value, coarse=verdict.way is Way.COARSE)
    return "9999"


def _record(showing: Showing, record: RecordState) -> ViewRecord:
    of = KINDS[record.kind]
    title = show_title(showing, record, of)
    fields: list[ViewField] = []
    links: dict[str, tuple[int, ...]] = {}
    for one in of.fields:
        if one.id not in record.fields:
            continue
        values = record.values(one.id)
        verdicts = [showing.judge.judge(record, one, value) for value in values]
        if one.id in showing.few.get(record.id, ()):
            verdicts = [verdict if verdict.way is Way.HIDDEN else TOO_FEW for verdict in verdicts]
        if one.type is Type.LINK:
            found = [
                showing.refs[value]
                for value, verdict in zip(values, verdicts, strict=True)
                if value in showing.refs and verdict.way is Way.WHOLE
            ]
            if found:
                links[one.id] = tuple(found)
        shown = show_field(showing, record, one, list(zip(values, verdicts, strict=True)))
        if shown is not None:
            label = one.label.to(showing.lang)
            fields.append(ViewField(one.id, label, shown.texts, shown.conflict, shown.sort))
    _absences(showing, record, of)
    return ViewRecord(showing.refs[record.id], record.kind, title, tuple(fields), links)


def _absences(showing: Showing, record: RecordState, of: Kind) -> None:
    for absence in record.absent:
        known = of.field(absence.field).sensitivity if absence.field and of.has(absence.field) else None
        showing.hide(known or Sensitivity.OPEN, "absent")


def told_of(withheld: Mapping[tuple[str, str], int], audience: Audience, lang: str) -> tuple[Withheld, ...]:
    """Return what is withheld and why, for ourselves: by class and reason, each with its count and a sentence."""
    words, reader = catalogue("redaction", lang), AUDIENCE_LABELS[audience].to(lang)
    notes = []
    for (sensitivity, reason), count in sorted(withheld.items()):
        label = SENSITIVITY_LABELS[Sensitivity(sensitivity)].to(lang)
        sentence = words.say(f"withheld.{reason}", n=count, what=label, audience=reader)
        notes.append(Withheld(sensitivity, reason, count, sentence))
    return tuple(notes)


_TOLD_OF = {
    "absent": "open",
    "few": "open",
    "hint": "narrative",
    "no-basis": "identity",
    "no-consent": "narrative",
    "number": "identity",
    "profile": "work",
}


def _without_counts(showing: Showing) -> tuple[Withheld, ...]:
    """Return what strangers are told: for which reasons something is withheld, not what nor how often."""
    words = catalogue("redaction", showing.lang)
    reasons = sorted({reason for _, reason in showing.withheld})
    return tuple(Withheld(_TOLD_OF[reason], reason, 1, words.say(f"withheld.some.{reason}")) for reason in reasons)
