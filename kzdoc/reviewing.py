"""What a person should look at in free text before it leaves: names nobody entered, sentences that tell who it is.

Rules: nothing is refused here, and nothing is kept; what waits for a decision is decided in kzdoc/naming.py and
kzdoc/hinting.py, and holds a paper or table back in kzdoc/publishing.py and kzdoc/exporting.py (kzdoc/leaving.py).
"""

from __future__ import annotations

from typing import Any

from kzdoc.domain.audience import Audience
from kzdoc.leaving import told_unknown
from kzdoc.naming import decisions, people
from kzdoc.publishing import view_of
from kzdoc.redaction.hints import hints, told_hints
from kzdoc.redaction.text import Numbering, redact_text
from kzdoc.redaction.tokens import Token
from kzdoc.redaction.unknown import shown_texts
from kzdoc.session import Session
from kzdoc.vault.batch import without_collecting


def candidates(session: Session, root: bytes, *, audience: Audience, lang: str) -> list[dict[str, Any]]:
    """Return what only looks like a name in the paper of a case for a reader, as ``told_unknown`` does."""
    case = view_of(session, root, audience=audience, lang=lang, recipient="-", purpose="-")
    return told_unknown(case.unknown())


def hints_of(session: Session, root: bytes, *, audience: Audience, lang: str) -> list[dict[str, Any]]:
    """Return what tells a reader of a case outside who somebody is without a name, as ``told_hints`` does."""
    case = view_of(session, root, audience=audience, lang=lang, recipient="-", purpose="-")
    outside = audience is not Audience.INTERNAL
    return told_hints(case.hinted.hints(shown_texts(case.view.records), case.order)) if outside else []


def redact(session: Session, text: str, *, audience: Audience, lang: str) -> dict[str, Any]:
    """Redact a free text for an audience, in the JSON of `text redact`; never refuses."""
    with without_collecting():
        return _redacted(session, text, audience, lang)


def _redacted(session: Session, text: str, audience: Audience, lang: str) -> dict[str, Any]:
    book, decided = people(session).book(audience), decisions(session)
    done = redact_text(text, book=book, lang=lang, numbering=Numbering(), numbers=audience is not Audience.INTERNAL)
    maybe = [(one.start, one.end) for one in done.candidates if not decided.settles(text[one.start : one.end])]
    return {
        "text": "".join(part.label if isinstance(part, Token) else part for part in done.text.parts),
        "spans": [{"start": span.start, "end": span.end, "rule": span.rule} for span in done.spans],
        "candidates": [{"start": start, "end": end, "text": text[start:end]} for start, end in maybe],
        "hints": told_hints(hints([(0, done.text)]) if audience is not Audience.INTERNAL else ()),
    }
