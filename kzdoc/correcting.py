"""Corrections: what left and no longer holds, who has it, and the notice that says so to its reader.

A paper is overtaken when its reader, in its language, would be told something else today: a fact was corrected, a
record was removed, a consent was withdrawn. That is judged by what would be shown and not by a clock: the export ledger
keeps a digest of what each paper said. A notice goes the way of every paper (view, leak check, signature), says by
number and day which paper it corrects and what holds now, and is noted in the ledger; then the paper is off the list
until the facts change again. The number of a paper is the beginning of its SHA-256: its reader can make it out, and
nobody can count our papers by it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kzdoc.casework import state
from kzdoc.domain.audience import Audience
from kzdoc.errors import InputError, KzdocError
from kzdoc.moment import Moment
from kzdoc.progress import Progress, silent
from kzdoc.publishing import CORRECTION, make_report, view_of
from kzdoc.redaction.view import Corrects, said
from kzdoc.report.render import TEMPLATES
from kzdoc.report.templates.case_file import PAPER_DIGITS
from kzdoc.session import Session
from kzdoc.vault.export_log import Export

SHORTEST = 4


@dataclass(frozen=True, slots=True)
class Overtaken:
    """A paper that left and says what no longer holds: to whom it went, and whether all of it is withdrawn."""

    paper: bytes
    date: str
    audience: Audience
    recipient: str
    purpose: str
    template: str
    lang: str
    root: bytes
    withdrawn: bool

    def plain(self) -> dict[str, Any]:
        """Return it in the JSON of `report corrections`."""
        return {
            "paper": self.paper.hex()[:PAPER_DIGITS],
            "date": self.date,
            "audience": self.audience.value,
            "recipient": self.recipient,
            "purpose": self.purpose,
            "lang": self.lang,
            "record": self.root.hex(),
            "withdrawn": self.withdrawn,
        }


def overtaken(session: Session, progress: Progress = silent) -> list[Overtaken]:
    """Return the papers whose facts changed since they left, or since their last correction; the newest first."""
    papers = list(_papers(session))
    now: dict[tuple[bytes, str, str], bytes] = {}
    found = []
    for done, (paper, last) in enumerate(papers):
        progress("correct.compare", done, len(papers))
        root, lang = bytes.fromhex(str(paper.detail["root"])), str(paper.detail["lang"])
        asked = root, paper.audience, lang
        if asked not in now:
            now[asked] = _said_now(session, root, Audience(paper.audience), lang)
        if now[asked].hex() != last:
            found.append(_told(paper, root, lang, withdrawn=not now[asked]))
    return found


def _papers(session: Session) -> Iterator[tuple[Export, str]]:
    """Yield the papers for readers outside, the newest first, with the digest of what each or its notice last said."""
    corrected: dict[str, str] = {}
    for one in session.vault.exports.all():
        if "said" not in one.detail or one.audience == Audience.INTERNAL.value:
            continue
        if one.form == CORRECTION:
            corrected.setdefault(
                str(one.detail["corrects"]), "" if one.detail["withdrawn"] else str(one.detail["said"])
            )
        elif one.form in TEMPLATES:
            yield one, corrected.get(one.sha256.hex(), str(one.detail["said"]))


def _said_now(session: Session, root: bytes, audience: Audience, lang: str) -> bytes:
    """Return a digest of what a paper would say today, nothing when its case is not here any more."""
    try:
        if state(session, root).removed:
            return b""
        return said(view_of(session, root, audience=audience, lang=lang, recipient="-", purpose="-").view)
    except KzdocError:
        return b""


def _told(paper: Export, root: bytes, lang: str, *, withdrawn: bool) -> Overtaken:
    day = Moment(paper.made, 0).day()
    audience = Audience(paper.audience)
    return Overtaken(paper.sha256, day, audience, paper.recipient, paper.purpose, paper.form, lang, root, withdrawn)


def find(session: Session, number: str) -> Overtaken:
    """Return the overtaken paper whose number begins so.

    Raises ``InputError``: ``correction.none`` when no paper that left has this number, ``correction.holds`` when what
    it says still holds.
    """
    asked = number.strip().casefold()
    known = [one for one, _ in _papers(session) if len(asked) >= SHORTEST and one.sha256.hex().startswith(asked)]
    if not known:
        raise InputError("correction.none")
    found = [one for one in overtaken(session) if one.paper.hex().startswith(asked)]
    if not found:
        raise InputError("correction.holds")
    return found[0]


def correct(
    session: Session, one: Overtaken, out: Path, *, redaction: bool = False, progress: Progress = silent
) -> dict[str, Any]:
    """Make, leak-check, sign and write the correction notice of a paper for its reader; raises as ``make_report``."""
    told = make_report(
        session,
        one.root,
        out,
        template=one.template,
        audience=one.audience,
        lang=one.lang,
        recipient=one.recipient,
        purpose=one.purpose,
        pack=False,
        redaction=redaction,
        corrects=Corrects(one.paper, one.date, one.withdrawn),
        progress=progress,
    )
    return {**told, "corrects": one.plain()}
