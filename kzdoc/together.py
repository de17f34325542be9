"""What a reader already has, and what it tells together with something new: asked before anything more is handed on.

Rules: a reader is known by name, however spaced and written; what is public everybody has, and what becomes public
everybody lays beside what they have. Numbers and tables of one kind are compared as they were told (kzdoc/analysis):
a number and a table by counting the lines of the table, two tables line by line. Everything else is compared by the
profiles it was made under. What is told together is said first; for embassy, court and public, whose papers anybody may
come to read, it holds the thing back until somebody gives a reason, which the export ledger keeps.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kzdoc.analysis.counting import Window
from kzdoc.analysis.handed import Lines, read_lines, shown_more, told_beside
from kzdoc.domain.audience import Audience
from kzdoc.domain.catalogue import KINDS
from kzdoc.encoding import Value
from kzdoc.errors import PublicationError
from kzdoc.leaving import HELD_FOR
from kzdoc.moment import Moment
from kzdoc.names.fold import fold
from kzdoc.redaction.cells import K, Report, told_by_both
from kzdoc.redaction.profile import shows_more
from kzdoc.session import Session
from kzdoc.vault.export_log import Export

COUNT, TABLE = "count", "table"
"""What the export ledger calls numbers and tables."""
NUMBERS, LINES, GONE, CLASSES = "numbers", "lines", "gone", "classes"
"""Why two things tell more together: small groups; lines shown more fully before; lines that are gone; the profile."""
OWN_UNITS = {"event": "events", "detention": "detentions", "person": "persons"}


@dataclass(frozen=True, slots=True)
class Together:
    """What something new tells together with one thing its reader has; ``of``: fields or classes it is about."""

    why: str
    date: str
    audience: Audience
    recipient: str
    n: int = 0
    of: tuple[str, ...] = ()

    def plain(self) -> dict[str, Any]:
        """Return it in the JSON of `record export` and `count`."""
        said = {"why": self.why, "date": self.date, "audience": self.audience.value, "recipient": self.recipient}
        return {**said, "n": self.n, "of": list(self.of)}


class TogetherError(PublicationError):
    """What its reader already has tells too much together with this; ``found`` says what."""

    def __init__(self, found: Sequence[Together]) -> None:
        super().__init__("publication.together", n=len(found))
        self.found = tuple(found)


def hold(found: Sequence[Together], audience: Audience, although: str) -> None:
    """Raise ``TogetherError`` when something is told together to strangers and nobody gave a reason."""
    if found and audience in HELD_FOR and not although.strip():
        raise TogetherError(found)


def noted(found: Sequence[Together], although: str) -> dict[str, Value]:
    """Return what the export ledger keeps of it: how much was told together, and why it went all the same."""
    return {"together": len(found), "although": although.strip()} if found else {}


def had(session: Session, audience: Audience, recipient: str) -> Iterator[Export]:
    """Yield what a reader has already, the newest first; for the public, what any reader outside has."""
    for export in session.vault.exports.all():
        outside = export.audience != Audience.INTERNAL.value
        if outside and (audience is Audience.PUBLIC or has_it(export, recipient)):
            yield export


def has_it(export: Export, recipient: str) -> bool:
    """Return whether a reader has what left: it was given to them, or to everybody."""
    same = bool(reader_key(recipient)) and reader_key(export.recipient) == reader_key(recipient)
    return same or export.audience == Audience.PUBLIC.value


def of_count(
    session: Session, asked: Mapping[str, str], now: Report, *, audience: Audience, recipient: str
) -> list[Together]:
    """Return what a number tells together with the numbers and tables its reader has."""
    found = []
    for export in had(session, audience, recipient):
        told: set[str] = set()
        if export.form == COUNT and (pair := _pair(asked, now, export.detail)):
            told = {one.group for one in told_by_both(*pair)}
        elif lines := _lines(export, asked["measure"]):
            told = _beside(now, asked, lines, len(export.records))
        if told:
            found.append(_told(NUMBERS, export, len(told)))
    return found


def of_table(
    session: Session, kind: str, lines: Lines, records: Sequence[bytes], *, audience: Audience, recipient: str
) -> list[Together]:
    """Return what a table tells together with the numbers, tables and papers its reader has."""
    found = []
    hidden: set[bytes] | None = None
    for export in had(session, audience, recipient):
        if export.form == COUNT:
            told = _counted(export, kind, lines, len(records))
            found += [_told(NUMBERS, export, len(told))] if told else []
        elif not has_it(export, recipient):
            continue
        elif (before := _lines(export, kind)) is not None:
            n, fields = shown_more(before, export.records, lines, records)
            found += [_told(LINES, export, n, fields)] if n else []
            hidden = _hidden(session, kind, records) if hidden is None else hidden
            gone = len(hidden.intersection(export.records)) if export.audience == audience.value else 0
            found += [_told(GONE, export, gone)] if 0 < gone < K else []
        elif more := _more(export, records, audience):
            found.append(_told(CLASSES, export, of=more))
    return found


def _counted(export: Export, kind: str, lines: Lines, count: int) -> set[str]:
    """Return the groups that an earlier number and the lines of a new table tell together."""
    detail: Any = export.detail
    if detail["measure"] != kind:
        return set()
    return _beside(Report(detail["groups"], frozenset(detail["left_out"])), detail, lines, count)


def _hidden(session: Session, kind: str, shown: Sequence[bytes]) -> set[bytes]:
    """Return the records of a kind that are here and have no line."""
    return {record.id for record in session.records.records(kind)} - set(shown)


def _more(export: Export, records: Sequence[bytes], audience: Audience) -> tuple[str, ...]:
    """Return the classes of which an export of some of these records may have shown more."""
    if not set(records) & set(export.records):
        return ()
    return tuple([one.value for one in shows_more(Audience(export.audience), audience)])


def _lines(export: Export, kind: str) -> Lines | None:
    """Return the lines of an export when it was a table of a kind."""
    packed = export.detail.get("lines")
    if export.form != TABLE or export.detail.get("kind") != kind or not isinstance(packed, bytes):
        return None
    return read_lines(packed)


def _beside(number: Report, asked: Mapping[str, str], lines: Lines, count: int) -> set[str]:
    """Return the groups that a number and the lines of a table tell together."""
    of = KINDS[asked["measure"]]
    if asked["unit"] not in ("records", OWN_UNITS.get(of.id)):
        return set()
    report = lines.report(of, asked["by"], Window(asked["since"], asked["until"]), count)
    return {one.group for one in told_beside(number, report, k=K)}


def _told(why: str, export: Export, n: int = 0, of: tuple[str, ...] = ()) -> Together:
    return Together(why, Moment(export.made, 0).day(), Audience(export.audience), export.recipient, n, of)


def reader_key(recipient: str) -> str:
    """Return what a reader is known by: letters and digits alone, however spaced, pointed, accented and written."""
    plain = unicodedata.normalize("NFKC", recipient).casefold()
    return "".join(re.findall(r"[^\W_]+", fold(plain))) or plain.strip()


def _pair(asked: Mapping[str, str], now: Report, before: Mapping[str, Any]) -> tuple[Report, Report] | None:
    """Return the wider and the narrower of two answers to one question; None when neither lies in the other."""
    if any(before.get(name) != asked[name] for name in ("measure", "by", "unit")):
        return None
    earlier = Report(before["groups"], frozenset(before["left_out"]))
    if _within(before, asked):
        return now, earlier
    return (earlier, now) if _within(asked, before) else None


def _within(inner: Mapping[str, str], outer: Mapping[str, str]) -> bool:
    begins = not outer["since"] or (bool(inner["since"]) and inner["since"] >= outer["since"])
    return begins and (not outer["until"] or (bool(inner["until"]) and inner["until"] <= outer["until"]))
