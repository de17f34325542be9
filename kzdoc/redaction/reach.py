"""How far a name reaches that is taken out: what hangs on it goes with it, and what does not, stays."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from kzdoc.names.endings import follows
from kzdoc.names.fold import INVISIBLE, fold_word
from kzdoc.names.loose import initials
from kzdoc.names.words import CAPITAL, ENDINGS, LETTER

_OPENED = {"»": "«", "”": '“„"', "“": '„“"', '"': '"', "'": "'", "’": "‘'’", "›": "‹", ")": "(", "]": "["}
"""What a mark that closes was opened with."""
_QUOTED = re.compile(r"([»”“\"'’›)\]])[-‐‑’'ʼ]?([^\W\d_]{1,14})(?!\w)")
_LEFT_OVER = re.compile(r"[-‐‑’'ʼ]([^\W\d_]{1,14})(?!\w)|[\u0300-\u036f" + INVISIBLE + "]+")
"""An ending parted from a name by a mark, or marks that belong to its last letter: they go with it."""


def reach(text: str, start: int, end: int) -> tuple[int, int]:
    """Return where a mention begins and ends with all that would tell of it: endings, lone letters, its handle."""
    return _handle(text, *_lone_letters(text, *_with_the_rest(text, start, end)))


_SHORT = rf"[{CAPITAL}](?:[{LETTER}]{{1,12}}|[{CAPITAL}]{{1,12}})"
_SHORT_BEFORE = re.compile(rf"(?<![\w.'’-])({_SHORT})\.[\s\u00a0]?$")
_SHORT_AFTER = re.compile(rf"[ \u00a0]({_SHORT})\.")
_INITIALS_AFTER = re.compile(
    rf"\.[ \u00a0]?(?P<first>[{CAPITAL}])\.(?:[ \u00a0]?[{CAPITAL}]\.)?(?![ \u00a0]?[{CAPITAL}][{LETTER}])"
)


def with_cut(text: str, start: int, end: int, words: Callable[[], Iterable[str]]) -> tuple[int, int]:
    """Return a mention with what is left beside it of another word of the same name: «Жанб. Айгүл», «Болат. А.».

    ``words`` returns the keys of the names of whom it may be of; it is asked only where something stands there.
    """
    before = _SHORT_BEFORE.search(text, max(0, start - 24), start)
    after, letter = _SHORT_AFTER.match(text, end), _INITIALS_AFTER.match(text, end)
    if not (before or after or letter):
        return start, end
    said = fold_word(text[start:end])
    others = [word for word in words() if word not in said]
    if before and _begins(before[1], others):
        start = before.start()
    if after and _begins(after[1], others):
        return start, after.end()
    if letter and any(one[:1] in initials(letter["first"]) for one in others):
        return start, letter.end()
    return start, end


def _begins(head: str, words: Iterable[str]) -> bool:
    """Return whether one of some words begins so and goes on."""
    key = fold_word(head)
    return any(word.startswith(key) and word != key for word in words)


def _handle(text: str, start: int, end: int) -> tuple[int, int]:
    """Return a mention with the whole of the handle or hashtag it is part of ("saule_nurlanova_87", "#сауле")."""
    first, last = start, end
    before = text[max(0, start - 64) : start]
    back = re.search(r"[#@]?\w*$", before)
    if back and back.group():
        first = start - len(back.group())
    ahead = re.compile(r"\w*").match(text, end)
    if ahead:
        last = ahead.end()
    whole = text[first:last]
    if "_" in whole or whole[:1] in "#@":
        return first, last
    figures = (_LATIN_FIGURES if text[start:end].isascii() else _FIGURES).match(text, end)
    return start, figures.end() if figures else end


_FIGURES, _LATIN_FIGURES = re.compile(r"\d{1,8}(?!\w)"), re.compile(r"[._-]?\d{1,8}(?!\w)")
"""What somebody puts behind his name to be called so in a network: it goes with the name."""


def _with_the_rest(text: str, start: int, end: int) -> tuple[int, int]:
    """Return a mention with what hangs on it: an ending after a hyphen, an apostrophe, a mark that closes.

    What opened with that mark goes too where it stands directly before; a bracket counts only so.
    """
    key = fold_word(text[start:end])
    while match := _LEFT_OVER.match(text, end):
        if match.group(1) and not _hangs_on(key, match.group(1)):
            break
        end = match.end()
    quoted = _QUOTED.match(text, end)
    if quoted and _hangs_on(key, quoted[2]):
        opened = start > 0 and text[start - 1] in _OPENED[quoted[1]]
        if opened or quoted[1] not in ")]":
            start, end = start - opened, quoted.end()
    ticket = _TICKET.match(text, end) if text[start:end].isupper() else None
    return start, ticket.end() if ticket else end


def _hangs_on(key: str, ending: str) -> bool:
    """Return whether letters may be an ending of a word, Russian or Kazakh."""
    return fold_word(ending) in ENDINGS or follows(key, fold_word(ending))


_TICKET = re.compile(r"[ \u00a0]?(?:MRS?|MS|MISS|MSTR|CHD)(?!\w)")
"""What a ticket in capitals puts behind a name: it tells whether a man or a woman went."""


_LAST_WORD = re.compile(r"(?<=\.)[\s\u00a0]+[АВИКОСУЯ]$")
_LETTERS_AFTER = re.compile(r"(?:[ \u00a0][^\W\d_a-zа-яёәғқңөұүіһ](?![\w.'’‐‑-])){1,2}")


def _lone_letters(text: str, start: int, end: int) -> tuple[int, int]:
    """Return a mention with one-letter words after it treated alike whoever is meant.

    «АХМЕТОВ В СПИСКЕ» has an initial for Виктор and a preposition for everybody else: whether the letter stays must
    not tell which. A letter that follows a name goes; one that follows an initial's dot begins a sentence and stays.
    """
    if match := _LAST_WORD.search(text, start, end):
        return start, match.start()
    after = _LETTERS_AFTER.match(text, end) if text[end - 1] != "." else None
    return start, after.end() if after else end
