"""Judging one record and one value for one audience: the only place where class, consent and naming meet.

Views, tables and bundles ask here, so that they cannot differ. Rules, beyond the table of profile.py; outside
``internal`` what no rule lets through is withheld:

- A record is about the people its open links lead to (officials it mentions apart), about its witness or source, and
  about those of the records it is about (a photo about a detention is about the detained).
- Who told, gave, helped or is kin (links of class identity) is shown only by that person's own consent.
- A testimony is nobody's but the witness's: without the witness's consent it does not appear at all, nor does a
  recording or a copy of it. Lawyers' secrets and consents do not appear. For strangers (profile.strict) neither does
  what is about unnamed people alone, unless the case is theirs or they agreed; what then appears has its dates to the
  month and none of its open texts.
- A home address goes whole only by consent. An official's own life is not their office: indirect signs stay coarse.
- A name written as text (an organiser) stands only if every word of it is of somebody known who may be named.
- A web address leads to the whole page: it goes if nobody unnamed is met in the record's texts or in itself.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from kzdoc.domain.audience import Audience
from kzdoc.domain.catalogue import KINDS
from kzdoc.domain.field import Field, Sensitivity, Type
from kzdoc.ledger.merge import RecordState
from kzdoc.redaction.consent import Allowed
from kzdoc.redaction.profile import PRIVILEGED_SHOWN_TO, Rule, rule, strict
from kzdoc.redaction.text import NameBook, wholly_named, withheld_people

FREE_TEXT = (Type.TEXT, Type.LONG_TEXT, Type.URL)
MENTIONED = ("officers", "officials", "interpreter", "represented_by", "obtained_from", "related")
"""Links to people a record mentions without being about them."""
LEADING = ("about", "recording", "earlier", "derived_from")
"""Links through which a record is about the people of another."""
HAPPENINGS = ("event", "recommendation", "figure", "assessment", "official_statement", "source")
"""Kinds that are of the world and not of one person; people are met in them."""
TOLD = ("testimony", "evidence_item")
"""Kinds whose when and where are of those who told and gave, not of those they are about."""
SOURCED = ("title", "publisher", "author", "url", "page")
FEW = 5
"""With fewer people than this, all unnamed, the exact day of an event tells who they are."""
Find = Callable[[bytes], RecordState | None]


class Way(StrEnum):
    """How a value may go."""

    WHOLE = "whole"
    COARSE = "coarse"
    HIDDEN = "hidden"


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a value may go and, where it is hidden, why: ``profile``, ``no-consent``, ``no-basis``, ``few``."""

    way: Way
    reason: str = ""


WHOLE, COARSE = Verdict(Way.WHOLE), Verdict(Way.COARSE)
PROFILE, NO_CONSENT, NO_BASIS = (Verdict(Way.HIDDEN, why) for why in ("profile", "no-consent", "no-basis"))
TOO_FEW = Verdict(Way.HIDDEN, "few")
"""Of a list, where too few others are alike (crowds.py)."""


@dataclass(frozen=True, slots=True)
class Judge:
    """One audience, what people allow, whom texts may speak of, and how other records are looked up.

    ``near``: the people of the case, for words that several people bear; ``root``: the record the case is about;
    ``travelling``: signed statements go to a partner, consents among them, and people whose names stay here.
    """

    audience: Audience
    allowed: Allowed
    book: NameBook
    find: Find
    near: frozenset[bytes] = frozenset()
    root: bytes = b""
    travelling: bool = False
    _about: dict[bytes, tuple[bytes, ...]] = field(default_factory=dict)
    _appears: dict[bytes, Verdict] = field(default_factory=dict)

    def outside(self) -> bool:
        """Return whether the reader is anybody but ourselves."""
        return self.audience is not Audience.INTERNAL

    def named(self, person: bytes) -> bool:
        """Return whether a person may be named to this audience."""
        return person in self.book.may_name

    def about(self, record: RecordState) -> tuple[bytes, ...]:
        """Return the people a record is about, sorted by id."""
        if record.id not in self._about:
            self._about[record.id] = tuple(sorted(self._people_of(record, {record.id})))
        return self._about[record.id]

    def how_many(self, record: RecordState) -> int:
        """Return how many people a record is about: records of one person that were joined are one."""
        return len({self.allowed.one_of(person) for person in self.about(record)})

    def _people_of(self, record: RecordState, seen: set[bytes]) -> set[bytes]:
        if record.kind == "person":
            return {record.id}
        of = KINDS.get(record.kind)
        links = [one.id for one in of.fields if one.to == "person" and one.id not in MENTIONED] if of else []
        found = {value for name in links for value in record.values(name) if isinstance(value, bytes)}
        found |= {value for value in record.values("about") if value in self.book.persons}
        for value in (value for name in LEADING for value in record.values(name) if isinstance(value, bytes)):
            other = self.find(value) if value not in seen and value not in self.book.persons else None
            if other is not None and other.kind not in HAPPENINGS:
                found |= self._people_of(other, seen | {value})
        return found

    def appears(self, record: RecordState) -> Verdict:
        """Return whether a record may have a place of its own; ``WHOLE`` or the reason why not."""
        if record.kind not in KINDS or record.removed:
            return PROFILE
        if not self.outside() or (record.id == self.root and record.kind in ("person", "event")):
            return WHOLE
        privileged = self.audience not in PRIVILEGED_SHOWN_TO and _may_be_yes(record, "privileged")
        if privileged or (KINDS[record.kind].group == "consent" and not self.travelling):
            return PROFILE
        if (record.kind == "testimony" and not self._told_freely(record)) or self._of_something_hidden(record):
            return NO_CONSENT
        if record.kind == "person":
            free = self.named(record.id) or (self.travelling and not strict(self.audience))
        else:
            free = not (strict(self.audience) and self._only_of_strangers(record))
        return WHOLE if free else NO_BASIS

    def _told_freely(self, record: RecordState) -> bool:
        """Return whether the witness agreed to this testimony; without a known witness only a published one is free."""
        witnesses = record.values("witness")
        if not witnesses:
            return not record.absent and self.published(record)
        return all(self._covers(person, Sensitivity.NARRATIVE, record) for person in witnesses)

    def _of_something_hidden(self, record: RecordState) -> bool:
        """Return whether a photo, a copy, a recording is of a testimony or a detention that does not appear."""
        if record.kind not in TOLD:
            return False
        found = (self.find(value) for name in LEADING for value in record.values(name) if isinstance(value, bytes))
        return any(
            other is not None
            and other.id != record.id
            and other.kind not in (*HAPPENINGS, "person")
            and self._looked(other).way is Way.HIDDEN
            for other in found
        )

    def _looked(self, record: RecordState) -> Verdict:
        """Return whether a record that another leads to appears; one that leads back to itself does not."""
        if record.id not in self._appears:
            self._appears[record.id] = NO_CONSENT
            self._appears[record.id] = self.appears(record)
        return self._appears[record.id]

    def _only_of_strangers(self, record: RecordState) -> bool:
        about = self.about(record)
        if not about or self.root in about or any(self.named(person) for person in about):
            return False
        if record.kind in HAPPENINGS and record.kind != "source":
            return False
        return not all(self._covers(person, Sensitivity.NARRATIVE, record) for person in about)

    def judge(self, record: RecordState, one: Field, value: Any) -> Verdict:
        """Return how a value of a record may go."""
        what = rule(one, self.audience)
        if what is Rule.WITHHOLD:
            return PROFILE
        if not self.outside():
            return WHOLE
        appears = self.appears(record)
        if appears.way is Way.HIDDEN:
            return appears
        if one.type is Type.LINK:
            return self._link(record, one, value)
        verdict = self._by_rule(record, one, value, what)
        if verdict is WHOLE and one.sensitivity is Sensitivity.OPEN:
            verdict = self._open(record, one)
        if verdict is WHOLE and one.type is Type.URL and self._leads_to_somebody(record):
            return NO_BASIS
        return verdict

    def _by_rule(self, record: RecordState, one: Field, value: Any, what: Rule) -> Verdict:
        if one.type is Type.ADDRESS:
            return WHOLE if self._all_cover(record, one) else COARSE
        if what is Rule.CONSENT:
            return WHOLE if self._consented(record, one) else NO_CONSENT
        if what is Rule.NAMED:
            own = record.kind == "person" and one.name_of
            free = self.named(record.id) if own else wholly_named(str(value), self.book)
            return WHOLE if free else NO_BASIS
        if what is Rule.GENERALISE and not self._exact(record, one):
            return COARSE
        return WHOLE

    def _open(self, record: RecordState, one: Field) -> Verdict:
        """Return how an open value may go: a closed source hides what leads to it, and strangers see few dates."""
        if record.kind == "source" and one.id in SOURCED and self._closed(record):
            return NO_CONSENT
        if one.section == "naming" and not self.named(record.id):
            return PROFILE
        if not strict(self.audience) or one.type in (Type.CHOICE, Type.YESNO, Type.FIGURE):
            return WHOLE
        about = self.about(record)
        if not about or any(self.named(person) for person in about):
            return WHOLE
        if record.kind in HAPPENINGS:
            dated = one.type in (Type.DATE, Type.TIME) and self.how_many(record) < FEW
            return COARSE if dated else WHOLE
        return PROFILE if one.type in FREE_TEXT or one.type is Type.MONEY else COARSE

    def _closed(self, record: RecordState) -> bool:
        """Return whether a source is a person's and not a publication's."""
        if self.published(record, itself=True):
            return False
        told = record.values("person")
        return "no" in record.values("published") or not all(
            self._covers(person, Sensitivity.IDENTITY, record) for person in told
        )

    def _link(self, record: RecordState, one: Field, value: Any) -> Verdict:
        if one.sensitivity is not Sensitivity.IDENTITY:
            return WHOLE
        if not self.named(value) or (one.id == "related" and not self.named(record.id)):
            return NO_BASIS
        return WHOLE if self._covers(value, Sensitivity.IDENTITY, record) else NO_CONSENT

    def _exact(self, record: RecordState, one: Field) -> bool:
        """Return whether an indirect sign may stand as it is: it gives nothing away of anybody who is not named."""
        about = self.about(record)
        if not about:
            return record.kind in HAPPENINGS
        if self._all_cover(record, one):
            return True
        if record.kind in TOLD or not all(self.named(person) for person in about):
            return False
        return record.kind != "person" or not self.allowed.in_office_only(record.id)

    def _consented(self, record: RecordState, one: Field) -> bool:
        if self._all_cover(record, one):
            return True
        if one.sensitivity is not Sensitivity.NARRATIVE:
            return False
        about = self.about(record)
        if record.kind == "source":
            return self.published(record, itself=True) and all(self.named(person) for person in about)
        if record.kind == "testimony":  # the witness agreed, or it would not appear
            witnesses = record.values("witness")
            others = [person for person in about if person not in witnesses]
            return all(self.named(one) or self._covers(one, Sensitivity.NARRATIVE, record) for one in others)
        if not about:
            return True  # an account of nobody in particular; the names in it are redacted
        return all(self.named(person) for person in about) and self.published(record)

    def _all_cover(self, record: RecordState, one: Field) -> bool:
        about = self.about(record)
        sensitivity = one.sensitivity
        return (
            bool(about)
            and sensitivity is not None
            and all(self._covers(person, sensitivity, record) for person in about)
        )

    def _covers(self, person: bytes, sensitivity: Sensitivity, record: RecordState) -> bool:
        return self.allowed.covers(person, sensitivity, self.audience, record.id)

    def published(self, record: RecordState, *, itself: bool = False) -> bool:
        """Return whether a record, or (``itself`` false) a source it cites, is published beyond dispute."""
        sources = [record] if itself else [self.find(one) for one in record.values("source") if isinstance(one, bytes)]
        return any(source is not None and source.values("published") == ["yes"] for source in sources)

    def _leads_to_somebody(self, record: RecordState) -> bool:
        """Return whether a record's own texts speak of somebody who may not be named."""
        of = KINDS[record.kind]
        return any(
            withheld_people(str(value), self.book, self.near)
            for one in of.fields
            if one.type in FREE_TEXT and one.sensitivity is not Sensitivity.WORK
            for value in record.values(one.id)
        )


def _may_be_yes(record: RecordState, name: str) -> bool:
    """Return whether a question is answered with yes, or might be for all that is known here."""
    return "yes" in record.values(name) or any(absence.field == name for absence in record.absent)
