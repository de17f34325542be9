"""What may be somebody withheld in one case and tells it too little to be taken out: a person is asked about it.

Rules: looked for are the names of the people of the case alone, so the work grows with the text. An initial that stands
alone, or two («А.Ж.»); a name of which letters are covered («Ж*ва», «Жанб…», «Ж-ВА»); a name written small beside a
deed or an office, or made small («айгуляша»); a name shortened to its beginning («Мадиша», «Әсеш», «Дәкең», «Тест. А.»,
«Жанб. пришла»). A word that everybody uses is none.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Hashable, Iterator, Mapping
from functools import cache

from kzdoc.language import LANGUAGES
from kzdoc.names.cut import covered, lone_initials
from kzdoc.names.endings import follows
from kzdoc.names.fold import fold_word
from kzdoc.names.index import SHORTEST_CORE, NameIndex
from kzdoc.names.loose import SHORTEST_LOOSE, initials, smaller
from kzdoc.names.words import CAPITAL, LETTER, Word, no_name, words_of
from kzdoc.resources import resource

_HUNG = re.compile(
    r"(?:i?[aeiu]sh|i?u[lns]|(?:i?[aeio])?(?:ch|n|sh|l|s)?k|sh)(?:i?(?:a|e|u|ei|eiu|am|ami|ah)|i|oi|oiu)|"
    r"(?:[cs]hik|ik|ek|ok|ian|ets)(?:a|u|om|e)?"
)
_HUNG_KAZAKH, _ELDER = re.compile(r"(sh|tai|zhan|au)([a-z]{0,12})"), re.compile(r"(k[ea]n?)([a-z]{0,12})")
_CUT = re.compile(rf"(?<![\w-])([{CAPITAL}][{LETTER}]+)\.[\s\u00a0]?[{CAPITAL}]\.")
_SHORT = re.compile(rf"(?<![\w.-])([{CAPITAL}][{LETTER}]{{2,}})\.(?=[ \u00a0][{LETTER}])")
_PAIR = re.compile(rf"(?<![\w.'’-])([{CAPITAL}])\.[ \u00a0]?([{CAPITAL}])\.(?![\w'’-]|[ \u00a0]?[{CAPITAL}]\.)")
_SPACE = re.compile(r"[ \u00a0]")
_DEED = re.compile(
    r"(?:айт|де|кел|кет|бар|көр|қал|жат|отыр|тұр|жүр|сөйле|хабарла|түсіндір|жыла|қаш|өл|соқ|ұр|ұста|қама|босат|сұра|жаз)"
    r"(?:[дт][ыі]|[ғқ]ан|[гк]ен|[ыі]?п)[а-яәғқңөұүһі]{0,4}|"
    r"said|says|told|came|went|was|were|wrote|called|saw|left|told|beaten|detained|arrested|released"
)
_SHAPED = re.compile(r"[oe]v(?:a|u|im|oi|e|i|ih)?$|(?:uli|kizi)$")


@cache
def _everybodys() -> frozenset[str]:
    """Return the keys of the words that everybody uses."""
    words = (resource("words", f"{lang}.txt").read_text("utf-8").split() for lang in LANGUAGES)
    return frozenset(fold_word(word) for some in words for word in some)


class Near:
    """The names of the people withheld in a case, by the words of each."""

    def __init__(self, people: Mapping[Hashable, Collection[str]]) -> None:
        self.people = frozenset(people)
        words = [(one, word) for one, keys in people.items() for word in keys]
        self._letters = {word[:size] for _, word in words for size in (1, 2)}
        self._firsts = {frozenset(word[:1] for word in keys) for keys in people.values()}
        self._index = NameIndex((one, word) for one, word in words if len(word) >= SHORTEST_CORE)
        self._heads: dict[str, list[str]] = {}
        for word in dict.fromkeys(word for _, word in words if len(word) >= SHORTEST_LOOSE):
            self._heads.setdefault(word[:2], []).append(word)

    def asked(self, text: str) -> list[tuple[int, int]]:
        """Return where ``text`` has what may be one of them."""
        if not self._letters:
            return []
        found: list[tuple[int, int]] = []
        taken = bytearray(len(text))
        short = [
            one.span() for shape in (_CUT, _SHORT) for one in shape.finditer(text) if self._begins(fold_word(one[1]))
        ]
        pairs = [one.span() for one in _PAIR.finditer(text) if self._both(one[1], one[2])]
        hidden = [(start, end) for start, end, head, tail in covered(text) if self._covered(head, tail)]
        letters = (span for span in lone_initials(text) if self._letter(text[span[0] : span[1] - 1]))
        for start, end in (*short, *pairs, *hidden, *letters, *self._words(text)):
            if not any(taken[start:end]):
                taken[start:end] = b"\1" * (end - start)
                found.append((start, end))
        return sorted(found)

    def _letter(self, letter: str) -> bool:
        """Return whether a name of theirs may begin with an initial; «Ш» is one letter, with two in the key."""
        key = fold_word(letter)
        return key in self._letters if len(key) > 1 else not initials(letter).isdisjoint(self._letters)

    def _both(self, one: str, other: str) -> bool:
        """Return whether two initials may be of two words of one of them."""
        first, second = initials(one), initials(other)
        return any(
            first & keys and second & keys and len((first | second) & keys) >= len({one, other})
            for keys in self._firsts
        )

    def _covered(self, head: str, tail: str) -> bool:
        """Return whether a word of which letters are covered may be a name of theirs in some form."""
        first, last = fold_word(head), fold_word(tail)
        if not last:
            return self._begins(first) and first not in _everybodys()
        heads = [words for key, words in self._heads.items() if key.startswith(first[:2])]
        words = [word for some in heads for word in some if word.startswith(first)]
        return any(
            self._index.owners(word[:cut] + last) for word in words for cut in range(len(first) + 1, len(word) + 1)
        )

    def _begins(self, head: str) -> bool:
        """Return whether a name of theirs begins so and goes on."""
        return any(word.startswith(head) and word != head for word in self._heads.get(head[:2], ()))

    def _words(self, text: str) -> Iterator[tuple[int, int]]:
        words = words_of(text)
        for at, word in enumerate(words):
            small = text[word.start].islower()
            if len(word.key) < SHORTEST_CORE:
                continue
            if (small and self._small(text, words, at)) or self._softened(word.key, small=small):
                yield word.start, word.end

    def _softened(self, key: str, *, small: bool) -> bool:
        """Return whether a word is a name of theirs made small, or what stays of it when it is written large."""
        if small:
            known = any(len(name) >= SHORTEST_LOOSE and self._index.bearers(name) for name in smaller(key))
        else:
            known = self._shortened(key)
        return known and key not in _everybodys()

    def _shortened(self, key: str) -> bool:
        """Return whether a word is the beginning of a name of theirs with what makes it small or dear."""
        if key[:2] not in self._heads:
            return False
        for cut in range(2, len(key)):
            if not self._begins(key[:cut]):
                return False
            rest = key[cut:]
            elder = cut >= SHORTEST_CORE or key[1] == "a"
            kazakh = (elder and _ELDER.fullmatch(rest)) or (cut >= SHORTEST_CORE and _HUNG_KAZAKH.fullmatch(rest))
            if kazakh and follows(kazakh[1], kazakh[2]):
                return True
            if cut >= SHORTEST_CORE and _HUNG.fullmatch(rest):
                return True
        return False

    def _small(self, text: str, words: list[Word], at: int) -> bool:
        """Return whether a word written small is a name of theirs by its shape or by what stands beside it."""
        if not self._index.owners(words[at].key):
            return False
        beside = [words[other] for other in (at - 1, at + 1) if 0 <= other < len(words)]
        return _SHAPED.search(words[at].key) is not None or any(_tells(text, words[at], one) for one in beside)


def _tells(text: str, word: Word, beside: Word) -> bool:
    """Return whether a deed or an office stands beside a word."""
    gap = text[min(word.end, beside.end) : max(word.start, beside.start)]
    said = text[beside.start : beside.end].lower()
    return _SPACE.fullmatch(gap) is not None and (no_name(said) or _DEED.fullmatch(said) is not None)
