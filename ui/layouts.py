"""What the same physical key writes under the US, Russian and Kazakh layouts.

A key is named by what the US layout prints on it (``A``, ``7``, ``;``). Scan codes: evdev's numbers of the main block
are those of the PC's set 1, which Windows reports as they are and X11 and Wayland report plus 8. Under the Kazakh
layout the number row writes letters (ә і ң ғ , . ү ұ қ ө һ) and there is no full stop or hyphen on an unshifted key.
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent

_X11_OFFSET = 8
_EXTENDED = 0x100

_ROWS = {
    "us": "`1234567890-=" + "qwertyuiop[]" + "asdfghjkl;'" + "zxcvbnm,./",
    "ru": "ё1234567890-=" + "йцукенгшщзхъ" + "фывапролджэ" + "ячсмитьбю.",
    "kk": '("әіңғ,.үұқөһ' + "йцукенгшщзхъ" + "фывапролджэ" + "ячсмитьбю№",
}
_SHIFTED = {
    "us": "~!@#$%^&*()_+" + "QWERTYUIOP{}" + 'ASDFGHJKL:"' + "ZXCVBNM<>?",
    "ru": 'Ё!"№;%:?*()_+' + "ЙЦУКЕНГШЩЗХЪ" + "ФЫВАПРОЛДЖЭ" + "ЯЧСМИТЬБЮ,",
    "kk": ")!ӘІҢҒ;:ҮҰҚӨҺ" + "ЙЦУКЕНГШЩЗХЪ" + "ФЫВАПРОЛДЖЭ" + "ЯЧСМИТЬБЮ?",
}
_CODES = (41, *range(2, 14), *range(16, 28), *range(30, 41), *range(44, 54))

KEY_OF_CODE = {code: name.upper() for code, name in zip(_CODES, _ROWS["us"], strict=True)}
"""The physical key of an evdev (= PC set 1) code."""

NUMBER_ROW = "1234567890-="
_KAZAKH_ROW = _ROWS["kk"][1:13]
DIGIT_OF_LETTER = dict(zip(_KAZAKH_ROW, NUMBER_ROW, strict=True))
"""What a number key means in a field of digits when the Kazakh layout wrote this."""

KAZAKH_LETTERS = frozenset("әіңғүұқөһӘІҢҒҮҰҚӨҺ")


def scan_code(event: QKeyEvent) -> int:
    """Return the evdev number of the key, or 0 when the platform does not tell (or the key is an extended one)."""
    native = event.nativeScanCode()
    if not native:
        return 0
    platform = QGuiApplication.platformName()
    if platform == "windows":
        return native if native < _EXTENDED else 0
    if platform == "cocoa":
        return 0
    return max(0, native - _X11_OFFSET)


def physical_key(event: QKeyEvent) -> str:
    """Return the name of the physical key (``K``, ``7``, ``,``), or "" for keys outside the main block.

    A Latin letter the layout itself wrote decides (so QWERTZ and AZERTY keep their own letters); else the scan code
    does; where there is none, Qt's key.
    """
    key = event.key()
    if Qt.Key.Key_A <= key <= Qt.Key.Key_Z:
        return chr(key)
    code = scan_code(event)
    if code:
        return KEY_OF_CODE.get(code, "")
    return chr(key) if Qt.Key.Key_Space < key <= Qt.Key.Key_AsciiTilde else ""


def other_layouts(text: str) -> list[str]:
    """Return ``text`` as the same keys would have written it under the other two layouts, without repetitions."""
    found: list[str] = []
    for source, target in (("us", "ru"), ("us", "kk"), ("ru", "us"), ("kk", "us"), ("ru", "kk"), ("kk", "ru")):
        table = dict(zip(_ROWS[source], _ROWS[target], strict=True))
        table |= dict(zip(_SHIFTED[source], _SHIFTED[target], strict=True))
        if all(letter in table or letter.isspace() for letter in text):
            other = "".join(table.get(letter, letter) for letter in text)
            if other != text and other not in found:
                found.append(other)
    return found


def layout_of(key: str, text: str) -> str:
    """Return which layout wrote ``text`` with the physical ``key``: ``en``, ``ru``, ``kk``, ``cyrillic`` or ""."""
    if not text or not key:
        return ""
    if text in KAZAKH_LETTERS or (key == "/" and text in "№?" and text != "/"):
        return "kk" if text != "?" else ""
    if "A" <= text.upper() <= "Z":
        return "en"
    if key == "/" and text == ".":
        return "ru"
    if "а" <= text.lower() <= "я" or text.lower() == "ё":
        return "cyrillic"
    return ""
