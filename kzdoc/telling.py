"""Numbers for readers outside: counted as for ourselves, then small groups are left out (kzdoc/redaction/cells.py).

Rules: a group counts as small by its records, by its units, and by its people where a record is about one person.
Groups are of values from a list, dates, numbers or regions, as coarse as the reader's profile; nothing written freely
and no id becomes a group. Every answer is noted in the export ledger with its groups, and is first compared with what
its reader already has (kzdoc/together.py). So it is of papers: what a reader has of a case under a profile that shows
more is told.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kzdoc import together
from kzdoc.analysis import counting
from kzdoc.analysis.handed import GROUPS, group_key, group_label
from kzdoc.domain.audience import Audience
from kzdoc.domain.catalogue import KINDS
from kzdoc.domain.dates import show_date
from kzdoc.domain.field import Field, Kind, Type
from kzdoc.encoding import Value, encode
from kzdoc.errors import InputError
from kzdoc.gathering import case_of
from kzdoc.guard import guard_of, reader_clean
from kzdoc.issuing import Named, write_together
from kzdoc.language import catalogue
from kzdoc.leaving import reader_named
from kzdoc.moment import Moment
from kzdoc.naming import people
from kzdoc.redaction.cells import K, Report, hide_in_lists
from kzdoc.redaction.profile import Rule, rule, shows_more
from kzdoc.session import Session
from kzdoc.tables.csvfile import write_csv
from kzdoc.tables.writing import write_sheet
from kzdoc.together import Together

NUMBER_FORMS = (".csv", ".xlsx")


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


@dataclass(frozen=True, slots=True)
class Told:
    """Numbers as a reader outside would be told them; nothing is noted of them yet.

    ``rows``: (group, number, records) of the groups that are told; ``left_out``: the keys of those that are not.
    ``found``: what they tell together with what the reader has already.
    """

    asked: Asked
    audience: Audience
    rows: tuple[tuple[str, int, int], ...]
    groups: Mapping[str, int]
    left_out: tuple[str, ...]
    not_judged: int | None
    found: tuple[Together, ...]

    def plain(self, lang: str) -> dict[str, Any]:
        """Return them in the JSON of `count`, the note in ``lang``."""
        window = f"{self.asked.since}/{self.asked.until}" if self.asked.since or self.asked.until else None
        return {
            "unit": self.asked.unit,
            "window": window,
            "qualifier": "at_least",
            "rows": [{"key": key, "value": value, "records": number} for key, value, number in self.rows],
            "not_judged": self.not_judged,
            "note": catalogue("cli", lang).say("count.note-outside", k=K),
            "smallest": K,
        }

    def labelled(self, lang: str) -> list[tuple[str, int]]:
        """Return each group in words, with its number; empty for what has no value there."""
        of = KINDS[self.asked.measure]
        one = of.field(self.asked.by) if self.asked.by else None
        return [(group_label(one, key, lang) if one is not None else "", value) for key, value, _ in self.rows]


def told_of(
    session: Session,
    measure: str,
    *,
    by: str | None,
    since: str | None,
    until: str | None,
    unit: str,
    audience: Audience,
    recipient: str,
) -> Told:
    """Count the records of a kind as a reader outside would be told; nothing is told or noted.

    Raises ``InputError``: ``count.by-outside``, ``count.figures-inside``, and those of `count` for ourselves.
    """
    if measure not in KINDS:
        counting.must_be_published(measure)
        raise InputError("count.figures-inside")
    window = counting.read_window(since, until, session.clock().day())
    asked = Asked(measure, by or "", unit, window.since, window.until)
    done, hidden = _counted(session, asked, audience)
    groups = {key: value for key, value, _ in done.rows}
    left_out = sorted(key for place, (key, _, _) in enumerate(done.rows) if place in hidden)
    now = Report(groups, frozenset(left_out))
    found = together.of_count(session, asked.plain(), now, audience=audience, recipient=recipient)
    rows = tuple(row for place, row in enumerate(done.rows) if place not in hidden)
    not_judged = done.not_judged if done.not_judged >= K else None
    return Told(asked, audience, rows, groups, tuple(left_out), not_judged, tuple(found))


def count_for(
    session: Session,
    measure: str,
    *,
    audience: Audience,
    recipient: str,
    purpose: str,
    lang: str,
    although: str = "",
    warn: Callable[[Sequence[Together]], None] = lambda _: None,
    **asked: Any,
) -> dict[str, Any]:
    """Count the records of a kind for a reader outside, in the JSON of `count` with ``smallest`` and ``together``.

    ``asked``: by, since, until and unit, as ``told_of`` takes them. ``warn`` is told first what the numbers tell
    together with what their reader has already.

    Raises:
        PublicationError: ``publication.no-reader``; ``publication.together`` (``TogetherError``) for the readers of
            ``HELD_FOR``, unless ``although`` gives a reason.
        InputError: those of ``told_of``.
    """
    reader_named(audience, recipient, purpose)
    told = told_of(session, measure, audience=audience, recipient=recipient, **asked)
    warn(told.found)
    together.hold(told.found, audience, although)
    plain = told.plain(lang)
    _note(session, told, encode(plain), recipient=recipient, purpose=purpose, lang=lang, although=although)
    return {**plain, "together": [one.plain() for one in told.found]}


def write_numbers(
    session: Session, told: Told, out: Path, *, recipient: str, purpose: str, lang: str, although: str = ""
) -> dict[str, Any]:
    """Write numbers as a table (.csv, .xlsx) with their unit, days and what is left out; return file and rows.

    Nothing in it was written freely: the groups are terms, days, bands and regions (``GROUPS``).

    Raises:
        PublicationError: ``publication.no-reader``, ``publication.together``, as ``count_for``;
            ``publication.leak-name`` when the name of the file says who is withheld.
        InputError: ``export.format``, ``file.exists``.
    """
    reader_named(told.audience, recipient, purpose)
    form = out.suffix.lower()
    if form not in NUMBER_FORMS:
        raise InputError("export.format")
    named = Named.beside(out)
    named.must_be_new()
    reader_clean(guard_of(people(session), (), (), audience=told.audience), name=out.name)
    together.hold(told.found, told.audience, although)
    rows = _sheet(told, lang)
    data = write_csv(rows) if form == ".csv" else write_sheet(rows, told.asked.measure[:31])
    _note(session, told, data, recipient=recipient, purpose=purpose, lang=lang, although=although)
    write_together([(named.paper, data)])
    return {"file": str(out), "rows": len(told.rows), "together": [one.plain() for one in told.found]}


def _sheet(told: Told, lang: str) -> list[Sequence[str]]:
    """Return the lines of numbers as their readers get them: groups, then in which days, and what is left out."""
    of, words = KINDS[told.asked.measure], catalogue("report", lang)
    group = of.field(told.asked.by).label.to(lang) if told.asked.by else of.plural.to(lang)
    blank = words.say("numbers.blank") if told.asked.by else of.plural.to(lang)
    rows: list[Sequence[str]] = [[group, words.say(f"unit.{told.asked.unit}")]]
    rows += [[text or blank, str(value)] for text, value in told.labelled(lang)]
    days = " – ".join(show_date(day, lang) if day else "…" for day in (told.asked.since, told.asked.until))
    about = [of.plural.to(lang), *([days] if told.asked.since or told.asked.until else [])]
    return [*rows, [""], [". ".join(about)], [told.plain(lang)["note"]]]


def _note(session: Session, told: Told, data: bytes, *, recipient: str, purpose: str, lang: str, although: str) -> None:
    """Note in the export ledger what a reader was told; ``data``: the bytes of it."""
    kept: dict[str, Value] = {**told.asked.plain(), "lang": lang}
    kept |= {"groups": dict(told.groups), "left_out": list(told.left_out)}
    session.vault.exports.note(
        audience=told.audience.value,
        recipient=recipient,
        purpose=purpose,
        form=together.COUNT,
        sha256=hashlib.sha256(data).digest(),
        records=[],
        detail={**kept, **together.noted(told.found, although)},
    )


def groups_for(kind_id: str, audience: Audience) -> list[Field]:
    """Return the fields of a kind by which numbers may be told to a reader outside."""
    return [one for one in KINDS[kind_id].fields if _may_group(one, audience)]


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
    one_of = people(session).allowed.one_of

    def counted(in_unit: str) -> counting.Counted:
        return counting.count(
            records, of, by=asked.by or None, window=window, unit=in_unit, key_of=key_of, one_of=one_of
        )

    done = counted(asked.unit)
    lists = [[value for _, value, _ in done.rows], [number for _, _, number in done.rows]]
    if _of_one_person(of):
        of_whom = {key: value for key, value, _ in counted("persons").rows}
        lists.append([of_whom.get(key, 0) for key, _, _ in done.rows])
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
    if not _may_group(one, audience):
        raise InputError("count.by-outside", field=one.id)
    coarse = rule(one, audience) is Rule.GENERALISE
    return lambda value: group_key(one, value, coarse=coarse)


def _may_group(one: Field, audience: Audience) -> bool:
    return one.type in GROUPS and rule(one, audience) in (Rule.SHOW, Rule.GENERALISE)


def _of_one_person(of: Kind) -> bool:
    """Return whether a record of this kind is about one person, so that its people are counted as well."""
    return of.id == "person" or any(one.type is Type.LINK and one.to == "person" and not one.many for one in of.fields)
