"""Signs of what a view shows, record by record: enough to tell later what sort of thing is said otherwise, no more."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from kzdoc.domain.catalogue import KINDS
from kzdoc.domain.field import Sensitivity
from kzdoc.encoding import encode
from kzdoc.redaction.view import View


def marked(view: View, order: Sequence[bytes]) -> dict[bytes, dict[str, int]]:
    """Return, by record, one of 256 signs for each class of what a view shows of it (docs/redaction.md, Corrections).

    Another sign tells that something of the class is said otherwise and never what it was: too little to try words on.
    """
    found: dict[bytes, dict[str, int]] = {}
    for key, record in zip(order, view.records, strict=False):
        of = KINDS[record.kind]
        told: dict[str, list[str]] = {Sensitivity.IDENTITY.value: [record.title.plain()]}
        for one in record.fields:
            sensitivity = of.field(one.id).sensitivity or Sensitivity.OPEN
            told.setdefault(sensitivity.value, []).extend([one.id, *(text.plain() for text in one.values)])
        found[key] = {name: hashlib.sha256(encode(texts)).digest()[0] for name, texts in told.items()}
    return found
