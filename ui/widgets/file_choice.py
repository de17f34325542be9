"""Choosing files and folders without leaving a trace.

Qt's own dialog writes its history and the last folder into QtProject.conf, the system's own keep recent files; this
one writes nothing, remembers nothing and opens nothing. Folders are read on a thread, so a stick that hangs does not
hang the window; the thread knows a queue alone, so it may outlive the dialog. ``DropTarget`` takes what is dropped.
"""

from __future__ import annotations

import threading
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QSize, QStorageInfo, Qt, QTimer, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QDialog, QFrame, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from ui.tokens import SPACE_2, SPACE_3, SPACE_4
from ui.widgets.basics import IconLabel, button, label, row, said, set_look
from ui.widgets.entry import Choice, LineEntry

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from PySide6.QtCore import QUrl

    from ui.messages import Words
    from ui.theme import Theme

Wanted = Literal["files", "folder", "save"]
MOST_ENTRIES = 2_000
_PATH_ROLE = int(Qt.ItemDataRole.UserRole)
_LOOK_EVERY_MS = 15
_PLACES_WIDTH = 200

_Listing = tuple[Path, list[Path], list[Path]]


def list_folder(folder: Path, endings: Sequence[str] = ()) -> tuple[list[Path], list[Path]]:
    """Return (folders, files) of a folder, sorted, without hidden ones, at most ``MOST_ENTRIES`` of both.

    An unreadable folder is empty; ``endings`` such as ``.kzbundle`` keep only such files.
    """
    folders: list[Path] = []
    files: list[Path] = []
    try:
        for number, entry in enumerate(folder.iterdir()):
            if number >= MOST_ENTRIES:
                break
            if entry.name.startswith("."):
                continue
            if entry.is_dir():
                folders.append(entry)
            elif not endings or entry.suffix.lower() in endings:
                files.append(entry)
    except OSError:
        pass
    return sorted(folders, key=_by_name), sorted(files, key=_by_name)


def _by_name(path: Path) -> str:
    return path.name.casefold()


def places() -> list[Path]:
    """Return where one usually begins: the home folder and what is plugged in."""
    found = [Path.home()]
    for volume in QStorageInfo.mountedVolumes():
        root = Path(volume.rootPath())
        removable = root.parts[:2] in (("/", "media"), ("/", "mnt"), ("/", "Volumes")) or root.parts[:3] == (
            "/",
            "run",
            "media",
        )
        drive = bool(root.drive)
        if volume.isReady() and (removable or drive):
            found.append(root)
    return found


def local_paths(urls: Iterable[QUrl]) -> list[Path]:
    """Return the files among what is dragged."""
    return [Path(url.toLocalFile()) for url in urls if url.isLocalFile()]


class FileChoice(QDialog):
    """Path field, places, listing. ``chosen_paths`` after ``exec`` or ``accepted``."""

    def __init__(
        self,
        words: Words,
        theme: Theme,
        parent: QWidget | None = None,
        *,
        wanted: Wanted,
        start: Path,
        endings: Sequence[str] = (),
        name: str = "",
    ) -> None:
        super().__init__(parent)
        self._words, self._theme, self._wanted = words, theme, wanted
        self._endings = tuple(endings)
        self._folder = start
        self._chosen: list[Path] = []
        words.put(self.setWindowTitle, f"files.title.{wanted}")
        self._listed: SimpleQueue[_Listing] = SimpleQueue()
        self._wait = QTimer(self, interval=_LOOK_EVERY_MS)
        self._wait.timeout.connect(self._look)
        self._place = Choice()
        self._place.setFixedWidth(theme.px(_PLACES_WIDTH))
        words.put(self._place.setAccessibleName, "files.places")
        self._place.show_choices(
            [(str(path), str(path) if number else words.say("files.home")) for number, path in enumerate(places())]
        )
        self._place.activated.connect(lambda _index: self.go(Path(self._place.chosen())))
        self._path = LineEntry()
        words.put(self._path.setAccessibleName, "files.path")
        self._path.returnPressed.connect(self._typed)
        self._list = QListWidget()
        self._list.setProperty("look", "framed")
        self._list.setIconSize(QSize(20, 20))
        words.put(self._list.setAccessibleName, "files.listing")
        if wanted == "files":
            self._list.setSelectionMode(QListWidget.SelectionMode.ExtendedSelection)
        self._list.itemActivated.connect(self._activate)
        self._list.itemSelectionChanged.connect(self._judge)
        self._note = label(size="small", tone="quiet", wrap=True)
        self._name = LineEntry()
        self._name.setText(name)
        words.put(self._name.setAccessibleName, "files.name")
        self._name.textChanged.connect(self._judge)
        self._lay_out()
        self.resize(640, 460)
        self.go(start)

    def chosen_paths(self) -> list[Path]:
        """Return what was chosen; empty when it was cancelled."""
        return list(self._chosen)

    def go(self, folder: Path) -> None:
        """Show a folder."""
        self._folder = folder
        self._path.setText(str(folder))
        endings, listed = self._endings, self._listed
        self._note.setText(self._words.say("files.reading"))
        self._judge()

        def read() -> None:
            listed.put((folder, *list_folder(folder, endings)))

        threading.Thread(target=read, name="file-listing", daemon=True).start()
        self._wait.start()

    def _lay_out(self) -> None:
        words, theme = self._words, self._theme
        up = button(words, "files.up", lambda: self.go(self._folder.parent), theme=theme, icon="arrow-up")
        self._main = button(words, f"files.take.{self._wanted}", self._take, look="main")
        box = QVBoxLayout(self)
        box.setContentsMargins(SPACE_4, SPACE_4, SPACE_4, SPACE_4)
        box.setSpacing(SPACE_3)
        way = row(self._path, self._place, up)
        way.setStretch(0, 1)
        box.addLayout(way)
        box.addWidget(self._list, 1)
        if self._wanted == "save":
            box.addLayout(row(said(words, "files.name"), self._name))
        box.addWidget(self._note)
        box.addLayout(row(None, button(words, "action.cancel", self.reject), self._main))

    def _look(self) -> None:
        """Take what the thread has read; a folder left meanwhile is passed over."""
        try:
            folder, folders, files = self._listed.get_nowait()
        except Empty:
            return
        if folder == self._folder:
            self._wait.stop()
            self._show_listing(folders, files)

    def _show_listing(self, folders: list[Path], files: list[Path]) -> None:
        self._list.clear()
        shown = [(path, "folder") for path in folders]
        if self._wanted != "folder":
            shown += [(path, "file") for path in files]
        for path, icon in shown:
            item = QListWidgetItem(self._theme.icon(icon, "quiet"), path.name)
            item.setData(_PATH_ROLE, (str(path), icon))
            self._list.addItem(item)
        self._note.setText(self._words.say("files.empty") if not shown else self._words.say("files.trace"))
        self._judge()

    def _selected(self) -> list[Path]:
        pairs = [item.data(_PATH_ROLE) for item in self._list.selectedItems()]
        kind = "folder" if self._wanted == "folder" else "file"
        return [Path(text) for text, icon in pairs if icon == kind]

    def _judge(self) -> None:
        if self._wanted == "files":
            self._main.setEnabled(bool(self._selected()))
        elif self._wanted == "save":
            name = self._name.text().strip()
            self._main.setEnabled(bool(name) and Path(name).name == name)

    def _typed(self) -> None:
        typed = Path(self._path.text().strip()).expanduser()
        set_look(self._path, wrong=False)
        if typed.is_dir():
            self.go(typed)
        elif typed.is_file() and self._wanted == "files":
            self._finish([typed])
        else:
            set_look(self._path, wrong=True)
            self._note.setText(self._words.say("files.none"))

    def _activate(self, item: QListWidgetItem) -> None:
        text, icon = item.data(_PATH_ROLE)
        if icon == "folder":
            self.go(Path(text))
        else:
            self._take()

    def _take(self) -> None:
        if self._wanted == "save":
            self._finish([self._folder / self._name.text().strip()])
        elif self._wanted == "folder":
            self._finish(self._selected() or [self._folder])
        elif self._selected():
            self._finish(self._selected())

    def _finish(self, paths: list[Path]) -> None:
        self._chosen = paths
        self.accept()


class DropTarget(QFrame):
    """A place to drop files on, with the one button that opens the choice instead."""

    dropped = Signal(list)
    """The paths."""

    def __init__(self, words: Words, theme: Theme, icon: str, sentence: str) -> None:
        super().__init__()
        self.setAcceptDrops(True)
        self.setProperty("look", "card")
        box = QVBoxLayout(self)
        box.setContentsMargins(SPACE_4, SPACE_4, SPACE_4, SPACE_4)
        box.setSpacing(SPACE_2)
        self.words = said(words, sentence, wrap=True)
        box.addLayout(row(IconLabel(theme, icon, "quiet", 24), self.words, spacing=SPACE_3))
        self.body = box

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()
            set_look(self, look="banner-ok")

    def dragLeaveEvent(self, event: object) -> None:
        super().dragLeaveEvent(event)  # type: ignore[arg-type]
        set_look(self, look="card")

    def dropEvent(self, event: QDropEvent) -> None:
        set_look(self, look="card")
        paths = local_paths(event.mimeData().urls())
        if paths:
            event.acceptProposedAction()
            self.dropped.emit(paths)
