"""What the merge desk asks of the worker: look into a bundle, take it in, let it wait, write its receipt.

A file that is a form cut short, written for headquarters, is opened as a draft and gone on with in the room of records.
Nothing is kept here; each answer comes as a signal, whatever went wrong as ``failed``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from kzdoc import direct, joining, proposing
from kzdoc.errors import KzdocError
from kzdoc.exchange import incoming, quarantine, receipting, several, trust
from kzdoc.exchange.arriving import EVERYTHING, Choice
from kzdoc.exchange.finding import is_receipt
from kzdoc.exchange.several import Several
from ui.screens.asking import ask_for_files
from ui.screens.merge_groups import Waiting
from ui.screens.merge_reading import open_conflicts, small_differences

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from PySide6.QtWidgets import QWidget

    from kzdoc.filling import Draft
    from kzdoc.progress import Progress
    from kzdoc.session import Session
    from ui.surroundings import Surroundings

RECEIPT = ".receipt"


@dataclass(frozen=True, slots=True)
class Bundle:
    """What lies on the desk: files, or a bundle of the quarantine by its root."""

    files: tuple[Path, ...] = ()
    root: bytes = b""
    seen: dict[str, Any] = field(default_factory=dict)
    contact: dict[str, str] = field(default_factory=dict)

    @property
    def why_not(self) -> str:
        """The catalogue key of why it cannot be taken in, "" when it can."""
        seen = self.seen
        if not seen:
            return "merge.why_nothing"
        if seen["already"]:
            return "merge.already"
        if seen["state"] != trust.VERIFIED:
            return f"merge.why_{seen['state']}"
        if seen["volumes_missing"]:
            return "merge.why_volumes"
        return "merge.why_jump" if seen["standing"] == "jump" else ""


class MergeActs(QObject):
    """Asks the worker."""

    looked = Signal(object)
    """The bundle with what is in it and what is known of its sender."""
    laid = Signal(object)
    """What lies on a stick, in a folder or among many files: a `several.Several`."""
    took = Signal(dict)
    took_many = Signal(dict)
    waits = Signal()
    let_go_of = Signal()
    receipted = Signal(str)
    """Where the receipt lies."""
    found = Signal(object)
    """What waits: a `merge_groups.Waiting`."""
    failed = Signal(object)
    unread = Signal(object)
    """What waits could not be read: told once, not asked again by itself."""

    def __init__(self, desk: Surroundings, parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self._parts: dict[str, tuple[Path, ...]] = {}
        """Files of bundles of which not all parts were dropped yet, by root."""

    def look(self, bundle: Bundle) -> None:
        """Look into a bundle, or into all that lies in folders and among files; nothing is changed."""
        lang, parts = self._desk.words.lang, dict(self._parts)

        def act(session: Session, progress: Progress) -> Bundle | Several | bytes:
            single = len(bundle.files) == 1 and not bundle.files[0].is_dir()
            form = direct.read_cut_short(bundle.files[0]) if single else b""
            if form:
                return form
            if bundle.files and (not single or is_receipt(bundle.files[0])):
                found = look_at_many(session, bundle.files, parts, progress)
                if isinstance(found, Several):
                    return found
                return _seen(session, Bundle(found), lang, parts, progress)
            return _seen(session, bundle, lang, parts, progress)

        self._desk.tasks.read(act, done=self._looked, failed=self.failed.emit, owner=self, label="merge.looking")

    def _looked(self, seen: Bundle | Several | bytes) -> None:
        if isinstance(seen, Bundle):
            if seen.seen.get("volumes_missing"):
                self._remember(seen.seen["bundle"], seen.files)
            self.looked.emit(seen)
            return
        if isinstance(seen, Several):
            for one in seen.bundles:
                if one.told["volumes_missing"]:
                    self._remember(one.root.hex(), one.volumes)
            self.laid.emit(seen)
            return
        self._desk.tasks.write(
            lambda session, _progress: direct.open_cut_short(session, seen),
            done=self._opened,
            failed=self.failed.emit,
            owner=self,
        )

    def _remember(self, bundle: str, files: Sequence[Path]) -> None:
        self._parts[bundle] = tuple(dict.fromkeys((*self._parts.get(bundle, ()), *files)))

    def _opened(self, draft: Draft) -> None:
        """Clear the desk and go on with the form; who wrote it is not proved, and it is said."""
        self.looked.emit(Bundle())
        self._desk.notice("merge.form_opened")
        self._desk.go("record", draft)

    def take(self, bundle: Bundle, choice: Choice = EVERYTHING) -> None:
        """Take a bundle in, or what is chosen of it; with its receipt beside it when all of it came."""

        def act(session: Session, progress: Progress) -> dict[str, Any]:
            if bundle.root:
                return quarantine.take(session, bundle.root, choice=choice, progress=progress)
            told = incoming.take(session, bundle.files, choice=choice, progress=progress)
            return told | {"receipt": _receipt_beside(session, bundle.files, told, progress)}

        self._desk.tasks.write(act, done=self.took.emit, failed=self.failed.emit, owner=self, label="merge.taking")

    def take_many(self, lies: Several, chosen: set[bytes]) -> None:
        """Take in those bundles of what lies there, each by itself, with the receipts beside them."""

        def act(session: Session, progress: Progress) -> dict[str, Any]:
            told = several.take(session, lies, chosen=chosen, progress=progress)
            files = {one.root.hex(): one.volumes for one in lies.bundles}
            for one in told["taken"]:
                one["receipt"] = Path(_kept_receipt_beside(session, files[one["bundle"]], one)).name
            return told

        self._desk.tasks.write(act, done=self.took_many.emit, failed=self.failed.emit, owner=self, label="merge.taking")

    def let_wait(self, files: Sequence[Path]) -> None:
        """Keep a bundle in quarantine until its sender is verified."""
        self._desk.tasks.write(
            lambda session, progress: quarantine.keep(session, files, progress=progress),
            done=lambda _: self.waits.emit(),
            failed=self.failed.emit,
            owner=self,
        )

    def let_go(self, root: bytes) -> None:
        """Let a bundle that waits go."""
        self._desk.tasks.write(
            lambda session, _progress: quarantine.let_go(session, root),
            done=lambda _: self.let_go_of.emit(),
            failed=self.failed.emit,
            owner=self,
        )

    def ask_where_to_write_receipt(self, over: QWidget, root: bytes) -> None:
        """Ask where the receipt that is kept for a bundle is written, and write it there."""
        name = f"kzdoc-{root.hex()[:8]}{RECEIPT}"
        ask_for_files(self._desk, over, lambda paths: self.write_receipt(root, paths[0]), wanted="save", name=name)

    def write_receipt(self, root: bytes, out: Path) -> None:
        """Write the receipt that is kept for a bundle."""
        self._desk.tasks.read(
            lambda session, _progress: receipting.write_receipt(session, root, out),
            done=lambda _: self.receipted.emit(str(out)),
            failed=self.failed.emit,
            owner=self,
        )

    def find(self) -> None:
        """Ask what waits: bundles, conflicts, doubles."""
        lang = self._desk.words.lang
        self._desk.tasks.read(
            lambda session, _progress: _waiting(session, lang),
            done=self.found.emit,
            failed=self.unread.emit,
            owner=self,
            latest="merge.reload",
        )

    def compare(self) -> None:
        """Compare what came with what is near it, a part at a time; ``found`` follows when all is compared."""

        def done(looked: proposing.Looked) -> None:
            if looked.left:
                self.compare()
            elif looked.records:
                self.find()

        self._desk.tasks.read(
            lambda session, progress: proposing.look(session, progress=progress),
            done=done,
            failed=self.unread.emit,
            owner=self,
            label="merge.comparing",
            latest="merge.compare",
        )


def look_at_many(
    session: Session, paths: Sequence[Path], parts: Mapping[str, Sequence[Path]], progress: Progress
) -> Several | tuple[Path, ...]:
    """Return what lies there with its preview, or the files of the one bundle that these are."""
    before = {file for files in parts.values() for file in files if file not in paths}
    lies = several.group(session, [*paths, *[file for file in before if file.exists()]], progress=progress)
    lies.bundles = [one for one in lies.bundles if not before.issuperset(one.volumes)]
    found = lies.found
    beside = lies.bundles and (found.others or lies.refused or lies.not_for_us)
    if not any(path.is_dir() for path in paths) and len(lies.bundles) < 2 and not (found.receipts or beside):  # noqa: PLR2004
        return tuple(lies.bundles[0].volumes if lies.bundles else paths)
    several.foresee(session, lies, progress=progress)
    return lies


def _seen(
    session: Session, bundle: Bundle, lang: str, parts: Mapping[str, Sequence[Path]], progress: Progress
) -> Bundle:
    """Return a bundle with what is in it; parts that were dropped before complete it."""
    if bundle.root:
        seen = quarantine.inspect(session, bundle.root, listed_too=True, progress=progress)
    else:
        seen = incoming.inspect(session, bundle.files, listed_too=True, progress=progress)
    known = [one for one in trust.contacts(session, lang) if one["name"] == seen["sender"]]
    before = [file for file in parts.get(seen["bundle"], ()) if file not in bundle.files]
    there = [file for file in before if file.exists()]
    files = bundle.files
    if seen["volumes_missing"] and there:
        files = (*files, *there)
        seen = incoming.inspect(session, files, listed_too=True, progress=progress)
    seen["parts_gone"] = len(before) - len(there)
    return Bundle(files, bundle.root, seen, known[0] if known else {})


def _waiting(session: Session, lang: str) -> Waiting:
    return Waiting(
        quarantine.waiting(session),
        open_conflicts(session, lang),
        open_conflicts(session, lang, kept=True),
        small_differences(session, lang),
        *proposing.waiting(session),
        joined=len(joining.groups(session)),
        taken=len(session.vault.taken_in.bundles()),
    )


def _receipt_beside(session: Session, files: Sequence[Path], told: dict[str, Any], progress: Progress) -> str:
    """Write the receipt beside the first file; "" when the place does not let us or there is none to give."""
    if told["already"] or told["refused"] or not told["whole"]:
        return ""
    try:
        receipting.make_receipt(session, files, progress=progress)
    except KzdocError:
        return ""
    return _kept_receipt_beside(session, files, told)


def _kept_receipt_beside(session: Session, files: Sequence[Path], told: dict[str, Any]) -> str:
    out = files[0].with_name(files[0].name + RECEIPT)
    try:
        receipting.write_receipt(session, bytes.fromhex(told["bundle"]), out)
    except KzdocError:
        return ""
    return str(out)
