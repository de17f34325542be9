"""Text redaction: known people and identifying numbers out of free text, everything else left as it stands.

Rules: a person who may be named stays readable; one who may not becomes a token, the same token throughout one view,
numbered by appearance. A word that both a named and a withheld person bear stays when nothing else of the withheld
name stands beside it. Identifying numbers go by their shape (an IIN also with a wrong check digit). What is only
written like a name is a candidate for a person to decide, and is not replaced here. Dates and public offices stay.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from kzdoc.domain.catalogue import kind
from kzdoc.language import Text
from kzdoc.ledger.merge import RecordState
from kzdoc.names.forms import NameIndex, candidates
from kzdoc.redaction.tokens import NUMBER, PERSON, Token, ViewText, token_label

_SPACED = r"[\s\u00a0.\-‐-―]?"
_SHAPES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("email", re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]*\w")),
    ("account", re.compile(r"(?<![\w@/])@[A-Za-z][\w.]{2,31}\b")),
    ("coordinates", re.compile(r"\b[3-5]\d[.,]\d{3,}\s*[,;]?\s*[4-8]\d[.,]\d{3,}\b")),
    ("bank", re.compile(rf"\bKZ{_SPACED}\d{{2}}(?:{_SPACED}[0-9A-Z]){{16}}\b")),
    ("card", re.compile(rf"(?<!\d)\d{{4}}(?:{_SPACED}\d{{4}}){{3}}(?!\d)")),
    ("iin", re.compile(rf"(?<!\d)\d{{2}}{_SPACED}?[01]\d{_SPACED}?[0-3]\d(?:{_SPACED}?\d){{6}}(?!\d)")),
    ("digits", re.compile(rf"(?<!\d)\d(?:{_SPACED}\d){{11}}(?!\d)")),
    (
        "phone",
        re.compile(r"(?<![\d+])(?:\+?7|8)[\s\u00a0(-]*\d{3}[\s\u00a0)-]*\d{3}[\s\u00a0-]*\d{2}[\s\u00a0-]*\d{2}(?!\d)"),
    ),
    ("phone", re.compile(r"\+\d{1,3}[\s\u00a0(-]*\d{2,4}(?:[\s\u00a0)-]*\d){6,8}(?!\d)")),
    ("plate", re.compile(r"\b\d{3}[\s-]?[A-ZА-Я]{2,3}[\s-]?\d{2}\b")),
    ("plate", re.compile(r"\b[A-ZА-Я]\s?\d{3}\s?[A-ZА-Я]{2,3}\b")),
    ("document", re.compile(r"\b[NН]\d{8}\b|№\s?\d{8,9}\b")),
)


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
    """The people a text may speak of: their names, who of them may be named, and what they are called."""

    index: NameIndex
    may_name: frozenset[bytes]
    called: Mapping[bytes, Text]

    @staticmethod
    def build(people: Iterable[RecordState], may_name: Iterable[bytes]) -> NameBook:
        """Return the book of ``people``; every live value of every name field counts as a name."""
        names: list[tuple[bytes, str]] = []
        called: dict[bytes, Text] = {}
        fields = [one.id for one in kind("person").fields if one.name_of]
        for person in people:
            for name in fields:
                names += [(person.id, str(value)) for value in person.values(name)]
            called[person.id] = _called(person)
        return NameBook(NameIndex(names), frozenset(may_name), called)

    def name(self, person: bytes, lang: str) -> str:
        """Return what the person is called in ``lang``, empty when nobody has a name for him."""
        known = self.called.get(person)
        return known.to(lang) if known else ""


def _called(person: RecordState) -> Text:
    latin, russian, kazakh = (str(person.value(name) or "") for name in ("name_latin", "name_ru", "name_kk"))
    other = next((str(value) for value in person.values("aliases")), "")
    return Text(
        latin or russian or kazakh or other, russian or kazakh or latin or other, kazakh or russian or latin or other
    )


def redact_text(text: str, *, book: NameBook, lang: str, numbering: Numbering, numbers: bool = True) -> Redacted:
    """Return ``text`` without the people who may not be named and, if ``numbers``, without identifying numbers."""
    spans = _people(text, book)
    if numbers:
        spans += [span for span in _numbers(text) if not any(_overlap(span, other) for other in spans)]
    spans.sort(key=lambda span: span.start)
    parts: list[str | Token] = []
    at = 0
    for span in spans:
        if span.start < at:
            continue
        if span.start > at:
            parts.append(text[at : span.start])
        parts.append(_token(span, lang, numbering))
        at = span.end
    if at < len(text):
        parts.append(text[at:])
    maybe = [Span(start, end, "candidate") for start, end in candidates(text)]
    known = [Span(one.start, one.end, "known") for one in book.index.mentions(text)]
    open_ones = [span for span in maybe if not any(_overlap(span, other) for other in (*spans, *known))]
    return Redacted(ViewText(tuple(parts)), tuple(spans), tuple(open_ones))


def _people(text: str, book: NameBook) -> list[Span]:
    spans = []
    for mention in book.index.mentions(text):
        owners = [owner for owner in mention.owners if isinstance(owner, bytes)]
        if owners and not book.may_name.intersection(owners):
            spans.append(Span(mention.start, mention.end, "person", owners[0]))
    return spans


def _numbers(text: str) -> list[Span]:
    spans: list[Span] = []
    for rule, shape in _SHAPES:
        for match in shape.finditer(text):
            span = Span(match.start(), match.end(), rule)
            if not any(_overlap(span, other) for other in spans):
                spans.append(span)
    return spans


def _overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end


def _token(span: Span, lang: str, numbering: Numbering) -> Token:
    if span.person is not None:
        return Token(token_label(PERSON, lang, numbering.of(span.person)), "identity", "no-basis")
    return Token(token_label(NUMBER, lang), "identity", "number")
