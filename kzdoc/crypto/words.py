"""Our own lists of 2,048 everyday words in each language (resources/words), for passphrases and fingerprints.

Rules: a list never changes once published, for a fingerprint read from it must stay the same: a better list is a
new one. Words are in NFC and lower case, 3 to 9 letters, without digits, hyphens or ё; no word begins another.
"""

from __future__ import annotations

from functools import cache

from kzdoc.errors import KzdocError
from kzdoc.language import LANGUAGES
from kzdoc.resources import resource

COUNT = 2048


@cache
def words_of(lang: str) -> tuple[str, ...]:
    """Return the list of ``lang``, in its order.

    Raises:
        KzdocError: ``language.unknown``; ``words.damaged`` when the list has not exactly 2,048 different words.
    """
    if lang not in LANGUAGES:
        raise KzdocError("language.unknown")
    words = tuple(resource("words", f"{lang}.txt").read_text(encoding="utf-8").split())
    if len(words) != COUNT or len(set(words)) != COUNT:
        raise KzdocError("words.damaged")
    return words
