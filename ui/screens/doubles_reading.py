"""What the merge desk reads of doubles, in the words of a language. Runs on the worker; knows no widget."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kzdoc import casework, proposing
from kzdoc import lists as listing
from kzdoc.browsing import Naming, shown
from kzdoc.domain.catalogue import KINDS
from kzdoc.domain.dates import show_date
from kzdoc.domain.field import Type
from kzdoc.language import catalogue

if TYPE_CHECKING:
    from kzdoc.analysis.likeness import Reason
    from kzdoc.session import Session

NO_NAME = "…"
_TOLD = 6
_OF_PERSON = ("name_kk", "name_ru", "name_latin", "aliases", "born", "sex", "iin", "occupation", "phone", "description")
_OF_EVENT = ("title", "date", "region", "place")


@dataclass(frozen=True, slots=True)
class ShownEvent:
    """The head of one list: whose it is and how many people it names."""

    id: bytes
    author: str
    people: int


@dataclass(frozen=True, slots=True)
class ShownLine:
    """One row: what each list says ("" for nobody), how sure it is that it is one person, and why."""

    people: tuple[bytes | None, ...]
    cells: tuple[str, ...]
    score: int
    reasons: str
    asks: bool
    joined: bool


@dataclass(frozen=True, slots=True)
class ShownLists:
    """Lists of what may be one event."""

    title: str
    reasons: str
    events: tuple[ShownEvent, ...]
    lines: tuple[ShownLine, ...]


@dataclass(frozen=True, slots=True)
class ShownPerson:
    """One of two people: name, who wrote it, what is known in lines (label, value), and how many files."""

    id: bytes
    name: str
    author: str
    facts: tuple[tuple[str, str], ...]
    files: int
    here: bool = True


@dataclass(frozen=True, slots=True)
class ShownPair:
    """Two people who may be one."""

    one: ShownPerson
    other: ShownPerson
    score: int
    reasons: tuple[str, ...]


def in_words(reasons: Iterable[Reason], lang: str) -> tuple[str, ...]:
    """Return reasons as sentences."""
    words = catalogue("redaction", lang)
    return tuple([words.say(f"match.{one.code}", **_spoken(one, lang)) for one in reasons if one.code])


def _spoken(reason: Reason, lang: str) -> dict[str, str]:
    """Return what a reason names, a date as people say it."""
    return {name: show_date(value, lang) if name == "date" else value for name, value in reason.params}


def read_lists(session: Session, lang: str) -> list[ShownLists]:
    """Return the lists of events that may be one."""
    return [_shown_lists(session, each, lang) for each in listing.lists(session)]


def _shown_lists(session: Session, each: listing.Lists, lang: str) -> ShownLists:
    events = [ShownEvent(one.id, one.author, one.people) for one in each.events]
    title = next((str(one.shown.value("title")) for one in each.events if one.shown.value("title")), NO_NAME)
    naming = Naming(session)
    lines = [
        ShownLine(
            line.people,
            tuple([_cell(session, naming, one, lang) if one else "" for one in line.people]),
            line.score,
            " ".join(in_words(line.reasons, lang)),
            asks=line.several and line.score < 100,  # noqa: PLR2004 - joined already
            joined=line.several and line.score == 100,  # noqa: PLR2004 - joined already
        )
        for line in each.lines
    ]
    return ShownLists(title, " ".join(in_words(each.reasons, lang)), tuple(events), tuple(lines))


def _cell(session: Session, naming: Naming, record: bytes, lang: str) -> str:
    found = casework.state(session, record)
    born = str(found.value("born") or "")
    rest = [show_date(born, lang)] if born else []
    return "\n".join([naming.of_state(found) or NO_NAME, *rest])


def read_pairs(session: Session, lang: str) -> list[ShownPair]:
    """Return pairs of people that may be one."""
    naming = Naming(session)
    return [
        ShownPair(
            read_record(session, naming, each.one, lang),
            read_record(session, naming, each.other, lang),
            each.score,
            in_words(each.reasons, lang),
        )
        for each in proposing.pairs(session)
    ]


def read_record(session: Session, naming: Naming, record: bytes, lang: str) -> ShownPerson:
    """Return a person or an event as it is shown beside another: who wrote it, what is known, how many files."""
    found = session.records.record(record)
    if found is None:
        return ShownPerson(record, catalogue("desk", lang).say("doubles.not_here"), "", (), 0, here=False)
    of, facts = KINDS[found.kind], []
    for name in _OF_PERSON if found.kind == "person" else _OF_EVENT:
        values = [shown(of.field(name), value, lang) for value in found.values(name)] if of.has(name) else []
        if values:
            facts.append((of.field(name).label.to(lang), ", ".join(values)))
    links = [link for link in session.records.linked(record) if link.target == record]
    sources = session.records.states({link.source for link in links})
    told = [one for one in sources.values() if one.kind in ("event", "detention", "charge")]
    for one in told[:_TOLD]:
        kind = KINDS[one.kind]
        said = [
            shown(kind.field(name), value, lang)
            for name in ("title", "date", "actual_time", "place", "place_of_detention", "article")
            if kind.has(name) and kind.field(name).type is not Type.LINK
            for value in one.values(name)
        ]
        facts.append((kind.label.to(lang), ", ".join(said) or NO_NAME))
    files = sum(one.kind == "evidence_item" for one in sources.values())
    first = next((live for lives in found.fields.values() for live in lives), None)
    author = session.author_name(first.author) if first is not None else ""
    return ShownPerson(record, naming.of_state(found) or NO_NAME, author, tuple(facts), files)
