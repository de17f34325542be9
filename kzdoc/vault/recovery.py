"""Recovery by shares: a secret that nobody keeps whole, whose public key a slot is wrapped to.

A set of shares stays good when the vault gets a new key, for only its public key is needed to wrap that. Rules: the
secret lives in memory while shares are made or put together and nowhere else; what does not fit is named: which
share, which word, which set, how many are missing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field

from kzdoc.crypto import shares
from kzdoc.crypto.age import HybridIdentity
from kzdoc.crypto.share_words import SET_SIZE, VALUE_SIZE, Share, read_share
from kzdoc.errors import InputError
from kzdoc.moment import Randomness
from kzdoc.vault.connection import wipe

_IDENTITY_TAG = b"kzdoc-recovery-1\0"


@dataclass(frozen=True, slots=True)
class ShareSet:
    """A new set: its shares, and the identity that any ``needed`` of them make."""

    set_id: bytes
    needed: int
    shares: tuple[Share, ...] = field(repr=False)
    identity: HybridIdentity = field(repr=False)


def make_set(*, needed: int, total: int, randomness: Randomness) -> ShareSet:
    """Return a new set of shares; raises ``InputError("share.counts")``."""
    secret = bytearray(randomness(VALUE_SIZE))
    set_id = randomness(SET_SIZE)
    try:
        values = shares.split(secret, needed=needed, total=total, randomness=randomness)
        made = tuple([Share(set_id, needed, total, number, bytes(value)) for number, value in enumerate(values)])
        return ShareSet(set_id, needed, made, _identity(set_id, secret))
    finally:
        wipe(secret)


def read_shares(texts: Sequence[str]) -> list[Share]:
    """Return the shares written in ``texts``; raises as ``read_share``, the first being share 1."""
    return [read_share(text, share=place) for place, text in enumerate(texts, start=1)]


def identity_of(given: Sequence[Share]) -> HybridIdentity:
    """Return the identity that these shares make.

    Raises:
        InputError: ``share.mixed`` (``share``: the first that is of another set than the first one), ``share.twice``
            (``share``, ``first``: the same one given again), ``share.missing`` (``missing``, ``needed``, ``given``),
            ``share.together`` when they are right one by one and still make no whole.
    """
    if not given:
        raise InputError("share.none")
    seen: dict[int, int] = {}
    first = given[0]
    for place, share in enumerate(given, start=1):
        if (share.set_id, share.needed, share.total) != (first.set_id, first.needed, first.total):
            raise InputError("share.mixed", share=place)
        if share.number in seen:
            raise InputError("share.twice", share=place, first=seen[share.number])
        seen[share.number] = place
    if len(given) < first.needed:
        missing = first.needed - len(given)
        raise InputError("share.missing", missing=missing, needed=first.needed, given=len(given))
    secret = shares.combine({share.number: share.value for share in given[: first.needed]})
    try:
        return _identity(first.set_id, secret)
    finally:
        wipe(secret)


def _identity(set_id: bytes, secret: bytearray) -> HybridIdentity:
    digest = hashlib.sha256(_IDENTITY_TAG + set_id)
    digest.update(secret)
    return HybridIdentity.from_seed(digest.digest())
