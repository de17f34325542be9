"""What people publish: papers for named readers, checked before they are signed.

The way of every paper: the case is gathered, consent, naming basis and profile make the view, the view is rendered,
another parser looks in the finished bytes for every name and number that must not be there, and only then the
publisher's key signs and the file appears. A finding leaves no file, and so does, for strangers and courts, something
that looks like a name and was not decided yet (kzdoc/naming.py). Whatever leaves is kept in the export ledger.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from kzdoc import picturing
from kzdoc.domain.audience import Audience
from kzdoc.encoding import Value
from kzdoc.errors import PublicationError
from kzdoc.gathering import case_of, led_to, withdrawn_from
from kzdoc.guard import Guard, guard_of, reader_clean
from kzdoc.hinting import hinted
from kzdoc.issuing import Named, Wanted, verifier_for, write_together
from kzdoc.language import catalogue
from kzdoc.leakcheck.check import check_pdf
from kzdoc.leakcheck.finding import Finding
from kzdoc.leakcheck.packs import check_pack
from kzdoc.leakcheck.text import said_at
from kzdoc.leaving import HELD_FOR, HintedError, LeakError, UndecidedError, reader_named, told_unknown
from kzdoc.ledger.merge import RecordState
from kzdoc.naming import in_case, people
from kzdoc.progress import Progress, silent
from kzdoc.proving import proofs_of
from kzdoc.redaction.hints import Hint, Hinted, told_hints, waiting
from kzdoc.redaction.marks import marked
from kzdoc.redaction.own import own_of_leaves
from kzdoc.redaction.people import Known, withheld_near
from kzdoc.redaction.text import Numbering
from kzdoc.redaction.tokens import Token
from kzdoc.redaction.unknown import Decisions, Unknown, shown_texts, unknown_names
from kzdoc.redaction.view import Corrects, View, Withheld, make_case, people_near, said, withdrawn_case
from kzdoc.report.pack import statements_of, write_pack
from kzdoc.report.redactions import write_redactions
from kzdoc.report.render import TEMPLATES, printed
from kzdoc.report.setting import BODY, printable
from kzdoc.report.signature import sign_publication
from kzdoc.session import Session

CORRECTION = "correction"
"""What the export ledger calls a correction notice."""


@dataclass(frozen=True, slots=True)
class Paper:
    """A rendered paper before signing: its bytes, the view it was made from, and what the leak check found.

    ``withheld`` is for ourselves: every class and reason with its count. What the paper tells its readers about it
    stands in the view (to strangers no counts). ``unknown``: what only looks like a name in it and was not decided.
    ``order``: the records of the view, by their ``ref``; ``guard``: what the leak check looked for. ``pictures`` go
    with it as files of their own; ``unseen``: items of evidence whose picture nobody has looked at. ``people``: those
    it speaks of, by name or by a token.
    """

    pdf: bytes
    view: View
    findings: tuple[Finding, ...]
    records: tuple[bytes, ...]
    order: tuple[bytes, ...]
    guard: Guard
    withheld: tuple[Withheld, ...] = ()
    unknown: tuple[Unknown, ...] = ()
    pictures: tuple[picturing.Ready, ...] = ()
    unseen: tuple[bytes, ...] = ()
    hinted: Hinted = field(default_factory=Hinted)
    people: frozenset[bytes] = frozenset()

    def hints(self) -> tuple[Hint, ...]:
        """Return the sentences that may tell a reader outside who somebody is without a name, covered ones last."""
        if self.view.audience is Audience.INTERNAL:
            return ()
        return self.hinted.hints(shown_texts(self.view.records), self.order)


@dataclass(frozen=True, slots=True)
class Case:
    """The view of a case with what it was made from; ``withheld`` and ``order`` as ``make_case`` tells them.

    ``met``: whom a token stands for in it; ``beyond``: records outside it by which it was judged.
    ``scope``: where what was said of other people holds.
    """

    view: View
    withheld: tuple[Withheld, ...]
    order: tuple[bytes, ...]
    known: Known
    records: list[RecordState]
    met: frozenset[bytes] = frozenset()
    hinted: Hinted = field(default_factory=Hinted)
    beyond: Sequence[RecordState] = ()
    scope: str = ""

    def guard(self) -> Guard:
        """Return what the leak check of a paper of this view looks for."""
        reader, texts = self.view.audience, self.view.texts()
        return guard_of(self.known, self.records, texts, audience=reader, met=self.met, scope=self.scope)

    def unknown(self) -> tuple[Unknown, ...]:
        """Return what only looks like a name in it, or may be one of those it withholds, and was not decided."""
        near = withheld_near(self.known, self.view.audience, people_near(self.records) | self.met)
        return unknown_names(shown_texts(self.view.records), self.known.index(), self.decided(), near)

    def decided(self) -> Decisions:
        """Return what was decided of names and holds in this case."""
        return self.known.decided.within(self.scope)


def templates(lang: str) -> list[dict[str, str]]:
    """Return the templates in the JSON of `report list`."""
    words = catalogue("report", lang)
    return [{"template": name, "label": words.say("paper." + name)} for name in sorted(TEMPLATES)]


def view_of(
    session: Session,
    root: bytes,
    *,
    audience: Audience,
    lang: str,
    recipient: str,
    purpose: str,
    corrects: Corrects | None = None,
) -> Case:
    """Return the view of a case for a reader, with what it was made from; of one withdrawn only that it was."""
    known = people(session)
    if corrects is not None and (corrects.withdrawn or corrects.name):
        gone = withdrawn_case(
            corrects, audience, lang, recipient=recipient, purpose=purpose, date=session.clock().day()
        )
        return Case(gone, (), (root,) if root else (), known, [])
    records = case_of(session, root)
    beyond = led_to(session, records)
    numbering, said_of = Numbering(), hinted(session)
    view, withheld, order = make_case(
        records,
        root=root,
        audience=audience,
        lang=lang,
        allowed=known.allowed,
        book=known.book(audience),
        recipient=recipient,
        purpose=purpose,
        date=session.clock().day(),
        organisation="",
        beyond=beyond,
        numbering=numbering,
        hinted=said_of,
    )
    view = replace(view, corrects=corrects)
    return Case(view, withheld, order, known, records, frozenset(numbering.numbers), said_of, beyond, in_case(root))


def preview(
    session: Session,
    root: bytes,
    *,
    template: str,
    audience: Audience,
    lang: str,
    recipient: str,
    purpose: str,
    corrects: Corrects | None = None,
    progress: Progress = silent,
) -> Paper:
    """Return the paper as it would be, in memory, with every finding of the leak check; nothing is signed or kept.

    ``corrects``: the earlier paper of which it is a correction notice.
    """
    progress("publish.view", 0, 3)
    case = view_of(session, root, audience=audience, lang=lang, recipient=recipient, purpose=purpose, corrects=corrects)
    view, records = case.view, case.records
    progress("publish.render", 1, 3)
    made = printed(view, template=template, practice=session.practice)
    progress("publish.check", 2, 3)
    guard = case.guard()
    found = check_pdf(made.pdf, forbidden=guard.forbidden, view_text=_known_texts(view), own=made.own, **guard.lists())
    progress("publish.check", 3, 3)
    unknown = case.unknown()
    pictures, unseen = picturing.pictures_of(session, records, audience=audience, root=root)
    about, who = tuple([record.id for record in records]), people_near(records) | case.met
    parts = (case.order, guard, case.withheld, unknown, pictures, unseen, case.hinted, who)
    return Paper(made.pdf, view, tuple(found), about, *parts)


def leaks(session: Session, pdf: bytes, root: bytes, audience: Audience, lang: str) -> list[Finding]:
    """Return what a finished paper of a case holds that an audience must not see."""
    guard = view_of(session, root, audience=audience, lang=lang, recipient="-", purpose="-").guard()
    title = [catalogue("report", lang).say("paper.case-file")]
    return check_pdf(pdf, forbidden=guard.forbidden, view_text=title, **guard.lists())


def found_words(paper: Paper) -> dict[str, tuple[Finding, ...]]:
    """Return the findings that a person can decide of, by the words that stand there; for our own screen alone."""
    met: dict[str, tuple[Finding, ...]] = {}
    for one in paper.findings:
        words = said_at(paper.pdf, one)
        if words:
            met[words] = (*met.get(words, ()), one)
    return met


def _known_texts(view: View) -> list[str]:
    """Return texts known to be on the paper: the leak check must find them, or it is blind."""
    root = next(record for record in view.records if record.ref == view.root)
    title = [printable(text, BODY.font) for text in texts_of([root.title])]
    notice = view.corrects is not None and view.corrects.name
    return [catalogue("report", view.lang).say("paper.correction" if notice else "paper.case-file"), *title]


def make_report(
    session: Session,
    root: bytes,
    out: Path,
    *,
    template: str,
    audience: Audience,
    lang: str,
    recipient: str,
    purpose: str,
    pack: bool,
    redaction: bool = False,
    verifier: bool = False,
    corrects: Corrects | None = None,
    progress: Progress = silent,
) -> dict[str, Any]:
    """Make, leak-check, sign and write a paper: ``out``, ``out``.sig and, asked for, ``out``.pack, ``out``.redaction.

    ``verifier``: with a pack, the program in one file that checks it goes beside it (``VERIFIER``).

    Raises:
        LeakError: ``publication.leak`` with ``n``, ``page`` and ``rule`` of the first finding (of no page:
            ``publication.leak-file``): then there is no file.
        UndecidedError: ``publication.unreviewed`` with ``n``, for the readers of ``HELD_FOR``: no file either.
        HintedError: ``publication.hints`` with ``n``, UnseenError: ``picture.unreviewed`` with ``n``: the same readers.
        PublicationError: ``publication.no-reader``; ``publication.pack-public``, ``publication.pack-authority``: this
            reader gets no pack; ``publication.leak-reader`` and ``publication.leak-name`` when the
            line that names reader and purpose, or the name of the file, holds what this reader must not see.
        InputError: ``file.exists``: no paper is ever overwritten.
    """
    if corrects is None:  # what an earlier paper said of its reader is taken as it is
        reader_named(audience, recipient, purpose)
    if pack and audience is Audience.PUBLIC:
        raise PublicationError("publication.pack-public")
    named = Named.beside(out)
    named.must_be_new()
    reader = {"template": template, "audience": audience, "lang": lang, "recipient": recipient, "purpose": purpose}
    paper = preview(session, root, **reader, corrects=corrects, progress=progress)  # type: ignore[arg-type]  # as given
    held = audience in HELD_FOR and corrects is None
    near = withheld_near(people(session), audience, paper.people) if held else None
    reader_clean(paper.guard, recipient, purpose, name=out.name, near=near)
    _may_leave(paper, audience)
    beside = picturing.beside(session, paper.pictures, out)
    named.must_be_new(*(file for file, _ in beside))
    if found := picturing.findings(paper.pictures, beside, paper.guard.forbidden):
        raise LeakError(found)
    form = template if corrects is None else CORRECTION
    wanted = Wanted(pack=pack, redaction=redaction, verifier=verifier and pack)
    return _written(session, paper, named, beside, root=root, form=form, wanted=wanted)


def _written(
    session: Session,
    paper: Paper,
    named: Named,
    beside: Sequence[tuple[Path, bytes]],
    *,
    root: bytes,
    form: str,
    wanted: Wanted,
) -> dict[str, Any]:
    """Sign a paper that may leave, note it in the export ledger and write it with what goes beside it."""
    proofs = proofs_of(session, paper.view, paper.order) if wanted.pack else []
    packed = _packed(session, paper, proofs) if wanted.pack else b""
    verifier = [(named.verifier, verifier_for(named.verifier))] if wanted.verifier else []
    session.vault.exports.note(
        audience=paper.view.audience.value,
        recipient=paper.view.recipient,
        purpose=paper.view.purpose,
        form=form,
        sha256=hashlib.sha256(paper.pdf).digest(),
        records=paper.records or (root,),
        detail={**_detail(paper, root, pack=wanted.pack), "consents": sorted(withdrawn_from(session, paper.people))},
    )
    key, shown = session.publisher(), paper.view.shown
    files = [
        *beside,
        *verifier,
        (named.redaction, write_redactions(paper.pdf, paper.view, key) if wanted.redaction else b""),
        (named.pack, packed),
        (named.sig, sign_publication(paper.pdf, key, shown=shown, proved=len(proofs), attested=shown - len(proofs))),
        (named.paper, paper.pdf),
    ]
    write_together(files)
    pictures = [str(file) for file, _ in beside if file.suffix != ".sig"]
    return _told(paper, named.told(files), proved=len(proofs)) | {"pictures": pictures}


def _packed(session: Session, paper: Paper, proofs: Sequence[bytes]) -> bytes:
    """Return the pack of a paper, leak-checked as its finished bytes are."""
    packed = write_pack(paper.pdf, paper.view, session.publisher(), randomness=session.randomness, proofs=proofs)
    said = {one.text for one in statements_of(paper.view)}
    own = own_of_leaves(paper.view)
    if found := check_pack(packed, forbidden=paper.guard.forbidden, said=said, own=own, **paper.guard.lists()):
        raise LeakError(found)
    return packed


def _may_leave(paper: Paper, audience: Audience) -> None:
    """Raise when something stands in a paper that must not, or waits for somebody's decision before it may leave."""
    if paper.findings:
        raise LeakError(paper.findings, found_words(paper))
    if paper.unknown and audience in HELD_FOR:
        raise UndecidedError(paper.unknown)
    if audience in HELD_FOR and (told := waiting(paper.hints())):
        raise HintedError(told)
    if paper.unseen and audience in HELD_FOR:
        raise picturing.UnseenError(paper.unseen)


def _detail(paper: Paper, root: bytes, *, pack: bool) -> dict[str, Value]:
    """Return what the export ledger keeps of a paper, so that it is known later whether it still holds."""
    told = said(paper.view).hex()
    marks: list[Value] = [[key, dict(signs)] for key, signs in marked(paper.view, paper.order).items()]
    about: dict[str, Value] = {"lang": paper.view.lang, "pack": pack, "root": root.hex(), "said": told, "marks": marks}
    corrects = paper.view.corrects
    if corrects is None:
        return about
    about |= {"corrects": corrects.paper.hex(), "withdrawn": corrects.withdrawn, "export": corrects.export}
    return {**about, "said": corrects.said, "of": corrects.name} if corrects.name else about


def _told(paper: Paper, files: dict[str, str | None], *, proved: int) -> dict[str, Any]:
    return {
        **files,
        "sha256": hashlib.sha256(paper.pdf).hexdigest(),
        "shown": paper.view.shown,
        "proved": proved,
        "attested": paper.view.shown - proved,
        "withheld": [
            {"class": note.sensitivity, "reason": note.reason, "count": note.count} for note in paper.withheld
        ],
        "findings": 0,
        "candidates": told_unknown(paper.unknown),
        "hints": told_hints(paper.hints()),
    }


def texts_of(values: Sequence[Any]) -> list[str]:
    """Return view values as plain strings, tokens by their labels."""
    return ["".join(part.label if isinstance(part, Token) else part for part in value.parts) for value in values]
