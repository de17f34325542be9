"""What Publish asks of the vault: the paper laid out in memory, what in it may be a name, and its signature."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kzdoc import correcting, leaving, naming, publishing, telling
from kzdoc.correcting import Reader
from kzdoc.errors import PublicationError
from ui.screens.publish_hints import asked_of, decided_of
from ui.screens.publish_images import Picture, pictures_of
from ui.screens.publish_names import Question, questions
from ui.widgets.page_preview import Spot

if TYPE_CHECKING:
    from pathlib import Path

    from kzdoc.progress import Progress
    from kzdoc.session import Session
    from ui.screens.publish_form import Wanted

NOT_NAMED = "…"
A4_HEIGHT = 841.8898


@dataclass(frozen=True, slots=True)
class Shown:
    """The paper on the screen, what it was asked for, what in it is to be decided, and what was decided of names.

    ``before``: what its reader already has of the case under a profile that shows more, as ``shown_before`` tells it;
    ``readers``: who has a paper of the case; ``hinted``: the sentences that were decided, as ``decided_of`` tells them;
    ``scope``: where what is said of other people holds.
    """

    wanted: Wanted
    paper: publishing.Paper
    asked: tuple[Question, ...] = ()
    decided: tuple[tuple[str, str], ...] = ()
    pictures: tuple[Picture, ...] = ()
    before: tuple[dict[str, Any], ...] = ()
    readers: tuple[Reader, ...] = ()
    hinted: tuple[tuple[str, str, tuple[str, ...]], ...] = ()
    scope: str = ""

    @property
    def said(self) -> dict[str, Any]:
        """What was decided, as the list of reviews takes it: names, then sentences with their ids."""
        pairs = [(sentence, how) for sentence, how, _ in self.hinted]
        return {
            "said_of": (*self.decided, *pairs),
            "scope": self.scope,
            "ids": {sentence: ids for sentence, _, ids in self.hinted},
        }

    @property
    def unseen(self) -> int:
        """How many of its pictures it waits for."""
        waiting = sum(not one.looked for one in self.pictures)
        return waiting if self.wanted.audience in leaving.HELD_FOR else 0

    @property
    def held(self) -> bool:
        """Whether it waits until every name and sentence in it is decided."""
        return bool(self.asked) and self.wanted.audience in leaving.HELD_FOR

    @property
    def spots(self) -> list[Spot]:
        """Where on its pages the leak check found something."""
        found = [one for one in self.paper.findings if one.page and one.box]
        boxes = [(one.page - 1, *one.box) for one in found if one.box]
        return [
            Spot(page, left, A4_HEIGHT - top, right - left, top - bottom) for page, left, bottom, right, top in boxes
        ]

    @property
    def found(self) -> tuple[tuple[str, tuple[Any, ...]], ...]:
        """What the leak check found that can be decided of, by the words that stand there."""
        return tuple(publishing.found_words(self.paper).items())


def prepared(session: Session, root: bytes, wanted: Wanted, progress: Progress) -> Shown:
    """Return the paper with what is to be asked of it and what was decided before."""
    paper = preview(session, root, wanted, progress)
    about = wanted.audience, wanted.recipient
    before = telling.shown_before(session, root, audience=about[0], recipient=about[1]) if root else ()
    scope, hints = naming.in_case(root), paper.hints()
    decided = naming.decisions(session).within(scope).said
    asked = (*questions(paper.unknown, paper.view), *asked_of(hints))
    readers = tuple(correcting.readers(session, root))
    pictures = pictures_of(session, paper)
    return Shown(wanted, paper, asked, decided, pictures, tuple(before), readers, decided_of(hints), scope)


def preview(session: Session, root: bytes, wanted: Wanted, progress: Progress) -> publishing.Paper:
    """Render with what is named so far; a reader not yet named stands as an ellipsis and cannot be signed."""
    return publishing.preview(
        session,
        root,
        template=wanted.template,
        audience=wanted.audience,
        lang=wanted.lang,
        recipient=wanted.recipient or (NOT_NAMED if wanted.needs_reader else ""),
        purpose=wanted.purpose or (NOT_NAMED if wanted.needs_reader else ""),
        corrects=correcting.corrects(wanted.corrects) if wanted.corrects else None,
        progress=progress,
    )


def sign_what_was_shown(
    session: Session, root: bytes, out: Path, shown: Shown, progress: Progress, *, redaction: bool = False
) -> dict[str, Any]:
    """Sign and write the paper if it is byte for byte the one that was shown, its pictures with it.

    ``redaction``: with a signed report of what is withheld.
    """
    wanted, was = shown.wanted, shown.paper
    now = preview(session, root, wanted, progress)
    if (now.pdf, now.pictures, now.unseen) != (was.pdf, was.pictures, was.unseen):
        raise PublicationError("publication.other-than-shown")
    if wanted.corrects is not None:
        return correcting.correct(session, wanted.corrects, out, redaction=redaction, progress=progress)
    return publishing.make_report(
        session,
        root,
        out,
        template=wanted.template,
        audience=wanted.audience,
        lang=wanted.lang,
        recipient=wanted.recipient,
        purpose=wanted.purpose,
        pack=wanted.pack,
        verifier=wanted.pack,
        redaction=redaction,
        progress=progress,
    )
