"""Knowing a name in whatever form a text gives it: Russian and Kazakh endings, initials, three scripts.

Words of the text are looked up by their folded key (fold.py) in an index of the known names' words; names are never
looked for in the text, so the cost follows the text. A word is a form of a name's word when what follows a known word
or its core is an ending that word may take (endings.py). Beside a word that is known, more is believed: a surname
without -ов, a patronymic, an initial, a slip of the pen. A word written small counts only where it is shaped like a
surname, stands beside another word of the name, or the text has no capitals at all; so "надежда" stays hope. It errs
towards finding; who may be named is not decided here.
"""

from __future__ import annotations

import itertools
import re
from bisect import bisect_left
from collections.abc import Hashable, Iterable
from dataclasses import dataclass

from rapidfuzz import fuzz

from kzdoc.names.endings import FAMILY, TAILS, cores, follows, hardened
from kzdoc.names.fold import fold_word
from kzdoc.names.loose import SHORTEST_BONES, SHORTEST_LOOSE, foreign, honoured, initials, loose, respected, smaller

SHORTEST_CORE = 3
SHORTEST_SMALL = 6
LONGEST_NAME = 40
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
_PLAIN_NEXT = re.compile(r"[ \u00a0][a-zа-яёәғқңөұүһі]")

_ORDINARY_WORDS = "любовь любовью основ органов голосов законов часов судов домов годов"
_FEASTS = frozenset(map(fold_word, ["мереке", "береке", "жеке", "мерекеге", "мерекеде", "мерекесі", "берекелі"]))
_ORDINARY = frozenset(map(fold_word, _ORDINARY_WORDS.split()))
"""Words shaped like surnames that are none when they are written small."""

_INSIDE = "\u00ad\u200b-\u200d\u2060\u0300-\u036f'’ʼ"
_SIGN = r"(?:[^\W\d_]|¥|(?<=[^\W\d_])0(?=[^\W\d_])|(?<!\w)0(?=[^\W\d_]{3}))"
_WORD = re.compile(rf"{_SIGN}(?:{_SIGN}|[{_INSIDE}]+(?=[^\W\d_{_INSIDE}]))*[\u00ad\u0300-\u036f]*")
_CUT = re.compile(r"[-‐‑\u00ad]?[ \t]*\r?\n[ \t]*|[-‐‑]")
_DOT = re.compile(r"\.?[\s\u00a0]?")
_SPACED_OUT = re.compile(r"(?<!\w)(?:[^\W\d_][ \u00a0]){3,60}[^\W\d_](?!\w)")
_MARKS = "[\u0300-\u036f]{0,2}"
_NEXT = re.compile(r",?[\s\u00a0]{1,8}|[_.]?")
_INITIAL = rf"(?:[^\W\d_]{_MARKS}|D?[Zz][Hh]|[SCKG][Hh]|T[Ss]|Y[uaeo]|I[ua]|Дж)\."
_GAP = r"[\s\u00a0\u00ad\u200b]{0,8}"
_BESIDE = re.compile(rf"[\s\u00a0‐‑-]{{1,8}}|,?{_GAP}(?:{_INITIAL}{_GAP}){{1,2}}|,[\s\u00a0]{{1,8}}|_")
_FATHERS = re.compile(r"(?:[oe]vich(?:a|u|em|e)?|[oe]vn(?:a|i|e|u|oi|oiu))$")
_CHILD = re.compile(r"(?:uli|kizi|tegi)")
_SURNAME = re.compile(r"(?:[oe]v|in|sk|uli|kizi|tegi)[a-z]{0,5}$")
_FAMILY_NAME = re.compile(r"(?:[oe]va?|ina?|sk|ski|skaia|uli|kizi|tegi)$")
_BEFORE = re.compile(rf"(?<!\w)(?:{_INITIAL}{_GAP}){{1,2}}$")
_AFTER = re.compile(rf",?{_GAP}(?:{_INITIAL}{_GAP}){{1,2}}|[\s\u00a0][^\W\d_](?![\w'’])")
_REACH = 24


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
    found = ((fold_word(match.group().replace("0", "о")), match) for match in _WORD.finditer(text))
    return [Word(key, match.start(), match.end()) for key, match in found if key]


_PLURALS = frozenset(("lar", "ler", "dar", "der", "tar", "ter"))


class NameIndex:
    """Known names by their words and cores; every name has an owner, the person it is one of the names of."""

    def __init__(self, names: Iterable[tuple[Hashable, str]]) -> None:
        self._whole: dict[str, set[Hashable]] = {}
        self._cores: dict[str, dict[str, set[Hashable]]] = {}
        self._bare: dict[str, set[Hashable]] = {}
        self._triples: dict[str, set[Hashable]] = {}
        self._loose: dict[str, set[Hashable]] = {}
        self._keys: dict[Hashable, set[str]] = {}
        self._small: set[str] = set()
        self._varied: dict[str, frozenset[Hashable]] = {}
        self._met: dict[tuple[str, bool], frozenset[Hashable]] = {}
        self._orders: dict[frozenset[Hashable], tuple[Hashable, ...]] = {}
        for owner, name in names:
            words = _with_children(name, words_of(name))
            if len(words) > 1 and all(len(word.key) == 1 for word in words):  # known by initials alone, "А. К."
                self._whole.setdefault(".".join(word.key for word in words), set()).add(owner)
            if len(words) == 3 and all(len(word.key) > 1 for word in words):  # noqa: PLR2004 - surname, name, patronymic
                first = [word.key[0] for word in words]
                for order in ("".join(first), "".join([*first[1:], first[0]])):
                    self._triples.setdefault(order, set()).add(owner)
            for word in words:
                for key in _other_keys(name[word.start : word.end]) | {word.key}:
                    self._add(owner, key)
                if name[word.start].islower():
                    self._small.add(word.key)
        self._sorted: list[str] = []
        self._longest = max(map(len, (*self._whole, *self._cores, *self._bare)), default=0)

    def _add(self, owner: Hashable, key: str) -> None:
        self._keys.setdefault(owner, set()).add(key)
        if len(key) == 1:
            return
        self._whole.setdefault(key, set()).add(owner)
        self._loosely(owner, key)
        for core, paradigm in cores(key):
            self._cores.setdefault(core, {}).setdefault(paradigm, set()).add(owner)
            self._loosely(owner, core)
            if paradigm == "family" and len(core) - len(FAMILY[0]) >= SHORTEST_CORE:
                self._bare.setdefault(core[: -len(FAMILY[0])], set()).add(owner)

    def _loosely(self, owner: Hashable, key: str) -> None:
        bones = loose(key)
        if len(bones) >= SHORTEST_BONES:
            self._loose.setdefault(bones, set()).add(owner)

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
                    if rest in TAILS[paradigm] or (paradigm == "family" and _of_a_family(head, rest)):
                        yield from owners
            if beside and head in self._bare and (follows(head, rest) or rest in TAILS["consonant"]):
                yield from self._bare[head]
            if rest[:1] == "i" and (hard := hardened(head)) in self._whole and follows(head, rest):
                yield from self._whole[hard or ""]

    def variants(self, written: str, key: str) -> frozenset[Hashable]:
        """Return whose name a word written like a name may be in another spelling, softened, or by another habit."""
        known = self._varied.get(written)
        if known is None:
            known = self._varied[written] = frozenset(self._vary(written, key))
        return known

    def _vary(self, written: str, key: str) -> Iterable[Hashable]:
        if not SHORTEST_CORE <= len(key) <= LONGEST_NAME or key in _ORDINARY:
            return
        for other in foreign(written):
            if len(other) > 1:
                yield from self.owners(other)
        said = respected(key)
        if said and follows("zhan", said[1]):
            for head in said[0]:
                yield from self._whole.get(head, ())
                yield from (owner for each in self._cores.get(head, {}).values() for owner in each)
        for name in smaller(key):
            yield from self._whole.get(name, ())
        elder = honoured(key)
        if elder and follows("ke", elder[1]) and key not in _FEASTS:
            yield from self._beginning(elder[0])
        if len(key) >= SHORTEST_SMALL - 1:
            yield from self._by_bones(key)

    def _by_bones(self, key: str) -> Iterable[Hashable]:
        """Return whose name a key may be a form of when high vowels do not count."""
        for cut in range(SHORTEST_LOOSE, len(key) + 1):
            head, rest = key[:cut], key[cut:]
            owners = self._loose.get(loose(head))
            if owners and (not rest or rest in TAILS["consonant"] or rest in TAILS["family"] or follows(head, rest)):
                yield from owners

    def _beginning(self, head: str) -> Iterable[Hashable]:
        """Return whose name begins so and goes on for a syllable."""
        if not self._sorted:
            self._sorted = sorted(self._whole)
        at = bisect_left(self._sorted, head)
        while at < len(self._sorted) and self._sorted[at].startswith(head):
            if 0 < len(self._sorted[at]) - len(head) <= SHORTEST_LOOSE:
                yield from self._whole[self._sorted[at]]
            at += 1

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
        """Return those of ``owners`` who have a word that may begin with an initial as it is written."""
        letters = tuple(initials(letter))
        return frozenset(owner for owner in owners if any(key.startswith(letters) for key in self._keys[owner]))

    def by_initials(self, letters: str) -> frozenset[Hashable]:
        """Return whose surname, name and patronymic these three initials may be, the surname first or last."""
        read = itertools.product(*(sorted(initials(letter)) for letter in letters))
        return frozenset(owner for keys in read for owner in self._triples.get("".join(keys), ()))

    def small(self, key: str) -> bool:
        """Return whether a word written small may be a name."""
        return key in self._small or (
            len(key) >= SHORTEST_SMALL
            and key not in _ORDINARY
            and _SURNAME.search(key) is not None
            and any(
                _FAMILY_NAME.search(key[:cut]) and self._has(key[:cut]) for cut in range(SHORTEST_LOOSE, len(key) + 1)
            )
        )

    def _has(self, head: str) -> bool:
        return head in self._whole or any(paradigm in ("family", "adjective") for paradigm in self._cores.get(head, ()))

    def _mention(self, text: str, group: _Group) -> Mention:
        start, end, owners = group.start, group.end, group.owners
        around = (_BEFORE.search(text, max(0, start - _REACH), start), _AFTER.match(text, end, end + _REACH))
        for beside in around:
            written = re.findall(r"[^\W\d_]+", beside.group()) if beside else []
            if beside is None or not written or any(one[0].islower() for one in written):
                continue
            meant = self.with_initial(owners, written[0])
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
        words = _with_children(text, self._uncoupled(words_of(text)), index)
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
        return self.index.owners(word.key) or self._beside_initial(word) or self._varied(word)

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
            common = self._anyhow(pair[0]) & self._anyhow(pair[1])
            if common and max(len(word.key) for word in pair) >= SHORTEST_LOOSE:
                self.known[at - 1] = self.known[at] = common

    def _bare(self, word: Word) -> bool:
        return len(word.key) > 1 and self.text[word.start : word.end].lower() not in _COMMON

    def _anyhow(self, word: Word) -> frozenset[Hashable]:
        owners = self.index.owners(word.key, beside=True)
        return owners or self.index.variants(self.text[word.start : word.end], word.key)

    def _varied(self, word: Word) -> frozenset[Hashable]:
        written = self.text[word.start : word.end]
        return self.index.variants(written, word.key) if written[:1].isupper() else frozenset()

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
        if (between and _BESIDE.fullmatch(between) is None) or "\n\n" in between:
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


def _of_a_family(stem: str, rest: str) -> bool:
    """Return whether a surname's bare stem goes on as the Kazakh plural of the family, a woman's family too."""
    return rest[:3] in _PLURALS and follows(stem, rest)


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
    rf"[{_CAPITAL}][{_LETTER}]+(?:(?:[^\S\n]|-)[{_CAPITAL}][{_LETTER}]+)+"
    rf"|(?:[{_CAPITAL}]\.\s?){{1,2}}[{_CAPITAL}][{_LETTER}]+"
    rf"|[{_CAPITAL}][{_LETTER}]+(?:\s?[{_CAPITAL}]\.){{1,2}}"
)


def candidates(text: str) -> list[tuple[int, int]]:
    """Return (start, end) of what is written like a person's name: capitalised pairs, a surname with initials.

    A line that ends, ends a name: people write lists.
    """
    return [match.span() for match in _CAPITALISED.finditer(text)]
