"""What the merge desk reads: open conflicts as two people's statements. Runs on the worker; knows no widget."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kzdoc import casework
from kzdoc.browsing import Naming
from kzdoc.domain.catalogue import KINDS
from kzdoc.domain.field import Type, show_value
from kzdoc.domain.text import visible
from kzdoc.exchange import trust
from kzdoc.language import catalogue

if TYPE_CHECKING:
    from kzdoc.session import Session

REMOVAL, CLAIMED = "_removed", "_kind"
NO_NAME = "…"


@dataclass(frozen=True, slots=True)
class Said:
    """One of the statements in conflict; ``time`` is claimed, ISO 8601; ``statement`` "" keeps what is there."""

    who: str
    own: bool
    state: str
    time: str
    value: str
    statement: str


@dataclass(frozen=True, slots=True)
class OpenConflict:
    """A field about which people wrote different things."""

    record: bytes
    field: str
    label: str
    kind: str
    title: str
    sides: tuple[Said, ...]


def open_conflicts(session: Session, lang: str) -> list[OpenConflict]:
    """Return every open conflict with its statements in the words of a language."""
    return [_conflict(session, told, lang) for told in casework.conflicts(session)]


def _conflict(session: Session, told: dict[str, Any], lang: str) -> OpenConflict:
    record = casework.record_id(told["id"])
    of = KINDS.get(told["kind"])
    name = told["field"]
    known = of is not None and of.has(name)
    label = of.field(name).label.to(lang) if of is not None and known else name
    sides = [_said(session, record, told, number, lang) for number in range(len(told["values"]))]
    if name == CLAIMED:
        label = catalogue("desk", lang).say("merge.claimed_kind")
    if name == REMOVAL:
        words = catalogue("desk", lang)
        label = words.say("merge.removal")
        sides = [side for side in sides if side.statement]
        sides.append(
            Said(words.say("merge.others"), own=False, state="", time="", value=words.say("merge.stays"), statement="")
        )
    return OpenConflict(
        record, name, label, of.label.to(lang) if of else told["kind"], title_of(session, record), tuple(sides)
    )


def _said(session: Session, record: bytes, told: dict[str, Any], number: int, lang: str) -> Said:
    words = catalogue("desk", lang)
    live = casework.state(session, record).fields[told["field"]][number]
    own = live.author == session.author
    value = _value(session, told["kind"], told["field"], live.value, lang)
    statement = told["values"][number]["statement"]
    if told["field"] == REMOVAL:
        reason = str(live.value.get("reason", "")) if isinstance(live.value, dict) else ""
        value = words.say("merge.removed", reason=reason or NO_NAME)
        statement = statement if live.value is not None else ""
    state = "" if own else trust.state_of(session, live.author)
    return Said(told["values"][number]["author"], own, state, told["values"][number]["time"], value, statement)


def _value(session: Session, kind_id: str, name: str, value: Any, lang: str) -> str:
    of = KINDS.get(kind_id)
    if value is None:
        return catalogue("desk", lang).say("merge.nothing")
    if name == CLAIMED and value in KINDS:
        return KINDS[value].label.to(lang)
    if of is None or not of.has(name):
        return NO_NAME
    field = of.field(name)
    return title_of(session, value) if field.type is Type.LINK else visible(show_value(field, value, lang))


def title_of(session: Session, record: bytes) -> str:
    """Return what a list calls a record."""
    return Naming(session).of(record) or NO_NAME
