"""Corrections: what left and no longer holds, who has it, and the notice that says so to its reader.

Papers, tables and numbers (kzdoc/comparing.py) alike. A paper is overtaken when its reader, in its language, would be
told something else today: a fact was corrected, a record was removed, a consent was withdrawn. That is judged by what
would be shown and not by a clock: the export ledger keeps a digest of what each paper said. Only what depends on a
record that changed since is compared again (kzdoc/vault/holding.py), so that looking costs what changed. A notice goes
the way of every paper (view, leak check, signature), says by number and day which paper it corrects and what holds now,
and is noted in the ledger; then the paper is off the list until the facts change again. The number of a paper is the
beginning of its SHA-256: its reader can make it out, and nobody can count our papers by it. The notice of a table names
its lines by their places, that of numbers their question; neither says any value, so that nothing can be laid beside
what its reader has.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from kzdoc import comparing, naming
from kzdoc.casework import state
from kzdoc.domain.audience import Audience
from kzdoc.errors import InputError, KzdocError
from kzdoc.gathering import withdrawn_from
from kzdoc.moment import Moment
from kzdoc.progress import Progress, silent
from kzdoc.publishing import CORRECTION, make_report, view_of
from kzdoc.redaction.marks import marked
from kzdoc.redaction.notices import Which, name_of, sentences
from kzdoc.redaction.view import Corrects, people_near, said
from kzdoc.report.render import TEMPLATES
from kzdoc.report.templates.case_file import PAPER_DIGITS
from kzdoc.session import Session
from kzdoc.vault.export_log import Export
from kzdoc.vault.holding import AT_ONCE, Holding, Now

SHORTEST = 4
FORMS = (*sorted(TEMPLATES), *comparing.FORMS)
"""What the export ledger calls things that can be compared with today."""
_ALL, _TOGETHER = 1_000_000, 50
_LANG = "ru"
"""In which a notice speaks to who has a table of codes."""
Marks = Mapping[bytes, Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class Other:
    """What is other than a paper says, in words' keys alone: parts that came, parts that went, classes of facts.

    ``consents``: somebody's consent was withdrawn since. Of a table the places of lines that are gone, that say
    ``otherwise``, that are of one person (``joined``); of ``numbers`` how many.
    """

    added: int = 0
    gone: int = 0
    classes: tuple[str, ...] = ()
    consents: bool = False
    lost: tuple[int, ...] = ()
    otherwise: tuple[int, ...] = ()
    joined: tuple[int, ...] = ()
    numbers: int = 0


@dataclass(frozen=True, slots=True)
class Overtaken:
    """A paper that left and says what no longer holds: to whom it went, and whether all of it is withdrawn.

    ``of``: of a table its kind, of numbers their question; then there is no ``root``. ``now``: what it would say now.
    """

    paper: bytes
    date: str
    audience: Audience
    recipient: str
    purpose: str
    template: str
    lang: str
    root: bytes
    withdrawn: bool
    export: int = 0
    other: Other = Other()
    of: tuple[str, ...] = ()
    now: str = ""

    @property
    def form(self) -> str:
        """What it is: a paper, a table or a count."""
        return self.template if self.template in comparing.FORMS else "paper"

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
            "form": self.form,
            "of": list(self.of),
            "withdrawn": self.withdrawn,
            "consent_withdrawn": self.other.consents,
            "added": self.other.added,
            "gone": self.other.gone,
            "classes": list(self.other.classes),
            "lines_gone": len(self.other.lost),
            "lines_otherwise": len(self.other.otherwise),
            "lines_joined": len(self.other.joined),
            "numbers": self.other.numbers,
        }


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who has a paper of a case; ``notices``: the days on which notices were made for them, newest first."""

    paper: Overtaken
    holds: bool
    notices: tuple[str, ...]


def catch_up(session: Session, *, most: int | None = None, again: bool = False, progress: Progress = silent) -> int:
    """Compare what waits to be compared, or some ``most`` of it; return how many papers were.

    ``again``: all there are. It can be stopped between two papers and goes on where it was; in a vault that can only
    be read nothing is kept.
    """
    if session.vault.read_only:
        return 0
    naming.catch_up(session)
    holding = _holding(session)
    if again:
        holding.forget()
    if holding.behind():
        with session.vault.transaction():
            holding.gather()
        while True:
            with session.vault.transaction():
                looked = holding.look(AT_ONCE)
            if not looked:
                break
            progress("correct.look", looked, 0)
    waiting = holding.waiting(FORMS, most or _ALL)
    for start in range(0, len(waiting), _TOGETHER):
        _compare(session, waiting[start : start + _TOGETHER], (start, len(waiting)), progress)
    return len(waiting)


def _compare(session: Session, exports: Sequence[int], place: tuple[int, int], progress: Progress) -> None:
    """Compare some papers and keep what was found, also when it is stopped between two."""
    lasts, seen = _lasts(session), _Seen()
    found: list[tuple[Now, frozenset[bytes], bool]] = []
    try:
        for done, number in enumerate(exports, place[0]):
            progress("correct.compare", done, place[1])
            if (export := session.vault.exports.one(number)) is not None:
                found.append(_compared(session, export, lasts, seen))
    finally:
        if found:
            holding = _holding(session)
            with session.vault.transaction():
                for now, depends, holds in found:
                    holding.put(now, depends, holds=holds)


def waits(session: Session) -> bool:
    """Return whether anything is to be compared."""
    holding = _holding(session)
    return not session.vault.read_only and (holding.behind() or bool(holding.waiting(FORMS, 1)))


def known(session: Session) -> list[Overtaken]:
    """Return the papers that did not hold when they were last compared, the newest first; nothing is compared."""
    found = _holding(session).overtaken()
    lasts = _lasts(session) if found else {}
    told = []
    for now in found:
        export = session.vault.exports.one(now.export)
        if export is not None and _last(export, lasts)[0] != now.said.hex():
            told.append(_told(export, now))
    return told


def overtaken(session: Session, progress: Progress = silent, *, again: bool = False) -> list[Overtaken]:
    """Return the papers whose facts changed since they left, or since their last correction; the newest first."""
    if not session.vault.read_only:
        catch_up(session, again=again, progress=progress)
        return known(session)
    lasts, seen = _lasts(session), _Seen()
    looked = [
        (one, _compared(session, one, lasts, seen)) for one in session.vault.exports.of_form(*FORMS) if _kept(one)
    ]
    return [_told(one, now) for one, (now, _, holds) in looked if not holds]


def readers(session: Session, root: bytes) -> list[Reader]:
    """Return everybody outside who has a paper of a case, the newest first, with the notices made for them.

    Without a case: who has tables and numbers.
    """
    open_ = {one.export: one for one in known(session)}
    notices: dict[int | str, list[str]] = {}
    for one in session.vault.exports.of_form(CORRECTION):
        notices.setdefault(_corrected(one), []).append(Moment(one.made, 0).day())
    forms = session.vault.exports.of_form(*comparing.FORMS) if not root else ()
    found = []
    for number in _holding(session).of_record(root) if root else [one.number for one in forms if _kept(one)]:
        export = session.vault.exports.one(number)
        if export is not None and str(export.detail.get("root", "")) == root.hex():
            paper = open_.get(number) or _told(export, Now(number, b"\0", {}))
            had = (*notices.get(number, ()), *notices.get(export.sha256.hex(), ()))
            found.append(Reader(paper, number not in open_, had))
    return found


def find(session: Session, number: str) -> Overtaken:
    """Return the overtaken paper whose number begins so.

    Raises ``InputError``: ``correction.none`` when no paper that left has this number, ``correction.holds`` when what
    it says still holds.
    """
    asked = number.strip().casefold()
    papers = (one for one in session.vault.exports.of_form(*FORMS) if _kept(one))
    if len(asked) < SHORTEST or not any(one.sha256.hex().startswith(asked) for one in papers):
        raise InputError("correction.none")
    found = [one for one in overtaken(session) if one.paper.hex().startswith(asked)]
    if not found:
        raise InputError("correction.holds")
    return found[0]


def corrects(one: Overtaken) -> Corrects:
    """Return what a notice says first: which paper it corrects; of a table or of numbers it says nothing else."""
    about = Corrects(one.paper, one.date, one.withdrawn, export=one.export)
    if one.form == "paper":
        return about
    number, other = one.paper.hex()[:PAPER_DIGITS], one.other
    which = Which(one.form, one.of, number, one.date)
    told = sentences(which, one.lang, withdrawn=one.withdrawn, gone=(*other.lost, *other.otherwise),
                     joined=other.joined, numbers=other.numbers)  # fmt: skip
    return replace(about, name=name_of(which, one.lang), told=told, said=one.now)


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
        corrects=corrects(one),
        progress=progress,
    )
    return {**told, "corrects": one.plain()}


# what a paper said, and what it would say


@dataclass(frozen=True, slots=True)
class _Looked:
    """What a paper would say today, nothing when its case is not here any more, and what that depends on."""

    said: bytes
    depends: frozenset[bytes]
    marks: Marks
    people: frozenset[bytes] = frozenset()


_Lasts = dict[int | str, Export]
_Seen = dict[tuple[bytes, str, str], _Looked]


def _corrected(notice: Export) -> int | str:
    """Return what a notice corrects: a number in the export ledger, of earlier ones a SHA-256."""
    number: Any = notice.detail.get("export")
    return int(number) if number else str(notice.detail["corrects"])


def _holding(session: Session) -> Holding:
    return Holding(session.vault, day=session.clock().day(), decided=dict(naming.decisions(session).said))


def _kept(export: Export) -> bool:
    here = comparing.kept(export) if export.form in comparing.FORMS else "said" in export.detail
    return here and export.audience != Audience.INTERNAL.value


def _lasts(session: Session) -> _Lasts:
    """Return the newest notice of each paper that has one, by the paper's number, of earlier ones by its SHA-256."""
    found: _Lasts = {}
    for one in session.vault.exports.of_form(CORRECTION):
        found.setdefault(_corrected(one), one)
    return found


def _last(export: Export, lasts: Mapping[int | str, Export]) -> tuple[str, Marks]:
    """Return the digest of what a paper or its newest notice said, empty for withdrawn, and the signs of its parts."""
    one = lasts.get(export.number) or lasts.get(export.sha256.hex(), export)
    if one is export and export.form in comparing.FORMS:
        return comparing.first_said(export), {}
    kept: Any = one.detail.get("marks", [])
    return "" if one.detail.get("withdrawn") else str(one.detail["said"]), dict(kept)


def _compared(
    session: Session, export: Export, lasts: Mapping[int | str, Export], seen: _Seen
) -> tuple[Now, frozenset[bytes], bool]:
    """Return what a paper would say now, on what that depends, and whether it still holds."""
    if not _kept(export):  # made before this was kept: nobody can tell
        return Now(export.number, b"", {}), frozenset(), True
    if export.form in comparing.FORMS:
        here = comparing.compared(session, export)
        return Now(export.number, here.said, here.other), here.depends, here.said.hex() == _last(export, lasts)[0]
    root, lang = bytes.fromhex(str(export.detail["root"])), str(export.detail["lang"])
    asked = root, export.audience, lang
    if asked not in seen:
        seen[asked] = _looked(session, root, Audience(export.audience), lang)
    now, (before, marks) = seen[asked], _last(export, lasts)
    other = _other(marks, now.marks) if marks and now.said else {}
    if withdrawn_from(session, now.people) - frozenset(_consents(export, lasts)):
        other["consents"] = True
    return Now(export.number, now.said, other), now.depends, now.said.hex() == before


def _looked(session: Session, root: bytes, audience: Audience, lang: str) -> _Looked:
    try:
        if state(session, root).removed:
            return _Looked(b"", frozenset({root}), {})
        return _said_now(session, root, audience, lang)
    except KzdocError:
        return _Looked(b"", frozenset({root}), {})


def _said_now(session: Session, root: bytes, audience: Audience, lang: str) -> _Looked:
    """Return what a paper of a case would say today, and on whom that depends: tokens stand for some of them."""
    case = view_of(session, root, audience=audience, lang=lang, recipient="-", purpose="-")
    judged = [*case.records, *case.beyond]
    depends = {root, *(one.id for one in judged)} | people_near(judged) | case.met
    return _Looked(
        said(case.view), frozenset(depends), marked(case.view, case.order), people_near(case.records) | case.met
    )


def _other(before: Marks, now: Marks) -> dict[str, Any]:
    """Return what is other than before: how many parts came and went, and of which classes other facts are."""
    came, went = now.keys() - before.keys(), before.keys() - now.keys()
    classes: dict[str, None] = {}
    for record in before.keys() & now.keys():
        fields = {*before[record].items()} ^ {*now[record].items()}
        classes.update(dict.fromkeys(name for name, _ in fields))
    return {"added": len(came), "gone": len(went), "classes": sorted(classes)}


def _consents(export: Export, lasts: Mapping[int | str, Export]) -> list[bytes]:
    """Return the consents of its people that were withdrawn already when a paper, or its newest notice, left."""
    said: Any = lasts.get(export.number, export).detail.get("consents", [])
    return list(said)


def _told(export: Export, now: Now) -> Overtaken:
    other: Any = now.other
    return Overtaken(
        export.sha256,
        Moment(export.made, 0).day(),
        Audience(export.audience),
        export.recipient,
        export.purpose,
        export.form,
        str(export.detail.get("lang") or _LANG),
        bytes.fromhex(str(export.detail.get("root", ""))),
        not now.said,
        export.number,
        _read_other(export, other),
        comparing.asked_for(export) if export.form in comparing.FORMS else (),
        now.said.hex(),
    )


def _read_other(export: Export, other: Mapping[str, Any]) -> Other:
    classes, consents = tuple(other.get("classes", ())), bool(other.get("consents"))
    if export.form not in comparing.FORMS:
        return Other(other.get("added", 0), other.get("gone", 0), classes, consents)
    gone, otherwise, joined = (tuple(other.get(name, ())) for name in ("gone", "otherwise", "joined"))
    return Other(0, 0, classes, consents, gone, otherwise, joined, int(other.get("numbers", 0)))
