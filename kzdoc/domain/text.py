"""Text and numbers-as-text as they go into a statement.

Rules: NFC. Control characters and marks that turn the writing direction are refused, so that what is signed is what
is seen. Other invisible format characters (soft hyphen, zero-width space, byte-order mark …) come along with pasting
and are dropped. A line has no line breaks; long text keeps them. A number of identity keeps what was typed, apart
from spaces and hyphens: a wrong check digit is told by ``iin_is_consistent``, never refused, since people mistype.
"""

from __future__ import annotations

import re
import unicodedata

from kzdoc.errors import InputError
from kzdoc.limits import LIMITS

LINE_LIMIT = 2_000
IDENTIFIER_LIMIT = 100
URL_LIMIT = 4_000
IIN_LENGTH = 12
PHONE_LENGTHS = range(3, 16)

_TURNING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\U000e0000-\U000e007f]"
)
_HEX = re.compile(r"[0-9a-fA-F]+", re.ASCII)
_URL = re.compile(r"https?://[^\s/?#@]+(?:[/?#]\S*)?", re.IGNORECASE)
_EMAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")
_IIN_WEIGHTS = ((1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11), (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2))


def clean_line(given: str) -> str:
    """Return ``given`` as one line: NFC, runs of space as one; raises ``InputError`` (``field.…``)."""
    line = " ".join(clean_long(given).split())
    if len(line) > LINE_LIMIT:
        raise InputError("field.too-long", limit=LINE_LIMIT)
    return line


def clean_long(given: str) -> str:
    """Return ``given`` in NFC with line breaks as line feeds and no space at its ends.

    Raises:
        InputError: ``field.control-character``, ``field.direction-mark``, ``field.broken-text`` or ``field.too-long``.
    """
    unified = re.sub(r"\r\n|[\r\u2028\u2029]", "\n", given)
    kept: list[str] = []
    for char in unified:
        category = unicodedata.category(char)
        if category == "Cc" and char not in "\n\t":
            raise InputError("field.control-character")
        if char in _TURNING:
            raise InputError("field.direction-mark")
        if category == "Cs":
            raise InputError("field.broken-text")
        if category != "Cf":
            kept.append(char)
    text = unicodedata.normalize("NFC", "".join(kept)).strip()
    if not text:
        raise InputError("field.empty")
    if len(text.encode()) > LIMITS.text:
        raise InputError("field.too-long", limit=LIMITS.text)
    return text


def visible(text: str) -> str:
    """Return text that somebody else signed as it may be shown: what turns, controls or hides stands as its number.

    Partners may sign what ``clean_long`` refuses; their words stay as they were signed and are shown so that nothing
    in them can pass for something else. Line breaks and tabs stay.
    """
    return _UNSEEN.sub(lambda found: f"\u27e8{ord(found[0]):04X}\u27e9", text) if _UNSEEN.search(text) else text


def is_hex(text: str) -> bool:
    """Tell whether ``text`` is hexadecimal digits in whole bytes."""
    return len(text) % 2 == 0 and _HEX.fullmatch(text) is not None


def read_url(given: str) -> str:
    """Return a web address; raises ``InputError("field.url")`` for what does not begin with http(s)://."""
    url = clean_line(given)
    if len(url) > URL_LIMIT:
        raise InputError("field.too-long", limit=URL_LIMIT)
    if not _URL.fullmatch(url):
        raise InputError("field.url")
    return url


def read_identifier(given: str, number_kind: str) -> str:
    """Return an identifying number in the one spelling it is stored in.

    Raises:
        InputError: ``field.iin-digits``, ``field.phone``, ``field.email`` or ``field.too-long``.
    """
    line = clean_line(given)
    if len(line) > IDENTIFIER_LIMIT:
        raise InputError("field.too-long", limit=IDENTIFIER_LIMIT)
    if number_kind == "iin":
        digits = re.sub(r"[\s\-]", "", line)
        if not re.fullmatch(r"[0-9]{12}", digits):
            raise InputError("field.iin-digits", digits=IIN_LENGTH)
        return digits
    if number_kind == "phone":
        return _read_phone(line)
    if number_kind == "email" and not _EMAIL.fullmatch(line):
        raise InputError("field.email")
    return line


def show_identifier(value: str, number_kind: str) -> str:
    """Return the number as people write it: a Kazakhstan mobile number in its usual groups."""
    if number_kind == "phone" and re.fullmatch(r"\+7[0-9]{10}", value):
        return f"+7 {value[2:5]} {value[5:8]} {value[8:10]} {value[10:]}"
    return value


def iin_is_consistent(iin: str) -> bool:
    """Tell whether the twelfth digit of an individual identification number fits the eleven before it."""
    if not re.fullmatch(r"[0-9]{12}", iin):
        return False
    digits = [int(char) for char in iin]
    for weights in _IIN_WEIGHTS:
        rest = sum(digit * weight for digit, weight in zip(digits, weights, strict=False)) % 11
        if rest != 10:  # noqa: PLR2004 - the remainder that asks for the second row of weights
            return rest == digits[-1]
    return False


def _read_phone(line: str) -> str:
    compact = re.sub(r"[\s\-().]", "", line)
    if not re.fullmatch(r"\+?[0-9]+", compact) or len(compact.lstrip("+")) not in PHONE_LENGTHS:
        raise InputError("field.phone")
    if re.fullmatch(r"8[0-9]{10}", compact):
        return "+7" + compact[1:]
    return "+" + compact if re.fullmatch(r"7[0-9]{10}", compact) else compact
