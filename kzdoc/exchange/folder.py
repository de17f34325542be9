"""An exchange folder: what others put there is taken in, what they lack is put there, and both sides clean up.

Rules (docs/formats/exchange-folder.md): whatever carries the folder is never believed. A bundle comes in by itself
only whole, from a verified sender, in one transaction; from anybody else it waits for a person. What was put there
counts as on its way while all of it lies there. Only own files are removed: a bundle when each of its readers has
receipted it, receipts when the bundles they name are gone. Every step is whole in itself: stopped anywhere, by a
person, a pulled stick or a power cut, the next round goes on from there.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from kzdoc.bundle.reader import Opened, Reader, open_bundle
from kzdoc.bundle.sealed_receipts import FILE_SIZES, open_receipts
from kzdoc.domain.audience import Audience
from kzdoc.encoding import encode
from kzdoc.errors import BundleError, InputError, KzdocError, LedgerError, VaultError
from kzdoc.exchange import folder_memory as memory
from kzdoc.exchange.folder_files import Look, Lying, is_whole, look, mark_of, shown, taken_back, unchanged
from kzdoc.exchange.folder_memory import Arrangement, Put, PutFile, Seen
from kzdoc.exchange.folder_turns import in_turn, remember_left
from kzdoc.exchange.folder_withdrawing import held_stamp, withdraw
from kzdoc.exchange.folder_writing import PASSING, finish_writing, put_bundle, put_receipts
from kzdoc.exchange.held import own_office
from kzdoc.exchange.incoming import decided_against, reader_of, take_opened, take_receipt
from kzdoc.exchange.outgoing import verified_partner
from kzdoc.exchange.trust import UNVERIFIED, VERIFIED, state_of
from kzdoc.leaving import reader_named
from kzdoc.platform.files import on_one_disk, read_given
from kzdoc.progress import Progress, silent
from kzdoc.session import Session
from kzdoc.vault.slots import NAMES

OTHER, OWN, RECEIPT, TAKEN, NOT_FOR_US = "other", "own", "receipt", "taken", "not-for-us"
VOLUME, WAITING, PARTLY, UNRECEIPTED = "volume", "waiting", "partly", "unreceipted"
SPOILT = "bundle.damaged"
"""What a file turned out to be; else the code of a refusal."""

_SETTLED = frozenset((OTHER, OWN, RECEIPT, TAKEN, NOT_FOR_US, VOLUME))
_BY_MARK = frozenset((RECEIPT, TAKEN, NOT_FOR_US, UNRECEIPTED, PARTLY))
_BUNDLES = frozenset((TAKEN, UNRECEIPTED, PARTLY))
_NOT_FOR_US = frozenset(("bundle.not-for-you", "bundle.age-not-for-me", "bundle.forwarded"))
OPENINGS = 200
"""So many files that were not known before are opened in one round; the others wait for the next."""
"""So many bundles of one unverified sender are kept; the others stay in the folder."""
_LISTED = 100
_Present = Mapping[bytes, AbstractSet[int]]
"""The marks of what lies there, each with the sizes of the files that have it."""


@dataclass
class _Round:
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
        if seen.code in _BY_MARK:
            self.settled[seen.mark] = seen

    def is_(self, lying: Lying, mark: bytes, code: str, root: bytes = b"") -> None:
        """Note what a file is, as far as a code and a root say it."""
        self.note(Seen(lying, mark, code, root, trust=self.trust))

    def files_of(self, root: bytes) -> list[Path]:
        """Return the files of a bundle that lie here."""
        return [self.folder / one.lying.name for one in self.now.values() if one.root == root]


def arrange(
    session: Session, folder: Path, to: Sequence[str], *, audience: Audience, recipient: str = "", purpose: str = ""
) -> None:
    """Remember for whom bundles are put into a folder, as what, and why; nobody: for nobody any more.

    Raises:
        BundleError: ``contact.not-verified``, ``contact.revoked``.
        InputError: ``contact.unknown``; those of ``exchange`` (``folder.stick-out`` until it was for nobody once).
        PublicationError: ``publication.no-reader`` without a purpose, unless it stays ``internal``.
    """
    _check_folder(folder)
    if to:
        _check_stick(session, folder)
    partners = [verified_partner(session, name) for name in dict.fromkeys(to)]
    recipient = recipient or ", ".join(partner.name for partner in partners)
    if partners:
        reader_named(audience, recipient, purpose)
    numbers, apart = tuple([one.number for one in partners]), not on_one_disk(folder, session.vault.folder)
    memory.arrange(session, folder, Arrangement(numbers, audience, recipient, purpose, apart))


def exchange(
    session: Session, folder: Path, *, volume_size: int | None = None, progress: Progress = silent
) -> dict[str, Any]:
    """Do once all that there is to do in a folder and say what was done (docs/formats/exchange-folder.md, "Told").

    Raises:
        InputError: ``folder.missing``, ``file.in-vault``; ``folder.stick-out`` when the folder lay on another disk than
            the vault when it was arranged, and lies on the vault's own now: the stick is out.
        KzdocError: ``platform.…`` when the folder cannot be read; ``vault.…`` from the own vault.
        Cancelled: what was done until then is done, nothing is half done.
    """
    _check_folder(folder)
    _check_stick(session, folder)
    withdrawn = withdraw(session, folder)
    finish_writing(session, folder)
    found = look(folder, memory.draw_of(session))
    one = _begin(session, folder, found, progress)
    one.told["removed"] = withdrawn
    try:
        for number, lying in enumerate(in_turn(session, folder, found.files)):
            progress("folder.look", number, len(found.files))
            _see(one, lying)
        remember_left(session, folder, one.late)
        _take_volumes(one)
        present: dict[bytes, set[int]] = {}
        one.told["removed"] += _without_spoilt(one)
        for seen in [seen for seen in one.now.values() if seen.mark and seen.code != SPOILT]:
            present.setdefault(seen.mark, set()).add(seen.lying.size)
        whole = not (one.left or found.flooded)
        if whole:
            memory.forget_vanished(session, folder, present)
        one.told["removed"] += withdraw(session, folder)  # what came may say that something must not arrive any more
        _write(one, present, volume_size)
        _clean(one, present, whole=whole and not one.left)
    except BaseException:
        with contextlib.suppress(KzdocError):
            memory.remember_seen(session, folder, one.now.values())
        raise
    memory.remember_seen(session, folder, one.now.values())
    return _told(one, found)


def _check_stick(session: Session, folder: Path) -> None:
    """Raise ``InputError("folder.stick-out")`` when a folder of another disk is only its empty place on our own."""
    plan = memory.arrangement(session, folder)
    if plan is not None and plan.apart and on_one_disk(folder, session.vault.folder):
        raise InputError("folder.stick-out")


def _check_folder(folder: Path) -> None:
    try:
        whole = folder.resolve()
        if not whole.is_dir():
            raise InputError("folder.missing")
        if any((above / keys).exists() for above in (whole, *whole.parents) for keys in NAMES):
            raise InputError("file.in-vault")
    except OSError as error:
        raise InputError("folder.missing") from error


def _begin(session: Session, folder: Path, found: Look, progress: Progress) -> _Round:
    lying = set(found.files)
    before = {name: seen for name, seen in memory.seen(session, folder).items() if seen.lying in lying}
    put = {file.mark: file for put in memory.puts(session).values() for file in put.files}
    own = {*put, *memory.done(session), *memory.receipts_put(session)}
    partners = sorted([one.author, one.state] for one in session.vault.contacts.all())
    trust = hashlib.sha256(encode([partners, own_office(session)])).digest()[:16]
    if any(seen.code == UNRECEIPTED for seen in before.values()):
        stamp = _receipt_stamp(session, trust)
        before = {name: seen for name, seen in before.items() if seen.code != UNRECEIPTED or seen.trust == stamp}
    settled = {seen.mark: seen for seen in before.values() if seen.code in _BY_MARK and _holds(seen, trust)}
    told: dict[str, Any] = {"taken": [], "known": 0, "receipts": [], "written": None, "not_written": None}
    told |= {"receipts_written": 0, "removed": 0, "on_the_way": 0, "without": []}
    return _Round(session, folder, progress, reader_of(session), trust, before, settled, own, put, told=told)


def _receipt_stamp(session: Session, trust: bytes) -> bytes:
    """Return a hash that changes when a bundle not receipted must be looked at again: what is held here decides."""
    return hashlib.sha256(trust + held_stamp(session)).digest()[:16]


def _holds(seen: Seen, trust: bytes) -> bool:
    """Return whether what a file was found to be still stands: most of it does whoever is trusted."""
    return seen.code in (*_SETTLED, UNRECEIPTED) or seen.trust == trust


def _see(one: _Round, lying: Lying) -> None:
    """Find out what a file is; take in what is in it when it may come in."""
    before = one.before.get(lying.name)
    mark = before.mark if before else mark_of(one.folder / lying.name)
    if not mark or mark in one.own:
        one.is_(lying, mark, _own(one, lying, mark, before) if mark else OTHER)
    elif before and _holds(before, one.trust):
        one.now[lying.name] = before
        one.told["known"] += before.code in _BUNDLES
    elif mark in one.settled:
        one.note(replace(one.settled[mark], lying=lying))
        one.told["known"] += one.settled[mark].code in _BUNDLES
    elif one.opened == OPENINGS:
        one.left += 1
        one.late.append(lying)
    else:
        one.opened += 1
        _try(one, lying, mark)


def _own(one: _Round, lying: Lying, mark: bytes, before: Seen | None) -> str:
    """Return what a file of ours is: one that was spoilt behind its beginning is nothing that is on its way."""
    if before is not None and before.code in (OWN, SPOILT):
        return before.code
    put = one.put.get(mark)
    spoilt = put is not None and lying.size == put.size and not is_whole(one.folder / lying.name, put.digest)
    return SPOILT if spoilt else OWN


def _try(one: _Round, lying: Lying, mark: bytes) -> None:
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


def _refused(one: _Round, lying: Lying, mark: bytes, error: KzdocError) -> None:
    if error.code in _NOT_FOR_US:
        one.is_(lying, mark, NOT_FOR_US)
    elif error.code in PASSING or not unchanged(one.folder, lying):
        one.left += 1
    else:
        one.is_(lying, mark, error.code)


def _open_receipts(one: _Round, lying: Lying, mark: bytes) -> None:
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


def _take(one: _Round, files: Sequence[Path], opened: Opened) -> str:
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
    told = take_opened(session, files, opened, receipted=True, progress=one.progress)
    if told["already"]:
        one.told["known"] += 1
        return TAKEN
    one.told["taken"].append(told)
    return TAKEN if told["whole"] else PARTLY


def _take_volumes(one: _Round) -> None:
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


def _without_spoilt(one: _Round) -> int:
    """Remove files of ours that were spoilt; what was in them goes once more."""
    spoilt = {name: seen.mark for name, seen in one.now.items() if seen.code == SPOILT and seen.mark in one.put}
    gone = taken_back(one.folder, spoilt)
    for name in gone:
        del one.now[name]
    return len(gone)


def _write(one: _Round, present: _Present, volume_size: int | None) -> None:
    """Put receipts and a bundle there; what the medium refuses is told, and everything else stays done."""
    coming = [put.root for put in memory.puts(one.session).values() if put.lies_whole(present)]
    one.told["on_the_way"] = len(coming)
    try:
        wanted = _to_receipt(one, present)
        given, later = put_receipts(one.session, one.folder, wanted)
        one.told["receipts_written"] = len(given)
        one.left += len(later)
        refused = wanted.keys() - given - later
        stamp = _receipt_stamp(one.session, one.trust) if refused else b""
        for seen in [seen for seen in one.now.values() if seen.root in refused]:
            one.note(replace(seen, code=UNRECEIPTED, trust=stamp))
        plan = memory.arrangement(one.session, one.folder)
        partners = [one.session.vault.contacts.numbered(number) for number in plan.to] if plan else []
        verified = [partner for partner in partners if partner is not None and partner.state == VERIFIED]
        one.told["without"] = sorted(partner.name for partner in partners if partner and partner not in verified)
        if plan and verified:
            one.told["written"] = put_bundle(
                one.session,
                one.folder,
                verified,
                plan,
                on_the_way=coming,
                volume_size=volume_size,
                progress=one.progress,
            )
    except KzdocError as error:
        if not error.code.startswith(("platform.", "bundle.")):
            raise
        code = "folder.not-writable" if error.code == "platform.no-access" else error.code
        one.told["not_written"] = {**error.params, "code": code}


def _to_receipt(one: _Round, present: _Present) -> dict[bytes, list[Path]]:
    """Return the bundles that lie here taken in whole, and which no receipt of ours that lies here names."""
    named = {root for mark, roots in memory.receipts_put(one.session).items() if mark in present for root in roots}
    taken = {seen.root for seen in one.now.values() if seen.code == TAKEN}
    return {root: one.files_of(root) for root in sorted(taken - named)}


def _clean(one: _Round, present: _Present, *, whole: bool) -> None:
    """Remove own files nobody needs any more; receipts only when everything that lies here was looked at."""
    session = one.session
    for put in memory.puts(session).values():
        if _receipted(session, put):
            memory.done_with(session, put)
    bundles = {seen.root for seen in one.now.values() if seen.code in (*_BUNDLES, VOLUME, WAITING)}
    receipts = {mark for mark, roots in memory.receipts_put(session).items() if not bundles.intersection(roots)}
    receipts = receipts & present.keys() if whole else set()
    going = receipts | (set(memory.done(session)) & present.keys())
    files = {seen.lying.name: seen.mark for seen in one.now.values() if seen.mark in going}
    gone = taken_back(one.folder, files)
    for mark in receipts - {mark for name, mark in files.items() if name not in gone}:
        memory.remember_receipts(session, one.folder, mark, ())
    one.told["removed"] += len(gone)


def _receipted(session: Session, put: Put) -> bool:
    """Return whether every reader of a bundle has receipted it; one who is not trusted any more is not waited for."""
    for number, _, received in session.vault.sent.recipients_of(put.root):
        contact = session.vault.contacts.numbered(number)
        if not received and contact is not None and contact.state == VERIFIED:
            return False
    return True


def _told(one: _Round, found: Look) -> dict[str, Any]:
    """Say what was done and what lies there."""
    codes = [seen.code for seen in one.now.values()]
    refused = [
        {"file": shown(seen.lying.name), "code": seen.code}
        for seen in one.now.values()
        if seen.code not in (*_SETTLED, WAITING, PARTLY)
    ]
    volumes: dict[bytes, set[int]] = {}
    of: dict[bytes, int] = {}
    for seen in one.now.values():
        if seen.code == VOLUME:
            volumes.setdefault(seen.root, set()).add(seen.number)
            of[seen.root] = seen.volumes
    unfinished = [
        {"bundle": root.hex(), "missing": sorted(set(range(1, of[root] + 1)) - here), "of": of[root]}
        for root, here in volumes.items()
    ]
    kept = {row.id for row in one.session.vault.quarantine.all()}
    waiting = {
        seen.root: {
            "sender": one.session.author_name(seen.sender),
            "bundle": seen.root.hex(),
            "kept": seen.root in kept,
        }
        for seen in one.now.values()
        if seen.code == WAITING
    }
    return {
        **one.told,
        "waiting": list(waiting.values()),
        "unfinished": unfinished,
        "refused": refused[:_LISTED],
        "refused_more": max(0, len(refused) - _LISTED),
        "not_for_us": codes.count(NOT_FOR_US),
        "other_files": found.others + codes.count(OTHER),
        "left": one.left,
        "too_many": found.flooded,
        "safe_to_pull": one.told["not_written"] is None,
    }
