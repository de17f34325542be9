"""Several bundles at once, off a stick, out of a folder or as many files: one preview of all, taken in one by one.

Rules: volumes come together by what they say they are, in whatever order they lie. The preview takes in all that may
come, in the order their senders made them, and rolls that back: each count is of what its bundle adds to those before
it (``counted`` is ``after``), and of what may not come of what it alone would add (``alone``). Taking in, each bundle
is one step of its own: one that is refused keeps no other from coming, and whoever stops it keeps what came whole.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from kzdoc.bundle.reader import Opened, Reader, open_bundle
from kzdoc.bundle.sealed_receipts import FILE_SIZES, open_receipts
from kzdoc.errors import BundleError, Cancelled, InputError, KzdocError, LedgerError, VaultError
from kzdoc.exchange import incoming, receipting, trust
from kzdoc.exchange.arriving import EVERYTHING
from kzdoc.exchange.finding import Found, find
from kzdoc.exchange.leaving_out import by_itself
from kzdoc.exchange.rehearsing import rehearsal
from kzdoc.exchange.taking_back import when_taken_again
from kzdoc.exchange.trust import UNVERIFIED, VERIFIED, state_of
from kzdoc.platform.files import read_given
from kzdoc.progress import Progress, silent
from kzdoc.session import Session

COUNTS = ("new", "changed", "conflicts", "doubles", "withheld", "withdrawn")
AGAIN = 5
"""So often the preview begins anew without a bundle that turned out bad inside; after that nothing is counted."""
_NOTHING = dict.fromkeys(COUNTS, 0) | {"already": True, "standing": "already", "inside_refused": 0}
"""What is told of a bundle that was taken back here."""
_NOT_FOR_US = frozenset(("bundle.not-for-you", "bundle.age-not-for-me", "bundle.forwarded"))
_REFUSALS = (BundleError, InputError, LedgerError)


@dataclass(slots=True)
class Lying:
    """A bundle that lies there: its volumes' files by number, and what is told of it."""

    root: bytes
    by: bytes
    sequence: int
    files: dict[int, Path]
    told: dict[str, Any]

    @property
    def volumes(self) -> list[Path]:
        """Its files in order."""
        return [self.files[number] for number in sorted(self.files)]

    @property
    def comes(self) -> bool:
        """Whether it may come in and something of it is not here."""
        return not self.told["why"] and not self.told["already"]


@dataclass(slots=True)
class Several:
    """What lies there: bundles in the order they are taken in, receipts, and what is neither."""

    bundles: list[Lying] = field(default_factory=list)
    receipts: list[dict[str, Any]] = field(default_factory=list)
    receipt_files: list[Path] = field(default_factory=list)
    refused: list[dict[str, Any]] = field(default_factory=list)
    not_for_us: int = 0
    passed_over: int = 0
    copies: int = 0
    """Files with a part that another file has, too."""
    found: Found = field(default_factory=Found)

    def document(self) -> dict[str, Any]:
        """Return it as it is told (docs/cli.md, "bundle inspect")."""
        coming = [one.told for one in self.bundles if one.comes]
        counted = [one for one in coming if one["new"] is not None]
        totals = {name: sum(one[name] for one in counted) for name in COUNTS}
        return {
            "bundles": [one.told for one in self.bundles],
            "come": len(coming),
            "totals": totals,
            "receipts": self.receipts,
            **self.others(),
        }

    def others(self) -> dict[str, Any]:
        """Return what lies there beside bundles and receipts."""
        return {
            "refused": self.refused,
            "receipts_passed_over": self.passed_over,
            "not_for_us": self.not_for_us,
            "copies": self.copies,
            "other_files": self.found.others,
            "named": self.found.named,
            "links": self.found.links,
            "vaults": self.found.vaults,
            "too_many": self.found.more,
        }


def look(session: Session, paths: Sequence[Path], *, progress: Progress = silent) -> Several:
    """Return what lies in folders and among files, and what taking it in would do; nothing is changed.

    Raises ``InputError("file.not-read")`` when what was named is not there; ``Cancelled``.
    """
    several = group(session, paths, progress=progress)
    foresee(session, several, progress=progress)
    return several


def foresee(session: Session, several: Several, *, progress: Progress = silent) -> None:
    """Find out what taking it in would do; nothing is changed. Raises ``Cancelled``."""
    again = AGAIN
    while not _rehearsed(session, several, again, progress):
        again -= 1
    for one in several.bundles:
        if one.told["why"] in ("bundle.unverified-sender", "bundle.jump", "bundle.left-out"):
            _count_alone(session, one, _within(partial(progress, "several.look", 0, 0)))


def group(session: Session, paths: Sequence[Path], *, progress: Progress = silent) -> Several:
    """Return what lies there, volumes put together, nothing counted. Raises as ``look`` does."""
    several = Several(found=find(paths, draw=session.randomness(16), progress=progress))
    several.receipt_files = several.found.receipts
    reader = trust.reader_of(session)
    by_root: dict[bytes, Lying] = {}
    for number, path in enumerate(several.found.sealed):
        here = partial(progress, "several.open", number, len(several.found.sealed))
        try:
            with open_bundle([path], reader=reader, progress=_within(here)) as opened:
                lying = by_root.setdefault(opened.root, _lying(session, opened))
                several.copies += opened.present[0] in lying.files
                lying.files.setdefault(opened.present[0], path)
        except Cancelled:
            raise
        except KzdocError as error:
            if error.code in _NOT_FOR_US:
                several.not_for_us += 1
            else:
                several.refused.append(_refusal(error, file=several.found.told(path)))
    several.bundles = sorted(by_root.values(), key=lambda one: (one.told["sender"], one.by, one.sequence))
    for one in several.bundles:
        _complete(one, several.found)
        if not one.told["why"] and incoming.decided_against(session, one.root) == "bundle.left-out":
            one.told["why"] = "bundle.left-out"
    return several


def take(
    session: Session, several: Several, *, chosen: AbstractSet[bytes] | None = None, progress: Progress = silent
) -> dict[str, Any]:
    """Take in the bundles that lie there, or those of these roots, and note the receipts; return what was done.

    Each bundle comes in by itself, whole or not at all. What stops it (``stopped``: a code) leaves what came until
    then. What may not come is told with its reason; a bundle of an unverified sender waits in quarantine if it can.
    ``known`` counts those in force already, ``taken_back`` are those set aside here, which stay so.
    """
    told: dict[str, Any] = {"taken": [], "known": 0, "taken_back": [], "not_taken": [], "receipts": [], "stopped": ""}
    wanted = [one for one in several.bundles if chosen is None or one.root in chosen]
    try:
        for number, one in enumerate(wanted):
            inner = _within(partial(progress, "several.take", number, len(wanted)))
            _take_one(session, one, told, inner, by_name=chosen is not None)
        told["receipts"] = _note_receipts(session, several, progress)
    except VaultError as error:
        told["stopped"] = error.code
    except (Cancelled, KeyboardInterrupt):  # at the window, at the command line
        told["stopped"] = Cancelled().code
    waiting = {row.id for row in session.vault.quarantine.all()}
    for one in told["not_taken"]:
        one["waits"] = bytes.fromhex(one["bundle"]) in waiting
    return told | several.others()


def _lying(session: Session, opened: Opened) -> Lying:
    told: dict[str, Any] = {
        "bundle": opened.root.hex(),
        "sender": session.author_name(opened.sender),
        "state": state_of(session, opened.sender),
        "day": opened.day,
        "number": opened.sequence,
        "volumes": len(opened.present) + len(opened.missing),
        "already": False,
        "standing": "",
        "why": "",
        "counted": "",
        "left_out_before": [],
        **dict.fromkeys(COUNTS),
    }
    return Lying(opened.root, opened.sender, opened.sequence, {}, told)


def _complete(one: Lying, found: Found) -> None:
    """Say which volumes are here and, as far as that alone tells, why it cannot come."""
    told = one.told
    told["files"] = [found.told(path) for path in one.volumes]
    told["volumes_here"] = sorted(one.files)
    told["volumes_missing"] = sorted(set(range(1, told["volumes"] + 1)) - one.files.keys())
    if told["state"] != VERIFIED:
        told["why"] = "bundle.unverified-sender" if told["state"] == UNVERIFIED else "bundle.revoked-sender"
    elif told["volumes_missing"]:
        told["why"] = "bundle.volumes-missing"


def _rehearsed(session: Session, several: Several, again: int, progress: Progress) -> bool:
    """Take in all that may come and roll it back; return False when it must be begun anew without one that is bad."""
    wanted = [one for one in several.bundles if not one.told["why"] or one.told["why"] == "bundle.jump"]
    reader, whole = trust.reader_of(session), True
    with rehearsal(session):
        for number, one in enumerate(wanted):
            one.told["why"] = ""
            try:
                if again:
                    _rehearse_one(session, one, reader, _within(partial(progress, "several.look", number, len(wanted))))
            except _REFUSALS as error:
                one.told |= {"why": error.code, "standing": "", "counted": ""}
                if error.code != "bundle.jump":
                    whole = False
                    break
        several.receipts = _note_receipts(session, several, progress) if whole else []
    return whole


def _rehearse_one(session: Session, one: Lying, reader: Reader, progress: Progress) -> None:
    with open_bundle(one.volumes, reader=reader, progress=progress) as opened:
        if opened.root != one.root:
            raise BundleError("bundle.contents")
        back = incoming.decided_against(session, one.root) == "bundle.taken-back"
        one.told |= _NOTHING if back else incoming.rehearse(session, opened, progress=progress)
    one.told["counted"] = "after"


def _count_alone(session: Session, one: Lying, progress: Progress) -> None:
    """Count what may not come as if it alone came."""
    if one.told["volumes_missing"]:
        return
    try:
        seen = incoming.inspect(session, one.volumes, progress=progress)
    except _REFUSALS as error:
        one.told["why"] = error.code
        return
    one.told |= {name: seen[name] for name in (*COUNTS, "already", "standing")} | {"counted": "alone"}


def _take_one(session: Session, one: Lying, told: dict[str, Any], progress: Progress, *, by_name: bool) -> None:
    """Take one bundle in and tell what became of it; raises ``Cancelled`` and what the vault itself raises.

    What was taken back here, or left out by a person, comes only when it was chosen by name: a stick that still
    carries it changes nothing. So it is with records left out of an earlier bundle of that sender.
    """
    row = {"bundle": one.root.hex(), "sender": one.told["sender"], "files": one.told["files"]}
    against = "" if by_name else incoming.decided_against(session, one.root)
    if against:
        told["taken_back" if against == "bundle.taken-back" else "not_taken"].append(
            row if against == "bundle.taken-back" else row | {"code": against}
        )
        return
    try:
        with open_bundle(one.volumes, reader=trust.reader_of(session), progress=progress) as opened:
            if opened.root != one.root:
                raise BundleError("bundle.contents")
            choice = EVERYTHING if by_name else by_itself(session, opened.sender)
            done = incoming.take_opened(session, one.volumes, opened, receipted=True, choice=choice, progress=progress)
        done = when_taken_again(session, done, progress=progress) if by_name else done
    except (Cancelled, VaultError):
        raise
    except KzdocError as error:
        told["not_taken"].append(row | _refusal(error))
        return
    if done["already"]:
        told["known"] += 1
    else:
        told["taken"].append(done | {"files": one.told["files"]})


def _note_receipts(session: Session, several: Several, progress: Progress) -> list[dict[str, Any]]:
    """Note the receipts that lie there; own ones, and those nobody here can judge, are counted as passed over."""
    noted: list[dict[str, Any]] = []
    several.passed_over = 0
    for number, file in enumerate(several.receipt_files):
        here = partial(progress, "several.receipts", number, len(several.receipt_files))
        try:
            texts = _texts(session, file, here)
        except _REFUSALS:
            several.passed_over += 1
            continue
        found = [_note_receipt(session, text) for text in texts]
        noted += [one for one in found if one is not None]
        several.passed_over += found.count(None)
    return noted


def _note_receipt(session: Session, text: bytes) -> dict[str, Any] | None:
    try:
        return receipting.take_receipt(session, text)
    except KzdocError as error:
        if not isinstance(error, _REFUSALS) and error.code != "vault.receipt-unknown":
            raise
        return None


def _texts(session: Session, file: Path, here: Callable[[], None]) -> list[bytes]:
    data = read_given(file, limit=max(FILE_SIZES))
    if len(data) not in FILE_SIZES:
        return [data]
    return open_receipts(data, seed=session.identity().seed, progress=_within(here))


def _refusal(error: KzdocError, **more: Any) -> dict[str, Any]:
    return {**error.params, **more, "code": error.code}


def _within(here: Callable[[], None]) -> Progress:
    """Return a progress for the work inside one bundle: how far that is is not told, for the bundles are counted."""

    def tell(step: str, done: int, total: int) -> None:
        del step, done, total
        here()

    return tell
