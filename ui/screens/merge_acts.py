"""What the merge desk asks of the worker: look into a bundle, take it in, let it wait, write its receipt.

A file that is a form cut short, written for headquarters, is opened as a draft and gone on with in the room of records.
Nothing is kept here; each answer comes as a signal, whatever went wrong as ``failed``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from kzdoc import direct, matching, proposing
from kzdoc.errors import KzdocError
from kzdoc.exchange import incoming, quarantine, trust
from kzdoc.exchange.arriving import EVERYTHING, Choice
from ui.screens.merge_groups import Waiting
from ui.screens.merge_reading import open_conflicts, small_differences

if TYPE_CHECKING:
    from collections.abc import Sequence

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
    took = Signal(dict)
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

    def look(self, bundle: Bundle) -> None:
        """Look into a bundle; nothing is changed."""
        lang = self._desk.words.lang

        def act(session: Session, progress: Progress) -> Bundle | bytes:
            form = direct.read_cut_short(bundle.files[0]) if len(bundle.files) == 1 else b""
            if form:
                return form
            if bundle.root:
                seen = quarantine.inspect(session, bundle.root, listed_too=True, progress=progress)
            else:
                seen = incoming.inspect(session, bundle.files, listed_too=True, progress=progress)
            known = [one for one in trust.contacts(session, lang) if one["name"] == seen["sender"]]
            return Bundle(bundle.files, bundle.root, seen, known[0] if known else {})

        self._desk.tasks.read(act, done=self._looked, failed=self.failed.emit, owner=self, label="merge.looking")

    def _looked(self, seen: Bundle | bytes) -> None:
        if isinstance(seen, Bundle):
            self.looked.emit(seen)
            return
        self._desk.tasks.write(
            lambda session, _progress: direct.open_cut_short(session, seen),
            done=self._opened,
            failed=self.failed.emit,
            owner=self,
        )

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

    def write_receipt(self, root: bytes, out: Path) -> None:
        """Write the receipt that is kept for a bundle."""
        self._desk.tasks.read(
            lambda session, _progress: incoming.write_receipt(session, root, out),
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


def _waiting(session: Session, lang: str) -> Waiting:
    return Waiting(
        quarantine.waiting(session),
        open_conflicts(session, lang),
        open_conflicts(session, lang, kept=True),
        small_differences(session, lang),
        *proposing.waiting(session),
        joined=len(matching.groups(session)),
    )


def _receipt_beside(session: Session, files: Sequence[Path], told: dict[str, Any], progress: Progress) -> str:
    """Write the receipt beside the first file; "" when the place does not let us or there is none to give."""
    if told["already"] or told["refused"] or not told["whole"]:
        return ""
    out = files[0].with_name(files[0].name + RECEIPT)
    try:
        incoming.make_receipt(session, files, progress=progress)
        incoming.write_receipt(session, bytes.fromhex(told["bundle"]), out)
    except KzdocError:
        return ""
    return str(out)
