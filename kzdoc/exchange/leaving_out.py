"""What a person left out of a partner's bundles: it comes again by a person's hand, and not by itself.

Rules: the records are remembered by sender, so that under another root they are known again. Who takes in one bundle by
hand is told beforehand how many of them come with it, and they come unless they are left out again. Where nobody looks
at each bundle, in a folder's rounds and with many at once, they stay out and that is said; what closes something comes
all the same (governing.py). A record is forgotten here once nothing of it stays out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from collections.abc import Set as AbstractSet

from kzdoc.bundle.reader import Opened
from kzdoc.encoding import decode, encode
from kzdoc.exchange.arriving import EVERYTHING, Choice
from kzdoc.session import Session

_NAME = "left-out:"


def left_out_of(session: Session, sender: bytes) -> frozenset[bytes]:
    """Return the records that a person left out of a sender's bundles and that did not come since."""
    kept = session.vault.settings.get(_NAME + sender.hex())
    return frozenset(decode(kept)) if kept else frozenset()


def by_itself(session: Session, sender: bytes) -> Choice:
    """Return what of a sender's bundle comes where nobody looks at it: all but what was left out before."""
    before = left_out_of(session, sender)
    return Choice(before, but=True, as_before=True) if before else EVERYTHING


def coming_again(session: Session, opened: Opened, records: AbstractSet[bytes]) -> list[str]:
    """Return which of the records that come were left out of another bundle; who takes one in again asks for them."""
    if session.vault.taken_in.bundle(opened.root) is not None:
        return []
    return sorted(one.hex() for one in left_out_of(session, opened.sender) & records)


def keep_left_out(session: Session, sender: bytes, *, spoken_of: Collection[bytes], out: Iterable[str]) -> None:
    """Remember what stayed out of a bundle, inside the caller's transaction; what it spoke of and came is forgotten."""
    before = left_out_of(session, sender)
    now = (before - frozenset(spoken_of)) | {bytes.fromhex(one) for one in out}
    if now == before:
        return
    if now:
        session.vault.settings.put(_NAME + sender.hex(), encode(sorted(now)))
    else:
        session.vault.settings.drop(_NAME + sender.hex())
