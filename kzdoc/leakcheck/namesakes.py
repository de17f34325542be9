"""Words that somebody shown and somebody withheld both bear: whose they are where they stand.

Rules, as a careful editor would have them. Of somebody withheld outside the case a lone word is not met because
somebody shown bears it, and a namesake's whole name is his own. Of somebody withheld who belongs to the case a shared
word passes only as part of the shown one's own name: beside it, with nothing between, stands a word or an initial of
the shown name that the withheld one has not; or in a form that is a man's where she is a woman, or the other way round.
A lone surname that could be either's is a finding (``shared-name``), and so is a whole name that both bear
(``same-name``): only a person can say whose it is. Of somebody withheld outside the case too a lone word is a finding
where it is a woman's or a family's form and everybody shown is a man (or the other way round), where nothing around
tells which of the two it is (kzdoc/names/gender.py), and beside an initial that only the withheld one has. What was
decided so passes as it was decided: one word in that very form, several together.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from kzdoc.leakcheck.stock import Place, Stock
from kzdoc.names.fold import fold
from kzdoc.names.gender import another_s, doubtful, may_be
from kzdoc.names.words import Word

SHARED, SAME = "shared-name", "same-name"
REACH = 4
_BETWEEN = re.compile(r"[\s\u00a0]{1,3}|[-‐‑]")
_BETWEEN_INITIAL = re.compile(r"\.?[\s\u00a0]{0,3}")


class Namesakes:
    """The names that may stand in a text, against the forbidden ones; ``decided`` were let stand by a person."""

    def __init__(self, forbidden: Stock, shown: Iterable[str], decided: Iterable[str]) -> None:
        self._forbidden = forbidden
        self._own = Stock()
        self._bearers: dict[Place, set[int]] = {}
        for name in dict.fromkeys(shown):
            self._take(name)
        self._first_decided = len(self._own.names)
        for name in dict.fromkeys(decided):
            self._take(name)
        self._exact = {words[0] for words in self._own.names[self._first_decided :] if len(words) == 1}

    def _take(self, name: str) -> None:
        number = self._own.add(name)
        for word in fold(name).split():
            for place in self._forbidden.places(word):
                self._bearers.setdefault(place, set()).add(number)

    def bear(self, place: Place) -> set[int]:
        """Return who of those that may stand there bears a word of a forbidden name."""
        return self._bearers.get(place, set())

    def doubt(self, text: str, words: Sequence[Word], span: tuple[int, int], place: Place) -> str:
        """Return why a word of somebody withheld in this case is not surely the shown one's; else nothing.

        ``span``: the first and the last of the ``words`` it is written as.
        """
        if span[0] == span[1] and (
            words[span[0]].key in self._exact or self._surely_shown(text, words[span[0]], place)
        ):
            return ""
        why = SHARED
        for name in self.bear(place):
            around = list(self._beside(text, words, span, name))
            whole = 0 < len(self._own.names[name]) - 1 <= len({part for _, part in around})
            if (whole and name >= self._first_decided) or any(self._is_own(words[at], place) for at, _ in around):
                return ""
            why = SAME if whole else why
        return why

    def _surely_shown(self, text: str, word: Word, place: Place) -> bool:
        """Return whether a lone word has a form that cannot be the withheld one's and can be the shown one's."""
        start, end = word.start, word.end
        if not another_s(text, start, end, self._forbidden.names[place[0]]):
            return False
        return any(not another_s(text, start, end, self._own.names[name]) for name in self.bear(place))

    def another_s(self, text: str, words: Sequence[Word], span: tuple[int, int], place: Place) -> bool:
        """Return whether a word that somebody shown bears too may, where it stands, be the withheld one's alone."""
        start, end = words[span[0]].start, words[span[1]].end
        others = self._others_initial(words, text, span, place)
        if span[0] != span[1]:  # a word in pieces is judged as one, without what stands around it
            text, start, end = (whole := re.sub(r"\W", "", text[start:end])), 0, len(whole)
        shown = [self._own.names[name] for name in self.bear(place)]
        withheld = self._forbidden.names[place[0]]
        fits = [one for one in shown if not another_s(text, start, end, one)]
        if not fits or others:
            return True
        return may_be(text[start:end], withheld) and all(doubtful(text, start, end, one, withheld) for one in fits)

    def _others_initial(self, words: Sequence[Word], text: str, span: tuple[int, int], place: Place) -> bool:
        """Return whether an initial stands beside that the withheld one has and nobody shown."""
        for here, near in ((span[0] - 1, span[0]), (span[1] + 1, span[1])):
            if not 0 <= here < len(words) or not _letter(words[here]) or not text[words[here].start].isupper():
                continue
            left, right = words[min(here, near)], words[max(here, near)]
            if _BETWEEN_INITIAL.fullmatch(text, left.end, right.start) is None:
                continue
            key = words[here].key
            rest = [part for at, part in enumerate(self._forbidden.names[place[0]]) if at != place[1]]
            if any(part.startswith(key) for part in rest) and all(
                self._part(words[here], name) is None for name in self.bear(place)
            ):
                return True
        return False

    def _beside(self, text: str, words: Sequence[Word], span: tuple[int, int], name: int) -> Iterator[tuple[int, int]]:
        """Yield the words of a name, or its initials, that stand beside a span without anything between."""
        for step, at in ((-1, span[0] - 1), (1, span[1] + 1)):
            for here in range(at, at + step * REACH, step):
                if not 0 <= here < len(words):
                    break
                left, right = words[min(here, here - step)], words[max(here, here - step)]
                initial = _letter(left) or _letter(right)
                between = (_BETWEEN_INITIAL if initial else _BETWEEN).fullmatch(text, left.end, right.start)
                part = self._part(words[here], name)
                if between is None or part is None:
                    break
                yield here, part

    def _part(self, word: Word, name: int) -> int | None:
        """Return which word of a name a word is a form of, or the initial of."""
        if _letter(word):
            return next((at for at, part in enumerate(self._own.names[name]) if part.startswith(word.key)), None)
        return next((part for number, part in self._own.places(word.key) if number == name), None)

    def _is_own(self, word: Word, place: Place) -> bool:
        """Return whether a word beside is not of the forbidden name of a place, nor its initial."""
        number, at = place
        if _letter(word):
            rest = [part for other, part in enumerate(self._forbidden.names[number]) if other != at]
            return not any(part.startswith(word.key) for part in rest)
        return all(other != number for other, _ in self._forbidden.places(word.key))


def _letter(word: Word) -> bool:
    return word.end - word.start == 1
