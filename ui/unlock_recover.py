"""Opening a vault by recovery shares: the words of one share after another, then a new passphrase.

Shares are typed or pasted as they stand on the paper; words are completed from the list, and what is wrong is said by
share and word as soon as a share is taken. Nothing typed here is kept.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QStringListModel, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCompleter, QWidget

from ui.tokens import SPACE_2, SPACE_4
from ui.widgets.basics import Card, button, column, label, row, said
from ui.widgets.entry import TextEntry
from ui.widgets.secret_field import SecretField

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ui.messages import Words
    from ui.theme import Theme

_FROM = 2
"""Letters from which a word is completed."""


class ShareEntry(TextEntry):
    """The words of one share, completed from our lists as they are typed."""

    def __init__(self, listed: Sequence[str] = ()) -> None:
        super().__init__()
        self.setTabChangesFocus(True)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self._listed = QStringListModel(list(listed), self)
        self.completer = QCompleter(self._listed, self)
        self.completer.setWidget(self)
        self.completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.completer.activated.connect(self.complete)
        self.textChanged.connect(self._offer)

    def show_words(self, listed: Sequence[str]) -> None:
        """Complete from these words."""
        self._listed.setStringList(list(listed))

    def complete(self, word: str) -> None:
        """Put a whole word in the place of the one begun."""
        cursor = self.textCursor()
        cursor.select(cursor.SelectionType.WordUnderCursor)
        cursor.insertText(word + " ")
        self.setTextCursor(cursor)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        popup = self.completer.popup()
        if popup is not None and popup.isVisible() and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.ignore()  # the list takes it
            return
        super().keyPressEvent(event)

    def _offer(self) -> None:
        cursor = self.textCursor()
        cursor.select(cursor.SelectionType.WordUnderCursor)
        begun = cursor.selectedText()
        popup = self.completer.popup()
        if popup is None:
            return
        self.completer.setCompletionPrefix(begun)
        count = self.completer.completionCount()
        whole = count == 1 and self.completer.currentCompletion().casefold() == begun.casefold()
        if not self.hasFocus() or len(begun) < _FROM or not count or whole:
            popup.hide()
            return
        place = self.cursorRect()
        place.setWidth(popup.sizeHintForColumn(0) + popup.verticalScrollBar().sizeHint().width() + SPACE_4)
        self.completer.complete(place)


class RecoverPanel(Card):
    """Shares one after another; when there are enough of them, a new passphrase and the verb that opens."""

    taking = Signal(list)
    """All shares typed so far, the last one just now; answered by ``show_taken`` or the window's banner."""
    submitted = Signal(list, str)
    """The shares and the new passphrase, which is empty when the two did not agree."""
    suggesting = Signal()
    starting = Signal()

    def __init__(self, words: Words, theme: Theme) -> None:
        super().__init__()
        self._words = words
        self.shares: list[str] = []
        self.body.setContentsMargins(32, SPACE_4, 32, SPACE_4)
        self.body.setSpacing(SPACE_2)
        title = said(words, "recover.title", size="title", wrap=True)
        self.body.addLayout(column(title, said(words, "recover.line", tone="quiet", wrap=True), spacing=2))
        self.entry = ShareEntry()
        self.entry.setFixedHeight(theme.px(84))
        words.put(self.entry.setAccessibleName, "recover.words")
        self.state = label(size="small", tone="quiet", wrap=True)
        self.next = button(words, "recover.next", self.take)
        self._typing = QWidget()
        self._typing.setLayout(column(said(words, "recover.words"), self.entry, row(None, self.next), spacing=4))
        self._typing.layout().setContentsMargins(0, 0, 0, 0)  # type: ignore[union-attr]  # it was set just now
        self.body.addWidget(self._typing)
        self.body.addWidget(self.state)
        self.secret = SecretField(words, theme, name="recover.passphrase")
        self.again = SecretField(words, theme, name="create.again", with_layout=False)
        self.suggest = button(words, "create.suggest", self.suggesting.emit, look="link")
        self._setting = QWidget()
        head = row(said(words, "recover.passphrase"), None, self.suggest)
        self._setting.setLayout(column(head, self.secret, said(words, "create.again"), self.again, spacing=4))
        self._setting.layout().setContentsMargins(0, 0, 0, 0)  # type: ignore[union-attr]  # it was set just now
        self.body.addWidget(self._setting)
        self.main = button(words, "unlock.open", self._submit, look="tall")
        self.main.setSizePolicy(self.sizePolicy().horizontalPolicy(), self.main.sizePolicy().verticalPolicy())
        self.body.addWidget(self.main)
        self._without = (
            said(words, "recover.start_why", size="small", tone="quiet", wrap=True),
            button(words, "recover.start", self.starting.emit, look="link"),
        )
        self.body.addWidget(self._without[0])
        self.body.addLayout(row(self._without[1], None))
        self.again.submitted.connect(self._submit)
        words.languageChanged.connect(self._say)
        self._missing = -1
        self.clear()

    def clear(self) -> None:
        """Forget every share and begin anew."""
        self.shares = []
        self._missing = -1
        for field in (self.entry, self.secret, self.again):
            field.clear()
        self._say()

    def take(self) -> None:
        """Have the share in the field looked at together with those before."""
        if self.entry.toPlainText().strip():
            self.taking.emit([*self.shares, self.entry.toPlainText()])

    def show_taken(self, shares: list[str], missing: int) -> None:
        """Show how many shares are still missing after one was found good."""
        self.shares, self._missing = shares, missing
        self.entry.clear()
        self._say()
        (self.entry if missing else self.secret.field).setFocus()

    def show_suggestion(self, passphrase: str) -> None:
        """Write seven words into the first field, to be read, written down and typed again."""
        self.secret.field.setText(passphrase)
        self.secret.reveal(True)
        self.again.clear()
        self.again.field.setFocus()

    def _say(self) -> None:
        enough = self._missing == 0
        self._typing.setVisible(not enough)
        self._setting.setVisible(enough)
        for part in self._without:
            part.setVisible(not enough)
        self.main.setVisible(enough)
        self.state.setVisible(bool(self.shares))
        key = "recover.enough" if enough else "recover.missing"
        self.state.setText(self._words.say(key, given=len(self.shares), n=max(0, self._missing)))

    def _submit(self) -> None:
        if self.secret.text() and self.main.isEnabled() and self._missing == 0:
            same = self.secret.text() == self.again.text()
            self.submitted.emit(list(self.shares), self.secret.text() if same else "")
