"""What must hold before anything leaves: its reader is named, nothing is found in it, every question in it is answered.

A finding leaves no file, whoever reads. What waits for a person, a name nobody decided of or a sentence that tells who
somebody is, holds back what goes to ``HELD_FOR``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from kzdoc.domain.audience import Audience
from kzdoc.errors import PublicationError
from kzdoc.leakcheck.finding import Finding, place_of, spots
from kzdoc.redaction.hints import Hint
from kzdoc.redaction.unknown import Unknown

READER_LENGTH, PURPOSE_LENGTH = 200, 500
HELD_FOR = (Audience.EMBASSY, Audience.COURT, Audience.PUBLIC)
"""Whose papers and tables wait until every unknown name in them is decided: anybody may come to read them."""


class LeakError(PublicationError):
    """The finished paper or table holds what must not be in it; ``findings`` have no values.

    ``spots``: one finding for each place, however many readers met it there. ``words``: what stands at them, for the
    screen of whoever makes the paper and nowhere else. ``cells``: of a table, by position, whose line and which field.
    """

    def __init__(
        self,
        findings: Sequence[Finding],
        words: Mapping[str, Sequence[Finding]] | None = None,
        *,
        cells: Mapping[tuple[int, int], tuple[bytes, str]] = MappingProxyType({}),
    ) -> None:
        self.findings, self.spots, self.cells = tuple(findings), spots(findings), cells
        first = self.spots[0]
        code, place = place_of(first)
        super().__init__(f"publication.leak{code}", n=len(self.spots), rule=first.rule, **place)
        self.words = {one: said for said, found in (words or {}).items() for one in found}


class UndecidedError(PublicationError):
    """Something in the texts looks like a name and nobody decided; ``unknown`` is for whoever decides."""

    def __init__(self, unknown: Sequence[Unknown]) -> None:
        super().__init__("publication.unreviewed", n=len(unknown))
        self.unknown = tuple(unknown)


class HintedError(PublicationError):
    """Sentences in the texts tell who somebody is without a name and nobody decided that they may stand; ``hints``."""

    def __init__(self, found: Sequence[Hint]) -> None:
        super().__init__("publication.hints", n=len(found))
        self.hints = tuple(found)


def reader_named(audience: Audience, recipient: str, purpose: str) -> None:
    """Raise ``PublicationError`` unless what leaves names its reader and purpose, each in a line of its own.

    ``publication.no-reader`` when one is missing, ``publication.reader-line`` when one is longer than a line or two, or
    has a line break or another sign that is not printed.
    """
    if audience is not Audience.INTERNAL and not (recipient.strip() and purpose.strip()):
        raise PublicationError("publication.no-reader")
    for text, limit in ((recipient, READER_LENGTH), (purpose, PURPOSE_LENGTH)):
        if len(text) > limit or not text.replace("\u00a0", " ").isprintable():
            raise PublicationError("publication.reader-line", reader=READER_LENGTH, purpose=PURPOSE_LENGTH)


def told_unknown(unknown: Iterable[Unknown]) -> list[dict[str, Any]]:
    """Return what looks like a name in the JSON of `report make` and `text candidates`."""
    return [{"name": one.text, "forms": list(one.forms), "count": one.count, "records": one.records} for one in unknown]
