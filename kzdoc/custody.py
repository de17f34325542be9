"""Who is held now in the first hours after a detention, and which legal limits run out: what a desk shows first.

Held means: nothing written says that it ended, no later status of the person says so, and the detention is either
said to go on or began within ``RECENT_DAYS``. Older ones that do not say how they ended are counted apart, as nobody
can tell; so are those who are held by a court's order, for whom these limits do not run. Nothing here writes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kzdoc import casework
from kzdoc.analysis.custody import FIRST_HOURS, Clock, clocks, gravity, is_minor
from kzdoc.browsing import Naming, shown
from kzdoc.domain import dates
from kzdoc.domain.catalogue import kind
from kzdoc.domain.vocabulary import vocabulary
from kzdoc.errors import InputError
from kzdoc.ledger.merge import RecordState
from kzdoc.moment import Moment
from kzdoc.session import Session

RECENT_DAYS = 14
"""So long a detention without an end is taken to go on; a court decides within days at most."""

STILL = "still_held"
_OPEN_OUTCOMES = frozenset({STILL, "unknown", "transferred", "hospitalised"})
_DECIDING = ("released_time", "outcome", "actual_time", "protocol_time", "type", "person")
_Said = Mapping[str, Sequence[Any]]
_STILL_FIRST_HOURS = frozenset({"wanted", "detained", "charged", "transferred", "rearrested"})
_BY_COURT = frozenset({"remanded", "house_arrest", "sentenced", "administrative_arrest", "psychiatric"})


@dataclass(frozen=True, slots=True)
class HeldRow:
    """One detention that goes on: who, where and since when in the asker's language, and the limits that matter."""

    record: bytes
    name: str
    line: str
    clocks: tuple[Clock, ...]


@dataclass(frozen=True, slots=True)
class Held:
    """Those in their first hours, the gravest first; how many are held by a court's order; how many nobody can tell."""

    rows: tuple[HeldRow, ...] = ()
    by_court: int = 0
    not_told: int = 0


def held(session: Session, lang: str) -> Held:
    """Return who is held now, as this vault knows it."""
    now = session.clock()
    naming = Naming(session)
    rows: list[HeldRow] = []
    by_court = not_told = 0
    statuses = _statuses(session)
    for record, said in session.records.said("detention", _DECIDING):
        if _ended(said):
            continue
        since = _days(said)
        known_as = _status_after(statuses, said, since[0])
        if known_as and known_as not in _STILL_FIRST_HOURS | _BY_COURT:
            continue
        said_so = STILL in said.get("outcome", ())
        if known_as in _BY_COURT or not FIRST_HOURS.issuperset(_types(said.get("type", ()))):
            by_court += said_so or known_as in _BY_COURT
        elif said_so or _is_recent(since[1], now):
            rows.append(_row(session, naming, casework.state(session, record), now, lang))
        else:
            not_told += 1
    return Held(tuple(sorted(rows, key=lambda row: (gravity(row.clocks), row.record))), by_court, not_told)


def _ended(said: _Said) -> bool:
    outcomes = said.get("outcome", ())
    return bool(said.get("released_time")) or bool(outcomes and not _OPEN_OUTCOMES.intersection(outcomes))


def _types(said: Sequence[Any]) -> list[str]:
    return [str(one) for one in said] or [""]


def _days(said: _Said) -> tuple[str, str]:
    """Return the first and the last day on which it may have begun."""
    times = said.get("actual_time") or said.get("protocol_time")
    if not times:
        return dates.FIRST_DAY, dates.LAST_DAY
    spans = [_bounds(one) for one in times]
    return min(first for first, _ in spans), max(last for _, last in spans)


def _bounds(said: Any) -> tuple[str, str]:
    """Return the first and the last day of what is said; of what nobody can read, any: anybody may sign a word."""
    return dates.bounds(said) if _is_read(said) else (dates.FIRST_DAY, dates.LAST_DAY)


def _is_read(said: Any) -> bool:
    try:
        dates.bounds(said)
    except InputError:
        return False
    return True


def _is_recent(last: str, now: Moment) -> bool:
    """Tell whether it may have begun within the last days; a detention of unknown day is taken as recent."""
    return last >= (dt.date.fromisoformat(now.day()) - dt.timedelta(days=RECENT_DAYS)).isoformat()


def _statuses(session: Session) -> dict[Any, list[tuple[str, str]]]:
    """Return (day, status) of everything told of each person; each is read once, however many are held."""
    found: dict[Any, list[tuple[str, str]]] = {}
    for _, said in session.records.said("status_event", ("person", "date", "status")):
        days = [_bounds(one)[0] for one in said.get("date", ()) if _is_read(one)]
        told = [(day, str(status)) for day in days for status in said.get("status", ())]
        for person in said.get("person", ()):
            found.setdefault(person, []).extend(told)
    return found


def _status_after(statuses: Mapping[Any, Sequence[tuple[str, str]]], said: _Said, since: str) -> str:
    """Return the person's latest status told for a day not before the detention, "" when there is none."""
    told = [one for person in said.get("person", ()) for one in statuses.get(person, ()) if one[0] >= since]
    return max(told)[1] if told else ""


def _row(session: Session, naming: Naming, state: RecordState, now: Moment, lang: str) -> HeldRow:
    at = dt.datetime.fromtimestamp(now.seconds, dt.timezone(dt.timedelta(minutes=now.offset)))
    types = _types(state.values("type"))
    limits = clocks(
        [str(one) for one in state.values("actual_time")],
        types[0] if len(types) == 1 else "",
        recorded=bool(state.values("protocol_time")),
        minor=_minor(session, state, now.day()),
        now=at,
    )
    return HeldRow(state.id, naming.of_state(state), " · ".join(_parts(naming, state, lang)), limits)


def _minor(session: Session, state: RecordState, day: str) -> bool:
    people = [session.records.record(one) for one in state.values("person")]
    return any(is_minor(one.values("born"), one.values("age_stated"), day) for one in people if one is not None)


def _parts(naming: Naming, state: RecordState, lang: str) -> list[str]:
    """Return where, since when and of what kind, as far as it is told."""
    of = kind("detention")
    parts = [naming.of_value(of.field("facility"), one, lang) for one in state.values("facility")[:1]]
    parts += [shown(of.field("actual_time"), one, lang) for one in state.values("actual_time")[:1]]
    parts += [vocabulary("detention_type").label(str(one), lang) for one in state.values("type")[:1]]
    return [part for part in parts if part]
