"""The view: what is left of a case for one reader, in one language. The only thing a template gets.

Nothing withheld is in it, in any form: a withheld name is a ``Token``, a withheld value a sentence and a count. It is
built field by field from the declaration of each kind, the profile's rule for the field's class, the consent and the
naming basis of the people the record is about; what no rule allows is not let through. People who may not be named
have no record of their own in a view, unless the case is theirs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from kzdoc.domain import dates
from kzdoc.domain.audience import AUDIENCE_LABELS, Audience
from kzdoc.domain.catalogue import KINDS
from kzdoc.domain.field import Field, Kind, Sensitivity, Type, show_value
from kzdoc.domain.sections import SENSITIVITY_LABELS
from kzdoc.errors import PublicationError
from kzdoc.language import catalogue
from kzdoc.ledger.merge import RecordState
from kzdoc.redaction.consent import Permissions, governors
from kzdoc.redaction.generalise import generalised
from kzdoc.redaction.profile import Rule, rule
from kzdoc.redaction.text import NameBook, Numbering, redact_text
from kzdoc.redaction.tokens import HIDDEN, PERSON, Token, ViewText, token_label

NOT_GOVERNING = ("officers", "officials", "interpreter", "represented_by", "obtained_from", "related")
"""Links to people a record mentions without being about them."""

FREE_TEXT = (Type.TEXT, Type.LONG_TEXT, Type.URL)
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

    def texts(self) -> Iterator[str]:
        """Yield every text the view holds, tokens by their labels."""
        for record in self.records:
            yield record.title.plain()
            for one in record.fields:
                for value in one.values:
                    yield value.plain()
        for note in self.withheld:
            yield note.sentence


@dataclass(slots=True)
class _Making:
    """One view in the making."""

    audience: Audience
    lang: str
    allowed: Permissions
    book: NameBook
    published: frozenset[bytes]
    refs: dict[bytes, int]
    numbering: Numbering = field(default_factory=Numbering)
    withheld: dict[tuple[str, str], int] = field(default_factory=dict)
    shown: int = 0

    def hide(self, sensitivity: Sensitivity | None, reason: str, count: int = 1) -> None:
        key = (sensitivity.value if sensitivity else Sensitivity.WORK.value, reason)
        self.withheld[key] = self.withheld.get(key, 0) + count

    def person(self, person: bytes) -> str | Token:
        """Return a person's name, or the token that stands for it."""
        name = self.book.name(person, self.lang)
        if person in self.book.may_name and name:
            return name
        self.hide(Sensitivity.IDENTITY, "no-basis")
        return Token(token_label(PERSON, self.lang, self.numbering.of(person)), "identity", "no-basis")


def make_view(
    records: Sequence[RecordState],
    *,
    root: bytes,
    audience: Audience,
    lang: str,
    allowed: Permissions,
    book: NameBook,
    recipient: str,
    purpose: str,
    date: str,
    organisation: str,
) -> View:
    """Return the view of a case: ``records`` are all that belong to it, ``root`` the one it is about.

    ``book`` must hold every person a text may speak of, not only those of the case.

    Raises:
        PublicationError: ``publication.no-reader`` when an audience outside has no recipient or purpose,
            ``publication.root`` when the root is not among the records.
    """
    if audience is not Audience.INTERNAL and not (recipient.strip() and purpose.strip()):
        raise PublicationError("publication.no-reader")
    by_id = {record.id: record for record in records}
    if root not in by_id:
        raise PublicationError("publication.root")
    chosen = _chosen(records, root, audience, book)
    published = frozenset(one.id for one in records if one.kind == "source" and one.value("published") == "yes")
    refs = {record.id: number for number, record in enumerate(chosen, 1)}
    making = _Making(audience, lang, allowed, book, published, refs)
    shown = tuple([_record(making, record) for record in chosen])
    return View(audience, lang, refs[root], shown, _notes(making), recipient, purpose, date, organisation, making.shown)


def make_table(
    records: Sequence[RecordState],
    sources: Iterable[RecordState],
    *,
    audience: Audience,
    lang: str,
    allowed: Permissions,
    book: NameBook,
) -> tuple[ViewRecord, ...]:
    """Return the rows of a table for a reader: records of one kind, in the order given, under the same rules."""
    published = frozenset(one.id for one in sources if one.value("published") == "yes")
    refs = {record.id: number for number, record in enumerate(records, 1)}
    making = _Making(audience, lang, allowed, book, published, refs)
    return tuple([_record(making, record) for record in records])


def _chosen(records: Sequence[RecordState], root: bytes, audience: Audience, book: NameBook) -> list[RecordState]:
    """Return the records that have a place of their own in the view, in its order: the root, then by kind and date."""
    kept = [
        record
        for record in records
        if record.id != root
        and record.kind in KINDS
        and not record.removed
        and (record.kind != "consent" or audience is Audience.INTERNAL)
        and (record.kind != "person" or record.id in book.may_name)
    ]
    first = next(record for record in records if record.id == root)
    return [first, *sorted(kept, key=lambda record: (_ORDER[record.kind], _day(record), record.id))]


def _day(record: RecordState) -> str:
    of = KINDS[record.kind]
    for one in of.fields:
        if one.type in (Type.DATE, Type.TIME) and one.sensitivity is Sensitivity.OPEN:
            for value in record.values(one.id):
                return dates.sort_key(str(value))
    return "9999"


def _record(making: _Making, record: RecordState) -> ViewRecord:
    of = KINDS.get(record.kind)
    if of is None:
        raise PublicationError("publication.root")
    about = governors(record, [one.id for one in of.fields if one.to == "person" and one.id not in NOT_GOVERNING])
    about += tuple(value for value in record.values("about") if value in making.book.called and value not in about)
    fields: list[ViewField] = []
    links: dict[str, tuple[int, ...]] = {}
    for one in of.fields:
        if one.id not in record.fields:
            continue
        if shown := _field(making, record, one, about):
            fields.append(shown)
        if one.type is Type.LINK and one.sensitivity in (Sensitivity.OPEN, Sensitivity.IDENTITY):
            found = tuple([making.refs[value] for value in record.values(one.id) if value in making.refs])
            if found:
                links[one.id] = found
    _absences(making, record, of)
    return ViewRecord(making.refs[record.id], record.kind, _title(making, record, of), tuple(fields), links)


def _field(making: _Making, record: RecordState, one: Field, about: Sequence[bytes]) -> ViewField | None:
    values = record.values(one.id)
    texts = [text for value in values if (text := _value(making, record, one, value, about)) is not None]
    if not texts:
        return None
    making.shown += len(texts)
    conflict = one.id in record.conflicts
    sort = dates.sort_key(str(values[0])) if one.type in (Type.DATE, Type.TIME) and len(texts) == len(values) else ""
    sort = sort if all(isinstance(part, str) for text in texts for part in text.parts) else ""
    if rule(one, making.audience) is Rule.GENERALISE:
        sort = sort[:7]
    unique = tuple(dict.fromkeys(texts))
    return ViewField(one.id, one.label.to(making.lang), unique, conflict, sort)


def _value(making: _Making, record: RecordState, one: Field, value: Any, about: Sequence[bytes]) -> ViewText | None:
    """Return what is shown of one value, None when nothing is."""
    what = rule(one, making.audience)
    named = all(person in making.book.may_name for person in about)
    if one.type is Type.LINK:
        return _link(making, one, value, what)
    reason = None
    if what is Rule.WITHHOLD:
        reason = "profile"
    elif what is Rule.CONSENT and not _consented(making, record, one, about, named=named):
        reason = "no-consent"
    elif what is Rule.NAMED and not _may_say(making, one, value, about, named=named):
        reason = "no-basis"
    coarse = what is Rule.GENERALISE
    text = generalised(one, value, making.lang, named=named) if coarse else show_value(one, value, making.lang)
    if reason is not None or text is None:
        making.hide(one.sensitivity, reason or "profile")
        return None
    return _text(making, text) if one.type in FREE_TEXT else ViewText((text,))


def _link(making: _Making, one: Field, value: Any, what: Rule) -> ViewText | None:
    """Return the name or token of a linked person; links to other records are numbers and no text."""
    if value not in making.book.called:
        return None
    if what is Rule.WITHHOLD:
        making.hide(one.sensitivity, "profile")
        return None
    return ViewText((making.person(value),))


def _consented(making: _Making, record: RecordState, one: Field, about: Sequence[bytes], *, named: bool) -> bool:
    if one.sensitivity is None:
        return False
    numbers = one.number_kind is not None and one.sensitivity is Sensitivity.IDENTITY
    if about and all(making.allowed.covers(person, one.sensitivity, making.audience) for person in about):
        return True
    if numbers or one.sensitivity is not Sensitivity.NARRATIVE:
        return False
    if not about:
        return True  # an account of nobody in particular; the names in it are redacted
    return named and any(source in making.published for source in record.values("source"))


def _may_say(making: _Making, one: Field, value: Any, about: Sequence[bytes], *, named: bool) -> bool:
    """Return whether an identifying text may stand: of people who may be named, or who are known and may be named."""
    if about:
        return named
    mentions = making.book.index.mentions(str(value)) if one.type in FREE_TEXT else []
    return bool(mentions) and all(making.book.may_name.intersection(mention.owners) for mention in mentions)


def _text(making: _Making, text: str) -> ViewText:
    outside = making.audience is not Audience.INTERNAL
    done = redact_text(text, book=making.book, lang=making.lang, numbering=making.numbering, numbers=outside)
    for span in done.spans:
        making.hide(Sensitivity.IDENTITY, "no-basis" if span.person is not None else "number")
    return done.text


def _title(making: _Making, record: RecordState, of: Kind) -> ViewText:
    if record.kind == "person":
        return ViewText((making.person(record.id),))
    for name in of.title:
        one = of.field(name)
        if one.sensitivity is Sensitivity.OPEN and one.type in FREE_TEXT and record.values(name):
            return _text(making, str(record.value(name)))
    return ViewText((of.label.to(making.lang),))


def _absences(making: _Making, record: RecordState, of: Kind) -> None:
    for absence in record.absent:
        known = of.field(absence.field).sensitivity if absence.field and of.has(absence.field) else None
        making.hide(known or Sensitivity.OPEN, "absent")


def _notes(making: _Making) -> tuple[Withheld, ...]:
    words = catalogue("redaction", making.lang)
    notes = []
    for (sensitivity, reason), count in sorted(making.withheld.items()):
        label = SENSITIVITY_LABELS[Sensitivity(sensitivity)].to(making.lang)
        audience = AUDIENCE_LABELS[making.audience].to(making.lang)
        sentence = words.say(f"withheld.{reason}", n=count, what=label, audience=audience)
        notes.append(Withheld(sensitivity, reason, count, sentence))
    return tuple(notes)


def hidden_token(lang: str) -> Token:
    """Return the token for a value that is withheld whole."""
    return Token(token_label(HIDDEN, lang), Sensitivity.OPEN.value, "profile")
