"""What the main program sees for itself before it believes the parser: that an author signed what it is handed.

The parser meets untrusted bytes first, so it may have been led astray. Rules: nothing untrusted is decoded here; what
the parser says it read is encoded once more and must give the very bytes it stands for; the signatures it says it
checked are checked again (one for each run, so this costs little), and every other revision must be named by one that
follows it in its chain.
"""

from __future__ import annotations

from kzdoc.bundle.items import TakenEntry, TakenRevision
from kzdoc.crypto.identity import verify_revision
from kzdoc.encoding import encode_trusted
from kzdoc.errors import BundleError
from kzdoc.ledger.revision import FORMAT, SALT, revision_id

_Place = tuple[bytes, bytes, bytes]
_SALT = slice(2, 2 + SALT)
"""Where the salt stands in an entry or a disclosure: after the array's head and its own."""


class Vouching:
    """The revisions of one volume, given one by one with ``see``; at the end ``finish`` says whether all are signed."""

    def __init__(self) -> None:
        self._wanting: set[_Place] = set()
        self._followed: set[_Place] = set()

    def see(self, taken: TakenRevision) -> None:
        """Look at one revision.

        Raises:
            BundleError: ``bundle.digest`` when the parser said what the bytes do not, ``bundle.revision-signature``.
        """
        try:
            true = _is_what_was_said(taken)
        except Exception as error:  # whatever cannot be encoded was never read
            raise BundleError("bundle.digest", item=taken.id.hex()) from error
        if not true:
            raise BundleError("bundle.digest", item=taken.id.hex())
        self._followed.add((taken.author, taken.chain, taken.previous))
        if not taken.checked:
            self._wanting.add((taken.author, taken.chain, taken.id))
        elif not verify_revision(taken.author, taken.skeleton, taken.signature):
            raise BundleError("bundle.revision-signature", count=1)

    def finish(self) -> None:
        """Raise ``BundleError("bundle.revision-signature")`` when some revision is vouched for by nobody."""
        alone = len(self._wanting - self._followed)
        if alone:
            raise BundleError("bundle.revision-signature", count=alone)


def _is_what_was_said(taken: TakenRevision) -> bool:
    digests = [taken.digests[start : start + 32] for start in range(0, len(taken.digests), 32)]
    skeleton = [FORMAT, taken.author, taken.chain, taken.sequence, taken.previous, digests]
    return (
        encode_trusted(skeleton) == taken.skeleton
        and revision_id(taken.skeleton) == taken.id
        and all(_entry(entry) == entry.raw for entry in taken.entries)
        and all(encode_trusted([raw[_SALT], field, value]) == raw for _, field, value, raw in taken.said)
    )


def _entry(entry: TakenEntry) -> bytes:
    replaces: dict[int, list[list[bytes | int]]] = {}
    for place, revision, index in entry.replaces:
        replaces.setdefault(place, []).append([revision, index])
    starts = range(0, len(entry.digests), 32)
    slots = [[entry.digests[start : start + 32], replaces.get(place, [])] for place, start in enumerate(starts)]
    return encode_trusted([entry.raw[_SALT], entry.record, entry.kind, entry.seconds, entry.offset, slots])
