"""Withhold and restore, forget: the one mechanism behind sharing, consent, sealing and travelling.

Withholding takes disclosures out of a revision and leaves its signature whole; restoring puts back only what matches
its digest; what was forgotten is named by digest in a grow-only set and never comes back.
"""

from __future__ import annotations

from collections.abc import Container, Iterable

from kzdoc.errors import LedgerError
from kzdoc.ledger.revision import (
    INDEX_BASE,
    Revision,
    check_digests,
    read_entry,
)

REASONS = ("not_received", "not_shared", "sealed", "travelled", "erased")


def withhold(revision: Revision, indexes: Iterable[int], reason: str) -> Revision:
    """Return ``revision`` without the disclosures at ``indexes``, each marked absent for ``reason``.

    An index that is held neither as disclosure nor as absence is left alone: a decoy stays a decoy.
    """
    if reason not in REASONS:
        raise LedgerError("ledger.reason")
    chosen = {index for index in indexes if index in revision.statements or index in revision.absent}
    statements = {index: raw for index, raw in revision.statements.items() if index not in chosen}
    absent = {**revision.absent, **dict.fromkeys(chosen, reason)}
    return Revision(revision.skeleton, revision.signature, revision.entries, statements, absent)


def restore(mine: Revision, theirs: Revision, *, erased: Container[bytes] = ()) -> Revision:
    """Return the union of two holders' halves of one revision; both must already be checked against their digests.

    A disclosure wins over an absence; a digest among ``erased`` wins over both. Where both only say why they lack
    something, the reason that sorts first stands, so that the order of merging cannot matter.
    """
    if mine.skeleton.raw != theirs.skeleton.raw:
        raise LedgerError("ledger.other-revision")
    entries = {**theirs.entries, **mine.entries}
    statements = {**theirs.statements, **mine.statements}
    absent = {**theirs.absent, **mine.absent}
    for index in theirs.absent.keys() & mine.absent.keys():
        absent[index] = min(theirs.absent[index], mine.absent[index])
    whole = Revision(mine.skeleton, min(mine.signature, theirs.signature), entries, statements, absent)
    return apply_erasures(_drop_answered(whole), erased)


def _drop_answered(revision: Revision) -> Revision:
    absent = {index: reason for index, reason in revision.absent.items() if index not in revision.statements}
    return Revision(revision.skeleton, revision.signature, revision.entries, revision.statements, absent)


def apply_erasures(revision: Revision, erased: Container[bytes]) -> Revision:
    """Return ``revision`` without any disclosure whose digest is erased."""
    gone = [index for index, digest in statement_digests(revision).items() if digest in erased]
    if not gone:
        return revision
    statements = {index: raw for index, raw in revision.statements.items() if index not in gone}
    absent = {**revision.absent, **dict.fromkeys(gone, "erased")}
    return Revision(revision.skeleton, revision.signature, revision.entries, statements, absent)


def statement_digests(revision: Revision) -> dict[int, bytes]:
    """Return the digest of every statement held or known absent, by index."""
    digests: dict[int, bytes] = {}
    for number, raw in revision.entries.items():
        for where, slot in enumerate(read_entry(raw).slots):
            index = number * INDEX_BASE + where
            if index in revision.statements or index in revision.absent:
                digests[index] = slot.digest
    return digests


def check_restored(revision: Revision) -> None:
    """Check every layer of ``revision`` against its digests; raises ``LedgerError`` as ``check_digests`` does."""
    check_digests(revision)
