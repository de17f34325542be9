"""The words on the screen: the desk's catalogue in the language of the moment, and sentences for errors.

``put(setter, key, …)`` says a sentence through a widget's setter now and again at each change of language, so widgets
need no retranslation code of their own. Texts from records never pass through here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

import shiboken6
from PySide6.QtCore import QDate, QDateTime, QLocale, QObject, Signal

from kzdoc.errors import KzdocError
from kzdoc.language import LANGUAGES, catalogue

if TYPE_CHECKING:
    from collections.abc import Callable

    from kzdoc.language import Text

NAMES = {"kk": "Қазақша", "ru": "Русский", "en": "English"}
"""Each language by its own name, in the order in which they are offered."""

SHORT = {"kk": "Қаз", "ru": "Рус", "en": "Eng"}
_LOCALES = {"en": "en_GB", "ru": "ru_KZ", "kk": "kk_KZ"}
_PRUNE_AT = 256
_KILO = 1024


class Told(str):
    """A sentence about an error that can be told again when the language changes."""

    __slots__ = ("error",)
    error: BaseException

    def __new__(cls, sentence: str, error: BaseException) -> Self:
        """Return the sentence in the language of the moment; the error stays with it."""
        made = super().__new__(cls, sentence)
        made.error = error
        return made


class Words(QObject):
    """Says everything in one language; ``languageChanged`` is emitted after a live switch."""

    languageChanged = Signal()  # noqa: N815 - Qt's way of naming signals

    def __init__(self, lang: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lang = lang if lang in LANGUAGES else "ru"
        self._put: dict[tuple[int, str], tuple[QObject, Callable[[str], Any], str, dict[str, str | int]]] = {}
        self._prune_at = _PRUNE_AT

    @property
    def lang(self) -> str:
        """``en``, ``ru`` or ``kk``."""
        return self._lang

    def set_language(self, lang: str) -> None:
        """Switch the language of everything that is on the screen."""
        if lang not in LANGUAGES:
            raise KzdocError("language.unknown")
        if lang == self._lang:
            return
        self._lang = lang
        self._prune()
        for _owner, setter, key, params in list(self._put.values()):
            setter(self.say(key, **params))
        self.languageChanged.emit()

    def say(self, key: str, /, **params: str | int) -> str:
        """Return a sentence of the desk's catalogue; what was told of an error in it is told in today's language."""
        now = {name: self.error(one.error) if isinstance(one, Told) else one for name, one in params.items()}
        return catalogue("desk", self._lang).say(key, **now)

    def text(self, text: Text) -> str:
        """Return a declared label."""
        return text.to(self._lang)

    def error(self, error: BaseException) -> Told:
        """Return what happened, what was kept and what to do; never a bare code, never a builtin's own words."""
        sentences = catalogue("errors", self._lang)
        if isinstance(error, KzdocError) and error.code in sentences:
            return Told(sentences.say(error.code, **error.params), error)
        code = error.code if isinstance(error, KzdocError) else type(error).__name__
        return Told(self.say("error.unexpected", code=code), error)

    def put(self, setter: Callable[[str], Any], key: str, /, **params: str | int) -> None:
        """Call ``setter`` (a bound method of a widget) with the sentence now and at each change of language."""
        owner = getattr(setter, "__self__", None)
        if not isinstance(owner, QObject):
            raise KzdocError("desk.not-a-widget")
        if len(self._put) >= self._prune_at:
            self._prune()
            self._prune_at = max(_PRUNE_AT, 2 * len(self._put))
        name = getattr(setter, "__name__", "")
        self._put[(id(owner), name)] = (owner, setter, key, params)
        setter(self.say(key, **params))

    def leave(self, setter: Callable[[str], Any]) -> None:
        """Say nothing more through ``setter``."""
        owner = getattr(setter, "__self__", None)
        self._put.pop((id(owner), getattr(setter, "__name__", "")), None)

    def _prune(self) -> None:
        self._put = {key: item for key, item in self._put.items() if shiboken6.isValid(item[0])}

    # numbers, dates, sizes as the language writes them

    def locale(self) -> QLocale:
        """Return Qt's locale of the language."""
        return QLocale(_LOCALES[self._lang])

    def number(self, value: int) -> str:
        """Return a whole number with the language's grouping."""
        return self.locale().toString(value)

    def day(self, iso: str) -> str:
        """Return ``YYYY-MM-DD`` written out with its weekday; what is not a day comes back as it is."""
        day = QDate.fromString(iso[:10], "yyyy-MM-dd")
        return self.locale().toString(day, QLocale.FormatType.LongFormat) if day.isValid() else iso

    def hour(self, seconds: int) -> str:
        """Return the local ``HH:MM`` of a time in seconds since 1970."""
        return QDateTime.fromSecsSinceEpoch(seconds).toString("HH:mm")

    def size(self, count: int) -> str:
        """Return a file's size: ``2,1 МБ``."""
        amount, unit = float(count), "size.b"
        for larger in ("size.kb", "size.mb", "size.gb"):
            if amount < _KILO:
                break
            amount, unit = amount / _KILO, larger
        shown = self.locale().toString(amount, "f", 0 if unit == "size.b" else 1)
        return self.say(unit, n=shown)
