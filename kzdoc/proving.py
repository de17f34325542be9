"""Authors' own proofs in a verification pack: that a shown statement stands in a revision its author signed.

Rules: a proof gives away whose key wrote a thing, where and when, by which papers can be joined. So it goes only to the
reader to whom the author agreed in words of their own: a record of the kind `proof_agreement` whose live reader was
written by that very key. Nobody agrees for somebody else; what is disputed, not here, not yet given, over or withdrawn
is no agreement. Only what is printed exactly as it was written is proved; the rest is attested by the publisher.
Readers who are authorities of the authors' own country get no pack at all until every author of what it shows agreed.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from kzdoc.crypto.identity import verify_revision
from kzdoc.domain.audience import Audience
from kzdoc.domain.catalogue import KINDS
from kzdoc.domain.dates import bounds
from kzdoc.domain.field import Field, Type, show_value
from kzdoc.encoding import encode
from kzdoc.errors import KzdocError, PublicationError
from kzdoc.ledger.merge import LiveValue, RecordState
from kzdoc.ledger.revision import INDEX_BASE, Revision
from kzdoc.redaction.judge import FREE_TEXT
from kzdoc.redaction.view import View
from kzdoc.session import Session

AGREEMENT = "proof_agreement"
AUTHORITIES = frozenset({Audience.COURT})
"""Audiences that may be authorities of the authors' own country."""
FORMAT = "kzdoc-proof-1"
_NOT_EXACT = frozenset({Type.LINK, Type.FILE})


def agreed(session: Session, recipient: str) -> frozenset[bytes]:
    """Return the authors who agreed that this reader learns which key wrote what is shown."""
    day = session.clock().day()
    return frozenset(
        live.author
        for record in session.records.records(AGREEMENT)
        if _holds(record, day)
        for live in record.fields.get("recipient", ())
        if isinstance(live.value, str) and _same(live.value, recipient)
    )


def _same(one: str, other: str) -> bool:
    words = [" ".join(unicodedata.normalize("NFC", text).casefold().split()) for text in (one, other)]
    return bool(words[0]) and words[0] == words[1]


def _holds(record: RecordState, day: str) -> bool:
    unseen = any(absence.field is not None or absence.reason != "not_shared" for absence in record.absent)
    if record.conflicts or unseen or record.values("withdrawn_on"):
        return False
    try:
        given = all(bounds(str(value))[0] <= day for value in record.values("given_on"))
        return given and all(bounds(str(value))[1] >= day for value in record.values("expires"))
    except KzdocError:
        return False


def proofs_of(session: Session, view: View, order: Sequence[bytes]) -> list[bytes]:
    """Return the proofs for the pack of a view (docs/formats/pack.md); ``order``: ids of its records, by ``ref``.

    Raises ``PublicationError("publication.pack-authority")`` with the number ``n`` of authors who did not agree.
    """
    willing = agreed(session, view.recipient)
    known = session.records.states(order)
    if view.audience in AUTHORITIES and (missing := _authors(view, order, known) - willing):
        raise PublicationError("publication.pack-authority", n=len(missing))
    exact = [(leaf, live) for leaf, live in _exact(view, order, known) if live.author in willing]
    signed = session.records.signed({live.refs[0][0] for _, live in exact})
    made = [_proof(leaf, live, signed, willing) for leaf, live in exact]
    return [proof for proof in made if proof is not None]


def _authors(view: View, order: Sequence[bytes], known: Mapping[bytes, RecordState]) -> set[bytes]:
    """Return everybody who wrote something in the fields that are shown."""
    shown = [(known[order[record.ref - 1]], field.id) for record in view.records for field in record.fields]
    return {live.author for record, field in shown for live in record.fields.get(field, ())}


def _exact(view: View, order: Sequence[bytes], known: Mapping[bytes, RecordState]) -> Iterator[tuple[int, LiveValue]]:
    """Yield (place of the leaf, live value) of what is printed as it was written."""
    leaf = 0
    for record in view.records:
        state, of = known[order[record.ref - 1]], KINDS[record.kind]
        for shown in record.fields:
            for text in shown.values:
                printed = text.parts[0] if len(text.parts) == 1 and isinstance(text.parts[0], str) else None
                lives = state.fields.get(shown.id, ())
                found = [live for live in lives if _written(of.field(shown.id), live.value, view.lang) == printed]
                if printed is not None and found:
                    yield leaf, found[0]
                leaf += 1


def _written(one: Field, value: Any, lang: str) -> str | None:
    """Return a plain value as it is printed when nothing is taken from it; None for what holds more than is printed."""
    if one.type in _NOT_EXACT or not isinstance(value, str | int):
        return None
    return str(value) if one.type in FREE_TEXT else show_value(one, value, lang)


def _proof(leaf: int, live: LiveValue, signed: Mapping[bytes, Revision], willing: frozenset[bytes]) -> bytes | None:
    key, index = live.refs[0]
    revision = signed.get(key)
    number = index // INDEX_BASE
    if revision is None or number not in revision.entries or index not in revision.statements:
        return None
    author, raw = revision.skeleton.author, revision.skeleton.raw
    if author not in willing or not verify_revision(author, raw, revision.signature):
        return None
    parts = [leaf, raw, revision.signature, number, revision.entries[number], index, revision.statements[index]]
    return encode([FORMAT, *parts])
