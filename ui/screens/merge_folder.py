"""The exchange folder at the merge desk: one sentence of how it stands, one button, and per partner what lies there.

Nothing is opened before "Exchange now". A round can be stopped; what was done until then is done, nothing is half done.
What carries the folder (a stick, Syncthing, a network disk) is nobody to be trusted and nobody to be blamed.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from kzdoc.domain.audience import Audience
from kzdoc.errors import Cancelled, KzdocError
from kzdoc.exchange import folder as folders
from kzdoc.exchange import folder_memory, trust
from kzdoc.exchange.folder_standing import Standing, standing
from ui.screens.asking import ask_for_files
from ui.screens.merge_folder_cards import ForWhomCard, LeftOverCard, PartnerCard, PlaceCard, TeachCard, WrittenCard
from ui.widgets.basics import button

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtWidgets import QPushButton, QWidget

    from kzdoc.progress import Progress
    from kzdoc.session import Session
    from ui.surroundings import Surroundings

FOLDER = "folder"
"""The name of this work among those of the merge desk."""


class FolderPart(QObject):
    """What is known of the folder, what can be done with it, and what of it the room shows."""

    failed = Signal(object)
    changed = Signal()
    """Something else is to be shown."""

    def __init__(self, desk: Surroundings, room: QWidget, look_inside: Callable[[bytes], None]) -> None:
        super().__init__(room)
        self._desk, self._room, self._look_inside = desk, room, look_inside
        self.stands: Standing | None = None
        self.told: dict[str, Any] = {}
        self.form: ForWhomCard | None = None
        self._partners: list[str] = []
        self._busy = self._away = False
        self.exchange_button = button(
            desk.words, "folder.exchange", self.exchange, look="main", theme=desk.theme, icon="merge"
        )
        self.choose_button = button(desk.words, "folder.choose", self.choose, look="main")

    # what a person does

    def choose(self) -> None:
        """Choose the folder; it is remembered."""

        def chosen(paths: list[Path]) -> None:
            self.told, self.form = {}, None
            self._desk.tasks.write(
                lambda session, _: folder_memory.remember_place(session, paths[0]),
                done=lambda _: self.read(),
                failed=self.failed.emit,
                owner=self,
            )

        start = self.stands.folder.parent if self.stands else None
        ask_for_files(self._desk, self._room, chosen, wanted="folder", start=start)

    def exchange(self) -> None:
        """Do what there is to do: take in, put there, give receipts, clean up."""
        if self.why_not():
            return
        place = self.stands.folder  # type: ignore[union-attr]  # why_not says so

        def act(session: Session, progress: Progress) -> tuple[dict[str, Any], Standing]:
            return folders.exchange(session, place, progress=progress), standing(session, place)

        self._busy = True
        self._desk.tasks.write(act, done=self._done, failed=self._failed, owner=self, label="folder.exchanging")
        self.changed.emit()

    def ask_for_whom(self) -> None:
        """Show for whom bundles are put there, to be changed."""
        plan = self.stands.arranged if self.stands else None
        gets = [one.name for one in self.stands.partners if one.gets] if self.stands else []
        self.form = ForWhomCard(self._desk, self._partners, gets, plan, arrange=self._arrange, leave=self._leave_form)
        self.changed.emit()
        self.form.show()
        self.form.begin()

    def why_not(self) -> str:
        """Return the catalogue key of why nothing can be exchanged now, "" when it can."""
        if self.stands is None:
            return "folder.away" if self._away else "folder.why_none"
        return "folder.exchanging" if self._busy else ""

    # the worker

    def read(self) -> None:
        """Ask how the folder stands that was chosen last."""

        def act(session: Session, _progress: Progress) -> tuple[Standing | None, list[str], bool]:
            place = folder_memory.place(session)
            lang = self._desk.words.lang
            names = [one["name"] for one in trust.contacts(session, lang) if one["state"] == trust.VERIFIED]
            if place is None:
                return None, names, False
            try:
                return standing(session, place), names, False
            except KzdocError as error:
                if not error.code.startswith(("platform.", "file.", "folder.")):
                    raise
                return None, names, True  # the stick is out

        def done(found: tuple[Standing | None, list[str], bool]) -> None:
            if not self._busy:
                self.stands, self._partners, self._away = found
                self.changed.emit()

        self._desk.tasks.read(act, done=done, failed=self.failed.emit, owner=self, latest="folder.reload")

    def forget(self) -> None:
        """Put away what the last round told."""
        self.told, self.form = {}, None

    def lay(self, stands: Standing | None, told: dict[str, Any], partners: Sequence[str] = ()) -> None:
        """Show this."""
        self.stands, self.told, self._partners = stands, told, list(partners)
        self.changed.emit()

    def _done(self, found: tuple[dict[str, Any], Standing]) -> None:
        self._busy = False
        self.told, self.stands = found
        self.changed.emit()

    def _failed(self, error: KzdocError) -> None:
        self._busy = False
        if isinstance(error, Cancelled):
            self._desk.notice("folder.stopped")
        else:
            self.failed.emit(error)
        self.read()

    def _arrange(self, to: list[str], audience: Audience, purpose: str) -> None:
        if self.stands is None:
            return
        place = self.stands.folder

        def act(session: Session, _progress: Progress) -> None:
            folders.arrange(session, place, to, audience=audience, purpose=purpose)

        def done(_: None) -> None:
            self._leave_form()
            self.read()

        self._desk.tasks.write(act, done=done, failed=self.failed.emit, owner=self)

    def _leave_form(self) -> None:
        self.form = None
        self.changed.emit()

    # what is shown

    def sentence(self) -> tuple[str, str]:
        """Return how it stands in one sentence, and the icon when it is a reason."""
        words, stands, told = self._desk.words, self.stands, self.told
        if stands is None or self._busy:
            return words.say(self.why_not()), "info"
        if not told:
            return words.say("folder.new", n=stands.new) if stands.new else words.say("folder.nothing_new"), ""
        if told["not_written"]:
            return str(words.error(KzdocError(**told["not_written"]))), "warning"
        taken, put = len(told["taken"]), int(told["written"] is not None)
        if taken or put or told["receipts"]:
            said = words.say("folder.done", taken=taken, put=put, receipts=len(told["receipts"]))
        else:
            said = words.say("folder.done_nothing")
        if told["left"] or told["too_many"]:
            return f"{said} {words.say('folder.left')}", "info"
        return f"{said} {words.say('folder.safe')}", "check"

    def main_button(self) -> QPushButton:
        """Return the one button: exchange, or choose the folder first."""
        return self.choose_button if self.stands is None else self.exchange_button

    def left(self) -> list[QWidget]:
        """Return the card of the folder itself."""
        gets = [one.name for one in self.stands.partners if one.gets] if self.stands else []
        return [PlaceCard(self._desk, self.stands, gets, self.choose, self.ask_for_whom)]

    def right(self) -> list[QWidget]:
        """Return what lies there: the form when it is open, then partners, what was written, what is left over."""
        stands, told = self.stands, self.told
        shown: list[QWidget] = [self.form] if self.form is not None else []
        if stands is None:
            return [*shown, TeachCard(self._desk)]
        if told and told["written"]:
            shown.append(WrittenCard(self._desk, told["written"], told["without"]))
        acts = {"look": self._look_inside, "compare": lambda name: self._desk.go("keys", ("verify", name))}
        shown += [PartnerCard(self._desk, one, _now(told, one.name), acts) for one in stands.partners]
        if any((stands.refused, stands.unfinished, stands.half, stands.copies, stands.others, stands.not_for_us)):
            shown.append(LeftOverCard(self._desk, stands))
        return shown if stands.partners or self.form else [*shown, TeachCard(self._desk)]


def _now(told: dict[str, Any], name: str) -> list[dict[str, Any]]:
    """Return what the last round took in of somebody."""
    return [one for one in told.get("taken", ()) if one["sender"] == name]
