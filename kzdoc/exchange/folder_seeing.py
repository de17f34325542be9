"""What the files in an exchange folder are, and what of them comes in: told once for each, and remembered.

Rules: a file is known by its mark, whatever it is called and however often it lies there; one whose mark is settled is
not opened again. So many files are opened in one round. A bundle comes in only from a verified sender.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from kzdoc.bundle.reader import Opened, Reader, open_bundle
from kzdoc.bundle.sealed_receipts import FILE_SIZES, open_receipts
from kzdoc.errors import BundleError, InputError, KzdocError, LedgerError, VaultError
from kzdoc.exchange.folder_files import Lying, is_whole, mark_of, unchanged
from kzdoc.exchange.folder_memory import PutFile, Seen
from kzdoc.exchange.folder_withdrawing import held_stamp
from kzdoc.exchange.folder_writing import PASSING
from kzdoc.exchange.incoming import decided_against, take_opened
from kzdoc.exchange.leaving_out import by_itself
from kzdoc.exchange.receipting import take_receipt
from kzdoc.exchange.trust import UNVERIFIED, state_of
from kzdoc.platform.files import read_given
from kzdoc.progress import Progress
from kzdoc.session import Session

OTHER, OWN, RECEIPT, TAKEN, NOT_FOR_US = "other", "own", "receipt", "taken", "not-for-us"
VOLUME, WAITING, PARTLY, UNRECEIPTED = "volume", "waiting", "partly", "unreceipted"
SPOILT = "bundle.damaged"
"""What a file turned out to be; else the code of a refusal."""

SETTLED = frozenset((OTHER, OWN, RECEIPT, TAKEN, NOT_FOR_US, VOLUME))
BY_MARK = frozenset((RECEIPT, TAKEN, NOT_FOR_US, UNRECEIPTED, PARTLY))
BUNDLES = frozenset((TAKEN, UNRECEIPTED, PARTLY))
_NOT_FOR_US = frozenset(("bundle.not-for-you", "bundle.age-not-for-me", "bundle.forwarded"))
OPENINGS = 200
"""So many files that were not known before are opened in one round; the others wait for the next."""


@dataclass
class Round:
    """One round in one folder: what was known, what is found, what is told."""

    session: Session
    folder: Path
    progress: Progress
    reader: Reader
    trust: bytes
    before: dict[str, Seen]
    settled: dict[bytes, Seen]
    own: set[bytes]
    put: dict[bytes, PutFile]
    now: dict[str, Seen] = field(default_factory=dict)
    opened: int = 0
    left: int = 0
    late: list[Lying] = field(default_factory=list)
    told: dict[str, Any] = field(default_factory=dict)

    def note(self, seen: Seen) -> None:
        """Note what a file is."""
        self.now[seen.lying.name] = seen
        if seen.code in BY_MARK:
            self.settled[seen.mark] = seen

    def is_(self, lying: Lying, mark: bytes, code: str, root: bytes = b"") -> None:
        """Note what a file is, as far as a code and a root say it."""
        self.note(Seen(lying, mark, code, root, trust=self.trust))

    def files_of(self, root: bytes) -> list[Path]:
        """Return the files of a bundle that lie here."""
        return [self.folder / one.lying.name for one in self.now.values() if one.root == root]


def receipt_stamp(session: Session, trust: bytes) -> bytes:
    """Return a hash that changes when a bundle not receipted must be looked at again: what is held here decides."""
    return hashlib.sha256(trust + held_stamp(session)).digest()[:16]


def holds(seen: Seen, trust: bytes) -> bool:
    """Return whether what a file was found to be still stands: most of it does whoever is trusted."""
    return seen.code in (*SETTLED, UNRECEIPTED) or seen.trust == trust


def see(one: Round, lying: Lying) -> None:
    """Find out what a file is; take in what is in it when it may come in."""
    before = one.before.get(lying.name)
    mark = before.mark if before else mark_of(one.folder / lying.name)
    if not mark or mark in one.own:
        one.is_(lying, mark, _own(one, lying, mark, before) if mark else OTHER)
    elif before and holds(before, one.trust):
        one.now[lying.name] = before
        one.told["known"] += before.code in BUNDLES
    elif mark in one.settled:
        one.note(replace(one.settled[mark], lying=lying))
        one.told["known"] += one.settled[mark].code in BUNDLES
    elif one.opened == OPENINGS:
        one.left += 1
        one.late.append(lying)
    else:
        one.opened += 1
        _try(one, lying, mark)


def _own(one: Round, lying: Lying, mark: bytes, before: Seen | None) -> str:
    """Return what a file of ours is: one that was spoilt behind its beginning is nothing that is on its way."""
    if before is not None and before.code in (OWN, SPOILT):
        return before.code
    put = one.put.get(mark)
    spoilt = put is not None and lying.size == put.size and not is_whole(one.folder / lying.name, put.digest)
    return SPOILT if spoilt else OWN


def _try(one: Round, lying: Lying, mark: bytes) -> None:
    try:
        if lying.size in FILE_SIZES:
            _open_receipts(one, lying, mark)
        else:
            with open_bundle([one.folder / lying.name], reader=one.reader, progress=one.progress) as opened:
                if opened.missing:
                    volumes = len(opened.present) + len(opened.missing)
                    one.note(Seen(lying, mark, VOLUME, opened.root, opened.present[0], volumes, one.trust))
                else:
                    code = _take(one, [one.folder / lying.name], opened)
                    one.note(Seen(lying, mark, code, opened.root, trust=one.trust, sender=opened.sender))
    except (BundleError, InputError, LedgerError) as error:
        _refused(one, lying, mark, error)
    except KzdocError as error:
        if error.code not in PASSING:
            raise
        _refused(one, lying, mark, error)


def _refused(one: Round, lying: Lying, mark: bytes, error: KzdocError) -> None:
    if error.code in _NOT_FOR_US:
        one.is_(lying, mark, NOT_FOR_US)
    elif error.code in PASSING or not unchanged(one.folder, lying):
        one.left += 1
    else:
        one.is_(lying, mark, error.code)


def _open_receipts(one: Round, lying: Lying, mark: bytes) -> None:
    data = read_given(one.folder / lying.name, limit=max(FILE_SIZES))
    refused: KzdocError | None = None
    for receipt in open_receipts(data, seed=one.reader.identity_seed, progress=one.progress):
        try:
            told = take_receipt(one.session, receipt)
        except (BundleError, VaultError) as error:
            if isinstance(error, VaultError) and error.code != "vault.receipt-unknown":
                raise
            refused = error
            continue
        if not told["already"]:
            one.told["receipts"].append({"from": told["from"], "bundle": told["bundle"]})
    one.is_(lying, mark, refused.code if refused else RECEIPT)


def _take(one: Round, files: Sequence[Path], opened: Opened) -> str:
    """Take a whole bundle in; return what its files are now."""
    session = one.session
    if state_of(session, opened.sender) == UNVERIFIED:
        if opened.root not in [row.id for row in session.vault.quarantine.all()]:
            with contextlib.suppress(BundleError):
                take_opened(session, files, opened, receipted=False, progress=one.progress)
        return WAITING
    before = session.vault.taken_in.bundle(opened.root)
    if before is not None and not before.whole and decided_against(session, opened.root):
        one.told["known"] += 1
        return PARTLY
    choice = by_itself(session, opened.sender)
    told = take_opened(session, files, opened, receipted=True, choice=choice, progress=one.progress)
    if told["already"]:
        one.told["known"] += 1
        return TAKEN
    one.told["taken"].append(told)
    return TAKEN if told["whole"] else PARTLY


def take_volumes(one: Round) -> None:
    """Take in the bundles of which all volumes lie here, in whatever order they came."""
    groups: dict[bytes, dict[int, Seen]] = {}
    for seen in one.now.values():
        if seen.code == VOLUME:
            groups.setdefault(seen.root, {}).setdefault(seen.number, seen)
    for volumes in groups.values():
        several = list(volumes.values())
        if len(several) < several[0].volumes:
            continue
        files = [one.folder / seen.lying.name for seen in several]
        try:
            with open_bundle(files, reader=one.reader, progress=one.progress) as opened:
                code, sender = _take(one, files, opened), opened.sender
        except KzdocError as error:
            if error.code in PASSING:
                one.left += len(several)
                continue
            if not isinstance(error, (BundleError, InputError, LedgerError)):
                raise
            code, sender = error.code, b""
        same = [seen for seen in one.now.values() if (seen.root, seen.code) == (several[0].root, VOLUME)]
        for seen in same:
            one.note(replace(seen, code=code, trust=one.trust, sender=sender))
