"""Whether a signed statement may go to a partner as it is: whole or not at all.

A statement cannot be generalised or reworded without losing its author's signature. So what a profile would make
coarser is withheld, and so is a text that speaks of somebody who may not be named to that audience or holds an
identifying number, even where the profile lets texts of its class through.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from kzdoc.domain.audience import Audience
from kzdoc.domain.catalogue import KINDS
from kzdoc.domain.field import Field, Sensitivity, Type
from kzdoc.ledger.merge import RecordState
from kzdoc.redaction.consent import Permissions, governors
from kzdoc.redaction.profile import Rule, rule
from kzdoc.redaction.text import NameBook, Numbering, redact_text
from kzdoc.redaction.view import FREE_TEXT, NOT_GOVERNING


def disclosable(
    record: RecordState,
    one: Field,
    value: Any,
    *,
    audience: Audience,
    allowed: Permissions,
    book: NameBook,
    published: Callable[[bytes], bool],
) -> bool:
    """Return whether a statement of ``record`` may go to ``audience`` whole.

    ``published`` tells whether a source is published; ``book`` holds everybody a text may speak of.
    """
    what = rule(one, audience)
    if audience is Audience.INTERNAL:
        return what is not Rule.WITHHOLD
    about = _about(record, book)
    named = all(person in book.may_name for person in about)
    if one.type is Type.LINK and one.to == "person" and one.sensitivity is Sensitivity.IDENTITY:
        return value in book.may_name
    allowed_at_all = {
        Rule.SHOW: True,
        Rule.WITHHOLD: False,
        Rule.NAMED: bool(about) and named,
        Rule.CONSENT: _consented(one, about, audience, allowed) or (named and _from_published(record, one, published)),
        Rule.GENERALISE: named and one.type is not Type.ADDRESS,
    }[what]
    if not allowed_at_all or one.type not in FREE_TEXT or (one.name_of and record.kind == "person"):
        return allowed_at_all
    return not redact_text(str(value or ""), book=book, lang="en", numbering=Numbering()).spans


def _about(record: RecordState, book: NameBook) -> tuple[bytes, ...]:
    of = KINDS.get(record.kind)
    links = [one.id for one in of.fields if one.to == "person" and one.id not in NOT_GOVERNING] if of else []
    about = governors(record, links)
    return about + tuple(value for value in record.values("about") if value in book.called and value not in about)


def _consented(one: Field, about: Sequence[bytes], audience: Audience, allowed: Permissions) -> bool:
    if one.sensitivity is None:
        return False
    if not about:
        return one.sensitivity is Sensitivity.NARRATIVE
    return all(allowed.covers(person, one.sensitivity, audience) for person in about)


def _from_published(record: RecordState, one: Field, published: Callable[[bytes], bool]) -> bool:
    """Return whether an account of people who may be named comes from a published source."""
    return one.sensitivity is Sensitivity.NARRATIVE and any(published(source) for source in record.values("source"))
