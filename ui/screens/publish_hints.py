"""What tells who somebody is without a name: the sentences of a paper that a person decides of before it is signed.

They stand in the review list beside the names (publish_names.py): a sentence may stand, or it is covered, or its words
are changed in the record. What was decided is listed there and can be taken back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kzdoc.redaction.hints import COVERED, SHOWN
from ui.screens.publish_names import HINT, Question

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kzdoc.redaction.hints import Hint

HINT_ANSWERS = ((HINT + COVERED, "publish.hints_as_covered"), (HINT + SHOWN, "publish.hints_as_shown"))


def asked_of(found: Iterable[Hint]) -> tuple[Question, ...]:
    """Return what is to be asked of the sentences that nobody decided of, each with why it is asked."""
    return tuple(
        Question(one.sentence, one.ids, one.records, one.records, ", ".join(one.words), HINT_ANSWERS, one.why)
        for one in found
        if not one.decided
    )


def decided_of(found: Iterable[Hint]) -> tuple[tuple[str, str, tuple[str, ...]], ...]:
    """Return the sentences that were decided: each with what was, and its ids."""
    return tuple((one.sentence, HINT + one.decided, one.ids) for one in found if one.decided)
