"""Receipts: given for what was taken in, taken from partners; one promises that all a bundle carried is here.

Or was here, and is forgotten: that it says. So nobody relies on what is not there, and nothing is sent twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import Any

from kzdoc.bundle.cards import read_card
from kzdoc.bundle.items import BlobPiece, TakenRevision
from kzdoc.bundle.reader import Opened, open_bundle
from kzdoc.bundle.receipts import make_receipt as sign_receipt
from kzdoc.bundle.receipts import read_receipt
from kzdoc.errors import BundleError
from kzdoc.exchange.arriving import ERASED, Brought, brought_by
from kzdoc.exchange.trust import VERIFIED, reader_of, write_new
from kzdoc.platform.files import read_given
from kzdoc.progress import Progress, silent
from kzdoc.session import Session
from kzdoc.vault.batch import in_batches
from kzdoc.vault.store import AT_ONCE

RECEIPT_LIMIT = 2**20


def write_receipt(session: Session, root: bytes, out: Path) -> None:
    """Write the receipt kept for a bundle that was taken in to a new file.

    Raises ``BundleError("receipt.not-taken")``; ``InputError``: ``file.exists``, ``file.not-written``.
    """
    taken = session.vault.taken_in.bundle(root)
    if taken is None or not taken.receipt:
        raise BundleError("receipt.not-taken")
    write_new(out, taken.receipt)


def make_receipt(session: Session, files: Sequence[Path], *, progress: Progress = silent) -> bytes:
    """Return a signed receipt for a bundle that was taken in whole.

    All it carries must be here now: what was withheld here since, nobody should rely on. What was forgotten here was
    here: the receipt says then that some of it was, so that it is not sent again and nobody relies on it.

    Raises ``BundleError``: ``receipt.not-taken``, ``receipt.not-whole``, ``receipt.not-held``.
    """
    with open_bundle(files, reader=reader_of(session), progress=progress) as opened:
        taken = session.vault.taken_in.bundle(opened.root)
        if taken is None:
            raise BundleError("receipt.not-taken")
        if not taken.whole:
            raise BundleError("receipt.not-whole")
        forgotten: list[bool] = []
        for several in in_batches(opened.items(progress), AT_ONCE):
            revisions = [item.revision() for item in several if isinstance(item, TakenRevision)]
            forgotten.append(check_held(session, [brought_by(one) for one in revisions]))
            forgotten += [check_file(session, item.sha256) for item in several if isinstance(item, BlobPiece)]
        receipt = signed(session, opened, forgotten=any(forgotten))
    session.vault.taken_in.keep_receipt(opened.root, receipt)
    return receipt


def take_receipt(session: Session, data: bytes) -> dict[str, Any]:
    """Note a partner's receipt: what that bundle carried is known to be elsewhere."""
    known = {
        contact.author: read_card(contact.card) for contact in session.vault.contacts.all() if contact.state == VERIFIED
    }
    receipt = read_receipt(data, known=known)
    contact = session.vault.contacts.by_author(receipt.reader)[0]
    new = session.vault.sent.note_receipt(
        receipt.root, contact=contact.number, receipt=data, forgotten=receipt.forgotten
    )
    return {"from": contact.name, "bundle": receipt.root.hex(), "day": receipt.day, "already": not new}


def take_receipt_file(session: Session, file: Path) -> dict[str, Any]:
    """Note the receipt in a file; raises also ``InputError``: ``file.not-read``, ``file.too-large``."""
    return take_receipt(session, read_given(file, limit=RECEIPT_LIMIT))


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
