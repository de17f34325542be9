"""Numbers for readers outside: counted as for ourselves, then small groups are left out (kzdoc/redaction/cells.py).

Rules: a group counts as small by its records, by its units, and by its people where a record is about one person.
Groups are of values from a list, dates, numbers or regions, as coarse as the reader's profile; nothing written freely
and no id becomes a group. Every answer is noted in the export ledger with its groups, and is first compared with what
its reader already has (kzdoc/together.py). So it is of papers: what a reader has of a case under a profile that shows
more is told.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from kzdoc import together
from kzdoc.analysis import counting
from kzdoc.analysis.handed import GROUPS, group_key
from kzdoc.domain.audience import Audience
from kzdoc.domain.catalogue import KINDS
from kzdoc.domain.field import Field, Kind, Type
from kzdoc.encoding import encode
from kzdoc.errors import InputError
from kzdoc.gathering import case_of
from kzdoc.language import catalogue
from kzdoc.moment import Moment
from kzdoc.publishing import HELD_FOR, reader_named
from kzdoc.redaction.cells import K, Report, hide_in_lists
from kzdoc.redaction.profile import Rule, rule, shows_more
from kzdoc.session import Session
from kzdoc.together import Together


@dataclass(frozen=True, slots=True)
class Asked:
    """A question for numbers: of which kind, in which groups, window and unit."""

    measure: str
    by: str
    unit: str
    since: str
    until: str

    def plain(self) -> dict[str, str]:
        """Return it as the export ledger keeps it."""
        return {name: getattr(self, name) for name in ("measure", "by", "unit", "since", "until")}


def count_for(
    session: Session,
    measure: str,
    *,
    by: str | None,
    since: str | None,
    until: str | None,
    unit: str,
    audience: Audience,
    recipient: str,
    purpose: str,
    lang: str,
    although: str = "",
    warn: Callable[[Sequence[Together]], None] = lambda _: None,
) -> dict[str, Any]:
    """Count the records of a kind for a reader outside, in the JSON of `count` with ``smallest`` and ``together``.

    ``warn`` is told first what the numbers tell together with what their reader has already.

    Raises:
        PublicationError: ``publication.no-reader``; ``publication.together`` (``TogetherError``) for the readers of
            ``HELD_FOR``, unless ``although`` gives a reason.
        InputError: ``count.by-outside``, ``count.figures-inside``, and those of `count` for ourselves.
    """
    reader_named(audience, recipient, purpose)
    if measure not in KINDS:
        raise InputError("count.figures-inside")
    window = counting.read_window(since, until, session.clock().day())
    asked = Asked(measure, by or "", unit, window.since, window.until)
    done, hidden = _counted(session, asked, audience)
    groups = {key: value for key, value, _ in done.rows}
    left_out = sorted(key for place, (key, _, _) in enumerate(done.rows) if place in hidden)
    now = Report(groups, frozenset(left_out))
    found = together.of_count(session, asked.plain(), now, audience=audience, recipient=recipient)
    warn(found)
    together.hold(found, audience, although, HELD_FOR)
    told = {
        "unit": unit,
        "window": f"{window.since}/{window.until}" if window.since or window.until else None,
        "qualifier": "at_least",
        "rows": [
            {"key": key, "value": value, "records": number}
            for place, (key, value, number) in enumerate(done.rows)
            if place not in hidden
        ],
        "not_judged": done.not_judged if done.not_judged >= K else None,
        "note": catalogue("cli", lang).say("count.note-outside", k=K),
        "smallest": K,
    }
    session.vault.exports.note(
        audience=audience.value,
        recipient=recipient,
        purpose=purpose,
        form=together.COUNT,
        sha256=hashlib.sha256(encode(told)).digest(),
        records=[],
        detail={
            **asked.plain(),
            "lang": lang,
            "groups": groups,
            "left_out": left_out,
            **together.noted(found, although),
        },
    )
    return {**told, "together": [one.plain() for one in found]}


def counted_now(session: Session, asked: Asked, audience: Audience) -> dict[str, int]:
    """Return what the same question would be answered today: the groups that would be told, with their numbers."""
    done, hidden = _counted(session, asked, audience)
    return {key: value for place, (key, value, _) in enumerate(done.rows) if place not in hidden}


def _counted(session: Session, asked: Asked, audience: Audience) -> tuple[counting.Counted, frozenset[int]]:
    """Return the numbers, and the places of those that are left out for a reader."""
    of = KINDS[asked.measure]
    key_of = _keys_for(of.field(asked.by), audience) if asked.by else counting.key_text
    records = list(session.records.records(of.id))
    window = counting.Window(asked.since, asked.until)

    def counted(in_unit: str) -> counting.Counted:
        return counting.count(records, of, by=asked.by or None, window=window, unit=in_unit, key_of=key_of)

    done = counted(asked.unit)
    lists = [[value for _, value, _ in done.rows], [number for _, _, number in done.rows]]
    if _of_one_person(of):
        people = {key: value for key, value, _ in counted("persons").rows}
        lists.append([people.get(key, 0) for key, _, _ in done.rows])
    return done, hide_in_lists(lists)


def shown_before(session: Session, root: bytes, *, audience: Audience, recipient: str) -> list[dict[str, Any]]:
    """Return what a reader, or everybody, already has of a case under a profile that shows more than this one's.

    Each with its day, its audience, and the classes of which both together tell more than this profile allows.
    """
    case = {record.id for record in case_of(session, root)}
    found = []
    for export in session.vault.exports.all():
        earlier = Audience(export.audience)
        if export.form == together.COUNT or not case & set(export.records):
            continue
        more = shows_more(earlier, audience)
        if more and together.has_it(export, recipient):
            classes = [one.value for one in more]
            found.append({"date": Moment(export.made, 0).day(), "audience": earlier.value, "classes": classes})
    return found


def _keys_for(one: Field, audience: Audience) -> Callable[[Any], str]:
    """Return how values of a field become groups for a reader; refused when they could name somebody."""
    how = rule(one, audience)
    if one.type not in GROUPS or how not in (Rule.SHOW, Rule.GENERALISE):
        raise InputError("count.by-outside", field=one.id)
    return lambda value: group_key(one, value, coarse=how is Rule.GENERALISE)


def _of_one_person(of: Kind) -> bool:
    """Return whether a record of this kind is about one person, so that its people are counted as well."""
    return any(one.type is Type.LINK and one.to == "person" and not one.many for one in of.fields)
