"""What tables and numbers that left would say today: line by line, and group by group, for the same question.

Rules: of a table only the lines it had are compared, a table promised nothing of later records. A line is gone when its
record has none any more: removed, forgotten, or withheld since somebody's consent was withdrawn. It is other when
something in it is shown otherwise or less; what was left out of it for being like too few others stays left out. Lines
of people who turned out to be one person are told as such. Numbers are asked for again, with the unit, groups and
period they had, and laid beside what was told. What is found has places and counts, never a value: the notice
(kzdoc/correcting.py) is made of it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kzdoc import tabling, telling, together
from kzdoc.domain.audience import Audience
from kzdoc.domain.catalogue import KINDS
from kzdoc.encoding import encode
from kzdoc.gathering import hangs_on, withdrawn_from
from kzdoc.redaction.crowds import Few
from kzdoc.redaction.view import people_near
from kzdoc.session import Session
from kzdoc.telling import Asked
from kzdoc.vault.export_log import Export
from kzdoc.vault.holding import of_kind

FORMS = (together.COUNT, together.TABLE)
"""What the export ledger calls the things compared here."""
_ASKED = ("measure", "by", "unit", "since", "until")


@dataclass(frozen=True, slots=True)
class Compared:
    """What a thing that left would say now (empty: nothing any more), on what that depends, and what is other.

    ``other`` has ``gone``, ``otherwise`` and ``joined`` lines by their places, ``classes``, ``numbers``, ``consents``.
    """

    said: bytes
    depends: frozenset[bytes]
    other: Mapping[str, Any]


def asked_for(export: Export) -> tuple[str, ...]:
    """Return what a table or numbers are of: the kind, of numbers also field, unit, first and last day."""
    detail: Any = export.detail
    if export.form == together.TABLE:
        return (str(detail.get("kind", "")),)
    return tuple(str(detail[name]) for name in _ASKED)


def kept(export: Export) -> bool:
    """Return whether the ledger kept enough of a table or of numbers to compare them."""
    return ("groups" if export.form == together.COUNT else "said") in export.detail


def first_said(export: Export) -> str:
    """Return the digest of what a table or numbers said when they left."""
    if export.form == together.TABLE:
        return str(_marked(bytes.fromhex(str(export.detail["said"])), _ints(export.detail.get("joined"))).hex())
    return _digest(_told(export)).hex()


def compared(session: Session, export: Export) -> Compared:
    """Return what a table or numbers would say today."""
    return _table(session, export) if export.form == together.TABLE else _count(session, export)


def _table(session: Session, export: Export) -> Compared:
    detail: Any = export.detail
    of, lang = str(detail["kind"]), str(detail.get("lang") or "")
    audience = Audience(export.audience)
    now = tabling.table_of(session, of, audience=audience, lang=lang or None, only=export.records, few=_few(export))
    joined = tabling.joined_lines(session, export.records)
    other, states = _lines(export, now), list(session.records.states(export.records).values())
    other["joined"] = joined if joined != _ints(detail.get("joined")) else []
    people = now.people() | people_near(states)  # also of those that have no line any more
    other["consents"] = bool(withdrawn_from(session, people) - set(detail.get("consents", [])))
    said = _marked(now.said(), joined) if now.rows or not export.records else b""
    return Compared(said, frozenset({*export.records, *people, *hangs_on(session, states)}), other)


def _few(export: Export) -> Few:
    """Return what was left out of a table because too few lines were alike; of older tables nothing was."""
    said: Any = export.detail.get("few", [])
    return {record: frozenset(fields) for record, fields in zip(export.records, said, strict=False)}


def _lines(export: Export, now: tabling.Table) -> dict[str, Any]:
    """Return which lines are gone and which are other, by place, and the classes of what is said otherwise."""
    signs: Any = export.detail.get("signs", [])
    here = dict(zip(now.records, now.signs(), strict=True))
    gone = [place for place, record in enumerate(export.records) if record not in here]
    otherwise: list[int] = []
    classes: set[str] = set()
    for place, (record, before) in enumerate(zip(export.records, signs, strict=False)):
        differ = {name for name, _ in {*before.items()} ^ {*here[record].items()}} if record in here else set()
        if differ:
            otherwise.append(place)
            classes |= differ
    return {"gone": gone, "otherwise": otherwise, "classes": sorted(classes)}


def _marked(said: bytes, joined: Sequence[int]) -> bytes:
    """Return a digest of what the lines say, and of which of them are of one person."""
    return _digest([said, list(joined)]) if joined else said


def _count(session: Session, export: Export) -> Compared:
    """Ask the same again; a kind or a field that is no more gives nothing."""
    detail: Any = export.detail
    asked = Asked(*(str(detail[name]) for name in _ASKED))
    if asked.measure not in KINDS:
        return Compared(b"", frozenset(), {})
    before, now = _told(export), telling.counted_now(session, asked, Audience(export.audience))
    differ = [key for key in {*before} | {*now} if before.get(key) != now.get(key)]
    depends = frozenset({of_kind(asked.measure), of_kind("")})
    return Compared(_digest(now), depends, {"numbers": len(differ)})


def _told(export: Export) -> dict[str, int]:
    """Return the numbers that were told: those left out were not."""
    detail: Any = export.detail
    left_out = set(detail["left_out"])
    return {key: value for key, value in detail["groups"].items() if key not in left_out}


def _digest(said: Any) -> bytes:
    return hashlib.sha256(encode(said)).digest()


def _ints(said: Any) -> list[int]:
    return [int(one) for one in said or ()]
