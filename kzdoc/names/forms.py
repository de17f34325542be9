"""Knowing a name in whatever form a text gives it: Russian and Kazakh endings, initials, three scripts.

Words of the text are looked up by their folded key (fold.py) in an index of the known names' words; names are never
looked for in the text, so the cost follows the text. A word is a form of a name's word when what follows a known word
or its core is an ending that word may take (endings.py). Beside a word that is known, more is believed: a surname
without -ов, a patronymic, an initial, a slip of the pen. A word written small counts only where it is shaped like a
surname, stands beside another word of the name, or the text has no capitals at all; so "надежда" stays hope. It errs
towards finding; who may be named is not decided here.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable
from dataclasses import dataclass

from rapidfuzz import fuzz

from kzdoc.names.endings import FAMILY, TAILS, cores, follows, hardened
from kzdoc.names.fold import fold_word

SHORTEST_CORE = 3
SHORTEST_SMALL = 6
SLIP = 80
"""How like (0-100) a neighbour must be to a word of the name to count as a slip of the pen."""

_ENDINGS = (
    # Russian: surnames, given names and patronymics of either gender, all cases and the plural
    "а у ом е ы ой ою ым ых ыми ому ого ем ам ами ах ов и ю ей ею ев ий ия ию ии ием ем ям ями ях я ь "
    # Kazakh: case, plural, possession, with vowel harmony
    "ның нің дың дің тың тің ға ге қа ке на не ны ні ды ді ты ті н да де та те нда нде "
    "дан ден тан тен нан нен мен бен пен лар лер дар дер тар тер ым ім м ың ің ң сы сі ы і мыз міз ыңыз іңіз "
    "ларға лерге ларды лерді лардың лердің ларда лерде лардан лерден дікі тікі нікі дағы дегі ша ше s"
)
ENDINGS = frozenset({"", *(fold_word(ending) for ending in _ENDINGS.split())})
"""The plain list of endings, for the leak check, which looks on its own."""

_ALONE = frozenset({"nin", "din", "men", "ben", "den", "nen", "dan", "nan", "man", "niki", "diki"})
"""Endings plain enough to follow a name of two letters that stands alone."""
_COMMON_WORDS = (
    "an any may all are in on кім кімге кімнің кімді кімде кімнен кіммен әлі ана мен сен осы ал да де не на он она они"
)
_COMMON = frozenset(_COMMON_WORDS.split())
"""Words that hold a text together: a name only beside another word of it."""

_ORDINARY_WORDS = "любовь любовью основ органов голосов законов часов судов домов годов"
_ORDINARY = frozenset(map(fold_word, _ORDINARY_WORDS.split()))
"""Words shaped like surnames that are none when they are written small."""

_INSIDE = "\u00ad\u200b-\u200d\u2060\u0300-\u036f'’ʼ"
_WORD = re.compile(rf"[^\W\d_](?:[^\W\d_]|[{_INSIDE}]+(?=[^\W\d_{_INSIDE}]))*[\u00ad\u0300-\u036f]*")
_CUT = re.compile(r"[-‐‑\u00ad]?[ \t]*\r?\n[ \t]*|[-‐‑]")
_DOT = re.compile(r"\.?[\s\u00a0]?")
_SPACED_OUT = re.compile(r"(?<!\w)(?:[^\W\d_][ \u00a0]){3,60}[^\W\d_](?!\w)")
_INITIAL = r"(?:[^\W\d_]|D?[Zz][Hh]|[SCKG][Hh]|T[Ss]|Y[uaeo]|I[ua]|Дж)\."
_BESIDE = re.compile(rf"[\s\u00a0‐‑-]{{1,8}}|,?[\s\u00a0]{{0,2}}(?:{_INITIAL}[\s\u00a0]{{0,2}}){{1,2}}")
_FATHERS = re.compile(r"(?:[oe]vich(?:a|u|em|e)?|[oe]vn(?:a|i|e|u|oi|oiu))$")
_CHILD = re.compile(r"(?:uli|kizi|tegi)")
_SURNAME = re.compile(r"(?:[oe]v|in|sk|uli|kizi|tegi)[a-z]{0,5}$")
_BEFORE = re.compile(rf"(?<!\w)(?:{_INITIAL}[\s\u00a0]?){{1,2}}$")
_AFTER = re.compile(rf",?[\s\u00a0]?(?:{_INITIAL}[\s\u00a0]?){{1,2}}|[\s\u00a0][^\W\d_](?![\w'’])")


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text: its folded key and where it stands."""

    key: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Mention:
    """A known name met in a text: whose it may be (several bear one surname) and where."""

    owners: tuple[Hashable, ...]
    start: int
    end: int


def words_of(text: str) -> list[Word]:
    """Return the words of ``text``; soft hyphens, joiners and combining marks do not part a word, hyphens do."""
    found = ((fold_word(match.group()), match) for match in _WORD.finditer(text))
    return [Word(key, match.start(), match.end()) for key, match in found if key]


class NameIndex:
    """Known names by their words and cores; every name has an owner, the person it is one of the names of."""

    def __init__(self, names: Iterable[tuple[Hashable, str]]) -> None:
        self._whole: dict[str, set[Hashable]] = {}
        self._cores: dict[str, dict[str, set[Hashable]]] = {}
        self._bare: dict[str, set[Hashable]] = {}
        self._keys: dict[Hashable, set[str]] = {}
        self._small: set[str] = set()
        self._met: dict[tuple[str, bool], frozenset[Hashable]] = {}
        self._orders: dict[frozenset[Hashable], tuple[Hashable, ...]] = {}
        for owner, name in names:
            words = _with_children(name, words_of(name))
            if len(words) > 1 and all(len(word.key) == 1 for word in words):  # known by initials alone, "А. К."
                self._whole.setdefault(".".join(word.key for word in words), set()).add(owner)
            for word in words:
                for key in _other_keys(name[word.start : word.end]) | {word.key}:
                    self._add(owner, key)
                if name[word.start].islower():
                    self._small.add(word.key)
        self._longest = max(map(len, (*self._whole, *self._cores, *self._bare)), default=0)

    def _add(self, owner: Hashable, key: str) -> None:
        self._keys.setdefault(owner, set()).add(key)
        if len(key) == 1:
            return
        self._whole.setdefault(key, set()).add(owner)
        for core, paradigm in cores(key):
            self._cores.setdefault(core, {}).setdefault(paradigm, set()).add(owner)
            if paradigm == "family" and len(core) - len(FAMILY[0]) >= SHORTEST_CORE:
                self._bare.setdefault(core[: -len(FAMILY[0])], set()).add(owner)

    def owners(self, key: str, *, beside: bool = False) -> frozenset[Hashable]:
        """Return whose name the folded word may be a form of; ``beside`` another word of it, more is believed."""
        known = self._met.get((key, beside))
        if known is None:
            known = self._met[key, beside] = frozenset(self._lookup(key, beside=beside))
        return known

    def bearers(self, key: str) -> frozenset[Hashable]:
        """Return whose name has exactly this word."""
        return frozenset(self._whole.get(key, ()))

    def _lookup(self, key: str, *, beside: bool) -> Iterable[Hashable]:
        for cut in range(2, min(len(key), self._longest) + 1):
            head, rest = key[:cut], key[cut:]
            long = cut >= SHORTEST_CORE or beside
            if head in self._whole and (long or not rest or rest in _ALONE) and follows(head, rest):
                yield from self._whole[head]
            if head in self._cores and (beside or (len(key) >= SHORTEST_CORE and (rest or cut > SHORTEST_CORE))):
                for paradigm, owners in self._cores[head].items():
                    if rest in TAILS[paradigm]:
                        yield from owners
            if beside and head in self._bare and (follows(head, rest) or rest in TAILS["consonant"]):
                yield from self._bare[head]
            if rest[:1] == "i" and (hard := hardened(head)) in self._whole and follows(head, rest):
                yield from self._whole[hard or ""]

    def mentions(self, text: str) -> list[Mention]:
        """Return the mentions in ``text`` by place: neighbouring words of one name are one mention.

        Initials, patronymics and misspelt words beside a known word belong to its mention. Where neighbours share an
        owner only those owners are kept; a word that several people bear keeps all of them.
        """
        return [self._mention(text, group) for group in _Reading(self, text).groups()]

    def slip(self, key: str, owners: frozenset[Hashable]) -> bool:
        """Return whether a folded word is a near miss of a word of the owners' names (of a few owners only)."""
        if len(key) <= SHORTEST_CORE or len(owners) > SLIP:
            return False
        return any(fuzz.ratio(key, known) >= SLIP for owner in owners for known in self._keys[owner])

    def with_initial(self, owners: frozenset[Hashable], letter: str) -> frozenset[Hashable]:
        """Return those of ``owners`` who have a word that begins with a folded letter."""
        return frozenset(owner for owner in owners if any(key.startswith(letter) for key in self._keys[owner]))

    def small(self, key: str) -> bool:
        """Return whether a word written small may be a name."""
        return key in self._small or (
            len(key) >= SHORTEST_SMALL and key not in _ORDINARY and _SURNAME.search(key) is not None
        )

    def _mention(self, text: str, group: _Group) -> Mention:
        start, end, owners = group.start, group.end, group.owners
        around = (_BEFORE.search(text, max(0, start - 12), start), _AFTER.match(text, end, end + 12))
        for beside in around:
            initials = re.findall(r"[^\W\d_]+", beside.group()) if beside else []
            letters = [fold_word(one)[:1] for one in initials]
            if beside is None or not all(letters) or any(one[0].islower() for one in initials):
                continue
            meant = frozenset(owner for owner in owners if any(key.startswith(letters[0]) for key in self._keys[owner]))
            if meant:
                owners = meant
                start, end = min(start, beside.start()), max(end, beside.start() + len(beside.group().rstrip()))
        return Mention(self._ordered(owners), start, end)

    def _ordered(self, owners: frozenset[Hashable]) -> tuple[Hashable, ...]:
        if owners not in self._orders:
            self._orders[owners] = tuple(sorted(owners, key=repr))
        return self._orders[owners]


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
        words = _with_children(text, words_of(text), index)
        self.words = self._rejoined(self._spaced_out(self._initials_alone(words)))
        self.known = [self._strong(word) for word in self.words]

    def _strong(self, word: Word) -> frozenset[Hashable]:
        if self.text[word.start : word.end].lower() in _COMMON:
            return self._beside_initial(word)
        small = not self.index.small(word.key) and self.text[word.start].islower()
        if small and not (self.all_small and len(word.key) > SHORTEST_CORE):
            return frozenset()
        return self.index.owners(word.key) or self._beside_initial(word)

    def _beside_initial(self, word: Word) -> frozenset[Hashable]:
        """Return whose a word may be that is known only because an initial stands beside it ("Лиге А.")."""
        initial = _AFTER.match(self.text, word.end, word.end + 12)
        initial = initial or _BEFORE.search(self.text, max(0, word.start - 12), word.start)
        letter = re.search(r"[^\W\d_]+", initial.group()) if initial else None
        if letter is None or not letter.group()[0].isupper():
            return frozenset()
        owners = self.index.owners(word.key, beside=True)
        return self.index.with_initial(owners, fold_word(letter.group())[:1])

    def _rejoined(self, words: list[Word]) -> list[Word]:
        """Return the words with those put together that a line's end or a stray hyphen cut in two."""
        joined: list[Word] = []
        for word in words:
            last = joined[-1] if joined else None
            if last and _CUT.fullmatch(self.text, last.end, word.start):
                key = fold_word(self.text[last.start : last.end] + self.text[word.start : word.end])
                halves = self._strong(last) and self._strong(word)
                if not halves and self.index.owners(key) and not self.index.owners(key) <= self.index.owners(last.key):
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
            narrowed = self._belongs(group.owners, word, gap)
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
        if _BESIDE.fullmatch(between) is None or "\n\n" in between:
            return frozenset()
        common = owners & self.index.owners(word.key, beside=True)
        if common:
            return common
        small = self.text[word.start].islower() and not self.all_small
        hung_on = between == "-" and small and word.start == gap[1] and word.end - word.start < SHORTEST_SMALL
        if hung_on or (not small and not self.index.owners(word.key) and self._resembles(owners, word)):
            return owners
        return frozenset()

    def _resembles(self, owners: frozenset[Hashable], word: Word) -> bool:
        child = _CHILD.search(word.key, SHORTEST_CORE)
        if _FATHERS.search(word.key) or (child and follows(child.group(), word.key[child.end() :])):
            return True
        return self.index.slip(word.key, owners)


def _other_keys(word: str) -> set[str]:
    """Return the keys of other ways to write a word: its soft sign left out, its ё as Latin writes it ("yo")."""
    lower = word.lower()
    return {fold_word(lower.replace("ь", "")), fold_word(lower.replace("ё", "ио"))}


def _with_children(text: str, words: list[Word], index: NameIndex | None = None) -> list[Word]:
    """Return the words with "Серік ұлы" written apart as one word, as it is written together."""
    joined: list[Word] = []
    whole = -1  # where the newest word put together stands: it is not put together again
    for word in words:
        last = joined[-1] if joined and whole != len(joined) - 1 else None
        child = _CHILD.match(word.key)
        if last and child and follows(child.group(), word.key[child.end() :]) and word.start - last.end == 1:
            key = fold_word(text[last.start : last.end] + text[word.start : word.end])
            if index is None or index.owners(key) or not index.owners(last.key):
                joined[-1] = Word(key, last.start, word.end)
                whole = len(joined) - 1
                continue
        joined.append(word)
    return joined


_CAPITAL, _LETTER = "А-ЯЁӘҒҚҢӨҰҮҺІA-ZÄĞÖŞŪÜÑ", "а-яёәғқңөұүһіa-zğıñöşūüä'’"
_CAPITALISED = re.compile(
    rf"[{_CAPITAL}][{_LETTER}]+(?:[\s\u00a0-][{_CAPITAL}][{_LETTER}]+)+"
    rf"|(?:[{_CAPITAL}]\.\s?){{1,2}}[{_CAPITAL}][{_LETTER}]+"
    rf"|[{_CAPITAL}][{_LETTER}]+(?:\s?[{_CAPITAL}]\.){{1,2}}"
)


def candidates(text: str) -> list[tuple[int, int]]:
    """Return (start, end) of what is written like a person's name: capitalised pairs, a surname with initials."""
    return [match.span() for match in _CAPITALISED.finditer(text)]
