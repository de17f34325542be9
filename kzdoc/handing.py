"""Notices to everybody in one act, and that a notice was handed over: to whom and on which day.

Rules: each notice is made, leak-checked and signed by itself; one that is refused stops no other and is told with its
code. That it was handed over is a line of its own in the export ledger, written by whoever did it: kzdoc sends nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kzdoc import correcting
from kzdoc.correcting import Overtaken
from kzdoc.errors import InputError, KzdocError
from kzdoc.moment import Moment
from kzdoc.platform.files import file_errors
from kzdoc.progress import Progress, silent
from kzdoc.publishing import CORRECTION
from kzdoc.report.templates.case_file import PAPER_DIGITS
from kzdoc.session import Session

HANDED = "handed"
"""What the export ledger calls the handing over of a notice."""


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice that was made: its number, what it corrects, for whom, on which days it was made and handed over."""

    number: int
    sha256: bytes
    corrects: str
    recipient: str
    date: str
    handed: tuple[str, ...]

    def plain(self) -> dict[str, Any]:
        """Return it in the JSON of `report notices`."""
        return {
            "notice": self.sha256.hex()[:PAPER_DIGITS],
            "corrects": self.corrects[:PAPER_DIGITS],
            "recipient": self.recipient,
            "date": self.date,
            "handed": list(self.handed),
        }


def correct_all(
    session: Session,
    folder: Path,
    *,
    papers: Sequence[Overtaken] | None = None,
    redaction: bool = False,
    progress: Progress = silent,
) -> dict[str, list[dict[str, Any]]]:
    """Make the notice of everything that no longer holds, or of these ``papers``, in a folder.

    Returns ``made``, each as `report correct` tells it, and ``refused``: rows of `report corrections` with a ``code``.
    """
    with file_errors():
        folder.mkdir(parents=True, exist_ok=True)
    made: list[dict[str, Any]] = []
    refused: list[dict[str, Any]] = []
    waiting = correcting.overtaken(session, progress) if papers is None else papers
    for done, one in enumerate(waiting):
        progress("correct.make", done, len(waiting))
        out = folder / f"correction-{one.plain()['paper']}-{one.export}.pdf"
        try:
            made.append(correcting.correct(session, one, out, redaction=redaction))
        except KzdocError as error:
            refused.append({**one.plain(), "code": error.code})
    progress("correct.make", len(waiting), len(waiting))
    return {"made": made, "refused": refused}


def notices(session: Session) -> list[Notice]:
    """Return the notices that were made, the newest first."""
    handed: dict[int, list[str]] = {}
    for one in session.vault.exports.of_form(HANDED):
        number: Any = one.detail["notice"]
        handed.setdefault(number, []).append(Moment(one.made, 0).day())
    return [
        Notice(
            one.number,
            one.sha256,
            str(one.detail["corrects"]),
            one.recipient,
            Moment(one.made, 0).day(),
            tuple(handed.get(one.number, ())),
        )
        for one in session.vault.exports.of_form(CORRECTION)
    ]


def hand_over(session: Session, number: str) -> Notice:
    """Note that the notice whose number begins so was handed to its reader today; return it.

    Raises ``InputError("correction.no-notice")``.
    """
    asked = number.strip().casefold()
    found = [one for one in notices(session) if one.sha256.hex().startswith(asked)]
    if len(asked) < correcting.SHORTEST or not found:
        raise InputError("correction.no-notice")
    note_handed(session, found[0].number)
    return next(one for one in notices(session) if one.number == found[0].number)


def note_handed(session: Session, number: int) -> None:
    """Note that a notice was handed to its reader; ``number``: in the export ledger."""
    export = session.vault.exports.one(number)
    if export is None or export.form != CORRECTION:
        raise InputError("correction.no-notice")
    session.vault.exports.note(
        audience=export.audience,
        recipient=export.recipient,
        purpose=export.purpose,
        form=HANDED,
        sha256=export.sha256,
        records=[],
        detail={"notice": export.number},
    )
