"""Tell whether an invented surname is that of a real person in the reports this program was made from.

The reports' surnames stand in ``known_names.txt`` as digests only: a test corpus need not repeat who was imprisoned.
"""

from __future__ import annotations

import hashlib
import re
from functools import cache

from tests.corpus.latin import spell
from tests.corpus.sentences import FOLDER

_SAME = (("dzh", "zh"), ("kh", "h"), ("j", "i"), ("y", "i"), ("ie", "e"), ("iu", "u"), ("ia", "a"), ("q", "k"))


def fingerprint(surname: str) -> str:
    """Return a digest that is alike for the usual spellings of one surname, for men and women."""
    plain = spell(surname, "icao").lower()
    for old, new in _SAME:
        plain = plain.replace(old, new)
    plain = re.sub(r"(.)\1", r"\1", re.sub(r"(ov|ev|in)a$", r"\1", re.sub(r"[^a-z]", "", plain)))
    return hashlib.sha256(plain.encode()).hexdigest()[:20]


@cache
def known() -> frozenset[str]:
    """Return the digests of the surnames in the reports."""
    return frozenset((FOLDER / "known_names.txt").read_text(encoding="ascii").split())
