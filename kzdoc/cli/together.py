"""What is told together with what a reader has already: one line each on stderr, before anything is made."""

from __future__ import annotations

from collections.abc import Sequence

from kzdoc.cli.frame import Call
from kzdoc.domain.audience import AUDIENCE_LABELS
from kzdoc.domain.catalogue import KINDS
from kzdoc.domain.field import Sensitivity
from kzdoc.domain.sections import SENSITIVITY_LABELS
from kzdoc.language import catalogue
from kzdoc.redaction.cells import K
from kzdoc.redaction.view import Withheld
from kzdoc.together import CLASSES, LINES, Together

ALTHOUGH = "why it may go although it tells too much with what its reader has; kept in the export ledger"


def say_together(call: Call, kind_id: str, found: Sequence[Together]) -> None:
    """Tell a person what something new of a kind tells with each earlier thing."""
    for one in found:
        print(_line(one, kind_id, call.lang), file=call.stderr)


def say_withheld(call: Call, withheld: Sequence[Withheld]) -> None:
    """Tell a person what is withheld from a table and why, a line for each class and reason."""
    for one in withheld:
        print(one.sentence, file=call.stderr)


def _line(one: Together, kind_id: str, lang: str) -> str:
    labels = {
        LINES: [KINDS[kind_id].field(name).label.to(lang) for name in one.of if one.why == LINES],
        CLASSES: [SENSITIVITY_LABELS[Sensitivity(name)].to(lang) for name in one.of if one.why == CLASSES],
    }
    return catalogue("cli", lang).say(
        f"together.{one.why}",
        recipient=one.recipient,
        date=one.date,
        audience=AUDIENCE_LABELS[one.audience].to(lang),
        n=one.n,
        k=K,
        of=", ".join(labels.get(one.why, [])),
    )
