"""Whether a signed statement may go to a partner as it is: whole or not at all.

A statement cannot be generalised or reworded without losing its author's signature. So what a profile would make
coarser is withheld, and so is a text that speaks of somebody who may not be named to that audience or holds an
identifying number, even where the profile lets texts of its class through. What may go at all is judged in one place
(judge.py), as for papers; besides, consents go with what they govern.
"""

from __future__ import annotations

from typing import Any

from kzdoc.domain.audience import Audience
from kzdoc.domain.field import Field
from kzdoc.ledger.merge import RecordState
from kzdoc.redaction.consent import Allowed
from kzdoc.redaction.judge import FREE_TEXT, Find, Judge, Way
from kzdoc.redaction.profile import Rule, rule
from kzdoc.redaction.text import NameBook, Numbering, redact_text


def travelling_judge(*, audience: Audience, allowed: Allowed, book: NameBook, find: Find) -> Judge:
    """Return the judge of a bundle; ``find`` looks records up, ``book`` holds everybody a text may speak of."""
    return Judge(audience, allowed, book, find, travelling=True)


def disclosable(judge: Judge, record: RecordState, one: Field, value: Any) -> bool:
    """Return whether a statement of ``record``, live or replaced, may go to the judge's audience whole."""
    if not judge.outside():
        return rule(one, judge.audience) is not Rule.WITHHOLD
    if value is None:  # what clears a value goes wherever the value may have gone
        return rule(one, judge.audience) is not Rule.WITHHOLD and judge.appears(record).way is Way.WHOLE
    if judge.judge(record, one, value).way is not Way.WHOLE:
        return False
    if one.type not in FREE_TEXT or (one.name_of and record.kind == "person"):
        return True
    return not redact_text(str(value), book=judge.book, lang="en", numbering=Numbering()).spans
