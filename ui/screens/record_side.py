"""What stands beside the form: the story in the person's words, and the files that prove it.

A picture is shown from memory, decoded by a process without keys. What is graphic, or was never asked about, stays
grey and blurred until somebody asks for it. Adding a file goes through our own choice, which leaves no trace.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from kzdoc import browsing
from ui.icons import paint_icon
from ui.screens.panes import empty
from ui.screens.record_file import choose_files
from ui.screens.record_picture import decode_picture
from ui.tokens import SPACE_1, SPACE_2, SPACE_3
from ui.widgets.basics import ElidedLabel, button, column, icon_button, label, row, rule, said

if TYPE_CHECKING:
    from pathlib import Path

    from kzdoc.browsing import Item, Sheet
    from kzdoc.errors import KzdocError
    from ui.screens.record_row import FieldRow
    from ui.screens.record_slot import Kit
    from ui.surroundings import Surroundings
    from ui.theme import Theme

_THUMB = 48
_PICTURE = 1400
_HIGHEST = 420
_VEIL = 14
_ICONS = {"image": "image", "video": "video", "audio": "microphone"}


def _sort_of(media: str) -> str:
    """Return what people call a media type: ``image/jpeg`` is JPEG."""
    return media.rpartition("/")[2].rpartition(".")[2].removeprefix("x-").upper()[:12]


class Thumb(QWidget):
    """The sort of a file, as an icon on a sunken square; never the picture itself."""

    def __init__(self, theme: Theme, media: str) -> None:
        super().__init__()
        self._theme, self._icon = theme, _ICONS.get(media.partition("/")[0], "file")
        self.setFixedSize(_THUMB, _THUMB)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._theme.colour("sunken"))
        inner = self.rect().adjusted(14, 14, -14, -14)
        paint_icon(painter, self._icon, self._theme.colour("quiet").name(), inner)
        painter.end()


class Picture(QWidget):
    """A picture as wide as its place; veiled it is grey and so coarse that nothing can be made out."""

    def __init__(self) -> None:
        super().__init__()
        self._image = QImage()
        self._veil = QImage()
        self.veiled = True
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setSizePolicy(policy)

    def show_image(self, image: QImage) -> None:
        """Take the picture; it stays veiled until ``set_veiled``."""
        self._image = image
        coarse = image.convertToFormat(QImage.Format.Format_Grayscale8).scaled(
            _VEIL, _VEIL, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
        )
        self._veil = coarse
        self._measure()

    def set_veiled(self, *, veiled: bool) -> None:
        """Blur the picture, or show it because somebody asked."""
        self.veiled = veiled
        self.update()

    def sizeHint(self) -> QSize:
        if self._image.isNull():
            return QSize(60, 60)
        height = round(self.width() * self._image.height() / max(1, self._image.width()))
        return QSize(self.width(), min(_HIGHEST, height))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._measure()

    def _measure(self) -> None:
        self.setFixedHeight(max(24, self.sizeHint().height()))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        shown = self._veil if self.veiled else self._image
        if not shown.isNull():
            size = self._image.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
            place = self.rect()
            place.setSize(size)
            place.moveLeft((self.width() - size.width()) // 2)
            painter.setOpacity(0.5 if self.veiled else 1.0)
            painter.drawImage(place, shown)
        painter.end()


class ItemRow(QWidget):
    """One file: what it is, how large, and the eye that opens it here."""

    def __init__(self, desk: Surroundings, item: Item) -> None:
        super().__init__()
        self.desk, self.item = desk, item
        words, theme = desk.words, desk.theme
        self.picture = Picture()
        self.picture.hide()
        self.picture.set_veiled(veiled=item.graphic != "no")
        name = ElidedLabel(item.title or words.say("record.no_name"))
        size = words.size(item.size) if item.here else words.say("record.file_away")
        veiled = words.say("record.veiled") if self.is_picture and item.graphic != "no" else ""
        line = label(
            " · ".join(filter(None, (size, _sort_of(item.media), veiled))), size="small", tone="quiet", wrap=True
        )
        self._note = label(size="small", tone="quiet", wrap=True)
        self._note.hide()
        self.eye = icon_button(words, theme, "eye", "record.show_picture", self.toggle)
        self.way = icon_button(words, theme, "chevron-right", "record.go_there", lambda: desk.go("record", item.record))
        self._unveil = button(words, "record.unveil", self._show_clear)
        self._unveil.hide()
        head = row(
            Thumb(theme, item.media), column(name, line, spacing=0), row(self.eye, self.way, spacing=0), spacing=SPACE_3
        )
        head.setStretch(1, 1)
        self.setLayout(column(head, self.picture, row(self._unveil, None), self._note, spacing=SPACE_1))
        self.eye.setVisible(self.is_picture and item.here)  # before it has a place it would be a window of its own

    @property
    def is_picture(self) -> bool:
        """Whether it says of itself that it is a picture."""
        return self.item.media.startswith("image/")

    def toggle(self) -> None:
        """Open the picture here, or put it away."""
        if not self.picture.isHidden():
            self._put_away()
            return
        sha256 = self.item.sha256
        self.desk.tasks.read(
            lambda session, progress: decode_picture(browsing.file_bytes(session, sha256), _PICTURE, progress),
            done=self._show,
            failed=self._fail,
            owner=self,
            label="work.reading",
        )

    def _show(self, image: QImage) -> None:
        self.picture.show_image(image)
        self.picture.show()
        self._unveil.setVisible(self.picture.veiled)
        words = self.desk.words
        words.put(self.eye.setToolTip, "record.hide_picture")
        words.put(self.eye.setAccessibleName, "record.hide_picture")
        self.eye.setIcon(self.desk.theme.icon("eye-off", "quiet"))

    def _show_clear(self) -> None:
        self.picture.set_veiled(veiled=False)
        self._unveil.hide()

    def _put_away(self) -> None:
        self.picture.hide()
        self.picture.show_image(QImage())
        self.picture.set_veiled(veiled=self.item.graphic != "no")
        self._unveil.hide()
        words = self.desk.words
        words.put(self.eye.setToolTip, "record.show_picture")
        words.put(self.eye.setAccessibleName, "record.show_picture")
        self.eye.setIcon(self.desk.theme.icon("eye", "quiet"))

    def _fail(self, error: KzdocError) -> None:
        self._note.setText(self.desk.words.error(error))
        self._note.show()


class RecordSide(QWidget):
    """The story's row and the list of files."""

    adding = Signal(list)
    """Files to attach."""

    def __init__(self, desk: Surroundings, kit: Kit) -> None:
        super().__init__()
        self.desk, self._kit = desk, kit
        self._story_place = QVBoxLayout()
        self._story: FieldRow | None = None
        words, theme = desk.words, desk.theme
        self.add_button = button(words, "record.add_file", self.ask, look="link", theme=theme, icon="add")
        self._title = said(words, "record.evidence", bold=True)
        self._items = QVBoxLayout()
        self._items.setSpacing(SPACE_2)
        self._note = said(words, "record.evidence_note", size="small", tone="quiet", wrap=True)
        self._rule = rule()
        head = row(self._title, None, self.add_button)
        self._files = QWidget()
        self._files.setLayout(column(self._rule, head, self._items, self._note, spacing=SPACE_3))
        self.setLayout(column(self._story_place, self._files, None, spacing=SPACE_3))

    def put_under_story(self, part: QWidget) -> None:
        """Put something between the story and the files: what one types in never moves for it."""
        box = self.layout()
        if isinstance(box, QVBoxLayout):
            box.insertWidget(1, part)

    def show_sheet(self, sheet: Sheet, story: FieldRow | None) -> None:
        """Show the story of the form and the record's files."""
        if self._story is not story:
            if self._story is not None:
                self._story_place.removeWidget(self._story)
                self._story.hide()
            self._story = story
            if story is not None:
                self._story_place.addWidget(story)
                story.show()
        self._rule.setVisible(story is not None)
        empty(self._items)
        for item in sheet.items:
            made = ItemRow(self.desk, item)
            made.way.setVisible(not self._kit.alone)
            self._items.addWidget(made)
        self._files.setVisible(bool(sheet.id) and not sheet.removed)

    def set_alone(self, *, alone: bool) -> None:
        """Lead to no other record while somebody sits opposite."""
        for made in self.findChildren(ItemRow):
            made.way.setVisible(not alone)

    def ask(self) -> None:
        """Choose files to attach."""
        choose_files(self._kit, self.window(), self._took)

    def _took(self, paths: list[Path]) -> None:
        if paths:
            self.adding.emit(paths)
