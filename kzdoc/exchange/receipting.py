"""What a receipt promises: that all a bundle carried is here, or was and is forgotten."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from kzdoc.bundle.reader import Opened
from kzdoc.bundle.receipts import make_receipt as sign_receipt
from kzdoc.errors import BundleError
from kzdoc.exchange.arriving import ERASED, Brought
from kzdoc.session import Session
from kzdoc.vault.batch import in_batches
from kzdoc.vault.store import AT_ONCE


def keep_receipt(session: Session, opened: Opened, brought: Sequence[Brought], files: AbstractSet[bytes]) -> None:
    """Keep the receipt of a bundle just taken in; without a word where something of it is not held here."""
    try:
        forgotten = [check_held(session, several) for several in in_batches(brought, AT_ONCE)]
        forgotten += [check_file(session, one) for one in files]
        session.vault.taken_in.keep_receipt(opened.root, signed(session, opened, forgotten=any(forgotten)))
    except BundleError as error:
        if error.code != "receipt.not-held":
            raise


def signed(session: Session, opened: Opened, *, forgotten: bool) -> bytes:
    """Return a receipt for a bundle, signed here."""
    return sign_receipt(
        bundle=opened.bundle,
        root=opened.root,
        sequence=opened.sequence,
        day=session.clock().day(),
        forgotten=forgotten,
        signer=session.signer(),
    ).encode("ascii")


def check_held(session: Session, brought: Sequence[Brought]) -> bool:
    """Return whether something of these was forgotten here.

    Raises ``BundleError("receipt.not-held")`` when something is not here for another reason.
    """
    here = session.vault.chains.revisions([one.id for one in brought])
    forgotten = False
    for one in brought:
        mine = here.get(one.id)
        if mine is None or one.entries - mine.entries.keys():
            raise BundleError("receipt.not-held")
        missing = one.statements - mine.statements.keys()
        if any(mine.absent.get(index) != ERASED for index in missing):
            raise BundleError("receipt.not-held")
        forgotten |= bool(missing)
    return forgotten


def check_file(session: Session, sha256: bytes) -> bool:
    """Return whether a file that came is not here because what spoke of it was forgotten; raises the same."""
    if session.blobs.has(sha256):
        return False
    if not session.vault.chains.erased() or session.blobs.referred_to(sha256):
        raise BundleError("receipt.not-held")
    return True
