"""What the main program sees for itself before it believes the parser: that an author signed what it is handed.

The parser meets untrusted bytes first, so it may have been led astray. Rules: nothing untrusted is decoded here; what
the parser says it read is encoded once more and must give the very bytes it stands for, and these must match the
digests of the skeleton (so this is also where spelling and digests are judged). A revision named by one that follows it
in its chain is vouched for by that one; the signature of every other is checked here: one for each unbroken run.
"""

from __future__ import annotations

import functools

from kzdoc.bundle.items import TakenRevision
from kzdoc.crypto.identity import verify_revision
from kzdoc.encoding import check_types, encode_trusted, spelled_head, spelled_number
from kzdoc.errors import BundleError
from kzdoc.ledger.revision import (
    FORMAT,
    INDEX_BASE,
    PAD,
    SALT,
    Disclosure,
    Entry,
    Skeleton,
    follows_digests,
    revision_id,
)
from kzdoc.progress import Progress, silent

_Place = tuple[bytes, bytes, bytes]
_SALT, _SALTED = 2, 2 + SALT
"""Where the salt begins and ends in an entry or a disclosure: after the array's head and its own."""

_PLAIN = (str, bytes, bool, type(None))
_NOTHING_REPLACED = b"\x80"
_BETWEEN = _NOTHING_REPLACED + b"\x82\x58\x20"
_FIRST_SLOT = bytes((0x80 + PAD,)) + b"\x82\x58\x20"
"""CBOR around the digests of PAD slots: arrays of two, 32 bytes and an empty array."""

_DIGEST = b"\x58\x20"
_FIRST_DIGEST = bytes((0x80 + PAD,)) + _DIGEST
"""CBOR before the digests of PAD entries: an array of 32 bytes each."""

_HEADED = 1024
_TEXT_HEADS = [encode_trusted("a" * size)[: -size or None] for size in range(_HEADED)]
"""CBOR before a text, by its length in bytes."""

_DISCLOSURE, _ENTRY, _SHORT = b"\x83\x50", b"\x86\x50", b"\x50"
"""CBOR before 16 bytes: first in an array of three (a statement), of six (an entry), anywhere."""

_SKELETON = b"\x86" + encode_trusted(FORMAT) + b"\x58\x20"
_BYTES = 2

_word = functools.lru_cache(4096)(encode_trusted)
"""The spelling of a field or a kind; few are in use."""

_PATIENCE = 200


class Vouching:
    """The revisions of one volume, given one by one with ``see``; at the end ``finish`` says whether all are signed."""

    def __init__(self) -> None:
        self._wanting: dict[_Place, tuple[bytes, bytes]] = {}
        self._followed: set[_Place] = set()

    def see(self, taken: TakenRevision) -> None:
        """Look at one revision.

        Raises:
            BundleError: ``bundle.digest`` when its bytes are not what the parser says, or not what was signed.
        """
        skeleton = taken.skeleton
        try:
            true = _is_what_was_said(taken) and follows_digests(skeleton, taken.entries, taken.said)
        except Exception as error:  # whatever cannot be encoded was never read
            raise BundleError("bundle.digest", item=skeleton.id.hex()) from error
        if not true:
            raise BundleError("bundle.digest", item=skeleton.id.hex())
        before = (skeleton.author, skeleton.chain, skeleton.previous)
        self._followed.add(before)
        self._wanting.pop(before, None)
        place = (skeleton.author, skeleton.chain, skeleton.id)
        if place not in self._followed:
            self._wanting[place] = (skeleton.raw, taken.signature)

    def finish(self, progress: Progress = silent) -> dict[bytes, bytes]:
        """Return the signatures that were checked, by revision id: those of the newest of every run.

        Raises:
            BundleError: ``bundle.revision-signature`` when some revision is vouched for by nobody.
            Cancelled: from ``progress``.
        """
        checked: dict[bytes, bytes] = {}
        for number, ((author, _, revision), (raw, signature)) in enumerate(self._wanting.items()):
            if number % _PATIENCE == 0:
                progress("bundle.vouch", number, len(self._wanting))
            if not verify_revision(author, raw, signature):
                raise BundleError("bundle.revision-signature", count=1)
            checked[revision] = signature
        return checked


def _is_what_was_said(taken: TakenRevision) -> bool:
    skeleton, entries = taken.skeleton, taken.entries
    if _skeleton(skeleton) != skeleton.raw or revision_id(skeleton.raw) != skeleton.id:
        return False
    for entry in entries.values():
        if _entry(entry) != entry.raw:
            return False
    for one in taken.said.values():
        value, raw = one.value, one.raw
        text = value.encode() if type(value) is str else None
        if text is None or len(text) >= _HEADED:
            spelled = _disclosure(one)
        else:
            spelled = b"".join((_DISCLOSURE, raw[_SALT:_SALTED], _word(one.field), _TEXT_HEADS[len(text)], text))
        if spelled != raw:
            return False
    return not taken.absent or all(_is_gap(index, taken) for index in taken.absent)


def _is_gap(index: int, taken: TakenRevision) -> bool:
    """Return whether a statement that is said to be absent has a place of its own."""
    entry = taken.entries.get(index // INDEX_BASE)
    return entry is not None and index % INDEX_BASE < len(entry.slots) and index not in taken.said


def _skeleton(skeleton: Skeleton) -> bytes:
    entries = skeleton.entries
    if len(entries) != PAD:
        parts = [FORMAT, skeleton.author, skeleton.chain, skeleton.sequence, skeleton.previous]
        return encode_trusted([*parts, entries])
    return b"".join(
        (
            *(_SKELETON, skeleton.author, _SHORT, skeleton.chain, spelled_number(skeleton.sequence)),
            *(spelled_head(_BYTES, len(skeleton.previous)), skeleton.previous, _FIRST_DIGEST, _DIGEST.join(entries)),
        )
    )


def _entry(entry: Entry) -> bytes:
    """Return the spelling of an entry; where nothing is replaced its slots differ in their digests alone."""
    time, salt = entry.time, entry.raw[_SALT:_SALTED]
    digests = [slot.digest for slot in entry.slots if not slot.replaces]
    if len(digests) != PAD or len(entry.slots) != PAD:
        slots = [[slot.digest, slot.replaces] for slot in entry.slots]
        return encode_trusted([salt, entry.record, entry.kind, time.seconds, time.offset, slots])
    return b"".join(
        (
            *(_ENTRY, salt, _SHORT, entry.record, _word(entry.kind)),
            *(spelled_number(time.seconds), spelled_number(time.offset)),
            *(_FIRST_SLOT, _BETWEEN.join(digests), _NOTHING_REPLACED),
        )
    )


def _disclosure(one: Disclosure) -> bytes:
    """Return the spelling of a statement of any sort; that of a text is put together where it is needed."""
    if type(one.value) not in _PLAIN:
        check_types(one.value)
    return encode_trusted([one.raw[_SALT:_SALTED], one.field, one.value])
