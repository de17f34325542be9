"""The merge desk: drop one bundle, see what is in it, take it in, settle what people wrote differently or twice.

First thing seen: who sent it and whether the key is verified; then the counts; then the conflicts. Nothing changes
before "take in". A bundle of an unverified sender waits in quarantine, sealed as it came. Both statements of a conflict
are kept until somebody settles it.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from kzdoc.errors import Cancelled, KzdocError
from ui.screens.asking import ask_for_files
from ui.screens.doubles_lists import ListsPane
from ui.screens.doubles_pairs import PairPane
from ui.screens.merge_acts import Bundle, MergeActs
from ui.screens.merge_commands import BOTH, merge_commands
from ui.screens.merge_conflicts import ConflictPane
from ui.screens.merge_folder import FOLDER, FolderPart
from ui.screens.merge_folder_cards import folder_card
from ui.screens.merge_groups import SETTLED, WORKS, SmallPane, Waiting, WorkCard
from ui.screens.merge_inside import InsidePart, rest_card
from ui.screens.merge_many import ManyPart
from ui.screens.merge_parts import (
    ExpectCard,
    SenderCard,
    WaitingCard,
    ask_to_let_go,
    beside_card,
    counts_card,
    done_card,
    drop_card,
)
from ui.screens.merge_taken import TakenPane
from ui.screens.merge_works import Pane, Reading, pane_for
from ui.screens.panes import PanedRoom
from ui.widgets.banner import Notice
from ui.widgets.basics import button
from ui.widgets.file_choice import local_paths

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kzdoc.exchange.several import Several
    from ui.keys import Command
    from ui.surroundings import Surroundings


class MergeRoom(PanedRoom):
    """One bundle at a time."""

    def __init__(self, desk: Surroundings) -> None:
        super().__init__(desk, "rail.merge")
        self.setAcceptDrops(True)
        self.bundle = Bundle()
        self.taken: dict[str, Any] = {}
        self._waiting = Waiting()
        self.work = ""
        self.pane: Pane | None = None
        words = desk.words
        self._acts = MergeActs(desk, self)
        self._acts.looked.connect(self._looked)
        self._acts.took.connect(self._took)
        self._acts.laid.connect(self._laid)
        self._acts.took_many.connect(self._took_many)
        self._acts.waits.connect(self._waits)
        self._acts.let_go_of.connect(self._gone)
        self._acts.receipted.connect(self._receipted)
        self._acts.found.connect(self._found)
        self._acts.failed.connect(self._failed)
        self._acts.unread.connect(self._unread)
        self.folder = FolderPart(desk, self, self.open_waiting)
        self.folder.changed.connect(self._folder_changed)
        self.folder.failed.connect(self._failed)
        self.inside = InsidePart(desk, self, self.take_in, self._let_wait)
        self.inside.chosen.connect(self._chosen)
        self.take_button, self.wait_button = self.inside.take_button, self.inside.wait_button
        self.leave_button = button(words, "merge.not_now", self.put_away)
        self.many = ManyPart(desk, self, self.take_in)
        self.many.chosen.connect(self._chosen)
        self.many.opened.connect(lambda one: self.open_files(one.volumes))
        self.bar.add_verbs(self.leave_button, self.wait_button, self.take_button, self.many.take_button)
        self.bar.add_verbs(self.folder.choose_button, self.folder.exchange_button)
        words.languageChanged.connect(self._reload)
        self._show()

    # what a person does

    def open_files(self, files: Sequence[Path]) -> None:
        """Look into a bundle, or into all bundles of many files or of folders."""
        self._look(Bundle(tuple(files)))

    def open_waiting(self, root: bytes) -> None:
        """Look into a bundle that waits in quarantine."""
        self._look(Bundle(root=root))

    def choose(self) -> None:
        """Choose a bundle's files."""
        ask_for_files(self.desk, self, self.open_files)

    def choose_folder(self) -> None:
        """Choose a stick or a folder."""
        ask_for_files(self.desk, self, self.open_files, wanted="folder")

    def take_in(self) -> None:
        """Take in what lies on the desk, with its receipt beside it."""
        if self.many.lies is not None:
            self.many.take_button.setEnabled(False)
            self._acts.take_many(self.many.lies, self.many.ticked())
            return
        self.take_button.setEnabled(False)
        self._acts.take(self.bundle, self.inside.choice())

    def put_away(self) -> None:
        """Clear the desk; a bundle that was not taken in changed nothing."""
        self.bundle, self.taken, self.work = Bundle(), {}, ""
        self.folder.forget()
        self.many.lay(None)
        self.banners.take("merge")
        self._reload()

    def open_work(self, work: str) -> None:
        """Show what waits of a sort: conflicts, what only spells differently, lists of one event, doubles; a folder."""
        self.work, self.pane = work, None
        if work == FOLDER:
            self.bundle, self.taken = Bundle(), {}
            self.folder.read()
        self._show()
        first = self.folder.exchange_button if work == FOLDER else self.pane
        if first is not None:
            first.setFocus(Qt.FocusReason.OtherFocusReason)

    def lay(self, bundle: Bundle, *, taken: dict[str, Any], waiting: Waiting, work: str = "") -> None:
        """Lay this on the desk."""
        self.bundle, self.taken, self._waiting, self.work = bundle, taken, waiting, work
        self.inside.lay(bundle)
        self._show()

    # hooks of a room

    def commands(self) -> Sequence[Command]:
        """Return keep this, keep that, and take in."""
        return merge_commands(self, self._main, self._why_no_main, self._keep, self._step)

    def arrive(self, what: object) -> None:
        """Show the desk; the name of a work (``"conflicts"``) asks for what waits of it, paths for a bundle."""
        if isinstance(what, str) and (what in dict(WORKS) or what == FOLDER):
            self.work = what
        if isinstance(what, list):
            self.open_files([path for path in what if isinstance(path, Path)])
        elif self.bundle.files and not self.taken:
            self.open_files(self.bundle.files)
        elif self.bundle.root and not self.taken:
            self.open_waiting(self.bundle.root)
        self._reload()

    def refresh(self, changes: object) -> None:
        """Read again: a write may have settled a conflict or verified a sender."""
        del changes
        if self.isVisible():  # else arriving reads it
            self._reload()

    def back(self) -> bool:
        """Put the bundle away."""
        if not (self.bundle.seen or self.work or self.many.lies):
            return False
        self.put_away()
        return True

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if local_paths(event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        paths = local_paths(event.mimeData().urls())
        if paths:
            event.acceptProposedAction()
            self.open_files(paths)

    def why_not(self) -> str:
        """Return the catalogue key of why nothing can be taken in, "" when it can."""
        if self.many.lies is not None:
            return self.many.why_not()
        return "merge.why_nothing" if self.taken or not self.bundle.seen else self.inside.why_not()

    # answers of the worker

    def _look(self, bundle: Bundle) -> None:
        self.bundle, self.taken = Bundle(), {}
        self.bar.say(self.desk.words.say("merge.looking"))
        self._acts.look(bundle)

    def _looked(self, seen: Bundle) -> None:
        self.bundle, self.taken, self.work = seen, {}, ""
        self.inside.lay(seen)
        self.many.lay(None)
        self.banners.take("merge")
        self._show()
        (self.take_button if self.take_button.isEnabled() else self.leave_button).setFocus()

    def _laid(self, lies: Several) -> None:
        self.bundle, self.taken, self.work = Bundle(), {}, ""
        self.many.lay(lies)
        self.banners.take("merge")
        self._show()
        (self.many.view or self.leave_button).setFocus()
        if self.many.view is not None:
            self.bring(self.many.view)

    def _took_many(self, told: dict[str, Any]) -> None:
        self.many.lay(self.many.lies, told)
        self._reload()

    def _let_wait(self) -> None:
        self._acts.let_wait(self.bundle.files)

    def _waits(self) -> None:
        self.desk.notice("merge.waits")
        self.put_away()

    def _took(self, told: dict[str, Any]) -> None:
        self.taken = told
        self._reload()

    def _save_receipt(self) -> None:
        self._acts.ask_where_to_write_receipt(self, bytes.fromhex(self.taken["bundle"]))

    def _receipted(self, path: str) -> None:
        self.taken = self.taken | {"receipt": path}
        self._show()

    def _failed(self, error: KzdocError) -> None:
        if isinstance(error, Cancelled):
            self.desk.notice("merge.stopped")
            self._show()
            return
        self._tell(error)
        self._reload()

    def _unread(self, error: KzdocError) -> None:
        """Tell that what waits could not be read; to read it again at once would be to fail again at once."""
        if not isinstance(error, Cancelled):
            self._tell(error)

    def _tell(self, error: KzdocError) -> None:
        self.banners.put(Notice("merge", "warn", "error.said", {"sentence": self.desk.words.error(error)}))

    def _reload(self) -> None:
        self._acts.find()
        self._acts.compare()
        if self.work == FOLDER:
            self.folder.read()

    def _found(self, waiting: Waiting) -> None:
        self._waiting = waiting
        self._show()
        if isinstance(self.pane, Reading):
            self.pane.reload()

    def _keep(self, number: int) -> None:
        if isinstance(self.pane, ConflictPane) and number == BOTH:
            self.pane.keep_both()
        elif isinstance(self.pane, ConflictPane | PairPane):
            self.pane.keep(number)

    def _step(self, by: int) -> None:
        if isinstance(self.pane, ConflictPane | PairPane):
            self.pane.step(by)

    def _main(self) -> None:
        """Do what Ctrl+Enter means now: settle the lists or the group that is shown, else take in."""
        if isinstance(self.pane, ListsPane | SmallPane | TakenPane):
            self.pane.settle()
        elif self.work == FOLDER:
            self.folder.exchange()
        else:
            self.take_in()

    def _why_no_main(self) -> str:
        if self.work == FOLDER:
            return self.folder.why_not()
        if isinstance(self.pane, TakenPane):
            return self.pane.why_not()
        return "" if isinstance(self.pane, ListsPane | SmallPane) else self.why_not()

    # what is shown

    def _show(self) -> None:
        typed = self.pane.typed() if isinstance(self.pane, ConflictPane) else None
        at_work = self.pane is not None and self.pane.isAncestorOf(QApplication.focusWidget() or self)
        self.pane = self.pane if isinstance(self.pane, Reading) and self.pane.work == self.work else None
        if self.work == FOLDER:
            self._show_folder()
        elif self.many.lies is not None and not self.work:
            self._show_many()
        elif self.taken or self.work:
            self._show_after(typed)
        elif self.bundle.seen:
            self._show_inside()
        else:
            self._show_empty()
        if at_work:
            (self.pane or self.leave_button).setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_empty(self) -> None:
        desk = self.desk
        self.page.show_line(desk.words.say("merge.line"))
        left: list[QWidget] = [drop_card(desk, self.choose, self.open_files, folder=self.choose_folder)]
        left.append(folder_card(desk, partial(self.open_work, FOLDER)))
        if any(self._waiting.count(work) for work, _ in WORKS):
            left.append(WorkCard(desk, self._waiting, "", self.open_work))
        bundles = self._waiting.bundles
        right: list[QWidget] = [WaitingCard(desk, bundles, self.open_waiting, self._let_go)] if bundles else []
        self.fill(left, right or [ExpectCard(desk)])
        self._bar("")

    def _folder_changed(self) -> None:
        if self.work == FOLDER:
            self._show()

    def _show_folder(self) -> None:
        desk, part = self.desk, self.folder
        self.page.show_line(desk.words.say("folder.line"))
        if part.form is not None:
            self.right.removeWidget(part.form)  # one that stays must not go with what is cleared
        left = part.left()
        if any(self._waiting.count(work) for work, _ in WORKS):
            left.append(WorkCard(desk, self._waiting, "", self.open_work))
        self.fill(left, part.right())
        part.exchange_button.setEnabled(not part.why_not())
        self._bar(*part.sentence(), [self.leave_button, part.main_button()])

    def _show_inside(self) -> None:
        self.page.show_line(self.desk.words.say("merge.before"))
        self.fill(self.inside.left(), self.inside.right(self._verify, self.right))
        self._chosen()

    def _show_many(self) -> None:
        self.page.show_line(self.desk.words.say("many.after" if self.many.told else "many.before"))
        left = self.many.left()
        if self.many.told and any(self._waiting.count(work) for work, _ in WORKS):
            left.append(WorkCard(self.desk, self._waiting, "", self.open_work))
        self.fill(left, self.many.right(self.right))
        self._chosen()

    def _chosen(self) -> None:
        if self.many.lies is not None and not self.work:
            verbs = [self.leave_button, *[self.many.take_button] * (not self.many.told)]
            self._bar(*self.many.sentence(), verbs)
            return
        if self.bundle.seen and not (self.taken or self.work):
            self._bar(*self.inside.sentence(), [self.leave_button, *self.inside.verbs()])

    def _show_after(self, typed: tuple[bytes, str, str] | None) -> None:
        desk, words = self.desk, self.desk.words
        self.page.show_line(words.say("merge.after") if self.taken else words.say("merge.work_line"))
        left: list[QWidget] = []
        if self.taken:
            seen = self.bundle.seen | self.taken
            left = [SenderCard(desk, seen, self.bundle.contact, self.bundle.files), counts_card(desk, seen)]
            left.append(done_card(desk, "merge.taken", self.taken.get("receipt", ""), self._receipt_verb()))
            more = [beside_card(desk, self.taken), rest_card(desk, self.taken, self._look_at_rest)]
            left += [card for card in more if card is not None]
        work = self.work or self._waiting.first()
        if not self.taken or any(self._waiting.count(each) for each, _ in WORKS):
            left.append(WorkCard(desk, self._waiting, work, self.open_work))
        if not self.taken:
            left.append(drop_card(desk, self.choose, self.open_files, main=False))
        self.pane = self._pane_of(work)
        if self.pane is not None:
            self.right.removeWidget(self.pane)  # one that stays must not go with what is cleared
        self.fill(left, [self.pane or done_card(desk, "merge.no_conflicts")])
        if isinstance(self.pane, ConflictPane):
            self.pane.resume(typed)
        if self.pane is not None and typed is None:
            self.bring(self.pane)
        n = sum(self._waiting.count(each) for each, _ in WORKS if each not in SETTLED)
        self._bar(words.say("merge.left", n=n) if n else words.say("merge.all_settled"))

    def _pane_of(self, work: str) -> Pane | None:
        """Return the pane for what waits of a sort; one that is at work already stays."""
        made = self.pane or pane_for(self.desk, self._waiting, work)
        if made is not None and made is not self.pane:
            made.failed.connect(self._failed)
            if isinstance(made, Reading):
                made.unread.connect(self._unread)
        return made

    def _bar(self, sentence: str, icon: str = "", verbs: Sequence[QPushButton] = ()) -> None:
        shown = list(verbs)
        if not shown and (self.taken or self.work):
            shown = [self.leave_button]
        done = self.taken or self.work or self.many.told or self.bundle.seen.get("already")
        key = "merge.next_bundle" if done else "merge.not_now"
        self.desk.words.put(self.leave_button.setText, key)
        self.bar.show_only(*shown)
        self.bar.setVisible(bool(shown))
        self.bar.say(sentence, icon, "ok" if icon == "check" else "warn")

    def _receipt_verb(self) -> Any:
        whole = self.taken.get("bundle") and not self.taken["refused"] and self.taken.get("whole", True)
        return self._save_receipt if whole and not self.taken.get("receipt") else None

    def _look_at_rest(self) -> None:
        if self.taken["rest_waits"]:
            self.open_waiting(bytes.fromhex(self.taken["bundle"]))
        else:
            self.open_files(self.bundle.files)

    def _let_go(self, root: bytes) -> None:
        ask_to_let_go(self.desk, self, partial(self._acts.let_go, root))

    def _gone(self) -> None:
        self.desk.notice("merge.gone")
        self._reload()

    def _verify(self) -> None:
        self.desk.go("keys", ("verify", self.bundle.contact["name"]))
