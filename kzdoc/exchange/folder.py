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
from dataclasses import replace
from pathlib import Path
from typing import Any

from kzdoc.domain.audience import Audience
from kzdoc.encoding import encode
from kzdoc.errors import InputError, KzdocError
from kzdoc.exchange import folder_memory as memory
from kzdoc.exchange import folder_seeing as seeing
from kzdoc.exchange.folder_files import Look, look, shown, taken_back
from kzdoc.exchange.folder_memory import Arrangement, Put
from kzdoc.exchange.folder_seeing import SPOILT, VOLUME, WAITING, Round
from kzdoc.exchange.folder_turns import in_turn, remember_left
from kzdoc.exchange.folder_withdrawing import withdraw
from kzdoc.exchange.folder_writing import finish_writing, put_bundle, put_receipts
from kzdoc.exchange.held import own_office
from kzdoc.exchange.outgoing import verified_partner
from kzdoc.exchange.trust import VERIFIED, reader_of
from kzdoc.leaving import reader_named
from kzdoc.platform.files import on_one_disk
from kzdoc.progress import Progress, silent
from kzdoc.session import Session
from kzdoc.vault.slots import NAMES

_LISTED = 100
_Present = Mapping[bytes, AbstractSet[int]]
"""The marks of what lies there, each with the sizes of the files that have it."""


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
    one.told["removed"] = one.told["withdrawn"] = withdrawn
    try:
        for number, lying in enumerate(in_turn(session, folder, found.files)):
            progress("folder.look", number, len(found.files))
            seeing.see(one, lying)
        remember_left(session, folder, one.late)
        seeing.take_volumes(one)
        present: dict[bytes, set[int]] = {}
        one.told["removed"] += _without_spoilt(one)
        for seen in [seen for seen in one.now.values() if seen.mark and seen.code != SPOILT]:
            present.setdefault(seen.mark, set()).add(seen.lying.size)
        whole = not (one.left or found.flooded)
        if whole:
            memory.forget_vanished(session, folder, present)
        again = withdraw(session, folder)  # what came may say that something must not arrive any more
        one.told["removed"], one.told["withdrawn"] = one.told["removed"] + again, one.told["withdrawn"] + again
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


def _begin(session: Session, folder: Path, found: Look, progress: Progress) -> Round:
    lying = set(found.files)
    before = {name: seen for name, seen in memory.seen(session, folder).items() if seen.lying in lying}
    put = {file.mark: file for put in memory.puts(session).values() for file in put.files}
    own = {*put, *memory.done(session), *memory.receipts_put(session)}
    partners = sorted([one.author, one.state] for one in session.vault.contacts.all())
    trust = hashlib.sha256(encode([partners, own_office(session)])).digest()[:16]
    if any(seen.code == seeing.UNRECEIPTED for seen in before.values()):
        stamp = seeing.receipt_stamp(session, trust)
        before = {name: seen for name, seen in before.items() if seen.code != seeing.UNRECEIPTED or seen.trust == stamp}
    settled = {seen.mark: seen for seen in before.values() if seen.code in seeing.BY_MARK and seeing.holds(seen, trust)}
    told: dict[str, Any] = {"taken": [], "known": 0, "receipts": [], "written": None, "not_written": None}
    told |= {"receipts_written": 0, "removed": 0, "withdrawn": 0, "on_the_way": 0, "without": []}
    return Round(session, folder, progress, reader_of(session), trust, before, settled, own, put, told=told)


def _without_spoilt(one: Round) -> int:
    """Remove files of ours that were spoilt; what was in them goes once more."""
    spoilt = {name: seen.mark for name, seen in one.now.items() if seen.code == SPOILT and seen.mark in one.put}
    gone = taken_back(one.folder, spoilt)
    for name in gone:
        del one.now[name]
    return len(gone)


def _write(one: Round, present: _Present, volume_size: int | None) -> None:
    """Put receipts and a bundle there; what the medium refuses is told, and everything else stays done."""
    coming = [put.root for put in memory.puts(one.session).values() if put.lies_whole(present)]
    one.told["on_the_way"] = len(coming)
    try:
        wanted = _to_receipt(one, present)
        given, later = put_receipts(one.session, one.folder, wanted)
        one.told["receipts_written"] = len(given)
        one.left += len(later)
        refused = wanted.keys() - given - later
        stamp = seeing.receipt_stamp(one.session, one.trust) if refused else b""
        for seen in [seen for seen in one.now.values() if seen.root in refused]:
            one.note(replace(seen, code=seeing.UNRECEIPTED, trust=stamp))
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


def _to_receipt(one: Round, present: _Present) -> dict[bytes, list[Path]]:
    """Return the bundles that lie here taken in whole, and which no receipt of ours that lies here names."""
    named = {root for mark, roots in memory.receipts_put(one.session).items() if mark in present for root in roots}
    taken = {seen.root for seen in one.now.values() if seen.code == seeing.TAKEN}
    return {root: one.files_of(root) for root in sorted(taken - named)}


def _clean(one: Round, present: _Present, *, whole: bool) -> None:
    """Remove own files nobody needs any more; receipts only when everything that lies here was looked at."""
    session = one.session
    for put in memory.puts(session).values():
        if _receipted(session, put):
            memory.done_with(session, put)
    bundles = {seen.root for seen in one.now.values() if seen.code in (*seeing.BUNDLES, VOLUME, WAITING)}
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


def _told(one: Round, found: Look) -> dict[str, Any]:
    """Say what was done and what lies there."""
    codes = [seen.code for seen in one.now.values()]
    refused = [
        {"file": shown(seen.lying.name), "code": seen.code}
        for seen in one.now.values()
        if seen.code not in (*seeing.SETTLED, WAITING, seeing.PARTLY)
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
        "not_for_us": codes.count(seeing.NOT_FOR_US),
        "other_files": found.others + codes.count(seeing.OTHER),
        "left": one.left,
        "too_many": found.flooded,
        "safe_to_pull": one.told["not_written"] is None,
    }
