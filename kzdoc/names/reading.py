"""Reading a text for the names that are known: words looked up, neighbours of one name taken together.

Beside a word that is known, more is believed: a surname without -ов, a patronymic, an initial, a slip of the pen. A
word written small counts only where it is shaped like a surname, stands beside another word of the name, or the text
has no capitals at all; so "надежда" stays hope. It errs towards finding; who may be named is not decided here.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Hashable
from dataclasses import dataclass

from kzdoc.names.cut import covered, cut_form, cut_names, lone_initials
from kzdoc.names.endings import follows
from kzdoc.names.fold import fold_word
from kzdoc.names.index import LONGEST_NAME, SHORTEST_CORE, SHORTEST_SMALL, NameIndex
from kzdoc.names.loose import SHORTEST_LOOSE
from kzdoc.names.words import CHILD, Word, with_children, words_of

_COMMON_WORDS = (
    "деді деп дейді same an any may all are in on кім кімге кімнің кімді кімде кімнен кіммен әлі ана мен "
    "сен осы ал да де не на он она они "
)
_COMMON = frozenset(_COMMON_WORDS.split())
"""Words that hold a text together: a name only beside another word of it."""

_BEGINNING = frozenset(["нам", "те", "тем", "тех", "май", "мая", "мир"])
"""Words with which sentences begin as often as names are."""
_HEAD = re.compile(r"(?:^|(?<![^\W\d_a-zа-яёәғқңөұүһі])[.]|[!?…:;—–«\"“„\n(])\s{0,3}$")
_INNER = re.compile(r"(?<=[^\W\d_A-ZА-ЯЁӘҒҚҢӨҰҮҺІ])(?=[A-ZА-ЯЁӘҒҚҢӨҰҮҺІ][^\W\d_A-ZА-ЯЁӘҒҚҢӨҰҮҺІ])")
_COUPLED = 8
_FEW_CUTS = 5
_OWNED = re.compile(r"[ \u00a0]([а-яё]{3,})(?!\w)")
_PLAIN_NEXT = re.compile(r"[ \u00a0][a-zа-яёәғқңөұүһі]")

_CUT = re.compile(r"[-‐‑\u00ad]?[ \t]*\r?\n[ \t]*|[-‐‑]")
_DOT = re.compile(r"\.?[\s\u00a0]?")
_SPACED_OUT = re.compile(r"(?<!\w)(?:[^\W\d_][ \u00a0.‐‑-]){3,60}[^\W\d_](?!\w)")
_MARKS = "[\u0300-\u036f]{0,2}"
_NEXT = re.compile(r"['’ʼ]?,?[\s\u00a0]{1,8}|[_.]?")
_INITIAL = rf"(?:[^\W\d_]{_MARKS}|D?[Zz][Hh]|[SCKGСК][Hh]|T[Ss]|Y[uaeo]|I[ua]|Дж)\."
_GAP = r"[\s\u00a0\u00ad\u200b]{0,8}"
_BESIDE = re.compile(rf"['’ʼ]?[\s\u00a0‐‑-]{{1,8}}|,?{_GAP}(?:{_INITIAL}{_GAP}){{1,2}}|,[\s\u00a0]{{1,8}}|_")
_FATHERS = re.compile(r"(?:[oe]vich(?:a|u|em|e)?|[oe]vn(?:a|i|e|u|oi|oiu))$")
_BEFORE = re.compile(rf"(?<!\w)(?:{_INITIAL}{_GAP}){{1,2}}$")
_AFTER = re.compile(rf"['’ʼ]?,?{_GAP}(?:{_INITIAL}{_GAP}){{1,2}}|[\s\u00a0][^\W\d_](?![\w'’])")
_REACH = 24


@dataclass(frozen=True, slots=True)
class Mention:
    """A known name met in a text: whose it may be (several bear one surname) and where."""

    whose: frozenset[Hashable]
    start: int
    end: int

    @property
    def owners(self) -> tuple[Hashable, ...]:
        """Whose it may be, in the one order they are told in."""
        return tuple(sorted(self.whose, key=repr))


def mentions(index: NameIndex, text: str) -> list[Mention]:
    """Return the mentions in ``text`` by place: neighbouring words of one name are one mention.

    Initials, patronymics and misspelt words beside a known word belong to its mention. Where neighbours share an
    owner only those owners are kept; a word that several people bear keeps all of them.
    """
    index.prepare(text)
    met = [_mention(index, text, group) for group in _Reading(index, text).groups()]
    return _with_cut(index, text, met)


def _with_cut(index: NameIndex, text: str, met: list[Mention]) -> list[Mention]:
    """Return the mentions with those of names cut short, known as they are written."""
    hidden = ((start, end) for start, end, _, _ in covered(text))
    for start, end in (*cut_names(text), *lone_initials(text), *hidden):
        owners = index.bearers(cut_form(text[start:end]))
        if owners:
            inside = [one for one in met if one.start < end and start < one.end]
            met = [one for one in met if one not in inside]
            owners = owners.union(*(one.whose for one in inside))
            first, last = min([start, *(one.start for one in inside)]), max([end, *(one.end for one in inside)])
            met.append(Mention(owners, first, last))
    return sorted(met, key=lambda one: one.start)


def _mention(index: NameIndex, text: str, group: _Group) -> Mention:
    start, end, owners = group.start, group.end, group.owners
    around = (_BEFORE.search(text, max(0, start - _REACH), start), _AFTER.match(text, end, end + _REACH))
    for beside in around:
        written = re.findall(r"[^\W\d_]+", beside.group()) if beside else []
        if beside is None or not written or any(one[0].islower() for one in written):
            continue
        meant = index.with_initial(owners, written[0])
        if meant:
            owners = meant
            start, end = min(start, beside.start()), max(end, beside.start() + len(beside.group().rstrip()))
    return Mention(owners, start, end)


@dataclass(slots=True)
class _Group:
    """Neighbouring words taken for one name."""

    owners: frozenset[Hashable]
    start: int
    end: int
    first: int
    last: int


class _Reading:
    """One text being read: its words, whose each may be, and the groups they make."""

    def __init__(self, index: NameIndex, text: str) -> None:
        self.index = index
        self.text = text
        self.all_small = text == text.lower()
        words = with_children(text, self._uncoupled(words_of(text)), index.owners)
        self.words = self._rejoined(self._spaced_out(self._initials_alone(words)))
        self.known = [self._strong(word) for word in self.words]
        self._small_pairs()

    def _strong(self, word: Word) -> frozenset[Hashable]:
        lower = self.text[word.start : word.end].lower()
        if lower in _COMMON or (lower in _BEGINNING and self._begins_a_sentence(word)):
            return self._beside_initial(word)
        small = not self.index.small(word.key) and self.text[word.start].islower()
        if small and not (self.all_small and len(word.key) > SHORTEST_CORE):
            return frozenset()
        known = self.index.owners(word.key) or self._beside_initial(word) or self._varied(word)
        return known or self._possessors(word)

    def _uncoupled(self, words: list[Word]) -> list[Word]:
        """Return the words with those parted that were written as one: "СаулеНурланова", "saulenurlanova"."""
        parted: list[Word] = []
        for word in words:
            written = self.text[word.start : word.end]
            cuts = [match.start() for match in _INNER.finditer(written)]
            if not cuts and _COUPLED <= word.end - word.start <= LONGEST_NAME and not self.index.owners(word.key):
                cuts = self._coupled(written)
            if not cuts or len(cuts) > _FEW_CUTS or self.index.bearers(word.key):
                parted.append(word)
                continue
            places = [0, *cuts, len(written)]
            pieces = [(written[a:b], word.start + a, word.start + b) for a, b in itertools.pairwise(places)]
            parted += [Word(fold_word(piece), start, end) for piece, start, end in pieces if fold_word(piece)]
        return parted

    def _coupled(self, written: str) -> list[int]:
        """Return where a word parts into two words of one person's names, or nothing."""
        for cut in range(SHORTEST_CORE, len(written) - SHORTEST_CORE + 1):
            first = self.index.bearers(fold_word(written[:cut]))
            if first and first & self.index.owners(fold_word(written[cut:])):
                return [cut]
        return []

    def _small_pairs(self) -> None:
        """Know two words written small that stand beside each other and are both of one person's names."""
        for at in range(1, len(self.words)):
            pair = self.words[at - 1], self.words[at]
            if self.known[at - 1] or self.known[at] or not all(self._bare(word) for word in pair):
                continue
            if _NEXT.fullmatch(self.text, pair[0].end, pair[1].start) is None:
                continue
            if max(len(word.key) for word in pair) < SHORTEST_LOOSE:
                continue
            common = self._anyhow(pair[0])
            common = common and (common & self._anyhow(pair[1]) or self._together(*pair))
            if common:
                self.known[at - 1] = self.known[at] = common

    def _bare(self, word: Word) -> bool:
        return len(word.key) > 1 and self.text[word.start : word.end].lower() not in _COMMON

    def _anyhow(self, word: Word) -> frozenset[Hashable]:
        owners = self.index.owners(word.key, beside=True)
        return owners or self.index.variants(self.text[word.start : word.end], word.key)

    def _together(self, one: Word, other: Word) -> frozenset[Hashable]:
        """Return who bears both words, when one may also be another spelling ("utegen itemgenov")."""
        wide = [
            self.index.owners(word.key, beside=True) | self.index.variants(self.text[word.start : word.end], word.key)
            for word in (one, other)
        ]
        return wide[0] & wide[1]

    def _varied(self, word: Word) -> frozenset[Hashable]:
        written = self.text[word.start : word.end]
        return self.index.variants(written, word.key) if written[:1].isupper() else frozenset()

    def _possessors(self, word: Word) -> frozenset[Hashable]:
        """Return who has what stands behind the word: "Кайратов паспорт"."""
        behind = _OWNED.match(self.text, word.end) if self.text[word.start].isupper() else None
        return self.index.possessors(word.key, behind[1]) if behind else frozenset()

    def _begins_a_sentence(self, word: Word) -> bool:
        """Return whether a word stands at the head of a sentence with a plain word behind it."""
        return _HEAD.search(self.text, max(0, word.start - 4), word.start) is not None and (
            _PLAIN_NEXT.match(self.text, word.end) is not None
        )

    def _beside_initial(self, word: Word) -> frozenset[Hashable]:
        """Return whose a word may be that is known only because an initial stands beside it ("Лиге А.")."""
        initial = _AFTER.match(self.text, word.end, word.end + _REACH)
        initial = initial or _BEFORE.search(self.text, max(0, word.start - _REACH), word.start)
        letter = re.search(r"[^\W\d_]+", initial.group()) if initial else None
        if letter is None or not letter.group()[0].isupper():
            return frozenset()
        owners = self.index.owners(word.key, beside=True)
        return self.index.with_initial(owners, letter.group())

    def _rejoined(self, words: list[Word]) -> list[Word]:
        """Return the words with those put together that a line's end or a stray hyphen cut in two."""
        joined: list[Word] = []
        for word in words:
            last = joined[-1] if joined else None
            if last and _CUT.fullmatch(self.text, last.end, word.start):
                key = fold_word(self.text[last.start : last.end] + self.text[word.start : word.end])
                halves = self._strong(last) and self._strong(word)
                gap = self.text[last.end : word.start]
                hyphen = gap.strip() or self.text[last.end - 1] == "\u00ad"
                torn = "\n" in gap and hyphen and self.text[word.start].islower()
                owners = self.index.owners(key)
                new = not halves and not owners <= self.index.owners(last.key)
                if torn and not owners:
                    whole = self.text[last.start : last.end].rstrip("\u00ad") + self.text[word.start : word.end]
                    owners = self.index.variants(whole, key) or frozenset({key} if _FATHERS.search(key) else ())
                if owners and (torn or new):
                    joined[-1] = Word(key, last.start, word.end)
                    continue
            joined.append(word)
        return joined

    def _initials_alone(self, words: list[Word]) -> list[Word]:
        """Return the words with the initials put together of people who are known by nothing else."""
        joined: list[Word] = []
        for word in words:
            last = joined[-1] if joined else None
            if last and len(word.key) == 1 and self.text[word.start].isupper() and self.text[last.start].isupper():
                key = f"{last.key}.{word.key}"
                if _DOT.fullmatch(self.text, last.end, word.start) and self.index.bearers(key):
                    joined[-1] = Word(key, last.start, word.end)
                    continue
            joined.append(word)
        return joined

    def _spaced_out(self, words: list[Word]) -> list[Word]:
        """Return the words with names put together that were written letter by letter."""
        spelled: list[Word] = []
        for match in _SPACED_OUT.finditer(self.text):
            found = self._spelled(match.group()[::2])
            if found:
                spelled.append(Word(found[0], match.start() + 2 * found[1], match.end()))
        if not spelled:
            return words
        outside: list[Word] = []
        at = 0
        for word in words:
            while at < len(spelled) and spelled[at].end <= word.start:
                at += 1
            if at == len(spelled) or word.end <= spelled[at].start:
                outside.append(word)
        return sorted([*outside, *spelled], key=lambda word: word.start)

    def _spelled(self, letters: str) -> tuple[str, int] | None:
        """Return the key of a name, or of two, spelled by ``letters``, and how many of them stand before it ("о")."""
        for begin in range(min(SHORTEST_CORE, len(letters) - SHORTEST_CORE)):
            for cut in range(len(letters), begin + 1, -1):
                parts = [fold_word(part) for part in (letters[begin:cut], letters[cut:]) if part]
                if all(self.index.owners(part) for part in parts):
                    return parts[0], begin
        return None

    def groups(self) -> list[_Group]:
        """Return the groups by place."""
        found: list[_Group] = []
        at = 0
        while at < len(self.words):
            if not self.known[at]:
                at += 1
                continue
            word = self.words[at]
            group = _Group(self.known[at], word.start, word.end, at, at)
            self._grow(group, -1, found[-1].last if found else -1)
            self._grow(group, 1, len(self.words))
            found.append(group)
            at = group.last + 1
        return found

    def _grow(self, group: _Group, step: int, limit: int) -> None:
        """Take in the neighbours on one side, as long as they belong."""
        while True:
            at = (group.last if step > 0 else group.first) + step
            if at == limit or at < 0:
                return
            word = self.words[at]
            gap = (group.end, word.start) if step > 0 else (word.end, group.start)
            narrowed = self._belongs(group.owners, word, gap) or self._follows(
                group.owners, word, self.words[at - step]
            )
            if not narrowed:
                return
            group.owners = narrowed
            if step > 0:
                group.last, group.end = at, word.end
            else:
                group.first, group.start = at, word.start

    def _belongs(self, owners: frozenset[Hashable], word: Word, gap: tuple[int, int]) -> frozenset[Hashable]:
        """Return the owners who stay when ``word`` is taken in, empty when it does not belong."""
        between = self.text[slice(*gap)]
        if (between and _BESIDE.fullmatch(between) is None) or "\n\n" in between:
            return frozenset()
        common = owners & self.index.owners(word.key, beside=True)
        common = common or owners & self._varied(word)
        common = common or owners & self.index.shortened(self.text[word.start : word.end], word.key)
        if common:
            return common
        small = self.text[word.start].islower() and not self.all_small
        hung_on = between == "-" and small and word.start == gap[1] and word.end - word.start < SHORTEST_SMALL
        if hung_on or (not small and not self.index.owners(word.key) and self._resembles(owners, word)):
            return owners
        return frozenset()

    def _follows(self, owners: frozenset[Hashable], word: Word, beside: Word) -> frozenset[Hashable]:
        """Return the owners of names written small of which ``word`` goes on: another spelling, or a patronymic."""
        if not self.text[word.start].islower() or not self.text[beside.start].islower():
            return frozenset()
        if _BESIDE.fullmatch(self.text, min(word.end, beside.end), max(word.start, beside.start)) is None:
            return frozenset()
        if len(word.key) > SHORTEST_LOOSE and _FATHERS.search(word.key):
            return owners
        return owners & self.index.variants(self.text[word.start : word.end], word.key)

    def _resembles(self, owners: frozenset[Hashable], word: Word) -> bool:
        child = CHILD.search(word.key, SHORTEST_CORE)
        if _FATHERS.search(word.key) or (child and follows(child.group(), word.key[child.end() :])):
            return True
        return self.index.slip(word.key, owners)
