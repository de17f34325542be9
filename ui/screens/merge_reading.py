"""What the merge desk reads: open conflicts as two people's statements. Runs on the worker; knows no widget."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from kzdoc import casework, oversight, settling
from kzdoc.analysis.differences import Piece, sort_of, word_difference
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
LONG = 80
"""Letters from which on a text is compared word by word."""


@dataclass(frozen=True, slots=True)
class Said:
    """One of the statements in conflict; ``time`` is claimed, ISO 8601; ``statement`` "" keeps what is there."""

    who: str
    own: bool
    state: str
    time: str
    value: str
    statement: str
    seen: str = ""
    pieces: tuple[Piece, ...] = ()


@dataclass(frozen=True, slots=True)
class OpenConflict:
    """A field about which people wrote different things; ``standing`` as in analysis/ancestry.py."""

    record: bytes
    field: str
    label: str
    kind: str
    title: str
    sides: tuple[Said, ...]
    standing: str = ""
    can_both: bool = False
    kept_by: str = ""


@dataclass(frozen=True, slots=True)
class Small:
    """A conflict that is settled with others: where it is, the value that would be kept, and the others."""

    where: str
    keep: str
    others: tuple[str, ...]


def open_conflicts(session: Session, lang: str, *, kept: bool = False) -> list[OpenConflict]:
    """Return every open conflict with its statements in the words of a language.

    What only spells differently or adds precision is left to `conflict_groups`; with ``kept`` those are returned whose
    values somebody keeps as claims.
    """
    return [
        _conflict(session, one, lang) for one in settling.contentions(session, kept=kept) if kept or not _small(one)
    ]


def small_differences(session: Session, lang: str) -> dict[str, list[Small]]:
    """Return the conflicts that are settled together, by group."""
    shown: dict[str, list[Small]] = {}
    for group, found in oversight.conflict_groups(session).items():
        shown[group] = []
        for one in found:
            of = KINDS[one["kind"]]
            field, record = of.field(one["field"]), casework.record_id(one["id"])
            live = casework.state(session, record).fields[field.id]
            values = [_value(session, of.id, field.id, each.value, lang) for each in live]
            keep = next(place for place, each in enumerate(one["values"]) if each["value"] == one["keep"])
            others = tuple([value for place, value in enumerate(values) if place != keep])
            shown[group].append(Small(f"{field.label.to(lang)}: {title_of(session, record)}", values[keep], others))
    return shown


def _small(one: settling.Contention) -> bool:
    of = KINDS.get(one.record.kind)
    if of is None or not of.has(one.field) or one.record.removed:
        return False
    return sort_of(of.field(one.field), [claim.live.value for claim in one.claims]) is not None


def _conflict(session: Session, one: settling.Contention, lang: str) -> OpenConflict:
    of = KINDS.get(one.record.kind)
    name, words = one.field, catalogue("desk", lang)
    label = of.field(name).label.to(lang) if of is not None and of.has(name) else name
    sides = [_said(session, one, number, lang) for number in range(len(one.claims))]
    if name == CLAIMED:
        label = words.say("merge.claimed_kind")
    if name == REMOVAL:
        label = words.say("merge.removal")
        sides = [side for side in sides if side.statement]
        stays = words.say("merge.stays")
        sides.append(Said(words.say("merge.others"), own=False, state="", time="", value=stays, statement=""))
    kind = of.label.to(lang) if of else one.record.kind
    whole = name not in (REMOVAL, CLAIMED)
    return OpenConflict(
        one.record.id,
        name,
        label,
        kind,
        title_of(session, one.record.id),
        tuple(_with_pieces(sides)) if whole else tuple(sides),
        one.standing,
        can_both=whole and of is not None and not one.kept_both,
        kept_by=session.author_name(one.claims[0].kept_by) if one.kept_both else "",
    )


def _with_pieces(sides: list[Said]) -> list[Said]:
    """Return the sides of a long text with the words marked that the other one does not have."""
    if len(sides) < 2 or max(len(side.value) for side in sides) < LONG:  # noqa: PLR2004 - one beside another
        return sides
    compared = [word_difference(sides[0].value, side.value) for side in sides[1:]]
    return [
        replace(side, pieces=compared[0][0] if number == 0 else compared[number - 1][1])
        for number, side in enumerate(sides)
    ]


def _said(session: Session, one: settling.Contention, number: int, lang: str) -> Said:
    words = catalogue("desk", lang)
    claim = one.claims[number]
    own = claim.author == session.author
    value = _value(session, one.record.kind, one.field, claim.live.value, lang)
    statement = casework.statement_name(claim.live.refs[0])
    if one.field == REMOVAL:
        reason = str(claim.live.value.get("reason", "")) if isinstance(claim.live.value, dict) else ""
        value = words.say("merge.removed", reason=reason or NO_NAME)
        statement = statement if claim.live.value is not None else ""
    state = "" if own else trust.state_of(session, claim.author)
    who = session.author_name(claim.author)
    return Said(who, own, state, claim.live.time.iso(), value, statement, seen=_seen(session, one, number, lang))


def _seen(session: Session, one: settling.Contention, number: int, lang: str) -> str:
    """Return in words whose statements the author had seen, or that nobody of them had seen another's."""
    words = catalogue("desk", lang)
    if one.kept_both:
        return ""
    seen = [session.author_name(one.claims[other].author) for other in one.claims[number].seen]
    if seen:
        return words.say("merge.seen", who=", ".join(dict.fromkeys(seen)))
    return "" if any(claim.seen for claim in one.claims) else words.say("merge.unseen")


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
