"""What only looks like a name: met in the texts a reader will see, grouped, and decided by a person once.

Rules: a decision is about a name in all its forms and holds for every paper, table and language of this vault:
``name`` (somebody nobody may name: taken out of texts like a known person), ``shown`` (a person who may be named) or
``word`` (no person at all). That what the leak check found is another person is no such decision: it holds in the
papers of the case, or the tables of the kind, in which it was said, and anywhere else it is asked anew. None lets
through what is known of the vault's people: a ``word`` that somebody withheld is called is taken out all the same. A
decision is of as many words as what it settles; of a name cut short («Ж-ва», «гр. К.») it is of what is written so, the
word before an initial in any case. What may be somebody withheld in the very case is settled there alone: that «А.М.»
is somebody else in one case says nothing of another; that nobody may read it holds everywhere.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from kzdoc.domain.catalogue import KINDS
from kzdoc.domain.field import Type
from kzdoc.names.cut import CUT, cut_form, written_names
from kzdoc.names.index import NameIndex
from kzdoc.names.near import Near
from kzdoc.names.reading import mentions
from kzdoc.names.words import words_of
from kzdoc.redaction.tokens import Token, ViewText
from kzdoc.redaction.unmarked import unmarked
from kzdoc.redaction.view import ViewRecord

NAME, SHOWN, WORD = "name", "shown", "word"
HOW = (NAME, SHOWN, WORD)
ANOTHER = "other"
"""What was found is the name of somebody else: only where it was said (``Decisions.within``)."""
_WRITTEN = (Type.TEXT, Type.LONG_TEXT)


@dataclass(frozen=True, slots=True)
class Unknown:
    """A group of what may be one unknown name: its shortest form, all forms, how often, in how many records."""

    text: str
    forms: tuple[str, ...]
    count: int
    records: int


@dataclass(frozen=True, slots=True)
class Decisions:
    """What a person decided of names nobody entered: (name, one of ``HOW``).

    ``others``: (name, where), of what is another person's name in the papers of one case or the tables of one kind.
    ``there``: (name, where), in which of these a name was decided to be shown, or no person; of those decisions that
    are read (``where``) it settles also what may be somebody withheld there.
    """

    said: tuple[tuple[str, str], ...] = ()
    others: tuple[tuple[str, str], ...] = ()
    there: tuple[tuple[str, str], ...] = ()
    where: str = ""
    _index: list[NameIndex] = field(default_factory=list, repr=False, compare=False)

    def within(self, where: str) -> Decisions:
        """Return what holds in the papers of a case or the tables of a kind: what was said there goes first."""
        mine = dict.fromkeys(name for name, place in self.others if place == where)
        general = [one for one in self.said if one[0] not in mine]
        return Decisions((*general, *((name, ANOTHER) for name in mine)), self.others, self.there, where)

    def names(self, how: str) -> list[tuple[bytes, str]]:
        """Return the names decided so, each with the id that stands for it; one cut short as it is compared.

        One that nobody may read also as it would be called, when it was met in another case («Тестову Данияру»).
        """
        found = [(_id(name), cut_form(name) or name) for name, decided in self.said if decided == how]
        bare = [(_id(name), _bare(name)) for name, _ in self.said] if how == NAME else []
        mine = {one for one, _ in found}
        return [*found, *(one for one in bare if one[0] in mine and one[1])]

    def whole(self, how: str) -> list[tuple[bytes, str]]:
        """Return the names decided so whose words can be looked for, which those of a name cut short cannot."""
        return [one for one in self.names(how) if one[1][:1] != CUT]

    def settles(self, text: str, *, near: bool = False) -> bool:
        """Return whether a name was decided, in whatever form ``text`` has it; one cut short as it is written.

        ``near``: it may be somebody withheld where these decisions are read; then what was said elsewhere settles
        nothing but that nobody may read it.
        """
        if cut := cut_form(text):
            found = [name for name, _ in self.said if cut_form(name) == cut]
        else:
            if not self._index:
                self._index.append(NameIndex([((name, _length(name)), name) for name, _ in self.said]))
            found = [str(one[0]) for one in _same(self._index[0], text) if isinstance(one, tuple)]
        return bool(found) if not near else any(self._holds_here(name) for name in found)

    def _holds_here(self, name: str) -> bool:
        how = dict(self.said).get(name)
        return how in (NAME, ANOTHER) or (name, self.where) in self.there


def _id(name: str) -> bytes:
    return hashlib.sha256(b"decided\0" + name.encode()).digest()[:16]


_IN_A_CASE = re.compile(
    r"(?<=[^\W\d_]{4})(?:[аяуюе]|ом|ем|ой|ою|ым|(?:[ндт][ыі]ң)|[ғқгк][ае]|[ндт][ыі]|[дтн][ае]н?|[мбп]ен)(?!\w)"
)


def _bare(name: str) -> str:
    """Return a name without the endings its words may have of Russian and Kazakh cases; "" where it has none."""
    bare = "" if cut_form(name) else _IN_A_CASE.sub("", name)
    return bare if bare != name else ""


def _length(text: str) -> int:
    return len(words_of(text))


def _same(index: NameIndex, text: str) -> frozenset[Hashable]:
    """Return the names of as many words as ``text`` has of which every word may be a form, and every initial one.

    Letters alone are the same letters in the same order.
    """
    words = words_of(text)
    whole = [word for word in words if len(word.key) > 1]
    if not whole:
        return index.bearers(".".join(word.key for word in words))
    common = frozenset.intersection(*(index.owners(word.key, beside=len(words) > 1) for word in whole))
    for word in words:
        if len(word.key) == 1:
            common = index.with_initial(common, text[word.start : word.end])
    return frozenset(one for one in common if isinstance(one, tuple) and one[1] == len(words))


def shown_texts(records: Iterable[ViewRecord]) -> Iterator[tuple[int, ViewText]]:
    """Yield (ref of the record, text) of everything written freely that a reader will see."""
    for record in records:
        of = KINDS[record.kind]
        for one in record.fields:
            declared = of.field(one.id)
            if declared.type in _WRITTEN and not (record.kind == "person" and declared.name_of):
                yield from ((record.ref, value) for value in one.values)


def unknown_names(
    texts: Iterable[tuple[int, ViewText]], index: NameIndex, decided: Decisions, near: Near | None = None
) -> tuple[Unknown, ...]:
    """Return what looks like a name in ``texts``, is of nobody in ``index`` and not decided; most met first.

    ``near``: those withheld in the case; what may be one of them and hardly looks like a name is asked about too.
    """
    places: dict[str, list[int]] = {}
    for ref, text in texts:
        sides = [False, *map(_of_somebody, text.parts), False]
        for part, behind, ahead in zip(text.parts, sides, sides[2:], strict=False):
            if isinstance(part, Token):
                continue
            read = unmarked(part).text
            for start, end in undecided(read, index, decided, near, behind=behind, ahead=ahead):
                places.setdefault(" ".join(read[start:end].split()), []).append(ref)
    groups = _grouped(list(places))
    found = [
        Unknown(
            min(forms, key=lambda one: (len(one), one)),
            tuple(sorted(forms)),
            sum(len(places[one]) for one in forms),
            len({ref for one in forms for ref in places[one]}),
        )
        for forms in groups
    ]
    return tuple(sorted(found, key=lambda one: (-one.count, one.text)))


def _of_somebody(part: str | Token) -> bool:
    """Return whether a part is a token that stands for a person."""
    return isinstance(part, Token) and part.reason == "no-basis"


def undecided(
    text: str,
    index: NameIndex,
    decided: Decisions,
    near: Near | None = None,
    *,
    behind: bool = False,
    ahead: bool = False,
) -> list[tuple[int, int]]:
    """Return where ``text`` has what looks like a name, is of nobody in ``index`` and was not decided.

    ``behind``, ``ahead``: whether a token that stands for a person comes directly before or after it.
    """
    maybe = written_names(text, behind=behind, ahead=ahead)
    close = near.asked(text) if near else []
    for span in close:
        if not _met(span, maybe):
            maybe.append(span)
    if not maybe:
        return []
    met = mentions(index, text)
    known = [(one.start, one.end) for one in met]
    shown, withheld = {one for one, _ in decided.names(SHOWN)}, near.people if near else frozenset[Hashable]()
    others = [(one.start, one.end) for one in met if not (one.whose <= shown or one.whose & withheld)]
    found = []
    for span in sorted(maybe):
        near_by = _met(span, close)
        if not _met(span, others if near_by else known) and not decided.settles(text[slice(*span)], near=near_by):
            found.append(span)
    return found


def _met(span: tuple[int, int], others: Iterable[tuple[int, int]]) -> bool:
    """Return whether a place shares a letter with one of others."""
    return any(start < span[1] and span[0] < end for start, end in others)


def _grouped(forms: Sequence[str]) -> list[list[str]]:
    """Return the forms of one name together: where one may be a form of the other."""
    index = NameIndex([((one, _length(one)), one) for one in forms])
    cut: dict[str, str] = {}
    head = {one: cut.setdefault(cut_form(one) or one, one) for one in forms}

    def first(one: str) -> str:
        while head[one] != one:
            one = head[one]
        return one

    for one in forms:
        for other in _same(index, one):
            if isinstance(other, tuple):
                head[max(first(one), first(other[0]))] = min(first(one), first(other[0]))
    groups: dict[str, list[str]] = {}
    for one in forms:
        groups.setdefault(first(one), []).append(one)
    return list(groups.values())
