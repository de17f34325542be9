"""The first hours after a detention: who is still held, and which legal limits run, as far as the facts tell.

Rules: the clock starts at the actual deprivation of liberty, never at the record. A time known only between two
instants makes a limit due between two instants: before the first it runs, after the second it has passed, and between
them it cannot be judged. Without a time, or without the kind of detention that says which rules apply, no limit is
judged and the reason is said. A limit whose step is written down as done (a record with its time) is not shown.
Only steps of which a vault can know are counted: the record, the judge, the end. What no field tells (the notice to
the prosecutor), what holds on conditions seldom known (a foreigner's embassy, another lawyer) and the longer limits
of complex cases are not counted against anybody. The rules are resources/law/limits.json.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from kzdoc.domain import dates
from kzdoc.domain.law import LIMIT_RULES, Limit
from kzdoc.errors import InputError

PROCEDURES = {"criminal_suspicion": "criminal", "administrative": "administrative"}
"""The procedure whose limits a type of detention stands under."""

FIRST_HOURS = frozenset({*PROCEDURES, "preventive", "mass_roundup", "without_record", "other", "unknown", ""})
"""Types of detention before a court has decided; the others rest on a court's order and have no such clock."""

STANDINGS = ("passed", "soon", "later", "unknown")
"""How a limit stands, the gravest first; ``unknown`` means that it cannot be judged."""

ADULT = 18
_COUNTED = {
    "criminal": ("criminal-protocol", "criminal-judge"),
    "administrative": ("administrative-length",),
}
_RECORDED = "criminal-protocol"
_FOR_MINORS = {"criminal-judge": "criminal-judge-minor"}
_HOUR = dt.timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Clock:
    """One limit and how it stands. ``seconds`` are left before the earliest end, or gone by since the latest one.

    ``why`` is the reason why it cannot be judged: ``time`` (none is known), ``type`` (which rules apply is not known),
    ``between`` (the time is known too roughly), ``future`` (the detention is said to begin after now).
    """

    standing: str
    rule: Limit | None = None
    seconds: int = 0
    why: str = ""


def clocks(times: Sequence[str], kind: str, *, recorded: bool, minor: bool, now: dt.datetime) -> tuple[Clock, ...]:
    """Return the limit passed last and the one that ends next, of a detention that goes on.

    ``times`` are all live values of the actual time (EDTF), ``kind`` the type of detention, ``recorded`` whether a
    time of the record is known, ``minor`` whether the person is one.
    """
    procedure = PROCEDURES.get(kind)
    if procedure is None:
        return (Clock("unknown", why="type"),)
    span = _span(times)
    if span is None:
        return (Clock("unknown", why="time"),)
    early, late = span
    if early > now:
        return (Clock("unknown", why="future"),)
    judged = [_judge(rule, early, late, now) for rule in _rules(procedure, early, minor=minor, recorded=recorded)]
    passed = [one for one in judged if one.standing == "passed"]
    ahead = [one for one in judged if one.standing != "passed"]
    return (*passed[-1:], *ahead[:1])


def gravity(shown: Sequence[Clock]) -> tuple[int, int]:
    """Return a key that sorts the gravest first: passed, under an hour, later, cannot be judged."""
    first = min(shown, key=lambda one: STANDINGS.index(one.standing), default=None)
    if first is None:
        return (len(STANDINGS), 0)
    return (STANDINGS.index(first.standing), -first.seconds if first.standing == "passed" else first.seconds)


def is_minor(born: Sequence[str], age: Sequence[int], day: str) -> bool:
    """Tell whether a person was under age on ``day`` (``YYYY-MM-DD``), by any birth date or stated age."""
    year = int(day[:4]) - ADULT
    return any(_last(one) > f"{year:04}{day[4:]}" for one in born) or any(0 <= one < ADULT for one in age)


def _last(born: str) -> str:
    """Return the last day it may be; of what nobody can read the first there is: it says nothing of being young."""
    try:
        return dates.bounds(born)[1]
    except InputError:
        return dates.FIRST_DAY


def _span(times: Sequence[str]) -> tuple[dt.datetime, dt.datetime] | None:
    """Return the earliest and the latest instant of what is said, None when nothing that bounds it is."""
    try:
        spans = [dates.time_bounds(one) for one in times]
    except InputError:
        return None
    return (min(first for first, _ in spans), max(last for _, last in spans)) if spans else None


def _rules(procedure: str, since: dt.datetime, *, minor: bool, recorded: bool) -> list[Limit]:
    by_id = {rule.id: rule for rule in LIMIT_RULES if rule.valid_on(since.date().isoformat())}
    wanted = [name for name in _COUNTED[procedure] if not (recorded and name == _RECORDED)]
    named = [_FOR_MINORS.get(name, name) if minor else name for name in wanted]
    return sorted((by_id[name] for name in named if name in by_id), key=lambda rule: rule.hours)


def _judge(rule: Limit, early: dt.datetime, late: dt.datetime, now: dt.datetime) -> Clock:
    span = dt.timedelta(hours=rule.hours)
    if now >= late + span:
        return Clock("passed", rule, int((now - late - span).total_seconds()))
    if now >= early + span:
        return Clock("unknown", rule, why="between")
    left = early + span - now
    return Clock("soon" if left < _HOUR else "later", rule, int(left.total_seconds()))
