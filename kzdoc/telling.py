"""Numbers for readers outside: counted as for ourselves, then small groups are left out (kzdoc/redaction/cells.py).

Rules: a group counts as small by its records, by its units, and by its people where a record is about one person.
Groups are of values from a list, dates, numbers or regions, as coarse as the reader's profile; nothing written freely
and no id becomes a group. Every answer is noted in the export ledger with its groups, and is compared with the earlier
ones of the same reader, and with those for the public: what two of them tell together is said at once. So it is of
papers and tables: what a reader already has of a case under a profile that shows more is told.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from typing import Any

from kzdoc.analysis import counting
from kzdoc.domain.audience import Audience
from kzdoc.domain.catalogue import KINDS
from kzdoc.domain.field import Field, Kind, Type, plain_value, read_value
from kzdoc.encoding import encode
from kzdoc.errors import InputError, KzdocError
from kzdoc.language import catalogue
from kzdoc.moment import Moment
from kzdoc.publishing import case_of, reader_named
from kzdoc.redaction.cells import K, Report, hide_in_lists, told_by_both
from kzdoc.redaction.generalise import BAND, coarse_date
from kzdoc.redaction.profile import Rule, rule, shows_more
from kzdoc.session import Session
from kzdoc.vault.export_log import Export

FORM = "count"
_GROUPS = (Type.CHOICE, Type.YESNO, Type.DATE, Type.TIME, Type.NUMBER, Type.ADDRESS)
_UNKNOWN = "…"


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
) -> dict[str, Any]:
    """Count the records of a kind for a reader outside, in the JSON of `count` with ``smallest`` and ``warnings``.

    Raises:
        PublicationError: ``publication.no-reader``.
        InputError: ``count.by-outside``, ``count.figures-inside``, and those of `count` for ourselves.
    """
    reader_named(audience, recipient, purpose)
    if measure not in KINDS:
        raise InputError("count.figures-inside")
    of = KINDS[measure]
    window = counting.read_window(since, until, session.clock().day())
    key_of = _keys_for(of.field(by), audience) if by is not None else counting.key_text
    records = list(session.records.records(measure))

    def counted(in_unit: str) -> counting.Counted:
        return counting.count(records, of, by=by, window=window, unit=in_unit, key_of=key_of)

    done = counted(unit)
    people = {key: value for key, value, _ in counted("persons").rows} if _of_one_person(of) else {}
    lists = [[value for _, value, _ in done.rows], [number for _, _, number in done.rows]]
    if _of_one_person(of):
        lists.append([people.get(key, 0) for key, _, _ in done.rows])
    hidden = hide_in_lists(lists)
    asked = {"measure": measure, "by": by or "", "unit": unit, "since": window.since, "until": window.until}
    groups = {key: value for key, value, _ in done.rows}
    left_out = sorted(key for place, (key, _, _) in enumerate(done.rows) if place in hidden)
    warnings = _warnings(session, asked, Report(groups, frozenset(left_out)), audience, recipient)
    words = catalogue("cli", lang)
    rows = [
        {"key": key, "value": value, "records": number}
        for place, (key, value, number) in enumerate(done.rows)
        if place not in hidden
    ]
    told = {
        "unit": unit,
        "window": f"{window.since}/{window.until}" if window.since or window.until else None,
        "qualifier": "at_least",
        "rows": rows,
        "not_judged": done.not_judged if done.not_judged >= K else None,
        "note": words.say("count.note-outside", k=K),
        "smallest": K,
    }
    session.vault.exports.note(
        audience=audience.value,
        recipient=recipient,
        purpose=purpose,
        form=FORM,
        sha256=hashlib.sha256(encode(told)).digest(),
        records=[],
        detail={**asked, "groups": groups, "left_out": left_out},
    )
    return {**told, "warnings": [words.say("count.together", **one) for one in warnings]}


def shown_before(session: Session, root: bytes, *, audience: Audience, recipient: str) -> list[dict[str, Any]]:
    """Return what a reader, or everybody, already has of a case under a profile that shows more than this one's.

    Each with its day, its audience, and the classes of which both together tell more than this profile allows.
    """
    case = {record.id for record in case_of(session, root)}
    reader = " ".join(recipient.casefold().split())
    found = []
    for export in session.vault.exports.all():
        had_by = " ".join(export.recipient.casefold().split())
        earlier = Audience(export.audience)
        if export.form == FORM or not case & set(export.records):
            continue
        more = shows_more(earlier, audience)
        if more and (earlier is Audience.PUBLIC or (reader and had_by == reader)):
            classes = [one.value for one in more]
            found.append({"date": Moment(export.made, 0).day(), "audience": earlier.value, "classes": classes})
    return found


def _keys_for(one: Field, audience: Audience) -> Callable[[Any], str]:
    """Return how values of a field become groups for a reader; refused when they could name somebody."""
    how = rule(one, audience)
    if one.type not in _GROUPS or how not in (Rule.SHOW, Rule.GENERALISE):
        raise InputError("count.by-outside", field=one.id)
    return lambda value: _key(one, value, coarse=how is Rule.GENERALISE)


def _key(one: Field, value: Any, *, coarse: bool) -> str:
    if one.type is Type.ADDRESS:
        return counting.key_text(value)
    try:
        known = bool(read_value(one, plain_value(one, value)) == value)
    except KzdocError:
        known = False
    if not known:
        return _UNKNOWN
    if coarse and one.type in (Type.DATE, Type.TIME):
        return coarse_date(one, value) or _UNKNOWN
    if coarse and one.type is Type.NUMBER:
        return f"{value // BAND * BAND}–{value // BAND * BAND + BAND - 1}"
    return counting.key_text(value)


def _of_one_person(of: Kind) -> bool:
    """Return whether a record of this kind is about one person, so that its people are counted as well."""
    return any(one.type is Type.LINK and one.to == "person" and not one.many for one in of.fields)


def _warnings(
    session: Session, asked: Mapping[str, str], now: Report, audience: Audience, recipient: str
) -> list[dict[str, Any]]:
    """Return what an answer tells together with each of those the reader has already."""
    found = []
    for export in session.vault.exports.all():
        public = Audience.PUBLIC.value in (export.audience, audience.value)
        if export.form != FORM or not (public or export.recipient == recipient):
            continue
        groups = {one.group for one in told_by_both(*pair)} if (pair := _pair(asked, now, export)) else set()
        if groups:
            day = Moment(export.made, 0).day()
            found.append({"recipient": export.recipient, "date": day, "n": len(groups), "k": K})
    return found


def _pair(asked: Mapping[str, str], now: Report, export: Export) -> tuple[Report, Report] | None:
    """Return the wider and the narrower of two answers to one question; None when neither lies in the other."""
    before: Any = export.detail
    if any(before.get(name) != asked[name] for name in ("measure", "by", "unit")):
        return None
    earlier = Report(before["groups"], frozenset(before["left_out"]))
    if _within(before, asked):
        return now, earlier
    return (earlier, now) if _within(asked, before) else None


def _within(inner: Mapping[str, str], outer: Mapping[str, str]) -> bool:
    begins = not outer["since"] or (bool(inner["since"]) and inner["since"] >= outer["since"])
    return begins and (not outer["until"] or (bool(inner["until"]) and inner["until"] <= outer["until"]))
