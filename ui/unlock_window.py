"""The unlock window: open a vault, make one, choose another. It says nothing about what is inside any of them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QCheckBox, QHBoxLayout, QLineEdit, QStackedWidget, QVBoxLayout, QWidget

from ui.messages import NAMES
from ui.tokens import SPACE_2, SPACE_3, SPACE_4, SPACE_6
from ui.unlock_recover import RecoverPanel
from ui.widgets.banner import BannerPlace, Notice
from ui.widgets.basics import Card, ElidedLabel, IconLabel, button, column, label, row, said, scrolled
from ui.widgets.chips import Chip, ChipGroup
from ui.widgets.entry import LineEntry
from ui.widgets.secret_field import SecretField

if TYPE_CHECKING:
    from PySide6.QtGui import QCloseEvent, QResizeEvent

    from ui.messages import Words
    from ui.theme import Theme

_CARD_WIDTH = 440
_LOW = 500
_LOW_CREATE = 700
_ROLES = ("monitor", "lawyer", "coordinator")


class OpenPanel(Card):
    """Passphrase of an existing vault."""

    submitted = Signal(str)

    def __init__(self, words: Words, theme: Theme) -> None:
        super().__init__()
        self._words = words
        self.body.setContentsMargins(32, SPACE_6, 32, SPACE_6)
        self.picture = IconLabel(theme, "lock", "accent", 24)
        self.line = said(words, "unlock.line", tone="quiet", wrap=True)
        self.body.addWidget(self.picture)
        self.body.addLayout(
            column(
                said(words, "unlock.title", size="title", wrap=True),
                self.line,
                spacing=2,
            )
        )
        self.secret = SecretField(words, theme, name="unlock.passphrase")
        name = said(words, "unlock.passphrase")
        name.setBuddy(self.secret.field)
        self.body.addLayout(column(name, self.secret, spacing=4))
        self.note = said(words, "unlock.note", size="small", tone="quiet", wrap=True)
        self.body.addWidget(self.note)
        self.body.addStretch(1)
        self.main = button(words, "unlock.open", self._submit, look="tall")
        self.main.setSizePolicy(self.sizePolicy().horizontalPolicy(), self.main.sizePolicy().verticalPolicy())
        self.body.addWidget(self.main)
        self.secret.submitted.connect(self._submit)

    def set_low(self, *, low: bool) -> None:
        """Leave out what a low window has no room for, so that the button stands in it."""
        self.picture.setVisible(not low)
        self.line.setVisible(not low)
        height = SPACE_3 if low else SPACE_6
        self.body.setContentsMargins(32, height, 32, height)

    def _submit(self) -> None:
        if self.secret.text() and self.main.isEnabled():
            self.submitted.emit(self.secret.text())


class CreatePanel(Card):
    """A new vault: for practice or not, role, place, passphrase twice, with seven words suggested on request."""

    submitted = Signal(str)
    suggesting = Signal()
    placing = Signal()
    judging = Signal(str)
    """The passphrase whose field was left; answered by ``complain`` when it would be refused."""
    practising = Signal(bool)
    """Whether it shall be for practice, for ever."""
    grown = Signal()
    """The panel needs another height."""

    def __init__(self, words: Words, theme: Theme) -> None:
        super().__init__()
        self._words = words
        self._complaint = ""
        self.role = "monitor"
        self.body.setContentsMargins(32, SPACE_4, 32, SPACE_4)
        self.body.setSpacing(SPACE_2)
        self.title = said(words, "create.title", size="title", wrap=True)
        self.line = said(words, "create.line", tone="quiet", wrap=True)
        self.body.addLayout(column(self.title, self.line, spacing=2))
        self.body.addLayout(column(said(words, "create.role"), self._roles(words, theme), spacing=4))
        self.author = LineEntry()
        words.put(self.author.setAccessibleName, "create.author")
        author = said(words, "create.author")
        author.setBuddy(self.author)
        self.practice = QCheckBox()
        words.put(self.practice.setText, "create.practice")
        words.put(self.practice.setToolTip, "create.practice_line")
        self.practice.toggled.connect(self._practise)
        self.body.addLayout(column(row(author, None, self.practice), self.author, spacing=4))
        self.secret = SecretField(words, theme, name="create.passphrase")
        self.again = SecretField(words, theme, name="create.again", with_layout=False)
        name, again = said(words, "create.passphrase"), said(words, "create.again")
        name.setBuddy(self.secret.field)
        again.setBuddy(self.again.field)
        self.suggest = button(words, "create.suggest", self.suggesting.emit, look="link")
        self.words = label(bold=True, wrap=True)
        """The suggested words whole, as long as they stand in the field: it shows only as many as fit."""
        self.words.hide()
        self.body.addLayout(column(row(name, None, self.suggest), self.secret, self.words, spacing=4))
        self.body.addLayout(column(again, self.again, spacing=4))
        self.note = said(words, "create.note", size="small", tone="quiet", wrap=True)
        self.body.addWidget(self.note)
        self.place = ElidedLabel()
        self.place.setProperty("scale", "small")
        self.place.setProperty("tone", "quiet")
        change = button(words, "create.change_place", self.placing.emit, look="link")
        line = row(said(words, "create.place", size="small", tone="quiet"), self.place, change)
        line.setStretch(1, 1)
        self.body.addLayout(line)
        self.body.addStretch(1)
        self.main = button(words, "create.make", self._submit, look="tall")
        self.main.setSizePolicy(self.sizePolicy().horizontalPolicy(), self.main.sizePolicy().verticalPolicy())
        self.body.addWidget(self.main)
        self.author.returnPressed.connect(lambda: self.secret.field.setFocus(Qt.FocusReason.TabFocusReason))
        self.again.submitted.connect(self._submit)
        self.secret.submitted.connect(self.again.field.setFocus)
        self.secret.left.connect(self._judge)
        self.secret.changed.connect(self._show_words)
        self.secret.revealed.connect(lambda _: self._show_words())
        for field in (self.secret, self.again):
            field.changed.connect(self.calm)

    def set_low(self, *, low: bool) -> None:
        """Leave out what a low window has no room for, so that the button stands in it."""
        self.line.setVisible(not low)

    def _practise(self, on: bool) -> None:
        """Say in title, line and verb what kind of vault it will be."""
        self._words.put(self.title.setText, "create.practice_title" if on else "create.title")
        self._words.put(self.line.setText, "create.practice_line" if on else "create.line")
        self._words.put(self.main.setText, _main_words(self, busy=False))
        self.practising.emit(on)
        self.grown.emit()

    def complain(self, sentence: str, /, **params: str | int) -> None:
        """Say what is wrong with the passphrase in the place of the line under it, until something is typed."""
        self._complaint = sentence
        self._words.put(self.note.setText, sentence or "create.note", **params)
        self.note.setProperty("tone", "danger" if sentence else "quiet")
        self.note.style().polish(self.note)
        self.grown.emit()

    def calm(self) -> None:
        """Take the complaint back."""
        if self._complaint:
            self.complain("")

    def _judge(self) -> None:
        if self.secret.text():
            self.judging.emit(self.secret.text())

    def show_suggestion(self, passphrase: str) -> None:
        """Write seven words into the first field, to be read, written down and typed again."""
        self.secret.field.setText(passphrase)
        self.secret.reveal(True)
        self.words.setText(passphrase)
        self._show_words()
        self.again.clear()
        self.again.field.setFocus()

    def _show_words(self) -> None:
        """Show the words whole while the field shows them too, and forget them when something else is typed."""
        whole = bool(self.words.text()) and self.secret.text() == self.words.text()
        if not whole:
            self.words.clear()
        whole = whole and self.secret.field.echoMode() == QLineEdit.EchoMode.Normal
        if whole == self.words.isHidden():
            self.words.setVisible(whole)
            self.grown.emit()

    def _roles(self, words: Words, theme: Theme) -> ChipGroup:
        group = ChipGroup()
        words.put(group.setAccessibleName, "create.role")
        for role in _ROLES:
            chip = Chip(theme)
            words.put(chip.setText, f"role.{role}")
            chip.setAutoExclusive(True)
            chip.setChecked(role == self.role)
            chip.toggled.connect(lambda on, chosen=role: self._choose_role(chosen) if on else None)
            group.add(chip)
        return group

    def _choose_role(self, role: str) -> None:
        self.role = role

    def _submit(self) -> None:
        if self.secret.text() and self.main.isEnabled():
            self.submitted.emit(self.secret.text() if self.secret.text() == self.again.text() else "")


class UnlockWindow(QWidget):
    """Banner, panel, ways out, languages. Signals say what the person wants; ``ui.unlock`` does it."""

    unlocking = Signal(str)
    creating = Signal(str, str, str)
    """Passphrase, the owner's name for partners, role; an empty passphrase means that the two did not agree."""
    suggesting = Signal()
    choosing = Signal(str)
    """``open`` another vault, or ``place`` a new one."""
    languageChosen = Signal(str)  # noqa: N815 - Qt's way of naming signals
    closed = Signal()

    def __init__(self, words: Words, theme: Theme, *, version: str) -> None:
        super().__init__()
        self._words, self._theme = words, theme
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setMinimumSize(480, 320)
        words.put(self.setWindowTitle, "window.title")
        self.banners = BannerPlace(words, theme)
        self.open_panel = OpenPanel(words, theme)
        self.create_panel = CreatePanel(words, theme)
        self._panels = QStackedWidget()
        self._panels.addWidget(self.open_panel)
        self._panels.addWidget(self.create_panel)
        self.recover_panel = RecoverPanel(words, theme)
        self._panels.addWidget(self.recover_panel)
        self.recover_panel.suggesting.connect(self.suggesting)
        self.open_panel.submitted.connect(self._unlock)
        self.create_panel.submitted.connect(self._create)
        self.create_panel.suggesting.connect(self.suggesting)
        self.create_panel.grown.connect(self._fit_panel)
        self.create_panel.placing.connect(lambda: self.choosing.emit("place"))
        self._to_open = button(words, "unlock.to_open", lambda: self.show_panel("open"), look="link")
        self._to_create = button(words, "unlock.to_create", lambda: self.show_panel("create"), look="link")
        self._lay_out(version)
        self.show_panel("open")

    def show_panel(self, which: str) -> None:
        """Show ``open``, ``create`` or ``recover`` with the focus where one types."""
        panels = {"open": self.open_panel, "create": self.create_panel, "recover": self.recover_panel}
        for name, panel in panels.items():
            panel.setVisible(name == which)
        self._panels.setCurrentWidget(panels[which])
        self._fit_panel()
        self._forgot.setVisible(which == "open")
        self._to_open.setVisible(which != "open")
        self._to_create.setVisible(which == "open")
        fields = {"open": self.open_panel.secret.field, "create": self.create_panel.author}
        fields.get(which, self.recover_panel.entry).setFocus()

    def fit(self) -> None:
        """Give the panel its height anew after something in it came or went."""
        self._fit_panel()

    def _forgotten(self) -> None:
        self.say_nothing()
        self.recover_panel.clear()
        self.show_panel("recover")

    def say(self, tone: str, sentence: str, /, **params: str | int) -> None:
        """Show one banner."""
        self.banners.put(Notice("unlock", tone, sentence, dict(params), closes=False))

    def say_nothing(self) -> None:
        """Take the banner away."""
        self.banners.take("unlock")

    def show_place(self, folder: Path) -> None:
        """Show where a new vault would be."""
        self.create_panel.place.setText(str(folder))

    def set_busy(self, busy: bool) -> None:
        """Switch the main buttons off while a passphrase is tried, which takes a second by design."""
        panel = self._panels.currentWidget()
        for part in (self.open_panel, self.create_panel, self.recover_panel):
            part.main.setEnabled(not busy)
            self._words.put(part.main.setText, _main_words(part, busy=busy))
        if not busy and isinstance(panel, OpenPanel):
            panel.secret.field.setFocus()
            panel.secret.field.selectAll()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.open_panel.set_low(low=event.size().height() < _LOW)
        self.create_panel.set_low(low=event.size().height() < _LOW_CREATE)
        self._fit_panel()

    def closeEvent(self, event: QCloseEvent) -> None:
        event.accept()
        self.closed.emit()

    def _fit_panel(self) -> None:
        """Give the panel the height its texts need at the width there is."""
        shown = self._panels.currentWidget()
        if shown is None:
            return
        width = max(280, min(self._theme.px(_CARD_WIDTH), self.width() - 2 * SPACE_6))
        box = shown.layout()
        height = box.totalHeightForWidth(width) if box is not None else 0
        self._panels.setFixedHeight(height)

    def _unlock(self, passphrase: str) -> None:
        self.unlocking.emit(passphrase)

    def _create(self, passphrase: str) -> None:
        self.creating.emit(passphrase, self.create_panel.author.text().strip(), self.create_panel.role)

    def _lay_out(self, version: str) -> None:
        words = self._words
        other = button(words, "unlock.other", lambda: self.choosing.emit("open"), look="link")
        self._forgot = button(words, "unlock.forgot", self._forgotten, look="link")
        links = row(None, self._forgot, other, self._to_create, self._to_open, None)
        middle = QWidget()
        middle.setMaximumWidth(self._theme.px(_CARD_WIDTH))
        middle.setLayout(column(self.banners, self._panels, links, spacing=SPACE_4))
        page = QWidget()
        centre = QHBoxLayout()
        centre.addStretch(1)
        centre.addWidget(middle, 1000)
        centre.addStretch(1)
        outer = QVBoxLayout(page)
        outer.setContentsMargins(SPACE_6, SPACE_4, SPACE_6, SPACE_4)
        outer.addStretch(1)
        outer.addLayout(centre)
        outer.addStretch(1)
        outer.addLayout(row(self._version(version), None, self._languages()))
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(scrolled(page))

    def _version(self, version: str) -> QWidget:
        made = label(size="small", tone="quiet")
        self._words.put(made.setText, "unlock.version", version=version)
        return made

    def _languages(self) -> QWidget:
        holder = QWidget()
        box = row(spacing=SPACE_2)
        group = QButtonGroup(holder)
        for lang, name in NAMES.items():
            chip = Chip(self._theme, name)
            chip.setChecked(lang == self._words.lang)
            chip.clicked.connect(lambda _=False, chosen=lang: self.languageChosen.emit(chosen))
            group.addButton(chip)
            box.addWidget(chip)
        holder.setLayout(box)
        return holder


def _main_words(panel: OpenPanel | CreatePanel | RecoverPanel, *, busy: bool) -> str:
    if not isinstance(panel, CreatePanel):
        return "unlock.busy" if busy else "unlock.open"
    if busy:
        return "create.busy"
    return "create.practice_make" if panel.practice.isChecked() else "create.make"
