"""Bundles from partners: looked into, taken in, receipted.

Rules: a bundle comes in from a verified partner only, whole, in one transaction; one from an unverified partner waits
in quarantine as it came, sealed. Revisions of authors unknown here come in under the word of the verified sender who
introduces them. A look inside is a taking-in that is rolled back.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import Any, NoReturn

from kzdoc.browsing import Naming
from kzdoc.bundle.reader import Opened, open_bundle
from kzdoc.bundle.sequence import Standing, standing
from kzdoc.errors import BundleError, InputError
from kzdoc.exchange.arriving import EVERYTHING, FILE_ALONE, Arriving, Choice, listed
from kzdoc.exchange.governing import resolved
from kzdoc.exchange.held import note_office
from kzdoc.exchange.leaving_out import by_itself, coming_again, keep_left_out
from kzdoc.exchange.notices import receive
from kzdoc.exchange.receipting import keep_receipt
from kzdoc.exchange.rehearsing import conflict_count, rehearsal
from kzdoc.exchange.restored import note_older
from kzdoc.exchange.taking_back import BACK, when_taken_again
from kzdoc.exchange.taking_back import standing as back_or_in
from kzdoc.exchange.trust import REVOKED, VERIFIED, follow_trust, reader_of, state_of, vouch_by_bringing
from kzdoc.matching import likely
from kzdoc.platform.files import read_given
from kzdoc.progress import Progress, silent
from kzdoc.session import Session
from kzdoc.vault.store import ONLY_HERE

QUARANTINE_LIMIT = 64 * 2**20
WAITING_MOST = 16
"""So many bundles of one sender who is not verified wait in quarantine."""
LEFT_OUT = "left_out"
"""Among the counts kept of a bundle: how many records a person left out of it."""
UNVERIFIED_SENDER, REST = "unverified-sender", "rest"
BUNDLES = frozenset((UNVERIFIED_SENDER, REST))
"""Why a bundle lies in quarantine: its sender is not verified, or only some of it was taken in."""
COPIED = "copied"
DOUBLES_AMONG = 300
ROOT_DIGITS = 64
NOT_TOLD_YET = ("new", "changed", "conflicts", "doubles", "withheld", "withdrawn")
"""What cannot be told of a bundle before all its parts are here."""


def inspect(
    session: Session, files: Sequence[Path], *, listed_too: bool = False, progress: Progress = silent
) -> dict[str, Any]:
    """Say what is inside a bundle and what taking it in would do; nothing is changed.

    With ``listed_too`` the records it is about come as ``records``: each its id, kind, title, whether it is
    new, and which other new ones it names.
    While parts are missing the counts are None: what is new cannot be told before all of it is here.
    """
    with open_bundle(files, reader=reader_of(session), progress=progress) as opened:
        state = state_of(session, opened.sender)
        stands = _standing(session, opened)
        told: dict[str, Any] = {
            "sender": session.author_name(opened.sender),
            "bundle": opened.root.hex(),
            "state": state,
            "new": 0,
            "changed": 0,
            "conflicts": 0,
            "doubles": 0,
            "withheld": 0,
            "withdrawn": 0,
            "own_elsewhere": 0,
            "refused": [],
            "left_out_before": [],
            "already": stands is Standing.ALREADY,
            "standing": stands.value,
            "volumes": len(opened.present) + len(opened.missing),
            "volumes_here": list(opened.present),
            "volumes_missing": list(opened.missing),
        }
        with rehearsal(session):
            arriving = Arriving(session, opened, keep_blobs=False, progress=progress)
            told |= _judge(session, arriving, root=opened.root, sender=opened.sender)
            if state == VERIFIED:
                told |= receive(session, arriving.notices, arriving.erased, opened.sender)
            told |= {"refused": arriving.refused(), "doubles": _doubles(session, arriving.new)}
            told["left_out_before"] = coming_again(session, opened, arriving.new | arriving.changed)
            told["standing"] = _shown(session, opened, stands)
            told = when_taken_again(session, told, progress=progress)
            if listed_too:
                told["records"] = arriving.listed(session.records, Naming(session))
        if opened.missing:
            told |= dict.fromkeys([*NOT_TOLD_YET, *["records"] * listed_too]) | {"refused": []}
    return told


def rehearse(session: Session, opened: Opened, *, progress: Progress) -> dict[str, Any]:
    """Take a verified sender's bundle in, inside the caller's transaction, who rolls it back; return what that did.

    What a person left out of his bundles before stays out (``left_out_before``). Raises as ``take`` does.
    """
    stands = _standing(session, opened)
    told: dict[str, Any] = {"already": stands is Standing.ALREADY, "standing": stands.value}
    if stands is Standing.ALREADY:
        return told | dict.fromkeys(NOT_TOLD_YET, 0) | {"inside_refused": 0, "left_out_before": []}
    if stands is Standing.JUMP:
        raise BundleError("bundle.jump")
    choice = resolved(session, opened, by_itself(session, opened.sender), progress)
    arriving = Arriving(session, opened, keep_blobs=False, progress=progress, choice=choice)
    counts = _judge(session, arriving, root=opened.root, sender=opened.sender)
    receive(session, arriving.notices, arriving.erased, opened.sender)
    doubles, refused, out = _doubles(session, arriving.new), arriving.refused(), arriving.not_chosen()
    _note_taken(session, opened, counts, left_out=len(out), whole=not out and _is_whole(session, refused))
    told |= {"doubles": doubles, "inside_refused": len(refused), "left_out_before": out}
    return told | counts | {"standing": _shown(session, opened, stands)}


def _judge(session: Session, arriving: Arriving, *, root: bytes, sender: bytes) -> dict[str, int]:
    """Accept inside the caller's transaction and count what that did."""
    follow_trust(session)
    before = conflict_count(session)
    changes = arriving.take(root)
    arriving.changed = changes.records - arriving.new
    session.vault.whereabouts.follow_more(changes.records - arriving.new)
    if arriving.came > len(changes.revisions):  # what was here already, or as a skeleton, the sender has too
        session.vault.whereabouts.follow_more(arriving.known | arriving.new, marked=ONLY_HERE)
    for author, label in arriving.introduced.items():
        session.introduce(author, label, sender)
    vouch_by_bringing(session, arriving.authors, sender)
    follow_trust(session)
    return {
        "new": len(arriving.new & changes.records),
        "changed": len(changes.records - arriving.new),
        "conflicts": max(0, conflict_count(session) - before),
        "withheld": arriving.withheld,
        "withdrawn": arriving.withdrawn(session.records),
        "own_elsewhere": arriving.own_elsewhere,
    }


def _doubles(session: Session, new: AbstractSet[bytes]) -> int:
    """Return how many of the people who come may be somebody known here; of a great many, among the first."""
    return len({record for record, _ in likely(session, sorted(new)[:DOUBLES_AMONG])})


def _standing(session: Session, opened: Opened) -> Standing:
    before = session.vault.taken_in.bundle(opened.root)
    if before is not None and before.whole:
        return Standing.ALREADY
    taken = session.vault.taken_in.taken_from(opened.sender, but=opened.root)
    return standing(opened.sequence, opened.root, opened.previous, taken=taken)


def _shown(session: Session, opened: Opened, stands: Standing) -> str:
    """Return where a bundle stands in words that accuse nobody.

    A vault restored from a backup, or copied, numbers its bundles anew from where the copy was made. Only when the
    sender signed two revisions of one number in one chain, which no copy does, is it called a fork.
    """
    if stands is not Standing.FORK:
        return stands.value
    forked = {author for author, _, _ in session.vault.chains.forks()}
    return stands.value if opened.sender in forked else COPIED


def root_of(session: Session, named: str) -> bytes:
    """Return the root of a bundle named by its root in hexadecimal digits, or by a file of it.

    Raises as opening does, and ``InputError("bundle.not-taken-in")`` when it is neither.
    """
    if len(named) == ROOT_DIGITS:
        with contextlib.suppress(ValueError):
            return bytes.fromhex(named)
    if not Path(named).exists():
        raise InputError("bundle.not-taken-in")
    with open_bundle([Path(named)], reader=reader_of(session), progress=silent) as opened:
        return opened.root


def take(
    session: Session, files: Sequence[Path], *, choice: Choice = EVERYTHING, progress: Progress = silent
) -> dict[str, Any]:
    """Take a bundle in: all that may come in, in one transaction, or nothing.

    With a choice what is about none of the chosen records stays out (``not_chosen``), but for what governing.py says;
    then the bundle is not whole, has no receipt, and may be taken in again for the rest: one small file waits for that
    in quarantine (``rest_waits``).

    Raises:
        BundleError: with the codes of docs/formats/bundle.md; ``bundle.unverified-sender`` (the file waits in
            quarantine), ``bundle.unverified-not-kept`` (it cannot), ``bundle.revoked-sender``,
            ``bundle.volumes-missing``, ``bundle.jump``.
        InputError: ``bundle.not-in-it``.
        Cancelled: nothing was changed.
    """
    with open_bundle(files, reader=reader_of(session), progress=progress) as opened:
        told = take_opened(session, files, opened, receipted=False, choice=choice, progress=progress)
    return when_taken_again(session, told, progress=progress)


def take_opened(
    session: Session,
    files: Sequence[Path],
    opened: Opened,
    *,
    receipted: bool,
    progress: Progress,
    choice: Choice = EVERYTHING,
) -> dict[str, Any]:
    """Take in a bundle that was opened; ``receipted`` also keeps its receipt, if all that it brought is here then.

    Raises as ``take`` does.
    """
    stands = _standing(session, opened)
    told = {"sender": session.author_name(opened.sender), "bundle": opened.root.hex()}
    if stands is Standing.ALREADY:
        return {**told, **_nothing_new(), "standing": stands.value}
    state = state_of(session, opened.sender)
    if state == REVOKED:
        raise BundleError("bundle.revoked-sender")
    if state != VERIFIED:
        _put_in_quarantine(session, files, opened)
    if opened.missing:
        raise BundleError("bundle.volumes-missing", n=len(opened.missing), which=listed(opened.missing))
    if stands is Standing.JUMP:
        raise BundleError("bundle.jump")
    try:
        with session.vault.transaction():
            chains, by_hand = session.vault.chains.of_author(opened.sender), not choice.as_before
            choice = resolved(session, opened, choice, progress)
            arriving = Arriving(session, opened, keep_blobs=True, progress=progress, remember=receipted, choice=choice)
            counts = _judge(session, arriving, root=opened.root, sender=opened.sender)
            refused = arriving.refused()
            notices = receive(session, arriving.notices, arriving.erased, opened.sender)
            left_out, named = arriving.not_chosen(), arriving.named_outside(session.records)
            again = coming_again(session, opened, arriving.new | arriving.changed)
            keep_left_out(session, opened.sender, spoken_of=arriving.spoken_of(), out=left_out)
            whole = not left_out and _is_whole(session, refused)
            _note_taken(session, opened, counts, left_out=len(left_out), whole=whole)
            keep = left_out and (by_hand or not _rest_waits(session, opened))  # else they would pile up
            rest_waits = bool(keep) and quarantined(session, files, opened, reason=REST)
            note_older(session, opened, chains, forked=stands is Standing.FORK)
            if receipted and whole and arriving.brought is not None:
                keep_receipt(session, opened, arriving.brought, arriving.files)
    finally:
        session.blobs.finish_forgetting()
    shown = {"refused": refused, "not_chosen": left_out, "left_out_before": again, "named_outside": named}
    shown |= {"along": sorted(one.hex() for one in choice.along), "rest_waits": rest_waits, "whole": whole}
    return {**told, "already": False, **counts, **notices, **shown, "standing": _shown(session, opened, stands)}


def _nothing_new() -> dict[str, Any]:
    """Return what is told of a bundle all of which was taken in before: the keys of one taken in now."""
    counts = {"new": 0, "changed": 0, "conflicts": 0, "withheld": 0, "withdrawn": 0, "own_elsewhere": 0}
    notices: dict[str, Any] = {
        "roster": None,
        "alerts": [],
        "successions": [],
        "asked_to_forget": 0,
        "notices_refused": [],
    }
    return {
        "already": True,
        **counts,
        **notices,
        "refused": [],
        "not_chosen": [],
        "left_out_before": [],
        "named_outside": [],
        "along": [],
        "rest_waits": False,
        "whole": True,
    }


def _is_whole(session: Session, refused: Sequence[Mapping[str, str]]) -> bool:
    """Return whether nothing stayed out but files that nothing here speaks of where words were forgotten."""
    codes = {one["code"] for one in refused}
    return not codes or (codes == {FILE_ALONE} and bool(session.vault.chains.erased()))


def _note_taken(session: Session, opened: Opened, counts: dict[str, int], *, left_out: int, whole: bool) -> None:
    before = session.vault.taken_in.bundle(opened.root)
    told = {name: n + (before.counts.get(name, 0) if before else 0) for name, n in counts.items()}
    session.vault.taken_in.note(
        opened.root,
        sender=opened.sender,
        sequence=opened.sequence,
        whole=whole,
        counts=told | {LEFT_OUT: left_out},
    )
    session.vault.quarantine.drop(opened.root)
    if opened.office:
        note_office(session, opened.sender, opened.office)


def decided_against(session: Session, root: bytes) -> str:
    """Return the code of why a bundle nobody names does not come in by itself: a person took it back or left some out.

    Empty when nobody did.
    """
    before = session.vault.taken_in.bundle(root)
    if before is None:
        return ""
    if session.vault.brought.takings() and back_or_in(session, root) == BACK:
        return "bundle.taken-back"
    return "bundle.left-out" if before.counts.get(LEFT_OUT) else ""


def _put_in_quarantine(session: Session, files: Sequence[Path], opened: Opened) -> NoReturn:
    kept = quarantined(session, files, opened)
    raise BundleError("bundle.unverified-sender" if kept else "bundle.unverified-not-kept")


def quarantined(session: Session, files: Sequence[Path], opened: Opened, *, reason: str = UNVERIFIED_SENDER) -> bool:
    """Keep a bundle of one small file in quarantine as it came; return whether it was kept.

    Of somebody who is not verified so many wait at most: nobody fills a vault from outside.
    """
    if len(files) != 1:
        return False
    waiting = [one for one in session.vault.quarantine.all() if one.sender == opened.sender and one.id != opened.root]
    if reason == UNVERIFIED_SENDER and len(waiting) >= WAITING_MOST:
        return False
    try:
        content = read_given(files[0], limit=QUARANTINE_LIMIT)
    except InputError as error:
        if error.code != "file.too-large":
            raise
        return False
    session.vault.quarantine.put(opened.root, sender=opened.sender, reason=reason, content=content)
    return True


def _rest_waits(session: Session, opened: Opened) -> bool:
    """Return whether the rest of another bundle of the sender waits."""
    waiting = [(one.sender, one.reason) for one in session.vault.quarantine.all() if one.id != opened.root]
    return (opened.sender, REST) in waiting
