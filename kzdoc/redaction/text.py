"""Text redaction: known people and identifying numbers out of free text, everything else left as it stands.

Rules: a person who may be named stays readable; one who may not becomes a token, the same token throughout one view,
numbered by appearance. A word that both a named and a withheld person bear stays only where it can hardly mean the
withheld one: the named person is of this case (or named in full in the text) and the withheld one is not, or the word
is exactly the named one's and no form of it is exactly the other's. Identifying numbers go by their shape
(numbers.py). What is only written like a name is a candidate for a person to decide, and is not replaced here. Dates
and public offices stay.
"""

from __future__ import annotations

import itertools
import re
from bisect import bisect
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from functools import partial
from types import MappingProxyType
from typing import Any, cast

from kzdoc.domain.catalogue import kind
from kzdoc.domain.field import Type
from kzdoc.domain.places import regions_named
from kzdoc.language import Text
from kzdoc.ledger.merge import RecordState
from kzdoc.names.cut import beside_token, written_names
from kzdoc.names.gender import another_s
from kzdoc.names.index import NameIndex
from kzdoc.names.reading import Mention, mentions
from kzdoc.names.words import words_of
from kzdoc.redaction.hints import Hinted
from kzdoc.redaction.numbers import KnownNumbers, Numbers, find_numbers, marked
from kzdoc.redaction.reach import reach, with_cut
from kzdoc.redaction.tokens import HIDDEN, NUMBER, PERSON, Token, ViewText, token_label
from kzdoc.redaction.unmarked import unmarked

HINT = "hint"
"""The rule of a sentence that goes whole because it tells who somebody is."""
_WORDY = re.compile(r"[^\W\d_]{2,}")


@dataclass(frozen=True, slots=True)
class Span:
    """A place in the original text that was or might be replaced; ``person`` only for known people."""

    start: int
    end: int
    rule: str
    person: bytes | None = None


@dataclass(frozen=True, slots=True)
class Redacted:
    """A text after redaction: what to show, what was replaced, what a person should still look at."""

    text: ViewText
    spans: tuple[Span, ...]
    candidates: tuple[Span, ...]


@dataclass(slots=True)
class Numbering:
    """Which token stands for whom within one view, by appearance."""

    numbers: dict[bytes, int] = field(default_factory=dict)

    def of(self, person: bytes) -> int:
        """Return the person's number in this view."""
        return self.numbers.setdefault(person, len(self.numbers) + 1)


@dataclass(frozen=True, slots=True)
class NameBook:
    """The people a text may speak of: their names and numbers, who may be named, and who they are."""

    index: NameIndex
    may_name: AbstractSet[bytes]
    persons: Mapping[bytes, RecordState]
    numbers: KnownNumbers = field(default_factory=Numbers)

    @staticmethod
    def build(
        people: Iterable[RecordState],
        may_name: Iterable[bytes],
        written: Iterable[tuple[bytes, str]] = (),
        earlier: Mapping[bytes, Mapping[str, Sequence[Any]]] = MappingProxyType({}),
    ) -> NameBook:
        """Return the book of ``people``, removed ones too; every live value of every name field counts as a name.

        ``written``: names that stand in records as mere text, by record; nobody may name these. ``earlier``: what was
        said of a person's fields before: it is looked for like the rest, and nobody is called by it.
        """
        persons = {person.id: person for person in people}
        names: list[tuple[bytes, str]] = list(written)
        numbers: list[str] = []
        addresses: list[str] = []
        fields = [one.id for one in kind("person").fields if one.name_of or one.type in _IDENTIFYING]
        for person in persons.values():
            own, other, homes = identifying(person, earlier.get(person.id, {}), fields)
            names += [(person.id, name) for name in own]
            numbers += other
            addresses += homes
        return NameBook(NameIndex(names), frozenset(may_name), persons, Numbers.known(numbers, addresses))

    def name(self, person: bytes, lang: str) -> str:
        """Return what the person is called in ``lang``, empty when nobody has a name for him."""
        known = self.persons.get(person)
        return _called(known).to(lang) if known else ""


_IDENTIFYING = (Type.IDENTIFIER, Type.ADDRESS)


def identifying(
    person: RecordState, earlier: Mapping[str, Sequence[Any]], fields: Iterable[str]
) -> tuple[list[str], list[str], list[str]]:
    """Return the names, the numbers and the addresses that these fields of a person hold and held before."""
    of = kind("person")
    names: list[str] = []
    numbers: list[str] = []
    addresses: list[str] = []
    for one in map(of.field, fields):
        values = [*person.values(one.id), *earlier.get(one.id, ())]
        if one.name_of:
            names += map(str, values)
        elif one.type is Type.IDENTIFIER:
            numbers += map(str, values)
        elif one.type is Type.ADDRESS:
            addresses += [str(value["text"]) for value in values if isinstance(value, Mapping)]
    return names, numbers, addresses


def _called(person: RecordState) -> Text:
    latin, russian, kazakh = (_claims(person, name) for name in ("name_latin", "name_ru", "name_kk"))
    other = next((str(value) for value in person.values("aliases")), "")
    return Text(
        latin or russian or kazakh or other, russian or kazakh or latin or other, kazakh or russian or latin or other
    )


def _claims(person: RecordState, name: str) -> str:
    """Return a name; where two are claimed, both: neither is printed as the true one."""
    return " / ".join(str(value) for value in person.values(name))


def redact_text(
    text: str,
    *,
    book: NameBook,
    lang: str,
    numbering: Numbering,
    numbers: bool = True,
    near: frozenset[bytes] = frozenset(),
    hinted: Hinted | None = None,
    record: bytes = b"",
) -> Redacted:
    """Return ``text`` without the people who may not be named and, if ``numbers``, without identifying numbers.

    ``near``: the people of the case the text belongs to. ``hinted``: which sentences of the ``record`` go whole.
    """
    spans, met = _met(text, book, near)
    if numbers:
        spans = _together(
            text, spans, [Span(start, end, rule) for start, end, rule in find_numbers(text, book.numbers)]
        )
    spans.sort(key=lambda span: span.start)
    if hinted is not None:
        spans = _covered(spans, hinted.cover(text, [(one.start, one.end) for one in spans], record))
    parts: list[str | Token] = []
    at = 0
    for span in spans:
        if span.start > at:
            parts.append(text[at : span.start])
        parts.append(_token(span, lang, numbering))
        at = span.end
    if at < len(text):
        parts.append(text[at:])
    settled = marked(text, [*((one.start, one.end) for one in spans), *met])
    read = unmarked(text)
    maybe = [Span(*read.span(*place), "candidate") for place in written_names(read.text)]
    open_ones = [span for span in maybe if not any(settled[span.start : span.end])]
    return Redacted(ViewText(tuple(parts)), tuple(spans), tuple(_asked(text, spans, open_ones, settled)))


def _asked(text: str, spans: Sequence[Span], whole: Iterable[Span], settled: Sequence[int]) -> list[Span]:
    """Return what looks like a name, with the lone words directly beside a token that stands for a person."""
    found = list(whole)
    ends = [Span(0, 0, ""), *spans, Span(len(text), len(text), "")]
    for before, after in itertools.pairwise(ends):
        beside = beside_token(text[before.end : after.start], before.person is not None, after.person is not None)
        for start, end in ((before.end + first, before.end + last) for first, last in beside):
            taken = any(one.start < end and start < one.end for one in found)
            if not taken and not any(settled[start:end]):
                found.append(Span(start, end, "candidate"))
    return sorted(found, key=lambda one: one.start)


def withheld_people(text: str, book: NameBook, near: frozenset[bytes] = frozenset()) -> list[Span]:
    """Return where ``text`` speaks of people who may not be named."""
    return _met(text, book, near)[0]


def _met(text: str, book: NameBook, near: frozenset[bytes]) -> tuple[list[Span], list[tuple[int, int]]]:
    """Return where a text speaks of people who may not be named, and of anybody known: as it stands and without markup.

    A tag parts words for whoever types it, and stands within one for whoever reads the page: both are looked at.
    """
    met = mentions(book.index, text)
    spans, places = _people(text, met, book, near), [(one.start, one.end) for one in met]
    read = unmarked(text)
    if read.text == text:
        return spans, places
    met = mentions(book.index, read.text)
    for one in _people(read.text, met, book, near):
        start, end = read.span(one.start, one.end)
        beside = [other for other in spans if other.start < end and start < other.end]
        start, end = min([start, *(other.start for other in beside)]), max([end, *(other.end for other in beside)])
        spans = [*(other for other in spans if other not in beside), Span(start, end, one.rule, one.person)]
    return sorted(spans, key=lambda one: one.start), [*places, *(read.span(one.start, one.end) for one in met)]


def wholly_named(text: str, book: NameBook) -> bool:
    """Return whether every word of ``text`` is of somebody known who may be named, and of nobody who may not."""
    met = mentions(book.index, text)
    words = [match.span() for match in _WORDY.finditer(text)]
    starts = [one.start for one in met]
    around = [met[max(0, bisect(starts, start) - 1)] if met else None for start, _ in words]
    inside = all(
        one is not None and one.start <= start and end <= one.end
        for one, (start, end) in zip(around, words, strict=True)
    )
    return bool(words) and inside and all(one.whose <= book.may_name for one in met)


def _people(text: str, met: Iterable[Mention], book: NameBook, near: frozenset[bytes]) -> list[Span]:
    whole = [(one, _persons(one.whose)) for one in _without_regions(text, met)]
    full = [owners for one, owners in whole if len(words_of(text[one.start : one.end])) > 1]
    introduced = near.union(*(owners for owners in full if len(owners) == 1))
    spans: list[Span] = []
    for one, owners in whole:
        unnamed = owners - book.may_name
        words = words_of(text[one.start : one.end])
        around = near if len(words) > 1 else introduced
        if not unnamed or (len(unnamed) < len(owners) and _means_the_named(text, one, owners, book, around)):
            continue
        people = unnamed & book.persons.keys()
        likely = _likely(text, one, (people or unnamed) | (owners & book.may_name), book, (near, introduced))
        begin, end = reach(text, one.start, one.end)
        begin, end = with_cut(text, begin, end, partial(_words, book, people or unnamed))
        if spans and begin < spans[-1].end and end <= spans[-1].end:
            continue
        spans.append(Span(max(begin, spans[-1].end if spans else 0), end, "person", likely))
    return [*spans, *_initials(text, spans, book, near)]


def _without_regions(text: str, met: Iterable[Mention]) -> list[Mention]:
    """Return mentions but for those that name a region: covered, «[ПЕРСОНА-1] облысы» would say what it covers."""
    regions = regions_named(text)
    return [one for one in met if not any(start <= one.start and one.end <= end for start, end in regions)]


_TRIPLE = re.compile(
    r"(?<![\w.])([^\W\d_])\.[\s\u00a0]?([^\W\d_])\.[\s\u00a0]?([^\W\d_])(?:\.|(?!\w))(?![\s\u00a0]?[^\W\d_]\.)"
)
_FEW = 3


def _initials(text: str, spans: list[Span], book: NameBook, near: frozenset[bytes]) -> list[Span]:
    """Return where three initials stand for somebody of this case, or for one of very few, who may not be named."""
    found: list[Span] = []
    taken = marked(text, [(one.start, one.end) for one in spans])
    for match in _TRIPLE.finditer(text):
        letters = "".join(match.groups())
        if not letters.isupper() or any(taken[slice(*match.span())]):
            continue
        owners = _persons(book.index.by_initials(letters))
        meant = (owners & near) or (owners if len(owners) <= _FEW else frozenset())
        if meant and not meant & book.may_name:
            found.append(Span(match.start(), match.end(), "person", min(meant)))
    return found


def _means_the_named(
    text: str, one: Mention, owners: frozenset[bytes], book: NameBook, around: frozenset[bytes]
) -> bool:
    """Return whether a word (or full name) that named and unnamed people bear may be taken for a named one's.

    A lone surname in the form of a woman or of a family is no man's, and the other way round (kzdoc/names/gender.py).
    """
    named, unnamed = owners & book.may_name, owners - book.may_name
    words = words_of(text[one.start : one.end])
    beside = frozenset(_fitting(text, one, named & around, book))
    if beside and not unnamed & around:
        return True
    if len(words) != 1 or (unnamed & around and not beside):
        return False
    exact = _persons(book.index.bearers(words[0].key))
    if exact & unnamed:
        return False
    return bool(exact & beside) if beside else any(_fitting(text, one, exact & named, book))


def _words(book: NameBook, people: Iterable[bytes]) -> list[str]:
    """Return the words of the names of some people, of a crowd of the first."""
    return [word for keys in book.index.words(sorted(people)[:_FEW_BEARERS]).values() for word in keys]


_FEW_BEARERS = 20
"""Of a crowd that bears one word no other words are asked for."""
_AT_FIRST = 8
"""So many people are asked for the words of their names at first, and each time more."""


def _fitting(text: str, one: Mention, people: frozenset[bytes], book: NameBook) -> Iterator[bytes]:
    """Yield those of some people, in order, whose a mention may be: a man's form of a surname is no woman's.

    Of a crowd that bears one surname only so many are read as are asked for here.
    """
    words, wanted = words_of(text[one.start : one.end]), sorted(people)
    if len(words) != 1:
        yield from wanted
        return
    start, end = (one.start + place for place in (words[0].start, words[0].end))
    done = 0
    while part := wanted[done : 2 * done + _AT_FIRST]:
        done += len(part)
        known = book.index.words(part)
        yield from (owner for owner in part if not another_s(text, start, end, known[owner]))


def _likely(
    text: str, one: Mention, owners: frozenset[bytes], book: NameBook, nearest: Iterable[frozenset[bytes]]
) -> bytes:
    """Return of whom a token is that covers a mention: of somebody withheld whom it may mean, the nearest first.

    A man's form of a surname is not hers who is withheld beside him. Where it can only be of somebody who may be named,
    but who is not of this case, it is covered all the same, and the token is another one than hers.
    """
    named, unnamed = owners & book.may_name, owners - book.may_name
    sorts = [[*(group & some for some in nearest), group] for group in (unnamed, named)]
    if len(owners) > 1:
        for some in itertools.chain(*sorts):
            found = next(_fitting(text, one, some, book), None)
            if found is not None:
                return found
    return min(next(some for some in sorts[0] if some))


def _persons(owners: Iterable[Hashable]) -> frozenset[bytes]:
    return frozenset(cast("Iterable[bytes]", owners))  # in a book of names every owner is a record


def _together(text: str, people: list[Span], numbers: list[Span]) -> list[Span]:
    """Return all spans, a name inside or beside a number (an e-mail address) swallowed by it."""
    numbered = marked(text, [(one.start, one.end) for one in numbers])
    beside = [one for one in people if any(numbered[one.start : one.end])]
    spans = [one for one in people if not any(numbered[one.start : one.end])]
    first = 0
    for number in numbers:
        while first < len(beside) and beside[first].end <= number.start:
            first += 1
        last = first
        while last < len(beside) and beside[last].start < number.end:
            last += 1
        met = beside[first:last]
        start, end = min([number.start, *(one.start for one in met)]), max([number.end, *(one.end for one in met)])
        if spans and spans[-1].end > start and spans[-1].person is None:
            start = spans[-1].end
        if start < end:
            spans.append(Span(start, end, number.rule))
    return spans


def _covered(spans: list[Span], sentences: Sequence[tuple[int, int]]) -> list[Span]:
    """Return spans with whole sentences, each in the place of what stands in it."""
    if not sentences:
        return spans
    left = [one for one in spans if not any(start <= one.start and one.end <= end for start, end in sentences)]
    return sorted([*left, *(Span(*one, HINT) for one in sentences)], key=lambda one: one.start)


def _token(span: Span, lang: str, numbering: Numbering) -> Token:
    if span.rule == HINT:
        return Token(token_label(HIDDEN, lang), "narrative", HINT)
    if span.person is not None:
        return Token(token_label(PERSON, lang, numbering.of(span.person)), "identity", "no-basis")
    return Token(token_label(NUMBER, lang), "identity", "number")
