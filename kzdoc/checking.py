"""Judging what somebody sent, without a vault: a paper, the signature beside it, the card of who should have signed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from kzdoc.bundle.cards import Card, read_card
from kzdoc.errors import KzdocError, PublicationError
from kzdoc.limits import LIMITS
from kzdoc.platform.files import read_given
from kzdoc.report.redactions import check_redactions
from kzdoc.report.signature import check_publication

SIGNATURE = ".sig"
REDACTION = ".redaction"


def check_report(file: Path, *, card: Path | None) -> dict[str, Any]:
    """Judge a paper, the signature and the redaction report beside it; without a card nothing is said about who signed.

    ``code`` says what is wrong: ``publication.other-signer`` for a paper that is untouched and signed by another key
    than the card's, others for one that is not what was signed. ``signer`` is the fingerprint of the key that signs
    papers, as `contact card` and `contact list` give it under ``publisher``. ``redaction`` (good or bad) and what is
    ``withheld`` are told when a report lies beside.

    Raises ``InputError``: ``file.not-read``, ``file.too-large``; ``PublicationError("publication.not-a-card")``.
    """
    given = _signer(card) if card else None
    sig = file.with_name(file.name + SIGNATURE)
    pdf = read_given(file, limit=LIMITS.paper_file)
    untrusted = read_given(sig, limit=LIMITS.signature_file) if sig.exists() else None
    verdict: dict[str, Any] = dict(
        check_publication(pdf, untrusted, expected=given.publisher if given else None).plain()
    )
    beside = file.with_name(file.name + REDACTION)
    if beside.exists():
        untrusted_report = read_given(beside, limit=LIMITS.signature_file)
        told = check_redactions(pdf, untrusted_report, signer=verdict["signer"])
        rows = [dict(zip(("class", "reason", "count"), row, strict=True)) for row in told.rows]
        verdict |= {"redaction": told.report, "withheld": rows, "code": verdict["code"] or told.code}
    return verdict


def _signer(card: Path) -> Card:
    untrusted = read_given(card, limit=LIMITS.card_file)
    try:
        return read_card(untrusted)
    except KzdocError as error:
        raise PublicationError("publication.not-a-card") from error
