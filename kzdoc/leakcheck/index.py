"""The forbidden names and numbers, arranged so that the text is looked up in them and not they in the text.

Rules: a word is known by its folded form (kzdoc/names/fold.py: Kazakh, Russian and Latin writing alike) and the
endings of Russian and Kazakh grammar; a number by its digits whatever stands between them; anything by the hex digest
somebody may have thought anonymous; two words of one name also where they are written as one ("СаулеНурланова"). It
errs towards finding: a person looks at what it finds.

A word that a shown person bears too ("Тестов" when Данияр Тестов is named and his brother is not) counts beside
another word of the withheld name that the shown person does not bear; and of somebody withheld who belongs to the case
also wherever it is not surely the shown one's (namesakes.py). A word that somebody decided to be no name counts only
beside another word of a name; several decided together are no names together, and each alone counts as ever.
"""

from __future__ import annotations

import functools
import hashlib
import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from kzdoc.domain.places import regions_named
from kzdoc.leakcheck.finding import Forbidden
from kzdoc.leakcheck.homes import ADDRESS, Homes
from kzdoc.leakcheck.markup import without_markup
from kzdoc.leakcheck.namesakes import Namesakes
from kzdoc.leakcheck.places import COORDINATES, places_in
from kzdoc.leakcheck.stock import SHORTEST_STEM, Place, Stock
from kzdoc.names.cut import covered, cut_form, cut_names, lone_initials
from kzdoc.names.fold import fold, fold_word
from kzdoc.names.words import Word, words_of

SHORTEST_NUMBER = 5
PHONE_DIGITS = 10
DIGEST_PREFIX = 16
NEAR = 3
FEW_NUMBERS = 20
MOST_PIECES = 12
_DIGITS = re.compile(r"[0-9OОoоlI|ЗзБ]")
_DIGIT_RUN = re.compile(r"(?:[0-9OОoоlI|ЗзБ][\s\u00a0\-‐-―().+/]{0,3}){5,}")
_LOOKALIKE_DIGITS = str.maketrans("OОoоlI|ЗзБ", "0000111336")
_HEX = re.compile(r"(?:[0-9a-fA-F]\s?){16,}")
_PLAIN = re.compile(r"[\W_]+")
_HANDLE = re.compile(r"(?<![\w.+-])[\w.+-]{3,}")
_PIECE = re.compile(r"[^\W_]+")
_TOLD_SIGN = re.compile(
    r"<[/!]?[a-z][^<>\n]{0,200}>|&#?\w{1,8};|(?<![^\W_])(?:at|ат|эт|собака|собачка|dot|дот|точка|нүкте|дефис|тире|"
    r"подч[её]ркивание)(?![^\W_])",
    re.IGNORECASE,
)
"""Markup, and words that stand for signs in an address told aloud."""
_ALGORITHMS = tuple(
    functools.partial(one, usedforsecurity=False) for one in (hashlib.md5, hashlib.sha1, hashlib.sha256)
)


@dataclass(frozen=True, slots=True)
class Hit:
    """A forbidden item met in a text: which class, which rule, and where (first and last character)."""

    sensitivity: str
    rule: str
    start: int
    end: int


class Index:
    """Names by stems, numbers by digits and letters, digests by their beginnings.

    ``shown``: names of people who are named there on purpose; ``decided``: names somebody decided to let stand;
    ``common``: words decided to be no names; ``small``: whether a lone word of a name counts when it is written small.
    """

    def __init__(
        self,
        forbidden: Iterable[Forbidden],
        shown: Iterable[str] = (),
        *,
        decided: Iterable[str] = (),
        common: Iterable[str] = (),
        small: bool = True,
    ) -> None:
        self.stock = Stock()
        self.numbers: dict[str, str] = {}
        self.mailboxes: dict[str, str] = {}
        self._items: list[Forbidden] = []
        self._digests: dict[bytes, str] | None = None
        self.names: list[Forbidden] = []
        self.places: str | None = None
        self.homes = Homes()
        self.cut: dict[str, str] = {}
        for item in forbidden:
            if item.place:
                self.places = f"{self.places or ''}\n{item.text}"
                continue
            if item.address:
                self.homes.add(item.text, item.sensitivity)
                continue
            if item.cut:
                self.cut[item.text] = item.sensitivity
                continue
            if item.number:
                self._add_number(item)
            else:
                self.stock.add(item.text)
                self.names.append(item)
            self._items.append(item)
        self._searched: dict[str, list[Hit]] = {}
        self.number_lengths = sorted({len(key) for key in self.numbers})
        self.has_identifiers = any(not key.isdigit() for key in self.numbers)
        self.small = small
        self.namesakes = Namesakes(self.stock, shown, decided)
        said = [fold(one).split() for one in common]
        self.common = {place for words in said if len(words) == 1 for place in self.stock.places(words[0])}
        self.phrases = [words for words in said if len(words) > 1]

    def _add_number(self, item: Forbidden) -> None:
        digits = re.sub(r"\D", "", item.text)
        letters = any(character.isalpha() for character in item.text)
        key = _PLAIN.sub("", item.text).casefold() if letters else digits
        if not letters and len(digits) > PHONE_DIGITS and item.text.lstrip().startswith(("+7", "8", "7")):
            self._number(digits[-PHONE_DIGITS:], item.sensitivity)
        self._number(key, item.sensitivity)
        name, sign, _ = item.text.partition("@")
        if sign and any(map(str.isdigit, name)):
            self.mailboxes.setdefault(_PLAIN.sub("", name).casefold(), item.sensitivity)

    def _number(self, key: str, sensitivity: str) -> None:
        if len(key) >= SHORTEST_NUMBER:
            self.numbers.setdefault(key, sensitivity)

    def _digest(self, digits: str) -> str | None:
        """Return the class of what a digest that begins so is of; all are worked out when the first is asked for."""
        if self._digests is None:
            words: dict[str, str] = {}
            for item in self._items:
                for word in (item.text, *item.text.split()):
                    words.setdefault(word, item.sensitivity)
            spelled: dict[str, str] = {}
            for word, sensitivity in words.items():
                for text in (word, word.lower(), word.upper()):
                    spelled.setdefault(text, sensitivity)
            self._digests = {}
            for text, sensitivity in spelled.items():
                raw = text.encode()
                for algorithm in _ALGORITHMS:
                    self._digests.setdefault(algorithm(raw).digest()[: DIGEST_PREFIX // 2], sensitivity)
        return self._digests.get(bytes.fromhex(digits[:DIGEST_PREFIX]))

    def search(self, text: str) -> list[Hit]:
        """Return every hit in ``text``, by place; the same text is read in many ways and searched once."""
        if not self.names and not self.numbers and not self.cut:
            return []
        if text not in self._searched:
            hits = [
                *self._search_names(text),
                *self._search_numbers(text),
                *self._search_digests(text),
                *self._search_cut(text),
            ]
            bare, places = without_markup(text)
            inside = [
                replace(one, start=places[one.start], end=places[one.end - 1] + 1) for one in self._search_names(bare)
            ]
            hits += [
                one for one in inside if not any(one.start < other.end and other.start < one.end for other in hits)
            ]
            self._searched[text] = sorted(hits, key=lambda hit: (hit.start, hit.end, hit.rule))
        return list(self._searched[text])

    def search_places(self, text: str) -> list[Hit]:
        """Return where a text that a reader sees tells a place by numbers, when none may be told, or a home address."""
        homes = [Hit(kept, ADDRESS, start, end) for kept, start, end in self.homes.search(text)]
        if self.places is None:
            return homes
        return [*homes, *(Hit("location", COORDINATES, start, end) for start, end in places_in(text, self.places))]

    def _search_names(self, text: str) -> Iterator[Hit]:
        words = words_of(text)
        places = [self.stock.places(word.key) for word in words]
        found = [(at, at, place, "name") for at, here in enumerate(places) for place in here]
        coupled = ((at, self.stock.coupled(word.key)) for at, word in enumerate(words) if not places[at])
        found += [(at, at, place, "coupled-name") for at, here in coupled for place in here]
        found += self._search_joined(text, words, places)
        met: dict[int, set[Place]] = {}
        for first, _, (name, part), _ in found:
            met.setdefault(name, set()).add((first, part))
        bear, regions = self.namesakes.bear, regions_named(text) if found else []
        for first, last, place, rule in found:
            if any(start <= words[first].start and words[last].end <= end for start, end in regions):
                continue
            name, part = place
            why = rule
            near = [(name, other) for at, other in met[name] if other != part and abs(at - first) <= NEAR]
            written_small = rule == "name" and text[words[first].start : words[last].end].islower()
            if bear(place):
                if not [other for other in near if not bear(place) & bear(other)]:
                    of_case = self.names[name].near
                    asked = of_case or self.namesakes.another_s(text, words, (first, last), place)
                    why = self.namesakes.doubt(text, words, (first, last), place) if asked else ""
            elif not near and (
                place in self.common or (written_small and not self.small) or self._in_phrase(words, first, last)
            ):
                why = ""
            if why:
                yield Hit(self.names[name].sensitivity, why, words[first].start, words[last].end)

    def _in_phrase(self, words: Sequence[Word], first: int, last: int) -> bool:
        """Return whether a word stands in words that were together decided to be no name; alone it was not."""
        for phrase in self.phrases:
            size = len(phrase)
            for start in range(max(0, last - size + 1), first + 1):
                if [word.key for word in words[start : start + size]] == phrase:
                    return True
        return False

    def _search_cut(self, text: str) -> Iterator[Hit]:
        """Yield where a name stands that somebody wrote short and that was decided to be nobody's to read."""
        hidden = [(start, end) for start, end, _, _ in covered(text)] if self.cut else ()
        for start, end in (*cut_names(text), *lone_initials(text), *hidden) if self.cut else ():
            kept = self.cut.get(cut_form(text[start:end]))
            if kept is not None:
                yield Hit(kept, "cut-name", start, end)

    def _search_joined(
        self, text: str, words: Sequence[Word], places: Sequence[Sequence[Place]]
    ) -> list[tuple[int, int, Place, str]]:
        """Return names that appear when neighbours are put together: cut over lines, or spaced out letter by letter."""
        found = []
        for at, word in enumerate(words):
            if places[at]:
                continue
            joined = word.key
            single = word.end - word.start == 1
            for last in range(at + 1, min(at + (40 if single else 3), len(words))):
                gap = text[words[last - 1].end : words[last].start]
                if len(gap) > NEAR or ("." in gap and not (single and gap == ".")):
                    break
                joined += words[last].key
                if len(joined) > SHORTEST_STEM and not places[last]:
                    whole = fold_word(text[word.start : words[last].end].replace("-", ""))
                    found += [(at, last, place, "split-name") for place in self.stock.places(whole)]
                if single and words[last].end - words[last].start > 1:
                    break
        return found

    def _search_numbers(self, text: str) -> Iterator[Hit]:
        if not self.numbers:
            return
        for run in _DIGIT_RUN.finditer(text):
            marks = [(at, character) for at, character in enumerate(run.group()) if _DIGITS.match(character)]
            digits = "".join(character for _, character in marks).translate(_LOOKALIKE_DIGITS)
            places = [run.start() + at for at, _ in marks]
            yield from self._windows(digits, places, "number")
        if not self.has_identifiers:
            return
        for said in filter(None, (list(enumerate(text)), _without_told_signs(text))):
            marks = [(at, one) for at, sign in said for one in sign.casefold() if one.isalnum()]
            yield from self._windows("".join(c for _, c in marks), [at for at, _ in marks], "identifier", letters=True)
        for match in _HANDLE.finditer(text) if self.mailboxes else ():
            pieces = list(_PIECE.finditer(text, *match.span()))
            for first, last in itertools.combinations_with_replacement(range(min(len(pieces), MOST_PIECES)), 2):
                start, end = pieces[first].start(), pieces[last].end()
                kept = self.mailboxes.get(_PLAIN.sub("", text[start:end]).casefold())
                if kept is not None:
                    yield Hit(kept, "identifier", start, end)

    def _windows(self, keys: str, places: Sequence[int], rule: str, *, letters: bool = False) -> Iterator[Hit]:
        if len(self.numbers) <= FEW_NUMBERS * len(self.number_lengths):  # then one look for each is quicker
            for number, sensitivity in self.numbers.items():
                at = keys.find(number) if letters is not number.isdigit() else -1
                while at >= 0:
                    yield Hit(sensitivity, rule, places[at], places[at + len(number) - 1] + 1)
                    at = keys.find(number, at + 1)
            return
        for length in self.number_lengths:
            for at in range(len(keys) - length + 1):
                window = keys[at : at + length]
                if window in self.numbers and (letters is not window.isdigit()):
                    yield Hit(self.numbers[window], rule, places[at], places[at + length - 1] + 1)

    def _search_digests(self, text: str) -> Iterator[Hit]:
        for run in _HEX.finditer(text):
            sensitivity = self._digest(re.sub(r"\s", "", run.group()))
            if sensitivity is not None:
                yield Hit(sensitivity, "digest", run.start(), run.end())


def _without_told_signs(text: str) -> list[tuple[int, str]]:
    """Return the signs of a text with their places, but for markup and told signs; nothing where there are none."""
    left: list[tuple[int, str]] = []
    at = 0
    for match in _TOLD_SIGN.finditer(text):
        left += enumerate(text[at : match.start()], at)
        at = match.end()
    return [*left, *enumerate(text[at:], at)] if at else []
